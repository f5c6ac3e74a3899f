// Names while one types, and what is told around the field, on the log screen.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findings } from '../screen.mjs';
import {
  counted, enter, isFocused, openContext, openLog, row, saved, service, signIn, t,
} from './window.mjs';

const ASKED = 'Når får Kari Nordmann svar?';

const line = (page) => page.locator('#names');

test('a name is underlined while one types, and one key takes it out', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await page.locator('#text').pressSequentially(ASKED);
  await line(page).waitFor();
  const says = t('log.looks_like_name').replace('{names}', '«Kari Nordmann»');
  assert.match(await line(page).textContent(), new RegExp(says.replace('.', '\\.')));
  assert.equal((await page.locator('.heard').allTextContents()).join(''), says);
  assert.equal(await page.locator('#text-mirror u').textContent(), 'Kari Nordmann');
  assert.ok(await isFocused(page), 'the focus stays where one types');
  assert.deepEqual(await findings(page), []);
  await page.keyboard.press('Alt+n');
  assert.equal(await page.locator('#text').inputValue(), 'Når får [person] svar?');
  await line(page).waitFor({ state: 'hidden' });
  assert.ok(await isFocused(page));
  // The browser's own undo brings the words back.
  await page.keyboard.press('Control+z');
  assert.equal(await page.locator('#text').inputValue(), ASKED);
  await context.close();
});

test('a first name alone takes no part of a whole name or of another word', async () => {
  const context = await openContext();
  const page = await openLog(context);
  const asked = 'Kari ringer om Kari Nordmann. Karihaugen er open.';
  await page.locator('#text').pressSequentially(asked);
  await line(page).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('#text-mirror u').length === 2);
  await page.keyboard.press('Alt+n');
  const left = await page.locator('#text').inputValue();
  assert.equal(left, '[person] ringer om [person]. Karihaugen er open.');
  await context.close();
});

test('a name lies under its own letters, at every width', async () => {
  for (const width of [1280, 320]) {
    const context = await openContext({ width });
    const page = await openLog(context);
    const words = 'Ho som ringde no ville vite korleis vi gjer det når skulen er stengd, og ';
    await page.locator('#text').pressSequentially(`${words}${ASKED}`);
    await line(page).waitFor();
    const [field, mirror] = await page.evaluate(() =>
      ['text', 'text-mirror'].map((id) => {
        const element = document.getElementById(id);
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        return [
          box.left, box.top, box.width, box.height, style.font, style.padding, style.borderWidth,
          style.letterSpacing, element.scrollHeight,
        ].join(' | ');
      }),
    );
    assert.equal(mirror, field, `at ${width}`);
    await context.close();
  }
});

test('a name that may stay is left alone for as long as the text is the same', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await page.locator('#text').pressSequentially(ASKED);
  await line(page).getByRole('button', { name: t('log.let_stay') }).click();
  await line(page).waitFor({ state: 'hidden' });
  const seen = page.waitForResponse('**/api/v1/personal-data');
  await page.locator('#text').pressSequentially(' Snart');
  await seen;
  assert.ok(await line(page).isHidden());
  await page.locator('#text').press('Enter');
  await saved(page, 'Kari Nordmann').waitFor();
  await page.locator('#text').pressSequentially(ASKED);
  await line(page).waitFor();
  await context.close();
});

test('a name that was saved goes with one press, and the row says what stands there', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await enter(page, 'Når får Ola Nordmann svar, tlf');
  const hints = page.locator('#saved .hints');
  await hints.getByText(counted('log.hints', 1)).waitFor();
  await hints.getByRole('button').click();
  await page.locator('#told').getByText(t('log.names_gone')).waitFor();
  await row(page, 'Når får [person] svar, tlf').waitFor();
  assert.ok(await hints.isHidden());
  await page.reload();
  await row(page, 'Når får [person] svar, tlf').waitFor();
  await context.close();
});

test('without script a saved name goes with one press too', async () => {
  const context = await openContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/');
  await signIn(page, 'kari');
  await page.locator('#text').fill('Når får Kari Nordmann plass?');
  await page.locator('.save-row button').first().click();
  await page.locator('#saved .hints button').click();
  await page.getByText(t('log.names_gone')).waitFor();
  await row(page, 'Når får [person] plass?').waitFor();
  await context.close();
});

test('a message that an editor puts up comes to a desk where somebody is at work', async () => {
  const context = await openContext();
  await context.addInitScript(() => {
    const real = Date.now;
    Date.now = () => real() + (globalThis.aheadMs ?? 0);
  });
  const page = await openLog(context);
  await page.locator('#text').pressSequentially('Vatn');
  const today = await (await service.admin('/today')).text();
  const csrf = today.match(/name="csrf" value="(\w+)"/)[1];
  const text = 'Vatnet er borte i Sentrum til klokka 15.';
  const body = new URLSearchParams({ csrf, change: 'put', text, until: 'today' });
  assert.equal((await service.admin('/today/message', body)).status, 303);
  assert.equal(await page.locator('#around').getByText(text).count(), 0);
  await page.evaluate(() => (globalThis.aheadMs = 31_000));
  await page.keyboard.type('et');
  await page.locator('#around').getByText(text).waitFor();
  assert.equal((await page.locator('.heard').allTextContents()).join(''), text);
  assert.equal(await page.locator('#text').inputValue(), 'Vatnet');
  assert.ok(await isFocused(page), 'the focus stays where one types');
  await context.close();
});

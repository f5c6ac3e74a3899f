// The second step and the lock of a shared desk, with keys alone, at both widths and in the dark.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import { PASSPHRASE } from '../log/counter.mjs';
import { isFocused, openContext, openLog, signIn, t } from '../log/window.mjs';
import { findings, overflow, picture } from '../screen.mjs';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LOCK = 'Control+Alt+KeyL';

/** What an authenticator app shows for a key, `ahead` half minutes from now (RFC 6238). */
function code(shown, ahead = 0) {
  const bits = [...shown.replaceAll(/\s/g, '')]
    .map((it) => BASE32.indexOf(it).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((it) => parseInt(it, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const tag = createHmac('sha1', key).update(step).digest();
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Nothing is wrong with the page for whoever cannot see it, or sees little of it. */
async function isWell(page, name) {
  assert.deepEqual(await findings(page), [], name);
  assert.ok((await overflow(page)) <= 0, `${name} is wider than its window`);
  await picture(page, name);
}

/** Goes on with Tab until something is focused. */
async function tabTo(page, locator) {
  for (let stops = 0; stops < 60; stops += 1) {
    if (await locator.evaluate((it) => it === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail('it cannot be reached by the Tab key');
}

test('a second step is set up, asked for and ended with keys alone', async () => {
  const context = await openContext({ width: 320, dark: true });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await signIn(page, 'ola');
  await page.goto('/account/second-step');
  await isWell(page, 'second-step-new');
  const key = await page.locator('code.key').textContent();
  await tabTo(page, page.getByLabel(t('second_step.code'), { exact: true }));
  await page.keyboard.type('000000');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.locator('#code-error').waitFor();
  await isWell(page, 'second-step-wrong');
  assert.equal(await page.locator('code.key').textContent(), key, 'the picture stays the same');
  await tabTo(page, page.getByLabel(t('second_step.code'), { exact: true }));
  await page.keyboard.type(code(key, -1));
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSPHRASE);
  await page.keyboard.press('Enter');
  const codes = await page.locator('#codes').inputValue();
  assert.equal(codes.split('\n').length, 10);
  await isWell(page, 'second-step-codes');

  await context.clearCookies();
  await page.goto('/sign-in');
  await signIn(page, 'ola');
  await page.waitForURL('**/sign-in/code');
  const field = page.getByLabel(t('second_step.code'), { exact: true });
  assert.ok(await field.evaluate((it) => it === document.activeElement), 'it has focus');
  await page.keyboard.type('000000');
  await page.keyboard.press('Enter');
  await page.locator('#code-error').waitFor();
  await isWell(page, 'code-wrong');
  await page.keyboard.type(code(key));
  await page.keyboard.press('Enter');
  await page.locator('#log').waitFor();

  await page.goto('/account/second-step');
  await isWell(page, 'second-step-standing');
  await page.getByRole('link', { name: t('second_step.another') }).click();
  await isWell(page, 'second-step-another');
  await page.getByRole('link', { name: t('second_step.keep') }).click();
  await tabTo(page, page.getByLabel(t('second_step.code'), { exact: true }));
  await page.keyboard.type(codes.split('\n')[0]);
  await tabTo(page, page.getByRole('button', { name: t('second_step.end') }));
  await page.keyboard.press('Enter');
  await page.getByText(t('second_step.ended')).waitFor();
  await context.close();
});

test('what is typed survives the lock, which every window shows', async () => {
  const context = await openContext({ width: 320 });
  const page = await openLog(context);
  const other = await context.newPage();
  await other.goto('/today');
  await page.bringToFront();
  await page.locator('#text').focus();
  await page.keyboard.insertText('Kor lenge er gjenvinninga open');
  await page.keyboard.press(LOCK);
  await page.getByRole('heading', { level: 1, name: t('lock.title'), exact: true }).waitFor();
  await other.waitForURL('**/locked?next=*');
  const passphrase = page.getByLabel(t('sign_in.passphrase'), { exact: true });
  assert.ok(await passphrase.evaluate((it) => it === document.activeElement), 'it has focus');
  assert.doesNotMatch(await page.content(), /gjenvinninga/);
  await isWell(page, 'locked');
  await page.goBack().catch(() => {});
  await page.goto('/today');
  await page.waitForURL('**/locked?next=*');
  await page.goto('/locked?next=/');
  await page.keyboard.type('gale ord etter kvarandre');
  await page.keyboard.press('Enter');
  await page.getByText(t('lock.wrong')).waitFor();
  await isWell(page, 'locked-wrong');
  await tabTo(page, passphrase);
  await page.keyboard.type(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.locator('#log[data-ready]').waitFor();
  assert.equal(await page.locator('#text').inputValue(), 'Kor lenge er gjenvinninga open');
  assert.ok(await isFocused(page), 'one can go on typing');
  await context.close();
});

test('the lock works without script, and its key can be switched off', async () => {
  const context = await openContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await signIn(page, 'kari');
  await page.goto('/today');
  await page.getByRole('button', { name: t('lock.act'), exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByText(t('lock.unlock')).first().waitFor();
  await page.locator('[name=passphrase]').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/today');
  await context.close();

  const off = await openContext();
  const log = await openLog(off);
  await log.evaluate(() => localStorage.setItem('skranke-shortcuts', 'off'));
  await log.evaluate(() => {
    globalThis.asked = 0;
    document.querySelector('form.lock').addEventListener('submit', () => (globalThis.asked += 1));
  });
  await log.keyboard.press(LOCK);
  assert.equal(await log.evaluate(() => globalThis.asked), 0);
  await off.close();
});

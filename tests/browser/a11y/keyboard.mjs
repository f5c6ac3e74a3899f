// Every task of the log screen and of the day with keys alone; the order of the stops of Tab; and
// what is read out.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inWindow, signIn, texts } from '../visit.mjs';
import { approved, ring, singleKeys } from './stops.mjs';

const TABS_MAX = 150;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** A question that nobody has asked before; without digits, which could be masked. */
function newQuestion(asks = 'Når opnar utleige av kanoar ved') {
  const letters = [...Date.now().toString(26)].map((it) => ALPHABET[parseInt(it, 26)]);
  return `${asks} ${letters.join('')}tjern?`;
}

/** Presses Tab until the focus is where it should be. */
async function tabTo(page, target, key = 'Tab') {
  for (let n = 0; n < TABS_MAX; n += 1) {
    if (await target.evaluate((it) => it === document.activeElement).catch(() => false)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`Tab does not come to ${target}`);
}

/** Goes to a target by Tab and presses a key on it. */
async function press(page, target, key = 'Enter') {
  await tabTo(page, target.first());
  await page.keyboard.press(key);
}

const row = (page, text) => page.locator('#recent-list li', { hasText: text });
const saved = (page, text) => row(page, text).and(page.locator('[data-state=saved]')).first();
const field = (page) => page.locator('#text');

async function isInField(page) {
  assert.ok(await field(page).evaluate((it) => it === document.activeElement), 'in the field');
}

/** Goes from the field to the first hit, once the hits are those of the words in the field. */
async function goDown(page) {
  const isLeft = () => page.evaluate(() => document.activeElement.id !== 'text');
  for (let n = 0; n < TABS_MAX && !(await isLeft()); n += 1) {
    await page.waitForTimeout(100);
    await page.keyboard.press('ArrowDown');
  }
}

/** Signs in and comes to the log screen. */
async function atTheCounter(page, role = 'reception') {
  const t = await signIn(page, role);
  if (new URL(page.url()).pathname !== '/') await page.goto('/');
  await page.locator('#log[data-ready]').waitFor();
  await isInField(page);
  return t;
}

// First, while nothing is told or surges.
for (const [screen, role] of [['/', 'reception'], ['/today', 'reception'], ['/gaps', 'editor'],
  ['/gaps/*', 'editor']]) {
  test(`on ${screen} each stop of Tab is seen, in the approved order`, async () => {
    for (const width of [1280, 320]) {
      await inWindow({ width }, async (page) => {
        await atTheCounter(page, role);
        await page.keyboard.type(newQuestion());
        await page.keyboard.press('Enter');
        await page.locator('#recent-list [data-state=saved]').first().waitFor();
        await page.goto(screen.replace('/*', ''));
        if (screen === '/') await page.locator('#log[data-ready]').waitFor();
        if (screen.endsWith('*')) {
          await page.getByRole('table').locator('tbody').getByRole('link').first().click();
          await page.waitForURL('**/gaps/*');
        }
        assert.deepEqual(await singleKeys(page), [], 'a single key does nothing');
        const { names, wrong } = await ring(page);
        assert.deepEqual(wrong, []);
        await approved(screen, names);
      });
    }
  });
}

test('with keys alone one logs, says how it went, and takes it back', async () => {
  await inWindow({}, async (page) => {
    const t = await atTheCounter(page);
    const question = newQuestion();
    await page.keyboard.type(question);
    await page.keyboard.press('Enter');
    await saved(page, question).waitFor();
    await isInField(page);
    const outcome = page.locator('#saved').getByRole('button', { name: t('log.outcome.answered') });
    await press(page, outcome);
    await page.getByText(t('log.outcome_set')).waitFor();
    assert.match(await row(page, question).textContent(), new RegExp(t('outcome.answered')));
    await isInField(page);
    await press(page, row(page, question).getByRole('button', { name: t('log.undo') }));
    await page.getByText(t('log.undone')).waitFor();
    assert.equal(await row(page, question).count(), 0);
  });
});

test('with keys alone one picks a hit, goes to its links, and comes back', async () => {
  await inWindow({}, async (page) => {
    const t = await atTheCounter(page);
    const focus = () => page.evaluate(() => {
      const { localName, name, href } = document.activeElement;
      return name || (href ? 'link' : localName);
    });
    await page.keyboard.type('når opnar symjehallen');
    await page.locator('.hit').first().waitFor();
    await goDown(page);
    assert.equal(await focus(), 'page');
    await page.keyboard.press('ArrowRight');
    assert.equal(await focus(), 'link');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await focus(), 'page');
    await page.keyboard.press('Escape');
    await isInField(page);
    assert.equal(await field(page).inputValue(), 'når opnar symjehallen', 'the text is there yet');
    await goDown(page);
    await page.keyboard.press('Enter');
    await saved(page, 'når opnar symjehallen').waitFor();
    const how = await row(page, 'når opnar symjehallen').first().textContent();
    assert.match(how, new RegExp(t('outcome.page')));
    await isInField(page);
  });
});

test('with keys alone one more of a common question is logged, or only counted', async () => {
  await inWindow({}, async (page) => {
    const t = await atTheCounter(page);
    const pin = (await page.locator('.pin span').first().textContent()).trim();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await saved(page, pin).waitFor();
    assert.match(await row(page, pin).first().textContent(), new RegExp(t('outcome.same_as')));
    await press(page, page.getByRole('button', { name: t('log.count_only') }), 'Space');
    await saved(page, '+1').waitFor();
    await isInField(page);
  });
});

test('with keys alone one more of a question that surges is logged', async () => {
  await inWindow({}, async (page) => {
    const t = await atTheCounter(page);
    const question = newQuestion('Kvifor er vegen stengd til');
    for (let n = 0; n < 8; n += 1) {
      await page.keyboard.type(question);
      await page.keyboard.press('Enter');
      await page.waitForFunction((n) => n < document.querySelectorAll(
        '#recent-list [data-state=saved]').length, Math.min(n, 4));
    }
    const menu = page.getByRole('navigation').getByRole('link', { name: t('log.title') });
    await press(page, menu);
    // It stands under the name of its topic, whose words may be somebody else's.
    const line = page.locator('.surge-line').first();
    await line.waitFor();
    await page.locator('#log[data-ready]').waitFor();
    const topic = (await line.locator('.surge-text').textContent()).trim();
    await tabTo(page, line.getByRole('button'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await saved(page, topic).waitFor();
    assert.match(await row(page, topic).first().textContent(), new RegExp(t('outcome.same_as')));
    await isInField(page);
  });
});

test('with keys alone one sets channel and desk, and they stay', async () => {
  await inWindow({}, async (page) => {
    await atTheCounter(page);
    const channel = page.locator('[name=channel]');
    await tabTo(page, page.locator('[name=channel]:checked'));
    await page.keyboard.press('ArrowRight');
    const chosen = await page.locator('[name=channel]:checked').getAttribute('value');
    assert.notEqual(chosen, await channel.first().getAttribute('value'));
    await tabTo(page, page.locator('#desk'));
    const before = await page.locator('#desk').inputValue();
    await page.keyboard.press('ArrowDown');
    const desk = await page.locator('#desk').inputValue();
    assert.notEqual(desk, before);
    await tabTo(page, field(page), 'Shift+Tab');
    const question = newQuestion();
    await page.keyboard.type(question);
    await page.keyboard.press('Enter');
    await saved(page, question).waitFor();
    await page.reload();
    await page.locator('#log[data-ready]').waitFor();
    assert.equal(await page.locator('[name=channel]:checked').getAttribute('value'), chosen);
    assert.equal(await page.locator('#desk').inputValue(), desk);
  });
});

test('Enter on a channel saves, and presses no hit', async () => {
  await inWindow({}, async (page) => {
    const t = await atTheCounter(page);
    await page.keyboard.type('når opnar symjehallen om morgonen');
    await page.locator('.hit').first().waitFor();
    await press(page, page.locator('[name=channel]:checked'));
    await saved(page, 'om morgonen').waitFor();
    const how = await row(page, 'om morgonen').first().textContent();
    assert.match(how, new RegExp(t('outcome.unknown')));
  });
});

test('with one key what was typed is logged as a repeat of what was asked before', async () => {
  await inWindow({}, async (page) => {
    const t = await atTheCounter(page);
    const asked = await page.locator('.pin span').first().textContent();
    await page.keyboard.type(asked);
    await page.locator('#hits[aria-busy=false] .earlier kbd').getByText('Ctrl+Enter').waitFor();
    await page.keyboard.press('Control+Enter');
    await saved(page, asked).waitFor();
    assert.match(await saved(page, asked).textContent(), new RegExp(t('outcome.same_as')));
    await isInField(page);
    // With nothing to repeat that is said, and what is typed stays.
    await page.keyboard.type('qqxzw vrrtkp');
    await page.locator('#found', { hasText: t('log.no_hits') }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.locator('#told').getByText(t('log.no_repeat')).waitFor();
    assert.equal(await field(page).inputValue(), 'qqxzw vrrtkp');
  });
});

test('with keys alone one writes down a rush afterwards, corrects, and searches', async () => {
  await inWindow({}, async (page) => {
    const t = await atTheCounter(page);
    const menu = page.getByRole('navigation');
    await press(page, menu.getByRole('link', { name: t('today.title') }));
    await page.waitForURL('**/today');
    const question = newQuestion();
    await tabTo(page, page.locator('#lines'));
    await page.keyboard.type(`${question}\n3 x ${question} igjen`.replaceAll('\n', '\r'));
    await tabTo(page, page.locator('#day'));
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, page.locator('#batch #channel'));
    await page.keyboard.press('ArrowDown');
    await press(page, page.locator('#batch').getByRole('button', { name: t('log.save') }));
    await page.getByText(t('today.batch_saved.other').replace('{n}', '4')).waitFor();
    const own = page.locator('.own li').filter({ hasText: question }).first();
    await press(page, own.locator('summary'));
    await tabTo(page, own.locator('textarea').first());
    await page.keyboard.press('End');
    await page.keyboard.type(' Retta');
    await press(page, own.getByRole('button', { name: t('today.correct') }));
    await page.getByText(t('today.edited')).waitFor();
    await press(page, page.locator('#q'), 'End');
    await page.keyboard.type('Retta');
    await page.keyboard.press('Enter');
    await page.locator('#search .notes').getByText('Retta').waitFor();
  });
});

test('with keys alone one changes the language, and what is typed stays', async () => {
  await inWindow({}, async (page) => {
    const t = await atTheCounter(page);
    const half = 'Er det lov å tenne bål ved';
    await page.keyboard.type(half);
    await tabTo(page, page.locator('.lang button[value=en]'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.locator('html[lang=en]').waitFor();
    await page.locator('#log[data-ready]').waitFor();
    assert.equal(await field(page).inputValue(), half);
    await isInField(page);
    await page.keyboard.type(' sjøen?');
    assert.equal(await field(page).inputValue(), `${half} sjøen?`, 'one types on where one was');
    // While the service is away nothing is lost either.
    await page.route('**/lang', (route) => route.abort());
    await tabTo(page, page.locator('.lang button[value=nn]'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText((await texts(page))('outbox.failed')).waitFor();
    assert.equal(await field(page).inputValue(), `${half} sjøen?`);
    await page.unroute('**/lang');
    await page.keyboard.press('Enter');
    await page.locator('html[lang=nn]').waitFor();
    await page.locator('#log[data-ready]').waitFor();
    await page.keyboard.press('Enter');
    await saved(page, `${half} sjøen?`).waitFor();
    await tabTo(page, page.getByRole('button', { name: t('frame.sign_out') }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sign-in');
  });
});

test('the dialog of keys opens and closes, and the shortcuts can be switched off', async () => {
  await inWindow({}, async (page) => {
    const t = await atTheCounter(page);
    const keys = page.locator('#keys');
    await page.keyboard.press('Control+/');
    await keys.waitFor();
    assert.match(await keys.textContent(), new RegExp(t('help.key_does.ctrl_k')));
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'hidden' });
    await isInField(page);
    await tabTo(page, page.locator('#keys-open'), 'Shift+Tab');
    await page.keyboard.press('Control+k');
    await isInField(page);
    await tabTo(page, page.locator('#keys-open'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await press(page, page.locator('#keys-on'), 'Space');
    await press(page, keys.getByRole('button', { name: t('help.keys_close') }));
    await keys.waitFor({ state: 'hidden' });
    await page.reload();
    await page.locator('#log[data-ready]').waitFor();
    await tabTo(page, page.locator('#keys-open'), 'Shift+Tab');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+/');
    assert.ok(await keys.isHidden());
    assert.equal(await page.evaluate(() => document.activeElement.id), 'keys-open');
    await page.keyboard.press('Enter');
    assert.ok(!(await page.locator('#keys-on').isChecked()), 'the choice is kept');
  });
});

test('the field stays where it is when something is saved', async () => {
  for (const width of [1280, 400, 320]) {
    await inWindow({ width }, async (page) => {
      await atTheCounter(page);
      const top = () => field(page).evaluate((it) => it.getBoundingClientRect().top + scrollY);
      const before = await top();
      await page.keyboard.type('Ring 68 05 01 23 om bosset');
      await page.keyboard.press('Enter');
      await page.locator('#told button').waitFor();
      await page.locator('#saved:not([hidden])').waitFor();
      assert.equal(await top(), before, `at ${width}`);
      const ys = await page.evaluate(() => ['#text', '#hits', '.save-row', '#saved'].map((it) =>
        document.querySelector(it).getBoundingClientRect().top));
      const order = width < 1024 ? ys : [ys[0], ys[2], ys[3]];
      assert.deepEqual(order, order.toSorted((a, b) => a - b), 'in the order of the work');
    });
  }
});

test('a save is read out once, in the right words, and a second one too', async () => {
  await inWindow({}, async (page) => {
    const t = await atTheCounter(page);
    await page.evaluate(() => {
      globalThis.heard = [];
      const all = '[role=status], [role=alert], [aria-live]';
      const hear = (changes) => {
        const places = new Set(changes.map((it) => (it.target.closest ? it.target
          : it.target.parentElement)?.closest(all)));
        for (const place of places) {
          const text = place?.checkVisibility() ? place.innerText.trim() : '';
          if (text) globalThis.heard.push(text.replace(/\d\d\.\d\d/, 'NN'));
        }
      };
      const watch = { childList: true, characterData: true, subtree: true };
      new MutationObserver(hear).observe(document.body, watch);
    });
    const heard = async () => page.evaluate(() => globalThis.heard.splice(0));
    const says = t('log.saved').replace('{at}', 'NN');
    for (let n = 0; n < 2; n += 1) {
      await page.keyboard.insertText(newQuestion());
      await page.keyboard.press('Enter');
      await page.waitForFunction((n) => n < document.querySelectorAll(
        '#recent-list [data-state=saved]').length, n);
      await page.waitForTimeout(300);
      assert.deepEqual(await heard(), [`${says}.`], `save ${n + 1}`);
    }
    await page.keyboard.insertText('Ring 68 05 01 23 om bosset');
    await page.keyboard.press('Enter');
    await saved(page, 'om bosset').waitFor();
    await page.waitForTimeout(300);
    const removed = t('log.masked.one').replace('{n}', '1');
    const all = (await heard()).join(' | ');
    assert.equal(all.split(removed).length - 1, 1, `once: ${all}`);
    assert.equal(all.split(says).length - 1, 1, `once: ${all}`);
  });
});

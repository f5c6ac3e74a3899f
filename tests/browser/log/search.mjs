// The look-up beside the log: it never keeps a save waiting, never empties what one reads, and
// never takes the focus.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SAVE, enter, isFocused, openContext, openLog, saved, t } from './window.mjs';

const LOOK_UP = '**/api/v1/suggest';

/** Holds look-ups back for as long as the flag says so. */
async function holdLookUps(page) {
  const held = { isHeld: true, waiting: [], all: 0 };
  await page.route(LOOK_UP, async (route) => {
    held.all += 1;
    if (held.isHeld) await new Promise((go) => held.waiting.push(go));
    await route.continue().catch(() => {});
  });
  held.letGo = () => {
    held.isHeld = false;
    for (const go of held.waiting) go();
  };
  return held;
}

test('a question is saved while the look-up hangs, and the page says that it is down', async () => {
  const context = await openContext();
  const page = await openLog(context);
  const held = await holdLookUps(page);
  await page.locator('#text').pressSequentially('når opnar symjehallen', { delay: 20 });
  await page.locator('#found', { hasText: t('log.search_down') }).waitFor();
  assert.ok(held.waiting.length > 0, 'a look-up hangs');
  await page.keyboard.press('Enter');
  await saved(page, 'når opnar symjehallen').waitFor();
  assert.ok(held.isHeld, 'it was saved before any look-up was answered');
  assert.ok(await isFocused(page));
  held.letGo();
  await context.close();
});

test('a question is saved where every look-up fails', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await page.route(LOOK_UP, (route) => route.fulfill({ status: 500, body: '' }));
  await enter(page, 'kva tid går ferja');
  await saved(page, 'kva tid går ferja').waitFor();
  await page.locator('#text').pressSequentially('kva kostar ferja');
  await page.locator('#found', { hasText: t('log.search_down') }).waitFor();
  await context.close();
});

test('what was found stays until what is found next, and the focus in the field', async () => {
  const context = await openContext();
  const page = await openLog(context);
  // Every look-up finds the same, so that an empty list can only be one between two.
  const hit = { inquiry: 'inq_1', text: 'når er biblioteket ope', count: 2, state: null };
  const json = { is_down: false, answer: null, passages: [], earlier: [hit] };
  await page.route(LOOK_UP, async (route) => {
    await page.waitForTimeout(30);
    await route.fulfill({ json }).catch(() => {});
  });
  await page.locator('#text').pressSequentially('når er bib', { delay: 30 });
  await page.locator('#hit-list .hit').first().waitFor();
  await page.evaluate(() => {
    const list = document.getElementById('hit-list');
    const hits = () => list.querySelectorAll('.hit').length;
    globalThis.seen = { least: hits(), changes: 0, lost: 0 };
    new MutationObserver(() => {
      globalThis.seen.changes += 1;
      globalThis.seen.least = Math.min(globalThis.seen.least, hits());
    }).observe(list, { childList: true, subtree: true });
    document.getElementById('text').addEventListener('blur', () => (globalThis.seen.lost += 1));
  });
  await page.locator('#text').pressSequentially('lioteket ope', { delay: 30 });
  await page.locator('#hits[aria-busy=false]').waitFor();
  const seen = await page.evaluate('globalThis.seen');
  assert.ok(1 < seen.changes, 'it was looked up again and again');
  assert.ok(0 < seen.least, 'the list was never empty');
  assert.equal(seen.lost, 0, 'the focus never left the field');
  await context.close();
});

test('one look-up is under way at a time, and the last words are looked up', async () => {
  const context = await openContext();
  await context.addInitScript(() => {
    const underWay = new Set();
    globalThis.seen = { most: 0, asked: [] };
    const own = globalThis.fetch;
    globalThis.fetch = async (path, options) => {
      if (path !== '/api/v1/suggest') return own(path, options);
      underWay.add(options.signal);
      const now = [...underWay].filter((it) => !it.aborted).length;
      globalThis.seen.most = Math.max(globalThis.seen.most, now);
      globalThis.seen.asked.push(JSON.parse(options.body).text);
      return own(path, options).finally(() => underWay.delete(options.signal));
    };
  });
  const page = await openLog(context);
  await page.route(LOOK_UP, async (route) => {
    await page.waitForTimeout(50);
    await route.continue().catch(() => {});
  });
  await page.locator('#text').pressSequentially('når er biblioteket ope', { delay: 20 });
  const isLast = (text) => globalThis.seen.asked.at(-1) === text;
  await page.waitForFunction(isLast, 'når er biblioteket ope');
  await page.locator('#hits[aria-busy=false]').waitFor();
  assert.equal(await page.evaluate('globalThis.seen.most'), 1);
  await context.close();
});

test('the screen tells how long an entry took, but not of one that had to wait', async () => {
  const context = await openContext();
  const page = await openLog(context);
  const told = [];
  page.on('request', (it) => it.url().endsWith('/screen/took') && told.push(it.postDataJSON()));
  await page.locator('#text').pressSequentially('kva kostar det', { delay: 40 });
  await page.waitForTimeout(300);
  await page.keyboard.press('Enter');
  await saved(page, 'kva kostar det').waitFor();
  while (told.length === 0) await page.waitForTimeout(20);
  assert.equal(told.length, 1);
  const [{ total_ms: total, beyond_ms: beyond }] = told;
  assert.ok(300 <= beyond && 13 * 40 <= total - beyond, JSON.stringify(told));
  assert.deepEqual(Object.keys(told[0]).sort(), ['beyond_ms', 'total_ms']);
  let isDown = true;
  await page.route(SAVE, (route) => (isDown ? route.abort() : route.continue()));
  await enter(page, 'dette må vente');
  await page.locator('#queue').getByText('ventar').waitFor();
  isDown = false;
  await saved(page, 'dette må vente').waitFor();
  await page.getByRole('button', { name: t('log.count_only') }).click();
  await page.locator('#recent-list [data-state=saved]').nth(2).waitFor();
  await page.waitForTimeout(200);
  assert.equal(told.length, 1, 'nor of one that is only counted');
  await page.goto('/?text=kvar+er+det');
  await page.locator('#log[data-ready]').waitFor();
  await page.locator('#text').press('Enter');
  await saved(page, 'kvar er det').waitFor();
  await page.waitForTimeout(200);
  assert.equal(told.length, 1, 'nor of words that came by a link');
  await context.close();
});

test('what an earlier look-up found is not logged for words whose own look-up failed', async () => {
  const context = await openContext();
  const page = await openLog(context);
  const hit = { inquiry: 'inq_1', text: 'når er biblioteket ope', count: 2, state: null };
  let isDown = false;
  await page.route(LOOK_UP, (route) => {
    const json = { is_down: false, answer: null, passages: [], earlier: [hit] };
    return isDown ? route.fulfill({ status: 500, body: '' }) : route.fulfill({ json });
  });
  await page.locator('#text').fill('biblioteket');
  await page.locator('#hit-list .earlier').waitFor();
  isDown = true;
  await page.locator('#text').fill('parkering');
  await page.locator('#found', { hasText: t('log.search_down') }).waitFor();
  await page.keyboard.press('ArrowDown');
  assert.ok(await isFocused(page), 'no arrow reaches another question');
  await page.keyboard.press('Control+Enter');
  await page.locator('#told', { hasText: t('log.no_repeat') }).waitFor();
  assert.equal(await page.locator('#text').inputValue(), 'parkering');
  await context.close();
});

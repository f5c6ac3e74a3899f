// From an empty data folder to the first hit, with keys alone; says how many keys and how long.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { catalogue } from '../demo.mjs';
import { findings, openBrowser, openWindow } from '../screen.mjs';
import { startService } from '../fresh.mjs';

const MINUTES_MAX = 10;
const CRAWL_SECONDS_MAX = 120;
const TABS_MAX = 120;
const PAGES = {
  '/': '<h1>Fjordvik</h1><p>Velkomen til kommunen.</p><a href="/symjehall">Symjehallen</a>',
  '/symjehall': '<h1>Symjehallen</h1><h2>Opningstider</h2>' +
    '<p>Symjehallen opnar klokka 10 på laurdagar og klokka 15 på måndagar.</p>',
};

let site;
let service;
let browser;

/** A website of two pages. */
function serve() {
  const server = createServer((request, answer) => {
    const page = PAGES[request.url];
    answer.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    answer.end(page ? `<!doctype html><html lang="nn"><title>Fjordvik</title>${page}` : '');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

before(async () => {
  site = await serve();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  site?.close();
  await service?.remove();
});

test('from an empty folder to the first hit by keyboard', async () => {
  const begun = Date.now();
  service = await startService();
  const { code, url } = service;
  const { page, faults, close } = await openWindow(browser, url);
  let keys = 0;
  const press = async (key) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  const type = async (text) => {
    keys += text.length;
    await page.keyboard.type(text);
  };
  const tabTo = async (selector) => {
    const target = page.locator(selector).first();
    for (let n = 0; n < TABS_MAX; n += 1) {
      if (await target.evaluate((it) => it === document.activeElement)) return;
      await press('Tab');
    }
    assert.fail(`Tab does not come to ${selector}`);
  };
  const fill = async (selector, text) => {
    await tabTo(selector);
    await type(text);
  };
  try {
    await page.goto('/setup');
    const t = await catalogue(await page.locator('html').getAttribute('lang'));
    await fill('#code', code);
    await fill('#organisation', 'Fjordvik kommune');
    await fill('#name', 'Marit Storlid');
    await fill('#login', 'marit');
    await fill('#passphrase', 'fire raude bussar i regn');
    await press('Enter');
    await page.waitForURL('**/admin/sites');
    await page.locator('nav.first').waitFor();
    assert.deepEqual(await findings(page), []);
    // The website: looked at first, then read.
    await fill('#start', `http://127.0.0.1:${site.address().port}/`);
    await tabTo('#allow_private');
    await press('Space');
    await tabTo('button[value=look]');
    await press('Enter');
    await page.locator('button[value=add]').waitFor();
    await tabTo('button[value=add]');
    await press('Enter');
    await page.waitForURL('**/admin/sites');
    const isRead = async () => {
      await page.goto('/admin');
      return (await page.locator('nav.first li[data-done=yes]').count()) === 1;
    };
    const until = Date.now() + CRAWL_SECONDS_MAX * 1000;
    while (!(await isRead())) {
      assert.ok(Date.now() < until, 'the website is not read');
      await page.waitForTimeout(500);
    }
    // The first question, and what the website answers.
    await tabTo('nav.first a[href="/"]');
    await press('Enter');
    await page.locator('#log[data-ready]').waitFor();
    await type('når opnar symjehallen på laurdag');
    const hit = page.locator('#hit-list').getByText('klokka 10 på laurdagar');
    // A busy machine reads the page some seconds before the look-up knows it: one types on.
    const isThere = () => hit.first().waitFor({ timeout: 3000 }).then(() => true, () => false);
    while (!(await isThere())) {
      assert.ok(Date.now() < until, 'what was read is not found');
      await press('s');
      await press('Backspace');
    }
    const toHit = (Date.now() - begun) / 1000;
    await press('Enter');
    await page.locator('#recent-list li').first().waitFor();
    assert.deepEqual(faults, []);
    assert.ok(toHit <= MINUTES_MAX * 60);
    // A person's keys at 40 words a minute, with a look at each of the four screens.
    const person = keys * 0.28 + 4 * 15;
    console.log(`First hit after ${keys} keys; the machine took ${toHit.toFixed(1)} s, ` +
      `a person would take about ${Math.ceil((person + toHit) / 60)} min`);
    assert.ok(t('first.title'));
  } finally {
    await close();
  }
});

// A window on the log screen of a service of its own, and what can be asked of it.
import { after, before } from 'node:test';

import { catalogue } from '../demo.mjs';
import { LANGS, openBrowser } from '../screen.mjs';
import { PASSPHRASE, makeService } from './counter.mjs';

/** Where the screen sends its entries. */
export const SAVE = '**/api/v1/screen/inquiries';

/** The service, the browser and the texts in Nynorsk, from the first test on. */
export let service;
export let browser;
export let t;

before(async () => {
  service = await makeService();
  for (const login of ['kari', 'ola']) await service.add(login);
  for (const lang of LANGS) await service.add(`ola-${lang}`, lang);
  browser = await openBrowser();
  t = await catalogue('nn');
});

after(async () => {
  await browser?.close();
  await service?.close();
});

/** What the texts with a count say. */
export const counted = (key, n) => counter(t).counted(key, n);

/** The texts of a language, and those with a count. */
export function counter(texts) {
  const say = (key, n) => texts(`${key}.${n === 1 ? 'one' : 'other'}`).replace('{n}', String(n));
  return { t: texts, counted: say };
}

export async function openContext(options = {}) {
  const { width = 1280, dark = false, ...more } = options;
  const context = await browser.newContext({
    baseURL: service.url,
    locale: 'nn-NO',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    viewport: { width, height: 800 },
    // What passes a service worker cannot be held up by a test.
    serviceWorkers: 'block',
    ...more,
  });
  context.setDefaultTimeout(15_000);
  lettingGo(context);
  return context;
}

/** A handler of requests that is still at work when its window closes ends without a word. */
function lettingGo(context) {
  const close = context.close.bind(context);
  context.close = async () => {
    const all = [context, ...context.pages()];
    await Promise.all(all.map((it) => it.unrouteAll({ behavior: 'ignoreErrors' })));
    await close();
  };
}

export async function signIn(page, login, inside = '.step') {
  await page.locator(`${inside} [name=login]`).fill(login);
  await page.locator(`${inside} [name=passphrase]`).fill(PASSPHRASE);
  await page.locator(`${inside} [name=passphrase]`).press('Enter');
}

/** A window on the log screen, signed in. */
export async function openLog(context, login = 'kari') {
  const page = await context.newPage();
  await page.goto('/');
  if (new URL(page.url()).pathname === '/sign-in') await signIn(page, login);
  await page.locator('#log[data-ready]').waitFor();
  return page;
}

export async function enter(page, text) {
  await page.locator('#text').focus();
  await page.keyboard.insertText(text);
  await page.keyboard.press('Enter');
}

export const row = (page, text) => page.locator('#recent-list li', { hasText: text });
export const saved = (page, text) => row(page, text).and(page.locator('[data-state=saved]'));
export function isFocused(page) {
  return page.locator('#text').evaluate((it) => it === document.activeElement);
}

/** Everything in the browser's own database, as text; keys are there as what they are. */
export const kept = (page) =>
  page.evaluate(async () => {
    const opened = await new Promise((resolve, reject) => {
      const request = indexedDB.open('skranke');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const records = {};
    for (const store of opened.objectStoreNames) {
      const request = opened.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => (request.onsuccess = resolve));
      records[store] = request.result.map((it) => ({
        ...it,
        ...(it.key ? { key: { extractable: it.key.extractable, usages: it.key.usages } } : {}),
        ...(it.data ? { data: new TextDecoder('latin1').decode(it.data) } : {}),
      }));
    }
    opened.close();
    return records;
  });

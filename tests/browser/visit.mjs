// A visit to the demo: windows of a browser on it, and signing in with keys alone.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { catalogue, startDemo } from './demo.mjs';
import { openBrowser, openWindow } from './screen.mjs';

let demo;
let browser;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Opens a window, and gives the list of what goes wrong in it. */
export const open = (options) => openWindow(browser, demo.url, options);

/** Opens a window, hands it to `use`, and holds that nothing went wrong in it. */
export async function inWindow(options, use) {
  const { page, faults, close } = await open(options);
  try {
    await use(page);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
}

/** The texts in the language that the page says it speaks. */
export async function texts(page) {
  return catalogue(await page.locator('html').getAttribute('lang'));
}

/** Signs in with keys alone, as the demo account that has `role`. */
export async function signIn(page, role) {
  await page.goto('/sign-in');
  const t = await texts(page);
  const account = page.getByRole('row').filter({
    has: page.getByRole('cell', { name: t(`role.${role}`), exact: true }),
  });
  const [login, passphrase] = await account.first().locator('code').allTextContents();
  await page.getByLabel(t('sign_in.login'), { exact: true }).focus();
  await page.keyboard.type(login.trim());
  await page.keyboard.press('Tab');
  await page.keyboard.type(passphrase.trim());
  await page.keyboard.press('Enter');
  // The page speaks the person's language now, which may be another.
  await page.locator('form[action="/sign-out"] button').first().waitFor();
  return texts(page);
}

/** Lets the pages speak a language. */
export async function speak(page, lang) {
  if ((await page.locator('html').getAttribute('lang')) === lang) return;
  await page.locator(`.lang button[value=${lang}]`).click();
  await page.locator(`html[lang=${lang}]`).waitFor();
}

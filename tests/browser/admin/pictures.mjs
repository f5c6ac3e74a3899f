// Makes the pictures of the help anew: the demo in each language, small WebP files in
// web/pictures/help. Run by `make pictures`; look at them before you commit.
import { mkdir, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { open, signIn, speak } from '../visit.mjs';

const FOLDER = new URL('../../../web/pictures/help/', import.meta.url);
const BYTES_MAX = 60_000;
const SIZE = { width: 1100, height: 640 };
const QUESTION = {
  nn: 'når opnar symjehallen i helga',
  nb: 'når åpner svømmehallen i helgen',
  en: 'when does the swimming pool open',
};

/** Takes a picture, in lower quality until it is small enough. */
async function keep(page, lang, name) {
  const devtools = await page.context().newCDPSession(page);
  for (const quality of [80, 60, 40, 25]) {
    const clip = { x: 0, y: 0, ...SIZE, scale: 1 };
    const options = { format: 'webp', quality, clip };
    const { data } = await devtools.send('Page.captureScreenshot', options);
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length <= BYTES_MAX) {
      await mkdir(new URL(`${lang}/`, FOLDER), { recursive: true });
      return writeFile(new URL(`${lang}/${name}.webp`, FOLDER), bytes);
    }
  }
  return assert.fail(`${name} in ${lang} stays larger than ${BYTES_MAX} bytes`);
}

for (const lang of ['nn', 'nb', 'en']) {
  test(`pictures of the help in ${lang}`, async () => {
    const { page, faults, close } = await open();
    await page.setViewportSize(SIZE);
    try {
      await signIn(page, 'reception');
      await speak(page, lang);
      await page.goto('/');
      await page.locator('#log[data-ready]').waitFor();
      await page.keyboard.type(QUESTION[lang]);
      await page.locator('#hit-list li').first().waitFor();
      await keep(page, lang, 'log');
      await page.locator('#text').fill('');
      await page.context().clearCookies();
      await signIn(page, 'admin');
      await speak(page, lang);
      for (const [name, path] of [['gaps', '/gaps'], ['figures', '/figures'],
        ['letter', '/digest'], ['setup', '/admin/system']]) {
        await page.goto(path);
        await keep(page, lang, name);
      }
      await page.goto('/gaps');
      await page.getByRole('table').locator('tbody').getByRole('link').first().click();
      await page.waitForURL('**/gaps/*');
      await keep(page, lang, 'mend');
      assert.deepEqual(faults, []);
    } finally {
      await close();
    }
  });
}

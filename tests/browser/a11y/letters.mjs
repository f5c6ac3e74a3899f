// The letters of typical weeks as mail programs show them: two widths, light and dark. The tests of
// the letters (`cargo nextest run -E 'test(digest::)'`) leave them beside the program.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { PICTURES, findings, isLong, openBrowser, overflow, picture } from '../screen.mjs';

const FOLDER = join(dirname(process.env.SKRANKE_BIN), 'letters');
const WIDTHS = [600, 320];
const COLORS = ['light', 'dark'];
// A letter is shown within the page of a mail program, which has the one main landmark.
const NOT_OF_LETTERS = /landmark-one-main|region:/;
let browser;

before(async () => (browser = await openBrowser()));
after(async () => {
  await browser.close();
  console.log(`Pictures of the letters: ${PICTURES}`);
});

/** What is wrong with an open letter, one line each. */
async function wrong(page) {
  const found = (await findings(page)).filter((it) => !NOT_OF_LETTERS.test(it));
  const wide = await overflow(page);
  if (0 < wide) found.push(`${wide} px too wide`);
  const hidden = await page.evaluate(() => {
    const inks = [...document.querySelectorAll('a, strong, h1, h2, p, td')];
    const paper = getComputedStyle(document.body).backgroundColor;
    const isLost = (it) => it.textContent.trim() && getComputedStyle(it).color === paper;
    return inks.filter(isLost).map((it) => it.outerHTML);
  });
  return [...found, ...hidden.map((it) => `as its background: ${it.slice(0, 80)}`)];
}

test('the letters of typical weeks fit, are read by everybody, and load nothing', async () => {
  const all = (await readdir(FOLDER).catch(() => [])).filter((it) => it.endsWith('.html')).sort();
  assert.ok(39 <= all.length, `${all.length} letters in ${FOLDER}: run the tests of letters first`);
  const faults = [];
  const shown = all.filter((it) => isLong || it.endsWith('_nn.html') || it.startsWith('busy'));
  for (const name of shown) {
    for (const [width, colorScheme] of WIDTHS.flatMap((it) => COLORS.map((color) => [it, color]))) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const loaded = [];
      page.on('request', (it) => loaded.push(it.url()));
      await page.goto(pathToFileURL(join(FOLDER, name)).href);
      await picture(page, `letter-${name.replace('.html', '')}-${width}-${colorScheme}`);
      const found = [...(await wrong(page)), ...loaded.slice(1).map((it) => `loads ${it}`)];
      faults.push(...found.map((it) => `${name} ${width} ${colorScheme}: ${it}`));
      await page.close();
    }
  }
  assert.deepEqual(faults, []);
});

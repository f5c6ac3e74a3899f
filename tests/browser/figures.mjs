// The numbers page: what a chart shows is what its table says, by mouse, by keys and on paper.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { overflow, picture } from './screen.mjs';
import { inWindow, signIn } from './visit.mjs';

const BLOCKS = ['weeks', 'answers', 'topics', 'effects', 'norms', 'coverage'];
const BOX_HEIGHT = 180;

/** The cells of a chart's table as text, its head first. */
function table(page, name) {
  return page.locator(`#${name}-table tr`).evaluateAll((rows) =>
    rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
}

/** The number that a cell shows, whatever the language writes it with. */
const number = (text) =>
  Number(text.replace('\u2212', '-').replace(',', '.').replace(/[\s%]/g, ''));

/** The parts of the stacked bars, by week: the series and how high each stands. */
function parts(page) {
  return page.locator('[aria-describedby="weeks-table"] [data-series]').evaluateAll((all) => {
    const weeks = new Map();
    for (const it of all) {
      const x = Number(it.getAttribute('x'));
      if (!weeks.has(x)) weeks.set(x, []);
      weeks.get(x).push([Number(it.dataset.series), Number(it.getAttribute('height'))]);
    }
    return [...weeks.entries()].sort((a, b) => a[0] - b[0]).map(([, series]) => series);
  });
}

/** Holds that each part of each bar is as high as its number in the table. */
async function barsAreTheTable(page) {
  const [head, ...rows] = await table(page, 'weeks');
  const chart = page.locator('[aria-describedby="weeks-table"]');
  const top = Number(await chart.getAttribute('data-top'));
  const bars = await parts(page);
  const full = rows.filter((row) => 0 < number(row.at(-1)));
  assert.equal(bars.length, full.length, 'a bar for each week');
  for (const [at, row] of full.entries()) {
    const numbers = row.slice(1, -1).map(number);
    assert.equal(numbers.reduce((sum, n) => sum + n, 0), number(row.at(-1)), row[0]);
    for (const [series, height] of bars[at]) {
      const expected = (numbers[series] / top) * BOX_HEIGHT;
      assert.ok(Math.abs(height - expected) <= 1, `${row[0]} ${head[series + 1]}: ${height} px`);
    }
    assert.equal(bars[at].length, numbers.filter((n) => 0 < n).length, row[0]);
  }
}

test('every number of a chart is in its table', async () => {
  await inWindow({}, async (page) => {
    await signIn(page, 'editor');
    await page.goto('/figures');
    await barsAreTheTable(page);
    const totals = await page.locator('.total').allTextContents();
    const [, ...weeks] = await table(page, 'weeks');
    assert.deepEqual(totals, weeks.map((row) => row.at(-1)).filter((n) => n !== '0'));

    const [, ...answers] = await table(page, 'answers');
    const dots = await page.locator('[aria-describedby="answers-table"] circle').evaluateAll(
      (all) => all.map((it) => [Number(it.getAttribute('cx')), Number(it.getAttribute('cy'))]));
    dots.sort((a, b) => a[0] - b[0]);
    const told = answers.filter((row) => 0 < number(row[2]));
    assert.equal(dots.length, told.length, 'a dot for each week that tells');
    for (const [at, [, y]] of dots.entries()) {
      const expected = BOX_HEIGHT * (1 - number(told[at][1]) / number(told[at][2]));
      assert.ok(Math.abs(y - expected) <= 1, `${told[at][0]}: ${y} px`);
    }

    const [, ...topics] = await table(page, 'topics');
    const widths = await page.locator('[aria-labelledby="topics-title"] .bars rect').evaluateAll(
      (all) => all.map((it) => Number(it.getAttribute('width'))));
    const most = Math.max(...topics.flatMap((row) => [number(row[2]), number(row[3]) || 0]));
    assert.deepEqual(widths, topics.map((row) => Math.round((number(row[2]) / most) * 1000)));
    const says = await page.locator('[aria-labelledby="topics-title"] .says').allTextContents();
    assert.deepEqual(says.map((it) => it.split(' ')[0]), topics.map((row) => row[2]));
  });
});

test('a year is one link away, and all of it is reached with keys', async () => {
  for (const width of [1280, 320]) {
    await inWindow({ width }, async (page) => {
      const t = await signIn(page, 'editor');
      const menu = page.getByRole('navigation', { name: t('frame.menu') });
      await menu.getByRole('link', { name: t('figures.title'), exact: true }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/figures');
      const years = page.getByRole('navigation', { name: t('figures.period') });
      await years.getByRole('link').nth(1).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/figures?year=*');
      await barsAreTheTable(page);
      for (const block of BLOCKS) {
        const details = page.locator(`#${block}-table`);
        await details.locator('summary').focus();
        await page.keyboard.press('Enter');
        await details.getByRole('table').waitFor();
        await page.keyboard.press('Tab');
        const region = details.locator('.scroll');
        assert.ok(await region.evaluate((it) => it === document.activeElement), block);
        const file = page.locator(`a[href^="/figures/${block}.csv"]`);
        const [download] = await Promise.all([page.waitForEvent('download'), file.press('Enter')]);
        const name = new RegExp(`^skranke-${block}(_asked)?-\\d{4}-\\d\\d-\\d\\d.csv$`);
        assert.match(download.suggestedFilename(), name);
      }
      assert.ok((await overflow(page)) <= 0, `${width}`);
      await picture(page, `figures-year-${width}`);
    });
  }
});

test('on paper the charts stay whole', async () => {
  await inWindow({ width: 700 }, async (page) => {
    await signIn(page, 'editor');
    await page.goto('/figures');
    await page.emulateMedia({ media: 'print' });
    assert.ok((await overflow(page)) <= 0);
    for (const chart of await page.locator('.plot > svg').all()) {
      const cut = await chart.evaluate(({ parentElement: it }) => it.scrollWidth - it.clientWidth);
      assert.ok(cut <= 0, `${cut} px are cut off`);
    }
    await picture(page, 'figures-paper');
  });
});

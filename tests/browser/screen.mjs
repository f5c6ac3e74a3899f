// A browser window that watches: policy reports, foreign hosts, faults of scripts, findings of axe.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { verdictOf } from './a11y/verdicts.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = [
  'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice',
];
const ACTION_SECONDS_MAX = 15;

/** Whether every language and forced colors are looked at too: `make a11y`. */
export const isLong = process.env.SKRANKE_A11Y === 'long';
export const LANGS = isLong ? ['nn', 'nb', 'en'] : ['nn'];
const COLORS = [
  ['light', { colorScheme: 'light', forcedColors: 'none' }],
  ['dark', { colorScheme: 'dark', forcedColors: 'none' }],
  ...(isLong ? [['forced', { colorScheme: 'light', forcedColors: 'active' }]] : []),
];

/** The looks of a screen: each width in each set of colors. */
export const LOOKS = [1280, 320].flatMap((width) =>
  COLORS.map(([color, media]) => ({ name: `${width}-${color}`, width, media })));

/** Gives an open page another look, without loading it anew. */
export async function dress(page, { width, media }) {
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ reducedMotion: 'reduce', ...media });
}

/** Where the pictures of this run lie. */
export const PICTURES = await mkdtemp(join(tmpdir(), 'skranke-screens-'));

/** What every browser here is started with. */
export const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export function chromiumPath() {
  return process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
}

/** Opens a browser. One that dies before it has opened says nothing of Skranke: it gets another
 * chance, and who opens it is told. */
export async function openBrowser(more = []) {
  const options = { executablePath: chromiumPath(), headless: true, args: [...FLAGS, ...more] };
  return chromium.launch(options).catch((error) => {
    console.log(`Chromium did not open, once more: ${error.message.split('\n')[0]}`);
    return chromium.launch(options);
  });
}

/** A window of its own: no cookie of another, and a list of what went wrong in it. */
export async function openWindow(browser, url, { width = 1280, dark = false, script = true } = {}) {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: 800 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    javaScriptEnabled: script,
    locale: 'nn-NO',
  });
  context.setDefaultTimeout(ACTION_SECONDS_MAX * 1000);
  const page = await context.newPage();
  const faults = [];
  page.on('console', (line) => {
    if (/content.security.policy/i.test(line.text())) faults.push(`policy: ${line.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const target = new URL(request.url());
    const isOurs = target.protocol === 'data:' || target.origin === new URL(url).origin;
    if (!isOurs) faults.push(`foreign host: ${target.origin}`);
  });
  page.on('response', (answer) => {
    if (500 <= answer.status()) faults.push(`${answer.status()} from ${answer.url()}`);
  });
  return { page, faults, close: () => context.close() };
}

/** What axe-core finds on the page as it is, one line a finding; what it cannot tell counts too,
 * unless a person has looked and said why it is well (`a11y/verdicts.mjs`). */
export async function findings(page) {
  await page.evaluate(AXE);
  const { violations, incomplete } = await page.evaluate(
    (tags) =>
      globalThis.axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        rules: { 'target-size': { enabled: true } },
        resultTypes: ['violations', 'incomplete'],
      }),
    TAGS,
  );
  const lines = (found) => found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html }) => ({ id, help, at: target.join(' '), html })));
  const wrong = lines(violations).map(({ id, help, at }) => `${id}: ${help} at ${at}`);
  const isForced = await page.evaluate(() => matchMedia('(forced-colors: active)').matches);
  const open = lines(incomplete).filter((it) => !verdictOf(it, isForced));
  return [...wrong, ...open.map(({ id, at, html }) => `no verdict on ${id} at ${at}: ${html}`)];
}

/** How many pixels the page is wider than its window. */
export async function overflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth - root.clientWidth;
  });
}

export async function picture(page, name) {
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

// A browser window that watches: policy reports, foreign hosts, faults of scripts, findings of axe.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = [
  'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice',
];
const ACTION_SECONDS_MAX = 15;

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

/** What axe-core finds on the page as it is, one line a finding. */
export async function findings(page) {
  await page.evaluate(AXE);
  const result = await page.evaluate(
    (tags) =>
      globalThis.axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        rules: { 'target-size': { enabled: true } },
        resultTypes: ['violations'],
      }),
    TAGS,
  );
  return result.violations.flatMap((it) =>
    it.nodes.map((node) => `${it.id}: ${it.help} at ${node.target.join(' ')}`),
  );
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

// Markup in every field, on every page of the website and in file names: nothing of it ever runs,
// and nothing of it even gets as far as the policy of contents.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { openBrowser } from '../screen.mjs';
import { startService } from '../fresh.mjs';
import { PAYLOADS, RAN } from './payloads.mjs';

const CRAWL_SECONDS_MAX = 120;
/** So many pages of one kind are looked at; the others differ in their content alone. */
const OF_A_KIND_MAX = Number(process.env.SKRANKE_HOSTILE ?? 2);
const PASSPHRASE = 'fire raude bussar i regn';
/** Forms that would end the visit, and those that only lead elsewhere. */
const LEFT_OUT = ['/sign-out', '/lang', '/locked', '/lock'];

let site;
let service;
let browser;
let url;
let context;
let page;
const ran = [];
const reports = [];
const shown = new Set();
let next = 0;

/** The next payload; each is used again only when all were. */
const payload = () => PAYLOADS[next++ % PAYLOADS.length];
const escaped = (text) => text.replace(/[&<>"']/g, (it) => `&#${it.codePointAt(0)};`);

/** A website whose titles, headings, words and addresses are hostile, as text and as markup. */
function serve() {
  const paths = PAYLOADS.map((it, n) => `/side/${n}/${encodeURIComponent(it)}`);
  const links = paths.map((it) => `<a href="${escaped(it)}">side</a>`).join(' ');
  const server = createServer((request, answer) => {
    const n = Number(request.url.match(/^\/side\/(\d+)\//)?.[1] ?? -1);
    const is_there = request.url === '/' || 0 <= n;
    answer.writeHead(is_there ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    const it = escaped(PAYLOADS[Math.max(0, n)]);
    const body = n < 0 ? links : `<h1>Kano ${it}</h1><h2>Utleige ${it}</h2>` +
      `<p>Utleige av kanoar ved tjernet nummer ${n}: ${it} og meir om prisen på kanoar.</p>` +
      `<p>${PAYLOADS[n]} Kanoar kan leigast heile sommaren.</p>`;
    answer.end(is_there ? `<!doctype html><html lang="nn"><title>${n} ${it}</title>${body}` : '');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** The service, which has read a table in already: a file's name is a field too. */
const start = () => startService(async ({ folder, command }) => {
  const table = join(folder, `${PAYLOADS[4].replaceAll('/', '_')}.csv`);
  const rows = PAYLOADS.map((it) => `2026-03-02,"Kva kostar kano ${it.replaceAll('"', '""')}"`);
  await writeFile(table, `date,text\n${rows.join('\n')}\n`);
  command('import', table);
});

/** A window in which whatever runs or is stopped by the policy is counted. */
async function watched() {
  context = await browser.newContext({ baseURL: url, locale: 'nn-NO' });
  await context.exposeBinding(RAN, (_, n) => ran.push(n));
  await context.exposeBinding('reported', (_, what) => reports.push(what));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (it) =>
      globalThis.reported?.(`${it.violatedDirective} ${it.blockedURI} on ${it.documentURI}`));
  });
  page = await context.newPage();
  page.on('dialog', (it) => it.dismiss());
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

/** Sends a form as the page's own would be, and looks at what comes of it. */
async function send(on, to, fields) {
  await page.goto(on);
  await Promise.all([
    page.waitForNavigation(),
    page.evaluate(([action, values]) => {
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', action });
      const csrf = document.querySelector('input[name=csrf]').value;
      for (const [name, value] of [...Object.entries(values), ['csrf', csrf]]) {
        const field = document.createElement('textarea');
        Object.assign(field, { name, value });
        form.append(field);
      }
      document.body.append(form);
      form.submit();
    }, [to, fields]),
  ]);
  await seen();
}

/** Notes which payloads stand on the page as words. */
async function seen() {
  const text = await page.evaluate(() => {
    const values = [...document.querySelectorAll('input, textarea')].map((it) => it.value);
    return [document.title, document.documentElement.textContent, ...values].join('\n');
  });
  for (const [, n] of text.matchAll(new RegExp(`${RAN}\\((\\d+)\\)`, 'g'))) shown.add(Number(n));
}

/** What an address is an example of: without numbers, ids, weeks and months, and values. */
function kind(address) {
  const [path, query = ''] = address.split('?');
  const part = /\/(T?\d+|\d{4}-W\d+|[a-z]+_[\w-]+|\d{4}-\d\d)(?=\/|$)/g;
  return `${path.replace(part, '/*')}?${query.replace(/=[^&]*/g, '')}`;
}

/** Looks at each page that can be reached by links, a few of each kind; calls `at` on each. */
async function spider(at) {
  const waiting = ['/', '/today', '/account', '/admin/inspection?from=2026-01-01&to=2030-01-01'];
  const known = new Set(waiting);
  const kinds = new Map();
  let visited = 0;
  while (waiting.length) {
    const path = waiting.shift();
    const count = (kinds.get(kind(path)) ?? 0) + 1;
    kinds.set(kind(path), count);
    if (OF_A_KIND_MAX < count) continue;
    const answer = await page.goto(path).catch((error) => {
      if (/download|ERR_ABORTED/i.test(error.message)) return null;
      throw error;
    });
    if (answer === null) continue;
    assert.ok(answer.status() < 500, `${answer.status()} from ${path}`);
    visited += 1;
    await seen();
    const links = await page.evaluate((origin) =>
      [...document.querySelectorAll('a[href], iframe[src]')].map((it) => it.href ?? it.src)
        .filter((it) => it.startsWith(origin))
        .map((it) => it.slice(origin.length).split('#')[0]), url);
    for (const link of links.filter((it) => it && !known.has(it))) {
      known.add(link);
      waiting.push(link);
    }
    await at?.(path);
  }
  return visited;
}

/** The forms of the page with what they would send, each text in them hostile. */
const formsHere = () => page.evaluate((leftOut) => [...document.forms]
  .filter((it) => it.method === 'post' && !leftOut.includes(new URL(it.action).pathname))
  .flatMap((form) => {
    const fixed = {};
    const texts = [];
    for (const it of form.elements) {
      if (!it.name || it.disabled || it.type === 'submit' || it.name === 'csrf') continue;
      const texty = ['textarea', 'text', 'search', 'email', 'url', 'password'];
      const is_choice = it.type === 'checkbox' || it.type === 'radio';
      if (texty.includes(it.type)) texts.push(it.name);
      else if (!is_choice || it.checked) fixed[it.name] = it.value;
    }
    const buttons = [...form.querySelectorAll('button[name]')].map((it) => [it.name, it.value]);
    const to = form.getAttribute('action') || location.pathname;
    const ways = buttons.length ? buttons : [null];
    return texts.length === 0 ? [] : ways.map((button) => ({ to, fixed, texts, button }));
  }), LEFT_OUT);

test('the watch sees what runs and what a policy stops', async () => {
  service = await start();
  ({ url } = service);
  await watched();
  await page.setContent(`<title>a</title>${PAYLOADS[4]}`);
  await page.waitForFunction(() => true);
  assert.deepEqual(ran.splice(0), [4], 'a careless page is caught');
  await page.goto('/setup');
  const stopped = '<img src=x onerror=ran(1)>';
  await page.evaluate((it) => document.body.insertAdjacentHTML('beforeend', it), stopped);
  for (let n = 0; n < 50 && reports.length === 0; n += 1) await page.waitForTimeout(20);
  assert.equal(reports.splice(0).length, 1, 'a report is caught');
  assert.deepEqual(ran, []);
  await send('/setup', '/setup', {
    code: service.code,
    organisation: `Fjordvik ${payload()}`,
    login: 'marit',
    name: `Marit ${payload()}`,
    passphrase: PASSPHRASE,
  });
  assert.match(page.url(), /admin\/sites/);
});

test('markup in questions, on pages and in every field is words and nothing else', async () => {
  const start = `http://127.0.0.1:${site.address().port}/`;
  const site_form = { change: 'add', start, allow_private: 'yes', pace_ms: '0' };
  const sites = '/admin/sites';
  await send(sites, sites, { version: await version(sites), ...site_form });
  for (let n = 0; n < 60; n += 1) {
    const log = await (await page.request.get('/')).text();
    const hidden = (name) => log.match(new RegExp(`name="${name}" value="([^"]+)"`))[1];
    const text = `Kva kostar kano ${payload()}`;
    const form = { csrf: hidden('csrf'), key: hidden('key'), text, channel: 'phone' };
    const answer = await page.request.post('/log', { form, maxRedirects: 0 });
    assert.equal(answer.status(), 303, text);
  }
  await crawled();
  await send('/admin/jobs', '/admin/jobs', { job: 'topics', change: 'run' });
  const sent = new Set();
  let forms = 0;
  const first = await spider(async (path) => {
    for (const { to, fixed, texts, button } of await formsHere()) {
      const name = `${kind(to)} ${button ?? ''} ${texts}`;
      if (sent.has(name)) continue;
      sent.add(name);
      forms += 1;
      const filled = Object.fromEntries(texts.map((it) => [it, payload()]));
      if (button) filled[button[0]] = button[1];
      await send(path, to, { ...fixed, ...filled });
    }
  });
  const again = await spider();
  assert.deepEqual(ran, []);
  assert.deepEqual(reports, []);
  assert.ok(140 <= shown.size, `only ${shown.size} of ${PAYLOADS.length} were ever shown`);
  console.log(`${forms} forms filled, ${first} and ${again} pages looked at, ` +
    `${shown.size} payloads shown`);
});

test('what is asked for, mistyped or not found is said as words', async () => {
  const places = ['/inquiries?q=', '/topics?q=', '/words?q=', '/help?q=', '/today?q=', '/?text=',
    '/sign-in?next=', '/gaps?site=', '/readers?q=', '/views?of=gaps&query=', '/'];
  for (const [n, it] of PAYLOADS.entries()) {
    await page.goto(places[n % places.length] + encodeURIComponent(it));
    await seen();
  }
  // What one types is looked up, and what comes is drawn by a script.
  for (const words of ['kva kostar kano', 'utleige av kanoar']) {
    await page.goto('/');
    await page.locator('textarea[name=text]').first().pressSequentially(words);
    await page.locator('#hit-list li, #hit-list button').first().waitFor();
    await seen();
  }
  assert.deepEqual(ran, []);
  assert.deepEqual(reports, []);
});

test('letters and reports run nothing where no policy is around them', async () => {
  await page.goto('/digest');
  const week = new URL(page.url()).pathname.split('/').at(-1);
  const letter = await page.request.get(`/digest/${week}/letter/html`);
  const pages = [await letter.text()];
  await service.end();
  pages.push(service.command('report', '--format', 'html'));
  const out = join(service.folder, 'out');
  await mkdir(out);
  for (const [n, text] of pages.entries()) {
    const file = join(out, `${n}.html`);
    await writeFile(file, text);
    await page.goto(`file://${file}`);
    await seen();
  }
  assert.match(pages[1], new RegExp(`${RAN}\\(`), 'it has them');
  assert.deepEqual(ran, []);
});

const version = async (on) => {
  await page.goto(on);
  return page.locator('input[name=version]').first().inputValue();
};

async function crawled() {
  for (const until = Date.now() + CRAWL_SECONDS_MAX * 1000; Date.now() < until;) {
    const health = await (await page.request.get('/healthz')).json();
    const knows = JSON.stringify(health.jobs).includes('"crawl"');
    if (knows && PAYLOADS.length <= (await pagesRead())) return;
    await page.waitForTimeout(200);
  }
  assert.fail('the website was not read');
}

async function pagesRead() {
  await page.goto('/admin/sites');
  const row = await page.locator('main').textContent();
  return Math.max(0, ...[...row.matchAll(/\d+/g)].map((it) => Number(it[0])));
}

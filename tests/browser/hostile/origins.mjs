// A page of somebody else, open in the browser of an administrator who is signed in: whatever it
// sends, loads or opens, nothing changes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { openBrowser } from '../screen.mjs';
import { startService } from '../fresh.mjs';

const PASSPHRASE = 'fire raude bussar i regn';
let service;
let browser;
let context;
let page;
let evil;

before(async () => {
  service = await startService();
  browser = await openBrowser();
  context = await browser.newContext({ baseURL: service.url, locale: 'nn-NO' });
  page = await context.newPage();
  await page.goto('/setup');
  const first = { code: service.code, organisation: 'Fjordvik', login: 'marit', name: 'Marit' };
  for (const [name, value] of Object.entries({ ...first, passphrase: PASSPHRASE })) {
    await page.locator(`[name=${name}]`).fill(value);
  }
  await page.locator('[name=passphrase]').press('Enter');
  await page.waitForURL('**/admin/sites');
  // Another site to the browser, since its name differs.
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'text/html' });
    answer.end('<!doctype html><title>Vinn ein tur</title><p>Klikk her');
  });
  evil = await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server)));
});

after(async () => {
  await browser?.close();
  evil?.close();
  await service?.remove();
});

const ENTRY = { key: 'inq_0198a1b2c3d47e5f8a9b0c1d2e3f4a5b', text: 'Falsk' };

/** Each does one thing on the foreign page; `to` makes an address of ours. */
const ATTACKS = {
  'a form': ({ to, form, entry }) => form(to('/log'), entry),
  'a form with parts': ({ to, form, entry }) =>
    form(to('/log'), entry, 'multipart/form-data'),
  'a form that is JSON': ({ to, form, json }) =>
    form(to('/api/v1/inquiries'), { [json.slice(0, -1) + ',"x":"']: '"}' }, 'text/plain'),
  'a form that adds an administrator': ({ to, form }) => form(to('/admin/people'), {
    change: 'add', login: 'ola', name: 'Ola', role: 'admin', passphrase: 'fire raude bussar igjen',
  }),
  'a form that makes a token': ({ to, form }) => form(to('/admin/tokens'), {
    change: 'add', public: '0123456789ab', name: 'x', scope: 'log',
  }),
  'a form that signs out': ({ to, form }) => form(to('/sign-out'), {}),
  'a form that signs somebody else in': ({ to, form }) => form(to('/sign-in'), {
    login: 'marit', passphrase: 'fire raude bussar i regn',
  }),
  'a form in a frame without an origin': ({ to }) => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-forms allow-scripts');
    frame.srcdoc = `<form method=post action="${to('/log')}"><input name=text value=Falsk></form>` +
      '<script>document.forms[0].submit()</script>';
    document.body.append(frame);
  },
  'a request without questions': ({ to, json }) => fetch(to('/api/v1/inquiries'), {
    method: 'POST', mode: 'no-cors', credentials: 'include', body: json,
    headers: { 'content-type': 'text/plain' },
  }).catch(() => {}),
  'a request that asks first': ({ to, json }) => fetch(to('/api/v1/inquiries'), {
    method: 'POST', credentials: 'include', body: json,
    headers: { 'content-type': 'application/json', 'x-csrf': 'a' },
  }).catch(() => {}),
  'a request of another method': ({ to }) => Promise.all(['PUT', 'PATCH', 'DELETE'].map((method) =>
    fetch(to('/admin/people'), { method, credentials: 'include' }).catch(() => {}))),
  'a beacon': ({ to, json }) => navigator.sendBeacon(to('/api/v1/inquiries'), json),
  'pictures': ({ to }) => {
    for (const path of ['/sign-out', '/log/inq_1/undo', '/admin/jobs?job=crawl&change=run']) {
      new Image().src = to(path);
    }
  },
  'a window of ours': ({ to }) => {
    const opened = window.open(to('/admin/people?change=add&login=ola&role=admin'));
    try {
      opened.document.forms[0].submit();
    } catch {
      // It is another's document.
    }
  },
  'a frame of ours': ({ to }) => {
    const frame = document.createElement('iframe');
    frame.src = to('/admin/people');
    document.body.append(frame);
  },
};

/** What an administrator sees of everything that the attacks are after. */
async function state() {
  const seen = [];
  for (const path of ['/inquiries', '/admin/people', '/admin/tokens', '/admin/jobs', '/admin']) {
    const answer = await context.request.get(path);
    assert.equal(answer.status(), 200, `${path}: still signed in`);
    const text = await answer.text();
    const main = text.slice(text.indexOf('<main'), text.indexOf('</main>'));
    // Tokens of forms and keys differ each time.
    seen.push(main.replace(/value="[^"]*"/g, ''));
  }
  return createHash('sha256').update(seen.join()).digest('hex');
}

test('nothing of a foreign page changes anything or signs anybody out', async () => {
  const calm = await state();
  assert.equal(await state(), calm, 'looking changes nothing');
  const foreign = await context.newPage();
  const framed = [];
  foreign.on('frameattached', (it) => framed.push(it));
  for (const [name, attack] of Object.entries(ATTACKS)) {
    await foreign.goto(`http://localhost:${evil.address().port}/`);
    await foreign.evaluate(async ([text, address, body]) => {
      const to = (path) => address + path;
      const form = (action, fields, enctype = 'application/x-www-form-urlencoded') => {
        const it = document.createElement('form');
        Object.assign(it, { method: 'post', action, enctype, target: '_blank' });
        for (const [field, value] of Object.entries(fields)) {
          const input = document.createElement('input');
          Object.assign(input, { name: field, value });
          it.append(input);
        }
        document.body.append(it);
        it.submit();
      };
      // eslint-disable-next-line no-eval
      await eval(`(${text})`)({ to, form, json: body, entry: JSON.parse(body) });
    }, [attack.toString(), service.url, JSON.stringify(ENTRY)]);
    await foreign.waitForTimeout(150);
    assert.equal(await state(), calm, name);
  }
  const ours = framed.filter((it) => it.url().startsWith(service.url));
  for (const frame of ours) {
    const text = await frame.content().catch(() => '');
    assert.ok(!text.includes('<main'), 'nobody frames us');
  }
  console.log(`${Object.keys(ATTACKS).length} attacks of a foreign page`);
});

test('the same form from our own page is taken', async () => {
  const calm = await state();
  await page.goto('/');
  await page.locator('textarea[name=text]').first().fill('Når opnar symjehallen?');
  await page.keyboard.press('Enter');
  await page.locator('#recent-list li').first().waitFor();
  for (let n = 0; n < 100 && (await state()) === calm; n += 1) await page.waitForTimeout(50);
  assert.notEqual(await state(), calm);
});

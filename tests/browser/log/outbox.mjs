// The log screen without page loads: what is typed is put away, sent once, and never anybody
// else's.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openBrowser } from '../screen.mjs';
import { until } from './counter.mjs';
import {
  SAVE, counted, enter, isFocused, kept, openContext, openLog, row, saved, service, signIn, t,
} from './window.mjs';

test('saving loads no page; the row says saved after the acknowledgement only', async () => {
  const context = await openContext();
  const page = await openLog(context);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(SAVE, async (route) => {
    await held;
    await route.continue();
  });
  await page.evaluate(() => (globalThis.isSame = true));
  await enter(page, 'Når opnar badeanlegget?');
  const asked = row(page, 'Når opnar badeanlegget?');
  await asked.getByText(t('outbox.saving')).waitFor();
  assert.equal(await page.locator('#text').inputValue(), '');
  assert.ok(await isFocused(page), 'focus stays');
  assert.ok(await page.locator('#saved').isHidden());
  release();
  await saved(page, 'Når opnar badeanlegget?').waitFor();
  await page.locator('#saved').getByRole('button', { name: t('log.outcome.answered') }).click();
  await page.getByText(t('log.outcome_set')).waitFor();
  assert.match(await asked.textContent(), new RegExp(t('outcome.answered')));
  await page.locator('#saved').getByRole('button', { name: t('log.undo') }).click();
  await page.getByText(t('log.undone')).waitFor();
  assert.equal(await asked.count(), 0);
  assert.ok(await isFocused(page), 'focus is back');
  assert.ok(await page.evaluate(() => globalThis.isSame), 'no page was loaded');
  await context.close();
});

test('a number is masked before it is sent, and that is told', async () => {
  const context = await openContext();
  const page = await openLog(context);
  const sent = page.waitForRequest(SAVE);
  await enter(page, 'Kan de ringje 01818510078 om bosset?');
  assert.doesNotMatch((await sent).postData(), /01818510078/);
  await page.locator('#told').getByText(counted('log.masked', 1)).waitFor();
  await saved(page, 'Kan de ringje').waitFor();
  assert.deepEqual(await page.locator('body').getByText('01818510078').count(), 0);
  await context.close();
});

test('a mask that may be undone comes back with one press, for that text alone', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await enter(page, 'Ring 68 05 01 23 om bosset');
  await saved(page, 'om bosset').waitFor();
  await page.locator('#told').getByRole('button', { name: t('log.undo') }).click();
  await page.locator('#told').getByText(t('log.undone')).waitFor();
  assert.equal(await page.locator('#text').inputValue(), 'Ring 68 05 01 23 om bosset');
  await page.locator('#text').press('Enter');
  await saved(page, 'Ring 68 05 01 23 om bosset').waitFor();
  await enter(page, 'Ring 68 05 01 23 om skulen');
  await saved(page, 'om skulen').waitFor();
  assert.doesNotMatch(await row(page, 'om skulen').textContent(), /68 05 01 23/);
  await context.close();
});

test('what the service masks stands so in the row, and is told', async () => {
  const context = await openContext();
  const page = await openLog(context);
  const withNumber = (route) => {
    const postData = { ...route.request().postDataJSON(), text: 'Ring 01818510078 om bosset' };
    return route.continue({ postData: JSON.stringify(postData) });
  };
  await page.route(SAVE, withNumber, { times: 1 });
  await enter(page, 'Ring meg om bosset');
  await page.locator('#saved .masked:not([hidden])').waitFor();
  assert.match(await page.locator('#recent-list').textContent(), /Ring \[\S+\] om bosset/);
  await context.close();
});

test('the same key goes with every attempt, and a lost answer adds nothing', async () => {
  const context = await openContext();
  const page = await openLog(context);
  const keys = [];
  await page.route(SAVE, async (route) => {
    keys.push(route.request().postDataJSON().key);
    // The service keeps it; its answer is lost on the way the first time.
    const answer = await route.fetch();
    if (keys.length === 1) await route.abort();
    else await route.fulfill({ response: answer });
  });
  await enter(page, 'Kvar kjøper eg billett til ferja?');
  await page.getByText(counted('outbox.waiting', 1)).waitFor();
  await saved(page, 'Kvar kjøper eg billett til ferja?').waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  await page.unroute(SAVE);
  await page.reload();
  assert.equal(await row(page, 'Kvar kjøper eg billett til ferja?').count(), 1);
  await context.close();
});

test('a full disk is told of, and what waits is sent once there is room', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await page.route(SAVE, (route) => route.fulfill({ status: 507, body: '{}' }), { times: 1 });
  await enter(page, 'Kven har vakt i helga?');
  await page.getByText(counted('outbox.waiting_full', 1)).waitFor();
  await saved(page, 'Kven har vakt i helga?').waitFor();
  await context.close();
});

test('what the service does not take comes back into the field, with what is wrong', async () => {
  const context = await openContext();
  const page = await openLog(context);
  // The page itself stops what it knows to be wrong; here the service finds nothing to log.
  const without = (route) => {
    const postData = JSON.stringify({ ...route.request().postDataJSON(), text: '' });
    return route.continue({ postData });
  };
  await page.route(SAVE, without, { times: 1 });
  await page.locator('#text').fill('Er det lov å fyre bål?');
  await page.keyboard.press('Enter');
  await page.locator('#text[aria-invalid=true]').waitFor();
  assert.equal(await page.locator('#text').inputValue(), 'Er det lov å fyre bål?');
  assert.equal(await page.locator('#text-error').textContent(), t('log.too_short'));
  assert.ok(await isFocused(page));
  await page.reload();
  await page.locator('#log[data-ready]').waitFor();
  assert.equal(await page.locator('#text').inputValue(), 'Er det lov å fyre bål?');
  await page.locator('#text').press('Enter');
  await saved(page, 'Er det lov å fyre bål?').waitFor();
  assert.deepEqual((await kept(page)).outbox, [], 'nothing is left of the refused one');
  await context.close();
});

test('a service that hangs keeps no draft from coming back', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await page.locator('#text').fill('Har de plass på');
  await page.waitForTimeout(600);
  await page.close();
  await context.route('**/api/v1/**', () => {});
  const again = await openLog(context);
  assert.equal(await again.locator('#text').inputValue(), 'Har de plass på');
  await context.close();
});

test('a session that ends is begun again over the page, and nothing is typed twice', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await context.clearCookies({ name: 'skranke' });
  await enter(page, 'Korleis søkjer eg om støtte?');
  await page.locator('#sign-in').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText(counted('outbox.waiting_ended', 1)).waitFor();
  await page.locator('#queue').getByRole('button', { name: t('outbox.sign_in') }).click();
  await page.locator('#sign-in [name=login]').fill('kari');
  await page.locator('#sign-in [name=passphrase]').fill('feil passfrase her');
  await page.keyboard.press('Enter');
  await page.getByText(t('sign_in.failed')).waitFor();
  await signIn(page, 'kari', '#sign-in');
  await saved(page, 'Korleis søkjer eg om støtte?').waitFor();
  assert.ok(await page.locator('#queue').evaluate((it) => it.childNodes.length === 0));
  await context.close();
});

test('two windows of a browser send each entry once', async () => {
  const context = await openContext();
  const [one, other] = [await openLog(context), await openLog(context)];
  const sent = [];
  // One route for both: what is tried again while another is put up would pass unseen.
  let isCut = true;
  await context.route(SAVE, async (route) => {
    if (isCut) return route.abort();
    sent.push(route.request().postDataJSON().text);
    await new Promise((resolve) => setTimeout(resolve, 150));
    return route.continue();
  });
  const texts = ['a', 'b', 'c', 'd'].map((it) => `Kvar er skjema ${it.repeat(4)}?`);
  for (const [n, text] of texts.entries()) await enter(n % 2 ? one : other, text);
  isCut = false;
  const online = (page) => page.evaluate(() => dispatchEvent(new Event('online')));
  await Promise.all([one, other].map(online));
  for (const page of [one, other]) {
    await until('nothing waits', async () =>
      (await page.locator('#log').getAttribute('data-waiting')) === '0');
  }
  assert.deepEqual(sent.sort(), texts, 'each once');
  for (const [n, text] of texts.entries()) await saved(n % 2 ? one : other, text).waitFor();
  await context.close();
});

test('another person at the same browser neither reads nor sends what waits', async () => {
  const context = await openContext();
  let page = await openLog(context, 'kari');
  await context.route(SAVE, (route) => route.abort());
  await enter(page, 'Kan eg leige kanoar?');
  await row(page, 'Kan eg leige kanoar?').waitFor();
  await page.locator('#text').fill('Eit halvferdig spørsmål');
  await page.waitForTimeout(600);
  const before = await kept(page);
  const key = { extractable: false, usages: ['encrypt', 'decrypt'] };
  assert.deepEqual(before.keys.map((it) => it.key), [key]);
  assert.equal(before.outbox.length + before.drafts.length, 2);
  assert.doesNotMatch(JSON.stringify(before), /kanoar|halvferdig/);
  await context.clearCookies({ name: 'skranke' });
  await page.close();
  await context.unroute(SAVE);
  const sent = [];
  await context.route(SAVE, (route) => {
    sent.push(route.request().postDataJSON().text);
    return route.continue();
  });
  page = await openLog(context, 'ola');
  assert.equal(await page.locator('#text').inputValue(), '');
  assert.equal(await row(page, 'kanoar').count(), 0);
  await enter(page, 'Når kjem bussen?');
  await saved(page, 'Når kjem bussen?').waitFor();
  const theirs = await kept(page);
  const persons = new Set(theirs.keys.map((it) => it.person));
  assert.equal(persons.size, 1, 'the first one has no key here');
  assert.deepEqual(sent, ['Når kjem bussen?']);
  await page.getByRole('button', { name: t('frame.sign_out') }).click();
  await page.waitForURL('**/sign-in');
  assert.deepEqual((await kept(page)).keys, []);
  assert.equal((await kept(page)).outbox.length, 1, 'what waits for the first one is still there');
  page = await openLog(context, 'kari');
  await saved(page, 'Kan eg leige kanoar?').waitFor();
  assert.equal(await page.locator('#text').inputValue(), 'Eit halvferdig spørsmål');
  await context.close();
});

test('a window that stays open sends nothing under the name of another', async () => {
  const context = await openContext();
  const [first, second] = [await openLog(context, 'kari'), await context.newPage()];
  await context.clearCookies({ name: 'skranke' });
  await second.goto('/sign-in');
  await signIn(second, 'ola');
  await second.locator('#log[data-ready]').waitFor();
  await enter(first, 'Kva kostar det å parkere?');
  await first.getByText(counted('outbox.waiting_other', 1)).waitFor();
  assert.equal(await row(second, 'parkere').count(), 0);
  await context.close();
});

test('signing out takes all with it once nothing waits, and warns until then', async () => {
  const context = await openContext({ serviceWorkers: 'allow' });
  const page = await openLog(context);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await until('the page is kept', () =>
    page.evaluate(async () => Boolean(await caches.match('/log/shell'))));
  await context.setOffline(true);
  await enter(page, 'Kvar er fundkontoret?');
  await row(page, 'Kvar er fundkontoret?').waitFor();
  const out = page.getByRole('button', { name: t('frame.sign_out'), exact: true });
  await out.click();
  await page.getByText(counted('frame.leave.waiting', 1)).waitFor();
  await page.getByRole('button', { name: t('frame.leave.stay') }).click();
  assert.equal(new URL(page.url()).pathname, '/');
  await context.setOffline(false);
  await saved(page, 'Kvar er fundkontoret?').waitFor();
  await out.click();
  await page.waitForURL('**/sign-in');
  assert.deepEqual(await kept(page), { keys: [], drafts: [], outbox: [] });
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  await context.close();
});

test('Esc moves the text to the drafts, and the drafts give it back', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await page.locator('#text').fill('Ein tanke til seinare');
  await page.locator('#text').press('Escape');
  assert.equal(await page.locator('#text').inputValue(), '');
  await page.locator('#told').getByRole('button', { name: t('log.undo') }).click();
  assert.equal(await page.locator('#text').inputValue(), 'Ein tanke til seinare');
  await page.locator('#text').press('Escape');
  await page.reload();
  await page.locator('#log[data-ready]').waitFor();
  assert.equal(await page.locator('#text').inputValue(), '', 'what was put aside stays there');
  await page.locator('#drafts summary').click();
  await page.locator('#drafts').getByRole('button', { name: t('outbox.take_out') }).click();
  assert.equal(await page.locator('#text').inputValue(), 'Ein tanke til seinare');
  await page.locator('#drafts').waitFor({ state: 'hidden' });
  await context.close();
});

test('what was being typed is given back at the next start, and can be put aside', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await page.locator('#text').fill('Kan eg få levert');
  await page.waitForTimeout(600);
  await page.close();
  const again = await openLog(context);
  assert.equal(await again.locator('#text').inputValue(), 'Kan eg få levert');
  await again.locator('#told').getByText(t('outbox.given_back')).waitFor();
  const third = await openLog(context);
  assert.equal(await third.locator('#text').inputValue(), '', 'it is in one window only');
  await again.locator('#told').getByRole('button', { name: t('log.undo') }).click();
  assert.equal(await again.locator('#text').inputValue(), '');
  await again.locator('#drafts').waitFor();
  await context.close();
});

test('a newer page is offered only while nothing is typed and nothing waits', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await page.route('**/api/v1/session', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...(await answer.json()), build: 'another' } });
  });
  await page.locator('#text').fill('Midt i noko');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.waitForResponse('**/api/v1/session');
  await page.waitForTimeout(200);
  assert.ok(await page.locator('#offer').isHidden());
  await page.locator('#text').fill('');
  await page.locator('#offer').waitFor();
  await context.close();
});

test('without a database the page says so, goes on sending, and holds the window', async () => {
  const context = await openContext();
  await context.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
  });
  const page = await openLog(context);
  await page.getByText(t('outbox.memory')).waitFor();
  await context.route(SAVE, (route) => route.abort());
  await enter(page, 'Kvar står minibussen?');
  await row(page, 'Kvar står minibussen?').waitFor();
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  await (await asked).dismiss();
  await context.unroute(SAVE);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await saved(page, 'Kvar står minibussen?').waitFor();
  await context.close();
});

test('a start without service and key is told of, and mended once it answers', async () => {
  const context = await openContext();
  const page = await openLog(context);
  await page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('skranke');
    request.onsuccess = resolve;
    request.onerror = reject;
  }));
  // Never taken away: a request that is under way just then would hang.
  let isAway = true;
  const gate = (route) => (isAway ? route.abort() : route.continue());
  await context.route('**/api/v1/session', gate);
  await page.goto('/log/shell');
  await page.locator('#log[data-ready]').waitFor();
  await enter(page, 'Kor er nøklane til idrettshuset?');
  await page.getByText(t('outbox.memory')).waitFor();
  isAway = false;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await saved(page, 'idrettshuset').waitFor();
  await page.locator('#unsafe').waitFor({ state: 'hidden' });
  assert.equal((await kept(page)).keys.length, 1);
  await page.locator('#offer').waitFor();
  assert.ok(await page.locator('#cut-off').isHidden());
  await context.close();
});

test('over plain http from another machine it is said in words that nothing is kept', async () => {
  const plain = await openBrowser(['--host-resolver-rules=MAP skranke.test 127.0.0.1']);
  const url = `http://skranke.test:${service.port}`;
  const context = await plain.newContext({ baseURL: url, locale: 'nn-NO' });
  context.setDefaultTimeout(15_000);
  const page = await openLog(context);
  await page.getByText(t('outbox.insecure')).waitFor();
  await enter(page, 'Når er kyrkja open?');
  await saved(page, 'Når er kyrkja open?').waitFor();
  await plain.close();
});

test('Skranke can be installed as an app', async () => {
  const context = await openContext({ serviceWorkers: 'allow' });
  const page = await openLog(context);
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = await (await page.request.get(href)).json();
  for (const icon of manifest.icons) {
    const answer = await page.request.get(icon.src);
    assert.equal(answer.status(), 200, icon.src);
    assert.match(answer.headers()['content-type'], /^image\//);
  }
  const session = await context.newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  const ids = installabilityErrors.map((it) => it.errorId).filter((it) => it !== 'in-incognito');
  assert.deepEqual(ids, []);
  await context.close();
});

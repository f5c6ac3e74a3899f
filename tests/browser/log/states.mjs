// Every state of the log screen and of the day, in every look.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { looked } from '../a11y/looks.mjs';
import { catalogue } from '../demo.mjs';
import { LANGS, PICTURES } from '../screen.mjs';
import { SAVE, counter, enter, openContext, openLog, row, saved, service } from './window.mjs';

const SUGGEST = '**/api/v1/suggest';
const MADE_UP = {
  is_down: false,
  answer: { text: 'Heile året, 10 til 20.', day: '12. oktober', inquiry: `inq_${'0'.repeat(32)}` },
  passages: [
    {
      address: 'https://fjordvik.example/symjehallen',
      title: 'Symjehallen',
      heading: 'Opningstider',
      parts: [{ text: 'Hallen er ', marked: false }, { text: 'open', marked: true }], lang: 'nn',
    },
    {
      address: 'https://fjordvik.example/en/pool',
      title: 'Swimming pool',
      heading: '',
      parts: [{ text: 'The pool is open', marked: false }], lang: 'en',
    },
  ],
  earlier: [
    { inquiry: `inq_${'1'.repeat(32)}`, text: 'Når opnar symjehallen?', count: 27, state: 'taken' },
  ],
};

after(() => console.log(`Pictures of the states: ${PICTURES}`));

async function type(page, text) {
  await page.locator('#text').focus();
  await page.keyboard.insertText(text);
}

/** How each state of the log screen is reached. */
const STATES = {
  async empty() {},
  async hits(page) {
    await page.route(SUGGEST, (route) => route.fulfill({ json: MADE_UP }));
    await type(page, 'når er symjehallen open');
    await page.locator('.hit').first().waitFor();
    const langs = await page.locator('.hit-text').evaluateAll((all) => all.map((it) => it.lang));
    assert.deepEqual(langs.filter(Boolean), ['nn', 'en'], 'each passage says its language');
  },
  async no_hit(page, { t }) {
    await type(page, 'xylofonkurs');
    await page.getByText(t('log.no_hits')).waitFor();
  },
  async down(page, { t }) {
    await page.route(SUGGEST, (route) => route.abort());
    await type(page, 'når er symjehallen open');
    await page.getByText(t('log.search_down')).waitFor();
  },
  async slow(page, { t }) {
    await page.route(SUGGEST, () => {});
    await type(page, 'når er symjehallen open');
    await page.getByText(t('log.search_down')).waitFor();
  },
  async saving(page, { t }) {
    await page.route(SAVE, () => {});
    await enter(page, 'Er biblioteket ope?');
    await page.getByText(t('outbox.saving')).waitFor();
  },
  async saved(page) {
    await enter(page, 'Når opnar symjehallen i helga?');
    await saved(page, 'symjehallen').first().waitFor();
  },
  async masked(page, { counted }) {
    await enter(page, 'Ring 68 05 01 23 om bosset');
    await page.locator('#told').getByText(counted('log.masked', 1)).waitFor();
    await saved(page, 'om bosset').first().waitFor();
  },
  async names(page) {
    await type(page, 'Kari Nordmann lurer på når bosset blir henta');
    await page.locator('#names:not([hidden])').waitFor();
  },
  async waiting(page, { counted }) {
    await page.route(SAVE, (route) => route.abort());
    await enter(page, 'Kvar kan eg levere maling som er til overs etter at huset er måla?');
    await page.getByText(counted('outbox.waiting', 1)).waitFor();
    await page.locator('#text').fill('Ein kladd som ligg her lenge, og som er lang');
    await page.locator('#text').press('Escape');
    await page.locator('#drafts summary').click();
    await page.locator('#text').fill('neste spørsmål');
  },
  async refused(page, { t }) {
    const wrong = { field: 'text', detail: t('log.too_long') };
    let release;
    const typedOn = new Promise((resolve) => (release = resolve));
    await page.route(SAVE, async (route) => {
      await typedOn;
      await route.fulfill({ status: 422, json: wrong });
    });
    await enter(page, 'Eit langt spørsmål til');
    await page.locator('#text').fill('skriv vidare');
    release();
    await row(page, 'Eit langt').getByRole('button', { name: t('outbox.mend') }).waitFor();
  },
  async back(page, { t }) {
    const wrong = { field: 'text', detail: t('log.too_long') };
    await page.route(SAVE, (route) => route.fulfill({ status: 422, json: wrong }));
    await enter(page, 'Eit langt spørsmål');
    await page.locator('#text[aria-invalid=true]').waitFor();
  },
  async ended(page) {
    await page.context().clearCookies({ name: 'skranke' });
    await enter(page, 'Kan eg få att depositumet?');
    await page.locator('#sign-in').waitFor();
  },
  async leaving(page, { t }) {
    await page.route(SAVE, (route) => route.abort());
    await enter(page, 'Har de opent i romjula?');
    await row(page, 'romjula').first().waitFor();
    await page.getByRole('button', { name: t('frame.sign_out'), exact: true }).click();
    await page.locator('#leave').waitFor();
  },
  async keys(page, { t }) {
    await page.getByRole('button', { name: t('help.keys_open') }).click();
    await page.locator('#keys').waitFor();
  },
  async shell(page) {
    await page.route('**/api/v1/session', (route) => route.abort());
    await page.goto('/log/shell');
    await page.locator('#log[data-ready]').waitFor();
    await page.locator('#text').fill('Når går ferja');
  },
  async told(page, { t }) {
    await service.put('Hovudvatnet er stengt i Lia til klokka 14.');
    for (let n = 0; n < 8; n += 1) await service.log('Kvifor er det ikkje vatn i Lia?');
    await page.reload();
    await page.locator('.surge-line').getByRole('button', { name: t('log.same') }).waitFor();
    await page.getByText('Hovudvatnet er stengt').waitFor();
  },
};

/** How each state of the day is reached. */
const DAY = {
  async filled(page) {
    await page.locator('.own summary').first().click();
  },
  async wrong(page, { t }) {
    await page.locator('#lines').fill('600 x når er de opne');
    await page.locator('#batch').getByRole('button', { name: t('log.save') }).click();
    await page.locator('#lines-error').waitFor();
  },
  async found_none(page, { t }) {
    await page.locator('#q').fill('xylofonkurs');
    await page.locator('#q').press('Enter');
    await page.getByText(t('today.found_none')).waitFor();
  },
};

async function isOpenToEverybody(name, lang, reach) {
  const context = await openContext();
  const page = await openLog(context, `ola-${lang}`);
  assert.equal(await page.locator('html').getAttribute('lang'), lang);
  await reach(page, counter(await catalogue(lang)));
  await page.waitForTimeout(200);
  assert.deepEqual(await looked(page, `${name}-${lang}`), []);
  await context.close();
}

for (const lang of LANGS) {
  for (const [name, reach] of Object.entries(STATES)) {
    test(`the log screen is open to everybody when ${name} in ${lang}`, () =>
      isOpenToEverybody(`log-${name}`, lang, reach));
  }
  for (const [name, reach] of Object.entries(DAY)) {
    test(`the day is open to everybody when ${name} in ${lang}`, () =>
      isOpenToEverybody(`today-${name}`, lang, async (page, texts) => {
        await page.goto('/today');
        await reach(page, texts);
      }));
  }
}

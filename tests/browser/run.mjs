// The demo through a real browser: what reception and editors do, and every screen for everybody.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { looked } from './a11y/looks.mjs';
import { LANGS, PICTURES, findings, overflow, picture } from './screen.mjs';
import { inWindow, open, signIn, speak } from './visit.mjs';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
after(() => console.log(`Pictures of the screens: ${PICTURES}`));

const ADMIN_SCREENS = [
  '/', '/today', '/gaps', '/topics', '/inquiries', '/words', '/views', '/account',
  '/account/second-step', '/figures',
  '/digest', '/readers', '/help', '/admin', '/admin/desks', '/admin/sites', '/admin/people',
  '/admin/tokens', '/admin/hooks',
  '/admin/jobs', '/admin/retention', '/admin/personal-data', '/admin/timing', '/admin/calls',
  '/admin/audit',
  '/admin/system', '/admin/licences', '/api', '/admin/papers', '/admin/papers/record',
  '/admin/inspection?from=2020-01-01&to=2020-01-02', '/admin/mail', '/help/log', '/help/repeats',
  '/help/sign-in',
  '/help/gaps', '/help?q=slette',
];

/** A question that nobody has asked before; without digits, which could be masked. */
function newQuestion() {
  const letters = [...Date.now().toString(26)].map((it) => ALPHABET[parseInt(it, 26)]);
  return `Når opnar utleige av kanoar ved ${letters.join('')}tjern?`;
}

/** The question stands first among the last five. */
async function standsFirst(page, t, question) {
  const recent = page.getByRole('region', { name: t('log.recent') }).getByRole('listitem');
  await recent.filter({ hasText: question }).waitFor();
  assert.match(await recent.first().textContent(), new RegExp(question.replace('?', '\\?')));
  assert.ok((await recent.count()) <= 5, 'at most five are shown');
}

test('a question logged with the keyboard stands among the last five', async () => {
  for (const width of [1280, 320]) {
    await inWindow({ width }, async (page) => {
      const t = await signIn(page, 'reception');
      await page.goto('/');
      const field = page.getByLabel(t('log.question'));
      assert.ok(await field.evaluate((it) => it === document.activeElement), 'the field has focus');
      const question = newQuestion();
      await page.keyboard.type(question);
      await page.keyboard.press('Enter');
      await standsFirst(page, t, question);
      assert.equal(await page.getByLabel(t('log.question')).inputValue(), '', 'the field is empty');
      await picture(page, `logged-${width}`);
    });
  }
});

test('without script a question is logged too', async () => {
  await inWindow({ script: false }, async (page) => {
    const t = await signIn(page, 'reception');
    await page.goto('/');
    const question = newQuestion();
    await page.getByLabel(t('log.question')).fill(question);
    await page.getByRole('button', { name: t('log.save') }).focus();
    await page.keyboard.press('Enter');
    await standsFirst(page, t, question);
  });
});

test('an editor finds the gaps and the evidence of the first', async () => {
  for (const width of [1280, 320]) {
    await inWindow({ width }, async (page) => {
      const t = await signIn(page, 'editor');
      await page.goto('/');
      const menu = page.getByRole('navigation');
      await menu.getByRole('link', { name: t('gaps.title') }).first().focus();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/gaps');
      const first = page.getByRole('table').locator('tbody').getByRole('link').first();
      const name = (await first.textContent()).trim();
      await first.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name }).waitFor();
      for (const part of ['gap.why', 'gap.near', 'gap.questions', 'gap.do']) {
        await page.getByRole('heading', { name: t(part), exact: true }).waitFor();
      }
    });
  }
});

test('a question that was asked before is one key away', async () => {
  await inWindow({}, async (page) => {
    const t = await signIn(page, 'reception');
    await page.goto('/');
    await page.keyboard.type('når opnar symjehallen');
    const repeat = page.locator('#hit-list').getByRole('button', { name: t('log.same') }).first();
    await repeat.waitFor();
    await page.keyboard.press('ArrowDown');
    const focused = () => page.evaluate(() => document.activeElement.name);
    for (let steps = 0; (await focused()) !== 'same_as' && steps < 9; steps += 1) {
      await page.keyboard.press('ArrowDown');
    }
    assert.equal(await focused(), 'same_as');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: t('log.saved').split('{')[0].trim() }).waitFor();
  });
});

test('reception is told politely that the gaps are not theirs', async () => {
  await inWindow({}, async (page) => {
    const t = await signIn(page, 'reception');
    const answer = await page.goto('/gaps');
    assert.equal(answer.status(), 403);
    await page.getByRole('heading', { level: 1, name: t('error.title.forbidden') }).waitFor();
    assert.deepEqual(await findings(page), []);
  });
});

test('on paper there is nothing to press, and all of it fits', async () => {
  await inWindow({ width: 700 }, async (page) => {
    await signIn(page, 'editor');
    for (const path of ['/', '/today', '/gaps', '/gaps/*']) {
      if (path.endsWith('*')) {
        await page.getByRole('table').locator('tbody').getByRole('link').first().click();
        await page.waitForURL('**/gaps/*');
      } else await page.goto(path);
      await page.emulateMedia({ media: 'print' });
      const pressed = await page.locator('button, select, input').evaluateAll((all) =>
        all.filter((it) => it.checkVisibility()).map((it) => it.outerHTML.slice(0, 90)));
      assert.deepEqual(pressed.filter((it) => !it.includes('tabindex="-1"')), [], path);
      assert.ok((await overflow(page)) <= 0, path);
      await picture(page, `paper${path.replaceAll(/\W+/g, '-')}`);
      await page.emulateMedia({ media: 'screen' });
    }
  });
});

for (const lang of LANGS) {
  test(`every screen is open to everybody in ${lang}`, async (t) => {
    const { page, faults, close } = await open();
    const look_at = (path, name = path) =>
      t.test(name, async () => {
        const answer = await page.goto(path);
        assert.equal(answer.status(), 200);
        assert.equal(await page.locator('html').getAttribute('lang'), lang);
        const shot = `${lang}${name.replaceAll(/[/?=&]/g, '-').replace(/-$/, '-log')}`;
        assert.deepEqual(await looked(page, shot), []);
        assert.deepEqual(faults.splice(0), []);
      });
    try {
      await page.goto('/sign-in');
      await speak(page, lang);
      await look_at('/sign-in');
      await signIn(page, 'admin');
      await speak(page, lang);
      for (const path of ADMIN_SCREENS) await look_at(path);
      await page.goto('/admin/sites');
      const site = page.locator('main a[href^="/admin/site?"]').first();
      await look_at(await site.getAttribute('href'), '/admin/site');
      // One page as a crawl would read it, beside what the website sent.
      await page.locator('form[action="/admin/look"] button').click();
      await page.waitForURL('**/admin/look/*');
      await page.locator('iframe.sent').waitFor();
      await look_at(new URL(page.url()).pathname, '/admin/look');
      // Last week's letter, framed as mail programs show it.
      await page.goto('/readers');
      const letter = page.locator('main a[href$="/letter"]').first();
      await look_at(await letter.getAttribute('href'), '/letter');
      for (const list of ['/gaps', '/topics']) {
        await page.goto(list);
        const first = page.getByRole('table').locator('tbody').getByRole('link').first();
        await look_at(await first.getAttribute('href'));
      }
    } finally {
      await close();
    }
  });
}

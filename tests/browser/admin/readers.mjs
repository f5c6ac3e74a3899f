// Readers of the letter with keys alone: one is added, changed and stopped, and the way back holds;
// somebody at the desk asks for the letter.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { looked } from '../a11y/looks.mjs';
import { inWindow, signIn } from '../visit.mjs';

const TABS_MAX = 250;

/** Presses Tab until the focus is on the target, then a key. */
async function press(page, target, key = 'Enter') {
  for (let n = 0; n < TABS_MAX; n += 1) {
    if (await target.evaluate((it) => it === document.activeElement)) {
      await page.keyboard.press(key);
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not come to ${target}`);
}

/** Goes to a field by Tab and types. */
async function type(page, field, text) {
  await press(page, field, 'Control+A');
  await page.keyboard.type(text);
}

test('with keys alone a reader is added, changed, stopped and put back', async () => {
  for (const width of [1280, 320]) {
    await inWindow({ width }, async (page) => {
      const t = await signIn(page, 'editor');
      await page.goto('/readers');
      const mail = `lesar${width}@elsewhere.example`;
      await type(page, page.getByLabel(t('readers.name'), { exact: true }), `Lesar ${width}`);
      await type(page, page.getByLabel(t('readers.mail'), { exact: true }), mail);
      await page.keyboard.press('Enter');
      const row = page.getByRole('row').filter({ hasText: mail });
      await row.getByText(t('readers.state.asked')).waitFor();
      assert.deepEqual(await looked(page, `readers-asked-${width}`), []);
      await press(page, row.getByRole('link', { name: t('readers.edit') }));
      await page.getByRole('heading', { name: t('readers.edit_title') }).waitFor();
      const often = page.getByLabel(t('readers.how_often'), { exact: true });
      await press(page, often, 'ArrowDown');
      assert.equal(await often.inputValue(), 'monthly');
      await press(page, page.getByRole('button', { name: t('frame.save') }));
      await row.getByText(t('readers.often.monthly')).waitFor();
      await press(page, row.getByRole('button', { name: t('readers.stop') }));
      await press(page, page.getByRole('button', { name: t('readers.undo') }));
      await row.getByText(t('readers.often.monthly')).waitFor();
    });
  }
});

test('somebody at the desk asks for the letter and stops it', async () => {
  await inWindow({ width: 320 }, async (page) => {
    const t = await signIn(page, 'reception');
    await page.goto('/account');
    await type(page, page.getByLabel(t('readers.mail'), { exact: true }), 'nei@elsewhere.example');
    await page.keyboard.press('Enter');
    await page.getByText(t('readers.state.asked')).waitFor();
    assert.deepEqual(await looked(page, 'account-asked'), []);
    await press(page, page.getByRole('button', { name: t('account.letter_stop') }));
    await page.getByRole('button', { name: t('account.letter_want') }).waitFor();
  });
});

test('a link that is not right says so', async () => {
  await inWindow({}, async (page) => {
    const answer = await page.goto('/stop/x');
    assert.equal(answer.status(), 404);
    assert.deepEqual(await looked(page, 'stop-gone'), []);
  });
});

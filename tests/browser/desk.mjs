// Topics, questions and words as editors handle them: by mouse, and by keys alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { overflow } from './screen.mjs';
import { inWindow, signIn } from './visit.mjs';

/** Goes on with Tab until something is focused; a person would not go further. */
async function tabTo(page, locator) {
  const STOPS_MAX = 400;
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    if (await locator.evaluate((it) => it === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail('it cannot be reached by the Tab key');
}

test('topics are narrowed and one is renamed, by mouse', async () => {
  await inWindow({}, async (page) => {
    const t = await signIn(page, 'editor');
    await page.goto('/topics');
    await page.locator('select[name=verdict]').selectOption('missing');
    await page.getByRole('button', { name: t('frame.filter'), exact: true }).click();
    await page.waitForURL(/verdict=missing/);
    const some = page.locator('table.topics tbody tr');
    const passed = await some.count();
    const fit = some.filter({ hasText: t('verdict.missing') });
    assert.ok(0 < passed && passed === await fit.count(), `${passed} pass the filter`);
    await some.first().locator('td.name a').click();
    await page.getByLabel(t('topic.name'), { exact: true }).fill('Eit namn frå ein prøve');
    await page.getByRole('button', { name: t('topic.rename'), exact: true }).click();
    await page.locator('h1', { hasText: 'Eit namn frå ein prøve' }).waitFor();
    assert.equal(await overflow(page), 0);
  });
});

test('a topic is renamed with keys alone', async () => {
  await inWindow({}, async (page) => {
    const t = await signIn(page, 'editor');
    await page.goto('/topics');
    await tabTo(page, page.locator('table.topics td.name a').nth(1));
    await page.keyboard.press('Enter');
    const name = page.getByLabel(t('topic.name'), { exact: true });
    await name.waitFor();
    await tabTo(page, name);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('Med tastar');
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'Med tastar' }).waitFor();
  });
});

test('two who rename a topic at once see both texts, and one saves on top', async () => {
  await inWindow({}, async (page) => {
    const t = await signIn(page, 'editor');
    await page.goto('/topics');
    const href = await page.locator('table.topics td.name a').nth(2).getAttribute('href');
    await page.goto(href);
    const other = await page.context().newPage();
    await other.goto(href);
    await other.getByLabel(t('topic.name'), { exact: true }).fill('Den andre sitt');
    await other.getByRole('button', { name: t('topic.rename'), exact: true }).click();
    await other.locator('h1', { hasText: 'Den andre sitt' }).waitFor();
    await other.close();
    await page.getByLabel(t('topic.name'), { exact: true }).fill('Mitt eige');
    const answered = page.waitForResponse((it) => it.status() === 412);
    await page.getByRole('button', { name: t('topic.rename'), exact: true }).click();
    await answered;
    assert.equal(await page.locator('#stored').inputValue(), 'Den andre sitt');
    assert.equal(await page.locator('#typed').inputValue(), 'Mitt eige');
    await page.getByRole('button', { name: t('gap.conflict_save'), exact: true }).click();
    await page.locator('h1', { hasText: 'Mitt eige' }).waitFor();
  });
});

test('questions are found, ticked and left on their own, by mouse and by keys', async () => {
  await inWindow({}, async (page) => {
    const t = await signIn(page, 'editor');
    await page.goto('/inquiries');
    await page.locator('input[name=inquiry]').first().check();
    await page.getByRole('button', { name: t('inquiries.do_none'), exact: true }).click();
    await page.waitForURL(/page=1/);
    const box = page.locator('input[name=inquiry]').nth(1);
    await tabTo(page, box);
    await page.keyboard.press('Space');
    assert.ok(await box.isChecked());
    const act = page.getByRole('button', { name: t('inquiries.do_none'), exact: true });
    await tabTo(page, act);
    await page.keyboard.press('Enter');
    // The page that is there is loaded already: what tells is that the tick is gone.
    await page.locator('input[name=inquiry]:checked').waitFor({ state: 'detached' });
    assert.equal(await page.locator('input[name=inquiry]:checked').count(), 0);
    assert.equal(await overflow(page), 0);
  });
});

test('a text is hidden only for a reason, with keys alone', async () => {
  await inWindow({}, async (page) => {
    const t = await signIn(page, 'editor');
    await page.goto('/inquiries');
    const box = page.locator('input[name=inquiry]').first();
    const id = await box.getAttribute('value');
    await tabTo(page, box);
    await page.keyboard.press('Space');
    await tabTo(page, page.locator('summary', { hasText: t('inquiries.mask_open') }));
    await page.keyboard.press('Enter');
    const why = page.locator('#why');
    await tabTo(page, why);
    await page.keyboard.press('ArrowDown');
    const chosen = await why.inputValue();
    assert.equal(chosen, 'caller');
    await tabTo(page, page.getByRole('button', { name: t('inquiries.do_hide_text'), exact: true }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/page=1/);
    assert.equal(await page.locator(`input[value="${id}"]`).count(), 0, 'its words are gone');
  });
});

test('a row of words is added by mouse and taken out with keys', async () => {
  await inWindow({}, async (page) => {
    const t = await signIn(page, 'editor');
    await page.goto('/words');
    await page.getByLabel(t('words.said'), { exact: true }).fill('bosspann');
    await page.getByLabel(t('words.written'), { exact: true }).fill('avfallsdunk');
    await page.getByRole('button', { name: t('words.add'), exact: true }).click();
    const row = page.locator('table.words tbody tr', { hasText: 'bosspann' });
    await row.waitFor();
    await tabTo(page, row.getByRole('button'));
    await page.keyboard.press('Enter');
    await row.waitFor({ state: 'detached' });
  });
});

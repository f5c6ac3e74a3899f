// Desks and channels as an administrator handles them: by keys alone, on a phone, without scripts.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LOOKS, dress, findings, overflow, picture } from '../screen.mjs';
import { inWindow, signIn } from '../visit.mjs';

const STOPS_MAX = 400;

/** Goes on with Tab until something is focused; a person would not go further. */
async function tabTo(page, locator) {
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    if (await locator.evaluate((it) => it === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail('it cannot be reached by the Tab key');
}

const names = (page) =>
  page.locator('table.places').first().locator('tbody .name > strong').allTextContents();

test('a desk is added, named, moved and archived with keys alone', async () => {
  await inWindow({}, async (page) => {
    const t = await signIn(page, 'admin');
    await page.goto('/admin/desks');
    const before = await names(page);
    await tabTo(page, page.locator('#new-nn'));
    await page.keyboard.type('Innbyggjartorget');
    await page.keyboard.press('Enter');
    await page.getByText(t('places.added').replace('{name}', 'Innbyggjartorget')).waitFor();
    assert.deepEqual(await names(page), [...before, 'Innbyggjartorget']);
    const row = page.locator('table.places').first().locator('tbody tr').last();
    const up = row.locator('button[value=up]');
    await tabTo(page, up);
    await page.keyboard.press('Enter');
    const moved = page.locator('tbody tr', { hasText: 'Innbyggjartorget' });
    await page.getByText(t('places.moved').replace('{name}', 'Innbyggjartorget')).waitFor();
    assert.equal((await names(page)).at(-2), 'Innbyggjartorget');
    // The next press goes on where the last one ended.
    const again = moved.locator('button[value=up]');
    await page.waitForFunction(() => document.activeElement?.value === 'up');
    assert.ok(await again.evaluate((it) => it === document.activeElement), 'focus follows');
    await tabTo(page, moved.locator('summary'));
    await page.keyboard.press('Enter');
    await tabTo(page, moved.locator('input[name=name_en]'));
    await page.keyboard.type('Citizen centre');
    await page.keyboard.press('Enter');
    await page.getByText(t('places.renamed').replace('{name}', 'Innbyggjartorget')).waitFor();
    await tabTo(page, moved.locator('button[value=archive]'));
    await page.keyboard.press('Enter');
    await page.locator('#desks-title ~ h3', { hasText: t('places.archived_desks') }).waitFor();
    assert.deepEqual(await names(page), before);
  });
});

test('the lists read well on a desk and on a phone, in light and dark', async () => {
  await inWindow({}, async (page) => {
    const t = await signIn(page, 'admin');
    await page.goto('/admin/desks');
    await page.locator('#new-en').fill('Only English');
    await page.getByRole('button', { name: t('places.add'), exact: true }).click();
    await page.locator('#new-error').waitFor();
    await page.locator('table.places details').first().locator('summary').click();
    for (const look of LOOKS) {
      await dress(page, look);
      assert.deepEqual(await findings(page), [], look.name);
      assert.equal(await overflow(page), 0, look.name);
      await picture(page, `places-${look.name}`);
    }
  });
});

test('a channel is named and moved without scripts, on a phone', async () => {
  await inWindow({ width: 320, script: false }, async (page) => {
    const t = await signIn(page, 'admin');
    await page.goto('/admin/desks');
    const row = page.locator('#channel-desk');
    await row.locator('summary').click();
    await row.locator('input[name=name_nn]').fill('Torget');
    await row.getByRole('button', { name: t('frame.save') }).click();
    await page.getByText(t('places.renamed').replace('{name}', 'Torget')).waitFor();
    await page.locator('#channel-desk button[value=up]').click();
    await page.getByText(t('places.moved').replace('{name}', 'Torget')).waitFor();
    await page.goto('/');
    const labels = await page.locator('fieldset.channels label').allTextContents();
    assert.equal(labels[0], 'Torget');
  });
});

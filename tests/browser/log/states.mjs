// Every state of the log screen, looked at by axe-core and left as a picture.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { PICTURES, findings, overflow, picture } from '../screen.mjs';
import { SAVE, counted, enter, openContext, openLog, row, saved, t } from './window.mjs';

after(() => console.log(`Pictures of the states: ${PICTURES}`));

/** How each state is reached. */
const STATES = {
  async saved(page) {
    await enter(page, 'Når opnar symjehallen i helga?');
    await saved(page, 'symjehallen').waitFor();
  },
  async waiting(page) {
    await page.route(SAVE, (route) => route.abort());
    await enter(page, 'Kvar kan eg levere maling som er til overs etter at huset er måla?');
    await page.getByText(counted('outbox.waiting', 1)).waitFor();
    await page.locator('#text').fill('Ein kladd som ligg her lenge, og som er lang');
    await page.locator('#text').press('Escape');
    await page.locator('#drafts summary').click();
    await page.locator('#text').fill('neste spørsmål');
  },
  async refused(page) {
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
  async back(page) {
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
  async leaving(page) {
    await page.route(SAVE, (route) => route.abort());
    await enter(page, 'Har de opent i romjula?');
    await row(page, 'romjula').first().waitFor();
    await page.getByRole('button', { name: t('frame.sign_out'), exact: true }).click();
    await page.locator('#leave').waitFor();
  },
  async shell(page) {
    await page.route('**/api/v1/session', (route) => route.abort());
    await page.goto('/log/shell');
    await page.locator('#log[data-ready]').waitFor();
    await page.locator('#text').fill('Når går ferja');
  },
};

for (const [name, reach] of Object.entries(STATES)) {
  for (const width of [1280, 320]) {
    for (const dark of [false, true]) {
      const look = `${name}-${width}-${dark ? 'dark' : 'light'}`;
      test(`the log screen is open to everybody when ${look}`, async () => {
        const context = await openContext({ width, dark });
        const page = await openLog(context, 'ola');
        await reach(page);
        await page.waitForTimeout(200);
        await picture(page, `log-${look}`);
        assert.deepEqual(await findings(page), []);
        assert.ok((await overflow(page)) <= 0, 'nothing sticks out to the right');
        await context.close();
      });
    }
  }
}

// A screen as it is, in every look: widths and colors, and once what does not hang on them.
import { LOOKS, dress, findings, overflow, picture } from '../screen.mjs';
import { besides } from './checks.mjs';

/** What is wrong with an open page in any look, one line each; leaves a picture of each look. */
export async function looked(page, name) {
  const wrong = [];
  for (const look of LOOKS) {
    await dress(page, look);
    await picture(page, `${name}-${look.name}`);
    const found = await findings(page);
    const wide = await overflow(page);
    if (0 < wide) found.push(`${wide} px too wide`);
    if ((await page.getByRole('heading', { level: 1, includeHidden: true }).count()) !== 1) {
      found.push('not one heading 1');
    }
    wrong.push(...found.map((it) => `${look.name}: ${it}`));
  }
  await dress(page, LOOKS[0]);
  wrong.push(...(await besides(page)));
  return wrong;
}

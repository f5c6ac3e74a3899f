// What WCAG 2.2 AA asks for beyond axe-core's rules, one function for each row; all return lines
// that say what is wrong and where.
import { overflow } from '../screen.mjs';

const TARGET_PX_MIN = 24;
const PRIMARY_PX_MIN = 44;
const TEXT_PX = 16;
const REFLOW = { width: 320, height: 256 };
const SPACED = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`;

/** Targets that are too small to hit (2.5.8), and primary buttons below 44 pixels. */
export function smallTargets(page) {
  return page.evaluate(([least, primary]) => {
    const open = document.querySelector('dialog[open]') ?? document;
    const all = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    const isInSentence = (it) =>
      it.matches('p a, li a, td a, dd a') && getComputedStyle(it).display === 'inline';
    const isThere = (it) =>
      it.checkVisibility({ visibilityProperty: true }) && !it.disabled && it.tabIndex !== -1;
    const box = (it) => {
      // A press on the label is a press on its box or button.
      const own = it.getBoundingClientRect();
      const label = it.matches('[type=radio], [type=checkbox]') && it.labels?.[0];
      if (!label) return own;
      const near = label.getBoundingClientRect();
      const [left, top] = [Math.min(own.left, near.left), Math.min(own.top, near.top)];
      const [right, bottom] = [Math.max(own.right, near.right), Math.max(own.bottom, near.bottom)];
      return { left, top, right, bottom, width: right - left, height: bottom - top };
    };
    const targets = [...open.querySelectorAll(all)]
      .filter((it) => isThere(it) && !isInSentence(it) && !it.matches('.ds-skip-link, iframe'))
      .map((it) => ({ it, box: box(it) }))
      .filter(({ box: { width, height } }) => 1 < width && 1 < height);
    const isSmall = ({ width, height }) => Math.min(width, height) < least - 0.5;
    const middle = ({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2];
    // A small one is well when a circle of 24 pixels around it meets no other.
    const meets = (one, other) => {
      const [x, y] = middle(one.box);
      const dx = Math.max(other.box.left - x, 0, x - other.box.right);
      const dy = Math.max(other.box.top - y, 0, y - other.box.bottom);
      return Math.hypot(dx, dy) < least / 2;
    };
    const says = ({ it, box: { width, height } }) =>
      `${Math.round(width)} x ${Math.round(height)}: ${it.outerHTML.slice(0, 120)}`;
    const crowded = targets.filter((one) =>
      isSmall(one.box) && targets.some((other) => other !== one && meets(one, other)));
    const low = targets.filter(({ it, box: { height } }) =>
      it.matches('.ds-button:not([data-variant])') && height < primary - 0.5);
    return [...crowded.map((it) => `small ${says(it)}`), ...low.map((it) => `low ${says(it)}`)];
  }, [TARGET_PX_MIN, PRIMARY_PX_MIN]);
}

/** Parts whose text does not fit into them. */
function clipped(page) {
  return page.evaluate(() => {
    const hides = (it) => {
      const style = getComputedStyle(it);
      return it.matches('button') || [style.overflowX, style.overflowY].includes('hidden');
    };
    const isTooFull = (it) =>
      1 < it.clientWidth && (2 < it.scrollHeight - it.clientHeight ||
        2 < it.scrollWidth - it.clientWidth);
    const shown = [...document.querySelectorAll('main *, header *')].filter((it) =>
      it.checkVisibility() && !it.closest('.ds-sr-only, svg, iframe') && hides(it));
    return shown.filter(isTooFull).map((it) => `clipped: ${it.outerHTML.slice(0, 120)}`);
  });
}

async function tooWide(page, when) {
  const pixels = await overflow(page);
  return pixels <= 0 ? [] : [`${pixels} px too wide ${when}`];
}

/** At 400 percent nothing sticks out to the right (1.4.10). */
export async function reflow(page) {
  const before = page.viewportSize();
  await page.setViewportSize(REFLOW);
  const wrong = await tooWide(page, 'at 320 x 256');
  await page.setViewportSize(before);
  return wrong;
}

/** Sets the size of text as a person does in the browser's settings, so that rem follows. */
async function setText(page, pixels) {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setFontSizes', { fontSizes: { standard: pixels } });
  await session.detach();
}

/** Text of twice the size (1.4.4), and text with more room (1.4.12). */
export async function largerText(page) {
  await setText(page, 2 * TEXT_PX);
  const size = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  const grown = size === `${2 * TEXT_PX}px` ? [] : [`the text did not grow: ${size}`];
  const large = [...grown, ...(await tooWide(page, 'at 200 % text')), ...(await clipped(page))];
  await setText(page, TEXT_PX);
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  }, SPACED);
  const spaced = [...(await tooWide(page, 'with spaced text')), ...(await clipped(page))];
  await page.evaluate(() => (document.adoptedStyleSheets = []));
  return [...large.map((it) => `200 %: ${it}`), ...spaced.map((it) => `spaced: ${it}`)];
}

/** Whatever moves for those who want nothing to move (2.3.3). */
export function moving(page) {
  return page.evaluate(() => {
    const seconds = (list) => Math.max(...list.split(',').map(parseFloat));
    const moves = [...document.querySelectorAll('*')].filter((it) => {
      const { animationName, transitionDuration } = getComputedStyle(it);
      return animationName !== 'none' || 0 < seconds(transitionDuration);
    });
    return moves.map((it) => `moves: ${it.outerHTML.slice(0, 80)}`);
  });
}

/** Everything but axe-core. What does not hang on colors needs to be asked in one look only. */
export async function besides(page) {
  const wrong = [await smallTargets(page), await moving(page)];
  for (const check of [reflow, largerText]) wrong.push(await check(page));
  return wrong.flat();
}

// The stops of the Tab key: in which order, whether each is seen, and that a single key that meets
// no field does nothing.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';

const STOPS_MAX = 200;
const OUTLINE_PX_MIN = 2;
const CONTRAST_MIN = 3;
const RINGS = new URL('rings.json', import.meta.url);

/** Where the focus is: a name that stays when the contents change, and how it is shown. */
function here(page) {
  return page.evaluate(() => {
    const it = document.activeElement;
    if (!it || it === document.body || it === document.documentElement) return null;
    const path = (href) => {
      const { pathname, hash } = new URL(href);
      return pathname.replace(/\d[\w-]*/g, '*') + hash;
    };
    const isOurs = it.href && new URL(it.href).origin === location.origin;
    const what = it.id.replace(/inq_\w+/, '*') || it.name || (it.href && !isOurs && 'elsewhere');
    const shown = what || (it.href && path(it.href)) || it.form?.className || it.className;
    const value = it.matches('button[name]') && it.value.length < 20 ? `=${it.value}` : '';
    // Around a radio button or a box it is the field that is outlined.
    const around = it.matches('[type=radio], [type=checkbox]') ? it.closest('.ds-field') : null;
    const style = getComputedStyle(around ?? it);
    const box = it.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const top = document.elementFromPoint(x, y);
    const isSeen = Boolean(top) && (it.contains(top) || top.contains(it) ||
      [...(it.labels ?? [])].some((label) => label.contains(top)));
    const numbers = (color) => {
      const canvas = document.createElement('canvas').getContext('2d');
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    let behind = it.parentElement;
    while (behind && numbers(getComputedStyle(behind).backgroundColor)[3] < 255) {
      behind = behind.parentElement;
    }
    const light = (color) => {
      const [r, g, b] = numbers(color).map((n) => {
        const part = n / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = behind ? getComputedStyle(behind).backgroundColor : 'white';
    const [a, b] = [light(style.outlineColor), light(ground)].sort((one, two) => two - one);
    return {
      name: `${it.localName} ${shown}${value}`.trim(),
      outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
      contrast: (a + 0.05) / (b + 0.05),
      isSeen,
      over: top?.outerHTML.slice(0, 100),
      key: it.outerHTML.slice(0, 200),
    };
  });
}

/** Presses Tab until the focus leaves the page; each kind of stop once, in order. */
export async function ring(page) {
  // The first stop of all; from there the next Tab goes on.
  await page.evaluate(() => document.querySelector('.ds-skip-link').focus());
  const [names, wrong] = [[], []];
  for (let stops = 0; ; stops += 1) {
    assert.ok(stops < STOPS_MAX, `the Tab key is caught: ${names.slice(-5).join(', ')}`);
    if (0 < stops) await page.keyboard.press('Tab');
    const stop = await here(page);
    if (stop === null) break;
    if (!names.includes(stop.name)) names.push(stop.name);
    if (stop.outline < OUTLINE_PX_MIN) wrong.push(`no outline: ${stop.key}`);
    if (stop.contrast < CONTRAST_MIN) wrong.push(`faint ${stop.contrast.toFixed(1)}: ${stop.key}`);
    if (!stop.isSeen) wrong.push(`obscured by ${stop.over}: ${stop.key}`);
  }
  return { names, wrong };
}

/** The order of stops is the approved one; SKRANKE_APPROVE=1 approves what is there now. */
export async function approved(screen, names) {
  const rings = JSON.parse(await readFile(RINGS, 'utf8').catch(() => '{}'));
  if (process.env.SKRANKE_APPROVE) {
    rings[screen] = names;
    await writeFile(RINGS, `${JSON.stringify(rings, null, 2)}\n`);
    return;
  }
  assert.deepEqual(names, rings[screen], 'SKRANKE_APPROVE=1 approves another order');
}

/** Presses every printable key while nothing has the focus; gives what was changed by it. */
export async function singleKeys(page) {
  const state = () =>
    page.evaluate(() => {
      const fields = [...document.querySelectorAll('input, select, textarea')];
      const values = fields.map((it) => (it.type === 'radio' ? it.checked : it.value));
      const open = document.querySelectorAll('[open]').length;
      const focus = document.activeElement === document.body;
      return JSON.stringify([location.href, focus, open, values, document.body.innerText]);
    });
  await page.evaluate(() => document.activeElement?.blur());
  const before = await state();
  const ascii = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n));
  for (const key of ascii) await page.keyboard.press(key);
  // Those have no key of their own on the keyboard that the browser is driven by.
  await page.evaluate((keys) => {
    for (const key of keys) {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    }
  }, ['æ', 'ø', 'å']);
  const after = await state();
  return before === after ? [] : [`${before}\nbecame\n${after}`];
}

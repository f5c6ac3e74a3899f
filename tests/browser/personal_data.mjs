// The browser's masking on the vectors that the server is held to as well, and on odd texts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { mask, MASKS, mayKeep } from '../../web/scripts/personal_data.js';

const VECTORS = new URL('../fixtures/personal_data/vectors.json', import.meta.url);
const { both } = JSON.parse(readFileSync(VECTORS, 'utf8'));
const PIECES = [
  '68 05 00 00', '018185', '10078', '1234.56.78903', 'født ', '15.05.1990', 'KID ', '@', 'a.no',
  '+47', ' ', ',', '\n', '½', '😀', '[telefon]', 'kr', 'NO71', 'tlf ', '2026', '/', '-', 'måler ',
];
const TEXTS = 5000;

/** Texts that are the same in every run. */
function* oddTexts() {
  let state = 20260302;
  const next = (n) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % n;
  };
  for (let n = 0; n < TEXTS; n += 1) {
    yield Array.from({ length: next(12) }, () => PIECES[next(PIECES.length)]).join('');
  }
}

function check(text, { text: masked, found }) {
  assert.equal(mask(masked).text, masked, `masking again changes ${JSON.stringify(text)}`);
  let end = 0;
  for (const it of found) {
    assert.ok(end <= it.start && it.start < it.end && it.end <= text.length, text);
    assert.ok(it.kind in MASKS);
    end = it.end;
  }
}

test('every vector comes out as on the server', () => {
  assert.ok(both.length > 200);
  for (const [text, expected] of both) {
    const masked = mask(text);
    assert.equal(masked.text, expected, JSON.stringify(text));
    check(text, masked);
  }
});

test('odd texts are masked once, and places lie within them', () => {
  for (const text of oddTexts()) check(text, mask(text));
});

test('what is published stays, and what is kept where it may', () => {
  const allowed = { numbers: new Set(['68050000', '12345678903']), mails: new Set(['a@b.no']) };
  const text = '68 05 00 00, +47 68050000, 1234.56.78903, NO7112345678903, A@b.no';
  assert.equal(mask(text, { allowed }).text, text);
  const kept = mask('68050000, x@y.no, 1234.56.78903', { keep: new Set(Object.keys(MASKS)) });
  assert.equal(kept.text, '68050000, x@y.no, [kontonummer]');
  assert.deepEqual(Object.keys(MASKS).filter(mayKeep), ['phone', 'mail', 'address', 'property']);
});

test('a mask is told by its kind and its place in the text as typed', () => {
  const { found } = mask('😀 ring 68 05 00 00 no');
  assert.deepEqual(found, [{ kind: 'phone', start: 8, end: 19 }]);
});

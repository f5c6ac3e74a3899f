// Takes numbers that point to a person out of a text before it leaves the browser: IBAN, 12 and 11
// digits, birth dates, references, phone numbers, and mail addresses. Knows no page.
//
//   mask(text, { allowed, keep }) -> { text, found: [{ kind, start, end }] }
//     `allowed`: { numbers: Set of digits, mails: Set of addresses }, what the organization has
//     published itself; `keep`: Set of kinds that stay, of those that may. `found` tells the kind
//     of each mask and where in the given text it stood, in JavaScript's own offsets.
//   MASKS       what stands in the text instead, by kind
//   mayKeep(kind)   whether the person who typed it may undo the mask; the others stay masked
//
// The server masks everything again, by the same rules and some that want word lists. The same
// vectors hold both: tests/fixtures/personal_data/vectors.json. `src/inquiry/redact/` says why.

import { mails, phones } from "./personal_data_contacts.js";
import {
  B0,
  B1,
  elevenKind,
  isAccount,
  isDateLike,
  isDay,
  isDuf,
  isIban,
  isNational,
  isOrganisation,
  isSeparator,
  mayKeep,
  overlaps,
  passages,
  Plain,
  MASKS,
  shape,
  span,
  windows,
} from "./personal_data_text.js";

export { MASKS, mayKeep };

const BIRTH_MAX = 20;
const LOOSE_GROUPS_MAX = 6;

/** Masks what points to a person in `text`. Each round ends shorter, so rounds end. */
export function mask(text, { allowed = NOTHING, keep = new Set() } = {}) {
  const plain = new Plain(text);
  const finders = [
    ibans,
    (it) => fixed(it, { allowed, ...twelve }),
    (it) => fixed(it, { allowed, ...eleven }),
    apart,
    births,
    references,
    phones,
    mails,
  ];
  for (let isMore = true; isMore; ) {
    isMore = false;
    for (const find of finders) {
      const stays = ({ kind }) => keep.has(kind) && mayKeep(kind);
      const finds = find(plain, allowed).filter((it) => !stays(it));
      isMore ||= finds.length > 0;
      plain.cover(finds);
    }
  }
  const found = plain.found.sort((a, b) => a.start - b.start);
  let masked = "";
  let kept = 0;
  for (const { kind, start, end } of found) {
    masked += text.slice(kept, start) + MASKS[kind];
    kept = end;
  }
  return { text: masked + text.slice(kept), found };
}

const NOTHING = { numbers: new Set(), mails: new Set() };

const PERSON = new RegExp(
  `person|fødsel|fodsel|fød[dt]|${B0}pnr|${B0}fnr|personnr|born|birth`,
  "u",
);
const RING = /(?:ring|tlf|telefon)\p{L}*\.?:?\s?$/u;
const SHAPES_11 = ["6 5", "4 2 5", "2 2 2 5", "2 2 2 3 2", "6 3 2", "3 3 5", "4 4 3"];
const APART_MAX = 40;

function ibans(plain, allowed) {
  const finds = [];
  for (const window of [...plain.runs, ...plain.looseRuns].flatMap((it) => windows(it, 13))) {
    const at = span(window);
    const digits = plain.digits(at);
    let end = at.start;
    while (isSeparator(plain.at(end - 1))) end -= 1;
    const isWord = /^[\p{Alphabetic}\p{N}]$/u.test(plain.at(end - 3) ?? "");
    if (end < 2 || plain.text(end - 2, end) !== "no" || isWord) continue;
    if (allowed.numbers.has(digits) || allowed.numbers.has(digits.slice(2))) continue;
    if (isIban(digits)) finds.push({ kind: "iban", at: { start: end - 2, end: at.end } });
    else if (window.length === 1) {
      finds.push({ kind: elevenKind(digits.slice(2)), at: { start: at.start + 2, end: at.end } });
    }
  }
  return finds;
}

function fixed(plain, { allowed, length, kindOf, isShaped, proves }) {
  const kept = passages(plain);
  const isOut = (digits) => allowed.numbers.has(digits);
  const finds = [];
  for (const run of plain.runs) {
    for (const window of windows(run, length)) {
      const at = span(window);
      const digits = plain.digits(at);
      const borders = isOut(digits.slice(-8)) || isOut(digits.slice(0, 8));
      const isAlone = window.length === run.length && !borders;
      const isBroken = window.length > 1;
      const isMeant = !isBroken || isAlone || isShaped(window, digits);
      const isShort = window.every((it) => /^(?:1\d\d|0\d{4})$/.test(it.digits));
      const isHarmless = isBroken && (overlaps(kept, at) || isShort);
      if (isMeant && !isHarmless && !isAbroad(plain, at.start, digits) && !isOut(digits)) {
        finds.push({ kind: kindOf(digits), at });
      }
    }
  }
  for (const window of plain.looseRuns.flatMap((it) => windows(it, length))) {
    const at = span(window);
    const digits = plain.digits(at);
    const isFree = !plain.isClose(window) && !overlaps(kept, at) && !isOut(digits);
    if (isFree && proves(window, digits)) finds.push({ kind: kindOf(digits), at });
  }
  return finds;
}

const twelve = {
  length: 12,
  kindOf: (digits) => (isDuf(digits) ? "duf" : "digits_12"),
  isShaped: isWrittenDuf,
  proves: isWrittenDuf,
};

function isWrittenDuf(window, digits) {
  return /^(?:19|20)/.test(digits) && isDuf(digits) && window[0].digits.length >= 4;
}

const eleven = {
  length: 11,
  kindOf: elevenKind,
  isShaped: (window, digits) => isNational(digits) || SHAPES_11.includes(shape(window)),
  proves(window, digits) {
    const isWritten = shape(window) === "4 2 5" && isAccount(digits);
    return isWritten || (isNational(digits) && window.length <= LOOSE_GROUPS_MAX);
  },
};

/** The phone finder takes these, with their sign. */
function isAbroad(plain, start, digits) {
  const isNorwegian = digits.length === 12 && digits.startsWith("0047");
  if (plain.at(start - 1) === "+" && !digits.startsWith("0")) return true;
  return isNorwegian && !/[01]/.test(digits[4]);
}

/** A birth date and a personal number that stand apart, near a word about a person. */
function apart(plain) {
  const kind = "national_number";
  const dates = windows(plain.groups, 6).filter((window) => {
    const { start, end } = span(window);
    const isClose = end - start <= 6 + window.length;
    return [1, 3].includes(window.length) && isClose && isDateLike(plain.digits({ start, end }));
  });
  const finds = [];
  for (const five of plain.groups.filter((it) => it.digits.length === 5)) {
    // Behind a stroke it is the number of a case: 2026/10078.
    const isCase = plain.at(five.start - 1) === "/";
    if (isCase || RING.test(plain.text(five.start - APART_MAX, five.start))) continue;
    for (const six of dates.map(span)) {
      const [first, second] = six.start < five.start ? [six, five] : [five, six];
      const around = plain.text(first.start - APART_MAX, second.end + APART_MAX);
      const isNear = Math.max(0, second.start - first.end) <= APART_MAX;
      if (isNear && PERSON.test(around)) finds.push({ kind, at: six }, { kind, at: five });
    }
  }
  return finds;
}

const MONTH =
  "(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[kc]t|nov|de[sc])\\p{L}{0,7}\\.?";
const GAP = "\\s?[./\\-–\\s]\\s?";
const DATES = [
  new RegExp(`(\\d{1,2})${GAP}(\\d{1,2})${GAP}(\\d{4}|\\d{2})`, "gu"),
  new RegExp(
    `\\d{1,2}(?:\\.|st|nd|rd|th)?\\s?${MONTH},?\\s?(?:i\\s)?(?:\\d{4}|\\d{2})`,
    "giu",
  ),
  new RegExp(`${B0}${MONTH}\\s\\d{1,2}(?:st|nd|rd|th)?,?\\s\\d{4}`, "giu"),
  /\d{4}-\d{1,2}-\d{1,2}|\d{8}|\d{6}/gu,
];
const BORN = new RegExp(
  `${B0}(?:(?:ny)?fød[dts]\\p{L}*|fodt|foedt|f\\.?\\s?dato|bursdag\\p{L}*|` +
    `born|birth\\p{L}*|dob)${B1}`,
  "u",
);
const F_BEFORE = /(?:^|[^\p{L}])f\.\s?$/u;
const RULE = new RegExp(
  `${B0}(?:etter|før|innan|innen|mellom|frå|fra|til|sidan|siden|seinast|senest|after|before|` +
    "since|between|until|from|by|to|og med|med|and)(?:\\s(?:den|the|ca\\.?))?\\s$",
  "u",
);

function births(plain) {
  const finds = [];
  for (const { at, parts } of DATES.flatMap((it) => plain.matches(it))) {
    const day = parts.slice(1, 4).map(Number);
    const exists = parts[1] === undefined ? isSolidDate(parts[0]) : isDay(...day);
    const left = plain.text(at.start - BIRTH_MAX, at.start);
    const right = plain.text(at.end, at.end + BIRTH_MAX);
    const isBirth = BORN.test(left) || BORN.test(right) || F_BEFORE.test(left);
    if (exists && isBirth && !RULE.test(left) && !plain.isInsideNumber(at)) {
      finds.push({ kind: "birth_date", at });
    }
  }
  return finds;
}

/** Six and eight digits must be a day; what has a month's name is one. */
function isSolidDate(text) {
  if (!/^\d+$/.test(text)) return true;
  if (text.length === 6) return isDateLike(text);
  const day = (d, m, y) => isDay(...[d, m, y].map(([from, to]) => Number(text.slice(from, to))));
  return day([0, 2], [2, 4], [4, 8]) || day([6, 8], [4, 6], [0, 4]);
}

const REFERENCE = new RegExp(
  "(?:^|[^\\p{L}])(?:kid|referanse\\p{L}*|reference|ref|kunde\\p{L}*|customer|" +
    "fakturaref\\p{L}*)" +
    "(?:[\\s.:#\\-]*(?:nr|nummer\\p{L}*|number|no|id|er|is|kode|code))*[\\s.:#\\-]*$",
  "u",
);

function references(plain) {
  const isOne = (run) => {
    const digits = run.map((it) => it.digits).join("");
    const isPublic = digits.length === 9 && isOrganisation(digits);
    const left = () => plain.text(run[0].start - 30, run[0].start);
    return digits.length >= 9 && digits.length <= 25 && !isPublic && REFERENCE.test(left());
  };
  return plain.runs.filter(isOne).map((run) => ({ kind: "reference", at: span(run) }));
}

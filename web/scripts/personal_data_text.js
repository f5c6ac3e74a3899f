// What the finders of `personal_data.js` read: signs tied to their places, digits in groups,
// control digits, and the passages that are no number.

export const MASKS = {
  iban: "[IBAN]",
  duf: "[12 siffer]",
  digits_12: "[12 siffer]",
  national_number: "[fødselsnummer]",
  account: "[kontonummer]",
  digits_11: "[11 siffer]",
  birth_date: "[fødselsdato]",
  phone: "[telefon]",
  mail: "[e-post]",
  sole_trader: "[orgnr]",
  address: "[adresse]",
  property: "[gnr/bnr]",
  case_number: "[saksnummer]",
  plate: "[bilskilt]",
  name: "[person]",
  reference: "[referanse]",
};

export function mayKeep(kind) {
  return ["phone", "mail", "address", "property"].includes(kind);
}

const BARRIER = "\ufffc";
const SEPARATORS_MAX = 3;
const LOOSE_MAX = 12;
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0be6, 0x0e50, 0x1040];

const INVISIBLE = new RegExp(
  "[\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u20e3" +
    "\\ufe00-\\ufe0f\\ufeff\\u{e0000}-\\u{e007f}]",
  "u",
);
const SEPARATOR = /^[ \t./\-_\u00b7\u2022\u2027\u22c5\u2010-\u2015\u2212]$/u;
const LOOSE = /^[ \t./\-_\u00b7\u2022\u2027\u22c5\u2010-\u2015\u2212\n\r,:;|*'+=]$/u;

// Word borders as the server's patterns have them; JavaScript's own know ASCII alone.
const W = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]";
export const B0 = `(?<!${W})`;
export const B1 = `(?!${W})`;

export const isDigit = (ch) => ch !== undefined && ch >= "0" && ch <= "9" && ch.length === 1;
export const isSeparator = (ch) => ch !== undefined && SEPARATOR.test(ch);
export const isLetter = (ch) => ch !== undefined && /^\p{Alphabetic}$/u.test(ch);

function isHidden(ch) {
  return (/\p{Cc}/u.test(ch) && !/\p{White_Space}/u.test(ch)) || INVISIBLE.test(ch);
}

function plainSign(ch) {
  const zero = ZEROS.find((it) => ch.codePointAt(0) >= it && ch.codePointAt(0) < it + 10);
  if (zero !== undefined) return String(ch.codePointAt(0) - zero);
  if (/[\u0085\u2028\u2029\v\f]/u.test(ch)) return "\n";
  if (/[\n\r\t]/u.test(ch)) return ch;
  return /\p{White_Space}/u.test(ch) ? " " : ch;
}

/** The normalized signs of a text, each tied to its place in the original. */
export class Plain {
  constructor(text) {
    this.signs = [];
    this.found = [];
    for (let start = 0; start < text.length; ) {
      const ch = String.fromCodePoint(text.codePointAt(start));
      const mask = ch === "[" && Object.values(MASKS).find((it) => text.startsWith(it, start));
      const end = start + (mask || ch).length;
      if (mask) this.signs.push({ ch: BARRIER, start, end });
      else if (!isHidden(ch)) {
        for (const sign of ch.normalize("NFKC")) {
          this.signs.push({ ch: plainSign(sign), start, end });
        }
      }
      start = end;
    }
    this.read();
  }

  /** Makes what the finders read anew, after a mask has come in. */
  read() {
    this.view = "";
    this.places = [];
    this.groups = [];
    this.signs.forEach(({ ch }, index) => {
      for (let unit = 0; unit < ch.length; unit += 1) this.places.push(index);
      this.view += ch;
      if (!isDigit(ch)) return;
      const last = this.groups.at(-1);
      if (last && last.end === index) {
        last.end += 1;
        last.digits += ch;
      } else this.groups.push({ start: index, end: index + 1, digits: ch });
    });
    this.runs = this.joined((from, to) => this.separates(from, to));
    this.looseRuns = this.joined((from, to) => {
      const gap = this.signs.slice(from, to);
      return gap.length <= LOOSE_MAX && gap.every((it) => LOOSE.test(it.ch));
    }).filter((run) => !this.isClose(run));
  }

  at(index) {
    return this.signs[index]?.ch;
  }

  text(from, to) {
    const signs = this.signs.slice(Math.max(0, from), Math.max(0, to));
    return signs.map((it) => it.ch.toLowerCase()).join("");
  }

  digits({ start, end }) {
    return this.text(start, end).replace(/[^0-9]/g, "");
  }

  separates(from, to) {
    const gap = this.signs.slice(from, to);
    return gap.length <= SEPARATORS_MAX && gap.every((it) => isSeparator(it.ch));
  }

  isClose(groups) {
    return groups.slice(1).every((it, index) => this.separates(groups[index].end, it.start));
  }

  joined(joins) {
    const runs = [];
    for (const group of this.groups) {
      const last = runs.at(-1)?.at(-1);
      if (last && joins(last.end, group.start)) runs.at(-1).push(group);
      else runs.push([group]);
    }
    return runs;
  }

  isInsideNumber({ start, end }) {
    return isDigit(this.at(start - 1)) || isDigit(this.at(end));
  }

  /** Every place of a pattern, in signs. */
  matches(pattern) {
    return [...this.view.matchAll(pattern)].map((it) => {
      const [from, to] = [it.index, it.index + it[0].length];
      const start = this.places[from] ?? this.signs.length;
      return { at: { start, end: this.places[to] ?? this.signs.length }, parts: it };
    });
  }

  /** Masks each range; ranges that overlap become one. */
  cover(finds) {
    const merged = [];
    const wide = finds.map(({ kind, at }) => ({ kind, ...this.widened(at) }));
    wide.sort((a, b) => a.start - b.start || a.end - b.end);
    for (const find of wide) {
      const last = merged.at(-1);
      if (last && find.start < last.end) last.end = Math.max(last.end, find.end);
      else merged.push(find);
    }
    for (const { kind, start, end } of merged.reverse()) {
      const from = this.signs[start].start;
      const to = this.signs[end - 1].end;
      this.found = this.found.filter((it) => it.end <= from || to <= it.start);
      this.found.push({ kind, start: from, end: to });
      this.signs.splice(start, end - start, { ch: BARRIER, start: from, end: to });
    }
    if (merged.length) this.read();
  }

  /** One original sign may have become several; they are masked together. */
  widened({ start, end }) {
    const { signs } = this;
    const same = (one) => signs[one + 1] && signs[one].start === signs[one + 1].start;
    while (start > 0 && same(start - 1)) start -= 1;
    while (end > 0 && same(end - 1)) end += 1;
    return { start, end };
  }
}

export const span = (groups) => ({ start: groups[0].start, end: groups.at(-1).end });
export const shape = (groups) => groups.map((it) => it.digits.length).join(" ");
export const overlaps = (kept, at) => kept.some((it) => it.start < at.end && at.start < it.end);

/** Consecutive groups with `length` digits in all. */
export function windows(run, length) {
  const all = [];
  for (let first = 0; first < run.length; first += 1) {
    let count = 0;
    for (let last = first; last < run.length && count < length; last += 1) {
      count += run[last].digits.length;
      if (count === length) all.push(run.slice(first, last + 1));
    }
  }
  return all;
}

const values = (digits) => [...digits].map(Number);
const sum = (digits, weights) => weights.reduce((all, it, at) => all + it * digits[at], 0);

export function isDay(day, month, year) {
  const leap = year % 4 === 0 ? 29 : 28;
  const last = [31, leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= last;
}

export function isDateLike(digits) {
  if (digits.length !== 6) return false;
  let [day, month] = [Number(digits.slice(0, 2)), Number(digits.slice(2, 4))];
  if (day >= 41 && day <= 71) day -= 40;
  if (month >= 41 && month <= 52) month -= 40;
  else if (month >= 66 && month <= 77) month -= 65;
  else if (month >= 81 && month <= 92) month -= 80;
  return isDay(day, month, Number(digits.slice(4)));
}

export function isNational(digits) {
  const its = values(digits);
  const isDated = its[0] >= 8 || isDateLike(digits.slice(0, 6));
  const first = sum(its, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 < 4;
  return isDated && first && sum(its, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

export function isAccount(digits) {
  return sum(values(digits), [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

export function isDuf(digits) {
  const its = values(digits);
  const turned = [...its.slice(4, 10), ...its.slice(0, 4)];
  return sum(turned, [4, 6, 3, 2, 7, 5, 4, 6, 3, 2]) % 11 === 10 * its[10] + its[11];
}

export function isIban(digits) {
  const moved = values(`${digits.slice(2)}2324${digits.slice(0, 2)}`);
  return moved.reduce((rest, it) => (10 * rest + it) % 97, 0) === 1;
}

export function isOrganisation(digits) {
  const its = values(digits);
  return /^[2389]/.test(digits) && sum(its, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

export function elevenKind(digits) {
  if (isNational(digits)) return "national_number";
  return isAccount(digits) ? "account" : "digits_11";
}

const HOUR = "(?:[01]?\\d|2[0-4])";
const MINUTES = "[.:][0-5]\\d";
const KEPT_DATE =
  /(\d{1,2})[./\-–]\s?(\d{1,2})[./\-–]\s?((?:19|20)\d\d)|(?:19|20)\d\d-\d\d-\d\d/gu;
const KEPT = [
  new RegExp(`${HOUR}${MINUTES}\\s?[\\-–]\\s?${HOUR}(?:${MINUTES})?`, "gu"),
  new RegExp(
    `${B0}kl\\.?\\s?${HOUR}(?:${MINUTES})?(?:\\s?[\\-–]\\s?${HOUR}(?:${MINUTES})?)?`,
    "giu",
  ),
  /(?:19|20)\d\d\s?[\-–/]\s?(?:19|20)?\d\d/gu,
  /20\d\d\/\d{2,6}(?:-\d{1,3})?/gu,
];
const MONEY_AFTER = new RegExp(
  `^(?:,\\d{1,2})?(?:,-|\\s?(?:kr${B1}|kron|nok${B1}|mill|mrd|milliard|€|\\$|euro|%))`,
  "u",
);
const MONEY_BEFORE = new RegExp(`(?:${B0}kr\\.?|${B0}nok|kroner|€|\\$)\\s?$`, "u");

/** Dates, hours, years, cases and money, which no number may overlap. */
export function passages(plain) {
  const dates = plain.matches(KEPT_DATE).filter(({ parts }) => {
    return parts[1] === undefined || isDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  });
  const found = [...dates, ...KEPT.flatMap((it) => plain.matches(it))].map((it) => it.at);
  const joins = (ch) => isSeparator(ch) && ch !== " ";
  const continues = (at) =>
    plain.isInsideNumber(at) ||
    (joins(plain.at(at.start - 1)) && isDigit(plain.at(at.start - 2))) ||
    (joins(plain.at(at.end)) && isDigit(plain.at(at.end + 1)));
  const money = plain.runs.filter((run) => isMoney(plain, run)).map(span);
  return [...found.filter((at) => !continues(at)), ...money];
}

function isMoney(plain, run) {
  const { start, end } = span(run);
  const after = MONEY_AFTER.test(plain.text(end, end + 10));
  if (!after && !MONEY_BEFORE.test(plain.text(start - 10, start))) return false;
  const begins = (at) => at === 0 || /[-–/]/u.test(plain.text(run[at].start - 2, run[at].start));
  return run.every(({ digits }, at) => {
    if (digits.length === 3) return true;
    if (digits.length < 3) return begins(at);
    return digits.length <= 9 && begins(at);
  });
}

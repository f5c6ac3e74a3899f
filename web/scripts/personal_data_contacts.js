// Phone numbers and mail addresses, for `personal_data.js`.
import {
  B0,
  B1,
  isDay,
  isLetter,
  overlaps,
  passages,
  shape,
  span,
  windows,
} from "./personal_data_text.js";

const WORD_MAX = 25;
const THING_MAX = 40;
const DIGITS = 8;
const SHAPES = ["8", "2 2 2 2", "3 2 3"];

const GAP = "[\\s./\\-\\u2010-\\u2015\\u2212()_·]{0,3}";
const SIGNED = [
  new RegExp(`\\(?(?:\\+\\s?|00\\s?)47(?:${GAP}\\d){8}`, "gu"),
  new RegExp(`\\(?(?:\\+|00)[1-9](?:${GAP}\\d){7,14}`, "gu"),
];
const WORD = new RegExp(`${B0}(?:tlf|telefon|mobil|ring|phone|call|sms|nummer)`, "u");
const CALL = new RegExp(`${B0}(?:tlf|telefon|mobil|ring|phone|call|sms)`, "u");
/** Right before eight digits in one, these say that they number a thing. */
const THING = new RegExp(
  `${B0}(?:` +
    "målar\\p{L}*|måler\\p{L}*|målenr|måle?punkt\\p{L}*|straummål\\p{L}*|strømmål\\p{L}*|meter|" +
    "anlegg\\p{L}*|serie\\p{L}*|serial|ordre\\p{L}*|order|faktura\\p{L}*|invoice|varenr|vare|" +
    "sak\\p{L}*|case|ticket|ref\\p{L}*|kunden(?:r|ummer)|customer\\s(?:no|number|id)|" +
    "artikkel\\p{L}*|modell\\p{L}*|model|versjon\\p{L}*|dokument\\p{L}*|journal\\p{L}*|id|isbn|" +
    "bestilling\\p{L}*|booking|kontrakt\\p{L}*|avtale\\p{L}*|løpenr|løpenummer|produkt\\p{L}*" +
    ")" +
    "(?:[\\s.:#\\-]*(?:nr|nummer\\p{L}*|number|no|id|er|is))*[\\s.:#]*$",
  "u",
);

export function phones(plain, allowed) {
  const kept = passages(plain);
  const finds = [];
  const isFree = (at) => !overlaps(kept, at);
  const found = (at) => finds.push({ kind: "phone", at });
  for (const { at } of SIGNED.flatMap((it) => plain.matches(it))) {
    if (plain.isInsideNumber(at) || !isFree(at)) continue;
    if (isAllowed(allowed, plain.digits(at))) kept.push(at);
    else found(at);
  }
  for (const run of plain.runs) {
    const all = windows(run, DIGITS);
    kept.push(...all.map(span).filter((at) => isAllowed(allowed, plain.digits(at))));
    for (const window of all) {
      const at = span(window);
      if (isMeant(plain, window) && isFree(at) && isInPlan(window, plain.digits(at))) found(at);
    }
  }
  for (const window of plain.looseRuns.flatMap((it) => windows(it, DIGITS))) {
    const at = span(window);
    const digits = plain.digits(at);
    const isOne = isShaped(window) && isAnnounced(plain, at.start) && !plain.isClose(window);
    if (isOne && isFree(at) && !isAllowed(allowed, digits) && isInPlan(window, digits)) found(at);
  }
  return finds;
}

const isShaped = (window) => SHAPES.includes(shape(window));
const isAnnounced = (plain, start) => WORD.test(plain.text(start - WORD_MAX, start));

function isMeant(plain, window) {
  const { start } = span(window);
  const isThing =
    isLetter(plain.at(start - 1)) || THING.test(plain.text(start - THING_MAX, start));
  if (window.length === 1 && isThing) return CALL.test(plain.text(start - WORD_MAX, start));
  return isShaped(window) || isAnnounced(plain, start);
}

/** Whether the plan has such numbers; a solid `yyyymmdd` is a date. */
function isInPlan(window, digits) {
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].map(Number);
  const isDate = window.length === 1 && year >= 1900 && year < 2100 && isDay(day, month, year);
  return !isDate && !/^(?:[01]|58)/.test(digits);
}

function isAllowed({ numbers }, digits) {
  const national = /^(?:0047|47)(\d{8})$/.exec(digits)?.[1];
  const isLocal = digits.length === DIGITS && numbers.has(`47${digits}`);
  return numbers.has(digits) || isLocal || (national !== undefined && numbers.has(national));
}

const L = "[\\p{L}\\p{N}._%+'\\-\\ufffc]*[\\p{L}\\p{N}_\\-\\ufffc]";
const DOT = "(?:\\.|\\s?[(\\[](?:dot|punktum)[)\\]]\\s?|\\s(?:dot|punktum)\\s)";
const DOMAIN = `(?:[\\p{L}\\p{N}\\-]+${DOT})+\\p{L}{2,24}`;
const SAID = "krøllalfa|alfakrøll|alfa|snabel-?a";
const SIGN = `\\s?@\\s?|%40|\\s?[(\\[](?:at|${SAID})[)\\]]\\s?|\\s(?:${SAID})\\s`;
const MAIL = new RegExp(
  `((?:[\\p{L}\\p{N}]+\\s(?:dot|punktum)\\s)*${L})(?:${SIGN})(${DOMAIN})`,
  "giu",
);
const DOT_AT = "(?:\\.|\\s(?:dot|punktum)\\s)";
const MAIL_AT = new RegExp(
  "([\\p{L}\\p{N}._%+'\\-]*[\\p{L}\\p{N}_\\-])\\sat\\s" +
    `((?:[\\p{L}\\p{N}\\-]+${DOT_AT})+\\p{L}{2,24})`,
  "giu",
);

/** Before these, *at* is a word of the sentence: "eg ser at example.org er nede". */
const BEFORE_AT = new Set(
  (
    "ser såg så seier sier sa sagt trur tror trudde trodde veit vet det er var rett slik " +
    "meiner mener fordi høyrer hører høyrde hørte les leser leste står stod skriv skriver " +
    "håper håpar for etter ut på om bra fint forstår look looked looking found is page " +
    "form information"
  ).split(" "),
);

export function mails(plain, allowed) {
  const finds = [];
  for (const [pattern, isSpoken] of [[MAIL, false], [MAIL_AT, true]]) {
    for (const { at, parts } of plain.matches(pattern)) {
      const [local, domain] = [parts[1].toLowerCase(), parts[2].toLowerCase()];
      const isSentence = isSpoken && BEFORE_AT.has(local);
      if (!isSentence && !allowed.mails.has(`${local}@${domain}`)) finds.push({ kind: "mail", at });
    }
  }
  return finds;
}

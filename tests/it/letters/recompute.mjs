// Reckons every figure of every letter anew, from an export alone, and says where a letter differs.
//   node recompute.mjs <folder of the export> <folder of .eml files in English>
// It shares no line with the product: weeks by the calendar of Intl, states by walking the steps.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [, , exported, letters] = process.argv;
const ZONE = 'Europe/Oslo';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CONTACTS = {
  phone: 'phone', desk: 'counter', email: 'e-mail', chat: 'chat', social: 'social media',
  letter: 'letter',
};
const MASK = new RegExp(`\\[(${[
  'IBAN', '12 siffer', 'fødselsnummer', 'kontonummer', '11 siffer', 'fødselsdato', 'telefon',
  'e-post', 'orgnr', 'adresse', 'gnr/bnr', 'saksnummer', 'bilskilt', 'person', 'referanse',
].join('|')})\\]`);
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August',
  'September', 'October', 'November', 'December'];
const faults = [];
let checked = 0;

const rows = (kind) => readFileSync(join(exported, `${kind}.jsonl`), 'utf8')
  .split('\n').filter(Boolean).map((line) => JSON.parse(line));

// -- time ---------------------------------------------------------------------------------------

const clock = new Intl.DateTimeFormat('en-CA', {
  timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit',
  hourCycle: 'h23',
});

/** The date in Oslo as days since 1970, and the hour. */
function oslo(instant) {
  const part = Object.fromEntries(clock.formatToParts(instant).map((it) => [it.type, +it.value]));
  return { day: Date.UTC(part.year, part.month - 1, part.day) / DAY, hour: part.hour };
}

/** Weeks since the one that 1 January 1970, a Thursday, lies in. */
const weekOfDay = (day) => Math.floor((day + 3) / 7);
const weekOf = (instant) => weekOfDay(oslo(instant).day);
const thursday = (week) => new Date(week * 7 * DAY);

/** The number in the year: how many Thursdays the year has had. */
function numberOf(week) {
  const begin = Date.UTC(thursday(week).getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday(week) - begin) / DAY / 7);
}

function weekNamed(year, number) {
  const first = weekOfDay(Date.UTC(year, 0, 4) / DAY);
  return first + number - 1;
}

/** When Monday begins in Oslo: one or two hours before it does in Greenwich. */
function startOf(week) {
  const greenwich = (week * 7 - 3) * DAY;
  return [2, 1].map((n) => greenwich - n * HOUR).find((it) => oslo(it).hour === 0);
}

// -- what is known ------------------------------------------------------------------------------

const inquiries = rows('inquiries').filter((it) => !it.removed).map((it) => ({
  ...it,
  at: Date.parse(it.asked),
  week: weekOf(Date.parse(it.asked)),
  contacts: it.channel in CONTACTS ? it.count : 0,
}));
const topics = new Map(rows('topics').map((it) => [it.number, it]));
const verdicts = new Map(rows('verdicts').map((it) => [it.topic, it]));
const gaps = new Map(rows('gaps').map((it) => [it.topic, it]));
const [{ candidate_inquiries: threshold }] = rows('organisation');
const [begun] = inquiries.map((it) => it.week).sort((a, b) => a - b);
const firstAsked = Math.min(...inquiries.map((it) => it.at));
const whole = (n) => (topics.get(n)?.merged_into ? whole(topics.get(n).merged_into) : n);
const linesOf = new Map();
for (const it of inquiries.filter((line) => line.topic)) {
  const number = whole(it.topic);
  linesOf.set(number, [...(linesOf.get(number) ?? []), it]);
}
const sum = (lines, of = (it) => it.contacts) => lines.reduce((all, it) => all + of(it), 0);
const within = (first, last) => (it) => first <= it.week && it.week <= last;
const asked = (lines, first, last) => sum(lines.filter(within(first, last)));

/** Where the work on a topic stood, walked from its steps. */
function stood(topic, end) {
  let now = { state: 'new', since: null, linked: null };
  let before = now;
  const gap = gaps.get(topic);
  for (const { at: text, step } of gap?.history ?? []) {
    const at = Date.parse(text);
    if (end < at) break;
    const to = {
      take: () => ({ state: 'taken', since: at, linked: null }),
      release: () => ({ state: 'new', since: at, linked: null }),
      link_page: () => ({ state: 'done', since: at, linked: at }),
      dismiss: () => ({ state: 'dismissed', since: at, linked: null }),
      snooze: () => ({ state: 'snoozed', since: at, linked: null }),
      reopen: () => ({ state: 'reopened', since: at, linked: now.linked }),
      reopened: () => ({ state: 'reopened', since: at, linked: now.linked }),
      undo: () => before,
      verified: () => (now.state === 'done' ? { ...now, state: 'verified', since: at } : now),
    }[step]?.();
    if (step === 'comment') continue;
    [before, now] = [now, to ?? now];
  }
  if (now.state === 'snoozed') {
    const slept = [gap.state, gap.before].find((it) => Date.parse(it.since) === now.since);
    const until = Date.parse(slept?.until);
    if (until <= end) now = { ...now, state: 'new', since: until };
  }
  return now;
}

/** When a topic first was asked so often within 30 days. */
function candidateSince(lines) {
  const at = lines.filter((it) => it.contacts).sort((a, b) => a.at - b.at);
  const lately = (last) => sum(at.filter((it) => last - 30 * DAY < it.at && it.at <= last));
  return at.find((it) => threshold <= lately(it.at))?.at ?? null;
}

/** What a topic weighs against others. */
function weight(topic, end) {
  const { lines, verdict } = topic;
  const between = (from, to) => sum(lines.filter((it) => from < it.at && it.at <= to));
  const [recent, before] = [between(end - 28 * DAY, end), between(end - 56 * DAY, end - 28 * DAY)];
  const first = Math.min(...lines.filter((it) => it.contacts).map((it) => it.at));
  let trend = 1;
  if (end - 28 * DAY < first) trend = 1.15;
  else if (before + Math.ceil(before / 2) <= recent && before + 3 <= recent) trend = 1.3;
  else if (recent * 2 <= before && recent + 3 <= before) trend = 0.8;
  return (recent + 0.1 * (sum(lines) - recent)) * (0.2 + 0.8 * (verdict?.gap_score ?? 0.5)) * trend;
}

/** The topics as they were at the end of a period. */
function topicsAt(end) {
  return [...linesOf].map(([number, all]) => {
    const row = topics.get(number);
    const lines = all.filter((it) => it.at <= end);
    const verdict = verdicts.get(number);
    const work = stood(number, end);
    const since = candidateSince(lines);
    const needs = verdict !== undefined && verdict.verdict !== 'answered';
    const touched = work.state !== 'new';
    const isGap = row.scope === 'general' && (touched || (needs && since !== null));
    const isOpen = isGap && ['new', 'taken', 'reopened'].includes(work.state);
    const came = work.since ?? since;
    return { number, row, lines, verdict, ...work, came, needs, isOpen };
  }).filter((it) => it.lines.length).sort((a, b) => a.number - b.number);
}

// -- numbers as people write them ---------------------------------------------------------------

const plain = (n) => n.toLocaleString('en-GB', { maximumFractionDigits: 0 });

/** Whole from ten upward, one decimal below; halves to the even neighbour. */
function rate(n) {
  const scale = n < 10 ? 10 : 1;
  const scaled = n * scale;
  const [floor, rest] = [Math.floor(scaled), scaled - Math.floor(scaled)];
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 === 1);
  const value = (floor + (up ? 1 : 0)) / scale;
  return Number.isInteger(value) ? plain(value) : value.toFixed(1);
}
const percent = ({ had, all }) => `${Math.min(100, Math.floor((had * 100 + all / 2) / all))}%`;

// -- what a letter says -------------------------------------------------------------------------

function decoded(bytes) {
  const [head, ...rest] = bytes.split('\r\n\r\n');
  const headers = head.replaceAll(/\r\n[ \t]/g, ' ');
  const boundary = /boundary="([^"]+)"/.exec(headers)[1];
  const [partHead, ...body] = rest.join('\r\n\r\n').split(`--${boundary}`)[1].split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  const encoding = /Content-Transfer-Encoding: (\S+)/i.exec(partHead)[1].toLowerCase();
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return text;
  const latin = text.replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(latin, 'latin1').toString('utf8');
}

/** A topic's number is followed by a colon when words name it too. */
const plainly = (text) => text.replaceAll(': ', ' ');

/** The blocks of a letter by heading: the items with their topic, and all words in one line. */
function blocksOf(text) {
  const headings = [
    'To decide: gaps without an owner', 'Mended and verified', 'Still asked after the mend',
    'Effect', 'Rising most', 'Logging', 'Mended after what you logged',
    'The editors are working on', 'Be ready for', '--',
  ];
  const blocks = {};
  let at = 'top';
  for (const line of text.split(/\r?\n/)) {
    if (headings.includes(line.trim())) at = line.trim();
    else (blocks[at] ??= []).push(line);
  }
  const joined = (lines) => lines.map((it) => it.trim()).filter(Boolean).join(' ');
  return Object.fromEntries(Object.entries(blocks).map(([name, lines]) => {
    const items = [];
    for (const line of lines) {
      if (/^\d+\. /.test(line)) items.push([line]);
      else if (/^ {3}/.test(line)) items.at(-1)?.push(line);
    }
    return [name, { says: joined(lines), items: items.map((it) => joined(it)) }];
  }));
}

// -- the comparison -----------------------------------------------------------------------------

function check(file) {
  const text = decoded(readFileSync(join(letters, file), 'latin1'));
  const blocks = blocksOf(text);
  const title = /(?:Week (\d+), (\d+)|(\w+) (\d+), weeks\s(\d+)–(\d+)):/.exec(blocks.top.says);
  const isMonth = title[3] !== undefined;
  const last = weekNamed(+(title[2] ?? title[4]), +(title[1] ?? title[6]));
  const first = isMonth ? weekNamed(+title[4], +title[5]) : last;
  if (isMonth) {
    const inMonth = (week) => MONTHS[thursday(week).getUTCMonth()] === title[3];
    const isWhole = inMonth(first) && inMonth(last) && !inMonth(first - 1) && !inMonth(last + 1);
    if (!isWhole) faults.push(`${file}: weeks ${title[5]} to ${title[6]} are not ${title[3]}`);
  }
  const weeks = last - first + 1;
  const nBefore = isMonth ? weeks : 4;
  const span = { 4: 'four weeks', 5: 'five weeks' }[nBefore];
  const [start, end] = [startOf(first), startOf(last + 1) - 1];
  const hasBefore = begun <= first - nBefore;
  const then = topicsAt(end);
  const mean = (before) => (before * weeks) / nBefore;
  const before = (lines) => asked(lines, first - nBefore, first - 1);
  const beside = (n) => (hasBefore ? ` (${isMonth ? 'before:' : 'average'} ${n})` : '');
  const isDesk = /letter to\s+the\s+front\s+desk/.test(text);

  const says = (block, wanted) => {
    checked += 1;
    const found = blocks[block]?.says ?? '';
    if (!found.includes(wanted)) faults.push(`${file}: ${block}: no "${wanted}" in "${found}"`);
  };
  const lists = (block, wanted) => {
    checked += wanted.length + 1;
    const found = blocks[block]?.items ?? [];
    if (found.length !== wanted.length) {
      faults.push(`${file}: ${block}: ${found.length} instead of ${wanted.length}`);
    }
    wanted.forEach((parts, n) => {
      const has = plainly(`${found[n] ?? ''} `);
      const lacks = parts.filter((it) => !has.includes(plainly(it)));
      if (lacks.length) faults.push(`${file}: ${block} ${n + 1}: no ${lacks} in "${found[n]}"`);
    });
  };
  const topic = (it, where = 'gaps') => (isDesk ? shown(it) : `/${where}/T${it.number} `);
  const shown = (it) => it.row.name ?? `T${it.number} `;

  const all = asked(inquiries, first, last);
  says('top', `Questions: ${plain(all)}${beside(rate(mean(before(inquiries))))}`);
  const share = (from, to) => {
    const marked = inquiries.filter(within(from, to));
    const of = (...names) => sum(marked.filter((it) => names.includes(it.outcome?.name)));
    return { had: of('page'), all: of('page', 'not_on_site', 'answered') };
  };
  const [now, earlier] = [share(first, last), share(first - nBefore, first - 1)];
  if (20 <= now.all) {
    const known = 20 <= earlier.all ? beside(percent(earlier)) : '';
    says('top', `On the web: ${percent(now)}${known}`);
  } else if (text.includes('On the web:')) faults.push(`${file}: too few are marked`);

  const verified = then.filter((it) => it.state === 'verified' && start <= it.since);
  const mended = (it) => {
    const from = Math.max(it.linked - 28 * DAY, firstAsked);
    const between = (a, b) => sum(it.lines.filter((line) => a <= line.at && line.at < b));
    const known = Math.max(1, (it.linked - from) / 7 / DAY);
    const was = between(it.linked - 28 * DAY, it.linked) / known;
    const after = (end + 1 - it.linked) / 7 / DAY;
    const is = 1 <= after ? rate(between(it.linked, end + 1) / after) : null;
    const week = numberOf(weekOf(it.linked));
    return { was: rate(was), is, week, asked: between(0, it.linked) };
  };
  const rising = hasBefore
    ? then.map((it) => ({ it, to: asked(it.lines, first, last), from: mean(before(it.lines)) }))
      .filter(({ from, to }) => 3 <= to - from && from * 1.5 <= to)
      .sort((a, b) => (b.to - b.from) - (a.to - a.from))[0]
    : undefined;
  const rise = rising && [topic(rising.it, 'topics'), `From ${rate(rising.from)} to ` +
    `${rate(rising.to)} questions ${isMonth ? `in ${span}` : 'a week'}.`];

  if (isDesk) {
    lists('Mended after what you logged', verified.slice(0, 3).map((it) => {
      const { was, is, week, asked: n } = mended(it);
      const times = n === 1 ? 'once' : `${plain(n)} times`;
      const after = is === null ? [] : [`now comes ${is} times a week, against ${was} before`];
      return [topic(it), `came ${times} before the page was mended in week ${week}`, ...after];
    }));
    const taken = then.filter((it) => it.isOpen && it.state === 'taken');
    taken.sort((a, b) => b.since - a.since);
    lists('The editors are working on', taken.slice(0, 3).map((it) => [topic(it)]));
    if (1 < taken.length) says('The editors are working on', `${taken.length} gaps have an owner`);
    lists('Be ready for', rise ? [rise] : []);
  } else {
    says('top', `Open gaps: ${then.filter((it) => it.isOpen).length}`);
    for (const [channel, name] of Object.entries(CONTACTS)) {
      const lines = inquiries.filter((it) => it.channel === channel);
      const [n, was] = [asked(lines, first, last), before(lines)];
      if (n || (hasBefore && was)) says('top', `${name} ${plain(n)}${beside(rate(mean(was)))}`);
    }
    const free = then.filter((it) => it.isOpen && it.needs && it.state !== 'taken')
      .sort((a, b) => weight(b, end) - weight(a, end) || a.number - b.number);
    const isNew = (it) => start <= it.came;
    const decide = 'To decide: gaps without an owner';
    lists(decide, free.slice(0, 5).map((it) => {
      const n = asked(it.lines, last - nBefore + 1, last);
      const times = n === 1 ? 'once' : `${plain(n)} times`;
      const says = `. ${shown(it)}`;
      return [topic(it), says, `${isNew(it) ? 'New gap. ' : ''}Asked ${times} in ${span}`];
    }));
    (blocks[decide]?.items ?? []).forEach((it, n) => {
      if (it.includes('New gap.') && !isNew(free[n])) faults.push(`${file}: gap ${n + 1} is old`);
    });
    if (5 < free.length) says(decide, `See ${
      free.length === 6 ? 'one more' : `${free.length - 5} more`}`);
    const waiting = free.filter((it) => !isNew(it)).length;
    if (1 < waiting) says(decide, `${waiting} gaps have been without an owner`);
    if (waiting === 1) says(decide, 'One gap has been without an owner');
    if (!waiting && / without an owner (for|since)/.test(blocks[decide]?.says)) {
      faults.push(`${file}: nothing waits`);
    }
    lists('Mended and verified', verified.slice(0, 3).map((it) => {
      const { was, is, week } = mended(it);
      const wanted = is === null ? `${was} questions a week before the page was published in week`
        : `From ${was} to ${is} questions a week. Published in week`;
      return [topic(it), `${wanted} ${week}.`];
    }));
    const still = then.filter((it) => it.linked !== null && it.linked < start)
      .filter((it) => !verified.includes(it))
      .map((it) => ({ it, n: asked(it.lines, first, last) }))
      .filter(({ n }) => 2 <= n).sort((a, b) => b.n - a.n);
    lists('Still asked after the mend', still.slice(0, 3).map(({ it, n }) =>
      [topic(it), `Asked ${plain(n)} times`, `mended in week ${numberOf(weekOf(it.linked))}.`]));
    lists('Rising most', rise ? [rise] : []);
    const texts = inquiries.filter((it) => within(first, last)(it) && it.contacts);
    const masked = texts.filter((it) => MASK.test(it.text ?? '')).length;
    if (masked === 1) says('Logging', 'One text was masked');
    if (1 < masked) says('Logging', `${masked} texts were masked`);
    if (!masked && /masked/.test(text)) faults.push(`${file}: nothing was masked`);
  }
  logged(file, [first, last], says, text);
}

/** Of the calls on the days that were counted: how many were logged by the same channels. */
function logged(file, [first, last], says, text) {
  let [had, all] = [0, 0];
  for (const { day, told } of rows('calls')) {
    const date = Date.parse(`${day}T00:00:00Z`) / DAY;
    if (!told || weekOfDay(date) < first || last < weekOfDay(date)) continue;
    all += told.counts.reduce((n, it) => n + it.calls, 0);
    had += sum(inquiries.filter((it) => oslo(it.at).day === date &&
      told.counts.some((of) => of.channel === it.channel && (!of.desk || of.desk === it.desk))));
  }
  if (all) says('Logging', `${percent({ had, all })} of the calls are logged.`);
  else if (text.includes('of the calls are logged')) faults.push(`${file}: no calls were counted`);
}

const files = readdirSync(letters).filter((it) => it.endsWith('.eml')).sort();
files.forEach(check);
for (const fault of faults) console.log(fault);
console.log(`${files.length} letters, ${checked} figures, ${faults.length} differences`);
process.exitCode = faults.length || !files.length ? 1 : 0;

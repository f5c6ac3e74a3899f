// The person's keys. The service makes one for each day; the browser holds it so that it can be
// used and never read, for seven days at most, so that a start without the service can go on.
import { isThere, readAll, write } from "./database.js";

const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const FRESH_MS = 24 * 60 * 60 * 1000;
const ANSWER_MS = 20_000;

const ASK_AGAIN_MS = 60_000;

const held = new Map();
/** Days whose key could not be had, and until when it is not asked for again. */
const missing = new Map();
let person = null;
let newest = null;

/** Whether this browser can keep anything sealed: ciphers exist in secure contexts only. */
export const hasCiphers = () => Boolean(globalThis.crypto?.subtle);

/** Whose keys these are. */
export const owner = () => person;

/** Whether anything can be sealed now. */
export const canSeal = () => newest !== null;

/** Takes up the keys that the browser holds. `signedIn` is who the service says it is; without
 * the service it is the one who was here last. */
export async function recall(signedIn) {
  if (!hasCiphers() || !(await isThere())) {
    person = signedIn;
    return;
  }
  const keys = await readAll("keys");
  const tooOld = (it) => KEPT_MS < Date.now() - it.since;
  const others = (it) => signedIn && it.person !== signedIn;
  const gone = keys.filter((it) => tooOld(it) || others(it));
  await write(gone.map((it) => ({ store: "keys", drop: it.id })));
  const kept = keys.filter((it) => !gone.includes(it)).sort((a, b) => a.since - b.since);
  person = signedIn ?? kept.at(-1)?.person ?? null;
  kept.filter((it) => it.person === person).forEach(hold);
}

function hold(key) {
  held.set(key.day, key);
  if (newest === null || newest.day <= key.day) newest = key;
}

/** Asks for missing keys again, now that the service answers. */
export const askAgain = () => missing.clear();

/** Gets today's key from the service unless there is one; tells whether there is one now. */
export async function refresh() {
  if (!hasCiphers() || !(await isThere())) return false;
  if (newest && Date.now() - newest.since < FRESH_MS) return true;
  await ask("").catch(() => {});
  return canSeal();
}

/** Asks the service for a key; of another day it is for what was put away then. */
async function ask(query) {
  if (!person) throw new Error("nobody is signed in");
  const answer = await fetch(`/api/v1/browser-key${query}`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const { person: whose, day, key } = await answer.json();
  if (whose !== person) throw new Error("somebody else has signed in");
  const bytes = Uint8Array.from(key.match(/../g), (it) => Number.parseInt(it, 16));
  const imported = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
  bytes.fill(0);
  const record = { id: `${person}/${day}`, person, day, key: imported, since: Date.now() };
  await write([{ store: "keys", put: record }]);
  hold(record);
}

const text = new TextEncoder();

// A record is bound to its place and its person, so that none can stand in for another.
const place = (whose, id) => text.encode(`${whose}/${id}`);

/** Seals a record's body. */
export async function seal(id, body) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: place(person, id) };
  const data = await crypto.subtle.encrypt(how, newest.key, text.encode(JSON.stringify(body)));
  return { id, person, day: newest.day, at: Date.now(), iv, data };
}

/** Opens a record of this person; null where the key is not to be had now. */
export async function unseal(record) {
  if (!held.has(record.day) && !(Date.now() < missing.get(record.day))) {
    missing.set(record.day, Date.now() + ASK_AGAIN_MS);
    await ask(`?day=${record.day}`).catch(() => {});
  }
  const key = held.get(record.day)?.key;
  if (!key) return null;
  const additionalData = place(record.person, record.id);
  const how = { name: "AES-GCM", iv: record.iv, additionalData };
  try {
    const data = await crypto.subtle.decrypt(how, key, record.data);
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return null;
  }
}

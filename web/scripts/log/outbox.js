// The entries on their way to the service. One stays here until the service says that it is kept,
// with its id and its place in the journal; however often it is sent, it is logged once.
import { all, apply, dropOld } from "./store/kept.js";
import { owner } from "./store/keys.js";
import { say } from "./page.js";
import { hear, send } from "./session.js";

const PATH = "/api/v1/screen/inquiries";
const LOCK = "skranke-outbox";
const WAIT_SECONDS_MAX = 60;
const KEY_MS = 90 * 24 * 60 * 60 * 1000;
/** What another window has put here it sends itself, unless it is closed. */
const OTHERS_MS = 3_000;

/** Tells of "added", "sending", "saved", "refused" (with the entry), "changed" and "resumed". */
export const news = new EventTarget();
const others = globalThis.BroadcastChannel ? new BroadcastChannel(LOCK) : null;

let failures = 0;
let reason = "later";
let timer = 0;
let isSending = false;
let isAskedAgain = false;
let halted = null;

/** What keeps the entries from being sent: null, "later", "full", "ended", "other", "forbidden". */
export const hindrance = () => halted ?? (failures ? reason : null);

/** All entries that wait, the oldest first. */
export const entries = () => all("outbox");

function tell(name, entry, answer) {
  news.dispatchEvent(new CustomEvent(name, { detail: { entry, answer } }));
}

/** Takes away what nobody can open any more, since the service makes no key for it. */
export const dropUnreadable = () => dropOld("outbox", KEY_MS);

/** A new id; begins with the time, so that entries stay in their order. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(Date.now() / 0x1_0000));
  new DataView(bytes.buffer).setUint16(4, Date.now() % 0x1_0000);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return `inq_${Array.from(bytes, (it) => it.toString(16).padStart(2, "0")).join("")}`;
}

/** Puts an entry here and sends it; gives its id. `also` are changes of the same step. */
export async function add(fields, also = []) {
  const id = newId();
  const entry = { id, asked: new Date().toISOString(), fields, refused: null };
  await apply([{ store: "outbox", put: entry }, ...also]);
  tell("added", entry);
  others?.postMessage({ name: "added" });
  kick();
  return id;
}

/** Takes a refused entry out, as part of another step. */
export const dropping = (id) => ({ store: "outbox", drop: id });

/** Sends what waits, now. */
export function kick() {
  clearTimeout(timer);
  if (!halted) run();
}

/** Goes on with what is known of the session now. */
export function resume(state) {
  halted = ["same", "later"].includes(state) ? null : state;
  failures = 0;
  tell("changed");
  kick();
}

/** Goes on after somebody has signed in over the page, and lets the other windows go on. */
export function signedIn(state) {
  if (state === "same") others?.postMessage({ name: "signed-in" });
  resume(state);
}

async function run() {
  isAskedAgain = true;
  if (isSending) return;
  isSending = true;
  while (isAskedAgain) {
    isAskedAgain = false;
    await inTurn(sendWaiting);
  }
  isSending = false;
}

/** One window sends at a time, so that none sends what another is sending. */
async function inTurn(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(LOCK, work);
}

async function sendWaiting() {
  for (const entry of await entries()) {
    if (entry.isLocked || entry.refused) continue;
    if (!(await isSent(entry))) return;
  }
  failures = 0;
  tell("changed");
}

/** Sends one entry; tells whether the next can be sent. */
async function isSent(entry) {
  tell("sending", entry);
  // The label is for the row alone.
  const body = { key: entry.id, asked: entry.asked, ...entry.fields, label: undefined };
  const { state, answer } = await send(PATH, body);
  const said = answer ? await answer.json().catch(() => ({})) : {};
  if (answer?.ok && said.id === entry.id && Number.isInteger(said.sequence)) {
    failures = 0;
    hear(said.build);
    await apply([dropping(entry.id)]);
    tell("saved", entry, said);
    others?.postMessage({ name: "saved", entry: { id: entry.id }, answer: said });
    return true;
  }
  if ([409, 413, 422].includes(answer?.status)) {
    const refused = { field: said.field ?? "text", says: wrong(answer.status, said) };
    await apply([{ store: "outbox", put: { ...entry, refused } }]);
    tell("refused", { ...entry, refused });
    return true;
  }
  reason = answer?.status === 507 ? "full" : "later";
  if (state === "answered" || state === "later") later();
  else halted = state;
  tell("changed");
  return false;
}

function wrong(status, said) {
  if (said.field) return said.detail;
  return say(status === 413 ? "log.too_long" : "outbox.refused");
}

/** Tries again after 1, 2, 4 .. 60 seconds, not all browsers of a house at once. */
function later() {
  const seconds = Math.min(2 ** failures, WAIT_SECONDS_MAX);
  failures += 1;
  clearTimeout(timer);
  timer = setTimeout(run, seconds * 1000 * (0.75 + Math.random() / 2));
}

addEventListener("online", () => {
  failures = 0;
  kick();
});

others?.addEventListener("message", ({ data }) => {
  if (data.name === "saved") tell("saved", data.entry, data.answer);
  if (data.name === "added" && owner()) setTimeout(kick, OTHERS_MS);
  if (data.name === "signed-in") {
    tell("resumed");
    resume("same");
  }
  tell("changed");
});

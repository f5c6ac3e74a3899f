// What is typed and not saved. It is put away at every pause, and given back at the next start.
import { all, apply, dropOld } from "./store/kept.js";
import { masked } from "./mask.js";
import { complain, count, field, make, quietButton, say, tell } from "./page.js";
import { dropping, newId } from "./outbox.js";

const PAUSE_MS = 300;
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const LOCK = "skranke-draft-";
/** A window that was closed as this one was opened is gone by then. */
const CLOSING_MS = 5_000;

const note = document.getElementById("note");
const folder = document.getElementById("drafts");
const list = document.getElementById("draft-list");

/** This window's draft; the lock tells other windows that somebody is writing it. */
let own = newId();
/** The refused entry whose words are in the field. */
let mends = null;
let timer = 0;
let last = "";

/** Called when the field gets other words than the person typed. */
let whenFilled = () => {};

/** Takes a draft for this window, until it closes; tells whether no other window has it. */
function claim(id) {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    const hold = (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {});
    };
    navigator.locks.request(LOCK + id, { ifAvailable: true }, hold);
  });
}

const words = () => ({ text: masked(field.value), note: masked(note.value) });
const isEmpty = ({ text, note: more }) => text.trim() === "" && more.trim() === "";

/** The steps that take the field's draft away, as a save does. */
export function settling() {
  clearTimeout(timer);
  last = "";
  const steps = [{ store: "drafts", drop: own }];
  if (mends) steps.push(dropping(mends));
  mends = null;
  return steps;
}

/** The refused entry that is being mended in the field, if any. */
export const mending = () => mends;

/** Puts away what is in the field, if it is another than before; ends when it is there. */
export async function putAway() {
  clearTimeout(timer);
  const typed = words();
  const now = JSON.stringify(typed);
  if (now === last) return;
  last = now;
  if (isEmpty(typed)) await apply([{ store: "drafts", drop: own }]);
  else await apply([{ store: "drafts", put: { id: own, at: Date.now(), mends, ...typed } }]);
}

export function typed() {
  clearTimeout(timer);
  timer = setTimeout(putAway, PAUSE_MS);
}

/** Fills the field; what stood there becomes a draft of its own. */
export async function fill({ text, note: more }, refusedId = null) {
  await setAside();
  mends = refusedId;
  field.value = text;
  note.value = more ?? "";
  if (note.value) note.closest("details").open = true;
  field.focus();
  putAway();
  whenFilled();
}

/** Moves what is in the field to the drafts and empties it; tells whether there was anything. */
export async function setAside() {
  const typed = words();
  if (isEmpty(typed)) return null;
  const draft = { id: newId(), at: Date.now(), isAside: true, ...typed };
  field.value = "";
  note.value = "";
  complain(null);
  whenFilled();
  await apply([{ store: "drafts", put: draft }, ...settling()]);
  await show();
  return draft;
}

/** Esc in the field: the text goes to the drafts and can be had back at once. */
export async function escape() {
  const draft = await setAside();
  if (draft) tell(say("outbox.put_aside"), () => takeOut(draft));
}

async function takeOut(draft) {
  await fill(draft, draft.mends ?? null);
  await apply([{ store: "drafts", drop: draft.id }]);
  await show();
}

async function discard(draft) {
  await apply([{ store: "drafts", drop: draft.id }]);
  await show();
  field.focus();
  const back = () => apply([{ store: "drafts", put: draft }]).then(show);
  tell(say("outbox.discarded"), back);
}

/** Shows the drafts that are not in a window's field. */
export async function show() {
  const drafts = await orphans();
  folder.hidden = drafts.length === 0;
  folder.querySelector("summary").textContent = count("outbox.drafts", drafts.length);
  const row = (draft) =>
    make(
      "li",
      {},
      make("span", { class: "recent-text" }, draft.text || draft.note),
      quietButton(say("outbox.take_out"), () => takeOut(draft)),
      quietButton(say("outbox.discard"), () => discard(draft)),
    );
  list.replaceChildren(...drafts.map(row));
}

/** The names of the drafts that open windows are writing. */
async function written() {
  const locks = (await navigator.locks?.query())?.held ?? [];
  return new Set(locks.map((it) => it.name));
}

/** Drafts that no open window is writing, the newest first. */
async function orphans() {
  const held = await written();
  const drafts = (await all("drafts")).filter((it) => !it.isLocked && it.id !== own);
  const free = drafts.filter((it) => it.isAside || !held.has(LOCK + it.id));
  return free.sort((a, b) => b.at - a.at);
}

/** Gives back what was being typed when the last window went away. */
async function giveBack() {
  const draft = (await orphans()).find((it) => !it.isAside);
  if (!draft || !isEmpty(words()) || !(await claim(draft.id))) return false;
  own = draft.id;
  mends = draft.mends ?? null;
  field.value = draft.text;
  note.value = draft.note;
  if (note.value) note.closest("details").open = true;
  field.setSelectionRange(field.value.length, field.value.length);
  last = JSON.stringify(words());
  whenFilled();
  tell(say("outbox.given_back"), () => setAside());
  return true;
}

/** A window may be closing just now, or later: then what it was writing is to be had here. */
async function follow() {
  for (const name of await written()) {
    if (!name.startsWith(LOCK) || name === LOCK + own) continue;
    navigator.locks.request(name, () => {}).then(async () => {
      if (performance.now() < CLOSING_MS) await giveBack();
      await show();
    });
  }
}

/** Begins: `filled` is called whenever the field gets other words than the person typed. */
export async function start(filled) {
  whenFilled = filled;
  await dropOld("drafts", KEPT_MS);
  if (!(await giveBack())) await claim(own);
  await show();
  follow();
  putAway();
  field.addEventListener("input", typed);
  note.addEventListener("input", typed);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") putAway();
  });
  addEventListener("pagehide", putAway);
}

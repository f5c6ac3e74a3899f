// The log screen's life. Without it the screen works all the same: the form is sent and the page
// comes back. With it nothing that is typed is lost, and no page is loaded.
import * as around from "./around.js";
import * as drafts from "./drafts.js";
import { isLasting, isLoose, settle } from "./store/kept.js";
import { askAgain, hasCiphers, owner, recall } from "./store/keys.js";
import { changed, lookUp, setPins } from "./lookup.js";
import { find, learnPublished, undoable } from "./mask.js";
import * as names from "./names.js";
import * as outbox from "./outbox.js";
import { complain, count, field, form, say, tell } from "./page.js";
import * as rows from "./rows.js";
import {
  askInAPause, isOutdated, letGoOn, renew, signedInAs, token, whenSignedIn,
} from "./session.js";
import * as walk from "./walk.js";
import "../time_to_log.js";

const TEXT_CHARS_MAX = 2000;
/** A second Enter right after the first is a slip of the finger. */
const TWICE_MS = 1000;
const RETRY_MS = 15_000;
const CONNECT_MS = 2_000;

const note = document.getElementById("note");
const unsafe = document.getElementById("unsafe");
const offer = document.getElementById("offer");
/** The page that the browser keeps for when it is cut off. */
const isShell = form.dataset.person === "";
let savedAt = 0;
/** Kinds of personal data that the person wants to stay in this text. */
let kept = [];

/** What the form says, with what the pressed button adds. */
function read(submitter) {
  const fields = Object.fromEntries(new FormData(form, submitter));
  const { channel, desk, page, same_as: same } = fields;
  const text = find(fields.text.trim(), kept).text;
  const more = find(fields.note.trim(), kept).text;
  const pin = submitter?.matches(".pin") ? submitter.firstElementChild.textContent : "";
  const keep = kept.join(" ");
  return pared({ text, note: more, channel, desk, page, same_as: same, keep, label: text || pin });
}

/** Fields without those that say nothing. */
function pared(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
}

function wrongWith({ text = "", note: more = "", same_as: same }) {
  if (text === "" && !same) return { field: "text", says: say("log.too_short") };
  if (TEXT_CHARS_MAX < text.length) return { field: "text", says: say("log.too_long") };
  if (TEXT_CHARS_MAX < more.length) return { field: "note", says: say("log.too_long") };
  return null;
}

/** In a rush one more is counted; what is typed stays where it is. */
async function countOne() {
  const { channel, desk } = Object.fromEntries(new FormData(form));
  await outbox.add(pared({ channel, desk, act: "count", label: "+1" }));
  field.focus();
  await look();
}

/** One more of what many ask just now. */
async function countSurge(label, same) {
  const { channel, desk } = Object.fromEntries(new FormData(form));
  await outbox.add(pared({ channel, desk, same_as: same, label }));
  field.focus();
}

async function save(submitter) {
  const fields = read(submitter);
  const wrong = wrongWith(fields);
  if (wrong?.field === "text" && !fields.text && Date.now() - savedAt < TWICE_MS) return;
  complain(wrong);
  if (wrong) return;
  savedAt = Date.now();
  const typed = { text: field.value, note: note.value };
  const { found } = find(`${typed.text}\n${typed.note}`, kept);
  kept = [];
  field.value = "";
  note.value = "";
  note.closest("details").open = false;
  field.focus();
  filled();
  const id = await outbox.add(fields, drafts.settling());
  if (found.length) tellMasked(id, typed, found);
  await look();
}

/** Says what was taken out; what may stay comes back with one press. */
function tellMasked(id, typed, found) {
  const kinds = undoable(found);
  const undo = async () => {
    rows.takeBack(id);
    await drafts.fill(typed);
    kept = kinds;
  };
  tell(count("log.masked", found.length), kinds.length ? undo : null);
}

/** The field has other words now, typed or not. */
function filled() {
  if (field.value === "") kept = [];
  setPins();
  changed();
  names.changed();
  look();
}

/** Says what the page can promise just now, and offers a newer page when nothing is in the way. */
async function look() {
  unsafe.hidden = isLasting();
  const says = say(hasCiphers() ? "outbox.memory" : "outbox.insecure");
  // The same words again would be read out again.
  if (unsafe.textContent !== says) unsafe.textContent = says;
  const isIdle = field.value === "" && (await outbox.entries()).length === 0;
  if (isShell) document.getElementById("cut-off").hidden = token() !== "";
  offer.hidden = !isIdle || !(isOutdated() || (isShell && token() !== ""));
}

/** Learns who is signed in where the page does not know, and gets today's key. */
async function connect() {
  const state = token() ? "same" : await renew();
  if (state === "ended") askInAPause();
  if (state === "later") setTimeout(connect, RETRY_MS);
  if (state === "same") {
    await takeUp();
    learnPublished();
  }
  await look();
  return state;
}

/** Gets the keys of who is signed in, and puts away for good what was put away in memory. */
async function takeUp() {
  askAgain();
  if (!owner()) await recall(signedInAs());
  await settle();
  // What could not be opened before can be sent now.
  if ("ready" in form.dataset) outbox.kick();
}

function keepUp() {
  const again = async () => {
    const state = await renew();
    if (outbox.hindrance()) outbox.resume(state);
    await connect();
  };
  // Never by the clock: a screen that nobody sits at must not keep the session alive.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") again();
  });
  addEventListener("online", again);
  whenSignedIn(async (state) => {
    if (state === "other" && isLasting()) {
      // The page goes over to the one who is here now; the first one's texts are put away.
      drafts.putAway();
      await outbox.entries();
      location.reload();
    }
    if (state === "same") await takeUp();
    outbox.signedIn(state);
    await drafts.show();
    await look();
  });
  addEventListener("beforeunload", (event) => {
    if (!isLasting() && (isLoose() || field.value !== "")) event.preventDefault();
  });
  offer.querySelector("button").addEventListener("click", () => location.reload());
  for (const name of ["added", "saved", "refused", "changed"]) {
    outbox.news.addEventListener(name, look);
  }
  // What was put away in memory, before there was a key, is put away for good.
  outbox.news.addEventListener("saved", settle);
}

/** An address may say what was asked; the service cannot fill that in while it is away. */
function prefill() {
  const said = new URLSearchParams(location.search);
  const { channel } = form.elements;
  field.value ||= said.get("text") ?? "";
  if (channel && said.has("channel")) channel.value = said.get("channel");
}

/** The lock waits until what is typed is put away. */
function lockAfterDraft() {
  const lock = document.querySelector("form.lock");
  lock?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await drafts.putAway().catch(() => {});
    lock.submit();
  });
}

async function start() {
  lockAfterDraft();
  if (isShell) prefill();
  walk.start();
  names.start();
  setPins();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.value === "look_up") lookUp();
    else if (event.submitter?.value === "count") countOne();
    else save(event.submitter);
  });
  around.start(countSurge);
  field.addEventListener("input", () => {
    complain(null);
    filled();
  });
  outbox.news.addEventListener("changed", () => {
    if (outbox.hindrance() === "ended") askInAPause();
  });
  outbox.news.addEventListener("resumed", letGoOn);
  await recall(form.dataset.person || null);
  // A service that hangs must not keep drafts and rows from coming up.
  await Promise.race([connect(), new Promise((resolve) => setTimeout(resolve, CONNECT_MS))]);
  await outbox.dropUnreadable();
  await drafts.start(() => {
    // What may stay in one text need not in another.
    kept = [];
    names.reset();
    filled();
  });
  await rows.start({ mended: complain });
  keepUp();
  form.dataset.ready = "";
  outbox.kick();
  await navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
}

start();

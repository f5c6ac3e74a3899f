// Measures what one entry takes, and tells the service two numbers: from the first key to the
// acknowledgement, and the part of it that was not search. Never which entry, and never whose.
//
// The search is over with the last key of the text; where a hit is taken, it is over with the first
// key or press that goes for it, since what stands there is read, and read out, until then.
import { news } from "./log/outbox.js";
import { field, form } from "./log/page.js";
import { token } from "./log/session.js";

const PATH = "/api/v1/screen/took";
const MS_MAX = 30 * 60 * 1000;

const side = document.getElementById("hits");

/** When the words in the field were begun, and when they got what they are now. */
let words = null;
/** When the way to a hit or to a common question was begun. */
let pickedAt = null;
/** What is about to be put away. */
let taken = null;
/** What is on its way, by the id of its entry. */
const underWay = new Map();

function begin() {
  if (field.value === "") words = { begun: performance.now(), changed: 0, text: "" };
}

function typed() {
  pickedAt = null;
  if (!words) return;
  words.changed = performance.now();
  words.text = field.value;
}

/** The first key or press that goes for what stands beside the field. */
function pick() {
  pickedAt ??= performance.now();
}

/** Words that came from a link or a draft were begun by another key: they are not measured. */
function take({ submitter }) {
  const isOwn = words?.text === field.value && field.value !== "";
  const isPick = submitter?.name === "same_as" || submitter?.name === "page";
  taken = null;
  if (isOwn) taken = { begun: words.begun, from: (isPick && pickedAt) || words.changed };
  else if (field.value === "" && isPick) taken = { begun: pickedAt, from: pickedAt };
  if (taken) taken.says = (isPick && submitter.value) || null;
  [words, pickedAt] = [null, null];
}

/** Whether an entry is the one that was taken, and not one more of what stands above the form. */
function isTaken({ fields }) {
  if (!taken?.begun || fields.act) return false;
  return taken.says === (fields.same_as ?? fields.page ?? null);
}

function follow({ detail: { entry } }) {
  if (isTaken(entry)) underWay.set(entry.id, { ...taken, sent: 0 });
  taken = null;
}

/** What is sent a second time had to wait, and says nothing of the screen. */
function sent({ detail: { entry } }) {
  const one = underWay.get(entry.id);
  if (one && 1 < ++one.sent) underWay.delete(entry.id);
}

function end({ detail: { entry } }) {
  const one = underWay.get(entry.id);
  underWay.delete(entry.id);
  if (one?.sent !== 1) return;
  const now = performance.now();
  const [total, beyond] = [now - one.begun, now - one.from].map(Math.round);
  if (total <= MS_MAX) tell({ total_ms: total, beyond_ms: beyond });
}

/** Tells it once; a number that is lost is missed by nobody. */
function tell(numbers) {
  fetch(PATH, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf": token() },
    body: JSON.stringify(numbers),
    keepalive: true,
  }).catch(() => {});
}

field.addEventListener("beforeinput", begin);
field.addEventListener("input", typed);
field.addEventListener("keydown", ({ key, ctrlKey }) => {
  if (key === "ArrowDown" || (key === "Enter" && ctrlKey)) pick();
  else if (!["Shift", "Control", "Alt", "Meta"].includes(key)) pickedAt = null;
});
side.addEventListener("pointerdown", pick);
form.addEventListener("submit", take, { capture: true });
news.addEventListener("added", follow);
news.addEventListener("sending", sent);
news.addEventListener("saved", end);
news.addEventListener("refused", ({ detail: { entry } }) => underWay.delete(entry.id));

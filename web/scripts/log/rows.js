// The rows under the field and the panel of what was saved last, kept true to what the service
// has said.
import { fill, mending } from "./drafts.js";
import { announce, count, field, form, quietButton, say, tell } from "./page.js";
import * as outbox from "./outbox.js";
import { askToSignIn, send } from "./session.js";

const SHOWN_MAX = 5;

const list = document.getElementById("recent-list");
const none = document.getElementById("recent-none");
const model = document.getElementById("row-model").content.firstElementChild;
const queue = document.getElementById("queue");
const panel = document.getElementById("saved");

let newest = null;

const rowOf = (id) => list.querySelector(`[data-id="${CSS.escape(id)}"]`);
const part = (row, name) => row.querySelector(`.${name}`);

function word(row, text) {
  part(row, "recent-text").textContent = text;
  part(row, "undo").querySelector(".ds-sr-only").textContent = `: ${text}`;
}

/** The time of day as pages write it. */
function clock(at) {
  const point = document.documentElement.lang === "en" ? ":" : ".";
  const two = (n) => String(n).padStart(2, "0");
  const time = new Date(at);
  return `${two(time.getHours())}${point}${two(time.getMinutes())}`;
}

/** What a row says of how an entry came and ended. */
function how({ channel, page, same_as: same, outcome }) {
  const name = page ? "page" : same ? "same_as" : (outcome ?? "unknown");
  return `${say(`channel.${channel}`)} · ${say(`outcome.${name}`)}`;
}

function add(entry) {
  const row = rowOf(entry.id) ?? model.cloneNode(true);
  row.dataset.id = entry.id;
  row.dataset.how = how(entry.fields);
  row.dataset.state = "waits";
  part(row, "at").textContent = clock(entry.asked);
  word(row, entry.fields.label || entry.fields.text);
  part(row, "undo").hidden = true;
  list.prepend(row);
  list.hidden = false;
  none.hidden = true;
  shorten();
  return row;
}

function mark(row, state, text) {
  row.dataset.state = state;
  part(row, "how").textContent = text;
}

function saved(entry, answer) {
  const row = rowOf(entry.id);
  if (row) {
    part(row, "at").textContent = answer.at;
    if (answer.text) word(row, answer.text);
    part(row, "undo").hidden = false;
    part(row, "undo").action = `/log/${answer.id}/undo`;
    mark(row, "saved", `${say("log.saved", { at: answer.at })} · ${row.dataset.how}`);
    shorten();
  }
  if (entry.id === newest?.id) showPanel(answer);
}

/** At most so many rows, unless more wait: those stay. */
function shorten() {
  const open = list.querySelectorAll('[data-state="waits"], [data-state="refused"]').length;
  const done = list.querySelectorAll('li:not([data-state="waits"], [data-state="refused"])');
  [...done].slice(Math.max(SHOWN_MAX - open, 0)).forEach((row) => row.remove());
}

function refused(entry) {
  const row = rowOf(entry.id) ?? add(entry);
  mark(row, "refused", `${say("outbox.not_saved")}: ${entry.refused.says}`);
  const { text = "", note = "" } = entry.fields;
  const mend = () => {
    row.remove();
    fill({ text, note }, entry.id).then(() => whenMended(entry.refused));
  };
  part(row, "mend").replaceChildren(quietButton(say("outbox.mend"), mend));
  // Whoever has typed on is not interrupted; the row has the words.
  if (entry.id === newest?.id && field.value === "") mend();
}

let whenMended = () => {};

function showPanel(answer) {
  panel.hidden = false;
  panel.dataset.id = answer.id;
  panel.querySelector(".saved-at").textContent = say("log.saved", { at: answer.at });
  const masked = panel.querySelector(".masked");
  masked.hidden = answer.masked === 0;
  masked.textContent = answer.masked ? count("log.masked", answer.masked) : "";
  panel.querySelector(".case").hidden = !answer.is_case;
  const hints = panel.querySelector(".hints");
  hints.hidden = !answer.hints;
  const says = answer.hints ? count("log.hints", answer.hints) : "";
  hints.querySelector("span").textContent = says;
  announce(`${say("log.saved", { at: answer.at })}. ${masked.textContent}`);
  const { page, same_as: same, outcome, act } = newest.fields;
  panel.querySelector(".outcomes").hidden = Boolean(page || same || outcome || act);
  for (const one of panel.querySelectorAll("form")) {
    one.action = `/log/${answer.id}/${one.action.split("/").at(-1)}`;
  }
}

/** Says how many wait, and why. */
async function showQueue() {
  const waiting = (await outbox.entries()).filter((it) => !it.refused);
  const why = outbox.hindrance();
  const n = waiting.length;
  form.dataset.waiting = String(n);
  if (n === 0 || why === null) {
    queue.replaceChildren();
    return;
  }
  for (const { id } of waiting) {
    const row = rowOf(id);
    if (row) mark(row, "waits", say("outbox.waits"));
  }
  const says = count(why === "later" ? "outbox.waiting" : `outbox.waiting_${why}`, n);
  const act = why === "ended" ? [quietButton(say("outbox.sign_in"), askToSignIn)] : [];
  if (queue.dataset.says !== says || !queue.firstChild) queue.replaceChildren(says, " ", ...act);
  queue.dataset.says = says;
}

/** Takes an entry back, says what happened with it, or masks its names; the page stays. */
async function change(sent, submitter) {
  const path = new URL(sent.action).pathname;
  const [, , id, what] = path.split("/");
  const fields = what === "outcome" ? { outcome: submitter.value } : {};
  const { state, answer } = await send(`/api/v1/screen/inquiries/${id}/${what}`, fields);
  if (state === "ended") askToSignIn();
  if (!answer?.ok) {
    tell(say(answer?.status === 403 ? "log.edited_out" : "outbox.failed"));
    return;
  }
  const { says, outcome, text } = await answer.json();
  const row = rowOf(id);
  if (what === "names") {
    if (row && text) word(row, text);
    panel.querySelector(".hints").hidden = true;
  } else if (what === "undo") {
    row?.remove();
    if (!list.firstElementChild) {
      list.hidden = true;
      none.hidden = false;
    }
    if (panel.dataset.id === id) panel.hidden = true;
  } else {
    if (row) {
      const [channel] = (row.dataset.how ?? part(row, "how").textContent).split(" · ");
      part(row, "how").textContent = `${channel} · ${say(`outcome.${outcome}`)}`;
    }
    panel.querySelector(".outcomes").hidden = true;
  }
  tell(says);
  field.focus();
}

/** Takes an entry back that was just added, once it is kept. */
export function takeBack(id) {
  const undo = () => part(rowOf(id), "undo").requestSubmit();
  if (rowOf(id)?.dataset.state === "saved") return undo();
  outbox.news.addEventListener("saved", function once({ detail }) {
    if (detail.entry.id !== id) return;
    outbox.news.removeEventListener("saved", once);
    undo();
  });
}

/** Begins: shows what waits from before, and follows what happens. */
export async function start({ mended }) {
  whenMended = mended;
  const follow = (name, act) =>
    outbox.news.addEventListener(name, ({ detail }) => act(detail.entry, detail.answer));
  follow("added", (entry) => {
    newest = entry;
    mark(add(entry), "waits", say("outbox.saving"));
    panel.hidden = true;
  });
  follow("saved", saved);
  follow("refused", refused);
  for (const name of ["added", "saved", "refused", "changed"]) follow(name, showQueue);
  for (const entry of await outbox.entries()) {
    if (entry.isLocked || entry.id === mending()) continue;
    if (entry.refused) refused(entry);
    else mark(add(entry), "waits", say("outbox.waits"));
  }
  document.addEventListener("submit", (event) => {
    if (!/^\/log\/[^/]+\/(undo|outcome|names)$/.test(new URL(event.target.action).pathname)) return;
    event.preventDefault();
    change(event.target, event.submitter);
  });
  await showQueue();
}

// Names and plates in what is being typed: underlined, with one key to take them out. They are no
// more than likely, so they stay unless the person wants them gone.
import { MASKS } from "../personal_data.js";
import { masked } from "./mask.js";
import { announce, complain, field, say } from "./page.js";
import { token } from "./session.js";

const PAUSE_MS = 400;
const CHARS_MIN = 5;
const ANSWER_MS = 5_000;

const mirror = document.getElementById("text-mirror");
const line = document.getElementById("names");
const hint = document.getElementById("text-hint");
const says = line.querySelector("span");

/** What may be names now: `{ kind, words }`. */
let found = [];
/** Words that the person wants to stay in this text. */
let stays = new Set();
let timer = 0;
let running = null;

/** The field has other words than before. */
export function changed() {
  clearTimeout(timer);
  running?.abort();
  if (field.value === "") stays = new Set();
  show();
  if (CHARS_MIN <= field.value.length) timer = setTimeout(ask, PAUSE_MS);
  else found = [];
}

async function ask() {
  const text = masked(field.value);
  running = new AbortController();
  try {
    const answer = await fetch("/api/v1/personal-data", {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf": token() },
      body: JSON.stringify({ text }),
      signal: AbortSignal.any([running.signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    if (!answer.ok) return;
    const { hints } = await answer.json();
    found = hints.map(({ kind, start, end }) => ({ kind, words: text.slice(start, end) }));
    show();
  } catch {
    // Nobody waits for this: what is a name is pointed out again once it is saved.
  }
}

/** Words as they stand by themselves: "Per" is none of "Personalet". */
const alone = (words) => {
  const quoted = words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${quoted}(?![\\p{L}\\p{N}])`, "gu");
};

/** What stands in the field, the longest first: "Kari Nordmann" before "Kari". */
const standing = () =>
  found
    .filter(({ words }) => !stays.has(words) && field.value.search(alone(words)) !== -1)
    .sort((a, b) => b.words.length - a.words.length);

function show() {
  const names = standing();
  const isShown = names.length !== 0;
  // The words stand where the hint about names stands otherwise: nothing moves.
  line.hidden = !isShown;
  hint.hidden = isShown;
  const list = [...new Set(names.map((it) => it.words))].map((it) => `«${it}»`).join(", ");
  const text = isShown ? say("log.looks_like_name", { names: list }) : "";
  if (text && says.textContent !== text) announce(text);
  says.textContent = text;
  underline(names);
}

/** Draws the line under the words: a field for text cannot mark a part of its own. */
function underline(names) {
  mirror.replaceChildren();
  if (!names.length) return;
  let rest = field.value;
  while (rest) {
    const [next] = names
      .map(({ words }) => ({ words, at: rest.search(alone(words)) }))
      .filter((it) => it.at !== -1)
      .sort((a, b) => a.at - b.at || b.words.length - a.words.length);
    if (!next) break;
    const mark = document.createElement("u");
    mark.textContent = next.words;
    mirror.append(rest.slice(0, next.at), mark);
    rest = rest.slice(next.at + next.words.length);
  }
  mirror.append(rest);
  mirror.scrollTop = field.scrollTop;
}

function takeOut() {
  let text = field.value;
  for (const { kind, words } of standing()) text = text.replace(alone(words), MASKS[kind]);
  // As if typed: the browser's own undo brings the words back.
  field.focus();
  field.select();
  document.execCommand("insertText", false, text);
  complain(null);
}

function letStay() {
  for (const { words } of standing()) stays.add(words);
  show();
  field.focus();
}

/** Another text is in the field: what may stay in one need not in another. */
export const reset = () => (stays = new Set());

/** Begins to look at what is typed. */
export function start() {
  const [out, stay] = line.querySelectorAll("button");
  out.addEventListener("click", takeOut);
  stay.addEventListener("click", letStay);
  field.addEventListener("scroll", () => (mirror.scrollTop = field.scrollTop));
  field.addEventListener("keydown", (event) => {
    const isKey = event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyN";
    if (!isKey || line.hidden) return;
    event.preventDefault();
    takeOut();
  });
}

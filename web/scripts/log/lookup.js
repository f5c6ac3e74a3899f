// Looks up while one types: what the website answers, and whether the same was asked before.
import { masked } from "./mask.js";
import { count, field, make, say, tell } from "./page.js";
import { askInAPause, renew, token } from "./session.js";

/** Two look-ups are begun so far apart; the first key after a pause waits for nothing. */
const GAP_MS = 60;
/** One that is not answered by then makes way for newer words. */
const WAY_MS = 250;
const SLOW_MS = 2000;
const CHARS_MIN = 3;

const found = document.getElementById("found");
const list = document.getElementById("hit-list");

/** The hits. */
export const side = document.getElementById("hits");

/** The common questions, if there are any. */
export const common = document.querySelector(".common");
const pins = () => [...document.querySelectorAll(".pin")];

let timer = 0;
let running = null;
let begunAt = -GAP_MS;
let asked = field.value.trim();
/** The words that the hits belong to: those of a look-up that failed have none. */
let shownFor = asked;

function button(name, value, label) {
  return make(
    "button",
    { class: "ds-button", "data-variant": "secondary", type: "submit", name, value },
    label,
  );
}

/** What leaves the page by the clipboard or by mail: a link for the caller. */
function copying(address) {
  const copy = button("", "", say("log.copy"));
  copy.type = "button";
  copy.dataset.variant = "tertiary";
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address);
    tell(say("log.copied"));
  });
  return copy;
}

function passage(hit) {
  const title = make("p", { class: "hit-title" }, make("strong", {}, hit.title));
  if (hit.heading) title.append(" › ", hit.heading);
  const text = make("p", { class: "hit-text", lang: hit.lang });
  for (const part of hit.parts) text.append(part.marked ? make("mark", {}, part.text) : part.text);
  const link = make(
    "a",
    { class: "ds-link", href: hit.address, target: "_blank", rel: "noreferrer" },
    say("log.show"),
  );
  const here = button("page", hit.address, say("log.here"));
  const letter = `subject=${encodeURIComponent(hit.title)}&body=${encodeURIComponent(hit.address)}`;
  const mail = make("a", { class: "ds-link", href: `mailto:?${letter}` }, say("log.mail"));
  const copy = navigator.clipboard ? [copying(hit.address)] : [];
  const acts = make("p", { class: "row hit-acts" }, here, link, mail, ...copy);
  return make("li", { class: "hit" }, title, text, acts);
}

function earlier(hit) {
  const said = hit.count === 0 ? "" : count("log.times", hit.count);
  const times = make("span", { class: "muted" }, said);
  const text = make("p", { class: "hit-text" }, `«${hit.text}» `, times);
  const same = button("same_as", hit.inquiry, `${say("log.same")} +1`);
  const acts = make("p", { class: "hit-acts" }, same);
  return make("li", { class: "hit earlier" }, text, acts);
}

function spoken({ text, day, inquiry }) {
  const by = make("span", { class: "muted" }, say("log.spoken_by", { day }));
  const same = button("same_as", inquiry, `${say("log.said")} +1`);
  const words = make("p", { class: "hit-text" }, `«${text}» `, by);
  const heading = make("h2", { id: "spoken-title", class: "ds-heading", "data-size": "2xs" });
  heading.append(say("log.spoken"));
  const acts = make("p", { class: "hit-acts" }, same);
  return make("section", { class: "spoken", "aria-labelledby": heading.id }, heading, words, acts);
}

function section(id, title, name, items) {
  const heading = make("h2", { id, class: "ds-heading", "data-size": "2xs" }, title);
  const hits = make(name, { class: "hits" }, ...items);
  return make("section", { "aria-labelledby": id }, heading, hits);
}

function show(hits) {
  const sections = hits.answer ? [spoken(hits.answer)] : [];
  if (hits.passages.length) {
    sections.push(section("passages-title", say("log.passages"), "ol", hits.passages.map(passage)));
  }
  if (hits.earlier.length) {
    sections.push(section("earlier-title", say("log.earlier"), "ul", hits.earlier.map(earlier)));
  }
  const same = sections.map((it) => it.querySelector(".earlier button")).find(Boolean);
  same?.append(" ", make("kbd", { "aria-hidden": "true" }, "Ctrl+Enter"));
  const hadFocus = list.contains(document.activeElement);
  list.replaceChildren(...sections);
  if (hadFocus) field.focus();
  document.getElementById("quiet")?.remove();
  const n = hits.passages.length + hits.earlier.length;
  if (hits.is_down) status(say("log.search_down"));
  else status(n === 0 ? say("log.no_hits") : count("log.found", n));
}

function status(text) {
  if (found.textContent !== text) found.textContent = text;
}

/** Looks a text up now. */
export async function lookUp(text = field.value.trim()) {
  clearTimeout(timer);
  running?.abort();
  asked = text;
  const mine = new AbortController();
  running = mine;
  begunAt = performance.now();
  side.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => status(say("log.search_down")), SLOW_MS);
  try {
    const answer = await fetch("/api/v1/suggest", {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf": token() },
      body: JSON.stringify({ text: masked(text) }),
      signal: mine.signal,
    });
    if (answer.status === 401) askInAPause();
    if (answer.status === 403) await renew();
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    shownFor = text;
  } catch (error) {
    if (error.name !== "AbortError") status(say("log.search_down"));
  } finally {
    clearTimeout(slow);
    if (running === mine) {
      running = null;
      side.setAttribute("aria-busy", "false");
      changed();
    }
  }
}

/** The field may have other words than before: looks them up as soon as it is their turn. One
 * look-up is under way at a time, and what is typed meanwhile is looked up after it. */
export function changed() {
  const text = field.value.trim();
  clearTimeout(timer);
  if (text === asked) return;
  if (text.length < CHARS_MIN) {
    running?.abort();
    running = null;
    side.setAttribute("aria-busy", "false");
    [asked, shownFor] = [text, text];
    list.replaceChildren();
    status("");
    return;
  }
  const wait = begunAt + (running ? WAY_MS : GAP_MS) - performance.now();
  if (wait <= 0) lookUp(text);
  else timer = setTimeout(changed, wait);
}

/** Whether the hits are those of the words in the field. */
export const isFresh = () => field.value.trim() === shownFor;

/** What an arrow may reach: with text in the field only hits that belong to that very text, since
 * Enter on anything else would log another question than the one that is typed. */
export function buttons() {
  if (field.value.trim() === "") return pins();
  return isFresh() ? [...list.querySelectorAll("button[type=submit]")] : [];
}

/** A common question is one key away while nothing is typed, and out of the way after that. */
export function setPins() {
  const isTyping = field.value.trim() !== "";
  for (const pin of pins()) pin.disabled = isTyping;
}

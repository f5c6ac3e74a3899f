// The log screen's life: looks up while one types, walks with the arrow keys, saves on Enter.
// Without this file the screen works all the same: the form is sent and the page comes back.

const PAUSE_MS = 120;
const SLOW_MS = 400;
const CHARS_MIN = 3;
const RESEND_MS = 5000;

const form = document.getElementById("log");
const field = document.getElementById("text");
const found = document.getElementById("found");
const list = document.getElementById("hit-list");
const side = document.getElementById("hits");
const words = form.dataset;

let timer = 0;
let running = null;
let asked = field.value.trim();

/** Makes an element with text; what comes from pages and callers is never read as HTML. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== "") element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function count(n, one, other) {
  return (n === 1 ? one : other).replace("{n}", String(n));
}

function button(name, value, label) {
  return make(
    "button",
    { class: "ds-button", "data-variant": "secondary", type: "submit", name, value },
    label,
  );
}

function passage(hit) {
  const title = make("p", { class: "hit-title" }, make("strong", {}, hit.title));
  if (hit.heading) title.append(" › ", hit.heading);
  const text = make("p", { class: "hit-text", lang: hit.lang });
  for (const part of hit.parts) text.append(part.marked ? make("mark", {}, part.text) : part.text);
  const link = make(
    "a",
    { class: "ds-link", href: hit.address, target: "_blank", rel: "noreferrer" },
    words.show,
  );
  const acts = make("p", { class: "row hit-acts" }, button("page", hit.address, words.here), link);
  return make("li", { class: "hit" }, title, text, acts);
}

function earlier(hit) {
  const said = hit.count === 0 ? "" : count(hit.count, words.time, words.times);
  const times = make("span", { class: "muted" }, said);
  const text = make("p", { class: "hit-text" }, `«${hit.text}» `, times);
  const acts = make("p", { class: "hit-acts" }, button("same_as", hit.inquiry, `${words.same} +1`));
  return make("li", { class: "hit earlier" }, text, acts);
}

function section(id, title, name, items) {
  const heading = make("h2", { id, class: "ds-heading", "data-size": "2xs" }, title);
  const hits = make(name, { class: "hits" }, ...items);
  return make("section", { "aria-labelledby": id }, heading, hits);
}

function show(hits) {
  const sections = [];
  if (hits.passages.length) {
    sections.push(section("passages-title", words.passages, "ol", hits.passages.map(passage)));
  }
  if (hits.earlier.length) {
    sections.push(section("earlier-title", words.earlier, "ul", hits.earlier.map(earlier)));
  }
  const hadFocus = list.contains(document.activeElement);
  list.replaceChildren(...sections);
  if (hadFocus) field.focus();
  document.getElementById("quiet")?.remove();
  const n = hits.passages.length + hits.earlier.length;
  if (hits.is_down) say(words.error);
  else say(n === 0 ? words.none : count(n, words.foundOne, words.foundOther));
}

function say(text) {
  if (found.textContent !== text) found.textContent = text;
}

async function lookUp(text) {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  side.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => say(words.error), SLOW_MS * 5);
  try {
    const answer = await fetch("/api/v1/suggest", {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf": words.csrf },
      body: JSON.stringify({ text }),
      signal: mine.signal,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
  } catch (error) {
    if (error.name !== "AbortError") say(words.error);
  } finally {
    clearTimeout(slow);
    if (running === mine) side.setAttribute("aria-busy", "false");
  }
}

function changed() {
  const text = field.value.trim();
  clearTimeout(timer);
  if (text === asked) return;
  if (text.length < CHARS_MIN) {
    running?.abort();
    asked = text;
    list.replaceChildren();
    say("");
    return;
  }
  timer = setTimeout(() => {
    asked = text;
    lookUp(text);
  }, PAUSE_MS);
}

/** What an arrow may reach: with text in the field only hits that belong to that very text, since
 * Enter on anything else would log another question than the one that is typed. */
function buttons() {
  const text = field.value.trim();
  if (text === "") return [...side.querySelectorAll(".pin")];
  const isFresh = text === asked && side.getAttribute("aria-busy") === "false";
  return isFresh ? [...side.querySelectorAll(".hit button")] : [];
}

/** A common question is one key away while nothing is typed, and out of the way after that. */
function setPins() {
  const isTyping = field.value.trim() !== "";
  for (const pin of side.querySelectorAll(".pin")) pin.disabled = isTyping;
}

function onLastLine() {
  return !field.value.slice(field.selectionEnd).includes("\n");
}

field.addEventListener("input", () => {
  delete form.dataset.sent;
  setPins();
  changed();
});
setPins();

field.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=save]"));
  } else if (event.key === "ArrowDown" && onLastLine() && buttons().length) {
    event.preventDefault();
    buttons()[0].focus();
  }
});

side.addEventListener("keydown", (event) => {
  const all = buttons();
  const at = all.indexOf(document.activeElement);
  const onLink = document.activeElement.matches(".hit a");
  if (event.key === "Escape" || (event.key === "ArrowUp" && at === 0)) {
    event.preventDefault();
    field.focus();
  } else if (event.key === "ArrowUp" && 0 < at) {
    event.preventDefault();
    all[at - 1].focus();
  } else if (event.key === "ArrowDown" && 0 <= at && at + 1 < all.length) {
    event.preventDefault();
    all[at + 1].focus();
  } else if (event.key === "ArrowRight" && 0 <= at) {
    all[at].parentElement.querySelector("a")?.focus();
  } else if (event.key === "ArrowLeft" && onLink) {
    document.activeElement.closest(".hit").querySelector("button").focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
    event.preventDefault();
    field.focus();
  }
});

// A second press while the first is under way would only repeat it.
form.addEventListener("submit", (event) => {
  if (form.dataset.sent === "yes") event.preventDefault();
  form.dataset.sent = "yes";
  // A save that was broken off can be tried again; its key keeps it from being logged twice.
  setTimeout(() => delete form.dataset.sent, RESEND_MS);
});
addEventListener("pageshow", () => delete form.dataset.sent);

// The keys of the log screen: Enter saves, arrows walk through the hits, Esc steps back.
import { escape } from "./drafts.js";
import { buttons, common, isFresh, side } from "./lookup.js";
import { field, form, say, tell } from "./page.js";

const LOOK_MS = 25;
const FRESH_MS_MAX = 2_500;

function onLastLine() {
  return !field.value.slice(field.selectionEnd).includes("\n");
}

/** One key for a repeat, wherever it stands among the hits: who is quicker than they come need not
 * press again. */
async function repeat() {
  const text = field.value;
  for (let ms = 0; ms < FRESH_MS_MAX && !isFresh(); ms += LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  if (field.value !== text) return;
  const same = buttons().find((it) => it.matches(".earlier button"));
  if (same) form.requestSubmit(same);
  else tell(say("log.no_repeat"));
}

function inField(event) {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=save]"));
  } else if (event.key === "Enter" && event.ctrlKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    repeat();
  } else if (event.key === "ArrowDown" && onLastLine() && buttons().length) {
    event.preventDefault();
    buttons()[0].focus();
  } else if (event.key === "Escape" && field.value !== "") {
    event.preventDefault();
    escape();
  }
}

function inHits(event) {
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
}

export function start() {
  field.addEventListener("keydown", inField);
  for (const part of [side, common]) part?.addEventListener("keydown", inHits);
}

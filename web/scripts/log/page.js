// The log screen's own parts: its form, its words, and how elements are made.

export const form = document.getElementById("log");
export const field = document.getElementById("text");

const words = JSON.parse(form.dataset.words);

/** The text under a key of `web/messages`, with `{name}` replaced by its value. */
export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The form of a text for a count. */
export function count(key, n) {
  return say(`${key}.${n === 1 ? "one" : "other"}`, { n: String(n) });
}

/** Makes an element with text; what comes from pages and callers is never read as HTML. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== "") element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** A button of the quiet sort that does `act`. */
export function quietButton(label, act) {
  const attributes = { class: "ds-button", "data-variant": "tertiary", type: "button" };
  const button = make("button", attributes, label);
  button.addEventListener("click", act);
  return button;
}

const heard = [...document.querySelectorAll(".heard")];

/** Says to those who listen what others see. The places take turns: the same words a second time
 * in the same place are no change, and are not read out. */
export function announce(text) {
  const [now, before] = heard;
  heard.reverse();
  before.textContent = "";
  now.textContent = text;
}

const told = document.getElementById("told");
const TOLD_MS = 10_000;
let toldTimer = 0;

/** Says something once, with a way to undo it for as long as it stands there. */
export function tell(text, undo = null) {
  clearTimeout(toldTimer);
  const close = () => told.replaceChildren();
  const act = () => {
    close();
    undo();
  };
  const back = undo ? [quietButton(say("log.undo"), act)] : [];
  told.replaceChildren(make("span", {}, text), ...back);
  toldTimer = setTimeout(function ends() {
    // Whoever is on the button, or holds the pointer over it, is not left with nothing.
    if (told.matches(":hover, :focus-within")) toldTimer = setTimeout(ends, TOLD_MS);
    else close();
  }, TOLD_MS);
}

/** Says what is wrong at a field; nothing wrong takes it away. */
export function complain(wrong) {
  for (const name of ["text", "note"]) {
    const input = document.getElementById(name);
    const says = document.getElementById(`${name}-error`);
    const isHere = wrong?.field === name;
    says.textContent = isHere ? wrong.says : "";
    says.hidden = !isHere;
    input.toggleAttribute("aria-invalid", false);
    if (isHere) {
      input.setAttribute("aria-invalid", "true");
      input.closest("details")?.setAttribute("open", "");
      input.focus();
    }
  }
}

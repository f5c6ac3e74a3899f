// What stands over the field: messages from the editors, and what many ask all at once. It is
// looked for anew while somebody works here, never by the clock: a screen that nobody sits at must
// not keep the session alive.
import { announce, field } from "./page.js";
import { news } from "./outbox.js";

const FRESH_MS = 30_000;
const ANSWER_MS = 10_000;

const place = document.getElementById("around");
let seenAt = Date.now();

/** Takes what stands there from a fresh page, unless that was done a moment ago. */
async function refresh() {
  if (Date.now() - seenAt < FRESH_MS || place.contains(document.activeElement)) return;
  seenAt = Date.now();
  const answer = await fetch("/", { signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("around");
  // It may be the sign-in page, or the one that the browser keeps for when it is cut off; or
  // somebody has come to a button here meanwhile.
  const isLive = Boolean(page.getElementById("log")?.dataset.person);
  if (!fresh || !isLive || place.contains(document.activeElement)) return;
  const before = lines(place);
  const added = lines(fresh).filter((it) => !before.includes(it));
  place.replaceChildren(...document.importNode(fresh, true).children);
  if (added.length) announce(added.join(" "));
}

const lines = (element) =>
  [...element.querySelectorAll(".ds-paragraph")].map((it) => it.textContent.trim());

/** Begins; `count` takes the words and the id of what was asked once more. */
export function start(count) {
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    count(event.target.querySelector(".surge-text").textContent, event.submitter.value);
  });
  field.addEventListener("input", refresh);
  news.addEventListener("saved", refresh);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") refresh();
  });
}

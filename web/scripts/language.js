// Changing the language of the log screen: what is typed stays.
import { putAway } from "./log/drafts.js";
import { isLasting } from "./log/store/kept.js";
import { masked } from "./log/mask.js";
import { field, form, make, say, tell } from "./log/page.js";

const choice = document.querySelector("form.lang");

/** Where nothing can be put away, the service writes the page anew with what is typed on it. */
function carry() {
  for (const one of [field, form.elements.note]) one.value = masked(one.value);
  form.append(make("input", { type: "hidden", name: "act", value: "look_up" }));
  form.submit();
}

choice?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(choice, event.submitter));
  await putAway();
  const sent = { method: "POST", body, redirect: "manual" };
  const answer = await fetch(choice.action, sent).catch(() => null);
  // The answer is the way back here. Anything else would be a page without what is typed.
  const isSafe = isLasting() || !(field.value || form.elements.note.value);
  if (answer?.type !== "opaqueredirect") tell(say("outbox.failed"));
  else if (isSafe) location.assign(choice.elements.next.value);
  else carry();
});

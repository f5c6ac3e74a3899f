// Who is signed in, as the service sees it, and signing in again over the page.
import { owner } from "./store/keys.js";
import { field, form, say } from "./page.js";

const ANSWER_MS = 20_000;
const PAUSE_MS = 1_500;
const SESSION = "/api/v1/session";

let csrf = form.querySelector("input[name=csrf]").value;
let who = form.dataset.person || null;
let build = form.dataset.build;

const dialog = document.getElementById("sign-in");
const inside = dialog.querySelector("form");
const fault = document.getElementById("sign-in-fault");

/** Whether the page is an older one than the service now gives. */
export const isOutdated = () => build !== form.dataset.build;

/** Hears which build the service has now. */
export const hear = (said) => (build = said ?? build);

/** Who is signed in, as far as is known. */
export const signedInAs = () => who;

/** The token for what is sent; empty where nobody is known to be signed in. */
export const token = () => csrf;

/** Asks who is signed in: "same", "other", "ended", "forbidden" or "later". */
export async function renew() {
  try {
    return heard(await fetch(SESSION, { signal: AbortSignal.timeout(ANSWER_MS) }));
  } catch {
    return "later";
  }
}

async function heard(answer) {
  if (answer.status === 401) return ended(answer);
  if (answer.status === 403) return "forbidden";
  if (!answer.ok) return "later";
  const session = await answer.json();
  if (owner() && session.person !== owner()) return "other";
  ({ person: who, csrf, build } = session);
  for (const hidden of document.querySelectorAll("input[name=csrf]")) hidden.value = csrf;
  return "same";
}

/** A session that is locked opens on its own page; what is typed is put away on the way there. */
async function ended(answer) {
  const { type } = await answer.json().catch(() => ({}));
  if (type === "urn:skranke:locked") {
    location.assign(`/locked?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  return "ended";
}

/** Sends JSON with the token; renews the token once where the session is another. Gives the
 * answer, or what stands in the way. */
export async function send(path, body, isSecond = false) {
  if (!csrf) {
    const state = await renew();
    if (state !== "same") return { state };
  }
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf": csrf },
      body: JSON.stringify(body),
      keepalive: true,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  } catch {
    return { state: "later" };
  }
  if (answer.status === 401) return { state: await ended(answer) };
  if (answer.status === 403) {
    const state = isSecond ? "forbidden" : await renew();
    return state === "same" ? send(path, body, true) : { state };
  }
  return { state: "answered", answer };
}

let typedAt = 0;
let timer = 0;
field.addEventListener("input", () => (typedAt = Date.now()));

/** Opens the dialog to sign in once the person is not typing: it would swallow the words. */
export function askInAPause() {
  clearTimeout(timer);
  if (Date.now() - typedAt < PAUSE_MS) timer = setTimeout(askInAPause, PAUSE_MS);
  else askToSignIn();
}

/** Opens the dialog to sign in, if it is not open. */
export function askToSignIn() {
  clearTimeout(timer);
  if (dialog.open) return;
  fault.hidden = true;
  dialog.showModal();
}

/** Closes it where somebody has signed in elsewhere. */
export function letGoOn() {
  clearTimeout(timer);
  if (dialog.open) dialog.close();
}

/** Signs in with what the dialog's form says; tells what came of it as `renew` does. */
async function signIn() {
  // The form's token belongs to a visit that begins with the sign-in page.
  const page = await fetch(`/sign-in?next=${encodeURIComponent(SESSION)}`);
  if (page.headers.get("content-type")?.includes("json")) return heard(page);
  const fresh = parsed(await page.text());
  const fields = new URLSearchParams(new FormData(inside));
  fields.set("csrf", fresh.querySelector(".step input[name=csrf]").value);
  fields.set("next", SESSION);
  const answer = await fetch("/sign-in", { method: "POST", body: fields });
  // The second step has a page of its own.
  if (answer.ok && !answer.headers.get("content-type")?.includes("json")) {
    location.assign(answer.url);
    return "leaving";
  }
  if (answer.ok || answer.status === 403) return heard(answer);
  if (answer.status !== 422 && answer.status !== 429) return "later";
  return { says: parsed(await answer.text()).getElementById("failed").textContent };
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

function complain(text) {
  fault.textContent = text;
  fault.hidden = false;
}

/** Calls `then` with the state after each signing in over the page. */
export function whenSignedIn(then) {
  inside.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = inside.querySelector("button[type=submit]");
    button.disabled = true;
    const state = await signIn().catch(() => "later");
    button.disabled = false;
    if (state.says) complain(state.says);
    else if (state === "leaving") return;
    else if (state === "later" || state === "ended") complain(say("outbox.no_answer"));
    else {
      inside.reset();
      dialog.close();
      then(state);
    }
  });
  inside.querySelector("[data-later]").addEventListener("click", () => dialog.close());
}

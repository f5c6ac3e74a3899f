// Signing out: what this browser holds for the person goes with it, once nothing waits any more.
import { isThere, readAll, write } from "./log/store/database.js";

const form = document.querySelector("form.sign-out");
const dialog = document.getElementById("leave");

/** What the person has here: whoever holds the keys is the one who is signed in. */
async function own(store) {
  const person = (await readAll("keys")).at(-1)?.person;
  return (await readAll(store)).filter((it) => it.person === person);
}

/** How many entries wait, and how many texts are not saved. */
async function left() {
  if (!(await isThere())) return { waiting: 0, drafts: 0 };
  const [waiting, drafts] = await Promise.all([own("outbox"), own("drafts")]);
  return { waiting: waiting.length, drafts: drafts.length };
}

/** Without its key nothing that waits can be read here; the person gets it with the next signing
 * in, and then it is sent. */
async function forget(waiting) {
  const stores = waiting === 0 ? ["drafts", "keys"] : ["keys"];
  for (const store of stores) {
    const records = await own(store).catch(() => []);
    await write(records.map((it) => ({ store, drop: it.id }))).catch(() => {});
  }
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
}

async function leave(waiting) {
  await forget(waiting).catch(() => {});
  form.submit();
}

function warn({ waiting, drafts }) {
  const lines = [["waiting", waiting], ["drafts", waiting ? 0 : drafts]];
  for (const [name, n] of lines) {
    const line = dialog.querySelector(`[data-${name}]`);
    line.hidden = n === 0;
    line.textContent = line.dataset[n === 1 ? "one" : "other"].replace("{n}", String(n));
  }
  dialog.showModal();
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = await left().catch(() => ({ waiting: 0, drafts: 0 }));
  if (found.waiting + found.drafts === 0) await leave(0);
  else warn(found);
});
dialog?.addEventListener("close", async () => {
  if (dialog.returnValue === "leave") await leave((await left()).waiting);
});

// What is put away for the person: drafts and entries that are not sent. Sealed in the browser's
// database where that can be, in this page's memory otherwise.
import { isThere, readAll, write } from "./database.js";
import { canSeal, owner, refresh, seal, unseal } from "./keys.js";

const memory = { drafts: new Map(), outbox: new Map() };
let isHurt = false;
let turn = Promise.resolve();

/** Whether what is put away outlives this page. */
export const isLasting = () => canSeal() && !isHurt;

/** Whether something would be lost with this page. */
export const isLoose = () => memory.outbox.size + memory.drafts.size !== 0;

/** Does one piece of work at a time. */
function inTurn(work) {
  const done = turn.then(work);
  turn = done.catch(() => {});
  return done;
}

/** Makes changes in the order they are asked for, each group all at once:
 * `{ store, put: { id, .. } }` or `{ store, drop: id }`. */
export const apply = (changes) => inTurn(() => run(changes));

async function run(changes) {
  if (isLasting()) {
    try {
      await write(await Promise.all(changes.map(sealed)));
      changes.forEach(({ store, put, drop }) => memory[store].delete(put?.id ?? drop));
      return;
    } catch {
      // The disk is full, say. It is not lost while the page is open, and the page says so.
      isHurt = true;
    }
  }
  for (const { store, put, drop } of changes) {
    if (put) memory[store].set(put.id, put);
    else memory[store].delete(drop);
  }
  const drops = changes.filter((it) => it.drop);
  if (drops.length && (await isThere())) await write(drops).catch(() => {});
}

async function sealed(change) {
  return change.put ? { ...change, put: await seal(change.put.id, change.put) } : change;
}

/** Puts what the memory holds into the database, once there is a key. */
export async function settle() {
  if (!(await refresh())) return;
  await inTurn(async () => {
    if (!isLoose()) return;
    isHurt = false;
    const puts = Object.entries(memory).flatMap(([store, records]) =>
      [...records.values()].map((put) => ({ store, put })),
    );
    await run(puts);
  });
}

/** Takes away what was put away too long ago, whoever's it is: it does not stay on a computer that
 * many use because its author has not been back. */
export async function dropOld(store, ms) {
  const records = await readAll(store).catch(() => []);
  const old = records.filter((it) => it.at + ms < Date.now());
  await write(old.map((it) => ({ store, drop: it.id }))).catch(() => {});
}

/** All that is put away in a store for this person, oldest first. What cannot be opened now is
 * told by `isLocked`. */
export async function all(store) {
  await turn;
  // Memory first: what moves from it to the database meanwhile is then seen in one of them.
  const loose = [...memory[store].values()];
  const records = await readAll(store).catch(() => []);
  const open = async (it) => (await unseal(it)) ?? { id: it.id, isLocked: true };
  const opened = await Promise.all(records.filter((it) => it.person === owner()).map(open));
  const both = new Map([...opened, ...loose].map((it) => [it.id, it]));
  return [...both.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

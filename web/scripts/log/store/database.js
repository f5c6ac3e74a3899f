// The browser's own database, if it has one. Nothing in it can be read without a key.

const NAME = "skranke";
const VERSION = 1;
const STORES = ["keys", "drafts", "outbox"];

let opening = null;

/** The database, or null where the browser has none to give, as some private windows. */
function database() {
  opening ??= open();
  return opening;
}

function open() {
  return new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open(NAME, VERSION);
    } catch {
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store, { keyPath: "id" });
    };
    request.onerror = () => resolve(null);
    request.onsuccess = () => {
      const opened = request.result;
      const again = () => (opening = null);
      opened.onclose = again;
      opened.onversionchange = () => {
        opened.close();
        again();
      };
      resolve(opened);
    };
  });
}

export async function isThere() {
  return (await database()) !== null;
}

/** All records of a store. */
export async function readAll(store) {
  const opened = await database();
  if (!opened) return [];
  return new Promise((resolve, reject) => {
    const request = opened.transaction(store).objectStore(store).getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Makes changes all at once or not at all: `{ store, put }` or `{ store, drop }` each. They are
 * on the disk when this returns. */
export async function write(changes) {
  const opened = await database();
  if (!opened) throw new Error("no database");
  const stores = [...new Set(changes.map((it) => it.store))];
  if (!stores.length) return;
  await new Promise((resolve, reject) => {
    const step = opened.transaction(stores, "readwrite", { durability: "strict" });
    step.oncomplete = resolve;
    step.onabort = () => reject(step.error ?? new Error("the browser took nothing"));
    for (const { store, put, drop } of changes) {
      if (put) step.objectStore(store).put(put);
      else step.objectStore(store).delete(drop);
    }
  });
}

// Shows the log screen while the service cannot be reached: the page without anybody's data, and
// the files that it names. Answers of the service are never kept.

const CACHE = "skranke-log-1";
const HOME = "/";
const SHELL = "/log/shell";
const WAIT_MS = 5000;

/** Gets the page and its files anew; what they no longer name goes. */
async function keepShell() {
  const answer = await fetch(SHELL, { redirect: "error", cache: "no-store" });
  if (!answer.ok) return;
  const text = await answer.clone().text();
  const files = new Set([...text.matchAll(/"(\/assets\/[^"]+)"/g)].map((it) => it[1]));
  const cache = await caches.open(CACHE);
  const there = (await cache.keys()).map((it) => new URL(it.url).pathname);
  await cache.addAll([...files].filter((it) => !there.includes(it)));
  await cache.put(SHELL, answer);
  const old = there.filter((it) => it !== SHELL && !files.has(it));
  await Promise.all(old.map((it) => cache.delete(it)));
}

/** The page from the service, or the kept one where none comes in time. */
async function home(event) {
  const asked = fetch(event.request);
  const kept = () => caches.match(SHELL);
  const slow = new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  const answer = await Promise.race([asked.catch(() => null), slow]);
  if (answer && answer.status < 502) {
    if (answer.ok) event.waitUntil(keepShell().catch(() => {}));
    return answer;
  }
  return (await kept()) ?? answer ?? asked;
}

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().catch(() => {}).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const old = (await caches.keys()).filter((it) => it !== CACHE);
    await Promise.all(old.map((it) => caches.delete(it)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === HOME) event.respondWith(home(event));
  else if (pathname.startsWith("/assets/")) event.respondWith(file(request));
});

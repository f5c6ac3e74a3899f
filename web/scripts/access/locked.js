// The locked page tells the other windows, and goes on where one of them was unlocked.
const page = document.getElementById("locked");
globalThis.BroadcastChannel && new BroadcastChannel("skranke-lock").postMessage("locked");

document.addEventListener("visibilitychange", async () => {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch("/api/v1/session").catch(() => null);
  if (answer?.ok) location.replace(page.dataset.next);
});

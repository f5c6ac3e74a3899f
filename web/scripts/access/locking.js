// Locking by key, as well as by the button.
// AltGr is Ctrl and Alt on some systems, and writes signs.
const PLACE = "skranke-shortcuts";
const form = document.querySelector("form.lock");
const others = globalThis.BroadcastChannel ? new BroadcastChannel("skranke-lock") : null;

// Without a place to keep the choice, keys are on as at first.
function isOff() {
  try {
    return localStorage.getItem(PLACE) === "off";
  } catch {
    return false;
  }
}

document.addEventListener("keydown", (event) => {
  const isKey = event.ctrlKey && event.altKey && event.code === "KeyL";
  if (!isKey || event.shiftKey || event.getModifierState("AltGraph") || isOff()) return;
  event.preventDefault();
  form.requestSubmit();
});

// Another window was locked, and this one with it: its page is to show nothing either.
others?.addEventListener("message", ({ data }) => {
  if (data !== "locked") return;
  location.replace(`/locked?next=${encodeURIComponent(location.pathname + location.search)}`);
});

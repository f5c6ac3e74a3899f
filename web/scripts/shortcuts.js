// The keys that work anywhere on the log screen, the dialog that explains all keys, and the choice
// to do without them. Each needs Ctrl: a single sign belongs to whoever types.

const PLACE = "skranke-shortcuts";
const OFF = "off";

const field = document.getElementById("text");
const dialog = document.getElementById("keys");
const choice = document.getElementById("keys-on");
const opener = document.getElementById("keys-open");

// A browser that keeps nothing has them on, as everybody has at first.
function isOff() {
  try {
    return localStorage.getItem(PLACE) === OFF;
  } catch {
    return choice.checked === false;
  }
}

function keep() {
  try {
    if (choice.checked) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, OFF);
  } catch {
    // It holds for as long as the page is open.
  }
}

function explain() {
  choice.checked = !isOff();
  if (!dialog.open && !document.querySelector("dialog[open]")) dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isOff()) return;
  // On many keyboards the stroke is written with Shift.
  if (event.key === "/") {
    event.preventDefault();
    explain();
  } else if (event.key.toLowerCase() === "k" && !event.shiftKey) {
    event.preventDefault();
    field.focus();
  }
});
choice.addEventListener("change", keep);
opener.addEventListener("click", explain);
opener.hidden = false;

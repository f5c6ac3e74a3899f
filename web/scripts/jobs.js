// Follows the jobs that are under way, so that nobody has to ask again and again.
// Without this file a link on the page does the same.

const ROUND_MS = 3000;

/** The jobs that the document shows as under way, by the ids of their sections. */
function underWay(of) {
  return new Map([...of.querySelectorAll(".under-way")].map((it) => [it.closest(".job").id, it]));
}

async function look() {
  const answer = await fetch(location.pathname);
  if (!answer.ok || answer.redirected) return;
  const fresh = underWay(new DOMParser().parseFromString(await answer.text(), "text/html"));
  for (const [id, shown] of underWay(document)) {
    const now = fresh.get(id);
    // One that has ended brings its result and its buttons, which the whole page has.
    if (!now) return location.reload();
    shown.querySelector("p").replaceWith(now.querySelector("p"));
    const [old, bar] = [shown.querySelector("progress"), now.querySelector("progress")];
    if (old && bar) {
      old.max = bar.max;
      old.value = bar.value;
    } else if (old) {
      old.remove();
    } else if (bar) {
      shown.querySelector("p").after(bar);
    }
  }
  follow();
}

function follow() {
  // Somebody who is filling in a form is not disturbed.
  const isBusy = document.activeElement?.matches("input, select");
  if (underWay(document).size) setTimeout(isBusy ? follow : () => look().catch(follow), ROUND_MS);
}

follow();

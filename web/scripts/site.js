// Shows how a crawl goes while it goes. Without this file a link on the page does the same.

const panel = document.getElementById("progress");

if (panel) {
  const start = encodeURIComponent(panel.dataset.start);
  const told = new EventSource(`/admin/site/progress?start=${start}`);
  told.addEventListener("message", (event) => {
    const fresh = new DOMParser().parseFromString(event.data, "text/html");
    panel.replaceChildren(...fresh.body.childNodes);
  });
  told.addEventListener("ended", () => {
    told.close();
    // Somebody who is filling in a form is not disturbed.
    if (!document.activeElement?.matches("input, select, textarea")) location.reload();
  });
}

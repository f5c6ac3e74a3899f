// A button beside each field that shows something once, to copy it. Without scripts, or where a
// browser lets nothing be copied, the field is there to be marked by hand.

function copying(field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ds-button";
  button.dataset.variant = "secondary";
  button.textContent = field.dataset.copy;
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    told.textContent = field.dataset.copied;
  });
  const row = document.createElement("p");
  row.className = "row";
  row.append(button, told);
  field.closest(".ds-field").after(row);
}

if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(copying);

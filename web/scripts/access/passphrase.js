// A button beside each field for a passphrase that shows what is typed, for whoever is alone.
// Without scripts the fields hide what is typed, as they do at first here.

function showing(field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ds-button";
  button.dataset.variant = "tertiary";
  button.setAttribute("aria-controls", field.id);
  const set = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? field.dataset.hide : field.dataset.show;
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("click", () => set(field.type === "password"));
  // What is sent must not be kept by the browser among the texts of a plain field.
  field.form?.addEventListener("submit", () => set(false));
  set(false);
  field.after(button);
}

document.querySelectorAll("input[data-show]").forEach(showing);

// «Take it» puts the suggestion into the field at once; without this it is saved with the form. Unsaved words are asked about.
const form = document.querySelector(".tr-card")?.closest("form");
if (form) {
  let isTouched = false;
  form.addEventListener("input", () => { isTouched = true; });
  form.addEventListener("submit", () => { isTouched = false; });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=take]");
    if (!button) return;
    event.preventDefault();
    const field = document.getElementById(`f-${button.value}`);
    field.value = document.getElementById(`p-${button.value}`).dataset.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  window.addEventListener("beforeunload", (event) => {
    if (isTouched) event.preventDefault();
  });
}

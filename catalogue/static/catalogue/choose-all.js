// A box that ticks all boxes of a name on the page; without this script it stays hidden.
for (const box of document.querySelectorAll("[data-choose-all]")) {
  box.closest("[hidden]").hidden = false;
  box.addEventListener("change", () => {
    for (const other of document.querySelectorAll(`input[type="checkbox"][name="${box.dataset.chooseAll}"]`)) {
      other.checked = box.checked;
    }
  });
}

// The list by arrows, and «?» for the keys. Nothing while somebody types: not in a field, not while a Vietnamese letter
// is being composed, not with a modifier. Access keys (Alt and a letter) are the browser's own and need no script.

const OFF = "desk-keys-off";
const FIELDS = "input, textarea, select, [contenteditable]:not([contenteditable='false'])";

const isTyping = (event) =>
  event.isComposing || event.keyCode === 229 || event.defaultPrevented
  || event.target instanceof Element && event.target.closest(FIELDS) !== null;
const hasModifier = (event) => event.ctrlKey || event.altKey || event.metaKey;
const isOff = () => {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
};

const links = () => [...document.querySelectorAll(".queue tbody .code a")];

function walk(event) {
  const rows = links();
  const at = rows.indexOf(document.activeElement);
  // Elsewhere on the page arrows go on scrolling: the list is entered by them only from the page itself.
  if (!rows.length || at < 0 && ![document.body, document.getElementById("main")].includes(document.activeElement)) return;
  const next = at < 0 ? 0 : at + (event.key === "ArrowDown" ? 1 : -1);
  if (!rows[next]) return;
  event.preventDefault();
  rows[next].focus();
}

function tick(event) {
  const row = document.activeElement.closest(".queue tbody tr");
  const box = row && links().includes(document.activeElement) && row.querySelector("input[type=checkbox]");
  if (!box) return;
  event.preventDefault();
  box.checked = !box.checked;
}

function help(event) {
  const dialog = document.getElementById("keys-dialog");
  if (!dialog || dialog.open) return;
  event.preventDefault();
  dialog.showModal();
}

const ACTS = { ArrowDown: walk, ArrowUp: walk, " ": tick, "?": help };

document.addEventListener("keydown", (event) => {
  const act = ACTS[event.key];
  if (!act || isTyping(event) || hasModifier(event) || isOff()) return;
  if (document.querySelector("dialog[open]")) return;
  act(event);
});

for (const line of document.querySelectorAll("[data-keys-switch]")) {
  const box = line.querySelector("input");
  line.hidden = false;
  box.checked = !isOff();
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
    } catch { /* A browser that keeps nothing: the keys stay on. */ }
  });
}

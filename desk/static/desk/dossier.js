// A dossier's page: who else is looking is asked every half minute, and the time to undo runs down before the eyes.
// Without it the page tells both as it was opened. A comment offers colleagues while «@» and a name are typed.

const EVERY = 30_000;

const line = document.querySelector("[data-looking]");

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(line.dataset.looking, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    const { text } = await answer.json();
    if (line.textContent !== text) line.textContent = text;
  } catch { /* The network is away: what stands there stays. */ }
}

if (line) setInterval(ask, EVERY);

for (const button of document.querySelectorAll("[data-undo-left]")) {
  const until = performance.now() + Number(button.dataset.undoLeft) * 1000;
  const left = button.querySelector("[data-left]");
  const timer = setInterval(() => {
    const seconds = Math.ceil((until - performance.now()) / 1000);
    if (seconds > 0) { left.textContent = seconds; return; }
    clearInterval(timer);
    button.closest("form").hidden = true;
  }, 1000);
}

// Of the agency that gets it, the people: nobody else can be chosen there.
const agency = document.getElementById("id_to_agency"), person = document.getElementById("id_to_user");

function narrow() {
  const name = agency.selectedOptions[0]?.textContent;
  const groups = [...person.querySelectorAll("optgroup")];
  for (const group of groups) group.hidden = group.disabled = group.label !== name;
  if (person.selectedOptions[0]?.parentElement.disabled) person.value = "";
}

if (agency && person) {
  agency.addEventListener("change", narrow);
  narrow();
}

const area = document.querySelector("textarea[data-mentions]");
const boxes = [...document.querySelectorAll("input[name=told]")];

// The name that is being typed after the last «@» before the cursor; letters are compared without their marks.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
const typed = () => /@([\p{L}\p{M} ]{0,40})$/u.exec(area.value.slice(0, area.selectionStart));

function offer(list) {
  const found = typed();
  const people = found ? boxes.filter((box) => plain(box.dataset.name).includes(plain(found[1]))).slice(0, 6) : [];
  list.replaceChildren(...people.map((box) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = box.dataset.name;
    button.addEventListener("click", () => {
      const at = area.selectionStart, from = at - found[0].length;
      area.setRangeText(`@${box.dataset.name} `, from, at, "end");
      box.checked = true;
      list.replaceChildren();
      area.focus();
    });
    return button;
  }));
}

if (area && boxes.length) {
  const list = document.createElement("p");
  list.className = "bar";
  area.after(list);
  area.addEventListener("input", (event) => { if (!event.isComposing) offer(list); });
}

// Intake while it is filled in: promise and offers are asked for anew, parts of the page that the server made. Nothing
// happens to what somebody types: no field that has the cursor is touched, no key is listened to but the arrows on the
// papers' boxes, and while a Vietnamese letter is being composed (Telex, VNI) nothing is asked at all. Without this file
// the buttons do the same.

const form = document.querySelector("form[data-live]");
const WAIT = 350;
const COMPLETE = /^\s*(\d[\s.-]*){12}$|^\s*(\d[\s.-]*){9,10}$/;
const MATTER = ["case_key", "channel", "centre", "submitted_at", "decided_by"];
let timer = 0, running = null, isComposing = false, wanted = "summary";

function held(part, act) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("part", part);
  data.delete("do");
  if (act) data.set("do", act);
  return new URLSearchParams(data);
}

const typed = () => held("", "").toString();

// False where no answer came that could be used: then the button does what it does without this file.
async function ask(part, act = "") {
  clearTimeout(timer);
  running?.abort();
  const asked = running = new AbortController(), before = typed();
  let answer;
  try {
    answer = await fetch(form.dataset.live, { method: "POST", body: held(part, act), signal: asked.signal });
  } catch { return asked.signal.aborted; }
  if (answer.status !== 200 || answer.redirected) return false;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (asked.signal.aborted) return true;
  // What was typed meanwhile is not in the answer: fields are left as they are, and it is asked again.
  const isStale = typed() !== before || isComposing;
  for (const piece of made.querySelectorAll("[data-part]")) {
    const holdsFields = !["offer", "promise"].includes(piece.dataset.part);
    if (!holdsFields || !isStale) put(piece);
  }
  show_date();
  if (isStale && act) {
    await new Promise((go_on) => { setTimeout(go_on, WAIT); });
    return ask(part, act);
  }
  if (isStale) later(part);
  return true;
}

function put(piece) {
  const place = document.getElementById(piece.dataset.part);
  if (!place || place.innerHTML === piece.innerHTML) return;
  // What was filled in, and what that dossier says otherwise, stays to be read until something else is offered.
  if (piece.dataset.part === "offer" && !piece.children.length && place.querySelector(".success")) return;
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const files = [...place.querySelectorAll("input[type=file]")].filter((input) => input.files.length);
  const open = [...place.querySelectorAll("details")].map((each) => each.open);
  place.replaceChildren(...piece.childNodes);
  for (const old of files) {
    const input = place.querySelector(`[name="${CSS.escape(old.name)}"]`);
    if (input) input.files = old.files;
  }
  const details = [...place.querySelectorAll("details")];
  if (details.length === open.length) details.forEach((each, n) => { each.open ||= open[n]; });
  if (focused?.id) document.getElementById(focused.id)?.focus();
  else if (focused?.name) place.querySelector(`[name="${CSS.escape(focused.name)}"][value="${CSS.escape(focused.value)}"]`)?.focus();
}

function show_date() {
  const date = document.getElementById("set-date"), promise = document.getElementById("promise");
  if (date.contains(document.activeElement) || [...date.querySelectorAll("input")].some((input) => input.value)) return;
  date.hidden = !promise.querySelector("[data-needs-date]");
}

function later(part) {
  if (part === "matter") wanted = part;
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (isComposing) { later(wanted); return; }
    const next = wanted;
    wanted = "summary";
    ask(next);
  }, WAIT);
}

function tick(as_copies) {
  for (const row of form.querySelectorAll(".handed li:not([data-alone])")) {
    const [box] = row.querySelectorAll("input[type=checkbox]");
    if (!box) continue;
    box.checked = true;
    if (!as_copies) continue;
    const [originals, copies] = row.querySelectorAll(".counts input");
    originals.value = "0";
    copies.value = "1";
  }
  boxes()[0]?.focus();
  later("summary");
}

// Who was found is filled in: what comes next is the first line that is still empty, else the papers.
function go_on(role) {
  const lines = ["name", "born_on", "phone", "address"].map((name) => form.elements[`${role}-${name}`]);
  (lines.find((line) => line && !line.value) ?? boxes()[0])?.focus();
}

const boxes = () => [...form.querySelectorAll(".handed .tick input")];

// From paper to paper by arrows: a box has no use of its own for them.
form.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], all = boxes(), at = all.indexOf(event.target);
  if (!step || at < 0 || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  all[at + step]?.focus();
});

form.addEventListener("compositionstart", () => { isComposing = true; });
form.addEventListener("compositionend", () => { isComposing = false; });
form.addEventListener("change", (event) => {
  const row = event.target.type === "file" && event.target.files.length && event.target.closest(".handed li");
  if (row) row.querySelector("input[type=checkbox]").checked = true;
  later(MATTER.includes(event.target.name) ? "matter" : "summary");
});
form.addEventListener("input", (event) => {
  if (!event.isComposing && /-number\d$/.test(event.target.name) && COMPLETE.test(event.target.value)) later("summary");
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]"), act = button?.value ?? "";
  if (/^all/.test(act)) tick(act === "all-copies");
  else if (/^(find|over|owner)-/.test(act)) ask("people", act).then((isDone) => (isDone ? go_on(act.split("-")[1]) : form.requestSubmit(button)));
  else return;
  event.preventDefault();
});

// A file that is dropped on a paper is that paper's.
const rowOf = (event) => event.target.closest?.(".handed li");
form.addEventListener("dragover", (event) => {
  const row = rowOf(event);
  for (const each of form.querySelectorAll(".handed li.over")) if (each !== row) each.classList.remove("over");
  if (!row || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  row.classList.add("over");
});
form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) rowOf(event)?.classList.remove("over"); });
form.addEventListener("drop", (event) => {
  const row = rowOf(event), input = row?.querySelector("input[type=file]");
  row?.classList.remove("over");
  if (!input || !event.dataTransfer.files.length) return;
  event.preventDefault();
  const one = new DataTransfer();
  one.items.add(event.dataTransfer.files[0]);
  input.files = one.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

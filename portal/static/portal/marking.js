// One key a paper: marks are sent as they are made. Without this file the same form is sent by its button.
const form = document.querySelector(".pb-marks");
const papers = [...document.querySelectorAll(".pb-paper")];
const said = document.querySelector(".pb-said");
const KEYS = { 1: "1", g: "1", 2: "2", l: "2", 3: "3", h: "3", t: "3", 0: "0", u: "0" };
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

function here() {
  return papers.indexOf(document.activeElement?.closest(".pb-paper"));
}

function go(index) {
  const paper = papers[Math.min(Math.max(index, 0), papers.length - 1)];
  paper.focus();
  paper.scrollIntoView({ block: "nearest" });
}

async function send(input) {
  const paper = input.closest(".pb-paper");
  const body = new FormData();
  body.append(input.name, input.value);
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const is_back = input.value === "none";
    said.textContent = is_back ? form.dataset.withdrawn : form.dataset.saved + input.parentElement.firstChild.nextSibling.textContent.trim();
    paper.dataset.saved = is_back ? "" : input.value;
    const back = paper.querySelector(".pb-none");
    back.hidden = is_back;
    back.querySelector("input").disabled = is_back;
    if (is_back) input.checked = false;
  } catch {
    said.textContent = form.dataset.failed;
  }
}

function mark(paper, key) {
  const input = paper.querySelector(`input[data-key="${key}"]`);
  if (!input || input.disabled) return false;
  input.checked = true;
  send(input);
  return true;
}

if (form && papers.length) {
  document.querySelectorAll(".pb-keys, .pb-marks .pb-kind:not(.pb-none) kbd").forEach((each) => (each.hidden = false));
  papers.forEach((paper) => (paper.tabIndex = -1));
  papers[0].tabIndex = 0;
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=radio]")) send(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.matches("input:not([type=radio]), select, textarea")) return;
    const index = here();
    if (event.key in STEPS) {
      event.preventDefault();
      go(index < 0 ? 0 : index + STEPS[event.key]);
    } else if (event.key in KEYS && index >= 0) {
      event.preventDefault();
      if (mark(papers[index], KEYS[event.key]) && KEYS[event.key] !== "0") go(index + 1);
    }
  });
}

// How far the reading of a file is, every two seconds; the page is drawn anew when it ends. Without it: a link.
const going = document.querySelector("[data-state]");

async function look() {
  try {
    const answer = await fetch(going.dataset.state, { headers: { Accept: "application/json" } });
    if (!answer.ok) return location.reload();
    const told = await answer.json();
    if (!told.going || told.state !== going.dataset.was) {
      if (!told.going || going.dataset.was) return location.reload();
      going.dataset.was = told.state;
    }
    const bar = going.querySelector("progress");
    bar.max = told.total;
    bar.value = told.done;
    going.querySelector("[role=status]").textContent = told.text;
  } catch {
    // The server doesn't answer for a moment: the next look asks again.
  }
  setTimeout(look, 2000);
}

if (going) look();

for (const button of document.querySelectorAll("[data-once]")) {
  button.form.addEventListener("submit", () => {
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    button.textContent = button.dataset.once;
  });
}

// Whoever comes back by the browser's button finds the page as it is now, not as they left it.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

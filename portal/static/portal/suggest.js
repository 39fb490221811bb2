// Suggestions while typing: an ARIA 1.2 combobox with a listbox. Without this script the form works as it is.
const WAIT = 120;
const KEY_OF_INPUT_METHODS = 229;

for (const form of document.querySelectorAll("form[data-suggest]")) attach(form);

function attach(form) {
  const input = form.elements.q;
  const list = make("ul", { id: `${input.id}-list`, className: "suggest", role: "listbox", hidden: true });
  const status = make("p", { className: "hide", role: "status" });
  list.setAttribute("aria-label", form.dataset.label);
  form.append(list, status);
  input.type = "text"; // A combobox may not be a search field.
  set(input, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id });

  let options = [];
  let chosen = -1;
  let timer = 0;
  let request = null;
  let isComposing = false;
  let asked = "";

  input.addEventListener("compositionstart", () => { isComposing = true; stop(); });
  input.addEventListener("compositionend", () => { isComposing = false; later(); });
  input.addEventListener("input", (event) => { if (!event.isComposing && !isComposing) later(); });
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // The field keeps the focus.
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) go(row);
  });

  function onKey(event) {
    if (event.isComposing || isComposing || event.keyCode === KEY_OF_INPUT_METHODS) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key];
    if (act && act() !== false) event.preventDefault();
  }

  const keys = {
    ArrowDown: () => (list.hidden ? ask() : choose(chosen + 1 < options.length ? chosen + 1 : -1)),
    ArrowUp: () => (list.hidden ? false : choose(chosen < 0 ? options.length - 1 : chosen - 1)),
    Home: () => (chosen < 0 ? false : choose(0)),
    End: () => (chosen < 0 ? false : choose(options.length - 1)),
    Escape: () => (list.hidden ? false : close()),
    Enter: () => (chosen < 0 ? false : go(options[chosen])),
  };

  function stop() {
    clearTimeout(timer);
    request?.abort();
  }

  function later() {
    stop();
    choose(-1);
    timer = setTimeout(ask, WAIT);
  }

  async function ask() {
    stop();
    const text = input.value.trim();
    if (!text) return close();
    const mine = (request = new AbortController());
    try {
      const response = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text.slice(0, 200))}`, { signal: mine.signal, credentials: "omit" });
      const found = response.ok ? await response.json() : [];
      if (!mine.signal.aborted && document.activeElement === input) show(found, text);
    } catch {
      // Aborted, or no network: the form still works.
    }
  }

  function show(found, text) {
    if (text !== asked) chosen = -1;
    asked = text;
    options = found.map((suggestion, number) => row(suggestion, `${list.id}-${number}`));
    list.replaceChildren(...options);
    open(options.length > 0);
    choose(-1);
    status.textContent = said(options.length);
  }

  function said(count) {
    const { none, one, many } = form.dataset;
    return count === 0 ? none : count === 1 ? one : many.replace("{n}", count);
  }

  function row({ title, lang, why, said: kind, url }, id) {
    const option = make("li", { id, role: "option" });
    set(option, { "aria-selected": "false", "data-url": url });
    const name = make("span", { textContent: title, lang });
    const small = make("small", { textContent: why ? `${kind} · ${why}` : kind });
    option.append(name, " ", small);
    return option;
  }

  function choose(number) {
    options[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const row = options[chosen];
    if (!row) return input.removeAttribute("aria-activedescendant");
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", row.id);
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
  }

  function close() {
    stop();
    choose(-1);
    open(false);
    status.textContent = "";
  }

  function go(row) {
    close();
    location.assign(row.dataset.url);
  }
}

function make(name, properties) {
  const element = Object.assign(document.createElement(name), properties);
  if (properties.role) element.setAttribute("role", properties.role);
  return element;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

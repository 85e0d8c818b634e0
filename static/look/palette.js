// The command palette on Ctrl K or Cmd K: the places of the rail, what can be done on this page, and tickets by
// reference or subject. Works by keyboard alone; the dialog gives the focus back where it was.

const dialog = document.getElementById("palette");
const field = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const WAIT = 150;
let options = [];
let at = 0;
let timer;
let asked = 0;

const words = (element) => {
  const copy = element.cloneNode(true);
  for (const key of copy.querySelectorAll("kbd, svg")) key.remove();
  return (element.ariaLabel || copy.textContent || element.title || "").trim() || element.labels?.[0]?.textContent.trim() || "";
};
const isShown = (element) => element.offsetParent !== null && !element.disabled && !dialog.contains(element);
const press = (element) => () => (element.matches("input, textarea, select") ? element.focus() : element.click());

function own() {
  const places = [...document.querySelectorAll(".rail [data-go]")].map((link) =>
    ({ words: words(link), key: `g ${link.dataset.go}`, kind: dialog.dataset.place, act: press(link) }));
  const verbs = [...document.querySelectorAll("[data-key]")].filter(isShown).map((element) =>
    ({ words: words(element), key: element.dataset.key, kind: dialog.dataset.verb, act: press(element) }));
  return [...verbs, ...places].filter((one) => one.words);
}

function option(one, number) {
  const line = document.createElement("li");
  line.id = `palette-${number}`;
  line.setAttribute("role", "option");
  for (const [name, text] of [["cut", one.words], ["hint", one.kind]]) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    line.append(part);
  }
  if (one.key) {
    const key = document.createElement("kbd");
    key.textContent = one.key;
    line.append(key);
  }
  line.addEventListener("click", () => choose(number));
  return line;
}

function mark(number) {
  at = Math.max(0, Math.min(options.length - 1, number));
  [...list.children].forEach((line, each) => line.setAttribute("aria-selected", String(each === at)));
  const line = list.children[at];
  field.setAttribute("aria-activedescendant", line?.id ?? "");
  line?.scrollIntoView({ block: "nearest" });
}

function show(found) {
  options = found;
  list.replaceChildren(...options.map(option));
  dialog.querySelector("[data-none]").hidden = options.length > 0;
  mark(0);
}

function choose(number) {
  const one = options[number];
  if (!one) return;
  dialog.close();
  one.act();
}

function look() {
  const typed = field.value.trim();
  const mine = own().filter((one) => one.words.toLowerCase().includes(typed.toLowerCase()));
  show(mine);
  clearTimeout(timer);
  const number = ++asked;
  if (typed.length < 2 || !dialog.dataset.find) return;
  timer = setTimeout(async () => {
    const answer = await fetch(`${dialog.dataset.find}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || number !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const tickets = [...page.querySelectorAll("a[data-found]")].map((link) =>
      ({ words: link.textContent.trim(), key: "", kind: link.dataset.found, act: () => location.assign(link.getAttribute("href")) }));
    show([...mine, ...tickets]);
  }, WAIT);
}

function open() {
  if (dialog.open) return;
  field.value = "";
  look();
  dialog.showModal();
  field.focus();
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) open();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-palette]")) return;
    event.preventDefault();
    open();
  });
  field.addEventListener("input", look);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark(at + step);
    else if (event.key === "Enter") choose(at);
    else return;
    event.preventDefault();
  });
}

// Single keys: j and k move, Enter opens, x chooses, g and a letter go, and any element with data-key is pressed.
// They are silent while somebody writes, and can be switched off on this device (WCAG 2.1.4).

const STORE = "single-keys";
let isGoing = false;

const isOn = () => localStorage.getItem(STORE) !== "off";
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
const current = () => document.querySelector("[data-row].is-current");

export function mark(row) {
  current()?.classList.remove("is-current");
  if (!row) return;
  row.classList.add("is-current");
  const link = row.querySelector("[data-open]");
  link?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  mark(all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))]);
}

function press(key) {
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((each) => each.offsetParent !== null);
  if (!target || target.disabled) return false;
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
  return true;
}

function isWriting(event) {
  const at = event.target;
  return at.isContentEditable || at.matches?.("input:not([type=checkbox], [type=radio]), textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form[data-submit-keys]");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.key === "Escape" && isWriting(event)) {
    event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event) || !isOn()) return;
  if (document.querySelector("dialog[open]")) return;

  if (isGoing) {
    isGoing = false;
    const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (place) {
      event.preventDefault();
      place.click();
    }
    return;
  }

  const acts = {
    j: () => move(1),
    k: () => move(-1),
    x: () => current()?.querySelector(".pick input")?.click(),
    g: () => { isGoing = true; setTimeout(() => { isGoing = false; }, 1500); },
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": () => document.getElementById("keys")?.showModal?.(),
  };
  if (event.key === "Enter") {
    if (event.target === document.body) current()?.querySelector("[data-open]")?.click();
    return;
  }
  const act = acts[event.key];
  if (act) {
    event.preventDefault();
    act();
  } else if (event.key.length === 1 && press(event.key)) {
    event.preventDefault();
  }
});

for (const box of document.querySelectorAll("[data-single-keys]")) {
  box.checked = isOn();
  box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
}

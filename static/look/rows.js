// A list that is worked through: chosen rows and their bar, and a keyboard mark that survives live changes.

import { mark } from "./keys.js";

const boxes = () => [...document.querySelectorAll(".pick input[name]")];

function tally() {
  const chosen = boxes().filter((box) => box.checked).length;
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.hidden = chosen === 0;
    bar.querySelector("[data-bulk-count]").textContent = chosen;
  }
  for (const all of document.querySelectorAll("[data-pick-all]")) {
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
  }
}

function clear() {
  for (const box of boxes()) box.checked = false;
  tally();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.closest(".pick")) tally();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-bulk-clear]")) clear();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) clear();
});

// Live news never move the row under the pointer or the keyboard mark. What leaves every row at its place comes in at
// once; the rest waits behind a line while somebody is at the list, and the marked row stays where it was.

const WORKING = 8000;
let touched = 0;
let kept = { row: null, top: 0, chosen: [] };

document.addEventListener("pointermove", (event) => {
  if (event.target.closest?.("[data-holds] [data-row]")) touched = Date.now();
}, { passive: true });

const isWorking = (list) => Date.now() - touched < WORKING || boxes().some((box) => box.checked)
  || list.querySelector("[data-row]:hover, [data-row]:focus-within") !== null;
const names = (root) => [...root.querySelectorAll("[data-row]")].map((row) => row.dataset.row);

function tell(list, fresh) {
  for (const line of list.querySelectorAll("[data-waiting]")) {
    line.hidden = false;
    line.querySelector("[data-words]").textContent = fresh
      ? line.dataset.new.replace("%n", fresh) : line.dataset.moved;
  }
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const list = event.detail.target;
  const isAsked = event.detail.requestConfig?.triggeringEvent?.type === "bring";
  if (list.matches?.("[data-holds]") && event.detail.xhr.status === 200 && !isAsked && isWorking(list)) {
    const before = names(list);
    const after = names(new DOMParser().parseFromString(event.detail.serverResponse, "text/html"));
    if (before.join() !== after.join()) {
      event.detail.shouldSwap = false;
      tell(list, after.filter((name) => !before.includes(name)).length);
      return;
    }
  }
  const row = document.querySelector("[data-row].is-current");
  kept = {
    row: row?.dataset.row ?? null,
    top: row?.getBoundingClientRect().top ?? 0,
    isFocused: row?.contains(document.activeElement) ?? false,
    chosen: boxes().filter((box) => box.checked).map((box) => box.value),
  };
});

document.addEventListener("htmx:afterSettle", () => {
  const row = kept.row && document.querySelector(`[data-row="${CSS.escape(kept.row)}"]`);
  if (row && !row.classList.contains("is-current")) {
    if (kept.isFocused || document.activeElement === document.body) mark(row);
    else row.classList.add("is-current");
    const frame = row.closest(".table-frame");
    (frame && frame.scrollHeight > frame.clientHeight ? frame : window).scrollBy(0, row.getBoundingClientRect().top - kept.top);
  }
  for (const box of boxes()) if (kept.chosen.includes(box.value)) box.checked = true;
  tally();
});

document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-waiting]");
  if (!line) return;
  event.preventDefault();
  touched = 0;
  window.htmx?.trigger(line.closest("[data-holds]"), "bring");
});

tally();

// Menus that close, dialogs that open, toasts that leave, and the line that says a request failed.

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest?.("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal?.();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

const narrow = matchMedia("(max-width: 1100px)");
function fold() {
  for (const sheet of document.querySelectorAll("[data-facets]")) sheet.open = !narrow.matches;
}
fold();
narrow.addEventListener("change", fold);

const TOAST_TIME = 6000;
function see(toast) {
  let timer;
  const leave = () => {
    toast.classList.add("is-leaving");
    setTimeout(() => toast.remove(), 200);
  };
  const wait = () => { timer = setTimeout(leave, TOAST_TIME); };
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, wait);
  wait();
}

const place = document.getElementById("toasts");
if (place) {
  place.querySelectorAll(".toast").forEach(see);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.matches?.(".toast")) see(node);
  }).observe(place, { childList: true });
}

// After a refused form, start at the first field that must be mended.
const wrong = (root) => root.querySelector?.("[aria-invalid=true]")?.focus({ preventScroll: false });
wrong(document);
document.addEventListener("htmx:afterSettle", (event) => wrong(event.detail.elt));

const alarm = document.getElementById("alarm");
function fail(event) {
  // A missed poll is not worth a word: the next one comes in two seconds.
  if (!alarm || (event.detail?.requestConfig?.verb ?? "get") === "get") return;
  alarm.textContent = alarm.dataset.words;
  alarm.hidden = false;
}
document.addEventListener("htmx:responseError", fail);
document.addEventListener("htmx:sendError", fail);
document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.elt.setAttribute("aria-busy", "true");
  if ((event.detail?.requestConfig?.verb ?? "get") !== "get" && alarm) alarm.hidden = true;
});
document.addEventListener("htmx:afterRequest", (event) => event.detail.elt.removeAttribute("aria-busy"));

// A talk opens at its newest words, and stays there while it goes on; whoever reads further up is left in peace.
const talk = document.querySelector(".pane-talk .pane-body");
if (talk) {
  let isAtEnd = true;
  const follow = () => { if (isAtEnd) talk.scrollTop = talk.scrollHeight; };
  if (!location.hash) follow();
  talk.addEventListener("scroll", () => { isAtEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40; }, { passive: true });
  document.addEventListener("htmx:afterSettle", follow);
}

// Words that may be passed on go behind what was typed already; without script their link opens the page with them.
document.addEventListener("click", (event) => {
  const way = event.target.closest?.("[data-puts]");
  const field = way && document.getElementById(way.dataset.puts);
  if (!field) return;
  event.preventDefault();
  field.value = [field.value.trim(), way.dataset.words].filter(Boolean).join("\n\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

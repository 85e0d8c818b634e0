// What a reader has opened or closed stays so when a live part is drawn anew: each fold is known by its place in the
// nearest part with a name.

const folds = () => [...document.querySelectorAll("details")];
let seen = new Map();
let kept = new Map();
let focused = null;

function name(fold) {
  if (fold.id) return fold.id;
  const part = fold.parentElement?.closest("[id]");
  return part ? `${part.id}/${[...part.querySelectorAll("details:not([id])")].indexOf(fold)}` : null;
}

function remember() {
  seen = new Map(folds().map((fold) => [name(fold), fold]));
  kept = new Map(folds().map((fold) => [name(fold), fold.open]));
  const fold = document.activeElement?.closest?.("summary")?.parentElement;
  focused = fold ? name(fold) : null;
}

function restore() {
  for (const fold of folds()) {
    const known = name(fold);
    if (!known || !kept.has(known) || seen.get(known) === fold) continue;
    fold.open = kept.get(known);
    if (known === focused && document.activeElement === document.body) fold.querySelector("summary").focus({ preventScroll: true });
  }
}

const isPoll = (event) => event.detail.requestConfig?.verb === "get" && event.detail.xhr?.status === 200;
document.addEventListener("htmx:beforeSwap", (event) => { if (isPoll(event)) remember(); });
document.addEventListener("htmx:afterSettle", (event) => { if (isPoll(event)) restore(); });

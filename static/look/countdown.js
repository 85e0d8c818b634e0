// Counts the last fifteen minutes down in the page; before that the server's words stand.
// Screen readers hear of it at 15, 5 and 1 minute only.

const SECONDS_SHOWN = 15 * 60;
const HEARD_AT = [15, 5, 1];
const heard = new WeakMap();

function announce(element, left) {
  const minute = HEARD_AT.find((each) => left <= each * 60 && left > each * 60 - 2);
  if (!minute || heard.get(element) === minute) return;
  heard.set(element, minute);
  const place = document.getElementById("toasts");
  if (!place || !element.hasAttribute("data-announce")) return;
  const words = document.createElement("span");
  words.className = "sr-only";
  words.textContent = element.textContent;
  place.append(words);
  setTimeout(() => words.remove(), 4000);
}

function count() {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("[data-due]")) {
    const left = Math.floor((Date.parse(element.dataset.due) - Date.now()) / 1000);
    if (Number.isNaN(left) || left > SECONDS_SHOWN || left < 0) continue;
    const minutes = String(Math.floor(left / 60));
    const seconds = String(left % 60).padStart(2, "0");
    const text = element.dataset.pattern.replace("MM", minutes).replace("SS", seconds);
    if (element.textContent !== text) element.textContent = text;
    announce(element, left);
  }
}

count();
setInterval(count, 1000);
document.addEventListener("visibilitychange", count);

// What is typed while an answer is on its way stays: an answer that would replace a field which has changed since it
// was asked for is dropped.

const asked = new WeakMap();
const fields = (target) => [...target.querySelectorAll("textarea, input[type=text]")].map((field) => field.value).join("\n");

document.addEventListener("htmx:beforeRequest", (event) => {
  asked.set(event.detail.xhr, fields(event.detail.target));
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const before = asked.get(event.detail.xhr);
  if (before !== undefined && event.detail.requestConfig.verb === "post" && event.target.matches("[data-typed]")
      && before !== fields(event.target)) {
    event.detail.shouldSwap = false;
  }
});

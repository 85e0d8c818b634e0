// What scrolls sideways can be reached by keyboard: a stop for Tab while it is wider than its place.

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

const watch = (root) => root.querySelectorAll(".table-frame, .plans").forEach((one) => sizes.observe(one));

watch(document);
document.addEventListener("htmx:load", (event) => watch(event.target));

// A table wider than the page can be reached by keyboard, and says in words that it goes on.

const seen = new WeakSet();

export function watchScrolling(root) {
  const areas = root.querySelectorAll(".scroll");
  if (!areas.length || !("ResizeObserver" in window)) {
    return;
  }
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));
  areas.forEach((area) => {
    if (!seen.has(area)) {
      seen.add(area);
      sizes.observe(area);
    }
  });
}

function mark(area) {
  const wide = area.scrollWidth > area.clientWidth + 1;
  area.classList.toggle("scroll--wide", wide);
  if (wide) {
    area.setAttribute("tabindex", "0");
  } else {
    area.removeAttribute("tabindex"); // nothing to scroll: not a stop on the way through the page
  }
}

"""What is looked at on every page of the service that a walk comes to.

At every visit: one heading of the first level, a title, no double id, no page wider than its screen.
Once for each kind of page and each way that lays it out otherwise: axe, with everything folded
opened (contrast once for each kind: it takes most of the time); and for whoever walks by keyboard
the round of Tab.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.live_service import grave_faults

ROUTES: Final = Path(__file__).parent / "data" / "service_routes.csv"
ROUND: Final = 70
"""Stops of a page's round of Tab that are looked at."""
FAULTS: Final = """() => {
  const faults = [], seen = new Set();
  const heads = document.querySelectorAll('h1').length;
  if (heads !== 1) faults.push(heads + ' headings of the first level');
  if (document.documentElement.lang !== 'en-GB') faults.push('no language');
  for (const one of document.querySelectorAll('[id]')) {
    if (seen.has(one.id)) faults.push('double id ' + one.id);
    seen.add(one.id);
  }
  for (const one of document.querySelectorAll('[tabindex]'))
    if (one.tabIndex > 0) faults.push('order of focus forced: ' + one.outerHTML.slice(0, 90));
  const root = document.documentElement, wide = root.scrollWidth - root.clientWidth;
  if (wide > 0) faults.push('wider than its screen by ' + wide);
  return faults;
}"""
FOCUSED: Final = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return {stop: '', fault: ''};
  const shown = (e, part) => {
    const style = getComputedStyle(e, part);
    const clear = /rgba\\(\\d+, \\d+, \\d+, 0\\)|transparent/;
    const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return (line && !clear.test(style.outlineColor)) || style.boxShadow !== 'none';
  };
  const label = one.labels && one.labels[0];
  const seen = shown(one) || (label && (shown(label, '::before') || shown(label)));
  const box = label && /radio|checkbox/.test(one.type)
    ? label.getBoundingClientRect() : (one.getClientRects()[0] || one.getBoundingClientRect());
  let fault = '';
  if (!seen) fault = 'the focus is not seen';
  else if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth)
    fault = 'the focus is out of view';
  else {
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 12), 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    if (top && !(one.contains(top) || top.contains(one) || (label && label.contains(top))))
      fault = 'the focus is covered by ' + top.outerHTML.slice(0, 80);
  }
  const all = [...document.querySelectorAll('*')];
  return {stop: one.outerHTML.replace(/\\s+/g, ' ').slice(0, 110), fault, place: all.indexOf(one)};
}"""
BACK: Final = """() => {
  const top = document.querySelector('a');
  top.focus(); top.blur();
  scrollTo(0, 0);
}"""
"""The next Tab begins at the top again: a focus that is lost leaves its place behind."""
OPEN: Final = """open => {
  for (const one of document.querySelectorAll('main details:not([open])')) {
    if (open) { one.open = true; one.dataset.opened = 'yes'; }
  }
  if (!open) for (const one of document.querySelectorAll('details[data-opened]')) {
    one.open = false; delete one.dataset.opened;
  }
}"""


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    with ROUTES.open(encoding="utf-8", newline="") as file:
        addresses = [row["address"] for row in csv.DictReader(file)]
    kinds = {"str": "[^/]+", "int": "[0-9]+", "slug": "[^/]+", "path": ".+"}
    found = []
    for one in sorted(addresses, key=lambda text: (text.count("<path:"), text.count("<"), text)):
        pattern = re.sub(r"<(\w+):\w+>", lambda match: kinds[match[1]], one)
        found.append((one, re.compile(re.sub(r"<\w+>", "[^/]+", pattern))))
    return found


def kind_of(path: str) -> str:
    """The route of a path, as the table of routes writes it; the path where there is none."""
    return next((one for one, pattern in _patterns() if pattern.fullmatch(path)), path)


@dataclass
class Inspector:
    """Looks at pages, and remembers which kinds it has looked at thoroughly."""

    browser: Any
    deep: bool = False
    """Whether a page counts as another kind for each office."""
    seen: set[tuple[object, ...]] = field(default_factory=set)
    states: dict[str, tuple[float, Any]] = field(default_factory=dict)
    """By account: when it last began a walk, and what a browser keeps of it, signed in."""
    _second: dict[int, Any] = field(default_factory=dict)

    def look(self, walker: Any, status: int) -> str:
        """Fail for a fault of the page where a walker stands; give its kind."""
        page, way = walker.page, walker.way
        kind = kind_of(walker.path)
        faults = page.evaluate(FAULTS)
        forms = page.locator("main form[method=post]").count() > 0
        what = (kind, status, walker.office if self.deep else forms)
        if (key := (*what, way.scripts, way.size["width"])) not in self.seen:
            self.seen.add(key)
            contrast = (kind, status, forms) not in self.seen
            self.seen.add((kind, status, forms))
            faults += self._axe(walker, contrast)
        if way.keyboard and (key := (*what, "round", way.size["width"])) not in self.seen:
            self.seen.add(key)
            faults += self._round(page)
        faults += walker.at.faults
        walker.at.faults.clear()
        if faults:
            told = page.locator(".nhsuk-error-summary").all_inner_texts()
            where = f"{walker.path} ({walker.office}, {way.name})"
            raise AssertionError(f"{where}: " + "; ".join([*faults, *told]))
        return kind

    def _axe(self, walker: Any, contrast: bool) -> list[str]:
        page = walker.page
        if walker.way.scripts:
            page.evaluate(OPEN, True)
            found = grave_faults(page, contrast)
            page.evaluate(OPEN, False)
            return found
        return self._without_scripts(page, walker, contrast)

    def _without_scripts(self, page: Any, walker: Any, contrast: bool) -> list[str]:
        """axe is itself a script: it reads the same page, its scripts taken out, on another tab."""
        width = walker.way.size["width"]
        if width not in self._second:
            self._second[width] = self.browser.new_context(viewport=walker.way.size).new_page()
        other = self._second[width]
        html = re.sub(r"<script\b.*?</script>", "", page.content(), flags=re.DOTALL)
        address = str(page.url).partition("#")[0]
        other.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
        other.goto(address)
        other.evaluate(OPEN, True)
        found = grave_faults(other, contrast)
        other.unroute(address)
        return found

    def _round(self, page: Any) -> list[str]:
        """Go round the page by Tab: each stop is seen, in view and after the one before it."""
        faults, first, last = [], -1, -1
        for _ in range(ROUND):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUSED)
            if not stop["stop"] or stop["place"] == first:
                break  # round: beyond the last stop is the browser's own frame, or the first again
            first = stop["place"] if first < 0 else first
            if stop["fault"]:
                faults.append(f"{stop['fault']}: {stop['stop']}")
            if stop["place"] <= last:
                faults.append(f"Tab goes back to {stop['stop']}")
                break
            last = stop["place"]
        page.evaluate(BACK)
        return faults

    def end(self) -> None:
        """Close the tabs of its own."""
        for other in self._second.values():
            other.context.close()
        self._second.clear()

"""Ways of walking through the service in a browser, and what may be wrong with a page that is met.

A journey is written once, as steps by the words that stand on a page; a `Way` says how they are
taken: by pointer or by keyboard alone, with scripts or without, on a wide screen or on a phone.
Every page that a `Walker` comes to is inspected (see `tests/inspecting.py`).
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from controltotal.service.settings import IDLE
from tests.inspecting import FOCUSED, Inspector
from tests.live_service import NARROW, WIDE, Service, Watched

STOPS: Final = 700
"""Times that Tab is pressed at most before a control counts as out of reach."""
SOON: Final = 60_000
"""Milliseconds in which a page of a busy machine answers."""
LONG: Final = 240_000
"""Milliseconds in which a busy machine makes a paper."""
FRESH: Final = IDLE / 3
"""Seconds for which a walk may go on in the session of the one before: the service ends idle ones."""


@dataclass(frozen=True, slots=True)
class Way:
    """How steps are taken."""

    name: str
    size: dict[str, int]
    scripts: bool = True
    keyboard: bool = False


WAYS: Final = (
    Way("scripts-1280", WIDE),
    Way("scripts-390", NARROW),
    Way("no-scripts-1280", WIDE, scripts=False),
    Way("no-scripts-390", NARROW, scripts=False),
    Way("keyboard-1280", WIDE, keyboard=True),
    Way("keyboard-390-no-scripts", NARROW, scripts=False, keyboard=True),
)
"""Every way: pages are the same words in each."""


@dataclass
class Walker:
    """Somebody with an account who walks in one way; steps name controls by their words."""

    at: Watched
    way: Way
    inspector: Inspector
    office: str
    before: tuple[str, str] = ("", "")

    @property
    def page(self) -> Any:
        """The page of the browser."""
        return self.at.page

    @property
    def path(self) -> str:
        """The path of the address where the walker stands."""
        return re.sub(r"[?#].*", "", str(self.page.url).removeprefix(self.at.address))

    # ------------------------------------------------------------------------------- steps

    def goto(self, path: str, status: int = 200) -> None:
        """Open an address; another status than the one that is expected fails, and a sign-in instead."""
        self.at.expected.add(status)
        answer = self.at.goto(path)
        assert answer.status == status, (path, answer.status)
        assert not self.path.startswith("/sign-in"), f"{self.office} is signed out at {path}"
        self.look(status)

    def follow(self, words: str | re.Pattern[str], first: bool = False) -> None:
        """Follow the link of the page's own part that has these words."""
        link = self._one("link", words, first=first)
        with self._moved():
            self._act(link)
        self.look()

    def click(self, control: Any) -> None:
        """Use a control that no words name, and look at the page that comes."""
        with self._moved():
            self._act(control)
        self.look()

    def menu(self, words: str) -> None:
        """Follow a link of the navigation, which a phone with scripts keeps behind a button."""
        opener = self.page.get_by_role("button", name="Menu", exact=True)
        if opener.is_visible() and opener.get_attribute("aria-expanded") == "false":
            self._act(opener)
        link = self.page.get_by_role("navigation", name="Main").get_by_role(
            "link", name=words, exact=True
        )
        with self._moved():
            self._act(link)
        self.look()

    def navigation(self) -> list[str]:
        """The words of the navigation."""
        links = self.page.get_by_role("navigation", name="Main", include_hidden=True)
        return [str(one).strip() for one in links.locator("a").all_text_contents()]

    def press(self, words: str | re.Pattern[str], status: int = 200) -> None:
        """Press a button that sends its form."""
        self.at.expected.add(status)
        button = self._one("button", words)
        with self._moved():
            self._act(button)
        self.look(status)

    def write(self, label: str, text: str) -> None:
        """Write into the field with this label, over what stands in it."""
        box = self._field(label)
        if not self.way.keyboard:
            box.fill(text)
            return
        self._reach(box)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        """Choose of a list the first option that has these words."""
        box = self._field(label)
        words = [one.strip() for one in box.locator("option").all_inner_texts()]
        (found,) = [at for at, one in enumerate(words) if option in one][:1] or [-1]
        assert found >= 0, (label, option, words[:9])
        if not self.way.keyboard:
            box.select_option(index=found)
            return
        self._reach(box)
        self.page.keyboard.press("Home")
        for _ in range(found):
            self.page.keyboard.press("ArrowDown")
        assert box.evaluate("e => e.selectedIndex") == found

    def pick(self, words: str) -> None:
        """Pick one of several round buttons: by Tab to the group and arrows within it."""
        radio = self.page.get_by_role("radio", name=words, exact=True)
        if not self.way.keyboard:
            radio.check()
            return
        group = radio.get_attribute("name")
        self._tab_to("(e, a) => a && a.type === 'radio' && a.name === e.name", radio, words)
        for _ in range(12):
            if radio.evaluate("e => document.activeElement === e"):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        assert radio.is_checked(), (group, words)

    def tick(self, words: str) -> None:
        """Tick the first box with these words."""
        box = self.page.locator("main").get_by_role("checkbox", name=words, exact=True).first
        if not self.way.keyboard:
            box.check()
            return
        self._reach(box)
        self.page.keyboard.press("Space")
        assert box.is_checked(), words

    def offers(self, words: str) -> bool:
        """Whether the page has a button with these words."""
        return bool(self._one("button", words).count())

    def unfold(self, words: str) -> None:
        """Open a part that is folded."""
        summary = self.page.locator("main summary", has_text=words).first
        if not summary.evaluate("e => e.parentElement.open"):
            self._act(summary)
        assert summary.evaluate("e => e.parentElement.open"), words

    def attach(self, file: Path) -> None:
        """Give a file to the form, by the dialogue of the browser."""
        if self.way.scripts:
            opener = self.page.get_by_role("button", name=re.compile("Choose file")).first
        else:
            opener = self.page.locator("main input[type=file]").first
        with self.page.expect_file_chooser() as got:
            self._act(opener, key="Space")
        got.value.set_files(str(file))

    def download(self, words: str | re.Pattern[str]) -> Any:
        """What a link gives to keep."""
        link = self._one("link", words, first=True)
        with self.page.expect_download(timeout=SOON) as got:
            self._act(link)
        return got.value

    def sees(self, *words: str) -> None:
        """Fail where any of these words does not stand on the page."""
        text = re.sub(r"\s+", " ", self.page.locator("main").inner_text())
        for one in words:
            assert one in text, f"{one!r} is not on {self.path}: {text[:600]}"

    def has_no_form(self) -> None:
        """Fail where the page's own part has a form that would write anything."""
        assert self.page.locator("main form[method=post]").count() == 0, self.path

    def lacks(self, words: str) -> None:
        """Fail where a button or link with these words stands on the page."""
        for role in ("button", "link"):
            assert self.page.get_by_role(role, name=words).count() == 0, (self.path, words)

    def waits_for(self, path: str) -> None:
        """Wait while work goes on, at a page that leads to another by itself."""
        self.page.wait_for_url(re.compile(f"{re.escape(path)}(#.*)?$"), timeout=LONG)
        self.page.wait_for_load_state()
        self.look()

    def look(self, status: int = 200) -> None:
        """Inspect the page as it stands."""
        kind = self.inspector.look(self, status)
        title = str(self.page.title())
        if status in (403, 404):
            return
        if self.before[0] not in ("", kind):
            assert title != self.before[1], f"{kind} is titled as {self.before[0]}: {title}"
        self.before = (kind, title)

    # ------------------------------------------------------------------------ how it is done

    @contextmanager
    def _moved(self) -> Any:
        """Wait for the page that comes next, which is told from this one by a mark on it."""
        self.page.evaluate("document.documentElement.dataset.left = 'yes'")
        yield
        self.page.wait_for_selector("html:not([data-left])", state="attached", timeout=SOON)
        self.page.wait_for_load_state()

    def _one(self, role: str, words: str | re.Pattern[str], first: bool = False) -> Any:
        found = self.page.locator("main").get_by_role(role, name=words)
        return found.first if first else found

    def _field(self, label: str) -> Any:
        return (
            self.page.locator("main").get_by_label(label, exact=True).locator("visible=true").first
        )

    def _act(self, control: Any, key: str = "Enter") -> None:
        """Use a control: click it, or come to it by Tab and press a key."""
        if not self.way.keyboard:
            control.click()
            return
        self._reach(control)
        self.page.keyboard.press(key)

    def _reach(self, control: Any) -> None:
        self._tab_to("(e, a) => e === a", control, str(control))

    def _tab_to(self, is_there: str, control: Any, words: str) -> None:
        """Press Tab until the control has the focus, which must then be seen and in view."""
        handle = control.element_handle(timeout=SOON)
        there = f"e => ({is_there})(e, document.activeElement)"
        for _ in range(STOPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(there, handle):
                break
        else:
            pytest.fail(f"no way by Tab to {words} on {self.path}")
        fault = self.page.evaluate(FOCUSED)["fault"]
        assert not fault, f"{fault}: {words} on {self.path}"


@dataclass
class Stage:
    """A service and a browser in which walkers go one way; who has just signed in need not again."""

    service: Service
    browser: Any
    way: Way
    inspector: Inspector
    walkers: list[Walker] = field(default_factory=list)

    def walker(self, account: str) -> Walker:
        """Somebody who has signed in, at no page yet."""
        options: dict[str, Any] = {"java_script_enabled": self.way.scripts}
        states = self.inspector.states
        since, known = states.get(account, (-FRESH, None))
        if time.monotonic() - since >= FRESH:
            first = self.service.signed_in(self.browser, account)
            known = first.page.context.storage_state()
            first.page.context.close()
        states[account] = time.monotonic(), known
        options["storage_state"] = known
        at = self.service.watched(self.browser, self.way.size, **options)
        at.page.set_default_timeout(SOON)
        role = self.service.account(account)["role"]
        made = Walker(at, self.way, self.inspector, role)
        self.walkers.append(made)
        return made

    def tell(self) -> None:
        """Print where each walker stands, for whoever reads why a walk failed."""
        for one in self.walkers:
            told = one.page.locator("main")
            words = told.inner_text()[:1500] if told.count() else "no page yet"
            print(one.office, one.page.url, words, sep="\n")

    def end(self) -> None:
        """End all walks: fail for anything seen on any page that may never be."""
        faults: list[str] = []
        for one in self.walkers:
            faults += one.at.faults
            one.at.page.context.close()
        self.walkers.clear()
        assert not faults, "\n".join(faults)

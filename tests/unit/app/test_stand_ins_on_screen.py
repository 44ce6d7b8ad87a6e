"""Who rests on a stand-in is marked on the first screens of what lies ahead, however narrow they are."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.app.show import answer_text
from controltotal.core.result import Result
from controltotal.papers.look import Look

FICTIONAL = Path(__file__).parents[3] / "examples" / "fictional-system"
MARKED = "Hollowmere General Hospital (stand-in)"


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional system without what Hollowmere reported of December."""
    folder = tmp_path_factory.mktemp("late") / "book"
    shutil.copytree(FICTIONAL, folder)
    with (folder / "amounts.csv").open(newline="", encoding="utf-8") as source:
        heading, *rows = csv.reader(source)
    december = {"organisation": "XF-HOL", "basis": "actual", "year": "2026/27", "month": "9"}
    kept = [
        row for row in rows if {name: row[heading.index(name)] for name in december} != december
    ]
    assert len(rows) - len(kept) == 25
    with (folder / "amounts.csv").open("w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows([heading, *kept])
    return folder


def in_brief(verb: str, result: Result) -> str:
    return answer_text(result, Look())


def asked(verb: str, book: Path, how: str) -> Result:
    if verb == "risk":
        return verbs.risk(book, draws=200, late=how)
    return verbs.forecast(book, late=how)


@pytest.mark.parametrize("verb", ["forecast", "risk"])
def test_who_rests_on_a_stand_in_is_marked_and_the_title_says_what_that_is(
    verb: str, late: Path
) -> None:
    last = in_brief(verb, asked(verb, late, "last: Ann Grey"))
    assert MARKED in last and "(stand-in): made without a late body or with its plan" in last
    assert "Fenmarch and Alderwick (stand-in)" in last and "Alderwick Hospitals (" not in last
    out = in_brief(verb, asked(verb, late, "exclude: Ann Grey"))
    assert MARKED not in out and "Fenmarch and Alderwick (stand-in)" in out
    assert "(stand-in)" not in in_brief(verb, asked(verb, late, "wait"))


def test_a_narrow_screen_keeps_the_mark(late: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controltotal.app.show.screen_width", lambda: 60)
    text = in_brief("forecast", asked("forecast", late, "last: Ann Grey"))
    (own,) = (line for line in text.splitlines() if " XF-HOL " in line)
    assert "… (stand-in) " in own


def test_one_late_body_is_one_more_warning(late: Path) -> None:
    """Hollowmere tells eight months of what the board tells nine: the eight agree, and who is late
    is told of its system, not again of the region and of the nation above it."""

    def told(book: Path) -> set[tuple[str, str, str]]:
        return {(f.code, f.organisation, f.message) for f in verbs.check(book).findings}

    assert told(FICTIONAL) <= told(late)
    more = told(late) - told(FICTIONAL)
    # and a sentence that says what the year would be cannot say it
    assert {(code, body) for code, body, _ in more} == {
        ("CHILDREN_INCOMPLETE", "XF-SYS"),
        ("SLOT_NOT_FILLED", "XF-SYS"),
    }

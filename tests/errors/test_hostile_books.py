"""Nothing that a book holds is run, aborts or hangs anything: on paper, on a terminal, in a workbook.

A book in which every name, title and id carries a hostile text is asked every question and made
into every paper; small books are broken in structured ways and asked again. Only our own refusals
and findings may come back.
"""

from __future__ import annotations

import csv
import io
import random
import re
import time
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.legible import UNPRINTABLE
from controltotal.core.result import Result
from controltotal.papers.workbook_formulas import GRAMMAR
from tests.hostile_books import SMALL, Book, load, mutated, save, spoilt
from tests.running import Ran, controltotal

ROOT = Path(__file__).resolve().parents[2]
SAFETY = ROOT / "tests" / "data" / "faults" / "safety"
ASKED = (
    "check", "position", "forecast", "trajectory", "opportunities", "portfolio", "risk", "share",
    "decide", "challenge", "history",
)  # fmt: skip
SECONDS_MOST = 60
"""Of processor, so that a busy machine is no hang; one that waits for nothing meets the timeout."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book of faults and the one of a decision, every text of them spoilt."""
    book = spoilt(load(ROOT / "tests" / "errors" / "forty"), 6_000)
    return save(book, tmp_path_factory.mktemp("hostile") / "book")


def steers(text: str) -> list[str]:
    """What in a text would steer a terminal."""
    return UNPRINTABLE.findall(text)


def ours(ran: Ran) -> None:
    """Exit codes, refusals and findings of our own, and nothing else."""
    assert ran.code in (0, 1, 2), ran
    assert "Traceback" not in ran.err and "fault in controltotal itself" not in ran.err, ran.err
    if ran.code == 2:
        assert ran.err.startswith("controltotal: ") and ran.err.count("\n") == 1, ran.err


@pytest.mark.parametrize("verb", ASKED)
def test_no_answer_steers_a_terminal(
    verb: str, hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = getattr(verbs, verb)
    answers: dict[str, Result] = {}

    def once(*given: object, **options: object) -> Result:
        """What was answered as text is shown as JSON, not worked out again."""
        label = repr((given, {k: v for k, v in options.items() if k != "tell"}))
        if label not in answers:
            answers[label] = asked(*given, **options)
        return answers[label]

    monkeypatch.setattr(verbs, verb, once)
    for book in (hostile, SAFETY / "terminal-escapes"):
        for more in ((), ("--detail",), ("--json",)):
            ran = controltotal(verb, book, *more)
            ours(ran)
            assert steers(ran.out) == steers(ran.err) == []
    assert len(answers) == 2, "each book was asked once and shown three times"


def test_a_cell_is_no_line_of_its_own(hostile: Path) -> None:
    shown = controltotal("check", hostile, "--detail").out
    assert not re.search(r"^ERROR TOTALS_DISAGREE", shown, re.MULTILINE)


def test_what_cannot_be_shown_is_told_at_its_place() -> None:
    (found,) = [
        f for f in verbs.check(SAFETY / "bell-in-a-name").findings if f.code == "UNPRINTABLE"
    ]
    assert found.where == "organisations row 3" and found.found == "U+0007"
    assert [place.column for place in found.at] == ["name"]


@pytest.mark.parametrize("form", ["html", "pdf", "xlsx"])
@pytest.mark.parametrize(
    "name", ["bell-in-a-name", "emoji-in-a-name", "terminal-escapes", "xss-decision-name"]
)
def test_every_paper_of_every_such_book_is_made(name: str, form: str, tmp_path: Path) -> None:
    ran = controltotal("report", SAFETY / name, "--output", tmp_path / f"pack.{form}")
    ours(ran)
    assert ran.code in (0, 1) and (tmp_path / f"pack.{form}").stat().st_size > 5_000
    boxed = "this form has no sign" in ran.out
    assert boxed == (form == "pdf" and name == "emoji-in-a-name"), ran.out
    assert steers(ran.out) == []


class Tags(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {
            value or "" for name, value in attrs if name in ("href", "src", "xlink:href")
        }


def test_a_page_of_a_hostile_book_holds_our_own_tags_alone(hostile: Path, tmp_path: Path) -> None:
    page = tmp_path / "pack.html"
    ours(controltotal("report", hostile, "--output", page))
    text = page.read_text("utf-8")
    seen = Tags(text)
    assert not seen.tags & {"script", "img", "iframe", "object", "embed", "base", "form"}
    assert not {name for name in seen.attributes if name.startswith("on")}
    assert all(link.startswith("#") for link in seen.links), seen.links
    assert "default-src 'none'" in text and steers(text) == []


def test_a_workbook_of_a_hostile_book_holds_no_formula_and_no_link_of_its_own(
    hostile: Path, tmp_path: Path
) -> None:
    target = tmp_path / "pack.xlsx"
    ours(controltotal("report", hostile, "--output", target))
    with zipfile.ZipFile(target) as archive:
        sheets = [archive.read(n).decode() for n in archive.namelist() if "worksheets/sheet" in n]
        names = archive.namelist()
    whole = "".join(sheets)
    assert sheets and "<f " not in whole
    for formula in re.findall(r"<f>([^<]*)</f>", whole):
        assert GRAMMAR.fullmatch(f"={formula}"), "a formula is made of addresses of cells alone"
    for link in re.findall(r"<hyperlink [^>]*>", whole):
        assert "location=" in link and "r:id" not in link, "no link leads out of the workbook"
    assert not any("externalLink" in name or "vba" in name.lower() for name in names)
    numbers = [
        float(v) for one in sheets for v in re.findall(r'<c r="\w+" s="\d+"><v>(-[\d.]+)</v>', one)
    ]
    assert numbers, "a deficit stays a number"


def test_a_pdf_of_a_hostile_book_says_what_it_cannot_show(hostile: Path, tmp_path: Path) -> None:
    target = tmp_path / "pack.pdf"
    ran = controltotal("report", "--full", hostile, "--output", target)
    ours(ran)
    assert target.read_bytes().startswith(b"%PDF") and "this form has no sign" in ran.out


def test_live_formulas_in_a_folder_are_told_and_can_be_made_safe(tmp_path: Path) -> None:
    book = save(
        {
            "organisations": [["code", "name", "kind"], ["P1", "=cmd|' /C calc'!A0", "provider"]],
            "amounts": [
                ["organisation", "line", "year", "basis", "amount", "unit"],
                ["P1", "position", "2026/27", "plan", "-4.5", "£m"],
            ],
        },
        tmp_path / "book",
    )
    told = controltotal("convert", book, tmp_path / "copy")
    assert "1 cell begins as a formula" in told.out and "--safe" in told.out
    whole = (tmp_path / "copy" / "organisations.csv").read_text("utf-8")
    assert "P1,=cmd|" in whole, "without --safe nothing is changed"
    safe = controltotal("convert", book, tmp_path / "safe", "--safe")
    assert safe.code == 0
    (row,) = list(
        csv.DictReader(io.StringIO((tmp_path / "safe" / "organisations.csv").read_text("utf-8")))
    )
    assert row["name"] == "'=cmd|' /C calc'!A0"
    (money,) = list(
        csv.DictReader(io.StringIO((tmp_path / "safe" / "amounts.csv").read_text("utf-8")))
    )
    assert money["amount"] == "-4.5", "a negative sum is no formula"


# -- structured faults --------------------------------------------------------------------------


def books() -> list[Book]:
    return [load(ROOT / name) for name in SMALL]


def tried(seed: int, kinds: list[Book], asked: tuple[str, ...], folder: Path) -> None:
    """One broken book, asked; the seed is all that is needed to see it again."""
    draw = random.Random(seed)
    book = save(mutated(draw.choice(kinds), draw), folder / str(seed))
    for verb in asked:
        began = time.process_time()
        words = (verb, book)
        if verb == "report":
            form = draw.choice(("html", "xlsx", "pdf"))
            words += ("--output", folder / f"{seed}.{form}")
        ran = controltotal(*words, environment={})
        try:
            ours(ran)
            assert ran.code == 2 or steers(ran.out) == []
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {verb}: {error}") from error
        assert time.process_time() - began < SECONDS_MOST, (seed, verb)


def test_broken_books_are_answered_or_refused(tmp_path: Path) -> None:
    kinds = books()
    for seed in range(50):
        tried(seed, kinds, ("check", "position"), tmp_path)


@pytest.mark.soak
def test_broken_books_are_answered_or_refused_at_length(tmp_path: Path) -> None:
    kinds = books()
    for seed in range(50, 500):
        tried(seed, kinds, ("check", "position"), tmp_path)


@pytest.mark.parametrize("verb", [*ASKED[2:], "report"])
def test_every_verb_answers_or_refuses_a_broken_book(verb: str, tmp_path: Path) -> None:
    kinds = books()
    for seed in range(5):
        tried(seed, kinds, (verb,), tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("verb", [*ASKED[2:], "report"])
def test_every_verb_answers_or_refuses_a_broken_book_at_length(verb: str, tmp_path: Path) -> None:
    kinds = books()
    for seed in range(5, 50):
        tried(seed, kinds, (verb,), tmp_path)

"""Laws of `month` and `late` in every verb that reads an actual or a forecast.

As at a month a verb answers what it answers of a book from which somebody took the later actuals,
and the forecasts that became known later, row by row: that is the slow reference here.
"""

from __future__ import annotations

import calendar
import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from controltotal import verbs
from controltotal.book.fold import fold
from controltotal.core.result import Result
from controltotal.workings.late import STAND_IN
from tests.running import controltotal
from tests.strategies import YEAR, Cells, position_of, source_of

Book = dict[str, list[Cells]]
Verb = Callable[..., Result]
ALL = ("check", "forecast", "risk", "portfolio", "trajectory")
SHOWROOM = Path(__file__).resolve().parents[2] / "examples" / "fictional-system"
ENDS = {"Q1": 3, "Q2": 6}
"""The last month of each quarter that the showroom's actuals name."""
WHO = "A. Hart, finance director"
MONTHS = range(1, 13)


def row(code: str, basis: str, amount: int, month: object = "", **more: str) -> Cells:
    """One row of amounts, in £k."""
    cells = {"organisation": code, "line": "position", "year": YEAR, "month": str(month)}
    return {**cells, "basis": basis, "amount": str(amount), "unit": "£k", **more}


def last_day(month: int) -> str:
    """The last day of the month after one of the year (1 is April): when it is reported.

    It is reckoned by the calendar and without the program.
    """
    year, place = divmod(2026 * 12 + 3 + month, 12)
    return f"{year}-{place + 1:02d}-{calendar.monthrange(year, place + 1)[1]:02d}"


def trust(rng: Random, code: str, to: int) -> list[Cells]:
    """A trust's plan, actuals to a month and a forecast that was given again each month."""
    found = [row(code, "plan", rng.randint(-900, 300), n) for n in MONTHS]
    found += [row(code, "actual", rng.randint(-1200, 300), n) for n in range(1, to + 1)]
    found += [
        row(code, "forecast", rng.randint(-9000, 2000), known_on=last_day(n)[:8] + "15")
        for n in range(1, to + 1)
    ]
    return found


def saving(rng: Random, name: str, code: str, to: int) -> tuple[Cells, list[Cells]]:
    """A scheme of a trust, with its plan by month and what it saved to a month."""
    begins = rng.randint(1, 11)
    own = {"line": "pay", "scheme": name, "recurrence": "recurrent"}
    rows = [row(code, "plan", 40, n, **own) for n in range(begins, 13)]
    rows += [row(code, "actual", rng.randint(20, 45), n, **own) for n in range(begins, to + 1)]
    said = {
        "id": name,
        "organisation": code,
        "title": f"Scheme {name}",
        "recurrence": "recurrent",
        "maturity": rng.choice(("fully_developed_delivering", "in_progress")),
        "full_year_effect": "480",
        "unit": "£k",
        "start": f"{2026 + (begins > 9)}-{(begins + 2) % 12 + 1:02d}-01",
        "chance": "0.8",
        "low": "0.5",
        "mode": "0.8",
        "high": "1",
    }
    return said, rows


def system(seed: int, late: bool = False) -> Book:
    """A system of two or three trusts told to month 9; `late` leaves the last at month 8."""
    rng = Random(seed)
    codes = ["A", "B", "C"][: rng.randint(2, 3)]
    amounts, schemes = [], []
    for code in codes:
        to = 8 if late and code == codes[-1] else 9
        amounts += trust(rng, code, to)
        for number in range(rng.randint(0, 2)):
            said, rows = saving(rng, f"{code}{number}", code, to)
            schemes.append(said)
            amounts += rows
    return {
        "book": [{"key": "default_year", "value": "2026/27"}],
        "organisations": [
            {"code": "S", "name": "System", "kind": "system"},
            *({"code": c, "name": f"Trust {c}", "kind": "provider", "parent": "S"} for c in codes),
        ],
        "amounts": amounts,
        "schemes": schemes,
        "facts": [
            {
                "organisation": code,
                "fact": "activity",
                "group": "non_elective",
                "year": YEAR,
                "month": str(n),
                "basis": basis,
                "value": str(rng.randint(900, 1100)),
                "unit": "count",
            }
            for code in codes
            for basis, to in (("plan", 12), ("actual", 9))
            for n in range(1, to + 1)
        ],
        "control_totals": [
            {
                "organisation": code,
                "year": YEAR,
                "amount": str(rng.randint(-4000, 0)),
                "unit": "£k",
                "status": "accepted",
                "includes_support": "no",
            }
            for code in codes
        ],
        "risks": [
            {
                "id": "R1",
                "organisation": codes[0],
                "year": YEAR,
                "title": "Winter",
                "kind": "risk",
                "gross": "700",
                "unit": "£k",
                "chance": "0.4",
            }
        ],
    }


def cut(book: Book, month: int) -> Book:
    """The book as somebody would cut it by hand at a month."""

    def stays(one: Cells) -> bool:
        if one["basis"] == "actual":
            return int(one["month"]) <= month
        return one["basis"] != "forecast" or one["known_on"] <= last_day(month)

    return {**book, **{name: [r for r in book[name] if stays(r)] for name in ("amounts", "facts")}}


def asked(verb: str, position: Any, **more: Any) -> Result:
    draws = {"draws": 60} if verb == "risk" else {}
    found: Result = getattr(verbs, verb)(position, **draws, **more)
    return found


def said(result: Result) -> dict[str, object]:
    """All of an answer but where in the book it stands, which a cut moves."""
    return {
        "figures": result.figures,
        "tables": {
            name: [{k: v for k, v in one.items() if k not in ("entry", "where")} for one in rows]
            for name, rows in result.tables.items()
        },
        "words": result.words,
        "findings": sorted((f.code, f.organisation, f.severity) for f in result.findings),
        "options": {k: v for k, v in result.options.items() if k != "month"},
    }


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("verb", ALL)
def test_as_at_a_month_a_verb_answers_of_the_book_cut_by_hand(verb: str, seed: int) -> None:
    book = system(seed)
    for month in (seed + 1, seed + 5):
        read = fold(source_of(book), None, (f"M{month}", None))
        told = asked(verb, read)
        assert told.options["month"] == f"M{month}"
        assert said(told) == said(asked(verb, position_of(cut(book, month)))), month


@pytest.mark.parametrize("verb", ["forecast", "risk"])
def test_the_showroom_as_at_november_is_the_folder_cut_by_hand(verb: str, tmp_path: Path) -> None:
    """November is reported in December: what is known by its last day, by its own day or its source's."""
    shutil.copytree(SHOWROOM, tmp_path / "cut")
    with (SHOWROOM / "sources.csv").open(encoding="utf-8", newline="") as file:
        published = {one["id"]: one["published_on"] for one in csv.DictReader(file)}

    def stays(one: dict[str, str]) -> bool:
        if one["basis"] == "actual":
            return one["year"] < "2026/27" or int(ENDS.get(one["month"], one["month"] or 12)) <= 8
        known = one.get("known_on") or published.get(one["source"], "")
        return one["basis"] != "forecast" or known <= "2026-12-31"

    for name in ("amounts", "facts"):
        with (SHOWROOM / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with (tmp_path / "cut" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(one for one in rows if stays(one))
    told = asked(verb, SHOWROOM, organisation="XF-HOL", month="M8")
    by_hand = asked(verb, tmp_path / "cut", organisation="XF-HOL")
    assert said(told) == said(by_hand)
    assert said(told) != said(asked(verb, SHOWROOM, organisation="XF-HOL"))


@pytest.mark.parametrize("verb", ALL)
def test_the_newest_month_and_the_last_of_a_year_are_no_option(verb: str) -> None:
    book = system(7)
    plain = said(asked(verb, position_of(book)))
    for month in (9, 12):
        assert said(asked(verb, fold(source_of(book), None, (f"M{month}", None)))) == plain


@pytest.mark.parametrize("verb", ALL)
def test_the_command_takes_the_month_and_names_it(verb: str) -> None:
    draws = ("--draws", "50") if verb == "risk" else ()
    book = "examples/fictional-system"
    ran = controltotal(verb, book, "--organisation", "XF-COM", "--month", "M6", "--json", *draws)
    assert ran.code in (0, 1) and '"month": "M6"' in ran.out, ran.err
    refused = controltotal(verb, book, "--month", "Q9")
    assert refused.code == 2 and "--month" in refused.err


# -- who is late -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("verb", ALL)
def test_to_wait_is_no_choice_and_a_choice_with_nobody_late_changes_nothing(
    verb: str, seed: int
) -> None:
    late, whole = position_of(system(seed, late=True)), position_of(system(seed))
    told = asked(verb, late, late="wait")
    assert told.options.pop("late", "") == "wait"
    assert said(told) == said(asked(verb, late))
    chosen = asked(verb, whole, late=f"last: {WHO}")
    assert chosen.figures == asked(verb, whole).figures


def parts(result: Result) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures made with a stand-in, and the others, by id."""
    aside = {f.id: f for f in result.figures if STAND_IN in f.qualifier}
    return aside, {f.id: f for f in result.figures if f.id not in aside}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("verb", ["forecast", "risk"])
def test_left_out_the_totals_above_are_those_of_a_book_without_the_body(
    verb: str, seed: int
) -> None:
    """Slow reference: the book from which every row of the late body was taken."""
    book = system(seed, late=True)
    gone = book["organisations"][-1]["code"]
    without = {
        name: [r for r in rows if gone not in (r.get("organisation"), r.get("code"))]
        for name, rows in book.items()
    }
    told = asked(verb, position_of(book), late=f"exclude: {WHO}")
    plain = asked(verb, position_of(book))
    other = {f.id: f for f in asked(verb, position_of(without)).figures}
    aside, rest = parts(told)
    assert aside and {f.organisation for f in aside.values()} == {"S"}
    for name, figure in aside.items():
        assert (figure.value, figure.low, figure.high) == (
            other[name].value,
            other[name].low,
            other[name].high,
        ), name
    known = {f.id: f for f in plain.figures}
    assert all(known[name] == figure for name, figure in rest.items())
    for name, rows in told.tables.items():
        for one in rows:
            if STAND_IN in one:
                assert one[STAND_IN] == (f"without {gone}" if one["organisation"] == "S" else "")
            else:
                assert one in [dict(r) for r in plain.tables[name]]
    about = [one.text for one in told.sentences if one.about == "S"]
    assert about and all(f"without {gone}, chosen by {WHO}" in text for text in about)


@pytest.mark.parametrize("verb", ["forecast", "risk"])
def test_its_plan_stands_in_for_the_month_that_it_lacks(verb: str) -> None:
    """Slow reference: the book in which the late body reports its plan of December."""
    book = system(1, late=True)
    gone = book["organisations"][-1]["code"]
    (plan,) = [
        r
        for r in book["amounts"]
        if (r["organisation"], r["basis"], r["month"], r["line"]) == (gone, "plan", "9", "position")
    ]
    filled = {**book, "amounts": [*book["amounts"], {**plan, "basis": "actual"}]}
    told = asked(verb, position_of(book), late=f"last: {WHO}")
    other = {f.id: f for f in asked(verb, position_of(filled)).figures}
    aside, _ = parts(told)
    assert {f.organisation for f in aside.values()} == {"S", gone}
    assert {name: f.value for name, f in aside.items()} == {n: other[n].value for n in aside}


@pytest.mark.parametrize("how", ["exclude", "last"])
def test_nothing_that_stands_in_is_set_beside_a_control_total(how: str) -> None:
    book = position_of(system(2, late=True))
    plain, told = asked("risk", book), asked("risk", book, late=f"{how}: {WHO}")
    for measure in ("chance_control_total", "expected_shortfall"):
        each = [[f for f in one.figures if f.measure == measure] for one in (plain, told)]
        assert each[0] == each[1] and each[0]
    assert plain.tables.get("measured") == told.tables.get("measured")
    short = [r["short_pence"] for r in told.tables["cases"] if r[STAND_IN]]
    assert short and set(short) == {None}
    for verb in ("check", "portfolio", "trajectory"):
        chosen = asked(verb, book, late=f"{how}: {WHO}")
        assert chosen.figures == asked(verb, book).figures
        assert any("Nothing here stands in" in text for text in chosen.words)

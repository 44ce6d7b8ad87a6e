"""Nobody works out what is withheld, whatever identities between figures he knows.

Two laws over a small system with months, cash, capital, control totals, support, schemes and risks.
Of any figure that is withheld, no sum of shown numbers is its number: the rank of the effects of all
inputs on all that is shown says so. And a book in which what was taken out says another sum shows the
public the same, word for word.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.book.fold import Position
from controltotal.book.left_out import without
from controltotal.core.public import public
from controltotal.core.result import BookRef, Result
from controltotal.papers.public_paper import public_paper
from controltotal.verbs.packs import pack_results
from controltotal.verbs.publishing import told_to_public
from controltotal.verbs.reporting import DATA
from controltotal.verbs.reporting import FORMS as FORMS_OF_PAPER
from controltotal.workings.workings import Workings
from tests.board_results import EXAMPLES
from tests.hostile_books import load
from tests.public_results import withheld_row
from tests.strategies import YEAR, Book, position_of
from tests.twin_books import answers, effects, moved, system, withholding

DOUBT = 1e-3
"""What has to be left of a figure's effects beside those of all that is shown."""
CASES = (
    f"surplus/T2/{YEAR}/forecast/internal",
    f"surplus/T2/{YEAR}/forecast",
    f"adjusted_surplus/S1/{YEAR}/plan",
    f"gap/T1/{YEAR}/plan",
    f"control_total/T2/{YEAR}/plan",
    f"cash/T3/{YEAR}/forecast",
    f"made_a_month/S1/{YEAR}/actual",
    "saving_needed/T1/2027-28/forecast/base",
    f"outturn_p50/T2/{YEAR}/forecast",
    f"scheme_value/T1/{YEAR}/plan/T1-0",
)


def moving() -> list[str]:
    """Every figure of money that some input moves."""
    made = effects()
    return sorted(
        figure.id
        for result in made.base.values()
        for figure in result.figures
        if figure.unit == "pence" and figure.value is not None
        if made.moves(f"figure {figure.id} value")
    )


@pytest.mark.parametrize("figure", CASES)
def test_no_sum_of_what_is_shown_is_what_is_withheld(figure: str) -> None:
    made = effects()
    assert made.moves(f"figure {figure} value")
    assert made.doubt(made.told([withheld_row(figure)]), figure) > DOUBT


@settings(max_examples=12)
@given(st.data())
def test_nor_of_any_two_figures(data: st.DataObject) -> None:
    made, names = effects(), moving()
    hidden = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    shown = made.told([withheld_row(one) for one in hidden])
    assert [one for one in hidden if made.doubt(shown, one) <= DOUBT] == []


def test_the_rank_finds_what_is_told_by_other_numbers() -> None:
    """Without the second reckoning the plan is told by what is expected and how far that is off."""
    made, figure = effects(), f"adjusted_surplus/T2/{YEAR}/plan"
    told = public(withholding(made.base, [withheld_row(figure)]))
    assert made.doubt(told, figure) <= DOUBT


# -- a twin: another sum in the place of what is withheld, and the same paper --------------------------


class Twin:
    """What the public sees of a book, and which cells of it were taken out."""

    def __init__(self, said: Book, withheld: list[dict[str, Any]]) -> None:
        self.lost: set[tuple[str, int]] = set()
        position = position_of(said)

        def ask(less: Workings) -> dict[str, Result]:
            self.lost = self._lost(position, less.position)
            return withholding(pack_results(less), withheld)

        results = withholding(answers(said), withheld)
        shown = told_to_public(Workings(position), results, ask)
        self.shown = {verb: replace(one, book=BookRef()) for verb, one in shown.items()}

    @staticmethod
    def _lost(whole: Position, less: Position) -> set[tuple[str, int]]:
        tables = ("amounts", "facts", "control_totals", "transfers", "schemes", "risks")
        there = {row.entry for name in tables for row in less.rows(name)}
        rows = [row for name in tables for row in whole.rows(name)]
        return {(row.table, row.number - 2) for row in rows if row.entry not in there}


@pytest.mark.parametrize("figure", CASES)
def test_a_book_that_says_another_sum_there_shows_the_same(figure: str) -> None:
    draw, withheld = random.Random(figure), [withheld_row(figure)]
    first = Twin(system(), withheld)
    columns = {"amounts": "amount", "facts": "value", "control_totals": "amount"}
    columns |= {"transfers": "amount", "schemes": "full_year_effect", "risks": "gross"}
    by = [
        (((table, row, columns[table]),), draw.randint(300_000, 900_000))
        for table, row in sorted(first.lost)
    ]
    second = Twin(moved(system(), by), withheld)
    if first.lost != second.lost:
        return  # another second figure was taken, which the rank judges
    for verb, result in first.shown.items():
        other = second.shown[verb]
        assert apart(figures(result), figures(other)) == [], verb
        assert result.tables.keys() == other.tables.keys(), verb
        for name, rows in result.tables.items():
            there = other.tables[name]
            assert len(rows) == len(there), (verb, name)
            for one, two in zip(rows, there, strict=True):
                assert apart(dict(one), dict(two)) == [], (verb, name)
        for one, two in ((result, other), (other, result)):
            assert [
                s for s in one.words if s not in two.words and not s.startswith(KEPT_BACK)
            ] == []


KEPT_BACK = ("What would stand here", "Data queries are not shown")


def figures(result: Result) -> dict[str, Any]:
    return {one.id: one.value for one in result.figures}


def apart(one: dict[str, Any], two: dict[str, Any]) -> list[str]:
    """What both show, and differently; an empty cell may come from a number that is equal by chance."""
    return [
        name
        for name, value in one.items()
        if name != "withheld" and None not in (value, two.get(name)) and value != two[name]
        if "withheld" not in (value, two[name])
    ]


FORMS = (
    ("small", f"surplus/T2/{YEAR}/forecast"),
    ("small", f"cash/T3/{YEAR}/forecast"),
    ("nene-2013", "surplus/04G/2013-14/forecast"),
    ("kent-medway-2025", "surplus_with_support/RPA/2025-26/forecast"),
)


@pytest.mark.parametrize(("name", "figure"), FORMS)
def test_every_form_of_both_is_the_same_to_the_byte(name: str, figure: str) -> None:
    """Page, PDF, workbook, Word, return and both packages of data."""
    said = system() if name == "small" else read_rows(name)
    rows = [withheld_row(figure)]
    first = Twin(said, rows)
    assert first.lost
    step = 20_000 if name == "small" else 1  # the others are written in millions
    columns = {"amounts": "amount", "facts": "value", "control_totals": "amount"}
    by = [
        (((table, row, columns[table]),), step * number)
        for number, (table, row) in enumerate(sorted(first.lost), start=1)
    ]
    second = Twin(moved(said, by), rows)
    assert first.lost == second.lost
    for one, two in zip(written(first.shown), written(second.shown), strict=True):
        assert one == two


def read_rows(name: str) -> Book:
    """The tables of an example as rows of text."""
    found = {}
    for table, (headings, *rows) in load(EXAMPLES / name).items():
        found[table] = [dict(zip(headings, row, strict=True)) for row in rows]
    return found


def written(shown: dict[str, Result]) -> list[bytes]:
    """What the public is given, in every form."""
    paper = public_paper(shown)
    given = [form(paper, None).data for form in FORMS_OF_PAPER.values()]
    return given + [data(shown, None).data for data in DATA.values()]


def test_what_says_a_sum_once_more_goes_with_it() -> None:
    """A forecast stated as an amount, its total beside it rounded, and again as a fact."""
    said = system()
    totals = answers(said)["position"].value(f"surplus/T2/{YEAR}/forecast")
    assert isinstance(totals, int)
    own = {"organisation": "T2", "year": YEAR, "basis": "forecast"}
    again = {**own, "fact": "official_forecast", "unit": "£", "value": str(totals // 100 + 30_000)}
    said["facts"].append(again)
    twin = Twin(said, [withheld_row(f"surplus/T2/{YEAR}/forecast")])
    assert ("facts", len(said["facts"]) - 1) in twin.lost


def test_a_row_left_out_takes_the_earlier_ones_that_say_the_same() -> None:
    said = system()
    row = next(r for r in said["amounts"] if r["basis"] == "forecast" and r["line"] == "pay")
    number = said["amounts"].index(row)
    said["amounts"][number] = {**row, "known_on": "2026-12-01"}
    said["amounts"].append({**row, "amount": "1", "known_on": "2026-11-01"})
    position = position_of(said)
    entry = next(r.entry for r in position.book.amounts if r.number == number + 2)
    less = without(position, {entry})
    assert len(position.superseded) == 1 and not less.superseded
    assert [one.entry for one in less.stopped] == [entry]
    assert without(position, set()) is position

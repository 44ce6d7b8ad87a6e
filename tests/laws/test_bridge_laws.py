"""Laws of bridges over generated books: they close to the penny and children's make the parent's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from controltotal import verbs
from controltotal.core.result import Result
from tests.strategies import COST, INCOME, YEAR, Cells, amount, books, position_of, shuffled

Book = dict[str, list[Cells]]
LAST = "2025-26"
DETAIL = (*INCOME, *COST, "agency_pay", "savings_unidentified", "support_income")
few = settings(max_examples=max(20, settings().max_examples // 4))


@st.composite
def moving(draw: st.DrawFn) -> Book:
    """A book of plans with forecasts, some overtaken, last year's actuals and savings of schemes."""
    book = draw(books())
    rows = list(book["amounts"])
    sums = st.integers(min_value=-900, max_value=900_000)
    codes = sorted({str(row["organisation"]) for row in rows})
    schemes: list[Cells] = []
    for code in codes:
        own = [row for row in rows if row["organisation"] == code]
        rows += [
            {**row, "basis": "forecast", "amount": str(draw(sums)), "known_on": "2026-11-14"}
            for row in own
        ]
        if draw(st.booleans()):
            rows += [
                {**own[0], "basis": "forecast", "amount": str(draw(sums)), "known_on": "2026-12-14"}
            ]
        if draw(st.booleans()):
            rows += [
                {**row, "basis": "actual", "year": LAST, "amount": str(draw(sums))} for row in own
            ]
        for line in draw(st.sets(st.sampled_from(DETAIL))) if draw(st.booleans()) else ():
            if line not in {row["line"] for row in own}:
                rows += [
                    amount(code, line, draw(sums)),
                    amount(code, line, draw(sums), basis="forecast"),
                ]
        if draw(st.booleans()):
            name = f"A{code}"
            schemes.append(
                {
                    "id": name,
                    "organisation": code,
                    "title": name,
                    "recurrence": draw(st.sampled_from(("recurrent", "non_recurrent"))),
                    "maturity": draw(st.sampled_from(("in_progress", "unidentified"))),
                    "full_year_effect": "1200",
                    "start": draw(st.sampled_from(("", "2026-04-01", "2026-10-01"))),
                }
            )
            for basis in draw(st.sets(st.sampled_from(("plan", "forecast")))):
                line = draw(st.sampled_from(COST))
                pounds = draw(st.integers(0, 5_000))
                rows.append(amount(code, line, pounds, basis=basis, scheme=name))
    return {**book, "amounts": rows, "schemes": schemes}


def bridges(found: Result) -> Mapping[tuple[str, str, str], list[Mapping[str, Any]]]:
    """The rows of every bridge: by body and the measure at its two ends."""
    told: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in found.tables.get("bridge", ()):
        start, end = (
            str(row[side]).replace(f"/{row['organisation']}/", "/") for side in ("from", "to")
        )
        told.setdefault((str(row["organisation"]), start, end), []).append(row)
    return told


@few
@given(moving())
def test_a_bridge_closes_to_the_penny_on_the_figures_that_it_names(book: Book) -> None:
    found = verbs.position(position_of(book))
    for rows in bridges(found).values():
        by_kind = Counter[str]()
        for row in rows:
            by_kind[row["kind"]] += row["pence"]
        moved = by_kind["driver"] + by_kind["residual"]
        assert by_kind["start"] + moved == by_kind["end"]
        assert found.value(rows[0]["to"]) == by_kind["end"]
        if "@" not in rows[0]["from"]:
            assert found.value(rows[0]["from"]) == by_kind["start"]
        assert [row["kind"] for row in rows].count("residual") <= 1
        assert not any(row["driver"] == "support_income" for row in rows)


@few
@given(moving())
def test_the_bridges_of_children_make_that_of_their_parent(book: Book) -> None:
    """Driver by driver, in every bridge that stands on the sum of the bodies below."""
    read = position_of(book)
    told = bridges(verbs.position(read))
    for (code, start, end), rows in told.items():
        kids = read.tree.children(code, YEAR)
        if not kids:
            continue
        made = Counter[str]()
        for kid in kids:
            for row in told.get((kid, start, end), ()):
                made[row["driver"]] += row["pence"]
        said = {
            row["driver"]: row["pence"] for row in rows if row["kind"] in ("driver", "residual")
        }
        drivers = {n: p for n, p in made.items() if p and n not in ("start", "end", "support")}
        assert said == drivers, code


@few
@given(moving(), st.integers(0, 99))
def test_no_bridge_depends_on_the_order_of_rows(book: Book, seed: int) -> None:
    one, two = (verbs.position(position_of(each)) for each in (book, shuffled(book, seed)))
    left, right = (
        {k: [(r["driver"], r["pence"]) for r in v] for k, v in bridges(x).items()}
        for x in (one, two)
    )
    assert left == right


@few
@given(moving())
def test_the_bridge_of_two_readings_is_that_of_the_forecast_of_the_round_before(book: Book) -> None:
    """`compare` as at the end of November says what `position` says moved since.

    Of readings in which no row is in doubt: one that a sign stops in November alone has no forecast
    there, and a bridge from it is another.
    """
    then, now = position_of(book, "2026-11-30"), position_of(book, "2027-03-31")
    assume(not then.stopped and not now.stopped)
    compared = verbs.compare(then, now, year=YEAR).tables.get("drivers", ())
    told = bridges(verbs.position(now, year=YEAR))
    for (code, start, _), rows in told.items():
        if "@" not in start:
            continue
        said = [(row["driver"], row["pence"]) for row in rows if row["kind"] == "driver"]
        also = [
            (row["driver"], row["pence"])
            for row in compared
            if row["organisation"] == code and row["kind"] == "driver" and "/forecast@" in row["to"]
        ]
        if any(name != "joined_or_left" for name, _ in said):
            assert said == also

"""Each way to get an unsafe scheme counted, tried with every verb, with the papers and the acts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import controltotal
from controltotal import acts
from controltotal.acts import ActRefused
from controltotal.core.result import Result
from controltotal.verbs.packs import pack_results
from controltotal.workings.workings import Workings
from tests.ledgers import memory
from tests.strategies import position_of, source_of
from tests.unsafe_books import Case, cases

WAYS = cases("ways")
S0_ALONE = 60_000_000
WITHOUT_S1 = -200_000_000
"""A deficit of £1.0m whose plan holds £1.0m of S1: (£2.0m) once that does not count, in pence."""
UNTOUCHED = [
    case for case in WAYS if all(edit[1] not in ("schemes", "limits") for edit in case.edits)
]
GAP = "£1m"


@cache
def workings_of(case: Case) -> Workings:
    return Workings(position_of(case.book))


@cache
def reference() -> Workings:
    """The honest book in which G3 of S1 was never passed."""
    return workings_of(next(case for case in WAYS if case.name == "G3 was never passed"))


def most(result: Result, figure: str, pence: int) -> None:
    """A figure is at most so much, or cannot be told."""
    found = result.figure(figure)
    assert found is None or found.value is None or found.value <= pence, (figure, found)


@pytest.mark.parametrize("case", WAYS, ids=lambda case: f"{case.kind}: {case.name}")
def test_no_verb_counts_it(case: Case) -> None:
    workings = workings_of(case)
    position = controltotal.position(workings)
    most(position, "savings_plan/PRV/2026-27/plan", S0_ALONE)
    most(position, "savings_plan/SYS/2026-27/plan", S0_ALONE)
    portfolio = controltotal.portfolio(workings)
    risk = controltotal.risk(workings, draws=20, threads=1)
    counted = {row["scheme"] for row in risk.tables["schemes"] if row["counted"]}
    chosen = {row["scheme"] for row in portfolio.tables["schemes"] if row["chosen"]}
    listed = {
        row["scheme"] for row in controltotal.schemes(workings).tables["schemes"] if row["counted"]
    }
    assert "S1" not in counted | listed
    assert "S1" not in chosen or case.kind == "harm"  # a portfolio may take it in another's place
    if case.kind == "harm":
        assert len(chosen) < 2
        return
    most(portfolio, "portfolio_saving/PRV/2026-27/plan", S0_ALONE)
    if all(edit[1] not in ("effects", "schemes", "amounts") for edit in case.edits):
        most(risk, "outturn_mean/PRV/2026-27/forecast", WITHOUT_S1)


@pytest.mark.parametrize("case", UNTOUCHED[::4], ids=lambda case: f"{case.kind}: {case.name}")
def test_the_years_ahead_and_the_shares_are_those_of_a_book_without_it(case: Case) -> None:
    workings = workings_of(case)
    for verb in (controltotal.trajectory, lambda w: controltotal.share(w, GAP)):
        found, without = verb(workings), verb(reference())
        told = {f.id: f.value for f in found.figures if f.value is not None}
        expected = {f.id: f.value for f in without.figures}
        if case.kind != "terms":
            assert {name: expected[name] for name in told} == told


@pytest.mark.parametrize("case", WAYS, ids=lambda case: f"{case.kind}: {case.name}")
def test_no_act_takes_it_further(case: Case) -> None:
    store = memory(source_of(case.book))
    before = len(store.read())
    with pytest.raises(ActRefused):
        acts.pass_gate(store, "S1", "G4", by="Board", on="2026-06-02", evidence="first month")
    assert len(store.read()) == before


@pytest.mark.parametrize("case", WAYS[::40], ids=lambda case: f"{case.kind}: {case.name}")
def test_the_papers_count_what_the_verbs_count(case: Case, tmp_path: Path) -> None:
    workings = workings_of(case)
    for name, result in pack_results(workings).items():
        for table in ("schemes", "phasing"):
            for row in result.tables.get(table, ()):
                taken = row.get("counted") is True or row.get("chosen") is True
                assert not (row.get("scheme") == "S1" and taken), name
    page = tmp_path / "pack.html"
    controltotal.report(workings, page)
    reasons = workings.savings.excluded("2026-27")
    text = page.read_text("utf-8")
    assert "S1" not in reasons or "Fewer paper forms" in text


def test_an_honest_scheme_is_taken_further() -> None:
    honest = cases("honest")[0]
    store = memory(source_of(honest.book))
    acts.pass_gate(store, "S1", "G4", by="Board", on="2026-06-02", evidence="first month")
    risk = controltotal.risk(workings_of(honest), draws=20, threads=1)
    found = risk.figure("outturn_mean/PRV/2026-27/forecast")
    assert found is not None and found.value == -100_000_000

"""A sample of the showroom: what is sure to be in it, and that each figure comes down to a row."""

from __future__ import annotations

from functools import cache

from controltotal.accounts import sampling
from controltotal.accounts.describe import describe
from controltotal.core.figure import Figure
from controltotal.core.trace import Trace
from controltotal.verbs import read, schemes
from controltotal.workings.workings import Workings
from tests.board_results import EXAMPLES


@cache
def workings() -> Workings:
    return Workings(read(EXAMPLES / "fictional-system"))


def test_every_figure_on_schemes_comes_down_to_a_row_of_the_data() -> None:
    known = sampling.known_figures([schemes(workings(), "2026-27")])
    lost = []
    for name, (figure, _) in known.items():
        if figure.value:
            found = sampling.evidence_of(
                name, known.get, lambda entry: describe(workings().position, entry), 1
            )
            if found.entry is None or not found.where:
                lost.append(name)
    assert len(known) > 200 and lost == []


def test_a_figure_that_names_no_row_says_so_and_one_that_is_not_there_too() -> None:
    figure = Figure("gap/A/2026-27/plan", 5)
    known = {figure.id: (figure, Trace("a rule alone", parameters=("share = 0.1",)))}
    alone = sampling.evidence_of(figure.id, known.get, lambda entry: None, 1)
    assert alone.entry is None and alone.says == "its answer names no row: share = 0.1"
    known[figure.id] = (figure, Trace("rests on another", inputs=("surplus/A/2026-27/plan",)))
    lost = sampling.evidence_of(figure.id, known.get, lambda entry: None, 1)
    assert lost.entry is None and "explain" in lost.says and len(lost.way) == 2


def test_figures_that_rest_on_each_other_end_and_are_told() -> None:
    ids = ("gap/A/2026-27/plan", "gap/B/2026-27/plan")
    known = {
        one: (Figure(one, 5), Trace("in a circle", inputs=(other,)))
        for one, other in (ids, tuple(reversed(ids)))
    }
    found = sampling.evidence_of(ids[0], known.get, lambda entry: None, 1)
    assert found.way == ids and found.entry is None


def test_the_largest_are_of_ten_measures_and_each_measure_comes_once() -> None:
    known = {
        f"m{n}/A/2026-27/{basis}": (
            Figure(f"m{n}/A/2026-27/{basis}", -n * 100 - (basis == "plan")),
            Trace("r", entries=(1,)),
        )
        for n in range(1, 15)
        for basis in ("plan", "forecast")
    }
    found = sampling.draw(known, sorted(known), "A", 1, 12)
    assert [one.figure.id for one in found if one.how == "largest"] == [
        f"m{n}/A/2026-27/plan" for n in range(14, 4, -1)
    ]
    assert len(found) == 12 and sum(one.how == "drawn" for one in found) == 2

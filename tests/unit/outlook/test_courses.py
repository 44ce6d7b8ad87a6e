"""The base of a year by month and its spread, on the smallest books; moments of shapes by hand."""

from __future__ import annotations

import pytest

from controltotal.outlook.courses import courses, spreads
from controltotal.outlook.nodes import Arrangement, arrange, bodies_of, system_of
from controltotal.outlook.shapes import PERT, TRIANGULAR, delay_chances, share_moments
from controltotal.workings.recorded import NOT_PHASED, NOTHING
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of


def arranged(
    *rows: Cells, tree: list[Cells] | None = None, **tables: list[Cells]
) -> tuple[Totals, Arrangement]:
    workings = Workings(position_of(book(*rows, tree=tree, **tables)))
    return workings.totals, arrange(workings.recorded, YEAR)


def course(*rows: Cells, base: int, beside: int = 0) -> tuple[list[float], int]:
    """The course of First in pounds, to a base in pounds, and from which month it is known."""
    totals, found = arranged(*rows)
    made, known = courses(totals, found, {"T1": (base * 100,)}, {"T1": beside})
    return [round(pence / 100, 4) for pence in made["T1"]], known.get("T1", 1)


def run(basis: str, values: list[int]) -> list[Cells]:
    return [
        amount("T1", "position", value, basis=basis, month=str(month))
        for month, value in enumerate(values, start=1)
    ]


PLAN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_what_differs_from_the_phasing_is_spread_over_the_months_ahead() -> None:
    assert course(*run("plan", PLAN), base=78) == ([float(one) for one in PLAN], 1)
    assert course(*run("plan", PLAN), base=90)[0] == [one + 1 for one in PLAN]
    assert course(amount("T1", "position", 24), base=24)[0] == [2] * 12


def test_months_recorded_stand_to_the_penny() -> None:
    rows = [*run("plan", PLAN), *run("actual", [5, 5, 5])]
    made, known = course(*rows, base=15 + 72 + 9)
    assert (made, known) == ([5, 5, 5, *(one + 1 for one in PLAN[3:])], 1)
    whole = [*run("plan", PLAN), *run("actual", [5] * 12)]
    assert course(*whole, base=60)[0] == [5] * 12


def test_a_forecast_told_by_month_is_its_own_phasing_and_else_the_plans() -> None:
    ahead = [2] * 12
    assert course(*run("plan", PLAN), *run("forecast", ahead), base=24)[0] == ahead
    whole = amount("T1", "position", 90, basis="forecast")
    assert course(*run("plan", PLAN), whole, base=90)[0] == [one + 1 for one in PLAN]


def test_a_year_told_to_date_only_is_known_from_its_last_month_on() -> None:
    rows = [*run("plan", PLAN), amount("T1", "position", 12, basis="actual", month="YTD4")]
    made, known = course(*rows, base=12 + 68)
    assert (made, known) == ([3] * 4 + [float(one) for one in PLAN[4:]], 4)


def test_a_slot_without_money_of_its_own_falls_after_what_is_recorded_beside_it() -> None:
    totals, found = arranged(amount("T2", "position", 1), tree=TREE)
    for last, ahead in ((0, 12), (9, 3), (12, 1)):
        made, known = courses(totals, found, {"S1": (1_200,)}, {"S1": last})
        assert made["S1"] == (0.0,) * (12 - ahead) + (1_200 / ahead,) * ahead
        assert known == {}


def spread(*rows: Cells, share: str = "", fact: str = "") -> tuple[dict[str, float], int]:
    tables: dict[str, list[Cells]] = {}
    if share:
        row = {"name": "base_spread", "value": share, "from": "2020-04-01", "authority": "Board"}
        tables["parameters"] = [row]
    if fact:
        tables["facts"] = [
            {
                "organisation": "T1",
                "year": YEAR,
                "fact": "forecast_standard_deviation",
                "value": fact,
                "unit": "£",
            }
        ]
    totals, found = arranged(*rows, **tables)
    made, labels = spreads(totals, found)
    return made, len(labels)


def test_a_base_has_no_spread_unless_somebody_gives_one() -> None:
    deficit = amount("T1", "position", -200)
    assert spread(deficit) == ({}, 0)
    assert spread(deficit, fact="7") == ({"T1": 700.0}, 0)
    assert spread(deficit, fact="0") == ({}, 0)
    assert spread(deficit, share="0.1") == ({"T1": 2_000.0}, 1)
    assert spread(deficit, share="0") == ({}, 0)  # a share of nil names no parameter
    recorded = run("actual", [-1] * 12)
    assert spread(*recorded, fact="7") == ({}, 0)  # what is over is known


@pytest.mark.parametrize(
    ("kind", "low", "mode", "high", "mean", "variance"),
    [
        (PERT, 0.0, 0.5, 1.0, 0.5, 1 / 28),
        (PERT, 0.0, 0.0, 6.0, 1.0, 5 / 7),
        (TRIANGULAR, 0.0, 0.5, 1.0, 0.5, 1 / 24),
        (TRIANGULAR, 0.0, 0.0, 6.0, 2.0, 2.0),
        (TRIANGULAR, 3.0, 6.0, 9.0, 6.0, 1.5),
        (TRIANGULAR, 2.0, 2.0, 2.0, 2.0, 0.0),
    ],
)
def test_mean_and_variance_of_a_share(
    kind: int, low: float, mode: float, high: float, mean: float, variance: float
) -> None:
    assert share_moments(kind, low, mode, high) == pytest.approx((mean, variance))


def test_chances_of_a_delay_sum_to_one_with_what_lies_beyond_at_the_cap() -> None:
    chances = delay_chances(3.0)
    assert len(chances) == 13 and sum(chances) == pytest.approx(1)
    assert chances[0] == pytest.approx(1 / 4) and chances[1] == pytest.approx(3 / 16)
    assert chances[12] == pytest.approx((3 / 4) ** 12)
    assert delay_chances(0.0) == [1.0, *[0.0] * 12]


def test_a_body_is_its_own_a_sum_or_stated() -> None:
    both = (amount("T1", "position", -6), amount("T2", "position", 4))
    _, summed = arranged(*both, tree=TREE)
    assert summed.mode == {"S1": "sum", "T1": "own", "T2": "own"}
    assert summed.path("T1") == ("T1", "S1") and summed.slots_for("T1") == ("T1",)
    assert {code: one.pence for code, one in summed.base.items()} == {"T1": -600, "T2": 400}
    _, stated = arranged(both[0], amount("S1", "position", -9), tree=TREE)
    assert stated.mode == {"S1": "stated", "T1": "own", "T2": "unknown"}
    assert stated.path("T1") == ("T1",) and stated.slots_for("T1") == ("T1", "S1")
    assert stated.slots_for("T2") == ("S1",) and not stated.known("T2")
    _, unknown = arranged(both[0], tree=TREE)
    assert unknown.mode["S1"] == "unknown"
    assert unknown.why["S1"].words == "the bodies below are not all known (T2)"
    some = [{**TREE[0], "complete": "no"}, *TREE[1:]]
    _, listed = arranged(*both, tree=some)
    assert listed.why["S1"].words == "the bodies below are not all known or not all listed"
    assert listed.lineage("T1") == ("T1", "S1")


def test_the_bodies_that_a_row_nobody_could_read_would_have_moved() -> None:
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
        "opportunity": "O-1",
        "provider": "T2",
    }
    totals, _ = arranged(
        schemes=[scheme],
        effects=[{"scheme": "A", "organisation": "T2", "share": "x"}],
        opportunities=[{"id": "o-1", "view": "V", "organisation": "S1", "value": "x"}],
        contracts=[{"commissioner": "T1", "provider": "T2", "year": YEAR, "kind": "?"}],
        tree=TREE,
    )
    stopped = {row.table: bodies_of(totals, row) - {""} for row in totals.position.stopped}
    assert stopped["effects"] == {"T1", "T2"}
    assert stopped.get("opportunities", {"T1"}) == {"T1"}
    assert stopped.get("contracts", {"T1", "T2"}) == {"T1", "T2"}
    assert system_of(totals, "T1", YEAR) == system_of(totals, "S1", YEAR) == "S1"
    alone, _ = arranged(amount("T1", "position", 1))
    assert system_of(alone, "T1", YEAR) == ""


def test_why_a_body_is_not_told_is_its_own_reason_where_it_says_something() -> None:
    """The system has a month recorded and a plan of the whole year: it is not phased. Of First
    nothing is said."""
    rows = (amount("S1", "position", -9), amount("S1", "position", -1, basis="actual", month="1"))
    _, found = arranged(*rows, tree=TREE)
    assert found.why["S1"] == NOT_PHASED
    assert found.why["T1"] == NOTHING

"""What a portfolio tells of a book worked out by hand: every figure with its grounds, every table in full."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from controltotal import verbs
from controltotal.book.fold import Position
from controltotal.core.result import Result
from controltotal.savings.portfolio.answer import _limit, _stage_rows
from controltotal.savings.portfolio.engine import Stage
from controltotal.savings.portfolio.problem import Demand
from tests import scheme_books
from tests.strategies import YEAR, Cells, control_total, position_of

M = 100_000_000
"""£1 million in pence."""
SURE = {"low": "1", "mode": "1", "high": "1", "chance": "1", "delay_months": "0"}
TREE = [
    {"code": "SYS", "name": "System", "kind": "system"},
    {"code": "T1", "name": "First", "kind": "provider", "parent": "SYS"},
    {"code": "T2", "name": "Second", "kind": "provider", "parent": "SYS"},
    {"code": "L1", "name": "Council", "kind": "local_authority", "parent": "SYS"},
]


def scheme(code: str, body: str, **more: str) -> dict[str, str]:
    """A certain scheme of £12 million a year from April, not in the plan."""
    april = {"organisation": body, "title": f"Work {code}", "start": "2026-04-01", "in_plan": "no"}
    return scheme_books.scheme(code, **{**SURE, **april, **more})


def plan(code: str, millions: str, **more: str) -> Cells:
    row = {"organisation": code, "line": "position", "year": YEAR, "basis": "plan"}
    return {**row, "amount": millions, "unit": "£m", **more}


def total(code: str, millions: str, **more: str) -> Cells:
    row = {**control_total(code, 0), "includes_support": "no"}
    return {**row, "amount": millions, "unit": "£m", **more}


def limit(name: str, value: str, unit: str, code: str = "T1", **more: str) -> Cells:
    return {
        "organisation": code,
        "year": YEAR,
        "limit": name,
        "value": value,
        "unit": unit,
        **more,
    }


def held(*schemes: dict[str, str], **tables: list[Cells]) -> Position:
    """A book whose schemes A, B and C have passed their gates."""
    made: dict[str, Any] = scheme_books.book(*"ABC", organisations=TREE, schemes=list(schemes))
    return position_of({**made, **tables})


def told(*schemes: dict[str, str], **tables: list[Cells]) -> Result:
    return verbs.portfolio(held(*schemes, **tables), year=YEAR)


def one_purse() -> Position:
    """First misses its total by 20 and a margin of 1; its purse of 1.5 holds A (12) or B (6).

    Second misses its own by 1 and has C (4); D has not passed its gates.
    """
    return held(
        scheme("A", "T1", investment="1"),
        scheme("B", "T1", investment="1", full_year_effect="6"),
        scheme("C", "T2", full_year_effect="4"),
        scheme("D", "T2"),
        amounts=[plan("T1", "-20"), plan("T2", "1"), plan("L1", "0")],
        control_totals=[total("T1", "0"), total("T2", "2")],
        limits=[limit("margin", "1", "£m"), limit("investment", "1.5", "£m")],
    )


def figures(result: Result) -> dict[str, tuple[Any, str, str]]:
    return {
        one.id.removesuffix(f"/{YEAR}/plan"): (one.value, one.status, one.unknown)
        for one in result.figures
    }


def name(measure: str, code: str) -> str:
    return f"{measure}/{code}/{YEAR}/plan"


def test_every_body_but_a_council_is_told_what_it_saves_at_most_saves_and_lacks() -> None:
    result = verbs.portfolio(one_purse(), year=YEAR)
    assert figures(result) == {
        "portfolio_saving/SYS": (16 * M, "ok", ""),
        "portfolio_saving/T1": (12 * M, "ok", ""),
        "portfolio_saving/T2": (4 * M, "ok", ""),
        "portfolio_bound/SYS": (16 * M, "ok", ""),
        "portfolio_bound/T1": (12 * M, "ok", ""),
        "portfolio_bound/T2": (4 * M, "ok", ""),
        "shortfall/T1": (9 * M, "ok", ""),  # 0 + 1 + 20 - 12
        "shortfall/T2": (0, "ok", ""),  # 2 - 1 - 4 is less than nothing
    }
    assert result.options == {
        "year": YEAR,
        "objectives": ["recurrent_saving", "saving"],
        "gap": 0.01,
    }


def test_each_figure_rests_on_the_rows_and_figures_it_was_made_of() -> None:
    position = one_purse()
    result = verbs.portfolio(position, year=YEAR)
    of = {row.id: row.entry for row in position.book.schemes}
    assert result.trace[name("portfolio_saving", "SYS")].entries == (of["A"], of["C"])
    assert result.trace[name("portfolio_saving", "T1")].entries == (of["A"],)
    assert result.trace[name("portfolio_bound", "T1")].inputs == (name("portfolio_saving", "T1"),)
    totals = [row.entry for row in position.book.control_totals]
    plans = [row.entry for row in position.book.amounts]
    margin = position.book.limits[0].entry
    first = result.trace[name("shortfall", "T1")]
    assert set(first.entries) == {totals[0], plans[0], margin}
    assert first.inputs == (
        name("control_total", "T1"),
        name("adjusted_surplus", "T1"),
        name("portfolio_saving", "T1"),
    )
    assert first.rule.startswith("control total and its risk margin less the position")
    second = result.trace[name("shortfall", "T2")]
    assert set(second.entries) == {totals[1], plans[1]}
    assert second.rule.startswith("control total less the position")


def test_every_scheme_of_the_book_has_a_row_chosen_or_not() -> None:
    rows = verbs.portfolio(one_purse(), year=YEAR).tables["schemes"]
    shown = {
        "A": ("T1", True, "2026-04-01", 12 * M, 12 * M, 6, True, True),
        "B": ("T1", False, None, 0, 6 * M, 6, True, True),
        "C": ("T2", True, "2026-04-01", 4 * M, 4 * M, 6, True, True),
        "D": ("T2", False, None, 0, None, None, False, False),
    }
    columns = ("organisation", "chosen", "start", "saving_pence", "full_year_pence", "harm")
    assert {
        row["scheme"]: tuple(row[c] for c in (*columns, "eligible", "considered")) for row in rows
    } == shown
    assert [row["title"] for row in rows] == ["Work A", "Work B", "Work C", "Work D"]
    assert [row["where"] for row in rows] == [f"schemes row {n}" for n in (2, 3, 4, 5)]
    bought = "eligible; expected to save £{} million in 2026/27 from this start"
    assert rows[0]["reason"] == bought.format("12.0")
    assert rows[1]["reason"] == (
        "adding it would break investment of T1, 2026/27; what stands there is worth more"
    )
    assert rows[2]["reason"] == bought.format("4.0")
    assert str(rows[3]["reason"]).startswith("not eligible: gate G3 has not been passed; ")


def test_each_control_total_shows_its_way_from_the_plan_to_what_remains() -> None:
    result = verbs.portfolio(one_purse(), year=YEAR)
    common = {"year": YEAR, "rule": "latest accepted control total", "why_unknown": ""}
    assert [dict(row) for row in result.tables["control_totals"]] == [
        {
            "organisation": "T1",
            "control_total": 0,
            "margin": M,
            "before_schemes": -20 * M,
            "saving": 12 * M,
            "outcome": -8 * M,
            "shortfall": 9 * M,
            "best_possible": -8 * M,
            **common,
        },
        {
            "organisation": "T2",
            "control_total": 2 * M,
            "margin": 0,
            "before_schemes": M,
            "saving": 4 * M,
            "outcome": 5 * M,
            "shortfall": 0,
            "best_possible": 5 * M,
            **common,
        },
    ]


def test_the_way_from_the_gap_to_what_is_missing_names_each_step_that_is_not_nil() -> None:
    rows = verbs.portfolio(one_purse(), year=YEAR).tables["missing"]
    own = [
        (r["organisation"], r["step"], r["pence"]) for r in rows if r["from_verb"] == "portfolio"
    ]
    assert own == [
        ("T1", "margin", M),
        ("T1", "chosen", -12 * M),
        ("T1", "shortfall", 9 * M),
        ("T2", "chosen", -4 * M),
        ("T2", "beyond", 3 * M),  # 1 was missing, 4 come
        ("T2", "shortfall", 0),
    ]
    before = [(r["organisation"], r["pence"]) for r in rows if r["step"] == "before_schemes"]
    assert before == [("T1", 20 * M), ("T2", M)]


def test_a_limit_that_binds_is_told_with_what_is_used_and_what_more_of_it_brings() -> None:
    """£100 thousand more of a purse of 1.5 still holds one scheme; in parts it would buy 0.6."""
    (row,) = verbs.portfolio(one_purse(), year=YEAR).tables["binding"]
    assert dict(row) == {
        "constraint": "investment of T1, 2026/27",
        "kind": "investment",
        "organisation": "T1",
        "year": YEAR,
        "group": "",
        "limit": 3 * M // 2,
        "used": M,
        "short": 0,
        "worth_pence": 0,
        "price_pence": 6 * M // 10,
        "per": "£100 thousand more",
        "of": "shortfall",
        "method": "solved again with one more unit",
        "where": "limits row 3",
    }


def test_a_total_above_all_there_is_conflicts_by_itself_and_sets_are_numbered() -> None:
    rows = verbs.portfolio(one_purse(), year=YEAR).tables["conflicts"]
    proof = "more, by itself, than all eligible schemes together can bring"
    label = "control total of {}, 2026/27"
    assert [dict(r) for r in rows] == [{"set": 1, "demand": label.format("T1"), "proof": proof}]
    two = told(
        scheme("A", "T1"),
        amounts=[plan("T1", "-20"), plan("T2", "-5")],
        control_totals=[total("T1", "0"), total("T2", "0")],
    )
    assert [(r["set"], r["demand"]) for r in two.tables["conflicts"]] == [
        (1, label.format("T1")),
        (2, label.format("T2")),
    ]


def test_people_are_shown_as_people_and_the_second_scheme_waits_a_month() -> None:
    """A and B need one each; in April there are 1.5, so B brings eleven twelfths of 12."""
    result = told(
        scheme("A", "T1", capacity_wte="1"),
        scheme("B", "T1", capacity_wte="1"),
        amounts=[plan("T1", "1"), plan("T2", "1")],
        limits=[limit("capacity_wte", "1.5", "wte", month="1")],
    )
    (row,) = result.tables["binding"]
    assert (row["limit"], row["used"], row["worth_pence"]) == (1.5, 1.0, M)
    assert [r["start"] for r in result.tables["schemes"]] == ["2026-04-01", "2026-05-01"]
    assert result.value(name("portfolio_saving", "T1")) == 23 * M
    assert not [f for f in result.figures if f.measure == "shortfall"]  # nobody has a total


def test_what_rests_on_presumed_terms_is_unverified_and_names_them() -> None:
    presumed = dict.fromkeys(SURE, "")
    result = told(
        scheme("A", "T1", **presumed),
        scheme("B", "T2"),
        amounts=[plan("T1", "-20"), plan("T2", "1")],
        control_totals=[total("T1", "0")],
    )
    shown = {one: status for one, (_, status, _) in figures(result).items()}
    assert shown == {
        "portfolio_saving/SYS": "unverified",
        "portfolio_saving/T1": "unverified",
        "portfolio_saving/T2": "ok",
        "portfolio_bound/SYS": "unverified",
        "portfolio_bound/T1": "unverified",
        "portfolio_bound/T2": "ok",
        "shortfall/T1": "unverified",
    }
    for measure in ("portfolio_saving", "portfolio_bound"):
        named = result.trace[name(measure, "T1")].parameters
        assert [one.split(" = ")[0] for one in named] == [
            f"delivery_{what}_fully_developed"
            for what in ("chance", "delay_months", "high", "low", "mode")
        ]
        assert result.trace[name(measure, "T2")].parameters == ()


def test_a_shortfall_that_cannot_be_told_says_why_and_what_is_lacking() -> None:
    """First has no plan; nobody said whether Second's total counts the support it receives."""
    support = plan("T2", "3", line="support_income")
    result = told(
        scheme("A", "T1"),
        amounts=[plan("T2", "1"), support],
        control_totals=[total("T1", "0"), total("T2", "0", includes_support="")],
    )
    value, status, lacking = figures(result)["shortfall/T1"]
    assert (value, status, lacking) == (None, "indeterminate", "incomplete")
    rules = {code: result.trace[name("shortfall", code)].rule for code in ("T1", "T2")}
    assert rules["T1"] == "cannot be told: there is no forecast and no plan"
    value, status, lacking = figures(result)["shortfall/T2"]
    assert (value, status, lacking) == (None, "indeterminate", "incomplete")
    assert rules["T2"] == "cannot be told: the control total does not say whether support counts"
    rows = {row["organisation"]: row for row in result.tables["control_totals"]}
    assert rows["T1"]["outcome"] is rows["T1"]["shortfall"] is rows["T1"]["best_possible"] is None
    assert rows["T1"]["why_unknown"] and rows["T1"]["saving"] == 12 * M
    assert "missing" not in result.tables  # nowhere is the gap known


def test_what_was_asked_for_is_shown_where_it_is_not_the_usual() -> None:
    position = held(scheme("A", "T1"), amounts=[plan("T1", "0"), plan("T2", "0")])
    asked = verbs.portfolio(
        position, year=YEAR, years=2, organisation="T1", fairness=Fraction(1, 4)
    )
    assert asked.options == {
        "year": YEAR,
        "objectives": ["recurrent_saving", "saving"],
        "gap": 0.01,
        "years": 2,
        "organisation": "T1",
        "fairness": 0.25,
    }
    assert {one.id.split("/")[1] for one in asked.figures} == {"T1"}


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (
            {"kind": "share_of_burden", "share": (1, 4), "share_of": frozenset("Q"), "upper": 0},
            0.25,
        ),
        ({"kind": "share_of_burden", "upper": 700}, 700),  # of a sum of money
        ({"kind": "capacity_wte", "upper": 1_500}, 1.5),
        ({"kind": "harm_ceiling", "upper": 0}, 0),
        ({"kind": "saving_floor", "lower": 900}, 900),
        ({"kind": "saving_floor"}, None),
    ],
)
def test_a_limit_is_shown_in_its_own_unit(asked: dict[str, Any], shown: float | None) -> None:
    demand = Demand(label="", organisation="Q", year=YEAR, bodies=frozenset("Q"), **asked)
    assert _limit(demand) == shown


@pytest.mark.parametrize(
    ("short", "bound", "status", "gap"),
    [
        (0, 0, "optimal", 0),
        (3_000_000_000, 2_999_999_997, "optimal", 1e-9),  # three parts in three thousand million
        (3_000_000_000, 2_999_999_996, "bounded", 4 / 3e9),
        (1, 0, "bounded", 1),
    ],
)
def test_what_is_missed_is_proved_as_near_as_a_solver_can_tell(
    short: int, bound: int, status: str, gap: float
) -> None:
    chosen = SimpleNamespace(shortfall=short, shortfall_bound=bound, stages=())
    (row,) = _stage_rows(chosen)  # type: ignore[arg-type]
    method = "whole problem" if status == "optimal" else "relaxation and search"
    assert (row["order"], row["value"], row["bound"]) == (0, short, bound)
    assert (row["status"], row["method"]) == (status, method)
    assert row["gap"] == pytest.approx(gap)


def test_objectives_follow_the_shortfall_in_their_order() -> None:
    stages = (
        Stage("saving", 90, 100, "within_gap", "whole problem"),
        Stage("fewest_schemes", -3, -3, "optimal", "settled by an earlier objective"),
    )
    chosen = SimpleNamespace(shortfall=0, shortfall_bound=0, stages=stages)
    rows = _stage_rows(chosen)[1:]  # type: ignore[arg-type]
    assert [(r["order"], r["objective"], r["value"], r["bound"], r["gap"]) for r in rows] == [
        (1, "saving", 90, 100, 0.1),
        (2, "fewest_schemes", -3, -3, 0),
    ]
    assert [(r["status"], r["method"]) for r in rows] == [(s.status, s.method) for s in stages]
    assert rows[1]["meaning"] == "fewest schemes"

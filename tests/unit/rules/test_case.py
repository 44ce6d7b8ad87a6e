"""What a rule may look up and say, one look-up at a time, on the smallest book that shows it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from controltotal.core.parameters import Parameter
from controltotal.rules.case import Case, rule
from controltotal.rules.form import Missing, Outcome, Rule, plain
from controltotal.rules.reading import Reading
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings
from tests.small_books import TREE
from tests.strategies import YEAR, Cells, amount, position_of

BEFORE = "2025-26"


def fact(name: str, value: str, year: str = YEAR, code: str = "T1", **more: str) -> Cells:
    return {"organisation": code, "year": year, "fact": name, "value": value, **more}


def made(work: Callable[[Case], Outcome], **more: Any) -> Rule:
    """A rule of this work that binds every trust."""

    def worked(case: Case) -> Outcome:
        """Of a test."""
        return work(case)

    given = {"kinds": "provider", "value": "", "formula": "", "source": "", "example": ""}
    return rule("turnover_of_a_test", "A test", **{**given, **more})(worked)


QUIET = made(lambda case: case.done(1))


def reading(*rows: Cells, strict: bool = False, **tables: list[Cells]) -> Reading:
    said: dict[str, list[Cells]] = {"organisations": TREE, **tables}
    said["facts"] = [*said.get("facts", []), *rows]
    return Reading(Workings(position_of(said)), strict=strict)


def case(*rows: Cells, code: str = "T1", year: str = YEAR, **tables: Any) -> Case:
    return Case(reading(*rows, **tables), QUIET, code, year)


def lacking(look: Callable[[], object]) -> tuple[str, str]:
    """What a look-up says is missing, and its kind."""
    with pytest.raises(Missing) as told:
        look()
    return told.value.lack.words.removeprefix("cannot be told: "), told.value.lack.kind


# -- facts ------------------------------------------------------------------------------------------


def test_a_fact_is_of_its_body_year_month_and_group_and_its_row_is_noted() -> None:
    one = case(
        fact("turnover", "5", unit="£"),
        fact("turnover", "6", unit="£", month="Q1"),
        fact("turnover", "7", unit="£", group="beds"),
        fact("turnover", "8", BEFORE, unit="£"),
        fact("turnover", "9", code="T2", unit="£"),
    )
    assert one.entries == set()
    assert one.money("turnover") == 500
    assert len(one.entries) == 1
    assert one.money("turnover", month="Q1") == 600
    assert one.money("turnover", group="beds") == 700
    assert one.money("turnover", year=BEFORE) == 800
    assert one.money("turnover", code="T2") == 900
    assert len(one.entries) == 5


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({}, "metric score is not stated"),
        ({"month": "Q1", "group": "beds"}, "metric score (Q1, beds) is not stated"),
        ({"group": "beds", "year": YEAR}, "metric score (beds) is not stated"),
        ({"year": BEFORE}, "metric score of 2025/26 is not stated"),
    ],
)
def test_what_is_not_stated_is_named_with_where_it_was_sought(
    where: dict[str, str], words: str
) -> None:
    one = case()
    for look in (one.money, one.number, one.flag):
        assert lacking(lambda look=look: look("metric_score", **where)) == (words, "not_stated")  # type: ignore[misc]


def test_a_number_is_no_money_and_a_flag_is_any_number_but_nil() -> None:
    one = case(fact("metric_score", "2.5"), fact("on_plan", "0"), fact("recovery_state", "3"))
    assert one.number("metric_score") == Fraction(5, 2)
    assert (one.flag("on_plan"), one.flag("recovery_state"), one.flag("metric_score")) == (
        False,
        True,
        True,
    )
    words, _ = lacking(lambda: one.money("metric_score"))
    assert words == "metric score as money (its row names no money unit) is not stated"


def test_rows_of_a_fact_by_group_are_those_of_one_month() -> None:
    one = case(
        fact("metric_score", "1", group="waits"),
        fact("metric_score", "2", group="beds"),
        fact("metric_score", "3", group="beds", month="Q1"),
        fact("metric_score", "4", BEFORE, group="cash"),
    )
    assert {name: row.value for name, row in one.groups("metric_score").items()} == {
        "beds": 2,
        "waits": 1,
    }
    assert [row.value for row in one.groups("metric_score", month="Q1").values()] == [3]
    assert list(one.groups("metric_score", year=BEFORE)) == ["cash"]
    assert one.groups("on_plan") == {}


def test_a_row_that_was_stopped_counts_as_missing() -> None:
    one = case(fact("metric_score", "many", group="waits"), fact("metric_score", "2", group="b"))
    said = ("a row of metric_score was stopped by a fault in it", "stopped")
    assert lacking(lambda: one.groups("metric_score")) == said
    assert lacking(lambda: one.number("metric_score", group="b")) == said
    other = Case(one.reading, QUIET, "T2", YEAR)
    assert other.groups("metric_score") == {}


# -- parameters -------------------------------------------------------------------------------------


def parameter(value: str, first: str, **more: str) -> Cells:
    row = {"name": "deficit_cap_of_a_test", "value": value, "from": first, "mark": "R"}
    return {**row, "authority": "a policy", **more}


def test_a_parameter_holds_all_through_the_year_or_is_missing() -> None:
    name = "deficit_cap_of_a_test"
    one = case(parameters=[parameter("0.5", "2026-04-01")])
    assert one.share(name) == Fraction(1, 2)
    assert one.has_parameter(name) and one.reading.shares == {
        one.parameter(name).value: Fraction(1, 2)
    }
    assert not Case(one.reading, QUIET, "T1", BEFORE).has_parameter(name)
    words = f"a value of {name} that holds on 2025-04-01 is not stated"
    assert lacking(lambda: one.parameter(name, BEFORE)) == (words, "no_parameter")
    july = case(parameters=[parameter("0.5", "2026-07-01")])
    assert not july.has_parameter(name)
    assert lacking(lambda: july.parameter(name))[1] == "no_parameter"
    assert july.parameter(name, at_end=True).number == Fraction(1, 2)


def test_years_before_are_counted_from_the_year_of_the_case() -> None:
    one = case()
    assert (one.previous(), one.previous(3)) == (BEFORE, "2023-24")
    assert Case(one.reading, QUIET, "T1", f"{YEAR}-H1").previous() == BEFORE


# -- figures ----------------------------------------------------------------------------------------


def test_the_best_basis_is_the_actual_of_a_whole_year_then_the_forecast_then_the_plan() -> None:
    plan = amount("T1", "position", 1)
    forecast = amount("T1", "position", 2, basis="forecast")
    half = [amount("T1", "position", 3, basis="actual", month=str(m)) for m in range(1, 7)]
    whole = [amount("T1", "position", 3, basis="actual", month=str(m)) for m in range(1, 13)]
    for rows, pence, basis in (
        ([plan], 100, "plan"),
        ([plan, forecast], 200, "forecast"),
        ([plan, forecast, *half], 200, "forecast"),
        ([plan, *half], 100, "plan"),
        ([plan, forecast, *whole], 3_600, "actual"),
    ):
        one = case(amounts=rows)
        assert one.surplus() == pence
        assert one.inputs == [f"adjusted_surplus/T1/{YEAR}/{basis}"]
    assert lacking(lambda: case().surplus())[0] == "the surplus of First in 2026/27 is not stated"


def test_a_surplus_known_only_within_bounds_is_not_told() -> None:
    one = case()
    bounds = Value(None, "", status="bounded", low=1, high=2)
    assert lacking(lambda: one.told(bounds, "plan", "surplus", "T1", YEAR)) == (
        "the surplus of First in 2026/27 is known only within bounds",
        "undecided",
    )
    assert one.inputs == []
    assert one.told(Value(7, ""), "plan", "surplus", "T2", BEFORE) == 7
    assert one.inputs == [f"surplus/T2/{BEFORE}/plan"]


def test_allocations_and_control_totals_are_noted_or_missing() -> None:
    rows = [amount("T1", "allocation", 9)]
    total = {"organisation": "T1", "year": YEAR, "amount": "4", "status": "accepted"}
    one = case(amounts=rows, control_totals=[total])
    assert (one.allocation(), one.control_total()) == (900, 400)
    assert len(one.entries) == 2 and one.inputs == [f"control_total/T1/{YEAR}/plan"]
    assert lacking(lambda: one.allocation(BEFORE))[0] == (
        "the allocation of First in 2025/26 is not stated"
    )
    assert lacking(lambda: one.allocation(code="T2"))[0] == (
        "the allocation of Second in 2026/27 is not stated"
    )
    assert lacking(lambda: one.control_total("T2"))[0] == (
        "a control total in force for Second is not stated"
    )


def test_turnover_is_the_fact_in_money_else_the_income() -> None:
    income = [amount("T1", "other_income", 6), amount("T1", "patient_care_income", 4)]
    one = case(fact("turnover", "5", unit="£"), amounts=income)
    assert one.turnover() == 500
    lines = case(amounts=income)
    assert lines.turnover() == 1_000 and len(lines.entries) == 2
    assert lacking(lambda: case().turnover()) == ("turnover is not stated", "not_stated")


def test_the_bodies_of_a_grouping_are_its_leaves_in_order() -> None:
    tree = [
        {"code": "R", "name": "Region", "kind": "region"},
        {"code": "S1", "name": "System", "kind": "system", "parent": "R"},
        {"code": "T1", "name": "First", "kind": "provider", "parent": "S1"},
        {"code": "T2", "name": "Second", "kind": "provider", "parent": "S1"},
        {"code": "S2", "name": "Other", "kind": "system", "parent": "R"},
        {"code": "T3", "name": "Third", "kind": "provider", "parent": "S2"},
    ]
    one = case(code="R", organisations=tree)
    assert one.children() == ("S1", "S2")
    assert one.children("S1") == ("T1", "T2")
    assert one.bodies() == ("T1", "T2", "T3")
    assert lacking(lambda: one.children("T1"))[0] == "the bodies of First is not stated"


# -- what is said -----------------------------------------------------------------------------------


def test_a_part_has_its_own_steps_and_rests_on_what_was_read_before_the_first() -> None:
    one = case(fact("turnover", "5", unit="£"), fact("turnover", "6", unit="£", month="Q1"))
    assert one.money("turnover") == 500
    assert one.part("first", lambda inner: (inner.money("turnover", month="Q1"), -7)) == 600
    assert one.part("second", lambda inner: inner.money("turnover", month="Q2")) is None
    assert one.part("third", lambda inner: Fraction(5, 2), "index") == Fraction(5, 2)
    assert one.steps == [
        "first: £6",
        "second: cannot be told: turnover (Q2) is not stated",
        "third: 2.5",
    ]
    first, second, third = one.parts
    assert (first.value, first.consequence, first.why, first.lack) == (600, -7, "", None)
    assert (second.value, second.consequence) == (None, None)
    assert second.why == "cannot be told: turnover (Q2) is not stated"
    assert second.lack is not None and second.trace.rule == second.why
    assert (third.value, third.unit) == (2.5, "index")
    assert len(first.trace.entries) == 2  # its own row and the one before
    assert len(third.trace.entries) == 1 and len(one.entries) == 2


def test_a_known_part_and_one_that_a_fact_states() -> None:
    one = case(fact("turnover", "5", unit="£"))
    one.known_part("kept", 0, -300)
    one.known_part("share", Fraction(1, 4), unit="index")
    one.fact_part("stated", "turnover")
    assert one.steps == ["kept: nil", "share: 0.25", "stated: £5"]
    assert [(p.value, p.consequence, p.unit) for p in one.parts] == [
        (0, -300, "pence"),
        (0.25, None, "index"),
        (500, None, "pence"),
    ]
    assert one.parts[0].trace.rule == "A test: kept: nil"


@pytest.mark.parametrize(
    ("margin", "consequence", "status", "cost"),
    [
        (0, None, "met", 0),
        (1, None, "met", 0),
        (-1, None, "breached", -1),
        (Fraction(-5, 2), None, "breached", -3),
        (-1, 0, "breached", 0),
        (5, -9, "met", -9),
    ],
)
def test_a_margin_of_nil_is_met_and_a_breach_costs_what_is_missing(
    margin: Any, consequence: int | None, status: str, cost: int
) -> None:
    found = case().judge(margin, 77, consequence=consequence)
    assert (found.status, found.value, found.consequence) == (status, 77, cost)


@pytest.mark.parametrize(
    ("low", "high", "beyond", "status", "consequence"),
    [
        (0, 5, False, "met", 0),
        (1, None, False, "met", 0),
        (-1, 5, False, "indeterminate", None),
        (None, -1, False, "breached", -1),
        (-9, -1, False, "breached", -1),
        (-9, 0, False, "indeterminate", None),
        (-9, 0, True, "breached", 0),
        (-9, 1, True, "indeterminate", None),
        (None, None, True, "indeterminate", None),
    ],
)
def test_a_margin_within_bounds_is_judged_where_all_of_it_falls_on_one_side(
    low: int | None, high: int | None, beyond: bool, status: str, consequence: int | None
) -> None:
    shown = case().judge_within(low, high, 44, beyond=beyond)
    assert (shown.status, shown.consequence, shown.value) == (status, consequence, 44)
    assert (shown.low, shown.high) == (None, None)
    bare = case().judge_within(low, high, None, beyond=beyond)
    assert (bare.status, bare.value) == (status, None)
    ends = (None, None) if status == "indeterminate" else (low, high)
    assert (bare.low, bare.high) == ends
    words = {
        "met": f"at least {'nil' if not low else '£0.01'} better",
        "breached": f"at least {'nil' if not high else '£0.01'} short",
        "indeterminate": "cannot be told: the surplus is known only within bounds",
    }
    assert bare.why.startswith(words[status])


def test_an_outcome_says_why_else_its_last_step_else_nothing() -> None:
    one = case()
    assert one.done(1).why == ""
    one.say("a step")
    assert (one.done(1).why, one.done(1, why="because").why) == ("a step", "because")
    assert one.steps == ["a step", "because"]
    found = one.done(Fraction(5, 2), consequence=Fraction(-5, 2), low=1, high=2)
    assert (found.value, found.consequence, found.low, found.high) == (3, -3, 1, 2)
    assert one.done(None).consequence is None


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (Fraction(5, 2), "pence", 3),
        (Fraction(4, 2), "count", 2),
        (Fraction(5, 2), "count", 2.5),
        (Fraction(4, 2), "index", 2.0),
        (None, "pence", None),
    ],
)
def test_a_value_is_whole_pence_a_count_or_a_decimal(
    value: Fraction | None, unit: str, shown: float | None
) -> None:
    found = plain(value, unit)
    assert found == shown and type(found) is type(shown)


# -- waivers ----------------------------------------------------------------------------------------


def waiver(**more: str) -> Cells:
    given = {"rule": "turnover_of_a_test", "organisation": "T1", "year": YEAR, "by": "Region"}
    return {**given, "on": "2026-05-01", **more}


@pytest.mark.parametrize(
    ("until", "waives"),
    [("", True), ("2027-03-31", True), ("2027-04-01", True), ("2027-03-30", False)],
)
def test_a_waiver_holds_where_it_lasts_to_the_end_of_the_year(until: str, waives: bool) -> None:
    more = {"until": until} if until else {}
    book = reading(waivers=[waiver(reason="the flood", **more)])
    assert book.waivers
    breach = made(lambda one: one.judge(-5, -5, why="five short"))
    found = breach.work(book, "T1", YEAR)
    assert (found.status, found.value, found.consequence) == (
        "waived" if waives else "breached",
        -5,
        -5,
    )
    assert found.why == (
        "five short; waived by Region on 2026-05-01: the flood" if waives else "five short"
    )
    assert bool(found.trace.entries) is waives
    assert breach.work(book, "T2", YEAR).status == "breached"
    met = made(lambda one: one.judge(5, 5, why="five over")).work(book, "T1", YEAR)
    assert (met.status, "waived by Region" in met.why) == ("met", waives)


def test_what_a_rule_lacks_makes_its_outcome_indeterminate_and_names_the_lack() -> None:
    found = made(lambda one: one.done(one.money("turnover"))).work(reading(), "T1", YEAR)
    assert (found.status, found.value, found.consequence) == ("indeterminate", None, None)
    assert found.why == "cannot be told: turnover is not stated"
    assert found.lack is not None and found.lack.kind == "not_stated"


def test_a_value_that_nobody_has_verified_is_named_and_strict_refuses_it() -> None:
    loose = parameter("0.5", "2026-04-01", mark="K")
    one = case(parameters=[loose])
    held = one.parameter("deficit_cap_of_a_test")
    assert isinstance(held, Parameter) and not held.verified
    assert one.unverified() == ("deficit_cap_of_a_test",)
    strict = Case(reading(parameters=[loose], strict=True), QUIET, "T1", YEAR)
    words, kind = lacking(lambda: strict.parameter("deficit_cap_of_a_test"))
    assert kind == "no_parameter"
    assert words.startswith("a verified value of deficit_cap_of_a_test (nobody has adopted")
    checked = case(parameters=[parameter("0.5", "2026-04-01")])
    checked.parameter("deficit_cap_of_a_test")
    assert checked.unverified() == ()

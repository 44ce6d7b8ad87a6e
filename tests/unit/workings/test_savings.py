"""What a scheme brings in a year: within its conditions, as far as it is told, never around a hole."""

from __future__ import annotations

import pytest

from controltotal.workings.savings import Savings
from controltotal.workings.workings import Workings
from tests.scheme_books import YEAR, Rows, book, changed, scheme
from tests.strategies import position_of

MILLION = 100_000_000
LATER = "2027-28"


def condition(met: str) -> Rows:
    """A condition that is to be met before the scheme starts, on 1 October."""
    one = {"scheme": "T1", "gate": "G3", "text": "Staff in post", "kind": "before_start"}
    return [{**one, "due": "2027-06-01", "met_on": met, "owner": "Director"}]


def own(basis: str, amount: float, month: str = "", **more: str) -> dict[str, str]:
    """A row of money of the scheme, in £m."""
    return {
        "organisation": "RX1",
        "line": "pay",
        "recurrence": "recurrent",
        "year": YEAR,
        "month": month,
        "basis": basis,
        "scheme": "T1",
        "amount": str(amount),
        "unit": "£m",
        **more,
    }


def monthly(basis: str, first: int, last: int) -> Rows:
    return [own(basis, 1, str(month)) for month in range(first, last + 1)]


def savings(*rows: dict[str, str], met: str = "", **tables: Rows) -> Savings:
    made = book(**tables)
    made["amounts"] += list(rows)
    if met:
        made["gates"] = changed(made["gates"], {"gate": "G3"}, outcome="approve_with_conditions")
        made["conditions"] = condition(met)
    return Workings(position_of(made)).savings


def brings(found: Savings, basis: str, year: str = YEAR) -> float | None:
    """In £m."""
    (row,) = found.position.book.schemes
    pence = found.in_year(row, year, basis)
    return None if pence is None else pence / MILLION


def test_twelve_a_year_from_october_are_six_in_the_year() -> None:
    found = savings()
    assert [brings(found, basis) for basis in ("plan", "forecast", "actual")] == [6, 6, 0]
    assert [brings(found, basis, LATER) for basis in ("plan", "forecast")] == [12, 12]


@pytest.mark.parametrize(
    ("met", "plan"),
    [
        ("2026-05-20", 6),
        ("2026-09-30", 6),
        ("2026-10-01", 6),  # a month that it opens is a whole one
        ("2026-10-02", 5),
        ("2026-11-15", 4),
        ("2026-12-01", 4),
        ("2027-03-02", 0),
    ],
)
def test_nothing_counts_before_a_condition_is_met_and_the_months_come_later(
    met: str, plan: int
) -> None:
    assert brings(savings(met=met), "plan") == plan
    assert brings(savings(met=met), "plan", LATER) == 12
    assert brings(savings(*monthly("plan", 7, 12), met=met), "plan") == plan


def test_an_actual_before_a_condition_was_met_does_not_count() -> None:
    actual = monthly("actual", 7, 9)
    assert brings(savings(*actual), "actual") == 3
    assert brings(savings(*actual, met="2026-11-15"), "actual") == 1
    assert brings(savings(*actual, met="2026-09-30"), "actual") == 3


@pytest.mark.parametrize(
    ("spoilt", "plan", "forecast", "actual"),
    [
        ("plan", None, None, 0),
        ("actual", 6, None, None),
        ("forecast", 6, None, 0),
    ],
)
def test_nothing_is_summed_around_a_row_that_nobody_could_read(
    spoilt: str, plan: float | None, forecast: float | None, actual: float | None
) -> None:
    found = savings(own(spoilt, 1, "7", unit="€"))
    assert [row.table for row in found.position.stopped] == ["amounts"]
    told = [brings(found, basis) for basis in ("plan", "forecast", "actual")]
    assert told == [plan, forecast, actual]


def test_a_forecast_that_is_stated_needs_no_plan_and_no_actual() -> None:
    for spoilt in ("plan", "actual"):
        found = savings(own(spoilt, 1, "7", unit="€"), own("forecast", 5))
        assert brings(found, "forecast") == 5


def test_an_effect_or_a_contract_that_nobody_could_read_leaves_all_untold() -> None:
    effect = [{"scheme": "T1", "organisation": "CB1", "share": "half"}]
    found = savings(effects=effect)
    assert [brings(found, basis) for basis in ("plan", "forecast", "actual")] == [None] * 3


def test_which_schemes_count_and_why_others_do_not() -> None:
    rows = [
        scheme("T1"),
        scheme("T2", in_plan="no"),
        scheme("T3", maturity="unidentified"),
        scheme("T4", requires="T2"),
        scheme("T5", start=""),
    ]
    codes = [row["id"] for row in rows]
    found = Workings(position_of({**book(*codes), "schemes": rows})).savings
    out = found.excluded(YEAR)
    assert {code: [why for why, _ in one.reasons] for code, one in out.items()} == {
        "T2": ["NOT_IN_PLAN"],
        "T3": ["SAVING_UNIDENTIFIED"],
        "T5": ["NO_START"],
    }
    assert [one.id for one in found.counted(YEAR)] == [c for c in codes if c not in out]


@pytest.mark.parametrize(
    ("kind", "bodies"),
    [
        ("", {"CB1"}),  # without a contract nothing of it falls on the provider
        ("activity", {"CB1", "RX1"}),
        ("block", {"CB1"}),
    ],
)
def test_a_provider_has_schemes_where_it_is_paid_for_what_they_change(
    kind: str, bodies: set[str]
) -> None:
    made = book()
    made["schemes"] = [scheme("T1", organisation="CB1", provider="RX1")]
    if kind:
        made["contracts"] = [{"commissioner": "CB1", "provider": "RX1", "year": YEAR, "kind": kind}]
    assert Workings(position_of(made)).savings._bodies == bodies


def test_a_body_that_shares_in_an_effect_has_schemes() -> None:
    shared = [{"scheme": "T1", "organisation": "CB1", "share": "0.5"}]
    assert savings(effects=shared)._bodies == {"RX1", "CB1"}


def running_to(due: str) -> Savings:
    """One that may run while a condition is met, read long after the condition was due."""
    made = book()
    made["gates"] = changed(made["gates"], {"gate": "G3"}, outcome="approve_with_conditions")
    row = {"scheme": "T1", "gate": "G3", "text": "Rota agreed", "kind": "while_running"}
    made["conditions"] = [{**row, "due": due, "owner": "Director"}]
    return Workings(position_of(made, "2028-12-31")).savings


@pytest.mark.parametrize(
    ("due", "first", "second"),
    [("2026-09-30", 0, 0), ("2026-11-20", 2, 0), ("2027-03-01", 6, 0), ("2027-05-31", 6, 2)],
)
def test_nothing_counts_after_the_month_in_which_a_condition_of_running_was_missed(
    due: str, first: int, second: int
) -> None:
    found = running_to(due)
    assert (brings(found, "plan"), brings(found, "plan", LATER)) == (first, second)


def test_a_scheme_with_a_condition_and_no_report_has_brought_nothing_yet() -> None:
    assert brings(savings(met="2026-11-15"), "actual") == 0


def test_one_that_delivers_and_does_not_report_is_untold_from_the_year_it_starts_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Savings, "maturity", lambda self, scheme: "fully_developed_delivering")
    found = savings()
    assert [brings(found, "actual", year) for year in ("2025-26", YEAR, LATER)] == [0, None, None]


def test_a_scheme_of_nobody_gives_no_body_a_scheme() -> None:
    found = savings(schemes=[scheme("T1"), scheme("T2", organisation="")])
    assert found._bodies == {"RX1"}


def test_a_body_has_schemes_where_it_has_taken_over_one_that_had() -> None:
    tree = [
        {"code": "SYS", "name": "System", "kind": "system"},
        {"code": "RX1", "name": "Trust", "kind": "provider", "parent": "SYS", "to": "2026-12-31"},
        {"code": "RX2", "name": "Other", "kind": "provider", "parent": "SYS", "to": "2026-12-31"},
        {"code": "RX3", "name": "Heir", "kind": "provider", "parent": "SYS"},
        {"code": "RX4", "name": "Next", "kind": "provider", "parent": "SYS"},
    ]
    left = [
        {"predecessor": "RX1", "successor": "RX3", "on": "2027-01-01"},
        {"predecessor": "RX2", "successor": "RX4", "on": "2027-01-01"},
    ]
    found = savings(organisations=tree, successions=left)
    had = {code: found.plan(code, LATER, "plan") for code in ("RX1", "RX3", "RX4")}
    assert [value is None for value in had.values()] == [False, False, True]
    assert found.plan("RX3", "2025-26", "plan") is None


def test_months_of_a_plan_move_as_they_are_when_a_condition_is_met_late() -> None:
    """1 to 6 from October; met in November it opens in December: 1, 2, 3 and 4 are left of it."""
    rising = [own("plan", month - 6, str(month)) for month in range(7, 13)]
    assert brings(savings(*rising), "plan") == 21
    assert brings(savings(*rising, met="2026-11-15"), "plan") == 10


def test_months_that_were_reported_do_not_move() -> None:
    """An actual of 1, 2 and 3 from October counts from December on: 3."""
    told = [own("actual", month - 6, str(month)) for month in range(7, 10)]
    assert brings(savings(*told, met="2026-11-15"), "actual") == 3


@pytest.mark.parametrize(
    ("due", "until"),
    [
        ("2026-03-31", 0),
        ("2026-04-30", 1),
        ("2026-09-01", 6),
        ("2027-04-02", 13),
        ("2025-01-31", 0),
    ],
)
def test_a_scheme_runs_to_the_end_of_the_month_in_which_a_condition_was_missed(
    due: str, until: int
) -> None:
    found = running_to(due)
    workings = Workings(found.position)
    (row,) = found.position.book.schemes
    assert workings.starts.until(row, YEAR) == until


def test_without_a_condition_a_scheme_runs_on() -> None:
    workings = Workings(savings().position)
    (row,) = workings.position.book.schemes
    assert workings.starts.until(row, YEAR) is None


def test_the_savings_of_a_plan_say_what_they_are_the_sum_of() -> None:
    own_rule = "in-year effect of schemes in the plan that have passed their gates"
    found = savings()
    trust, system = (found.plan(code, YEAR, "plan") for code in ("RX1", "SYS"))
    assert trust is not None and system is not None
    assert (trust.pence, trust.rule, trust.inputs) == (6 * MILLION, own_rule, ())
    assert (system.pence, system.rule) == (6 * MILLION, "sum of the savings below")
    assert system.inputs == ("savings_plan/RX1/2026-27/plan",)
    told = savings(*monthly("actual", 7, 8)).plan("RX1", YEAR, "actual")
    assert told is not None
    assert (told.pence, told.rule) == (2 * MILLION, f"{own_rule}, year to date")
    both = savings(schemes=[scheme("T1", organisation="SYS")]).plan("SYS", YEAR, "plan")
    assert both is not None and (both.pence, both.rule) == (6 * MILLION, own_rule)


def test_without_a_report_of_any_scheme_nothing_is_said_of_actual_savings() -> None:
    assert savings().plan("RX1", YEAR, "actual") is None


def test_a_parent_with_a_scheme_of_its_own_adds_it_to_those_below() -> None:
    """6 of the trust's and 3 of the system's own; a body whose only scheme does not count has nil."""
    both = [scheme("T1"), scheme("T2", organisation="SYS", full_year_effect="6")]
    found = Workings(position_of({**book("T1", "T2"), "schemes": both})).savings
    whole = found.plan("SYS", YEAR, "plan")
    assert whole is not None and whole.pence == 9 * MILLION
    assert whole.rule == "in-year effect of schemes in the plan that have passed their gates"
    assert whole.inputs == ("savings_plan/RX1/2026-27/plan",)
    out = savings(schemes=[scheme("T1", in_plan="no")]).plan("RX1", YEAR, "plan")
    assert out is not None
    assert (out.pence, out.rule) == (
        0,
        "in-year effect of schemes in the plan that have passed their gates",
    )

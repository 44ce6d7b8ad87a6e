"""The portfolio's parts, by cases that a person can work out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.savings.portfolio.engine import choose
from controltotal.savings.portfolio.keep import changes_to_keep, compare_portfolios
from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving, count, use
from tests.laws.portfolio_books import Made, evidence

YEAR = "2026/27"
SAFE = [
    (1, 2),
    (2, 2),
    (1, 1),
    (1, 3),
]  # likelihood and consequence after mitigation: the highest is 4
Q = frozenset({"QAA"})


def scheme(code: str, **cells: str) -> dict[str, str]:
    """A certain recurrent scheme of 12 £m from April."""
    return {
        "id": code,
        "organisation": "RAA",
        "title": code,
        "recurrence": "recurrent",
        "maturity": "fully_developed",
        "in_plan": "no",
        "start": "2026-04-01",
        "full_year_effect": "12",
        "unit": "£m",
        "low": "1",
        "mode": "1",
        "high": "1",
        "chance": "1",
        "delay_months": "0",
        "owner": "Director",
        **cells,
    }


def book(*schemes: dict[str, str], plan: str = "-20", total: str = "0", **tables: list) -> Made:
    """A system of two trusts; RAA plans a deficit of 20 £m against a control total of nil."""
    made = Made(
        {
            "book": [{"key": "default_year", "value": YEAR}],
            "organisations": [
                {"code": "QSY", "name": "System", "kind": "system"},
                {"code": "RAA", "name": "Trust A", "kind": "provider", "parent": "QSY"},
                {"code": "RBB", "name": "Trust B", "kind": "provider", "parent": "QSY"},
            ],
            "amounts": [
                {
                    "organisation": "RAA",
                    "line": "position",
                    "year": YEAR,
                    "basis": "plan",
                    "amount": plan,
                    "unit": "£m",
                },
                {
                    "organisation": "RBB",
                    "line": "position",
                    "year": YEAR,
                    "basis": "plan",
                    "amount": "0",
                    "unit": "£m",
                },
            ],
            "control_totals": [
                {
                    "organisation": "RAA",
                    "year": YEAR,
                    "amount": total,
                    "unit": "£m",
                    "status": "accepted",
                    "set_on": "2026-03-01",
                    "includes_support": "no",
                },
            ],
            "schemes": list(schemes),
            "assessments": [],
            "gates": [],
        }
    )
    for one in schemes:
        for name, rows in evidence(one["id"], "", SAFE).items():
            made.tables[name] += rows
    for name, rows in tables.items():
        made.tables[name] = made.tables.get(name, []) + rows
    made.tables = {name: rows for name, rows in made.tables.items() if rows}
    return made


def answer(made: Made, folder: Path, **asked: object) -> Result:
    return verbs.portfolio(made.write(folder / "book"), **asked)  # type: ignore[arg-type]


def rows(result: Result, table: str = "schemes") -> dict[str, dict]:
    return {str(row["scheme"]): dict(row) for row in result.tables[table]}


def value(result: Result, measure: str, code: str = "RAA") -> object:
    return result.value(f"{measure}/{code}/2026-27/plan")


def test_people_are_needed_for_six_months_from_the_start() -> None:
    one = Candidate("S", "QAA", (1, 7), (), wte_thousandths=2000)
    months = [use(one, Demand("capacity_wte", "", "QAA", "", Q, month=m)) for m in (1, 6, 7, 12)]
    assert months == [(2000, 0), (2000, 0), (0, 2000), (0, 2000)]


def test_a_scheme_that_touches_two_places_burdens_each_by_half() -> None:
    parts = (Saving("QAA", "Y", (1000,)),)
    one = Candidate("S", "QAA", (1,), parts, places=frozenset({"North", "South"}))
    half = Demand(
        "share_of_burden", "", "QAA", "Y", Q, upper=0, group="North", share=(1, 4), share_of=Q
    )
    assert use(one, half) == (4 * 500 - 1000,)


def test_a_later_required_scheme_breaks_the_order() -> None:
    first, second = Candidate("A", "QAA", (1, 5), ()), Candidate("B", "QAA", (3,), ())
    problem = Problem((first, second), requires={"B": ("A",)})
    assert count(problem, {"A": 0, "B": 0}).broken == ()
    assert count(problem, {"A": 1, "B": 0}).broken == ("B requires A",)
    assert count(problem, {"B": 0}).broken == ("B requires A",)


def test_nothing_to_choose_from() -> None:
    need = Demand("control_total", "total", "QAA", "Y", Q, lower=500)
    found = choose(Problem((), (need,)))
    assert (found.shortfall, found.shortfall_bound, dict(found.choice)) == (500, 500, {})


def test_expected_saving_and_honest_shortfall(tmp_path: Path) -> None:
    """12 £m from October: 6 in the year; chance 0.8; mean share (0.6 + 3.6 + 1) / 6 = 0.8667."""
    made = book(
        scheme("S-1", start="2026-10-01", chance="0.8", low="0.6", mode="0.9", high="1.0"),
        scheme("S-2", full_year_effect="8", start="2026-09-15"),  # counts from October: 4
    )
    result = answer(made, tmp_path)
    assert value(result, "portfolio_saving") == 416_000_000 + 400_000_000
    assert value(result, "shortfall") == 2_000_000_000 - 816_000_000
    assert value(result, "portfolio_bound", "QSY") == 816_000_000
    assert rows(result)["S-2"]["start"] == "2026-10-01"
    assert result.words[0] == (
        "The control total of Trust A for 2026/27 is not achievable with schemes that have passed "
        "their gates; £11.8 million remains."
    )
    assert [row["demand"] for row in result.tables["conflicts"]] == [
        "control total of RAA, 2026/27"
    ]


def test_what_the_plan_counts_on_is_counted_once(tmp_path: Path) -> None:
    """A plan of (2) with a scheme of 12 in it and 6 unidentified starts from (20)."""
    made = book(
        scheme("S-1", in_plan="yes"),
        plan="-2",
        amounts=[
            {
                "organisation": "RAA",
                "line": "savings_unidentified",
                "year": YEAR,
                "basis": "plan",
                "amount": "6",
                "unit": "£m",
            }
        ],
    )
    result = answer(made, tmp_path)
    total = next(r for r in result.tables["control_totals"] if r["organisation"] == "RAA")
    assert total["before_schemes"] == -2_000_000_000
    assert value(result, "shortfall") == 800_000_000


def test_a_forecast_goes_before_the_plan(tmp_path: Path) -> None:
    forecast = {
        "organisation": "RAA",
        "line": "position",
        "year": YEAR,
        "basis": "forecast",
        "amount": "-5",
        "unit": "£m",
    }
    result = answer(book(scheme("S-1"), amounts=[forecast]), tmp_path)
    assert value(result, "shortfall") == 0
    assert "Every control total that can be measured is met, risk margins included." in result.words


def test_a_block_contract_saves_nothing(tmp_path: Path) -> None:
    made = book(
        scheme("S-1", provider="RBB"),
        contracts=[{"commissioner": "RAA", "provider": "RBB", "year": YEAR, "kind": "block"}],
    )
    result = answer(made, tmp_path)
    assert value(result, "portfolio_saving") == 0
    assert "worth nothing" in rows(result)["S-1"]["reason"]


@pytest.mark.parametrize(
    ("kind", "severity", "words"),
    [
        ("block", "information", "nothing is saved under a block contract"),
        ("", "warning", "no contract says how the provider is paid, so its loss is not counted"),
        ("activity", None, ""),
    ],
)
def test_a_contract_that_takes_the_worth_away_or_is_lacking_is_said(
    kind: str, severity: str | None, words: str, tmp_path: Path
) -> None:
    contract = {"commissioner": "RAA", "provider": "RBB", "year": YEAR, "kind": kind}
    made = book(scheme("S-1", provider="RBB"), contracts=[contract] if kind else [])
    said = [one for one in answer(made, tmp_path).findings if one.code == "SCHEME_CONTRACT"]
    assert [(one.severity, one.organisation) for one in said] == [(severity, "RAA")] * bool(
        kind != "activity"
    )
    assert all(f"Scheme S-1: {words}" in one.message for one in said)


@pytest.mark.parametrize(
    ("limit", "value", "unit", "words"),
    [
        ("saving_floor", "20", "£m", "saving floor of RAA, 2026/27"),
        ("saving_ceiling", "5", "£m", "saving ceiling of RAA, 2026/27"),
        ("harm_ceiling", "3", "score", "harm ceiling of RAA, 2026/27"),
        ("investment", "0.5", "£m", "investment of RAA, 2026/27"),
    ],
)
def test_a_limit_that_keeps_a_scheme_out_is_named_with_its_year(
    limit: str, value: str, unit: str, words: str, tmp_path: Path
) -> None:
    own = {"organisation": "RAA", "year": YEAR, "limit": limit, "value": value, "unit": unit}
    result = answer(book(scheme("S-1", investment="1"), limits=[own]), tmp_path)
    named = {str(row["demand"]) for row in result.tables["conflicts"]}
    named |= {str(row["constraint"]) for row in result.tables["binding"]}
    assert words in named


def test_ward_ceiling_engagement_and_exclusion(tmp_path: Path) -> None:
    """Two schemes of residual harm 4 on one ward with a ceiling of 6: the larger one stays."""
    limits = [
        {
            "organisation": "RAA",
            "year": YEAR,
            "limit": "harm_ceiling",
            "group": "Ward 1",
            "value": "6",
            "unit": "score",
        }
    ]
    made = book(
        scheme("S-1", service="Ward 1"),
        scheme("S-2", service="Ward 1", full_year_effect="6"),
        scheme("S-3", service="Ward 2"),
        scheme("S-4", excludes="S-3", full_year_effect="3"),
        limits=limits,
        engagements=[
            {"scheme": "S-3", "duty": "staff_side", "from": "2026-04-01", "to": "2026-06-20"}
        ],
    )
    found = rows(answer(made, tmp_path))
    assert found["S-1"]["chosen"] and not found["S-2"]["chosen"]
    assert "harm ceiling of RAA (Ward 1)" in found["S-2"]["reason"]
    assert found["S-3"]["start"] == "2026-07-01", "not before its engagement ends"
    assert "exclude each other" in found["S-4"]["reason"]


def test_overlapping_schemes_are_capped_by_their_opportunity(tmp_path: Path) -> None:
    opportunity = {
        "id": "OP-1",
        "view": "peers",
        "organisation": "RAA",
        "category": "Beds",
        "value": "20",
        "unit": "£m",
    }
    made = book(
        scheme("S-1", opportunity="OP-1", overlaps="S-2"),
        scheme("S-2", opportunity="OP-1"),
        scheme("S-3", opportunity="OP-1", overlaps="S-2", full_year_effect="7"),
        opportunities=[opportunity],
    )
    result = answer(made, tmp_path)
    assert value(result, "portfolio_saving") == 2_000_000_000, "20, of the 31 that are planned"
    assert [f.code for f in result.findings] == ["OPPORTUNITY_DRAWN_TWICE"]
    unpriced = book(scheme("S-1", overlaps="S-2"), scheme("S-2", full_year_effect="7"))
    result = answer(unpriced, tmp_path / "unpriced")
    assert value(result, "portfolio_saving") == 1_200_000_000
    assert {f.code for f in result.findings} == {"OVERLAP_WITHOUT_OPPORTUNITY"}


def test_own_phasing_moves_with_the_start(tmp_path: Path) -> None:
    """Rows of its own save 1 £m in each of April to June; capacity puts it off by two months."""
    phased = [
        {
            "organisation": "RAA",
            "line": "position",
            "year": YEAR,
            "month": str(m),
            "basis": "plan",
            "scheme": "S-1",
            "amount": "1",
            "unit": "£m",
        }
        for m in (1, 2, 3)
    ]
    limits = [
        {
            "organisation": "RAA",
            "year": YEAR,
            "month": str(m),
            "limit": "capacity_wte",
            "value": "0",
            "unit": "wte",
        }
        for m in (1, 2)
    ]
    made = book(
        scheme("S-1", capacity_wte="1", full_year_effect="3"), amounts=phased, limits=limits
    )
    result = answer(made, tmp_path)
    assert rows(result)["S-1"]["start"] == "2026-06-01"
    assert value(result, "portfolio_saving") == 300_000_000


def test_one_more_unit_is_worth_what_it_would_bring(tmp_path: Path) -> None:
    limits = [
        {"organisation": "RAA", "year": YEAR, "limit": "capacity_wte", "value": "3", "unit": "wte"}
    ]
    made = book(
        scheme("S-1", capacity_wte="3"),
        scheme("S-2", capacity_wte="1", full_year_effect="6"),
        plan="5",
        limits=limits,
    )
    result = answer(made, tmp_path)
    # S-2 waits for October: 3 £m; with one more person a month its price is told
    assert value(result, "portfolio_saving") == 1_500_000_000
    assert all(
        row["method"] == "solved again with one more unit" for row in result.tables["binding"]
    )


def test_conflicting_demands_are_told(tmp_path: Path) -> None:
    """Two control totals of 10 each, one purse for one scheme: together they conflict, not alone."""
    totals = [
        {
            "organisation": "RBB",
            "year": YEAR,
            "amount": "10",
            "unit": "£m",
            "status": "accepted",
            "set_on": "2026-03-01",
            "includes_support": "no",
        }
    ]
    made = book(
        scheme("S-1", investment="1"),
        scheme("S-2", organisation="RBB", investment="1"),
        plan="-10",
        control_totals=totals,
        limits=[
            {"organisation": "QSY", "year": YEAR, "limit": "investment", "value": "1", "unit": "£m"}
        ],
    )
    result = answer(made, tmp_path)
    assert {row["demand"] for row in result.tables["conflicts"]} == {
        "control total of RAA, 2026/27",
        "control total of RBB, 2026/27",
        "investment of QSY, 2026/27",
    }
    assert "not met by the best safe choice" in result.words[0]


def test_two_years_together(tmp_path: Path) -> None:
    made = book(scheme("S-1", start="2026-10-01"))
    made.tables["amounts"].append(
        {
            "organisation": "RAA",
            "line": "position",
            "year": "2027/28",
            "basis": "plan",
            "amount": "0",
            "unit": "£m",
        }
    )
    result = answer(made, tmp_path, years=2)
    assert result.value("portfolio_saving/RAA/2026-27/plan") == 600_000_000
    assert result.value("portfolio_saving/RAA/2027-28/plan") == 1_200_000_000


def test_support_counts_only_where_the_control_total_says_so(tmp_path: Path) -> None:
    support = {
        "organisation": "RAA",
        "line": "support_income",
        "year": YEAR,
        "basis": "plan",
        "amount": "8",
        "unit": "£m",
    }
    made = book(scheme("S-1"), amounts=[support])
    assert value(answer(made, tmp_path), "shortfall") == 800_000_000
    made.tables["control_totals"][0]["includes_support"] = "yes"
    assert value(answer(made, tmp_path / "with"), "shortfall") == 0
    made.tables["control_totals"][0]["includes_support"] = ""
    assert value(answer(made, tmp_path / "unsaid"), "shortfall") is None


def test_fairness_keeps_the_deprived_from_bearing_most(tmp_path: Path) -> None:
    made = book(scheme("S-1"), scheme("S-2", organisation="RBB", full_year_effect="4"), plan="5")
    for one, share in zip(made.tables["organisations"][1:], ("0.4", "0.1"), strict=True):
        one["deprivation"] = share
    for body in ("RAA", "RBB"):
        for line, amount in (("patient_care_income", "100"), ("pay", "80")):
            made.tables["amounts"].append(
                {
                    "organisation": body,
                    "line": line,
                    "year": YEAR,
                    "basis": "plan",
                    "amount": amount,
                    "unit": "£m",
                }
            )
    assert value(answer(made, tmp_path), "portfolio_saving", "QSY") == 1_600_000_000
    fair = answer(made, tmp_path / "fair", fairness=Fraction(1, 10))
    # fair shares weighed by deprivation: 35% and 65%, and a tenth more is allowed
    mine, all_of_it = value(fair, "portfolio_saving"), value(fair, "portfolio_saving", "QSY")
    assert isinstance(mine, int) and isinstance(all_of_it, int)
    assert 0 < mine * 1000 <= 385 * all_of_it


def test_keeping_and_comparing(tmp_path: Path) -> None:
    made = book(
        scheme("S-1", capacity_wte="2"), scheme("S-2", in_plan="yes", full_year_effect="-1")
    )
    made.tables["limits"] = [
        {
            "organisation": "RAA",
            "year": YEAR,
            "month": "1",
            "limit": "capacity_wte",
            "value": "0",
            "unit": "wte",
        }
    ]
    position = verbs.read(made.write(tmp_path / "book"))
    result = verbs.portfolio(position)
    changes = {change.scheme: change for change in changes_to_keep(position, result)}
    assert changes["S-1"].cells == {"in_plan": "yes", "start": "2026-05-01"}
    assert "signatures" in changes["S-1"].notice
    assert changes["S-2"].cells == {"in_plan": "no"}
    few = verbs.portfolio(position, objectives=("fewest_schemes",))
    both = compare_portfolios({"most": result, "fewest": few})
    assert both.tables["side_by_side"] and both.words


def test_nonsense_is_refused(tmp_path: Path) -> None:
    folder = book(scheme("S-1")).write(tmp_path / "book")
    with pytest.raises(BookError, match="no objective"):
        verbs.portfolio(folder, objectives=("fame",))
    with pytest.raises(BookError, match="whole year"):
        verbs.portfolio(folder, year="2026-27-H1")
    limits = [
        {"organisation": "RAA", "year": YEAR, "limit": "investment", "value": "-1", "unit": "£m"}
    ]
    result = answer(book(scheme("S-1"), limits=limits), tmp_path / "negative")
    assert [f.code for f in result.findings] == ["LIMIT_NEGATIVE"]
    assert result.has_errors

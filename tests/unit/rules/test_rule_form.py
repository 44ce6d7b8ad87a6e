"""The form of a rule: called by itself, read as at a day, refused when strict, silent where it does not bind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from controltotal import verbs
from controltotal.book.fold import Position
from controltotal.core.parameters import Parameters, packaged_parameters
from controltotal.rules.case import Case, Reading
from controltotal.rules.commissioner import commissioner_contingency, commissioner_improvement
from controltotal.rules.form import NOT_APPLICABLE, STATUSES, Missing, whole
from controltotal.rules.registry import RULES, by_name, candidates
from controltotal.workings.workings import Workings
from tests.regime_books import regime
from tests.running import controltotal
from tests.strategies import position_of

MILLION = 100_000_000


def book(year: str = "2013-14", **facts: str) -> Position:
    """A commissioner with an allocation of 400 and facts in £m."""
    return position_of(
        {
            "book": [{"key": "default_unit", "value": "£m"}],
            "organisations": [{"code": "A", "name": "Ash", "kind": "commissioner"}],
            "amounts": [
                {
                    "organisation": "A",
                    "line": "allocation",
                    "year": year,
                    "basis": "plan",
                    "amount": "400",
                }
            ],
            "facts": [
                {"organisation": "A", "fact": fact, "year": year, "basis": "plan", "value": value}
                for fact, value in facts.items()
            ],
        }
    )


def test_a_rule_is_worked_for_a_body_and_year_under_parameters() -> None:
    position = book(set_aside_contingency="1.5")
    outcome = Reading(Workings(position), position.parameters).outcome(
        commissioner_contingency, "A", "2013-14"
    )
    assert (outcome.value, outcome.status) == (2 * MILLION, "breached")  # 0.5% x 400
    assert outcome.consequence == -MILLION // 2
    assert outcome.trace.parameters[0].startswith("commissioner_contingency_share = 0.005")
    assert (
        "contingency: 0.5% of the allocation of £400.0 million = £2.0 million" in outcome.trace.rule
    )


def test_a_rule_that_does_not_bind_says_so_and_makes_no_figure() -> None:
    position = book("2020-21")
    outcome = Reading(Workings(position), position.parameters).outcome(
        commissioner_contingency, "A", "2020-21"
    )
    assert outcome is NOT_APPLICABLE and outcome.status == "not_applicable"
    figures = {f.id for f in verbs.position(position).figures}
    assert not any("commissioner_contingency" in name for name in figures)


def test_other_parameters_give_another_outcome_and_the_first_stays() -> None:
    position = book(set_aside_contingency="2")
    name = "commissioner_contingency_share"
    values = [replace(p, value="0.01") for p in position.parameters.values[name]]
    doubled = position.parameters.with_values(values)
    first = Reading(Workings(position), position.parameters).outcome(
        commissioner_contingency, "A", "2013-14"
    )
    assert (
        Reading(Workings(position), doubled).outcome(commissioner_contingency, "A", "2013-14").value
        == 4 * MILLION
    )
    assert (
        Reading(Workings(position), position.parameters).outcome(
            commissioner_contingency, "A", "2013-14"
        )
        == first
    )


def test_a_parameter_not_yet_known_is_not_used() -> None:
    name = "commissioner_improvement_share"
    known = packaged_parameters().values[name][0].known_on
    assert known == date(2018, 2, 28)
    source = book("2018-19")
    for day, found in ((date(2018, 2, 1), None), (date(2018, 3, 1), "0.01")):
        reading = Reading(Workings(replace(source, as_at=day)))
        parameter = reading.parameter(name, date(2018, 4, 1))
        assert (parameter.value if parameter else None) == found


def test_a_parameter_that_changes_within_the_year_is_not_used_for_all_of_it() -> None:
    name = "national_efficiency_half_year"
    case = Case(
        Reading(Workings(book("2021-22"))), by_name()["national_efficiency"], "A", "2021-22"
    )
    with pytest.raises(Missing, match=f"a value of {name} that holds on 2021-04-01"):
        case.share(name)
    half = Case(
        Reading(Workings(book("2021-22"))), by_name()["national_efficiency"], "A", "2021-22-H1"
    )
    assert half.share(name) == Fraction(28, 10_000)


def test_a_stopped_fact_makes_the_outcome_indeterminate() -> None:
    outcome = Reading(
        Workings(position := book(set_aside_contingency="#REF!")), position.parameters
    ).outcome(commissioner_contingency, "A", "2013-14")
    assert outcome.status == "indeterminate"
    assert (
        outcome.why == "cannot be told: a row of set_aside_contingency was stopped by a fault in it"
    )


def test_an_overspender_of_the_year_before_is_asked_only_in_its_year() -> None:
    assert [r.name for r in candidates("commissioner", "2018-19") if r is commissioner_improvement]
    assert commissioner_improvement not in candidates("commissioner", "2019-20")


def test_unverified_is_shown_and_strict_refuses_until_adopted() -> None:
    loose = position_of({**regime(2, ["2017-18"], 4)})
    plain = verbs.position(loose)
    rows = {(r["organisation"], r["rule"]): r for r in plain.tables["rules"]}
    assert rows["B01", "fund_core"]["unverified"] == [
        "fund_access_share_accident_and_emergency",
        "fund_finance_share",
    ]
    figure = plain.figure("rule/B01/2017-18/fund_core")
    assert figure is not None and figure.status == "unverified"
    strict = verbs.position(loose, strict=True)
    assert strict.value("rule/B01/2017-18/fund_core") is None
    assert strict.options["strict"] is True and strict.has_errors
    adopted = [
        {
            "name": name,
            "value": p.value,
            "from": p.start.isoformat(),
            "authority": "national policy",
            "adopted_by": "Director of Finance",
            "adopted_on": "2017-05-01",
        }
        for name in ("fund_finance_share", "fund_access_share_accident_and_emergency")
        for p in packaged_parameters().values[name]
        if p.start == date(2017, 4, 1)
    ]
    again = verbs.position(
        position_of({**regime(2, ["2017-18"], 4), "parameters": adopted}), strict=True
    )
    found = again.figure("rule/B01/2017-18/fund_core")
    assert found is not None and found.status == "ok" and found.value == figure.value


def test_every_status_is_one_of_five_and_every_row_has_its_figure() -> None:
    result = verbs.position(position_of(regime(6, ["2017-18", "2023-24", "2026-27"], 9)))
    for row in result.tables["rules"]:
        assert row["status"] in STATUSES and row["status"] != "not_applicable"
        name = f"rule/{row['organisation']}/{row['year']}/{row['rule']}"
        assert result.value(name) == row["value"]
        assert result.trace[name].rule.splitlines()[-1] == f"outcome: {row['status']}"


def test_a_regime_that_is_not_known_is_refused_in_one_line() -> None:
    ran = controltotal("position", "examples/nene-2013", "--regime", "county")
    assert ran.code == 2
    assert "give one of system, body" in ran.err


def test_the_regimes_stand_for_each_other() -> None:
    position = position_of(regime(3, ["2025-26", "2026-27"], 2))

    def names(regime: str | None) -> set[tuple[str, str]]:
        rows = verbs.position(position, regime=regime).tables["rules"]
        return {(r["year"], r["rule"]) for r in rows if r["rule"].endswith("break_even")}

    system, body = "system_break_even", "individual_break_even"
    assert names(None) == {("2025-26", system), ("2026-27", body)}
    assert names("system") == {("2025-26", system), ("2026-27", system)}
    assert names("body") == {("2025-26", body), ("2026-27", body)}


def test_rules_stand_in_families_with_all_that_the_manual_prints() -> None:
    assert len(RULES) == len(by_name())
    for rule in RULES:
        assert rule.title and rule.formula and rule.source and rule.example and rule.meaning
        assert rule.first <= (rule.last or "9999")


def test_rounding_is_half_away_from_nil() -> None:
    assert [whole(Fraction(n, 2)) for n in (-3, -1, 0, 1, 3)] == [-2, -1, 0, 1, 2]


def test_parameters_given_are_those_used() -> None:
    position = book(set_aside_contingency="2")
    outcome = Reading(Workings(position), Parameters({})).outcome(
        commissioner_contingency, "A", "2013-14"
    )
    assert outcome.status == "indeterminate" and outcome.value is None

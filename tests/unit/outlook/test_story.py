"""Where the year is heading, in words: the range, the way to the average, and who carries the risk."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from controltotal import verbs
from controltotal.core.result import Answer, Result
from controltotal.outlook.named_cases import Case, Heading
from controltotal.outlook.rates import Standing
from controltotal.outlook.story import Story, _drawn_on, _half, _range, _way, trust
from tests.small_books import TREE, book
from tests.strategies import Cells, amount, control_total, position_of

MILLION = 100_000_000


def answered(**values: int | float | None) -> Answer:
    """An answer of one body with the figures named, in pence or as a share."""
    answer = Answer("risk")
    for measure, value in values.items():
        unit = "share" if measure.startswith("chance") else "pence"
        answer.figure(f"{measure}/A/2026-27/forecast", value, unit)
    return answer


def ranged(kind: str, **values: int | float | None) -> str:
    office = ("finance committee",) if kind == "adopted" else ()
    return _range(answered(**values), "A", "2026-27", "A, 2026/27", Standing(kind, office))


ENDS = {"outturn_p10": -2 * MILLION, "outturn_p90": MILLION}
BETWEEN = (
    "A, 2026/27: the outturn most likely lies between a deficit of £2.0 million and a surplus of "
    "£1.0 million (eight chances in ten"
)


def test_a_range_is_said_with_its_chance_and_who_stands_behind_it() -> None:
    assert ranged("none", **ENDS) == f"{BETWEEN})."
    assert ranged("adopted", **ENDS) == (
        f"{BETWEEN}; delivery rates adopted by finance committee)."
    )
    met = ranged("none", **ENDS, chance_control_total=0.5)
    assert met == f"{BETWEEN}), with one chance in two of meeting the control total."
    assert ranged("none", **ENDS, chance_control_total=None) == f"{BETWEEN})."


@pytest.mark.parametrize(
    "ends",
    [
        {"outturn_p10": -MILLION},
        {"outturn_p90": MILLION},
        {"outturn_p10": None, "outturn_p90": None},
        {},
    ],
)
def test_no_range_is_said_where_an_end_is_not_told(ends: dict[str, int | None]) -> None:
    assert ranged("none", **ends) == ""


def walked(**steps: int) -> list[dict[str, object]]:
    return [{"step": name.replace("_", " "), "pence": pence} for name, pence in steps.items()]


HOLDS = Heading(0, (Case("if the plan holds", -10 * MILLION, "", {}),))


def test_the_way_to_the_average_names_each_kind_of_step_with_its_sum() -> None:
    """(10) less 3 and 1 of those not assured, plus 2 of the register: (12)."""
    rows = walked(forecast=-10 * MILLION, does_not_count=-3 * MILLION)
    rows += walked(does_not_count=-MILLION, risk_register=2 * MILLION, mean=-12 * MILLION)
    assert _way(rows, HOLDS) == (
        "the simulation ends on average at a deficit of £12.0 million: a deficit of £10.0 million "
        "if the plan holds, less £4.0 million for schemes that are not assured, plus £2.0 million "
        "for the risk register"
    )


@pytest.mark.parametrize(
    ("rest", "said"), [(4, False), (-4, False), (5, True), (-5, True), (1, False)]
)
def test_a_step_is_said_from_a_hundredth_of_the_largest(rest: int, said: bool) -> None:
    """Of 400 a hundredth is 4, and 4 is no more than that."""
    rows = walked(forecast=0, kept_out=-400, the_rest=rest, mean=-400 + rest)
    assert ("what the number of draws leaves open" in _way(rows, HOLDS)) is said
    assert "what they need keeps out" in _way(rows, HOLDS)


def test_nothing_is_said_of_the_way_where_nothing_moves() -> None:
    assert _way(walked(forecast=5, mean=5, the_rest=0), HOLDS) == ""
    assert _way([], HOLDS) == ""


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([0.5, 0.3, 0.2], "1 of 3 source carries half of the risk"),
        ([0.49, 0.3, 0.21], "2 of 3 sources carry half of the risk"),
        ([0.2, 0.2, 0.1, 0.4], "3 of 4 sources carry half of the risk"),
        ([1.0], "1 of 1 source carries half of the risk"),
        ([0.4, 0.09], ""),
        ([0.4, None, 0.9], ""),
        ([], ""),
    ],
)
def test_how_many_carry_half_of_the_risk(shares: list[float | None], said: str) -> None:
    assert _half([{"variance_share": share} for share in shares]) == said


def two_years(first_over: bool, second: bool) -> Any:
    """Of one body: whether its first year is recorded to March, and whether its next is told."""
    base = {"A": SimpleNamespace(month=12 if first_over else 11)}
    return SimpleNamespace(
        arrangements=[1, 2],
        arrangement=SimpleNamespace(base=base),
        model=SimpleNamespace(under=lambda node: (node,), base_sd={}),
        year="2026-27",
        unknown=lambda node, number: None if second or number == 0 else "incomplete",
    )


@pytest.mark.parametrize(
    ("over", "second", "rests"),
    [(False, False, True), (False, True, True), (True, True, True), (True, False, False)],
)
def test_a_year_that_is_over_rests_on_no_rates_where_no_other_is_told(
    over: bool, second: bool, rests: bool
) -> None:
    found = _drawn_on(two_years(over, second), "A", {"A": ("S1",)})
    assert tuple(found) == (("S1",) if rests else ())
    assert tuple(_drawn_on(two_years(False, True), "B", {"A": ("S1",)})) == ()


def trusted(
    kind: str, *, over: bool = False, status: str = "ok", spread: bool = False
) -> list[str]:
    """What is said of how far a simulation may be trusted."""
    inputs = two_years(over, True)
    inputs.model.base_sd = {"A": 1.0} if spread else {}
    answer = Answer("risk")
    answer.figure("outturn_mean/A/2026-27/forecast", 5, status=status)
    told = Story({"A": cast(Heading, None)}, {"A": Standing(kind)})
    trust(answer, inputs, told)
    return list(answer.result().words)


ALONE = "The forecast itself carries no doubt here: schemes and the risk register alone vary."


def test_rates_that_nobody_stands_behind_make_the_simulation_illustrative() -> None:
    first, second = trusted("illustrative")
    assert first.startswith("The simulation is illustrative: it rests on delivery rates neither")
    assert first.endswith("until an office adopts the rates (see calibrate).")
    assert second == ALONE
    assert trusted("illustrative", status="unverified")[0].endswith(
        "(see calibrate). Figures that rest on what nobody has checked are unverified."
    )
    assert trusted("none") == [ALONE]
    assert trusted("none", spread=True) == []


def test_of_a_year_that_is_over_only_what_comes_after_it_is_simulated() -> None:
    (said,) = trusted("illustrative", over=True)
    assert said.startswith("The simulation after 2026/27 is illustrative: it rests on")


def scheme(code: str, **more: str) -> Cells:
    row = {
        "id": f"S{code}",
        "organisation": code,
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "fully_developed",
        "in_plan": "yes",
        "start": "2026-04-01",
        "full_year_effect": "12",
        "owner": "Head of pay",
    }
    return {**row, **more}


def told() -> Result:
    """First plans (100) with a scheme of 12 that no gate has passed; Second tells nothing."""
    return verbs.risk(
        position_of(
            book(
                amount("T1", "position", -100),
                tree=TREE,
                schemes=[scheme("T1")],
                control_totals=[control_total("T1", -90)],
            )
        ),
        draws=50,
    )


def test_a_case_stands_beside_the_control_total_of_a_body_that_can_be_told() -> None:
    """(100) is 10 short of (90); without the scheme of 12 the outturn is (112), 22 short."""
    rows = told().tables["cases"]
    assert [
        (r["organisation"], r["case"], r["pence"], r["short_pence"], r["to"]) for r in rows
    ] == [
        ("T1", "if the plan holds", -10_000, 1_000, ""),
        ("T1", "if only what is assured delivers", -11_200, 2_200, ""),
    ]
    (rates,) = told().tables["rates"]
    assert (rates["organisation"], rates["standing"], rates["by"]) == ("T1", "none", "")
    assert (rates["finished"], rates["chance_may_be_told"]) == (0, True)


def test_a_year_that_is_recorded_is_said_to_have_ended() -> None:
    """Twelve months of 5 make 60, whatever the plan was."""
    months = [amount("T1", "position", 5, basis="actual", month=str(n)) for n in range(1, 13)]
    result = verbs.risk(
        position_of(book(amount("T1", "position", 24), *months, schemes=[scheme("T1")])), draws=50
    )
    assert result.words[0].endswith("2026/27: the year is recorded, and ended at a surplus of £60.")


def cases(*schemes: Cells) -> dict[str, int | None]:
    """The first case of each body told: First (100), Second 40."""
    rows = (amount("T1", "position", -100), amount("T2", "position", 40))
    result = verbs.risk(position_of(book(*rows, tree=TREE, schemes=list(schemes))), draws=50)
    found = result.tables.get("cases", ())
    return {r["organisation"]: r["pence"] for r in found if r["case"] == "if the plan holds"}


def test_a_body_that_cannot_be_told_has_no_case() -> None:
    assert cases(scheme("T1")) == {"S1": -6_000, "T1": -10_000, "T2": 4_000}
    assert cases(scheme("T1", start="")) == {"T2": 4_000}


def test_a_scheme_of_the_system_itself_is_no_money_that_the_cases_start_from() -> None:
    assert cases(scheme("S1", in_plan="no")) == {"S1": -6_000, "T1": -10_000, "T2": 4_000}
    assert cases(scheme("S1")) == {"S1": -6_000, "T1": -10_000, "T2": 4_000}

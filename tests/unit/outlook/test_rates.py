"""Who stands behind rates of delivery, what the three cases say, and what drives a risk."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.core.parameters import Parameter
from controltotal.core.result import Answer
from controltotal.outlook import drivers as drawn_drivers
from controltotal.outlook.drivers import drivers, in_words
from controltotal.outlook.model import Model, Source
from controltotal.outlook.named_cases import (
    ASSURED,
    HOLDS,
    PLAN_HOLDS,
    Case,
    Heading,
    ahead_words,
    held_words,
    is_over,
    rests_on,
    sentence,
)
from controltotal.outlook.rates import Standing, finished_schemes, standing
from controltotal.outlook.simulation import contributions, run
from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, position_of

DAY = date(2026, 5, 3)


def rate(name: str, mark: str = "K", by: str = "", on: date | None = None) -> Parameter:
    start = date(2026, 4, 1)
    return Parameter(name, "0.5", "share", start, None, "nobody", "", mark, None, by, on)


def stands(
    *rates: Parameter, own: bool = False, adopted: str | None = None, finished: int = 0
) -> Standing:
    """What rates rest on; `adopted` is who adopted what schemes state of themselves."""
    rows: list[Cells] = []
    if adopted is not None:
        rows = [
            {
                "name": "delivery_own_rates",
                "value": "1",
                "from": "2026-04-01",
                "authority": "local agreement",
                "source": "board paper",
                "mark": "I",
                "adopted_by": adopted,
                "adopted_on": "2026-05-03",
            }
        ]
    made = book(amount("T1", "position", 0), **({"parameters": rows} if rows else {}))
    used: Any = [SimpleNamespace(rates=rates, own=own)]
    return standing(Workings(position_of(made)).totals, YEAR, used, finished)


COMMITTEE = "finance committee"


def test_without_a_rate_none_is_used_and_a_chance_may_be_told() -> None:
    found = stands()
    assert (found.kind, found.firm, found.words) == ("none", True, "no delivery rate is used")


def test_rates_that_an_office_adopted_are_firm_and_each_office_is_named_once() -> None:
    two = (rate("a", by=COMMITTEE, on=DAY), rate("b", by=COMMITTEE, on=DAY), rate("c", by="board"))
    found = stands(*two)
    assert (found.kind, found.by) == ("adopted", (f"{COMMITTEE}, 3 May 2026", "board"))
    assert found.words == f"delivery rates adopted by {COMMITTEE}, 3 May 2026 and board"
    assert found.firm


def test_one_rate_that_nobody_adopted_makes_all_illustrative() -> None:
    found = stands(rate("a", by=COMMITTEE), rate("b"))
    assert (found.kind, found.firm) == ("illustrative", False)
    assert found.words.endswith("nor estimated from at least 30 finished schemes")


def test_rates_estimated_from_thirty_finished_schemes_are_firm() -> None:
    estimates = (rate("a", "I"), rate("b", "I"))
    assert stands(*estimates, finished=29).kind == "illustrative"
    found = stands(*estimates, finished=30)
    assert (found.kind, found.finished) == ("estimated", 30)
    assert found.words == "delivery rates estimated from 30 finished schemes"
    assert stands(*estimates, rate("c", "K"), finished=30).kind == "illustrative"
    assert stands(*estimates, rate("c", "K", by=COMMITTEE), finished=30).kind == "estimated"


def test_what_schemes_state_of_themselves_counts_where_an_office_adopts_it() -> None:
    assert stands(own=True).kind == "illustrative"
    found = stands(own=True, adopted=COMMITTEE)
    assert (found.kind, found.by) == ("adopted", (f"{COMMITTEE}, 3 May 2026",))
    assert stands(rate("a"), own=True, adopted=COMMITTEE).kind == "illustrative"
    assert stands(rate("a", by="board"), own=True, adopted=COMMITTEE).by == (
        "board",
        f"{COMMITTEE}, 3 May 2026",
    )


def test_finished_schemes_are_those_of_whole_years_before() -> None:
    def told(last: int, year: str) -> list[Cells]:
        return [
            amount("T1", "drugs", 1, month=str(m), basis=basis, scheme="A", year=year)
            for m in range(1, last + 1)
            for basis in ("plan", "actual")
        ]

    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
    }
    rows = [*told(12, "2024-25"), *told(11, "2025-26"), *told(12, YEAR)]
    totals = Workings(position_of(book(*rows, schemes=[scheme]))).totals
    assert [finished_schemes(totals, y) for y in ("2024-25", "2025-26", YEAR, "2027-28")] == [
        0,
        1,
        1,
        2,
    ]


# -- the cases --------------------------------------------------------------------------------------

MILLION = 100_000_000


def heading(month: int = 0, *, name: str = PLAN_HOLDS, alike: bool = True, **held: int) -> Heading:
    """(10) if the forecast holds, and without what it holds of schemes that are not assured."""
    found = {key: pence * MILLION for key, pence in held.items()}
    cases = (
        Case(name, -10 * MILLION, "", {}),
        Case("untold", None, "", {}),
        Case(ASSURED, -10 * MILLION - sum(found.values()), "", found),
    )
    return Heading(month, cases, alike)


def test_the_cases_are_said_in_one_sentence_without_those_that_are_not_told() -> None:
    assert sentence("A", heading(X=2)) == (
        "A: if the plan holds the year ends at a deficit of £10.0 million; if only what is assured "
        "delivers at a deficit of £12.0 million."
    )
    assert sentence("A", heading(9, X=2)).startswith("A, to month 9 (December): if the plan holds")
    assert heading().case("untold") == Case("untold", None, "", {})
    assert heading().case("nothing") is None


def counts_on(refused: str, made: Heading) -> str:
    held = {name: SimpleNamespace(title=f"Title {name}") for name in "VWXYZ"}
    inputs: Any = SimpleNamespace(refused=frozenset(refused), held=held)
    return held_words("A", inputs, made)


@pytest.mark.parametrize(
    ("month", "alike", "when"),
    [
        (0, True, ""),
        (9, True, "in January to March "),
        (11, True, "in March "),
        (12, True, ""),
        (9, False, "in the months ahead "),
        (0, False, "in the months ahead "),
    ],
)
def test_a_scheme_that_is_not_assured_is_named_with_its_money_and_its_months(
    month: int, alike: bool, when: str
) -> None:
    assert counts_on("X", heading(month, alike=alike, X=2)) == (
        f"A: the plan counts {when}on X Title X (£2.0 million), which is not assured."
    )


def test_the_three_largest_are_named_and_the_rest_added_up() -> None:
    three = heading(name=HOLDS, X=2, Y=5, Z=3)
    assert counts_on("XYZ", three) == (
        "A: the forecast counts on Y Title Y (£5.0 million), Z Title Z (£3.0 million) and X Title X "
        "(£2.0 million), none of them assured."
    )
    assert "and 2 more (£3.0 million), none of them" in counts_on(
        "VWXYZ", heading(V=1, W=2, X=3, Y=5, Z=4)
    )
    assert "Y Title Y (£5.0 million) and X Title X" in counts_on("XY", heading(X=2, Y=5))


def test_what_a_ceiling_keeps_out_is_said_beside_it() -> None:
    assert counts_on("X", heading(X=2, Y=5)) == (
        "A: the plan counts on X Title X (£2.0 million), which is not assured; £5.0 million in it is "
        "of 1 scheme that a ceiling of harm or what it needs keeps out."
    )
    assert counts_on("", heading(X=2, Y=5)) == (
        "A: £7.0 million in it is of 2 schemes that a ceiling of harm or what they need keeps out."
    )
    assert counts_on("X", heading()) == ""


def test_the_months_after_the_last_one_recorded() -> None:
    assert [ahead_words(month) for month in (1, 10, 11)] == [
        "May to March",
        "February to March",
        "March",
    ]


def over(*months: int) -> bool:
    base = {f"S{n}": SimpleNamespace(month=month) for n, month in enumerate(months)}
    model = SimpleNamespace(under=lambda node: [*base, "bare"])
    inputs: Any = SimpleNamespace(model=model, arrangement=SimpleNamespace(base=base))
    assert rests_on(inputs, "A", 1, ["X"]) == ["X"]
    assert tuple(rests_on(inputs, "A", 0, ["X"])) == (() if is_over(inputs, "A") else ("X",))
    return is_over(inputs, "A")


def test_a_year_is_over_where_all_that_makes_it_is_recorded_to_march() -> None:
    assert over(12) and over(12, 12)
    assert not over(12, 11) and not over()


# -- what drives it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.0, "no chance in any draw"),
        (0.009, "less than one chance in a hundred"),
        (0.01, "about 1% chance"),
        (0.1, "one chance in ten"),
        (0.125, "one chance in ten"),
        (0.15, "about 15% chance"),
        (0.25, "one chance in four"),
        (0.5, "one chance in two"),
        (0.524, "one chance in two"),
        (0.66, "two chances in three"),
        (0.8, "four chances in five"),
        (0.9, "nine chances in ten"),
        (0.99, "about 99% chance"),
        (0.991, "more than ninety-nine chances in a hundred"),
        (1.0, "certainty in every draw"),
    ],
)
def test_a_chance_is_said_as_people_say_it(chance: float, said: str) -> None:
    assert in_words(chance) == said


def test_drivers_are_ranked_by_their_share_and_grouped_by_owner_and_category(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """X (half a chance of 12), Y (of 6) and a certain Z: variances of 36, 9 and nil make 4 : 1."""

    def source(name: str, rate: float, owner: str, chance: float, category: str = "") -> Source:
        return Source(
            name,
            ((0, rate),),
            (("A", 1.0),),
            chance=chance,
            owner=owner,
            category=category,
        )

    made = (
        source("X", 100.0, "A", 0.5, "beds"),
        source("Y", 50.0, "B", 0.5),
        source("Z", 25.0, "A", 1.0, "beds"),
    )
    model = Model((YEAR,), {"A": (0,)}, made, {"A": ("A",)})
    draws = run(model, draws=20_000, threads=1)
    inputs: Any = SimpleNamespace(
        year=YEAR, row=lambda name: SimpleNamespace(title=f"Title {name}") if name != "Z" else None
    )
    answer = Answer("risk")
    rows = drivers(answer, inputs, draws, "A", contributions(draws, {"A": 1_000})["A"])
    assert [row["driver"] for row in rows] == ["X", "Y", "Z"]
    assert [row["variance_share"] for row in rows] == pytest.approx([0.8, 0.2, 0.0], abs=0.02)
    assert [row["sd_pence"] for row in rows] == pytest.approx([600, 300, 0], abs=6)
    assert [row["mean_pence"] for row in rows] == pytest.approx([600, 300, 300], abs=12)
    assert [row["title"] for row in rows] == ["Title X", "Title Y", "Z"]
    assert [(row["owner"], row["category"], row["kind"]) for row in rows] == [
        ("A", "beds", "scheme"),
        ("B", "", "scheme"),
        ("A", "beds", "scheme"),
    ]
    assert sum(row["missing_share"] for row in rows) == pytest.approx(1, abs=1e-5)  # type: ignore[misc]
    groups = {
        (row["by"], row["group"]): row["variance_share"] for row in answer.rows("driver_groups")
    }
    assert groups == {
        ("organisation", "A"): pytest.approx(0.8, abs=0.02),
        ("organisation", "B"): pytest.approx(0.2, abs=0.02),
        ("category", "beds"): pytest.approx(0.8, abs=0.02),
        ("category", "none given"): pytest.approx(0.2, abs=0.02),
    }
    bars = answer.rows("tornado")
    assert [bar["driver"] for bar in bars] == ["X", "Y"]  # Z does not move
    mean = float(draws.node("A").mean())
    assert bars[0]["mean_pence"] == round(mean)
    assert bars[0]["high_pence"] - bars[0]["low_pence"] == pytest.approx(1_200, abs=1)
    assert bars[0]["low_pence"] == pytest.approx(mean - 600, abs=12)
    monkeypatch.setattr(drawn_drivers, "TORNADO", 1)
    fewer = Answer("risk")
    drivers(fewer, inputs, draws, "A", contributions(draws, {"A": None})["A"])
    assert [bar["driver"] for bar in fewer.rows("tornado")] == ["X"]
    assert {row["missing_share"] for row in fewer.rows("drivers")} == {None}
    assert {row["missing_share"] for row in fewer.rows("driver_groups")} == {None}

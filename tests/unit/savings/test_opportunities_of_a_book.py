"""A book's lists of opportunities by hand: each, their total between two bounds, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from controltotal.core.result import Answer, Result
from controltotal.savings.overlap.book import add_book
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of


def one(name: str, view: str, value: int, **more: str) -> Cells:
    """An opportunity of T1, in pounds."""
    return {
        "id": name,
        "view": view,
        "organisation": "T1",
        "year": YEAR,
        "category": "beds",
        "value": str(value),
        "unit": "£",
        **more,
    }


def link(share: str, a: str = "beds", b: str = "beds") -> Cells:
    return {
        "view_a": "GIRFT",
        "category_a": a,
        "view_b": "RightCare",
        "category_b": b,
        "share": share,
    }


def answered(
    rows: Sequence[Cells],
    amounts: Sequence[Cells] = (),
    crosswalk: Sequence[Cells] = (),
    year: str | None = None,
    organisation: str | None = None,
) -> Result:
    tables = {"opportunities": list(rows), **({"crosswalk": list(crosswalk)} if crosswalk else {})}
    position = position_of(book(*amounts, tree=TREE, **tables))
    answer = Answer("opportunities", position.ref, {})
    assert add_book(answer, Workings(position), year, organisation) is bool(rows)
    return answer.result()


def total(result: Result, code: str = "T1", year: str = YEAR) -> dict[str, float | None]:
    name = f"opportunity_total/{code}/{year}/plan/"
    found = {f.id.removeprefix(name): f.value for f in result.figures if f.id.startswith(name)}
    return {part: None if v is None else v / 100 for part, v in found.items()}


TWO = [
    one("A", "GIRFT", 60, low="50", high="70"),
    one("B", "RightCare", 40, category="theatres"),
    one("C", "RightCare", 30, organisation="T2"),
    one("D", "GIRFT", 20, parent="A", category="part"),
]


def test_two_lists_are_worth_at_least_the_larger_and_at_most_both() -> None:
    """Of A only its part D is added: First has 20 and 40, Second 30."""
    result = answered(TWO, [amount("T1", "position", -100), amount("T2", "position", 5)])
    assert total(result) == {
        "view/GIRFT": 20,
        "view/RightCare": 40,
        "naive": 60,
        "lower": 40,
        "upper": 60,
        "netted": None,
    }
    assert total(result, "T2") == {
        "view/RightCare": 30,
        "naive": 30,
        "lower": 30,
        "upper": 30,
        "netted": 30,
    }
    assert total(result, "S1") == {
        "view/GIRFT, providers": 20,
        "view/RightCare, providers": 70,
        "naive": 90,
        "lower": 70,
        "upper": 90,
        "netted": None,
    }
    bounded = result.figure(f"opportunity_total/T1/{YEAR}/plan/netted")
    assert bounded is not None
    assert (bounded.status, bounded.low, bounded.high) == ("bounded", 4_000, 6_000)
    whole = result.figure(f"opportunity/T1/{YEAR}/plan/A")
    assert whole is not None and (whole.value, whole.low, whole.high) == (6_000, 5_000, 7_000)
    assert [row["leaf"] for row in result.tables["opportunities"]] == ["no", "yes", "yes", "yes"]
    assert "never added" in result.trace[whole.id].rule
    assert result.trace[f"opportunity_total/T1/{YEAR}/plan/view/GIRFT"].inputs == (
        f"opportunity/T1/{YEAR}/plan/D",
    )
    assert [(f.code, f.organisation) for f in result.findings] == [("OPPORTUNITY_PARENT", "T1")]


def test_half_of_the_deficit_beside_what_there_is_to_find() -> None:
    plan = [amount("T1", "position", -100), amount("T2", "position", 5)]
    gaps = {row["organisation"]: dict(row) for row in answered(TWO, plan).tables["gap"]}
    assert gaps["T1"] == {
        "organisation": "T1",
        "year": YEAR,
        "basis": "plan",
        "gap": 10_000,
        "half": 5_000,
        "left_if_half_is_found": 5_000,
        "share_needed_of_upper": pytest.approx(50 / 60),
        "share_needed_of_lower": pytest.approx(50 / 40),
    }
    assert gaps["S1"]["gap"] == 9_500
    assert "T2" not in gaps  # a surplus has no gap
    ahead = [*plan, amount("T1", "position", -70, basis="forecast")]
    (row,) = answered(TWO[:1], ahead).tables["gap"]
    assert (row["basis"], row["gap"]) == ("forecast", 7_000)
    even = answered(TWO[:1], [amount("T1", "position", 0)])
    assert "gap" not in even.tables or not even.tables["gap"]


def test_words_say_the_range_and_what_it_rests_on() -> None:
    words = answered(TWO, [amount("T1", "position", -100)]).words
    said = [text for text in words if text.startswith("First")]
    assert said == [
        "First, 2026/27: GIRFT (£20) and RightCare (£40) look at the same money. Together they are "
        "worth at least £40 and at most £60: theoretical, before anybody has judged what can be "
        "done safely or turned into cash. The upper bound of £60 is the plain sum of the lists: it "
        "holds only if they share no pound, and is no target."
    ]
    assert "£50 would remain." in " ".join(words)
    assert any("RightCare (£30) is the only list" in text for text in words)


def test_only_the_year_and_the_bodies_asked_for() -> None:
    rows = [*TWO, one("E", "GIRFT", 9, year="2027-28")]
    every = answered(rows)
    assert total(every, year="2027-28")["upper"] == 9
    later = answered(rows, year="2027-28")
    assert {f.id.split("/")[2] for f in later.figures} == {"2027-28"}
    first = answered(rows, organisation="T1")
    assert {f.id.split("/")[1] for f in first.figures} == {"T1"}
    assert {f.id.split("/")[1] for f in answered(rows, organisation="S1").figures} == {
        "S1",
        "T1",
        "T2",
    }


def test_a_cost_is_no_opportunity_and_nil_is_one() -> None:
    result = answered([one("A", "GIRFT", -1), one("B", "GIRFT", 0), one("C", "GIRFT", 5)])
    (told,) = result.findings
    assert (told.code, told.where, told.organisation) == (
        "OPPORTUNITY_NEGATIVE",
        "opportunities row 2",
        "T1",
    )
    assert total(result)["naive"] == 5
    assert [row["id"] for row in result.tables["opportunities"]] == ["B", "C"]


def test_a_circle_and_a_parent_that_nobody_lists_are_told() -> None:
    rows = [
        one("A", "GIRFT", 5, parent="B"),
        one("B", "GIRFT", 5, parent="A"),
        one("C", "GIRFT", 7),
    ]
    result = answered(rows)
    (told,) = result.findings
    assert (told.code, told.found) == ("OPPORTUNITY_CIRCLE", "A, B")
    assert told.where == "opportunities row 2, opportunities row 3"
    assert total(result)["naive"] == 7
    lost = answered([one("A", "GIRFT", 5, parent="gone")])
    assert [(f.code, f.found) for f in lost.findings] == [("OPPORTUNITY_PARENT", "gone")]
    whole = answered([one("A", "GIRFT", 5), one("B", "GIRFT", 5, parent="A")])
    assert whole.findings == ()


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        (["0.5"], []),
        (["0.5", "0.5"], []),
        (["0.5", "0.6"], ["1.1"]),
        (["1.1"], ["1.1"]),
        (["-0.1"], ["-0.1"]),
        (["-0.1", "0.5"], ["0.4"]),
    ],
)
def test_shares_of_a_category_come_to_the_whole_at_most(shares: list[str], told: list[str]) -> None:
    rows = [one("A", "GIRFT", 20, spend="100"), one("B", "RightCare", 40, spend="100")]
    links = [link(share, b=name) for share, name in zip(shares, ("beds", "clinics"), strict=False)]
    result = answered(rows, crosswalk=links)
    assert [f.found for f in result.findings if f.code == "CROSSWALK_SHARE"] == told
    assert len(result.findings) == len(told)
    netted = total(result)["netted"]
    if not told:
        assert netted is not None and 40 <= netted <= 60


def test_a_list_that_saves_more_than_it_spends_is_told() -> None:
    result = answered([one("A", "GIRFT", 120, spend="100"), one("B", "RightCare", 40, spend="100")])
    assert [f.code for f in result.findings] == ["OPPORTUNITY_SPEND"]
    assert result.findings[0].where == "opportunities, view GIRFT"


def test_a_row_that_nobody_could_read_leaves_its_body_untold() -> None:
    result = answered([one("A", "GIRFT", 20), one("B", "GIRFT", 20, unit="€")])
    assert total(result).get("naive") is None
    assert "opportunity_total" in {f.id.split("/")[0] for f in result.figures}


def test_a_row_of_another_year_that_nobody_could_read_says_nothing_of_the_year_asked_for() -> None:
    rows = [one("A", "GIRFT", 20), one("B", "GIRFT", 20, unit="€", year="2027-28")]
    result = answered(rows, year=YEAR)
    assert {f.id.split("/")[2] for f in result.figures} == {YEAR}
    assert total(result)["naive"] == 20
    later = answered(rows, year="2027-28")
    assert {f.id.split("/")[2] for f in later.figures} == {"2027-28"}
    assert total(later, year="2027-28")["naive"] is None


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "row 2 could not be read"),
        (3, "row 2 and opportunities row 3 and opportunities row 4 could not be read"),
        (4, "row 4 and 1 more row could not be read"),
        (5, "row 4 and 2 more rows could not be read"),
    ],
)
def test_three_rows_that_nobody_could_read_are_named_and_the_others_counted(
    count: int, said: str
) -> None:
    rows = [one(name, "GIRFT", 20, unit="€") for name in "ABCDE"[:count]]
    (words,) = [text for text in answered(rows).words if "could not be read" in text]
    assert said in words


def test_a_row_of_nobody_that_nobody_could_read_is_told_of_nobody() -> None:
    result = answered([one("A", "GIRFT", 20), one("B", "GIRFT", 20, organisation="", unit="€")])
    assert {f.id.split("/")[1] for f in result.figures} == {"T1"}
    assert total(result)["naive"] == 20


def test_a_plain_sum_above_what_lists_can_be_worth_is_no_target() -> None:
    rows = [one("A", "GIRFT", 60, spend="100"), one("B", "RightCare", 50, spend="100")]
    (said,) = [text for text in answered(rows).words if text.startswith("First")]
    assert "at least £60 and at most £100, £80 where shared money is saved once" in said
    assert said.endswith(
        "The plain sum of the lists, £110, counts shared pounds twice and is no target."
    )


def test_of_many_bodies_only_those_with_several_lists_are_told_in_words() -> None:
    """With T1 and T2 their system is the third body; T1 alone has two lists."""
    rows = [
        one("A", "GIRFT", 20),
        one("B", "RightCare", 20),
        one("C", "GIRFT", 5, organisation="T2"),
    ]
    assert [text.split(",")[0] for text in answered(rows).words] == ["System", "First", "Second"]
    tree = [*TREE, {"code": "T3", "name": "Third", "kind": "provider", "parent": "S1"}]
    more = [*rows, one("D", "GIRFT", 5, organisation="T3")]
    position = position_of(book(tree=tree, opportunities=more))
    answer = Answer("opportunities", position.ref, {})
    add_book(answer, Workings(position))
    assert [text.split(",")[0] for text in answer.result().words] == ["System", "First"]

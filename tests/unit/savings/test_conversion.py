"""What opportunities became, how they are listed, and what is said of those that nobody could read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.core.result import Answer, Result
from controltotal.savings.overlap.book import add_book
from controltotal.savings.overlap.conversion import Conversion, _names, conversions
from controltotal.savings.overlap.listed import (
    Listed,
    circular,
    disagreeing,
    leaves,
    read_listed,
    said_year,
)
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, position_of


def listed(name: str, value: int = 1_000, **more: Any) -> Listed:
    return Listed(name, "v", "T1", "c", YEAR, value, **more)


def scheme(code: str, opportunity: object, effect: int | None = 300, entry: int = 0) -> Any:
    return SimpleNamespace(id=code, opportunity=opportunity, full_year_effect=effect, entry=entry)


def fact(code: str | None, value: float | None, name: str = "savings_delivered") -> Any:
    return SimpleNamespace(scheme=code, fact=name, value=value, entry=90)


# -- conversion ------------------------------------------------------------------------------------


def test_schemes_draw_on_the_first_opportunity_that_they_name() -> None:
    found = conversions(
        [listed("B"), listed("A"), listed("C")],
        [
            scheme("S1", "A", 300, 5),
            scheme("S2", "X; B;A", 200, 6),
            scheme("S3", ("A",), None, 7),
            scheme("S4", "X", 900),
            scheme("S5", None, 900),
        ],
        [fact("S1", 99.6), fact("S1", 0.5), fact("S2", 7, "cost_released"), fact(None, 8)],
    )
    assert [(one.opportunity.id, one.schemes) for one in found] == [
        ("A", ["S1", "S3"]),
        ("B", ["S2"]),
    ]
    first, second = found
    assert (first.planned, first.delivered, first.entries) == (300, 100, [5, 7, 90, 90])
    assert (second.planned, second.delivered, second.entries) == (200, None, [6])
    nothing = conversions([listed("A")], [scheme("S1", "A", None)], [fact("S1", None)])
    assert (nothing[0].planned, nothing[0].delivered) == (None, None)


@pytest.mark.parametrize(
    ("value", "pence", "share"),
    [(1_000, 300, 0.3), (1_000, 0, 0.0), (1_000, None, None), (0, 300, None), (1, 300, 300.0)],
)
def test_a_share_is_of_an_opportunity_above_nil(
    value: int, pence: int | None, share: float | None
) -> None:
    assert Conversion(listed("A", value)).share(pence) == share


@pytest.mark.parametrize(
    ("text", "names"),
    [(None, ()), ("", ()), ("A", ("A",)), (" A ; ;B ", ("A", "B")), (("A", " B "), ("A", "B"))],
)
def test_opportunities_are_named_with_semicolons(text: object, names: tuple[str, ...]) -> None:
    assert _names(text) == names


# -- lists -----------------------------------------------------------------------------------------


def row(name: str, **more: str) -> Cells:
    cells = {"id": name, "view": "v", "organisation": "T1", "category": "beds", "value": "5"}
    return {**cells, "unit": "£", "year": YEAR, **more}


def read(*rows: Cells, default: str = "") -> dict[str, Listed]:
    position = position_of(book(tree=TREE, opportunities=list(rows)))
    return {one.id: one for one in read_listed(position.book.opportunities, default)}


@pytest.mark.parametrize(
    ("text", "group", "reason"),
    [
        ("", "", ""),
        ("no", "", ""),
        ("None", "", ""),
        ("beds", "beds", ""),
        (" beds : other wards ", "beds", "other wards"),
        ("no: they meet", "", "they meet"),
    ],
)
def test_a_group_is_named_with_its_reason(text: str, group: str, reason: str) -> None:
    one = read(row("A", **({"disjoint": text} if text else {})))["A"]
    assert (one.group, one.reason) == (group, reason)


def test_a_row_is_of_its_own_year_else_of_the_books() -> None:
    assert read(row("A"), default="2030-31")["A"].year == YEAR
    assert read(row("A", year=""), default="2030-31")["A"].year == "2030-31"
    assert read(row("A", year=""))["A"].year == "undated"
    assert (said_year(YEAR), said_year("undated")) == ("2026/27", "undated")
    plain = read(row("B"), row("A", category="wards"))
    assert list(plain) == ["A", "B"]
    assert (plain["A"].category, plain["B"].category) == ("wards", "beds")
    assert (plain["B"].value, plain["B"].parent, plain["B"].where) == (
        500,
        "",
        "opportunities row 2",
    )


def test_only_leaves_are_added_and_a_parent_that_differs_is_told_with_its_sum() -> None:
    tree = [
        listed("P", 100),
        listed("A", 60, parent="P"),
        listed("B", 40, parent="P"),
        listed("C", 30, parent="B"),
        listed("L", 7, parent="elsewhere"),
    ]
    assert [one.id for one in leaves(tree)] == ["A", "C", "L"]
    assert [(one.id, total) for one, total in disagreeing(tree)] == [("B", 30)]


@pytest.mark.parametrize(
    ("parents", "ring"),
    [
        ({"A": "B", "B": "A"}, ("A", "B")),
        ({"A": "A"}, ("A",)),
        ({"A": "B", "B": "C", "C": "B"}, ("B", "C")),
        ({"A": "B", "B": "C"}, ()),
        ({"A": "", "B": ""}, ()),
    ],
)
def test_opportunities_that_contain_themselves(
    parents: dict[str, str], ring: tuple[str, ...]
) -> None:
    assert circular(listed(name, parent=parent) for name, parent in parents.items()) == ring


# -- from a book -----------------------------------------------------------------------------------


def answered(*rows: Cells, **tables: list[Cells]) -> Result:
    position = position_of(book(tree=TREE, opportunities=list(rows), **tables))
    answer = Answer("opportunities", position.ref, {})
    assert add_book(answer, Workings(position))
    return answer.result()


SCHEME: Cells = {
    "id": "S1",
    "organisation": "T1",
    "title": "Beds",
    "recurrence": "recurrent",
    "maturity": "in_progress",
    "full_year_effect": "2",
    "unit": "£",
    "opportunity": "A",
}


def test_the_planned_and_the_delivered_share_of_an_opportunity_are_figures() -> None:
    done = {"organisation": "T1", "scheme": "S1", "year": YEAR, "unit": "£"}
    result = answered(
        row("A"),
        row("B"),
        schemes=[SCHEME],
        facts=[{**done, "fact": "savings_delivered", "value": "1"}],
    )
    base = f"opportunity_conversion/T1/{YEAR}"
    assert result.value(f"{base}/plan/A") == 0.4
    assert result.value(f"{base}/actual/A") == 0.2
    assert result.trace[f"{base}/plan/A"].inputs == (f"opportunity/T1/{YEAR}/plan/A",)
    assert len(result.trace[f"{base}/plan/A"].entries) == 2
    (line,) = result.tables["conversion"]
    assert dict(line) == {
        "opportunity": "A",
        "organisation": "T1",
        "year": YEAR,
        "category": "beds",
        "value": 500,
        "schemes": "S1",
        "planned_full_year": 200,
        "planned_share": 0.4,
        "delivered": 100,
        "delivered_share": 0.2,
    }
    planned = answered(row("A"), schemes=[SCHEME])
    assert planned.figure(f"{base}/actual/A") is None


def lost(number: int, **more: str) -> Cells:
    return row(f"X{number}", value="a lot", **more)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "opportunities row 3 could not be read"),
        (3, "opportunities row 3 and opportunities row 4 and opportunities row 5 could"),
        (4, "row 5 and 1 more row could not be read"),
        (5, "row 5 and 2 more rows could not be read"),
    ],
)
def test_a_total_with_a_row_that_nobody_could_read_is_not_told(count: int, said: str) -> None:
    result = answered(row("A"), *(lost(n) for n in range(count)))
    parts = {
        one.id.split("/plan/")[1]: (one.value, one.unknown)
        for one in result.figures
        if one.measure == "opportunity_total" and one.organisation == "T1"
    }
    assert parts == dict.fromkeys(
        ("view/v", "naive", "lower", "upper", "netted"), (None, "stopped")
    )
    assert said in result.trace[f"opportunity_total/T1/{YEAR}/plan/naive"].rule
    (words,) = result.said("T1", "opportunity", year=YEAR)
    assert words.startswith("First, 2026/27: what its opportunities are worth together cannot be")
    assert said in words
    assert result.value(f"opportunity/T1/{YEAR}/plan/A") == 500


def test_a_row_of_another_year_leaves_the_total_told() -> None:
    result = answered(row("A"), lost(1, year="2025-26"))
    assert result.value(f"opportunity_total/T1/{YEAR}/plan/naive") == 500
    unread = answered(row("A"), lost(1, year="last year"))
    assert unread.figure(f"opportunity_total/T1/{YEAR}/plan/naive").value is None  # type: ignore[union-attr]


def test_a_saving_below_nil_is_left_out_and_said() -> None:
    result = answered(row("A"), row("B", value="-5,000,000"), row("C", value="0"))
    (said,) = [one for one in result.findings if one.code == "OPPORTUNITY_NEGATIVE"]
    assert (said.severity, said.where, said.found) == ("error", "opportunities row 3", "(5.0)")
    assert result.value(f"opportunity_total/T1/{YEAR}/plan/naive") == 500
    assert result.figure(f"opportunity/T1/{YEAR}/plan/B") is None
    assert result.value(f"opportunity/T1/{YEAR}/plan/C") == 0

"""What stands beside the draws: the support that is measured, and the rows that figures rest on."""

from __future__ import annotations

from controltotal import verbs
from controltotal.core.result import Result
from tests.small_books import book
from tests.strategies import Book, Cells, amount, control_total, position_of

BODIES: list[Cells] = [
    {"code": code, "name": f"Body {code}", "kind": "provider"} for code in ("A", "B", "C", "D", "E")
] + [{"code": "N", "name": "Centre", "kind": "commissioner"}]


def lent(number: int, to: str, pounds: int, condition: str = "") -> Cells:
    return {
        "id": f"T{number}",
        "from": "N",
        "to": to,
        "year": "2026-27",
        "amount": str(pounds),
        "kind": "deficit_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
        "condition": condition,
    }


def register(code: str, number: int = 1, kind: str = "risk") -> Cells:
    """A line that is certain to come: 10 pounds."""
    return {
        "id": f"R{number}",
        "organisation": code,
        "title": "Winter",
        "kind": kind,
        "gross": "10",
        "chance": "1",
    }


def lending() -> Book:
    """A counts its support of 40; B has none; C's hangs on its total, which it meets; D's total
    does not say whether support counts; of E no position is known."""
    return book(
        *(amount(code, "position", -100) for code in ("A", "B", "C", "D", "N")),
        tree=BODIES,
        risks=[register(code, number) for number, code in enumerate("ABCDE", start=1)],
        transfers=[
            lent(1, "A", 40),
            lent(2, "C", 40, "control total met"),
            lent(3, "D", 40),
            lent(4, "E", 40),
        ],
        control_totals=[
            control_total("A", -70, includes_support="yes"),
            control_total("B", -100, includes_support="yes"),
            control_total("C", -70, includes_support="yes"),
            control_total("D", -70),
            control_total("E", -70, includes_support="yes"),
            control_total("N", -100, includes_support="no"),
        ],
    )


def test_the_measured_position_stands_beside_a_control_total_that_counts_support() -> None:
    """(100) less a risk of 10 is (110); with 40 of support it is measured at (70)."""
    rows = verbs.risk(position_of(lending()), draws=50).tables["measured"]
    told = {row["organisation"]: row for row in rows}
    assert sorted(told) == ["A", "C", "D"]
    quantiles = ("p10_pence", "p50_pence", "p90_pence")
    assert told["A"]["support_pence"] == 4_000
    assert {told["A"][name] for name in quantiles} == {-7_000}
    assert told["C"]["support_pence"] is None
    assert {told["C"][name] for name in quantiles} == {-7_000}
    assert {told["D"][name] for name in ("support_pence", *quantiles)} == {None}


def entries(result: Result, code: str) -> set[int]:
    return set(result.trace[f"outturn_mean/{code}/2026-27/forecast"].entries)


def test_the_mean_rests_on_the_register_and_on_schemes_taken_out_of_the_plan() -> None:
    """A's scheme has no gate: it brings nothing, and what the plan held of it is taken out."""
    scheme = {
        "id": "S1",
        "organisation": "A",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "fully_developed",
        "in_plan": "yes",
        "start": "2026-04-01",
        "full_year_effect": "12",
        "owner": "Head of pay",
    }
    position = position_of(
        book(
            *(amount(code, "position", -100) for code in ("A", "B", "C")),
            tree=BODIES,
            schemes=[scheme],
            risks=[register("A"), register("B", 2, "mitigation")],
        )
    )
    result = verbs.risk(position, draws=50)
    assert result.value("outturn_mean/A/2026-27/forecast") == (-100 - 12 - 10) * 100
    assert result.value("outturn_mean/B/2026-27/forecast") == (-100 + 10) * 100
    rows = {row.id: row.entry for row in (*position.book.schemes, *position.book.risks)}
    assert entries(result, "A") == {rows["S1"], rows["R1"]}
    assert entries(result, "B") == {rows["R2"]}
    assert entries(result, "C") == set()


def certain() -> Result:
    """A is certain to lose 10 more and B to gain 10 back; A holds 4 for what may come."""
    held = {"organisation": "A", "fact": "contingency", "year": "2026-27", "value": "4"}
    facts = [
        {**held, "unit": "£"},
        {**held, "unit": "£", "scenario": "low", "value": "99"},
        {**held, "unit": "£", "year": "2027-28", "value": "99"},
        {**held, "unit": "£", "organisation": "C", "value": "99"},
    ]
    scheme = {
        "id": "S1",
        "organisation": "C",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "opportunity",
        "in_plan": "no",
        "start": "2026-04-01",
        "full_year_effect": "12",
    }
    rows = (amount(code, "position", -100) for code in ("A", "B", "C"))
    risks = [register("A"), register("B", 2, "mitigation")]
    position = position_of(book(*rows, tree=BODIES, risks=risks, facts=facts, schemes=[scheme]))
    return verbs.risk(position, draws=50)


def test_the_register_by_its_chances_and_what_is_held_against_it() -> None:
    """(100) less 10 is (110), of which 4 are held; (100) and 10 are (90); C has no register."""
    result = certain()
    assert result.value("risk_adjusted/A/2026-27/forecast") == -10_600
    assert result.value("risk_adjusted/B/2026-27/forecast") == -9_000
    assert result.figure("risk_adjusted/C/2026-27/forecast") is None
    assert result.value("outturn_mean/A/2026-27/forecast") == -11_000


def test_what_is_certain_has_no_spread_at_any_quantile_or_month() -> None:
    """A loses 110 evenly: 9.17 a month, and all of it by March."""
    result = certain()
    assert result.value("outturn_sd/A/2026-27/forecast") == 0
    of_a = [row for row in result.tables["quantiles"] if row["organisation"] == "A"]
    assert len(of_a) == len({row["quantile"] for row in of_a}) > 3
    assert {(row["pence"], row["low_pence"], row["high_pence"]) for row in of_a} == {(-11_000,) * 3}
    course = [row for row in result.tables["fan"] if row["organisation"] == "A"]
    assert [row["month"] for row in course] == list(range(1, 13))
    assert course[-1]["p10_pence"] == course[-1]["p90_pence"] == -11_000


def test_a_scheme_that_does_not_count_is_listed_with_its_reason() -> None:
    (row,) = certain().tables["schemes"]
    assert (row["scheme"], row["organisation"]) == ("S1", "C")
    assert (row["counted"], row["eligible"]) == (False, False)
    assert row["reason"]

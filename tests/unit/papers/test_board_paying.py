"""The page on who pays and who decides: only where somebody inside pays, receives or votes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from controltotal.core.result import Answer, BookRef, Result
from controltotal.papers.board_paying import POLICY, paying_page
from controltotal.papers.sections import Section
from controltotal.sharing.policy import POLICIES
from tests.board_results import FOCUS, REGISTER, example, focus, made, numbers, words

M = 100_000_000
YEAR = "2026-27"


def transfer(giver: str, receiver: str, pence: int, status: str = "agreed", **more: object):
    return {
        "id": f"{giver}-{receiver}",
        "from": giver,
        "to": receiver,
        "year": YEAR,
        "amount_pence": pence,
        "kind": "neighbour_support",
        "status": status,
        "repay_from": None,
        "repay_years": None,
        "condition": None,
        **more,
    }


def sharing(tables: dict[str, list[dict[str, object]]], **options: object) -> Result:
    answer = Answer("share", BookRef("made"), {"gap": 10 * M, **options})
    for name, rows in tables.items():
        answer.table(name, rows)
    return answer.result()


def share(policy: str, body: str, pence: int | None) -> dict[str, object]:
    return {"policy": policy, "organisation": body, "pence": pence}


def by_hand(
    transfers: Sequence[dict[str, object]] = (),
    at_risk: Sequence[dict[str, object]] = (),
    **more: Result,
) -> list[Section]:
    results: dict[str, Any] = {
        "register": made("register", {**REGISTER.tables, "transfers": transfers}),
        "position": made("position", {"support_at_risk": at_risk}),
        **more,
    }
    return paying_page(results, FOCUS)


def test_every_way_to_share_has_its_words() -> None:
    assert set(POLICY) == set(POLICIES)


def test_support_is_named_with_its_status_and_what_is_paid_back() -> None:
    rows = [
        transfer("Z", "A", 4 * M, "proposed", repay_from="2027-28", repay_years=3.0),
        transfer("B", "A", 6 * M, condition="Both totals move", qualifier="around"),
        transfer("Z", "S", 9 * M, "lapsed"),
        transfer("Z", "Q", 99 * M),
        transfer("B", "A", 50 * M, year="2025-26"),
    ]
    lead, support = by_hand(rows)
    assert lead.words == ("Beech to Alder: £6.0m of support, agreed.",)
    (table,) = support.tables
    assert [row["amount_pence"].value for row in table.rows] == [6 * M, 4 * M, 9 * M]
    first, second, _ = table.rows
    assert (first["giver"], first["receiver"], first["condition"]) == (
        "Beech",
        "Alder",
        "Both totals move",
    )
    assert first["status"] == "agreed (a source says “around”)" and not first["back"]
    assert second["back"] == "2027/28 on, 3 years" and second["giver"] == "Zelkova"


def test_years_in_which_something_is_paid_back_are_told_on_the_forecast() -> None:
    row = {"transfer": "T", "status": "agreed", "giver": "Z", "receiver": "A", "opening": 4 * M}
    row |= {"closing": 2 * M, "repaid": 2 * M, "written_off": 0, "basis": "plan", "year": "2027-28"}
    rows = [
        row,
        {**row, "basis": "forecast", "repaid": M, "closing": 3 * M},
        {**row, "year": "2028-29", "repaid": 0, "closing": 4 * M},
        {**row, "year": "2026-27"},
        {**row, "year": "2029-30", "receiver": "Q"},
    ]
    _, support = by_hand([transfer("Z", "A", M)], share=made("share", {"repayments": rows}))
    back = support.tables[1]
    assert [(one["year"], one["repaid"].value) for one in back.rows] == [("2027/28", M)]


def test_the_headline_says_for_whom_from_whom_and_who_must_follow() -> None:
    rows = [transfer("Z", "A", 4 * M, "proposed"), transfer("B", "A", 6 * M)]
    decision = {
        "decision": "D1",
        "title": "Merge two wards",
        "rule": "majority",
        "on": "2026-05-28",
        "outcome": "passed",
        "why": "",
    }
    votes = [
        {"decision": "D1", "organisation": "A", "vote": "against", "bound": True, "why": ""},
        {"decision": "D1", "organisation": "B", "vote": "for", "bound": False, "why": ""},
        {"decision": "D2", "organisation": "Z", "vote": "against", "bound": True, "why": ""},
    ]
    decide = made(
        "decide", {"decisions": [decision, {**decision, "decision": "D2"}], "bound": votes}
    )
    lead, _, decided = by_hand(rows, sharing=sharing({}, to="A"), decide=decide)
    assert lead.words == (
        "£10.0m of support for Alder is agreed or proposed, from Zelkova and Beech.",
        "Alder must follow “Merge two wards” after voting against it.",
    )
    (row,) = decided.tables[0].rows
    assert (row["outcome"], row["against"], row["follows"]) == (
        "passed, 28 May 2026",
        "Alder",
        "Alder",
    )


def test_support_that_may_be_withheld_is_told_and_nil_at_risk_is_not() -> None:
    row = {
        "organisation": "A",
        "year": YEAR,
        "at_risk_pence": 2 * M,
        "condition": "the plan is met",
    }
    lead, support = by_hand(at_risk=[row, {**row, "organisation": "B", "at_risk_pence": 0}])
    told = "£2.0m of Alder’s support may yet be withheld: the plan is met."
    assert lead.words == (told,) and support.points == (told,)


def test_few_payers_stand_side_by_side_and_a_way_without_an_answer_is_named() -> None:
    rows = [
        share("top_slice", "A", 4 * M),
        share("top_slice", "B", 6 * M),
        share("headroom", "A", None),
        share("raise_nationally", "A", 0),
    ]
    _, ways = by_hand(sharing=sharing({"shares": rows}, organisation="S"))
    (table,) = ways.tables
    assert [column.heading for column in table.columns] == ["Way", "Alder", "Beech"]
    assert len(table.rows) == 1 and table.rows[0]["payer1"].value == 6 * M
    assert table.note == "No answer from the data: by room left under the control total."


def test_of_many_payers_the_most_and_the_least_are_printed() -> None:
    rows = [share("top_slice", body, n * M) for n, body in enumerate("ABSZ", 1)]
    rows += [share("equal_call", body, 2 * M) for body in "ABSZ"]
    _, ways = by_hand(sharing=sharing({"shares": rows}, organisation="S"))
    printed, whole = ways.tables
    first, second = printed.rows
    assert (first["most"].value, first["most_by"], first["least_by"]) == (4 * M, "Zelkova", "Alder")
    assert (second["most"].value, second["most_by"]) == (2 * M, "each")
    assert whole.folded and len(whole.rows) == 8


def test_nothing_moves_and_nobody_decides_no_page() -> None:
    assert by_hand() == []
    assert by_hand([transfer("Z", "Q", M)], sharing=sharing({}, to="Q")) == []


def test_the_page_of_the_fictional_system_equals_its_answers() -> None:
    results = example()
    told = focus(results)
    parts = paying_page(results, told)
    support = parts[1].tables[0]
    sums = {row["giver"]: row["amount_pence"].value for row in support.rows}
    assert sums["Westerlow ICB"] == 600_000_000 and sums["Saltmere ICB"] == 400_000_000
    assert parts[0].words[0].startswith("£10.0m of support for Fenmarch and Alderwick ICB")
    every, linked = numbers(parts)
    assert every == linked > 40
    said = words(parts[:-1])
    for word in (" body", "bodies", " book", "_", "None", "XF-"):
        assert word not in said, word

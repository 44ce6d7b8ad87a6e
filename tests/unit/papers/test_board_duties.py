"""The page on duties: not met first, control totals from the first to the one in force."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controltotal.core.sourced import slots_of
from controltotal.papers.board_duties import duties_page
from controltotal.papers.sections import Section
from tests.board_results import FOCUS, REGISTER, example, focus, made, numbers, words

M = 100_000_000
YEAR = "2026-27"


def rule(body: str, title: str, status: str, pence: int | None = None, why: str = ""):
    return {
        "organisation": body,
        "year": YEAR,
        "rule": "r",
        "title": title,
        "status": status,
        "value": None,
        "unit": "pence",
        "consequence_pence": pence,
        "parameters": [],
        "unverified": [],
        "why": why,
    }


def total(body: str, pence: int | None, on: str, *, in_force: bool = True, by: str = "Region"):
    return {
        "organisation": body,
        "year": YEAR,
        "scenario": "",
        "pence": pence,
        "status": "accepted",
        "set_by": by,
        "set_on": on,
        "known_on": on,
        "in_force": in_force,
    }


def by_hand(**tables: list[dict[str, object]]) -> list[Section]:
    register = {name: tables.pop(name) for name in ("challenges", "nesting") if name in tables}
    made_register = made("register", {**REGISTER.tables, **register})
    return duties_page({"register": made_register, "position": made("position", tables)}, FOCUS)


def test_what_is_missed_stands_first_and_the_costliest_before_the_others() -> None:
    rules = [
        rule("A", "Met rule", "met", 0),
        rule("A", "A body's own control total", "breached", -1 * M, "RXA is in the book"),
        rule("B", "Each body breaks even", "waived", -3 * M),
        rule("S", "System total", "breached", -9 * M),
        rule("S", "Unknown rule", "indeterminate", None, "cannot be told: it is not stated"),
        rule("Z", "Of another", "breached", -99 * M),
    ]
    register = {"register": REGISTER, "position": made("position", {"rules": rules})}
    lead, binding = duties_page(register, replace(FOCUS, names={**FOCUS.names, "RXA": "Alder"}))
    assert lead.words == (
        "Of 5 duties and rules that bind in the year, 2 are not met, 1 is waived and 1 cannot be "
        "worked out.",
    )
    printed, folded = binding.tables
    assert [row["title"] for row in printed.rows] == [
        "System total",
        "An organisation's own control total",
        "Each organisation breaks even (waived)",
    ]
    assert printed.rows[1]["why"] == "Alder is in the data"
    assert [row["status"] for row in folded.rows] == ["cannot be worked out", "met"]
    assert folded.rows[0]["why"] == "It is not stated" and folded.folded


def test_one_rule_alone_is_said_as_one() -> None:
    lead, binding = by_hand(rules=[rule("A", "Rule", "breached", -1, "since 2026-03-20")])
    assert lead.words == ("One duty or rule binds in the year, and it is not met.",)
    assert binding.tables[0].rows[0]["why"] == "Since 20 March 2026"


def test_a_control_total_from_its_first_form_to_the_one_in_force() -> None:
    rows = [
        total("S", -6 * M, "2026-03-27", in_force=False),
        total("S", 2 * M, "2026-06-30", by="Nation"),
        total("A", 0, "2026-03-20"),
        total("Z", 5 * M, "2026-03-20"),
    ]
    change = {
        "system": "S",
        "year": YEAR,
        "day": "2026-06-30",
        "organisation": "A",
        "from_pence": 0,
        "to_pence": M,
        "change_pence": M,
        "set_by": "Region",
        "net_of_day_pence": M,
        "net_neutral": False,
    }
    _, totals = by_hand(control_totals=rows, control_total_changes=[change])
    first, changes = totals.tables
    shown = {row["body"]: row for row in first.rows}
    assert set(shown) == {"System", "Alder"}
    assert (shown["System"]["first"].value, shown["System"]["now"].value) == (-6 * M, 2 * M)
    assert shown["System"]["first_on"] == "27 March 2026"
    assert (shown["System"]["now_on"], shown["System"]["by"]) == ("30 June 2026", "Nation")
    assert shown["Alder"]["now_on"] == "unchanged" and shown["Alder"]["gap"] is None
    assert changes.rows[0]["change_pence"].value == M and changes.rows[0]["made"] == "no"


def test_who_watches_it_and_who_challenged_it() -> None:
    nesting = {
        "organisation": "S",
        "monitor": "the regional team",
        "consequence": "support is withheld",
        "appeal": "",
    }
    challenge = {
        "organisation": "A",
        "year": YEAR,
        "by": "Chair of Alder",
        "on": "2026-06-11",
        "grounds": "Set late",
        "answer": "",
        "outcome": "rejected",
    }
    _, totals, challenged = by_hand(
        control_totals=[total("S", 0, "2026-03-20")],
        nesting=[nesting],
        challenges=[challenge, {**challenge, "organisation": "Z"}],
    )
    assert totals.words == ("Watched by: the regional team. If it is missed: support is withheld.",)
    assert challenged.points == (
        "Alder, by Chair of Alder, 11 June 2026: “Set late”. No answer. Outcome: rejected.",
    )


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {"rules": [rule("S", "Unknown", "indeterminate"), rule("A", "Good", "met")]},
        {"control_totals": [total("S", None, "2026-03-20")]},
        {"rules": [rule("Z", "Of another", "breached", -1)]},
    ],
)
def test_nothing_missed_and_no_control_total_no_page(tables: dict[str, list]) -> None:
    assert by_hand(**tables) == []


def test_the_page_of_the_fictional_system_equals_its_answers() -> None:
    results = example()
    told = focus(results)
    parts = duties_page(results, told)
    gap = results["position"].value(f"gap/{told.organisation}/{told.year}/forecast")
    (first,) = [t for t in parts[1].tables if t.title.startswith("Control totals")]
    own = next(row for row in first.rows if row["gap"] is not None and row["gap"].value == gap)
    assert own["body"] == told.name(told.organisation)
    assert f"misses it by £{gap / M:.1f}m" in parts[0].words[0]
    every, linked = numbers(parts)
    assert linked >= 0.95 * every > 40
    said = words(parts)
    assert "Saltmere" not in said and "_" not in said and "XF-HOL" not in said
    assert " body" not in said and "bodies" not in said


def test_each_sum_and_share_of_a_reason_leads_to_its_rule() -> None:
    row = rule("A", "Savings", "breached", why="£1.2m is 3.5% of £34.0m in 2026/27")
    (table,) = (t for part in by_hand(rules=[row]) for t in part.tables)
    slots = slots_of(table.rows[0]["why"])
    assert [slot.shown for slot in slots] == ["£1.2m", "3.5%", "£34.0m"]
    assert {slot.source.key for slot in slots} == {f"rule/A/{YEAR}/r"}


def promise(text: str, due: str = "2026-12-31", **more: object) -> dict[str, object]:
    found = {"organisation": "A", "year": YEAR, "by": "Board", "on": "2026-04-30", "text": text}
    told = {"due": due, "promised_pence": None, "found_pence": None, "basis": "", "kept": None}
    return {**found, **told, **more}


def test_commitments_are_met_not_met_or_not_yet_due() -> None:
    month = {"organisation": "S", "year": YEAR, "line": "", "scheme": "", "month": 9}
    parts = by_hand(
        control_totals=[total("S", 0, "2026-03-20")],
        to_date=[month],
        promises=[
            promise("kept", "2026-10-31", kept=True, basis="actual", promised_pence=5),
            promise("later", "2027-03-31", kept=False, basis="forecast"),
            promise("broken.", "2026-10-31", kept=False, basis="actual"),
            promise("nobody looked", "2026-10-31"),
            promise("only planned", "2026-10-31", kept=True, basis="plan"),
            promise("some day", ""),
            promise("elsewhere", organisation="Z"),
        ],
    )
    (part,) = [one for one in parts if one.id == "duties-promised"]
    assert [(row["text"], row["status"]) for row in part.tables[0].rows] == [
        ("“broken”", "not met"),
        ("“nobody looked”", "due; the data do not say"),
        ("“only planned”", "due; its outcome is not told; the plan keeps it"),
        ("“later”", "not yet due; the forecast does not keep it"),
        ("“some day”", "not yet due"),
        ("“kept”", "met"),
    ]


def test_versions_of_the_plan_stand_with_their_day_and_office() -> None:
    first = {"organisation": "A", "year": YEAR, "version": "original", "day": "", "by": ""}
    later = {**first, "version": "change", "day": "2026-05-28", "by": "Region"}
    parts = by_hand(
        control_totals=[total("S", 0, "2026-03-20")],
        plan_versions=[
            {**first, "plan_pence": -5, "change_pence": None},
            {**later, "plan_pence": -7, "change_pence": -2},
            {**later, "by": "", "plan_pence": -8, "change_pence": -1},
        ],
    )
    (part,) = [one for one in parts if one.id == "duties-plans"]
    rows = part.tables[0].rows
    assert [(r["version"], r["day"], r["by"], r["plan"].value) for r in rows] == [
        ("Original", "", "", -5),
        ("Changed", "28 May 2026", "Region", -7),
        ("Changed", "28 May 2026", "not told", -8),
    ]

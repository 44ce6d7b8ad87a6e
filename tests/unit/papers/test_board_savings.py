"""The page on efficiencies: what it tells equals the answers, and nobody outside is in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controltotal.papers.board_savings import savings_page
from controltotal.papers.sections import Cell, Section
from tests.board_results import FOCUS, REGISTER, example, focus, made, numbers, words

M = 100_000_000


def by_category(group: str, category: str, planned: int | None, actual: int | None, **more: object):
    variance = None if planned is None or actual is None else actual - planned
    return {
        "organisation": "S",
        "year": "2026-27",
        "group": group,
        "category": category,
        "schemes": 1,
        "to_month": 9,
        "planned_pence": planned,
        "actual_pence": actual,
        "variance_pence": variance,
        "plan_year_pence": 30 * M,
        "forecast_pence": 24 * M,
        "variance_year_pence": -6 * M,
        "recurrent_pence": 18 * M,
        "unmarked_pence": 0,
        "recurrent_share": 0.75,
        **more,
    }


def awaited(scheme: str, body: str, pence: int) -> dict[str, object]:
    return {
        "scheme": scheme,
        "organisation": body,
        "title": f"Scheme {scheme}",
        "year": "2026-27",
        "plan_pence": pence,
        "full_year_pence": 2 * pence,
        "waits_for": ["gate G3", "chief nurse"],
    }


def refused(scheme: str, body: str, **more: object) -> dict[str, object]:
    return {
        "scheme": scheme,
        "organisation": body,
        "title": f"Closure {scheme}",
        "year": "2026-27",
        "by": "Quality Lead",
        "panel": False,
        "on": "2026-08-24",
        "why": "",
        "domain": "Safe",
        "score": 16,
        "in_plan": True,
        "plan_pence": M,
        "full_year_pence": M,
        "reason": "",
        **more,
    }


def by_hand(**tables: list[dict[str, object]]) -> list[Section]:
    told = {
        "savings_by_category": [
            by_category("", "", 20 * M, 15 * M),
            by_category("Pay", "", 10 * M, 4 * M),
            by_category("Pay", "Pay: bank", 10 * M, 4 * M),
            by_category("Non-pay", "", 10 * M, 11 * M),
        ],
        **tables,
    }
    return savings_page({"register": REGISTER, "schemes": made("schemes", told)}, FOCUS)


def test_the_page_begins_with_what_was_saved_and_what_the_year_will_bring() -> None:
    lead, kinds = by_hand()
    assert lead.lead and lead.level == 2
    assert lead.words == (
        "By the end of December the schemes that report had saved £15.0m of £20.0m planned: £5.0m "
        "less.",
        "The year is forecast to bring £24.0m of £30.0m planned, 75% of it recurrent.",
    )
    printed, folded = kinds.tables
    assert [row["name"] for row in printed.rows] == ["Pay", "Non-pay", "All schemes of the plan"]
    assert printed.rows[0]["variance_pence"] == Cell(
        -6 * M, "pence", "savings_by_category.variance_pence"
    )
    assert folded.folded and [row["name"] for row in folded.rows] == ["Pay: bank"]


def test_a_difference_too_small_to_tell_is_not_told() -> None:
    lead, *_ = by_hand(savings_by_category=[by_category("", "", 20 * M, 20 * M + 100)])
    assert lead.words[0].endswith("had saved £20.0m of £20.0m planned.")


def test_one_organisation_is_not_named_in_each_row() -> None:
    tables = {
        "savings_by_category": [by_category("", "", 20 * M, 15 * M, organisation="A")],
        "awaited": [awaited("A-1", "A", M)],
    }
    results = {"register": REGISTER, "schemes": made("schemes", tables)}
    *_, waiting = savings_page(results, replace(FOCUS, organisation="A"))
    assert "body" not in {column.key for column in waiting.tables[0].columns}


def test_what_nobody_reports_is_not_told_as_nil() -> None:
    lead, kinds = by_hand(
        savings_by_category=[by_category("", "", None, None, forecast_pence=None)]
    )
    assert lead.words == ("1 scheme of the plan is to save £30.0m in the year.",)
    row = kinds.tables[0].rows[0]
    assert row["actual_pence"].value is None and row["variance_pence"].value is None


def test_savings_without_a_plan_to_date_are_told_without_one() -> None:
    lead, kinds = by_hand(
        savings_by_category=[by_category("", "", None, 15 * M, schemes_untold=20)]
    )
    assert lead.words[0] == (
        "By the end of December the schemes that report had saved £15.0m. What they were to save by "
        "then is not told: the plan of 20 schemes is not told by month."
    )
    assert kinds.tables[0].rows[0]["planned_pence"].value is None


def test_a_forecast_that_nobody_marks_is_told_beside_the_share_of_what_is() -> None:
    lead, kinds = by_hand(
        savings_by_category=[by_category("", "", 20 * M, 15 * M, unmarked_pence=6 * M)]
    )
    assert lead.words[1] == (
        "The year is forecast to bring £24.0m of £30.0m planned, 75% recurrent of what is marked; of "
        "£6.0m the data do not say whether it repeats."
    )
    assert kinds.tables[0].note.endswith("the share of what the data mark as recurrent or not.")


def test_ten_schemes_are_printed_and_those_of_others_are_not_shown() -> None:
    rows = [awaited(f"A-{n:02}", "A", (30 - n) * M) for n in range(13)]
    held = {"organisation": "S", "year": "2026-27", "schemes": 13, "plan_pence": 312 * M}
    _, _, waiting = by_hand(
        awaited=[*rows, awaited("Z-1", "Z", 99 * M)],
        awaited_by=[{**held, "waits_for": ""}, {**held, "waits_for": "chief nurse"}],
        quality=[
            {"scheme": f"{code}-1", "organisation": code, "title": "Beds", "overdue": True}
            for code in "AZ"
        ],
    )
    assert waiting.words == (
        "13 schemes of the plan, £312.0m this year, do not count: not yet assured, or kept out. Waiting for: chief nurse "
        "13 (£312.0m). 1 quality review overdue.",
    )
    printed, folded = waiting.tables
    assert len(printed.rows) == 10 and printed.note == "And 3 schemes more."
    assert folded.folded and len(folded.rows) == 13
    assert printed.rows[0]["waits"] == "gate G3, chief nurse"
    assert printed.rows[0]["plan_pence"].value == 30 * M


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {},
            "refused by Quality Lead on 24 August 2026, for what it does to “Safe” (score 16 of 25 "
            "after mitigation).",
        ),
        ({"panel": True, "domain": ""}, "refused by the panel of 24 August 2026."),
        ({"by": "", "on": "", "domain": ""}, "refused."),
        (
            {"domain": "", "why": "Nobody is left to watch the ward at night."},
            "refused by Quality Lead on 24 August 2026: “Nobody is left to watch the ward at night”.",
        ),
    ],
)
def test_who_refused_it_and_when(more: dict[str, object], said: str) -> None:
    *_, quality = by_hand(refused=[refused("A-1", "A", **more), refused("Z-1", "Z")])
    assert quality.points == (f"Closure A-1 (Alder, £1.0m this year): {said}",)


def test_schemes_that_go_too_far_together_are_named_with_the_ceiling() -> None:
    ward = {
        "organisation": "A",
        "group": "Ward 12",
        "year": "2026-27",
        "score": 40,
        "ceiling": 24.0,
        "over": True,
        "schemes": ["A-1 (20)", "A-2 (20)"],
        "by": "Chief Nurse B",
    }
    *_, quality = by_hand(harm=[ward, {**ward, "over": False}, {**ward, "organisation": "Z"}])
    assert quality.points == (
        "Ward 12: 2 schemes that each pass alone (A-1 and A-2) score 40 together, over the ceiling "
        "of 24 set by Chief Nurse B. None of them counts until it is chosen which of them go.",
    )


def test_no_schemes_no_page() -> None:
    assert savings_page({"register": REGISTER}, FOCUS) == []
    assert by_hand(savings_by_category=[]) == []


def test_the_page_of_the_fictional_system_equals_its_answers() -> None:
    results = example()
    told = focus(results)
    parts = savings_page(results, told)
    table = parts[1].tables[0]
    whole = next(row for row in table.rows if row["name"] == "All schemes of the plan")
    (first,) = [
        row
        for row in results["position"].tables["performance"]
        if (row["organisation"], row["row"]) == (told.organisation, "efficiencies")
    ]
    for column, other in (
        ("planned_pence", "plan"),
        ("actual_pence", "actual"),
        ("variance_pence", "variance"),
        ("plan_year_pence", "plan_year"),
        ("forecast_pence", "forecast"),
        ("variance_year_pence", "variance_year"),
    ):
        assert whole[column].value == first[other]
    (stages,) = [table for table in parts[2].tables if "maturity" in table.title]
    now = [row["pence"].value for row in stages.rows if row["when"] == "this month"]
    planned = results["position"].value(f"savings_planned/{told.organisation}/{told.year}/plan")
    assert sum(now) == planned
    every, linked = numbers(parts)
    assert linked >= 0.95 * every > 50
    said = words(parts)
    assert "Saltmere" not in said and "_" not in said and "None of them counts" in said

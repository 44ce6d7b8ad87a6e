"""Tables are found where people put them: under titles, under two rows, beside and beneath others."""

from __future__ import annotations

from datetime import date

from controltotal.intake.layout import figures_outside, tables_in
from controltotal.intake.model import Seen, Value
from tests.sheets_of_people import MONTHS, grid, one, seen

ROW: list[Value] = [1.0] * 12


def said(table: Seen) -> list[tuple[str, str, int]]:
    """Basis, span and number of the columns of money."""
    return [
        (h.measure.basis, h.measure.span, h.measure.number)
        for h in table.heads
        if h.means == "money"
    ]


def means(table: Seen) -> list[str]:
    return [head.means for head in table.heads]


def test_titles_above_and_notes_beneath_are_no_part_of_a_table() -> None:
    table = one(
        [
            ["Trust A: plan 2026/27"],
            ["£'000"],
            [],
            ["Line", *MONTHS],
            ["Pay", *ROW],
            ["Total", *ROW],
            [],
            ["Note: prepared before the review of the second half."],
        ]
    )
    assert (table.heading, table.first, table.last, table.area) == ((3, 3), 4, 5, "A4:M6")
    assert said(table) == [("", "month", number) for number in range(1, 13)]


def test_a_word_over_a_block_is_of_all_its_columns_merged_or_not() -> None:
    lines = [
        ["", "Plan", None, None, "Actual", None, None],
        ["", *MONTHS[:3], *MONTHS[:3]],
        ["Pay", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    ]
    expected = [(basis, "month", n) for basis in ("plan", "actual") for n in (1, 2, 3)]
    assert said(one(lines)) == expected
    assert said(one(lines, merged=((0, 1, 0, 3), (0, 4, 0, 6)))) == expected


def test_a_word_in_the_middle_of_its_block_is_not_carried() -> None:
    months = MONTHS[:3]
    table = one(
        [
            ["", None, "Plan", None, None, "Actual", None],
            ["", *months, *months],
            ["Pay", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        ]
    )
    assert [h.measure.basis for h in table.heads[1:]] == ["", "plan", "", "", "actual", ""]


def test_in_month_to_date_and_full_year_stand_side_by_side() -> None:
    table = one(
        [
            ["Month 9", *[None] * 9],
            ["£'000", "In month", None, None, "Year to date", None, None, "Full year"],
            [None, "Plan", "Actual", "Var", "Plan", "Actual", "Var", "Plan", "FOT", "Var"],
            ["Pay", *[1.0] * 9],
        ]
    )
    assert said(table) == [
        (basis, span, 0)
        for span, bases in (
            ("month", ("plan", "actual", "variance")),
            ("to_date", ("plan", "actual", "variance")),
            ("year", ("plan", "forecast", "variance")),
        )
        for basis in bases
    ]
    assert table.heads[0].means == "line"
    assert {(c.what, c.value) for c in table.claims} >= {("month", "9"), ("unit", "£k")}


def test_a_word_over_one_block_does_not_reach_past_a_gap() -> None:
    table = one(
        [
            ["", "YTD", None, None, "", ""],
            ["", "Plan", "Actual", "Variance", "", "Forecast"],
            ["Pay", 1.0, 2.0, -1.0, None, 4.0],
        ]
    )
    assert said(table)[-1] == ("forecast", "", 0)


def test_a_row_of_units_belongs_to_the_headings() -> None:
    table = one(
        [
            ["Line", "Plan", "Actual"],
            [None, "£'000", "£'000"],
            ["Pay", 1.0, 2.0],
            ["Drugs", 3.0, 4.0],
        ]
    )
    assert table.heading == (0, 1)
    assert [head.measure.unit for head in table.heads] == ["", "£k", "£k"]


def test_months_are_real_dates_names_or_numbers() -> None:
    days: list[Value] = [date(2026 + (m > 9), (m + 2) % 12 + 1, 1) for m in range(1, 13)]
    for headings in (
        days,
        list(MONTHS),
        [float(m) for m in range(1, 13)],
        [f"P{m}" for m in range(1, 13)],
    ):
        table = one([["Line", *headings], ["Pay", *ROW]])
        assert said(table) == [("", "month", number) for number in range(1, 13)], headings
        assert {head.how for head in table.heads} == {"exact"}
    assert one([["Line", *days], ["Pay", *ROW]]).heads[12].measure.year == "2026-27"


def test_a_period_alone_is_asked_about() -> None:
    table = one([["Line", "P8", "P9"], ["Pay", 1.0, 2.0]])
    assert [head.how for head in table.heads] == ["exact", "near", "near"]


def test_sections_and_blank_rows_stay_inside() -> None:
    table = one(
        [
            ["", "Plan"],
            ["Income"],
            ["Patient care", 9.0],
            [],
            ["Expenditure"],
            ["Pay", 5.0],
            [],
            ["Surplus/(deficit)", 4.0],
        ]
    )
    assert (table.first, table.last) == (1, 7)


def test_a_table_ends_where_it_says_so() -> None:
    table = one([["Line", "Plan"], ["Pay", 5.0], ["END"], ["working", 9.0]])
    assert table.last == 1


def test_two_tables_stand_beneath_each_other_each_with_its_title() -> None:
    first, second = seen(
        [
            ["£000"],
            ["Trust A"],
            ["Line", "Plan"],
            ["Pay", 1.0],
            [],
            ["Trust B"],
            ["Line", "Plan"],
            ["Pay", 3.0],
        ]
    )
    assert (first.area, second.area) == ("A3:B4", "A7:B8")
    for table, name in ((first, "Trust A"), (second, "Trust B")):
        claim, unit = table.claimed("organisation"), table.claimed("unit")
        assert claim and claim.value == name
        assert unit and unit.value == "£k"


def test_headings_repeated_on_each_page_are_taken_out() -> None:
    table = one(
        [["Line", "Plan"], ["Pay", 1.0], [], ["Page 2 of 2"], ["Line", "Plan"], ["Drugs", 3.0]]
    )
    assert (table.first, table.last) == (1, 5)
    assert [table.grid.text(row, 0) for row in range(1, 6)] == ["Pay", "", "", "", "Drugs"]


def test_two_tables_stand_beside_each_other() -> None:
    left, right = seen(
        [
            ["Plan", None, None, "Actual"],
            ["Line", "Apr", None, "Line", "Apr"],
            ["Pay", 1.0, None, "Pay", 3.0],
            ["Drugs", 2.0],
        ]
    )
    assert left.claimed("basis") is not None or said(left) == [("plan", "month", 1)]
    assert (left.left, left.right, right.left, right.right) == (0, 1, 3, 4)


def test_a_spacer_inside_a_block_parts_nothing() -> None:
    table = one(
        [
            ["Line", *MONTHS[:3], None, "Full year", None, "Comments"],
            ["Pay", 1.0, 2.0, 3.0, None, 6.0, None, "on plan"],
            ["Drugs", 1.0, 2.0, 3.0, None, 6.0],
        ]
    )
    assert means(table) == ["line", "money", "money", "money", "money", "notes"]


def test_remarks_beside_a_table_are_no_part_and_figures_are() -> None:
    lines: list[list[Value]] = [["Line", "Plan"], ["Pay", 1.0], ["Drugs", 2.0]]
    with_words = [[*lines[0]], [*lines[1], None, "check with ward"], lines[2]]
    with_figures = [[*lines[0]], [*lines[1], None, 99.0], lines[2]]
    assert one(with_words).right == 1
    table = one(with_figures)
    assert table.right == 3 and table.heads[-1].texts == ()


def test_labels_in_merged_cells_are_of_each_row_and_money_is_told() -> None:
    table = one(
        [
            ["Directorate", "Scheme", "FYE"],
            ["Surgery", "Theatres", 10.0],
            [None, "Beds", None],
        ],
        merged=((1, 0, 2, 0), (1, 2, 2, 2)),
    )
    assert table.grid.text(2, 0) == "Surgery"
    assert table.grid.value(1, 2) == 10.0 and (2, 2) in table.grid.untold


def test_labels_given_once_for_a_group_are_left_as_they_are() -> None:
    table = one(
        [["Directorate", "Scheme", "FYE"], ["Surgery", "Theatres", 10.0], [None, "Beds", 4.0]]
    )
    assert table.grid.text(2, 0) == ""


def test_a_tracker_is_seen_with_all_its_columns() -> None:
    table = one(
        [
            ["CIP tracker 2026/27"],
            ["Ref", "Scheme", "Care Group", "R/NR", "FYE £k", "RAG", "SRO", "Comments"],
            ["C1", "Theatres", "Surgery", "R", 100.0, "G", "Director", "ok"],
            [None, "Sub-total Surgery", None, None, 100.0],
            ["C2", "Beds", "Medicine", "NR", "TBC", "A", "Director"],
        ]
    )
    assert means(table) == [
        "scheme_id",
        "title",
        "directorate",
        "recurrence",
        "full_year_effect",
        "rag",
        "owner",
        "notes",
    ]
    assert table.last == 4


def test_months_down_and_lines_across() -> None:
    table = one([["Month", "Income", "Pay"], *[[m, 3.0, 2.0] for m in MONTHS]])
    assert means(table) == ["month", "line_across", "line_across"]
    bare = one([[None, "Income", "Pay"], *[[m, 3.0, 2.0] for m in MONTHS]])
    assert means(bare) == ["month", "line_across", "line_across"]


def test_bodies_across_are_left_to_who_knows_them() -> None:
    table = one([["Line", "Trust A", "Trust B", "Total"], ["Pay", 1.0, 2.0, 3.0]])
    assert [(h.means, h.rest) for h in table.heads[1:3]] == [("", "Trust A"), ("", "Trust B")]
    under = one(
        [
            ["Line", "Trust A", None, "Trust B", None],
            [None, "Plan", "Actual", "Plan", "Actual"],
            ["Pay", 1.0, 2.0, 3.0, 4.0],
        ]
    )
    assert [h.rest for h in under.heads[1:]] == ["Trust A", "Trust A", "Trust B", "Trust B"]


def test_a_word_over_every_column_is_no_question() -> None:
    table = one(
        [
            ["Line", "Divisional performance", None],
            [None, "Plan", "Actual"],
            ["Pay", 1.0, 2.0],
        ],
        merged=((0, 1, 0, 2),),
    )
    assert [head.rest for head in table.heads] == ["", "", ""]


def test_pages_of_words_are_no_tables() -> None:
    assert not seen(
        [
            ["Read me"],
            ["This workbook holds the plan of the system."],
            [],
            ["Sheet", "What it holds"],
            ["Plan", "the plan by month"],
            ["Actual", "the actuals"],
        ]
    )
    assert not seen([["Prepared by", "Finance"], ["Version", "3"]])
    assert not seen([])


def test_numbers_as_texts_are_figures() -> None:
    table = one([["Line", "Plan"], ["Pay", "1,200"], ["Drugs", "(300)"], ["Other", "-"]])
    assert (table.last, means(table)) == (3, ["line", "money"])


def test_a_table_of_words_alone_is_seen_by_its_headings() -> None:
    table = one([["Scheme", "Gate", "On", "By"], ["C1", "G3", "2026-05-01", "Board"]])
    assert means(table) == ["title", "gate", "on", "by"]


def test_two_plans_are_told_apart_by_what_they_are_called() -> None:
    table = one([["Line", "Original plan", "Revised plan", "Actual"], ["Pay", 1.0, 2.0, 3.0]])
    assert [head.rest for head in table.heads] == ["", "Original plan", "Revised plan", ""]


def test_a_title_with_remarks_at_its_right_is_no_row_of_headings() -> None:
    table = one(
        [
            ["Month 9: December 2026", None, None, "£'000"],
            [None, "Current month", None, "Full year"],
            [None, "Budget", "Actual", "Budget"],
            [None, None, "Fav/(Adv)", None],
            ["Pay", 1.0, 2.0, 3.0],
        ]
    )
    assert table.heading == (1, 3)
    assert said(table) == [("plan", "month", 0), ("variance", "month", 0), ("plan", "year", 0)]
    claimed = {(claim.what, claim.value) for claim in table.claims}
    assert claimed >= {("month", "9"), ("year", "2026-27"), ("unit", "£k")}


def test_codes_beside_names_are_codes() -> None:
    table = one([["Code", "Description", "YTD Plan"], ["SCI100", "Pay", 1.0]])
    assert means(table) == ["line_code", "line", "money"]
    table = one([["Subjective", "Description", "Plan"], ["6001", "Pay", 1.0]])
    assert means(table) == ["line_code", "line", "money"]
    table = one(
        [
            ["Cost centre", "Cost centre name", "Account", "Account name", "Dr"],
            ["C1", "Ward", "6", "Pay", 1.0],
        ]
    )
    assert means(table) == ["cost_centre_code", "directorate", "line_code", "line", "debit"]


def test_bases_stand_beneath_each_other() -> None:
    table = one(
        [["£k", "Apr", "May"], ["Plan", 1.0, 2.0], ["Actual", 1.0, 1.0], ["Variance", 0.0, 1.0]]
    )
    assert means(table) == ["basis", "money", "money"]


def test_an_error_in_the_headings_is_a_heading_nobody_can_name() -> None:
    table = one([["Line", "Apr", "#REF!"], ["Pay", 1.0, 2.0]])
    assert [(h.means, h.rest) for h in table.heads[2:]] == [("", "#REF!")]


def test_words_after_a_gap_are_notes_and_rows_of_words_are_rows() -> None:
    lines: list[list[Value]] = [
        ["Ref", "Scheme", "FYE", "Owner"],
        ["C1", "Beds", 4.0, "A B"],
        [],
        ["C2", "Wards", "TBC", "C D"],
    ]
    assert one(lines).last == 3
    assert one([*lines[:3], ["Prepared by", "finance"]]).last == 1


def test_a_blank_template_is_no_table() -> None:
    assert not seen([["Line", *MONTHS], ["Pay"], ["Drugs"]])


def test_a_forecast_beside_a_block_to_date_is_not_to_date() -> None:
    table = one(
        [
            ["", "Year to date", None, None],
            ["", "Plan", "Actual", "Forecast"],
            ["Pay", 1.0, 2.0, 4.0],
        ]
    )
    assert said(table) == [("plan", "to_date", 0), ("actual", "to_date", 0), ("forecast", "", 0)]


def test_figures_in_no_table_are_found() -> None:
    page = grid(
        [
            ["Month", 9.0],
            ["Line", 2025.0, 2026.0],
            ["Pay", 1.0, 2.0],
            [],
            ["Line", "Plan", "Actual"],
            ["Drugs", 3.0, 4.0],
            ["END"],
            ["old", 5.0, 6.0],
        ]
    )
    found = tables_in(page)
    assert [table.area for table in found] == ["A5:C6"]
    assert [cell.cell for cell in figures_outside(page, found)] == ["B2:C2", "B3:C3", "B8:C8"]

"""Tables of money read by hand: what each cell becomes, to the penny, or the question that it raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from controltotal.intake.bodies import Bodies, Spell
from controltotal.intake.known import Known
from controltotal.intake.matrix import read_ledger, read_matrix
from controltotal.intake.model import Asked, Measure, Read, Value
from tests.intake_seen import Heading, month, seen_of

KNOWN = Known(Bodies([Spell("RX1", "Nene Hospitals NHS Trust"), Spell("RX2", "Fen NHS Trust")]))
SAID = {"organisation": "RX1", "year": "2026/27", "unit": "£k", "basis": "plan"}
LINE: Heading = ("Line", "line")


def money(text: str, basis: str = "", span: str = "", number: int = 0) -> Heading:
    return (text, "money", Measure(basis, span, number))


def read(
    headings: Sequence[Heading],
    rows: Sequence[Sequence[Value]],
    claims: Mapping[str, str] | None = None,
    asked: Asked | None = None,
) -> Read:
    return read_matrix(
        seen_of(headings, rows, SAID if claims is None else claims), asked or Asked(), KNOWN
    )


def amounts(found: Read) -> dict[tuple[str, ...], str]:
    keys = ("organisation", "line", "year", "month", "basis")
    return {
        tuple(row.cells.get(key, "") for key in keys if row.cells.get(key) and key != "year")[
            1:
        ]: row.cells["amount"]
        for row in found.rows
        if row.table == "amounts"
    }


def codes(found: Read) -> set[str]:
    return {finding.code for finding in found.findings if finding.severity == "error"}


SHEET = [
    ["Income"],
    ["NHS clinical income", 900, 1000],
    ["Other income", 100, 110],
    ["Total income", 1000, 1110],
    ["Expenditure"],
    ["Pay", 600, 640],
    ["Drugs", 150, 160],
    ["Total expenditure", 750, 800],
    ["Surplus/(deficit)", 250, 310],
]
HEADS = [LINE, ("M1", "money", month(1)), ("M2", "money", month(2))]


def test_a_plain_sheet_gives_its_rows_and_its_totals_are_checked() -> None:
    found = read(HEADS, SHEET)
    assert codes(found) == set()
    assert amounts(found) == {
        ("patient_care_income", "1", "plan"): "900",
        ("patient_care_income", "2", "plan"): "1000",
        ("other_income", "1", "plan"): "100",
        ("other_income", "2", "plan"): "110",
        ("pay", "1", "plan"): "600",
        ("pay", "2", "plan"): "640",
        ("drugs", "1", "plan"): "150",
        ("drugs", "2", "plan"): "160",
    }
    assert len(found.checks) == 6
    assert all(check.difference == 0 for check in found.checks)
    assert found.said["costs"] == "plain"


def test_every_cell_is_used_reconciled_or_named() -> None:
    found = read(HEADS, SHEET)
    assert [list(row) for row in found.slots] == [
        [3, 3, 3], [1, 1, 1], [1, 1, 1], [2, 2, 2], [3, 3, 3], [1, 1, 1], [1, 1, 1], [2, 2, 2], [2, 2, 2],
    ]  # fmt: skip


@pytest.mark.parametrize(("row", "column"), [(1, 1), (2, 2), (3, 1), (5, 2), (7, 1), (8, 2)])
def test_one_wrong_figure_anywhere_stops_it(row: int, column: int) -> None:
    wrong = [list(line) for line in SHEET]
    wrong[row][column] += 9  # type: ignore[operator]
    found = read(HEADS, wrong)
    assert codes(found) == {"IMPORT_TOTAL"}


def test_negative_costs_are_proved_by_the_surplus() -> None:
    rows = [
        ["NHS clinical income", 900, 1000],
        ["Pay", -600, -640],
        ["Surplus/(deficit)", 300, 360],
    ]
    found = read(HEADS, rows)
    assert codes(found) == set()
    assert amounts(found)[("pay", "2", "plan")] == "640"


def test_negative_income_is_proved_by_the_surplus() -> None:
    rows = [
        ["NHS clinical income", -900, -1000],
        ["Pay", 600, 640],
        ["(Surplus)/deficit", -300, -360],
    ]
    found = read(HEADS, rows)
    assert codes(found) == set()
    assert amounts(found)[("patient_care_income", "2", "plan")] == "1000"
    assert amounts(found)[("pay", "2", "plan")] == "640"


def test_negative_costs_that_nothing_proves_are_asked() -> None:
    rows = [["NHS clinical income", 900, 1000], ["Pay", -600, -640], ["Drugs", -6, -4]]
    assert codes(read(HEADS, rows)) == {"IMPORT_SIGNS"}
    said = read(HEADS, rows, asked=Asked(costs="negative"))
    assert codes(said) == set()
    assert amounts(said)[("drugs", "1", "plan")] == "6"


def test_what_is_said_against_a_total_is_asked() -> None:
    assert "IMPORT_SIGNS" in codes(read(HEADS, SHEET, asked=Asked(costs="negative")))


def test_a_year_beside_its_months_is_a_check() -> None:
    heads = [
        LINE,
        *[(f"M{n}", "money", month(n)) for n in range(1, 13)],
        money("Total", "plan", "total"),
    ]
    rows = [["Pay", *[10] * 12, 120], ["NHS clinical income", *[20] * 12, 240]]
    found = read(heads, rows)
    assert codes(found) == set()
    assert len(found.rows) == 24
    rows[0][13] = 121
    assert codes(read(heads, rows)) == {"IMPORT_TOTAL"}


def test_running_months_are_proved_by_the_year() -> None:
    heads = [
        LINE,
        *[(f"M{n}", "money", month(n)) for n in range(1, 13)],
        money("Year", "plan", "year"),
    ]
    rows = [["Pay", *[10 * n for n in range(1, 13)], 120]]
    found = read(heads, rows)
    assert codes(found) == set()
    assert {row.cells["amount"] for row in found.rows} == {"10"}
    assert any(f.code == "IMPORT_DIFFERENCED" for f in found.findings)


def test_running_months_that_nothing_proves_are_asked() -> None:
    heads = [LINE, *[(f"M{n}", "money", month(n)) for n in range(1, 7)]]
    rows = [["Pay", 10, 20, 30, 41, 50, 60], ["NHS clinical income", 20, 41, 60, 80, 100, 121]]
    assert codes(read(heads, rows)) == {"IMPORT_CUMULATIVE"}
    single = read(heads, rows, asked=Asked(months="single"))
    assert amounts(single)[("pay", "2", "plan")] == "20"
    told = read(heads, rows, asked=Asked(months="cumulative"))
    assert amounts(told)[("pay", "4", "plan")] == "11"


def test_blocks_side_by_side_with_variances() -> None:
    heads = [
        LINE,
        money("Annual plan", "plan", "year"),
        money("Plan YTD", "plan", "to_date", 9),
        money("Actual YTD", "actual", "to_date", 9),
        money("Variance YTD", "variance", "to_date", 9),
        money("%", "percent"),
        money("FOT", "forecast", "year"),
    ]
    rows = [
        ["NHS clinical income", 1200, 900, 910, 10, 1.1, 1210],
        ["Pay", 800, 600, 620, -20, -3.3, 830],
        ["Surplus/(deficit)", 400, 300, 290, -10, -3.3, 380],
    ]
    found = read(heads, rows)
    assert codes(found) == set()
    assert amounts(found)[("pay", "YTD9", "actual")] == "620"
    assert amounts(found)[("pay", "forecast")] == "830"
    rows[1][4] = 25
    assert codes(read(heads, rows)) == {"IMPORT_VARIANCE"}


def test_bodies_down_with_a_line_in_the_title() -> None:
    heads = [("Organisation", "organisation"), money("Plan £k", "plan", "year")]
    rows = [["Nene Hospitals", 12.5], ["Fen NHS Trust", -3], ["Total", 9.5]]
    found = read(heads, rows, {"year": "2026/27", "unit": "£k"})
    assert codes(found) == {"IMPORT_LINE"}
    named = read(heads, rows, {"year": "2026/27", "unit": "£k"}, Asked(lines={"": "position"}))
    assert codes(named) == set()
    assert [row.cells["organisation"] for row in named.rows] == ["RX1", "RX2"]


def test_rows_of_unknown_names_become_lines_of_the_total_that_they_make() -> None:
    rows = [["Medical", 5, 6], ["Nursing", 7, 8], ["Agency", 1, 2], ["Total pay", 13, 16]]
    found = read(HEADS, rows)
    assert codes(found) == set()
    assert amounts(found) == {
        ("medical", "1", "plan"): "5",
        ("medical", "2", "plan"): "6",
        ("nursing", "1", "plan"): "7",
        ("nursing", "2", "plan"): "8",
        ("agency_pay", "1", "plan"): "1",
        ("agency_pay", "2", "plan"): "2",
    }
    own = [row.cells for row in found.rows if row.table == "lines"]
    assert own == [
        {"line": "medical", "name": "Medical", "kind": "cost", "group": "pay"},
        {"line": "nursing", "name": "Nursing", "kind": "cost", "group": "pay"},
    ]
    places = [(row.row, row.columns) for row in found.rows if row.table == "lines"]
    assert places == [(1, (0,)), (2, (0,))]  # each cites the cell that names it


@pytest.mark.parametrize("label", ["Drgus", "M7", "2", "Fen NHS Trust", "Plan"])
def test_a_label_that_is_a_slip_or_no_name_of_a_line_is_asked(label: str) -> None:
    rows = [["Pay", 5, 6], [label, 7, 8], ["Total expenditure", 12, 14]]
    assert "IMPORT_LINE" in codes(read(HEADS, rows))


def test_a_group_beside_some_of_its_parts_is_the_rest_where_a_total_proves_it() -> None:
    rows = [
        ["Pay", 10, 11],
        ["Drugs", 3, 3],
        ["Clinical supplies", 4, 5],
        ["Other non-pay", 5, 6],
        ["Total expenditure", 22, 25],
    ]
    found = read(HEADS, rows)
    assert codes(found) == set()
    assert ("other_non_pay", "1", "plan") in amounts(found)
    rows[3][0] = "Non-pay"
    assert ("non_pay_non_pay", "1", "plan") in amounts(read(HEADS, rows))
    assert codes(read(HEADS, rows[:4])) == {"IMPORT_LINE"}
    said = read(HEADS, rows[:4], asked=Asked(totals={"nonpay": "row"}))
    assert codes(said) == set()


def test_rows_of_unknown_names_are_asked() -> None:
    found = read(HEADS, [["Widgets", 5, 6], ["Pay", 7, 8]])
    assert codes(found) == {"IMPORT_LINE"}
    told = read(
        HEADS, [["Widgets", 5, 6], ["Pay", 7, 8]], asked=Asked(lines={"widgets": "other_costs"})
    )
    assert codes(told) == set()
    assert amounts(told)[("other_costs", "1", "plan")] == "5"


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("organisation", "IMPORT_BODY"),
        ("year", "IMPORT_YEAR"),
        ("unit", "IMPORT_UNIT"),
        ("basis", "IMPORT_BASIS"),
    ],
)
def test_what_nothing_says_is_asked(missing: str, code: str) -> None:
    heads: list[Heading] = [LINE, ("M1", "money", Measure(span="month", number=1))]
    claims = {what: text for what, text in SAID.items() if what != missing}
    assert codes(read(heads, [["Pay", 5]], claims)) == {code}
    assert codes(read(heads, [["Pay", 5]])) == set()


def test_a_group_stated_whole_and_by_its_parts() -> None:
    rows = [["Pay", 12, 14], ["Substantive pay", 10, 11], ["Agency pay", 2, 3], ["Drugs", 1, 1]]
    found = read(HEADS, rows)
    assert codes(found) == set()
    assert {key[0] for key in amounts(found)} == {"substantive_pay", "agency_pay", "drugs"}
    rows[2][2] = 4
    assert codes(read(HEADS, rows)) == {"IMPORT_TOTAL"}


def test_cells_that_are_no_money_stop() -> None:
    found = read(HEADS, [["Pay", "TBC", 6], ["Drugs", "(7)", "-"]])
    assert codes(found) == {"IMPORT_CELL"}
    fine = read(HEADS, [["Pay", "n/a", 6], ["Drugs", "(7)", "-"]])
    assert codes(fine) == {"IMPORT_SIGNS"} or amounts(fine)[("drugs", "1", "plan")] == "-7"


def test_two_rows_of_one_name_are_asked() -> None:
    assert codes(read(HEADS, [["Pay", 5, 6], ["Pay", 5, 6]])) == {"IMPORT_REPEATED"}


def test_rounded_tables_are_read_by_their_rows() -> None:
    rows = [
        ["NHS clinical income", 900, 1000],
        ["Other income", 100, 110],
        ["Total income", 1001, 1109],
    ]
    found = read(HEADS, rows)
    assert codes(found) == set()
    assert [f.code for f in found.findings] == ["IMPORT_ROUNDING"]


def test_a_ledger_is_summed_by_line_and_month() -> None:
    heads: list[Heading] = [
        ("Date", "date"),
        LINE,
        ("Debit", "debit"),
        ("Credit", "credit"),
    ]
    rows: list[list[Value]] = [
        ["2026-04-03", "Pay", 100.10, None],
        ["2026-04-21", "Pay", 50, None],
        ["2026-04-30", "Pay", None, 20],
        ["2026-05-01", "NHS clinical income", None, 500],
        ["Total", None, 150.10, 520],
    ]
    seen = seen_of(heads, rows, {"organisation": "RX1", "basis": "actual", "unit": "£"})
    found = read_ledger(seen, Asked(), KNOWN)
    assert codes(found) == set()
    assert amounts(found) == {
        ("pay", "1", "actual"): "130.1",
        ("patient_care_income", "2", "actual"): "500",
    }
    assert {check.difference for check in found.checks} == {0}


def test_lines_across_with_their_totals() -> None:
    heads: list[Heading] = [
        ("Organisation", "organisation"),
        ("Patient care income", "", Measure()),
        ("Pay", "", Measure()),
        ("Drugs", "", Measure()),
        ("Total expenditure", "", Measure()),
        ("Surplus/(deficit)", "", Measure()),
    ]
    rows: list[list[Value]] = [
        ["Nene Hospitals", 100, 60, 30, 90, 10],
        ["Fen NHS Trust", 50, 30, 25, 55, -5],
        ["Total", 150, 90, 55, 145, 5],
    ]
    claims = {"year": "2026/27", "unit": "£k", "basis": "plan"}
    found = read(heads, rows, claims)
    assert codes(found) == set()
    assert {
        (row.cells["organisation"], row.cells["line"]): row.cells["amount"] for row in found.rows
    } == {
        ("RX1", "patient_care_income"): "100",
        ("RX1", "pay"): "60",
        ("RX1", "drugs"): "30",
        ("RX2", "patient_care_income"): "50",
        ("RX2", "pay"): "30",
        ("RX2", "drugs"): "25",
    }
    rows[1][2] = 31
    assert codes(read(heads, rows, claims)) == {"IMPORT_TOTAL"}


def test_bodies_across_with_their_total() -> None:
    heads: list[Heading] = [
        LINE,
        ("Nene Hospitals", "", Measure()),
        ("Fen NHS Trust", "", Measure()),
        ("System total", "", Measure(span="total")),
    ]
    rows: list[list[Value]] = [["Patient care income", 100, 50, 150], ["Pay", 60, 30, 90]]
    claims = {"year": "2026/27", "unit": "£k", "basis": "plan"}
    found = read(heads, rows, claims)
    assert codes(found) == set()
    assert len(found.rows) == 4
    rows[1][3] = 91
    assert codes(read(heads, rows, claims)) == {"IMPORT_TOTAL"}


def test_a_note_of_rounding_is_believed_within_what_rounding_allows() -> None:
    rows: list[list[Value]] = [
        ["NHS clinical income", 90.1, 100.2],
        ["Other income", 10.1, 11.0],
        ["Total income", 100.3, 111.2],
    ]
    claims = SAID | {"unit": "£m"}
    assert codes(read(HEADS, rows, claims)) == {"IMPORT_TOTAL"}
    said = [*rows, ["Figures may not sum due to rounding"]]
    found = read(HEADS, said, claims)
    assert codes(found) == set()
    assert "IMPORT_ROUNDING" in {finding.code for finding in found.findings}
    said[2][1] = 101.3
    assert codes(read(HEADS, said, claims)) == {"IMPORT_TOTAL"}


def test_a_variance_that_names_no_period_is_of_the_columns_that_it_fits() -> None:
    heads = [
        LINE,
        money("Annual plan", "plan", "year"),
        money("YTD plan", "plan", "to_date", 9),
        money("YTD actual", "actual", "to_date", 9),
        money("Variance", "variance"),
        money("FOT", "forecast", "year"),
    ]
    rows: list[list[Value]] = [
        ["NHS clinical income", 1200, 900, 910, 10, 1210],
        ["Pay", 800, 600, 620, -20, 830],
        ["Surplus/(deficit)", 400, 300, 290, -10, 380],
    ]
    assert codes(read(heads, rows)) == set()
    rows[1][4] = -25
    assert codes(read(heads, rows)) == {"IMPORT_VARIANCE"}


def test_a_body_that_neither_the_book_nor_the_register_knows_is_named_with_what_to_do() -> None:
    rows = [["Pay", 5, 6]]
    claims = {"year": "2026/27", "unit": "£k", "organisation": "Quillmoor Zephyr NHS Trust"}
    for asked, name in (
        (Asked(), "Quillmoor Zephyr NHS Trust"),
        (Asked(organisation="RZM"), "RZM"),
    ):
        (found,) = [f for f in read(HEADS, rows, claims, asked).findings if f.code == "IMPORT_BODY"]
        assert (
            f"neither in the book's table organisations nor in the register of NHS bodies: “{name}”"
            in (found.message)
        )
        assert "organisations.csv" in found.action
        assert "--set organisation=CODE" in found.action

"""A workbook of a paper made by hand, read back: sheets, links, numbers, formulas, hostile texts."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from controltotal.core.figure import Figure
from controltotal.papers.charts_frame import Frame
from controltotal.papers.charts_waterfall import (
    BETTER,
    REST,
    TOTAL,
    WORSE,
    Bar,
    native_waterfall,
    waterfall,
)
from controltotal.papers.native_charts import LOOKS
from controltotal.papers.paper import Paper, paper
from controltotal.papers.sections import (
    Cell,
    ChartView,
    Native,
    Note,
    Section,
    Series,
    TableView,
    TreeView,
    columns,
)
from controltotal.papers.vega import chart, mark, number
from controltotal.papers.workbook import paper_workbook
from controltotal.papers.workbook_formulas import GRAMMAR, identity
from controltotal.papers.workbook_plan import NAME_MAX, cut_short, sheet_name
from tests.hostile_books import TEXTS

HEADS = columns("name|Organisation", "plan|Plan|cell", "actual|Actual|cell", "variance|Less|cell")
SUM = Figure("surplus/SYS/2026-27/plan", -300_000_000)


def row(name: str, plan: Any, actual: Any, variance: Any) -> dict[str, Any]:
    told = {"plan": plan, "actual": actual, "variance": variance}
    cells = {
        key: value if isinstance(value, Figure) else Cell(value, "pence", f"to_date.{key}")
        for key, value in told.items()
    }
    return {"name": name, **cells}


def table(rows: list[dict[str, Any]], **more: Any) -> TableView:
    return TableView("By organisation, £ million", HEADS, rows, **more)


ROWS = [
    row("Ash", -100_000_000, -150_000_001, -50_000_001),
    row("Beech", -200_000_000, -210_000_000, -10_000_000),
    row("Together", SUM, -360_000_001, -60_000_001),
]
LIVE = {"identities": ("variance = actual - plan",), "totals": {2: (0, 1)}}


def spec() -> dict[str, Any]:
    return chart(mark("bar", {"x": number("a")}), rows=[{"a": 1}], width=90, height=40)


def drawn(native: Native, title: str = "Ash is short") -> ChartView:
    return ChartView("chart-1", title, spec(), "Ash (1.0), Beech (2.0)", native=native)


def board(*parts: Section, title: str = "Finance report") -> Paper:
    return paper(title, "Item 7", parts, ("All of it is fictional.",), "Root: abc", paged=True)


def read(made: Paper) -> Workbook:
    return load_workbook(BytesIO(paper_workbook(made).data))


def parts_of(made: Paper, folder: str) -> list[str]:
    with ZipFile(BytesIO(paper_workbook(made).data)) as archive:
        return [archive.read(n).decode() for n in archive.namelist() if folder in n]


def pictures(made: Paper) -> list[str]:
    with ZipFile(BytesIO(paper_workbook(made).data)) as archive:
        return [name for name in archive.namelist() if name.startswith("xl/media/")]


def texts(sheet: Any) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def links_of(sheet: Any) -> list[Any]:
    return [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def place(sheet: Any, text: str) -> tuple[int, int]:
    """Row and column of the first cell that holds a text."""
    return next(
        (cell.row, cell.column) for line in sheet.iter_rows() for cell in line if cell.value == text
    )


NOTES = TableView(
    "How each number was made",
    columns("number|Number|note", "how|How it was made"),
    [
        {"number": SUM, "how": "sum of those below", "rule": "sum"},
        {"number": Note("to_date.plan", "Plan"), "how": "planned"},
    ],
    "`explain` tells all of it.",
    folded=True,
)


def whole() -> Paper:
    """Two pages, one of which keeps a table folded, and the notes."""
    one = Section("answer", "1 The answer", ("We are short.",), tables=(table(ROWS, **LIVE),))
    two = Section("lines", "2 Lines, and people", ("Pay is worse.",), points=("A point.",))
    more = [row(f"Trust {n:02}", n, n + 1, 1) for n in range(12)]
    part = Section("parts", "Parts", tables=(table(more, folded=True),), level=3)
    return board(one, two, part, Section("how", NOTES.title, tables=(NOTES,)))


def test_the_contents_come_first_then_pages_then_tables_then_what_is_behind() -> None:
    book = read(whole())
    assert book.sheetnames == [
        "Contents",
        "1 The answer",
        "2 Lines, and people",
        "By organisation",
        "Figures",
        "How each number was made",
    ]
    said = texts(book["Contents"])
    for text in ("Finance report", "Item 7", "All of it is fictional.", "Root: abc"):
        assert text in said
    assert any("£ million" in text for text in said)
    assert {"We are short.", "Pay is worse.", "12 rows, behind 2 Lines, and people"} <= set(said)
    for sheet in book.worksheets[1:]:
        assert "All of it is fictional." in sheet["A2"].value
        assert sheet["A3"].value == "Back to contents"


def test_every_link_stays_in_the_workbook_and_lands_on_a_sheet() -> None:
    book = read(whole())
    links = [(sheet, link) for sheet in book for link in links_of(sheet)]
    assert len(links) >= 2 * (len(book.sheetnames) - 1)
    for _, link in links:
        assert link.id is None and link.target is None, "nothing leads out"
        name, cell = re.fullmatch(r"'((?:[^']|'')+)'!([A-Z]+\d+)", link.location or "").groups()  # type: ignore[union-attr]
        sheet = book[name.replace("''", "'")]
        assert sheet[cell].value is not None
    contents = {link.location for sheet, link in links if sheet.title == "Contents"}
    assert contents == {f"'{name}'!A1" for name in book.sheetnames[1:]}


def test_a_heading_and_a_figure_lead_to_how_they_were_made() -> None:
    book = read(whole())
    notes, answer, figures = (
        book["How each number was made"],
        book["1 The answer"],
        book["Figures"],
    )
    of_plan, of_sum = place(notes, "Plan")[0], place(notes, SUM.id)[0]
    links = {link.ref: link.location for link in links_of(answer)}
    line, column = place(answer, "Plan")
    assert links[answer.cell(line, column).coordinate] == f"'How each number was made'!A{of_plan}"
    line = place(figures, SUM.id)[0]
    links = {link.ref: link.location for link in links_of(figures)}
    assert links[f"A{line}"] == f"'How each number was made'!A{of_sum}"
    told = [cell.value for cell in figures[line]]
    assert told[1:6] == ["Together", -3, "£ million", "£(3.0)m", "ok"]
    assert told[8:] == ["1 The answer", "sum", SUM.id]


def test_a_formula_stands_only_where_our_numbers_obey_it_to_the_penny() -> None:
    one_penny_off = [*ROWS[:2], row("Together", SUM, -360_000_000, -60_000_001)]
    book = read(board(Section("a", "1 A", ("A.",), tables=(table(one_penny_off, **LIVE),))))
    sheet = book["1 A"]
    top = place(sheet, "Ash")[0]
    held = [[sheet.cell(top + at, column).value for column in (2, 3, 4)] for at in range(3)]
    assert held[0] == [-1, -1.50000001, f"=C{top}-B{top}"]
    assert held[1] == [-2, -2.1, f"=C{top + 1}-B{top + 1}"]
    assert held[2][0] == f"=SUM(B{top}:B{top + 1})" and held[2][1] == -3.6
    assert held[2][2] == f"=SUM(D{top}:D{top + 1})"


def test_a_formula_holds_our_own_number_as_its_result() -> None:
    data = paper_workbook(whole()).data
    sheet = load_workbook(BytesIO(data), data_only=True)["1 The answer"]
    top = place(sheet, "Ash")[0]
    assert [sheet.cell(top + 2, column).value for column in (2, 3, 4)] == [
        -3,
        -3.60000001,
        -0.60000001,
    ]


def test_what_a_view_says_of_columns_that_are_not_there_is_no_formula() -> None:
    said = {"identities": ("gap = plan - more", "share = plan / none"), "totals": {7: (0, 1)}}
    made = board(Section("a", "1 A", ("A.",), tables=(table(ROWS, **said),)))
    assert not any("<f>" in sheet for sheet in parts_of(made, "worksheets/sheet"))


def test_a_share_is_a_quotient_where_it_is_one() -> None:
    heads = columns("name|A", "part|Part|cell", "whole|Whole|cell", "share|Share|cell")
    rows = [
        {
            "name": name,
            "part": Cell(part, "pence", "x.y"),
            "whole": Cell(300, "pence", "x.y"),
            "share": Cell(share, "share", "x.y"),
        }
        for name, part, share in (("Ash", 100, 100 / 300), ("Beech", 100, 0.33))
    ]
    shares = TableView("Shares", heads, rows, identities=("share = part / whole",))
    sheet = read(board(Section("a", "1 A", ("A.",), tables=(shares,))))["1 A"]
    top = place(sheet, "Ash")[0]
    assert sheet.cell(top, 4).value == f"=B{top}/C{top}" and sheet.cell(top + 1, 4).value == 0.33
    assert sheet.cell(top, 4).number_format == "0.0%"


@pytest.mark.parametrize("text", ["a - b", "a = b * c", "a = b - ", ""])
def test_an_identity_that_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        identity(text)


def test_numbers_are_numbers_days_are_days_and_what_is_untold_is_empty() -> None:
    heads = columns("name|A", "m|M|cell", "n|N|cell", "s|S|cell", "day|Day", "on|On", "f|F|figure")
    rows = [
        {
            "name": "\u2003of which",
            "m": Cell(-123_456_789, "pence", "x.y"),
            "n": Cell(None, "count", "x.y"),
            "s": Cell(0.25, "share", "x.y"),
            "day": "20 March 2026",
            "on": "2026-03-20",
            "f": Figure("gap/X/2026-27/plan", None, status="indeterminate"),
        }
    ]
    sheet = read(board(Section("a", "1 A", ("A.",), tables=(TableView("T", heads, rows),))))["1 A"]
    line = place(sheet, "of which")[0]
    name, money, none, share, day, on, figure = (sheet.cell(line, at) for at in range(1, 8))
    assert name.alignment.indent == 1
    assert money.value == -1.23456789 and money.number_format == "#,##0.0;(#,##0.0);0.0"
    assert none.value is None and share.value == 0.25 and share.number_format == "0.0%"
    assert day.value == on.value and day.value.date() == date(2026, 3, 20)
    assert day.number_format == "d mmmm yyyy"
    assert figure.value == "cannot be told"


def test_a_long_table_has_filters_and_headings_that_stay_and_sums_stay_out_of_them() -> None:
    rows = [row(f"Trust {n:02}", n, n + 1, 1) for n in range(9)]
    rows.append(row("Together", 36, 45, 9))
    live = {"identities": LIVE["identities"], "totals": {9: tuple(range(9))}}
    groups = (("", 1), ("To date", 2), ("", 1))
    long = table(rows, groups=groups, **live)
    folded = table(rows, groups=groups, folded=True, **live)
    book = read(board(Section("a", "1 A", ("A.",), tables=(long, folded))))
    for name in ("1 A", "By organisation"):
        sheet = book[name]
        top = place(sheet, "Trust 00")[0]
        assert sheet.auto_filter.ref == f"A{top - 1}:D{top + 8}"
        assert f"B{top - 2}:C{top - 2}" in {str(one) for one in sheet.merged_cells.ranges}
    assert book["1 A"].freeze_panes == "A4"
    top = place(book["By organisation"], "Trust 00")[0]
    assert book["By organisation"].freeze_panes == f"B{top}"
    assert book["By organisation"].print_title_rows == f"${top - 2}:${top - 1}"


def test_two_long_tables_of_a_page_have_no_filter_for_one_would_hide_rows_of_the_other() -> None:
    rows = [row(f"Trust {n:02}", n, n + 1, 1) for n in range(9)]
    book = read(board(Section("a", "1 A", ("A.",), tables=(table(rows), table(rows)))))
    assert book["1 A"].auto_filter.ref is None


def test_columns_are_as_wide_as_what_they_hold_and_a_long_text_goes_on_below() -> None:
    heads = columns("name|A", "plan|Plan|cell", "why|Why")
    rows = [
        {
            "name": "Ash and Elm Hospitals",
            "plan": Cell(-(10**9), "pence", "x.y"),
            "why": "because " * 40,
        }
    ]
    book = read(
        board(Section("a", "1 A", ("A.",), tables=(TableView("T", heads, rows, folded=True),)))
    )
    sheet = book["T"]
    assert 10 <= sheet.column_dimensions["B"].width < 12
    assert 60 <= sheet.column_dimensions["C"].width < 62
    line = place(sheet, "Ash and Elm Hospitals")[0]
    assert sheet.row_dimensions[line].height > 60
    assert sheet.cell(line, 3).alignment.wrap_text


# -- charts -------------------------------------------------------------------------------------------


def chart_cells(book: Workbook, part: str) -> list[list[Any]]:
    """What each reference of a chart holds, in the order of the chart."""
    found = []
    for reference in re.findall(r"<c:f>([^<]+)</c:f>", part):
        name, cells = re.fullmatch(r"'(.+)'!(.+)", reference).groups()  # type: ignore[union-attr]
        area = book[name][cells.replace("$", "")]
        lines = area if isinstance(area, tuple) else ((area,),)
        found.append([cell.value for line in lines for cell in line])
    return found


def test_a_chart_is_drawn_from_the_cells_of_the_table_behind_it() -> None:
    series = (
        Series("plan", "plan", "plan"),
        Series("asked", (-400_000_000, None, -400_000_000), "asked"),
        Series("not told", "nothing", "mean"),
    )
    native = Native("lines", "£ million", "name", series)
    folded = table(ROWS, folded=True, **LIVE)
    made = board(Section("a", "1 A", ("A.",), charts=(drawn(native),), tables=(folded,)))
    book = read(made)
    assert book.sheetnames == ["Contents", "1 A", "Chart numbers", "Figures"]
    assert len(book["1 A"]._charts) == 1 and not pictures(made)
    (part,) = parts_of(made, "charts/chart")
    cells = chart_cells(book, part)
    assert ["Ash is short"] in cells and ["£ million"] in cells
    assert ["Ash", "Beech", "Together"] in cells
    top = place(book["Chart numbers"], "Ash")[0]
    assert [-1, -2, f"=SUM(B{top}:B{top + 1})"] in cells
    assert [-4, None, -4] in cells
    assert part.count("<c:ser>") == 2, "a series whose column tells nothing is left out"
    (drawing,) = parts_of(made, "drawings/drawing")
    assert 'descr="Ash (1.0), Beech (2.0)"' in drawing


def test_a_chart_whose_table_is_not_in_the_paper_stays_a_picture() -> None:
    native = Native("lines", "£ million", "name", (Series("plan", "plan", "plan"),))
    for view in (drawn(native), ChartView("chart-1", "Ash", spec(), "Ash")):
        made = board(Section("a", "1 A", ("A.",), charts=(view,)))
        assert not parts_of(made, "charts/chart") and len(pictures(made)) == 1
        assert "Chart numbers" not in read(made).sheetnames


def test_every_look_is_told_from_every_other_without_its_colour() -> None:
    def grey(look: Any) -> Any:
        if isinstance(look, dict):
            return {key: grey(value) for key, value in look.items()}
        if isinstance(look, str) and look.startswith("#"):
            red, green, blue = (int(look[at : at + 2], 16) for at in (1, 3, 5))
            return (red * 3 + green * 6 + blue) // 10 // 50
        return look

    charts = (
        ("recorded", "plan", "forecast", "asked", "middle", "edge", "hollow"),
        ("months", "mean", "limit", "outside", "run"),
        ("recorded", "plan", "forecast", "below"),
        ("total", "better", "worse", "rest"),
        ("deep", "medium", "light", "open", "striped"),
    )
    for together in charts:
        shades = [repr(grey(LOOKS[look])) for look in together]
        assert len(set(shades)) == len(shades), together


KINDS = st.sampled_from([BETTER, WORSE, REST])


@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.tuples(st.integers(-(10**9), 10**9), KINDS), max_size=6),
)
def test_a_waterfall_of_a_spreadsheet_ends_each_bar_where_ours_ends(
    start: int, steps: list[tuple[int, str]]
) -> None:
    """Stacked from nil outwards, what holds a bar up and its pieces reach its two ends."""
    bars = [Bar("Plan", start, TOTAL), *(Bar("Step", pence, kind) for pence, kind in steps)]
    bars.append(Bar("Forecast", start + sum(pence for pence, _ in steps), TOTAL))
    native = native_waterfall(bars, "pence", {}, Frame())
    held, *pieces = native.series
    level = 0
    for at, bar in enumerate(bars):
        first = 0 if bar.kind == TOTAL else level
        level = bar.pence if bar.kind == TOTAL else level + bar.pence
        own = [one.values[at] for one in pieces if one.look == bar.kind and one.values[at]]
        others = [one.values[at] for one in pieces if one.look != bar.kind]
        assert not any(others)
        base = held.values[at] or 0
        above = base + sum(v for v in own if v > 0) if base >= 0 else base
        below = base + sum(v for v in own if v < 0) if base <= 0 else base
        reached = {above, below} if own else {base}
        assert reached >= {first, level} - (
            {0} if min(first, level) <= 0 <= max(first, level) else set()
        )
        assert min(reached | {base}) == min(first, level) or not own
        assert max(reached | {base}) == max(first, level) or not own
    assert waterfall(bars, Frame(), "pence", {}, zoom=False)["layer"]


# -- hostile texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_never_a_formula_a_link_out_or_a_title_that_is_one(text: str) -> None:
    rows = [row(text, 1, 2, 1), row("Beech", 3, 4, 1)]
    heads = TableView(text, columns(f"name|{text.replace('|', '')}", "plan|P|cell"), rows, text)
    native = Native("lines", text, "name", (Series(text, "plan", "plan"),))
    own = Native("stacked", text, (text, "b"), (Series(text, (1, 2), "deep"),))
    folded = table(rows, folded=True, **LIVE)
    charts = (drawn(native, text), ChartView("chart-2", text, spec(), text, native=own))
    made = board(
        Section("a", text, (text,), (), charts, (heads, folded), points=(text,)),
        Section("b", text, (text,), tree=TreeView(text, text)),
        title=text,
    )
    sheets = parts_of(made, "worksheets/sheet")
    assert sum(sheet.count("<f>") for sheet in sheets) == 2
    for formula in re.findall(r"<f>([^<]*)</f>", "".join(sheets)):
        assert GRAMMAR.fullmatch(f"={formula}"), formula
    for link in re.findall(r"<hyperlink [^>]*>", "".join(sheets)):
        assert "location=" in link and "r:id" not in link
    for reference in re.findall(r"<c:f>([^<]*)</c:f>", "".join(parts_of(made, "charts/chart"))):
        assert re.fullmatch(r"'Chart numbers'!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", reference)
    with ZipFile(BytesIO(paper_workbook(made).data)) as archive:
        assert not any("external" in name.lower() or "vba" in name for name in archive.namelist())
    names = load_workbook(BytesIO(paper_workbook(made).data)).sheetnames
    assert len({name.lower() for name in names}) == len(names)


def test_a_text_that_no_cell_can_hold_is_cut_and_told() -> None:
    made = board(Section("a", "1 A", ("x" * 40_000,)))
    written = paper_workbook(made)
    assert written.told == ("A cell of a workbook holds 32,767 characters; 2 were cut at that.",)
    assert any(
        text.endswith(" … (cut)") and len(text) == 32_767 for text in texts(read(made)["1 A"])
    )


@given(st.lists(st.text(max_size=60), max_size=8))
def test_a_name_of_a_sheet_is_allowed_whatever_its_page_is_called(titles: list[str]) -> None:
    taken: set[str] = set()
    names = [sheet_name(title, taken) for title in titles]
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert 1 <= len(name) <= NAME_MAX and not re.search(r"[\[\]:*?/\\]", name)
        assert name[0] != "'" and name[-1] != "'" and name.lower() != "history"


@pytest.mark.parametrize(
    "title,name",
    [
        ("4 Where we are heading, and what must be true", "4 Where we are heading"),
        ("Not yet assured: the schemes of most money: all", "Not yet assured"),
        ("Those that are met or cannot be worked out", "Those that are met"),
        ("'quoted'", "quoted"),
        ("History", "Sheet"),
        ("Pneumonoultramicroscopicsilicovolcanoconiosis", "Pneumonoultramicroscopicsilicov"),
    ],
)
def test_a_long_title_is_cut_where_a_reader_would_pause(title: str, name: str) -> None:
    assert cut_short(title) == name


def test_a_number_among_formulas_is_not_marked_as_a_mistake() -> None:
    sheets = parts_of(whole(), "worksheets/sheet")
    assert all('formula="1"' in sheet and 'formulaRange="1"' in sheet for sheet in sheets)


def test_the_same_paper_is_the_same_workbook() -> None:
    assert paper_workbook(whole()).data == paper_workbook(whole()).data


def test_a_tree_stands_line_by_line() -> None:
    tree = TreeView("Who reports to whom", "System\n  Ash\n  Beech")
    said = texts(read(board(Section("a", "1 A", ("A.",), tree=tree)))["1 A"])
    assert said[-4:] == ["Who reports to whom", "System", "  Ash", "  Beech"]

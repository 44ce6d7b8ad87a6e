"""The terminal as a renderer: what fits, what goes first, how money and trees look."""

from __future__ import annotations

import pytest

from controltotal.core.figure import Figure
from controltotal.core.money import shown_in
from controltotal.papers.sections import INDENT, Column, Section, TableView, TreeView
from controltotal.papers.terminal import brief, cell_text, first_that_fits, table_lines, whole

MONEY = Column("sum", "sum", "money")
NAME = Column("name", "name", "name")


def table(many: int, tiers: tuple[int, ...] = (), **given: object) -> TableView:
    rows = [{"name": f"N{place}", "sum": place * 100_000_000} for place in range(many)]
    return TableView("Table", (NAME, MONEY), rows, tiers=tiers, **given)  # type: ignore[arg-type]


def names(lines: list[str]) -> list[str]:
    return [line.split()[0] for line in lines if line.startswith("N")]


@pytest.mark.parametrize(
    ("cell", "unit", "shown"),
    [
        (None, "£m", "-"),
        (-1_230_000_000, "£m", "(12.3)"),
        (-1_230_000_000, "£k", "(12,300)"),
        (Figure("gap/A/2026-27/plan", 500_000_000, qualifier="around"), "£m", "about 5.0"),
        (Figure("gap/A/2026-27/plan", None, status="bounded", low=0), "£m", "more than 0.0"),
        (Figure("gap/A/2026-27/plan", None, status="bounded", high=5), "£k", "less than 0"),
        (Figure("gap/A/2026-27/plan", None, status="bounded", low=1, high=5), "£k", "-"),
        (Figure("gap/A/2026-27/plan", None, status="indeterminate"), "£m", "-"),
    ],
)
def test_money_stands_in_the_unit_of_its_table(cell: object, unit: str, shown: str) -> None:
    with shown_in(unit):
        assert cell_text(MONEY, cell) == shown


def test_other_cells_read_as_on_a_page() -> None:
    assert cell_text(Column("a", "a", "number"), 1234) == "1,234"
    assert cell_text(Column("a", "a", "share"), 0.027) == "2.7%"
    assert cell_text(Column("a", "a"), True) == "yes"
    assert cell_text(NAME, f"{INDENT}{INDENT}Alder") == "    Alder"


def test_whole_tiers_go_first_and_what_is_left_out_is_counted() -> None:
    tiers = (0, 1, 2, 2, 1, 2, 2, 2)
    lines = table_lines(table(8, tiers, what="organisations"), 80, 5 + 5)
    assert names(lines) == ["N0", "N1", "N4"]
    assert lines[-1] == "5 more organisations."


def test_without_tiers_the_first_rows_stay() -> None:
    lines = table_lines(table(8), 80, 5 + 5)
    assert names(lines) == ["N0", "N1", "N2", "N3"] and lines[-1] == "4 more rows."


def test_a_narrow_screen_does_without_the_least_columns() -> None:
    heads = (NAME, *(Column(letter, letter * 8, "money") for letter in "abcdef"))
    rows = [{"name": "Alderwick Hospitals", **dict.fromkeys("abcdef", 99_900_000_000)}]
    made = TableView("Table", heads, rows, least=("b" * 8, "a" * 8))
    for width, gone in ((80, ""), (72, "b"), (62, "ba"), (52, "baf")):
        lines = table_lines(made, width)
        assert max(map(len, lines)) <= width
        assert [one for one in "baf" if one * 8 not in lines[1]] == list(gone)
        more = f"A wider screen shows {len(gone)} more column{'s' if len(gone) > 1 else ''}."
        assert (lines[-1] == more) is bool(gone)


def test_everything_is_told_with_an_empty_line_between_its_parts() -> None:
    parts = [
        Section("a", "Title", ("One sentence.",), tables=(table(2), table(1))),
        Section("b", "", points=("a point",), tree=TreeView("", "top\n  below")),
    ]
    assert whole(parts, 60, str.upper).split("\n\n") == [
        "TITLE\nOne sentence.",
        "TABLE\nname  sum\nN0    0.0\nN1    1.0",
        "TABLE\nname  sum\nN0    0.0",
        "a point",
        "top\n  below\n",
    ]


def test_the_first_tree_that_fits_is_shown() -> None:
    deep = Section("a", "", ("Head.",), tree=TreeView("", "line\n" * 60))
    flat = Section("a", "", ("Head.",), tree=TreeView("", "line"), points=("59 deeper",))
    assert first_that_fits(iter((deep, flat)), 80) == "Head.\n\nline\n\n59 deeper\n"
    assert len(first_that_fits(iter((deep,)), 80).splitlines()) <= 40


def test_a_first_screen_has_forty_lines_whatever_stands_in_it() -> None:
    answer = Section("a", "", tuple(f"{n} {'word ' * 60}" for n in range(9)), tables=(table(80),))
    kinds = [
        {"many": 1, "severity": "note", "meaning": f"kind {n}", "rest": f"  {8 - n} of others"}
        for n in range(9)
    ]
    heads = (Column("many", "", "number"), Column("severity", ""), Column("meaning", ""))
    findings = Section("findings", "", ("9 findings",), tables=(TableView("", heads, kinds),))
    lines = brief(answer, findings, "More.", 80).splitlines()
    assert len(lines) <= 40 and lines[-1] == "More."
    assert any("more rows" in line for line in lines) and "of others" in lines[-2]

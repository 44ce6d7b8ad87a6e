"""Trackers of savings: six house styles, four sizes, and what goes wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.intake_files import (
    FTH,
    FTH_NAME,
    NUMBERED,
    Case,
    Cell,
    Line,
    Truth,
    cases_of,
    drawn,
    text,
    xlsx,
)
from tests.intake_trackers import (
    STYLES,
    TITLE,
    UNIT,
    Scheme,
    Style,
    programme_office,
    renamed,
    schemes,
    side_by_side,
    total,
    truth_of,
)

CASES: list[Case] = []
case = cases_of(CASES)
SIZES = {"programme office": (5, 60, 500, 2000), "long": (5, 60)}


def _styled(style: str, make: Callable[[Sequence[Scheme]], Style], size: int) -> None:
    @case(f"a tracker of {size} schemes: {style}")
    def _(path: Path) -> Truth:
        sheets, truth = make(schemes((style, size), size))
        xlsx(path / "tracker.xlsx", sheets)
        return truth


for _style, _make in STYLES.items():
    for _size in SIZES.get(_style, (5, 60)):
        _styled(_style, _make, _size)


def simple(found: Sequence[Scheme], *more: str, last: Sequence[Line] = ()) -> list[Line]:
    """A tracker of few columns; `more` are headings whose cells `last` gives, one row a scheme."""
    rows: list[Line] = [[one.id, one.title, one.recurs, *one.plan, one.full_year] for one in found]
    if last:
        rows = [[*row, *cells] for row, cells in zip(rows, last, strict=True)]
    return [*TITLE, ["Plan"], ["Scheme ID", "Scheme", "R/NR", *NUMBERED, "FYE", *more], *rows]


@case("a tracker as comma separated text")
def _(path: Path) -> Truth:
    found = schemes(1, 12)
    text(path / "tracker.csv", simple(found))
    return truth_of(found)


@case("a tracker with totals of directorates above their schemes")
def _(path: Path) -> Truth:
    found = schemes(2, 10)
    lines: list[Line] = []
    for where in dict.fromkeys(one.where for one in found):
        rows: list[Line] = [
            [one.id, one.title, one.recurs, *one.plan, one.full_year]
            for one in found
            if one.where == where
        ]
        lines += [["", where, *total("", rows, 3)[2:]], *rows]
    head = ["Scheme ID", "Scheme", "R/NR", *NUMBERED, "FYE"]
    xlsx(path / "tracker.xlsx", {"Plan": [*TITLE, ["Plan"], head, *lines]})
    return truth_of(found)


@case("a subtotal of a directorate that is wrong", asks={"IMPORT_TOTAL"})
def _(path: Path) -> None:
    sheets, _ = side_by_side(schemes(3, 10))
    rows = [list(row) for row in sheets["CIP"]]
    place = next(n for n, row in enumerate(rows) if row and row[0] == "Medicine total")
    rows[place][6] += 10
    xlsx(path / "tracker.xlsx", {"CIP": rows})


@case("a grand total that misses a scheme", asks={"IMPORT_TOTAL"})
def _(path: Path) -> None:
    found = schemes(4, 8)
    sheets, _ = programme_office(found)
    rows = sheets["Tracker"]
    part: list[Line] = [row for row in rows if row and str(row[0]).startswith("FTH-")]
    rows[-1] = total("Total", part[:-1], 7)
    xlsx(path / "tracker.xlsx", {"Tracker": rows})


@case("a row whose total is not its months", asks={"IMPORT_TOTAL"})
def _(path: Path) -> None:
    found = schemes(5, 6)
    last: list[Line] = [[sum(one.plan) + (7 if one.id == "FTH-003" else 0)] for one in found]
    xlsx(path / "tracker.xlsx", {"Plan": simple(found, "Total", last=last)})


@case("one id for two schemes", asks={"IMPORT_REPEATED", "IMPORT_SCHEME"})
def _(path: Path) -> None:
    found = schemes(6, 6)
    rows = simple(found)
    rows[-1] = ["FTH-003", *rows[-1][1:]]
    xlsx(path / "tracker.xlsx", {"Plan": rows})


@case("a row pasted twice", asks={"IMPORT_REPEATED"})
def _(path: Path) -> None:
    rows = simple(schemes(7, 6))
    xlsx(path / "tracker.xlsx", {"Plan": [*rows, rows[-2]]})


@case(
    "a scheme without an id",
    asks={"IMPORT_CELL", "IMPORT_SCHEME", "IMPORT_REPEATED", "IMPORT_LINE"},
)
def _(path: Path) -> None:
    rows = simple(schemes(8, 6))
    rows[-2] = ["", *rows[-2][1:]]
    xlsx(path / "tracker.xlsx", {"Plan": rows})


@case("a cell of phasing that says TBC", asks={"IMPORT_CELL"})
def _(path: Path) -> None:
    rows = simple(schemes(9, 6))
    rows[-1] = [*rows[-1][:6], "TBC", *rows[-1][7:]]
    xlsx(path / "tracker.xlsx", {"Plan": rows})


@case(
    "a chance as 0.05, 5 and 5%",
    asks={"IMPORT_CELL", "IMPORT_HEADING", "IMPORT_UNIT", "IMPORT_SCALE"},
)
def _(path: Path) -> None:
    found = schemes(10, 3)
    last: list[Line] = [[0.05], [5], [Cell("5%")]]
    xlsx(path / "tracker.xlsx", {"Plan": simple(found, "Probability of delivery", last=last)})


@case("a chance as a percentage by format")
def _(path: Path) -> Truth:
    found = schemes(11, 3)
    last: list[Line] = [[Cell(0.8, "0%")], [Cell(0.5, "0%")], [Cell(1, "0%")]]
    xlsx(path / "tracker.xlsx", {"Plan": simple(found, "Probability of delivery", last=last)})
    truth = truth_of(found)
    for one, chance in zip(found, (0.8, 0.5, 1.0), strict=True):
        truth.schemes[one.id]["chance"] = chance
    return truth


@case("a rating by colour alone")
def _(path: Path) -> Truth:
    found = schemes(12, 6)

    def coloured(book: Any, sheets: dict[str, Any]) -> None:
        for row in range(6, 12):
            sheets["Plan"].write_blank(row, 16, None, book.add_format({"bg_color": "#FF0000"}))

    xlsx(path / "tracker.xlsx", {"Plan": simple(found, "RAG")}, coloured)
    return truth_of(found)


@case("merged directorates beside their schemes")
def _(path: Path) -> Truth:
    found = schemes(13, 10)
    rows: list[Line] = [
        ["", one.id, one.title, one.recurs, *one.plan, one.full_year] for one in found
    ]
    lines = [
        *TITLE,
        ["Plan"],
        ["Directorate", "Scheme ID", "Scheme", "R/NR", *NUMBERED, "FYE"],
        *rows,
    ]

    def merged(_: Any, sheets: dict[str, Any]) -> None:
        for number in range(0, 10, 2):
            sheets["Plan"].merge_range(6 + number, 0, 7 + number, 0, found[number].where)

    xlsx(path / "tracker.xlsx", {"Plan": lines}, merged)
    return truth_of(found, fields=("title", "recurrence", "directorate"))


@case("people in posts saved beside the money")
def _(path: Path) -> Truth:
    found = schemes(14, 6)
    last: list[Line] = [[n / 10] for n in drawn(14, 6, 0, 90)]
    xlsx(path / "tracker.xlsx", {"Plan": simple(found, "WTE", last=last)})
    return truth_of(found)


@case("an unidentified balance at the foot", asks={"IMPORT_SCHEME", "IMPORT_LINE", "IMPORT_CELL"})
def _(path: Path) -> Truth:
    found = schemes(15, 6)
    gap = drawn(15, 12, 10, 90)
    rows = [*simple(found), ["", "Unidentified", "", *gap]]
    truth = truth_of(found)
    for month, number in enumerate(gap, 1):
        truth.rows[(FTH, "savings_unidentified", "2026-27", str(month), "plan", "")] = number * UNIT
    xlsx(path / "tracker.xlsx", {"Plan": rows})
    return truth


@case("a tracker without ids", asks={"IMPORT_SCHEME", "IMPORT_HEADING", "IMPORT_KIND"})
def _(path: Path) -> Truth:
    found = schemes(16, 6)
    rows = [row[1:] if len(row) > 3 else row for row in simple(found)]
    xlsx(path / "tracker.xlsx", {"Plan": rows})
    truth = truth_of(found)
    truth.schemes = {}
    truth.records["schemes"] = [
        {"title": one.title, "full_year_effect": one.full_year * UNIT} for one in found
    ]
    return truth


@case("two headings that might both be the title", asks={"IMPORT_HEADING", "IMPORT_REPEATED"})
def _(path: Path) -> Truth:
    found = schemes(17, 6)
    last: list[Line] = [[f"Version of {one.title}"] for one in found]
    xlsx(path / "tracker.xlsx", {"Plan": simple(found, "Project title", last=last)})
    return truth_of(found)


@case(
    "a plan, and beside it the plan as it was re-based",
    asks={"IMPORT_HEADING", "IMPORT_VERSIONS", "IMPORT_REPEATED"},
)
def _(path: Path) -> None:
    found = schemes(18, 6)
    head: Line = ["Scheme ID", "Scheme", "R/NR", "Original plan 2026/27", "Rebased plan 2026/27"]
    rows: list[Line] = [
        [one.id, one.title, one.recurs, sum(one.plan), sum(one.plan) + 5] for one in found
    ]
    xlsx(path / "tracker.xlsx", {"Plan": [*TITLE, head, *rows]})


@case("gates with their days")
def _(path: Path) -> Truth:
    found = schemes(19, 4)
    last: list[Line] = [["2026-04-10", "2026-05-01", ""] for _ in found]
    heads = ("G1 date", "QIA signed off", "EQIA signed off")
    xlsx(path / "tracker.xlsx", {"Plan": simple(found, *heads, last=last)})
    truth = truth_of(found)
    return truth


@case("what a tracker does not say is listed", told={"IMPORT_UNKNOWN"})
def _(path: Path) -> Truth:
    found = schemes(20, 4)
    xlsx(path / "tracker.xlsx", {"Plan": simple(found)})
    return truth_of(found)


@case("a scheme of another trust's style in a book of a system", book="system")
def _(path: Path) -> Truth:
    found = schemes(21, 6, "XT3")
    head: Line = ["Trust", "Scheme ID", "Scheme", "R/NR", *NUMBERED, "FYE"]
    rows: list[Line] = [
        ["Calder Vale Hospitals", one.id, one.title, one.recurs, *one.plan, one.full_year]
        for one in found
    ]
    xlsx(path / "tracker.xlsx", {"Plan": [["Savings plan 2026/27 £000"], [], head, *rows]})
    return truth_of(found, org="XT3", fields=("title", "organisation"))


@case("a renamed scheme in one file, twice under one id", asks={"IMPORT_REPEATED", "IMPORT_SCHEME"})
def _(path: Path) -> None:
    found = schemes(22, 4)
    both = [*found, renamed(found[0], "Quite another name")]
    xlsx(path / "tracker.xlsx", {"Plan": simple(both)})


@case("sentences in a column of comments")
def _(path: Path) -> Truth:
    found = schemes(23, 4)
    last: list[Line] = [["Delayed by recruitment; back on track in June."] for _ in found]
    xlsx(path / "tracker.xlsx", {"Plan": simple(found, "Comments", last=last)})
    return truth_of(found)


@case("a tracker under five lines of title, with an instruction beside it")
def _(path: Path) -> Truth:
    found = schemes(24, 6)
    rows = simple(found)
    above: list[Line] = [
        ["CONFIDENTIAL"],
        ["Version 3"],
        [],
        ["Prepared for the finance committee"],
        [],
    ]
    rows[4] = [*rows[4], *[""] * 18, "Please return by the 5th working day"]
    xlsx(
        path / "tracker.xlsx",
        {"Read me": [["How to fill this in"], [FTH_NAME]], "Plan": [*above, *rows]},
    )
    return truth_of(found)

"""What names a person, planted where people leave it, in files that are otherwise plain."""

from __future__ import annotations

from pathlib import Path

from tests.intake_files import (
    NUMBERED,
    Case,
    Line,
    Truth,
    across,
    cases_of,
    statement,
    titled,
    xlsx,
)
from tests.intake_trackers import TITLE, schemes, truth_of

CASES: list[Case] = []
case = cases_of(CASES)
NHS_NUMBER = "943 476 5919"
NOT_NHS_NUMBER = "943 476 5918"
PLANTED = ("Josephine Quillfeather", "QQ123456C", "61,437.21", "14/02/1961", "ZE1 0AA", "20461187")
"""A name, an insurance number, a salary, a day of birth, a postcode, an assignment number."""
COLUMNS = {
    "names": (
        "Employee name",
        [PLANTED[0], "Ebenezer Thistlewood", "Q Brontosaurus", "Z Aardvark"],
    ),
    "insurance numbers": ("NI number", [PLANTED[1], "QQ123457C", "QQ223456C", "QQ323456C"]),
    "salaries": ("Salary", [61437.21, 51437.22, 41437.23, 31437.24]),
    "days of birth": ("Date of birth", [PLANTED[3], "15/03/1962", "16/04/1963", "17/05/1964"]),
    "postcodes": ("Home postcode", [PLANTED[4], "ZE1 0AB", "ZE1 0AD", "ZE1 0AE"]),
    "assignment numbers": ("Assignment number", [PLANTED[5], "20461188", "20461189", "20461190"]),
}


def tracker(path: Path, heading: str, cells: list[object], seed: object) -> Truth:
    """A tracker of four schemes with one more column."""
    found = schemes(seed, 4)
    rows: list[Line] = [
        [one.id, one.title, one.recurs, *one.plan, one.full_year, cell]
        for one, cell in zip(found, cells, strict=True)
    ]
    head: Line = ["Scheme ID", "Scheme", "R/NR", *NUMBERED, "FYE", heading]
    xlsx(path / "tracker.xlsx", {"Plan": [*TITLE, ["Plan"], head, *rows]})
    return truth_of(found)


def _column(name: str, heading: str, cells: list[object]) -> None:
    @case(f"a column of {name}", told={"IMPORT_PERSONAL"})
    def _(path: Path) -> Truth:
        return tracker(path, heading, cells, name)


for _name, (_heading, _cells) in COLUMNS.items():
    _column(_name, _heading, list(_cells))


@case("an NHS number in a comment", asks={"IMPORT_NHS_NUMBER"})
def _(path: Path) -> None:
    cells: list[object] = ["", f"Complaint of patient {NHS_NUMBER} answered", "", ""]
    tracker(path, "Comments", cells, 1)


@case("an NHS number in a title above the table", asks={"IMPORT_NHS_NUMBER"})
def _(path: Path) -> None:
    found, _ = statement(2)
    rows = titled([["", *NUMBERED], *across(found)])
    rows[3] = [f"re {NHS_NUMBER.replace(' ', '')}"]
    xlsx(path / "plan.xlsx", {"Plan": rows})


@case("an NHS number as a number of a column of references", asks={"IMPORT_NHS_NUMBER"})
def _(path: Path) -> None:
    tracker(path, "Reference", [4010232137, "", "", ""], 3)


@case("ten digits that are no NHS number")
def _(path: Path) -> Truth:
    cells: list[object] = ["", f"Order {NOT_NHS_NUMBER} placed", "", ""]
    return tracker(path, "Comments", cells, 4)


@case("a sentence with an insurance number among sentences", told={"IMPORT_NOTES"})
def _(path: Path) -> Truth:
    cells: list[object] = [
        f"On track. {PLANTED[1]} leaves in May.",
        "On track.",
        "Late by a week.",
        "",
    ]
    return tracker(path, "Comments", cells, 5)


@case("names and salaries on a hidden sheet", told={"IMPORT_HIDDEN"})
def _(path: Path) -> Truth:
    found, truth = statement(6)
    people: list[Line] = [["Employee name", "Salary"], [PLANTED[0], 61437.21]]
    sheets = {"Plan": titled([["", *NUMBERED], *across(found)]), "Staff": people}
    xlsx(path / "plan.xlsx", sheets, lambda _, kept: kept["Staff"].hide())
    return truth

"""One mapping, month after month: unattended while the file stays, stopped when it drifts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import controltotal as package
from tests.intake_files import (
    FTH,
    FTH_NAME,
    NUMBERED,
    TRUSTS,
    Line,
    Truth,
    book_of,
    statement,
    titled,
    xlsx,
)
from tests.intake_told import Imported, differences, imported, questions, told_codes
from tests.intake_trackers import STYLES, Scheme, schemes, total, truth_of
from tests.running import controltotal

HEAD: Sequence[str] = (
    "Scheme ID",
    "Scheme",
    "R/NR",
    "FYE",
    *NUMBERED,
    "Plan total",
    *NUMBERED,
    "Actual total",
)


def month_of(found: Sequence[Scheme], month: int) -> tuple[list[Line], Truth]:
    """A tracker as it stands at the end of a month: a scheme more each month, actuals so far."""
    known = found[: len(found) - 12 + month]
    shown = [replace(one, actual=(one.actual + one.plan[9:])[:month]) for one in known]
    rows: list[Line] = [
        [
            one.id,
            one.title,
            one.recurs,
            one.full_year,
            *one.plan,
            sum(one.plan),
            *one.actual,
            *[""] * (12 - month),
            sum(one.actual),
        ]
        for one in shown
    ]
    sums = [list(total("Total", [[*row[:17], *(n or 0 for n in row[17:])] for row in rows], 4))]
    blocks = ["", "", "", "", "Plan", *[""] * 12, "Actual"]
    title: list[Line] = [[FTH_NAME], [f"Savings tracker 2026/27, month {month}"], ["£000"], []]
    return [*title, blocks, list(HEAD), *rows, *sums], truth_of(shown, actual=True)


def tracker(path: Path, name: str, rows: Sequence[Line]) -> Path:
    """A workbook of one sheet."""
    return xlsx(path / f"{name}.xlsx", {"Tracker": rows})


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return book_of("one", tmp_path)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    path = tmp_path / "files"
    path.mkdir()
    return path


def read_whole(ran: Imported) -> Imported:
    """A file that must be read without a word."""
    assert ran.code == 0, (
        [(f["code"], f["message"], f["at"][:2]) for f in questions(ran)],
        ran.error,
    )
    return ran


def changes(ran: Imported) -> tuple[int, int, int]:
    """Rows added, changed and withdrawn, of all tables but that of sources."""
    rows = [row for row in ran.answer["tables"]["imported"] if row["table"] != "sources"]
    first, second, third = (
        sum(int(row[name]) for row in rows) for name in ("added", "changed", "withdrawn")
    )
    return first, second, third


def test_twelve_months_of_a_growing_tracker_need_no_question(book: Path, files: Path) -> None:
    found = schemes("year", 24)
    for month in range(1, 13):
        rows, truth = month_of(found, month)
        day = datetime.date(2026 + (month > 8), (month + 3) % 12 + 1, 12)
        file = tracker(files, f"CIP tracker {day:%b %Y} v{month}", rows)
        ran = read_whole(imported([file], book, "--on", day.isoformat()))
        assert differences(book, truth) == [], month
        added, _, withdrawn = changes(ran)
        assert added and not withdrawn


def test_a_report_of_each_month_takes_the_place_of_the_one_before(book: Path, files: Path) -> None:
    heads = ["", "M{} Plan", "M{} Actual", "YTD Plan", "YTD Actual", "FY Plan", "FY Forecast"]
    for month in (7, 8, 9):
        rows: list[Line] = [[head.format(month) for head in heads]]
        for number, name in enumerate(("Patient care income", "Pay", "Drugs"), 1):
            rows.append([name, number, number, 7 * number, month * number, 90, 91])
        titles: list[Line] = [[FTH_NAME], [f"Month {month} 2026/27, £000"]]
        path = xlsx(files / f"m{month}.xlsx", {"I&E": [*titles, *rows]})
        ran = imported([path], book)
        assert ran.code == 0, questions(ran)


def test_the_same_file_twice_adds_nothing(book: Path, files: Path) -> None:
    rows, truth = month_of(schemes("same", 16), 6)
    file = tracker(files, "M6", rows)
    assert changes(read_whole(imported([file], book)))[0]
    again = read_whole(imported([file], book))
    assert again.untouched and changes(again) == (0, 0, 0)
    assert differences(book, truth) == []


def test_a_corrected_file_changes_what_was_corrected_alone(book: Path, files: Path) -> None:
    found = schemes("corrected", 16)
    rows, _ = month_of(found, 6)
    read_whole(imported([tracker(files, "M6", rows)], book))
    found[2] = replace(found[2], actual=(found[2].actual[0] + 4, *found[2].actual[1:]))
    rows, truth = month_of(found, 6)
    ran = read_whole(imported([tracker(files, "M6 corrected", rows)], book))
    assert changes(ran) == (0, 1, 0)
    assert differences(book, truth) == []


def test_rows_that_are_no_longer_there_are_withdrawn(book: Path, files: Path) -> None:
    found = schemes("absent", 36)
    rows, _ = month_of(found, 12)
    read_whole(imported([tracker(files, "M12", rows)], book))
    rows, truth = month_of([*found[:7], *found[8:]], 12)
    ran = read_whole(imported([tracker(files, "M12 later", rows)], book))
    assert changes(ran)[2]
    assert differences(book, truth) == []


def test_more_than_a_tenth_is_not_withdrawn_unasked(book: Path, files: Path) -> None:
    found = schemes("many absent", 36)
    rows, truth = month_of(found, 12)
    read_whole(imported([tracker(files, "M12", rows)], book))
    rows, _ = month_of(found[9:], 12)
    ran = imported([tracker(files, "M12 later", rows)], book)
    assert ran.code == 1 and ran.untouched
    assert "IMPORT_WITHDRAW" in {f["code"] for f in questions(ran)}
    assert differences(book, truth) == []


# -- drift -----------------------------------------------------------------------------------------

Drift = Callable[[list[list[object]]], None]


def renamed_heading(rows: list[list[object]]) -> None:
    rows[5][1] = "Workstream description"


def new_heading(rows: list[list[object]]) -> None:
    rows[5].append("Stretch")
    for row in rows[6:]:
        row.append(3)


def moved_heading(rows: list[list[object]]) -> None:
    for row in rows[5:]:
        row[0], row[1] = row[1], row[0]


def other_unit(rows: list[list[object]]) -> None:
    rows[2][0] = "£"
    for row in rows[6:]:
        row[3:] = [n * 1000 if isinstance(n, int) else n for n in row[3:]]


def other_body(rows: list[list[object]]) -> None:
    rows[0][0] = "Alderwick Hospitals (fictional)"


def total_as_row(rows: list[list[object]]) -> None:
    rows[-1][:4] = ["FTH-099", "Total", "R", 1]


DRIFTS: dict[str, tuple[Drift, set[str]]] = {
    "a heading under another name": (renamed_heading, {"IMPORT_DRIFT"}),
    "a new heading": (new_heading, {"IMPORT_DRIFT"}),
    "a moved heading": (moved_heading, {"IMPORT_DRIFT"}),
    "another unit": (other_unit, {"IMPORT_DRIFT"}),
    "another body": (other_body, {"IMPORT_DRIFT", "IMPORT_SCHEME", "IMPORT_BODY"}),
    "a total that became a row": (total_as_row, {"IMPORT_DRIFT", "IMPORT_TOTAL"}),
}


@pytest.mark.parametrize(("drift", "codes"), DRIFTS.values(), ids=DRIFTS)
def test_a_file_that_drifted_stops(book: Path, files: Path, drift: Drift, codes: set[str]) -> None:
    found = schemes("drift", 16)
    rows, before = month_of(found, 4)
    read_whole(imported([tracker(files, "M4", rows)], book))
    later, _ = month_of(found, 5)
    lines = [list(row) for row in later]
    drift(lines)
    ran = imported([tracker(files, "M5", lines)], book)
    assert ran.code == 1 and ran.untouched
    assert codes & {f["code"] for f in questions(ran)}, [
        (f["code"], f["message"]) for f in questions(ran)
    ]
    assert differences(book, before) == []


def test_a_file_that_drifted_and_went_back_is_read_again(book: Path, files: Path) -> None:
    found = schemes("back", 16)
    read_whole(imported([tracker(files, "M4", month_of(found, 4)[0])], book))
    lines = [list(row) for row in month_of(found, 5)[0]]
    other_unit(lines)
    assert imported([tracker(files, "M5 wrong", lines)], book).code == 1
    rows, truth = month_of(found, 5)
    read_whole(imported([tracker(files, "M5", rows)], book))
    assert differences(book, truth) == []


# -- what an import promises -----------------------------------------------------------------------


def test_a_dry_run_leaves_as_the_import_would_and_writes_nothing(book: Path, files: Path) -> None:
    rows, _ = month_of(schemes("dry", 14), 3)
    good = imported([tracker(files, "good", rows)], book, "--dry-run")
    assert good.code == 0 and good.untouched and changes(good)[0]
    lines = [list(row) for row in rows]
    lines[-1][4] = 1
    bad = imported([tracker(files, "bad", lines)], book, "--dry-run")
    assert bad.code == 1 and bad.untouched
    assert not (book.parent / "book.mappings").exists()


def test_a_named_person_accepts_a_difference_and_is_recorded(
    tmp_path: Path, book: Path, files: Path
) -> None:
    found, truth = statement("accept")
    row: list[object] = ["Total expenditure"]
    row += [found["pay"][n] + found["drugs"][n] + found["non_pay"][n] + (n == 4) for n in range(12)]
    rows: list[Line] = [["", *NUMBERED]]
    rows += [
        [name, *found[line]]
        for line, name in (("pay", "Pay"), ("drugs", "Drugs"), ("non_pay", "Non-pay"))
    ]
    file = xlsx(files / "costs.xlsx", {"Plan": titled([*rows, row])})
    ledger = f"sqlite:///{tmp_path / 'book.ledger'}"
    assert controltotal("convert", book, ledger).code == 0
    assert controltotal("import", file, "--into", ledger, "--json").code == 1
    ran = controltotal(
        "import", file, "--into", ledger, "--accept", "Imogen Ledger: rounding upstream", "--json"
    )
    assert ran.code == 0, ran.out
    assert controltotal("convert", ledger, tmp_path / "copy", "--history").code == 0
    text = "".join(one.read_text("utf-8") for one in (tmp_path / "copy").glob("*.csv"))
    assert "Imogen Ledger" in text and "rounding upstream" in text
    truth.rows = {
        key: pence for key, pence in truth.rows.items() if key[1] in ("pay", "drugs", "non_pay")
    }
    assert differences(tmp_path / "copy", truth) == []


def test_an_import_into_a_ledger_is_taken_back(tmp_path: Path, book: Path, files: Path) -> None:
    ledger = f"sqlite:///{tmp_path / 'book.ledger'}"
    assert controltotal("convert", book, ledger).code == 0
    rows, truth = month_of(schemes("undone", 14), 3)
    ran = controltotal("import", tracker(files, "M3", rows), "--into", ledger, "--json")
    assert ran.code == 0, ran.out
    position = package.read(ledger)
    assert {one.id for one in position.book.schemes} == set(truth.schemes)
    entry = next(iter(position.book.schemes)).entry
    said = ("--why", "sent in error", "--as", "A. Local", "--on", "2026-11-30")
    undone = controltotal("act", "undo", ledger, f"entry={entry}", *said)
    assert undone.code == 0, undone.out + undone.err
    after = package.read(ledger)
    assert not after.book.schemes and not list(after.book.amounts)


EIGHTH = [
    [f"{TRUSTS['XT8']}: month 9 report 2026/27"],
    ["£000", "Annual plan", "YTD plan", "YTD actual", "Variance", "FOT"],
    ["NHS clinical income", 1200, 900, 910, 10, 1210],
    ["Pay", 800, 600, 620, -20, 830],
    ["Surplus/(deficit)", 400, 300, 290, -10, 380],
]


@pytest.mark.parametrize("sent", [True, False])
def test_a_folder_of_eight_house_styles_says_who_has_not_sent(
    sent: bool, tmp_path: Path, files: Path
) -> None:
    book = book_of("system", tmp_path)
    truth = Truth()
    for (code, name), make in zip(list(TRUSTS.items())[:6], list(STYLES.values())[:6], strict=True):
        found = schemes(code, 6, code)
        sheets, _ = make(found)
        named = {sheet: [[name], *rows[1:]] for sheet, rows in sheets.items()}
        xlsx(files / f"{name} tracker.xlsx", named)
        for one in found:
            truth.schemes[one.id] = {"title": one.title, "organisation": code}
    found_lines, _ = statement("seventh", org="XT7")
    rows = titled(
        [
            ["", *NUMBERED],
            *([key.replace("_", " ").capitalize(), *ns] for key, ns in found_lines.items()),
        ],
        name=TRUSTS["XT7"],
    )
    xlsx(files / "seventh.xlsx", {"Plan": rows})
    if sent:
        xlsx(files / "eighth.xlsx", {"M9": EIGHTH})
    ran = read_whole(imported([files], book))
    received = {row["organisation"]: row for row in ran.answer["tables"]["received"]}
    assert set(TRUSTS) <= set(received)
    assert bool(received["XT8"]["file"]) is sent
    assert all(received[code]["file"] for code in list(TRUSTS)[:7])
    amounts = package.read(str(book)).book.amounts
    told = {row.line: row.amount for row in amounts if row.organisation == "XT8" and row.month}
    assert told == ({"patient_care_income": 91_000_000, "pay": 62_000_000} if sent else {})
    held = {one.id: one for one in package.read(str(book)).book.schemes}
    assert {name: one.organisation for name, one in held.items()} == {
        name: fields["organisation"] for name, fields in truth.schemes.items()
    }


def test_of_several_files_one_that_is_wrong_is_named(book: Path, files: Path) -> None:
    rows, _ = month_of(schemes("first", 14), 3)
    tracker(files, "right", rows)
    found, _ = statement("second")
    wrong = [["", *NUMBERED, "Total"], ["Pay", *found["pay"], 1]]
    xlsx(files / "wrong.xlsx", {"Plan": titled(wrong)})
    ran = imported([files], book)
    assert ran.code == 1
    assert {place["file"] for f in questions(ran) for place in f["at"]} == {"wrong.xlsx"}
    assert "IMPORT_TOTAL" in told_codes(ran)


def test_known_on_is_the_day_that_is_given(book: Path, files: Path) -> None:
    rows, truth = month_of(schemes("known", 14), 3)
    read_whole(imported([tracker(files, "M3", rows)], book, "--on", "2026-07-14"))
    assert not list(package.read(str(book), as_at="2026-07-13").book.amounts)
    assert {row.scheme for row in package.read(str(book), as_at="2026-07-14").book.amounts} == set(
        truth.schemes
    )


def test_every_row_leads_back_to_its_file_and_cell(tmp_path: Path, book: Path, files: Path) -> None:
    found, _ = statement("cells")
    file = xlsx(files / "plan.xlsx", {"Plan": titled([["", *NUMBERED], ["Pay", *found["pay"]]])})
    ledger = f"sqlite:///{tmp_path / 'book.ledger'}"
    assert controltotal("convert", book, ledger).code == 0
    assert controltotal("import", file, "--into", ledger, "--json").code == 0
    rows = list(package.read(ledger).book.amounts)
    assert len(rows) == 12 and {row.organisation for row in rows} == {FTH}
    assert {row.origin.split("|")[0] for row in rows} == {"plan.xlsx"}
    assert "plan.xlsx|Plan|B6" in {row.origin for row in rows}

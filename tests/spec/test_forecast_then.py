"""The forecast a month before, as it stood: lines of it that changed, came and went, in each form of book.

The worked case, in £ thousand: by month 9 the year is expected at 12,000 of income, 7,200 of pay and
5,400 of drugs, a deficit of 600. By month 10 pay in the last two months is 660 in place of 600, and the
year a deficit of 720. A month before it was one of 600, whatever the book keeps its rows in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal import verbs
from controltotal.core.result import Result
from tests.answers import answer_of

K: Final = 1_000 * 100
"""£1,000 in pence."""
FORMS: Final = ("book", "book.xlsx", "sqlite:///{}/book.ledger")
MONTHS: Final = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
INCOME: Final = "Patient care income"
Sheet = dict[str, tuple[int, int]]
"""By line: what each month told came to and what each month left is expected at, in £ thousand."""
NINTH: Sheet = {INCOME: (1000, 1000), "Pay": (-600, -600), "Drugs": (-450, -450)}
COSTS: Final = (("Pay", -600), ("Drugs", -450), ("Agency", -50))
TENTH: Sheet = NINTH | {"Pay": (-600, -660)}


def started(form: str, folder: Path) -> str:
    """A book of one trust, in one of the forms."""
    made = folder / "start"
    made.mkdir()
    (made / "book.csv").write_text("key,value\ntitle,A test\ndefault_year,2026/27\n", "utf-8")
    (made / "organisations.csv").write_text("code,name,kind\nT1,First,provider\n", "utf-8")
    address = form.format(folder) if "://" in form else str(folder / form)
    verbs.convert(made, address)
    return address


def year_of(sheet: Sheet, month: int) -> int:
    """What the year comes to, in £ thousand."""
    return sum(was * month + then * (12 - month) for was, then in sheet.values())


def sent(book: str, folder: Path, sheet: Sheet, month: int) -> Result:
    """The report of a month, months across and the year expected, imported in the month after it."""
    made = openpyxl.Workbook()
    page = made.active
    page.append([f"T1 income and expenditure 2026/27 month {month}, £000"])
    page.append(["", *["Actual"] * month, *["Forecast"] * (13 - month)])
    page.append(["Line", *MONTHS, "Full year"])
    for name, (was, then) in sheet.items():
        months = [was] * month + [then] * (12 - month)
        page.append([name, *months, sum(months)])
    sums = [
        sum(column) for column in zip(*(r[1:] for r in page.values if r[0] in sheet), strict=True)
    ]
    page.append(["Surplus/(deficit)", *sums])
    made.save(folder / "month.xlsx")
    on = f"{2026 + month // 9}-{month % 9 + 1 if month > 8 else month + 4:02}-15"
    asked = ["organisation=T1", "withdraw=yes"]
    return verbs.import_(folder / "month.xlsx", book, set=asked, on=on)


def forecasts(book: str) -> list[int | None]:
    """The forecast of the year and that of a month before, in £ thousand."""
    rows = answer_of(verbs.position(book)).table("to_date")
    row = next(r for r in rows if not r["line"] and not r["scheme"])
    columns = (row["forecast"], row["forecast_last_month"])
    return [None if pence is None else pence // K for pence in columns]


@pytest.mark.parametrize("form", FORMS)
def test_a_line_that_changed_leaves_the_month_before_as_it_stood(form: str, tmp_path: Path) -> None:
    book = started(form, tmp_path)
    sent(book, tmp_path, NINTH, 9)
    assert forecasts(book) == [-600, None], "nothing is known of a month before"
    said = sent(book, tmp_path, TENTH, 10)
    assert forecasts(book) == [-720, -600]
    assert said.tables["imported"][0]["changed"] == 3, "two months of pay, and its year"
    if "://" not in form:
        assert "Forecasts keep what they said before, each row with its day." in said.words
    assert [f.code for f in verbs.check(book).findings if f.severity == "error"] == []
    again = sent(book, tmp_path, TENTH, 10)
    assert "0 rows added; 39 stood there already." in again.words
    assert forecasts(book) == [-720, -600]


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_put_right_on_its_own_day_is_no_other_month(form: str, tmp_path: Path) -> None:
    book = started(form, tmp_path)
    sent(book, tmp_path, NINTH, 9)
    sent(book, tmp_path, NINTH | {"Drugs": (-450, -999)}, 10)
    sent(book, tmp_path, TENTH, 10)
    assert forecasts(book) == [-720, -600]


def test_a_line_that_a_ledger_no_longer_holds_was_in_the_month_before(tmp_path: Path) -> None:
    book = started(FORMS[-1], tmp_path)
    sent(book, tmp_path, NINTH | {"Agency": (0, -40)}, 9)
    sent(book, tmp_path, NINTH, 10)
    assert forecasts(book) == [-600, -720], "three months of 40 were expected then"


SHEETS: Final = st.fixed_dictionaries(
    {
        name: st.tuples(st.just(was), st.integers(1, 9).map(lambda n: -100 * n))
        for name, was in COSTS
    }
)


@given(st.lists(SHEETS, min_size=2, max_size=3), st.sampled_from(FORMS), st.booleans())
@settings(max_examples=10, deadline=None)
def test_a_month_before_is_what_its_own_sheet_came_to(
    tmp_path_factory: pytest.TempPathFactory, months: list[Sheet], form: str, short: bool
) -> None:
    """However a forecast changes from month to month; of a ledger also where a line comes or goes."""
    folder = tmp_path_factory.mktemp("sheets")
    book = started(form, folder)
    before = None
    for number, costs in enumerate(months):
        held = dict(list(costs.items())[: 1 + number]) if short and "://" in form else costs
        sheet = {INCOME: (1000, 1000), **held}
        sent(book, folder, sheet, 8 + number)
        now = year_of(sheet, 8 + number)
        assert forecasts(book) == [now, before]
        before = now

"""The register a month before, as it stood: rows that changed, closed, went, and bodies without one.

The worked case, in £ thousand: by month 5 risks of 400 at a half, 100 at a fifth and 60 at a half are
known, -200 - 20 - 30 = -250 by their chances. By month 6 the first has become 500, the third is gone
and one of 80 at a quarter has come: -250 - 20 - 20 = -290.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal import verbs
from controltotal.core.result import Result
from tests.answers import answer_of
from tests.strategies import Book, Cells, amount, position_of

K: Final = 1_000 * 100
"""£1,000 in pence."""
HEAD: Final = ("Ref", "Organisation", "Risk", "Type", "Gross £k", "Likelihood %", "Executive lead")
FORMS: Final = ("book", "book.xlsx", "sqlite:///{}/book.ledger")
Register = dict[str, tuple[int, int]]
"""By reference: full value in £ thousand, and chance in hundredths."""
FIFTH: Register = {"R1": (400, 50), "R2": (100, 20), "R3": (60, 50)}
SIXTH: Register = {"R1": (500, 50), "R2": (100, 20), "R4": (80, 25)}


def started(form: str, folder: Path) -> str:
    """A book of one trust with a plan, in one of the forms."""
    texts = {
        "book": "key,value\ntitle,A test\ndefault_year,2026/27\n",
        "organisations": "code,name,kind\nT1,First,provider\n",
        "amounts": "organisation,line,year,basis,amount,unit\nT1,position,2026/27,plan,0,£k\n",
    }
    made = folder / "start"
    made.mkdir()
    for name, text in texts.items():
        (made / f"{name}.csv").write_text(text, "utf-8")
    address = form.format(folder) if "://" in form else str(folder / form)
    verbs.convert(made, address)
    return address


def register(path: Path, rows: Register) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(HEAD)
        for ref, (gross, chance) in rows.items():
            written.writerow([ref, "T1", f"Risk {ref}", "Risk", gross, f"{chance}%", "Chief Nurse"])
    return path


def sent(book: str, folder: Path, rows: Register, on: str) -> Result:
    return verbs.import_(
        register(folder / "register.csv", rows), book, set=["withdraw=yes"], as_="risks", on=on
    )


def by_chances(book: str | Path, body: str = "T1", **asked: Any) -> dict[str, int]:
    """By month: what the register comes to by its chances, in £ thousand."""
    rows = answer_of(verbs.position(book, **asked)).table("net_risk")
    return {r["when"]: r["weighted_pence"] // K for r in rows if r["organisation"] == body}


@pytest.mark.parametrize("form", FORMS)
def test_a_second_import_leaves_last_month_as_it_stood(form: str, tmp_path: Path) -> None:
    book = started(form, tmp_path)
    sent(book, tmp_path, FIFTH, "2026-09-10")
    assert by_chances(book) == {"this month": -250}, "nothing is known of August"
    said = sent(book, tmp_path, SIXTH, "2026-10-10")
    assert by_chances(book) == {"this month": -290, "last month": -250}
    assert (
        said.tables["imported"][0] | {"added": 1, "changed": 1, "withdrawn": 1}
        == (said.tables["imported"][0])
    )
    assert [f.code for f in verbs.check(book).findings if f.severity == "error"] == []
    again = sent(book, tmp_path, SIXTH, "2026-10-10")
    assert "0 rows added; 3 stood there already." in again.words
    sent(book, tmp_path, {**SIXTH, "R3": (60, 50)}, "2026-11-10")
    assert by_chances(book) == {"this month": -320, "last month": -290}, "a risk that came again"


@pytest.mark.parametrize("form", FORMS)
def test_a_register_put_right_on_its_own_day_is_no_other_month(form: str, tmp_path: Path) -> None:
    """The file of the day was of another house's risks: what it brought is gone, what it closed is not."""
    book = started(form, tmp_path)
    sent(book, tmp_path, FIFTH, "2026-09-10")
    sent(book, tmp_path, {"R2": (900, 90), "R7": (70, 10)}, "2026-10-10")
    sent(book, tmp_path, SIXTH, "2026-10-10")
    assert by_chances(book) == {"this month": -290, "last month": -250}


def test_a_folder_says_what_it_keeps_of_a_register(tmp_path: Path) -> None:
    book = started("book", tmp_path)
    sent(book, tmp_path, FIFTH, "2026-09-10")
    said = sent(book, tmp_path, SIXTH, "2026-10-10").words
    assert "The risk register keeps what it said before, each row with its day." in said
    assert not any("only a ledger keeps" in text for text in said)
    rows = (tmp_path / "book" / "risks.csv").read_text("utf-8").splitlines()
    closed = next(row for row in rows if row.startswith("R3,"))
    assert "2026-10-10" in closed and "2026-09-10" in closed
    assert by_chances(book, as_at="2026-09-30") == {"this month": -250}, "known then, read as then"


REGISTERS: Final = st.dictionaries(
    st.sampled_from(["R1", "R2", "R3", "R4", "R5"]),
    st.tuples(st.integers(1, 9).map(lambda n: n * 100), st.integers(0, 10).map(lambda n: n * 10)),
    min_size=1,
)


@given(st.lists(REGISTERS, min_size=2, max_size=3), st.sampled_from(FORMS))
@settings(max_examples=12, deadline=None)
def test_last_month_is_what_the_months_own_register_came_to(
    tmp_path_factory: pytest.TempPathFactory, months: list[Register], form: str
) -> None:
    """However a register changes from month to month, and whatever form the book has."""
    folder = tmp_path_factory.mktemp("registers")
    book = started(form, folder)
    before: Register | None = None
    for number, rows in enumerate(months):
        same = before is not None and rows == before
        sent(book, folder, rows, f"2026-{9 + number:02}-10")
        told = by_chances(book)
        assert told["this month"] == -sum(gross * chance // 100 for gross, chance in rows.values())
        if before is not None and not same:
            assert told["last month"] == -sum(g * c // 100 for g, c in before.values())
        before = rows if not same else None
        if same:
            return


@pytest.mark.parametrize("settings_of_book", ["title,A test\ndefault_year,2026/27", "title,A test"])
def test_a_book_of_risks_alone_tells_what_they_come_to(
    settings_of_book: str, tmp_path: Path
) -> None:
    """No money of a year is needed; best and worst stand beside a forecast, and are left out."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "book.csv").write_text(f"key,value\n{settings_of_book}\n", "utf-8")
    (book / "organisations.csv").write_text("code,name,kind\nT1,First,provider\n", "utf-8")
    sent(str(book), tmp_path, FIFTH, "2026-09-10")
    told = verbs.position(str(book))
    (row,) = answer_of(told).table("net_risk")
    assert (row["year"], row["weighted_pence"] // K, row["worst_pence"]) == ("2026-27", -250, None)
    assert told.words[0] == (
        "First, 2026/27: risks of £560 thousand and mitigations of nil stand in the register, "
        "£250 thousand worse by their chances."
    )
    assert answer_of(verbs.position(str(book), year="2025/26")).table("net_risk") == []


def test_risks_of_no_known_year_are_told_by_no_year(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "book.csv").write_text("key,value\ntitle,A test\n", "utf-8")
    (book / "organisations.csv").write_text("code,name,kind\nT1,First,provider\n", "utf-8")
    rows = "id,kind,organisation,title,gross,unit,chance\nR1,risk,T1,Winter,5,£k,0.5\n"
    (book / "risks.csv").write_text(rows, "utf-8")
    assert answer_of(verbs.position(str(book))).table("net_risk") == []


# -- rows in a book --------------------------------------------------------------------------------


def risk(code: str, gross: int, known: str = "", body: str = "T1", **more: str) -> Cells:
    row = {"id": code, "organisation": body, "title": code, "kind": "risk", "chance": "0.5"}
    row |= {"gross": str(gross * 1_000), "unit": "£"} | more
    return {**row, "known_on": known} if known else row


def told(*rows: Cells, as_at: str | None = None, what: str = "gross") -> dict[str, dict[str, int]]:
    """By body and month: what the risks come to in full, or something else, in £ thousand."""
    book: Book = {
        "organisations": [
            {"code": "S", "name": "System", "kind": "system"},
            {"code": "T1", "name": "First", "kind": "provider", "parent": "S"},
            {"code": "T2", "name": "Second", "kind": "provider", "parent": "S"},
        ],
        "amounts": [amount(code, "position", 0, basis="plan") for code in ("T1", "T2")],
        "risks": list(rows),
    }
    found: dict[str, dict[str, int]] = {}
    answer = answer_of(verbs.position(position_of(book, as_at)))
    for row in answer.table("net_risk"):
        found.setdefault(row["organisation"], {})[row["when"]] = row[f"{what}_pence"] // K
    return found


def test_a_body_without_a_register_then_has_no_last_month_nor_has_its_parent() -> None:
    """T1 had 400 in September and 500 in October; T2's first register is of October."""
    found = told(
        risk("A", 400, "2026-09-10"),
        risk("A", 500, "2026-10-10"),
        risk("B", 80, "2026-10-12", "T2"),
    )
    assert found == {
        "T1": {"this month": -500, "last month": -400},
        "T2": {"this month": -80},
        "S": {"this month": -580},
    }


def test_a_body_of_which_no_row_has_a_day_has_no_last_month() -> None:
    found = told(
        risk("A", 400, "2026-09-10"), risk("A", 500, "2026-10-10"), risk("B", 80, body="T2")
    )
    assert found["T2"] == {"this month": -80} and found["S"] == {"this month": -580}


def test_a_row_without_a_day_stood_until_one_with_a_day_took_its_place() -> None:
    assert told(risk("A", 400), risk("A", 500, "2026-10-10"))["S"] == {
        "this month": -500,
        "last month": -400,
    }


def test_a_closed_risk_counts_until_it_closes() -> None:
    """400 and 60 in September; the second closes in October and in nothing else anything moves."""
    rows = (risk("A", 400, "2026-09-10"), risk("B", 60, "2026-09-10", closed_on="2026-10-10"))
    assert told(*rows)["S"] == {"this month": -400, "last month": -460}
    assert told(*rows, as_at="2026-09-30")["S"] == {"this month": -460}
    assert told(*rows[1:]) == {}


def test_a_risk_closed_by_a_row_of_its_own_stays_closed() -> None:
    rows = (
        risk("A", 400, "2026-08-10"),
        risk("B", 60, "2026-08-10"),
        risk("B", 60, "2026-09-10", closed_on="2026-09-10"),
        risk("A", 300, "2026-10-10"),
    )
    assert told(*rows)["S"] == {"this month": -300, "last month": -400}
    assert told(*rows[:3])["S"] == {"this month": -400, "last month": -460}


# -- the best end ----------------------------------------------------------------------------------


def ends(*rows: Cells) -> dict[str, int]:
    kinds = ("best", "likely", "worst", "mitigated")
    return {kind: told(*rows, what=kind)["S"]["this month"] for kind in kinds}


def test_best_holds_no_mitigation_of_a_risk_that_does_not_come() -> None:
    """Plan nil; risks 400 and 100 at a half; a mitigation of the first of 250 at a half, one of its
    own of 30 at a half. No risk: 30. By chances: -200 - 50 + 125 + 15. Worst: -500."""
    rows = (
        risk("A", 400),
        risk("B", 100),
        risk("A-M", 250, kind="mitigation", mitigates="A"),
        risk("M", 30, kind="mitigation"),
    )
    assert ends(*rows) == {"best": 30, "likely": -110, "worst": -500, "mitigated": 280}
    unnamed = [{**row, "mitigates": ""} for row in rows]
    assert ends(*unnamed) == {"best": 280, "likely": -110, "worst": -500, "mitigated": 280}


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_a_risk_with_its_mitigation_leaves_the_best_end_where_it_is(
    pairs: list[tuple[int, int]],
) -> None:
    own = risk("M", 30, kind="mitigation")
    rows = [risk(f"R{n}", gross) for n, (gross, _) in enumerate(pairs)]
    rows += [
        risk(f"R{n}-M", less, kind="mitigation", mitigates=f"R{n}")
        for n, (_, less) in enumerate(pairs)
    ]
    assert told(own, *rows, what="best")["S"]["this month"] == 30

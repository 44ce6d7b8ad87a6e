"""Bodies by code and day: who followed a dissolved one, and whose a published figure is.

The books are made up save for the codes, and each says what went wrong once: boards and trusts that
had ended were taken without a word, and a figure of NHS Lancashire North became one of Morecambe Bay.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

import controltotal.verbs as verbs
from controltotal.core.finding import Finding
from controltotal.core.published import ALLOCATIONS, published_rows
from controltotal.core.published_inputs import inputs_of, of_register
from controltotal.core.reference import other_meaning, spells
from controltotal.sources.known_bodies import Called, name_in
from controltotal.workings.workings import Workings
from tests.running import controltotal

FAULTS = Path(__file__).parents[1] / "data" / "faults"


def told(book: str, code: str) -> list[Finding]:
    return [f for f in verbs.check(FAULTS / book).findings if f.code == code]


@pytest.mark.parametrize(
    ("book", "said"),
    [
        (
            "reading/merged-icb-2026",
            {
                "QH8": ("NHS Essex Integrated Care Board (D7T5G)", "1 April 2026"),
                "QM7": (
                    "NHS Essex Integrated Care Board (D7T5G), 21.34%",
                    "NHS Central East Integrated Care Board (S1Y5D), 78.66%",
                    "1 April 2026",
                ),
            },
        ),
        (
            "rules/icb25",
            {"RAP": ("Royal Free London NHS Foundation Trust (RAL)", "1 January 2025")},
        ),
        (
            "rules/icb26",
            {
                "QMJ": ("NHS West and North London Integrated Care Board (Z9B2Z)", "1 April 2026"),
                "QRV": ("NHS West and North London Integrated Care Board (Z9B2Z)", "1 April 2026"),
            },
        ),
    ],
)
def test_a_dissolved_body_is_told_once_with_who_followed(
    book: str, said: dict[str, tuple[str, ...]]
) -> None:
    found = {f.organisation: f for f in told(book, "BOUNDARY_MISMATCH")}
    assert set(found) == set(said)
    assert len(told(book, "BOUNDARY_MISMATCH")) == len(said), "one finding for each body"
    for code, words in said.items():
        finding = found[code]
        assert finding.severity == "warning"
        assert all(word in finding.message for word in words)
        assert "The register is known to 1 " in finding.message
        assert "`successions`" in finding.action and f"{code}, " in finding.action
        assert "organisations row" in finding.where and "amounts row" in finding.where


def test_what_to_type_is_what_puts_it_right(tmp_path: Path) -> None:
    """The book under the code that followed, with the row of successions as told, is in order."""
    for name, text in {
        "book": "key,value\ndefault_unit,£m\nfictional,no\n",
        "organisations": "code,name,kind,from,to\n"
        "RAP,North Middlesex,provider,,2024-12-31\nRAL,Royal Free London,provider,,\n",
        "successions": "predecessor,successor,on\nRAP,RAL,2025-01-01\n",
        "amounts": "organisation,line,year,basis,amount\nRAP,position,2023/24,actual,-1\n"
        "RAL,position,2025/26,plan,0\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert "RAP, RAL, 2025-01-01" in told("rules/icb25", "BOUNDARY_MISMATCH")[0].action
    assert not [f for f in verbs.check(tmp_path).findings if f.severity == "error"]


def test_a_figure_of_another_body_under_the_code_is_stopped_and_told() -> None:
    book = FAULTS / "mission" / "code-reuse-01K"
    found = told("mission/code-reuse-01K", "PUBLISHED_OTHER_BODY")
    assert {f.organisation for f in found} == {"01K"}
    assert all("NHS Lancashire North CCG" in f.message for f in found)
    assert all("01K is NHS Morecambe Bay CCG" in f.message for f in found)
    challenge = verbs.challenge(book, "2019-20", "01K")
    text = " ".join(challenge.words)
    assert "4.4" not in text and "above fair share" not in text
    assert challenge.figure("distance_share/01K/2019-20/plan") is None
    assert challenge.value("money_of_the_year/01K/2019-20/plan") == 513_282 * 100_000
    assert [f.where for f in challenge.findings if f.code == "PUBLISHED_LEFT_OUT"] == [
        "ccg_dft_2019_20_indicative.csv row 41"
    ]


@pytest.mark.parametrize(
    ("code", "before", "now"),
    [
        ("01K", "NHS Lancashire North CCG", "NHS Morecambe Bay CCG"),
        ("01H", "NHS Cumbria CCG", "NHS North Cumbria CCG"),
        ("QE1", "NHS Lancashire North CCG", "NHS Morecambe Bay CCG"),
    ],
)
def test_a_published_book_takes_no_figure_of_another_body(
    code: str, before: str, now: str, tmp_path: Path
) -> None:
    made = verbs.new(tmp_path / "b", from_="published", organisation=code)
    left = [f for f in made.findings if f.code == "PUBLISHED_LEFT_OUT"]
    assert len(left) == 2
    assert all(before in f.message and f"is {now}" in f.message for f in left)
    reading = verbs.read(tmp_path / "b")
    one = code if code.startswith("0") else "01K"
    assert not [r for r in reading.book.facts if r.organisation == one and r.year == "2019-20"]
    allocations = {r.year: r.amount for r in reading.book.amounts if r.organisation == one}
    assert "2016-17" in allocations and "2018-19" in allocations
    assert "2017-18" not in allocations, "set for the area of the body before"
    names = {s.row.name: s.until.isoformat() for s in reading.tree.organisations[one].spells}
    assert names[before] == "2017-03-31"
    assert not [f for f in verbs.check(tmp_path / "b").findings if f.severity == "error"]
    found = verbs.challenge(tmp_path / "b", "2019-20", code)
    assert found.figure(f"distance_share/{code}/2019-20/plan") is None
    assert now in next(f.message for f in found.findings if f.code == "PUBLISHED_LEFT_OUT")


def test_a_system_says_in_which_years_its_codes_meant_other_areas(tmp_path: Path) -> None:
    """Until March 2017 South Cumbria was of NHS Cumbria: those of Lancashire do not make QE1 up."""
    verbs.new(tmp_path / "b", from_="published", organisation="QE1")
    row = verbs.read(tmp_path / "b").tree.organisations["QE1"].row
    assert "before 2017-04-01 01K was NHS Lancashire North CCG" in row.texts["note"]
    assert of_register("QE1", "2016-17") == of_register("QHM", "2016-17") == ()
    assert "01K" in of_register("QE1", "2017-18") and "01H" in of_register("QHM", "2017-18")
    assert of_register("QMM", "2014-15") == ("06M", "06V", "06W", "06Y", "07J")


def test_a_book_of_a_new_board_holds_those_it_followed_by_shares(tmp_path: Path) -> None:
    ran = controltotal("new", tmp_path / "b", "--from", "published", "--organisation", "d7t5g")
    assert ran.code == 0 and "NHS Essex Integrated Care Board" in ran.out
    reading = verbs.read(tmp_path / "b")
    rows = {(r.predecessor, r.successor): r.share for r in reading.book.successions}
    assert rows["QH8", "D7T5G"] is None
    assert (rows["QM7", "D7T5G"], rows["QJG-ICB", "D7T5G-ICB"]) == (0.2134, 0.3461)
    assert rows["QM7", "S1Y5D"] == 0.7866, "a body that ended passes on the whole"
    found = verbs.history(reading, "2019-20", "D7T5G-ICB")
    mid, west, north = (
        sum(
            r.amount
            for r in reading.book.amounts
            if r.organisation in codes
            and r.year == "2019-20"
            and r.line == "allocation"
            and not r.scenario
        )
        for codes in (
            {"06Q", "07G", "99E", "99F", "99G"},
            {"06K", "06N", "07H"},
            {"06L", "06T", "07K"},
        )
    )
    told = found.value("inherited_allocation/D7T5G-ICB/2019-20/plan")
    assert told == pytest.approx(mid + 0.2134 * west + 0.3461 * north, abs=2)
    assert "known to 1 April 2026" in reading.sources["register"].title
    assert not [f for f in verbs.check(reading).findings if f.severity == "error"]


def test_the_book_of_a_board_that_ended_says_who_followed(tmp_path: Path) -> None:
    verbs.new(tmp_path / "b", from_="published", organisation="QMM")
    tree = verbs.read(tmp_path / "b").tree
    row = tree.organisations["QMM"].row
    assert (row.texts["to"], row.texts["note"]) == ("2026-03-31", "followed on 2026-04-01 by T6Y0W")
    assert "T6Y0W" not in tree.organisations


def test_a_commissioner_divided_in_july_2022_is_never_passed_on_whole(tmp_path: Path) -> None:
    verbs.new(tmp_path / "b", from_="published", organisation="01Y")
    rows = {r.successor: r.share for r in verbs.read(tmp_path / "b").book.successions}
    assert rows == {"QJ2-ICB": 0.128889, "QOP-ICB": 0.871111}


def test_a_region_has_the_systems_and_bodies_of_it(tmp_path: Path) -> None:
    verbs.new(tmp_path / "b", from_="published", organisation="Y61")
    tree = verbs.read(tmp_path / "b").tree
    assert {"QUE", "QMM", "D7T5G", "RCX", "26A"} <= set(tree.organisations)
    assert tree.kind("Y61") == "region"


@pytest.mark.parametrize("code", ["Y61", "ENGLAND"])
def test_a_region_and_the_nation_of_a_year_hold_its_bodies_by_their_names(
    code: str, tmp_path: Path
) -> None:
    """Region, systems and bodies of 2018/19: plans and results of trusts, allocations, targets."""
    ran = controltotal(
        "new", tmp_path / "b", "--from", "published", "--organisation", code, "--year", "2018/19"
    )
    assert ran.code == 0
    reading = verbs.read(tmp_path / "b", book_only=True)
    tree = reading.tree
    assert reading.years == ("2018-19",)
    assert tree.parent("QMM", "2018-19") == "Y61" and tree.parent("06W", "2018-19") == "QMM"
    assert not {"26A", "D7T5G", "QMM-ICB"} & set(tree.organisations), "they began later"
    names = {c: body.name for c, body in tree.organisations.items()}
    assert names["RAJ"] == "Southend University Hospital NHS Foundation Trust"
    assert names["RDE"] == "East Suffolk and North Essex NHS Foundation Trust"
    assert names["RWG"] == "West Hertfordshire Hospitals NHS Trust"
    position = {
        (row.organisation, row.basis): row.amount
        for row in reading.book.amounts
        if row.line == "position_with_support"
    }
    assert position["RCX", "plan"] < 0 and position["RCX", "actual"] < position["RCX", "plan"]
    totals = Workings(reading).totals
    parts = [
        one.value
        for system in ("QH8", "QHG", "QJG", "QM7", "QMM", "QUE")
        for body in of_register(system, "2018-19")
        for one in inputs_of(body, "commissioner", "2018-19")
        if one.name == "allocation"
    ]
    assert len(parts) == 20
    assert totals.allocation("Y61", "2018-19").pence == sum(parts)
    if code == "ENGLAND":
        rows = published_rows(ALLOCATIONS)
        every = sum(int(r["allocation_k"]) for r in rows if r["financial_year"] == "2018/19")
        assert totals.allocation("ENGLAND", "2018-19").pence == every * 100_000
    assert not verbs.check(reading).has_errors


def test_a_body_that_did_not_stand_in_the_year_is_refused(tmp_path: Path) -> None:
    ran = controltotal(
        "new", tmp_path / "b", "--from", "published", "--organisation", "26A", "--year", "2018/19"
    )
    assert ran.code == 2 and "opened on 1 April 2020" in ran.err


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("RAJ", "2019-20", "Southend University Hospital NHS Foundation Trust"),
        ("RAJ", "2020-21", "Mid and South Essex NHS Foundation Trust"),
        ("RDE", "2017-18", "Colchester Hospital University NHS Foundation Trust"),
        ("RDE", "2018-19", "East Suffolk and North Essex NHS Foundation Trust"),
        ("RGN", "2016-17", "Peterborough and Stamford Hospitals NHS Foundation Trust"),
        ("RGN", "2017-18", "North West Anglia NHS Foundation Trust"),
        ("RH5", "2019-20", "Somerset Partnership NHS Foundation Trust"),
        ("RH5", "2020-21", "Somerset NHS Foundation Trust"),
        ("RYR", "2020-21", "Western Sussex Hospitals NHS Foundation Trust"),
        ("RYR", "2021-22", "University Hospitals Sussex NHS Foundation Trust"),
    ],
)
def test_a_trust_has_its_next_name_from_the_day_of_its_merger(
    code: str, year: str, name: str
) -> None:
    assert name_in(code, year) == name


def test_a_published_table_of_the_year_before_gives_the_name_where_no_merger_does() -> None:
    """Papworth became Royal in January 2018: the table of 2018/19 is the first that says so."""
    table = [Called(date(2019, 3, 31), "Royal Papworth Hospital NHS Foundation Trust")]
    assert name_in("RGM", "2019-20", table) == "Royal Papworth Hospital NHS Foundation Trust"
    assert name_in("RGM", "2019-20") == "Papworth Hospital NHS Foundation Trust"
    assert name_in("RGM", "2017-18", table) == "Papworth Hospital NHS Foundation Trust"
    other = [Called(date(2019, 3, 31), "Blackpool Teaching Hospitals NHS Foundation Trust")]
    assert name_in("RGM", "2018-19", other) == "Papworth Hospital NHS Foundation Trust"


def test_a_book_of_a_year_has_one_row_a_trust_that_ends_only_with_the_trust(tmp_path: Path) -> None:
    """A later name was once an end: "Colchester ... to 31 March 2021", in a book of 2019/20."""
    made = controltotal(
        "new",
        tmp_path / "east",
        "--from",
        "published",
        "--organisation",
        "Y61",
        "--year",
        "2019/20",
    )
    assert made.code == 0, made.err
    with (tmp_path / "east" / "organisations.csv").open(encoding="utf-8", newline="") as file:
        trusts = [row for row in csv.DictReader(file) if row["kind"] == "provider"]
    assert len({row["code"] for row in trusts}) == len(trusts) > 20
    for row in trusts:
        closed = {s.closed for s in spells(row["code"]) if s.closed}
        assert row["to"] == (max(closed).isoformat() if closed else ""), row["code"]
    names = {row["code"]: row["name"] for row in trusts}
    assert names["RDE"] == "East Suffolk and North Essex NHS Foundation Trust"
    assert names["RGM"] == "Royal Papworth Hospital NHS Foundation Trust"
    assert "RGQ" not in names, "Ipswich ended on 30 June 2018"


def test_no_day_is_given_for_a_name_of_a_trust_that_the_register_saw_on_some_days_only() -> None:
    told = other_meaning("RAJ", "Southend University Hospital NHS Foundation Trust", "2022-23")
    assert told.endswith("is the name that the register gave it in 2016")
    told = other_meaning("RM3", "Northern Care Alliance NHS Foundation Trust", "2015-16")
    assert told.endswith("is a name under which the registers that are held first show it in 2022")

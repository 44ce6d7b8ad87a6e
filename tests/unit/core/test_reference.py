"""Codes looked up in a year: dates, names, parents and successors, against the packaged register."""

from __future__ import annotations

import importlib.util
import itertools
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from controltotal.core import reference
from controltotal.core.datafiles import packaged_rows

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "scripts" / "make_reference.py"
COMMISSIONERS = {2013: 211, 2015: 209, 2017: 207, 2018: 195, 2019: 191, 2020: 135, 2021: 106}


@pytest.mark.parametrize(("year", "count"), COMMISSIONERS.items())
def test_commissioners_open_in_a_year_match_the_published_count(year: int, count: int) -> None:
    day = date(year, 4, 1)
    open_then = [
        code
        for code in reference.codes()
        for body in reference.spells(code)[-1:]
        if body.kind in {"commissioner", "sub_icb_location"}
        and body.opened is not None
        and body.opened <= day
        and (body.closed is None or body.closed >= day)
    ]
    assert len(open_then) == count


def test_there_are_42_systems_and_seven_regions_at_every_date() -> None:
    for year in ("2019-20", "2020-21", "2021-22", "2022-23"):
        kinds = Counter(
            body.kind
            for code in reference.codes()
            if (body := reference.known_in(code, year)) is not None
            and body.first_seen.year <= int(year[:4])
            and body.last_seen.year >= int(year[:4])
        )
        assert kinds["system"] == 42, year
    assert sum(row["kind"] == "region" for row in packaged_rows("reference/systems.csv")) == 7


def test_people_of_systems_sum_to_their_regions_and_to_england() -> None:
    rows = packaged_rows("reference/systems.csv")
    people = {row["code"]: int(row["pop_2020"]) for row in rows}
    for region in [row["code"] for row in rows if row["kind"] == "region"]:
        parts = [people[row["code"]] for row in rows if row["region"] == region]
        assert sum(parts) == people[region]
    # Mid-2020 estimate for England.
    assert sum(people[row["code"]] for row in rows if row["kind"] == "region") == 56_550_138


def test_every_spell_is_in_order_and_says_something_new() -> None:
    for code in reference.codes():
        body = reference.spells(code)
        for one, other in itertools.pairwise(body):
            assert one.last_seen <= other.first_seen, code
            assert (one.name.casefold(), one.kind, one.system, one.region) != (
                other.name.casefold(),
                other.kind,
                other.system,
                other.region,
            ), code


def test_a_code_used_outside_its_dates_is_named_with_its_successor() -> None:
    assert "Northamptonshire CCG (78H) followed" in reference.outside_dates("04G", "2020-21")
    assert reference.outside_dates("04G", "2019-20") == ""
    assert "opened on 1 April 2018" in reference.outside_dates("15E", "2016-17")
    assert "04X and 05P and 13P" in reference.outside_dates("15E", "2016-17")
    assert reference.outside_dates("NOT-A-CODE", "2016-17") == ""


@pytest.mark.parametrize(
    ("code", "name", "year", "speaks"),
    [
        ("01K", "NHS Morecambe Bay CCG", "2014-15", True),
        ("01K", "NHS Morecambe Bay CCG", "2018-19", False),
        ("01H", "NHS Cumbria CCG", "2018-19", True),
        ("RM3", "Northern Care Alliance NHS Foundation Trust", "2016-17", True),
        ("RM3", "Salford Royal NHS Foundation Trust", "2016-17", False),
        ("RDE", "East Suffolk and North Essex NHS Foundation Trust", "2015-16", True),
        # Between two sightings either name may be right: the trust merged in July 2018.
        ("RDE", "East Suffolk and North Essex NHS Foundation Trust", "2018-19", False),
        ("RDE", "Colchester Hospital University NHS Foundation Trust", "2018-19", False),
        ("RDE", "Derby Teaching Hospitals NHS Foundation Trust", "2018-19", True),
        ("01K", "NHS Lancashire North CCG", "2016-17", False),
        ("01K", "NHS Lancashire North CCG", "2017-18", True),
        ("01K", "NHS Morecambe Bay CCG", "2017-18", False),
        ("QMM", "Norfolk and Waveney STP", "2019-20", False),
        ("QE1", "Lancashire and South Cumbria ICS", "2020-21", False),
        ("QMM", "Greater Manchester", "2019-20", True),
        ("QOQ", "Humber and North Yorkshire", "2020-21", False),  # renamed only
        ("00Q", "Blackburn with Darwen", "2023-24", False),  # a place that keeps its old name
        ("BCT", "Better Care Together", "2017-18", False),  # not in the register
    ],
)
def test_a_name_of_another_time_or_place_is_noticed(
    code: str, name: str, year: str, speaks: bool
) -> None:
    assert bool(reference.other_meaning(code, name, year)) is speaks


def test_the_74_mergers_of_april_2020_and_the_106_that_boards_followed_in_july_2022() -> None:
    on = Counter((row["on"], row["kind"]) for row in packaged_rows("reference/successions.csv"))
    assert on["2020-04-01", "commissioner"] == 74
    assert on["2021-04-01", "commissioner"] == 38
    # 106 commissioners, of which three were divided between two boards.
    assert on["2022-07-01", "commissioner_to_board"] == 106 + 3
    # Bassetlaw left its neighbours when the boards began.
    assert [s.successor for s in reference.followed_by("02Q")] == ["QT1"]


def test_commissioners_divided_in_july_2022_pass_by_the_people_of_each_part() -> None:
    # Glossop to Derbyshire, west Birmingham to Birmingham, villages by Oundle to Northamptonshire.
    on = date(2022, 7, 1)
    assert {
        (code, heir): str(share)
        for code in ("01Y", "06H", "D2P2L")
        for heir, share in reference.shares(code, on).items()
    } == {
        ("01Y", "QJ2"): "0.128889",
        ("01Y", "QOP"): "0.871111",
        ("06H", "QPM"): "0.019036",
        ("06H", "QUE"): "0.980964",
        ("D2P2L", "QHL"): "0.129113",
        ("D2P2L", "QUA"): "0.870887",
    }
    notes = {s.successor: s.note for s in reference.followed_by("01Y")}
    assert notes["QJ2"] == "33,604 of 260,721 people of mid-2020"


def test_36_boards_from_april_2026_and_each_that_ended_is_followed() -> None:
    day = date(2026, 4, 1)
    standing = {
        code
        for code in reference.codes()
        for spell in reference.spells(code)[-1:]
        if spell.kind == "system" and (spell.closed is None or spell.closed >= day)
    }
    assert len(standing) == 36
    new = {"S1Y5D", "D7T5G", "T6Y0W", "S9B9J", "S0E4D", "Z9B2Z"}
    assert new <= standing
    ended = {s.predecessor for s in reference._successions() if s.on == day}
    assert len(ended) == 12 and not ended & standing
    for code in ended:
        divided = reference.shares(code, day)
        assert not divided or sum(divided.values()) == 1
        assert reference.outside_dates(code, "2025-26") == ""
        assert "followed on 1 April 2026" in reference.outside_dates(code, "2026-27")
    assert {s.successor for s in reference.followed_by("QNQ")} == {"QRL", "S0E4D", "S9B9J"}
    assert "QRL" in standing and reference.outside_dates("QRL", "2026-27") == ""


@pytest.mark.parametrize(
    ("code", "last", "heir"),
    [
        ("RA4", "2022-23", "Somerset NHS Foundation Trust (RH5)"),
        ("RVY", "2023-24", "Mersey and West Lancashire Teaching Hospitals NHS Trust (RBN)"),
        ("R1C", "2024-25", "Hampshire and Isle of Wight Healthcare NHS Foundation Trust (RW1)"),
        ("RRP", "2024-25", "North London NHS Foundation Trust (G6V2S)"),
        ("TAF", "2024-25", "North London NHS Foundation Trust (G6V2S)"),
        ("RY9", "2024-25", "Kingston and Richmond NHS Foundation Trust (RAX)"),
        ("RAP", "2024-25", "Royal Free London NHS Foundation Trust (RAL)"),
    ],
)
def test_trusts_that_ended_in_2023_and_2024_are_followed(code: str, last: str, heir: str) -> None:
    assert reference.outside_dates(code, last) == ""  # part of the year is lawful
    after = f"{int(last[:4]) + 1}-{int(last[5:]) + 1:02d}"
    assert heir in reference.outside_dates(code, after)


def test_a_month_after_the_end_is_outside_and_the_month_before_is_not() -> None:
    assert reference.outside_dates("RAP", "2024-25", (9,)) == ""
    assert "31 December 2024" in reference.outside_dates("RAP", "2024-25", (10,))
    assert "opened on 1 November 2024" in reference.outside_dates("G6V2S", "2024-25", (6, 7))
    assert reference.outside_dates("G6V2S", "2024-25", (7, 8)) == ""


def test_an_end_without_a_known_successor_says_so() -> None:
    said = reference.outside_dates("RYK", "2025-26")
    assert "closed on 30 September 2024; the register does not say who followed" in said


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_reference"] = module  # named tuples look their module up
    spec.loader.exec_module(module)
    return module


def test_sightings_that_say_the_same_become_one_spell() -> None:
    make = script()
    seen = [
        make.Sighting("X1", "2019-04-01", "North", "commissioner", "QAA", ""),
        make.Sighting("X1", "2020-04-01", "NORTH", "commissioner", "", "Y60"),
        make.Sighting("X1", "2021-04-01", "North", "commissioner", "QBB", "Y60"),
        make.Sighting("X1", "2021-04-01", "North", "commissioner", "QBB", "Y60"),
        make.Sighting("X1", "2022-07-01", "South", "commissioner", "QBB", "Y60", "2013-04-01", ""),
    ]
    found = [
        (r["name"], r["system"], r["region"], r["first_seen"], r["last_seen"], r["opened"])
        for r in make.spells(reversed(seen))
    ]
    assert found == [
        ("North", "QAA", "Y60", "2019-04-01", "2020-04-01", "2013-04-01"),
        ("North", "QBB", "Y60", "2021-04-01", "2021-04-01", "2013-04-01"),
        ("South", "QBB", "Y60", "2022-07-01", "2022-07-01", "2013-04-01"),
    ]


@pytest.mark.parametrize(
    ("shouted", "written"),
    [
        ("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", "Guy's and St Thomas' NHS Foundation Trust"),
        ("NHS NORFOLK AND WAVENEY ICB - 26A", "NHS Norfolk and Waveney ICB - 26A"),
        (
            "THE QUEEN ELIZABETH HOSPITAL, KING'S LYNN,",
            "The Queen Elizabeth Hospital, King's Lynn,",
        ),
        ("NEWHAM - SUB-ICB REPORTING ENTITY", "Newham - Sub-ICB Reporting Entity"),
        ("NHS ENGLAND MIDLANDS (WEST MIDLANDS)", "NHS England Midlands (West Midlands)"),
        ("NHS Nene CCG", "NHS Nene CCG"),
    ],
)
def test_names_in_capitals_are_put_into_ordinary_case(shouted: str, written: str) -> None:
    assert script().readable(shouted) == written


def test_the_script_says_how_it_is_used() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "Usage" in done.stderr

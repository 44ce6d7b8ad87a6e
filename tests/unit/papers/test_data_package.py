"""Answers as a data package: read back they are the answers, described to the last column."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.core.datafiles import packaged_rows
from controltotal.core.result import Answer, BookRef, Result
from controltotal.papers.data_package import csv_bytes, csv_zip, licences_of, parquet_zip
from controltotal.papers.data_tables import OWN, TYPES, data_tables
from tests.board_results import example, made
from tests.data_packages import (
    cast,
    checked,
    checked_parquet,
    figures_differ,
    files_of,
    grid,
    tables_differ,
    unknown_columns,
)

EXAMPLES = ("birmingham-solihull-2019", "east-of-england-2019", "kent-medway-2025",
            "lancashire-south-cumbria-2021", "mergers-2026", "morecambe-bay-2017", "nene-2013",
            "real-system-2018")  # fmt: skip


def answer(rows: list[dict[str, Any]], table: str = "to_date") -> dict[str, Result]:
    built = Answer("position", BookRef("Fens", 7, "sha256:ab"), {"year": "2026-27"})
    built.figure("surplus/A/2026-27/plan", -5, rule="income less cost", qualifier="around")
    built.figure("gap/A/2026-27/plan", None, "pence", "bounded", low=0)
    built.figure("savings_share/A/2026-27/plan", 0.25, "share")
    built.finding("ODD", "warning", "A", "amounts row 2", "It is odd.", "even", "odd", "mend it")
    built.table(table, rows)
    return {"position": built.result()}


def test_every_file_is_listed_and_every_cell_has_its_type() -> None:
    read = checked(csv_zip(answer([{"organisation": "A", "month_plan": -5, "stand_in": ""}])).data)
    assert set(read) == {"figures", "measures", "findings", "position-to_date", "dictionary"}
    assert read["position-to_date"] == [{"organisation": "A", "month_plan": -5, "stand_in": None}]
    [gap, share, surplus] = read["figures"]
    assert (gap["value"], gap["low"], gap["status"]) == (None, 0, "bounded")
    assert (share["value"], share["value_pence"]) == (0.25, None)
    assert (surplus["value_pence"], surplus["qualifier"]) == (-5, "around")
    assert (surplus["name"], surplus["rule"]) == (
        "Surplus or (deficit) without support, 2026/27, plan",
        "income less cost",
    )
    assert read["findings"][0]["action"] == "mend it"
    assert {row["measure"] for row in read["measures"]} == {"surplus", "gap", "savings_share"}


def test_a_query_that_two_answers_tell_stands_once() -> None:
    one = answer([])["position"]
    read = checked(csv_zip({"position": one, "check": replace(one, verb="check")}).data)
    assert [row["verb"] for row in read["findings"]] == ["position"]
    assert [row["verb"] for row in read["figures"]] == ["position"] * 3 + ["check"] * 3


def test_absent_is_empty_and_nil_is_nil() -> None:
    rows = [{"plan": None, "actual": 0}, {"actual": 1}, {"plan": 2, "actual": None}]
    head, cells = grid(files_of(csv_zip(answer(rows)).data)["position-to_date.csv"])
    assert head == ["plan", "actual"]
    assert cells == [["", "0"], ["", "1"], ["2", ""]]


def test_a_column_is_as_its_values_are_where_they_do_not_agree_with_its_meaning() -> None:
    rows = [
        {"month": 9, "on": "2019-05", "kept": True, "mixed": 1, "other": 0.5},
        {"month": 2.5, "on": "2019-05-01", "kept": "perhaps", "mixed": "one", "other": 1},
    ]
    frame = checked_parquet(parquet_zip(answer(rows, "odd")).data)["position-odd"]
    assert frame.rows() == [
        (9.0, "2019-05", "true", "1", 0.5),
        (2.5, "2019-05-01", "perhaps", "one", 1.0),
    ]


def test_a_list_stands_in_one_cell() -> None:
    read = checked(csv_zip(answer([{"codes": ["A", "B"]}, {"codes": []}], "awaited")).data)
    assert [row["codes"] for row in read["position-awaited"]] == ["A; B", None]


def test_a_table_without_rows_is_left_out() -> None:
    assert "position-to_date.csv" not in files_of(csv_zip(answer([])).data)


HOSTILE = ("=cmd|'/c calc'!A0", "+1+cmd", "@SUM(A1)", "-2+3", "\t=1", "'=1", 'a "quoted", word',
           "two\r\nlines\nmore", "\u202egnp", "עברית 👩🏽‍⚕️ 病院", "\ud800 \x00 \x1b[31m", "x" * 40_000,
           "=" * 3)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_a_formula_and_every_one_can_be_read_back(text: str) -> None:
    written = csv_zip(answer([{"organisation": text, text: text, "plan": -5}]))
    blob = files_of(written.data)["position-to_date.csv"]
    head, [cells] = grid(blob)
    assert not any(cell[0] in "=+@\t\r" for cell in (*head, cells[0], cells[1]))
    assert cells[2] == "-5"
    checked(written.data)
    checked_parquet(parquet_zip(answer([{"organisation": text, text: text}])).data)


def test_what_was_kept_still_is_told() -> None:
    told = csv_zip(answer([{"organisation": "=1"}, {"organisation": "@x"}])).told
    assert told == (
        "2 cells that a spreadsheet would run as formulas have an apostrophe before them.",
    )
    assert csv_zip(answer([{"organisation": "A"}])).told == ()
    assert parquet_zip(answer([{"organisation": "=1"}])).told == ()


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8"), max_size=12), st.lists(st.text("ab=", max_size=3), max_size=2),
)  # fmt: skip


@settings(max_examples=40)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["month", "plan", "on", "own", "kept"]), VALUES), min_size=1
    )
)
def test_csv_and_parquet_say_the_same(rows: list[dict[str, Any]]) -> None:
    results = answer(rows, "odd")
    read, frames = checked(csv_zip(results).data), checked_parquet(parquet_zip(results).data)
    for name, frame in frames.items():
        for cells, row in zip(read[name], frame.iter_rows(named=True), strict=True):
            for key, value in row.items():
                cell = cells[key]
                still = (
                    isinstance(cell, str)
                    and cell.startswith("'")
                    and not str(value).startswith("''")
                )
                assert cell == value or (still and cell[1:] == value) or cell == f"'{value}"


def test_numbers_that_are_none_are_written_as_table_schema_has_them() -> None:
    [_, _, _, table] = data_tables(answer([{"x": math.inf}, {"x": -math.inf}, {"x": math.nan}]))
    assert csv_bytes(table) == b"x\r\nINF\r\n-INF\r\nNaN\r\n"
    assert cast("INF", "number") == math.inf


def test_equal_answers_give_equal_bytes() -> None:
    rows = [{"organisation": "A", "plan": 1}]
    assert csv_zip(answer(rows)).data == csv_zip(answer(rows)).data
    assert parquet_zip(answer(rows)).data == parquet_zip(answer(rows)).data


def test_the_package_says_where_it_came_from() -> None:
    register = made(
        "register",
        {"book": [{"key": "licence", "value": "CC0 1.0"}, {"key": "fictional", "value": "yes"}]},
    )
    files = files_of(csv_zip({**answer([]), "register": register}).data)
    package = json.loads(files["datapackage.json"])
    assert package["title"] == "Fens" and package["licenses"] == [
        {"name": "CC0-1.0", "title": "CC0 1.0"}
    ]
    told = package["controltotal"]
    assert told["book"] == {"name": "Fens", "entry": 7, "root": "sha256:ab"}
    assert told["options"]["position"] == {"year": "2026-27"} and told["safe"] is True
    readme = files["README.txt"].decode()
    for words in (
        "Fens",
        "These data are fictional",
        "Licence: CC0 1.0.",
        "whole pence",
        "figures.csv  3 rows",
    ):
        assert words in readme
    assert "\n" not in readme.replace("\r\n", "") and max(map(len, readme.split("\r\n"))) <= 80


def test_data_without_a_licence_get_none_from_us() -> None:
    files = files_of(csv_zip(answer([])).data)
    assert "licenses" not in json.loads(files["datapackage.json"])
    assert "ask whoever gave them to you" in files["README.txt"].decode().replace("\r\n", " ")


def test_public_sector_data_keep_their_licence() -> None:
    sources = [{"id": "S", "licence": "OGL v3.0"}]
    found = licences_of({"register": made("register", {"sources": sources})})
    assert [one["name"] for one in found] == ["OGL-UK-3.0"]
    own = [{"key": "licence", "value": "Open Government Licence v3.0"}]
    assert licences_of({"register": made("register", {"book": own})}) == found


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_package_read_back_is_the_answers(name: str) -> None:
    answers = example(name)
    data = csv_zip(answers).data
    read = checked(data)
    assert tables_differ(read, answers) == []
    assert figures_differ(read["figures"], answers) == []
    assert {column for file, column in unknown_columns(data)} <= {"note"}  # of the examples' own


def test_the_list_of_columns_is_whole() -> None:
    rows = packaged_rows("result_columns.csv")
    keys = [(row["table"], row["column"]) for row in rows]
    assert len(keys) == len(set(keys))
    units = {*TYPES, "text", "code", "year", "list", "table"}
    assert {row["unit"] for row in rows} <= units
    notes = {row["number"] for row in packaged_rows("number_notes.csv")}
    for row in rows:
        number = f"{row['table'].partition('.')[2]}.{row['column']}"
        assert (row["meaning"] and row["meaning"] != OWN) or number in notes, row
    headed = {row["table"] for row in rows if row["unit"] == "table"}
    assert {row["table"] for row in rows} - {""} == headed

"""Every published table that we know, from a few of its own rows.

Rows are copied from the publishers' tables. Contains public sector information licensed under the
Open Government Licence v3.0 (NHS England, its Organisation Data Service, annual accounts).
"""

from __future__ import annotations

import csv
import io

import pytest

from controltotal.core.published import PUBLISHED, published_rows
from controltotal.sources.published import forms, recognise, take
from controltotal.sources.published_form import Unreadable, number_text

EXTRACTS = {
    "general-fund": (
        "financial_year_end,ccg_code,source_name,closing_general_fund_k\n"
        "2014-03-31,00C,DARLINGTON,-6015.0\n2014-03-31,,UNMATCHED,-1\nMarch,00C,DARLINGTON,-1\n",
        [("facts", "00C", "2013-14", "-6015")],
    ),
    "trusts": (
        "snapshot,ods_code,name,region_ods,system_ods,postcode,open_date,close_date\n"
        "2016,R1A,WORCESTERSHIRE HEALTH AND CARE NHS TRUST,Y55,Q77,WR4 9RW,2011-07-01,\n",
        [],
    ),
    "commissioners": (
        "ods_code,name,region_ods,system_ods,postcode,open_date,close_date,kind\n"
        "00C,NHS DARLINGTON CCG,Y63,QHM,TS23 2LA,2013-04-01,2020-03-31,ccg\n"
        "14A,A HUB,Y63,QHM,TS23 2LA,2013-04-01,,commissioning_hub\n",
        [],
    ),
    "successions": (
        "kind,old_code,old_name,new_code,new_name,date\n"
        "ccg,00F,NHS GATESHEAD CCG,13T,NHS NORTH EAST AND NORTH CUMBRIA ICB - 13T,2015-04-01\n",
        [],
    ),
    "mergers-2020": (
        "old_ods,old_name,new_ods,new_name\n00J,North Durham CCG,84H,NHS County Durham CCG\n",
        [],
    ),
    "boards-2022": (
        "ccg21_ods,ccg21_name,stp21_name,icb22_ods,icb22_name\n"
        "00Q,NHS Blackburn with Darwen CCG,Healthier Lancashire and South Cumbria,QE1,"
        "NHS Lancashire and South Cumbria Integrated Care Board\n",
        [],
    ),
}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", EXTRACTS)
def test_a_table_is_known_and_says_what_it_should(name: str) -> None:
    text, money = EXTRACTS[name]
    rows = rows_of(text)
    form = recognise(rows[0], "x.csv")
    assert form.name == name
    taken = take(rows, form, "x.csv")
    found = [
        (one.table, one.cells["organisation"], one.cells["year"], one.cells["value"])
        for one in taken.said
        if one.table == "facts"
    ]
    assert found == money
    assert taken.said, "it says something"


def test_rows_that_cannot_be_placed_are_told_by_reason() -> None:
    text, _ = EXTRACTS["general-fund"]
    rows = rows_of(text)
    taken = take(rows, recognise(rows[0], "x"), "x.csv")
    assert [finding.where for finding in taken.findings] == ["x.csv row 3", "x.csv row 4"]
    hubs = rows_of(EXTRACTS["commissioners"][0])
    left = take(hubs, recognise(hubs[0], "x"), "x.csv").findings
    assert [finding.expected for finding in left] == ["ccg"]


def test_a_register_keeps_dates_and_a_board_has_a_code_of_its_own() -> None:
    hubs = rows_of(EXTRACTS["commissioners"][0])
    first = take(hubs, recognise(hubs[0], "x"), "x").said[0]
    assert (first.cells["from"], first.cells["to"]) == ("2013-04-01", "2020-03-31")
    boards = rows_of(EXTRACTS["boards-2022"][0])
    said = take(boards, recognise(boards[0], "x"), "x").said
    (follows,) = [one.cells for one in said if one.table == "successions"]
    assert follows == {"predecessor": "00Q", "successor": "QE1-ICB", "on": "2022-07-01"}


def test_every_packaged_table_is_one_that_we_know() -> None:
    names = {recognise(published_rows(name)[0], name).name for name in PUBLISHED}
    assert len(names) == len(PUBLISHED)
    assert names | set(EXTRACTS) == {form.name for form in forms()}


def test_a_date_or_number_that_is_none_is_refused() -> None:
    with pytest.raises(Unreadable, match="expected a number"):
        number_text({"x": ""}, "x")
    text, _ = EXTRACTS["trusts"]
    rows = rows_of(text.replace("2011-07-01", "1 July 2011"))
    taken = take(rows, recognise(rows[0], "x"), "x.csv")
    assert [finding.code for finding in taken.findings] == ["IMPORT_ROW_LEFT_OUT"]

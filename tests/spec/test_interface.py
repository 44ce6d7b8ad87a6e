"""Promises of the interface that any book can be held against, each on a small book of its own."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import polars as pl
import pytest

import controltotal
from controltotal import verbs
from controltotal.core.errors import BookError
from tests.running import controltotal as run

BODIES = """code,name,kind,parent,population,deprivation
QA,System,system,,,
C1,Board,commissioner,QA,100000,0.3
P1,Trust one,provider,QA,50000,0.1
P2,Trust two,provider,QA,,
"""
AMOUNTS = """organisation,line,year,basis,amount,unit
C1,position,2021/22,plan,0,£m
C1,allocation,2021/22,plan,500,£m
P1,position,2021/22,plan,-10,£m
P1,savings_unidentified,2021/22,plan,1.5,£m
P1,support_income,2021/22,plan,2,£m
P2,position,2021/22,plan,-3.5,£m
P2,position,2021/22,forecast,-4,£m
"""
TOTALS = """organisation,year,amount,unit,status,includes_support
C1,2021/22,0,£m,accepted,
P1,2021/22,-8,£m,accepted,yes
P2,2021/22,-3,£m,accepted,
"""
SCHEMES = """id,organisation,title,recurrence,maturity,in_plan,start,full_year_effect,unit,low,mode,high,chance,delay_months
S1,P1,Agency,recurrent,fully_developed,yes,2021-04-01,6,£m,0.5,0.5,0.5,1,0
S2,P1,Beds,recurrent,fully_developed,no,2021-10-01,4,£m,1,1,1,1,0
S3,P2,Not assessed,recurrent,fully_developed,no,2021-04-01,9,£m,1,1,1,1,0
"""
DOMAINS = (
    "safe",
    "effective",
    "experience",
    "well_led",
    "sustainable",
    "equitable",
    "workforce_safety",
)
PASSED = ("S1", "S2")
ASSESSMENTS = (
    "scheme,profile,domain,likelihood,consequence,residual_likelihood,residual_consequence\n"
    + "".join(f"{s},nhse_2025,{d},2,3,2,2\n" for s in PASSED for d in DOMAINS)
)
GATES = "scheme,gate,on,by,role\n" + "".join(
    f"{s},QIA,2021-01-10,A,medical_director\n{s},QIA,2021-01-11,B,chief_nurse\n{s},G3,2021-02-01,Board,\n"
    for s in PASSED
)
FACTS = """organisation,fact,year,value,unit
P1,pressure,2022/23,3,£m
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "plan"
    folder.mkdir()
    tables = {
        "organisations": BODIES,
        "amounts": AMOUNTS,
        "control_totals": TOTALS,
        "schemes": SCHEMES,
        "assessments": ASSESSMENTS,
        "gates": GATES,
        "facts": FACTS,
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_savings_of_a_body_without_a_forecast_are_summed(book: Path) -> None:
    found = verbs.position(book)
    assert found.value("savings_plan/P1/2021-22/forecast") == 600_000_000
    assert found.value("savings_plan/QA/2021-22/plan") == 600_000_000


def test_six_months_of_a_saving_are_half_of_it_to_the_penny(book: Path) -> None:
    rows = {row["scheme"]: row for row in verbs.portfolio(book).tables["schemes"]}
    assert rows["S2"]["saving_pence"] == 200_000_000 and rows["S1"]["saving_pence"] == 300_000_000
    assert rows["S3"]["chosen"] is False and "not eligible" in rows["S3"]["reason"]


def test_portfolio_and_risk_stand_on_one_base_and_count_one_support(book: Path) -> None:
    # P1: (10.0) less 6.0 in the plan less 1.5 unidentified = (17.5); + 3.0 + 2.0 = (12.5); + 2.0
    chosen, risk = verbs.portfolio(book), verbs.risk(book, draws=200)
    assert chosen.value("shortfall/P1/2021-22/plan") == 250_000_000
    assert risk.value("outturn_mean/P1/2021-22/forecast") == -1_250_000_000
    assert risk.value("outturn_sd/P1/2021-22/forecast") == 0
    assert risk.value("expected_shortfall/P1/2021-22/forecast") == 250_000_000
    # the system's total is only the sum of its bodies', so what counts for each counts for it
    assert chosen.value("shortfall/QA/2021-22/plan") == 350_000_000
    assert risk.value("expected_shortfall/QA/2021-22/forecast") == 350_000_000


def test_every_place_names_rows(book: Path) -> None:
    for verb in (verbs.check, verbs.position):
        for finding in verb(book).findings:
            assert " row " in finding.where, finding
    silent = [f for f in verbs.check(book).findings if f.code == "CHILDREN_INCOMPLETE"]
    assert [f.where for f in silent] == ["organisations row 3, row 4"]


def test_a_year_is_read_as_people_write_it(book: Path) -> None:
    position = controltotal.read(str(book))
    assert controltotal.position(position, year="2021/22").options == {"year": "2021-22"}
    with pytest.raises(BookError, match="--year reads 'banana'"):
        controltotal.position(position, year="banana")


def test_pressures_below_reach_their_parent_and_one_year_can_be_asked(book: Path) -> None:
    whole = verbs.trajectory(book, years=2, to="breakeven")
    assert whole.value("saving_needed/P1/2022-23/forecast/base") == 650_000_000
    assert whole.value("saving_needed/QA/2022-23/forecast/base") == 825_000_000
    one = verbs.trajectory(book, years=2, to="breakeven", year="2023/24")
    assert {f.year for f in one.figures} == {"2023-24"} and one.options["year"] == "2023-24"
    with pytest.raises(BookError, match="no path reaches 2040/41"):
        verbs.trajectory(book, year="2040/41")


@pytest.mark.parametrize("verb", ["trajectory", "opportunities", "decide", "share"])
def test_a_body_the_book_does_not_have_is_refused(verb: str, book: Path) -> None:
    ran = run(verb, str(book), "--organisation", "ZZ", "--json")
    assert ran.code == 2 and json.loads(ran.out)["findings"][0]["code"] == "REFUSED"


def test_an_equity_index_needs_one_measure_of_deprivation(book: Path) -> None:
    found = verbs.share(book, "£2m", from_=["C1", "P1"], policy="equal_call")
    index = found.value("equity_index/QA/2021-22/plan/equal_call")
    assert index == found.value("equity_index/QA/2021-22/plan/equal_call/by_fifth")


def test_figures_are_a_plain_tuple_and_a_frame_is_asked_for(book: Path) -> None:
    result = verbs.position(book)
    assert type(result.figures) is tuple and not hasattr(result.figures, "filter")
    frame = result.frame
    assert isinstance(frame, pl.DataFrame) and frame.height == len(result.figures)
    assert pl.concat([frame, verbs.share(book).frame]).columns == frame.columns
    assert pickle.loads(pickle.dumps(result)).figures == result.figures


def test_a_frame_names_bodies_and_gives_pounds_million_beside_pence(book: Path) -> None:
    frame = verbs.position(book, "2021/22").frame
    row = frame.row(by_predicate=pl.col("id") == "surplus/P2/2021-22/plan", named=True)
    assert row["organisation_name"] == "Trust two" and row["year"] == "2021/22"
    assert row["measure_name"] == "Surplus or (deficit) without support"
    assert row["pence"] == -350_000_000 and row["pounds_million"] == -3.5
    rules = frame.filter(pl.col("unit") != "pence")
    assert rules["pounds_million"].null_count() == rules.height


def test_what_is_made_is_told_as_one_document(book: Path, tmp_path: Path) -> None:
    keys = ["controltotal", "verb", "book", "options", "figures", "findings", "tables", "trace"]
    for words in (
        ("convert", str(book), str(tmp_path / "b.xlsx")),
        ("new", str(tmp_path / "fresh")),
        ("report", str(book), "--output", str(tmp_path / "pack.xlsx")),
    ):
        ran = run(*words, "--json")
        assert ran.code == 0 and list(json.loads(ran.out)) == keys

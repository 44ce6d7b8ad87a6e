"""East of England 2019/20: each figure of the reports by the command that prints it, with its words.

Rows of the reports: the 25 of five neighbours, repayment, three approaches, special measures, the
regional programme. Source: HSJ, May 2019; the other reports named in the book's README.
"""

from __future__ import annotations

import csv
import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from tests.running import controltotal

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "examples" / "east-of-england-2019"
FIVE = ("QH8", "QHG", "QJG", "QM7", "QMM")
SPECIAL = ("RCX", "RM1", "RMY")
ANSWERED = (
    "top_slice",
    "equal_call",
    "capped",
    "deprivation_weighted",
    "neighbour_support",
    "raise_nationally",
)


@cache
def printed(*words: str) -> str:
    """What a command prints of the book, its lines run together."""
    ran = controltotal(words[0], str(BOOK), *words[1:], "--detail")
    assert ran.err == "" and ran.code == 0
    return " ".join(ran.out.split())


@cache
def shared(**options: Any) -> Result:
    return verbs.share(BOOK, "£25m", to="QUE", **options)


def approaches(result: Result) -> dict[str, dict[str, Any]]:
    return {row["policy"]: dict(row) for row in result.tables["approaches"]}


@pytest.mark.parametrize(
    ("number", "quotation"),
    [
        ("-192 £m", "facing a predicted deficit of £192m for 2019-20"),
        ("-76 £m", "reduce the overall regional deficit of £76m"),
        ("25 £m", "asking its neighbours to contribute to a £25m bailout"),
        ("5 £m", "STP areas have been asked to contribute £5m to help"),
        ("around 5 £m", "contribute around £5m each to bail out Cambridge and Peterborough"),
        ("5 systems", "five STPs in the east of England were asked to bail out"),
        ("up to 3 years", "expected to be repaid within three years"),
        ("3 trusts", "we already have three trusts in special measures"),
        ("-192.4 £m", "Our latest plan is an overspend of £192.4m"),
        ("-142 £m", "with a System Control Total set of £142m overspend"),
        ("50 £m", "is £50m away from a control total cap on expenditure"),
    ],
)
def test_each_number_of_the_year_stands_beside_its_quotation(number: str, quotation: str) -> None:
    rows = verbs.position(BOOK, year="2019/20").tables["stated"]
    assert [r for r in rows if str(r["stated"]).endswith(number) and r["quotation"] == quotation]


def test_norfolk_of_the_year_before_stands_beside_its_quotation() -> None:
    rows = verbs.position(BOOK, year="2018/19").tables["stated"]
    assert [r["stated"] for r in rows if "£97.6m" in str(r["quotation"])] == ["-97.6 £m"]


@pytest.mark.parametrize(
    "words",
    [
        "East of England, 2019/20: the plan is a deficit of £76.0 million",
        "Cambridgeshire and Peterborough STP, 2019/20: the plan is a deficit of £192.0 million",
        "Norfolk and Waveney STP, 2018/19: the actual is a deficit of £97.6 million",
        "“the only organisation … that will not meet its control total”",
        "Regional productivity programme: technology, models of care, benchmarking against high "
        "performers. What it is worth is not published",
        "“The money is expected to be repaid within three years”",
        "The plans of the five systems that accepted their control totals, and those totals, are not "
        "published",
    ],
)
def test_the_first_screen_says_it(words: str) -> None:
    assert words in " ".join(printed("position").split(" figure basis ")[0].split())


def test_the_five_are_named_by_a_later_report_and_no_other_body_gives() -> None:
    book = verbs.read(BOOK).book
    assert sorted(row.from_ for row in book.transfers) == list(FIVE)
    named = {s.id: s.quote for s in book.sources if s.id in ("hsj-budget-01", "hsj-budget-02")}
    said = " ".join(str(quote) for quote in named.values())
    for name in ("Suffolk", "Bedfordshire", "Herts", "Mid and South Essex", "Norfolk"):
        assert name in said


def test_each_is_repaid_five_thirds_a_year() -> None:
    result = verbs.share(BOOK)
    for code in FIVE:
        parts = [
            result.value(f"repayment/{code}/{year}/plan/T-{code}")
            for year in ("2020-21", "2021-22", "2022-23")
        ]
        assert parts == [166_666_667, 166_666_667, 166_666_666]  # 5 / 3 = 1.67, £5m in all
    row = approaches(shared())["neighbour_support"]
    assert row["repaid"] == "yes: 2020/21 to 2022/23, £1.67 million a year to each"


def test_three_approaches_stand_in_one_table() -> None:
    rows = approaches(shared())
    assert list(rows) == ["top_slice", "neighbour_support", "rapid_savings"]
    top, help_, rapid = rows.values()
    assert "6 bodies, the receiver too" in top["who_pays"] and top["repaid"].startswith("no")
    assert help_["who_pays"] == "5 bodies (QH8, QHG, QJG, QM7, QMM)"
    assert (help_["least_pence"], help_["most_pence"]) == (500_000_000, 500_000_000)
    assert "interest" in help_["not_known"] and "whether it is agreed" in help_["not_known"]
    assert rapid["least_pence"] is None and "a netted opportunity of QH8" in rapid["not_known"]
    assert "approach" in printed("share", "--gap", "£25m", "--to", "QUE")


def test_a_top_slice_is_the_same_share_of_each_published_allocation() -> None:
    """Worked from the national table alone: 25 x a system's commissioners over those of all six."""
    table = ROOT / "src/controltotal/data/published/ccg_allocations_2013_14_to_2019_20.csv.gz"
    with gzip.open(table, "rt", encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["financial_year"] == "2019/20"]
    system = {
        row.code: row.parent
        for row in verbs.read(BOOK).book.organisations
        if row.kind == "commissioner"
    }
    sums = dict.fromkeys((*FIVE, "QUE"), 0)
    for row in rows:
        if row["ccg_code"] in system:
            sums[str(system[row["ccg_code"]])] += int(row["allocation_k"])
    assert sum(row["ccg_code"] in system for row in rows) == len(system) == 20
    result, whole = shared(), sum(sums.values())
    for code, allocation in sums.items():
        found = result.value(f"share/{code}/2019-20/plan/top_slice")
        assert found is not None and abs(found - 2_500_000_000 * allocation / whole) < 1
    assert [f for f in result.findings if f.code == "TAKEN_FROM_PUBLISHED"]


@pytest.mark.parametrize("policy", ANSWERED)
def test_a_policy_answers_with_equity_beside_it(policy: str) -> None:
    result = shared()
    borne = [f for f in result.figures if f.measure == "share" and f.part == policy]
    assert borne and all(f.value is not None for f in borne)
    assert sum(int(f.value or 0) for f in borne) == 2_500_000_000
    if policy != "raise_nationally":
        assert {row["policy"] for row in result.tables["equity"]} >= {policy}


@pytest.mark.parametrize("policy", ["headroom", "max_min_fair"])
def test_a_policy_that_needs_what_is_not_published_says_so(policy: str) -> None:
    found = [
        f for f in shared().findings if f.code == "SHARE_INPUT_MISSING" and policy in f.message
    ]
    assert found and "QMM" in found[0].message


def test_rapid_savings_by_benchmarks_say_how_much_is_short() -> None:
    result = shared(benchmarks="2016/17")
    short = [f for f in result.findings if f.code == "SHARE_NOT_PLACED"]
    assert len(short) == 1 and "rapid_savings" in short[0].message
    row = approaches(result)["rapid_savings"]
    assert "where the other £16.5 million would come from" in row["not_known"]
    assert any("rests on benchmark data of 2016/17, not on the book" in w for w in result.words)
    fits = verbs.share(BOOK, "£5m", to="QUE", policy="rapid_savings", benchmarks="2016/17")
    borne = [f.value for f in fits.figures if f.measure == "share"]
    assert sum(int(pence or 0) for pence in borne) == 500_000_000


def test_with_the_book_only_a_top_slice_has_no_answer() -> None:
    result = shared(policy="top_slice", book_only=True)
    assert result.value("share/QMM/2019-20/plan/top_slice") is None


def test_norfolk_bears_its_part_and_three_trusts_below_it_are_spared() -> None:
    result = shared()
    assert result.value("share/QMM/2019-20/plan/equal_call") == 500_000_000
    said = [f for f in result.findings if f.code == "SPECIAL_MEASURES_SPARED"]
    assert len(said) == 1 and all(code in said[0].message for code in SPECIAL)


def test_inside_norfolk_the_three_bear_nothing_unless_asked() -> None:
    asked = {"gap": "£5m", "organisation": "QMM", "policy": "equal_call,top_slice"}
    spared = verbs.share(BOOK, **asked)
    for code in SPECIAL:
        assert spared.value(f"share/{code}/2019-20/plan/equal_call") == 0
    assert spared.value("share/RGP/2019-20/plan/equal_call") == 71_428_571  # 5 / 7
    whole = verbs.share(BOOK, **asked, no_spare=True)
    assert whole.value("share/RM1/2019-20/plan/equal_call") == 50_000_000  # 5 / 10
    assert any("not spared, as asked" in words for words in whole.words)
    # A trust has no allocation of its own: the slice falls on the five commissioners.
    slices = {
        f.organisation: f.value
        for f in spared.figures
        if (f.measure, f.part) == ("share", "top_slice")
    }
    assert slices["RGP"] is None
    assert {c for c, v in slices.items() if v} == {"06M", "06V", "06W", "06Y", "07J"}


def test_each_trust_has_its_published_plan_and_actual() -> None:
    """Every row about a trust is the row of the published table, joined by code."""
    table = ROOT / "src/controltotal/data/published/trust_plan_vs_actual_2018_19.csv.gz"
    with gzip.open(table, "rt", encoding="utf-8", newline="") as file:
        rows = {row["ods_code"]: row for row in csv.DictReader(file)}
    held = [r for r in verbs.read(BOOK).book.amounts if str(r.source).startswith("plan-actual")]
    assert len(held) == 2 * 25
    for row in held:
        assert row.amount == int(rows[row.organisation][f"{row.basis}_k"]) * 100_000
        assert row.line == "position_with_support" and row.year == "2018-19"


@pytest.mark.parametrize("period", ["2016/17"])
def test_the_regional_programme_is_looked_for_in_the_regions_own_bodies(period: str) -> None:
    result = verbs.opportunities(areas="Y61", period=period)
    bodies = {f.organisation for f in result.figures if f.measure == "opportunity_total"}
    assert {"RGT", "RM1", "RCX", "RWG"} <= bodies
    assert any("theoretical" in words for words in result.words)
    assert not [f for f in result.findings if f.code == "AREA_UNKNOWN"]


def test_the_document_holds_it_all() -> None:
    ran = controltotal("share", str(BOOK), "--gap", "£25m", "--to", "QUE", "--json")
    found = json.loads(ran.out)
    assert len(found["tables"]["approaches"]) == 3

"""Morecambe Bay, 2017/18: each mechanism of the report, asked of the real book on the command line.

A row names what the report says, the command, and what must be in its answer; each figure of the
report is then walked back to its quotation by `explain`.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from controltotal import verbs
from tests.answers import MILLION, answer
from tests.running import controltotal

BOOK = Path(__file__).parents[2] / "examples" / "morecambe-bay-2017"
PUBLISHED = Path(__file__).parents[1] / "data" / "published" / "published_figures.csv"

ROWS = [
    (
        1,
        ("position",),
        (
            "it is in the Capped Expenditure Process, begun in April 2017, one of 13 areas",
            "one cap over commissioners and providers together, to be met by 1 April 2018",
            "providers of England together expect to overspend by nearly £500.0 million",
            "its place cannot be told (its planned spend and its allocation are not in the book)",
        ),
    ),
    (
        2,
        ("position",),
        (
            "more than £23.0 million of savings planned, after more than £15.0 million delivered in "
            "2016/17, is said not to be enough to meet the control total; how much more is asked is "
            "not published",
        ),
    ),
    (
        3,
        ("position", "--organisation", "RTX", "--year", "2017/18"),
        ("Local price modification beside the year before", "nil after £19.5 million"),
    ),
    (
        4,
        ("scheme", "gates"),
        (
            "1 quality impact assessment not said no option is published or in the book",
            "2 financial appraisal not said",
            "3 view of the longer-term strategy not said",
            "4 engagement of the people touched not said",
        ),
    ),
    (
        5,
        ("challenge",),
        (
            "We will not adopt an approach which could compromise the safety of our patients or "
            "workforce",
        ),
    ),
    (
        6,
        ("challenge",),
        (
            "“The area is historically underfunded” is set against “NHS England and NHS Improvement: "
            "such areas have historically overspent their fair share”",
            "that of NHS Cumbria CCG for 2019/20 is 3.83% above fair share",
            "that of NHS Lancashire North CCG for 2019/20 is 4.40% above fair share",
            "Whether what is asked is both fair and achievable",
        ),
    ),
]


@pytest.mark.parametrize(("row", "words", "said"), ROWS, ids=[f"row {row[0]}" for row in ROWS])
def test_each_mechanism_of_the_report_is_answered(
    row: int, words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    verb, *options = words
    given = (verb, options[0], BOOK) if verb == "scheme" else (verb, BOOK, *options)
    ran = controltotal(*given, "--detail")
    text = " ".join(ran.out.split())
    assert ran.code == 0
    for sentence in said:
        assert sentence in text, sentence


FIGURES = [
    ("savings_delivered/BCT/2016-17/actual", "delivered over £15m of savings in 2016/17"),
    ("savings_planned/BCT/2017-18/plan", "PLANNED savings of more than £23m are not enough"),
    ("gap/BCT/2017-18/plan", "PLANNED savings of more than £23m are not enough"),
    ("rule/RTX/2017-18/lpm_change", "awarded a £19.5m Local Price Modification (LPM) in 2016/17"),
    ("distance_share/BCT/2019-20/plan/NHS Cumbria CCG", "closing distance from target 3.83"),
    ("saving_asked/BCT/2017-18/plan", "PLANNED savings of more than £23m are not enough"),
    ("loans_drawn/RTX/2017-18/plan", "Financial assistance under section 40"),
]


@pytest.mark.parametrize(("figure", "quotation"), FIGURES)
def test_a_figure_walks_back_to_its_quotation(figure: str, quotation: str) -> None:
    ran = controltotal("explain", BOOK, figure, "--detail")
    assert ran.code == 0
    assert quotation in " ".join(ran.out.split())


def test_every_number_of_the_report_is_in_the_book_with_its_quotation() -> None:
    """15, 23, 13 and 500 are facts; the deadline is a day by which something was asked."""
    position = verbs.read(BOOK)
    quotes = {row.quote: row.id for row in position.book.sources if row.quote}
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        stated = [
            r for r in csv.DictReader(file) if r["case"] == BOOK.name and r["kind"] == "stated"
        ]
    held = {
        (row.source, Fraction(str(row.value)) / (MILLION if isinstance(row.value, int) else 1))
        for row in position.book.facts
    }
    for row in stated:
        source = quotes[row["quote"]]
        if row["unit"] in ("GBP m", "areas"):
            assert (source, Fraction(row["value"])) in held, row["quote"]
    assert [row.source for row in position.book.commentary] == ["mail-03"]  # 1 April 2018


def test_what_is_asked_is_never_the_savings_planned() -> None:
    """23 planned after 15 delivered is 8/15 more; what is asked is known only to be more than 23."""
    found = answer("challenge", BOOK)
    asked = found.figures["saving_asked/BCT/2017-18/plan"]
    assert (asked["value"], asked["status"], asked["low"]) == (None, "bounded", 23 * MILLION)
    assert found.value("planned_over_delivered/BCT/2017-18/plan") == pytest.approx(8 / 15)
    text = " ".join(controltotal("challenge", BOOK, "--detail").out.split())
    assert "The £23.0 million asked" not in text
    assert "53.3% more than those delivered in 2016/17, more than £15.0 million" in text


def test_a_challenge_needs_no_organisation() -> None:
    found = answer("challenge", BOOK)
    assert {row["organisation"] for row in found.table("sentences")} == {"BCT"}
    told = {row["told"]: row["may_answer"] for row in found.table("told_and_answer")}
    assert len(told) == 5
    assert "the threshold, which was never published" in " ".join(told.values())


def test_the_price_modification_is_an_estimate_then_a_sum_then_nothing() -> None:
    position = verbs.read(BOOK)
    rows = {
        (row.year, row.scenario or ""): row.value
        for row in position.book.facts
        if row.fact in ("lpm_agreed", "lpm_pursued")
    }
    assert rows == {
        ("2015-16", "estimate_least"): 20 * MILLION,
        ("2015-16", "estimate_most"): 25 * MILLION,
        ("2016-17", ""): 1_950_000_000,
        ("2017-18", ""): 0,
    }
    found = answer("position", BOOK)
    assert found.value("rule/RTX/2017-18/lpm_change") == -1_950_000_000
    assert found.figures["rule/RTX/2016-17/lpm_zero_sum"]["value"] is None  # who paid is not known


def test_a_code_means_the_body_of_the_day() -> None:
    tree = verbs.read(BOOK).tree
    assert tree.name("01K", "2016-17") == "NHS Lancashire North CCG"
    assert tree.name("01K", "2017-18") == "NHS Morecambe Bay CCG"
    assert not tree.exists("01H", "2017-18")
    text = controltotal("position", BOOK, "--book-only", "--detail").out
    assert "01K  2015/16 and 2016/17: 4 rules; the allocation of NHS Lancashire North CCG" in text
    assert "01K  2017/18: 4 rules; the allocation of NHS Morecambe Bay CCG is not stated" in text


def test_what_is_not_published_is_said_not_to_be() -> None:
    withheld = {row.figure for row in verbs.read(BOOK).book.withheld}
    assert withheld == {
        "control_total/BCT/2017-18/plan",
        "gap/BCT/2017-18/plan",
        "options/BCT/2017-18/plan",
    }
    found = answer("position", BOOK)
    assert not [
        figure
        for name, figure in found.figures.items()
        if name.split("/")[0] in ("surplus", "control_total") and figure["value"] is not None
    ]

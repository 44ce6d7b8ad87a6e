"""The paper for the public: what is withheld stands in no byte of it, and a child of 13 can read it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import pypdfium2
import pytest

from controltotal.core.errors import BookError
from controltotal.core.figure import Figure
from controltotal.core.public import public
from controltotal.core.result import Result
from controltotal.core.sourced import slots_of
from controltotal.papers.data_package import csv_zip
from controltotal.papers.page import page_html
from controltotal.papers.paper import Paper
from controltotal.papers.pdf import paper_pdf
from controltotal.papers.public_paper import public_paper
from controltotal.papers.word import paper_word
from controltotal.papers.workbook import paper_workbook
from tests.board_results import example, numbers, words
from tests.public_results import withheld_row
from tests.reading_age import reading_age

EXAMPLES = (
    "fictional-system",
    "east-of-england-2019",
    "kent-medway-2025",
    "morecambe-bay-2017",
    "nene-2013",
    "birmingham-solihull-2019",
    "mergers-2026",
)
HIDDEN = (
    "adjusted_surplus/XF-HOL/2026-27/forecast",
    "control_total/XF-FTH/2026-27/plan",
    "plan_to_date/XF-ALD/2026-27/actual",
    "cash/XF-HOL/2026-27/forecast",
)


@cache
def results() -> dict[str, Result]:
    return dict(example())


@cache
def shown() -> Paper:
    return public_paper(results())


def with_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, Result]:
    register = results()["register"]
    tables = {**register.tables, "withheld": list(rows)}
    return {**results(), "register": replace(register, tables=tables)}


def pdf_text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def pages(data: bytes) -> int:
    with pypdfium2.PdfDocument(data) as document:
        return len(document)


def sheets(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "\n".join(
            book.read(name).decode() for name in book.namelist() if name.endswith((".xml", ".rels"))
        )


def forms(pence: int) -> set[str]:
    """A sum as pence, pounds, thousands and millions to three places, as people write it."""
    size, found = abs(pence), {str(abs(pence)), f"{abs(pence):,}"}
    for unit, least in ((100, 0), (100_000, 1), (100_000_000, 2)):
        for places in range(least, 4):
            shown = (Decimal(size) / unit).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            found |= {f"{shown:f}", f"{shown:,}"}
    return {one for one in found if len(re.sub(r"\D", "", one)) >= 5}


def in_order(texts: Iterable[str]) -> str:
    return "\n".join(texts)


@pytest.mark.parametrize("hidden", [None, *HIDDEN])
def test_what_is_withheld_stands_in_no_byte(hidden: str | None) -> None:
    given = results() if hidden is None else with_rows([withheld_row(hidden)])
    names = [row["figure"] for row in given["register"].tables["withheld"]]
    figures = {f.id: f for one in given.values() for f in one.figures}
    secret = [figures[name] for name in names if name in figures]
    assert secret
    paper = shown() if hidden is None else public_paper(given)
    parts = [page_html(paper)]
    if hidden in (None, HIDDEN[0]):
        parts += [pdf_text(paper_pdf(paper).data)]
        parts += [sheets(form(paper).data) for form in (paper_workbook, paper_word)]
    said = words(paper.sections)
    for figure in secret:
        assert isinstance(figure.value, int)
        short = f"{Decimal(abs(figure.value)) / 100_000_000:.1f}"
        for text in parts:
            for form in forms(figure.value):
                assert not re.search(rf"(?<![\d.,]){re.escape(form)}(?![\d])", text), form
        name = given["register"].names.get(figure.organisation, figure.organisation)
        for line in said.splitlines():
            assert not (name in line and re.search(rf"£\(?{re.escape(short)}\)?m", line)), line
        for row in body_rows(paper, figure):
            assert short not in row, row


def body_rows(paper: Paper, figure: Figure) -> list[list[str]]:
    """The numbers, in £m, that rows of the organisation show."""
    found = []
    for section in paper.sections:
        for table in section.tables:
            for row in table.rows:
                named = [v for v in row.values() if isinstance(v, str)]
                ids = [v.id for v in row.values() if isinstance(v, Figure)]
                if any(f"/{figure.organisation}/" in one for one in ids) and named:
                    values = [getattr(v, "value", None) for v in row.values()]
                    found.append([f"{abs(v) / 1e8:.1f}" for v in values if isinstance(v, int)])
    return found


def test_no_row_of_the_organisation_holds_a_withheld_number_in_any_answer() -> None:
    """Every figure that is not a round sum, drawn evenly: table, text and figure by figure."""
    chosen = [
        f
        for f in results()["position"].figures
        if f.year == "2026-27" and isinstance(f.value, int) and f.value % 10_000_000 and f.value
    ]
    for figure in chosen[:: max(1, len(chosen) // 4)]:
        size = abs(figure.value or 0)
        for result in public(with_rows([withheld_row(figure.id)])).values():
            for one in result.figures:
                assert (one.organisation, one.value) != (figure.organisation, figure.value), one.id
            for name, rows in result.tables.items():
                for row in rows:
                    if figure.organisation not in row.values():
                        continue
                    held = [v for v in row.values() if isinstance(v, int | float)]
                    assert size not in map(abs, held), (figure.id, name, row)


def test_files_of_data_for_the_public_do_not_hold_it() -> None:
    hidden = "adjusted_surplus/XF-AMB/2026-27/actual"
    pence = results()["position"].value(hidden)
    assert isinstance(pence, int) and abs(pence) > 10_000
    shown = public(with_rows([withheld_row(hidden)]))
    with zipfile.ZipFile(io.BytesIO(csv_zip(shown).data)) as package:
        lines = [
            line
            for name in package.namelist()
            for line in package.read(name).decode().splitlines()
            if "XF-AMB" in line and re.search(rf"(?<!\d){abs(pence)}(?!\d)", line)
        ]
        figures = package.read("figures.csv").decode().splitlines()
    assert lines == []
    assert any(hidden in line and ",withheld" in line for line in figures)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_child_of_thirteen_can_read_it(name: str) -> None:
    paper = shown() if name == EXAMPLES[0] else public_paper(dict(example(name)))
    printed = [one for one in paper.sections if one.id != "how"]
    prose = [text for one in printed for text in (*one.words, *one.points)]
    rows = [row for one in printed for t in one.tables if not t.folded for row in t.rows]
    prose += [t.note for one in printed for t in one.tables if not t.folded]
    prose += [v for row in rows for k, v in row.items() if k in ("why", "meaning", "title")]
    assert reading_age(prose) <= 13, reading_age(prose)
    assert reading_age(words(printed).splitlines()) <= 13
    assert 2 <= pages(paper_pdf(paper).data) <= 4
    said = words(printed)
    assert not re.search(r"\b(finding|book|body|eligible|None)\b", said.replace("This book", "")), (
        said
    )
    assert not re.search(r"[a-z]_[a-z]", said)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_sum_and_count_of_its_sentences_knows_where_it_comes_from(name: str) -> None:
    paper = shown() if name == EXAMPLES[0] else public_paper(dict(example(name)))
    every = [text for one in paper.sections for text in (*one.words, *one.points)]
    lacking = []
    for text in every:
        known = {slot.start for slot in slots_of(text)}
        own = re.sub("“[^”]*”", lambda quoted: "x" * len(quoted[0]), text)  # said by somebody else
        found = re.finditer(r"£[\d,.]+\d|^\d+(?= [a-z])|\d+%", own)
        lacking += [(text, one[0]) for one in found if one.start() not in known]
    assert lacking == []
    assert any(slots_of(text) for text in every) or name != EXAMPLES[0]


def test_the_answer_comes_first_in_whole_sentences() -> None:
    paper = shown()
    assert paper.sections[0].words == (
        "By the end of December, the NHS in Fenmarch and Alderwick had spent £60.2m more than came in.",
        "That is £14.1m worse than planned.",
        "It now expects to end the year £49.0m short: £3.4m worse than planned.",
        "With the support that counts, it would still be £9.8m away from what it was asked for.",
    )
    figures = {f.id: f.value for f in results()["position"].figures}
    for measure, pence in (
        ("adjusted_surplus/XF-SYS/2026-27/actual", -6_021_600_000),
        ("variance_to_date/XF-SYS/2026-27/actual", -1_410_000_000),
        ("adjusted_surplus/XF-SYS/2026-27/forecast", -4_900_000_000),
        ("gap/XF-SYS/2026-27/forecast", 979_900_000),
    ):
        assert figures[measure] == pence
    charts = [view for one in paper.sections for view in one.charts]
    assert len(charts) == 1
    every, linked = numbers(paper.sections)
    assert every and linked == every


def test_all_that_is_withheld_refused_unanswered_or_not_told_is_listed() -> None:
    paper = shown()
    part = next(one for one in paper.sections if one.id == "withheld")
    rows = part.tables[0].rows
    assert len(rows) == len(results()["register"].tables["withheld"])
    told = "\n".join(str(row["why"]) for row in rows)
    for start in ("Withheld: ", "Refused: ", "Not disclosed: ", "No reply: "):
        assert start in told
    assert "would be exempt under s.43" in told and "review on 18 December 2026" in told
    assert "A councillor, 12 October 2026" in {row["asked"] for row in rows}
    assert part.words[0] == f"{len(rows)} things are not shown."


def test_a_withheld_forecast_is_said_to_be_withheld() -> None:
    """The sum of the system rests on the part, and goes with it."""
    paper = public_paper(with_rows([withheld_row(HIDDEN[0])]))
    assert (
        "How the year will end is withheld. The end of this paper says why."
        in paper.sections[0].words
    )
    body = next(one for one in paper.sections if one.id == "bodies")
    row = next(row for row in body.tables[0].rows if row["name"] == "Hollowmere General Hospital")
    assert row["forecast"] == row["variance_year"] == "withheld"
    assert not isinstance(row["plan_year"], str)


def test_proposals_are_told_as_far_as_they_may_be() -> None:
    paper = shown()
    part = next(one for one in paper.sections if one.id == "changes")
    said = in_order(part.words)
    assert "2 plans are refused on quality" in said
    assert "On these, no decision has been made." in said
    ideas = part.tables[1]
    assert ideas.folded and set(ideas.rows[0]) == {"title", "who", "where"}
    asked = {row["title"]: row["say"] for row in part.tables[0].rows}
    assert asked["Marl House community beds closed"] == "Answers were taken until 9 November 2026"
    assert asked["Fourteen surgical beds closed overnight"] == "Refused on quality"


def test_one_organisation_has_its_own() -> None:
    paper = public_paper(results(), "XF-HOL")
    assert paper.title.endswith(": Hollowmere General Hospital")
    first = (
        "By the end of December, Hollowmere General Hospital had spent £15.2m more than came in."
    )
    actual = results()["position"].value("adjusted_surplus/XF-HOL/2026-27/actual")
    assert (
        actual is not None
        and first.replace("£15.2m", f"£{abs(actual) / 1e8:.1f}m") == (paper.sections[0].words[0])
    )


def test_a_private_paper_is_refused() -> None:
    register = results()["register"]
    papers = [{**row, "session": "private"} for row in register.tables["papers"]]
    private = replace(register, tables={**register.tables, "papers": papers})
    with pytest.raises(BookError, match="cannot be made for the public"):
        public_paper({**results(), "register": private})


def test_a_council_reads_what_touches_its_area() -> None:
    """Of the council of Fenmarch: plans that touch it, and none that touches another alone."""
    paper = public_paper(results(), "XF-LA1")
    part = next(one for one in paper.sections if one.id == "changes")
    titles = {row["title"] for table in part.tables for row in table.rows}
    assert "Marl House community beds closed" in titles
    assert "Fourteen surgical beds closed overnight" not in titles  # of Alderwickshire alone


def test_who_is_late_is_named_with_how_far_it_got() -> None:
    """Six of eight sent month 9: one reached month 7, one sent nothing; and all have, as it stands."""
    assert next(one for one in shown().sections if one.id == "bodies").words == (
        "There are figures from all 8.",
    )
    position = results()["position"]
    late = {"XF-HOL": 7, "XF-COM": 0}
    rows = [
        {**row, "reported": row["organisation"] not in late}
        | {"last_month": late.get(row["organisation"], row["last_month"])}
        for row in position.tables["reported"]
    ]
    told = replace(position, tables={**position.tables, "reported": rows})
    part = next(
        one for one in public_paper({**results(), "position": told}).sections if one.id == "bodies"
    )
    assert set(part.words) == {
        "There are figures from 6 of 8.",
        "Hollowmere General Hospital is late: there are figures up to the end of October.",
        "Levels Community Health is late: there are none for this year.",
    }


def test_organisations_are_counted_as_the_board_counts_them() -> None:
    """The pool, which is as planned, is one of eight in both papers."""
    part = next(one for one in shown().sections if one.id == "bodies")
    assert part.charts[0].title.startswith("5 of 8 are behind the plan")
    assert len(part.tables[0].rows) == 9  # and all together


def test_the_counts_in_a_title_know_whom_they_count() -> None:
    part = next(one for one in shown().sections if one.id == "bodies")
    five, eight, _ = slots_of(part.charts[0].title)
    assert (five.shown, len(five.source.parts)) == ("5", 5)
    assert (eight.shown, len(eight.source.parts)) == ("8", 8)


def test_what_is_withheld_is_told_apart_from_what_is_shown_under_the_same_name() -> None:
    part = next(one for one in shown().sections if one.id == "withheld")
    told = {str(row["what"]) for row in part.tables[0].rows}
    internal = next(one for one in told if "forecast, internal" in one)
    assert "This is not the forecast shown above, but another one, called “internal”." in internal
    assert not [one for one in told if "Cash" in one and "shown above" in one], "none is shown"

"""What a scheme was approved on stands in its own words in the plan and the board paper, in every form."""

from __future__ import annotations

import html
import re
import shutil
import zipfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from controltotal.core.public import public
from controltotal.core.result import Result
from controltotal.papers.answers import in_brief
from controltotal.papers.board import board_paper
from controltotal.papers.data_package import csv_zip
from controltotal.papers.look import Look
from controltotal.papers.page import page_html
from controltotal.papers.pdf import paper_pdf
from controltotal.papers.scheme_states import states
from controltotal.papers.word import paper_word
from controltotal.papers.workbook import paper_workbook
from tests.board_results import EXAMPLES, example
from tests.pdf_words import words_of

RUNNING, BEFORE = "FTH-03", "FTH-02"
TEXTS = {
    RUNNING: "Ward rotas stay at the agreed number of nurses on every night",
    BEFORE: "A second matron is in post and has signed the handover",
}
ROWS = f"""scheme,gate,text,kind,owner,due
{RUNNING},QIA,{TEXTS[RUNNING]}.,while_running,chief nurse,2027-03-31
{BEFORE},QIA,{TEXTS[BEFORE]}.,before_start,chief nurse,2027-02-28
"""
WHY = "Nights would be run with one matron for four wards"
REFUSED = f"ALD-56,QIA,2026-10-01,Medical Director,medical_director,reject,{WHY}\n"


@cache
def results() -> Mapping[str, Result]:
    """The answers of the fictional system, two of whose schemes were approved on a condition."""
    with TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        shutil.copytree(EXAMPLES / "fictional-system", book)
        (book / "conditions.csv").write_text(ROWS, encoding="utf-8")
        with (book / "gates.csv").open("a", encoding="utf-8") as file:
            file.write(REFUSED)
        made = example(str(book))
        return {verb: made[verb] for verb in ("register", *made)}


def test_the_answers_hold_each_condition_and_what_waits_says_it() -> None:
    rows = results()["schemes"].tables["conditions"]
    assert {row["scheme"]: row["text"].rstrip(".") for row in rows} == TEXTS
    assert {row["set_with"] for row in rows} == {"quality assessment"}
    waiting = next(r for r in results()["schemes"].tables["awaited"] if r["scheme"] == BEFORE)
    told = f"a condition to be met: {TEXTS[BEFORE]} (due 28 February 2027)"
    assert told in waiting["waits_for"]
    assert told in states(results()["schemes"])[BEFORE].words
    grouped = {row["waits_for"] for row in results()["schemes"].tables["awaited_by"]}
    assert "a condition to be met" in grouped, "what many wait for is counted under one name"


def test_the_modelled_list_says_on_which_conditions_its_schemes_were_approved() -> None:
    chosen = {row["scheme"] for row in results()["portfolio"].tables["schemes"] if row["chosen"]}
    rows = results()["portfolio"].tables["conditions"]
    assert {row["scheme"] for row in rows} == chosen & set(TEXTS) == {RUNNING}
    brief = in_brief(results()["portfolio"], Look())
    assert any(TEXTS[RUNNING] in text for text in brief.answer.words)


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf", "csv"])
def test_a_board_paper_has_both_in_full(form: str) -> None:
    text = " ".join(text_in(form).split())
    assert all(one in text for one in TEXTS.values()), form


def text_in(form: str) -> str:
    """All words of the board paper in a form."""
    if form == "csv":
        with zipfile.ZipFile(BytesIO(csv_zip(results()).data)) as file:
            return file.read(next(n for n in file.namelist() if "conditions" in n)).decode()
    paper = board_paper(results())
    if form == "html":
        return html.unescape(re.sub(r"<[^>]+>", " ", page_html(paper)))
    if form == "pdf":
        return " ".join(one.text for page in words_of(paper_pdf(paper).data) for one in page)
    data = paper_word(paper).data if form == "docx" else paper_workbook(paper).data
    with zipfile.ZipFile(BytesIO(data)) as file:
        parts = [file.read(name).decode() for name in file.namelist() if name.endswith(".xml")]
    return html.unescape(re.sub(r"<[^>]+>", "", " ".join(parts)))


def test_what_clinicians_wrote_to_colleagues_is_not_for_the_public() -> None:
    shown = public(results())
    assert all("conditions" not in one.tables for one in shown.values())
    awaited = [text for row in shown["schemes"].tables["awaited"] for text in row["waits_for"]]
    assert "a condition to be met" in awaited and not any(TEXTS[BEFORE] in one for one in awaited)


def test_no_answer_repeats_their_words_to_the_public() -> None:
    told, shown = results(), public(results())
    words = (*TEXTS.values(), WHY)
    assert all(text in spoken(told) for text in words), "colleagues read them"
    assert not [text for text in words if text in spoken(shown)]
    reasons = {row["scheme"]: row["reason"] for row in shown["schemes"].tables["schemes"]}
    assert reasons[BEFORE] == "a condition of QIA is not met"


def spoken(answers: Mapping[str, Result]) -> str:
    """Every text of some answers: cells of tables, sentences and findings."""
    return " ".join(
        text
        for one in answers.values()
        for text in (
            *(str(value) for rows in one.tables.values() for row in rows for value in row.values()),
            *(sentence.text for sentence in one.sentences),
            *(str(finding) for finding in one.findings),
        )
    )

"""The first screen of every question: who is spoken of, how long it is, and what it never says.

A law over questions and example books, read from the text as a person reads it: at most forty lines
of the width of the screen, whom it is about first, no identifiers, no raw pence, nothing called
None; and what `--detail`, `--unit`, `--sort`, `--basis` and names do to it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from functools import cache
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.app.show import answer_text
from controltotal.core.result import Result
from controltotal.core.scope import Body, Scope
from controltotal.papers.answer import Ask, plain_words
from controltotal.papers.answers import VIEWS
from controltotal.papers.answers import question as asked_of
from controltotal.papers.look import Look
from tests.running import controltotal

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
FICTIONAL = EXAMPLES / "fictional-system"
BOOKS = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
RAW_PENCE = re.compile(r"(?<![\w£.,/-])\d{7,}(?![\w.,/-])")
IDENTIFIER = re.compile(r"(?<![\w/.-])[a-z]+(?:_[a-z0-9]+)+(?![\w/-]|\.\w)")
NOT_OF_A_BODY = ("check", "calibrate", "boundaries", "share", "history of a row")
"""Questions whose first sentence may be about a book, a record, a map or a sum, and not a body."""

ASKED = {
    "check": verbs.check,
    "position": verbs.position,
    "forecast": verbs.forecast,
    "trajectory": verbs.trajectory,
    "opportunities": verbs.opportunities,
    "portfolio": verbs.portfolio,
    "risk": lambda book, **given: verbs.risk(book, draws=200, **given),
    "share": verbs.share,
    "decide": verbs.decide,
    "challenge": verbs.challenge,
    "calibrate": verbs.calibrate,
    "history": verbs.history,
    "history of a row": lambda book, **given: verbs.history(book, key="book", **given),
    "boundaries": verbs.boundaries,
    "compare": lambda book, **given: verbs.compare(book, book, **given),
    "schemes list": verbs.scheme.list_,
    "schemes quality": verbs.scheme.quality,
    "schemes gates": verbs.scheme.gates,
    "schemes engagement": verbs.scheme.engagement,
    "schemes phasing": verbs.scheme.phasing,
}


def test_every_view_is_asked_here() -> None:
    assert set(ASKED) == set(VIEWS)


@cache
def opened(book: str) -> object:
    return verbs.opened(EXAMPLES / book)


@cache
def answered(book: str, question: str) -> Result | None:
    try:
        return ASKED[question](opened(book))  # type: ignore[operator]
    except verbs_refusal():
        return None


def verbs_refusal() -> type[Exception]:
    from controltotal.core.errors import BookError

    return BookError


def screen(question: str, result: Result, look: Look | None = None) -> str:
    assert asked_of(result) == question
    return answer_text(result, look or Look())


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("question", ASKED)
def test_a_first_screen_is_short_and_says_nothing_that_only_a_program_reads(
    question: str, book: str
) -> None:
    result = answered(book, question)
    if result is None:
        pytest.skip("the book cannot answer this")
    text = screen(question, result)
    lines = text.splitlines()
    assert len(lines) <= 40, len(lines)
    assert max(map(len, lines)) <= 140
    assert IDENTIFIER.findall(text) == []
    assert "None" not in text and "  not known" not in text
    assert RAW_PENCE.findall(text) == []


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("question", [one for one in ASKED if one not in NOT_OF_A_BODY])
def test_the_first_sentence_is_about_the_body_that_leads(question: str, book: str) -> None:
    result = answered(book, question)
    if result is None:
        pytest.skip("the book cannot answer this")
    about = result.names[result.scope.lead]
    first = " ".join(screen(question, result).split("\n\n")[0].split())
    if question == "compare":
        assert first and "." in first
        return
    assert about in first and first.endswith(".")


@pytest.mark.parametrize("question", ASKED)
def test_it_wraps_at_eighty_columns(question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda *_: os.terminal_size((80, 24)))
    monkeypatch.setenv("NO_COLOR", "1")
    result = answered("fictional-system", question)
    assert result is not None
    lines = screen(question, result).splitlines()
    assert max(map(len, lines)) <= 80 and len(lines) <= 40


def test_the_unit_asked_for_is_that_of_every_table_in_full() -> None:
    result = answered("fictional-system", "position")
    assert result is not None and result.tables["net_risk"]
    in_millions, in_thousands = (
        screen("position", result, Look(detail=True, unit=unit)).split("\nnet risk\n")[1]
        for unit in ("", "£k")
    )
    million = re.compile(r"£[(]?[\d,.]+[)]?m\b")
    assert million.search(in_millions.partition("\n\n")[0])
    assert not million.search(in_thousands.partition("\n\n")[0])


@pytest.mark.parametrize("question", ["position", "check", "schemes list", "share", "trajectory"])
def test_detail_shows_what_stood_there_before(question: str) -> None:
    result = answered("fictional-system", question)
    assert result is not None
    text = screen(question, result, Look(detail=True))
    told = " ".join(text.split())
    assert all(" ".join(words.split()) in told for words in result.words)
    assert all(figure.id in text for figure in result.figures if figure.status != "indeterminate")
    assert all(finding.code in text for finding in result.findings)


def test_detail_on_the_command_line_is_longer_and_holds_the_first_table() -> None:
    brief = controltotal("position", EXAMPLES / "nene-2013").out
    whole = controltotal("position", EXAMPLES / "nene-2013", "--detail").out
    assert len(whole) > len(brief) and "gap/04G/2013-14/forecast" in whole
    assert "gap/04G/2013-14/forecast" not in brief


# -- units, order, basis -----------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["£k", "k", "£m", "m"])
def test_a_unit_agrees_with_the_json_document(unit: str) -> None:
    book = EXAMPLES / "nene-2013"
    document = json.loads(controltotal("position", book, "--json").out)
    value = {f["id"]: f["value"] for f in document["figures"]}["gap/04G/2013-14/forecast"]
    shown = {"k": f"{value / 100_000:,.0f}", "m": f"{value / 100_000_000:,.1f}"}[unit[-1]]
    text = controltotal("position", book, "--unit", unit).out
    row = next(line for line in text.splitlines() if line.startswith("NHS Nene CCG  04G"))
    assert row.split()[-1] == shown and f"£{unit[-1]}" in text


def test_a_unit_or_a_basis_that_there_is_not_is_refused_in_one_line() -> None:
    for words in (["--unit", "£bn"], ["--unit", "euro"], ["--basis", "budget"]):
        ran = controltotal("position", EXAMPLES / "nene-2013", *words)
        assert ran.code == 2 and ran.err.count("\n") == 1 and words[0] in ran.err


def test_the_look_of_an_answer_is_echoed_and_changes_nothing_else() -> None:
    book = EXAMPLES / "nene-2013"
    plain = json.loads(controltotal("position", book, "--json").out)
    words = ["--detail", "--unit", "k", "--sort", "--basis", "forecast"]
    looked = json.loads(controltotal("position", book, "--json", *words).out)
    echoed = {"detail": True, "sort": True, "basis": "forecast", "unit": "£k"}
    assert looked.pop("options") == {**plain.pop("options"), **echoed}
    assert looked == plain


def test_a_basis_narrows_the_sentence_and_the_table() -> None:
    result = answered("fictional-system", "position")
    assert result is not None
    text = screen("position", result, Look(basis="plan"))
    assert "the plan is a deficit of £45.6 million without support" in " ".join(text.split())
    above = text.partition("findings")[0]
    assert "forecast" not in above and "actual to date" not in above


def leafy() -> Result:
    bodies = (
        Body("S", "System", "system", 0),
        Body("A", "A", "cluster", 1),
        Body("A1", "A one", "provider", 2),
        Body("A2", "A two", "provider", 2),
        Body("B", "B", "provider", 1),
    )
    names = {body.code: body.name for body in bodies}
    return Result("position", options={}, book=None, names=names, scope=Scope(bodies, "S"))  # type: ignore[arg-type]


def order(look: Look, weights: dict[str, float]) -> list[str]:
    table = Ask(leafy(), look).of_bodies(
        "Table", {"sum": lambda code: 100_000_000}, lambda code: weights[code]
    )
    return [row["code"] for row in table.rows]


def test_bodies_stand_in_the_order_of_the_tree_and_sorted_within_their_parent() -> None:
    weights = {"S": 1.0, "A": 2.0, "A1": 3.0, "A2": 9.0, "B": 5.0}
    assert order(Look(), weights) == ["S", "A", "A1", "A2", "B"]
    assert order(Look(sort=True), weights) == ["S", "B", "A", "A2", "A1"]


# -- names and codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["XF-HOL", "xf-hol", "Hollowmere General Hospital (fictional)", "hollowmere  general"]
)
def test_a_body_is_found_by_its_name_or_its_code(name: str) -> None:
    found = verbs.check(opened("fictional-system"), organisation=name)  # type: ignore[arg-type]
    by_code = verbs.check(opened("fictional-system"), organisation="XF-HOL")  # type: ignore[arg-type]
    assert found.options["organisation"] == "XF-HOL" and found == by_code


def test_a_name_that_may_mean_several_is_refused_with_them() -> None:
    ran = controltotal("check", FICTIONAL, "--organisation", "Fenmarch")
    assert ran.code == 2 and "6 organisations may be meant by 'Fenmarch'" in ran.err
    assert "XF-FTH (Fenmarch Teaching Hospitals (fictional))" in ran.err


def test_a_whole_name_is_taken_before_one_that_holds_it(tmp_path: Path) -> None:
    (tmp_path / "organisations.csv").write_text(
        "code,name,kind\nA,Riverside,provider\nB,Riverside and Hill,provider\n"
        "C,Twin,provider\nD,twin,provider\n",
        "utf-8",
    )
    (tmp_path / "amounts.csv").write_text(
        "organisation,line,year,basis,amount,unit\nA,position,2026/27,plan,-4,£m\n", "utf-8"
    )
    assert verbs.check(str(tmp_path), organisation="riverside").options["organisation"] == "A"
    for asked in ("twin", "Twin", "TWIN"):
        ran = controltotal("check", tmp_path, "--organisation", asked)
        assert ran.code == 2 and "C (Twin); D (twin)" in ran.err
    assert controltotal("check", tmp_path, "--organisation", "er").code == 2


def test_the_home_of_a_book_leads_it(tmp_path: Path) -> None:
    shutil.copytree(FICTIONAL, tmp_path / "book")
    settings = tmp_path / "book" / "book.csv"
    settings.write_text(settings.read_text("utf-8") + "home,XF-HOL\n", "utf-8")
    result = verbs.position(str(tmp_path / "book"), year="2026/27")
    assert result.scope.lead == "XF-HOL"
    assert screen("position", result).startswith("Hollowmere General Hospital")


def test_words_joined_by_low_lines_are_taken_apart_and_ids_are_not() -> None:
    assert plain_words("a double_majority of QE1_X, see gap/X/2020-21/plan_a and P_1") == (
        "a double majority of QE1_X, see gap/X/2020-21/plan_a and P_1"
    )

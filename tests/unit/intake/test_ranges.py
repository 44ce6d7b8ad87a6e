"""Risks and opportunities in one list, with what each may be at best, most likely and at worst."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from controltotal import verbs
from controltotal.core.finding import Finding
from controltotal.intake.questions import keys_of
from controltotal.sources.convert import new_book

RISKS = (("Out of area placements", 180, 110, 40), ("Bank staff", 95, 60, 25))
OFFSETS = (("Vacancy slippage", 30, 65, 90), ("Interest", 10, 18, 26), ("Rates rebate", 0, 9, 14))
ENDS = [
    ("Downside", "Most likely", "Upside"),
    ("Worst case £000", "Likely case £000", "Best case £000"),
    ("Low", "Mode", "High"),
    ("Minimum value", "Most likely value", "Maximum value"),
]
TRUTH = {
    **{title: ("risk", likely) for title, _, likely, _ in RISKS},
    **{title: ("mitigation", likely) for title, _, likely, _ in OFFSETS},
}


def written(
    path: Path, ends: Sequence[str], kind: str, words: tuple[str, str], *, blocks: bool = False
) -> Path:
    """A list with its kinds in a column (`kind`), in blocks that end in totals, or in signs alone."""
    work = Workbook()
    sheet = work.active
    assert sheet is not None
    sheet.title = "R&O"
    sheet.append(["Risks and opportunities to the 2026/27 forecast - month 6"])
    sheet.append(["£'000   (adverse) / favourable"])
    sheet.append([])
    sheet.append(["No.", *([kind] if kind else []), "Item", "Lead", *ends, "Comment"])
    number, all_rows = 0, list[list[int]]()
    for word, items, sign in ((words[0], RISKS, -1), (words[1], OFFSETS, 1)):
        rows = [[sign * value for value in values] for _, *values in items]
        for (title, *_), values in zip(items, rows, strict=True):
            number += 1
            sheet.append([number, *([word] if kind else []), title, "CFO", *values, None])
        all_rows += rows
        if blocks:
            label = [
                None,
                *([None] if kind else []),
                f"Total {'risks' if sign < 0 else 'opportunities'}",
            ]
            sheet.append([*label, None, *(sum(column) for column in zip(*rows, strict=True))])
    net = [None, *([None] if kind else []), "Net risks and opportunities", None]
    sheet.append([*net, *(sum(column) for column in zip(*all_rows, strict=True))])
    work.save(path)
    return path


def imported(
    file: Path, tmp_path: Path, *said: str
) -> tuple[dict[str, tuple[str, int]], list[Finding]]:
    tmp_path.mkdir(exist_ok=True)
    book = str(tmp_path / "book")
    new_book(book, "A test")
    result = verbs.import_(file, book, set=["organisation=RX1", *said], on="2026-10-10")
    rows = {r.title: (r.kind, r.gross // 100_000) for r in verbs.read(book).book.risks}
    return rows, [one for one in result.findings if one.severity == "error"]


@pytest.mark.parametrize("ends", ENDS, ids=[one[1] for one in ENDS])
def test_the_most_likely_is_the_gross_value_and_the_ends_are_named(
    ends: tuple[str, str, str], tmp_path: Path
) -> None:
    file = written(tmp_path / "a.xlsx", ends, "Type", ("Risk", "Opportunity"), blocks=True)
    rows, questions = imported(file, tmp_path)
    assert not rows and ["chance" in one.message for one in questions] == [True]
    rows, questions = imported(file, tmp_path / "b", "headings.chance=100%")
    assert not questions and rows == TRUTH


KINDS = [
    ("Type", ("R", "O")),
    ("R/O", ("R", "O")),
    ("Risk / Opp", ("R", "O")),
    ("Risk/Opp", ("Risk", "Opp")),
    ("R / M", ("R", "M")),
    ("Category", ("Risk", "Opportunity")),
    ("Risk / opportunity", ("Risk", "Opportunity")),
]


@pytest.mark.parametrize(("kind", "words"), KINDS, ids=[one[0] for one in KINDS])
@pytest.mark.parametrize("blocks", [True, False], ids=["blocks", "rows alone"])
def test_letters_say_what_a_row_is(
    kind: str, words: tuple[str, str], blocks: bool, tmp_path: Path
) -> None:
    file = written(tmp_path / "a.xlsx", ENDS[0], kind, words, blocks=blocks)
    rows, questions = imported(file, tmp_path, "headings.chance=100%")
    assert not questions and rows == TRUTH


@pytest.mark.parametrize("blocks", [True, False], ids=["totals below", "signs above"])
def test_totals_below_or_words_on_brackets_say_what_rows_are(blocks: bool, tmp_path: Path) -> None:
    file = written(tmp_path / "a.xlsx", ENDS[0], "", ("", ""), blocks=blocks)
    rows, questions = imported(file, tmp_path, "headings.chance=100%")
    assert not questions and rows == TRUTH


def test_a_word_that_is_none_of_the_book_is_answered_once(tmp_path: Path) -> None:
    file = written(tmp_path / "a.xlsx", ENDS[0], "Type", ("Pr", "Fav"), blocks=True)
    _, questions = imported(file, tmp_path, "headings.chance=100%", "headings.Type=kind")
    assert {one.found for one in questions} == {"“Pr”", "“Fav”"}
    assert all("risk or mitigation" in one.action for one in questions)
    said = ["headings.Type=kind", "headings.Pr=risk", "headings.Fav=opportunity"]
    rows, questions = imported(file, tmp_path / "b", "headings.chance=100%", *said)
    assert not questions and rows == TRUTH


@pytest.mark.parametrize(
    "title", ["Item", "Bridge item", "Principal risk (cause, event, effect)", "Risk description"]
)
def test_a_title_by_any_usual_heading_is_one_and_makes_the_reference(
    title: str, tmp_path: Path
) -> None:
    work = Workbook()
    sheet = work.active
    assert sheet is not None
    sheet.append(["Risks to the forecast 2026/27 (£000)"])
    sheet.append([])
    sheet.append([title, "Gross", "Probability"])
    for name, _, likely, _ in RISKS:
        sheet.append([name, likely, 0.5])
    work.save(tmp_path / "a.xlsx")
    rows, questions = imported(tmp_path / "a.xlsx", tmp_path)
    assert not questions and set(rows) == {name for name, *_ in RISKS}


def test_one_question_asks_which_of_several_is_the_value_and_takes_a_heading(
    tmp_path: Path,
) -> None:
    work = Workbook()
    sheet = work.active
    assert sheet is not None
    sheet.append(["Financial risks (£000)"])
    sheet.append([])
    sheet.append(["Ref", "Risk description", "Full value", "Exposure", "Gross", "Probability"])
    for number, (name, _, likely, _) in enumerate(RISKS):
        sheet.append([f"R{number}", name, likely + 5, likely, likely + 9, 0.5])
    work.save(tmp_path / "a.xlsx")
    _, questions = imported(tmp_path / "a.xlsx", tmp_path, "headings.Gross=")
    assert [keys_of(one) for one in questions] == [["headings.gross"]]
    assert 'Full value", or Exposure' in questions[0].action
    said = ["headings.gross=Exposure"]
    rows, questions = imported(tmp_path / "a.xlsx", tmp_path / "b", *said)
    assert not questions and {g for _, g in rows.values()} == {likely for _, _, likely, _ in RISKS}


def test_a_list_without_a_title_is_asked_for_that_and_not_for_references(tmp_path: Path) -> None:
    work = Workbook()
    sheet = work.active
    assert sheet is not None
    sheet.append(["Financial risks (£000)"])
    sheet.append([])
    sheet.append(["Whatever", "Gross risk", "Probability"])
    for name, _, likely, _ in RISKS:
        sheet.append([name, likely, 0.5])
    work.save(tmp_path / "a.xlsx")
    _, (question,) = imported(tmp_path / "a.xlsx", tmp_path)
    assert keys_of(question) == ["headings.title"]
    assert "such as Whatever" in question.action and "all rows" not in question.action


def test_forecasts_at_the_ends_of_a_bridge_are_named_as_that(tmp_path: Path) -> None:
    work = Workbook()
    sheet = work.active
    assert sheet is not None
    sheet.append(["Bridge from reported to risk adjusted forecast, 2026/27 (£000)"])
    sheet.append([])
    sheet.append(["Bridge item", "Gross", "Probability %", "Weighted"])
    sheet.append(["Reported forecast outturn", None, None, -420])
    sheet.append(["Risks"])
    for name, _, likely, _ in RISKS:
        sheet.append([name, -likely, 0.5, -likely / 2])
    sheet.append(["Memo", None, None, 7])
    sheet.append(["Risk adjusted forecast", None, None, -505])
    work.save(tmp_path / "a.xlsx")
    new_book(str(tmp_path / "book"), "A test")
    result = verbs.import_(tmp_path / "a.xlsx", str(tmp_path / "book"), set=["organisation=RX1"])
    assert not [one for one in result.findings if one.severity == "error"]
    reasons = {row["range"]: row["reason"] for row in result.tables["left_out"]}
    assert reasons["A4:D4"].startswith("a forecast") and reasons["A9:D9"].startswith("a forecast")
    assert reasons["A5"].startswith("a heading") and "no column" in reasons["A8:D8"]

"""The dialogue of an import: each question once, its answer as `--set` would have said it."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import pytest

from controltotal.app.import_dialogue import asked_on_screen, import_text, keys_of
from controltotal.core.finding import FileCell, Finding
from controltotal.core.result import Answer, Result


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def question(code: str, action: str = "", found: str = "") -> Finding:
    at = (FileCell("a.xlsx", "Plan", "B7"),)
    return Finding(code, "error", "", "", f"{code}?", "", found, action, in_files=at)


YEAR = question("IMPORT_YEAR", "Say which: --set year=2026/27.")
LINES = question(
    "IMPORT_LINE", "Say in the mapping, under [lines], which it is.", "“Bank”, “Locums”"
)


class Runs:
    """An import that asks for a year and two lines until it has them."""

    def __init__(self) -> None:
        self.given: list[list[str]] = []

    def __call__(self, answers: Sequence[str]) -> Result:
        self.given.append(list(answers))
        answer = Answer("import")
        names = {text.partition("=")[0] for text in answers}
        answer.add_findings(one for one in (YEAR, LINES) if not set(keys_of(one)) <= names)
        return answer.result()


def talk(monkeypatch: pytest.MonkeyPatch, typed: str) -> tuple[Runs, Result, str]:
    runs, out = Runs(), Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stdout", out)
    result = asked_on_screen(runs, talks=True)
    return runs, result, out.getvalue()


def test_each_question_is_put_once_and_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    runs, result, shown = talk(monkeypatch, "2026/27\nbank_pay\nagency_pay\n")
    assert runs.given[-1] == ["year=2026/27", "lines.Bank=bank_pay", "lines.Locums=agency_pay"]
    assert not result.has_errors
    assert shown.count("IMPORT_YEAR?") == 1 and "a.xlsx Plan B7" in shown


def test_an_empty_answer_leaves_the_question_open(monkeypatch: pytest.MonkeyPatch) -> None:
    runs, result, _ = talk(monkeypatch, "\n\n\n")
    assert runs.given == [[]]
    assert {one.code for one in result.findings} == {"IMPORT_YEAR", "IMPORT_LINE"}


def test_what_is_left_out_is_said_by_quotation_marks_with_nothing_in_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs, _, _ = talk(monkeypatch, '2026/27\n""\nagency_pay\n')
    assert runs.given[-1] == ["year=2026/27", "lines.Bank=", "lines.Locums=agency_pay"]


def test_it_is_said_what_enter_alone_does_and_how_to_leave_something_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, _, shown = talk(monkeypatch, "2026/27\nbank_pay\nagency_pay\n")
    assert shown.count('(Enter alone leaves the question open, "" leaves it out)') == 2
    assert shown.count("(Enter alone leaves the question open)") == 1


KIND = question("IMPORT_KIND", "Say what such tables are of: --set kind=schemes (or amounts …).")


@pytest.mark.parametrize("typed", ["2\n", "schemes\n", "Nursing\n9\nSchemes\n"])
def test_what_a_table_is_of_is_asked_with_a_list(
    monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    given: list[list[str]] = []

    def run(answers: Sequence[str]) -> Result:
        given.append(list(answers))
        answer = Answer("import")
        answer.add_findings(() if answers else (KIND,))
        return answer.result()

    out = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stdout", out)
    assert not asked_on_screen(run, talks=True).has_errors
    assert given[-1] == ["kind=schemes"]
    assert "2  schemes: savings schemes" in out.getvalue()
    assert ("none of the list" in out.getvalue()) == ("Nursing" in typed)


def test_in_a_pipe_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("2026/27\n"))
    runs = Runs()
    assert asked_on_screen(runs, talks=True).has_errors
    assert runs.given == [[]]


def test_a_difference_is_shown_to_the_penny() -> None:
    answer = Answer("import")
    for name in ("received", "imported", "left_out", "mapping"):
        answer.table(name, [])
    row = {"total": "Pay", "cell": "B9", "expected_pence": 100, "found_pence": 105}
    whole = {**row, "difference_pence": 0, "file": "a.csv", "sheet": ""}
    answer.table("reconciled", [{**whole, "difference_pence": 5}, {**whole, "total": "Drugs"}])
    text = import_text(answer.result())
    assert "£0.05" in text and "a.csv B9" in text and "Drugs" not in text

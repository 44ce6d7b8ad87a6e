"""What a person or a mapping answers, held against what a book knows before it is used.

A line typed with blanks, or a name instead of a code, is put in the form of the book; what names no
line and no body for certain is asked again, since money under it would count wrongly, or nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from controltotal.core.finding import FileCell, Finding
from controltotal.intake.known import Known
from controltotal.intake.model import Asked
from controltotal.intake.questions import asked as question


def with_known_answers(asked: Asked, known: Known, file: str) -> tuple[Asked, list[Finding]]:
    """The same answers in the form of the book, and a question for each that names nothing."""
    lines = {text: _line(answer, known) for text, answer in asked.lines.items()}
    bodies = {text: _body(answer, known, asked.year) for text, answer in asked.bodies.items()}
    wrong = [
        *_unknown("lines", asked.lines, lines, file),
        *_unknown("bodies", asked.bodies, bodies, file),
    ]
    sure = replace(
        asked,
        lines={text: found or "" for text, found in lines.items()},
        bodies={text: found or "" for text, found in bodies.items()},
    )
    return sure, wrong


def _line(answer: str, known: Known) -> str | None:
    match = known.lines.match(answer) if answer else None
    if match is None:
        return ""
    return match.line if match.line and match.how in ("exact", "code") else None


def _body(answer: str, known: Known, year: str) -> str | None:
    match = known.bodies.match(answer, year) if answer else None
    if match is None:
        return ""
    return match.code if match.code and match.how != "near" else None


def _unknown(
    section: str, said: Mapping[str, str], found: Mapping[str, str | None], file: str
) -> list[Finding]:
    what = "line" if section == "lines" else "body"
    return [
        question(
            "IMPORT_LINE" if section == "lines" else "IMPORT_BODY",
            f"The answer for “{text}” is no {what} that is known.",
            [FileCell(file, "", "A1")],
            expected="the name or code of a line of account"
            if section == "lines"
            else "the code of a body, or the name that it bears in the year",
            found=said[text],
            action=f'Say it again: --set "{section}.{text}={"LINE" if what == "line" else "CODE"}".',
        )
        for text, answer in found.items()
        if answer is None
    ]

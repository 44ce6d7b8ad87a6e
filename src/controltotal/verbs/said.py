"""What people said beside the figures, with its numbers, wherever an answer repeats it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from controltotal.accounts.placing import about
from controltotal.accounts.told import Told
from controltotal.accounts.wording import slotted
from controltotal.book.commentary import comment_words
from controltotal.core.result import Result
from controltotal.core.slots import fill
from controltotal.workings.late import late_typed
from controltotal.workings.leading import leading
from controltotal.workings.workings import Workings


def with_numbers(result: Result, workings: Workings) -> Result:
    """An answer whose sentences have the numbers that people left slots for."""
    position = workings.position
    rows = slotted(position.book.commentary)
    if not rows or not result.sentences:
        return result
    late = result.options.get("late")
    told = Told(workings, late_typed(str(late) if late else None))
    instead: dict[str, str] = {}
    said = {sentence.text for sentence in result.sentences}
    for row in rows:
        raw = comment_words(position, row)
        if raw not in said:
            continue
        found = about(position, row, leading(workings, row.year))
        code, year = found.organisation if found else "", row.year
        instead[raw] = comment_words(position, row, partial(_filled, told, code, year))
    if not instead:
        return result
    sentences = [replace(one, text=instead.get(one.text, one.text)) for one in result.sentences]
    return replace(result, sentences=tuple(dict.fromkeys(sentences)))


def _filled(told: Told, code: str, year: str, text: str) -> str:
    return fill(text, told, code, year).text

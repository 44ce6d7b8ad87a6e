"""What clinicians wrote to colleagues, taken out of all that the public is shown.

The public reads that a scheme was refused, or approved on a condition, by whom and when: not the words
in which a director said why, wherever an answer repeats them. Source: the book's design, what is public
of a scheme.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from controltotal.core.result import Result

CONDITIONS: Final = "conditions"
"""The table of conditions under which schemes were approved."""
CONDITION: Final = "a condition to be met"
"""That a scheme waits for a condition; what follows after a colon are the words of the condition."""
_DAY: Final = r"\d{4}-\d\d-\d\d"
_TOLD: Final = re.compile(
    rf"({CONDITION}|a condition of \w+ (?:is not met|was due on {_DAY})|gate \w+ was (?:passed on {_DAY} and "
    rf")?failed on {_DAY}(?:, for its outcome reads '[^']*')?): .*",
    re.DOTALL,
)
"""Sentences of the program behind whose colon a clinician's words stand."""


def without_clinical_words(results: Mapping[str, Result]) -> dict[str, Result]:
    """The same answers without them, in tables, sentences and findings.

    Words that a table tells are taken out where they stand; behind a sentence of the program of which
    no table tells the words, all that follows goes.
    """
    said = {
        text for text in _words(results.values()) if " " in text
    }  # a word alone is nobody's own
    words = sorted(said, key=lambda text: (-len(text), text))
    known = re.compile(rf": (?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None
    return {verb: _without(one, known) for verb, one in results.items()}


def _words(results: Iterable[Result]) -> Iterable[str]:
    """What clinicians wrote, as tables tell it: conditions, why one refused, why a gate went back."""
    for result in results:
        for row in result.tables.get(CONDITIONS, ()):
            yield str(row.get("text") or "")
        for row in result.tables.get("refused", ()):
            yield str(row.get("why") or "")
        for row in result.tables.get("gates", ()):
            for one in row.get("went_back") or ():
                yield str(one).partition(": ")[2]


def _without(result: Result, known: re.Pattern[str] | None) -> Result:
    def plain(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(map(plain, value))
        if not isinstance(value, str) or ": " not in value:
            return value
        return _TOLD.sub(r"\1", known.sub("", value) if known else value)

    tables = {
        name: [
            {column: _cut(name, column, plain(value)) for column, value in row.items()}
            for row in rows
        ]
        for name, rows in result.tables.items()
        if name != CONDITIONS
    }
    return replace(
        result,
        tables=tables,
        sentences=tuple(
            one if (text := plain(one.text)) == one.text else replace(one, text=text, marked="")
            for one in result.sentences
        ),
        findings=tuple(
            one
            if (text := plain(one.message)) == one.message
            else replace(one, message=text, expected=plain(one.expected), found=plain(one.found))
            for one in result.findings
        ),
    )


def _cut(table: str, column: str, value: Any) -> Any:
    """A cell that holds nothing but a clinician's words, or ends in them, without these."""
    if (table, column) == ("refused", "why"):
        return ""
    if (table, column) == ("gates", "went_back"):
        return [str(one).partition(": ")[0] for one in value]
    return value

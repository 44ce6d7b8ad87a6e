"""The dialogue of an import on a terminal: what is in doubt is asked, each question once.

What was seen is shown first. An answer is what `--set` would have said, and is kept in the mapping; nothing
at all leaves the question open. In a pipe nothing is asked: the questions are findings.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from controltotal.app.progress import quiet
from controltotal.app.screen import say
from controltotal.app.show import terminal_text
from controltotal.core.legible import one_line
from controltotal.core.money import signed_pounds
from controltotal.intake.questions import NOTHING, keys_of

if TYPE_CHECKING:
    from controltotal.core.finding import Finding
    from controltotal.core.result import Result

Run = Callable[[Sequence[str]], "Result"]
LEFT_OUT: Final = ("headings.", "lines.", "bodies.")
"""What questions begin with whose text may be left out."""
KIND: Final = "kind"
KINDS: Final[Mapping[str, str]] = {
    "amounts": "income, cost and other sums by line",
    "schemes": "savings schemes",
    "risks": "risks, opportunities and mitigations",
    "control totals": "control totals",
    "ledger": "postings of a ledger",
}
"""What a table may be of that does not tell it, as the question lists it."""
ROUNDS: Final = 20
"""How often answers may raise further questions."""


def asked_on_screen(run: Run, *, talks: bool) -> Result:
    """Import, and on a terminal ask what is in doubt until nothing is, or nobody answers."""
    result = run(())
    if not (talks and sys.stdin.isatty() and sys.stdout.isatty()):
        return result
    answers: list[str] = []
    put: set[str] = set()
    for _ in range(ROUNDS):
        fresh = _put(result, put)
        if not fresh:
            break
        answers += fresh
        result = run(answers)
    return result


def _put(result: Result, put: set[str]) -> list[str]:
    """Show what was seen and ask every question that was not put before; the answers given."""
    questions = [one for one in result.findings if one.severity == "error"]
    found = []
    fresh = [(one, name) for one in questions for name in keys_of(one) if name not in put]
    fresh.sort(key=lambda pair: _order(pair[1]))
    if fresh:
        quiet()
        say("".join(f"{one_line(text)}\n" for text in result.words))
    for one, name in fresh:
        if name in put:
            continue
        put.add(name)
        text = _answer(one, name)
        if text:
            found.append(f"{name}={'' if text in NOTHING else text}")
    return found


def _order(name: str) -> tuple[bool, int]:
    """What holds for the whole file comes first, and scores come last, from the least to the most."""
    score = name.removeprefix("headings.")
    return "." in name, int(score) if len(score) == 1 and score in "123456789" else 0


def _answer(question: Finding, name: str) -> str:
    places = ", ".join(f"{c.file} {c.sheet} {c.cell}".strip() for c in question.in_files[:3])
    say(f"\n{one_line(question.message)}\n")
    if places:
        say(f"  where: {one_line(places)}\n")
    if question.found:
        say(f"  found: {one_line(question.found)}\n")
    say(f"  {one_line(question.action)}\n")
    if name == KIND:
        return _of_list(name)
    out = ', "" leaves it out' if name.startswith(LEFT_OUT) else ""
    say(f"  (Enter alone leaves the question open{out})\n")
    return _typed(name)


def _typed(name: str) -> str:
    say(f"  {one_line(name)} = ")
    sys.stdout.flush()
    return sys.stdin.readline().strip()


def _of_list(name: str) -> str:
    """An answer by its number in a list, or by its word; asked again until it is one, or nothing."""
    words = list(KINDS)
    for number, word in enumerate(words, 1):
        say(f"  {number}  {word}: {KINDS[word]}\n")
    say("  (a number or a word of the list; Enter alone leaves the question open)\n")
    while text := _typed(name):
        if text.isdecimal() and 0 < int(text) <= len(words):
            return words[int(text) - 1]
        if text.casefold().replace("_", " ") in words:
            return text.casefold().replace("_", " ")
        say(f"  “{one_line(text)}” is none of the list.\n")
    return ""


# -- what a screen shows ---------------------------------------------------------------------------

FEW: Final = 12
"""Rows of what needs no attention that a screen shows; `--json` has all."""


def import_text(result: Result) -> str:
    """An import as text: what came and what it changed; of totals, names and parts what needs a look."""
    if "received" not in result.tables:
        return terminal_text(result)
    tables = dict(result.tables)
    differ = [_in_pounds(row) for row in tables["reconciled"] if row["difference_pence"]]
    tables["reconciled"] = differ
    unsure = [row for row in tables["mapping"] if row["how"] not in ("exact", "code")]
    tables["mapping"] = unsure[:FEW]
    tables["left_out"] = [_with_place(row) for row in tables["left_out"][:FEW]]
    return terminal_text(replace(result, tables=tables))


def _in_pounds(row: Mapping[str, Any]) -> dict[str, Any]:
    """A total to the penny."""
    money = {c.removesuffix("_pence"): v for c, v in row.items() if c.endswith("_pence")}
    named = {"total": row["total"], "cell": _place(row, row["cell"])}
    return {**named, **{name: signed_pounds(pence) for name, pence in money.items()}}


def _with_place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"range": _place(row, row["range"]), "reason": row["reason"]}


def _place(row: Mapping[str, Any], cell: str) -> str:
    return " ".join(part for part in (row["file"], row["sheet"], cell) if part)

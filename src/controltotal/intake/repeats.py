"""Rows beneath the bottom line that take off, or tell again, what a row above has: they count once.

A statement whose surplus holds support often ends with “Less deficit support funding” and the surplus
without it. The row is no second sum of support; it is left out and named, and the surplus beneath it
is still held against the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from controltotal.core.finding import Finding
from controltotal.core.vocabulary import folded
from controltotal.intake.bottom_line import names_result, names_support
from controltotal.intake.known import Known
from controltotal.intake.model import Mapped, Seen
from controltotal.intake.questions import asked
from controltotal.intake.rows import ABOVE, DATA, OTHER, SUM, Line
from controltotal.intake.summed_rows import STATED, WHOLE

LEFT: Final = "(left out)"
"""What a row is taken for that gives the book nothing."""
SUPPORT: Final = "support_income"
TWICE: Final = "each sum once"
"""How a question says what it expects of a row that tells a sum again."""
_OFF: Final = re.compile(
    r"^\W*(?:less|minus|deduct(?:ing|ed)?|remov(?:e|ing|al)|exclud(?:e|ing)|excl|adjust(?:ment|ed)?"
    r"|revers(?:e|al)|take[ns]? (?:off|out)|tak(?:e|ing) (?:off|out)|net of|without|back[\s-]?out"
    r"|add(?:ing|ed)?[\s-]+back|strip(?:ping)? out)\b",
    re.IGNORECASE,
)


def takes_off(label: str) -> bool:
    """Whether a name says that its sum is taken off, or added back to, what stands above it.

    >>> [takes_off(x) for x in ("Less: DSF", "Adjust for deficit support", "Excl. support", "Lessons")]
    [True, True, True, False]
    """
    return bool(_OFF.match(label))


def repeats(lines: Sequence[Line], known: Known) -> Iterator[tuple[Line, str, str]]:
    """Each row that says again what a row above the bottom line has: the row, that line, and its label."""
    some = [line for line in lines if line.kind == DATA and _may(line, known)]
    if not some:
        return
    for line in some:
        own = _beside(line, lines)
        place = own.index(line)
        ends = [n for n, one in enumerate(own[:place]) if _is_bottom(one)]
        if not ends or _begins_again(own, ends[0], place, known):
            continue
        for name in _names(line, known):
            above = [
                one for one in own[: ends[-1]] if one.kind == DATA and one.said.get("line") == name
            ]
            if above and _says_again(line, above, apart=_is_apart(name, known)):
                yield line, name, above[0].label
                break


def leave_repeats(
    seen: Seen, lines: Sequence[Line], known: Known, answers: Mapping[str, str]
) -> tuple[list[Mapped], list[Finding]]:
    """Leave such rows out: what each was taken for; and a question of those that somebody would add.

    `answers` are lines that a person named for labels (folded).
    """
    mapped: list[Mapped] = []
    doubled: dict[str, list[Line]] = {}
    for line, name, label in list(repeats(lines, known)):
        if folded(line.label) not in answers:
            line.kind, line.reason = OTHER, f"{ABOVE}, as “{label}”: counted once"
            line.said.pop("line", None)
            mapped.append(Mapped(line.label, LEFT, "total"))
        elif answers[folded(line.label)] == name:
            doubled.setdefault(label, []).append(line)
    return mapped, [_twice(seen, label, rows) for label, rows in doubled.items()]


def _may(line: Line, known: Known) -> bool:
    """Whether a row may tell a sum again: its money stands apart from the surplus, or it takes off."""
    name = line.said.get("line", "")
    return bool(line.pence) and (
        takes_off(line.label) or (_is_apart(name, known) if name else names_support(line.label))
    )


def _is_apart(name: str, known: Known) -> bool:
    """Whether a line is one that a surplus may hold or not: support, and what a control total leaves out."""
    account = known.lines.all.get(name)
    return (
        account is not None
        and account.kind != "position"
        and (account.outside or not account.added)
    )


def _names(line: Line, known: Known) -> tuple[str, ...]:
    """The lines that a row may be, by its name or by what it takes off."""
    name = line.said.get("line", "")
    if name:
        return (name,)
    match = known.lines.match(_OFF.sub("", line.label).strip(" :-\u2013"))
    support = (SUPPORT,) if names_support(line.label) else ()
    return (*support, *filter(None, [match.line]), *match.near)


def _beside(line: Line, lines: Sequence[Line]) -> list[Line]:
    """The rows of money of the statement that a row stands in, itself among them."""
    return [
        one
        for one in lines
        if one is line
        or (
            one.kind in (DATA, SUM)
            and all(one.said.get(w, "") in ("", line.said.get(w, "")) for w in STATED)
        )
    ]


def _is_bottom(line: Line) -> bool:
    return line.said.get("line", "") in WHOLE or names_result(line.label)


def _begins_again(own: Sequence[Line], end: int, place: int, known: Known) -> bool:
    """Whether rows after the bottom line are another statement, with lines that stood above it."""
    above = {one.said.get("line", "") for one in own[:end] if one.kind == DATA} - {""}
    between = (one.said.get("line", "") for one in own[end + 1 : place] if one.kind == DATA)
    return any(name in above and not _is_apart(name, known) for name in between)


def _says_again(line: Line, above: Sequence[Line], *, apart: bool) -> bool:
    """Whether a row takes off what rows above have, or has the same money in every column."""
    if apart and takes_off(line.label):
        return True
    sums = {column: sum(one.pence.get(column, 0) for one in above) for column in line.pence}
    same = all(pence == sums[column] for column, pence in line.pence.items())
    off = all(pence == -sums[column] for column, pence in line.pence.items())
    return (same or off) and any(line.pence.values())


def _twice(seen: Seen, label: str, rows: Sequence[Line]) -> Finding:
    named = ", ".join(f"“{row.label}”" for row in rows)
    return asked(
        "IMPORT_LINE",
        f"A row beneath the bottom line takes off, or tells again, what “{label}” has above it, so it "
        "would count twice.",
        [seen.grid.over(row.row, seen.left, row.row, seen.right) for row in rows],
        expected=TWICE,
        found=named,
        action=f'Leave it out: --set "lines.{rows[0].label}=".',
    )

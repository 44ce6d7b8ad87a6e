"""What reckoning a table found, in words: differences, cells that cannot be read, rows without a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from controltotal.core.finding import FileCell, Finding
from controltotal.core.money import signed_pounds
from controltotal.intake.cells import IN_STORED, NEVER_CALCULATED, SHOWN_SCALED, Unread
from controltotal.intake.labels import is_result
from controltotal.intake.model import Check, Place, Seen
from controltotal.intake.money_columns import Col
from controltotal.intake.questions import asked as question
from controltotal.intake.questions import quoted, told
from controltotal.intake.rows import Line
from controltotal.intake.sides import cost_line

_FEW_OF: Final = 7
"""One total in so many must be off by rounding before a table is taken to be rounded."""
_AROUND: Final = 12
"""Rows above and beneath a table that may hold a note of it."""
_ROUNDED: Final = re.compile(r"\brounding\b|\bfigures are rounded\b", re.IGNORECASE)
_SHOWN: Final = 5
_MENDED: Final = {
    NEVER_CALCULATED: "Open the file in a spreadsheet program, save it, and import it again.",
    SHOWN_SCALED: IN_STORED,
}
_APART: Final = {
    "total": (
        "IMPORT_TOTAL",
        "A total in the file differs from what makes it.",
        "{} totals in the file differ from what makes them.",
    ),
    "to_date": (
        "IMPORT_TO_DATE",
        "A year to date in the file differs from its months.",
        "{} years to date in the file differ from their months.",
    ),
    "variance": (
        "IMPORT_VARIANCE",
        "A variance in the file differs from what it subtracts.",
        "{} variances in the file differ from what they subtract.",
    ),
}


def says_rounded(seen: Seen) -> bool:
    """Whether a note around a table says that its figures are rounded."""
    rows = range(max(0, seen.heading[0] - _AROUND), seen.last + 1 + _AROUND)
    cells = (value for row in rows if row < len(seen.grid.cells) for value in seen.grid.cells[row])
    return any(isinstance(value, str) and _ROUNDED.search(value) for value in cells)


def strict(checks: Sequence[Check]) -> list[Check]:
    """The same checks, without slack where the table is not rounded throughout.

    Rounding shows in totals here and there, and in more than a few of them. Where all that are a unit
    off lean on one cell, or one alone is off, it is a slip of that cell.

    >>> exact = [Check("t", (n, 0), 100, 100, 10) for n in range(9)]
    >>> [c.slack for c in strict([*exact, Check("t", (9, 0), 100, 105, 10)])][-1]
    0
    """
    telling = [check for check in checks if check.expected or check.found]
    rounded = [check for check in telling if check.difference and check.agrees]
    if len(rounded) * _FEW_OF < len(telling) or (rounded and _lean_on_one(rounded)):
        return [replace(check, slack=0) for check in checks]
    return list(checks)


def _lean_on_one(checks: Sequence[Check]) -> bool:
    """Whether one cell is among the parts of all of them, or is the total itself."""
    boxes = []
    for check in checks:
        places = (*check.parts, check.place)
        rows, columns = [p[0] for p in places], [p[1] for p in places]
        boxes.append((min(rows), min(columns), max(rows), max(columns)))
    top, left = max(box[0] for box in boxes), max(box[1] for box in boxes)
    bottom, right = min(box[2] for box in boxes), min(box[3] for box in boxes)
    return top <= bottom and left <= right


def differences(
    seen: Seen, checks: Sequence[Check], credited: Sequence[Line] = ()
) -> list[Finding]:
    """A question of all totals and years, of all running sums and of all variances that differ.

    `credited` are rows below nil whose variances are those of costs, so that they may take from these.
    """
    found = []
    for kind, (code, one, many) in _APART.items():
        apart = [check for check in checks if check.kind == kind and not check.agrees]
        if apart:
            asked = _apart(seen, apart, code, one if len(apart) == 1 else many)
            found.append(_of_credits(asked, credited) if kind == "variance" else asked)
    near = [check for check in checks if check.agrees and check.difference]
    if near:
        found.append(
            told(
                "IMPORT_ROUNDING",
                f"{len(near)} total{'s' if len(near) > 1 else ''} in the file differ from the rows "
                "within what rounding allows; the rows are imported.",
                [seen.grid.at(*check.place) for check in near],
                expected="totals of the rows as shown",
                found="; ".join(_difference(seen, check)[1] for check in near[:_SHOWN]),
                action="Nothing.",
            )
        )
    return found


def _apart(seen: Seen, apart: Sequence[Check], code: str, message: str) -> Finding:
    lines = [_difference(seen, check) for check in apart[:_SHOWN]]
    more = f"; and {len(apart) - _SHOWN} more" if len(apart) > _SHOWN else ""
    labels = {check.total for check in apart}
    (label,) = labels if len(labels) == 1 else ("",)
    by_name = (
        f' Where it is a row of its own: --set "totals.{label}=row".' if is_result(label) else ""
    )
    return question(
        code,
        message.format(len(apart)),
        [seen.grid.at(*check.place) for check in apart],
        expected="; ".join(line[0] for line in lines) + more,
        found="; ".join(line[1] for line in lines),
        action="Correct the file; or have a named person accept the difference: "
        f'--accept "WHO: REASON".{by_name}',
    )


def _of_credits(asked: Finding, credited: Sequence[Line]) -> Finding:
    """The question of variances, with the answer for rows that may take from the costs."""
    if not credited:
        return asked
    names = " ".join(f'--set "lines.{line.label}={cost_line(line.label)}"' for line in credited)
    some = quoted(line.label for line in credited)
    return replace(
        asked,
        action=f"Where {some} takes from the costs, say that it is one: {names}. {asked.action}",
    )


def _difference(seen: Seen, check: Check) -> tuple[str, str]:
    """What was expected of a total and what it says, to the penny, with its cell."""
    cell = seen.grid.at(*check.place).cell
    parts = "–".join(seen.grid.at(*place).cell for place in dict.fromkeys(check.parts))
    of = f" from {parts}" if parts else ""
    return (
        f"{cell} {signed_pounds(check.expected)}{of}",
        f"{cell} {signed_pounds(check.found)}, {signed_pounds(check.difference)} apart",
    )


def unknown_bases(seen: Seen, words: Mapping[Place, str]) -> list[Finding]:
    """A question of words under *Basis* that nobody knows: the rest of the file must not say it for them."""
    if not words:
        return []
    return [
        question(
            "IMPORT_BASIS",
            "Rows say in words that nobody knows whether their money is planned, actual or forecast.",
            [seen.grid.at(*place) for place in words],
            expected="plan, actual or forecast",
            found=quoted(words.values()),
            action="Write one of these words in the cells and import again; or leave the column out with "
            f'--set "headings.{_heading(seen, next(iter(words))[1])}=".',
        )
    ]


def _heading(seen: Seen, column: int) -> str:
    return next((head.text for head in seen.heads if head.column == column), "")


def unmarked_words(seen: Seen, words: Mapping[Place, str]) -> list[Finding]:
    """A warning of words under *Recurrent?* that nobody knows: their sums are neither."""
    if not words:
        return []
    return [
        told(
            "IMPORT_UNKNOWN",
            "Words do not say whether sums repeat every year, so that a run rate counts them as if they "
            "did.",
            [seen.grid.at(*place) for place in words],
            expected="recurrent or non-recurrent, R or NR",
            found=quoted(words.values()),
            action="Write R or NR where it is known, and import again.",
            severity="warning",
        )
    ]


def not_read(seen: Seen, unread: Sequence[tuple[Place, Unread]]) -> list[Finding]:
    """One question for each kind of cell that holds something which is no sum of money."""
    kinds: dict[str, list[tuple[Place, Unread]]] = {}
    for place, cell in unread:
        kinds.setdefault(cell.expected, []).append((place, cell))
    return [
        question(
            "IMPORT_CELL",
            "A cell of money cannot be read."
            if len(cells) == 1
            else f"{len(cells)} cells of money cannot be read.",
            [seen.grid.at(*place) for place, _ in cells],
            expected=expected,
            found=quoted(cell.text for _, cell in cells),
            action=_MENDED.get(
                expected,
                "Write the sum, or clear the cell where it is not known, and import again.",
            ),
        )
        for expected, cells in kinds.items()
    ]


def unnamed_rows(seen: Seen, nameless: Sequence[tuple[Line, tuple[str, ...]]]) -> list[Finding]:
    """One question of all rows of money that no line of the book means."""
    if not nameless:
        return []
    labels = [line.label or "(no name)" for line, _ in nameless]
    named = [(line, codes or tuple(filter(None, [line.outside]))) for line, codes in nameless]
    near = [(line.label, codes) for line, codes in named if codes]
    proposed = "".join(f" “{label}” may be {' or '.join(codes)}." for label, codes in near[:_SHOWN])
    return [
        question(
            "IMPORT_LINE",
            "A row holds money under a name that is no line of the book."
            if len(nameless) == 1
            else f"{len(nameless)} rows hold money under names that are no lines of the book.",
            [seen.grid.over(line.row, seen.left, line.row, seen.right) for line, _ in nameless],
            expected="a line of account by its name or code",
            found=quoted(labels, 40, 200),
            action=f'Say which line each is: --set "lines.{labels[0]}=LINE", or under [lines] in '
            f'the mapping; an empty text, written "", leaves it out.{proposed}',
        )
    ]


def beside_parts(seen: Seen, rows: Sequence[Line]) -> list[Finding]:
    """One question of rows that name a group beside its parts, where no total shows which they are."""
    if not rows:
        return []
    return [
        question(
            "IMPORT_LINE",
            "A row names a group of lines beside parts of it, and no total shows whether it holds them.",
            [seen.grid.over(line.row, seen.left, line.row, seen.right) for line in rows],
            expected="a whole, or its parts",
            found=quoted((line.label for line in rows), 40, 200),
            action=f'Say --set "totals.{rows[0].label}=total" where it is the whole, or =row where it is '
            "what its parts leave; or under [totals] in the mapping.",
        )
    ]


def unnamed_table(seen: Seen, columns: Sequence[int]) -> Finding:
    """The question of what the money of a table is, where neither rows nor columns name a line."""
    heading = seen.heading[0]
    return question(
        "IMPORT_LINE",
        "Nothing in the table says which line its money is of.",
        [seen.grid.at(heading, column) for column in columns],
        expected="a line of account, such as Surplus/(deficit), in a heading or a title",
        found=quoted(seen.grid.text(heading, column) for column in columns),
        action='Say --set "lines.=position", or the line that it is; in the mapping, '
        'under [lines], "" = "position".',
    )


def unknown_bodies(
    seen: Seen, rows: Mapping[str, Sequence[int]], near: Mapping[str, Sequence[str]]
) -> Finding:
    """The question of names in a column of bodies that are none for certain.

    `near` are the codes that each name may mean.
    """
    proposed = "".join(
        f" “{text}” may be {' or '.join(codes)}." for text, codes in near.items() if codes
    )
    first = next(iter(rows), "")
    return question(
        "IMPORT_BODY",
        "A body of the file is not known for certain."
        if len(rows) == 1
        else f"{len(rows)} bodies of the file are not known for certain.",
        [seen.grid.at(row, seen.left) for places in rows.values() for row in places],
        expected="a code, or the name that a body bears in the year",
        found=quoted(rows),
        action=f'Say which code each is: --set "bodies.{first[:60]}=CODE", or under [bodies] in the '
        f'mapping; nothing after the sign (--set "bodies.{first[:60]}=") leaves its rows out.{proposed}',
    )


def same_twice(seen: Seen, places: Sequence[Sequence[Place]]) -> Finding:
    """The question of rows that have one name and say one thing twice."""
    cells = [seen.grid.at(*place) for group in places for place in group]
    return question(
        "IMPORT_REPEATED",
        "Rows of one name hold money for the same body and period, so nobody can tell which holds.",
        cells,
        expected="one row of each line, body and period",
        found=quoted(seen.grid.text(row, seen.left) for group in places for row, _ in group),
        action="Give the rows different names, or say in the mapping, under [totals], which is "
        '"leave".',
    )


def rounded_away(seen: Seen, off: Mapping[Place, Decimal]) -> list[Finding]:
    """The notice of computed numbers that were rounded to the penny."""
    if not off:
        return []
    shown = format(sum(off.values(), Decimal(0)).quantize(Decimal("0.001")).normalize(), "f")
    return [
        told(
            "ROUNDED_TO_PENNY",
            f"{len(off)} computed number{'s were' if len(off) > 1 else ' was'} rounded to the penny; "
            f"together that changes the sum by {shown} pence.",
            [seen.grid.at(*place) for place in off],
            expected="whole pence",
            found=f"{len(off)} finer than a penny",
            action="Nothing, if the numbers are computed; else correct what was typed.",
        )
    ]


def shape_of_months(seen: Seen, columns: Sequence[Col], *, told_only: bool = False) -> Finding:
    """Months that run up: told where a whole or a heading proves it, else asked."""
    heading = seen.heading[1]
    cells: list[FileCell] = [seen.grid.at(heading, col.index) for col in columns]
    if told_only:
        return told(
            "IMPORT_DIFFERENCED",
            "The months of the file run up from April, so each was taken less the one before it.",
            cells,
            expected="single months",
            found="running sums",
        )
    return question(
        "IMPORT_CUMULATIVE",
        "Every row grows from month to month as a running sum does, and no total proves it.",
        cells,
        expected="single months, or a total that shows what they are",
        found=quoted(col.head.text for col in columns),
        action="Say which: --set months=single or --set months=cumulative.",
    )

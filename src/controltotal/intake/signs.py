"""Which way a table writes its costs: as the person says, as a total proves, else as it plainly is.

`plain` writes costs positive, `costs_negative` negative beside positive income, `ledger` positive
beside negative income. Where the figures look turned and nothing proves it, it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from controltotal.core.finding import Finding
from controltotal.intake.model import Place, Seen
from controltotal.intake.money_columns import MONEY, Col
from controltotal.intake.questions import asked as question
from controltotal.intake.questions import quoted
from controltotal.intake.rows import DATA, Line
from controltotal.intake.summed_rows import PLAIN, TURNED, WRITTEN, Book

LEDGER = TURNED
_NONE: Final[Mapping[Place, str]] = MappingProxyType({})


def habit_of(
    book: Book,
    columns: Sequence[Col],
    said: str,
    across: Sequence[str] = (),
    sided: Mapping[Place, str] = _NONE,
) -> tuple[str, str]:
    """The habit of signs of a table, and why it is in doubt (empty where it is not).

    `across` are the habits that totals among columns prove, `sided` the cells that name a side of the
    ledger: income in credit shows that the table is written as a ledger is.
    """
    cost_lines, income_lines = _sums(book, columns, "cost"), _sums(book, columns, "income")
    if _in_credit(book, columns, sided):
        said = LEDGER
    habits = [*across, *(found.habit for found in book.sums if found.habit)]
    proved = {_proved(habit, sum(income_lines.values())) for habit in habits}
    if len(proved) > 1:
        return "", "its totals are made in more than one way"
    if proved:
        habit = proved.pop()
        if said and said != habit:
            return "", f"its totals show costs as {_words(habit)}, not as {_words(said)}"
        return habit, ""
    return (said, "") if said else _plainly(cost_lines, income_lines, postings=book.postings)


def _plainly(
    cost_lines: Mapping[str, int], income_lines: Mapping[str, int], *, postings: bool
) -> tuple[str, str]:
    """The habit that nothing proves, as the lines plainly stand; and why it is in doubt."""
    costs, income = _side(cost_lines), _side(income_lines)
    if costs == -1:
        return "", "every cost in it is negative, and no total proves why"
    below = _leans(income_lines)
    if postings and (income == -1 or (below and sum(cost_lines.values()) > 0)):
        return LEDGER, ""
    if income == -1:
        return "", "every income in it is negative, and no total proves why"
    if below or _leans(cost_lines):
        which = "income" if below else "costs"
        return "", f"most of its {which} stands below nil, and no total proves why"
    return PLAIN, ""


def _proved(habit: str, income: int) -> str:
    """What a result over opposite signs proves: the costs are negative, or the income is."""
    return habit if habit == PLAIN else LEDGER if income < 0 else WRITTEN


def _side(sums: Mapping[str, int]) -> int:
    """The side of nil on which every line comes out, 1 or -1; nought where they differ."""
    sides = {1 if pence > 0 else -1 for pence in sums.values() if pence}
    return sides.pop() if len(sides) == 1 else 0


def _leans(sums: Mapping[str, int]) -> bool:
    """Whether the most lines, and the most money of them, stand below nil."""
    lines = [pence for pence in sums.values() if pence]
    return sum(lines) < 0 and 2 * sum(pence < 0 for pence in lines) > len(lines)


def _sums(book: Book, columns: Sequence[Col], kind: str) -> dict[str, int]:
    """The lines of a kind, each summed up as it is written."""
    sums: dict[str, int] = {}
    for line, col, name in _cells_of(book, columns, kind):
        sums[name] = sums.get(name, 0) + line.pence[col.index]
    return sums


def _in_credit(book: Book, columns: Sequence[Col], sided: Mapping[Place, str]) -> bool:
    """Whether cells of income name the side of credit, or postings any side at all."""
    if not sided or book.postings:
        return bool(sided)
    cells = _cells_of(book, columns, "income")
    return any(sided.get((line.row, col.index)) == "CR" for line, col, _ in cells)


def _cells_of(book: Book, columns: Sequence[Col], kind: str) -> Iterator[tuple[Line, Col, str]]:
    """The cells of money of one kind, each with the name of its line."""
    money = [col for col in columns if col.role == MONEY and not col.side]
    for line in book.lines:
        if line.kind != DATA or line.said.get("direction"):
            continue
        for col in money:
            if col.index in line.pence and _kind(book, line, col) == kind:
                yield line, col, col.line or line.said.get("line", "")


def _kind(book: Book, line: Line, col: Col) -> str:
    if line.written:
        return line.written
    account = book.known.lines.all.get(col.line or line.said.get("line", ""))
    if account is None or account.outside:
        return ""
    return account.written_kind


def _words(habit: str) -> str:
    return {
        PLAIN: "positive",
        WRITTEN: "negative",
        LEDGER: "positive beside negative income",
    }.get(habit, habit)


def in_doubt(seen: Seen, why: str, places: Sequence[Place]) -> Finding:
    """The question of how a table writes its costs."""
    texts = [seen.grid.text(*place) for place in places]
    return question(
        "IMPORT_SIGNS",
        f"Nobody can tell how the table writes costs: {why}.",
        [seen.grid.at(*place) for place in places] or [seen.grid.at(seen.first, seen.left)],
        expected="costs positive, or a title or a total that shows otherwise",
        found=quoted(texts),
        action="Say which: --set costs=positive, negative or ledger (income negative, costs positive).",
    )


def turned(pence: int, kind: str, habit: str, side: str, *, proved: bool) -> int:
    """A sum as a book writes it plainly, from how its table wrote it.

    `side` is the side of the ledger that the cell or its row names; it decides before any habit.

    >>> turned(-500, "cost", "costs_negative", "", proved=True)
    500
    >>> turned(-500, "income", "ledger", "", proved=False), turned(500, "cost", "plain", "CR", proved=False)
    (500, -500)
    """
    if side:
        credit = side.strip().upper().startswith("C")
        return pence if credit != (kind == "cost") else -pence
    if kind == "cost":
        return -pence if habit == WRITTEN else pence
    if habit != LEDGER:
        return pence
    return pence if kind == "position" and proved else -pence

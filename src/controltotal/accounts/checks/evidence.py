"""Evidence: sources, quotations that hold their number, promises kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from controltotal.accounts.checks.totals import details, places
from controltotal.book.amount_table import chosen
from controltotal.book.cells import says_yes_or_no
from controltotal.book.fold import Position
from controltotal.book.periods import months_needed
from controltotal.book.record import Record
from controltotal.book.records import Fact, Promise
from controltotal.core.calendar import year_label
from controltotal.core.finding import Finding
from controltotal.core.money import PENCE_PER, MoneyError, parse_money
from controltotal.core.show import value_text
from controltotal.workings import gaps
from controltotal.workings.measured import MEASURED, measured
from controltotal.workings.totals import ADJUSTED, Totals
from controltotal.workings.value import Value, negative

SOURCED = ("amounts", "facts", "control_totals", "transfers")
SAID_IN_WORDS = frozenset({"recovery_state", "recovery_measure", "spending_ever_fell"})
"""Facts that are a state, or a yes or a no: a quotation says them in words and not in figures."""

SHOWN_NUMBERS = 6
"""Most numbers that a finding of one quotation names."""
_WORDS = [
    "nil",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]


def without_source(position: Position) -> Iterator[Finding]:
    """Rows of money that name no source, one finding a table."""
    for table in SOURCED:
        rows = _unsourced(position, table)
        if rows:
            yield Finding(
                code="NO_SOURCE",
                severity="warning",
                organisation="",
                where=places(rows),
                message=f"{len(rows)} rows of {table} name no source, so nobody can check them."
                if len(rows) > 1
                else f"A row of {table} names no source, so nobody can check it.",
                expected="the id of a row in sources",
                found="nothing",
                action="Add a row to sources and put its id in the column source.",
                detail=details(rows[:1]),
            )


def _unsourced(position: Position, table: str) -> Sequence[Record]:
    """The rows of a table that name no source, savings of schemes and what an act recorded left out.

    An act says who did it, from which office, when and why: that is what it rests on.
    """
    if table == "amounts":
        return chosen(position.book.amounts, source=_empty, scheme=_empty)
    return [
        row
        for row in position.rows(table)
        if not row.texts.get("source")
        and not row.texts.get("scheme")
        and not _of_an_act(position, row)
    ]


def _of_an_act(position: Position, row: Record) -> bool:
    entry = position.entries.get(row.entry)
    return entry is not None and bool(entry.narration.author.subject or entry.narration.author.name)


def _empty(text: str | None) -> bool:
    return not text


def quotes(position: Position) -> Iterator[Finding]:
    """Quotations that do not contain the numbers they support: one finding for each quotation."""
    for id, pairs in _without_their_number(position).items():
        rows, source = [row for row, _ in pairs], position.sources[id]
        numbers = list(dict.fromkeys(text for _, text in pairs))
        shown = ", ".join(numbers[:SHOWN_NUMBERS])
        more = len(numbers) - SHOWN_NUMBERS
        bodies = {row.body for row in rows}
        yield Finding(
            code="QUOTE_WITHOUT_NUMBER",
            severity="warning",
            organisation=rows[0].body if len(bodies) == 1 else "",
            where=places([*rows, source]),
            message=f"The quotation of {id} does not contain {shown}"
            + (f" and {more} more" if more > 0 else "")
            + ".",
            expected=shown,
            found=source.quote or "",
            action="Quote the words that hold the number, or mark the row implied.",
            detail=details(rows[:1]),
        )


def _without_their_number(position: Position) -> dict[str, list[tuple[Record, str]]]:
    """Rows whose quotation does not hold their number, with the number, by source."""
    missed: dict[str, list[tuple[Record, str]]] = {}
    quoted = {id for id, source in position.sources.items() if source.quote}
    for table in SOURCED:
        rows: Sequence[Record] = position.rows(table)
        if table == "amounts":
            rows = chosen(position.book.amounts, source=lambda id: id in quoted)
        for row in rows:
            source = position.sources.get(row.texts.get("source", ""))
            if source is None or not source.quote or row.texts.get("qualifier") == "implied":
                continue
            if isinstance(row, Fact) and (row.fact in SAID_IN_WORDS or says_yes_or_no(row.fact)):
                continue  # a state, a yes or a no, which the quotation says in words
            text = row.texts.get("value" if table == "facts" else "amount", "")
            if not _supports(source.quote, text):
                missed.setdefault(source.id, []).append((row, text))
    return missed


def _supports(quote: str, text: str) -> bool:
    """Whether a quotation holds a number, in figures or words, at any scale or as a percentage.

    >>> _supports("facing a deficit of £192m", "(192)"), _supports("five systems", "6")
    (True, False)
    """
    found = re.search(r"\d[\d,]*(?:\.\d+)?|\.\d+", text)
    if not found:
        return True
    number = Decimal(found[0].replace(",", ""))
    if number == 0:
        return True  # nothing found or not enough: words say it, not figures
    said = {Decimal(t.replace(",", "")) for t in re.findall(r"\d[\d,]*(?:\.\d+)?", quote)}
    lower = quote.lower()
    said |= {Decimal(n) for n, word in enumerate(_WORDS) if re.search(rf"\b{word}\b", lower)}
    if "half" in lower:
        said.add(Decimal("0.5"))
    scales = [Decimal(10) ** power for power in (-9, -6, -3, -2, 0, 2, 3, 6, 9)]
    return any(number * scale in said for scale in scales)


HIGHER_IS_BETTER = {
    "surplus",
    ADJUSTED,
    MEASURED,
    "surplus_with_support",
    "cash",
    "variance",
    "underlying",
}
LOWER_IS_BETTER = {"gap", "gap_breakeven", "to_find", "savings_unidentified"}


def promise_outcomes(totals: Totals) -> list[dict[str, object]]:
    """Each promise with the best figure there is and whether it keeps it (None: cannot be told)."""
    table: list[dict[str, object]] = []
    for row in totals.position.book.promises:
        promised = _promised(totals.position, row)
        basis, value = _best(totals, row)
        kept: bool | None = None
        if promised is not None and value is not None and value.pence is not None:
            lower = row.measure in LOWER_IS_BETTER
            kept = value.pence <= promised if lower else value.pence >= promised
        table.append(
            {
                "promise": row.id,
                "by": row.by,
                "on": row.day("on"),
                "text": row.text,
                "measure": row.measure or "",
                "organisation": row.organisation or "",
                "year": row.year or "",
                "promised_pence": promised,
                "basis": basis,
                "found_pence": value.pence if value else None,
                "kept": kept,
                "due": row.due.isoformat() if row.due else "",
                "where": row.where,
            }
        )
    return table


def _promised(position: Position, row: Promise) -> int | None:
    unit = position.text("default_unit")
    try:
        return parse_money(row.value or "", unit if unit in PENCE_PER else "£")
    except MoneyError:
        try:
            return parse_money(row.value or "", "£")
        except MoneyError:
            return None


def _best(totals: Totals, row: Promise) -> tuple[str, Value | None]:
    """The surest figure of a promise: a whole year's actual, else the forecast, else the plan."""
    code, year, measure = row.organisation, row.year, row.measure
    if not code or not year or measure not in HIGHER_IS_BETTER | LOWER_IS_BETTER:
        return "", None
    for basis in ("actual", "forecast", "plan"):
        value = _measure(totals, measure, code, year, basis)
        whole = basis != "actual" or not value.months or value.months == months_needed(year)
        if value.known and whole:
            return basis, value
    return "", None


def _measure(totals: Totals, measure: str, code: str, year: str, basis: str) -> Value:
    if measure == "surplus":
        return totals.surplus(code, year, basis)
    if measure == "surplus_with_support":
        return totals.with_support(code, year, basis)
    if measure == "savings_unidentified":
        return gaps.unidentified(totals, code, year, basis)
    if measure in ("cash", "underlying"):
        return getattr(gaps, measure)(totals, code, year, basis)  # type: ignore[no-any-return]
    if measure == ADJUSTED:
        return totals.adjusted(code, year, basis)
    if measure == MEASURED:
        return measured(totals, code, year, basis)
    if measure == "gap_breakeven":
        return gaps.gap_breakeven(totals, code, year, basis)
    if measure == "to_find":
        return gaps.to_find(totals, code, year, basis)
    found = gaps.gap(totals, code, year, basis)
    return negative(found, "variance to the control total") if measure == "variance" else found


def promises(totals: Totals) -> Iterator[Finding]:
    """A promise that the figures do not keep."""
    for row in promise_outcomes(totals):
        if row["kept"] is not False:
            continue
        promised, found = row["promised_pence"], row["found_pence"]
        assert isinstance(promised, int) and isinstance(found, int)
        label, shown = year_label(str(row["year"])), value_text(found, "pence")
        detail = next(r.detail for r in totals.position.book.promises if r.id == row["promise"])
        yield Finding(
            code="PROMISE_NOT_KEPT",
            severity="warning",
            organisation=str(row["organisation"]),
            where=str(row["where"]),
            message=f"{row['by']} promised: {str(row['text']).rstrip('.')}. "
            + (
                f"The actual for {label} is {shown}."
                if row["basis"] == "actual"
                else f"The {row['basis']} for {label} would not keep it: {shown}."
            ),
            expected=value_text(promised, "pence"),
            found=value_text(found, "pence"),
            action="Say publicly what changed and what follows.",
            detail=detail,
        )

"""Totals that stand beside their own parts, and would be added to them.

A row without a counterparty, recurrence or scheme beside rows with one; a line of the book's own
such as `total_income`; a packaged line such as `pay` beside `bank_pay`. An amount that differs from
the sum of the others is a row of its own: equality is the second figure that decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final

from controltotal.book.doubt.screen_lines import may_have_totals
from controltotal.book.doubt.typed import (
    POSITIONS,
    Fault,
    SeriesKey,
    Statement,
    Typed,
    fault,
    series_key,
)
from controltotal.book.periods import fill
from controltotal.book.records import Amount
from controltotal.book.telling import money
from controltotal.core.calendar import months_of
from controltotal.core.lines import packaged_lines

if TYPE_CHECKING:
    from controltotal.book.doubt.screen import Mask, Numbers, Screen

LABELS: Final = ("counterparty", "recurrence", "scheme")
"""Columns by which an amount is split."""
PARTS_LEAST: Final = 2
STEPS_TELL: Final = 20
"""A sum of fewer steps of its rounding may equal others by chance: then only to the penny."""
RESULT_WORDS: Final = frozenset(("surplus", "deficit", "ebitda", "margin", "result", "outturn"))
TOTAL_WORDS: Final = ("total", "subtotal", "sum_of", "grand")


def meets(typed: Typed, stated: int, parts: Sequence[Amount], whole: Sequence[Amount]) -> bool:
    """Whether a sum is that of its parts, within the rounding shown."""
    made = sum(row.amount for row in parts)
    if stated == made:
        return True
    coarsest = max((typed.precision.step(row) for row in chain(parts, whole)), default=0)
    if abs(stated) < STEPS_TELL * coarsest:
        return False
    return typed.precision.meets(stated, made, chain(parts, whole))


def beside_labels(typed: Typed) -> Iterator[Fault]:
    """An amount without a label beside the labelled parts that it is the sum of."""
    amounts = list(typed.rows_where(_split))
    for label in LABELS:
        labelled = {_statement_line(row) for row in amounts if getattr(row, label)}
        groups: dict[tuple[str, ...], list[Amount]] = {}
        for row in amounts if labelled else ():
            if label == "recurrence" and row.line in POSITIONS:
                continue  # a stated position may name what of it is recurrent: that is detail
            if _statement_line(row) in labelled:
                groups.setdefault(_other_labels(row, label), []).append(row)
        for key, rows in groups.items():
            blank = [row for row in rows if not getattr(row, label)]
            parts = [row for row in rows if getattr(row, label)]
            if blank and parts:
                yield from _beside(typed, label, key, blank, parts)
    yield from _beside_all(typed, amounts)


def _split(screen: Screen) -> Numbers:
    """The rows of a line of which some bear a label and some do not."""
    return screen.split(LABELS, ("organisation", "line", "year", "basis"))


def _beside_all(typed: Typed, amounts: Sequence[Amount]) -> Iterator[Fault]:
    """An amount without any label beside parts of which each names several at once."""
    groups: dict[tuple[str, ...], tuple[list[Amount], list[Amount]]] = {}
    for row in amounts:
        if row.scheme or row.line in POSITIONS:
            continue
        key = (row.organisation, row.year, row.line, row.basis, row.scenario or "")
        both = groups.setdefault(key, ([], []))
        both[1 if row.counterparty or row.recurrence else 0].append(row)
    for about, (blank, parts) in groups.items():
        if blank and any(row.counterparty and row.recurrence for row in parts):
            yield from _beside(typed, "counterparty and recurrence", about, blank, parts)


def _statement_line(row: Amount) -> tuple[str, str, str, str]:
    return row.organisation, row.line, row.year, row.basis


def _other_labels(row: Amount, label: str) -> tuple[str, ...]:
    """What tells the rows of one group from others: all but the month and this label."""
    others = tuple(getattr(row, other) or "" for other in LABELS if other != label)
    return (row.organisation, row.year, row.line, row.basis, row.scenario or "", *others)


def _beside(
    typed: Typed, label: str, key: tuple[str, ...], blank: list[Amount], parts: list[Amount]
) -> Iterator[Fault]:
    """The fault, where every period that states both agrees."""
    pairs = [(some[0], of) for some, of in _together(blank, parts) if _several(of)]
    told = [(row, some) for row, some in pairs if row.amount]
    if not told or any(not meets(typed, row.amount, some, [row]) for row, some in pairs):
        return
    first, some = told[0]
    wholes = [row for row, _ in pairs]
    # Rows of a scheme are savings, kept apart from the surplus: they stand, the total does not.
    stops = wholes if label == "scheme" else [*blank, *parts]
    yield fault(
        "TOTAL_BESIDE_PARTS",
        key[0],
        [*wholes, *(row for _, rows in pairs for row in rows)],
        message=f"{typed.about(key[0], key[1], first.basis, first.scenario or '')}: {first.line} "
        f"without {label} is {money(first.amount)}, the sum of the {len(some)} rows that name one; "
        "it would count twice.",
        expected=f"the parts by {label}, or one row for all of them",
        found=f"{money(first.amount)} beside parts of {money(sum(row.amount for row in some))}",
        action=f"Remove the row without {label}, or the rows that name one.",
        stops=stops,
    )


def _several(rows: Sequence[Amount]) -> bool:
    """Whether there are parts enough, not nil, to be a sum."""
    return len({series_key(row) for row in rows if row.amount}) >= PARTS_LEAST


def _together(
    whole: Sequence[Amount], parts: Sequence[Amount]
) -> list[tuple[list[Amount], list[Amount]]]:
    """What a total and its parts say of the same time.

    Period by period, where both state one; else a year or a year to date beside the months of the
    parts, where these tell all of it.
    """
    of_whole, of_parts = _by_period(whole), _by_period(parts)
    shared = [month for month in of_whole if month in of_parts]
    if shared:
        return [(of_whole[month], of_parts[month]) for month in shared]
    found = []
    for month, rows in of_whole.items():
        series: dict[SeriesKey, list[Amount]] = {}
        for row in parts:
            series.setdefault(series_key(row), []).append(row)
        months = frozenset(months_of(month))
        filled = [fill(some, months) for some in series.values()]
        if all(one.months == months for one in filled):
            found.append((rows, [row for one in filled for row in one.rows]))
    return found


def _by_period(rows: Sequence[Amount]) -> dict[str, list[Amount]]:
    found: dict[str, list[Amount]] = {}
    for row in rows:
        found.setdefault(row.month or "", []).append(row)
    return found


# -- lines of the book's own ---------------------------------------------------------------------


def own_totals(typed: Typed) -> Iterator[Fault]:
    """A line of the book's own that is the sum of all other lines of its kind or group."""
    own = {name for name in typed.own_lines if name not in packaged_lines()}
    if not own:
        return
    for statement, rows in typed.statements_where(lambda screen: _own_lines(screen, own)):
        by_line = _added_lines(typed, rows)
        left = dict(by_line)
        for _ in range(len(by_line)):
            found = next((t for t in _totals_in(typed, left, own)), None)
            if found is None:
                break
            name, others = found
            whole = left.pop(name)
            pairs = _together(whole, [row for o in others for row in by_line[o]])
            parts = [row for _, some in pairs for row in some]
            yield _own_total(typed, statement, name, whole, parts)


def _own_lines(screen: Screen, own: set[str]) -> Mask:
    """The statements of which one of the book's own lines may be a total or a result."""
    if screen.own_totals is None:  # asked for totals, and again for results
        screen.own_totals = may_have_totals(
            screen,
            own,
            lambda name: _called_total(screen, name),
            lambda name: _called_result(screen, name),
        )
    return screen.own_totals


def _added_lines(typed: Typed, rows: Sequence[Amount]) -> dict[str, list[Amount]]:
    """Rows by line, of lines that make a surplus and are not nil throughout."""
    found: dict[str, list[Amount]] = {}
    for row in rows:
        if typed.lines[row.line].added:
            found.setdefault(row.line, []).append(row)
    return {name: some for name, some in found.items() if any(row.amount for row in some)}


def _totals_in(
    typed: Typed, by_line: Mapping[str, list[Amount]], own: set[str]
) -> Iterator[tuple[str, list[str]]]:
    """Lines that are totals, with the lines that they add up."""
    for name in sorted(own & set(by_line)):
        line = typed.lines[name]
        kind = [o for o in by_line if o != name and typed.lines[o].kind == line.kind]
        group = [o for o in kind if line.group and typed.lines[o].group == line.group]
        plain = [o for o in kind if not _called_total(typed, o)]
        called = _called_total(typed, name)
        beside = _stretches(list(by_line), name, kind) if called else []
        for others in (group, kind, plain, *beside):
            enough = len(others) >= PARTS_LEAST or (others and called)
            if enough and _sum_of(typed, by_line, name, others):
                yield name, others
                break


def _stretches(order: Sequence[str], name: str, kind: Sequence[str]) -> Iterator[list[str]]:
    """The lines that a subtotal may add up: those right above it or right below it."""
    place = order.index(name)
    above = [line for line in reversed(order[:place]) if line in kind]
    below = [line for line in order[place + 1 :] if line in kind]
    for lines in (above, below):
        yield from (lines[:size] for size in range(PARTS_LEAST, len(lines) + 1))


def _called_total(typed: Typed | Screen, name: str) -> bool:
    words = _named(typed, name).replace(" ", "_")
    return any(word in words for word in TOTAL_WORDS)


def _called_result(typed: Typed | Screen, name: str) -> bool:
    return not RESULT_WORDS.isdisjoint(re.split(r"[^a-z]+", _named(typed, name)))


def _named(typed: Typed | Screen, name: str) -> str:
    return f"{name} {typed.lines[name].name}".casefold()


def _sum_of(
    typed: Typed, by_line: Mapping[str, list[Amount]], name: str, others: Sequence[str]
) -> bool:
    """Whether a line equals the sum of others in every period that it states."""
    parts = [row for other in others for row in by_line[other]]
    pairs = _together(by_line[name], parts)
    return bool(pairs) and all(
        meets(typed, sum(row.amount for row in whole), some, whole) for whole, some in pairs
    )


def _own_total(
    typed: Typed, about: Statement, name: str, whole: list[Amount], parts: list[Amount]
) -> Fault:
    code, year, basis, scenario = about
    kind = typed.lines[name].kind
    lines = ", ".join(dict.fromkeys(row.line for row in parts))
    return fault(
        "TOTAL_BESIDE_PARTS",
        code,
        [*whole, *parts],
        message=f"{typed.about(code, year, basis, scenario)}: {name} is the sum of {lines}; it "
        "would count twice.",
        expected=f"the lines of {kind}, or their total alone",
        found=f"{money(sum(row.amount for row in whole))} beside its parts",
        action=f"Remove the rows of {name}: totals are made from the lines.",
        stops=whole,
    )


def own_results(typed: Typed) -> Iterator[Fault]:
    """A line of the book's own that is what all its other lines leave, as a surplus is.

    The other sign is that of a sum that makes both ends meet, such as a reserve: it is meant.
    """
    own = {name for name in typed.own_lines if name not in packaged_lines()}
    every = typed.statements_where(lambda screen: _own_lines(screen, own)) if own else ()
    for (code, year, basis, scenario), rows in every:
        by_line = _added_lines(typed, rows)
        for name in sorted(own & set(by_line)):
            if not typed.either_sign(name) and _is_result(typed, by_line, name):
                others = [row for line, some in by_line.items() if line != name for row in some]
                yield fault(
                    "TOTAL_BESIDE_PARTS",
                    code,
                    [*by_line[name], *others],
                    message=f"{typed.about(code, year, basis, scenario)}: {name} is what other lines "
                    "leave, income less cost; it would count twice.",
                    expected="the lines of income and cost, or the surplus as position alone",
                    found=f"{money(sum(row.amount for row in by_line[name]))} beside its parts",
                    action=f"Remove the rows of {name}: the surplus is made from the lines.",
                    stops=by_line[name],
                )


def _is_result(typed: Typed, by_line: Mapping[str, list[Amount]], name: str) -> bool:
    """Whether a line is what all others leave, or, where its name says so, those beside it.

    A few steps of the rounding come out equal by chance: then its name has to say so too.
    """
    others = [line for line in by_line if line != name]
    called = _called_result(typed, name)
    beside = _stretches(list(by_line), name, others) if called else ()
    for lines in (others, *beside):
        some = [row for line in lines for row in by_line[line]]
        if {typed.lines[line].kind for line in lines} != {"income", "cost"}:
            continue
        left = [(_left(typed, one), _left(typed, of)) for one, of in _together(by_line[name], some)]
        least = (
            1 if called else STEPS_TELL * max(map(typed.precision.step, (*some, *by_line[name])))
        )
        if left and all(one == net and abs(one) >= least for one, net in left):
            return True
    return False


def _left(typed: Typed, rows: Sequence[Amount]) -> int:
    """What rows of income and cost leave, in pence."""
    return sum(
        row.amount if typed.lines[row.line].kind == "income" else -row.amount for row in rows
    )


# -- a total among the bodies --------------------------------------------------------------------


def total_bodies(typed: Typed) -> Iterator[Fault]:
    """A body that is called a total and states the sum of all the others below its parent."""
    tree = typed.reading.tree
    called = {code for code, body in tree.organisations.items() if _is_total(code, body.name)}
    for about, rows in typed.statements_where(lambda screen: screen.of_bodies(called)):
        code, year, basis, scenario = about
        parent = tree.parent(code, year) if code in called else None
        if parent is None:
            continue
        beside = [kid for kid in tree.children(parent, year) if kid not in called]
        parts = [
            row for kid in beside for row in typed.statements.get((kid, year, basis, scenario), ())
        ]
        if len({row.organisation for row in parts}) >= PARTS_LEAST and _same_sums(
            typed, rows, parts
        ):
            yield fault(
                "TOTAL_BESIDE_PARTS",
                code,
                [*rows, *parts],
                message=f"{typed.about(code, year, basis, scenario)}: what it states is the sum of "
                f"the others below {typed.name(parent)}; it would count twice.",
                expected="the bodies below, whose total is made from them",
                found=f"{money(sum(row.amount for row in rows))} beside its parts",
                action=f"Remove the rows of {code}, and {code} from organisations; a total to be "
                f"compared with the bodies stands on {parent}.",
                stops=rows,
            )


def _is_total(code: str, name: str) -> bool:
    return any(word.startswith(TOTAL_WORDS) for word in f"{code} {name}".casefold().split())


def _same_sums(typed: Typed, rows: Sequence[Amount], parts: Sequence[Amount]) -> bool:
    """Whether rows come to the sum of others in every line and period that they state."""
    for line, month in {(row.line, row.month) for row in rows}:
        whole = [row for row in rows if (row.line, row.month) == (line, month)]
        some = [row for row in parts if (row.line, row.month) == (line, month)]
        if not some or not meets(typed, sum(row.amount for row in whole), some, whole):
            return False
    return any(row.amount for row in rows)


# -- packaged groups -----------------------------------------------------------------------------


def groups(typed: Typed) -> Iterator[Fault]:
    """A packaged group stated both whole and by its parts, such as pay beside agency pay.

    A line that the book itself lists with another group stands beside the packaged one.
    """
    packaged = packaged_lines()
    heads = {name: line.group for name, line in packaged.items() if line.group in packaged}
    apart = {row.line for row in typed.reading.book.lines if row.group != heads.get(row.line)}
    heads = {name: head for name, head in heads.items() if name not in apart}
    present = {line for (line,) in typed.told("line")}
    if not present & set(heads):
        return
    both = (set(heads), set(heads.values()))
    for about, rows in typed.statements_where(lambda screen: screen.with_lines(*both)):
        code, year, basis, scenario = about
        by_line = _added_lines(typed, rows)
        for head in sorted({heads[name] for name in by_line if name in heads} & set(by_line)):
            parts = [row for name in by_line if heads.get(name) == head for row in by_line[name]]
            names = ", ".join(dict.fromkeys(row.line for row in parts))
            yield fault(
                "TOTAL_BESIDE_PARTS",
                code,
                [*by_line[head], *parts],
                message=f"{typed.about(code, year, basis, scenario)}: {head} is stated whole, and "
                f"its parts ({names}) beside it; they would count twice.",
                expected=f"{head} whole, or by its parts",
                found=f"{money(sum(row.amount for row in by_line[head]))} beside parts of "
                f"{money(sum(row.amount for row in parts))}",
                action=f"State {head} alone, or all its parts without it; if {names} stands beside "
                f"{head}, list it in the table lines with a group of its own.",
                stops=[*by_line[head], *parts],
            )

"""A savings tracker of any house as schemes, with their phasing, gates and people.

Every sum of the tracker is checked against what it is made of, in its row and in its column, before
anything is given to the book. What a scheme does not say stays unknown and is listed; a full year
effect that nobody stated is asked for, never reckoned from the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from controltotal.core.calendar import add_months, day_before, month_start
from controltotal.intake.cells import written
from controltotal.intake.commit import today
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.fields import answered
from controltotal.intake.ground import Ground, settled
from controltotal.intake.known import Known
from controltotal.intake.model import LEFT_OUT, USED, Asked, Left, Read, Row, Seen
from controltotal.intake.sums import List, check_totals
from controltotal.intake.tracker_amounts import TO_DATE_HELD, Tracker, amounts_of
from controltotal.intake.tracker_columns import (
    FYE,
    Columns,
    Sum,
    columns_of,
    month_of_ground,
)
from controltotal.intake.tracker_effects import (
    ask_effect,
    ask_effects,
    ask_over,
    ask_scale,
    effect_basis,
    effect_of,
    tell_effect,
    tell_ideas,
    without_effect,
)
from controltotal.intake.tracker_evidence import evidence_rows, people_rows
from controltotal.intake.tracker_groups import fill_down
from controltotal.intake.tracker_money import (
    Grid,
    ask_unread,
    check_relations,
    drop_future,
    read_money,
)
from controltotal.intake.tracker_months import settle_months
from controltotal.intake.tracker_rows import Rows, RowSorter, groups_of, with_names_down
from controltotal.intake.tracker_schemes import OWN_LINE, lines_of, schemes_of
from controltotal.intake.tracker_split import settle_split, split_of
from controltotal.intake.worth import whole

_MOSTLY: Final = 2
"""More than one in so many sums below nil is a habit of signs, which is asked."""


def read_tracker(seen: Seen, asked: Asked, known: Known) -> Read:
    """Schemes, their phasing, gates and people from a savings tracker."""
    seen = with_names_down(seen)
    read, faults, ground = Read(seen, "schemes"), Faults(seen), settled(seen, asked, known)
    split = {kind: h for kind, h in split_of(seen).items() if answered(h, asked.headings) is None}
    columns = columns_of(seen, asked, ground, read, faults, split if len(split) > 1 else {})
    _settle_unit(columns, ground)
    money, unread = read_money(columns, read, ground, bool(asked.unit))
    rows = RowSorter(columns, asked, read, faults, money).sort()
    ask_unread(unread, [*rows.schemes, *(total.row for total in rows.totals)], faults)
    fill_down(rows, columns, seen, faults)
    groups = groups_of(rows, columns, seen)
    check_totals(List(rows.schemes, rows.totals, money, groups, rows.bases), read, faults)
    for total in rows.totals:
        _leave_total(read, total.row)
    _signs(columns, money, rows, asked, faults)
    settle_months(columns, money, rows.schemes, asked.months, read, faults)
    drop_future(columns, money, rows.schemes, ground, read, faults)
    held = check_relations(columns, ground, money, rows.schemes, read, faults)
    split_sums = settle_split(columns, money, rows.schemes, ground, bool(asked.unit), read, faults)
    said = schemes_of(columns, rows, asked, ground, known, read, faults, split_sums.kinds)
    lines = lines_of(columns, rows, known, asked, read)
    tracker = Tracker(
        seen,
        asked,
        known,
        ground,
        read,
        faults,
        columns,
        rows,
        money,
        held,
        said,
        lines,
        split_sums,
    )
    ask_scale(tracker)
    _put(tracker)
    faults.into(read)
    read.findings += ground.asks.values()
    read.said |= {
        name: value
        for name in ("organisation", "year", "basis", "unit", "month")
        if (value := str(getattr(ground, name)))
    }
    return read


def _settle_unit(columns: Columns, ground: Ground) -> None:
    """Where every column names its unit the table needs none; one unit of all is that of the table."""
    units = {one.measure.unit for one in columns.sums}
    units |= {head.measure.unit for head in (columns.effect, columns.investment) if head}
    named = {unit for unit in units if unit.startswith("£")}
    if not ground.unit and len(named) == 1:
        ground.unit = named.pop()
        ground.asks.pop("unit", None)


def _leave_total(read: Read, row: int) -> None:
    """The labels of a total are left out with it."""
    seen = read.seen
    filled = [c for c in range(seen.left, seen.right + 1) if seen.grid.value(row, c) is not None]
    slots = read.slots[row - seen.first]
    labels = [c for c in filled if not slots[c - seen.left]]
    read.mark(row, labels, LEFT_OUT)
    if filled:
        read.left.append(Left((row, filled[0], row, filled[-1]), "a total, checked"))


def _signs(columns: Columns, money: Grid, rows: Rows, asked: Asked, faults: Faults) -> None:
    """Savings are positive: a tracker that writes them below nil says so, or is asked."""
    worth = [c for c in columns.money() if not _is_variance(columns, c)]
    sums = [money[c][row] for c in worth for row in rows.schemes if row in money[c]]
    below = sum(1 for one in sums if one < 0)
    if _MOSTLY * below <= sum(1 for one in sums if one):
        return
    if asked.costs == "costs_negative":
        for column in columns.money():
            money[column] = {row: -pence for row, pence in money[column].items()}
        return
    fault = Fault(
        "IMPORT_SIGNS",
        "Most sums of the tracker stand below nil, and savings are positive in the book",
        "savings above nil",
        "Where they are savings, say so: --set costs=negative.",
    )
    faults.at_headings(fault)


def _is_variance(columns: Columns, column: int) -> bool:
    return any(s.column == column and s.measure.basis == "variance" for s in columns.sums)


# -- what the book is given ----------------------------------------------------------------------


def _put(tracker: Tracker) -> None:
    """The rows for the book: schemes first, then their money, gates and people."""
    rows, read, columns = tracker.rows.schemes, tracker.read, tracker.columns
    kept: dict[int, str] = {}
    phased: list[Row] = []
    for numbers in _together(tracker).values():
        ref = tracker.said["id"][numbers[0]]
        amounts = [row for n in numbers for row in amounts_of(tracker, n, rows[n])]
        schemes = (_scheme(tracker, number, rows[number], amounts) for number in numbers)
        scheme = next(filter(None, schemes), None)
        if scheme is None:
            has_money = any(_is_worth(row) for row in amounts)
            without_effect(tracker, rows[numbers[0]], ref, has_money)
            continue
        ask_effects(tracker, ref, [rows[n] for n in numbers])
        ask_over(tracker, scheme, amounts)
        read.rows.append(scheme)
        kept[scheme.row] = ref
        phased += amounts
    if any(row.cells["line"] == OWN_LINE for row in phased):
        _put_line(tracker)
    read.rows += phased
    at, ids = list(kept), list(kept.values())
    body = dict(zip(rows, tracker.said["organisation"], strict=True))
    bodies = [body[row] for row in at]
    until = _day_of(tracker)
    read.rows += evidence_rows(columns, at, ids, read, tracker.faults, until)
    read.rows += people_rows(columns, at, ids, bodies, tracker.ground, read, tracker.faults)
    for head in columns.rag:
        _leave_column(tracker, head.column, "a colour, which is no stage of a scheme")
    for one in columns.sums:
        if one.measure.span == "to_date" and one.measure.basis != "actual":
            _leave_column(tracker, one.column, _why_left(one))
    tell_ideas(tracker)
    if columns.effect is None and rows:
        ask_effect(tracker) if not effect_basis(tracker) else tell_effect(tracker)


def _why_left(one: Sum) -> str:
    """Why a plan or forecast to date is left out."""
    month = one.measure.number
    if one.measure.basis != "plan" or not month:
        return "a part of a year without its months"
    if month in TO_DATE_HELD:
        return "a plan to date without the plan of its year"
    return (
        f"a plan to month {month}, for which the book has no period: it holds one to months 1, 3, 6, 9 "
        "and 11 beside the plan of the year, or the plan by month"
    )


def _day_of(tracker: Tracker) -> date:
    """The day up to which a tracker can say what has been: its own, the end of its month, else today."""
    own = tracker.seen.claimed("date")
    if said := tracker.asked.known_on or (own.value if own else ""):
        return date.fromisoformat(said)
    month, ground = month_of_ground(tracker.ground), tracker.ground
    return (
        day_before(add_months(month_start(ground.year, month), 1))
        if month and ground.year
        else date.fromisoformat(today())
    )


def _put_line(tracker: Tracker) -> None:
    """The book's own line of savings of which nobody says what they lower."""
    if OWN_LINE not in tracker.known.lines.all:
        cells = {"line": OWN_LINE, "name": "Savings whose line is not stated", "kind": "position"}
        tracker.read.rows.insert(0, Row("lines", cells, tracker.rows.schemes[0], ()))


def _together(tracker: Tracker) -> dict[str, list[int]]:
    """The rows of each scheme: one, or one for each of plan, actual and forecast."""
    found: dict[str, list[int]] = {}
    for number, (row, ref) in enumerate(zip(tracker.rows.schemes, tracker.said["id"], strict=True)):
        label = ref if tracker.rows.part(row) else f"{ref}\n{row}"
        found.setdefault(label, []).append(number)
    return found


def _leave_column(tracker: Tracker, column: int, reason: str) -> None:
    """Leave out what stands under a heading and was not checked against anything."""
    seen, read = tracker.seen, tracker.read
    index = column - seen.left
    rows = [
        row
        for row in tracker.rows.schemes
        if seen.grid.value(row, column) is not None and not read.slots[row - seen.first][index]
    ]
    for row in rows:
        read.mark(row, (column,), LEFT_OUT)
    if rows:
        read.left.append(Left((rows[0], column, rows[-1], column), reason))


def _is_worth(row: Row) -> bool:
    """Whether a row of money holds any."""
    return bool(row.cells.get("amount", "").strip("-0.,"))


def _scheme(tracker: Tracker, number: int, row: int, amounts: Sequence[Row]) -> Row | None:
    """The row of a scheme; None where its full year effect is not stated."""
    columns = tracker.columns
    cells = {name: texts[number] for name, texts in tracker.said.items() if texts[number]}
    used = [one.at for one in columns.labels.values()]
    effect = columns.effect
    at = effect.column if effect else columns.money()[0] if columns.money() else 0
    unit = tracker.unit(at)
    pence = effect_of(tracker, number, row, amounts)
    if pence is None:
        return None
    cells |= {FYE: written(pence, unit), "unit": unit}
    used += [effect.column] if effect else []
    if (
        columns.investment
        and (cost := tracker.money[columns.investment.column].get(row)) is not None
    ):
        cells["investment"] = written(whole(cost), unit)
        used.append(columns.investment.column)
    tracker.read.mark(row, used, USED)
    return Row("schemes", cells, row, tuple(sorted(used)))

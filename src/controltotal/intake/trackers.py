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
from controltotal.core.vocabulary import meant
from controltotal.intake.cells import written
from controltotal.intake.commit import today
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.fields import answered
from controltotal.intake.ground import BASES, Ground, settled
from controltotal.intake.known import Known
from controltotal.intake.model import LEFT_OUT, USED, Asked, Left, Place, Read, Row, Seen
from controltotal.intake.sums import List, check_totals
from controltotal.intake.tracker_amounts import Tracker, amounts_of, in_year
from controltotal.intake.tracker_columns import (
    BY_ROW,
    FYE,
    Columns,
    answer_to,
    columns_of,
    month_of_ground,
)
from controltotal.intake.tracker_evidence import evidence_rows, people_rows
from controltotal.intake.tracker_money import (
    WHOLES,
    Grid,
    ask_unread,
    check_relations,
    drop_future,
    read_money,
    relations,
)
from controltotal.intake.tracker_months import settle_months
from controltotal.intake.tracker_rows import Rows, RowSorter, groups_of, with_names_down
from controltotal.intake.tracker_schemes import OWN_LINE, lines_of, schemes_of
from controltotal.intake.tracker_split import settle_split, split_of
from controltotal.intake.worth import whole

SCALE: Final = 200
"""How many times the year a full year effect may be before its unit is in doubt."""
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
    groups = groups_of(rows, columns, seen)
    check_totals(List(rows.schemes, rows.totals, money, groups, rows.bases), read, faults)
    for total in rows.totals:
        _leave_total(read, total.row)
    _signs(columns, money, rows, asked, faults)
    settle_months(columns, money, rows.schemes, asked.months, read, faults)
    drop_future(columns, money, rows.schemes, ground, read, faults)
    held = check_relations(relations(columns, ground), money, rows.schemes, read, faults)
    repeats = settle_split(columns, money, rows.schemes, ground, bool(asked.unit), read, faults)
    said = schemes_of(columns, rows, asked, ground, known, read, faults, repeats)
    lines = lines_of(columns, rows, known, asked, read)
    tracker = Tracker(
        seen, asked, known, ground, read, faults, columns, rows, money, held, said, lines
    )
    _ask_scale(tracker)
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


def _ask_scale(tracker: Tracker) -> None:
    """Ask where full year effects are some thousand times the year, or a thousandth of it."""
    effect = tracker.columns.effect
    if effect is None:
        return
    cells = tracker.money[effect.column]
    pairs = [
        (abs(whole(cells[row])), abs(year))
        for row in tracker.rows.schemes
        if cells.get(row) and (year := in_year(tracker, row, "plan"))
    ]
    off = [1 for one, year in pairs if one > SCALE * year or year > SCALE * one]
    if len(pairs) > 1 and 2 * len(off) > len(pairs):
        fault = Fault(
            "IMPORT_SCALE",
            f"“{effect.text}” and the plan of the year differ some thousandfold in most schemes, so that "
            "one of them seems to be in another unit",
            "one unit for both, or a unit in the heading of each",
            'Write the unit into the heading (such as "FYE £" beside "Plan £000") and import again.',
        )
        tracker.faults.add(fault, (tracker.seen.heading[1], effect.column), effect.text)


# -- what the book is given ----------------------------------------------------------------------


def _put(tracker: Tracker) -> None:
    """The rows for the book: schemes first, then their money, gates and people."""
    rows, read, columns = tracker.rows.schemes, tracker.read, tracker.columns
    kept: dict[int, str] = {}
    phased: list[Row] = []
    for numbers in _together(tracker).values():
        ref = tracker.said["id"][numbers[0]]
        amounts = [row for n in numbers for row in amounts_of(tracker, n, rows[n])]
        schemes = (_scheme(tracker, number, rows[number]) for number in numbers)
        scheme = next(filter(None, schemes), None)
        if scheme is None:
            _without_effect(tracker, rows[numbers[0]], ref, bool(amounts))
            continue
        _ask_effects(tracker, ref, [rows[n] for n in numbers])
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
            _leave_column(tracker, one.column, "a part of a year without its months")
    if columns.effect is None and rows:
        _ask_effect(tracker) if not _effect_basis(tracker) else _tell_effect(tracker)


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


def _ask_effects(tracker: Tracker, ref: str, rows: Sequence[int]) -> None:
    """Two full year effects in the rows of one scheme: which of them holds is asked."""
    effect = tracker.columns.effect
    cells = tracker.money[effect.column] if effect else {}
    if effect is None or len({cells[row] for row in rows if row in cells}) < 2:
        return
    fault = Fault(
        "IMPORT_REPEATED",
        f"The rows of {ref} state more than one full year effect",
        "one for each scheme",
        "State it alike in every row, or once, and import again.",
    )
    for row in rows:
        tracker.faults.add(fault, (row, effect.column), ref)


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


def _scheme(tracker: Tracker, number: int, row: int) -> Row | None:
    """The row of a scheme; None where its full year effect is not stated."""
    columns = tracker.columns
    cells = {name: texts[number] for name, texts in tracker.said.items() if texts[number]}
    used = [one.at for one in columns.labels.values()]
    effect = columns.effect
    at = effect.column if effect else columns.money()[0] if columns.money() else 0
    unit = tracker.unit(at)
    pence = _effect(tracker, number, row)
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


def _effect(tracker: Tracker, number: int, row: int) -> int | None:
    """The full year effect in pence: its cell, else what the person said that it is."""
    effect, basis = tracker.columns.effect, _effect_basis(tracker)
    if effect is not None and row in tracker.money[effect.column]:
        return whole(tracker.money[effect.column][row])
    if not basis and tracker.said["recurrence"][number] == "non_recurrent":
        basis = "plan"  # what does not repeat has no effect beyond its year, unless one is stated
    return in_year(tracker, row, basis) if basis else None


def _effect_basis(tracker: Tracker) -> str:
    """The basis of which the year stands for the full year effect.

    It is what the person says. Where no heading gives the effect and the plan of the whole year is
    stated, that stands for it and is told: no more is then carried into the next year than is known.
    """
    said = meant(answer_to(tracker.asked, "full year effect"), BASES, "basis")
    return said or ("plan" if tracker.columns.effect is None and _has_year(tracker) else "")


def _has_year(tracker: Tracker) -> bool:
    """Whether the headings state the plan of a whole year, by its total or by twelve months."""
    planned = BY_ROW if "plan" in tracker.rows.bases.values() else "plan"
    plans = [s.measure for s in tracker.columns.sums if s.measure.basis == planned]
    years = {measure.year for measure in plans}
    months = {measure.number for measure in plans if measure.span == "month"}
    whole_year = any(measure.span in WHOLES for measure in plans) and not tracker.rows.periods
    return len(years) == 1 and (whole_year or len(months) == len(range(1, 13)))


def _without_effect(tracker: Tracker, row: int, ref: str, phased: bool) -> None:
    """A scheme without a full year effect: asked where it has other money, else listed."""
    effect = tracker.columns.effect
    if effect is None:
        return  # asked once, for all
    place: Place = (row, effect.column)
    if phased:
        fault = Fault(
            "IMPORT_CELL",
            "Schemes have money in the year and no full year effect",
            "twelve months' saving once live",
            'Fill it; or say in the mapping that it is the plan of the year: [headings] "full year '
            'effect" = "plan".',
        )
        tracker.faults.add(fault, place, ref)
        return
    fault = Fault(
        "IMPORT_UNKNOWN",
        "Schemes have no money at all yet, and are not imported",
        "a full year effect",
        "Fill it when it is known.",
        "warning",
    )
    tracker.faults.add(fault, place, ref)
    seen = tracker.seen
    filled = [c for c in range(seen.left, seen.right + 1) if seen.grid.value(row, c) is not None]
    tracker.read.mark(row, filled, LEFT_OUT)
    tracker.read.left.append(Left((row, filled[0], row, filled[-1]), "a scheme without a value"))


def _tell_effect(tracker: Tracker) -> None:
    """Tell that the plan of the year stands where no full year effect is stated."""
    if answer_to(tracker.asked, "full year effect"):
        return
    fault = Fault(
        "IMPORT_UNKNOWN",
        "No heading gives the full year effect: the plan of the year stands in its place, so that nothing "
        "is carried into the next year",
        "a heading such as Full year effect or FYE",
        'Give the column; or say that it is so in the mapping: [headings] "full year effect" = "plan".',
        "warning",
    )
    tracker.faults.at_headings(fault)


def _ask_effect(tracker: Tracker) -> None:
    """Ask for the full year effect, which a year's saving is not."""
    wholes = [s for s in tracker.columns.sums if s.measure.span in WHOLES] or tracker.columns.sums
    text = next(
        (s.text for s in wholes if s.measure.basis == "plan"), wholes[0].text if wholes else ""
    )
    fault = Fault(
        "IMPORT_HEADING",
        "No heading gives the full year effect, which is twelve months' saving once a scheme is live",
        "a heading such as Full year effect or FYE",
        f'Say in the mapping what it is: [headings] "{text}" = "full_year_effect" where that column '
        'holds it; or [headings] "full year effect" = "plan" where it is the plan of the year.',
    )
    tracker.faults.at_headings(fault)

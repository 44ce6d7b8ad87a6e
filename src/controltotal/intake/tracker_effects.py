"""The full year effect of the schemes of a tracker: stated, said by the person, or asked; never reckoned.

What does not repeat has no effect beyond its year, so that trackers leave it blank or write nought: the
book then takes what the year brings. A year that is more than its effect can bring is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from controltotal.core.money import PENCE_PER
from controltotal.core.vocabulary import meant
from controltotal.intake.faults import Fault
from controltotal.intake.ground import BASES
from controltotal.intake.model import LEFT_OUT, Left, Place, Row
from controltotal.intake.sums import pounds
from controltotal.intake.tracker_amounts import Tracker, in_year
from controltotal.intake.tracker_columns import BY_ROW, FYE, answer_to
from controltotal.intake.tracker_money import WHOLES
from controltotal.intake.worth import ONCE, whole
from controltotal.sources.importing import value_of

SCALE: Final = 200
"""How many times the year a full year effect may be before its unit is in doubt."""
SHARE_MOST: Final = 1.5
"""How many times its full year effect a scheme may be forecast to bring, as `check` has it."""
_FIRST: Final = frozenset({"IMPORT_CUMULATIVE", "IMPORT_SCALE", "IMPORT_SIGNS"})
_ONCE_BRINGS: Final = Fault(
    "IMPORT_UNKNOWN",
    "Non-recurrent schemes have a full year effect of nought: what they bring in the year stands for it, and "
    "nothing is carried into the next year",
    "what the scheme brings in twelve months",
    notice="information",
)


def ask_scale(tracker: Tracker) -> None:
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


def effect_of(tracker: Tracker, number: int, row: int, amounts: Sequence[Row]) -> int | None:
    """The full year effect in pence: its cell, else what the person said that it is.

    What does not repeat has none beyond its year: where nothing or nought is stated, what the year
    brings stands for it. None where nobody says it.
    """
    effect, basis = tracker.columns.effect, effect_basis(tracker)
    stated = None
    if effect is not None and row in tracker.money[effect.column]:
        stated = whole(tracker.money[effect.column][row])
    if stated is None and basis:
        return in_year(tracker, row, basis)
    if stated or tracker.said["recurrence"][number] != ONCE:
        return stated
    brings = _brings(amounts)
    if brings and stated == 0 and effect is not None:
        tracker.faults.add(_ONCE_BRINGS, (row, effect.column))
    return brings if brings is not None else stated


def _brings(amounts: Sequence[Row]) -> int | None:
    """What the year of a scheme brings: its plan; a forecast where that is far more, or there is no plan."""
    sums = {basis: max(_by_year(amounts, basis).values(), key=abs, default=None) for basis in BASES}
    plan, forecast = sums["plan"], sums["forecast"]
    if plan is None or (forecast is not None and abs(forecast) > abs(plan) * SHARE_MOST):
        plan = forecast
    return plan if plan is not None else sums["actual"]


def _by_year(amounts: Sequence[Row], basis: str) -> dict[str, int]:
    """The money of a basis by year, in pence: that of the whole year where it is stated."""
    found: dict[str, int] = {}
    wholes: dict[str, int] = {}
    for row in amounts:
        if row.cells.get("basis") == basis:
            year, pence = row.cells.get("year", ""), _pence(row.cells)
            of = found if row.cells.get("month") else wholes
            of[year] = of.get(year, 0) + pence
    return {**found, **wholes}


def _pence(cells: Mapping[str, str]) -> int:
    value = value_of(cells, "amount")
    return value[1] if isinstance(value, tuple) and isinstance(value[1], int) else 0


def ask_over(tracker: Tracker, scheme: Row, amounts: Sequence[Row]) -> None:
    """Ask where a year of a scheme comes to more than its full year effect can bring: it would not count."""
    effect = tracker.columns.effect
    value = value_of({"amount": scheme.cells[FYE], "unit": scheme.cells["unit"]}, "amount")
    if effect is None or not isinstance(value, tuple) or not isinstance(value[1], int):
        return
    if any(fault.code in _FIRST for fault in tracker.faults.places):
        return  # what the money is comes before whether it is too much
    most = abs(value[1])
    for basis, share in (("plan", 1.0), ("forecast", SHARE_MOST)):
        for pence in _by_year(amounts, basis).values():
            if abs(pence) > round(most * share) + _rounded(amounts, basis):
                fault = Fault(
                    "IMPORT_EFFECT",
                    f"Schemes have a {basis} of the year that is more than their full year effect can "
                    "bring, so that they would not count",
                    f"at most the effect of twelve months{' and half as much' if share > 1 else ''}",
                    "Correct the effect or the months, or say R/NR: of a non-recurrent scheme the year "
                    'stands for a nought. Or have a named person accept it with --accept "WHO: REASON"; '
                    "they count when it is mended.",
                )
                tracker.faults.add(fault, (scheme.row, effect.column), scheme.cells.get("id", ""))


def tell_ideas(tracker: Tracker) -> None:
    """Tell how many schemes are opportunities, and how much: they are in the book, and counted nowhere."""
    head = tracker.columns.labels.get("maturity")
    ideas = [
        row
        for row in tracker.read.rows
        if row.table == "schemes" and row.cells.get("maturity") == "opportunity"
    ]
    if not ideas or head is None:
        return
    worth = [{"amount": row.cells[FYE], "unit": row.cells["unit"]} for row in ideas]
    many = (
        "1 scheme is an opportunity"
        if len(ideas) == 1
        else f"{len(ideas):,} schemes are opportunities"
    )
    fault = Fault(
        "IMPORT_IDEAS",
        f"{many} or no more than {'an idea' if len(ideas) == 1 else 'ideas'} by the tracker's own word, "
        f"{pounds(sum(map(_pence, worth)))} in a full year: the book has them as that, and no plan "
        "counts them",
        "a stage that is counted once its gates are passed",
        notice="information",
    )
    for row in ideas:
        place = (row.row, head.at)
        tracker.faults.add(fault, place, tracker.seen.grid.text(*place))


def _rounded(amounts: Sequence[Row], basis: str) -> int:
    """What rounding may add to a sum: half of the finest digit shown, for each row, as `check` has it."""
    each = [_pence(row.cells) for row in amounts if row.cells.get("basis") == basis]
    finest = min((_digit(pence) for pence in each if pence), default=1)
    return finest * len(each) // 2 if len(each) > 1 else 0


def _digit(pence: int) -> int:
    """The worth of the last digit of a sum that is not nil, £1,000 at the most.

    >>> _digit(8_340_000), _digit(500_000_000)
    (10000, 100000)
    """
    digit = 1
    while pence % (digit * 10) == 0 and digit < PENCE_PER["£k"]:
        digit *= 10
    return digit


def effect_basis(tracker: Tracker) -> str:
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


def ask_effects(tracker: Tracker, ref: str, rows: Sequence[int]) -> None:
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


def without_effect(tracker: Tracker, row: int, ref: str, phased: bool) -> None:
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
            'Fill it; or say that it is the plan of the year: --set "headings.full year '
            'effect=plan".',
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


def tell_effect(tracker: Tracker) -> None:
    """Tell that the plan of the year stands where no full year effect is stated."""
    if answer_to(tracker.asked, "full year effect"):
        return
    fault = Fault(
        "IMPORT_UNKNOWN",
        "No heading gives the full year effect: the plan of the year stands in its place, so that nothing "
        "is carried into the next year",
        "a heading such as Full year effect or FYE",
        'Give the column; or say that it is so: --set "headings.full year effect=plan".',
        "warning",
    )
    tracker.faults.at_headings(fault)


def ask_effect(tracker: Tracker) -> None:
    """Ask for the full year effect, which a year's saving is not."""
    wholes = [s for s in tracker.columns.sums if s.measure.span in WHOLES] or tracker.columns.sums
    text = next(
        (s.text for s in wholes if s.measure.basis == "plan"), wholes[0].text if wholes else ""
    )
    fault = Fault(
        "IMPORT_HEADING",
        "No heading gives the full year effect, which is twelve months' saving once a scheme is live",
        "a heading such as Full year effect or FYE",
        f'Say what it is: --set "headings.{text}=full_year_effect" where that column holds it; '
        'or --set "headings.full year effect=plan" where it is the plan of the year.',
    )
    tracker.faults.at_headings(fault)

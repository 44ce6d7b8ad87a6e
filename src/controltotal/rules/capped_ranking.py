"""Which systems a cap would fall on: ranked by the gap of planned spend to allocation.

Thirteen areas were chosen for the largest gap between planned spend and allocation. Neither a
threshold nor whether the gap was taken in money or as a share was published, so that both ranks are
shown, and whoever asks says which threshold or how many. A system whose gap is not known has no rank,
and nobody below the cut is safe from it: that is said and not passed over. Systems level at the cut
are told; no code or name decides between them. Source: domain guide 7; North West Evening Mail 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from controltotal.book.asking import amount_typed
from controltotal.book.fold import Position
from controltotal.core.calendar import year_label, year_start
from controltotal.core.errors import BookError
from controltotal.core.reference import day_words
from controltotal.core.result import Answer, Result
from controltotal.rules.capped_expenditure import (
    FIRST,
    LAST,
    deadline,
    is_in_process,
    joint_cap,
    of_systems,
)
from controltotal.rules.form import percent, pounds
from controltotal.rules.option_tests import test_rows
from controltotal.rules.reading import Reading
from controltotal.workings.stated import stated, sum_stated
from controltotal.workings.workings import Workings


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which gap a system is chosen: a share of its allocation, or a sum in pence."""

    share: Fraction | None = None
    pence: int | None = None

    @property
    def words(self) -> str:
        """As people say it."""
        return percent(self.share) if self.share is not None else pounds(self.pence)


@dataclass(slots=True)
class Ranked:
    """One system: what it plans to spend beside its allocation, and its places; None is not known."""

    code: str
    spend: int | None
    allocation: int | None
    cap: int | None
    lack: str
    by_share: int | None = None
    by_money: int | None = None
    level_with: int = 0

    @property
    def gap(self) -> int | None:
        """Planned spend above the allocation, in pence."""
        if self.spend is None or self.allocation is None:
            return None
        return self.spend - self.allocation

    @property
    def share(self) -> Fraction | None:
        """The gap as a share of the allocation."""
        return (
            Fraction(self.gap, self.allocation)
            if self.gap is not None and self.allocation
            else None
        )


def threshold_read(position: Position, text: str | None) -> Threshold | None:
    """A threshold as typed: `16%` and `0.16` are shares of the allocation, `£50m` is a sum.

    Without a sign a number up to one is a share; a larger one takes the unit of the book.
    """
    if text is None:
        return None
    plain = text.strip()
    try:
        value = Fraction(plain.removesuffix("%"))
    except (ValueError, ZeroDivisionError):
        value = None
    if value is not None and (plain.endswith("%") or 0 <= value <= 1):
        return Threshold(share=value / 100 if plain.endswith("%") else value)
    pence, _ = amount_typed(position, "--threshold", plain)
    return Threshold(pence=pence)


def answer_capped(
    workings: Workings,
    year: str | None = None,
    organisation: str | None = None,
    threshold: str | None = None,
    number: int | None = None,
) -> Result:
    """The systems of a book ranked for a cap, who would be chosen, and the tests of their options."""
    position = workings.position
    if threshold is not None and number is not None:
        raise BookError(
            "--threshold and --number both choose", "the command", "give one of the two"
        )
    answer = Answer("position", position.ref, {})
    reading = Reading(workings)
    for one in position.years if year is None else (year,):
        systems = of_systems(reading, one) if FIRST <= one <= LAST else ()
        if systems:
            asked = threshold_read(position, threshold)
            if asked is None and number is None:
                asked = _of_the_book(reading, one)
            _year(answer, reading, one, systems, asked, number)
            inside = (
                {organisation, *reading.tree.descendants(organisation, one)}
                if organisation
                else None
            )
            for code in systems:
                if (inside is None or code in inside) and is_in_process(reading, code, one):
                    _options(answer, reading, code, one)
    return answer.result()


def _of_the_book(reading: Reading, year: str) -> Threshold | None:
    """The threshold that a book states as its own policy."""
    found = reading.parameter("capped_expenditure_threshold", year_start(year))
    return None if found is None else Threshold(share=Fraction(found.value))


def _year(
    answer: Answer,
    reading: Reading,
    year: str,
    systems: Sequence[str],
    threshold: Threshold | None,
    number: int | None,
) -> None:
    """The table of one year, and what it says."""
    found = ranked([one_system(reading, code, year) for code in systems])
    money = threshold is not None and threshold.pence is not None
    unknown = sum(row.share is None for row in found)
    answer.table(
        "capped_expenditure",
        [
            {
                "rank": row.by_share,
                "rank_by_money": row.by_money,
                "organisation": row.code,
                "name": reading.tree.name(row.code, year),
                "year": year,
                "planned_spend_pence": row.spend,
                "allocation_pence": row.allocation,
                "gap_pence": row.gap,
                "gap_share": None if row.share is None else float(row.share),
                "cap_pence": row.cap,
                "above_cap_pence": None
                if row.cap is None or row.spend is None
                else row.spend - row.cap,
                "chosen": chosen(row, found, threshold, number),
                "why": row.lack or _level(row),
            }
            for row in sorted(
                found,
                key=lambda r: (
                    (r.by_money if money else r.by_share) or len(found) + 1,
                    r.code,
                ),
            )
        ],
    )
    _words(answer, reading, year, found, threshold, number, unknown)


def one_system(reading: Reading, code: str, year: str) -> Ranked:
    """What is known of one system."""
    spend = sum_stated(reading.totals, code, year, "planned_spend")
    known = _allocation(reading, code, year)
    cap = reading.outcome(joint_cap, code, year)
    lacking = [
        words
        for words, value in (("its planned spend", spend), ("its allocation", known))
        if value is None
    ]
    be = "are" if len(lacking) > 1 else "is"
    lack = f"{' and '.join(lacking)} {be} not in the book" if lacking else ""
    value = int(cap.value) if cap.value is not None else None
    return Ranked(code, None if spend is None else int(spend.value), known, value, lack)


def _allocation(reading: Reading, code: str, year: str) -> int | None:
    """The allocation of a system: its own, else those of its commissioners added up."""
    own = reading.totals.allocation(code, year)
    if own.pence is not None:
        return own.pence
    tree = reading.tree
    boards = [c for c in tree.descendants(code, year) if tree.kind(c) == "commissioner"]
    parts = [reading.totals.allocation(board, year).pence for board in boards]
    if not parts or any(part is None for part in parts):
        return None
    return sum(part for part in parts if part is not None)


def ranked(systems: list[Ranked]) -> list[Ranked]:
    """The systems with their places by share and by money: equal gaps have one place.

    >>> rows = ranked([Ranked(c, s, a, None, "") for c, s, a in
    ...     (("A", 110, 100), ("B", 220, 200), ("C", 150, 100), ("D", None, 100))])
    >>> [(row.code, row.by_share, row.by_money) for row in rows]
    [('A', 2, 3), ('B', 2, 2), ('C', 1, 1), ('D', None, None)]
    """
    shares = [row.share for row in systems if row.share is not None]
    gaps = [row.gap for row in systems if row.gap is not None and row.share is not None]
    for row in systems:
        if row.share is None or row.gap is None:
            continue
        row.by_share = 1 + sum(other > row.share for other in shares)
        row.by_money = 1 + sum(other > row.gap for other in gaps)
        row.level_with = shares.count(row.share) - 1
    return systems


def chosen(
    row: Ranked, every: Sequence[Ranked], threshold: Threshold | None, number: int | None
) -> str:
    """Whether a system would be chosen: yes, no, or what decides it."""
    if row.share is None or row.gap is None:
        return "cannot be told" if threshold or number is not None else ""
    if threshold is not None:
        over = (
            row.share >= threshold.share
            if threshold.share is not None
            else row.gap >= (threshold.pence or 0)
        )
        return "yes" if over else "no"
    if number is None or row.by_share is None:
        return ""
    last = row.by_share + row.level_with
    unknown = sum(other.share is None for other in every)
    if row.by_share > number:
        return "no"
    if last > number:
        return "level at the cut: not decided by the gap"
    return "yes" if last + unknown <= number else "yes, unless one not known has a larger gap"


def _level(row: Ranked) -> str:
    if not row.level_with:
        return ""
    others = "another" if row.level_with == 1 else f"{row.level_with} others"
    return f"level with {others}"


def _words(
    answer: Answer,
    reading: Reading,
    year: str,
    found: Sequence[Ranked],
    threshold: Threshold | None,
    number: int | None,
    unknown: int,
) -> None:
    label = year_label(year)
    known = [row for row in found if row.share is not None]
    if known:
        first = min(known, key=lambda row: (row.by_share or 0, row.code))
        assert first.share is not None and first.gap is not None
        text = (
            f"Capped Expenditure Process, {label}: of {len(found)} systems the gap of planned spend "
            f"to allocation is known for {len(known)}; the largest is that of "
            f"{reading.tree.name(first.code, year)}, {pounds(first.gap)} "
            f"({percent(first.share)} of its allocation)"
        )
        if threshold is not None or number is not None:
            at = [row for row in found if chosen(row, found, threshold, number).startswith("yes")]
            names = ", ".join(reading.tree.name(row.code, year) for row in at)
            how = (
                f"from a gap of {threshold.words}"
                if threshold is not None
                else f"if {number} were to be chosen by the share,"
            )
            text += f"; {how} {len(at)} would be chosen" + (f": {names}" if at else "")
        else:
            text += "; no threshold was published, so that nobody is chosen here: ask --threshold or --number"
        if unknown:
            text += f"; {unknown} whose gap is not known could be among them"
        answer.words(text + ".", topic="position", about="", year=year)
    for row in found:
        text = _of_the_process(reading, row, year)
        if text:
            answer.words(text, topic="position", about=row.code, year=year)


def _of_the_process(reading: Reading, row: Ranked, year: str) -> str:
    """What is known of one system that is said to be in the process, England beside it."""
    said = stated(reading.totals, row.code, year, "capped_expenditure_process")
    if said is None or not said.value:
        return ""
    name = f"{reading.tree.name(row.code, year)}, {year_label(year)}"
    text = f"{name}: it is in the Capped Expenditure Process, begun in April 2017"
    nation = reading.tree.nearest(row.code, year, "nation")
    areas = (
        stated(reading.totals, nation, year, "areas_in_capped_expenditure_process")
        if nation
        else None
    )
    if areas is not None:
        text += f", one of {areas.value:g} areas"
    text += ", one cap over commissioners and providers together"
    text += f", to be met by {day_words(deadline(year))}"
    if row.share is None:
        text += (
            "; areas were chosen for the largest gap of planned spend to allocation, and its place "
            f"cannot be told ({row.lack})"
        )
    over = sum_stated(reading.totals, nation, year, "provider_overspend") if nation else None
    if over is not None:
        whole = reading.tree.name(nation or "")
        text += f"; providers of {whole} together expect to overspend by {over.words}"
    return text + "."


def _options(answer: Answer, reading: Reading, code: str, year: str) -> None:
    """The tests of the options of one system."""
    answer.table("option_tests", test_rows(reading, code, year))

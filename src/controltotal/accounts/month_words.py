"""The words of the month: where the year stands to date, where it is heading, what must be true.

What a finance director reads first. Everything is of the adjusted surplus, which is what a control
total measures but for support.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from controltotal.book.sent_months import SentMonths
from controltotal.core.calendar import month_name, month_words, year_label
from controltotal.core.money import format_pounds, position_words
from controltotal.core.names import listed
from controltotal.core.sourced import Part, Source, by_key, sourced
from controltotal.workings import gaps
from controltotal.workings.late import Report, Standing
from controltotal.workings.month import LAST, MONTHS, Month, ToDate, months_to
from controltotal.workings.month_lines import line_cells
from controltotal.workings.totals import figure_id
from controltotal.workings.value import Value

DRIVERS: Final = 2
"""How many lines and bodies a sentence names as what a variance is made of."""
LEAST: Final = 20
"""A line or body after the first is named where it makes at least this part of a variance: a twentieth."""
DONE: Final = {
    "exclude": "totals above are told without {}",
    "last": "totals above take {} as planned for what is missing",
}
"""What stands in for those who are late, in words, before the name of who chose it."""
THOUSAND: Final = 100_000
"""Pence in a thousand pounds."""
NAMED: Final = 3
"""How many bodies a reason names."""
EVERY: Final = "the organisations that are to report it"
ASKED: Final = "what each month left must be against plan, less what each so far has been"
COUNT: Final = (
    "no",
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
)
"""Numbers of months in words."""


def tops(month: Month, bodies: Sequence[str], year: str) -> list[str]:
    """The topmost of some bodies that have actuals, or have below them bodies that do."""
    return [
        code
        for code in bodies
        if month.tree.parent(code, year) not in bodies and has_actuals(month, code, year)
    ]


def has_actuals(month: Month, code: str, year: str) -> bool:
    """Whether a body has any actual of a year."""
    return ("actual", "") in month.totals.reports(code, year)


def spoken_of(
    stood: Standing, bodies: Sequence[str], year: str, first: str, asked: bool
) -> tuple[str, ...]:
    """The bodies of whom the first words are: the one that leads, else the topmost that are told.

    One that was asked for, or is the book's home, leads even where nothing is told of it by month:
    then there are no words.
    """
    month = stood.plain
    acting = first in bodies and has_actuals(month, first, year)
    if asked and first in bodies:
        return (first,) if acting else ()
    if acting and stood.of(first).to_date(first, year).variance.known:
        return (first,)
    found: list[str] = []
    for root in tops(month, bodies, year):
        found += _highest_told(stood, root, year) or [root]
    return tuple(found)


def _highest_told(stood: Standing, root: str, year: str) -> list[str]:
    """The topmost groupings of which a variance to date is told; none where the root's own is."""
    tree, waiting, found = stood.plain.tree, [root], []
    while waiting:
        code = waiting.pop(0)
        if stood.of(code).to_date(code, year).variance.known:
            found.append(code)
            continue
        kids = stood.plain.totals.children(code, year)
        waiting += [kid for kid in kids if tree.organisations[kid].is_grouping]
    return found


def words(stood: Standing, code: str, year: str) -> list[tuple[str, str]]:
    """Where a body stands to date, where it is heading, and what must be true: topic and text."""
    month = stood.of(code)
    if month.reached(code, year) is None:
        return []
    aside = stood.aside(code)
    found = (
        ("month", _stands(month, code, year, aside)),
        ("month", _forecasts(month, code, year, aside)),
        ("must", _must(month, code, year)),
    )
    return [(topic, text) for topic, text in found if text]


def _name(month: Month, code: str, year: str) -> str:
    return f"{month.tree.name(code, year)}, {year_label(year)}"


def _stands(month: Month, code: str, year: str, aside: str) -> str:
    """The year to date against its plan, the month alone, and what makes the difference."""
    row, reached = month.to_date(code, year), month.reached(code, year) or 0
    text = f"{_name(month, code, year)}, to {month_words(reached)}"
    text += f" ({aside})" if aside else ""
    if row.actual.pence is None:
        return ""
    text += f": {position_words(row.actual.pence)} without support"
    if row.variance.pence is None:
        return f"{text}; it cannot be set against its plan to date: {_why_not(month, row, year)}."
    plan = position_words(row.plan.pence or 0)
    text += f", {better(row.variance.pence, 'its plan to date')} ({plan})"
    alone = _less_of(row.month_actual, row.month_plan)
    if alone is not None and reached > 1:
        text += f"; {month_name(reached)} alone was {better(alone, 'plan')}"
    return f"{text}." + _drivers(month, code, year, row.variance.pence)


def _why_not(month: Month, row: ToDate, year: str) -> str:
    """Why a year to date has no variance: whose plan is not told by month, else the reason told."""
    some = months_to(row.month or 0)
    inside = (row.organisation, *month.tree.descendants(row.organisation, year))
    bodies = [code for code in inside if not month.totals.children(code, year)]
    silent = [c for c in bodies if not month.value(c, year, "plan", some).reported]
    if not silent:
        return "an amount in it is known only to a bound"
    if len(silent) == 1 and silent[0] == row.organisation:
        return "its plan is not told by month"
    silent = [month.tree.name(code, year) for code in silent]
    named = listed(silent[:NAMED]) + (f" and {len(silent) - NAMED} more" if silent[NAMED:] else "")
    return f"the plan of {named} is not told by month"


def _less_of(first: Value, second: Value) -> int | None:
    if first.pence is None or second.pence is None:
        return None
    return first.pence - second.pence


def _drivers(month: Month, code: str, year: str, variance: int) -> str:
    """The lines and the bodies that make most of a variance, the largest first.

    Where they make less than half of it, they are its largest known parts.
    """
    by_line, by_code = parts_of(month, code, year)
    by_body = {month.tree.name(kid, year): pence for kid, pence in by_code.items()}
    found = [parts for parts in (_largest(one, variance) for one in (by_line, by_body)) if parts]
    if not found:
        return ""
    said = [" and ".join(f"{name} ({better(pence)})" for name, pence in parts) for parts in found]
    if all(2 * sum(abs(pence) for _, pence in parts) >= abs(variance) for parts in found):
        lead = "Most of it"
    else:
        several = any(len(parts) > 1 for parts in found)
        lead = f"Its largest known part{'s' if several else ''}"
    return f" {lead}: {'; by organisation '.join(said)}."


def parts_of(
    month: Month, code: str, year: str
) -> tuple[dict[str, int | None], dict[str, int | None]]:
    """The variances to date that make a body's: by line, as people say it, and by body below."""
    lines = month.totals.position.lines
    names = [n for n in month.lines(code, year) if lines[n].group not in lines]
    cells = line_cells(month, code, year, tuple(names))
    by_line = {lines[n].name.lower(): cells[n]["variance"] for n in names}
    kids = month.totals.children(code, year)
    return by_line, {kid: month.to_date(kid, year).variance.pence for kid in kids}


def _largest(parts: Mapping[str, int | None], variance: int) -> list[tuple[str, int]]:
    """The largest parts that go the way of the whole; none where there is none or one is all."""
    same = [(n, p) for n, p in parts.items() if p and (p > 0) == (variance > 0)]
    if not variance or len(parts) < 2:
        return []
    same.sort(key=lambda one: (-abs(one[1]), one[0]))
    same = [one for one in same if one is same[0] or abs(one[1]) * LEAST >= abs(variance)]
    return same[:DRIVERS]


def _forecasts(month: Month, code: str, year: str, aside: str) -> str:
    """The forecast against the plan and the control total, and what it was a month before.

    What stands in (`aside`) is set beside no control total.
    """
    row, totals = month.to_date(code, year), month.totals
    if row.forecast.pence is None:
        return "The forecast for the year is not told."
    text = f"The forecast for the year is {position_words(row.forecast.pence)} without support"
    against: list[str] = []
    if row.variance_year.pence is not None:
        against.append(better(row.variance_year.pence, "plan"))
    gap = None if aside else gaps.gap(totals, code, year, "forecast").pence
    if gap is not None:
        against.append(_against_total(gap))
    if against:
        text += f": {' and '.join(against)}"
    before = _less_of(row.forecast, row.forecast_last_month)
    if before:
        was = position_words(row.forecast_last_month.pence or 0)
        text += f"; a month before it was {was}"
    elif before == 0:
        text += "; it has not changed since the month before"
    return f"{text}."


def _against_total(gap: int) -> str:
    if gap == 0:
        return "as the control total asks"
    side = "short of" if gap > 0 else "better than"
    return f"{format_pounds(abs(gap))} {side} the control total"


def _must(month: Month, code: str, year: str) -> str:
    """What each month left must be for the forecast to hold, and the year's end if it is not."""
    reached = month.reached(code, year) or 0
    if reached == MONTHS:
        return ""
    first = "the first" if reached == 1 else f"the first {COUNT[reached]}"
    text = _asked_of_the_rest(month, code, year, first)
    repeated = month.if_repeated(code, year).pence
    if repeated is None:
        return text
    which = "it repeats" if reached == MONTHS - 1 else "they repeat"
    if not text:
        which = f"{_rest(reached)} {'repeats' if reached == MONTHS - 1 else 'repeat'}"
    end, last = position_words(repeated), month.if_repeated(code, year, LAST).pence
    key = figure_id("if_repeated", code, year, "actual")
    again_ends = _summed(position_words(last or 0), last or 0, f"{key}/last_three")
    same = last is not None and position_words(last) == end
    end = _summed(end, repeated, key)
    if last is None or reached <= LAST:
        then = f"If {which} {first}, the year ends at {end}."
    elif same:
        then = f"If {which} {first}, or the last {COUNT[LAST]}, the year ends at {end}."
    else:
        again = "it repeats" if reached == MONTHS - 1 else "they repeat"
        then = (
            f"If {which} {first}, the year ends at {end}; if {again} the last {COUNT[LAST]}, at "
            f"{again_ends}."
        )
    return f"{text} {then}" if text else then


def _rest(reached: int) -> str:
    """The months left, in words.

    >>> _rest(9), _rest(11)
    ('the last three months', 'the last month')
    """
    left = MONTHS - reached
    return "the last month" if left == 1 else f"the last {COUNT[left]} months"


def _asked_of_the_rest(month: Month, code: str, year: str, first: str) -> str:
    """How far each month left must be from those so far, against plan, for the forecast to hold."""
    needed, made = month.needed_a_month(code, year), month.made_a_month(code, year)
    if needed.pence is None or made.pence is None:
        return ""
    reached = month.reached(code, year) or 0
    months = _rest(reached) if reached == MONTHS - 1 else f"each of {_rest(reached)}"
    ask = needed.pence - made.pence
    if ask == 0:
        were = "was" if reached == 1 else "were"
        return f"The forecast needs {months} to be against plan what {first} {were}."
    verb, side = ("needs", "better") if ask > 0 else ("allows", "worse")
    parts = [
        Part("Needed in each month left", figure_id("needed_a_month", code, year, "actual")),
        Part("Made a month so far", figure_id("made_a_month", code, year, "actual")),
    ]
    pence = (needed.pence, made.pence)
    parts = [replace(one, shown=format_pounds(p)) for one, p in zip(parts, pence, strict=True)]
    size = sourced(_rounded(abs(ask)), Source(how=ASKED, parts=tuple(parts)))
    return f"The forecast {verb} {months} to be {size} {side} against plan than {first}."


def _summed(text: str, pence: int, key: str) -> str:
    """Words on a position with the source of its sum."""
    size = format_pounds(abs(pence))
    return text.replace(size, by_key(size, key), 1) if pence else text


def _rounded(pence: int) -> str:
    """The size of an average in words, no finer than it means.

    >>> _rounded(6_666_667), _rounded(160_000_000)
    ('£67 thousand', '£1.6 million')
    """
    if not THOUSAND * 10 <= pence < THOUSAND * 1000:
        return format_pounds(pence)
    return f"£{(pence + THOUSAND // 2) // THOUSAND:,} thousand"


def reported_words(
    stood: Standing, code: str, year: str, told: Iterable[Report], sent: SentMonths
) -> str:
    """How many of how many have reported the month, who has not, and what stands in for them.

    Where others have `sent` it in, whose figures are only held is said too.
    """
    inside = {code, *stood.plain.tree.descendants(code, year)}
    mine = [row for row in told if row.organisation in inside]
    if not mine or (len(mine) == 1 and mine[0].reported):
        return ""
    asked = month_words(mine[0].month)
    late = [row for row in mine if not row.reported]
    text = f"{_counted(stood, mine, late)} organisations have reported {asked}"
    if len(mine) == 1:
        what = _what_of_the_late(stood, mine, late)
        alone = f"{stood.plain.tree.name(code, year)} has not reported {asked} ({_told(mine[0])})"
        return f"{alone}: {what}." if what else f"{alone}."
    text += _only_held(stood, mine, sent)
    if not late:
        return f"{text}."
    have = "has" if len(late) == 1 else "have"
    name = stood.plain.tree.name
    text += f"; {listed([f'{name(r.organisation, year)} ({_told(r)})' for r in late])} {have} not"
    what = _what_of_the_late(stood, mine, late)
    return f"{text}: {what}." if what else f"{text}."


def _only_held(stood: Standing, mine: Sequence[Report], sent: SentMonths) -> str:
    """Whose figures are in the book and were not sent in, in a month that others have sent."""
    held = [row for row in mine if row.reported]
    left = [row for row in held if not sent.covering(row.organisation, row.year, row.month)]
    if len(left) == len(held) or not left:
        return ""
    who = listed([stood.plain.tree.name(row.organisation, row.year) for row in left])
    return f", of which {who} {'has' if len(left) == 1 else 'have'} not sent theirs in"


def _counted(stood: Standing, mine: Sequence[Report], late: Sequence[Report]) -> str:
    """How many have reported of how many, each number with those that it counts."""
    name = stood.plain.tree.name
    done = [row for row in mine if row not in late]
    lists = ((done, "the organisations that have reported the month"), (mine, EVERY))
    return " of ".join(
        sourced(str(len(rows)), Source(how=how, parts=_bodies(rows, name))) for rows, how in lists
    )


def _bodies(rows: Sequence[Report], name: Callable[[str, str], str]) -> tuple[Part, ...]:
    told = ((name(row.organisation, row.year), row) for row in rows)
    return tuple(Part(called, shown=f"to month {row.last}") for called, row in told)


def _what_of_the_late(stood: Standing, mine: Sequence[Report], late: Sequence[Report]) -> str:
    """What is done about those who are late, and what is not told because of them."""
    name = stood.plain.tree.name
    stand_in = [name(r.organisation, r.year) for r in late if r.organisation in stood.bodies]
    wait = [name(r.organisation, r.year) for r in late if r.organisation not in stood.bodies]
    done = f"{DONE[stood.late.how].format(listed(stand_in))} ({stood.late.who})" if stand_in else ""
    if not wait or len(mine) == 1:
        return done
    above = f"totals above {listed(wait)} are not told"
    every = min(row.last for row in mine)
    if every:
        above += f"; the last that all have reported is {month_words(every)}"
    return f"{done}; {above}" if done else above


def _told(row: Report) -> str:
    """How far a late body has got."""
    if row.why:
        return row.why
    return f"told to month {row.last}" if row.last else "nothing of the year"


def better(pence: int, than: str = "") -> str:
    """A variance in words, favourable positive.

    >>> better(-500_000_000, "plan"), better(0, "plan")
    ('£5.0 million worse than plan', 'as plan')
    """
    if pence == 0:
        return f"as {than}" if than else "nil"
    side = "better" if pence > 0 else "worse"
    return f"{format_pounds(abs(pence))} {side}" + (f" than {than}" if than else "")

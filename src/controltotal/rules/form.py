"""The form of a rule: a named, dated, sourced function from what a book says to one outcome.

`Reading(workings).outcome(rule, body, year) -> Outcome(value, status, trace, consequence)`.
A rule reads through a `Case`, which notes every figure, fact and parameter that it touches; so
the trace is made by the arithmetic itself. What is missing makes the outcome `indeterminate`,
never nil. A waiver is a dated fact: it changes a status, never the arithmetic. Source: domain
guide 1, after the manner of rules as code (name, entity, period, reference, formula by date).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from controltotal.core.money import format_pounds, pounds_apart
from controltotal.core.parameters import Parameter
from controltotal.core.period import is_whole_year
from controltotal.core.trace import Trace

STATUSES: Final = ("met", "breached", "waived", "not_applicable", "indeterminate")
BODIES: Final = frozenset({"commissioner", "provider"})
EVERYONE: Final = frozenset({"nation", "region", "cluster", "system", *BODIES, "pool"})

Number = int | float | Fraction


class Lack(NamedTuple):
    """What an outcome lacks: the input, what is wrong with it, and the kind of reason."""

    what: str
    why: str = "is not stated"
    kind: str = "not_stated"

    @property
    def words(self) -> str:
        """The reason as people read it."""
        return f"cannot be told: {self.what} {self.why}"


class Missing(Exception):
    """An input that a rule needs and the book does not state."""

    def __init__(self, what: str, why: str = "is not stated", kind: str = "not_stated") -> None:
        super().__init__(what)
        self.lack = Lack(what, why, kind)


@dataclass(frozen=True, slots=True)
class Part:
    """One quarter, year, body or domain of an outcome, with its own steps.

    `consequence` is pence: negative is lost, withheld or due; positive is gained.
    """

    name: str
    value: int | float | None
    unit: str
    trace: Trace
    unverified: tuple[str, ...] = ()
    consequence: int | None = None
    why: str = ""
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says of one body in one year.

    `value` is in the rule's unit (None where it cannot be told; `low` and `high` bound it where
    only bounds are known). `status` is one of STATUSES. `consequence` is pence: negative is lost,
    withheld or due, positive is gained, None where the rule moves no money. `trace` holds steps,
    figures, parameters and ledger entries. `unverified` names parameters nobody has checked;
    `used` holds every parameter, so that a rule which rests on this one can show them. `lack` is
    the input without which it cannot be told.
    """

    value: int | float | None
    status: str
    trace: Trace
    consequence: int | None = None
    unit: str = "pence"
    why: str = ""
    parts: tuple[Part, ...] = ()
    unverified: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    used: tuple[tuple[str, Parameter], ...] = ()
    lack: Lack | None = None

    def __post_init__(self) -> None:
        assert self.status in STATUSES, self.status


NOT_APPLICABLE: Final = Outcome(None, "not_applicable", Trace("the rule does not bind here"))


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule of the regime, as the manual prints it.

    It binds bodies of `kinds` from year `first` to year `last` (empty: without end): always, or,
    where `triggers` are named, once the book states one of these facts. `halves` lets it bind a
    half-year that is its own control period; `after` names rules that must be worked first.
    `regime` marks rules that only one regime of balance has (`system` or `body`). `known` is the
    day on which a rule was written that has no number to say so (empty: long before its years).
    """

    name: str
    title: str
    family: str
    kinds: frozenset[str]
    first: str
    last: str
    unit: str
    value: str
    formula: str
    source: str
    example: str
    meaning: str
    work: Callable[[Any, str, str], Outcome]
    parameters: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    invariants: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    regime: str = ""
    halves: str = "no"
    needs: Callable[[Any, str, str], bool] | None = field(default=None)
    known: str = ""

    def known_by(self, day: date | None) -> bool:
        """Whether the rule was written by a day; without a day, or a date of its own, it is."""
        return day is None or not self.known or date.fromisoformat(self.known) <= day

    def in_years(self, year: str) -> bool:
        """Whether a year (or half) lies in the years that the rule binds."""
        half = not is_whole_year(year)
        if (half and self.halves == "no") or (not half and self.halves == "only"):
            return False
        return self.first <= year and (not self.last or year[: len(self.last)] <= self.last)


def whole(value: Number) -> int:
    """Whole pence, halves away from nil: the one rounding step of the rules.

    >>> whole(Fraction(5, 2)), whole(Fraction(-5, 2)), whole(7)
    (3, -3, 7)
    """
    if isinstance(value, int):
        return value
    exact = Fraction(value)
    top, bottom = abs(exact.numerator), exact.denominator
    size = (2 * top + bottom) // (2 * bottom)
    return size if exact >= 0 else -size


def plain(value: Number | None, unit: str) -> int | float | None:
    """A value as a figure holds it: whole pence, or a float."""
    if value is None:
        return None
    if unit == "pence":
        return whole(value)
    exact = Fraction(value)
    return int(exact) if exact.denominator == 1 and unit == "count" else float(exact)


def pounds(pence: Number | None) -> str:
    """Money in a step.

    >>> pounds(1460000000)
    '£14.6 million'
    """
    if pence is None:
        return "not known"
    return format_pounds(whole(pence)) if whole(pence) else "nil"


def told(sentence: str, **sums: Number | None) -> str:
    """A sentence with its sums in place: two different sums never print the same in it.

    >>> told("{held} falls short of {asked}", held=399_999_999, asked=400_000_000)
    '£3,999,999.99 falls short of £4,000,000.00'
    >>> told("{held} of {asked}", held=0, asked=660_000_000)
    'nil of £6.6 million'
    """
    named = {name: value for name, value in sums.items() if f"{{{name}}}" in sentence}
    pence = {name: None if value is None else whole(value) for name, value in named.items()}
    shown = dict(zip(pence, pounds_apart(*pence.values()), strict=True))
    return sentence.format(**{n: "nil" if pence[n] == 0 else text for n, text in shown.items()})


def within_or_over(used: int, limit: int) -> str:
    """What was used, beside the most that may be.

    >>> within_or_over(20_511_100_000_001, 20_511_100_000_000)
    '£205,111,000,000.01 is over £205,111,000,000.00'
    """
    word = "within" if used <= limit else "over"
    return told(f"{{used}} is {word} {{limit}}", used=used, limit=limit)


def percent(share: Number) -> str:
    """A share in a step.

    >>> percent(Fraction(1, 200)), percent(Fraction(7, 8))
    ('0.5%', '87.5%')
    """
    return percents_apart(share)[0]


def percents_apart(*shares: Number) -> tuple[str, ...]:
    """The shares of one sentence, each with as many digits as keep different shares apart.

    >>> percents_apart(Fraction(99_999_999, 10**9), Fraction(1, 10))
    ('9.9999999%', '10%')
    """
    exact = [Fraction(share) for share in shares]
    for places in range(3, 24):
        shown = tuple(_per_cent(share, places) for share in exact)
        if len(set(shown)) == len(set(exact)):
            return shown
    return shown


def _per_cent(share: Fraction, places: int) -> str:
    text = f"{Decimal(whole(share * 10 ** (places + 2))).scaleb(-places):.{places}f}"
    return f"{text.rstrip('0').rstrip('.')}%"


def waived(outcome: Outcome, by: str, on: date | None, reason: str, entry: int) -> Outcome:
    """The same arithmetic under a waiver: a breach is waived, anything else stays as it is."""
    when = f" on {on.isoformat()}" if on else ""
    said = f"waived by {by}{when}" + (f": {reason}" if reason else "")
    trace = outcome.trace._replace(
        rule=f"{outcome.trace.rule}\n{said}",
        entries=tuple(sorted({*outcome.trace.entries, entry})),
    )
    status = "waived" if outcome.status == "breached" else outcome.status
    return replace(outcome, status=status, trace=trace, why=f"{outcome.why}; {said}")

"""A sum of money with what it rests on: a number, the bounds of one, or the reason for neither.

A figure rests on what was written. Where an amount is qualified as `up_to` or `over`, a measure of
position made of it is an interval: `low` and `high` by arithmetic after signs, with no number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from controltotal.book.record import Record
from controltotal.core.unknown import Unknown

Ends = tuple[int | None, int | None]
"""The lowest and highest that a number may be, in pence; None is without end."""

BOUNDS = ("over", "up_to")
"""The qualifiers that say on which side of the amount written the number lies."""

BETWEEN = "; "

NOT_ONE_MONTH: Final = "the bodies below do not all report to the same month"
"""Why a total of bodies is not told of which one is behind the others."""


class Value(NamedTuple):
    """A sum of money with what it rests on; `pence` is None where it cannot be told.

    `missing` names the children that did not report; `months` those that an actual covers;
    `unknown` says why there is neither a number nor a bound; `qualifier` how the amounts that it
    rests on were qualified, the different words joined by `; `; `written` is the sum of amounts as
    written where only bounds of the number are known.
    """

    pence: int | None
    rule: str
    inputs: tuple[str, ...] = ()
    entries: Sequence[int] = ()
    status: str = "ok"
    low: int | None = None
    high: int | None = None
    missing: tuple[str, ...] = ()
    months: frozenset[int] = frozenset()
    rows: Sequence[Record] = ()
    unknown: Unknown | None = None
    qualifier: str = ""
    written: int | None = None

    @property
    def as_written(self) -> int | None:
        """The number, else of a bounded one the amounts as they were written, added up."""
        return self.pence if self.pence is not None else self.written

    def taken_as_written(self) -> Value:
        """For an engine that needs a number: one known only to a bound is what was written."""
        if self.status != "bounded" or self.written is None:
            return self
        return self._replace(pence=self.written, status="ok", low=None, high=None)

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return self.pence is not None

    @property
    def reported(self) -> bool:
        """Whether there is a number or a bound of one."""
        return self.pence is not None or self.status == "bounded"

    @property
    def silent(self) -> bool:
        """Whether nothing is said of it at all, as against something that cannot be told."""
        return self.unknown is not None and self.unknown.kind == "not_stated"

    @property
    def kind(self) -> str:
        """The kind of reason for having neither a number nor a bound; empty where there is one."""
        return self.unknown.kind if self.unknown else ""

    @property
    def ends(self) -> Ends:
        """The lowest and highest that it may be, from its bounds or from how it is qualified."""
        if self.pence is None:
            return self.low, self.high
        if not self.bounds_said:
            return self.pence, self.pence
        ends = [bound(self.pence, word) for word in self.bounds_said]
        return ends[0] if len(ends) == 1 else (None, None)

    @property
    def bounds_said(self) -> frozenset[str]:
        """Which of the qualifiers that bound are among those of the amounts it rests on."""
        return frozenset(self.qualifier.split(BETWEEN)) & frozenset(BOUNDS)


def bound(pence: int, qualifier: str, sign: int = 1) -> Ends:
    """The ends of a signed amount of which only a bound is known.

    `sign` is that of its line, for an amount of nil.

    >>> bound(-100, "up_to"), bound(-100, "over"), bound(100, "over"), bound(0, "over")
    ((-100, None), (None, -100), (100, None), (0, None))
    """
    below = pence < 0 or (pence == 0 and sign < 0)
    return (pence, None) if below == (qualifier == "up_to") else (None, pence)


def unknown(kind: str, words: str, *, bare: bool = False, **more: Any) -> Value:
    """A value that cannot be told: the kind of reason, and its words, which become its rule.

    `bare` words stand alone; others follow "cannot be told".
    """
    rule = words if bare else f"cannot be told: {words}"
    return Value(None, rule, status="indeterminate", unknown=Unknown(kind, words), **more)


def untold(cause: Value, words: str = "", **more: Any) -> Value:
    """A value that cannot be told because another cannot: its kind, in other words where given."""
    reason = cause.unknown or Unknown("not_told", cause.rule)
    return unknown(reason.kind, words or reason.words, **more)


def joined(parts: Iterable[Value]) -> str:
    """How the parts of a sum are qualified, each word once.

    >>> joined([Value(1, "", qualifier="around"), Value(2, ""), Value(3, "", qualifier="implied")])
    'around; implied'
    """
    words = {word for part in parts for word in part.qualifier.split(BETWEEN) if word}
    return BETWEEN.join(sorted(words))


def total(parts: Sequence[Value], rule: str, **more: Any) -> Value:
    """The sum of parts, each of which is reported; of bounds, a bound.

    >>> one, two = Value(5, ""), Value(None, "", status="bounded", low=-3)
    >>> total([one, one], "sum").pence, total([one, two], "sum").low
    (10, 2)
    """
    if all(part.known for part in parts):
        pence = sum(part.pence or 0 for part in parts)
        return Value(pence, rule, qualifier=joined(parts), **more)
    sums = [part.as_written for part in parts]
    written = None if None in sums else sum(one for one in sums if one is not None)
    found = Value(written, rule, qualifier=joined(parts), **more)
    return bounded(found, added_ends(parts))


def added_ends(parts: Sequence[Value]) -> Ends:
    """The ends of a sum, by interval arithmetic."""
    ends = [part.ends for part in parts]
    lows = [low for low, _ in ends]
    highs = [high for _, high in ends]
    low = None if None in lows else sum(one for one in lows if one is not None)
    high = None if None in highs else sum(one for one in highs if one is not None)
    return low, high


def bounded(written: Value, ends: Ends) -> Value:
    """A value of which only bounds are known; without an end it cannot be told.

    >>> bounded(Value(-100, "as written"), (-100, None)).status
    'bounded'
    """
    low, high = ends
    if low is None and high is None:
        words = "only bounds are known, and they leave no end"
        lost = unknown("bounded_apart", words)
        return written._replace(
            pence=None, status=lost.status, rule=lost.rule, unknown=lost.unknown
        )
    return written._replace(
        pence=None, status="bounded", low=low, high=high, written=written.as_written
    )


def by_rule(value: Value, inputs: tuple[str, ...], rule: str) -> Value:
    """The same as one that rests on figures, by a rule; that of one which cannot be told stays."""
    return Value(  # made anew rather than replaced: it is asked for hundreds of thousands of times
        value.pence,
        rule if value.reported else value.rule,
        inputs,
        value.entries,
        value.status,
        value.low,
        value.high,
        value.missing,
        value.months,
        value.rows,
        value.unknown,
        value.qualifier,
        value.written,
    )


def negative(value: Value, rule: str) -> Value:
    """The same with its sign turned, bounds and all; the rule of one that cannot be told stays."""
    return Value(  # made anew rather than replaced: it is asked for hundreds of thousands of times
        None if value.pence is None else -value.pence,
        rule if value.reported else value.rule,
        value.inputs,
        value.entries,
        value.status,
        None if value.high is None else -value.high,
        None if value.low is None else -value.low,
        value.missing,
        value.months,
        value.rows,
        value.unknown,
        value.qualifier,
        None if value.written is None else -value.written,
    )


def less(first: Value, second: Value, rule: str, **more: Any) -> Value:
    """One reported value less another."""
    return total([first, negative(second, "")], rule, **more)

"""Schemes that may count, as a type of their own, so that an unsafe one cannot be passed on.

`EligibleScheme` is made only by judging a scheme of a position: its constructor takes the position
and the scheme's id, reads the judgement and refuses an ineligible one. Engines accept this type
and nothing else. The rule itself is in `judging`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NoReturn, final
from weakref import WeakKeyDictionary

from controltotal.book.fold import Position
from controltotal.book.records import Gate, Scheme
from controltotal.core.calendar import parse_date
from controltotal.ledger.entries import collector_paused
from controltotal.programme.evidence import gather
from controltotal.programme.judging import Judgement, Reason, judge

_judged: WeakKeyDictionary[Position, dict[date | None, Mapping[str, Judgement]]] = (
    WeakKeyDictionary()
)


class IneligibleError(ValueError):
    """An eligible scheme was asked for where the scheme is not one; says every reason."""


@final
class EligibleScheme:
    """A scheme whose evidence exists on the day it was judged.

    It holds its row in force, its residual scores, its two signatures, and the maturity that the
    evidence supports. It cannot be changed, subclassed, pickled or made for another scheme.
    """

    __slots__ = ("_judged_on", "_judgement")
    _judgement: Judgement
    _judged_on: date

    def __new__(
        cls, position: Position, scheme: str, as_at: date | str | None = None
    ) -> EligibleScheme:
        day = _day(position, as_at)
        judgement = judgements(position, as_at).get(scheme)
        if judgement is None:
            raise IneligibleError(f"{scheme} is not a scheme of the book on {day}")
        return _admit(judgement, day)

    def __init_subclass__(cls, **more: Any) -> NoReturn:
        raise TypeError("an eligible scheme has no other kinds")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"an eligible scheme does not change: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"an eligible scheme does not change: {name}")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("an eligible scheme is judged from a position, never copied from bytes")

    def __copy__(self) -> EligibleScheme:
        return self

    def __deepcopy__(self, memo: object) -> EligibleScheme:
        return self

    def __repr__(self) -> str:
        return f"EligibleScheme({self.id!r}, judged on {self.judged_on})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EligibleScheme) and self._judgement is other._judgement

    def __hash__(self) -> int:
        return id(self._judgement)

    @property
    def row(self) -> Scheme:
        """The row of the table schemes in force."""
        return self._judgement.evidence.row

    @property
    def id(self) -> str:
        """The scheme's id."""
        return str(self.row.id)

    @property
    def judged_on(self) -> date:
        """The day as at which it was judged."""
        return self._judged_on

    @property
    def maturity(self) -> str:
        """The maturity that the evidence supports."""
        return self._judgement.maturity

    @property
    def residual_scores(self) -> tuple[int, ...]:
        """Likelihood x consequence after mitigation, one a domain."""
        return tuple(score for _, score in self._judgement.scores)

    @property
    def score_max(self) -> int:
        """The highest residual score: what counts is the worst domain, never the mean."""
        return max(self.residual_scores)

    @property
    def signatures(self) -> tuple[Gate, ...]:
        """The two clinical signatures that stand."""
        return self._judgement.signatures

    @property
    def approval(self) -> tuple[Gate, ...]:
        """The decision at gate G3 and the two signatures: who let it count."""
        gate = self._judgement.evidence.latest("G3")
        return (*((gate,) if gate else ()), *self.signatures)

    @property
    def entries(self) -> tuple[int, ...]:
        """Ledger entries of the evidence."""
        evidence = self._judgement.evidence
        gate = evidence.latest("G3")
        rows = [self.row, *self.signatures, *evidence.assessments, *([gate] if gate else [])]
        return tuple(sorted(row.entry for row in rows))


@final
class Ineligible:
    """A scheme that may not count, with every reason in words.

    `rejected`: safety refuses it, so that it delivers in no what-if either. `maturity` is what
    its evidence supports.
    """

    __slots__ = ("causes", "maturity", "rejected", "row")

    def __init__(
        self,
        row: Scheme,
        causes: tuple[Reason, ...],
        maturity: str = "opportunity",
        rejected: bool = False,
    ) -> None:
        self.row, self.causes, self.maturity, self.rejected = row, causes, maturity, rejected

    @property
    def id(self) -> str:
        """The scheme's id."""
        return str(self.row.id)

    @property
    def scheme(self) -> Scheme:
        """The row of the table schemes in force."""
        return self.row

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason in words."""
        return tuple(cause.text for cause in self.causes)

    @property
    def codes(self) -> tuple[str, ...]:
        """The code of every reason."""
        return tuple(cause.code for cause in self.causes)

    @property
    def reason(self) -> str:
        """All reasons as one text."""
        return "; ".join(self.reasons)

    def __repr__(self) -> str:
        return f"Ineligible({self.id!r}, {self.reason!r})"


def only_eligible(schemes: Iterable[object]) -> None:
    """Refuse anything that is not an eligible scheme; an engine asks this before it counts one."""
    for scheme in schemes:
        if type(scheme) is not EligibleScheme:
            raise IneligibleError(f"only eligible schemes may count, and {scheme!r} is not one")


def _admit(judgement: Judgement, day: date | None) -> EligibleScheme:
    """The scheme of a judgement without reasons; any other is refused."""
    if judgement.reasons or day is None:
        said = "; ".join(reason.text for reason in judgement.reasons)
        raise IneligibleError(f"{judgement.evidence.row.id} may not count: {said}")
    made = object.__new__(EligibleScheme)
    object.__setattr__(made, "_judgement", judgement)
    object.__setattr__(made, "_judged_on", day)
    return made


def eligible(
    position: Position, as_at: date | str | None = None
) -> tuple[tuple[EligibleScheme, ...], tuple[Ineligible, ...]]:
    """Every scheme of a book, in the order of its table: those that may count, and the others.

    `as_at` is a day; else the reading date of the position, which is never the clock.
    """
    day = _day(position, as_at)
    good, bad = [], []
    with collector_paused():  # what is made here is kept, and walking it again takes half the time
        for found in judgements(position, as_at).values():
            if found.reasons:
                bad.append(
                    Ineligible(found.evidence.row, found.reasons, found.maturity, found.rejected)
                )
            else:
                good.append(_admit(found, day))
    return tuple(good), tuple(bad)


def judgements(position: Position, as_at: date | str | None = None) -> Mapping[str, Judgement]:
    """The judgement of every scheme on a day (else as the position stands), made once."""
    day = _day(position, as_at)
    asked = as_at is not None or isinstance(position.as_at, date)
    known_by = day if asked else None
    by_day = _judged.setdefault(position, {})
    if known_by not in by_day:
        with collector_paused():
            found = gather(position, day, known_by)
            by_day[known_by] = {code: judge(position, one, day) for code, one in found.items()}
    return by_day[known_by]


def _day(position: Position, as_at: date | str | None) -> date | None:
    """The day to judge as at."""
    if as_at is None:
        return position.reading_date
    return parse_date(as_at) if isinstance(as_at, str) else as_at

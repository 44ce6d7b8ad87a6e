"""Schemes that may count, as a type of their own, so that an unsafe one cannot be passed on.

`Judgements` are those of every scheme of a position on a day; they are made only by judging the
position. `EligibleScheme` is made only from them, or from a position that it judges itself: its
constructor reads the judgement and refuses an ineligible scheme. Engines accept this type and
nothing else. The rule itself is in `judging`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NoReturn, final

from controltotal.book.fold import Position
from controltotal.book.records import Gate, Scheme
from controltotal.core.calendar import parse_date
from controltotal.ledger.entries import collector_paused
from controltotal.programme.evidence import gather
from controltotal.programme.judging import Judgement, judge
from controltotal.programme.reasons import Reason


class IneligibleError(ValueError):
    """An eligible scheme was asked for where the scheme is not one; says every reason."""


@final
class Judgements(Mapping[str, Judgement]):
    """The judgement of every scheme of a position on a day, in the order of its table.

    `as_at` is a day; else the reading date of the position, which is never the clock. They are
    judged as they are made and cannot be changed, subclassed or pickled.
    """

    __slots__ = ("_day", "_found")
    _day: date | None
    _found: Mapping[str, Judgement]

    def __init__(self, position: Position, as_at: date | str | None = None) -> None:
        day = _day(position, as_at)
        asked = as_at is not None or isinstance(position.as_at, date)
        with collector_paused():  # what is made here is kept; walking it again takes half the time
            evidence = gather(position, day, day if asked else None)
            found = {code: judge(position, one, day) for code, one in evidence.items()}
        object.__setattr__(self, "_day", day)
        object.__setattr__(self, "_found", MappingProxyType(found))

    def __init_subclass__(cls, **more: Any) -> NoReturn:
        raise TypeError("judgements have no other kinds")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"judgements do not change: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"judgements do not change: {name}")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a scheme is judged from a position, never copied from bytes")

    def __getitem__(self, scheme: str) -> Judgement:
        return self._found[scheme]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def day(self) -> date | None:
        """The day as at which the schemes are judged."""
        return self._day

    def eligible(self) -> tuple[EligibleScheme, ...]:
        """The schemes that may count."""
        with collector_paused():
            return tuple(
                EligibleScheme(self, code) for code, one in self.items() if not one.reasons
            )

    def ineligible(self) -> tuple[Ineligible, ...]:
        """The others, each with every reason."""
        return tuple(
            Ineligible(one.evidence.row, one.reasons, one.maturity, one.rejected)
            for one in self.values()
            if one.reasons
        )


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
        cls, judged: Judgements | Position, scheme: str, as_at: date | str | None = None
    ) -> EligibleScheme:
        # judgements of this very type were made by judging; anything else is judged here
        if type(judged) is not Judgements or as_at is not None:
            if not isinstance(judged, Position):
                raise TypeError("a scheme is judged from a position")
            judged = Judgements(judged, as_at)
        day, judgement = judged.day, judged.get(scheme)
        if judgement is None:
            raise IneligibleError(f"{scheme} is not a scheme of the book on {day}")
        if judgement.reasons or day is None:
            said = "; ".join(reason.text for reason in judgement.reasons)
            raise IneligibleError(f"{scheme} may not count: {said}")
        made = object.__new__(cls)
        object.__setattr__(made, "_judgement", judgement)
        object.__setattr__(made, "_judged_on", day)
        return made

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
        return (
            isinstance(other, EligibleScheme)
            and self._judged_on == other._judged_on
            and self._judgement == other._judgement
        )

    def __hash__(self) -> int:
        return hash((self.id, self._judged_on))

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
        self, row: Scheme, causes: tuple[Reason, ...], maturity: str, rejected: bool
    ) -> None:
        self.row, self.causes, self.maturity, self.rejected = row, causes, maturity, rejected

    @property
    def id(self) -> str:
        """The scheme's id."""
        return str(self.row.id)

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


def eligible(
    position: Position, as_at: date | str | None = None
) -> tuple[tuple[EligibleScheme, ...], tuple[Ineligible, ...]]:
    """Every scheme of a book, in the order of its table: those that may count, and the others.

    `as_at` is a day; else the reading date of the position, which is never the clock.
    """
    judged = Judgements(position, as_at)
    return judged.eligible(), judged.ineligible()


def _day(position: Position, as_at: date | str | None) -> date | None:
    """The day to judge as at."""
    if as_at is None:
        return position.reading_date
    return parse_date(as_at) if isinstance(as_at, str) else as_at

"""What a withheld figure takes with it: all that rests on it, and all from which it could be told.

A row of `withheld` names one figure. Whatever rests on it says something of it; and a sum whose
other parts are told says the part that is not. So each sum that holds one withheld part alone gives
up a second, the smallest that leaves room for doubt, until none can be worked out by taking away.
Source: publishing practice under freedom of information; small numbers in public statistics.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from controltotal.core.errors import BookError
from controltotal.core.figure import Figure
from controltotal.core.kinds import kind_of
from controltotal.core.measures import measures
from controltotal.core.result import Result

Results = Mapping[str, Result]
Row = Mapping[str, Any]

HIDES: Final = ("withheld", "refused", "undisclosed")
"""What may have happened to a question so that its figure is not shown; one that nobody answered
(`no_reply`) is told as unanswered, and hides nothing."""
ITSELF: Final = "it is withheld itself"
RESTS: Final = "it rests on what is withheld"
FROM_IT: Final = "what is withheld could be worked out from it"
SIBLING: Final = "what is withheld could be worked out by taking it from a sum"
SAME: Final = "it is the same number of the same organisation"
EQUAL: Final = "it is equal to what is withheld of the same organisation"
ONE_NUMBER: Final = ("surplus", "adjusted_surplus", "measured", "surplus_with_support", "outturn")
"""Measures of a position, which are one number where nothing parts them."""
LEAST_PENCE: Final = 10_000_000
"""What a second part of a sum must be at least to hide the first (£100,000) …"""
LEAST_SHARE: Final = 10
"""… or a tenth of the first, whichever is more."""
TOLD_APART_FROM: Final = 10_000
"""Numbers of five digits or more are looked for wherever they stand."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """One figure that is not shown: the row of `withheld` behind it, and why it falls under it."""

    figure: str
    row: Row
    how: str


@dataclass(frozen=True, slots=True)
class Shadow:
    """What is withheld of one organisation: the kind of figure, year, basis and part, where told."""

    kind: str
    organisation: str
    year: str
    basis: str
    part: str
    hidden: Hidden = field(compare=False)
    variant: bool = False
    """Whether it is one scenario of a figure that is itself published."""


@dataclass
class Withholding:
    """The figures of some results, and those of them that are not shown, with their reasons."""

    results: Results
    figures: dict[str, Figure] = field(default_factory=dict)
    hidden: dict[str, Hidden] = field(default_factory=dict)
    absent: list[Hidden] = field(default_factory=list)
    """Withheld, and of which the results hold no figure by that name."""
    _inputs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _resting: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _twins: dict[tuple[Any, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    _parents: dict[str, str] = field(default_factory=dict)
    _children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _shares: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for result in self.results.values():
            for figure in result.figures:
                self.figures.setdefault(figure.id, figure)
                if large(figure.value):
                    self._twins[_same(figure)].add(figure.id)
                if figure.measure == "share":
                    self._shares[(figure.year, figure.basis, figure.part)].add(figure.id)
            for name, step in result.trace.items():
                self._inputs[name] |= set(step.inputs)
                for one in step.inputs:
                    self._resting[one].add(name)
        for row in _register(self.results, "organisations"):
            if row.get("parent"):
                self._parents[row["organisation"]] = row["parent"]
                self._children[row["parent"]].append(row["organisation"])
        self._follow()

    def ancestors(self, code: str) -> list[str]:
        """The organisations above one, the nearest first."""
        found: list[str] = []
        while (code := self._parents.get(code, "")) and code not in found:
            found.append(code)
        return found

    def shadows(self) -> list[Shadow]:
        """What is withheld, for tables: of each organisation, and of those above it of which no
        figure of the same kind has been judged."""
        found = []
        for hidden in (*self.hidden.values(), *self.absent):
            if hidden.how == EQUAL:
                continue  # it may be another thing by chance, of which the rest may be told
            measure, code, year, basis, part = split(hidden.figure)
            variant = self._variant(hidden.figure)
            found.append(Shadow(measure, code, year, basis, part, hidden, variant))
            tail = f"{year}/{basis}/{part}" if part else f"{year}/{basis}"
            found += [
                Shadow(measure, above, year, basis, part, hidden, variant)
                for above in self.ancestors(code)
                if f"{measure}/{above}/{tail}" not in self.figures
            ]
        return found

    def _variant(self, name: str) -> bool:
        """Whether a figure is one scenario or part of a figure that is itself published."""
        steps = name.split("/")
        wholes = {"/".join(steps[:end]) for end in range(4, len(steps))}
        return any(one in self.figures and one not in self.hidden for one in wholes)

    def _follow(self) -> None:
        """Withhold what the book withholds, and then all that it takes with it."""
        waiting: list[str] = []
        for row in in_force(self.results):
            _check(row)
            figure = self.figures.get(row["figure"])
            untold = row["kind"] == "undisclosed"  # what others say of it, such as a bound, is told
            if figure is not None and (told(figure) if not untold else figure.value is not None):
                waiting += self._hide(figure.id, row, ITSELF)
            elif not untold:
                self.absent.append(Hidden(row["figure"], row, ITSELF))
        while waiting:
            while waiting:
                waiting += self._taken_with(waiting.pop())
            waiting = self._second()
        self._equal()

    def _equal(self) -> None:
        """Withhold what is the same number of the same organisation and kind under any name."""
        known: dict[tuple[str, str, float], Row] = {}
        for name, hidden in self.hidden.items():
            figure = self.figures[name]
            if large(figure.value):
                known.setdefault(_number(figure), hidden.row)
        for figure in self.figures.values():
            if (row := known.get(_number(figure))) is not None:
                self._hide(figure.id, row, EQUAL)

    def _hide(self, name: str, row: Row, how: str) -> list[str]:
        if name in self.hidden:
            return []
        self.hidden[name] = Hidden(name, row, how)
        return [name]

    def _taken_with(self, name: str) -> list[str]:
        """All that rests on one figure, and its number under another name."""
        row, found = self.hidden[name].row, []
        for one in sorted(self._resting[name]):
            if one in self.figures:
                found += self._hide(one, row, RESTS)
        figure = self.figures[name]
        if large(figure.value):
            for one in sorted(self._twins[_same(figure)]):
                found += self._hide(one, row, SAME)
        return found

    def _second(self) -> list[str]:
        """The next figures to withhold, since a sum would tell one by taking away."""
        for name in sorted(self.hidden):
            for how, members in self._sums(name):
                others = [one for one in members if one != name]
                if not others or any(one in self.hidden for one in others):
                    continue
                if how == SIBLING and len(others) > 1:  # the sum itself stays where a part can go
                    others = [one for one in others if not self._above_in(one, members)]
                chosen = self._least_that_hides(name, others, how)
                found = self._hide(chosen, self.hidden[name].row, how)
                if found:
                    return found
        return []

    def _sums(self, name: str) -> Iterable[tuple[str, list[str]]]:
        """What tells a figure: how it was made, its siblings and their sum, its own parts."""
        figure = self.figures[name]
        inputs = sorted(self._inputs[name])
        if inputs and all(one in self.figures and told(self.figures[one]) for one in inputs):
            yield FROM_IT, [name, *inputs]
        if figure.measure == "share":
            group = self._shares[figure.year, figure.basis, figure.part]
            yield SIBLING, sorted(one for one in group if told(self.figures[one]))
        for code in (self._parents.get(figure.organisation, ""), figure.organisation):
            members = self._level(figure, code)
            if name in members and self._adds_up(members, figure):
                yield SIBLING, members

    def _level(self, figure: Figure, code: str) -> list[str]:
        """A sum and its parts: the same figure of an organisation and of those just below it."""
        tail = "/".join(figure.parts[2:])
        below = [f"{figure.measure}/{child}/{tail}" for child in self._children.get(code, ())]
        parts = [one for one in below if one in self.figures and told(self.figures[one])]
        whole = f"{figure.measure}/{code}/{tail}"
        known = whole in self.figures and told(self.figures[whole])
        return [whole, *parts] if known and parts and figure.unit in ("pence", "count") else []

    def _above_in(self, name: str, members: Sequence[str]) -> bool:
        """Whether a figure is the sum of the others."""
        below = set(self._children.get(self.figures[name].organisation, ()))
        return any(self.figures[one].organisation in below for one in members)

    def _adds_up(self, members: Sequence[str], figure: Figure) -> bool:
        """Whether the parts come so near their sum that a reader would take the rest for the part."""
        whole, *parts = (self.figures[one].value or 0 for one in members)
        return abs(whole - sum(parts)) < _room(figure)

    def _least_that_hides(self, name: str, others: Sequence[str], how: str) -> str:
        """Which of some figures is withheld to hide another: one that leaves room for doubt.

        Of what a figure is made of the one on which least rests; of siblings one that has lost a
        figure already, then the one most alike, then the smallest.
        """
        room = _room(self.figures[name])
        sizes = {one: abs(self.figures[one].value or 0) for one in others}
        enough = [one for one in others if sizes[one] >= room]
        if not enough:
            enough = [max(others, key=lambda one: (sizes[one], one))]
        if how == FROM_IT:
            return min(enough, key=lambda one: (len(self._above(one)), sizes[one], one))
        return min(enough, key=lambda one: (self._unlike(name, one), sizes[one], one))

    def _unlike(self, name: str, other: str) -> tuple[bool, int]:
        """Whether an organisation has lost nothing yet, and of how many figures withheld of the one
        it has none like them: what would be withheld of it hides the more, the more alike they are.
        """
        own, code = self.figures[name].organisation, self.figures[other].organisation
        touched = any(self.figures[one].organisation == code for one in self.hidden)
        lost = [one.split("/") for one in self.hidden if self.figures[one].organisation == own]
        like = ["/".join([steps[0], code, *steps[2:]]) for steps in lost]
        return not touched, sum(one not in self.figures for one in like)

    def _above(self, name: str) -> set[str]:
        """A figure and all that rests on it."""
        found, waiting = {name}, [name]
        while waiting:
            new = self._resting[waiting.pop()] - found
            found |= new
            waiting += new
        return found


def nearly(figure: Figure, other: Figure) -> bool:
    """Whether one figure tells another: it comes so near that a reader would take it for the other.

    >>> nearly(Figure("cash/A/2026-27/plan", 900_000_000), Figure("cash/A/2026-27/plan", 901_000_000))
    True
    """
    one, two = figure.value, other.value
    return one is not None and two is not None and abs(one - two) < _room(figure)


def _number(figure: Figure) -> tuple[str, str, float]:
    """A number with whom and what it is of."""
    return figure.organisation, kind_of(figure.measure), abs(figure.value or 0)


def _same(figure: Figure) -> tuple[Any, ...]:
    """What figures share that are one number under several names."""
    kind = "position" if figure.measure in ONE_NUMBER else figure.measure
    return (kind, figure.organisation, figure.year, figure.part, abs(figure.value or 0))


def _room(figure: Figure) -> float:
    """How near a number may be told before it is told: a tenth of it, and £100,000 at least."""
    size = abs(figure.value or 0)
    least = LEAST_PENCE if figure.unit == "pence" else 1
    return max(least, size / LEAST_SHARE)


def _check(row: Row) -> None:
    """A withheld row must name a figure, else nobody can tell what is not to be shown."""
    measure = split(row["figure"])[0]
    if row["kind"] == "undisclosed" or (measure in measures() and row["figure"].count("/") >= 2):
        return
    raise BookError(
        f"{row['figure']} is {row['kind']}, and is the name of no figure",
        str(row.get("where") or "withheld"),
        "name the figure as measure/organisation/year/basis, so that it can be kept from the public",
    )


def in_force(results: Results) -> list[Row]:
    """The rows of `withheld` that keep a figure from the public on the day of the results.

    A row ends with its `until`; where the day is not known, none has ended.
    """
    day = day_of(results)
    return [
        row
        for row in _register(results, "withheld")
        if row["kind"] in HIDES and not (day and row.get("until") and str(row["until"]) < day)
    ]


def day_of(results: Results) -> str:
    """The day as at which the results were asked for; empty where none was named."""
    for row in _register(results, "book"):
        if row["key"] == "as_at":
            try:
                return date.fromisoformat(str(row["value"])).isoformat()
            except ValueError:
                return ""
    return ""


def names_of(results: Results) -> dict[str, str]:
    """The names of the organisations of some results, by code."""
    if "register" not in results:
        return {}
    register = results["register"]
    names = dict(register.names)
    names |= {body.code: body.name for body in register.scope.bodies}
    rows = register.tables.get("organisations", ())
    return names | {row["organisation"]: row["name"] for row in rows}


def _register(results: Results, table: str) -> Sequence[Row]:
    return results["register"].tables.get(table, ()) if "register" in results else ()


def told(figure: Figure) -> bool:
    """Whether a figure says a number, or between which two it lies."""
    return any(one is not None for one in (figure.value, figure.low, figure.high))


def large(value: Any) -> bool:
    """Whether a number is long enough to be looked for wherever it stands."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) >= TOLD_APART_FROM
    )


def split(figure_id: str) -> tuple[str, str, str, str, str]:
    """The steps of an id: measure, organisation, year, basis and part; empty where it has none.

    >>> split("share/XF-SIC/2026-27/plan/neighbour_support")[3:]
    ('plan', 'neighbour_support')
    """
    steps = [*figure_id.split("/"), "", "", "", ""]
    return steps[0], steps[1], steps[2], steps[3], "/".join(one for one in steps[4:] if one)


def placeholder(row: Row) -> str:
    """What stands where a figure is not shown: the reason, the exemption, who decided, the review.

    >>> placeholder({"kind": "withheld", "reason": "To be published with the board's papers.",
    ...     "exemption": "s.22", "decided_by": "Board", "review_on": "2027-01-15"})
    "withheld: To be published with the board's papers (would be exempt under s.22), decided by Board, \
review on 2027-01-15"
    """
    kind = {"no_reply": "no reply", "undisclosed": "not disclosed"}.get(row["kind"], row["kind"])
    text = f"{kind}: {str(row['reason']).rstrip('. ')}"
    if row.get("exemption"):
        regime = f" of the {row['regime']}" if row.get("regime") in ("FOIA", "EIR") else ""
        text += f" (would be exempt under {row['exemption']}{regime})"
    text += f", decided by {row['decided_by']}" if row.get("decided_by") else ""
    return text + (f", review on {row['review_on']}" if row.get("review_on") else "")

"""A sample of figures for an auditor, with the evidence of each: the same book and seed, the same sample.

Where the organisation stands is always in it, and so are its ten largest sums of money, each measure
once. The others are drawn: each figure has the number SHA-256 of `SEED|ID`, and those with the
smallest numbers are taken. Anybody can draw again with any tool, and a figure more in the book moves no
other's number.

The evidence of a figure is walked: where it rests on other figures, the one whose number is smallest
is followed, down to one that rests on rows of the book; of its rows the one with the smallest number
(`SEED|ID|entry N`) is shown, with its cell and its quotation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from controltotal.core.explain import Rows
from controltotal.core.figure import Figure
from controltotal.core.period import within
from controltotal.core.result import Result
from controltotal.core.show import figure_name
from controltotal.core.trace import Trace

SIZE: Final = 25
HEADLINES: Final = (
    ("adjusted_surplus", "plan"),
    ("adjusted_surplus", "actual"),
    ("adjusted_surplus", "forecast"),
    ("measured", "forecast"),
    ("control_total", "plan"),
)
"""Measure and basis of the figures of the organisation that are in every sample."""
LARGEST: Final = 10
"""Figures of a sample that are the largest sums of money, whatever the seed."""
Known = Mapping[str, tuple[Figure, Trace]]
"""Figures with their traces, by id."""
Look = Callable[[str], "tuple[Figure, Trace] | None"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure of a sample and how it came into it; `number` is its SHA-256 under the seed."""

    figure: Figure
    trace: Trace
    how: str  # headline, largest, drawn
    number: str


def number_of(seed: int, *parts: str) -> str:
    """The number under which something is drawn: SHA-256 of the seed and its id, in 64 digits.

    >>> number_of(1, "surplus/QE1/2020-21/plan")[:16]
    'ff7a5fe02e1b113f'
    """
    return sha256("|".join((str(seed), *parts)).encode()).hexdigest()


def known_figures(results: Iterable[Result]) -> Known:
    """Every figure of some answers with its trace; one that several give is taken once."""
    found: dict[str, tuple[Figure, Trace]] = {}
    for result in results:
        for figure in result.figures:
            if figure.id not in found:
                found[figure.id] = (figure, result.trace[figure.id])
    return found


def population(known: Known, bodies: Collection[str], year: str) -> list[str]:
    """The ids from which a sample is drawn: figures of some bodies in a year that have a value."""
    return sorted(
        name
        for name, (figure, _) in known.items()
        if figure.value is not None and figure.organisation in bodies and within(figure.year, year)
    )


def draw(known: Known, ids: Sequence[str], organisation: str, seed: int, size: int) -> list[Drawn]:
    """The sample: where the organisation stands, its largest sums, then those with the least numbers."""
    own = [name for name in ids if known[name][0].organisation == organisation]
    chosen = [(name, "headline") for name in _headlines(known, own)]
    chosen += [(name, "largest") for name in _largest(known, own, {name for name, _ in chosen})]
    rest = sorted(set(ids) - {name for name, _ in chosen}, key=lambda one: number_of(seed, one))
    chosen += [(name, "drawn") for name in rest[: max(0, size - len(chosen))]]
    return [Drawn(*known[name], how, number_of(seed, name)) for name, how in chosen[:size]]


def _headlines(known: Known, own: Iterable[str]) -> list[str]:
    """Where the organisation stands: one figure of each of the headline measures, scenarios apart."""
    return [
        name
        for measure, basis in HEADLINES
        for name in own
        if (known[name][0].measure, known[name][0].basis, known[name][0].part)
        == (measure, basis, "")
    ]


def _largest(known: Known, own: Iterable[str], others: Collection[str]) -> list[str]:
    """The largest sums of money of measures that are not in the sample yet, each measure once."""
    taken = {known[name][0].measure for name in others}
    found: list[str] = []
    money = [name for name in own if known[name][0].unit == "pence"]
    for name in sorted(money, key=lambda one: (-abs(known[one][0].value or 0), one)):
        if known[name][0].measure not in taken and len(found) < LARGEST:
            taken.add(known[name][0].measure)
            found.append(name)
    return found


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a figure comes from: the figures on the way, and the row that was looked at.

    `entry` is None where it rests on no row that can be shown; `says` then tells why.
    """

    way: tuple[str, ...]
    entry: int | None
    where: str
    says: str
    source: str
    rows: int


def evidence_of(name: str, look: Look, describe: Rows, seed: int) -> Evidence:
    """The evidence of a figure: the way down to a row of the book, and what the row says."""
    found = look(name)
    way, seen = [name], {name}
    while found is not None:
        trace = found[1]
        if trace.entries:
            return _shown(tuple(way), trace, describe, seed)
        ahead = [one for one in trace.inputs if one not in seen]
        if not ahead:
            told = "; ".join(trace.parameters) or trace.rule
            return Evidence(tuple(way), None, "", f"its answer names no row: {told}", "", 0)
        step = min(ahead, key=lambda one: (look(one) is None, number_of(seed, one)))
        way.append(step)
        seen.add(step)
        found = look(step)
    return Evidence(tuple(way), None, "", "`controltotal explain` tells what it rests on", "", 0)


def _shown(way: tuple[str, ...], trace: Trace, describe: Rows, seed: int) -> Evidence:
    """One row of those on which a figure rests, with its cell and quotation."""
    entry = min(trace.entries, key=lambda one: number_of(seed, way[0], f"entry {one}"))
    row = describe(entry)
    if row is None:
        return Evidence(way, entry, "", "not in force at this reading", "", len(trace.entries))
    where = row["where"] + (f" ({row['detail']})" if row.get("detail") else "")
    return Evidence(way, entry, where, row["says"], row.get("source", ""), len(trace.entries))


def sample_rows(
    sample: Iterable[Drawn], look: Look, describe: Rows, seed: int
) -> list[dict[str, Any]]:
    """The table of a sample: each figure with its value, its rule, what it rests on and its evidence."""
    rows = []
    for place, one in enumerate(sample, 1):
        figure, trace = one.figure, one.trace
        found = evidence_of(figure.id, look, describe, seed)
        rows.append(
            {
                "place": place,
                "figure": figure.id,
                "name": figure_name(figure),
                "organisation": figure.organisation,
                "year": figure.year,
                "how": one.how,
                "number": one.number,
                "value": figure.value,
                "unit": figure.unit,
                "status": figure.status,
                "rule": trace.rule,
                "inputs": list(trace.inputs),
                "parameters": list(trace.parameters),
                "entries": list(trace.entries),
                "way": list(found.way),
                "entry": found.entry,
                "where": found.where,
                "says": found.says,
                "source": found.source,
                "rows": found.rows,
            }
        )
    return rows


def fingerprint(ids: Sequence[str]) -> str:
    """One text that stands for the list a sample was drawn from: SHA-256 of the ids, one a line.

    >>> fingerprint(["a", "b"]) == sha256(b"a\\nb\\n").hexdigest()
    True
    """
    return sha256("".join(f"{name}\n" for name in ids).encode()).hexdigest()

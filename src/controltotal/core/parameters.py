"""Dated parameters: a number in a formula is a question, and this file holds the answers.

Each value has a unit, an authority (who said so), a source, the dates between which it holds and
a mark: P primary source, R press or representative body, I arithmetic on sourced figures,
C our convention, K professional knowledge not yet checked. A K value is unverified wherever it
is used until a named person adopts it in the book. No value is ever used outside its dates, nor
in a reading as at a day before it was known. A value is known on the day of its source; where only
a month is held, on its last day; and a value without a dated source, or a convention, on the day
from which it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from controltotal.core.calendar import parse_date
from controltotal.core.datafiles import packaged_rows

MARKS = ("P", "R", "I", "C", "K")


class ParameterMissing(LookupError):
    """No value of this name holds on this date; the rule that asked is indeterminate."""

    def __init__(self, name: str, on: date) -> None:
        super().__init__(f"no value of {name} holds on {on.isoformat()}")
        self.name = name
        self.on = on


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a parameter between two dates."""

    name: str
    value: str
    unit: str
    start: date
    until: date | None
    authority: str
    source: str
    mark: str
    known_on: date | None = None
    adopted_by: str = ""
    adopted_on: date | None = None

    @property
    def verified(self) -> bool:
        """Whether it may be relied on: sourced, or adopted by a named person."""
        return self.mark != "K" or bool(self.adopted_by)

    @property
    def number(self) -> Decimal:
        """The value as an exact decimal."""
        return Decimal(self.value)

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """A list value, its parts separated by semicolons."""
        return tuple(Decimal(part) for part in self.value.split(";"))

    @property
    def label(self) -> str:
        """The name with its mark and start, as a trace shows it."""
        mark = self.mark if self.verified else f"{self.mark}, unverified"
        return f"{self.name} = {self.value} {self.unit} from {self.start} ({mark}; {self.source})"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every value in force as at a moment; immutable, so nobody can change a shared number."""

    values: Mapping[str, tuple[Parameter, ...]]

    def on(self, name: str, day: date) -> Parameter:
        """The value that holds on a day: the latest start wins; raises ParameterMissing."""
        found = [
            p
            for p in self.values.get(name, ())
            if p.start <= day and (p.until is None or day <= p.until)
        ]
        if not found:
            raise ParameterMissing(name, day)
        return max(found, key=lambda p: (p.start, bool(p.adopted_by), p.known_on or date.min))

    def known_then(self, day: date) -> Parameters:
        """What was known on a day: no value whose source is later."""
        return Parameters(
            {
                name: tuple(p for p in values if p.known_on is None or p.known_on <= day)
                for name, values in self.values.items()
            }
        )

    def with_values(self, more: Iterable[Parameter]) -> Parameters:
        """These and a book's own; a book's value for the same name and start comes last."""
        merged = {name: list(values) for name, values in self.values.items()}
        for parameter in more:
            kept = [p for p in merged.get(parameter.name, []) if p.start != parameter.start]
            merged[parameter.name] = [*kept, parameter]
        return Parameters({name: tuple(values) for name, values in sorted(merged.items())})

    def adopt(self, name: str, start: date, by: str, on: date | None) -> Parameters:
        """The same values with one adopted by a named person."""
        adopted = [
            replace(p, adopted_by=by, adopted_on=on)
            for p in self.values.get(name, ())
            if p.start == start
        ]
        return self.with_values(adopted)


def read_parameter(row: Mapping[str, str]) -> Parameter:
    """A parameter from a row of text."""
    return Parameter(
        row["name"],
        row["value"],
        row.get("unit", ""),
        parse_date(row["from"]),
        parse_date(row["until"]) if row.get("until") else None,
        row["authority"],
        row["source"],
        row["mark"],
        parse_date(row["known_on"]) if row.get("known_on") else None,
    )


@lru_cache(maxsize=1)
def packaged_parameters() -> Parameters:
    """The parameters that come with the package.

    >>> packaged_parameters().on("commissioner_surplus_share", date(2013, 4, 1)).value
    '0.01'
    """
    grouped: dict[str, list[Parameter]] = {}
    for row in (*packaged_rows("parameters.csv"), *packaged_rows("parameters_rules.csv")):
        parameter = read_parameter(row)
        grouped.setdefault(parameter.name, []).append(parameter)
    return Parameters({name: tuple(values) for name, values in sorted(grouped.items())})

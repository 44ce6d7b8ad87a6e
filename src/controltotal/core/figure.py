"""Figures: every number shown anywhere, with its id `measure/ORG/YEAR/BASIS[/PART]`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Final

STATUSES: Final = ("ok", "indeterminate", "bounded", "unverified")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number shown anywhere, with its unit, status and, for a range, its ends.

    An indeterminate one carries the kind of reason (`core.unknown.KINDS`); one that rests on a
    qualified amount the qualifier (`around`, `up_to` …).

    >>> Figure("gap/QE1/2020-21/plan", 18_000_000_000).measure
    'gap'
    """

    id: str
    value: int | float | None
    unit: str = "pence"
    status: str = "ok"
    low: int | float | None = None
    high: int | float | None = None
    unknown: str = ""
    qualifier: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The id's steps: measure, organisation, year, basis and any part."""
        return tuple(self.id.split("/"))

    @property
    def measure(self) -> str:
        """Name of the measure."""
        return self.parts[0]

    @property
    def organisation(self) -> str:
        """Code of the organisation (empty where the id has none)."""
        return self.parts[1] if len(self.parts) > 1 else ""

    @property
    def year(self) -> str:
        """Financial year or half."""
        return self.parts[2] if len(self.parts) > 2 else ""

    @property
    def basis(self) -> str:
        """plan, actual, forecast or the verb's own basis."""
        return self.parts[3] if len(self.parts) > 3 else ""

    @property
    def part(self) -> str:
        """Scenario or part, joined by a slash."""
        return "/".join(self.parts[4:])

    def as_json(self) -> dict[str, Any]:
        """The figure as the JSON document shows it."""
        shown: dict[str, Any] = {"id": self.id, "value": self.value, "unit": self.unit}
        shown["status"] = self.status
        if self.unknown:
            shown["unknown"] = self.unknown
        if self.low is not None or self.high is not None:
            shown["low"], shown["high"] = self.low, self.high
        if self.qualifier:
            shown["qualifier"] = self.qualifier
        return shown


class Figures(tuple[Figure, ...]):
    """The figures of a result in order of id, which may also be asked as a polars frame.

    Iterating gives `Figure`s; everything that a frame can do (`filter`, `select`, `columns`,
    `["value"]` …) is passed to the frame of id, measure, organisation, year, basis, part, value,
    unit, status, low, high, unknown and qualifier.

    >>> figures = Figures([Figure("gap/QE1/2020-21/plan", 5)])
    >>> figures[0].value, figures["value"].to_list(), figures.select("id").item()
    (5, [5], 'gap/QE1/2020-21/plan')
    """

    __slots__ = ()

    @property
    def frame(self) -> Any:
        """The figures as a polars frame; money is whole pence, other values are decimals."""
        import polars as pl

        whole = all(f.value is None or isinstance(f.value, int) for f in self)
        number = pl.Int64 if whole else pl.Float64
        names = (
            "id",
            "measure",
            "organisation",
            "year",
            "basis",
            "part",
            "value",
            "unit",
            "status",
            "low",
            "high",
            "unknown",
            "qualifier",
        )
        numbers = {"value", "low", "high"}
        schema = {name: number if name in numbers else pl.String for name in names}
        data = {name: [getattr(f, name) for f in self] for name in names}
        return pl.DataFrame(data, schema=schema, strict=False)

    @property
    def __class__(self) -> type:
        """A frame to whatever in polars asks what it is, so that it goes wherever a frame goes."""
        loaded = sys.modules.get("polars")
        return Figures if loaded is None else loaded.DataFrame

    @__class__.setter
    def __class__(self, kind: type) -> None:
        raise TypeError("figures stay figures")

    def __reduce__(self) -> tuple[type, tuple[tuple[Figure, ...]]]:
        return Figures, (tuple(self),)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.frame, name)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, int | slice):
            return super().__getitem__(key)
        return self.frame[key]

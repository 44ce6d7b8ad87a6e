"""Figures: every number shown anywhere, with its id `measure/ORG/YEAR/BASIS[/PART]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from controltotal.core.calendar import CalendarError, parse_year_id, year_label
from controltotal.core.measures import measure

if TYPE_CHECKING:
    import polars as pl

PENCE_IN_MILLION: Final = 100_000_000

STATUSES: Final = ("ok", "indeterminate", "bounded", "unverified", "withheld")


class Figure(NamedTuple):
    """A number shown anywhere, with its unit, status and, for a range, its ends.

    An indeterminate one carries the kind of reason (`core.unknown.KINDS`); one that rests on a
    qualified amount the qualifier (`around`, `up_to` …); `stated` is a total as published beside the
    sum of its parts, from which rounding alone parts it; `to` is the month that an actual reaches
    (`M9`: April to December).

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
    stated: int | None = None
    to: str = ""

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
        if self.to:
            shown["to"] = self.to
        if self.stated is not None:
            shown["stated"] = self.stated
        return shown


FRAME: Final = (
    "id",
    "measure",
    "measure_name",
    "organisation",
    "organisation_name",
    "year",
    "basis",
    "part",
    "value",
    "pence",
    "pounds_million",
    "unit",
    "status",
    "low",
    "high",
)
"""Columns of a frame of figures, in their order."""


def figures_frame(figures: Iterable[Figure], names: Mapping[str, str]) -> pl.DataFrame:
    """Figures as a polars frame for people: names beside codes, years as 2019/20, £m beside pence.

    `value`, `low` and `high` are in the figure's own `unit` (pence, share, count …), as decimals;
    `pence` (whole, exact) and `pounds_million` are told of money alone. `names` gives the names of
    bodies by code; a code that it does not have has no name.

    >>> frame = figures_frame([Figure("gap/QE1/2020-21/plan", 18_000_000_000)], {"QE1": "A system"})
    >>> frame.select("organisation_name", "year", "pence", "pounds_million").row(0)
    ('A system', '2020/21', 18000000000, 180.0)
    """
    import polars as pl  # slow to load

    kinds = dict.fromkeys(("value", "low", "high", "pounds_million"), pl.Float64)
    return pl.DataFrame(
        [_shown(figure, names) for figure in figures],
        schema={name: kinds.get(name, pl.String) for name in FRAME} | {"pence": pl.Int64},
        orient="row",
        strict=False,
    )


def _shown(figure: Figure, names: Mapping[str, str]) -> tuple[str | int | float | None, ...]:
    """One row of the frame, in the order of its columns."""
    pence = figure.value if figure.unit == "pence" else None
    return (
        figure.id,
        figure.measure,
        measure(figure.measure).name,
        figure.organisation,
        names.get(figure.organisation),
        _year(figure.year),
        figure.basis,
        figure.part,
        figure.value,
        pence,
        None if pence is None else pence / PENCE_IN_MILLION,
        figure.unit,
        figure.status,
        figure.low,
        figure.high,
    )


def _year(text: str) -> str:
    """A financial year as people write it; what is none (a vintage, a period) as it stands."""
    try:
        return year_label(parse_year_id(text))
    except CalendarError:
        return text

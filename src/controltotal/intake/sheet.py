"""A table on its way into the book, shared by those who read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from controltotal.core.schema import Table
from controltotal.intake.faults import Faults
from controltotal.intake.fields import Field
from controltotal.intake.ground import Ground
from controltotal.intake.known import Known
from controltotal.intake.model import Asked, Read, Seen
from controltotal.intake.register import Beside
from controltotal.intake.sums import Money, Total


@dataclass(slots=True)
class Sheet:
    """A table on its way into the book: by column of the book, the text of each of `rows`."""

    seen: Seen
    table: Table
    fields: Mapping[str, Field]
    ground: Ground
    asked: Asked
    known: Known
    read: Read
    faults: Faults
    rows: list[int] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    money: dict[int, dict[int, Money]] = field(default_factory=dict)
    beside: Beside = field(default_factory=Beside)
    """Of a risk register, the columns that are none of the book."""
    likely: dict[int, str] = field(default_factory=dict)
    """Of a risk register, how likely the mitigation in the row of a risk is."""
    worked_out: dict[int, int] = field(default_factory=dict)
    """Of a risk register that says what is left of a risk, what its mitigation is worth, in pence."""

    def moneyed(self) -> list[Field]:
        """The columns that hold money."""
        return [f for f in self.fields.values() if self.table.columns[f.column].type == "money"]

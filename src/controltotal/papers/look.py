"""How an answer is to be shown: what of it, in which unit and order, and of which basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from controltotal.core.errors import BookError
from controltotal.core.money import canonical_unit

UNITS: Final = ("£m", "£k")
BASES: Final = ("plan", "forecast", "actual")


@dataclass(frozen=True, slots=True)
class Look:
    """How an answer is shown: the first screen or all, in which unit, order and of which basis."""

    detail: bool = False
    unit: str = ""
    sort: bool = False
    basis: str = ""

    def __post_init__(self) -> None:
        if self.unit and canonical_unit(self.unit) not in UNITS:
            raise BookError(f"--unit reads {self.unit!r}", "the command", "give £k or £m")
        if self.basis and self.basis not in BASES:
            raise BookError(
                f"--basis reads {self.basis!r}", "the command", f"give one of {', '.join(BASES)}"
            )

    @property
    def options(self) -> dict[str, object]:
        """What was asked of the look, for the options that `--json` echoes."""
        given = {"detail": self.detail, "sort": self.sort, "basis": self.basis}
        unit = canonical_unit(self.unit) if self.unit else ""
        return {name: value for name, value in {**given, "unit": unit}.items() if value}

"""Questions of one table, gathered: equal faults are one finding with every cell."""

from __future__ import annotations

from dataclasses import dataclass, field

from controltotal.intake.cells import IN_STORED, SHOWN_SCALED, Unread
from controltotal.intake.model import Place, Read, Seen
from controltotal.intake.questions import asked, quoted, told


@dataclass(frozen=True, slots=True)
class Fault:
    """What is asked, apart from where: equal ones are one finding. `notice` stops nothing."""

    code: str
    message: str
    expected: str = ""
    action: str = "Nothing, if this is what was meant."
    notice: str = ""


@dataclass(slots=True)
class Faults:
    """The questions of a table, and the cells of each."""

    seen: Seen
    places: dict[Fault, dict[Place, str]] = field(default_factory=dict)

    def add(self, fault: Fault, place: Place, found: str = "") -> None:
        """Note a fault at a cell; `found` is what stands there."""
        self.places.setdefault(fault, {})[place] = found

    def at_headings(self, fault: Fault, found: str = "") -> None:
        """Note a fault of the whole table, at its headings."""
        self.add(fault, (self.seen.heading[0], self.seen.left), found)

    def into(self, read: Read) -> None:
        """Give every question to the table that was read."""
        for fault, places in self.places.items():
            cells = [self.seen.grid.at(*place) for place in sorted(places)]
            found = quoted(text for text in places.values() if text)
            count = f" ({len(cells):,} cells)" if len(cells) > 1 else ""
            make = asked if not fault.notice else told
            kept = {"severity": fault.notice} if fault.notice else {}
            read.findings.append(
                make(
                    fault.code,
                    f"{fault.message}{count}.",
                    cells,
                    expected=fault.expected,
                    found=found,
                    action=fault.action,
                    **kept,
                )
            )


def ask_cell(faults: Faults, place: tuple[int, int], unread: Unread) -> None:
    """Ask about a cell that should hold money."""
    fault = Fault(
        "IMPORT_CELL",
        f"“{unread.text[:60]}” stands where a sum of money should",
        unread.expected,
        IN_STORED
        if unread.expected == SHOWN_SCALED
        else "Mend the cell (an empty one says that the sum is not known) and import again.",
    )
    faults.add(fault, place, unread.text[:60])

"""One savings scheme while it is made: its record, its phasing, and how it departs from rule."""

from __future__ import annotations

from dataclasses import dataclass, field

from .book import MONTHS, YEAR, month_start

DELIVERING, DEVELOPED = "fully_developed_delivering", "fully_developed"
PROGRESS, OPPORTUNITY, UNIDENTIFIED = "in_progress", "opportunity", "unidentified"

PUBLIC = (
    "Community beds",
    "Urgent care",
    "Inpatient wards",
    "Community wards",
    "Patient transport",
    "Surgery",
)
"""Services a change of which is put to the public."""


@dataclass
class Scheme:
    """A scheme in whole thousands of pounds; `fye` is twelve months' saving once live."""

    id: str
    body: str
    title: str
    programme: str
    service: str
    category: str
    line: str
    cash: str
    maturity: str
    start: str
    fye: int
    recurrence: str = "recurrent"
    weight: float = 1.0
    fixed: bool = False
    ramp: bool = False
    owner: str = ""
    provider: str = ""
    places: str = ""
    groups: str = ""
    shares: tuple[float, float, float] | None = None
    profile: str = "nhse_2025"
    evidence_to: str = ""
    signers: tuple[str, str] | None = None
    residual: dict[str, tuple[int, int]] = field(default_factory=dict)
    rescored: dict[str, tuple[int, int]] = field(default_factory=dict)
    rejected_domain: str = ""
    missing_domain: str = ""
    review_on: str = ""
    went_back: bool = False
    failed_later: bool = False
    consulted_late: bool = False
    fye_later: int = 0
    stops: int = 0
    phasing: tuple[int, ...] | None = None
    effects: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> bool:
        """Whether the plan counts it: not an opportunity, nor the unidentified remainder."""
        return self.maturity not in (OPPORTUNITY, UNIDENTIFIED)

    @property
    def asks_staff(self) -> bool:
        """Whether staff side is heard: posts change, and the scheme is worked out."""
        developed = self.maturity in (DELIVERING, DEVELOPED)
        return self.line == "pay" and developed and not self.evidence_to

    @property
    def affects(self) -> str:
        """Whom it touches."""
        public = self.service in PUBLIC or self.consulted_late
        touched = (("patients",) if public else ()) + (
            ("staff", "posts") if self.asks_staff else ()
        )
        return ";".join(touched)

    def by_month(self) -> list[int]:
        """Its saving in each month of 2026/27: even from the start, half for three if it ramps."""
        if self.phasing:
            return list(self.phasing)
        live = [m for m in MONTHS if month_start(m) >= self.start]
        out = [0] * 12
        for place, month in enumerate(live):
            out[month - 1] = self.fye // 24 if self.ramp and place < 3 else self.fye // 12
        return out


assert YEAR == "2026/27"

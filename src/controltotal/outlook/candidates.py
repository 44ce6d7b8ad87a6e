"""Which schemes may count: the eligible, and no other unless somebody asks what if.

Engines count eligible schemes only. A pipeline run asks what if those not yet assessed delivered
at their maturity's chance; one that a quality panel rejected never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from controltotal.book.records import Scheme
from controltotal.programme.eligibility import EligibleScheme, Ineligible, only_eligible


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scheme with the maturity that its evidence supports.

    `counted` schemes are simulated; of the others `reason` says why not. `eligible` is False for
    one that counts only because a pipeline run asks what if.
    """

    row: Scheme
    maturity: str
    counted: bool
    reason: str = ""
    eligible: bool = True
    rejected: bool = False

    @property
    def may_deliver(self) -> bool:
        """Whether it may bring anything if nobody stops it: never one that safety refuses."""
        return not self.rejected and self.maturity != "unidentified"

    @property
    def pipeline(self) -> bool:
        """Whether it counts only for the sake of asking."""
        return self.counted and not self.eligible

    @property
    def id(self) -> str:
        """The scheme's id."""
        return str(self.row.id)


def candidates(
    eligible: Sequence[EligibleScheme], ineligible: Sequence[Ineligible], *, pipeline: bool
) -> list[Candidate]:
    """Every scheme of a book, judged; the type `EligibleScheme` cannot hold an unsafe one."""
    only_eligible(eligible)
    found = [Candidate(scheme.row, scheme.maturity, True) for scheme in eligible]
    for one in ineligible:
        asked = pipeline and not one.rejected and one.maturity != "unidentified"
        found.append(
            Candidate(
                one.row, one.maturity, asked, one.reason, eligible=False, rejected=one.rejected
            )
        )
    return sorted(found, key=lambda candidate: candidate.row.number)

"""Sentences: what a result says in plain words, and of whom, of which year and on what.

Pages choose their sentences by these fields and never by reading the text, for two bodies may have
names that begin alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from controltotal.core.sourced import unmarked

TOPICS: Final = {
    "headline": "how the year is expected to end and what has happened, in a newspaper's words",
    "since": "who moved the forecast since the month before",
    "month": "how the year to date compares with its plan, and where the year is heading",
    "must": "what each month left must be for the forecast to hold, and where the year ends if not",
    "reported": "how many have reported the month, and what stands in for those who have not",
    "position": "where a body stands, with and without support",
    "beside": "on what figures depend, what moves them, what is imposed, promised or not told",
    "bridge": "what moved a position since its plan or its last forecast, and what nothing explains",
    "gap": "what a body must still find, or what remains of its control total",
    "savings": "savings of a plan that have passed their gates, and those that have not",
    "schemes": "schemes refused, typed too far on, over a ceiling, late, or not there yet",
    "forecast": "where the year is heading",
    "trajectory": "how long a gap takes to clear",
    "risk": "the likely range of an outturn and what carries its risk",
    "calibrate": "how far chances can be relied on",
    "portfolio": "which schemes are chosen and what that meets",
    "opportunity": "what could be saved, as a range",
    "overlap": "which opportunities are the same money",
    "share": "who bears what under each policy",
    "repayment": "who pays back how much, and how much of such support came back before",
    "equity": "on whom a burden falls",
    "vote": "what was decided, and who is bound",
    "power": "who can impose a decision and who can be outvoted",
    "boundary": "systems that do not match their councils",
    "challenge": "whether a control total is fair and achievable",
    "history": "who follows whom",
    "check": "whether a book adds up",
    "audit": "what departs from good order, and what cannot be told of it",
    "wording": "what keeps what people wrote for a paper from being final",
    "compare": "what changed between two books",
    "explain": "with which options a figure was worked out",
    "import": "what was taken from a file",
    "verify": "whether a ledger is as it was written, and the one that was kept",
    "backup": "what was copied from a ledger, and how the copy was proved",
    "restore": "what was put back as a ledger, and how the copy was proved",
    "made": "what was written, and what to do with it next",
}
"""What a sentence can be about, with the meaning of each word."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `about` is the code of a body, or empty where it is about the whole book.

    `year` is the financial year (`2026-27`, or a half) or empty; `topic` is one of `TOPICS`. `marked` is
    the text with the sources of its numbers in it, where it was made with them.

    >>> Sentence("QE1", "2020-21", "position", "Lancashire, 2020/21: the plan is break-even.").about
    'QE1'
    >>> Sentence("", "", "weather", "It rains.")
    Traceback (most recent call last):
    ValueError: 'weather' is not a topic of sentences
    """

    about: str
    year: str
    topic: str
    text: str
    marked: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.topic not in TOPICS:
            raise ValueError(f"{self.topic!r} is not a topic of sentences")

    @property
    def sourced(self) -> str:
        """The text, with the sources of its numbers in marks where they are those of this very text."""
        return self.marked if unmarked(self.marked) == self.text else self.text

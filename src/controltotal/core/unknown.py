"""Why a figure cannot be told: a kind that the program reads, and words that people read.

What is absent is never nil. A figure without a value carries one of the kinds below (`"unknown"`
in JSON), so that nothing need be read out of a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KINDS: Final = {
    "not_stated": "nothing in the book says it",
    "stopped": "a row that it would have used is stopped by a fault",
    "incomplete": "not every body or part that it is made of is known",
    "months_missing": "months are missing from what it is made of",
    "part_year": "what is known covers a part of the year only",
    "moved_in_year": "a body below changed parent within the year and is not told by month",
    "no_control_total": "no control total is in force",
    "contradicted": "rows contradict each other",
    "undecided": "the book leaves open what decides it",
    "bounded_apart": "only bounds are known, and they leave neither end",
    "no_parameter": "a number of the regime is not known, or nobody has verified it",
    "not_applicable": "the question does not arise here",
    "nothing_uncertain": "the book has nothing uncertain in it",
    "too_few": "there are too few observations",
    "not_possible": "no answer lies within the limits set",
    "not_told": "it cannot be told for the reason that its trace gives",
}
"""Every kind with its meaning."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A reason for having no value: its kind, and the words that say it.

    >>> Unknown("not_stated", "nothing is reported").kind
    'not_stated'
    >>> Unknown("perhaps", "")
    Traceback (most recent call last):
    ValueError: 'perhaps' is no kind of unknown
    """

    kind: str
    words: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of unknown")

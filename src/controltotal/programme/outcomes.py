"""What a panel, a director or a board said, as the few words that it can mean.

Words are read however they are joined or capitalised. An approving word passes; one that asks for
more lets the scheme wait; a word that nobody knows is no approval, and is told as it stands.
"""

from __future__ import annotations

from typing import Final

from controltotal.core.keys import word

APPROVE: Final = "approve"
CONDITIONS: Final = "approve_with_conditions"
WAIT: Final = "more_information"
REJECT: Final = "reject"
STOP: Final = "stop"
SCREENED: Final = "screened_out"
UNKNOWN: Final = "unknown"

_WORDS: Final = {
    APPROVE: "passed pass approved approve agreed signed accepted accept no_change adjust adjusted "
    "continue continue_justify justified endorsed supported",
    CONDITIONS: "approve_with_conditions approved_with_conditions approve_with_condition "
    "approved_with_condition approve_subject_to_conditions approved_subject_to_conditions "
    "conditional conditional_approval conditionally_approved approved_conditionally "
    "pass_with_conditions passed_with_conditions agreed_with_conditions signed_with_conditions "
    "supported_with_conditions",
    WAIT: "more_information more_info more_information_needed more_information_required "
    "more_information_requested further_information further_information_required "
    "further_information_requested information_requested deferred defer pending awaited awaiting "
    "on_hold not_yet tbc tba resubmit",
    REJECT: "reject rejected rejection refuse refused refusal declined decline not_approved "
    "not_agreed not_signed not_supported not_passed disapproved fail failed withdrawn",
    STOP: "stop stopped halt halted stop_and_rethink stop_and_remove",
    SCREENED: "screened_out screen_out screened",
}
MEANING: Final = {one: meaning for meaning, words in _WORDS.items() for one in words.split()}
"""What a word means."""
PASSING: Final = frozenset({APPROVE, CONDITIONS, SCREENED})
"""Meanings that let a scheme pass."""
REJECTING: Final = frozenset({REJECT, STOP})
"""Meanings that refuse it, until both directors have signed after it."""


def meaning(text: str | None) -> str:
    """What an outcome means; empty text approves, and any word that is not known is unknown.

    >>> meaning(""), meaning("Approve With-Conditions"), meaning("More information"), meaning("-")
    ('approve', 'approve_with_conditions', 'more_information', 'unknown')
    """
    if not (text or "").strip():
        return APPROVE
    return MEANING.get(word(text), UNKNOWN)

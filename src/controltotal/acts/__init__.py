"""Acts: the only way in which anybody changes a book that is a ledger.

An act is somebody's, on a day, for a reason. It is tested against the book as it stands, then put
into the ledger as new rows (or as withdrawals of old ones) in one batch: whole or not at all, and
only if nobody has written in the meantime. Nothing is edited. An act that the rules do not allow is
refused in words, before anything is written. Command line and web call these same functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from controltotal.acts.challenges import answer_challenge, challenge
from controltotal.acts.desk import ActRefused, Done
from controltotal.acts.portfolios import keep_portfolio
from controltotal.acts.schemes import (
    assess,
    fail_gate,
    pass_gate,
    propose,
    revise,
    sign,
    withdraw,
)

answer = answer_challenge
fail = fail_gate
keep = keep_portfolio
pass_ = pass_gate  # as on the command line: `controltotal act pass`

__all__ = [
    "ACTS",
    "ActRefused",
    "Done",
    "answer",
    "answer_challenge",
    "assess",
    "challenge",
    "fail",
    "fail_gate",
    "keep",
    "keep_portfolio",
    "pass_",
    "pass_gate",
    "propose",
    "revise",
    "sign",
    "withdraw",
]

ACTS: Final[Mapping[str, Callable[..., Done]]] = {
    "propose": propose,
    "revise": revise,
    "assess": assess,
    "sign": sign,
    "pass": pass_gate,
    "fail": fail_gate,
    "keep": keep_portfolio,
    "withdraw": withdraw,
    "challenge": challenge,
    "answer": answer_challenge,
}

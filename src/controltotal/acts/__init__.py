"""Acts: the only way in which anybody changes a book that is a ledger.

An act is somebody's, on a day, for a reason. It is tested against the book as it stands, then put
into the ledger as new rows (or as withdrawals of old ones) in one batch: whole or not at all, and
only if nobody has written in the meantime. Nothing is edited. An act that the rules do not allow is
refused in words, before anything is written. Command line and web call these same functions.
"""

from __future__ import annotations

from controltotal.acts.actors import Actor, Grant, actor_of
from controltotal.acts.bench import ActRefused, NotPermitted, RowClash
from controltotal.acts.challenges import answer_challenge, challenge
from controltotal.acts.desk import Desk, Done
from controltotal.acts.named import ACTS, Act, act
from controltotal.acts.portfolios import keep_portfolio
from controltotal.acts.schemes import (
    assess,
    fail_gate,
    pass_gate,
    propose,
    revise,
    withdraw,
)
from controltotal.acts.signatures import sign

answer = answer_challenge
fail = fail_gate
keep = keep_portfolio
pass_ = pass_gate  # as on the command line: `controltotal act pass`

__all__ = [
    "ACTS",
    "Act",
    "ActRefused",
    "Actor",
    "Desk",
    "Done",
    "Grant",
    "NotPermitted",
    "RowClash",
    "act",
    "actor_of",
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

"""What a ledger says when it cannot do what was asked: what, where, and what to do next.

Accounting idea: an error is not a "no". A refused entry is surely not in the book; an entry whose
writing was cut off by the disk may be. The two have different names here, because the person at
the desk must do different things: change the entry, or open the ledger again and send the same
act once more under its old request.

Source: TigerBeetle, "Reliable transaction submission"; PostgreSQL stops after a failed sync.
"""

from __future__ import annotations


class LedgerError(Exception):
    """A plain sentence in three parts: what happened, where, what to do.

    >>> print(LedgerError("the ledger is locked by another writer", "plan.ledger", "try again"))
    the ledger is locked by another writer (plan.ledger): try again
    """

    def __init__(self, what: str, where: str, action: str) -> None:
        super().__init__(what, where, action)
        self.what = what
        self.where = where
        self.action = action

    def __str__(self) -> str:
        return f"{self.what} ({self.where}): {self.action}"


class Clash(LedgerError):
    """Somebody appended first: the last entry is no longer the one the writer had seen."""

    def __init__(self, expected: int, actual: int, where: str = "ledger") -> None:
        super().__init__(
            f"the ledger has moved on: you had seen entry {expected}, its last is {actual}",
            where,
            "read it again, look at what changed, and send your entries after the new last one",
        )
        self.expected = expected
        self.actual = actual


class RequestReused(LedgerError):
    """A request that was done already came again and asks for something else.

    `seq` is the entry that it was done as; 0 where that is not for whoever asks.
    """

    def __init__(self, request: str, seq: int = 0, where: str = "ledger") -> None:
        what = f"as entry {seq}, which says something else" if seq else "by somebody else"
        super().__init__(
            f"the request {request!r} was done already {what}",
            where,
            "give a new act a request of its own; send an old one only to repeat the same act",
        )
        self.request = request
        self.seq = seq


class OutcomeUnknown(LedgerError):
    """The disk failed while the entries were being written: they may or may not be there."""


class ChainBroken(LedgerError):
    """An entry is not what was written: changed, missing, repeated or out of order."""

    def __init__(self, seq: int, reason: str, where: str = "ledger") -> None:
        super().__init__(
            f"entry {seq} is not as it was written: {reason}",
            where,
            "do not rely on these figures; put back a copy whose root matches the one you kept",
        )
        self.seq = seq
        self.reason = reason

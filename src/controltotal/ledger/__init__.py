"""The ledger: entries that put or withdraw a row of a table, chained, and the stores for them."""

from __future__ import annotations

from controltotal.ledger.entries import (
    GENESIS,
    PUT,
    WITHDRAW,
    Cells,
    Draft,
    Entry,
    in_force,
    put,
    root,
    seal,
    verify,
    withdraw,
)
from controltotal.ledger.errors import (
    ChainBroken,
    Clash,
    IdReused,
    LedgerError,
    OutcomeUnknown,
)
from controltotal.ledger.opening import is_ledger_address, open_ledger
from controltotal.ledger.store import Appended, MemoryStore, Store

__all__ = [
    "GENESIS",
    "PUT",
    "WITHDRAW",
    "Appended",
    "Cells",
    "ChainBroken",
    "Clash",
    "Draft",
    "Entry",
    "IdReused",
    "LedgerError",
    "MemoryStore",
    "OutcomeUnknown",
    "Store",
    "in_force",
    "is_ledger_address",
    "open_ledger",
    "put",
    "root",
    "seal",
    "verify",
    "withdraw",
]

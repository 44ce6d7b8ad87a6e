"""The ledger: blocks of rows put or withdrawn in one act, chained, and the stores for them."""

from __future__ import annotations

from controltotal.ledger.chain import GENESIS, Link, Sealer, entries_of, root, verify
from controltotal.ledger.entries import (
    PUT,
    REDACTED,
    WITHDRAW,
    Author,
    Cells,
    Draft,
    Entry,
    Narration,
    Posting,
    in_force,
    put,
    withdraw,
)
from controltotal.ledger.errors import (
    ChainBroken,
    Clash,
    LedgerError,
    OutcomeUnknown,
    RequestReused,
)
from controltotal.ledger.opening import is_ledger_address, open_ledger
from controltotal.ledger.redaction import Erasure
from controltotal.ledger.store import MemoryStore, Receipt, Store

__all__ = [
    "GENESIS",
    "PUT",
    "REDACTED",
    "WITHDRAW",
    "Author",
    "Cells",
    "ChainBroken",
    "Clash",
    "Draft",
    "Entry",
    "Erasure",
    "LedgerError",
    "Link",
    "MemoryStore",
    "Narration",
    "OutcomeUnknown",
    "Posting",
    "Receipt",
    "RequestReused",
    "Sealer",
    "Store",
    "entries_of",
    "in_force",
    "is_ledger_address",
    "open_ledger",
    "put",
    "root",
    "verify",
    "withdraw",
]

"""Pages that a search leads to by what they tell: each with the words by which people ask for it."""

from __future__ import annotations

from typing import Final

PAGES: Final = (
    ("What waits, and what is overdue", "overdue late due waiting reminder today home", "/"),
    ("Months that are sent and due", "month months sent send due late figures overdue", "/months"),
    ("Where are we?", "position deficit surplus money where now", "/questions/position"),
    ("Where are we heading?", "forecast outturn year's end heading deficit", "/questions/forecast"),
    ("How long to clear it?", "trajectory years clear deficit gap", "/questions/trajectory"),
    ("Will it deliver?", "risk risks chance range deliver", "/questions/risk"),
    ("Which schemes, safely?", "portfolio choice schemes safe", "/questions/portfolio"),
    (
        "What could be saved, without counting twice?",
        "opportunities save",
        "/questions/opportunities",
    ),
    ("Who pays, and is it fair?", "share shares owed owe repay fair pays", "/questions/share"),
    ("Who decides, and who is bound?", "decisions vote votes voting bound", "/questions/decide"),
    ("Questions from outside", "question questions asked answer answers councillor", "/asked"),
    ("Quality: schemes by risk", "quality safety conditions signatures review overdue", "/quality"),
    ("Data queries", "findings errors warnings wrong check queries", "/findings"),
    ("Schemes", "schemes savings register programme", "/schemes"),
    ("Money between organisations", "transfers support money", "/transfers"),
    ("Board papers", "papers paper board meeting meetings", "/papers"),
    ("Try a change", "try change simulate delay", "/try"),
    ("The ledger", "ledger entries audit history root verify", "/ledger"),
)
"""Title, words and address of each page that any reader may open."""

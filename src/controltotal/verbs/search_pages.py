"""Pages that a search leads to by what they tell: each with the words by which people ask for it."""

from __future__ import annotations

from typing import Final

QUESTIONS: Final = {
    "check": "Does it add up?",
    "position": "Where are we?",
    "forecast": "Where are we heading?",
    "trajectory": "How long to clear it?",
    "opportunities": "What could be saved, without counting twice?",
    "portfolio": "Which schemes, safely?",
    "risk": "Will it deliver?",
    "share": "Who pays, and is it fair?",
    "decide": "Who decides, and who is bound?",
    "publish": "What may the public know?",
}
"""The ten questions in the words in which people ask them, each by the verb that answers it."""
PAGES: Final = (
    ("What waits, and what is overdue", "overdue late due waiting reminder today home", "/"),
    ("Months that are sent and due", "month months sent send due late figures overdue", "/months"),
    (QUESTIONS["position"], "position deficit surplus money where now", "/questions/position"),
    (QUESTIONS["forecast"], "forecast outturn year's end heading deficit", "/questions/forecast"),
    (QUESTIONS["trajectory"], "trajectory years clear deficit gap", "/questions/trajectory"),
    (QUESTIONS["risk"], "risk risks chance range deliver", "/questions/risk"),
    (QUESTIONS["portfolio"], "portfolio choice schemes safe", "/questions/portfolio"),
    (
        QUESTIONS["opportunities"],
        "opportunities save",
        "/questions/opportunities",
    ),
    (QUESTIONS["share"], "share shares owed owe repay fair pays", "/questions/share"),
    (QUESTIONS["decide"], "decisions vote votes voting bound", "/questions/decide"),
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

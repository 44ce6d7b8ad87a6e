# ruff: noqa: E501 - one line an item in the lists
"""What the officers of the fictional system wrote for its board paper, and what is being done.

Numbers stand in slots, so that the words may be carried to the next month: see `docs/how-to/board-paper.md`.
"""

from __future__ import annotations

from .book import YEAR, Book

OFFICER = "Chief Finance Officer"
LAST_MEETING = "2026-11-26"

# about | month | kind | by | on | text
_WORDS = """
answer|9|headline|{officer}|2027-01-21|We expect to end the year {forecast|words} before support: {variance_year|words} than plan and {gap|size} short of the total set for us.
agency_pay|9|driver|{officer}|2027-01-21|{agency_pay_variance|size} more than planned to {month}; half is winter wards opened without staff.
XF-HOL|9|driver|Director of Finance, Hollowmere|2027-01-21|now {forecast}; its agency contract runs until the winter ward closes.
heading|9|caveat|{officer}|2027-01-21|£21.5m from non-pay and reserves, £3.6m of it made by {month}; without it the year ends {if_repeated|words}.
savings|9|assurance|Programme director|2027-01-21|internal audit has read the evidence of the ten largest schemes; of {efficiencies_plan|size} planned we expect {efficiencies_forecast|size}.
answer|8|headline|{officer}|2026-12-17|We still expect to end the year {forecast|words} before support; winter is the test of it.
"""

# id | organisation | title | about | owner | due | done on | worth | in the forecast
_ACTIONS = """
ACT-01|XF-SYS|Two signatures for each agency shift off framework|agency_pay|Chief Nurse|2026-12-31||1800|0
ACT-02|XF-HOL|End the agency contract for the winter ward|XF-HOL|Director of Finance, Hollowmere|2026-10-31||1500|1500
ACT-03|XF-ICB|Release what is left of the reserve, by board decision|must|Chief Finance Officer|2027-02-25||9000|9000
ACT-04|XF-FTH|Weekly theatre lists filled to plan|agency_pay|Chief Operating Officer|2027-02-12||900|0
ACT-05|XF-SYS|Name schemes for the savings that have none|savings||2027-02-28|||
ACT-06|XF-SYS|Agree the balances between the organisations before month 10|method|Chief Finance Officers|2027-02-05|||
ACT-07|XF-ALD|Stop new orders of consumables outside the catalogue|savings|Head of Procurement, Alderwick|2026-12-18|2026-12-16|400|400
ACT-08|XF-ICB|Ask Saltmere for support until April|paying|Chief Finance Officer|2026-12-10|2026-12-09|4000|
"""


def put_words(book: Book) -> None:
    """The words of this month's paper, and the headline of the month before."""
    names = "about month kind by on text".split()  # noqa: SIM905
    for line in _WORDS.strip().splitlines():
        row = dict(zip(names, line.split("|", 5), strict=True))
        row["by"] = row["by"].replace("{officer}", OFFICER)
        book.put("commentary", **row, year=YEAR, status="agreed")
    book.case(
        "Words with numbers that are filled",
        "see commentary",
        "Slots such as `{forecast}`; the headline of month 8 is not shown as that of month 9.",
    )


def put_actions(book: Book) -> None:
    """Actions that are open, overdue, without an owner, and done since the last meeting."""
    names = "id organisation title about owner due done_on worth in_forecast".split()  # noqa: SIM905
    for line in _ACTIONS.strip().splitlines():
        book.put("actions", **dict(zip(names, line.split("|"), strict=True)))
    book.case(
        "An action overdue, and one that nobody answers for", "ACT-02, ACT-05", "Papers say so."
    )

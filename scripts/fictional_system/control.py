# ruff: noqa: E501 - one line a transfer, as in the letters that they stand for
"""Control totals with their history, transfers and repayments, challenges, waivers, submissions.

A control total here counts support where the body receives any. When money moves between two
boards, both control totals move with it on the same day.
"""

from __future__ import annotations

from .bodies import BOARD, MERGED, NEIGHBOURS, OWN, POOL, RESERVE, REST, SHORT, SYSTEM
from .book import PAST, YEAR, Book
from .money import PLAN
from .stated import history

REGION, NEIGHBOUR = "XF-REG", "XF-WIC"
SETTER = "Eastmarch regional team"
MOVED_ON, LATE_ON = "2026-06-30", "2026-05-28"
_LOAN = {"2023/24": 2000, "2024/25": -1000, "2025/26": -600}  # T-01, lent and paid back
_NO_SUPPORT = ("XF-COM", "XF-AMB", "XF-MHT")


def _total(
    book: Book,
    body: str,
    year: str,
    amount: int,
    status: str,
    on: str,
    reason: str,
    support: str = "yes",
    setter: str = SETTER,
) -> None:
    name = SHORT.get(body)
    book.put(
        "control_totals",
        organisation=body,
        year=year,
        amount=amount,
        status=status,
        set_by=setter,
        set_on=on,
        owner=f"Chief Finance Officer, {name}" if name else "Chief Finance Officer",
        monitor="Eastmarch regional finance team, each month",
        consequence="Support withheld from the next quarter; investment needs regional sign-off",
        appeal="Regional director within 20 working days",
        includes_support=support,
        reason=reason,
        source="SRC-CT",
    )


def put_control_totals(book: Book) -> None:
    """Every leaf has one a year; the system and region have their own for 2026/27."""
    for body in (
        *OWN,
        *(b for board, ts in NEIGHBOURS.values() for b in (board, *ts)),
        RESERVE,
        REST,
    ):
        for year, (plan, _) in history(body).items():
            sign = {BOARD: 1, NEIGHBOUR: -1}.get(body, 0)
            moved = sign * _LOAN[year]
            on = f"{year[:4]}-03-24"
            if sign and year == PAST[0]:
                _total(book, body, year, plan, "accepted", f"{year[:4]}-02-24", "Annual plan")
            reason = "Moved with transfer T-01" if sign else "Annual plan"
            _total(book, body, year, plan + moved, "accepted", on, reason)
    _this_year(book)
    _later_years(book)
    total = sum(PLAN["2027/28"].values())
    assert total == -20000


def _this_year(book: Book) -> None:
    on = "2026-03-20"
    plain = "Each body balances, support included"
    _total(book, BOARD, YEAR, -6000, "accepted", on, "A deficit accepted for one year")
    _total(book, BOARD, YEAR, 0, "accepted", MOVED_ON, "Moved with transfer T-02")
    for body in ("XF-FTH", "XF-MHT", "XF-COM", POOL):
        support = "no" if body in _NO_SUPPORT else "yes"
        _total(book, body, YEAR, 0, "accepted", on, plain, support)
    _total(book, "XF-ALD", YEAR, 1500, "accepted", "2026-02-27", "First letter")
    _total(
        book, "XF-ALD", YEAR, 1500, "withdrawn", "2026-03-13", "Arithmetical error in the letter"
    )
    _total(book, "XF-ALD", YEAR, 0, "accepted", on, plain)
    _total(book, "XF-HOL", YEAR, 0, "accepted", on, plain)
    _total(book, "XF-HOL", YEAR, 2500, "accepted", LATE_ON, "Region short of its own total")
    _total(
        book, "XF-AMB", YEAR, 2000, "proposed", "2026-02-27", "Share of a regional stretch", "no"
    )
    _total(book, "XF-AMB", YEAR, 2000, "refused", "2026-03-06", "Response times would suffer", "no")
    _total(book, "XF-AMB", YEAR, 0, "accepted", on, plain, "no")
    _total(book, NEIGHBOUR, YEAR, 0, "accepted", on, plain)
    _total(book, NEIGHBOUR, YEAR, -6000, "accepted", MOVED_ON, "Moved with transfer T-02")
    for body in ("XF-WHA", "XF-WMH", "XF-SIC", "XF-SHA", "XF-SGH", "XF-SCM", RESERVE):
        _total(book, body, YEAR, 0, "accepted", on, plain)
    _total(book, REST, YEAR, -30000, "accepted", on, "National plan")
    _total(book, SYSTEM, YEAR, -6000, "accepted", "2026-03-27", "Sum of its bodies")
    _total(book, SYSTEM, YEAR, 2500, "accepted", MOVED_ON, "Sum of its bodies")
    _total(
        book, REGION, YEAR, 2500, "accepted", "2026-03-27", "Set nationally", "yes", "National team"
    )
    book.case(
        "A control total set after its year began",
        "XF-HOL, 2026/27, 2026-05-28",
        "Raised from 0 to 2.5 million eight weeks into the year; the trust challenged it. The "
        "totals that moved with transfer T-02, and the system's, are late as well.",
    )
    book.case(
        "A beneficiary that nobody names",
        "XF-HOL, 2026/27, and so XF-SYS",
        "Hollowmere was asked for 2.5 million more, and nobody says who benefits.",
    )
    book.case(
        "A control total withdrawn, and one proposed and refused",
        "XF-ALD and XF-AMB, 2026/27",
        "Alderwick's first letter was withdrawn; the ambulance service refused a stretch of 2.0.",
    )
    book.case(
        "A regional control total that its parts do not reach",
        "XF-REG, 2026/27",
        "Children sum to (3.5) million against 2.5: the region still assumes that the board "
        "balances unaided, £6.0 million apart.",
    )


def _later_years(book: Book) -> None:
    on = "2026-03-20"
    for year in ("2027/28", "2028/29"):
        for body in PLAN[year]:
            if body == BOARD:
                _total(book, body, year, -2000, "accepted", MOVED_ON, "Repayment of transfer T-02")
            elif (body, year) == ("XF-MHT", "2028/29"):
                _total(book, body, year, 3000, "proposed", on, "Proposed in the medium term", "no")
            else:
                support = "no" if body in _NO_SUPPORT else "yes"
                _total(book, body, year, 0, "accepted", on, "Each body balances", support)
        for board, trusts in NEIGHBOURS.values():
            for body in (board, *trusts):
                paid = body == NEIGHBOUR
                reason = "Repayment of transfer T-02" if paid else "Each body balances"
                _total(
                    book,
                    body,
                    year,
                    2000 if paid else 0,
                    "accepted",
                    MOVED_ON if paid else on,
                    reason,
                )
        _total(book, RESERVE, year, 0, "accepted", on, "Holds, does not spend")
        _total(
            book, REST, year, -10000 if year == "2027/28" else 0, "accepted", on, "National plan"
        )
        _total(book, SYSTEM, year, -2000, "accepted", MOVED_ON, "Sum of its bodies")
    book.case(
        "A control total only proposed",
        "XF-MHT, 2028/29",
        "3.0 million proposed, not accepted: the trust's gap for that year is not known.",
    )


# id | from | to | year | £k | known on | kind | mechanism | status | repaid from | years | chance | source | condition
_TRANSFERS = """
T-01|XF-WIC|XF-ICB|2023/24|2000|2023-03-24|neighbour_support|resource_transfer|agreed|2024/25|2||SRC-ACC|Both control totals move
T-02|XF-WIC|XF-ICB|2026/27|6000|2026-06-30|neighbour_support|resource_transfer|agreed|2027/28|3|0.8|SRC-CT|Both control totals move; repaid within three years
T-03|XF-SIC|XF-ICB|2026/27|4000|2026-09-25|neighbour_support|resource_transfer|proposed|2027/28|3||SRC-BRD|Saltmere's board to approve
T-04|XF-ICB|XF-RSV|2026/27|1800|2026-07-15|top_slice|allocation_reduction|agreed||||SRC-CT|0.05% of every allocation in the region
T-05|XF-WIC|XF-RSV|2026/27|1000|2026-07-15|top_slice|allocation_reduction|agreed||||SRC-CT|0.05% of every allocation in the region
T-06|XF-SIC|XF-RSV|2026/27|1400|2026-07-15|top_slice|allocation_reduction|agreed||||SRC-CT|0.05% of every allocation in the region
T-07|XF-RSV|XF-SHA|2026/27|3000|2026-07-31|top_slice|allocation_reduction|agreed||||SRC-CT|The slice placed; 1.2 million stays in reserve
T-08|XF-WMH|XF-ALD|2026/27|1500|2026-05-15|other|position_improvement|lapsed||||SRC-BRD|Lapsed on 30 June 2026 unsigned
"""


def put_transfers(book: Book) -> None:
    """Neighbour support with its repayment, a proposal, a top slice that is placed, one lapsed."""
    names = (
        "id from_ to year amount known_on kind mechanism status repay_from repay_years chance "
        "source condition"
    )
    for line in _TRANSFERS.strip().splitlines():
        row = dict(zip(names.split(), line.split("|"), strict=True))
        book.put("transfers", **row, interest="0" if row["repay_years"] else "")
    for year, kind, amount in (
        ("2024/25", "repaid", 1000),
        ("2025/26", "repaid", 600),
        ("2025/26", "written_off", 400),
    ):
        book.put(
            "repayments", transfer="T-01", year=year, kind=kind, amount=amount, source="SRC-ACC"
        )
    for case in (
        (
            "Support repaid over three years",
            "T-02",
            "Westerlow's board lends 6.0 million; both control totals move; 2.0 a year comes back.",
        ),
        (
            "An old loan, part repaid and part written off",
            "T-01",
            "2.0 million lent in 2023/24: 1.6 repaid, 0.4 written off.",
        ),
        (
            "A transfer only proposed, and one lapsed",
            "T-03, T-08",
            "Neither counts as support. The proposal shows apart; no control total moves with it, so "
            "Saltmere's board would fail for obeying.",
        ),
        (
            "A top slice",
            "T-04 to T-06, placed by T-07",
            "0.05% of three allocations (4.2 million); 3.0 placed, 1.2 held. The boards' control "
            "totals stayed, so each slice must be saved.",
        ),
    ):
        book.case(*case)


def put_regime(book: Book) -> None:
    """Challenges, waivers, submissions and the parameters agreed locally."""
    for name, value in (("delivery_chance_in_progress", 0.65), ("delivery_mode_in_progress", 0.7)):
        book.put(
            "parameters",
            name=name,
            value=value,
            from_="2026-04-01",
            authority="local agreement",
            source="System finance committee, 26 March 2026",
            mark="C",
            adopted_by="System finance committee",
            adopted_on="2026-03-26",
        )
    book.put(
        "challenges",
        organisation="XF-HOL",
        year=YEAR,
        by="Chair, Hollowmere General Hospital",
        on="2026-06-11",
        grounds="Set eight weeks after the year began; no safe scheme remains",
        answer="The regional total is short by the same sum",
        outcome="rejected",
    )
    book.put(
        "challenges",
        organisation="XF-AMB",
        year=YEAR,
        by="Chief Executive, Eastmarch Ambulance Service",
        on="2026-03-06",
        grounds="A stretch of 2.0 would lengthen response times",
        answer="Stretch removed",
        outcome="upheld",
    )
    book.put(
        "waivers",
        rule="individual_break_even",
        organisation=BOARD,
        year=YEAR,
        by="National team",
        on="2026-03-20",
        until="2027-03-31",
        reason="One-year deficit accepted while the board joins a merger",
    )
    for body in (BOARD, "XF-FTH", "XF-ALD", "XF-HOL", "XF-MHT", "XF-COM", "XF-AMB"):
        again = body == "XF-HOL"
        book.put(
            "submissions",
            organisation=body,
            year=YEAR,
            entry="1",
            by=f"Chief Finance Officer, {SHORT[body]}",
            approved_by=f"Chief Executive, {SHORT[body]}",
            on="2026-03-27",
            reopened_by=SETTER if again else "",
            reopened_on=LATE_ON if again else "",
            reason="Control total raised after the plan was handed in" if again else "",
        )


assert MERGED in PLAN["2027/28"] and len(PAST) == 3

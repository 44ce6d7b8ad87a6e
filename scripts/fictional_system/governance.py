# ruff: noqa: E501 - one line an item in the lists
"""Limits, opportunities, risks, decisions and votes, promises, and what is withheld."""

from __future__ import annotations

from .bodies import BOARD, MERGED, SHORT, SYSTEM, TRUSTS
from .book import MONTHS, RETURNED_ON, YEAR, Book
from .special import WARD, WARD_CEILING

_CAPACITY = {
    BOARD: 46,
    "XF-FTH": 58,
    "XF-ALD": 30,
    "XF-HOL": 20,
    "XF-MHT": 24,
    "XF-COM": 14,
    "XF-AMB": 12,
}
_INVEST = {
    BOARD: 6200,
    "XF-FTH": 7400,
    "XF-ALD": 3100,
    "XF-HOL": 2200,
    "XF-MHT": 2600,
    "XF-COM": 1300,
    "XF-AMB": 1100,
}


def put_limits(book: Book) -> None:
    """People, money, harm and fairness that a choice of schemes must respect."""

    def limit(body: str, what: str, value: object, unit: str, by: str, **more: object) -> None:
        book.put(
            "limits",
            organisation=body,
            year=more.pop("year", YEAR),
            limit=what,
            value=value,
            unit=unit,
            by=by,
            **more,
        )

    for body, people in _CAPACITY.items():
        for month in MONTHS:
            fewer = people - people // 6 if month in (9, 10) else people  # winter
            limit(
                body, "capacity_wte", fewer, "wte", f"Programme Office, {SHORT[body]}", month=month
            )
        limit(body, "investment", _INVEST[body], "£k", f"Chief Finance Officer, {SHORT[body]}")
    limit("XF-ALD", "harm_ceiling", WARD_CEILING, "score", "Chief Nurse B", group=WARD)
    limit(
        MERGED, "harm_ceiling", WARD_CEILING, "score", "Chief Nurse H", group=WARD, year="2027/28"
    )
    limit("XF-HOL", "share_of_burden", 0.12, "share", "System board")
    limit("XF-LA3", "share_of_burden", 0.25, "share", "System board")
    limit("XF-HOL", "saving_floor", 4000, "£k", "Eastmarch regional team")
    limit("XF-COM", "saving_ceiling", 12500, "£k", "System board")
    limit("XF-SYS", "margin", 5000, "£k", "System board")


# Body, then unit-cost view by topic: value, low, high, spend (£k).
_UNIT_COST = {
    "XF-FTH": {
        "WOR": (41000, 21700, 60100, 722000),
        "MED": (12400, 6700, 18200, 153000),
        "PRO": (9300, 5000, 13700, 104000),
        "EST": (8900, 3600, 14200, 61000),
        "COR": (5200, 2800, 7700, 48000),
        "THE": (6900, 2600, 11100, 88000),
        "OUT": (4100, 1200, 7000, 72000),
    },
    "XF-ALD": {
        "WOR": (15900, 8000, 24100, 289000),
        "MED": (2700, 1200, 4200, 47000),
        "PRO": (6000, 2600, 9400, 38000),
        "EST": (4600, 2400, 6800, 27000),
        "COR": (2600, 1300, 4000, 21000),
        "THE": (2100, -300, 4500, 36000),
        "OUT": (2000, 300, 3900, 29000),
    },
    "XF-HOL": {
        "WOR": (11300, 5800, 17000, 214000),
        "MED": (4500, 1900, 7100, 33000),
        "PRO": (5500, 1500, 9500, 26000),
        "EST": (2400, 1100, 3700, 22000),
        "COR": (3400, 2000, 4800, 18000),
        "THE": (1200, -500, 2900, 24000),
        "OUT": (1100, -200, 2400, 19000),
    },
    BOARD: {"MED": (38500, 24700, 52600, 346000), "CHC": (21000, 9400, 32800, 182000)},
    "XF-WIC": {"MED": (5100, 2200, 8000, 191000), "CHC": (4300, 900, 7700, 98000)},
    "XF-SIC": {"MED": (10400, 6100, 14700, 268000), "CHC": (8700, 3800, 13600, 141000)},
}
_TOPIC = {
    "WOR": "Workforce",
    "MED": "Medicines",
    "PRO": "Procurement",
    "EST": "Estates",
    "COR": "Corporate services",
    "THE": "Theatres",
    "OUT": "Outpatients",
    "CHC": "Continuing care",
}
_PATHWAYS = (
    ("MSK", "Musculoskeletal", 7400, 2900, 11800),
    ("CVD", "Circulation", 5900, 1800, 10100),
    ("RES", "Respiratory", 4800, 900, 8700),
    ("FRA", "Frailty", 9300, 3700, 15000),
    ("PRE", "Prescribing", 8800, 5200, 12400),
)


def put_opportunities(book: Book) -> None:
    """Two views of what could be saved, and how they share the same money."""
    for body, topics in _UNIT_COST.items():
        book.put(
            "opportunities",
            id=f"OP-{body[3:]}",
            view="unit_cost",
            organisation=body,
            category="All",
            value=sum(v[0] for v in topics.values()),
            year=YEAR,
            source="SRC-OPP",
        )
        for topic, (value, low, high, spend) in topics.items():
            book.put(
                "opportunities",
                id=f"OP-{body[3:]}-{topic}",
                view="unit_cost",
                organisation=body,
                category=_TOPIC[topic],
                value=value,
                low=low,
                high=high,
                year=YEAR,
                parent=f"OP-{body[3:]}",
                spend=spend,
                source="SRC-OPP",
                disjoint="estates-people: rent and energy hold no pay" if topic == "EST" else "",
            )
    for code, category, value, low, high in _PATHWAYS:
        book.put(
            "opportunities",
            id=f"OP-PATH-{code}",
            view="pathways",
            organisation=BOARD,
            category=category,
            value=value,
            low=low,
            high=high,
            year=YEAR,
            source="SRC-OPP",
        )
    for category_a, category_b, share in (
        ("Prescribing", "Medicines", 0.9),
        ("Musculoskeletal", "Theatres", 0.4),
        ("Musculoskeletal", "Outpatients", 0.25),
        ("Circulation", "Medicines", 0.2),
        ("Respiratory", "Medicines", 0.3),
        ("Frailty", "Continuing care", 0.15),
    ):
        book.put(
            "crosswalk",
            view_a="pathways",
            category_a=category_a,
            view_b="unit_cost",
            category_b=category_b,
            share=share,
        )


# id | body | kind | gross, chance this month | gross, chance the month before | title
_RISKS = """
R-01|XF-FTH|risk|2600|0.4|5200|0.5|Winter beds stay open past March
R-02|XF-FTH|risk|1500|0.3|1500|0.4|Pay award above what is funded
R-03|XF-FTH|mitigation|2400|0.5|2400|0.5|Second wave of theatre lists
R-04|XF-ALD|risk|1200|0.4|1900|0.45|Activity above contract in orthopaedics
R-05|XF-ALD|risk|600|0.3|900|0.3|Merger costs fall in this year
R-06|XF-HOL|risk|800|0.6|800|0.5|Interest on cash that must be borrowed
R-07|XF-HOL|risk|1300|0.6|900|0.5|Agency cost of rotas that cannot be filled
R-08|XF-HOL|mitigation|1100|0.3|1100|0.5|Land sale completes by March
R-09|XF-MHT|risk|900|0.4|1400|0.4|Out-of-area beds rise again
R-10|XF-MHT|mitigation|500|0.5|500|0.5|Crisis house opens early
R-11|XF-COM|risk|400|0.3|700|0.3|Equipment contract re-tendered
R-12|XF-AMB|risk|700|0.4|1100|0.5|Overtime in a hard winter
R-13|XF-AMB|mitigation|300|0.5|300|0.4|Fuel price falls
R-14|XF-ICB|risk|2800|0.4|4600|0.5|Continuing care grows faster than planned
R-15|XF-ICB|risk|2100|0.35|2100|0.35|Medicines prices and shortages
R-16|XF-ICB|risk|2400|0.3|2400|0.5|Winter income in dispute with the teaching trust
R-17|XF-ICB|mitigation|3000|0.7|3000|0.5|Reserve released
R-18|XF-ICB|mitigation|1500|0.4|1500|0.35|Rebates above plan
R-19|XF-ICB|risk|600|0.5|900|1|The top slice must be saved
R-20|XF-POL|risk|200|0.2|300|0.2|Council cuts its part of the pool
"""


def put_risks(book: Book) -> None:
    """The register of risks and mitigations, as it stood last month and as it stands."""
    for line in _RISKS.strip().splitlines():
        id_, body, kind, gross, chance, gross_before, chance_before, title = line.split("|")
        owner = f"Chief Finance Officer, {SHORT.get(body, 'better care pool')}"
        row = {"id": id_, "organisation": body, "title": title, "kind": kind, "owner": owner}
        book.put("risks", **row, gross=gross_before, chance=chance_before, source="SRC-M8")
        if (gross, chance) != (gross_before, chance_before):
            book.put(
                "risks", **row, gross=gross, chance=chance, source="SRC-M9", known_on=RETURNED_ON
            )


_WEIGHT = {BOARD: 12, "XF-FTH": 6, "XF-ALD": 4, "XF-HOL": 3, "XF-MHT": 5, "XF-COM": 3, "XF-AMB": 2}


def put_decisions(book: Book) -> None:
    """Decisions under different rules, with dissent, conflict and absent delegation."""

    def decide(id_: str, title: str, rule: str, on: str, votes: str, **more: object) -> None:
        book.put("decisions", decision=id_, title=title, rule=rule, on=on, **more)
        conflicts = {"D-02": {"XF-HOL": "Its own beds"}, "D-04": {"XF-COM": "It runs the beds"}}
        words = {"f": "for", "a": "against", "-": "abstain", "x": "absent"}
        for body, vote in zip((BOARD, *TRUSTS), votes, strict=True):
            book.put(
                "votes",
                decision=id_,
                organisation=body,
                vote=words[vote],
                weight=_WEIGHT[body],
                delegated="no" if body in ("XF-AMB", "XF-MHT") else "yes",
                conflict=conflicts.get(id_, {}).get(body, ""),
                known_on=on,
            )

    decide(
        "D-01",
        "Adopt the recovery plan for 2026/27",
        "majority",
        "2026-03-26",
        "fffaf-f",
        quorum=0.6,
    )
    decide(
        "D-02", "Share the system gap by headroom", "weighted", "2026-06-25", "ffaaaaa", quorum=0.5
    )
    decide("D-03", "Merge Alderwick and Hollowmere", "unanimity", "2026-05-28", "fffffff", quorum=1)
    decide(
        "D-04",
        "Close the Marl House community beds",
        "supermajority",
        "2026-07-30",
        "fff-fxa",
        quorum=0.6,
        threshold=0.75,
    )
    decide("D-05", "Single continuing care team", "lead", "2026-09-24", "ffff-ff", lead=BOARD)
    decide(
        "D-06",
        "Ask Saltmere for support of £4.0 million",
        "double_majority",
        "2026-09-24",
        "ffffa-f",
    )
    decide("D-07", "Open books between all bodies", "consensus", "2026-11-19", "fffff-f")
    book.case(
        "Outvoted by weight",
        "D-02",
        "The board and the teaching trust hold 18 of the 32 votes cast: two bodies against four, "
        "one more being in conflict.",
    )


# id | by | on | text | measure | body | value | due
_PROMISES = """
P-01|System board|2026-03-26|The teaching trust will end the year no worse than (18.0) million|surplus|XF-FTH|-18000|2027-03-31
P-02|System board|2026-03-26|Levels Community Health will be in surplus|surplus|XF-COM|400|2027-03-31
P-03|Hollowmere General Hospital|2026-04-30|Hollowmere will hold at least 3 million of cash at the year's end|cash|XF-HOL|3000|2027-03-31
P-04|Integrated care board|2026-07-30|Nobody will lose a community bed before consultation ends||XF-ICB||2026-11-09
"""

# figure | kind | exemption | reason | decided by | asked by | asked on | review on | until
_WITHHELD = """
surplus/XF-FTH/2026-27/forecast/internal|withheld|s.36|Free and frank advice to the board|Qualified person, Fenmarch Teaching Hospitals|||2027-01-29|2027-06-30
cash/XF-HOL/2026-27/forecast|refused|s.43|Commercial interests while cash support is agreed|Hollowmere General Hospital|A local newspaper|2026-10-05|2026-12-18|
control_total/XF-HOL/2026-27/plan/beneficiary|undisclosed||The regional team has not said which body the extra 2.5 million is for|Eastmarch regional team|Hollowmere General Hospital|2026-06-11|2026-12-11|
savings_plan/XF-AMB/2026-27/plan|no_reply||Asked twenty working days ago, no reply||A councillor|2026-10-12|2026-12-01|
share/XF-SIC/2026-27/plan/neighbour_support|withheld|s.22|To be published with Saltmere's board papers|Saltmere board|||2027-01-15|2027-02-26
"""


def put_meetings(book: Book) -> None:
    """The item of the board's last meeting, and of its next one."""
    item = {"organisation": SYSTEM, "meeting": "Integrated care board", "item": "7"}
    item |= {"session": "public", "presented_by": "Chief Finance Officer", "source": "SRC-BRD"}
    book.put(
        "papers",
        **item,
        on="2026-11-26",
        purpose="assurance",
        considered_by="Finance committee, 19 November 2026",
        recommendation="To note the position to October.",
        known_on="2026-11-19",
    )
    book.put(
        "papers",
        **item,
        on="2027-01-28",
        purpose="decision",
        considered_by="Finance committee, 21 January 2027",
        recommendation="To note the position to December; to decide which of the recovery actions "
        "the forecast may count on; to agree that the schemes refused on quality grounds stay out.",
        known_on="2027-01-21",
    )


def put_public(book: Book) -> None:
    """Promises made in public, and figures that the public does not get, with the reason."""
    names = "id by on text measure organisation value due".split()  # noqa: SIM905
    for line in _PROMISES.strip().splitlines():
        row = dict(zip(names, line.split("|"), strict=True))
        book.put("promises", **row, year=YEAR, source="SRC-BRD")
    names = "figure kind exemption reason decided_by asked_by asked_on review_on until".split()  # noqa: SIM905
    for line in _WITHHELD.strip().splitlines():
        book.put("withheld", **dict(zip(names, line.split("|"), strict=True)))
    book.case("A promise the forecast does not keep", "P-01, P-03", "P-02 is kept.")
    book.case(
        "Figures withheld, refused and unanswered",
        "see withheld",
        "Each with its reason and review date.",
    )

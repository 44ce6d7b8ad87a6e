"""The bodies of the fictional nation, how they nest, and the merger of two of its trusts.

Codes begin with XF- and hold a hyphen, which no code of the real organisation service does.
"""

from __future__ import annotations

from .book import Book

SYSTEM, BOARD, POOL = "XF-SYS", "XF-ICB", "XF-POL"
TRUSTS = ("XF-FTH", "XF-ALD", "XF-HOL", "XF-MHT", "XF-COM", "XF-AMB")
MERGING, MERGED = ("XF-ALD", "XF-HOL"), "XF-AHH"
NEIGHBOURS = {
    "XF-WES": ("XF-WIC", ("XF-WHA", "XF-WMH")),
    "XF-SAL": ("XF-SIC", ("XF-SHA", "XF-SGH", "XF-SCM")),
}
RESERVE, REST = "XF-RSV", "XF-RST"
OWN = (BOARD, *TRUSTS, POOL)
MERGER_ON = "2027-04-01"

SHORT = {
    BOARD: "Fenmarch and Alderwick Board",
    "XF-FTH": "Fenmarch Teaching Hospitals",
    "XF-ALD": "Alderwick Hospitals",
    "XF-HOL": "Hollowmere General Hospital",
    "XF-MHT": "Fenmarch Partnership",
    "XF-COM": "Levels Community Health",
    "XF-AMB": "Eastmarch Ambulance Service",
    MERGED: "Alderwick and Hollowmere Hospitals",
}
LETTER = dict(zip((*TRUSTS, BOARD, MERGED), "ABCDEFGH", strict=True))

# code, name, kind, parent, from, to, population, need, deprived share, score, segment, special
_BODIES = """
XF-NAT|Merrowland (a fictional nation)|nation|||||||||
XF-REG|Eastmarch region (fictional)|region|XF-NAT|||4290000|1.02|0.22|22.4||
XF-RST|Rest of Merrowland (fictional)|region|XF-NAT|||9100000|0.99|0.19|21.0||
XF-SYS|Fenmarch and Alderwick (fictional integrated care system)|system|XF-REG|||1812000|1.04|0.24|23.8||
XF-CLU|Westerlow and Saltmere cluster (fictional)|cluster|XF-REG|||2478000|1.00|0.20|21.3||
XF-WES|Westerlow (fictional integrated care system)|system|XF-CLU|||1043000|0.96|0.13|17.2||
XF-SAL|Saltmere (fictional integrated care system)|system|XF-CLU|||1435000|1.03|0.25|24.3||
XF-RSV|Eastmarch regional reserve (fictional)|pool|XF-REG|||||||||
XF-ICB|Fenmarch and Alderwick Integrated Care Board (fictional)|commissioner|XF-SYS|||1812000|1.04|0.24|23.8||
XF-FTH|Fenmarch Teaching Hospitals (fictional)|provider|XF-SYS|||760000|1.05|0.26|24.9|3|
XF-ALD|Alderwick Hospitals (fictional)|provider|XF-SYS||2027-03-31|430000|0.99|0.15|18.6|3|
XF-HOL|Hollowmere General Hospital (fictional)|provider|XF-SYS||2027-03-31|310000|1.09|0.34|29.7|5|yes
XF-MHT|Fenmarch Partnership, mental health (fictional)|provider|XF-SYS|||1812000|1.04|0.24|23.8|2|
XF-COM|Levels Community Health (fictional)|provider|XF-SYS|||1240000|1.03|0.23|23.1|2|
XF-AMB|Eastmarch Ambulance Service (fictional)|provider|XF-SYS|||4290000|1.02|0.22|22.4|3|
XF-AHH|Alderwick and Hollowmere Hospitals (fictional)|provider|XF-SYS|2027-04-01||740000|1.03|0.23|23.2|3|
XF-POL|Fenmarch better care pool (fictional)|pool|XF-SYS|||||||||
XF-WIC|Westerlow Integrated Care Board (fictional)|commissioner|XF-WES|||1043000|0.96|0.13|17.2||
XF-WHA|Westerlow Hospitals (fictional)|provider|XF-WES|||820000|0.96|0.13|17.0|2|
XF-WMH|Westerlow Mental Health and Community (fictional)|provider|XF-WES|||1043000|0.96|0.13|17.2|1|
XF-SIC|Saltmere Integrated Care Board (fictional)|commissioner|XF-SAL|||1435000|1.03|0.25|24.3||
XF-SHA|Saltmere Hospitals (fictional)|provider|XF-SAL|||690000|1.05|0.28|26.2|4|
XF-SGH|Greyharbour General Hospital (fictional)|provider|XF-SAL|||480000|1.01|0.23|22.5|3|
XF-SCM|Saltmere Community and Mental Health (fictional)|provider|XF-SAL|||1435000|1.03|0.25|24.3|2|
XF-LA1|Fenmarch City Council (fictional)|local_authority||||712000|1.09|0.35|29.4||
XF-LA2|Alderwickshire Council (fictional)|local_authority||||684000|0.96|0.11|16.1||
XF-LA3|Hollowmere Borough Council (fictional)|local_authority||||416000|1.08|0.29|26.9||
"""

# Lines of account that the board keeps beside the packaged ones.
_LINES = """
primary_care|Primary care, delegated|cost|cost|PRC100
continuing_care|All-age continuing care|cost|cost|CHC100
running_costs|Running costs other than pay|cost|cost|RUN100
"""


def put_book(book: Book) -> None:
    """The settings of the book: it says that it is fictional."""
    for key, value in (
        ("title", "Fenmarch and Alderwick: a fictional integrated care system, 2026/27 to 2028/29"),
        ("default_unit", "£k"),
        ("default_year", "2026/27"),
        ("fictional", "yes"),
        ("publisher", "controltotal examples"),
        ("licence", "CC0 1.0"),
        ("public_name", "Fenmarch and Alderwick (fictional)"),
    ):
        book.put("book", key=key, value=value)


def put_organisations(book: Book) -> None:
    """Nation, regions, systems, cluster, boards, trusts, pools, councils; and the merger."""
    names = (
        "code",
        "name",
        "kind",
        "parent",
        "from_",
        "to",
        "population",
        "need_index",
        "deprivation",
        "deprivation_score",
        "segment",
        "special_measures",
    )
    for line in _BODIES.strip().splitlines():
        book.put("organisations", **dict(zip(names, line.split("|"), strict=False)))
    for old in MERGING:
        book.put("successions", predecessor=old, successor=MERGED, on=MERGER_ON)
    book.case(
        "A merger",
        "XF-ALD, XF-HOL → XF-AHH",
        "Two acute trusts merge on 1 April 2027; plans for 2027/28 and after name the successor.",
    )
    for line in _LINES.strip().splitlines():
        code, name, kind, group, sub = line.split("|")
        book.put("lines", line=code, name=name, kind=kind, group=group, sub_code=sub)


def put_sources(book: Book) -> None:
    """The returns from which every figure comes."""
    for id_, title, on, file, page in (
        (
            "SRC-ACC",
            "Fictional annual accounts, 2023/24 to 2025/26",
            "2026-06-30",
            "accounts.xlsx",
            "summary",
        ),
        (
            "SRC-PLAN",
            "Fictional planning return 2026/27, final",
            "2026-03-27",
            "plan-2026-27.xlsx",
            "I&E by month",
        ),
        (
            "SRC-MTP",
            "Fictional medium-term plan 2027/28 and 2028/29",
            "2026-03-27",
            "mtp.xlsx",
            "I&E by year",
        ),
        ("SRC-TRK", "Fictional efficiency tracker, plan", "2026-03-27", "tracker.xlsx", "plan"),
        (
            "SRC-TRK8",
            "Fictional efficiency tracker, month 8",
            "2026-12-15",
            "tracker-m8.xlsx",
            "actual and forecast",
        ),
        (
            "SRC-TRK9",
            "Fictional efficiency tracker, month 9",
            "2027-01-15",
            "tracker-m9.xlsx",
            "actual and forecast",
        ),
        (
            "SRC-M8",
            "Fictional monitoring return, month 8 of 2026/27",
            "2026-12-15",
            "m8.xlsx",
            "I&E by month",
        ),
        (
            "SRC-M9",
            "Fictional monitoring return, month 9 of 2026/27",
            "2027-01-15",
            "m9.xlsx",
            "I&E by month",
        ),
        (
            "SRC-CON",
            "Fictional contract register 2026/27",
            "2026-03-27",
            "contracts.xlsx",
            "register",
        ),
        ("SRC-CT", "Fictional letters setting control totals", "2026-03-20", "letters.pdf", "all"),
        ("SRC-OPP", "Fictional benchmarking packs", "2026-01-30", "packs.pdf", "summary"),
        ("SRC-BRD", "Fictional board papers in public, 2026/27", "", "board.pdf", "item 7"),
        (
            "SRC-BRD9",
            "Fictional board paper in public, range of the forecast",
            "2027-01-21",
            "board-january.pdf",
            "item 9",
        ),
        (
            "SRC-INT",
            "Fictional board paper in private, outlook to March 2027",
            "2027-01-08",
            "private.pdf",
            "item 3",
        ),
    ):
        book.put(
            "sources",
            id=id_,
            title=title,
            publisher="Merrowland (fictional)",
            published_on=on,
            file=file,
            page=page,
            licence="CC0 1.0",
        )

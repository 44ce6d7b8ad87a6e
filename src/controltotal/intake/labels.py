"""What the label of a row says of it: a total, a percentage, people, or a line of its own."""

from __future__ import annotations

import re
from typing import Final

from controltotal.core.vocabulary import folded

_TOTAL: Final = re.compile(
    r"^\W*(?:(?:grand|overall|net|sub|system|trust|group)[\s-]*)*(?:total|sum|subtotal)s?\b"
    r"|\b(?:sub[\s-]?|grand )?totals?\W*$|^\W*sub[\s-]?total",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(
    r"\b(?:grand|overall|sub[\s-]?total|sub|totals?|sum|of|for|the|all|net)\b|[^\w\s&/%'-]",
    re.IGNORECASE,
)
_RESULTS: Final = frozenset(
    map(
        folded,
        (
            "EBITDA",
            "Operating surplus",
            "Operating surplus/(deficit)",
            "Operating (deficit)/surplus",
            "Operating deficit",
            "Operating surplus/(deficit) from continuing operations",
            "Gross margin",
            "Contribution",
            "Net finance costs",
            "Retained surplus/(deficit)",
            "Net expenditure",
            "Net cost",
            "Net costs",
            "Net operating cost",
            "Net operating expenditure",
            "Net position",
        ),
    )
)
"""Results on the way to the surplus, which are never lines of their own."""
_BEFORE: Final = re.compile(
    r"^\W*(?:(?:net|operating|total|retained|trust|the)\s+)*(?:surplus|deficit)\b[^,;]*\b(?:before|pre)[\s-]+"
    r"(?:the\s+)?(?:impairments?|financ\w+|interest|pdc|dividends?|depreciation|non[\s-]?operating"
    r"|exceptionals?|taxation|tax)\b",
    re.IGNORECASE,
)
"""A result before what stands beneath it."""
_PEOPLE: Final = re.compile(r"\b(?:wtes?|headcount|staff numbers|whole[\s-]time)\b", re.IGNORECASE)
_SHARE: Final = re.compile(r"%|\bpercent(?:age)?\b|\bmargin\b|\bratio\b", re.IGNORECASE)
_CONTROL: Final = re.compile(
    r"^\W*(?:(?:agreed|nhse?i?|financial|annual)\s+)*control totals?(?: target)?\W*$"
    r"|\b(?:to|against|from|vs?|versus) (?:the )?control total\b",
    re.IGNORECASE,
)
_RUNNING: Final = re.compile(
    r"^\W*(?:cumulative|running|ytd|year[\s-]to[\s-]date)\b.*\b(?:surplus|deficit|position|total)\b",
    re.IGNORECASE,
)
_CHECK: Final = re.compile(
    r"^\W*(?:check(?:s|sum)?|difference|variance|movement)\b(?!.*\b(?:income|cost|pay)\b)",
    re.IGNORECASE,
)
_DEFICIT: Final = re.compile(
    r"\(\s*surplus\s*\)\s*/?\s*deficit|deficit\s*/?\s*\(\s*surplus\s*\)", re.IGNORECASE
)
_GOOD: Final = re.compile(r"surplus|support|funding|[({]\s*deficit", re.IGNORECASE)
_PART: Final = re.compile(
    r"^\W*(?:of which|o/w|including|incl\.?|memo(?:randum)?)\b", re.IGNORECASE
)

_MEMO: Final = re.compile(
    r"\b(?:(?:already )?included (?:above|in the above|within the above|elsewhere)"
    r"|memo(?:randum)?(?: item)?s?|for information(?: only)?)\b",
    re.IGNORECASE,
)
_MEMOS: Final = re.compile(
    r"^\W*(?:memo(?:randum)?(?: items?)?|(?:for|supplementary) information|key metrics|kpis?)\b",
    re.IGNORECASE,
)


def is_total(label: str) -> bool:
    """Whether a label says that its row is a total of others.

    >>> [is_total(x) for x in ("Total pay", "Sub-total", "GRAND TOTAL:", "Pay total", "Totals")]
    [True, True, True, True, True]
    >>> is_total("Other adjustments to the control total"), is_total("Total control totals")
    (False, True)
    >>> is_total("Pay"), is_total("Subtotal - drugs"), is_total("Totally implantable devices")
    (False, True, False)
    """
    return bool(_TOTAL.search(label)) and not _CONTROL.search(label)


def total_of(label: str) -> str:
    """What a total says that it is a total of; empty where it does not say.

    >>> total_of("Total pay costs"), total_of("Sub-total"), total_of("Pay total"), total_of("EBITDA")
    ('pay costs', '', 'Pay', 'EBITDA')
    """
    return " ".join(_WORDS.sub(" ", label).split()).strip(" -/&")


def is_result(label: str) -> bool:
    """Whether a label is a result on the way to the surplus, such as EBITDA.

    >>> is_result("EBITDA"), is_result("Operating surplus / (deficit)"), is_result("Pay")
    (True, True, False)
    >>> is_result("Operating surplus/(deficit) before impairments"), is_result("Surplus before DSF")
    (True, False)
    """
    return folded(label).replace(" ", "") in _RESULTS or bool(_BEFORE.search(label))


def not_money(label: str) -> str:
    """Why a row of this label is no money; empty where it may be.

    >>> not_money("Pay as % of income"), not_money("WTE in post"), not_money("Pay")
    ('a percentage or a ratio', 'people, not money', '')
    """
    if _SHARE.search(label):
        return "a percentage or a ratio"
    if _CONTROL.search(label):
        return "a control total or what stands beside it, for which a book has a table of its own"
    if _RUNNING.search(label):
        return "a running sum"
    if _CHECK.search(label):
        return "a variance or a check"
    return "people, not money" if _PEOPLE.search(label) else ""


def is_deficit(label: str) -> bool:
    """Whether a label writes a surplus in brackets, so that a deficit is positive.

    >>> is_deficit("(Surplus)/deficit"), is_deficit("Planned deficit"), is_deficit("Surplus/(deficit)")
    (True, True, False)
    """
    return bool(_DEFICIT.search(label)) or (
        "deficit" in label.casefold() and not _GOOD.search(label)
    )


def is_part(label: str) -> bool:
    """Whether a row says that it is a part of the one above it.

    >>> is_part("of which: agency"), is_part("Agency")
    (True, False)
    """
    return bool(_PART.search(label))


def is_memo(label: str, section: str) -> bool:
    """Whether a row says, or stands under a heading that says, that no total beneath it holds it.

    >>> is_memo("Efficiencies included above", ""), is_memo("Agency", "Memorandum"), is_memo("Pay", "")
    (True, True, False)
    """
    return is_part(label) or bool(_MEMO.search(label) or _MEMOS.search(section))


def without_part(label: str) -> str:
    """The name of a part without the words that say that it is one.

    >>> without_part("of which: agency")
    'agency'
    """
    return _PART.sub("", label).strip(" :-\u2013")


_BACK: Final = re.compile(
    r"^\W*(?:add(?:ing|ed)?[\s-]+back|exclude|remove)\b\W*(?:of\b|for\b)?\s*"
    r"(?:(?:the\s+)?(?:net\s+)?(?:i&e\s+)?(?:impacts?|effects?)\s+(?:of|from)\s+)?",
    re.I,
)
_IMPACT: Final = re.compile(r"\s+(?:i&e\s+)?(?:impacts?|effects?|adjustments?)\W*$", re.I)


def without_adding_back(label: str) -> str:
    """What a row adds back to a surplus, or takes out of it; empty where it does neither.

    >>> without_adding_back("Add back: impairments"), without_adding_back("Impairments")
    ('impairments', '')
    >>> without_adding_back("Remove impact of impairments"), without_adding_back("Remove PFI I&E impact")
    ('impairments', 'PFI')
    """
    match = _BACK.match(label)
    return _IMPACT.sub("", label[match.end() :].strip(" :")) if match else ""

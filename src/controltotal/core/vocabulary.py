"""Words as people write them: compared without regard to case, blanks, hyphens and underscores.

`Non-recurrent`, `NON RECURRENT` and `non_recurrent` are one word; a few others are read for what
they say (`budget` is a plan, `FOT` a forecast, `CR` a credit): they stand in `data/words.csv`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from controltotal.core.datafiles import packaged_rows

_BETWEEN = re.compile(r"[\s_\u00ad\u200b-\u200f\u2060\ufeff\u2010-\u2015\u2212-]+")
TO_DATE = ("ytd", "todate")
"""What the folded name of a basis holds where its figure is of the months so far, together."""


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A word without what people write in more ways than one.

    >>> folded("Non-recurrent"), folded("In  progress"), folded("In_Progress")
    ('nonrecurrent', 'inprogress', 'inprogress')
    """
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=256)
def _known(words: tuple[str, ...]) -> Mapping[str, str]:
    return {folded(word): word for word in words}


@lru_cache(maxsize=32)
def _said(column: str) -> Mapping[str, str]:
    rows = packaged_rows("words.csv")
    return {folded(row["written"]): row["means"] for row in rows if row["column"] == column}


def meant(text: str, words: Iterable[str], column: str = "") -> str:
    """The word of a list that a text is, in any of its spellings; empty where it is none.

    >>> meant("Fully developed", ("fully_developed", "in_progress"))
    'fully_developed'
    >>> meant("FOT", ("plan", "actual", "forecast"), "basis"), meant("outturn", ("plan",), "basis")
    ('forecast', '')
    """
    known, key = _known(tuple(words)), folded(text)
    found = known.get(key) or _said(column).get(key, "")
    return found if found in known.values() else ""


def heading_meant(text: str) -> str:
    """The column that a heading of another name stands for; empty where it stands for none.

    >>> heading_meant("Dr/Cr"), heading_meant("amount")
    ('direction', '')
    """
    return _said("heading").get(folded(text), "")


def is_to_date(basis: str) -> bool:
    """Whether the name of a basis says that its figures are of the months so far, together.

    >>> is_to_date("YTD actual"), is_to_date("actual")
    (True, False)
    """
    return any(word in folded(basis) for word in TO_DATE)

"""Which schemes may be screened out: those that touch nobody, on one list that both directors sign.

A scheme whose `affects` is `none` need not be assessed in full: each domain is scored 1 x 1 with a
reason. It is never so for a scheme that touches the workforce, skill mix, beds, access or packages
of care, and one in ten is drawn for full assessment all the same, always the same ones.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from controltotal.book.records import Assessment, Gate, Scheme
from controltotal.core.datafiles import packaged_rows
from controltotal.core.keys import key
from controltotal.programme.names import is_said
from controltotal.programme.outcomes import SCREENED, meaning

AFFECTS = frozenset({"patients", "staff", "posts", "none"})
"""Whom a scheme may touch."""
DRAWN_ONE_IN = 10


def touches(scheme: Scheme) -> frozenset[str]:
    """Whom a scheme touches, in words of one form; empty where nobody said."""
    return frozenset(key(one) for one in scheme.affects or ())


@lru_cache(maxsize=1)
def never() -> Mapping[str, tuple[str, ...]]:
    """Words that keep a scheme from being screened out, in its category and in any of its texts.

    >>> "pay:" in never()["category"], "beds" in never()["any"]
    (True, True)
    """
    found: dict[str, list[str]] = {"category": [], "any": []}
    for row in packaged_rows("screening.csv"):
        found[row["where"]].append(row["word"])
    return {where: tuple(words) for where, words in found.items()}


def drawn(scheme: str) -> bool:
    """Whether a scheme is one of the one in ten that are assessed in full.

    >>> sum(drawn(f"SCH-{n}") for n in range(1000)) in range(70, 130)
    True
    """
    digest = hashlib.sha256(f"screening {key(scheme)}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % DRAWN_ONE_IN == 0


def faults(scheme: Scheme, screened: Iterable[Assessment], signed: Iterable[Gate]) -> list[str]:
    """Why a scheme may not be screened out, in words; empty where it may."""
    found = []
    if touches(scheme) != {"none"}:
        said = "; ".join(scheme.affects or ()) or "nothing"
        found.append(f"it may be screened out only where affects says none, and it says {said}")
    word = barred(scheme)
    if word:
        found.append(f"a scheme of {word} is never screened out")
    for row in screened:
        left = (row.residual_likelihood or 1, row.residual_consequence or 1)
        if any(score != 1 for score in (row.likelihood, row.consequence, *left)):
            found.append(f"{row.domain} is screened out and not scored 1 x 1 ({row.where})")
        if not is_said(row.mitigation):
            found.append(f"{row.domain} is screened out without a reason ({row.where})")
    lists = {key(row.evidence) if _names_list(row.evidence) else "" for row in signed}
    if len(lists) != 1 or "" in lists:
        found.append("the two directors have not signed one list (its name in evidence)")
    if drawn(scheme.id):
        found.append("it is drawn for full assessment, as one in ten is")
    return found


def _names_list(text: str | None) -> bool:
    """Whether a list is named: by a number or by a word that says something."""
    return is_said(text) or any(c.isdigit() for c in text or "")


def barred(scheme: Scheme) -> str:
    """The word in a scheme's texts that keeps it from being screened out; empty for none."""
    category = key(scheme.category)
    texts = [category, *(key(t) for t in (scheme.title, scheme.service, scheme.programme))]
    for word in never()["category"]:
        first = word.rstrip(":")
        leads = re.match(rf"{re.escape(key(first))}(?![^\W_])", category)
        if leads if word.endswith(":") else _says(category, word):
            return first
    return next((word for word in never()["any"] if any(_says(t, word) for t in texts)), "")


def _says(text: str, word: str) -> bool:
    """Whether a text in one form says a word, whole."""
    return bool(re.search(rf"(?<![^\W_]){re.escape(key(word))}(?![^\W_])", text))


def is_screened(row: Assessment) -> bool:
    """Whether a domain was screened out."""
    return meaning(row.outcome) == SCREENED

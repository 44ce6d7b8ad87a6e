"""One value at several times beside each other: last month's and this month's, of which the latest counts.

A list that is kept by month carries the value that it had into the next month's file, one column to the
left. So a column is told by its place in time among its sisters, and never by the month alone: what was
answered of “M6 value” while it was the latest is no answer for it once “M7 value” stands beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from controltotal.core.schema import Table
from controltotal.core.vocabulary import folded
from controltotal.intake.fields import Field, field_of
from controltotal.intake.heads import head_of, without_period
from controltotal.intake.model import Head, Read, Seen
from controltotal.intake.words import plain

_EARLIER: Final = re.compile(
    r"\b(?:last|previous|previously|prior|preceding)\b(?!\s*(?:year|yr|quarter|update|review))"
    r"(?:\s*(?:month|period|report|reported)(?:'?s)?\b)?|\bb/?f(?:wd)?\b|\bbrought forward\b"
    r"|\bopening\b|\bold\b"
)
_LATER: Final = re.compile(
    r"\b(?:this|current|latest|present)\b(?!\s*(?:year|yr|quarter))(?:\s*(?:month|period|report)(?:'?s)?\b)?"
    r"|\bc/?f(?:wd)?\b|\bcarried forward\b|\bclosing\b|\bnew\b|\bnow\b"
)
_NOISE: Final = re.compile(
    r"values?|amounts?|figures?|at|as|of|on|in|the|for|to|by|end|reported|£|[kms]"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
OF_MONTHS: Final = frozenset({"amounts", "schemes", "long", "ledger", "return", "accounts"})
"""Tables in which columns may stand for months, each a fact of its own."""
_HALF_YEAR: Final = 6
"""Months by which a later month of the count must be of the year before."""
_OLD, _DATED, _NEW = range(3)
When = tuple[int, str, int]
"""Whether words, a month or words again tell the time; the year, and the month of it."""


@dataclass(frozen=True, slots=True)
class Version:
    """A column at a time: what it says beside the time (`bare`), and when; None is not said."""

    head: Head
    bare: str
    when: When | None

    @property
    def of(self) -> frozenset[str]:
        """The words that it shares with the same value at other times."""
        return frozenset(word for word in _WORD.findall(self.bare) if not _NOISE.fullmatch(word))


def version_of(head: Head) -> Version:
    """A column by what it says of its time.

    >>> version_of(Head(0, ("M6 gross value",))).when, version_of(Head(0, ("Gross b/f",))).when
    ((1, '', 6), (0, '', 0))
    >>> version_of(Head(0, ("Gross value £k",))).when
    """
    text = plain(head.text)
    for pattern, rank in ((_EARLIER, _OLD), (_LATER, _NEW)):
        if pattern.search(text):
            return Version(head, pattern.sub(" ", text).strip(" -:()'"), (rank, "", 0))
    body, measure = without_period(text)
    if measure.number and measure.span in ("month", "to_date"):
        return Version(head, body.strip(" -:()"), (_DATED, measure.year, measure.number))
    return Version(head, text, None)


def families(heads: Iterable[Head], month: int = 0) -> list[list[Version]]:
    """The columns that say one value at several times, each family from the earliest to the latest.

    `month` is the month that the table is of. Where a column is of a later month than that, or two are
    of one time, nothing tells which is meant, and they are no family. Bare months beside each other may
    be phasing: more than two of them are none either.
    """
    found: dict[frozenset[str], list[Version]] = {}
    for version in map(version_of, heads):
        found.setdefault(version.of, []).append(version)
    return [
        sorted(some, key=lambda one: one.when or (_NEW, "", 0))
        for group in found.values()
        if (some := _timed(group, month))
    ]


def _timed(group: Sequence[Version], month: int) -> list[Version]:
    """Those of a group that stand apart in time; empty where fewer than two do, or none is the latest."""
    timed = [one for one in group if one.when is not None]
    untimed = [one for one in group if one.when is None and one.head.text]
    if len(untimed) == 1 and timed and all(one.when == (_OLD, "", 0) for one in timed):
        timed += untimed  # “Gross” beside “Gross last month”
    dated = [_in_year(one, month) for one in timed if one.when and one.when[0] == _DATED]
    timed = [one for one in timed if not one.when or one.when[0] != _DATED] + dated
    if len(timed) < 2 or len({one.when for one in timed}) < len(timed) or _is_open(dated, month):
        return []
    return timed


def _is_open(dated: Sequence[Version], month: int) -> bool:
    """Whether days leave open which is the latest: some say a year and some do not, or one is to come."""
    whens = [one.when for one in dated if one.when]
    bare = [one for one in dated if not one.of and not _WORD.search(one.bare)]
    return (
        len({year == "" for _, year, _ in whens}) > 1
        or len(bare) > 2
        or _turns(dated)
        or (month > 0 and any(number > month for _, _, number in whens))
    )


def _in_year(one: Version, month: int) -> Version:
    """A month that lies far ahead of the month of the table is one of the year before: April after March."""
    if one.when is None or one.when[1] or not month or one.when[2] - month < _HALF_YEAR:
        return one
    return replace(one, when=(_DATED, "", one.when[2] - 12))


def _turns(dated: Sequence[Version]) -> bool:
    """Whether months without years may lie on both sides of a year's end."""
    numbers = sorted(one.when[2] for one in dated if one.when and not one.when[1])
    return any(later - earlier >= _HALF_YEAR for earlier, later in pairwise(numbers))


def month_claimed(seen: Seen) -> int:
    """The month that the words around a table say it is of; nought where none, or no one month."""
    for what in ("month", "to_date"):
        claim = seen.claimed(what)
        if claim is not None and claim.value.isdecimal():
            return int(claim.value)
    return 0


def latest_alone(
    fields: Sequence[Field], seen: Seen, table: Table, answers: Mapping[str, str]
) -> list[Field]:
    """Of columns that say one value at several times the latest is the column; the others are named.

    What the person says of one of them comes first.
    """
    changed: dict[int, Field] = {}
    by_place = {one.at: one for one in fields}
    for family in families(seen.heads, month_claimed(seen)):
        *earlier, last = (
            by_place[one.head.column] for one in family if one.head.column in by_place
        )
        for one in earlier:
            if one.how != "mapping":
                why = f"an earlier figure: “{last.head.text}” is the latest"
                changed[one.at] = replace(one, column="", why=why)
        unknown = last.how == "near" or last.head.means in ("", "money")
        if unknown and last.how != "mapping":
            bare = field_of(head_of(last.at, [family[-1].bare]), table, {})
            if bare.column and bare.how == "exact":
                changed[last.at] = Field(last.head, bare.column, bare.how)
    return [changed.get(one.at, one) for one in fields]


def moved_on(answers: Mapping[str, str], reads: Iterable[Read]) -> dict[str, str]:
    """Answers that were kept of an earlier file, without those of columns that have moved on by a month.

    An answer names a column by its heading, or says of a column of the book which heading it is. Where
    columns of several months say one value, it holds only for leaving out what is earlier still. In a
    table that has months of its own, each month across stays what it was.
    """
    gone: set[str] = set()
    earlier: set[str] = set()
    for read in reads:
        if read.table in OF_MONTHS:
            continue
        dated = [one for one in map(version_of, read.seen.heads) if one.when and one.when[2]]
        shared = Counter(one.of for one in dated)
        gone |= {t for one in dated if shared[one.of] > 1 for t in _keys(one.head)}
        for family in families(read.seen.heads, month_claimed(read.seen)):
            earlier |= {text for one in family[:-1] for text in _keys(one.head)}
    return {
        text: said
        for text, said in answers.items()
        if folded(said) not in gone
        and (folded(text) not in gone or (not said.strip() and folded(text) in earlier))
    }


def _keys(head: Head) -> set[str]:
    return {folded(text) for text in (head.text, *head.texts)}

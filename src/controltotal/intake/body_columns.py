"""Whose money a column is, where bodies stand across: known, asked, left out, or the sum of the others.

A heading that nobody knows is never taken for the body of the title: beside the columns of other bodies
it is asked, and so are headings that alone tell columns of one basis and period apart, and one name over
all of a table that says more than what any table is called. A column that is the sum of those beside it,
by its figures, is their total whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from controltotal.core.finding import Finding
from controltotal.core.money import MoneyError, parse_number
from controltotal.core.vocabulary import folded
from controltotal.intake.bodies import abbreviates, initials, telling
from controltotal.intake.ground import Ground
from controltotal.intake.heads import mark_in, part_of
from controltotal.intake.known import Known
from controltotal.intake.labels import is_part, is_result, is_total
from controltotal.intake.model import Asked, Head, Measure, Seen
from controltotal.intake.questions import asked as question
from controltotal.intake.questions import quoted
from controltotal.intake.words import heading_means

KNOWN, ASKED, OUT, OF_ALL = "known", "asked", "out", "sum"
_NAMES: Final = frozenset(
    ("", "organisation", "directorate", "service", "category", "programme", "line")
)
"""Meanings of headings over figures that may be names for all that."""
_OF_A_BODY: Final = re.compile(
    r"\b(?:nhs|trust|hospitals?|infirmary|icb|ics|ccg|foundation|partnership|ltd|limited|llp|cic)\b",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[a-z]+")
_PLAIN: Final = """
a above account accounts actual actuals adjusted after agreed all amount amounts and annual approved as at
average base before below best board bottom budget budgets by capital case cash category change comprehensive
consolidated control cost costs cumulative current data date detail draft e excluding exec expected
expenditure external figures final finance financial for forecast forecasts fot from full funding group
headline i ie in including income internal key latest likely line m memo metric metrics mixed month monthly
movement net nhs nhse non of off one only opening operating or original other out outturn overall
performance period phased plan planned plans position previous prior profile provider quarter rate ref
reforecast report reported reporting result results return revenue revised rolling run scenario services
spend statement sub submission submitted summary support surplus deficit system target the this to total
trend trust type underlying update updated upside downside value values variance version vs was which with
worst year ytd p q h k s t v england pfr sofp soci fy
"""
_OF_ANY: Final = frozenset(_PLAIN.split())
"""Words by which a heading over all of a table says nothing of whose it is."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a column is: `how` is known, asked, out (as the person says) or sum (of the others)."""

    how: str
    body: str = ""
    """Its code where it is known, else the name in the heading; of a sum nothing."""
    said: str = ""
    """The text of the heading, where the person said whose it is."""


def named_across(ground: Ground, known: Known, head: Head) -> tuple[str, str]:
    """The line and the body that a heading names for certain, where these stand across."""
    line = body = ""
    for text in filter(None, (*head.texts, head.rest)):
        found = known.lines.match(text)
        if found.line and found.how in ("exact", "code"):
            line = found.line
            continue
        match = known.bodies.match(text, ground.year)
        if match.code and match.how != "near":
            body = match.code
    return line, body


def whose_columns(
    ground: Ground, asked: Asked, known: Known, heads: Sequence[Head]
) -> tuple[dict[int, Whose], list[Finding]]:
    """Whose each of some columns of figures is, and one question of the names that nobody knows.

    A column of the body of the whole table is not in the answer.
    """
    above = _word_above(ground.seen, heads)
    if above:
        heads = [replace(head, texts=(above, *head.texts)) for head in heads]
    return _Across(ground, asked, known, heads).settled()


def _word_above(seen: Seen, heads: Sequence[Head]) -> str:
    """The one text in the row above the headings, where it stands over the first column of money."""
    row, first = seen.heading[0] - 1, min((head.column for head in heads), default=0)
    if row < 0 or first <= seen.left:
        return ""
    texts = {c: text for c in range(seen.right + 1) if (text := seen.grid.text(row, c))}
    return texts.get(first, "") if len(texts) == 1 else ""


class _Across:
    """The headings of one table, as far as they name bodies."""

    def __init__(self, ground: Ground, asked: Asked, known: Known, heads: Sequence[Head]) -> None:
        self.ground, self.asked, self.known = ground, asked, known
        self.heads = [head for head in heads if not _is_whole(head)]
        self.totals = [head.column for head in heads if _is_whole(head)]
        self.found: dict[int, Whose] = {}
        self.lines: dict[int, str] = {}
        for head in heads:
            line, body = named_across(ground, known, head)
            self.lines[head.column] = line
            answer = self._answered(head)
            if answer is not None:
                name = next(iter(self._unread(head)), head.text)
                known_as = Whose(KNOWN, answer, name) if answer else Whose(OUT, name)
                self.found[head.column] = known_as
            elif body:
                self.found[head.column] = Whose(KNOWN, body)

    def settled(self) -> tuple[dict[int, Whose], list[Finding]]:
        """Every column whose body a heading tells, or should tell."""
        for column, name in self._unknown().items():
            self.found[column] = Whose(ASKED, name)
        for column in self._sums():
            self.found[column] = Whose(OF_ALL)
        open_ = {c: w.body for c, w in self.found.items() if w.how == ASKED}
        return self.found, [self._question(open_)] if open_ else []

    def _unknown(self) -> Mapping[int, str]:
        """By column, the names that are to be asked."""
        names = {h.column: n for h in self.heads if (n := self._unread(h))}
        over_all = len(names) == len(self.heads)
        common = set.intersection(*map(set, names.values())) if names and over_all else set()
        own = {c: [text for text in texts if text not in common] for c, texts in names.items()}
        named = {column: texts[0] for column, texts in own.items() if texts}
        if self._is_beside():
            return self._beside_known(named)
        named = {c: name for c, name in named.items() if folded(name) not in self.asked.headings}
        found = self._told_apart(named) or self._totalled(named) or self._of_bodies(named)
        alone = over_all and not (found or named or self.found)
        return self._over_all(names) if alone else found

    # -- what headings say -----------------------------------------------------------------

    def _answered(self, head: Head) -> str | None:
        """What the person says of whose a column is; None where nothing."""
        texts = [*self._unread(head), head.text, head.rest]
        texts += [text for text in head.texts if not part_of(text).whole]
        keys = (folded(text) for text in texts if text)
        return next((self.asked.bodies[key] for key in keys if key in self.asked.bodies), None)

    def _unread(self, head: Head) -> list[str]:
        """The texts of a heading that say nothing of money, from the top one down."""
        found = []
        for text in head.texts:
            part = part_of(text)
            rest = _as_written(part.rest, text) if part.says else text
            if not rest or mark_in(text) or is_total(rest) or is_result(rest) or is_part(rest):
                continue
            if heading_means(rest) in _NAMES and not self.known.lines.named(rest).line:
                found.append(rest)
        return found

    def _is_beside(self) -> bool:
        """Whether some column is of a body that is not the one of the title."""
        own = self.ground.organisation
        return any(w.how == KNOWN and w.body != own for w in self.found.values())

    # -- which are asked -------------------------------------------------------------------

    def _beside_known(self, named: Mapping[int, str]) -> dict[int, str]:
        """Names beside the columns of known bodies; where lines stand across, those that have a line."""
        across = any(self.lines.values())
        return {
            column: name
            for column, name in named.items()
            if column not in self.found and (self.lines[column] or not across)
        }

    def _told_apart(self, named: Mapping[int, str]) -> dict[int, str]:
        """Names that alone tell columns of one basis and period apart."""
        if any(self.lines.values()):
            return {}
        same: dict[object, dict[str, Head]] = {}
        for head in self.heads:
            if _is_of_money(head) and head.measure.basis != "variance":
                name = named.get(head.column, "")
                same.setdefault((head.measure, head.mark), {})[name] = head
        groups = [names for names in same.values() if len(names) > 1]
        apart = {
            name
            for names in groups
            for name, head in names.items()
            if name and (_stands_above(name, head) or sum(name in one for one in groups) > 1)
        }
        return {c: n for c, n in named.items() if n in apart and c not in self.found}

    def _totalled(self, named: Mapping[int, str]) -> dict[int, str]:
        """Names and nothing else over columns which a total beside them is the sum of."""
        bare = [h.column for h in self.heads if h.measure == Measure() and h.column in named]
        if len(bare) != len(self.heads) or len(bare) < 2 or any(self.lines.values()):
            return {}
        seen = self.ground.seen
        made = any(_comes_to(seen, total, bare) for total in self.totals)
        return {c: named[c] for c in bare if c not in self.found} if made else {}

    def _of_bodies(self, named: Mapping[int, str]) -> dict[int, str]:
        """Names that have a word of the names of bodies."""
        heads = {head.column: head for head in self.heads}
        return {
            column: name
            for column, name in named.items()
            if column not in self.found
            and _is_of_money(heads[column])
            and _OF_A_BODY.search(name)
            and not self._is_own(name)
        }

    def _over_all(self, names: Mapping[int, Sequence[str]]) -> dict[int, str]:
        """One name over all columns, which is not that of the body of the table."""
        heads = {head.column: head for head in self.heads}
        if self.asked.organisation or not self.ground.organisation or any(self.lines.values()):
            return {}
        found = {}
        for column, texts in names.items():
            texts = [text for text in texts if _stands_above(text, heads[column])]
            if texts and heads[column].means == "money" and not any(map(self._is_own, texts)):
                found[column] = texts[-1]
        return found

    def _is_own(self, name: str) -> bool:
        """Whether a name says nothing but what any table says, or is one of the body of the title."""
        if set(_WORD.findall(name.casefold())) <= _OF_ANY:
            return True
        own = self.known.bodies.name(self.ground.organisation) if self.ground.organisation else ""
        if not own:
            return False
        letters, first = folded(name), folded(initials(own))
        short = len(first) > 1 and letters in {first + end for end in ("", "ft", "t", "nhsft")}
        words = telling(name)
        return short or abbreviates(name, own) or (bool(words) and words <= telling(own))

    # -- sums ------------------------------------------------------------------------------

    def _sums(self) -> list[int]:
        """Columns under one name that are, all of them, the sum of the columns of other bodies."""
        heads = {h.column: h for h in self.heads if h.measure.basis != "variance"}
        whose = {c: self.found[c].body for c in heads if c in self.found}
        open_ = {w.body for w in self.found.values() if w.how == ASKED}
        named = {name: [c for c in whose if whose[c] == name] for name in open_}
        named[""] = [c for c in heads if c not in whose] if whose else []
        proved = [
            columns
            for name, columns in named.items()
            if columns and all(self._is_sum(c, name, heads, whose) for c in columns)
        ]
        return self._with_variances(proved[0]) if len(proved) == 1 else []

    def _is_sum(
        self, column: int, name: str, heads: Mapping[int, Head], whose: Mapping[int, str]
    ) -> bool:
        """Whether a column is in every row the sum of those of other bodies of its basis and period."""
        of = heads[column]
        parts = [
            c
            for c, body in whose.items()
            if body != name
            and (heads[c].measure, heads[c].mark) == (of.measure, of.mark)
            and self.lines[c] == self.lines[column]
        ]
        return len(parts) > 1 and _comes_to(self.ground.seen, column, parts)

    def _with_variances(self, columns: Sequence[int]) -> list[int]:
        """Columns of a sum, and the variances under the same name."""
        name = self.found[columns[0]].body if columns[0] in self.found else ""
        return [c for c, w in self.found.items() if name and w.body == name] or list(columns)

    # -- the question ----------------------------------------------------------------------

    def _question(self, names: Mapping[int, str]) -> Finding:
        """One question of all names that are no body for certain."""
        each = list(dict.fromkeys(names.values()))
        seen = self.ground.seen
        near = {name: self.known.bodies.match(name, self.ground.year).near for name in each}
        proposed = "".join(
            f" “{name}” may be {' or '.join(codes)}." for name, codes in near.items() if codes
        )
        first, last = seen.heading
        return question(
            "IMPORT_BODY",
            "Headings over columns of money name no body that is known for certain: "
            f"{quoted(each, 12)}.",
            [seen.grid.over(first, column, last, column) for column in names],
            expected="a code, or the name that a body bears in the year",
            found=quoted(each, 40, 200),
            action=f'Say which code each is: --set "bodies.{each[0]}=CODE", or under [bodies] in the '
            f'mapping; nothing after the sign (--set "bodies.{each[0]}=") leaves its columns out.'
            f"{proposed}",
        )


def _is_whole(head: Head) -> bool:
    """Whether a heading is of a total or of a result."""
    return head.measure.span == "total" or is_total(head.text) or is_result(head.text)


def _is_of_money(head: Head) -> bool:
    """Whether a heading says of which money it is, whatever else it says."""
    return head.means == "money" or (not head.means and bool(head.measure.basis))


def _stands_above(name: str, head: Head) -> bool:
    """Whether a name has a cell of its own over a heading of money."""
    return name in head.texts[:-1]


def _as_written(rest: str, text: str) -> str:
    """What is over of a text, as the text writes it.

    >>> _as_written("bhrut", "BHRUT plan"), _as_written("", "Plan")
    ('BHRUT', '')
    """
    at = text.casefold().find(rest.casefold()) if rest else -1
    return rest if at < 0 else text[at : at + len(rest)]


def _comes_to(seen: Seen, column: int, parts: Sequence[int]) -> bool:
    """Whether a column equals the sum of others in every row, as they are shown; in two at the least."""
    rows = range(seen.first, seen.last + 1)
    told = 0
    for row in rows:
        own, *others = (_figure(seen, row, c) for c in (column, *parts))
        filled = [one for one in others if one is not None]
        if own is None or not filled:
            if own or any(filled):
                return False
            continue
        exponents = [one.as_tuple().exponent for one in (own, *filled)]
        finest = max(-min(int(e) for e in exponents), 0)
        slack = Decimal(len(filled)).scaleb(-min(finest, 2)) / 2
        if abs(own - sum(filled, Decimal(0))) > slack:
            return False
        told += sum(one != 0 for one in filled) > 1
    return told > 1


def _figure(seen: Seen, row: int, column: int) -> Decimal | None:
    """What stands in a cell as a number; None where it is none."""
    text = seen.grid.text(row, column)
    try:
        return Decimal(str(parse_number(text))) if text else None
    except (MoneyError, ArithmeticError):
        return None

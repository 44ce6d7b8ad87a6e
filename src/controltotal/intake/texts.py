"""A column of a sheet in the form of the book: bodies, lines, years, words and days, each read once.

A text that cannot be read for certain is a question that names the line of the mapping which would
answer it; what is only near is proposed in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from controltotal.core.calendar import CalendarError, dated_month, parse_year, year_label
from controltotal.core.money import MoneyError, canonical_unit, parse_number
from controltotal.core.schema import Column
from controltotal.core.vocabulary import folded, meant
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.known import Known
from controltotal.intake.model import Asked, Mapped, Read, Value
from controltotal.intake.worth import day_of, is_empty, said_of, share_of, word_of

_CODES: Final = {"year": "IMPORT_YEAR", "month": "IMPORT_MONTH", "basis": "IMPORT_BASIS"}


class Unclear(ValueError):
    """A text that cannot be read: what was expected, the code of the question, what answers it."""

    def __init__(self, expected: str, code: str = "IMPORT_CELL", action: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.code = code
        self.action = action or "Mend the cell and import again."


@dataclass(slots=True)
class Texts:
    """Reads the columns of one table; `year` is the year in which names are meant."""

    known: Known
    asked: Asked
    faults: Faults
    read: Read
    year: str = ""
    years: dict[str, str] = field(default_factory=dict)
    """By text of a month, the financial year that it names."""

    def column(
        self, kind: Column, at: int, rows: Sequence[int], values: Sequence[Value]
    ) -> list[str]:
        """A column as text, one for each row; empty where nothing is said or it is asked."""
        shares = kind.name == "chance" and _in_hundreds(values)
        make = self._percent if shares else self._maker(kind)
        if kind.name == "chance" and self._are_scores(at, values):
            make = self._score
        faults: dict[Value, Unclear] = {}
        if bool in set(map(type, values)):  # a truth and a one are two things to say
            values = [said_of(value) if isinstance(value, bool) else value for value in values]
        found = {value: self._once(make, value, faults) for value in dict.fromkeys(values)}
        texts = [found[value] for value in values]
        for row, value in zip(rows, values, strict=True) if faults else ():
            if value in faults:
                self._ask(kind, faults[value], (row, at), said_of(value))
        return texts

    @staticmethod
    def _once(make: Callable[[Value], str], value: Value, faults: dict[Value, Unclear]) -> str:
        if is_empty(value):
            return ""
        try:
            return make(value)
        except Unclear as error:
            faults[value] = error
        except (MoneyError, CalendarError) as error:
            faults[value] = Unclear(error.expected)
        return ""

    def _ask(self, kind: Column, why: Unclear, place: tuple[int, int], text: str) -> None:
        code = _CODES.get(kind.name, why.code)
        message = f"“{text[:60]}” cannot be read as the {kind.name.replace('_', ' ')}"
        self.faults.add(Fault(code, message, why.expected, why.action), place, text[:60])

    def _maker(self, kind: Column) -> Callable[[Value], str]:
        makers: Mapping[str, Callable[[Value], str]] = {
            "organisation": self.body,
            "line": self.line,
            "year": _year,
            "month": self._month,
            "yesno": _yes_no,
            "date": lambda value: day_of(value).isoformat(),
            "number": self._chance if kind.name == "chance" else _number,
            "fact": _number,
            "chance": self._chance,
            "unit": _unit,
        }
        if kind.type == "vocabulary":
            return lambda value: self._word(kind, said_of(value))
        return makers.get(kind.type, said_of)

    def body(self, value: Value) -> str:
        """The code of a body; Unclear where it is not known for certain."""
        text = said_of(value)
        answer = _answer(self.asked.bodies, text)
        match = self.known.bodies.match(answer or text, self.year)
        if not match.code:
            near = " or ".join(f"{code} ({self.known.bodies.name(code)})" for code in match.near)
            raise Unclear(
                near or "the code or the name of a body",
                "IMPORT_BODY",
                f'Say it: --set "bodies.{text}={next(iter(match.near), "CODE")}", '
                "or under [bodies] in the mapping.",
            )
        if match.how != "code" or answer:
            self._mapped(text, match.code, "mapping" if answer else match.how)
        return match.code

    def line(self, value: Value) -> str:
        """The line of account that a text is; Unclear where it is not known for certain."""
        text = said_of(value)
        answer = _answer(self.asked.lines, text)
        match = self.known.lines.match(answer or text)
        if not match.line:
            near = " or ".join(match.near)
            raise Unclear(
                near or "a line of account",
                "IMPORT_LINE",
                f'Say it: --set "lines.{text}={next(iter(match.near), "LINE")}", '
                "or under [lines] in the mapping.",
            )
        self._mapped(text, match.line, "mapping" if answer else match.how)
        return match.line

    def _mapped(self, text: str, meaning: str, how: str) -> None:
        if text != meaning:
            self.read.mapped.append(Mapped(text, meaning, how))

    def year_of(self, value: Value) -> str:
        """The financial year that the text of a month named; empty where it named none."""
        year = self.years.get(said_of(value), "")
        return year_label(year) if year else ""

    def _word(self, kind: Column, text: str) -> str:
        """A word of the vocabulary of a column, as it stands or as the person says of the text."""
        words = (*kind.vocabulary, "unknown") if kind.required else kind.vocabulary
        answer = _answer(self.asked.headings, text)
        found = word_of(answer or text, words, kind.name)
        if not found:
            unfit = f"; “{answer}”, which you said, is none" if answer else ""
            raise Unclear(
                "one of " + ", ".join(words) + unfit,
                action=f'Say what “{text}” is here: --set "headings.{text}=WORD", WORD being '
                f"{' or '.join(words)}.",
            )
        return found

    def _month(self, value: Value) -> str:
        text = said_of(value)
        period, year = dated_month(text)
        if year:
            self.years[text] = year
        return period

    def _chance(self, value: Value) -> str:
        text = said_of(value)
        answer = _answer(self.asked.headings, text)
        try:
            return share_of(answer or value)
        except MoneyError:
            unfit = f"; “{answer}”, which you said, is none" if answer else ""
            raise Unclear(
                f"a chance from 0 to 1, or a percentage with its sign{unfit}",
                action=f'Say what “{text}” is worth here: --set "headings.{text}=CHANCE", such as 30%.',
            ) from None

    def _are_scores(self, at: int, values: Sequence[Value]) -> bool:
        """Whether likelihoods are scores of one to five, which say no chance by themselves."""
        numbers = [value for value in values if not is_empty(value)]
        if not numbers or not all(said_of(value) in _SCORES for value in numbers):
            return False
        heads = self.faults.seen.heads
        own = next((head.text for head in heads if head.column == at), "")
        beside = any(head.means == "consequence" for head in heads)
        return beside or bool(_SCORED.search(own)) or any(said_of(v) != "1" for v in numbers)

    def _score(self, value: Value) -> str:
        """The chance that the person says a score is worth."""
        text = said_of(value)
        answer = _answer(self.asked.headings, text)
        if not answer:
            raise Unclear(
                "a chance from 0 to 1, or a percentage with its sign; a score of one to five is none",
                action=f'Say what a score of {text} is worth here: --set "headings.{text}=CHANCE", such as '
                "30%.",
            )
        return self._chance(answer)

    def _percent(self, value: Value) -> str:
        text = said_of(value)
        with suppress(MoneyError):
            parse_number(text)
            return self._chance(f"{text}%")
        return self._chance(value)


_SCORES: Final = frozenset({"1", "2", "3", "4", "5"})
_SCORED: Final = re.compile(r"\bscores?\b|1\s*(?:-|\u2013|to)\s*5", re.IGNORECASE)


def _in_hundreds(values: Sequence[Value]) -> bool:
    """Whether chances that bear no sign are of a hundred: some above one, and none a part of one.

    >>> _in_hundreds([75, 50, "100%"]), _in_hundreds([0.75, 1]), _in_hundreds([5, 0.05])
    (True, False, False)
    """
    bare = []
    for value in values:
        with suppress(MoneyError):
            bare.append(parse_number(said_of(value)))
    return any(n > 1 for n in bare) and all(n >= 1 or n == 0 for n in bare)


def _answer(answers: Mapping[str, str], text: str) -> str:
    """What the person said of a text; empty where nothing."""
    return answers.get(folded(text), answers.get(text, ""))


def _year(value: Value) -> str:
    return year_label(parse_year(said_of(value)))


def _yes_no(value: Value) -> str:
    text = meant(said_of(value), ("yes", "no"), "yesno")
    if not text:
        raise Unclear("yes or no")
    return text


def _number(value: Value) -> str:
    text = said_of(value)
    number = parse_number(text.removesuffix("%").strip())
    return format(number / 100 if text.endswith("%") else number, "f")


def _unit(value: Value) -> str:
    text = canonical_unit(said_of(value))
    if not text:
        raise Unclear("a unit of £, £k, £m or £bn", "IMPORT_UNIT")
    return text

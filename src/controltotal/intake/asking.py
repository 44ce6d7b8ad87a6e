"""What a person says of an import on the command line: options, answers, and who accepts what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from controltotal.core.calendar import CalendarError, parse_date, parse_year, year_label
from controltotal.core.errors import BookError
from controltotal.core.money import canonical_unit
from controltotal.core.schema import table_named
from controltotal.core.vocabulary import folded, meant
from controltotal.intake.changes import Allowed
from controltotal.intake.mapping import ANSWERS, KEPT
from controltotal.intake.model import Asked
from controltotal.intake.questions import NOTHING
from controltotal.intake.struck import KEEP, LEAVE

COSTS: Final[Mapping[str, str]] = {
    "positive": "plain",
    "negative": "costs_negative",
    "ledger": "ledger",
    "plain": "plain",
    "costsnegative": "costs_negative",
}
"""How a file writes its costs, as the command says it and as the book does."""
ONCE: Final = ("drift", "withdraw", "replace", "values_only")
"""Answers of one import alone: yes, and nothing else."""


LATE: Final = "late"
"""The answer that says why figures of a month that was sent change."""
NAMES: Final = ", ".join((*KEPT, "month", LATE, *ONCE, *(f"{one}.TEXT" for one in ANSWERS)))
"""All that may be answered."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who says something, and why."""

    who: str
    reason: str

    @property
    def text(self) -> str:
        """As it is recorded."""
        return f"{self.who}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Asking:
    """An import as it was asked for: answers of the person, and what was allowed beforehand.

    `schemes` are ids of schemes in the file and those they have in the book; `once` holds what of
    `ONCE` was said. `late` says why figures of a month that was sent change. `today` is the
    day of a file that names none; empty is that of the clock.
    """

    asked: Asked = field(default_factory=Asked)
    map: str = ""
    dry_run: bool = False
    accepted: Said | None = None
    hidden: Said | None = None
    schemes: Mapping[str, str] = field(default_factory=dict)
    once: frozenset[str] = frozenset()
    late: str = ""
    today: str = ""

    @property
    def allowed(self) -> Allowed:
        """What of the book may be changed unasked."""
        return Allowed("replace" in self.once, "withdraw" in self.once)

    @property
    def said(self) -> dict[str, str]:
        """The options that were given, by name."""
        names = (*KEPT, "month", "sheet")
        found = {name: getattr(self.asked, name) for name in names if getattr(self.asked, name)}
        return {**found, **({"as": self.asked.as_} if self.asked.as_ else {})}


OTHER_KINDS: Final = ("ledger", "long", "return", "accounts")
"""What a table may be of that is no table of a book."""


def asking(
    set: Iterable[str] = (), on: str | None = None, as_: str = "", sheet: str = "", **more: Any
) -> Asking:
    """What the options of the command say; a BookError names one that cannot be read.

    `set` holds texts `KEY=VALUE`: an option (`year=2026/27`), an answer (`lines.Bank=bank_pay`), or
    leave (`withdraw=yes`).

    >>> asking(["year=2026-27", "costs=positive", "lines.Bank staff=bank_pay"]).asked.lines
    {'bankstaff': 'bank_pay'}
    """
    options: dict[str, Any] = {}
    answers: dict[str, dict[str, str]] = {name: {} for name in ANSWERS}
    once: set_[str] = set_()
    for text in set:
        name, given, value = _split(text)
        section, dotted, of = name.strip().partition(".")
        if not given:
            raise _refuse(text, "write KEY=VALUE, such as --set year=2026/27")
        if dotted and section in answers:
            said = value.strip()
            answers[section][_plain(section, of)] = "" if said in NOTHING else said
        elif section in ONCE and not dotted:
            once |= {section} if _yes(text, value) else set_()
        elif section in (*KEPT, "month") and not dotted:
            options[section] = _option(section, value.strip())
        elif name.strip() == LATE:
            more[LATE] = value.strip()
        else:
            raise _refuse(text, f"use one of {NAMES}")
    if as_ and not table_named(as_) and folded(as_) not in OTHER_KINDS:
        known = "amounts, schemes, control_totals, risks, ledger, return or another table of a book"
        raise BookError(f"--as reads {as_!r}", "the command", f"give {known}")
    day = _day(on) if on else ""
    schemes = answers.pop("schemes")
    asked = replace(
        Asked(as_=as_, sheet=sheet, known_on=day, **options),
        headings=answers["headings"],
        lines=answers["lines"],
        bodies=answers["bodies"],
        totals=answers["totals"],
    )
    return Asking(asked, schemes=schemes, once=frozenset(once), **more)


set_ = set
"""The set of Python, in a function whose option bears that name."""


def _split(text: str) -> tuple[str, str, str]:
    """KEY, =, VALUE; the text that an answer is of may itself hold a sign of equality.

    >>> _split("lines.Pay = all=pay"), _split("late=a = b")
    (('lines.Pay = all', '=', 'pay'), ('late', '=', 'a = b'))
    """
    of_a_text = text.partition(".")[0].strip() in ANSWERS
    return text.rpartition("=") if of_a_text else text.partition("=")


def _plain(section: str, text: str) -> str:
    return text.strip() if section == "schemes" else folded(text)


def _yes(text: str, value: str) -> bool:
    if folded(value) not in ("yes", "true", "no", "false"):
        raise _refuse(text, "say yes, or leave it out")
    return folded(value) in ("yes", "true")


WORDS: Final[Mapping[str, Sequence[str]]] = {
    "months": ("single", "cumulative"),
    "sheets": ("add",),
    "struck": (KEEP, LEAVE),
}
"""Options that are one of a few words."""


def _option(name: str, value: str) -> str:
    """An option in the form of the book."""
    try:
        match name:
            case "year":
                return year_label(parse_year(value))
            case "basis":
                found = meant(value, ("plan", "actual", "forecast"), "basis")
            case "unit":
                found = canonical_unit(value)
            case "costs":
                found = COSTS.get(folded(value), "")
            case "kind":
                found = table_named(value) or (
                    folded(value) if folded(value) in OTHER_KINDS else ""
                )
            case _ if name in WORDS:
                found = folded(value) if folded(value) in WORDS[name] else ""
            case _:
                return value
    except CalendarError as error:
        raise _refuse(f"{name}={value}", f"give {error.expected}") from error
    if not found:
        raise _refuse(f"{name}={value}", f"give {EXPECTED[name]}")
    return found


EXPECTED: Final = {
    "basis": "plan, actual or forecast",
    "unit": "£, £000, £m or £bn",
    "costs": "positive, negative or ledger",
    "months": "single or cumulative",
    "sheets": "add",
    "struck": "keep or leave",
    "kind": "amounts, schemes, risks, control totals, ledger, return or another table of a book",
}


def _day(text: str) -> str:
    try:
        return parse_date(text).isoformat()
    except CalendarError as error:
        raise BookError(f"--on reads {text!r}", "the command", f"give {error.expected}") from error


def said_by(option: str, text: str | None) -> Said | None:
    """A person and a reason: `WHO: REASON`; a BookError where either is missing.

    >>> said_by("--accept", "Deputy CFO: rounding of the return").who
    'Deputy CFO'
    """
    if text is None or not text.strip():
        return None
    who, _, reason = text.partition(":")
    if not who.strip() or not reason.strip():
        raise BookError(
            f"{option} reads {text!r}", "the command", f'say who and why: {option} "WHO: REASON"'
        )
    return Said(who.strip(), reason.strip())


def _refuse(text: str, action: str) -> BookError:
    return BookError(f"--set reads {text!r}", "the command", action)


__all__ = ["COSTS", "Asking", "Said", "asking", "said_by"]

"""What a whole table stands on: its body, year, basis, unit and month, each from where it is said.

What the person says (`--set`, or the mapping) comes first, then what the table's own headings say,
then the words around it. Where they contradict each other, and where nothing says, it is asked, once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from controltotal.core.calendar import CalendarError, parse_month, parse_year
from controltotal.core.finding import FileCell, Finding
from controltotal.core.money import canonical_unit
from controltotal.core.vocabulary import meant
from controltotal.intake.known import Known
from controltotal.intake.model import Asked, Claim, Seen
from controltotal.intake.questions import asked as question
from controltotal.intake.questions import quoted, told

BASES: Final = ("plan", "actual", "forecast")
_SURE: Final = ("exact", "code", "former_name")
_ABOVE: Final = 12
"""Rows above a table that may speak of it."""
_LONG: Final = 160
_LOOKED_AT: Final = 200
"""Rows of a table whose cells may show that they are pounds and pence."""
_IN_POUNDS: Final = re.compile(
    r"[-(\u2212]*£\s?[-(]*\d[\d,]*(?:\.\d\d\)?|(?:\.\d+)?\s?(?:k|m|bn)\)?)", re.IGNORECASE
)
_PENCE: Final = re.compile(r"[-(\u2212]*\d[\d,]*\.\d\d?\)?")
_THOUSANDTHS: Final = re.compile(r".*\.\d{3,}\)?")
_SURPLUS: Final = re.compile(
    r"\b(?:surplus|deficit|financial position|financial performance)\b", re.IGNORECASE
)
_PIECES: Final = re.compile(r"\s[-\u2013\u2014|]\s|[:;,|]|\s{3,}|\n")


@dataclass(slots=True)
class Ground:
    """What holds for the whole of a table, empty where nothing says; `asks` keeps each question once.

    `month` is `7`, `YTD9`, `Q2` or empty.
    """

    seen: Seen
    organisation: str = ""
    year: str = ""
    basis: str = ""
    unit: str = ""
    month: str = ""
    costs: str = ""
    unit_said: bool = False
    asks: dict[str, Finding] = field(default_factory=dict)
    month_said: bool = False
    """Whether a person named the month."""
    bodies: dict[int, str] = field(default_factory=dict)
    """By column, the body that its heading names, or the name that nobody knows yet."""
    near: Finding | None = None
    """The question of which body a title means, put where the table needs one."""

    def need(self, what: str) -> str:
        """What is asked for; where nothing says it, the question is put and the answer is empty."""
        found = str(getattr(self, what))
        if not found and what not in self.asks:
            near = self.near if what == "organisation" else None
            self.asks[what] = near or _missing(self.seen, what)
        return found

    def missing(self, what: str) -> Finding:
        """The question of what nothing says for certain."""
        return _missing(self.seen, what)

    def ask_unit(self, text: str) -> None:
        """Ask for the unit of money, or for one that a row names and nobody can read."""
        found = _unreadable(self.seen, "unit", text) if text else _missing(self.seen, "unit")
        self.asks.setdefault("unit", found)

    def conflict(self, what: str) -> str:
        """Ask which of two things that the file says holds; the answer so far is empty."""
        if what not in self.asks:
            heads = [head.text for head in self.seen.heads if head.measure.unit]
            words = [c.text for c in self.seen.claims if c.what == what and c.place[0] >= 0]
            code, _, _, action = _ASKED[what]
            self.asks[what] = question(
                code,
                f"The headings name one {what}, and the words around the table another.",
                _around(self.seen),
                expected=f"one {what}",
                found=quoted([*heads[:1], *words]),
                action=action,
            )
        setattr(self, what, "")
        return ""


def settled(seen: Seen, asked: Asked, known: Known) -> Ground:
    """The ground of a table, with the questions that contradictions raise."""
    ground = Ground(
        seen, costs=asked.costs, unit_said=bool(asked.unit), month_said=bool(asked.month)
    )
    for what, read in (
        ("year", year_in),
        ("basis", _basis),
        ("unit", canonical_unit),
        ("month", _month),
    ):
        setattr(ground, what, _one(ground, what, str(getattr(asked, what)), read))
    years = {head.measure.year for head in seen.heads} - {""}
    if not ground.year and "year" not in ground.asks and len(years) == 1:
        ground.year = years.pop()
    if not ground.unit and "unit" not in ground.asks and _shows_pounds(seen):
        ground.unit = "£"
    ground.organisation = _body(ground, asked, known)
    ground.costs = asked.costs or _claimed(seen, "signs")
    return ground


def _claims(seen: Seen, what: str) -> list[Claim]:
    """The claims of a kind: those of cells before those of the names of sheet and file."""
    found = [claim for claim in seen.claims if claim.what == what]
    return [c for c in found if c.place[0] >= 0] or found


def _claimed(seen: Seen, what: str) -> str:
    claims = _claims(seen, what)
    return claims[0].value if claims else ""


def _one(ground: Ground, what: str, said: str, read: Callable[[str], str]) -> str:
    """What the person says, else the one thing that the words around the table say."""
    if said:
        found = read(said)
        if not found:
            ground.asks[what] = _unreadable(ground.seen, what, said)
        return found
    claims = _claims(ground.seen, what)
    if what == "month":
        claims += [c for c in _claims(ground.seen, "to_date") if c not in claims]
    values = dict.fromkeys(filter(None, (read(claim.value) for claim in claims)))
    if len(values) > 1 and what == "unit":
        ground.asks[what] = _two(ground.seen, what, claims)
        return ""
    return next(iter(values), "")


def _body(ground: Ground, asked: Asked, known: Known) -> str:
    """The code of the body that the table is of."""
    seen = ground.seen
    if asked.organisation:
        match = known.bodies.match(asked.organisation, ground.year)
        if match.code and match.how != "near":
            _other_body(ground, match.code, known)
            return match.code
        said = asked.organisation
        ground.asks["organisation"] = (
            _which(seen, said, match.near, None) if match.near else _unlisted(seen, said, None)
        )
        return ""
    near: dict[str, tuple[Claim, tuple[str, ...]]] = {}
    for claim in (*_claims(seen, "organisation"), *_claims(seen, "name")):
        match = known.bodies.match(claim.value, ground.year)
        if match.code and match.how != "near":
            return match.code
        if match.near and claim.what == "organisation":
            near.setdefault(claim.value, (claim, match.near))
    named = {
        match.code
        for text in words_above(seen)
        if (match := known.bodies.match(text, ground.year)).how in _SURE
    }
    if len(named) == 1:
        return named.pop()
    within = {code for text in words_above(seen) for code in known.bodies.within(text)}
    if len(within) == 1:
        return within.pop()
    if near:
        text, (claim, codes) = next(iter(near.items()))
        ground.near = _which(seen, text, codes, claim)
    elif unknown := _claims(seen, "organisation"):
        ground.near = _unlisted(seen, unknown[0].value, unknown[0])
    return ""


def _other_body(ground: Ground, code: str, known: Known) -> None:
    """Tell where the title names another body than the person."""
    for claim in _claims(ground.seen, "organisation"):
        match = known.bodies.match(claim.value, ground.year)
        if match.code and match.code != code and match.how in _SURE:
            ground.asks["organisation_said"] = told(
                "IMPORT_BODY",
                f"The title names {known.bodies.name(match.code)}, and it is imported as that of {code}.",
                _around(ground.seen),
                expected=code,
                found=match.code,
                action="Look whether it is the right file; act undo takes it back.",
                severity="warning",
            )


def _shows_pounds(seen: Seen) -> bool:
    """Whether the figures are pounds and pence: `£1,234.56`, or pence in columns of debit and credit."""
    sides = {head.column for head in seen.heads if head.means in ("debit", "credit")}
    rows = range(seen.first, min(seen.last + 1, seen.first + _LOOKED_AT))
    pence = 0
    for row in rows:
        for column in range(seen.left, seen.right + 1):
            text = seen.grid.text(row, column)
            if _IN_POUNDS.fullmatch(text) or (column in sides and _PENCE.fullmatch(text)):
                pence += 1
            elif _THOUSANDTHS.fullmatch(text) and (column in sides or "£" in text):
                return False
    return pence > 1


def words_above(seen: Seen) -> list[str]:
    """What stands above a table and in the name of its sheet: whole texts, then their pieces."""
    grid, (first, _) = seen.grid, seen.heading
    rows = []
    for row in range(first - 1, max(-1, first - _ABOVE), -1):
        if sum(isinstance(value, int | float) for value in grid.cells[row]) > 1:
            break  # the table above has words of its own
        rows.append(row)
    texts = [grid.text(row, c) for row in rows for c in range(len(grid.cells[row]))]
    texts = [text for text in texts if text and len(text) < _LONG]
    whole = [*texts, *filter(None, [grid.sheet])]
    pieces = [part.strip() for text in whole for part in _PIECES.split(text) if part.strip()]
    return list(dict.fromkeys([*whole, *pieces]))


def year_in(text: str) -> str:
    """The financial year that a text is, in the form of the book; empty where it is none."""
    try:
        return parse_year(text)
    except CalendarError:
        return ""


def _basis(text: str) -> str:
    return meant(text, BASES, "basis")


def _month(text: str) -> str:
    """A month, quarter or year to date in the form of the book.

    >>> _month("M9"), _month("YTD9"), _month("9"), _month("year"), _month("noon")
    ('9', 'YTD9', '9', 'year', '')
    """
    if text.strip().casefold() in ("year", "full year", "annual"):
        return "year"
    try:
        return parse_month(text)
    except CalendarError:
        return ""


_ASKED: Final = {
    "organisation": (
        "IMPORT_BODY",
        "Nothing in the file says which body its money is of.",
        "a column of bodies, a title that names one, or the code",
        "Say whose it is: --set organisation=CODE.",
    ),
    "year": (
        "IMPORT_YEAR",
        "Nothing in the file says which financial year its money is of.",
        "a year such as 2026/27 in a heading or a title",
        "Say which: --set year=2026/27.",
    ),
    "basis": (
        "IMPORT_BASIS",
        "Nothing in the file says whether its money is planned, actual or forecast.",
        "plan, actual or forecast in a heading or a title",
        "Say which: --set basis=plan, actual or forecast.",
    ),
    "unit": (
        "IMPORT_UNIT",
        "Nothing in the file says whether its money is in pounds, thousands or millions.",
        "£, £000 or £m in a heading or a title",
        "Say which: --set unit=£, £000 or £m.",
    ),
    "month": (
        "IMPORT_MONTH",
        "Nothing in the file says up to which month its figures run.",
        "a month in a heading or a title, such as Month 9",
        "Say which: --set month=M9 for the month alone, --set month=YTD9 for April to December, "
        "--set month=year for the whole year.",
    ),
}


def _around(seen: Seen) -> list[FileCell]:
    first, last = seen.heading
    return [seen.grid.over(first, seen.left, last, seen.right)]


def _missing(seen: Seen, what: str) -> Finding:
    code, message, expected, action = _ASKED[what]
    said = re.sub(r"\s+", " ", " | ".join(h.text for h in seen.heads if h.text))
    return question(
        code, message, _around(seen), expected=expected, found=said[:160], action=action
    )


def _unreadable(seen: Seen, what: str, text: str) -> Finding:
    code, _, expected, action = _ASKED[what]
    message = f"What was said of the {what} cannot be read."
    return question(code, message, _around(seen), expected=expected, found=text, action=action)


def _two(seen: Seen, what: str, claims: list[Claim]) -> Finding:
    code, _, _, action = _ASKED[what]
    cells = [seen.grid.at(*c.place) for c in claims if c.place[0] >= 0] or _around(seen)
    return question(
        code,
        f"The words around the table name more than one {what}.",
        cells,
        expected=f"one {what}",
        found=quoted(claim.text for claim in claims),
        action=action,
    )


def _unlisted(seen: Seen, text: str, claim: Claim | None) -> Finding:
    """The question of a body that neither the book nor the register knows, and how to add it."""
    code, _, expected, _ = _ASKED["organisation"]
    on_sheet = claim is not None and claim.place[0] >= 0
    cells = [seen.grid.at(*claim.place)] if claim is not None and on_sheet else _around(seen)
    whose = "The file names a body" if claim is not None else "What was said names a body"
    return question(
        code,
        f"{whose} that is neither in the book's table organisations nor in the register of NHS bodies: "
        f"{quoted([text])}.",
        cells,
        expected=expected,
        found=text[:80],
        action="Add it to the book first: a row of the table organisations with its code, name and kind "
        "(in a folder in organisations.csv; or import a CSV file with these three columns); or say whose "
        "it is by a code of the book or of the register: --set organisation=CODE.",
    )


def _which(seen: Seen, text: str, near: tuple[str, ...], claim: Claim | None) -> Finding:
    code, _, expected, action = _ASKED["organisation"]
    on_sheet = claim is not None and claim.place[0] >= 0
    cells = [seen.grid.at(*claim.place)] if claim is not None and on_sheet else _around(seen)
    proposed = f" It may be {' or '.join(near)}." if near else ""
    return question(
        code,
        f"The body that the file names is not known for certain.{proposed}",
        cells,
        expected=expected,
        found=text[:80],
        action=action,
    )


def table_line(ground: Ground, known: Known) -> str:
    """The line that the words above a table name, where its rows are bodies and its columns periods."""
    for text in words_above(ground.seen):
        match = known.lines.match(text)
        if match.how == "exact":
            return match.line
        if _SURPLUS.search(text):
            return "position"
    return ""

"""What is told of a number that is a cell of an answer: its value, whose it is, and what it rests on.

Its address names its row. It is looked up there again, in the data as they stand, so a page never
tells another number than the data do; where the answer takes long, the value is the one that the
address carries, signed by the service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

from controltotal.accounts.cell_rests import cell_rests
from controltotal.accounts.made_of import Part, Rests
from controltotal.accounts.reckoned_rests import reckoned_rests
from controltotal.core.calendar import CalendarError, month_name, parse_year_id, year_label
from controltotal.core.datafiles import packaged_rows
from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.lines import packaged_lines
from controltotal.core.money import page_unit, shown_in
from controltotal.core.period import is_year
from controltotal.core.show import value_text
from controltotal.papers.answer import plain_words
from controltotal.papers.board_notes import row_of
from controltotal.papers.page import how_id
from controltotal.service.apps import house
from controltotal.service.figure_told import (
    input_cells,
    is_now,
    moment_told,
    number_in,
    row_cells,
    source_cells,
)
from controltotal.service.house import SLOW
from controltotal.service.moment import NAMES, Moment, moment_of
from controltotal.service.section_parts import carried, figure_address
from controltotal.service.web import name
from controltotal.verbs.following import ROWS_MOST, look_up, newest_first, rows_told
from controltotal.workings.month import MONTHS
from controltotal.workings.workings import Workings

VERBS: Final[Mapping[str, tuple[str, ...]]] = {
    "risk": ("cases", "drivers", "quantiles", "fan", "steps", "step_sums", "measured"),
    "share": (
        *("approaches", "equity", "repayments", "exit_or_default", "shares"),
        "who_pays_for_whom",
    ),
    "boundaries": ("breaches",),
    "forecast": ("backtest", "xmr"),
    "opportunities": ("overlap", "groups"),
    "portfolio": ("binding",),
    "check": ("check",),
    "schemes": (
        *("savings_by_category", "savings_by_maturity", "awaited", "awaited_by"),
        *("refused", "harm"),
    ),
    "register": ("transfers",),
}
"""By question: tables that it alone has; others are of the position."""
QUICK: Final = ("position", "schemes", "register")
"""Questions that are asked again for a number; `share` is, for what needs no option."""
UNITS: Final = {
    "share": "share",
    "chance": "share",
    "deprived": "pounds",
    **dict.fromkeys(("wte", "count", "days", "schemes", "score", "ceiling"), "count"),
}
"""Units of numbers that are no money, by a word of the name of their column."""
BASES: Final = {
    "plan": "plan",
    "planned": "plan",
    "actual": "actual",
    "forecast": "forecast",
    "variance": "one less the other",
}
ASIDE: Final = ("shown", "value")
"""What of an address is no row."""
SAID: Final = {
    "waits_for": "Waiting for",
    "payer": "Who pays",
    "payee": "Who is paid",
    "scheme": "Scheme",
    "row": "Row of page one",
    "driver": "Driver",
    "when": "As it was",
    "group": "Group of schemes",
    "category": "Category of schemes",
    "maturity": "How far the schemes are",
    "risk": "Risk or mitigation",
    "action": "Action",
    "promise": "Promise",
    "transfer": "Transfer",
    "id": "Transfer",
    "step": "Step",
    "case": "Case",
    "day": "Day",
    "set_on": "Set on",
    "approach": "Way to share",
}
"""What else tells a number from others of its column, as people call it."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as its address names it: the note of its column, and what tells its row."""

    note: Mapping[str, str]
    of: Mapping[str, str] = field(default_factory=dict)
    carried: str = ""
    moment: Moment | None = None

    @property
    def table(self) -> str:
        """The table of an answer that it is of."""
        return self.note["number"].partition(".")[0]

    @property
    def column(self) -> str:
        """Its column there."""
        return self.note["number"].partition(".")[2]

    @property
    def verb(self) -> str:
        """The question whose answer has it."""
        return next((verb for verb, names in VERBS.items() if self.table in names), "position")

    @property
    def unit(self) -> str:
        """`pence`, `share` or `count`."""
        words = self.column.split("_")
        return next((unit for word, unit in UNITS.items() if word in words), self._other_unit)

    @property
    def _other_unit(self) -> str:
        return "count" if self.table in ("rules_used", "parameters_used") else "pence"


def number_of(key: str, asked: Mapping[str, str]) -> Number | None:
    """The number of an address: its key, and its row in the query; None where there is no such column.

    >>> number_of("how-to_date-plan-XF_2d_SYS_2f_pay", {}).of["line"]
    'pay'
    """
    rows = sorted(packaged_rows("number_notes.csv"), key=lambda row: -len(row["number"]))
    for row in rows:
        start = how_id(row["number"])
        if key != start and not key.startswith(f"{start}-"):
            continue
        of = {one: text for one, text in asked.items() if one not in (*ASIDE, *NAMES)}
        if of.get("year") and not is_year(of["year"]):
            return None
        if key != start:
            body, line = _at(key.removeprefix(f"{start}-"))
            of = {"organisation": body, "line": line, **of}
        return Number(row, of, carried(key, asked), moment_of(asked))
    return None


def _at(text: str) -> tuple[str, str]:
    """The body and the line of a note that is of one number alone."""
    plain = re.sub(r"_([0-9a-f]{1,6})_", lambda one: chr(min(int(one[1], 16), 0x10FFFF)), text)
    body, _, line = plain.partition("/")
    return body, line


def looked_up(number: Number) -> tuple[Workings, Mapping[str, Any] | None]:
    """The row of an answer that a number stands in, None where none or more than one may be meant."""
    year = number.of.get("year") or house().position.default_year
    workings = reading(number, year)
    verb = number.verb
    if number.table == "repayments":
        options: dict[str, Any] = {}
    elif verb not in QUICK or number.carried:
        return workings, None
    else:
        code = number.of.get("system") or number.of.get("organisation", "")
        narrowed = {"year": year, "organisation": code} if verb != "register" else {}
        options = {one: text for one, text in narrowed.items() if text}
    try:
        answer = house().kept.answer(verb, workings, **options)
    except BookError:
        return workings, None
    wanted = {"year": year, **({"scheme": ""} if number.table == "to_date" else {}), **number.of}
    rows = [row for row in answer.tables.get(number.table, ()) if _is(row, wanted)]
    told = {row.get(number.column) for row in rows}
    return workings, rows[0] if len(told) == 1 and number.of.get("organisation", "-") else None


def reading(number: Number, year: str) -> Workings:
    """The working papers that a number is looked up in: those of its moment, where its address has one.

    As things stand they are read to its month where some have told a later one.
    """
    if number.moment is not None:
        return number.moment.workings
    month = number.of.get("month", "")
    reaches = number.table in ("to_date", "performance") and month.isdecimal()
    return house().to_month(year, int(month)) if reaches else house().of(_whose(number), year)


def _whose(number: Number) -> str:
    return number.of.get("organisation", "") or number.of.get("system", "")


def _is(row: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    return all(
        ("" if row[column] is None else str(row[column])) == text
        for column, text in wanted.items()
        if column in row
    )


def number_told(number: Number) -> dict[str, Any]:
    """What the page of a number shows: its value, what it is of, its parts, figures and rows."""
    moment = number.moment
    with shown_in(moment.unit if moment is not None else page_unit()):
        return _told(number)


def _told(number: Number) -> dict[str, Any]:
    workings, row = looked_up(number)
    value = row.get(number.column) if row is not None else None
    if row is None and number.carried:
        value = number_in(number.carried)
    rests = _rests(workings, number, row)
    return {
        "value": "" if value is None else value_text(value, number.unit),
        "carried": row is None and bool(number.carried),
        "then": moment_told(number.moment),
        "now": _now(number, value) if row is not None else "",
        "about": about(number, row or number.of),
        "parts": [
            *(_part(one, number) for one in rests.parts),
            *([_query(one) for one in _queries(workings, number)]),
        ],
        **rests_told(workings, rests, number.moment),
    }


def rests_told(workings: Workings, rests: Rests, moment: Moment | None) -> dict[str, Any]:
    """Figures and rows that a number rests on, as a page has them: the newest rows first."""
    newest = newest_first(workings.position, rests.entries)
    told, left = rows_told(workings.position, newest, ROWS_MOST)
    found = look_up(workings, rests.figures, tuple(SLOW))
    return {
        "figures": [input_cells(one, moment) for one in found],
        "rows": [row_cells(one) for one in told],
        "rows_left": left,
        "sources": source_cells(told),
    }


def _rests(workings: Workings, number: Number, row: Mapping[str, Any] | None) -> Rests:
    """What a number rests on: by its row, else by what its address says of that."""
    if number.table == "check":
        places = (place for one in _queries(workings, number) for place in one.places)
        return Rests(entries=tuple(dict.fromkeys(one.entry for one in places if one.entry)))
    if row is not None:
        told = cell_rests(workings, number.table, number.column, row)
        if not told.nothing:
            return told
    known = bool(number.of.get("organisation")) or row is not None or number.carried
    return (
        reckoned_rests(workings, number.table, number.column, row or number.of)
        if known
        else Rests()
    )


def _now(number: Number, then: Any) -> str:
    """What a number of a moment is now, where it differs; empty where it is the same, or of now."""
    if is_now(number.moment):
        return ""
    _, row = looked_up(replace(number, moment=None))
    value = row.get(number.column) if row is not None else None
    if row is None:
        return "no longer told"
    return "" if value == then else value_text(value, number.unit)


def _part(part: Part, number: Number) -> tuple[Any, ...]:
    """Another number of which one is made, with the page of it."""
    notes = {row["number"]: row["name"] for row in packaged_rows("number_notes.csv")}
    code = str(part.of.get("organisation", ""))
    same = code == number.of.get("organisation")
    line = "" if same else name(code)
    words = ", ".join(filter(None, (notes[part.number], line)))
    href = figure_address(f"{how_id(part.number)}?{urlencode(row_of(part.of))}", number.moment)
    return (
        {"words": words, "href": href},
        {"words": value_text(part.pence, number.unit), "href": href},
    )


def _queries(workings: Workings, number: Number) -> list[Finding]:
    """The data queries that a number counts; none of one that counts something else."""
    if number.table != "check":
        return []
    found = house().kept.answer("check", workings).findings
    return [one for one in found if one.code == number.of.get("kind", "")]


def _query(one: Finding) -> tuple[Any, ...]:
    """A data query as one of those that a number counts: whose it is, what it says, and where."""
    whose = name(one.organisation) if one.organisation else ""
    words = ": ".join(filter(None, (whose, one.message)))
    return {"words": words, "href": "/findings"}, one.place


def about(number: Number, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Of which organisation, line, months and basis a number is, as pairs of words."""
    found = [("Organisation", name(str(row.get("organisation") or row.get("system") or "")))]
    line = str(row.get("line") or "")
    found.append(("Line", line_words(line)))
    year, month = str(row.get("year") or ""), str(row.get("month") or "")
    found.append(("Year", _year(year)))
    found.append(("Months", _months(number, month)))
    words = [word for word in number.column.split("_") if word in BASES]
    found.append(("Basis", BASES[words[0]] if words else ""))
    found += [(called, plain_words(str(row.get(column) or ""))) for column, called in SAID.items()]
    return [(called, text) for called, text in dict(found).items() if text]


def _year(year: str) -> str:
    try:
        return year_label(parse_year_id(year)) if year else ""
    except CalendarError:
        return year


def _months(number: Number, month: str) -> str:
    """The months that a number is of, in words."""
    column = number.column
    if number.table in ("to_date", "performance"):
        if column.startswith(("plan_year", "forecast", "variance_year")):
            return "the whole year"
        if month.isdecimal() and 1 < int(month) <= MONTHS and not column.startswith("month"):
            return f"April to {month_name(int(month))}"
    known = month.isdecimal() and 1 <= int(month) <= MONTHS
    return month_name(int(month)) if known else ""


def line_words(line: str) -> str:
    """What people call a line."""
    own = house().position.lines.get(line) or packaged_lines().get(line)
    return own.name if own is not None else plain_words(line)

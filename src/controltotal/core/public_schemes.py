"""What the public is shown of schemes, of what a computer chose, and of chances.

Before engagement opens a proposal is public by its title, its place and that it is under
assessment; one with an effect on posts is held until the staff side has been told. What has been
refused, or runs already, is told. A chance of an organisation is told only where its delivery rates
may carry one. Source: statutory involvement of the public and of staff; public bodies' practice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.core.finding import Finding
from controltotal.core.held_names import HeldNames
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.core.trace import Trace
from controltotal.core.withholding import Results, Row, day_of, names_of

OPEN: Final = ("under way", "over", "notified")
"""How an engagement stands that has begun."""
DELIVERING: Final = "fully_developed_delivering"
KEPT: Final = ("scheme", "organisation", "title", "year", "places")
"""What is told of a proposal under assessment."""
LISTS: Final = ("schemes", "proposals")
"""Tables in which such a proposal keeps a row; in all others it has none."""
UNDER: Final = "under assessment"
WAITS: Final = "under assessment: no new proposal is put while an election is near"
NO_DECISION: Final = "no decision has been made"
CHOSEN: Final = "What follows is a modelled list: no decision has been made."
CHANCES: Final = ("chance", "delivery_chance")
NO_CHANCE: Final = "not shown: no chance is told before the board has adopted its delivery rates"
COMMERCIAL: Final = "its value is not shown, for it is commercial"
CHANCE: Final = re.compile(r"\bchances?\b[^.]*\d%|\d%[^.]*\bchances?\b")
BODIES: Final = ("organisation", "giver", "receiver", "from", "to", "parent")
"""Columns that say of which bodies a row is."""


def published_schemes(results: Results) -> dict[str, Result]:
    """The same results, with schemes, choices and chances as the public may see them."""
    standing = standings(results)
    held = {code for code, how in standing.items() if how in (UNDER, WAITS)}
    shown = {verb: _Shown(results, standing, held).result(one) for verb, one in results.items()}
    if "portfolio" in shown:
        shown["portfolio"] = _undecided(shown["portfolio"])
    return shown


def standings(results: Results) -> dict[str, str]:
    """How each scheme stands for the public: refused, running, public, or under assessment."""
    schemes = _rows(results, "schemes", "schemes") or _rows(results, "register", "proposals")
    refused = {row["scheme"] for row in _rows(results, "schemes", "refused")}
    proposals = {row["scheme"]: row for row in _rows(results, "register", "proposals")}
    engaged: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(results, "schemes", "engagement"):
        engaged[row["scheme"]].append(row)
    near = _election(results)
    found = {}
    for row in schemes:
        code = row["scheme"]
        if code in refused:
            found[code] = "refused"
            continue
        told = {**row, **proposals.get(code, {})}
        found[code] = _standing(told, engaged[code], near)
    return found


def _standing(scheme: Row, engagements: Sequence[Row], near: tuple[str, str]) -> str:
    """How one scheme that is not refused stands."""
    begun = [row for row in engagements if row["status"] in OPEN]
    affects = _words(scheme.get("affects"))
    staff = any(str(row["duty"]).lower().startswith("staff") for row in begun)
    if affects & {"staff", "posts"} and not staff:
        return UNDER
    if scheme.get("typed_maturity") == DELIVERING or scheme.get("actual_pence"):
        return "running"
    started = [str(row["from"] or row.get("notified_on") or "") for row in begun]
    if near[0] and (not started or min(started) >= near[0]):
        return WAITS
    return "public" if begun or affects == {"none"} else UNDER


def _words(value: Any) -> set[str]:
    parts = value.replace(",", ";").split(";") if isinstance(value, str) else value or ()
    return {str(part).strip() for part in parts} - {""}


def _election(results: Results) -> tuple[str, str]:
    """From when to when new proposals wait, if the day of the results lies in such a period."""
    papers = [str(row["on"]) for row in _rows(results, "register", "papers") if row.get("on")]
    day = day_of(results) or max(papers, default="")
    for row in _rows(results, "register", "periods"):
        first, last = str(row.get("from") or ""), str(row.get("to") or "")
        if row.get("kind") == "pre_election" and first <= day and (not last or day <= last):
            return first, last
    return "", ""


class _Shown:
    """One answer as the public may see it, of schemes that are held and of chances not adopted."""

    def __init__(self, results: Results, standing: Mapping[str, str], held: set[str]) -> None:
        self.standing, self.held = standing, held
        rows = (*_rows(results, "schemes", "schemes"), *_rows(results, "register", "proposals"))
        schemes = {
            row["scheme"]: (str(row.get("organisation") or ""), str(row.get("title") or ""))
            for row in rows
        }
        self.bodies = names_of(results)
        self.names = HeldNames(schemes, held, self.bodies)
        self.commercial = {
            row["scheme"]
            for row in _rows(results, "register", "proposals")
            if row.get("commercial")
        }
        self.adopted = {
            row["organisation"]
            for row in _rows(results, "risk", "rates")
            if row.get("chance_may_be_told")
        }

    def result(self, result: Result) -> Result:
        figures = []
        trace = {name: self._step(name, step) for name, step in result.trace.items()}
        for figure in result.figures:
            why = self._why_not(figure)
            figures.append(
                Figure(figure.id, None, figure.unit, "withheld", to=figure.to) if why else figure
            )
            if why:
                trace[figure.id] = Trace(why)
        return replace(
            result,
            figures=tuple(figures),
            trace=trace,
            findings=tuple(one for one in result.findings if not self._finding_names(one)),
            tables={
                name: [kept for row in rows if (kept := self._row(result.verb, name, row))]
                for name, rows in result.tables.items()
            },
            sentences=tuple(one for one in result.sentences if not self._not_for_public(one)),
        )

    def _why_not(self, figure: Figure) -> str:
        """Why a figure is not shown; empty where it is."""
        if figure.unit == "chance" and figure.organisation not in self.adopted:
            return NO_CHANCE
        steps = set(figure.parts[1:])
        if steps & self.held:
            return f"not shown: {UNDER}"
        return f"not shown: {COMMERCIAL}" if steps & self.commercial else ""

    def _step(self, name: str, step: Trace) -> Trace:
        """How a figure was made, without what it says of a proposal that is held."""
        parts = name.split("/")
        own = {one for one in parts if one in self.standing and one not in self.held}
        about = [one for one in parts[1:2] if one in self.bodies]
        kept = tuple(one for one in step.parameters if not self.names.named(one, about, own))
        untold = self.names.named(step.rule, about, own)
        return step._replace(rule=UNDER if untold else step.rule, parameters=kept)

    def _finding_names(self, one: Finding) -> bool:
        about = {code for code in (one.organisation, *one.organisations) if code}
        return self.names.named(f"{one.message} {one.found}", about)

    def _not_for_public(self, one: Sentence) -> bool:
        chance = one.topic in ("risk", "calibrate") and CHANCE.search(one.text) is not None
        about = [one.about] if one.about else ()
        return self.names.named(one.text, about) or (chance and one.about not in self.adopted)

    def _row(self, verb: str, table: str, row: Row) -> dict[str, Any]:
        """A row as the public may see it; empty where it is not for the public."""
        code = row.get("scheme")
        if code in self.held:
            return self._kept(row, self.standing[str(code)]) if table in LISTS else {}
        own = self.names.codes(row)
        about = {str(row[one]) for one in BODIES if row.get(one) in self.bodies}
        if any(
            isinstance(value, str) and self.names.is_one(column, value, about, own)
            for column, value in row.items()
        ):
            return {}
        shown = {key: self._value(value, about, own) for key, value in row.items()}
        if verb in ("risk", "portfolio") and row.get("organisation", "") not in self.adopted:
            shown |= {key: None for key in row if key in CHANCES}
        if code in self.commercial:
            shown |= {key: None for key, value in row.items() if _number(value)}
            shown["standing"] = COMMERCIAL
        elif table == "proposals":
            shown["standing"] = self.standing.get(str(code), "")
        return shown

    def _value(self, value: Any, about: Collection[str], own: Collection[str]) -> Any:
        """A cell without the name of a proposal that is held."""
        if isinstance(value, str):
            return UNDER if self.names.named(value, about, own) else value
        if isinstance(value, list | tuple):
            return [one for one in value if not self.names.named(str(one), about, own)]
        return value

    @staticmethod
    def _kept(row: Row, standing: str) -> dict[str, Any]:
        """The row of a proposal under assessment: its title and place, and nothing else of it."""
        shown = {key: value if key in KEPT else _nothing(value) for key, value in row.items()}
        shown["standing"] = standing
        return shown


def _undecided(result: Result) -> Result:
    """A portfolio that says of all it chose that no decision has been made."""
    year = str(result.options.get("year") or "")
    tables = dict(result.tables)
    if "schemes" in tables:
        tables["schemes"] = [{**row, "decision": NO_DECISION} for row in tables["schemes"]]
    first = Sentence("", year, "portfolio", CHOSEN)
    return replace(result, tables=tables, sentences=(first, *result.sentences))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _nothing(value: Any) -> Any:
    return "" if isinstance(value, str) else None


def _rows(results: Results, verb: str, table: str) -> Sequence[Row]:
    return results[verb].tables.get(table, ()) if verb in results else ()

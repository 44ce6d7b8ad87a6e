"""Withheld numbers inside tables and sentences: which cells and words may say one.

A table's row is of organisations, mostly of a year, and its columns are of a basis; a cell is
emptied where all three may be those of a withheld figure. Where a row or a column does not say of
what it is, it cannot be told apart and is emptied too, and so are numbers of the same
organisation and kind that equal a withheld one. An equal number of another organisation, or of
another kind, is a number of its own and stays: an empty cell there could be worked out from those
beside it, and would tell the secret.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from controltotal.core.kinds import (
    CAPITAL,
    CASH,
    CONTROL,
    POSITION,
    SAVINGS,
    SHARE,
    SUPPLIERS,
    kind_of,
)
from controltotal.core.period import within
from controltotal.core.result import Result
from controltotal.core.withheld_text import Secrets, says_money
from controltotal.core.withholding import Row, Shadow, Withholding, large

TABLES: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(kinds)
    for names, kinds in (
        (
            "to_date bridge months workforce risk_register net_risk eliminations quantiles fan "
            "measured steps step_sums cases drivers driver_groups tornado xmr activity path "
            "control_chart inherited gap",
            (POSITION,),
        ),
        ("levels nesting control_totals control_total_changes", (CONTROL, POSITION)),
        ("cash cash_below_nil", (CASH,)),
        ("capital", (CAPITAL,)),
        ("suppliers", (SUPPLIERS,)),
        (
            "schemes schemes_not_counted phasing delivery delivery_to_date quality quality_domains "
            "harm engagement gates dependencies milestones savings_by_category savings_by_maturity "
            "awaited_by awaited refused conditions opportunities overlap groups conversion proposals",
            (SAVINGS,),
        ),
        ("missing sentences claims challenges", (POSITION, CONTROL, SAVINGS)),
        ("support_cases", (SHARE, POSITION)),
        (
            "shares approaches equity policies_compared transfers repayments exit_or_default "
            "not_lent",
            (SHARE,),
        ),
        (
            "votes bound decisions power blocking organisations papers reported rates "
            "national_case who_pays_for_whom book sources plan_backtest reported_cases fitted "
            "parameters reliability backtest certificate",
            (),
        ),
    )
    for name in names.split()
}
"""Of what kinds of figures a table tells; one that is not listed may tell of any."""
ROWS: Final = {"cash": CASH, "capital": CAPITAL, "efficiencies": SAVINGS}
"""What the rows of the table `performance` tell of; all others of the position."""
TOPICS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("headline", "since", "month", "must", "bridge", "forecast", "trajectory", "risk"),
        frozenset((POSITION,)),
    ),
    **dict.fromkeys(("position", "gap", "beside"), frozenset((POSITION, CONTROL))),
    "challenge": frozenset((POSITION, CONTROL, SAVINGS)),
    **dict.fromkeys(("savings", "schemes", "portfolio"), frozenset((SAVINGS,))),
    **dict.fromkeys(("share", "repayment", "equity"), frozenset((SHARE,))),
    **dict.fromkeys(("opportunity", "overlap"), frozenset((SAVINGS,))),
    **dict.fromkeys(
        (
            "reported",
            "vote",
            "power",
            "boundary",
            "history",
            "made",
            "import",
            "explain",
            "calibrate",
        ),
        frozenset[str](),
    ),
}
"""Of what kinds of figures sentences on a topic tell; on any other topic of any."""
DIGIT: Final = re.compile(r"\d")
BASES: Final = ("plan", "actual", "forecast")
PARTS: Final = ("scenario", "policy", "mechanism", "transfer")
"""Columns that say of which scenario, policy or transfer a row is."""
BY_PEOPLE: Final = frozenset(
    {"answer", "appeal", "condition", "consequence", "considered_by", "grounds", "meeting"}
    | {"mitigation", "owner", "presented_by", "private_reason", "public_interest"}
    | {"public_summary", "purpose", "reason", "recommendation", "text", "title", "words"}
)
"""Columns of what people wrote, who may say in words what no figure says."""
STRUCTURE: Final = frozenset(
    {"month", "to_month", "last_month", "depth", "notice_days", "population", "deprivation"}
    | {
        "schemes",
        "schemes_untold",
        "cases",
        "bodies",
        "repay_years",
        "repay_from",
        "changes",
        "row",
        "entry",
    }
    | {"finished", "quorum", "item"}
)
"""Columns of numbers that count or place, and say nothing of money."""


class Shade:
    """Which cells and sentences may tell what is withheld."""

    def __init__(
        self,
        held: Withholding,
        names: Mapping[str, str],
        secrets: Secrets,
        numbers: Mapping[tuple[str, str], Collection[int | float]],
        lead: str = "",
        covered: Collection[str] = (),
    ) -> None:
        self.lead = lead
        self.made_up = secrets
        """What no sentence may say that is made of figures, and not by people."""
        self.written: Sequence[str] | None = None
        """What people may have written; None where any sentence may have been."""
        self.held, self.secrets, self.numbers = held, secrets, numbers
        self.of: dict[str, list[Shadow]] = defaultdict(list)
        shadows = [one for one in held.shadows() if one.hidden.figure not in covered]
        for shadow in dict.fromkeys(replace(one, kind=kind_of(one.kind)) for one in shadows):
            self.of[shadow.organisation].append(shadow)
        self.parts: dict[str, set[str]] = defaultdict(set)
        for figure in held.figures.values():
            self.parts[kind_of(figure.measure)] |= set(figure.part.split("/")) - {""}
        self.codes = {name: code for code, name in names.items()} | {code: code for code in names}
        self.codes |= {code: code for code in self.of}

    def table(self, name: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """A table without the cells that may tell what is withheld; a column says which."""
        shown = [self._row(name, row) for row in rows]
        gone = [", ".join(lost) for _, lost in shown]
        if not any(gone):
            return [row for row, _ in shown]
        return [{**row, "withheld": lost} for (row, _), lost in zip(shown, gone, strict=True)]

    def lent(self, results: Iterable[Result]) -> dict[tuple[str, str], set[int | float]]:
        """Large sums in cells that are emptied beside a withheld share, by organisation and kind: what
        is lent is told in many tables."""
        found: dict[tuple[str, str], set[int | float]] = defaultdict(set)
        if not any(one.kind == SHARE for shadows in self.of.values() for one in shadows):
            return found
        for name, rows in (table for one in results for table in one.tables.items()):
            for row in rows:
                _, lost = self._row(name, row)
                sums = {abs(v) for c in lost if isinstance(v := row[c], int | float) and large(v)}
                for shadow in self._shadows(row, self._bodies_of(name, row)) if sums else ():
                    if shadow.kind == SHARE:
                        found[shadow.organisation, SHARE] |= sums
        return found

    def sentence(self, text: str, about: str, year: str, topic: str) -> Row | None:
        """The row of `withheld` because of which a text may not be read; None where it may be."""
        if self.secrets_of(text).told(text, [about] if about else ()):
            return self._first(about) or self._first_named(text)
        if not self.of or not says_money(text):
            return None
        # who is named nowhere is taken to be the organisation that leads the book
        named = {about, *self.secrets.owners(text)} - {""} or {self.lead}
        whose = named & self.of.keys()
        for code in sorted(whose):
            for shadow in self.of[code]:
                kinds = TOPICS.get(topic)
                same = kinds is None or shadow.kind in kinds
                if same and _year_may_be(year, shadow) and self._part_in_text(text, shadow):
                    return shadow.hidden.row
        return None

    def secrets_of(self, text: str) -> Secrets:
        """What a text may not say: more where people wrote it than where it is made of figures."""
        by_people = self.written is None or any(one in text for one in self.written)
        return self.secrets if by_people else self.made_up

    def _part_in_text(self, text: str, shadow: Shadow) -> bool:
        """Whether a text may be of the part: of a scenario of a published figure it must name it,
        and a text that names another part alone is of that."""
        if not shadow.part:
            return True
        own = any(_says(text, step) for step in shadow.part.split("/"))
        others = self.parts[shadow.kind]
        return own or not (shadow.variant or any(_says(text, one) for one in others))

    def _first(self, code: str) -> Row | None:
        return self.of[code][0].hidden.row if code in self.of else None

    def _first_named(self, text: str) -> Row:
        for _, _, code in self.secrets.named(text):
            if (row := self._first(code)) is not None:
                return row
        hidden = next(iter(self.held.hidden.values()))
        return next((one.hidden.row for some in self.of.values() for one in some), hidden.row)

    def _row(self, table: str, row: Row) -> tuple[dict[str, Any], list[str]]:
        """A row as it may be read, and the columns of it that are withheld."""
        bodies = self._bodies_of(table, row)
        shadows = self._shadows(row, bodies)
        shown, lost = dict(row), []
        for column, value in row.items():
            if value is None or isinstance(value, bool) or column in STRUCTURE:
                continue
            if isinstance(value, list | tuple):
                kept = [one for one in value if not self.secrets.told(str(one), bodies)]
                shown[column] = value if len(kept) == len(value) else kept
            elif self._tells(table, row, column, bodies, shadows):
                shown[column] = "withheld" if isinstance(value, str) else None
                lost.append(column)
        return shown, lost

    def _bodies_of(self, table: str, row: Row) -> set[str]:
        """The organisations that a row may be of; one that names none may be of who leads the book."""
        unsaid = {self.lead} - {""} if kinds_of(table, row) is None else set()
        return self._bodies(row) or unsaid

    def _shadows(self, row: Row, bodies: Collection[str]) -> list[Shadow]:
        """What is withheld of some organisations that a row may tell, by its year and its part."""
        return [
            shadow
            for code in bodies & self.of.keys()
            for shadow in self.of[code]
            if _year_may_be(str(row.get("year") or ""), shadow) and _part_may_be(row, shadow)
        ]

    def _tells(
        self, table: str, row: Row, column: str, bodies: set[str], shadows: Sequence[Shadow]
    ) -> bool:
        """Whether a cell, a number or a text, may tell what is withheld."""
        value = row[column]
        if isinstance(value, str):
            of = self.secrets if column in BY_PEOPLE else self.made_up
            return bool(DIGIT.search(value)) and (
                of.told(value, bodies) or self._text_tells(table, row, value, shadows)
            )
        if not isinstance(value, int | float):
            return False
        return self._equals(table, row, value, bodies) or self._number_tells(
            table, row, column, shadows
        )

    def _bodies(self, row: Row) -> set[str]:
        """The organisations that a row is of: by code, by name, or by the id of a figure."""
        found = set()
        for value in row.values():
            if isinstance(value, str) and value:
                found.add(self.codes.get(value, ""))
                if "/" in value:
                    found |= {self.codes.get(step, "") for step in value.split("/")}
        return found - {""}

    def _equals(self, table: str, row: Row, value: float, bodies: Collection[str]) -> bool:
        """Whether a number is one that is withheld: of an organisation of its row (of any, where the
        row does not say of which) and of a kind that its table tells of, on whatever basis."""
        if not large(value):
            return False
        kinds = kinds_of(table, row)
        return any(
            abs(value) in values
            for (code, kind), values in self.numbers.items()
            if (not bodies or code in bodies) and (kinds is None or kind in kinds)
        )

    def _number_tells(self, table: str, row: Row, column: str, shadows: Iterable[Shadow]) -> bool:
        figure = self._figure_of(row)
        if figure:
            return figure in self.held.hidden
        kinds, bases = kinds_of(table, row), bases_of(row, column)
        return any(
            (kinds is None or shadow.kind in kinds)
            and (not shadow.basis or shadow.basis in bases or shadow.basis not in BASES)
            for shadow in shadows
        )

    def _figure_of(self, row: Row) -> str:
        """The figure that a row is, where it says so; empty where it does not."""
        name = row.get("figure")
        if not name and row.get("rule"):
            name = f"rule/{row.get('organisation')}/{row.get('year')}/{row['rule']}"
        return str(name) if name in self.held.figures else ""

    def _text_tells(self, table: str, row: Row, value: str, shadows: Sequence[Shadow]) -> bool:
        figure = self._figure_of(row)
        if figure:
            return figure in self.held.hidden and says_money(value)
        if not shadows or table == "withheld" or not says_money(value):
            return False
        kinds, topic = kinds_of(table, row), str(row.get("kind") or "")
        kinds = TOPICS.get(topic, kinds) if table == "commentary" else kinds
        return any(kinds is None or shadow.kind in kinds for shadow in shadows)


def kinds_of(table: str, row: Row) -> frozenset[str] | None:
    """Of what kinds of figures a row tells; None where it may be of any."""
    if table == "performance":
        return frozenset((ROWS.get(str(row.get("row", "")).partition("_")[0], POSITION),))
    return TABLES.get(table)


def bases_of(row: Row, column: str) -> tuple[str, ...]:
    """On which bases a number may be: as its row or the name of its column says, else on any.

    >>> bases_of({"basis": "plan"}, "pence"), bases_of({}, "forecast_last_month")
    (('plan',), ('forecast',))
    >>> bases_of({}, "variance_year"), bases_of({}, "pence")
    (('plan', 'forecast'), ('plan', 'actual', 'forecast'))
    """
    if row.get("basis") in BASES:
        return (str(row["basis"]),)
    if "variance" in column:
        return ("plan", "forecast") if "year" in column else ("plan", "actual")
    found = tuple(basis for basis in BASES if basis in column)
    return found or BASES


def _year_may_be(year: str, shadow: Shadow) -> bool:
    return not year or not shadow.year or year == shadow.year or within(year, shadow.year)


def _part_may_be(row: Row, shadow: Shadow) -> bool:
    """Whether a row may be of the part of a figure that is withheld."""
    if not shadow.part:
        return True
    steps = set(shadow.part.split("/"))
    if any(isinstance(value, str) and value in steps for value in row.values()):
        return True
    return not (shadow.variant or any(row.get(column) for column in PARTS))


def _says(text: str, part: str) -> bool:
    return part in text or part.replace("_", " ") in text

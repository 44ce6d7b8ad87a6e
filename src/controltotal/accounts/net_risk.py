"""Net risk this month and last: what the register holds, and the best and worst that follow.

Risks lower the position and mitigations raise it. `net` is all of both, `weighted` each by its
chance. *Likely* is the official forecast, else the plan, with the weighted risk and with the
contingency not yet spent; *worst* is it with every risk and no mitigation, *best* with no risk and
every mitigation that stands by itself: one that belongs to a risk has then nothing to mitigate.
Last month is what was known by the end of the month before the latest entry of the register; of a
body whose register was not known then, and of one above it, it is left out. Source: domain guide
14; users, section 4.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from controltotal.accounts.register_then import RegisterThen, register_then
from controltotal.book.asking import bodies_asked
from controltotal.book.fold import Position
from controltotal.book.records import Risk
from controltotal.core.calendar import year_label, year_of
from controltotal.core.money import format_pounds
from controltotal.core.period import is_whole_year
from controltotal.core.result import Answer
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings

NOW, THEN = "this month", "last month"
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class NetRisk:
    """What a register comes to, in pence: `gross` and `weighted` of risks are nil or below.

    `alone` is of the mitigations that belong to no risk.

    >>> found = NetRisk(-1_200, 680, Fraction(-340), 330, alone=400)
    >>> found.net, found.likely(-860), found.best(-860), found.worst(-860)
    (-520, -870, -130, -1730)
    """

    gross: int
    mitigated: int
    weighted: Fraction
    contingency: int
    alone: int

    @property
    def net(self) -> int:
        """Every risk and every mitigation."""
        return self.gross + self.mitigated

    def likely(self, forecast: int) -> int:
        """The forecast with risks and mitigations by their chances."""
        return forecast - round(-self.weighted - self.contingency)

    def best(self, forecast: int) -> int:
        """The forecast with no risk and every mitigation that belongs to none."""
        return forecast + self.alone + self.contingency

    def worst(self, forecast: int) -> int:
        """The forecast with every risk and no mitigation."""
        return forecast + self.gross + self.contingency


def net_risk(rows: Iterable[Risk], contingency: int = 0) -> NetRisk:
    """What some rows of a register come to."""
    risks = [row for row in rows if row.kind == "risk"]
    mitigations = [row for row in rows if row.kind == "mitigation"]
    weighted = sum((row.gross * Fraction(str(row.chance)) for row in mitigations), Fraction(0))
    weighted -= sum((row.gross * Fraction(str(row.chance)) for row in risks), Fraction(0))
    return NetRisk(
        -sum(row.gross for row in risks),
        sum(row.gross for row in mitigations),
        weighted,
        contingency,
        sum(row.gross for row in mitigations if not row.mitigates),
    )


def put_net_risk(
    answer: Answer, workings: Workings, years: Sequence[str], organisation: str | None
) -> None:
    """The table `net_risk` of every body with a register in its year, and a sentence of the topmost;
    the table `risk_register` has each risk and mitigation once."""
    position, year = workings.position, register_year(workings.position)
    if not year or year not in years or not is_whole_year(year) or not position.book.risks:
        return
    then = register_then(position)
    said: set[str] = set()
    asked = bodies_asked(position, year, organisation)
    answer.table("risk_register", register_rows(position, asked, year, then))
    for code in asked:
        rows = _rows(workings, code, year, then)
        answer.table("net_risk", rows)
        if rows and not said & set(workings.tree.ancestors(code, year)):
            said.add(code)
            text = _words(workings.tree.name(code), rows)
            answer.words(text, topic="beside", about=code, year=year)


def register_year(position: Position) -> str:
    """The year of a register: the book's own, else that in which its latest row was known."""
    days = [row.known for row in position.book.risks if row.known]
    return position.default_year or (year_of(max(days)) if days else "")


def register_rows(
    position: Position,
    bodies: Iterable[str],
    year: str,
    then: RegisterThen | None,
) -> list[Row]:
    """Each risk and mitigation of some bodies, what hangs most on it first.

    In pence, a risk below nil and a mitigation above; last month's where nothing tells it is None.
    """
    inside = set(bodies)
    before = {row.id: row for row in then.rows} if then else {}
    table: list[Row] = []
    for row in position.book.risks:
        if row.organisation not in inside:
            continue
        was = before.get(row.id)
        table.append(
            {
                "risk": row.id,
                "organisation": row.organisation,
                "year": year,
                "title": row.title,
                "kind": row.kind,
                "gross_pence": _signed(row),
                "chance": row.chance,
                "weighted_pence": round(_signed(row) * Fraction(str(row.chance))),
                "gross_last_month_pence": None if was is None else _signed(was),
                "owner": row.owner or "",
                "where": row.where,
            }
        )
    return sorted(table, key=lambda one: (-abs(_int(one["weighted_pence"])), str(one["risk"])))


def _signed(row: Risk) -> int:
    return -row.gross if row.kind == "risk" else row.gross


def _rows(workings: Workings, code: str, year: str, then: RegisterThen | None) -> list[Row]:
    position, totals = workings.position, workings.totals
    inside = {code, *workings.tree.descendants(code, year)}
    contingency = _contingency(totals, inside, year)
    now = [row for row in position.book.risks if row.organisation in inside]
    forecast = _forecast(totals, code, year)
    if not now:
        return []
    found = [_row(code, year, NOW, net_risk(now, contingency), forecast)]
    if then is not None and then.tells(row.organisation for row in now):
        before = [row for row in then.rows if row.organisation in inside]
        told = workings.month.forecast_last_month(code, year).pence
        found.append(_row(code, year, THEN, net_risk(before, contingency), told))
    return found


def _contingency(totals: Totals, inside: set[str], year: str) -> int:
    """Reserves not yet spent, in pence."""
    rows = (row for code in inside for row in totals.position.facts(code, year, "contingency"))
    return sum(int(row.value) for row in rows if not row.scenario)


def _forecast(totals: Totals, code: str, year: str) -> int | None:
    """The official forecast without support, else the plan."""
    for basis in ("forecast", "plan"):
        pence = totals.adjusted(code, year, basis).pence
        if pence is not None:
            return pence
    return None


def _row(code: str, year: str, when: str, risk: NetRisk, forecast: int | None) -> Row:
    told = forecast is not None
    return {
        "organisation": code,
        "year": year,
        "when": when,
        "gross_pence": risk.gross,
        "mitigated_pence": risk.mitigated,
        "net_pence": risk.net,
        "weighted_pence": round(risk.weighted),
        "contingency_pence": risk.contingency,
        "forecast_pence": forecast,
        "best_pence": risk.best(forecast or 0) if told else None,
        "likely_pence": risk.likely(forecast or 0) if told else None,
        "worst_pence": risk.worst(forecast or 0) if told else None,
    }


def _words(name: str, rows: Sequence[Row]) -> str:
    """Net risk in a sentence: this month, and what it was."""
    now = rows[0]
    beside = "in the register" if now["forecast_pence"] is None else "beside the forecast"
    text = (
        f"{name}, {year_label(str(now['year']))}: risks of {_pounds(-_int(now['gross_pence']))} "
        f"and mitigations of {_pounds(_int(now['mitigated_pence']))} stand {beside}, "
        f"{_worth(_int(now['weighted_pence']))} by their chances"
    )
    if len(rows) > 1:
        text += f" (last month {_worth(_int(rows[1]['weighted_pence']))})"
    return f"{text}."


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def _pounds(pence: int) -> str:
    return format_pounds(pence) if pence else "nil"


def _worth(pence: int) -> str:
    if not pence:
        return "nil together"
    return f"{format_pounds(abs(pence))} {'worse' if pence < 0 else 'better'}"

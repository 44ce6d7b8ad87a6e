"""Which view answers which question: its first screen, and all that it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from controltotal.core.result import Result
from controltotal.papers import answer_ahead, answer_fairness, answer_position, answer_savings
from controltotal.papers.answer import Ask, findings_counted
from controltotal.papers.answer_whole import whole
from controltotal.papers.look import Look
from controltotal.papers.sections import Section

VIEWS: Final[Mapping[str, Callable[[Ask], Section]]] = {
    "check": answer_position.check_view,
    "position": answer_position.position_view,
    "forecast": answer_ahead.forecast_view,
    "trajectory": answer_ahead.trajectory_view,
    "risk": answer_ahead.risk_view,
    "calibrate": answer_ahead.calibrate_view,
    "compare": answer_ahead.compare_view,
    "opportunities": answer_savings.opportunities_view,
    "schemes list": answer_savings.schemes_view,
    "schemes quality": answer_savings.quality_view,
    "schemes gates": answer_savings.gates_view,
    "schemes engagement": answer_savings.engagement_view,
    "schemes phasing": answer_savings.phasing_view,
    "portfolio": answer_savings.portfolio_view,
    "share": answer_fairness.share_view,
    "decide": answer_fairness.decide_view,
    "challenge": answer_fairness.challenge_view,
    "history": answer_fairness.history_view,
    "history of a row": answer_fairness.row_history_view,
    "boundaries": answer_fairness.boundaries_view,
}
"""The view of each command that answers a question."""


PAGES: Final = ("quality", "gates", "engagement", "phasing")
"""Tables that only one page of the schemes has, and by which it is called."""


def question(result: Result) -> str:
    """The question that an answer is to, as the command line says it."""
    if "row_history" in result.tables:
        return "history of a row"
    if result.verb != "schemes":
        return result.verb
    return f"schemes {next((page for page in PAGES if page in result.tables), 'list')}"


class Brief(NamedTuple):
    """A first screen: the answer, the findings by kind, and what else may be asked for."""

    answer: Section
    findings: Section
    last: str


def in_brief(result: Result, look: Look) -> Brief:
    """The first screen of an answer."""
    ask = Ask(result, look)
    answer = VIEWS[question(result)](ask)
    last = "--detail shows everything; --json is for programs."
    if len(ask.inside) > 1:
        last += " --organisation with a code or a name narrows."
    return Brief(answer, findings_counted(result.findings), last)


def in_full(result: Result, look: Look) -> list[Section]:
    """All that an answer holds."""
    return whole(Ask(result, look))

"""Which view answers which question on a terminal, and how an answer is shown whole or in brief."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from controltotal.app import ahead_output, fairness_output, position_output, savings_output
from controltotal.app.brief_output import Ask, View, brief_text
from controltotal.app.show import Look

if TYPE_CHECKING:
    from controltotal.core.result import Result

VIEWS: Final[Mapping[str, Callable[[Ask], View]]] = {
    "check": position_output.check_view,
    "position": position_output.position_view,
    "forecast": ahead_output.forecast_view,
    "trajectory": ahead_output.trajectory_view,
    "risk": ahead_output.risk_view,
    "calibrate": ahead_output.calibrate_view,
    "compare": ahead_output.compare_view,
    "opportunities": savings_output.opportunities_view,
    "schemes list": savings_output.schemes_view,
    "schemes quality": savings_output.quality_view,
    "schemes gates": savings_output.gates_view,
    "schemes engagement": savings_output.engagement_view,
    "schemes phasing": savings_output.phasing_view,
    "portfolio": savings_output.portfolio_view,
    "share": fairness_output.share_view,
    "decide": fairness_output.decide_view,
    "challenge": fairness_output.challenge_view,
    "history": fairness_output.history_view,
    "boundaries": fairness_output.boundaries_view,
}
"""The view of each command that answers a question."""


def text_of(question: str, result: Result, look: Look, whole: Callable[[Result], str]) -> str:
    """An answer as text: the first screen, or with `--detail` all of it."""
    if look.detail:
        return in_full(question, result, look, whole)
    return in_brief(question, result, look)


def in_brief(question: str, result: Result, look: Look) -> str:
    """The first screen of an answer."""
    ask = Ask(result, look)
    return brief_text(ask, VIEWS[f"{question} {look.page}".rstrip()](ask))


def in_full(question: str, result: Result, look: Look, whole: Callable[[Result], str]) -> str:
    """All of an answer, of one basis where one was asked for."""
    if look.basis:
        some = tuple(figure for figure in result.figures if figure.basis == look.basis)
        result = replace(result, figures=some)
    if question == "position":
        return position_output.position_text(Ask(result, look))
    return whole(result)

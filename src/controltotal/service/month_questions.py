"""The questions of a file as fields of a page: each a list to choose from, where one can be made.

A field says what `--set KEY=` would; its label has the words as they stand in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.acts.bench import Refusal
from controltotal.acts.figures import Laid, new_lines
from controltotal.core.calendar import month_name, year_label
from controltotal.core.finding import Finding
from controltotal.core.vocabulary import folded
from controltotal.intake.questions import keys_of
from controltotal.service.apps import house
from controltotal.service.month_drafts import LEAVE
from controltotal.service.web import name, said

YES: Final = {
    "drift": "The file has changed in this way, and is right as it is",
    "withdraw": "The rows that the file no longer has are to go",
    "replace": "Put the figures of the file in place of those of the book",
    "values_only": "A file of values alone is right for us",
}
"""Answers that are yes or nothing, in words."""
SURPLUS: Final = "Surplus or deficit, without support"
"""What pages call the surplus of a body."""
CHOOSE: Final = ("", "Choose")
OPTIONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "basis": (("plan", "Plan"), ("actual", "Actual"), ("forecast", "Forecast")),
    "unit": (("£", "£"), ("£k", "£ thousand"), ("£m", "£ million")),
    "costs": (
        ("positive", "Costs are positive"),
        ("negative", "Costs are negative"),
        ("ledger", "As a ledger has them: costs positive, income negative"),
    ),
    "months": (("single", "Of each month"), ("cumulative", "To date, from April")),
    "totals": (
        ("total", "A total: checked, and not added"),
        ("row", "A row: added"),
        ("leave", "Neither: leave it out"),
    ),
}
"""What may be answered to a question, by its key or the part of the mapping that it is in."""


def asked_of(
    found: Laid, unnamed: Sequence[Refusal], answers: Mapping[str, str], organisation: str
) -> list[dict[str, Any]]:
    """All that is asked of files of an organisation, each question once.

    `unnamed` are lines that the ledger does not have; `answers` what was answered so far, by key.
    """
    every = {(one.code, one.message): one for one in found.questions}
    asked = [_question(one, answers, organisation) for one in every.values()]
    return _each_field_once([*asked, *(_new_line(one, found, answers) for one in unnamed)])


def _each_field_once(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions with each field in the first that has it: one answer is for all of them."""
    there: set[str] = set()
    for one in asked:
        fields = [field for field in one["fields"] if field["name"] not in there]
        if one["fields"] and not fields:
            one["action"] = (
                "The answer above is for this too; or correct the file and send it again."
            )
        one["fields"] = fields
        there |= {field["name"] for field in fields}
    return asked


def _question(one: Finding, answers: Mapping[str, str], organisation: str) -> dict[str, Any]:
    typed = {folded(key): key for key in answers}
    keys = [typed.get(folded(key), key) for key in keys_of(one)]
    message = one.message
    for key in keys:
        text = key.partition(".")[2]
        message = message.replace(f"“{folded(text)}”", f"“{text}”") if text else message
    return {
        "message": message,
        "where": one.where,
        "expected": one.expected,
        "found": one.found,
        "action": _on_a_page(one.action),
        "fields": [_field(key, answers, organisation) for key in keys],
    }


def _field(key: str, answers: Mapping[str, str], organisation: str) -> dict[str, Any]:
    choices = _choices(key, organisation)
    value = answers.get(key, "")
    return {
        "name": f"set:{key}",
        "label": YES.get(key) or _label(key),
        "yes": key in YES,
        "value": value if not choices or value in dict(choices) else "",
        "choices": choices,
    }


def _new_line(one: Refusal, found: Laid, answers: Mapping[str, str]) -> dict[str, Any]:
    """The question what a line is that the ledger does not have."""
    code = one.column.removeprefix("new:")
    title = new_lines(found.imported, house().position).get(code, code)
    return {
        "message": said(one),
        "where": "",
        "found": "",
        "expected": "",
        "action": "Choose the line of the ledger that it is, or tick that it is new.",
        "fields": [
            _field(f"lines.{title}", answers, ""),
            {
                "name": one.column,
                "label": f"{title} is a new line",
                "yes": True,
                "value": "",
                "choices": (),
            },
        ],
    }


def _choices(key: str, organisation: str) -> Sequence[tuple[str, str]]:
    """What may be chosen for a key; none where it is typed."""
    section, dotted, _ = key.partition(".")
    if section == "lines" and dotted:
        return _lines()
    if section == "organisation" or (section == "bodies" and dotted):
        return _bodies(organisation, may_leave=bool(dotted))
    if section == "month":
        return [CHOOSE, *((str(n), f"{month_name(n)} (month {n})") for n in range(1, 13))]
    if section == "year":
        year = house().position.default_year
        return [CHOOSE, *((year_label(one), year_label(one)) for one in [year] if one)]
    options = OPTIONS.get(section, ())
    return [CHOOSE, *options] if options else ()


def _lines() -> Sequence[tuple[str, str]]:
    """Every line of the ledger by its name, the surplus first; then that it is none."""
    lines = house().position.lines
    named = {code: one.name for code, one in lines.items() if code != "position"}
    twice = {title for title in named.values() if list(named.values()).count(title) > 1}
    parts = [
        (code, f"{title} ({code.replace('_', ' ')})" if title in twice else title)
        for code, title in named.items()
    ]
    return [
        CHOOSE,
        ("position", SURPLUS),
        *sorted(parts, key=lambda one: one[1].casefold()),
        (LEAVE, "None: leave this row out"),
    ]


def _bodies(organisation: str, *, may_leave: bool) -> Sequence[tuple[str, str]]:
    """The organisation whose file it is, then the others of the ledger."""
    others = [code for code in house().workings.tree.organisations if code != organisation]
    rest = sorted(((code, name(code)) for code in others), key=lambda one: one[1].casefold())
    own = [(organisation, name(organisation))] if organisation else []
    leave = [(LEAVE, "None: leave this row out")] if may_leave else []
    return [CHOOSE, *own, *rest, *leave]


def _label(key: str) -> str:
    section, dotted, text = key.partition(".")
    if not dotted:
        return {
            "late": "Why it comes late",
            "costs": "How costs are written",
            "months": "How the months stand",
        }.get(key, key.capitalize())
    what = {
        "lines": "The line that “{}” is",
        "bodies": "The organisation that “{}” is",
        "headings": "What the heading “{}” is",
        "totals": "Whether “{}” is a total",
        "schemes": "The scheme that {} is in the ledger",
    }
    return what.get(section, "{}").format(text)


def _on_a_page(action: str) -> str:
    """What a command line is told to do, as a page says it: the field below stands for `--set`."""
    return action if "--" not in action else "Answer below, or correct the file and send it again."

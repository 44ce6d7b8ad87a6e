"""One organisation, as its page tells it: control totals, months, schemes, transfers, risks, readers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from controltotal.accounts.months_sent import ended_month, senders
from controltotal.accounts.months_sent import standing as standing_of_month
from controltotal.acts.actors import actor_of
from controltotal.acts.totals import TERMS, in_force
from controltotal.acts.waiting_money import month_address
from controltotal.book.records import ControlTotal, Transfer
from controltotal.core.calendar import month_words, year_label
from controltotal.core.money import format_money, format_pounds
from controltotal.core.schema import tables
from controltotal.programme.judging import Judgement
from controltotal.programme.phasing import in_plan
from controltotal.programme.quality import standing as quality_standing
from controltotal.service import transfer_told
from controltotal.service.apps import house
from controltotal.service.models import Reading
from controltotal.service.section_parts import figure_address
from controltotal.service.web import OFFICE_WORDS, day, name
from controltotal.verbs.moving import Standing, standing

SUPPORT_INCOME: Final = "support_income"
"""The line on which support is recorded that no transfer of the data tells."""
MOST: Final = 12
"""Rows that a list on the page has at most; the whole is one link away."""
INSIDE: Final = (
    "Those of the organisations in it are among them; what moves between two of them nets to nothing "
    "in the whole, and what is only proposed or lapsed counts in no figure."
)
COUNTED: Final = "includes_support"
COUNTS: Final = {True: "yes", False: "no", None: "not said"}
"""Whether support counts towards a control total, in words."""
STATUS: Final = {
    "accepted": "accepted",
    "proposed": "proposed, not accepted yet",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "unknown": "not known",
}


def standings(code: str, year: str) -> dict[str, Any]:
    """Plan and forecast of a body without support, with it, and beside its control total."""
    rows = []
    for basis in ("plan", "forecast"):
        one = standing(house().of(code, year), code, year, basis)
        rows.append(
            [
                basis,
                _money(one.without_support, f"adjusted_surplus/{code}/{year}/{basis}"),
                _money(one.with_support, f"surplus_with_support/{code}/{year}/{basis}"),
                _money(one.control_total, f"control_total/{code}/{year}/{basis}"),
                _money(one.gap, f"gap/{code}/{year}/{basis}"),
            ]
        )
    heads = ("Without support", "With support", "Control total", "Short of the control total")
    return {
        "headers": ["Basis", *({"words": one, "right": True} for one in heads)],
        "rows": rows,
        "caption": f"Where it stands in {year_label(year)} (£m; deficits in brackets)",
    }


def _money(pence: int | None, figure: str) -> dict[str, str]:
    if pence is None:
        return {"words": "not told"}
    return {
        "words": format_money(pence),
        "href": figure_address(figure),
        "title": "How it is made",
    }


def standing_words(one: Standing) -> str:
    """Where a body stands, in a sentence; empty where it cannot be told."""
    if one.with_support is None:
        return ""
    side = "deficit" if one.with_support < 0 else "surplus"
    text = f"The {one.basis} of {year_label(one.year)} is a {side} of "
    text += f"{format_pounds(abs(one.with_support))} with support"
    if one.with_support == 0:
        text = f"The {one.basis} of {year_label(one.year)} breaks even with support"
    if one.gap is None:
        return f"{text}."
    if one.gap == 0:
        return f"{text}: it meets the control total exactly."
    how = "short of" if one.gap > 0 else "better than"
    return f"{text}: {format_pounds(abs(one.gap))} {how} the control total."


# -- control totals --------------------------------------------------------------------------------


def totals_table(code: str) -> dict[str, Any]:
    """Every control total that a body was set, the newest first."""
    rows = [row for row in house().position.book.control_totals if row.organisation == code]
    rows.sort(key=lambda row: (row.year, row.set_on or date.min, row.entry), reverse=True)
    return {
        "headers": [
            "Year",
            {"words": "Control total", "right": True},
            "Status",
            "Support counts",
            "Day",
            "Set by",
            "Why",
        ],
        "rows": [
            [
                period(row),
                format_money(row.amount),
                STATUS.get(row.status, row.status),
                COUNTS[row.includes_support],
                day(row.set_on),
                row.set_by or "",
                row.reason or "",
            ]
            for row in rows
        ],
        "caption": "Control totals, the newest first (£m; deficits in brackets)",
        "empty_words": "No control total was set.",
    }


def terms_of(row: ControlTotal) -> list[tuple[str, str]]:
    """The terms of a control total, each with what it is; a proposal's as they are once it is accepted."""
    stands = in_force(house().position, row.texts) if row.status == "proposed" else None
    told = []
    for term, words in term_labels():
        value = getattr(row, term)
        value = getattr(stands, term) if value is None and stands is not None else value
        if term == COUNTED:
            value = COUNTS[value]
        if value:
            told.append((words, value))
    return told


def term_labels() -> list[tuple[str, str]]:
    """The terms that stay from one control total to the next, each with what it is in words."""
    columns = tables()["control_totals"].columns
    return [(term, columns[term].description) for term in TERMS]


def terms_asked(code: str, years: Sequence[str]) -> dict[str, Any]:
    """What the form of a proposal says of the terms in force, which stay where its fields are empty."""
    found = [
        (one, in_force(house().position, {"organisation": code, "year": one})) for one in years
    ]
    binding = [(year, row) for year, row in found if row is not None]
    hints = {
        term: "; ".join(
            f"{year_label(year)}: {COUNTS[row.includes_support] if term == COUNTED else value}"
            for year, row in binding
            if term == COUNTED or (value := getattr(row, term))
        )
        for term, _ in term_labels()
    }
    none = "No control total is in force: choose yes or no."
    said = hints.pop(COUNTED)
    return {
        "counts_hint": f"In the control total in force: {said}." if said else none,
        "counts": [
            ("", "As in the control total in force" if said else "Choose"),
            ("yes", "Yes, support counts"),
            ("no", "No, support does not count"),
        ],
        "others": [
            (term, words, f"Empty: as in the one in force ({hints[term]})" if hints[term] else "")
            for term, words in term_labels()
            if term != COUNTED
        ],
    }


def period(row: ControlTotal) -> str:
    """The year, half and scenario that a control total is of."""
    more = [part for part in (row.month, row.scenario) if part]
    return ", ".join((year_label(row.year), *more))


def challenges_table(code: str) -> dict[str, Any]:
    """Queries about a body's control total, with the answer beside each."""
    rows = [row for row in house().position.book.challenges if row.organisation == code]
    rows.sort(key=lambda row: row.on, reverse=True)
    return {
        "headers": ["Day", "Year", "What was asked", "Answer", "Outcome"],
        "rows": [
            [
                day(row.on),
                year_label(row.year),
                row.grounds,
                row.answer or "no answer yet",
                row.outcome or "",
            ]
            for row in rows
        ],
        "caption": "Queries about the control total",
    }


# -- the rest of it --------------------------------------------------------------------------------


def months_table(code: str, year: str) -> dict[str, Any] | None:
    """The months of the year that have ended or were told, with how each stands; None of no sender."""
    workings = house().workings
    ended = ended_month(workings, house().desk.today())
    last = senders(workings, year)
    if code not in last or not ended:
        return None
    to = max(ended, last[code])
    found = [standing_of_month(workings, code, year, month) for month in range(to, 0, -1)]
    return {
        "headers": ["Month", "How it stands", "Sent on", "Due"],
        "rows": [
            [
                {
                    "words": f"M{month_words(one.month)[1:]}",
                    "href": month_address(code, year, one.month),
                },
                one.words,
                day(one.on),
                day(one.due),
            ]
            for one in found
        ],
        "caption": f"Months of {year_label(year)}",
    }


def schemes_table(code: str) -> tuple[dict[str, Any], int]:
    """The schemes of a body that are worth most, and how many it has."""
    judged = house().workings.judgements
    own = [one for one in judged.values() if one.evidence.row.organisation == code]
    own.sort(key=lambda one: (-one.evidence.row.full_year_effect, one.evidence.row.id))
    heads = ["Scheme", "What it is", {"words": "Full year", "right": True}, "Quality"]
    table = {
        "headers": [*heads, "Counts"],
        "rows": [
            [
                {"words": one.evidence.row.id, "href": f"/schemes/{one.evidence.row.id}"},
                one.evidence.row.title,
                format_money(one.evidence.row.full_year_effect),
                quality_standing(one),
                _counts(one),
            ]
            for one in own[:MOST]
        ],
        "caption": "Schemes, those worth most first (£m)",
        "empty_words": _none_of_its_own(code, "It has no schemes."),
    }
    return table, len(own)


def _counts(one: Judgement) -> str:
    if not one.reasons:
        return "may count"
    return "does not count" if in_plan(one.evidence.row) else "not in the plan"


def support_table(code: str, year: str) -> dict[str, Any] | None:
    """Support that stands in the figures of a body, by where it is told; None where it has none.

    Support income, such as deficit support, stands on a line of its own; agreed transfers in theirs.
    """
    workings, rows = house().of(code, year), []
    for basis in ("plan", "forecast"):
        one = standing(workings, code, year, basis)
        if one.with_support is None or one.without_support is None:
            continue
        every = one.with_support - one.without_support
        income = workings.month.value(code, year, basis, None, SUPPORT_INCOME).pence or 0
        if every or income:
            rows.append(
                [
                    basis,
                    format_money(income),
                    format_money(every - income),
                    _money(every, f"surplus_with_support/{code}/{year}/{basis}"),
                ]
            )
    if not rows:
        return None
    line = house().position.lines[SUPPORT_INCOME].name
    heads = (f"{line} (such as deficit support)", "Agreed transfers, net", "Support in all")
    return {
        "headers": ["Basis", *({"words": words, "right": True} for words in heads)],
        "rows": rows,
        "caption": f"Support in the figures of {year_label(year)} (£m)",
        "note": "Support income is a line of its own: the surplus without support leaves it out.",
    }


def transfers_table(code: str) -> dict[str, Any]:
    """Money that a body or one inside it gives or receives, the newest years first."""
    inside = _inside(code)
    rows = [row for row in house().position.book.transfers if inside & {row.from_, row.to}]
    rows.sort(key=lambda row: (row.year, row.id), reverse=True)
    return {
        "headers": ["Transfer", "Year", "Way", {"words": "Sum", "right": True}, "Status"],
        "rows": [
            [
                {"words": row.id, "href": f"/transfers/{row.id}"},
                year_label(row.year),
                _way(row, code),
                format_money(row.amount),
                transfer_told.status_words(row),
            ]
            for row in rows
        ],
        "caption": "Money given and received (£m)",
        "empty_words": "No transfer to or from another organisation is in the data.",
        "note": INSIDE if len(inside) > 1 and rows else "",
    }


def _inside(code: str) -> set[str]:
    """A body with those below it in the year of the book."""
    position = house().position
    return {code, *position.tree.descendants(code, position.default_year)}


def _way(row: Transfer, code: str) -> str:
    """Which way money goes, for a body: of one below it both ends are named."""
    if row.from_ == code:
        return f"to {name(row.to)}"
    if row.to == code:
        return f"from {name(row.from_)}"
    return f"{name(row.from_)} to {name(row.to)}"


def _none_of_its_own(code: str, words: str) -> str:
    """That a body has none of something; of one with others in it, where theirs stand."""
    if len(_inside(code)) == 1:
        return words
    return f"{words} Those of the organisations in it stand on their own pages, linked below."


def risks_table(code: str) -> dict[str, Any]:
    """Risks and mitigations of a body, the largest first."""
    rows = [row for row in house().position.book.risks if row.organisation == code]
    rows.sort(key=lambda row: -abs(row.gross))
    return {
        "headers": ["Risk", "What it is", "Kind", {"words": "Gross", "right": True}, "Chance"],
        "rows": [
            [row.id, row.title, row.kind, format_money(row.gross), f"{row.chance:.0%}"]
            for row in rows[:MOST]
        ],
        "caption": "Risks and mitigations, the largest first (£m)",
        "empty_words": _none_of_its_own(code, "Its register holds no risk."),
    }


def findings_of(code: str) -> list[tuple[str, str]]:
    """What does not agree about a body: what is so, and what to do."""
    found = house().answer("check").findings
    own = [one for one in found if code == one.organisation or code in one.organisations]
    own.sort(key=lambda one: ("error", "warning", "information").index(one.severity))
    return [(one.message, one.action) for one in own]


def _page_words(route: str) -> str:
    """What somebody read, by the name of its address."""
    return "by a program" if route.startswith("api_") else route.replace("-", " ")


def readers_table(code: str) -> dict[str, Any]:
    """Who of other organisations read its figures: office and day, never a person."""
    position = house().position
    seen: dict[tuple[str, str, str], None] = {}
    rows = Reading.objects.filter(organisation=code).select_related("person").order_by("-at")
    for one in rows[:200]:
        actor = actor_of(position, one.person.subject)
        offices = [
            f"{OFFICE_WORDS.get(grant.role, grant.role)}, {name(grant.organisation)}"
            for grant in (() if actor.local else actor.grants)
            if grant.holds(one.day)
        ]
        seen[
            (day(one.day), "; ".join(offices) or "an office that has ended", _page_words(one.page))
        ] = None
    return {
        "headers": ["Day", "Read by", "Page"],
        "rows": [list(key) for key in list(seen)[:MOST]],
        "caption": "Who else read these figures",
        "empty_words": "Nobody of another organisation has read these figures here.",
    }

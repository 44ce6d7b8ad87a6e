"""Every exception of a book, kind by kind, each kind counted once: some, none, or not to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from controltotal.accounts.checks.totals import details, places
from controltotal.accounts.exceptions.changes import (
    control_total_changed,
    forecast_late,
    plan_changed,
)
from controltotal.accounts.exceptions.dates import dated_before, rows_withdrawn
from controltotal.accounts.exceptions.daybook import Daybook, Departure, Found
from controltotal.accounts.exceptions.people import one_person_twice, signatures_lapsed
from controltotal.accounts.exceptions.stated import (
    balances_differ,
    differences_accepted,
    months_reopened,
    parameters_adopted,
    redactions,
    waivers,
)
from controltotal.book.asking import bodies_asked
from controltotal.core.datafiles import packaged_rows
from controltotal.core.period import within
from controltotal.core.result import Answer, Result
from controltotal.workings.workings import Workings

SOME, NONE, UNKNOWN = "some", "none", "unknown"
"""How a kind stands: found, looked for and not found, or nothing that could be looked at."""


def found_of_each(workings: Workings, year: str) -> Mapping[str, Found]:
    """What was found of every kind, in the order in which kinds are told."""
    daybook, totals = Daybook(workings.position), workings.totals
    found = {
        "months_reopened": months_reopened(daybook),
        "one_person": one_person_twice(workings, daybook),
        "dated_before": dated_before(daybook),
        "forecast_late": forecast_late(daybook),
        "differences_accepted": differences_accepted(daybook),
        "balances_differ": balances_differ(totals, (year,) if year else ()),
        "plan_changed": plan_changed(daybook),
        "control_total_changed": control_total_changed(daybook, totals),
        "parameters_adopted": parameters_adopted(daybook),
        "waivers": waivers(daybook),
        "signatures_lapsed": signatures_lapsed(workings, daybook),
        "redactions": redactions(daybook),
        "rows_withdrawn": rows_withdrawn(daybook),
    }
    return {row["kind"]: found[row["kind"]] for row in packaged_rows("exceptions.csv")}


def exceptions(
    workings: Workings, year: str | None = None, organisation: str | None = None
) -> Result:
    """Tables `exceptions` and `exception_counts` of a body and those below it in a year.

    An exception that names no body or no year is of everybody and of every year. `year` is the
    book's default where none is named.
    """
    position = workings.position
    asked = year or position.default_year
    inside = set(bodies_asked(position, year_of(asked), organisation)) if organisation else None
    answer = Answer("audit", position.ref, {"year": asked} if asked else {})
    if organisation:
        answer.options["organisation"] = organisation
    rows: list[dict[str, Any]] = []
    counts: list[dict[str, Any]] = []
    for kind, found in found_of_each(workings, asked).items():
        mine = [one for one in found.departures if _of(one, asked, inside)]
        rows += [_row(one) for one in sorted(mine, key=_order)]
        counts.append(_count(kind, found, len(mine)))
    answer.table("exceptions", rows)
    answer.table("exception_counts", counts)
    answer.words(counts_words(counts), topic="audit")
    return answer.result()


def year_of(asked: str) -> str:
    """The whole year of a year or half; empty where none is asked."""
    return asked[:7]


def _of(one: Departure, year: str, inside: set[str] | None) -> bool:
    """Whether an exception is of the year and of the bodies asked about."""
    of_year = not one.year or not year or within(one.year, year)
    return of_year and (inside is None or not one.organisation or one.organisation in inside)


def _order(one: Departure) -> tuple[str, str, str, str]:
    """By day, then body, then what it is of: a list that reads as a story and is always the same."""
    return (str(one.on or ""), one.organisation, one.subject, one.detail)


def _row(one: Departure) -> dict[str, Any]:
    """An exception as plain values: days as ISO text, money as pence, None where nothing is told."""
    entries = sorted({row.entry for row in one.rows} | set(one.acts))
    return {
        "kind": one.kind,
        "organisation": one.organisation,
        "year": one.year,
        "month": one.month,
        "subject": one.subject,
        "by": one.by,
        "on": one.on.isoformat() if one.on else "",
        "recorded_on": one.recorded.isoformat() if one.recorded else "",
        "amount_pence": one.pence,
        "detail": one.detail,
        "where": places(one.rows) if one.rows else "",
        "source": details(one.rows) if one.rows else "",
        "entries": entries,
    }


def _count(kind: str, found: Found, count: int) -> dict[str, Any]:
    """A kind once: how many, and what could not be looked at. Not looked at is never nil."""
    known = {row["kind"]: row for row in packaged_rows("exceptions.csv")}[kind]
    state = SOME if count else NONE if found.looked else UNKNOWN
    return {
        "kind": kind,
        "name": known["name"],
        "state": state,
        "count": None if state == UNKNOWN else count,
        "unseen": "; ".join(found.unseen),
        "meaning": known["meaning"],
    }


def counts_words(counts: Sequence[Mapping[str, Any]]) -> str:
    """How many exceptions of how many kinds, of how many none, and of how many it cannot be told.

    >>> counts_words([{"state": "some", "count": 2}, {"state": "unknown", "count": None}])
    '2 exceptions of 1 kind. Of 1 kind it cannot be told from these data.'
    """
    kinds = {state: sum(r["state"] == state for r in counts) for state in (SOME, NONE, UNKNOWN)}
    total = sum(row["count"] or 0 for row in counts)
    told = [f"{total} exception{'' if total == 1 else 's'} of {_kinds(kinds[SOME])}."]
    if not total:
        told = []
    if kinds[NONE]:
        told.append(f"{'None' if told else 'No exception'} of {_kinds(kinds[NONE])}.")
    if kinds[UNKNOWN]:
        told.append(f"Of {_kinds(kinds[UNKNOWN])} it cannot be told from these data.")
    return " ".join(told)


def _kinds(count: int) -> str:
    """A number of kinds in words.

    >>> _kinds(1), _kinds(4)
    ('1 kind', '4 kinds')
    """
    return f"{count} kind{'' if count == 1 else 's'}"

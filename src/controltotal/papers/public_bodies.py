"""Who is ahead of plan and who is behind, in plain words: of whom there are figures, one table, one chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from controltotal.core.calendar import month_name
from controltotal.core.sourced import Part, Source
from controltotal.papers.board_rows import rows_of
from controltotal.papers.board_sources import captioned, counted
from controltotal.papers.board_words import capital, many, pounds
from controltotal.papers.charts_frame import both
from controltotal.papers.charts_month import to_date_variances
from controltotal.papers.public_words import (
    WITHHELD,
    Row,
    hidden,
    lost,
    mid_sentence,
    money,
    shown_to_date,
)
from controltotal.papers.sections import (
    STAND_IN,
    Focus,
    Results,
    Section,
    TableView,
    below,
    columns,
    figure,
)

NUMBERS: Final = ("variance", "plan_year", "forecast", "variance_year")
BODIES_MOST: Final = 12
LATE_MOST: Final = 4
"""Organisations that are late that are named one by one."""


def whole_rows(results: Results, focus: Focus, code: str) -> list[Row]:
    rows = rows_of(results, "position", "to_date", focus, code)
    return [row for row in rows if not row["line"] and not row["scheme"]]


def bodies(results: Results, focus: Focus) -> Section:
    """Each organisation against its plan, the furthest behind first."""
    register = results["register"].tables["organisations"]
    codes = [r["organisation"] for r in register if r["parent"] == focus.organisation]
    found = [row for code in codes for row in whole_rows(results, focus, code)]
    found = [row for row in found if _tells(row)]
    found.sort(key=lambda row: (row["variance"] is None, row["variance"] or 0, row["organisation"]))
    whole = [row for row in whole_rows(results, focus, focus.organisation) if _tells(row)]
    view = [_body(results, focus, row) for row in found]
    total = [{**_body(results, focus, row), "name": "All together"} for row in whole]
    total = (
        [{**row, "name": focus.name(focus.organisation)} for row in total] if not view else total
    )
    more = len(view) - BODIES_MOST
    note = "In brackets: short of money, or worse than planned. Support is not counted."
    heads = columns(
        "name|Who",
        "variance|So far, against plan|cell",
        "plan_year|Plan for the year|cell",
        "forecast|Now expected|cell",
        "variance_year|Year against plan|cell",
    )
    title = "Each part of the NHS here, £ million" if view else "The money, £ million"
    first = f"And {more} more. {note}" if more > 0 else note
    tables = [TableView(title, heads, [*view[:BODIES_MOST], *total], first)]
    if more > 0:
        tables.append(TableView(f"{more} more", heads, view[BODIES_MOST:], folded=True))
    rows = [{**row, "name": focus.name(row["organisation"])} for row in found]
    charts = both(lambda width: to_date_variances(rows, width=width)) if len(rows) > 1 else ()
    charts = tuple(replace(one, title=_chart_title(rows)) for one in charts)
    if worst := _furthest(rows):
        own = next(row for row in found if row["organisation"] == worst["organisation"])
        by = shown_to_date(results, own, ("variance",))["variance"]
        charts = captioned(charts, [*_counts(rows), (pounds(worst["variance"]), by)])
    if not any(table.rows for table in tables):
        return _years(results, focus, codes)
    return Section(
        "bodies",
        "Who is ahead and who is behind",
        tuple(_sent(results, focus)),
        charts=charts,
        tables=tuple(tables),
        level=3,
    )


def _tells(row: Row) -> bool:
    """Whether a row has a number, or one that is withheld."""
    return any(row[name] is not None or name in lost(row) for name in NUMBERS)


def _sent(results: Results, focus: Focus) -> list[str]:
    """Of whom there are figures for the month, and who is late and how far they have got."""
    within = below(results, focus)
    rows = [
        row
        for row in results["position"].tables.get("reported", ())
        if row["year"] == focus.year and row["organisation"] in within
    ]
    late = [row for row in rows if row["reported"] is False]
    if len(rows) < 2 and not late:
        return []
    if not late:
        return [f"There are figures from all {_counted(rows, focus)}."]
    done = [row for row in rows if row not in late]
    have = f"There are figures from {_counted(done, focus)} of {_counted(rows, focus)}."
    words = [have] if len(rows) > 1 else []
    for row in late[:LATE_MOST]:
        name = capital(mid_sentence(focus.name(row["organisation"])))
        last = row["last_month"]
        told = f"figures up to the end of {month_name(last)}" if last else "none for this year"
        words.append(f"{name} is late: there are {told}.")
    more = len(late) - LATE_MOST
    return [
        *words,
        *(
            [f"{capital(many(more, 'other'))} {'is' if more == 1 else 'are'} late too."]
            if more > 0
            else []
        ),
    ]


def _counted(rows: Sequence[Row], focus: Focus) -> str:
    """How many organisations, each known by its name."""
    names = [Part(focus.name(row["organisation"])) for row in rows]
    return counted(str(len(rows)), "organisations that send figures for the month", names)


def _years(results: Results, focus: Focus, codes: Sequence[str]) -> Section:
    """Each organisation's year where no month is told: what was planned, expected and came."""
    heads = {"plan": "Plan", "forecast": "Now expected", "actual": "How it ended"}
    rows = []
    for code in [*codes, focus.organisation]:
        row: dict[str, Any] = {"name": focus.name(code)}
        for basis in heads:
            found = figure(results, "position", f"adjusted_surplus/{code}/{focus.year}/{basis}")
            row[basis] = WITHHELD if hidden(found) else found if money(found) is not None else None
        rows += [row] if any(row[basis] is not None for basis in heads) else []
    kept = [basis for basis in heads if any(row[basis] is not None for row in rows)]
    texts = [f"{basis}|{heads[basis]}|cell" for basis in kept]
    table = TableView(
        "The year, £ million", columns("name|Who", *texts), rows, "In brackets: short of money."
    )
    return Section("bodies", "The year in numbers", tables=(table,), level=3)


def _body(results: Results, focus: Focus, row: Row) -> dict[str, Any]:
    name = focus.name(row["organisation"])
    aside = " (not yet reported in full)" if row.get(STAND_IN) else ""
    return {"name": f"{name}{aside}", **shown_to_date(results, row, NUMBERS)}


def _furthest(rows: Iterable[Row]) -> Row | None:
    """The row that is furthest behind the plan; none where none is behind."""
    worse = [row for row in rows if (row["variance"] or 0) < 0]
    return min(worse, key=lambda row: (row["variance"], row["name"]), default=None)


def _counts(rows: Sequence[Row]) -> list[tuple[str, Source]]:
    """The counts that the title of the chart says of several organisations: who is behind, of whom."""
    told = [row for row in rows if row["variance"] is not None]
    worse = [row for row in told if row["variance"] < 0]
    sorts = (
        (worse, "organisations that are behind their plan so far"),
        (told, "organisations of which this paper tells where they stand against their plan"),
    )
    return [
        (str(len(some)), Source(how=how, parts=tuple(Part(str(row["name"])) for row in some)))
        for some, how in sorts
    ]


def _chart_title(rows: Iterable[Row]) -> str:
    """The message of the chart, in plain words."""
    rows = list(rows)
    told = [row for row in rows if row["variance"] is not None]
    of = f"{len(told)} shown" if len(told) < len(rows) else f"{len(told)}"
    worse = [row for row in told if row["variance"] < 0]
    every = len(told) == len(rows)
    if not worse:
        return "Nobody is behind the plan" if every else f"None of the {of} is behind the plan"
    least = _furthest(worse) or worse[0]
    behind = f"behind, by {pounds(least['variance'])}"
    if len(rows) == 1:
        return f"{least['name']} is behind the plan, by {pounds(least['variance'])}"
    verb = "is" if len(worse) == 1 else "are"
    text = f"{len(worse)} of {of} {verb} behind the plan. {least['name']} is"
    return f"{text} furthest {behind}" if every else f"{text} {behind}"

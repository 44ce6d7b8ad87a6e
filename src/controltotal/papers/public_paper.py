"""The paper for the public: what has happened to the money here, and what may change for people.

Plain words, the answer first, one table and one chart, two to four pages. Results come from
`core.public.public` and hold nothing that is withheld; what is withheld has its reason at the end.
A reading age of 13 at most is tested over all that is printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from controltotal.core.calendar import month_name, year_label
from controltotal.core.figure import Figure
from controltotal.core.names import listed, short_name
from controltotal.core.progress import stop_if_cancelled
from controltotal.core.public import public, refuse_private, register_of
from controltotal.core.show import HEDGED, figure_name
from controltotal.papers.board_cover import paper_row, reached
from controltotal.papers.board_notes import cell, notes
from controltotal.papers.board_rows import rows_of
from controltotal.papers.board_sources import how_many, in_plain_words, linked, linked_in
from controltotal.papers.board_words import capital, plain, pounds
from controltotal.papers.pack import footer_of, notices_of
from controltotal.papers.paper import Paper, paper
from controltotal.papers.public_bodies import bodies, whole_rows
from controltotal.papers.public_changes import changes
from controltotal.papers.public_words import (
    DRIVERS,
    Row,
    against,
    hidden,
    lost,
    meanings,
    mid_sentence,
    money,
    short,
    who,
)
from controltotal.papers.sections import (
    Focus,
    Results,
    Section,
    TableView,
    below,
    columns,
    figure,
    focus_of,
    told_columns,
)

NAMED: Final = 3
PAYMENTS_MOST: Final = 6
FIGURE_STEPS: Final = 4
"""Steps of the name of a figure before what tells it from others of its name."""
POSITIONS: Final = ("surplus", "adjusted_surplus", "surplus_with_support")
"""Measures of where an organisation stands, of which one is in the table of all of them."""
SEE: Final = "is withheld. The end of this paper says why."
NOT_TOLD: Final = "The data say too little to tell how the money stands here."
NOTHING: Final = "Nothing is withheld."
KINDS: Final = {"no_reply": "Nobody has answered", "undisclosed": "Not told by those who know"}


def public_paper(results: Results, organisation: str | None = None) -> Paper:
    """The paper of one organisation (as asked, else the one that leads) that anybody may read.

    A paper that goes to a private session is a `BookError`.
    """
    focus = focus_of(results, organisation)
    refuse_private(results, focus.organisation)
    results = public(results)
    stop_if_cancelled()
    focus = focus.shortly_named()
    parts = [
        _answer(results, focus),
        bodies(results, focus),
        _why(results, focus),
        _next(results, focus),
        *changes(results, focus),
        _payers(results, focus),
        *_withheld(results, focus),
    ]
    parts = [in_plain_words(part) for part in parts if not part.empty]
    parts += [_words(parts), _check(results)]
    parts = [replace(one, tables=tuple(map(told_columns, one.tables))) for one in parts]
    parts += notes(results, parts)
    return paper(
        _title(results, focus),
        "A short paper for everyone. It says what happened to the money, why, and what may change.",
        parts,
        notices_of(focus),
        footer_of(results),
        paged=True,
    )


def _title(results: Results, focus: Focus) -> str:
    month = reached(results, focus)
    of = f", to the end of {month_name(month)}" if month else ""
    return f"Where the money stands, {year_label(focus.year)}{of}: {focus.name(focus.organisation)}"


# -- the answer --------------------------------------------------------------------------------------


def _answer(results: Results, focus: Focus) -> Section:
    """What has happened, how the year is expected to end, and what was asked."""
    words = [*_so_far(results, focus), *_whole_year(results, focus)] or [NOT_TOLD]
    if words[0].startswith("It "):  # nobody is named yet
        words[0] = f"{capital(who(focus))} {words[0][3:]}"
    return Section("answer", "What has happened to the money", tuple(words), lead=True)


def _of(results: Results, focus: Focus, measure: str, basis: str) -> Figure | None:
    return figure(results, "position", f"{measure}/{focus.organisation}/{focus.year}/{basis}")


def _so_far(results: Results, focus: Focus) -> list[str]:
    """The year to the month that is told, against its plan."""
    actual = _of(results, focus, "adjusted_surplus", "actual")
    month = reached(results, focus)
    name = who(focus)
    when = f"By the end of {month_name(month)}" if month and month < 12 else "Over the whole year"
    if hidden(actual):
        return [f"What {name} has spent so far {SEE}"]
    pence = money(actual)
    if pence is None:
        return []
    if pence < 0:
        words = f"{when}, {mid_sentence(name)} had spent {pounds(pence)} more than came in."
    elif pence:
        words = f"{when}, {mid_sentence(name)} had {pounds(pence)} more coming in than it spent."
    else:
        words = f"{when}, {mid_sentence(name)} had spent just what came in."
    words = linked_in(words, pounds(pence), actual)
    variance = _of(results, focus, "variance_to_date", "actual")
    moved = money(variance)
    if moved is None:
        return [words]
    return [words, f"That is {linked_in(against(moved), pounds(moved), variance)}."]


def _whole_year(results: Results, focus: Focus) -> list[str]:
    """How the year is expected to end, or was planned to, and what was asked."""
    forecast = _of(results, focus, "adjusted_surplus", "forecast")
    if hidden(forecast):
        return [f"How the year will end {SEE}"]
    words = []
    plan = _of(results, focus, "adjusted_surplus", "plan")
    supported = _of(results, focus, "surplus_with_support", "forecast")
    ended = _of(results, focus, "surplus_with_support", "actual")
    expected, planned = money(forecast), money(plan)
    if expected is not None:
        text = f"It now expects to end the year {_about(forecast)}{_short(expected, forecast)}"
        row = next(iter(whole_rows(results, focus, focus.organisation)), {})
        moved = row.get("variance_year")
        if moved is not None:
            by = cell(row, "to_date", "variance_year")
            text += f": {linked_in(against(moved), pounds(moved), by)}"
        words.append(f"{text}.")
    elif (pence := money(supported)) is not None:
        end = f"{_about(supported)}{_short(pence, supported)}"
        words.append(f"It expects to end the year {end}, with support counted.")
    elif (pence := money(ended)) is not None and not reached(results, focus):
        end = f"{_about(ended)}{_short(pence, ended)}"
        words.append(f"It ended the year {end}, with support counted.")
    elif planned is not None:
        end = f"{_about(plan)}{_short(planned, plan)}"
        words.append(f"The plan for {year_label(focus.year)} is to end {end}.")
    return [*words, *_asked(results, focus, "forecast" if expected is not None else "plan")]


def _short(pence: int, found: Figure | None) -> str:
    """Where a year stands, its sum with its source."""
    return linked_in(short(pence), pounds(pence), found)


def _about(found: Figure | None) -> str:
    """How its source hedges a figure, before the sum.

    >>> _about(Figure("surplus/A/2021-22/forecast", -30, qualifier="around"))
    'about '
    """
    qualifier = found.qualifier if found is not None else ""
    return HEDGED.get(qualifier, "about ") if qualifier else ""


def _asked(results: Results, focus: Focus, basis: str) -> list[str]:
    """How far the year would be from what was asked; nothing where nobody set a total."""
    gap = _of(results, focus, "gap", basis)
    if hidden(gap):
        return [f"How far that is from what it was asked for {SEE}"]
    if gap is not None and gap.status == "bounded" and gap.low is not None:
        return ["It falls short of what it was asked for. Nobody has said by how much."]
    pence = money(gap)
    if pence is None:
        return []
    if pence <= 0:
        return ["That would meet what it was asked for."]
    support = money(_of(results, focus, "measured", basis)) != money(
        _of(results, focus, "adjusted_surplus", basis)
    )
    count = "With the support that counts, it" if support else "It"
    away = linked(pounds(pence), gap)
    return [f"{count} would still be {away} away from what it was asked for."]


# -- why, and what next ------------------------------------------------------------------------------


def _why(results: Results, focus: Focus) -> Section:
    """What made the year worse than its plan, and what made it better."""
    plan = f"adjusted_surplus/{focus.organisation}/{focus.year}/plan"
    forecast = f"adjusted_surplus/{focus.organisation}/{focus.year}/forecast"
    rows = [
        row
        for row in rows_of(results, "position", "bridge", focus)
        if (row["from"], row["to"], row["kind"]) == (plan, forecast, "driver")
    ]
    if any(lost(row) for row in rows):
        return Section("why", "Why", (f"Why the year has moved from its plan {SEE}",), level=3)
    told = sorted(
        (row for row in rows if row["pence"]), key=lambda row: (row["pence"], row["driver"])
    )
    worse, better = told[:NAMED], told[::-1][:NAMED]
    points = []
    for text, some, sign in (("made it worse", worse, -1), ("made it better", better, 1)):
        parts = [_driven(row) for row in some if row["pence"] * sign > 0]
        points += [f"What {text} than planned: {listed(parts)}."] if parts else []
    return Section("why", "Why", points=tuple(points), level=3)


def _driven(row: Row) -> str:
    name = DRIVERS.get(row["driver"], str(row["driver"]).replace("_", " "))
    return f"{name} ({linked(pounds(row['pence']), cell(row, 'bridge', 'pence'))})"


def _next(results: Results, focus: Focus) -> Section:
    """What must happen for the forecast to hold, and which meeting talks of it."""
    points = []
    monthly = _of(results, focus, "needed_a_month", "actual")
    needed = money(monthly)
    if needed is not None and needed > 0:
        points.append(
            f"To end where it expects, each month that is left must be {linked(pounds(needed), monthly)} "
            "better than planned."
        )
    alike = _of(results, focus, "if_repeated", "actual")
    repeated = money(alike)
    if repeated is not None:
        end = _short(repeated, alike)
        points.append(f"If the rest of the year goes like the first part, it will end {end}.")
    row = paper_row(results, focus)
    if row:
        day = plain(str(row["on"]))
        points.append(f"The {_meeting(row)} talks about this on {day}, in public.")
        if row.get("recommendation"):
            points.append(f"It is asked: “{str(row['recommendation']).rstrip('.')}.”")
    return Section("next", "What happens next", points=tuple(points), level=3)


def _meeting(row: Row) -> str:
    name = str(row["meeting"])
    return f"{name[:1].lower()}{name[1:]}"


# -- who pays ----------------------------------------------------------------------------------------


def _payers(results: Results, focus: Focus) -> Section:
    """Who gives or lends money to whom this year."""
    inside = below(results, focus)
    rows = [
        row
        for row in results["register"].tables.get("transfers", ())
        if row["year"] == focus.year
        and {row["from"], row["to"]} & inside
        and row["status"] in ("agreed", "proposed")
    ]
    rows.sort(key=lambda row: (row["status"] != "agreed", -(row["amount_pence"] or 0), row["from"]))
    points = [_payment(row, focus) for row in rows[:PAYMENTS_MOST]]
    more = len(rows) - PAYMENTS_MOST
    points += [f"There are {more} more."] if more > 0 else []
    points += _on_whom(results, inside) if rows else []
    words = ("Support moves money from one place to another. It saves nothing.",) if rows else ()
    return Section("payers", "Who pays for whom", words, points=tuple(points), level=3)


def _on_whom(results: Results, inside: set[str]) -> list[str]:
    """How many people of those who get the money, and of those who give it, live in poor places."""
    rows = results["sharing"].tables.get("who_pays_for_whom", ()) if "sharing" in results else ()
    told = [row for row in rows if row["share_most_deprived_fifth"] is not None]
    gets = [row for row in told if row["role"] == "receiver"]
    gives = [row for row in told if row["role"] == "giver"]
    if not gets or not gives or not {row["organisation"] for row in told} & inside:
        return []
    parts = [f"{_poor(row)} in {short_name(row['name'])}" for row in gives]
    return [
        f"In {short_name(gets[0]['name'])}, which gets money, {_poor(gets[0])} of people live in the "
        f"poorest fifth of places in England. Of those who give, it is {listed(parts)}."
    ]


def _poor(row: Row) -> str:
    share = cell(row, "who_pays_for_whom", "share_most_deprived_fifth", "share")
    return linked(f"{row['share_most_deprived_fifth']:.0%}", share)


def _payment(row: Row, focus: Focus) -> str:
    gives = "gives" if row["status"] == "agreed" else "may give"
    lends = {"gives": "lends", "may give": "may lend"}[gives] if row.get("repay_from") else gives
    sum_ = "a sum that is withheld"
    if row["amount_pence"]:
        sum_ = linked(pounds(row["amount_pence"]), cell(row, "transfers", "amount_pence"))
    text = f"{focus.name(row['from'])} {lends} {focus.name(row['to'])} {sum_}"
    if row.get("repay_from"):
        text += f", to be paid back from {year_label(row['repay_from'])}"
    return f"{text}. {'' if row['status'] == 'agreed' else 'This is not agreed yet.'}".rstrip()


# -- withheld, words, check --------------------------------------------------------------------------


def _withheld(results: Results, focus: Focus) -> list[Section]:
    """Every figure withheld, refused, unanswered or not told, why, and what it took along."""
    rows = list(register_of(results))
    if not rows:
        return [Section("withheld", "What is not shown, and why", (NOTHING,), level=2)]
    also = results["register"].tables.get("withheld_also", ())
    beside = [_named(str(row["figure"]), focus) for row in also if row["figure"] != row["under"]]
    shown = [_register_row(row, results, focus) for row in rows]
    table = TableView(
        "Each thing that is not shown",
        columns("what|What", "why|Why, and who decided", "asked|Who asked"),
        shown,
    )
    things = how_many("thing", "what this paper does not show", [row["what"] for row in shown])
    words = [f"{things} {'is' if len(rows) == 1 else 'are'} not shown."]
    if beside:
        others = how_many("other number", "what would tell what is withheld", beside)
        words.append(f"{others} {'is' if len(beside) == 1 else 'are'} left out too.")
        words.append("From them you could work out what is withheld.")
    return [Section("withheld", "What is not shown, and why", tuple(words), tables=(table,))]


def _register_row(row: Row, results: Results, focus: Focus) -> dict[str, str]:
    """One row of the register: what, why and who, and who asked when."""
    asked = capital(str(row.get("asked_by") or ""))
    if row.get("asked_on"):
        asked += f", {plain(str(row['asked_on']))}"
    figure_id = str(row["figure"])
    return {
        "what": f"{_named(figure_id, focus)}{_beside(figure_id, results)}",
        "why": capital(plain(str(row["placeholder"]))) + ".",
        "asked": asked,
    }


def _beside(figure_id: str, results: Results) -> str:
    """That a figure of the same name is shown, where one withheld differs from it by a word alone."""
    *steps, part = figure_id.split("/")
    found = figure(results, "position", "/".join(steps)) if len(steps) == FIGURE_STEPS else None
    if found is None or money(found) is None:
        return ""
    called = part.replace("_", " ")
    if found.measure in POSITIONS:
        return f". This is not the {found.basis} shown above, but another one, called “{called}”."
    return f". Only “{called}” of it is not shown: the figure itself is."


def _named(figure: str, focus: Focus) -> str:
    """A figure by its body and what it tells; what is no figure as it is."""
    steps = figure.split("/")
    if len(steps) == 1:
        return figure
    of, what = focus.name(steps[1]), figure_name(Figure(figure, None)).replace("_", " ")
    return f"{of}: {what}" if of else what


def _words(parts: Iterable[Section]) -> Section:
    """What the words of the paper mean."""
    table = TableView(
        "What the words mean",
        columns("word|Word", "meaning|What it means"),
        meanings(text for text in _texts(parts) if text != NOTHING),
    )
    return Section("words", "What the words mean", tables=(table,), level=3)


def _texts(parts: Iterable[Section]) -> Iterable[str]:
    for part in parts:
        yield from (part.title, *part.words, *part.points)
        for table in part.tables:
            yield from (table.title, table.note, *(one.heading for one in table.columns))
            for row in table.rows:
                yield from (value for value in row.values() if isinstance(value, str))


def _check(results: Results) -> Section:
    """How anybody can check a number."""
    book = results["position"].book
    points = (
        "On the web page, choose a number to see how it was made.",
        f"If you ask about a number, say which data it came from: {book.name}, entry {book.entry:,}.",
        "Asked the same way, the same data give the same numbers to anyone.",
    )
    return Section("check", "How to check a number", points=points, level=3)

"""Page one of the board paper: the answer, what is asked, one table, what must be true.

A reader who stops here knows how the year is expected to end, what has happened, what each month
left must be, who set the control total and when, what moved, what hangs on it, what was raised
late, imposed or withheld, and how far to trust it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.calendar import day_words
from controltotal.core.figure import Figure
from controltotal.core.names import listed
from controltotal.core.show import figure_name, value_text
from controltotal.core.sourced import Part, first_number, unmarked
from controltotal.papers.board_actions import actions_words
from controltotal.papers.board_bridge import bridge_part
from controltotal.papers.board_cover import paper_row
from controltotal.papers.board_method import queried, queries_of, queries_words, withheld_of
from controltotal.papers.board_notes import cell
from controltotal.papers.board_rows import TO_DATE, cells_of, rows_of, said, to_date_table
from controltotal.papers.board_said import with_words, written
from controltotal.papers.board_sources import (
    counted,
    linked,
    linked_in,
    page,
    worked_out,
)
from controltotal.papers.board_words import capital, many, pounds, rows_below, speaker
from controltotal.papers.charts_frame import Frame
from controltotal.papers.sections import (
    Column,
    Focus,
    Results,
    Section,
    TableView,
    below,
    figure,
)

Row = Mapping[str, Any]

LABELS: Final = {
    "excluding_support": "Adjusted financial performance, excluding deficit support",
    "including_support": "The same, including deficit support",
    "pay": "Pay",
    "agency_pay": "of which agency",
    "efficiencies": "Efficiencies",
    "efficiencies_recurrent": "of which recurrent",
    "cash": "Cash",
    "capital": "Capital",
    "net_risk": "Net risk",
    "underlying": "Underlying position",
}
"""What people call the rows of the table `performance`."""
ASIDE: Final = ("agency_pay", "efficiencies_recurrent")
"""Rows that are a part of the row above."""
STATED: Final = {
    "adjusted_surplus": LABELS["excluding_support"],
    "surplus_with_support": "Adjusted financial performance, including deficit support",
    "control_total": "Control total",
    "gap": "Short of it, or (better)",
}
"""What of a year page one shows where no month is told, and what people call it."""
WITH_OUTSIDE: Final = "Surplus or (deficit), with what a control total leaves out"
WITH_BOTH: Final = f"{WITH_OUTSIDE}, including deficit support"
"""What the surplus is called where impairments and the like part it from the adjusted one."""
BASES: Final = {"plan": "Plan", "forecast": "Forecast", "actual": "Actual"}
SAID_MOST: Final = 9
"""Things said beside a position that a page has at most."""
NAMED: Final = 4
"""How many bodies a line names; the others are counted."""
OTHERS: Final = "those that the sentence does not name"
NOT_TOLD: Final = "The data say too little to tell a position of this organisation and year."
NO_REQUEST: Final = "The meeting is asked to note this report."


@page
def front(results: Results, focus: Focus) -> list[Section]:
    """The parts of page one, each left out where nothing is told."""
    parts = [
        _answer(results, focus),
        _asked(results, focus),
        _performance(results, focus),
        _must(results, focus),
        _beside(results, focus),
        bridge_part(results, focus),
        _control_total(results, focus),
        _since(results, focus),
        _at_risk(results, focus),
        _late_imposed_withheld(results, focus),
        _trust(results, focus),
    ]
    parts = with_words(results, focus, parts)
    return [part for part in parts if not part.empty]


def _answer(results: Results, focus: Focus) -> Section:
    """The headlines; where no month is told, where the body stands."""
    lead = (
        said(results, "position", focus, "headline")
        or said(results, "position", focus, "position")[:2]
    )
    lead = lead or _positions(results, focus) or [NOT_TOLD]
    return Section("answer", "The answer", tuple(lead), lead=True)


def _positions(results: Results, focus: Focus) -> list[str]:
    """The positions of a body of which no sentence is told."""
    found = []
    for basis in ("forecast", "plan", "actual"):
        name = f"adjusted_surplus/{focus.organisation}/{focus.year}/{basis}"
        one = figure(results, "position", name)
        if one is not None and isinstance(one.value, int):
            stands = linked_in(Frame().stands(one.value), Frame().pounds(one.value), one)
            found.append(f"{focus.name(focus.organisation)}: the {basis} is {stands}.")
    return found[:1]


def _beside(results: Results, focus: Focus) -> Section:
    """What is said of a position that no month is told of, on what it depends, what is not told."""
    told = said(results, "position", focus, "headline")
    placed = [unmarked(row["text"]) for row in written(results)]  # they stand where they belong
    points = [
        text
        for text in ([] if told else said(results, "position", focus, "beside"))
        if not any(one in unmarked(text) for one in placed)
    ]
    return Section("beside", "Said of it, and not told", points=tuple(points[:SAID_MOST]), level=3)


def _asked(results: Results, focus: Focus) -> Section:
    """What the meeting is asked to agree, decide or note."""
    request = paper_row(results, focus).get("recommendation") or NO_REQUEST
    return Section("asked", "What the meeting is asked", (request,), level=3)


def _performance(results: Results, focus: Focus) -> Section:
    """The month, the year to date and the year, a row for each thing that a board watches."""
    told = [
        row
        for row in results["position"].tables.get("performance", ())
        if (row["organisation"], row["year"]) == (focus.organisation, focus.year)
    ]
    if not told:
        return _year(results, focus)
    rows = [_row(results, focus, row) for row in told]
    title = "The month, the year to date and the year, £ million"
    note = _table_note(results, focus)
    table = to_date_table(title, "Measure", rows, note, tuple(TO_DATE))
    return Section("performance", "Month, to date and year", tables=(table,), level=3)


def _year(results: Results, focus: Focus) -> Section:
    """The year as it was stated, where no month is told: position, control total, what is to find."""
    rows: list[dict[str, Any]] = []
    for measure, label in STATED.items():
        known = _known(results, focus, measure)
        if known and not (rows and _the_same(rows[0], known)):
            if measure == "surplus_with_support":
                label = _label_of_whole(
                    known,
                    _known(results, focus, "surplus"),
                    _known(results, focus, "adjusted_surplus"),
                )
            rows.append({"name": label, **known})
    columns = [Column(basis, head, "cell") for basis, head in BASES.items() if _any(rows, basis)]
    heads = (Column("name", "Measure"), *columns)
    table = TableView("The year as stated, £ million", heads, rows)
    return Section("performance", "The year", tables=(table,) if rows else (), level=3)


def _known(results: Results, focus: Focus, measure: str) -> dict[str, Figure]:
    """The figures of a measure by basis, as far as they are told."""
    named = {basis: f"{measure}/{focus.organisation}/{focus.year}/{basis}" for basis in BASES}
    found = {basis: figure(results, "position", name) for basis, name in named.items()}
    return {basis: one for basis, one in found.items() if one and one.value is not None}


def _label_of_whole(
    supported: Mapping[str, Figure],
    surplus: Mapping[str, Figure],
    adjusted: Mapping[str, Figure],
) -> str:
    """What people call the surplus with support: by what parts it from the adjusted one.

    Only what moves a figure is named: support, and what stands outside the control total.
    """
    moved = any(
        one.value != supported[basis].value for basis, one in surplus.items() if basis in supported
    )
    outside = any(
        one.value != adjusted[basis].value for basis, one in surplus.items() if basis in adjusted
    )
    if not outside:
        return STATED["surplus_with_support"]
    return WITH_BOTH if moved else WITH_OUTSIDE


def _the_same(row: Row, known: Mapping[str, Figure]) -> bool:
    """Whether a row tells the same position: support moves nothing where there is none."""
    return all(
        one.measure == "surplus_with_support" and basis in row and row[basis].value == one.value
        for basis, one in known.items()
    )


def _any(rows: Sequence[Row], column: str) -> bool:
    """Whether any row has something in a column."""
    return any(column in row for row in rows)


def _row(results: Results, focus: Focus, row: Row) -> Row:
    """One row; cells that are figures of their own are those figures."""
    name = f"{LABELS[row['row']]}{_told_by(row)}"
    found: dict[str, Any] = {"name": f"\u2003{name}" if row["row"] in ASIDE else name}
    whole = row["row"] == "excluding_support"
    return found | cells_of(results, row, "performance", tuple(TO_DATE), whole=whole)


def _told_by(row: Row) -> str:
    """Of a row that is the sum of organisations: how many tell it, and of how many.

    >>> _told_by({"told_by": 7, "told_of": 7}), _told_by({"told_by": 5, "told_of": 7})
    (' (all 7 organisations)', ' (told by 5 of 7)')
    """
    told, of = row.get("told_by"), row.get("told_of")
    if not told:
        return ""
    if told == of:
        return f" (all {many(of, 'organisation')})"
    return f" (told by {told} of {of})"


def _table_note(results: Results, focus: Focus) -> str:
    """Which control total is the plan, and how the signs go."""
    note = "Costs and deficits in brackets; a variance without brackets is favourable."
    support = [
        row
        for row in rows_of(results, "position", "bridge", focus)
        if row["kind"] == "apart" and row["pence"] and row["to"].endswith("/forecast")
    ]
    for row in support[:1]:
        size = linked(pounds(row["pence"]), cell(row, "bridge", "pence"))
        note += (
            f" Support is forecast {size} {'less' if row['pence'] < 0 else 'more'} than planned."
        )
    total = figure(results, "position", f"control_total/{focus.organisation}/{focus.year}/plan")
    gap = figure(results, "position", f"gap/{focus.organisation}/{focus.year}/plan")
    if total is not None and gap is not None and gap.value == 0:
        note += " The control total is the plan."
    return note


def _must(results: Results, focus: Focus) -> Section:
    """What each month left must be for the forecast to hold, and the year's end if it is not."""
    must = tuple(said(results, "position", focus, "must"))
    return Section("must", "What must be true", must, level=3)


def _control_total(results: Results, focus: Focus) -> Section:
    """How much, set by whom and when, and who missed it from the start."""
    rows = [r for r in results["position"].tables.get("levels", ()) if r["year"] == focus.year]
    own = next((r for r in rows if r["organisation"] == focus.organisation), None)
    if own is None or own["control_total_pence"] is None:
        return Section("total", "Control total")
    total = own["control_total_pence"]
    stated = figure(results, "position", f"control_total/{focus.organisation}/{focus.year}/plan")
    same = stated is not None and stated.value == total
    number = stated if same else cell(own, "levels", "control_total_pence")
    text = f"It is {linked_in(Frame().stands(total), Frame().pounds(total), number)}"
    if own["set_by"]:
        text += f", set by {own['set_by']}"
    if own["set_on"]:
        text += f" on {day_words(own['set_on'])}"
        days = own["notice_days"]
        if days is not None and days < 0:
            text += f", {_days(own)} into its year"
    late = own["notice_days"] is not None and own["notice_days"] < 0
    text += f". {_missed(results, focus, late=late)}"
    return Section("total", "Control total", (text.strip(),), level=3)


def _missed(results: Results, focus: Focus, *, late: bool) -> str:
    """Where the plan misses the control total, and who: from the start, where it was there then."""
    gap = figure(results, "position", f"gap/{focus.organisation}/{focus.year}/plan")
    if gap is None or not isinstance(gap.value, int):
        return ""
    if gap.value <= 0:
        return "The plan meets it." if gap.value == 0 else "The plan is better than it."
    who = _short_of(results, focus)
    gaps = [figure(results, "position", f"gap/{code}/{focus.year}/plan") for code, _ in who]
    told = [
        f"{focus.name(code)} ({linked(value_text(pence, 'pence'), number)})"
        for (code, pence), number in zip(who, gaps, strict=True)
    ]
    named = f": {_listed(told)}" if told else ""
    size = linked(value_text(gap.value, "pence"), gap)
    rest = "; others planned better than theirs" if named and _any_better(results, focus) else ""
    if late:  # nobody can have missed what was not yet set
        return f"The plan, made before, is {size} short of it{named}{rest}."
    return f"The plan missed it from the start, by {size}{named}{rest}."


def _days(row: Row) -> str:
    """How many days into its year a control total was set."""
    shown = linked(f"{-row['notice_days']:,}", cell(row, "levels", "notice_days", "count"))
    return first_number(many(-row["notice_days"], "day"), shown)


def _planned_gaps(results: Results, focus: Focus) -> list[tuple[str, int]]:
    """How far the plans of the bodies just below are from their control totals."""
    found = []
    for row in results["register"].tables["organisations"]:
        if row["parent"] != focus.organisation:
            continue
        one = figure(results, "position", f"gap/{row['organisation']}/{focus.year}/plan")
        if one is not None and isinstance(one.value, int):
            found.append((row["organisation"], one.value))
    return found


def _short_of(results: Results, focus: Focus) -> list[tuple[str, int]]:
    """The bodies just below whose plan is short of their control totals, the shortest first."""
    short = [one for one in _planned_gaps(results, focus) if one[1] > 0]
    return sorted(short, key=lambda one: (-one[1], one[0]))


def _any_better(results: Results, focus: Focus) -> bool:
    return any(gap < 0 for _, gap in _planned_gaps(results, focus))


def _listed(names: Sequence[str]) -> str:
    """Some names, and how many more.

    >>> _listed(["A", "B"]), unmarked(_listed(list("ABCDEF")))
    ('A and B', 'A, B, C, D and 2 more')
    """
    more = len(names) - NAMED
    others = counted(str(more), OTHERS, [Part(unmarked(one)) for one in names[NAMED:]])
    return listed([*names[:NAMED], f"{others} more"] if more > 0 else names)


def _since(results: Results, focus: Focus) -> Section:
    """Who moved the forecast since last month; the director's words stand below."""
    words, points = said(results, "position", focus, "since"), actions_words(results, focus)
    title = "Since last month, and what is being done"
    return Section("since", title, tuple(words), points=tuple(points), level=3)


def _at_risk(results: Results, focus: Focus) -> Section:
    """Support that may yet be withheld."""
    rows = [
        row
        for row in results["position"].tables.get("support_at_risk", ())
        if row.get("at_risk_pence") and row["year"] == focus.year
    ]
    lines = [
        f"{focus.name(row['organisation'])}: "
        + linked(
            value_text(row["at_risk_pence"], "pence"), cell(row, "support_at_risk", "at_risk_pence")
        )
        for row in rows
    ]
    return Section("at-risk", "Support at risk", points=tuple(lines), level=3)


def _late_imposed_withheld(results: Results, focus: Focus) -> Section:
    """What was raised late, imposed or withheld: one line each, or nothing."""
    inside = below(results, focus)
    eased = {
        (row["organisation"], str(row["day"]))
        for row in results["position"].tables.get("control_total_changes", ())
        if row["year"] == focus.year and (row["change_pence"] or 0) < 0
    }
    late = [
        f"{focus.name(row['organisation'])} ({_days(row)})"
        for row in results["position"].tables.get("levels", ())
        if row["year"] == focus.year
        and row["organisation"] in inside
        and (row["notice_days"] or 0) < 0
        and (row["organisation"], str(row["set_on"])) not in eased
    ]
    totals = [
        row
        for row in rows_below(results["position"], "control_totals", inside, focus.year)
        if row["in_force"]
    ]
    imposed = [focus.name(row["organisation"]) for row in totals if row["imposed"]]
    withheld = [
        row for row in results["position"].tables.get("withheld", ()) if withheld_of(row) in inside
    ]
    points = (
        f"Set or raised after its year began: {_listed(late) if late else 'nothing'}.",
        f"Imposed: {_listed(imposed) if imposed else 'nothing that the data record'}.",
        f"Withheld or not told: {_withheld(withheld, focus) if withheld else 'nothing'}.",
    )
    return Section("imposed", "Raised late, imposed, withheld", points=points, level=3)


def _withheld(rows: Sequence[Row], focus: Focus) -> str:
    """How many figures are withheld, and of whom."""
    bodies = list(dict.fromkeys(focus.name(withheld_of(row)) for row in rows))
    parts = [Part(focus.name(withheld_of(row)), shown=str(row["kind"])) for row in rows]
    shown = counted(f"{len(rows):,}", "figures that are withheld or not told", parts)
    return f"{first_number(many(len(rows), 'figure'), shown)} of {_listed(bodies)}"


def _trust(results: Results, focus: Focus) -> Section:
    """How far to trust the paper: open data queries, and what is unverified."""
    figures = [
        one
        for one in results["position"].figures
        if (one.organisation, one.year) == (focus.organisation, focus.year)
    ]
    queries = queries_of(results, focus)
    say = speaker(results, focus)
    worst = [queried(one, capital(say(one.message))) for one in queries if one.severity == "error"]
    words = [" ".join([queries_words(queries), *worst[:1]])]
    unverified = [one for one in figures if one.status == "unverified"]
    if unverified:
        what = many(len(unverified), "figure of this year rests", "figures of this year rest")
        rule = "figures that rest on rules or rates that nobody has verified"
        parts = [(figure_name(one), one) for one in unverified]
        what = first_number(what, worked_out(f"{len(unverified):,}", rule, parts))
        words.append(f"{what} on rules or rates that nobody has verified.")
    return Section("trust", "How far to trust this", (" ".join(words),), level=3)

"""How the system uses one organisation: its money, its control total, its schemes and its vote.

The page of an organisation's own paper that no other paper has. It says what it gives and receives,
who set its control total and what was changed over its head, what it would bear of a gap, and what
waits on it. Support moves money and improves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from controltotal.core.calendar import year_label
from controltotal.core.names import listed
from controltotal.papers.board_cover import paper_row
from controltotal.papers.board_notes import cell
from controltotal.papers.board_paying import POLICY
from controltotal.papers.board_words import Row, capital, cut, day, many, moved, own_rows, pounds
from controltotal.papers.payments import payment, payments
from controltotal.papers.sections import Focus, Results, Section, TableView, columns

ASKED: Final = ("agreed", "proposed")
MOVES_MOST: Final = 6
WAITS_MOST: Final = 8
ALIKE: Final = 0.01
"""An index of the burden nearer nil than this says nothing of deprivation."""


def uses_page(results: Results, focus: Focus) -> list[Section]:
    """The page; nothing where the organisation stands alone and nothing is asked of it."""
    parts = [
        _money(results, focus),
        _control_total(results, focus),
        _share(results, focus),
        _waiting(results, focus),
        _bound(results, focus),
    ]
    parts = [part for part in parts if not part.empty]
    return [_lead(results, focus), *parts] if parts else []


def _lead(results: Results, focus: Focus) -> Section:
    """What is given and received, whether the total was changed, and who must follow."""
    words = [*_given(results, focus), *_changed(results, focus)[:1]]
    outvoted = [row for row in _votes(results, focus) if _outvoted(row)]
    if outvoted:
        words.append(
            f"It must follow {many(len(outvoted), 'decision')} that it voted against: "
            f"{listed([_title(results, row) for row in outvoted][:3])}."
        )
    words = words or [f"{focus.name(focus.organisation)} gives and receives no support this year."]
    return Section("uses", "How the system uses this organisation", tuple(words), lead=True)


# -- money -------------------------------------------------------------------------------------------


def _moves(results: Results, focus: Focus) -> list[Row]:
    """Payments of the year that the organisation gives or receives, those agreed first."""
    rows = [
        row
        for row in results["register"].tables.get("transfers", ())
        if row["year"] == focus.year and focus.organisation in (row["from"], row["to"])
    ]
    return sorted(
        rows,
        key=lambda row: (row["status"] not in ASKED, -(row["amount_pence"] or 0), row["id"] or ""),
    )


def _other(row: Row, focus: Focus) -> str:
    """The other side of a payment."""
    return str(row["to"] if row["from"] == focus.organisation else row["from"])


def _given(results: Results, focus: Focus) -> list[str]:
    """The payments in sentences; those that lapsed or were refused are in the table alone."""
    words = []
    for row in _moves(results, focus):
        if row["status"] not in ASKED or not row["amount_pence"]:
            continue
        gives, other = row["from"] == focus.organisation, focus.name(_other(row, focus))
        way = f"gives {other}" if gives else f"receives from {other}"
        words.append(f"It {way} {pounds(row['amount_pence'])} of support, {row['status']}.")
    return [*_counted(results, focus), *words][:2]


def _counted(results: Results, focus: Focus) -> list[str]:
    """Support that its control total counts, which is no payment of the table of transfers."""
    for row in own_rows(results.get("risk"), "measured", focus):
        if row["support_pence"]:
            way = "receives" if row["support_pence"] > 0 else "gives"
            return [
                f"Its control total counts {pounds(row['support_pence'])} of support that it {way}."
            ]
    return []


def _money(results: Results, focus: Focus) -> Section:
    rows = [
        {
            **payment(row, focus),
            "way": "gives" if row["from"] == focus.organisation else "receives",
            "other": focus.name(_other(row, focus)),
        }
        for row in _moves(results, focus)
    ]
    title = f"What it gives and receives, {year_label(focus.year)}, £ million"
    table = payments(title, ("way|It", "other|To or from"), rows)
    return Section(
        "uses-money", "What it gives and receives", tables=cut(table, MOVES_MOST), level=3
    )


# -- control total -----------------------------------------------------------------------------------


def _changed(results: Results, focus: Focus) -> list[str]:
    """Changes of its control total in the year, each with its day and who made it."""
    found = own_rows(results["position"], "control_total_changes", focus)
    words = []
    for row in sorted(found, key=lambda row: str(row["day"]), reverse=True):
        if row["change_pence"] is None:
            continue
        by = f" by {row['set_by']}" if row["set_by"] else ""
        words.append(
            f"Its control total was changed{by} on {day(row['day'])}: "
            f"{moved(row['change_pence'], 'more is asked', 'less is asked')}."
        )
    return words or _set_late(results, focus)


def _set_late(results: Results, focus: Focus) -> list[str]:
    """A control total set after its year began, where no table tells how it was changed."""
    for row in own_rows(results["position"], "levels", focus):
        if (row["notice_days"] or 0) < 0 and row["control_total_pence"] is not None:
            by = f" by {row['set_by']}" if row["set_by"] else ""
            return [
                f"Its control total was set{by} on {day(row['set_on'])}, "
                f"{many(-row['notice_days'], 'day')} into its year."
            ]
    return []


def _control_total(results: Results, focus: Focus) -> Section:
    """Every control total of the year, who set it and when, and what was said against it."""
    rows = [
        row
        for row in own_rows(results["position"], "control_totals", focus)
        if row["pence"] is not None
    ]
    table = TableView(
        "Its control total, as set and changed, £ million",
        columns("day|Set on", "by|Set by", "pence|Control total|cell", "status|Status"),
        [
            {
                "day": day(row["set_on"]),
                "by": row["set_by"] or "not told",
                "pence": cell(row, "control_totals", "pence"),
                "status": _status(row),
            }
            for row in rows
        ],
    )
    points = [
        f"{row['by']} challenged it on {day(row['on'])}: {row['grounds']}. "
        f"Answer: {row['answer'] or 'none yet'} ({row['outcome'] or 'open'})."
        for row in own_rows(results["register"], "challenges", focus)
    ]
    return Section(
        "uses-total",
        "Its control total, and who set it",
        points=(*_changed(results, focus), *points),
        tables=(table,),
        level=3,
    )


def _status(row: Row) -> str:
    parts = ["in force" if row["in_force"] else "replaced" if row["status"] == "accepted" else ""]
    parts += ["imposed"] if row.get("imposed") else []
    parts += [str(row["status"])] if row["status"] != "accepted" else []
    return ", ".join(filter(None, parts))


# -- a gap, and what waits ---------------------------------------------------------------------------


def _share(results: Results, focus: Focus) -> Section:
    """What it would bear of the gap that is being shared, in each way of sharing, and the effect."""
    shared = results.get("sharing")
    rows = [] if shared is None else shared.tables.get("shares", ())
    own = [row for row in rows if row["organisation"] == focus.organisation]
    equity = {} if shared is None else {r["policy"]: r for r in shared.tables.get("equity", ())}
    view: list[dict[str, Any]] = [
        {
            "policy": POLICY.get(row["policy"], str(row["policy"]).replace("_", " ")),
            "pence": cell(row, "shares", "pence"),
            "effect": _effect(equity.get(row["policy"])),
        }
        for row in own
        if row["pence"] is not None
    ]
    table = TableView(
        "What it would bear of the gap, by way of sharing, £ million",
        columns("policy|Way of sharing", "pence|It would bear|cell", "effect|On whom it falls"),
        view,
    )
    return Section("uses-gap", "Its share of a gap", tables=(table,), level=3)


def _effect(row: Row | None) -> str:
    """On whom a way of sharing falls, by the index of the burden: below nil on deprived people.

    >>> _effect({"index": -0.08}), _effect({"index": 0.001}), _effect(None)
    ('more on people of more deprived places', 'alike by deprivation', '')
    """
    index = None if row is None else row.get("index")
    if not isinstance(index, int | float):
        return ""
    if abs(index) < ALIKE:
        return "alike by deprivation"
    return f"more on people of {'more' if index < 0 else 'less'} deprived places"


def _waiting(results: Results, focus: Focus) -> Section:
    """What waits on the organisation: its schemes by signer, support to agree, its next paper."""
    waits = own_rows(results.get("schemes"), "awaited_by", focus)
    points = [
        f"{capital(row['waits_for'])}: {many(row['schemes'], 'scheme')}, {pounds(row['plan_pence'])} "
        "of this year's plan."
        for row in waits
        if row["waits_for"] and row["plan_pence"] is not None
    ][:WAITS_MOST]
    points += [
        f"Support to agree with {focus.name(_other(row, focus))}: "
        f"{row['condition'] or 'no condition told'}."
        for row in _moves(results, focus)
        if row["status"] == "proposed"
    ]
    meeting = paper_row(results, focus)
    if meeting:
        points.append(f"Its {meeting['meeting']} meets on {day(meeting['on'])}.")
    return Section("uses-waiting", "What waits on it", points=tuple(points), level=3)


# -- decisions ---------------------------------------------------------------------------------------


def _votes(results: Results, focus: Focus) -> Sequence[Row]:
    rows = results["decide"].tables.get("bound", ()) if "decide" in results else ()
    return [row for row in rows if row["organisation"] == focus.organisation and row["bound"]]


def _outvoted(row: Row) -> bool:
    return bool(row["vote"] == "against")


def _title(results: Results, row: Row) -> str:
    titles = {one["decision"]: one["title"] for one in results["decide"].tables["decisions"]}
    return str(titles.get(row["decision"]) or row["decision"])


def _bound(results: Results, focus: Focus) -> Section:
    """The decisions that it must follow, and how it voted."""
    table = TableView(
        "Decisions that it must follow",
        columns("title|Decision", "vote|It voted", "why|Why it is bound"),
        [
            {"title": _title(results, row), "vote": row["vote"], "why": row["why"]}
            for row in sorted(_votes(results, focus), key=lambda row: not _outvoted(row))
        ],
    )
    return Section("uses-bound", "Decisions that bind it", tables=(table,), level=3)

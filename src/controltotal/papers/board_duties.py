"""Page on duties: the control total from its first form to the one in force, and the rules that bind.

Not met comes first, then what was waived; what cannot be worked out is counted and stands folded
with the reason. A control total that nobody disclosed is a row without a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from controltotal.core.names import listed
from controltotal.core.period import within
from controltotal.core.sourced import Part, Source, all_sourced
from controltotal.papers.board_cover import day_of
from controltotal.papers.board_notes import cell
from controltotal.papers.board_sources import counted, linked, linked_in, page, worked_out
from controltotal.papers.board_words import (
    Row,
    capital,
    cut,
    day,
    narrowed,
    plain,
    pounds,
    rows_below,
    speaker,
)
from controltotal.papers.charts_frame import Frame
from controltotal.papers.sections import Focus, Results, Section, TableView, below, columns, figure

NOT_MET, WAIVED, UNTOLD, MET = "breached", "waived", "indeterminate", "met"
STATUS: Final = {
    NOT_MET: "not met",
    WAIVED: "waived",
    UNTOLD: "cannot be worked out",
    MET: "met",
}
"""What people call the status of a rule, the worst first."""
STATUS_OF_ONE: Final = {
    status: words if status == UNTOLD else f"is {words}" for status, words in STATUS.items()
}
"""The same after the one that it is said of."""
KEPT: Final = "accepted"
"""A control total that nobody disputes."""
CHALLENGES: Final = "challenges that the paper leaves out"
CHALLENGES_MOST: Final = 3
COMMITMENTS_MOST: Final = 6
NOT_DUE: Final = "not yet due"
OUTCOME: Final = "actual"
"""The basis that settles a commitment once its day has come."""
COMMITTED: Final = ("not met", UNTOLD, NOT_DUE, "met")
"""What became of a commitment, in the order in which a board reads it."""


@page
def duties_page(results: Results, focus: Focus) -> list[Section]:
    """The page; nothing where no control total is known and no rule is missed or waived."""
    inside = below(results, focus)
    rules = _rules(results, focus, inside)
    totals = _totals(results, focus, inside)
    pressing = [row for row in rules if row["status"] in (NOT_MET, WAIVED)]
    if not pressing and not any(
        row["pence"] is not None for rows in totals.values() for row in rows
    ):
        return []
    parts = [
        _control_totals(results, focus, totals),
        _plans(results, focus, inside),
        _binding(results, focus, rules),
        commitments(results, focus, inside),
        _challenged(results, focus, inside),
    ]
    return [_lead(results, focus, rules), *(part for part in parts if not part.empty)]


def _rules(results: Results, focus: Focus, inside: set[str]) -> list[Row]:
    """Rules of the year, what costs most first."""
    rows = [
        row
        for row in results["position"].tables.get("rules", ())
        if row["organisation"] in inside and within(row["year"], focus.year)
    ]
    order = list(STATUS)
    return sorted(
        rows,
        key=lambda row: (
            order.index(row["status"]) if row["status"] in STATUS else len(order),
            row["consequence_pence"] or 0,
            row["organisation"] != focus.organisation,
            row["organisation"],
            row["title"],
        ),
    )


def _lead(results: Results, focus: Focus, rules: Sequence[Row]) -> Section:
    """Whether the control total is met, and how many rules are not."""
    words = _whether_met(results, focus)
    if rules:
        words.append(_counted(rules))
    return Section("duties", "Duties and control totals", tuple(words), lead=True)


def _counted(rules: Sequence[Row]) -> str:
    """How many duties and rules there are, and how many of them are not met."""
    counts = {status: sum(row["status"] == status for row in rules) for status in STATUS}
    shown = {s: _number(rules, s) for s in STATUS}
    told = [
        f"{shown[s]} {'is' if counts[s] == 1 else 'are'} {STATUS[s]}"
        for s in (NOT_MET, WAIVED)
        if counts[s]
    ]
    told += [f"{shown[UNTOLD]} {STATUS[UNTOLD]}"] if counts[UNTOLD] else []
    if len(rules) == 1:
        return f"One duty or rule binds in the year, and it {STATUS_OF_ONE[rules[0]['status']]}."
    text = f"Of {_number(rules)} duties and rules that bind in the year, "
    return f"{text}{listed(told)}." if told else f"{text}all are met."


def _number(rules: Sequence[Row], status: str = "") -> str:
    """How many rules there are, or of one status, with what each costs."""
    some = [row for row in rules if not status or row["status"] == status]
    how = f"duties and rules of the year that {_are(status)}" if status else "those of the year"
    parts = [(plain(str(row["title"])), cell(row, "rules", "consequence_pence")) for row in some]
    return worked_out(f"{len(some)}", how, parts)


def _are(status: str) -> str:
    words = STATUS[status]
    return words.replace("cannot", "can not") if status == UNTOLD else f"are {words}"


def _whether_met(results: Results, focus: Focus) -> list[str]:
    """The control total in force, and whether the forecast (else the plan) meets it."""
    bases = ("forecast", "plan")
    told = {
        (measure, basis): figure(
            results, "position", f"{measure}/{focus.organisation}/{focus.year}/{basis}"
        )
        for measure in ("control_total", "gap")
        for basis in bases
    }
    known = {key: one.value for key, one in told.items() if one is not None}
    sums = {key: value for key, value in known.items() if isinstance(value, int)}
    total = next((sums[key] for key in sums if key[0] == "control_total"), None)
    if total is None:
        return []
    own = next(told[key] for key in sums if key[0] == "control_total")
    text = f"The control total is {linked_in(Frame().stands(total), pounds(total), own)}"
    for basis in bases:
        gap = sums.get(("gap", basis))
        if gap is not None:
            size = linked(pounds(gap), told["gap", basis])
            missed = f"misses it by {size}" if gap > 0 else "meets it"
            return [f"{text}; the {basis} {missed}."]
    return [f"{text}."]


# -- control totals ----------------------------------------------------------------------------------


def _totals(results: Results, focus: Focus, inside: set[str]) -> dict[str, list[Row]]:
    """Control totals of the year by body in the order of the tree, from the first to the last."""
    rows = rows_below(results["position"], "control_totals", inside, focus.year)
    found: dict[str, list[Row]] = {}
    for body in results["register"].tables["organisations"]:
        own = [r for r in rows if r["organisation"] == body["organisation"] and not r["scenario"]]
        if own:
            found[body["organisation"]] = sorted(own, key=lambda r: r["known_on"] or r["set_on"])
    return found


def _control_totals(results: Results, focus: Focus, totals: Mapping[str, Sequence[Row]]) -> Section:
    """Original and current control totals, who set them and when, and every change between."""
    shown = [_total(results, focus, code, rows) for code, rows in totals.items()]
    table = TableView(
        "Control totals: original and current, £ million",
        columns(
            "body|Organisation",
            "first|Original|cell",
            "first_on|Set on",
            "now|Current|cell",
            "now_on|Since",
            "by|Set by",
            "status|Status",
            "gap|Forecast short by|cell",
        ),
        sorted(shown, key=lambda row: -_size(row["gap"])),
        "Furthest short first; in brackets better than asked.",
    )
    tables = (*cut(table), *_changes(results, focus))
    words = _regime(results, focus)
    return Section("duties-totals", "Versions of the control total", words, tables=tables, level=3)


def _size(gap: Any) -> int:
    return gap.value if gap is not None and isinstance(gap.value, int) else 0


def _total(results: Results, focus: Focus, code: str, rows: Sequence[Row]) -> dict[str, Any]:
    first = next((row for row in rows if row["status"] == KEPT or row["in_force"]), rows[0])
    now = next((row for row in rows if row["in_force"]), rows[-1])
    changed = now is not first
    gap = figure(results, "position", f"gap/{code}/{focus.year}/forecast")
    return {
        "body": focus.name(code),
        "first": cell(first, "control_totals", "pence"),
        "first_on": day(first["set_on"] or ""),
        "now": cell(now, "control_totals", "pence"),
        "now_on": day(now["set_on"] or "") if changed else "unchanged",
        "by": now["set_by"] or "",
        "status": "" if now["status"] == KEPT else now["status"],
        "gap": gap if gap is not None and gap.value is not None else None,
    }


def _changes(results: Results, focus: Focus) -> tuple[TableView, ...]:
    """Each change of the year within the system, folded: the day, the office, and what made up for it."""
    inside = below(results, focus)
    rows = rows_below(results["position"], "control_total_changes", inside, focus.year)
    if not rows:
        return ()
    table = TableView(
        "Changes of control totals in the year, £ million",
        columns(
            "day|Day",
            "body|Organisation",
            "from_pence|From|cell",
            "to_pence|To|cell",
            "change_pence|Change|cell",
            "by|By",
            "made|Offset within the system?",
        ),
        [
            {
                "day": day(row["day"]),
                "body": focus.name(row["organisation"]),
                **{
                    column: cell(row, "control_total_changes", column)
                    for column in ("from_pence", "to_pence", "change_pence")
                },
                "by": row["set_by"],
                "made": "yes" if row["net_neutral"] else "no",
            }
            for row in sorted(rows, key=lambda row: row["day"])
        ],
        identities=("change_pence = to_pence - from_pence",),
    )
    return cut(table)


def _regime(results: Results, focus: Focus) -> tuple[str, ...]:
    """Who watches the control total, what follows a miss, and who hears an appeal."""
    rows = results["register"].tables.get("nesting", ())
    own = next((row for row in rows if row["organisation"] == focus.organisation), None)
    if own is None:
        return ()
    said = (("Watched by", "monitor"), ("If it is missed", "consequence"), ("Appeal", "appeal"))
    told = [f"{title}: {own[key]}" for title, key in said if own.get(key)]
    return (". ".join(told) + ".",) if told else ()


# -- versions of the plan --------------------------------------------------------------------------


def _plans(results: Results, focus: Focus, inside: set[str]) -> Section:
    """The plan as first told, each change with its day and its office, and as it stands."""
    rows = rows_below(results["position"], "plan_versions", inside, focus.year)
    shown = [
        {
            "body": focus.name(row["organisation"]),
            "version": "Original" if row["version"] == "original" else "Changed",
            "day": day(row["day"]),
            "by": row["by"] or ("" if row["version"] == "original" else "not told"),
            "change": cell(row, "plan_versions", "change_pence"),
            "plan": cell(row, "plan_versions", "plan_pence"),
        }
        for row in rows
    ]
    table = TableView(
        "Versions of the plan, without support, £ million",
        columns(
            "body|Organisation",
            "version|Version",
            "day|Day",
            "by|By",
            "change|Change|cell",
            "plan|Plan|cell",
        ),
        shown,
        "The last of each organisation is the plan in force.",
    )
    tables = cut(narrowed(table, focus)) if shown else ()
    return Section("duties-plans", "Versions of the plan", tables=tables, level=3)


# -- commitments -----------------------------------------------------------------------------------


def commitments(results: Results, focus: Focus, inside: set[str]) -> Section:
    """What was promised in public, whether it was met, and what is not yet due."""
    rows = [
        row
        for row in results["position"].tables.get("promises", ())
        if row["organisation"] in inside and row["year"] in (focus.year, "")
    ]
    on = day_of(results, focus)
    told = [_commitment(row, focus, on) for row in rows]
    table = TableView(
        "Commitments made in public, £ million",
        columns(
            "text|Commitment",
            "by|By",
            "due|Due",
            "promised|Promised|cell",
            "now|Now|cell",
            "status|Status",
        ),
        sorted(told, key=lambda row: COMMITTED.index(row["order"])),
        "Now: the actual of a whole year, else the forecast, else the plan.",
    )
    tables = cut(table, COMMITMENTS_MOST) if told else ()
    return Section("duties-promised", "Commitments", tables=tables, level=3)


def _commitment(row: Row, focus: Focus, on: str) -> dict[str, Any]:
    """One commitment; what is not yet due says what the figures make likely."""
    due = str(row["due"])
    order, status = _became(row, waits=bool(due) and bool(on) and due >= on)
    when = f", {day(str(row['on']))}" if len(str(row["on"])) == len("2027-01-21") else ""
    return {
        "text": f"“{str(row['text']).rstrip('.')}”",
        "by": f"{row['by']}{when}",
        "due": day(due) if due else "no day named",
        "promised": cell(row, "promises", "promised_pence"),
        "now": cell(row, "promises", "found_pence"),
        "status": status,
        "order": order,
    }


def _became(row: Row, *, waits: bool) -> tuple[str, str]:
    """What became of a commitment, and in words; a plan or a forecast that keeps it is no outcome."""
    kept = row["kept"]
    order = NOT_DUE if waits or (kept is None and not row["due"]) else UNTOLD
    if not waits and kept is not None and row["basis"] in (OUTCOME, ""):
        order = COMMITTED[-1] if kept else COMMITTED[0]
    if order not in (NOT_DUE, UNTOLD):
        return order, order
    if kept is None:
        return order, order if order == NOT_DUE else "due; the data do not say"
    waiting = NOT_DUE if order == NOT_DUE else "due; its outcome is not told"
    return order, f"{waiting}; the {row['basis']} {'keeps' if kept else 'does not keep'} it"


# -- rules -------------------------------------------------------------------------------------------


def _binding(results: Results, focus: Focus, rules: Sequence[Row]) -> Section:
    """Duties and rules that are not met or waived; all others folded."""
    heads = ("title|Duty or rule", "body|Organisation", "pence|£ million|cell", "why|Why")
    every = (*heads[:2], "status|Status", *heads[2:])
    say = speaker(results, focus)
    pressing = [row for row in rules if row["status"] in (NOT_MET, WAIVED)]
    others = [row for row in rules if row not in pressing]
    table = TableView(
        "Duties and rules that are not met, or waived",
        columns(*heads),
        [_rule(row, focus, say) for row in pressing],
        "In brackets what is short, withheld or due.",
    )
    folded = TableView(
        "Those that are met or cannot be worked out",
        columns(*every),
        [_rule(row, focus, say) for row in others],
        folded=True,
    )
    tables = tuple(one for one in (*cut(narrowed(table, focus)), folded) if one.rows)
    return Section("duties-rules", "Duties and rules", tables=tables, level=3)


def _rule(row: Row, focus: Focus, say: Callable[[str], str]) -> dict[str, Any]:
    """One rule; each number of its reason leads to the page of the rule, which says how it is made."""
    waived = " (waived)" if row["status"] == WAIVED else ""
    why = say(str(row["why"] or "").removeprefix("cannot be told: "))
    return {
        "title": f"{say(row['title'])}{waived}",
        "body": focus.name(row["organisation"]),
        "status": STATUS.get(row["status"], row["status"]),
        "pence": cell(row, "rules", "consequence_pence"),
        "why": all_sourced(
            capital(why), Source(f"rule/{row['organisation']}/{row['year']}/{row['rule']}")
        ),
    }


# -- challenges --------------------------------------------------------------------------------------


def _challenged(results: Results, focus: Focus, inside: set[str]) -> Section:
    """Who challenged a control total, on what grounds, and what came of it."""
    rows = rows_below(results["register"], "challenges", inside, focus.year)
    points = [_challenge(row, focus) for row in sorted(rows, key=lambda r: r["on"], reverse=True)]
    if len(points) > CHALLENGES_MOST:
        left = [Part(one) for one in points[CHALLENGES_MOST:]]
        points = [
            *points[:CHALLENGES_MOST],
            f"And {counted(str(len(left)), CHALLENGES, left)} more.",
        ]
    return Section("duties-challenged", "Challenged", points=tuple(points), level=3)


def _challenge(row: Row, focus: Focus) -> str:
    text = f"{focus.name(row['organisation'])}"
    text += f", by {row['by']}" if row["by"] else ""
    text += f", {day(row['on'])}" if row["on"] else ""
    text += f": “{row['grounds']}”." if row["grounds"] else "."
    text += f" Answer: “{row['answer']}”." if row["answer"] else " No answer."
    return text + (f" Outcome: {row['outcome']}." if row["outcome"] else "")

"""Page on who pays: support of the year and what is paid back, ways to share, who follows what.

Only where there is any. A payer outside the paper's own tree is named where it pays for somebody
inside or is paid by one. Support moves money and improves nothing: no line here is a saving.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from controltotal.core.calendar import year_label
from controltotal.core.figure import Figure
from controltotal.core.names import listed
from controltotal.core.result import Result
from controltotal.core.show import value_text
from controltotal.core.sourced import AMOUNT, Part
from controltotal.papers.board_notes import cell
from controltotal.papers.board_places import places
from controltotal.papers.board_sources import counted, linked, linked_in, page, worked_out
from controltotal.papers.board_words import (
    Row,
    cut,
    day,
    pounds,
    rows_below,
    speaker,
)
from controltotal.papers.charts_sharing import curve_chart
from controltotal.papers.payments import KIND, payment, payments
from controltotal.papers.sections import (
    ChartView,
    Focus,
    Results,
    Section,
    TableView,
    below,
    columns,
)

Say = Callable[[str], str]
POLICY: Final[Mapping[str, str]] = {
    "top_slice": "Same share of allocation",
    "equal_call": "Same sum from each",
    "headroom": "By room left under the control total",
    "distance_from_target": "By distance above target allocation",
    "capped": "Same share of allocation, capped",
    "max_min_fair": "Least burden on the worst off",
    "deprivation_weighted": "Less from more deprived areas",
    "neighbour_support": "Help from neighbours, lent",
    "rapid_savings": "By what can be saved soon",
    "raise_nationally": "Raised nationally",
}
"""Ways to share, as people call them."""
ASKED: Final = ("proposed", "agreed")
NARROW_WIDE: Final = 260
"""Pixels across of the curves on a telephone."""
PAYERS_MOST: Final = 3
"""Payers that a table has columns for; of more the least and the most are printed."""
CUT: Final = "those that the sentence does not name"
NAMED: Final = 3
MOVES_MOST: Final = 6
REPAID_MOST: Final = 6
DECISIONS_MOST: Final = 4
NOBODY_PAYS: Final = "raise_nationally"


@page
def paying_page(results: Results, focus: Focus) -> list[Section]:
    """The page; nothing where no support moves, none is at risk, and nobody decides."""
    say = speaker(results, focus)
    parts = [
        _support(results, focus),
        _ways(results, focus, say),
        _decided(results, focus),
    ]
    parts = [part for part in parts if not part.empty]
    if not parts:
        return []
    parts += [part for part in [places(results, focus)] if not part.empty]
    return [_lead(results, focus, say), *parts]


def _lead(results: Results, focus: Focus, say: Say) -> Section:
    """What is paid for whom, on whom it falls, and who must follow what they opposed."""
    words = []
    shared = _shared(results, focus)
    if shared is not None:
        words.append(_sum_shared(shared, results, focus))
        words += [say(one.sourced) for one in shared.sentences if one.topic == "equity"][:1]
    words += _at_risk(results, focus)[:1]
    words += _outvoted(results, focus)
    if not words:
        words += [_paid(row, focus) for row in _ranked(results, focus)[:1]]
    return Section("paying", "Who pays, and who decides", tuple(words), lead=True)


def _paid(row: Row, focus: Focus) -> str:
    """One payment in a sentence."""
    kind = KIND.get(row["kind"], "support")
    kind = "support" if kind in ("other", KIND["neighbour_support"]) else kind
    size = linked(pounds(row["amount_pence"]), cell(row, "transfers", "amount_pence"))
    text = f"{focus.name(row['from'])} to {focus.name(row['to'])}: {size} of "
    return f"{text}{kind}, {row['status']}."


def _shared(results: Results, focus: Focus) -> Result | None:
    """The answer on sharing where it is of the paper's own tree; else None."""
    result = results.get("sharing")
    if result is None:
        return None
    asked = result.options
    givers = asked.get("from")
    codes = {*(givers if isinstance(givers, list | tuple) else [givers])}
    named = {asked.get("to"), asked.get("organisation"), *codes} - {None}
    return result if named & below(results, focus) else None


def _sum_shared(result: Result, results: Results, focus: Focus) -> str:
    gap, receiver = result.options["gap"], result.options.get("to")
    sized = pounds(gap) if isinstance(gap, int) else "What is missing"
    if not isinstance(receiver, str):
        return f"{sized} would have to be shared by the members."
    rows = [
        row
        for row in _moves(results, focus)
        if row["to"] == receiver and row["kind"] == "neighbour_support" and row["status"] in ASKED
    ]
    status = listed([one for one in ASKED[::-1] if any(row["status"] == one for row in rows)])
    who = [focus.name(code) for code in dict.fromkeys(row["from"] for row in rows)]
    each = [
        (f"{focus.name(r['from'])}, {r['status']}", cell(r, "transfers", "amount_pence"))
        for r in rows
    ]
    if rows and sum(row["amount_pence"] for row in rows) == gap:
        sized = worked_out(sized, "the payments of support that are agreed or proposed", each)
    elif isinstance(gap, int):
        sized = worked_out(sized, "what the receiver is to be given, as the paper asks", each)
    text = f"{sized} of support for {focus.name(receiver)} is {status.replace(' and ', ' or ')}"
    return f"{text}, from {_some(who)}." if who else f"{text}."


def _some(names: Sequence[str]) -> str:
    """Some names, and how many more."""
    more = len(names) - NAMED
    others = counted(str(more), CUT, [Part(one) for one in names[NAMED:]])
    return listed(names) if more <= 1 else f"{', '.join(names[:NAMED])} and {others} more"


# -- support -----------------------------------------------------------------------------------------


def _moves(results: Results, focus: Focus) -> list[Row]:
    """Payments of the year that somebody inside gives or receives."""
    inside = below(results, focus)
    return [
        row
        for row in results["register"].tables.get("transfers", ())
        if row["year"] == focus.year and {row["from"], row["to"]} & inside
    ]


def _ranked(results: Results, focus: Focus) -> list[Row]:
    """The payments of the year: those agreed or proposed first, the largest before the others."""
    return sorted(
        _moves(results, focus),
        key=lambda row: (row["status"] not in ASKED, -row["amount_pence"], row["from"], row["to"]),
    )


def _support(results: Results, focus: Focus) -> Section:
    """Support of the year, what of it may be withheld, and what is paid back in later years."""
    rows = _ranked(results, focus)
    title = f"Support and payments between organisations, {year_label(focus.year)}, £ million"
    table = payments(title, ("giver|From", "receiver|To"), [payment(row, focus) for row in rows])
    tables = (*cut(table, MOVES_MOST), *_repaid(results, focus))
    points = tuple(_at_risk(results, focus))
    shown = tuple(one for one in tables if one.rows)
    return Section("paying-support", "Support", points=points, tables=shown, level=3)


def _at_risk(results: Results, focus: Focus) -> list[str]:
    """Support that may yet be withheld, a line for each organisation."""
    rows = rows_below(results["position"], "support_at_risk", below(results, focus), focus.year)
    lines = []
    for row in sorted(rows, key=lambda row: -(row["at_risk_pence"] or 0)):
        if row["at_risk_pence"]:
            size = cell(row, "support_at_risk", "at_risk_pence")
            text = f"{linked(pounds(row['at_risk_pence']), size)} of "
            text += f"{focus.name(row['organisation'])}’s support may yet be withheld"
            lines.append(f"{text}: {row['condition']}." if row["condition"] else f"{text}.")
    return lines


def _repaid(results: Results, focus: Focus) -> tuple[TableView, ...]:
    """What is paid back or written off after the year: on the forecast, else the plan."""
    inside = below(results, focus)
    result = results.get("share")
    told: dict[tuple[str, str], dict[str, Row]] = {}
    for row in result.tables.get("repayments", ()) if result is not None else ():
        if row["year"] > focus.year and {row["giver"], row["receiver"]} & inside:
            told.setdefault((row["year"], row["transfer"]), {})[row["basis"]] = row
    rows = [by.get("forecast") or by.get("plan") for _, by in sorted(told.items())]
    table = TableView(
        "What is to be paid back, £ million",
        columns(
            "year|Year",
            "receiver|By",
            "giver|To",
            "opening|Owed|cell",
            "repaid|Paid back|cell",
            "written_off|Written off|cell",
            "closing|Still owed|cell",
            "status|Status",
        ),
        [
            {
                "year": year_label(row["year"]),
                "receiver": focus.name(row["receiver"]),
                "giver": focus.name(row["giver"]),
                **{
                    column: cell(row, "repayments", column)
                    for column in ("opening", "repaid", "written_off", "closing")
                },
                "status": row["status"],
            }
            for row in rows
            if row is not None and (row["repaid"] or row["written_off"])
        ],
        identities=("closing = opening - repaid - written_off",),
    )
    return cut(table, REPAID_MOST)


# -- ways to share -----------------------------------------------------------------------------------


def _ways(results: Results, focus: Focus, say: Say) -> Section:
    """The gap shared in each way side by side, and when each would be paid and repaid."""
    result = _shared(results, focus)
    if result is None:
        return Section("paying-ways", "Ways to share it")
    approaches = TableView(
        "Three approaches, £ million",
        columns(
            "approach|Approach",
            "least_pence|Least|cell",
            "most_pence|Most|cell",
            "when|When",
            "repaid|Paid back?",
            "not_known|Not known",
        ),
        [
            {
                "approach": row["approach"],
                "least_pence": cell(row, "approaches", "least_pence"),
                "most_pence": cell(row, "approaches", "most_pence"),
                "when": say(row["when"]),
                "repaid": _instalment(say(row["repaid"]), result, row["policy"]),
                "not_known": say(row["not_known"]),
            }
            for row in result.tables.get("approaches", ())
        ],
        "Least and most are what one payer bears.",
    )
    tables = tuple(one for one in (*_by_way(result, focus), approaches) if one.rows)
    words, charts = _fair(result), _curves(result)
    return Section("paying-ways", "Ways to share it", words, charts=charts, tables=tables, level=3)


def _instalment(text: str, result: Result, policy: str) -> str:
    """Words on what comes back, in which the sum of a year leads to what one payer is paid back."""
    shown = AMOUNT.search(text)
    paid = [one for one in result.figures if one.measure == "repayment" and one.part == policy]
    payers = {row["organisation"] for row in result.tables.get("shares", ())}
    first = min((one for one in paid if one.organisation in payers), key=_year_of, default=None)
    return linked_in(text, shown[0], first) if shown and first is not None else text


def _year_of(figure: Figure) -> tuple[str, str]:
    return figure.year, figure.organisation


def _deprived(result: Result) -> list[tuple[str, float]]:
    """What people in the most deprived fifth bear for each pound of others, by way, least first."""
    told = {row["policy"]: row["deprived_beside_others"] for row in result.tables.get("equity", ())}
    found = [(POLICY[way], told[way]) for way in POLICY if told.get(way) is not None]
    return sorted(found, key=lambda one: one[1])


def _fair(result: Result) -> tuple[str, ...]:
    """How it falls on the most deprived fifth, in pounds: the fairest way to them and the hardest."""
    found = _deprived(result)
    if not found:
        return ()
    (least, low), (most, high) = found[0], found[-1]
    cells = {
        POLICY[row["policy"]]: cell(row, "equity", "deprived_beside_others", "pounds")
        for row in result.tables.get("equity", ())
        if row["policy"] in POLICY
    }
    size = linked(value_text(low, "pounds"), cells[least])
    text = f"People in the most deprived fifth would bear {size} for each "
    text += f"£1.00 of others by the way that is easiest on them ({least[:1].lower()}{least[1:]})"
    if len(found) == 1 or low == high:
        return (f"{text.partition(' by the way')[0]}.",)
    size = linked(value_text(high, "pounds"), cells[most])
    hard = f"{size} by the hardest on them ({most[:1].lower()}{most[1:]})"
    return (f"{text}, and {hard}.",)


def _curves(result: Result) -> tuple[ChartView, ...]:
    """How the burden falls on people from the most to the least deprived, where areas are known."""
    rows = result.tables.get("concentration_curve", ())
    told = [dict(row, policy=POLICY.get(row["policy"], row["policy"])) for row in rows]
    if not told:
        return ()
    said = "; ".join(f"{way} {value_text(pounds, 'pounds')}" for way, pounds in _deprived(result))
    return (
        ChartView(
            "chart-board-burden",
            "How the burden falls on people, from the most to the least deprived",
            curve_chart(told),
            "Curves of the share of the burden against the share of people, the most deprived "
            "first; above the diagonal they bear more than their share. For each £1.00 of others "
            f"the most deprived fifth bears: {said}.",
            narrow=curve_chart(told, width=NARROW_WIDE),
        ),
    )


def _by_way(result: Result, focus: Focus) -> tuple[TableView, ...]:
    """What payers would bear in each way that has an answer; of many the least and the most."""
    asked = [row for row in result.tables.get("shares", ()) if row["policy"] != NOBODY_PAYS]
    rows = [row for row in asked if row["pence"] is not None]
    ways = [way for way in POLICY if any(row["policy"] == way for row in rows)]
    unanswered = {row["policy"] for row in asked} - set(ways)
    named = [POLICY[way].lower() for way in POLICY if way in unanswered]
    note = f"No answer from the data: {'; '.join(named)}." if named else ""
    title = "What each would bear, £ million"
    payers = list(dict.fromkeys(row["organisation"] for row in rows))
    if len(payers) > PAYERS_MOST:
        flat = [
            {
                "way": POLICY[row["policy"]],
                "payer": focus.name(row["organisation"]),
                "pence": cell(row, "shares", "pence"),
            }
            for way in ways
            for row in rows
            if row["policy"] == way
        ]
        heads = columns("way|Way", "payer|Who pays", "pence|Sum|cell")
        whole = TableView(title, heads, flat, folded=True)
        return _least_and_most(rows, ways, focus, note), whole
    heads = columns(
        "way|Way",
        *(f"payer{n}|{focus.name(payer)}|cell" for n, payer in enumerate(payers)),
    )
    shown = []
    for way in ways:
        own = {row["organisation"]: row for row in rows if row["policy"] == way}
        cells = {
            f"payer{n}": cell(own[payer], "shares", "pence")
            for n, payer in enumerate(payers)
            if payer in own
        }
        shown.append({"way": POLICY[way], **cells})
    return (TableView(title, heads, shown, note),)


def _least_and_most(rows: Sequence[Row], ways: Sequence[str], focus: Focus, note: str) -> TableView:
    """Who bears most and who least in each way, and how much."""
    shown = []
    for way in ways:
        own = sorted((row for row in rows if row["policy"] == way), key=lambda row: row["pence"])
        least, most = own[0], own[-1]
        same = least["pence"] == most["pence"]
        shown.append(
            {
                "way": POLICY[way],
                "most": cell(most, "shares", "pence"),
                "most_by": "each" if same else focus.name(most["organisation"]),
                "least": cell(least, "shares", "pence"),
                "least_by": "each" if same else focus.name(least["organisation"]),
            }
        )
    heads = ("way|Way", "most|Most|cell", "most_by|By", "least|Least|cell", "least_by|By")
    return TableView("Who would bear most and least, £ million", columns(*heads), shown, note)


# -- decisions ---------------------------------------------------------------------------------------


def _bound(results: Results, focus: Focus) -> dict[str, list[Row]]:
    """Votes of every member, by decision: of decisions in which somebody inside has a vote."""
    inside, result = below(results, focus), results.get("decide")
    found: dict[str, list[Row]] = {}
    for row in result.tables.get("bound", ()) if result is not None else ():
        found.setdefault(row["decision"], []).append(row)
    return {
        decision: rows
        for decision, rows in found.items()
        if any(row["organisation"] in inside for row in rows)
    }


def _decisions(results: Results, focus: Focus) -> list[Row]:
    """Decisions in which somebody inside has a vote: first those that bind one who opposed them."""
    result, bound = results.get("decide"), _bound(results, focus)
    rows = result.tables.get("decisions", ()) if result is not None else ()
    latest = sorted(
        (row for row in rows if row["decision"] in bound), key=lambda r: r["on"], reverse=True
    )
    return sorted(latest, key=lambda row: not _bound_against(results, focus, row))


def _bound_against(results: Results, focus: Focus, decision: Row) -> list[str]:
    """Who inside must follow a decision after voting against it."""
    inside = below(results, focus)
    if decision["outcome"] != "passed":
        return []
    return [
        focus.name(row["organisation"])
        for row in _bound(results, focus)[decision["decision"]]
        if row["vote"] == "against" and row["bound"] and row["organisation"] in inside
    ]


def _outvoted(results: Results, focus: Focus) -> list[str]:
    """Who must follow the latest decision that somebody inside voted against; a line at most."""
    for row in _decisions(results, focus)[:1]:
        against = _bound_against(results, focus, row)
        if against:
            return [f"{_some(against)} must follow “{row['title']}” after voting against it."]
    return []


def _decided(results: Results, focus: Focus) -> Section:
    """Each decision: how it came out, who was against, whom it binds and whom it does not."""
    bound = _bound(results, focus)
    table = TableView(
        "Decisions, and whom they bind",
        columns(
            "title|Decision",
            "outcome|Outcome",
            "against|Against",
            "follows|Must follow it",
        ),
        [
            {
                "title": row["title"],
                "outcome": ", ".join(filter(None, (row["outcome"], day(row["on"] or "")))),
                "against": _against(bound[row["decision"]], focus),
                "follows": _follows(bound[row["decision"]], focus),
            }
            for row in _decisions(results, focus)
        ],
    )
    return Section("paying-decided", "Decisions", tables=cut(table, DECISIONS_MOST), level=3)


def _against(rows: Sequence[Row], focus: Focus) -> str:
    """Who voted against."""
    names = [focus.name(row["organisation"]) for row in rows if row["vote"] == "against"]
    return _some(names) if names else "nobody"


def _follows(rows: Sequence[Row], focus: Focus) -> str:
    """Whom a decision binds: those that it does, or all but those that it does not."""
    inside = [focus.name(row["organisation"]) for row in rows if row["bound"]]
    outside = [focus.name(row["organisation"]) for row in rows if not row["bound"]]
    if not inside:
        return "nobody: only its own board can bind each"
    if not outside:
        return f"all {len(inside)}" if len(inside) > NAMED else listed(inside)
    return _some(inside) if len(inside) <= len(outside) else f"all but {_some(outside)}"

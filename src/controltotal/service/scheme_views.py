"""What the page of a scheme shows, as sections that every renderer knows: from the answer and the book.

Offices stand in its tables, never persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from controltotal.book.cell_words import cell_words
from controltotal.book.fold import Position
from controltotal.book.records import Assessment, Gate, Scheme
from controltotal.book.row_keys import history_of
from controltotal.core.calendar import year_label
from controltotal.core.result import Result
from controltotal.ledger.entries import Entry
from controltotal.papers.scheme_page import PARTS, scheme_sections
from controltotal.papers.sections import Section, TableView, columns
from controltotal.programme import seen
from controltotal.programme.outcomes import (
    APPROVE,
    CONDITIONS,
    REJECT,
    REJECTING,
    SCREENED,
    STOP,
    WAIT,
    meaning,
)
from controltotal.programme.profiles import band
from controltotal.programme.scores import domain_of, residual
from controltotal.service.web import day
from controltotal.workings.harm import Harm, together
from controltotal.workings.workings import Workings

OUTCOMES: Final = {
    APPROVE: "approved",
    CONDITIONS: "approved with conditions",
    WAIT: "asked for more information",
    REJECT: "refused",
    STOP: "refused",
    SCREENED: "screened out",
}
"""What a signature says, in words."""
GATE_WORDS: Final = {"QIA": "Quality", "EQIA": "Equality", "finance": "Finance"}
"""Signatures that are no gate of the programme."""
HISTORY: Final = (
    "schemes",
    "assessments",
    "conditions",
    "gates",
    "engagements",
    "effects",
    "milestones",
)
"""Tables whose rows are kept under a scheme's own key."""
NAMED: Final = 8
"""Other schemes that are named beside one, those of the highest scores."""
KINDS: Final = {"before_start": "before it starts", "while_running": "while it runs"}
"""When a condition has to be met."""


def spoken(text: str | None) -> str:
    """A word of the data as people say it."""
    return (text or "").replace("_", " ")


def scheme_parts(
    workings: Workings, result: Result, row: Scheme, waits: Sequence[str]
) -> list[Section]:
    """The page of one scheme: `result` is the answer about schemes, of this one alone."""
    year = str(result.options.get("year", ""))
    top = scheme_sections(result)[0]
    facts, money = top.tables
    top = replace(top, words=_counts(workings, result, row))
    facts = replace(facts, rows=[*facts.rows, *_facts(workings.position, row, waits)])
    whole = result.figures
    return [
        replace(top, title="What it is", figures=(), tables=(facts,)),
        Section("quality", "Quality, domain by domain", tables=(quality_table(workings, row),)),
        Section("effect", "With other schemes", tables=(effect_table(workings, row, year),)),
        Section("decisions", "Signatures and gates", tables=(gates_table(workings.position, row),)),
        Section("conditions", "Conditions", tables=(conditions_table(workings.position, row),)),
        _evidence(result),
        Section("money", "Money", figures=whole, tables=(money, *_money(workings, result, row))),
        Section("history", "Every change", tables=(history_table(workings.position, row),)),
    ]


def _counts(workings: Workings, result: Result, row: Scheme) -> tuple[str, ...]:
    """Whether a scheme counts and why not, in the words of its answer, with no code of a body in them.

    A refusal is told once, by whom and why, above: here stands what ends it.
    """
    judged = workings.savings.judgements.get(row.id)
    reasons = judged.reasons if judged else ()
    texts = [text.replace(f" ({row.organisation})", "") for text in result.words]
    if not refusals_said(workings.position, row):
        return tuple(texts)
    told = [one.text for one in reasons if one.code == "QUALITY_REFUSED"]
    rest = [one.text for one in reasons if one.code != "QUALITY_REFUSED"]
    ends = "it was refused, and counts again once both directors have signed after that"
    said, short = "; ".join(one.text for one in reasons), "; ".join((ends, *rest))
    return tuple(text.replace(said, short) if told else text for text in texts)


def _facts(position: Position, row: Scheme, waits: Sequence[str]) -> list[dict[str, str]]:
    """What the register's page does not tell yet: the service, whom and what it touches."""
    told = {
        "Service": row.service or "not stated",
        "Whom it touches": ", ".join(row.affects or ()) or "not stated",
        "Places": ", ".join(position.tree.name(one) for one in row.places or ()),
        "Groups of people": ", ".join(row.groups or ()),
        "Clinical lead": row.clinical_lead or "",
        "It waits for": ", ".join(waits),
    }
    return [{"what": what, "said": said} for what, said in told.items() if said]


def _evidence(result: Result) -> Section:
    """Who is heard, what the next gate asks for, milestones and links."""
    kept = [(key, title, heads) for key, title, heads in PARTS if not key.startswith("quality")]
    tables = tuple(
        TableView(title, columns(*heads), result.tables[key])
        for key, title, heads in kept
        if result.tables.get(key)
    )
    return Section("evidence", "Engagement, gates and milestones", tables=tables)


def quality_table(workings: Workings, row: Scheme) -> TableView:
    """Every domain assessed: scores before and after mitigation, the worst first."""
    judged = workings.savings.judgements.get(row.id)
    rows = judged.evidence.assessments if judged else ()
    told = [_domain_row(one) for one in rows]
    told.sort(key=lambda one: -int(one["order"]))
    heads = ("domain|Domain", "before|First score", "after|Score that is left", "band|Band")
    more = ("mitigation|What lowers the risk", "outcome|Outcome", "role|Assessed by", "on|On")
    return TableView(
        "Likelihood × consequence, each 1 to 5, first and after mitigation",
        columns(*heads, *more, "review_on|Review on"),
        told,
    )


def _domain_row(one: Assessment) -> dict[str, str]:
    known, left = domain_of(one), residual(one)
    first = one.likelihood * one.consequence
    return {
        "domain": known.name if known else spoken(one.domain),
        "before": f"{one.likelihood:g} × {one.consequence:g} = {first:g}",
        "after": f"{left.likelihood} × {left.consequence} = {left.score}"
        if left
        else "not readable",
        "band": band(left.score) if left else "not scored",
        "mitigation": one.mitigation or "",
        "outcome": OUTCOMES.get(meaning(one.outcome), spoken(one.outcome)) if one.outcome else "",
        "role": spoken(one.role) or "not stated",
        "on": day(one.signed_on or one.known),
        "review_on": day(one.review_on),
        "order": str(left.score if left else 0),
    }


def effect_table(workings: Workings, row: Scheme, year: str) -> TableView:
    """What it does beside the schemes that run, at each service, place and group that it touches."""
    judged = workings.savings.judgements.get(row.id)
    score = max((one for _, one in judged.scores), default=0) if judged else 0
    tree = workings.savings.totals.tree
    rows = [
        {
            "where": tree.name(harm.group) if harm.group else tree.name(harm.organisation),
            "score": harm.score,
            "ceiling": "none is set" if harm.ceiling is None else f"{harm.ceiling:g}",
            "over": harm.over,
            "schemes": _others(harm, row.id),
        }
        for harm in (together(workings.savings, year, row, score) if year else ())
    ]
    return TableView(
        f"Highest scores added up with this scheme in them, {year_label(year) if year else ''}",
        columns(
            "where|Service, place or group",
            "score|Score together|number",
            "ceiling|Ceiling",
            "over|Over it?|yesno",
            "schemes|With which schemes",
        ),
        rows,
        "The scores of schemes that count and run this year, and of this one whether it counts or not.",
    )


def _others(harm: Harm, own: str) -> str:
    rest = sorted((one for one in harm.schemes if one[0] != own), key=lambda one: -one[1])
    told = ", ".join(f"{code} ({score})" for code, score in rest[:NAMED])
    more = f" and {len(rest) - NAMED} others" if len(rest) > NAMED else ""
    return f"{told}{more}" or "no other"


def gates_table(position: Position, row: Scheme) -> TableView:
    """Every signature and gate, the last first: office, outcome, evidence, what it was given to."""
    rows = [one for one in position.book.gates if one.scheme == row.id]
    rows.sort(key=lambda one: (one.on, one.entry), reverse=True)
    told = [
        {
            "gate": GATE_WORDS.get(one.gate, one.gate),
            "on": day(one.on),
            "role": spoken(one.role) or "not stated",
            "outcome": outcome_words(one),
            "evidence": one.evidence or "",
            "since": since_words(position, one),
        }
        for one in rows
    ]
    return TableView(
        "Signatures and gates, the last first",
        columns(
            "gate|Gate or signature",
            "on|On",
            "role|Office",
            "outcome|Outcome",
            "evidence|Evidence or reason",
            "since|What was signed",
        ),
        told,
    )


def outcome_words(one: Gate) -> str:
    """What a row of the gates says, in words."""
    return _said(one.gate, one.outcome or "")


def condition_words(position: Position, code: str) -> str:
    """That a scheme was approved on conditions which are not met, with the day of the first; else empty."""
    days = sorted(
        one.due for one in position.book.conditions if one.scheme == code and one.met_on is None
    )
    if not days:
        return ""
    many = "a condition" if len(days) == 1 else f"{len(days)} conditions"
    return f"on {many}, open until {day(days[0])}"


def _said(gate: str, outcome: str) -> str:
    if not outcome.strip():
        return "approved" if gate in GATE_WORDS else "passed"
    if gate not in GATE_WORDS and meaning(outcome) == REJECT:
        return "failed"
    return OUTCOMES.get(meaning(outcome), outcome)


def refusals_said(position: Position, row: Scheme) -> list[str]:
    """The reason of each office whose last word on a scheme's quality was a refusal, in a sentence."""
    last: dict[str, Gate] = {}
    rows = [one for one in position.book.gates if one.scheme == row.id and one.gate in GATE_WORDS]
    for one in sorted(rows, key=lambda one: (one.on, one.entry)):
        last[one.role or ""] = one
    return [
        f"The {spoken(role) or 'signer'} refused it on {day(one.on)}: {one.evidence}"
        for role, one in last.items()
        if one.evidence and meaning(one.outcome) in REJECTING
    ]


def since_words(position: Position, one: Gate) -> str:
    """Whether what a signature was given to still stands; empty for one that does not say it."""
    digest = one.texts.get("signed", "")
    if not digest:
        return ""
    if seen.digest(position.daybook, one.scheme, one.entry - 1) != digest:
        return "the ledger does not show what was signed"
    moved = changed_since(position, one.scheme, one)
    return "stands as it was signed" if not moved else f"{len(moved)} changed since"


def changed_since(position: Position, scheme: str, signature: Gate) -> list[seen.Change]:
    """What changed of a scheme after a signature, less what the act of signing itself set.

    Rows of files come into a ledger in one request, the signature among them: of these a change is what
    became known after the day on which it was signed.
    """
    entry = position.entries.get(signature.entry)
    own = entry.narration.request if entry is not None else ""
    return [
        one
        for one in seen.changes(position.daybook, scheme, signature.entry, signature.on)
        if not own or one.entry.narration.request != own or seen.known(one.entry) > signature.on
    ]


def change_rows(changes: Iterable[seen.Change], unit: str = "£") -> list[dict[str, str]]:
    """Changes for a table: what, before, after, and the entry that made it; `unit` is the book's.

    A row that is new is one change, told whole.
    """
    told = list(changes)
    was = {(one.table, one.row): one.before for one in told if one.column == "unit"}
    rows: dict[tuple[str, str, str], list[seen.Change]] = {}
    for one in told:
        of_row = [other for other in told if (other.table, other.row) == (one.table, one.row)]
        is_new = len(of_row) > 1 and not any(other.before for other in of_row)
        rows.setdefault((one.table, one.row, "" if is_new else one.column), []).append(one)
    return [_change_row(some, was, unit) for some in rows.values()]


def _change_row(
    some: Sequence[seen.Change], was: Mapping[tuple[str, str], str], unit: str
) -> dict[str, str]:
    """One change; several are the cells of a row that is new."""
    one = some[0]
    after = _after(one, unit) or ("nothing" if one.column else "taken back")
    if len(some) > 1:
        cells = [
            (spoken(each.column), _after(each, unit)) for each in some if each.column != "unit"
        ]
        after = ", ".join(f"{name} {text}" for name, text in cells if text)
    return {
        "what": _what(one if len(some) == 1 else replace(one, column="")),
        "before": _before(one, was, unit) or "nothing",
        "after": after,
        "on": said_on(one.entry),
        "office": spoken(one.entry.narration.author.role),
        "why": one.entry.why if one.entry.on else "",
        "entry": str(one.entry.seq),
    }


def _before(one: seen.Change, was: Mapping[tuple[str, str], str], unit: str) -> str:
    """What a cell said before, a sum with the unit that its row then had."""
    old = was.get((one.table, one.row), dict(one.entry.cells).get("unit", ""))
    return cell_words(one.table, one.column, {one.column: one.before, "unit": old}, unit)


def _after(one: seen.Change, unit: str) -> str:
    """What a cell says now, a sum with its unit."""
    now = dict(one.entry.cells).get("unit", "")
    if one.table == "conditions" and one.column == "kind":
        return KINDS.get(one.after, one.after)
    return cell_words(one.table, one.column, {one.column: one.after, "unit": now}, unit)


_TABLES: Final = {
    "schemes": "The scheme",
    "assessments": "Assessment",
    "conditions": "Condition",
    "effects": "Effect on a body",
    "engagements": "Engagement",
    "milestones": "Milestone",
    "amounts": "Money",
    "gates": "Gate or signature",
}


def _what(one: seen.Change) -> str:
    row = f" ({one.row})" if one.row else ""
    return (
        f"{_TABLES[one.table]}{row}: {spoken(one.column)}"
        if one.column
        else f"{_TABLES[one.table]}{row}"
    )


def conditions_table(position: Position, row: Scheme) -> TableView:
    """The conditions of a scheme, those that are open first."""
    rows = [one for one in position.book.conditions if one.scheme == row.id]
    rows.sort(key=lambda one: (one.met_on is not None, one.due))
    told = [
        {
            "text": one.text,
            "kind": KINDS.get(one.kind, one.kind),
            "gate": GATE_WORDS.get(one.gate, one.gate),
            "owner": one.owner or "nobody is named",
            "due": day(one.due),
            "met_on": day(one.met_on) or "not yet",
        }
        for one in rows
    ]
    heads = ("text|Condition", "kind|To be met", "gate|Set with", "owner|Who answers for it")
    return TableView("Conditions", columns(*heads, "due|Due", "met_on|Met on"), told)


def _money(workings: Workings, result: Result, row: Scheme) -> Iterator[TableView]:
    """What it brings year by year, and month by month in the year of the answer."""
    savings = workings.savings
    years = []
    for year in workings.position.years:
        told = {
            basis: savings.in_year(row, year, basis) for basis in ("plan", "forecast", "actual")
        }
        if any(told.values()):
            years.append({"year": year_label(year), **told})
    bases = ("plan|Plan|money", "forecast|Forecast|money", "actual|Actual to date|money")
    yield TableView("By year, £ million", columns("year|Year", *bases), years)
    months = result.tables.get("delivery", ())
    heads = (
        "planned_pence|Plan|money",
        "actual_pence|Actual|money",
        "forecast_pence|Forecast|money",
    )
    year = year_label(str(result.options["year"]))
    title = f"By month, {year}, £ million"
    yield TableView(title, columns("month_name|Month", *heads), months, folded=True)


def history_table(position: Position, row: Scheme) -> TableView:
    """Every entry that changed the scheme or what speaks of it, the last first."""
    code, own = quote(row.id, safe=""), ("scheme", row.id)
    found = [one for table in HISTORY for one in history_of(position.daybook, f"{table}/{code}")]
    money = history_of(position.daybook, f"amounts/{quote(row.organisation, safe='')}")
    found += [one for one in money if one[0].on and own in (one[2] or one[1] or one[0]).cells]
    found.sort(key=lambda one: -one[0].seq)
    return TableView(
        "Every change, the last first",
        columns(
            "entry|Entry", "on|Day", "office|Office", "act|Act", "changed|What changed", "why|Why"
        ),
        [_history_row(*one, unit_of(position)) for one in found],
    )


def unit_of(position: Position) -> str:
    """The unit of sums of a book that name none."""
    return position.text("default_unit") or "£"


def _history_row(
    entry: Entry, before: Entry | None, after: Entry | None, unit: str
) -> dict[str, str]:
    shown = after or before or entry
    row = "" if shown.table in ("schemes", "gates") else seen.label(shown)
    return {
        "entry": str(entry.seq),
        "on": said_on(entry),
        "office": spoken(entry.narration.author.role),
        "act": spoken(entry.narration.act) if entry.on else "read",
        "changed": f"{_TABLES[shown.table]}{f' ({row})' if row else ''}: "
        f"{_moved(before, after, unit)}",
        "why": entry.why if entry.on else "",
    }


def said_on(entry: Entry) -> str:
    """The day of an act; of a row that was read from files the day from which it holds."""
    cells = dict(entry.cells)
    return entry.on or cells.get("known_on", "") or cells.get("on", "") or "read from files"


def _moved(before: Entry | None, after: Entry | None, unit: str) -> str:
    """What an entry changed, in words: of a signature its word, else each cell that differs."""
    old, new = (dict(one.cells) if one is not None else {} for one in (before, after))
    if after is None or not new:
        return "taken back"
    if after.table == "gates":
        return _signed(new)
    if not old:
        return "put in the ledger"
    told = [
        f"{spoken(name)} from {cell_words(after.table, name, old, unit) or 'nothing'} "
        f"to {cell_words(after.table, name, new, unit) or 'nothing'}"
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name) and name != "known_on"
    ]
    return "; ".join(told) or "the same again"


def _signed(cells: Mapping[str, str]) -> str:
    gate = GATE_WORDS.get(cells.get("gate", ""), cells.get("gate", ""))
    role = f", {spoken(cells['role'])}" if cells.get("role") else ""
    return f"{gate}{role}: {_said(cells.get('gate', ''), cells.get('outcome', ''))}"

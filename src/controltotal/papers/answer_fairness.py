"""The answers on who pays, who decides, what is fair, who follows whom and who sits where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from controltotal.core.figure import Figure
from controltotal.core.measures import measure
from controltotal.core.money import format_pounds
from controltotal.papers.answer import Ask, Getter, Row, shown_year
from controltotal.papers.sections import Section, TableView


def share_view(ask: Ask) -> Section:
    """A gap under each policy that can be worked out; without a gap what is owed for support."""
    shares = ask.result.tables.get("shares")
    return _owed(ask) if shares is None else _shared(ask, shares)


def _shared(ask: Ask, shares: Sequence[Row]) -> Section:
    found = {(row["organisation"], row["policy"]): row["pence"] for row in shares}
    policies = [
        policy
        for policy in dict.fromkeys(policy for _, policy in found)
        if any(found.get((code, policy)) is not None for code, _ in found)
    ]

    def cell(policy: str) -> Getter:
        return lambda code: found.get((code, policy))

    order = ask.result.scope.places
    payers = sorted({code for code, _ in found}, key=lambda code: (order.get(code, 0), code))
    columns = {policy.replace("_", " "): cell(policy) for policy in policies}

    def burden(code: str) -> float:
        told = [found.get((code, policy)) for policy in policies]
        return float(max((pence for pence in told if pence is not None), default=0))

    table = ask.of_bodies("What each would bear", columns, burden, payers)
    gap, to = ask.result.options.get("gap"), str(ask.result.options.get("to") or "")
    sum_ = format_pounds(gap) if isinstance(gap, int) else "the gap"
    whom = f" for {ask.name(to)}" if to else ""
    head = f"{sum_} to find{whom}, shared by {len(payers)} organisations in {len(policies)} ways."
    about = ask.result.options.get("organisation") or to or ask.focus
    first = f"{ask.name(str(about))}: {head}" if not to else head
    words = ask.of_the_book("share", "equity") + ask.of_the_book("repayment")
    return ask.section((first, *words), table)


OWED: Final = {
    "transfer": "transfer",
    "receiver": "who owes",
    "giver": "to whom",
    "status": "status",
    "in": "in",
    "opening": "owed at its start|money",
    "to": "to",
    "closing": "owed at its end|money",
}


def _owed(ask: Ask) -> Section:
    """Who owes what to whom for support, until when."""
    some = set(ask.inside)
    found: dict[str, list[Row]] = {}
    for row in ask.result.tables.get("repayments", ()):
        mine = not ask.asked or row["receiver"] in some or row["giver"] in some
        if row["basis"] == "plan" and mine:
            found.setdefault(row["transfer"], []).append(row)
    named = [
        {
            "transfer": transfer,
            **{who: f"{ask.label(rows[0][who])} ({rows[0][who]})" for who in ("receiver", "giver")},
            "status": rows[0]["status"],
            "in": shown_year(rows[0]["year"]),
            "opening": rows[0]["opening"],
            "to": shown_year(rows[-1]["year"]),
            "closing": rows[-1]["closing"],
        }
        for transfer, rows in found.items()
    ]
    words = ask.told("repayment")
    if not words:
        debtors = {rows[0]["receiver"] for rows in found.values()} & some
        one = len(debtors) == 1
        many = "one organisation in it has" if one else f"{len(debtors)} organisations in it have"
        said = f"{many} support to pay back, agreed or proposed" if debtors else "it owes nothing"
        words = [f"{ask.whom}: {said}.", *ask.told_inside("repayment")]
    table = ask.listed(
        "Support and its repayment", OWED, named, "transfers", lambda row: row["opening"]
    )
    return ask.section((*words, *ask.of_the_book("repayment")), table)


# -- decisions ---------------------------------------------------------------------------------------


DECISIONS: Final = {
    "decision": "decision",
    "title": "what",
    "on": "on",
    "rule": "rule",
    "outcome": "outcome",
    "against": "against",
}


def decide_view(ask: Ask) -> Section:
    """Each decision: by which rule, when, what came of it, and who was against."""
    rows = ask.result.tables.get("decisions", ())
    if not rows:
        head = f"{ask.name(ask.focus)}: the book records no decision."
        return ask.section((head, *(one.text for one in ask.result.sentences)), _power(ask))
    named = []
    for row in rows:
        against = [ask.label(code) for code in str(row["dissent"] or "").split(";") if code]
        said = f"{len(against)}: {', '.join(against)}" if against else ""
        named.append({**row, "against": said, "many": len(against)})
    passed = sum(row["outcome"] == "passed" for row in rows)
    many = f"{len(rows)} decision{'s' if len(rows) > 1 else ''}"
    head = f"{ask.name(ask.focus)}: {many} on record, {passed or 'none'} of them passed."
    table = ask.listed("Decisions", DECISIONS, named, "decisions", lambda row: row["many"])
    beside = ask.of_the_book("vote", "power") if len(rows) == 1 else []
    return ask.section((head, *beside), table)


def _power(ask: Ask) -> TableView:
    """Who would have how much power, where a rule is known and no vote."""
    rows = [row for row in ask.result.tables.get("power", ()) if row.get("banzhaf") is not None]
    heads = {"name": "member", "organisation": "code", "banzhaf": "power|number"}
    named = [{**row, "banzhaf": f"{row['banzhaf']:.3f}"} for row in rows]
    return ask.listed(
        "Voting power (Banzhaf)", heads, named, "members", lambda row: float(row["banzhaf"])
    )


# -- fairness ----------------------------------------------------------------------------------------


ASKED = ("saving asked", "best year so far", "safe maximum", "control total raised by")
"""Columns without any of which there is nothing to set side by side."""


def challenge_view(ask: Ask) -> Section:
    """What is asked of each body beside what was ever delivered and what is safe."""

    def money(name: str) -> Getter:
        return lambda code: ask.money(name, code, "plan")

    def value(name: str) -> Getter:
        return lambda code: None if (one := ask.figure(name, code, "plan")) is None else one.value

    def notice(code: str) -> str | None:
        days = value("notice_days")(code)
        return None if days is None else f"{days:,.0f}" if days >= 0 else f"{-days:,.0f} late"

    columns: dict[str, Getter] = {
        "saving asked": money("saving_asked"),
        "of its money|share": value("saving_asked_share"),
        "best year so far": money("best_delivered"),
        "safe maximum": money("safe_maximum"),
        "control total raised by": money("control_total_raised"),
        "days of notice|number": notice,
        "people in most deprived fifth|share": value("deprived_share"),
    }
    words = ask.told("challenge", year=ask.year) or ask.told("challenge")
    words = words or [f"{ask.whom}: no control total can be challenged."]
    title = f"Is it fair, is it achievable, {shown_year(ask.year)}"
    if not any(columns[name](code) for name in ASKED for code in ask.inside):
        return ask.section(words)
    asked = ask.of_bodies(title, columns, lambda code: ask.pence("saving_asked", code, "plan"))
    return ask.section(words, asked)


INHERITED: Final = {
    "name": "organisation",
    "organisation": "code",
    "follows": "follows",
    "share": "share|share",
    "what": "what",
    "year": "year",
    "basis": "basis",
    "pence": "amount|money",
}


def history_view(ask: Ask) -> Section:
    """What each body inherits, from whom and of which year."""
    rows = ask.about("inherited")
    named = []
    for row in rows:
        figure = Figure(row["figure"], None)
        named.append(
            {
                **row,
                "name": ask.label(row["organisation"]),
                "follows": f"{ask.label(row['from'])} ({row['from']})",
                "what": measure(figure.measure).name,
                "year": shown_year(figure.year),
                "basis": figure.basis,
                "pence": row.get("pence"),
            }
        )
    table = ask.listed(
        "What is inherited", INHERITED, named, "amounts", lambda row: abs(row["pence"] or 0)
    )
    words = ask.told("history")
    for row in ask.about("followed"):
        words.append(f"{ask.name(row['organisation'])} follows {row['follows']}.")
    if not words or not words[0].startswith(ask.name(ask.focus)):
        many = sum(row["organisation"] in ask.inside for row in ask.about("followed"))
        who = f"{many} organisations in it follow" if many > 1 else "one organisation in it follows"
        words.insert(0, f"{ask.name(ask.focus)}: {who if many else 'no one in it follows'} others.")
    return ask.section(words, table)


TOUCHED: Final = {
    "entry": "entry",
    "key": "row",
    "on": "on",
    "by": "by",
    "act": "act",
    "changed": "what changed",
    "why": "why",
}


def row_history_view(ask: Ask) -> Section:
    """Who changed a row, when, why, and what of it; the last change first where there is no room."""
    rows = ask.result.tables["row_history"]
    table = ask.listed("Every change", TOUCHED, rows, "changes", lambda row: row["entry"])
    return ask.section((one.text for one in ask.result.sentences), table)


BREACHES: Final = {
    "name": "system",
    "system": "code",
    "authority_name": "authority",
    "people": "people of it here|number",
    "share_of_authority": "share of the authority|share",
    "authority_outside_main": "of it outside its main system|share",
}


def boundaries_view(ask: Ask) -> Section:
    """The systems that hold part of an authority that is split, and how much of it."""
    table = ask.listed(
        "Systems that do not match their councils",
        BREACHES,
        ask.result.tables.get("breaches", ()),
        "parts",
        lambda row: row["authority_outside_main"],
    )
    return ask.section((one.text for one in ask.result.sentences), table)

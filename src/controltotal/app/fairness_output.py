"""First screens of who pays, who decides, what is fair, who follows whom and who sits where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from controltotal.app.brief_output import Ask, Cell, Line, Pence, Table, View
from controltotal.app.show import shown_year
from controltotal.core.figure import Figure
from controltotal.core.measures import measure
from controltotal.core.money import format_pounds
from controltotal.core.show import value_text

Row = Mapping[str, Any]


def share_view(ask: Ask) -> View:
    """A gap under each policy that can be worked out; without a gap what is owed for support."""
    shares = ask.result.tables.get("shares")
    return _owed(ask) if shares is None else _shared(ask, shares)


def _shared(ask: Ask, shares: Any) -> View:
    found = {(row["organisation"], row["policy"]): row["pence"] for row in shares}
    policies = [
        policy
        for policy in dict.fromkeys(policy for _, policy in found)
        if any(found.get((code, policy)) is not None for code, _ in found)
    ]

    def cell(policy: str) -> Callable[[str], Cell]:
        return lambda code: Pence(found.get((code, policy)))

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
    return View((first, *words), table)


def _owed(ask: Ask) -> View:
    """Who owes what to whom for support, until when."""
    some = set(ask.inside)
    found: dict[str, list[Row]] = {}
    for row in ask.result.tables.get("repayments", ()):
        mine = not ask.asked or row["receiver"] in some or row["giver"] in some
        if row["basis"] == "plan" and mine:
            found.setdefault(row["transfer"], []).append(row)
    lines = []
    for transfer, rows in found.items():
        first, last = rows[0], rows[-1]
        cells = (
            str(transfer),
            f"{ask.label(first['receiver'])} ({first['receiver']})",
            f"{ask.label(first['giver'])} ({first['giver']})",
            str(first["status"]),
            shown_year(first["year"]),
            Pence(first["opening"]),
            shown_year(last["year"]),
            Pence(last["closing"]),
        )
        lines.append(Line(cells, weight=float(first["opening"] or 0)))
    heads = (
        *("transfer", "who owes", "to whom", "status"),
        *("in", "owed at its start", "to", "owed at its end"),
    )
    words = ask.told("repayment")
    if not words:
        debtors = {rows[0]["receiver"] for rows in found.values()} & some
        one = len(debtors) == 1
        many = "one organisation in it has" if one else f"{len(debtors)} organisations in it have"
        said = f"{many} support to pay back, agreed or proposed" if debtors else "it owes nothing"
        words = [f"{ask.whom}: {said}.", *ask.told_inside("repayment")]
    table = Table("Support and its repayment", heads, tuple(lines), "transfers")
    return View((*words, *ask.of_the_book("repayment")), table)


# -- decisions ---------------------------------------------------------------------------------------


def decide_view(ask: Ask) -> View:
    """Each decision: by which rule, when, what came of it, and who was against."""
    rows = ask.result.tables.get("decisions", ())
    if not rows:
        head = f"{ask.name(ask.focus)}: the book records no decision."
        return View((head, *(one.text for one in ask.result.sentences)), _power(ask))
    lines = []
    for row in rows:
        against = [ask.label(code) for code in str(row["dissent"] or "").split(";") if code]
        cells = (
            *(str(row[name]) for name in ("decision", "title", "on", "rule", "outcome")),
            f"{len(against)}: {', '.join(against)}" if against else "",
        )
        lines.append(Line(cells, weight=float(len(against))))
    passed = sum(row["outcome"] == "passed" for row in rows)
    many = f"{len(rows)} decision{'s' if len(rows) > 1 else ''}"
    head = f"{ask.name(ask.focus)}: {many} on record, {passed or 'none'} of them passed."
    heads = ("decision", "what", "on", "rule", "outcome", "against")
    table = Table("Decisions", heads, tuple(lines), "decisions")
    return View((head, *ask.of_the_book("vote", "power")[: 3 if len(rows) == 1 else 0]), table)


def _power(ask: Ask) -> Table | None:
    """Who would have how much power, where a rule is known and no vote."""
    rows = ask.result.tables.get("power", ())
    lines = [
        Line(
            (f"{row['name']}", str(row["organisation"]), f"{row['banzhaf']:.3f}"),
            weight=row["banzhaf"],
        )
        for row in rows
        if row.get("banzhaf") is not None
    ]
    return Table("Voting power (Banzhaf)", ("member", "code", "power"), tuple(lines), "members")


# -- fairness ----------------------------------------------------------------------------------------


ASKED = ("saving asked", "best year so far", "safe maximum", "control total raised by")
"""Columns without any of which there is nothing to set side by side."""


def challenge_view(ask: Ask) -> View:
    """What is asked of each body beside what was ever delivered and what is safe."""

    def money(name: str) -> Callable[[str], Cell]:
        return lambda code: ask.pence(name, code, "plan")

    def text(name: str, unit: str) -> Callable[[str], Cell]:
        def made(code: str) -> Cell:
            found = ask.figure(name, code, "plan")
            return "" if found is None or found.value is None else value_text(found.value, unit)

        return made

    def notice(code: str) -> Cell:
        found = ask.figure("notice_days", code, "plan")
        days = None if found is None else found.value
        return "" if days is None else f"{days:,.0f}" if days >= 0 else f"{-days:,.0f} late"

    columns: dict[str, Callable[[str], Cell]] = {
        "saving asked": money("saving_asked"),
        "of its money": text("saving_asked_share", "share"),
        "best year so far": money("best_delivered"),
        "safe maximum": money("safe_maximum"),
        "control total raised by": money("control_total_raised"),
        "days of notice": notice,
        "people in most deprived fifth": text("deprived_share", "share"),
    }
    words = ask.told("challenge", year=ask.year) or ask.told("challenge")
    title = f"Is it fair, is it achievable, {shown_year(ask.year)}"
    if not any(columns[name](code) != Pence(None) for name in ASKED for code in ask.inside):
        return View(tuple(words or [f"{ask.whom}: no control total can be challenged."]))
    table = ask.of_bodies(title, columns, lambda code: money("saving_asked")(code).value)  # type: ignore[union-attr]
    return View(tuple(words or [f"{ask.whom}: no control total can be challenged."]), table)


def history_view(ask: Ask) -> View:
    """What each body inherits, from whom and of which year."""
    rows = ask.about("inherited")
    lines = []
    for row in rows:
        figure = Figure(row["figure"], None)
        share = value_text(row["share"], "share") if row["share"] is not None else ""
        cells = (
            ask.label(row["organisation"]),
            row["organisation"],
            f"{ask.label(row['from'])} ({row['from']})",
            share,
            measure(figure.measure).name,
            shown_year(figure.year),
            figure.basis,
            Pence(row.get("pence")),
        )
        lines.append(Line(cells, weight=float(abs(row.get("pence") or 0))))
    heads = ("organisation", "code", "follows", "share", "what", "year", "basis", "amount")
    words = ask.told("history")
    for row in ask.about("followed"):
        words.append(f"{ask.name(row['organisation'])} follows {row['follows']}.")
    if not words or not words[0].startswith(ask.name(ask.focus)):
        many = sum(row["organisation"] in ask.inside for row in ask.about("followed"))
        who = f"{many} organisations in it follow" if many > 1 else "one organisation in it follows"
        words.insert(0, f"{ask.name(ask.focus)}: {who if many else 'no one in it follows'} others.")
    return View(tuple(words), Table("What is inherited", heads, tuple(lines), "amounts"))


def boundaries_view(ask: Ask) -> View:
    """The systems that hold part of an authority that is split, and how much of it."""
    lines = [
        Line(
            (
                str(row["name"]),
                str(row["system"]),
                str(row["authority_name"]),
                f"{row['people']:,}",
                value_text(row["share_of_authority"], "share"),
                value_text(row["authority_outside_main"], "share"),
            ),
            weight=float(row["authority_outside_main"] or 0),
        )
        for row in ask.result.tables.get("breaches", ())
    ]
    heads = (
        *("system", "code", "authority", "people of it here", "share of the authority"),
        "of it outside its main system",
    )
    table = Table("Systems that do not match their councils", heads, tuple(lines), "parts")
    return View(tuple(one.text for one in ask.result.sentences), table)

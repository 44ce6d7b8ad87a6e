"""The rules of the regime over England: 42 systems, 252 organisations, ten years, and half of that.

The book is made up in memory; reading it is not timed, answering is. The second and third rows hold
half the bodies and half the years, so that the ratio shows whether the time grows in line. The peer is
none: nothing else answers this question.

    python benchmarks/bench_rules.py
"""

from __future__ import annotations

from benchmarks.harness import Peer, race, write_section
from controltotal.book.fold import Position, fold
from controltotal.core.calendar import next_year
from controltotal.ledger.entries import put, seal
from controltotal.ledger.source import BookSource
from controltotal.rules.answer import answer_rules
from controltotal.workings.workings import Workings

SYSTEMS = 42
BODIES_EACH = 6  # a board and five trusts
YEARS = 10
Rows = list[dict[str, str]]


def organisations(systems: int) -> Rows:
    rows: Rows = [{"code": "ENG", "name": "England", "kind": "nation"}]
    for region in range(7):
        rows.append(
            {"code": f"R{region}", "name": f"Region {region}", "kind": "region", "parent": "ENG"}
        )
    for index in range(systems):
        system = f"Q{index:02d}"
        rows.append(
            {"code": system, "name": f"System {index}", "kind": "system", "parent": f"R{index % 7}"}
        )
        for body in range(BODIES_EACH):
            kind = "provider" if body else "commissioner"
            rows.append(
                {
                    "code": f"{system}{body}",
                    "name": f"Body {body}",
                    "kind": kind,
                    "parent": system,
                    "population": "500000",
                }
            )
    return rows


def money(systems: int, years: list[str]) -> dict[str, Rows]:
    """Allocation, income and cost, a control total, and the facts that the rules of each year read."""
    amounts: Rows = []
    totals: Rows = []
    facts: Rows = []
    for year in years:
        for system in range(systems):
            for body in range(BODIES_EACH):
                code = f"Q{system:02d}{body}"
                own = {"organisation": code, "year": year}
                income = "patient_care_income" if body else "allocation"
                cost = "pay" if body else "purchase_of_healthcare"
                amounts.append({**own, "line": income, "basis": "plan", "amount": "400"})
                amounts.append(
                    {**own, "line": cost, "basis": "plan", "amount": f"{398 + body % 5}"}
                )
                totals.append(
                    {**own, "amount": "-1", "status": "accepted", "set_on": f"{year[:4]}-03-20"}
                )
                facts += body_facts(own, body)
    return {"amounts": amounts, "control_totals": totals, "facts": facts}


def body_facts(own: dict[str, str], body: int) -> Rows:
    def fact(
        name: str, value: str, unit: str = "£m", month: str = "", group: str = ""
    ) -> dict[str, str]:
        return {
            **own,
            "fact": name,
            "month": month,
            "basis": "actual",
            "group": group,
            "value": value,
            "unit": unit,
        }

    if not body:
        return [
            fact("opening_balance", "1"),
            fact("set_aside_contingency", "2"),
            fact("set_aside_headroom", "8"),
            fact("headroom_uncommitted", "8"),
            fact("running_cost", "12"),
        ]
    rows = [
        fact("fund_offer", "10"),
        fact("savings_planned", "9"),
        fact("deficit_support_limit", "4"),
    ]
    for quarter in ("Q1", "Q2", "Q3", "Q4"):
        rows.append(fact("finance_met", "1", "count", quarter))
        rows.append(fact("on_plan", "1", "count", quarter))
        rows += [
            fact("access_met", "1", "count", quarter, standard)
            for standard in ("rtt", "accident_and_emergency", "cancer")
        ]
    return rows


def book(systems: int, years: int) -> Position:
    """A made-up England: positions, control totals, offers, quarters and set-asides of every body."""
    span = [next_year("2014-15", n) for n in range(years)]
    tables = {
        "book": [
            {"key": "title", "value": "A made-up England"},
            {"key": "default_unit", "value": "£m"},
        ],
        "organisations": organisations(systems),
        **money(systems, span),
    }
    drafts = [
        put(name, number, [(k, v) for k, v in row.items() if v], origin="")
        for name, rows in tables.items()
        for number, row in enumerate(rows, start=2)
    ]
    columns = {
        name: tuple(dict.fromkeys(k for row in rows for k in row)) for name, rows in tables.items()
    }
    return fold(BookSource("england", seal(drafts), (), columns, {}))


def main() -> None:
    whole = book(SYSTEMS, YEARS)
    half_bodies = book(SYSTEMS // 2, YEARS)
    half_years = book(SYSTEMS, YEARS // 2)
    outcomes = len(answer_rules(Workings(whole)).tables["rules"])
    timings = race(
        [
            Peer("42 systems, 252 bodies, 10 years", lambda: answer_rules(Workings(whole))),
            Peer("half the bodies", lambda: answer_rules(Workings(half_bodies))),
            Peer("half the years", lambda: answer_rules(Workings(half_years))),
        ],
        rounds=3,
    )
    write_section(
        "Rules of the regime",
        f"{outcomes:,} outcomes with their traces, from a position that is read already",
        timings,
        notes=["In line with bodies and years if the second and third rows are near 0.5."],
    )


if __name__ == "__main__":
    main()

"""Twenty thousand schemes judged: 12 months of plan, 10 gates and signatures, 7 domains each.

Ours judges every scheme of a position and adds up what counts, body by body. The peer is the rule
in plain Python over the same rows with nothing kept but the verdict, which no reading of it can be
much quicker than; it names no reasons. Verdicts are compared before any clock starts, and the same
work at half and a quarter of the size shows that it grows as the number of schemes does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from benchmarks.harness import Peer, race, write_section
from controltotal.book.cells import Row
from controltotal.book.fold import Position
from controltotal.core.result import BookRef
from controltotal.programme.eligibility import eligible
from controltotal.programme.profiles import profiles
from controltotal.workings.workings import Workings

SCHEMES = 20_000
BODIES = 252
YEAR = "2026-27"
DOMAINS = tuple(profiles()["nhse_2025"].domains)
GATES = (
    ("G0", date(2026, 1, 5), "Office", "programme_office"),
    ("G1", date(2026, 2, 5), "Board", "programme_board"),
    ("finance", date(2026, 3, 1), "Finance lead", "finance_lead"),
    ("EQIA", date(2026, 3, 2), "Equality lead", "equality_lead"),
    ("QIA", date(2026, 3, 3), "Medical director", "medical_director"),
    ("QIA", date(2026, 3, 4), "Chief nurse", "chief_nurse"),
    ("G2", date(2026, 3, 10), "Board", "programme_board"),
    ("G3", date(2026, 3, 20), "Executive", "executive"),
    ("G3", date(2026, 4, 20), "Executive", "executive"),
    ("G4", date(2026, 5, 20), "Board", "programme_board"),
)


def book(count: int) -> Position:
    """A position of so many schemes: one in ten lacks a domain, one in ten scores 16, one in ten
    is changed after it was signed, one in ten was failed at the last."""
    tables: dict[str, list[Row]] = {
        name: [] for name in ("organisations", "schemes", "assessments", "gates", "amounts")
    }
    older: list[Row] = []
    entry = 0

    def put(table: str, known: date | None = None, **values: Any) -> Row:
        nonlocal entry
        entry += 1
        return Row(table, len(tables[table]) + 2, entry, values, {}, known, "")

    for body in range(BODIES):
        tables["organisations"].append(
            put("organisations", code=f"R{body:03d}", name=f"Body {body}", kind="provider")
        )
    for number in range(count):
        code, body, kind = f"S-{number:05d}", f"R{number % BODIES:03d}", number % 10
        row = put(
            "schemes",
            None,
            id=code,
            organisation=body,
            title="Beds",
            service="Surgery",
            recurrence="recurrent",
            maturity="fully_developed",
            start=date(2026, 7, 1),
            full_year_effect=1_200_000,
            owner="Chief operating officer",
            in_plan=True,
        )
        if kind == 3:
            older.append(row)
            values = dict(row.values, full_year_effect=2_400_000)
            row = replace(row, values=values, known=date(2026, 6, 1))
        tables["schemes"].append(row)
        tables["assessments"] += [
            put(
                "assessments",
                None,
                scheme=code,
                profile="nhse_2025",
                domain=domain,
                likelihood=4.0,
                consequence=4.0,
                residual_likelihood=4.0 if kind == 2 else 2.0,
                residual_consequence=4.0,
                signed_on=date(2026, 2, 20),
                outcome="approve",
            )
            for domain in DOMAINS[: 6 if kind == 1 else 7]
        ]
        tables["gates"] += [
            put(
                "gates",
                on,
                scheme=code,
                gate=gate,
                on=on,
                by=by,
                role=role,
                outcome="failed" if kind == 4 and on == date(2026, 4, 20) else None,
            )
            for gate, on, by, role in GATES
        ]
        tables["amounts"] += [
            put(
                "amounts",
                None,
                organisation=body,
                line="pay",
                year=YEAR,
                month=str(month),
                basis="plan",
                scheme=code,
                amount=0 if month < 4 else 100_000,
            )
            for month in range(1, 13)
        ]
    rows = {name: tuple(found) for name, found in tables.items()}
    return Position(BookRef("bench"), {}, rows, (), tuple(older), (), None, {})


def again(position: Position) -> Position:
    """The same rows as a position that has judged nothing yet."""
    return replace(position)


def judged(position: Position) -> set[str]:
    """Ours: who is eligible."""
    return {scheme.id for scheme in eligible(again(position))[0]}


def counted(position: Position) -> int:
    """Ours: judged, phased and added up by body."""
    savings = Workings(again(position)).savings
    return sum(pence or 0 for pence, _ in savings.by_body(YEAR, "plan").values())


def plainly(position: Position) -> set[str]:
    """The rule in plain Python: one pass over each table, the verdict and nothing else."""
    last: dict[str, Any] = {}
    signed: dict[str, dict[str, Any]] = {}
    for row in position.book.gates:
        values = row.values
        if values["gate"] == "G3":
            last[values["scheme"]] = values
        elif values["gate"] == "QIA":
            signed.setdefault(values["scheme"], {})[values["role"]] = values
    domains: dict[str, set[str]] = {}
    worst: dict[str, float] = {}
    for row in position.book.assessments:
        values, code = row.values, row.values["scheme"]
        domains.setdefault(code, set()).add(values["domain"])
        score = values["residual_likelihood"] * values["residual_consequence"]
        worst[code] = max(worst.get(code, 0), score)
    before = {row.values["id"]: row for row in position.superseded}
    found = set()
    for row in position.book.schemes:
        values, code = row.values, row.values["id"]
        two = signed.get(code, {})
        people = {one["by"] for one in two.values()}
        old = before.get(code)
        changed = old is not None and (
            abs(values["full_year_effect"] - old.values["full_year_effect"]) * 10
            > old.values["full_year_effect"]
        )
        if (
            code in last
            and not last[code]["outcome"]
            and len(domains.get(code, ())) == len(DOMAINS)
            and worst[code] < 15
            and len(two) == 2
            and len(people) == 2
            and values["owner"] not in people
            and not (changed and row.known and row.known > min(o["on"] for o in two.values()))
        ):
            found.add(code)
    return found


def main() -> None:
    whole, half, quarter = book(SCHEMES), book(SCHEMES // 2), book(SCHEMES // 4)
    timings = race(
        [
            Peer("ours, judged with reasons", lambda: judged(whole)),
            Peer("plain Python, verdict alone", lambda: plainly(whole)),
        ],
        rounds=7,
        same=lambda a, b: a == b,
    )
    more = race(
        [
            Peer("ours, 10,000 schemes", lambda: judged(half)),
            Peer("ours, 5,000 schemes", lambda: judged(quarter)),
            Peer("ours, judged, phased and added up", lambda: counted(whole)),
        ],
        rounds=5,
    )
    rows = sum(len(found) for found in whole.tables.values())
    write_section(
        "Schemes judged",
        f"{SCHEMES:,} schemes of {BODIES} bodies, {rows:,} rows: phasing, gates, assessments",
        [*timings, *more],
        notes=["Target: judged in 1 s, linear in the number of schemes."],
    )


if __name__ == "__main__":
    main()

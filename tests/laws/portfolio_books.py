"""Made-up books with schemes, safe and unsafe, small enough to try every portfolio."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

YEAR = "2026/27"
DOMAINS = ("safety", "effectiveness", "experience", "workforce_safety")
DEFECTS = (
    "no_gate",
    "gate_failed",
    "domain_hidden",
    "all_hidden",
    "score",
    "rejected",
    "one_signature",
    "same_person",
    "owner_signs",
    "late_change",
)
Rows = list[dict[str, str]]


@dataclass
class Made:
    """A made-up book: its tables, and for each scheme the defect of its evidence, if any."""

    tables: dict[str, Rows]
    defects: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """The book as a folder of CSV files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.tables.items():
            write_table(folder / f"{name}.csv", rows)
        return folder


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """One table; its columns are those of all its rows."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def evidence(code: str, defect: str, scores: Sequence[tuple[int, int]]) -> dict[str, Rows]:
    """Gates and assessments of a scheme; a defect makes it unsafe in one way."""
    assessments = [
        {
            "scheme": code,
            "profile": "classic",
            "domain": domain,
            "likelihood": "4",
            "consequence": "4",
            "residual_likelihood": str(a),
            "residual_consequence": str(b),
            "mitigation": "Reviewed each week",
            "signed_on": "2026-02-01",
        }
        for domain, (a, b) in zip(DOMAINS, scores, strict=True)
    ]
    gates = [
        {"scheme": code, "gate": "G3", "on": "2026-03-01", "by": "Board", "role": "board"},
        {
            "scheme": code,
            "gate": "QIA",
            "on": "2026-02-10",
            "by": "Dr One",
            "role": "medical_director",
        },
        {"scheme": code, "gate": "QIA", "on": "2026-02-11", "by": "Ms Two", "role": "chief_nurse"},
    ]
    if defect == "no_gate":
        gates = gates[1:]
    elif defect == "gate_failed":
        gates.append({**gates[0], "on": "2026-03-20", "outcome": "failed"})
    elif defect == "domain_hidden":
        assessments = assessments[1:]
    elif defect == "all_hidden":
        assessments = []
    elif defect == "score":
        assessments[3] |= {"residual_likelihood": "3", "residual_consequence": "5"}
    elif defect == "rejected":
        assessments[0]["outcome"] = "reject"
    elif defect == "one_signature":
        gates = gates[:2]
    elif defect == "same_person":
        gates[2]["by"] = gates[1]["by"]
    elif defect == "owner_signs":
        gates[1]["by"] = f"Owner {code}"
    return {"assessments": assessments, "gates": gates}


def made_book(seed: int) -> Made:
    """A system of two bodies with up to seven schemes, half of them unsafe in some way."""
    draw = random.Random(seed)
    made = Made(
        {
            "book": [
                {"key": "title", "value": "Made up"},
                {"key": "fictional", "value": "yes"},
                {"key": "default_year", "value": YEAR},
            ],
            "organisations": [
                {"code": "QSY", "name": "System", "kind": "system", "parent": ""},
                {"code": "RAA", "name": "Trust A", "kind": "provider", "parent": "QSY"},
                {"code": "RBB", "name": "Trust B", "kind": "provider", "parent": "QSY"},
            ],
            "amounts": [],
            "control_totals": [],
            "schemes": [],
            "assessments": [],
            "gates": [],
            "limits": [],
            "effects": [],
        }
    )
    for body in ("RAA", "RBB"):
        plan = draw.randint(-3_000, 3_000)
        made.tables["amounts"].append(
            {
                "organisation": body,
                "line": "position",
                "year": YEAR,
                "basis": "plan",
                "amount": str(plan),
                "unit": "£k",
            }
        )
        if draw.random() < 0.7:
            made.tables["control_totals"].append(
                {
                    "organisation": body,
                    "year": YEAR,
                    "amount": str(plan + draw.randint(-2_000, 900)),
                    "unit": "£k",
                    "status": "accepted",
                    "set_on": "2026-03-01",
                    "set_by": "Region",
                    "includes_support": "no",
                }
            )
    for number in range(draw.randint(1, 7)):
        _scheme(draw, made, f"S-{number:02}", number)
    _limits(draw, made)
    made.tables = {name: rows for name, rows in made.tables.items() if rows}
    return made


def _scheme(draw: random.Random, made: Made, code: str, number: int) -> None:
    """One scheme with its evidence, sometimes with effects on the other body."""
    defect = draw.choice(DEFECTS) if draw.random() < 0.45 else ""
    month = draw.choice((1, 4, 7, 10, 12, 12))
    start = f"2026-{month + 3:02}-01" if month < 10 else f"2027-{month - 9:02}-01"
    low, mode, high = sorted(draw.choice((40, 60, 75, 90, 100, 110)) for _ in range(3))
    row = {
        "id": code,
        "organisation": draw.choice(("RAA", "RBB")),
        "title": f"Scheme {number}",
        "service": draw.choice(("Surgery", "Medicine", "")),
        "recurrence": draw.choice(("recurrent", "recurrent", "non_recurrent")),
        "maturity": "fully_developed",
        "in_plan": draw.choice(("yes", "no")),
        "start": start,
        "full_year_effect": str(draw.randint(1, 4_000)),
        "unit": "£k",
        "investment": str(draw.randint(0, 400)),
        "low": f"{low / 100}",
        "mode": f"{mode / 100}",
        "high": f"{high / 100}",
        "chance": str(draw.choice((0.5, 0.8, 0.95, 1))),
        "delay_months": str(draw.choice((0, 0, 1, 2.5))),
        "capacity_wte": str(draw.choice((0, 1.5, 2, 4))),
        "owner": f"Owner {code}",
        "excludes": "",
        "requires": "",
        "places": draw.choice(("North", "North;South", "")),
    }
    others = [other["id"] for other in made.tables["schemes"]]
    if others and draw.random() < 0.25:
        row["excludes"] = draw.choice(others)
    if others and draw.random() < 0.25:
        row["requires"] = draw.choice(others)
    found = evidence(code, defect, [(draw.randint(1, 3), draw.randint(1, 4)) for _ in DOMAINS])
    if defect == "late_change":
        smaller = {**row, "full_year_effect": str(int(row["full_year_effect"]) // 2 + 1)}
        made.tables["schemes"].append({**smaller, "known_on": "2026-01-15"})
        row["full_year_effect"] = str(3 * int(smaller["full_year_effect"]))
        row["known_on"] = "2026-02-20"
    made.tables["schemes"].append(row)
    made.defects[code] = defect
    for table, rows in found.items():
        made.tables[table] += rows
    if draw.random() < 0.2:
        other = "RBB" if row["organisation"] == "RAA" else "RAA"
        made.tables["effects"] += [
            {"scheme": code, "organisation": row["organisation"], "share": "1"},
            {"scheme": code, "organisation": other, "share": draw.choice(("-0.4", "-0.25", "-1"))},
        ]


def _limits(draw: random.Random, made: Made) -> None:
    """People by month, money, harm, floors and ceilings."""
    for body in ("QSY", "RAA", "RBB"):
        if draw.random() < 0.5:
            made.tables["limits"].append(
                {
                    "organisation": body,
                    "year": YEAR,
                    "limit": "capacity_wte",
                    "value": str(draw.choice((1.5, 3, 5))),
                    "unit": "wte",
                }
            )
        if draw.random() < 0.4:
            made.tables["limits"].append(
                {
                    "organisation": body,
                    "year": YEAR,
                    "limit": "investment",
                    "value": str(draw.randint(50, 900)),
                    "unit": "£k",
                }
            )
        if draw.random() < 0.3:
            made.tables["limits"].append(
                {
                    "organisation": body,
                    "year": YEAR,
                    "limit": "harm_ceiling",
                    "group": draw.choice(("Surgery", "North", "")),
                    "value": str(draw.randint(5, 60)),
                }
            )
        if draw.random() < 0.2:
            made.tables["limits"].append(
                {
                    "organisation": body,
                    "year": YEAR,
                    "limit": "saving_ceiling",
                    "value": str(draw.randint(100, 3_000)),
                    "unit": "£k",
                }
            )
        if draw.random() < 0.15:
            made.tables["limits"].append(
                {
                    "organisation": body,
                    "year": YEAR,
                    "limit": "saving_floor",
                    "value": str(draw.randint(50, 900)),
                    "unit": "£k",
                }
            )
    if draw.random() < 0.2:
        made.tables["limits"].append(
            {
                "organisation": "RAA",
                "year": YEAR,
                "limit": "share_of_burden",
                "value": str(draw.choice((0.4, 0.6))),
                "unit": "share",
            }
        )
    if draw.random() < 0.2 and made.tables["control_totals"]:
        made.tables["limits"].append(
            {
                "organisation": made.tables["control_totals"][0]["organisation"],
                "year": YEAR,
                "limit": "margin",
                "value": str(draw.randint(1, 500)),
                "unit": "£k",
            }
        )

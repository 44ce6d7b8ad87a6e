"""A page of the manual for every rule of the regime, made from the rule itself.

Plain English first, then who is bound and when, the formula, what it reads, its parameters by year
with their marks, a worked example, what is always true of it, and the cases that hold it. Nothing is
written twice: the words are those of the rule's own code, the cases those that the tests run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from controltotal.core.calendar import year_label, year_of
from controltotal.core.datafiles import packaged_rows
from controltotal.core.parameters import packaged_parameters
from controltotal.rules.form import EVERYONE, STATUSES, Rule
from controltotal.rules.registry import FAMILIES, RULES

CASES = Path(__file__).parents[1] / "tests" / "spec" / "rules"
Table = Callable[[list[dict[str, str]]], str]

OPENING = (
    "A rule is one named step of the financial regime. `controltotal position` shows those that bind a "
    "body in a year, as figures `rule/ORG/YEAR/NAME` and in the table `rules`: the outcome is one of "
    f"{', '.join(status.replace('_', ' ') for status in STATUSES)}. A missing input gives "
    "*indeterminate*, never nil. A waiver is a dated row: it changes the outcome, never the arithmetic. "
    "`controltotal explain BOOK rule/ORG/YEAR/NAME` shows each step, and each parameter with its mark. "
    "`--strict` leaves out what rests on a number that nobody has checked (mark K), until a row of "
    "`parameters` says who adopts it. `--regime system` or `--regime body` asks what either way of "
    "balancing would have said in any year."
)


def write_rule_pages(out: Path, table: Table) -> int:
    """The index and a page for each rule; returns how many."""
    folder = out / "rules"
    folder.mkdir(parents=True, exist_ok=True)
    (out / "rules.md").write_text(
        f"# Rules of the regime\n\n{OPENING}\n\n{index(table)}\n", "utf-8"
    )
    for rule in RULES:
        (folder / f"{rule.name}.md").write_text(page(rule, table), "utf-8")
    return len(RULES)


def index(table: Table) -> str:
    """Every rule by family."""
    parts = []
    for _, title, rules in FAMILIES:
        rows = [
            {
                "rule": f"[{rule.title}](rules/{rule.name}.md)",
                "name": f"`{rule.name}`",
                "binds": bound(rule),
                "years": years(rule),
                "value": rule.value,
            }
            for rule in rules
        ]
        parts.append(f"## {title}\n\n{table(rows)}")
    return "\n\n".join(parts)


def page(rule: Rule, table: Table) -> str:
    """One rule for people."""
    facts = {row["fact"]: row["meaning"] for row in packaged_rows("facts.csv")}
    read = [{"fact": f"`{name}`", "meaning": facts.get(name, "")} for name in rule.facts]
    parts = [
        f"# {rule.title}",
        f"`{rule.name}`, figure `rule/ORG/YEAR/{rule.name}`: {rule.value}"
        + (" (pence)." if rule.unit == "pence" else f" ({rule.unit})."),
        rule.meaning,
        f"**Who is bound.** {bound(rule)[:1].upper()}{bound(rule)[1:]}, {years(rule)}"
        + (", and each half-year that is its own control period" if rule.halves == "both" else "")
        + (", each half-year by itself" if rule.halves == "only" else "")
        + f". {when(rule)}",
        f"**Formula.** {rule.formula}",
        f"**Worked example.** {rule.example}",
        "**Always true.** "
        + ("; ".join(rule.invariants) + "." if rule.invariants else "Nothing beyond the formula."),
        "## What it reads",
        table(read) if read else "No facts of its own.",
        "Besides: " + "; ".join(rule.inputs) + "." if rule.inputs else "",
        "It rests on: " + ", ".join(f"[{name}]({name}.md)" for name in rule.after) + "."
        if rule.after
        else "",
        "## Parameters by year",
        table(parameters(rule))
        if rule.parameters
        else "None: the rule holds no number of its own.",
        "## Source",
        rule.source + ".",
        "## Cases",
        cases_of(rule) or "None yet.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def bound(rule: Rule) -> str:
    """The kinds of body that a rule binds."""
    if rule.kinds >= EVERYONE:
        return "any body or grouping"
    return " and ".join(f"{kind}s" for kind in sorted(rule.kinds))


def years(rule: Rule) -> str:
    """The years that a rule binds."""
    first = year_label(rule.first)
    return f"{first} to {year_label(rule.last)}" if rule.last else f"from {first}"


def when(rule: Rule) -> str:
    """What brings a rule to life besides kind and year, and from which day it is known."""
    return " ".join(part for part in (_alive(rule), _written(rule)) if part)


def _written(rule: Rule) -> str:
    return f"A reading as at a day before {rule.known} does not ask it." if rule.known else ""


def _alive(rule: Rule) -> str:
    if rule.regime:
        other = "body" if rule.regime == "system" else "system"
        return f"Asked of any year with `--regime {rule.regime}`; left out with `--regime {other}`."
    if rule.triggers:
        return (
            "It binds once the book states any of: "
            + ", ".join(f"`{name}`" for name in rule.triggers)
            + "."
        )
    return "" if rule.needs is None else "It binds where the book shows that it applies."


def parameters(rule: Rule) -> list[dict[str, str]]:
    """Each value of each parameter, with its years, mark and source."""
    rows = []
    for name in rule.parameters:
        if name not in packaged_parameters().values:
            local = {
                "parameter": f"`{name}`",
                "years": "",
                "known": "",
                "value": "stated by a book",
                "unit": "",
            }
            rows.append({**local, "authority": "local agreement", "mark": "", "source": ""})
        for value in sorted(packaged_parameters().values.get(name, ()), key=lambda p: p.start):
            first = year_label(year_of(value.start))
            last = year_label(year_of(value.until)) if value.until else ""
            span = first if last == first else (f"{first} to {last}" if last else f"{first} on")
            rows.append(
                {
                    "parameter": f"`{name}`",
                    "years": span,
                    "known": value.known_on.isoformat() if value.known_on else "",
                    "value": value.value,
                    "unit": value.unit,
                    "authority": value.authority,
                    "mark": value.mark + (" (unverified)" if not value.verified else ""),
                    "source": value.source,
                }
            )
    return rows


@cache
def written_cases() -> tuple[dict[str, Any], ...]:
    """Every case that the tests run."""
    import yaml

    found: list[dict[str, Any]] = []
    for file in sorted(CASES.glob("*.yaml")):
        found += yaml.safe_load(file.read_text("utf-8"))
    return tuple(found)


def cases_of(rule: Rule) -> str:
    """The cases that hold a rule, with their arithmetic."""
    lines = []
    for case in written_cases():
        held = [*case.get("expect", {}), *(f"rule/{name}" for name in case.get("outcomes", {}))]
        if any(name.split("/")[3:4] == [rule.name] for name in held if name.startswith("rule/")):
            lines.append(f"- **{case['case']}.** {' '.join(str(case['sum']).split())}")
    return "\n".join(lines)

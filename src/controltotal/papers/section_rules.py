"""The rules that bind: each outcome in a sentence, what it costs or brings, and by quarter.

Breached rules come first, then waived ones, then what cannot be told, then those that are met. The
value of each links to its explanation with every step and the mark of every parameter.
"""

from __future__ import annotations

from typing import Any

from controltotal.core.calendar import year_label
from controltotal.core.money import format_money
from controltotal.core.period import within
from controltotal.core.show import value_text
from controltotal.papers.section_nesting import around
from controltotal.papers.sections import Focus, Results, Section, TableView, columns, figure

ORDER = ("breached", "waived", "indeterminate", "met")
WORDS = {
    "breached": "not met",
    "waived": "waived",
    "indeterminate": "cannot be told",
    "met": "met",
}


def rules(results: Results, focus: Focus) -> Section:
    """The rules that bind the body and those below it in the year, and what follows from each."""
    near = {row["organisation"] for row in around(results, focus)}
    mine: list[dict[str, Any]] = [
        dict(row)
        for row in results["position"].tables.get("rules", ())
        if within(row["year"], focus.year) and row["organisation"] in near
    ]
    if not mine:
        return Section("rules", "Rules that bind")
    own = [row for row in mine if row["organisation"] == focus.organisation]
    rows = [_row(results, focus, row) for row in sorted(mine, key=_place(focus))]
    tables = [
        TableView(
            f"Rules that bind in {year_label(focus.year)}, and what follows",
            columns(
                "name|Body",
                "rule|Rule",
                "outcome|Outcome",
                "value|Value|figure",
                "consequence|Gained or lost, £ million|number",
                "why|Why",
                "checked|Checked?",
            ),
            rows,
            "A value links to its explanation. Lost, withheld or due is in brackets. Checked: whether "
            "every number that the rule uses has a source or has been adopted by a named person.",
        )
    ]
    parts = _parts(results, focus, near)
    if parts.rows:
        tables.append(parts)
    return Section(
        "rules", "Rules that bind", tuple(_words(mine, own, focus)), (), (), tuple(tables)
    )


def _place(focus: Focus) -> Any:
    def key(row: dict[str, Any]) -> tuple[bool, int, str, str]:
        mine = row["organisation"] == focus.organisation
        return (not mine, ORDER.index(row["status"]), row["organisation"], row["rule"])

    return key


def _row(results: Results, focus: Focus, row: dict[str, Any]) -> dict[str, Any]:
    name = f"rule/{row['organisation']}/{row['year']}/{row['rule']}"
    return {
        "name": focus.name(row["organisation"]),
        "rule": row["title"],
        "outcome": WORDS[row["status"]],
        "value": figure(results, "position", name),
        "consequence": _money(row["consequence_pence"]),
        "why": row["why"],
        "checked": "not yet" if row["unverified"] else "yes",
    }


def _money(pence: int | None) -> str:
    """What is gained or lost; nothing where a rule moves no money."""
    return "" if pence is None else format_money(pence)


def _words(mine: list[dict[str, Any]], own: list[dict[str, Any]], focus: Focus) -> list[str]:
    """How many rules bind, and each that is not met by the body itself."""
    counted = {status: sum(row["status"] == status for row in mine) for status in ORDER}
    told = ", ".join(f"{count} {WORDS[s]}" for s, count in counted.items() if count)
    words = [f"{len(mine)} outcomes of rules for {year_label(focus.year)}: {told}."]
    for row in own:
        if row["status"] == "breached":
            words.append(
                f"{focus.name(focus.organisation)} does not meet a rule. {row['title']}: {row['why']}."
            )
    unverified = sorted({name for row in mine for name in row["unverified"]})
    if unverified:
        words.append(
            "Some outcomes rest on numbers that nobody has checked yet: "
            + ", ".join(name.replace("_", " ") for name in unverified)
            + "."
        )
    return words


def _parts(results: Results, focus: Focus, near: set[str]) -> TableView:
    """Quarters, years and services of those rules that have them."""
    rows = [
        {
            "name": focus.name(row["organisation"]),
            "rule": row["title"],
            "part": row["part"].replace("_", " "),
            "value": value_text(row["value"], row["unit"]),
            "consequence": _money(row["consequence_pence"]),
            "why": row["why"],
        }
        for row in results["position"].tables.get("rule_parts", ())
        if within(row["year"], focus.year) and row["organisation"] in near
    ]
    return TableView(
        "By quarter, year, body or kind",
        columns(
            "name|Body",
            "rule|Rule",
            "part|Part",
            "value|Value",
            "consequence|Gained or lost, £ million|number",
            "why|Why",
        ),
        rows,
    )

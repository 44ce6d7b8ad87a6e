"""How control totals nest: a tree to read aloud, who set each and when, and what follows from a miss.

Region, system and body each have a control total: the least that they may do. Those below should add
up to the one above; where they do not, somebody has promised more than anybody below accepted. All is
shown as it stands in the book; the differences were worked out where the totals were.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from controltotal.core.calendar import year_label
from controltotal.core.money import format_money, format_pounds
from controltotal.core.period import within
from controltotal.papers.sections import Focus, Results, Section, TableView, TreeView, columns

Row = dict[str, Any]


def nesting(results: Results, focus: Focus) -> Section:
    """Control totals from the region down to each body: the tree, the words, who answers, changes."""
    rows = around(results, focus)
    told = [row for row in rows if row["control_total_pence"] is not None]
    every = _every_control_total(results, focus)
    changes = _changes(results, focus)
    if not told:
        none = (f"No control total is in force for {year_label(focus.year)} in this book.",)
        return Section("nesting", "Control totals", none, (), (), (every,) if every.rows else ())
    own = next((row for row in told if row["organisation"] == focus.organisation), told[0])
    words = [*told_aloud(own, focus.year)]
    words += [one_line(row, focus.year) for row in told if row["how"] == "set" and row is not own]
    known = [row for row in rows if row in told or row["how"] == NOT_TOLD]
    indented = [_shown(row) for row in known]
    tables = (
        TableView(
            f"How the control totals of {year_label(focus.year)} nest, £ million",
            columns(
                "name|Body",
                "control_total_pence|Control total|money",
                "how|How",
                "below_pence|Sum of those below|money",
                "difference_pence|Difference|money",
                "set_by|Set by",
                "set_on|Set on",
                "notice_days|Notice in days|number",
            ),
            indented,
        ),
        TableView(
            "Who answers, and what follows from a miss",
            columns(
                "name|Body",
                "owner|Answers for it",
                "monitor|Monitors it",
                "consequence|What follows from a miss",
                "appeal|Where an appeal goes",
                "includes_support|Does support count?|yesno",
            ),
            [row for row in indented if row["how"] == "set"],
        ),
        changes,
        every,
    )
    return Section(
        "nesting",
        "Control totals and how they nest",
        tuple(words),
        (),
        (),
        tables,
        tree=TreeView(
            f"Control totals of {year_label(focus.year)} as a tree, in £ million", tree_text(rows)
        ),
    )


SAID = ("set_by", "owner", "monitor", "consequence", "appeal")
"""What a book may say of a control total that somebody set."""


def _shown(row: Row) -> Row:
    """A row as a table shows it: indented, and saying so where a set total lacks something."""
    lacking = "not stated" if row["how"] == "set" else ""
    said = {field: row[field] or lacking for field in SAID}
    return {**row, **said, "name": ("\u2003" * row["depth"]) + row["name"]}


def around(results: Results, focus: Focus) -> list[Row]:
    """The nesting of the body a pack is about: those above it, itself, and those below."""
    parents = {
        row["organisation"]: row["parent"] for row in results["register"].tables["organisations"]
    }

    def above(code: str) -> set[str]:
        found: set[str] = set()
        while parents.get(code) and parents[code] not in found:
            code = parents[code]
            found.add(code)
        return found

    line = above(focus.organisation) | {focus.organisation}
    return [
        dict(row)
        for row in results["register"].tables["nesting"]
        if row["organisation"] in line or focus.organisation in above(row["organisation"])
    ]


def amount_words(pence: int) -> str:
    """What a control total asks, as a person would say it.

    >>> amount_words(-500_000_000), amount_words(0)
    ('may lose no more than £5.0 million', 'must at least break even')
    >>> amount_words(460_000_000)
    'must make a surplus of at least £4.6 million'
    """
    if pence == 0:
        return "must at least break even"
    if pence < 0:
        return f"may lose no more than {format_pounds(-pence)}"
    return f"must make a surplus of at least {format_pounds(pence)}"


def told_aloud(row: Row, year: str) -> list[str]:
    """One control total in sentences that can be read aloud to somebody who has never met the term."""
    name, label = row["name"].strip(), year_label(year)
    words = [
        f"In {label} {name} {amount_words(row['control_total_pence'])}. That is its control total."
    ]
    if row["how"] != "set":
        words.append(
            "Nobody set it as such: it is the control totals of the bodies below added up."
        )
    else:
        words.append(_set_words(row))
        if row["owner"]:
            watched = f" It is watched by: {row['monitor']}." if row["monitor"] else ""
            words.append(f"Who answers for it: {row['owner']}.{watched}")
        if row["consequence"]:
            words.append(f"If it is missed: {row['consequence']}.")
        if row["appeal"]:
            words.append(f"An appeal goes to: {row['appeal']}.")
        words.append(_support_words(row["includes_support"]))
    if row["difference_pence"]:
        words.append(_difference_words(row))
    return words


def _set_words(row: Row) -> str:
    who = f"by {row['set_by']}" if row["set_by"] else "by somebody the book does not name"
    if not row["set_on"]:
        return f"It was set {who}; when is not stated."
    day = date.fromisoformat(row["set_on"])
    latest = " at the latest" if row.get("at_latest") else ""
    text = f"It was set {who} on {day.day} {day:%B %Y}{latest}"
    return f"{text}, {_notice(row['notice_days'])}."


def _notice(days: int) -> str:
    if days > 0:
        return f"{days} days before the year began"
    return "on the day the year began" if days == 0 else f"{-days} days after the year had begun"


def _support_words(counts: bool | None) -> str:
    if counts is None:
        return "Whether money lent or given by others counts towards it is not stated."
    return (
        "Money lent or given by others counts towards it."
        if counts
        else "Money lent or given by others does not count towards it."
    )


def _sum_words(pence: int) -> str:
    """What the control totals below come to."""
    return format_pounds(pence) if pence else "nil"


def _difference_words(row: Row) -> str:
    more = row["difference_pence"]
    below = _sum_words(row["below_pence"])
    if more > 0:
        return (
            f"The bodies below it accepted control totals that add up to {below}: "
            f"{format_pounds(more)} is promised here that none of them accepted."
        )
    return (
        f"The bodies below it accepted control totals that add up to {below}, "
        f"{format_pounds(-more)} more than is asked here."
    )


def one_line(row: Row, year: str) -> str:
    """A control total in one sentence."""
    text = f"{row['name'].strip()} {amount_words(row['control_total_pence'])} in {year_label(year)}"
    if row["set_by"]:
        text += f", set by {row['set_by']}"
    if row["notice_days"] is not None:
        text += f", {_notice(row['notice_days'])}"
    if row["difference_pence"]:
        text += (
            f"; those below it add up to {_sum_words(row['below_pence'])}, a difference "
            f"of {format_pounds(abs(row['difference_pence']))}"
        )
    return text + "."


def tree_text(rows: list[Row]) -> str:
    """The tree as plain text, amounts in a column; it reads line by line without its shape.

    >>> row = {"name": "Ash", "depth": 0, "how": "set", "control_total_pence": -500_000_000,
    ...        "difference_pence": None, "set_by": "region"}
    >>> print(tree_text([row, dict(row, name="Beech", depth=1)]))
    Ash          (5.0)  set by region
      + Beech    (5.0)  set by region
    """
    first = min((row["depth"] for row in rows), default=0)
    lines = []
    for row in rows:
        depth = row["depth"] - first
        lead = "  " * depth + ("+ " if depth else "")
        lines.append((lead + row["name"].strip(), _amount(row), _how(row)))
    wide = max((len(name) for name, _, _ in lines), default=0)
    right = max((len(amount) for _, amount, _ in lines), default=0)
    return "\n".join(
        f"{name.ljust(wide)}  {amount.rjust(right + 2)}  {how}".rstrip()
        for name, amount, how in lines
    )


NOT_TOLD = "set, amount not disclosed"
"""How a control total stands that is in force and whose amount is not published."""


def _amount(row: Row) -> str:
    pence = row["control_total_pence"]
    if pence is None:
        return "not told" if row["how"] == NOT_TOLD else "none"
    return format_money(pence)


def _how(row: Row) -> str:
    if row["how"] == "set":
        text = f"set by {row['set_by']}" if row["set_by"] else "set; by whom is not stated"
        if row["difference_pence"]:
            text += f"; {format_money(row['difference_pence'])} from those below"
        return text
    if row["how"] == NOT_TOLD:
        return NOT_TOLD
    return "added up from those below" if row["control_total_pence"] is not None else "not in force"


def _changes(results: Results, focus: Focus) -> TableView:
    """Changes of control totals in the year, and whether those of one day cancel out."""
    rows = [
        dict(
            row,
            organisation=focus.name(row["organisation"]),
            system=focus.name(row["system"]),
        )
        for row in results["position"].tables.get("control_total_changes", ())
        if within(row["year"], focus.year)
    ]
    return TableView(
        f"Changes of control totals for {year_label(focus.year)}, £ million",
        columns(
            "day|Day",
            "system|System",
            "organisation|Body",
            "from_pence|From|money",
            "to_pence|To|money",
            "change_pence|Change|money",
            "net_of_day_pence|Net of the day|money",
            "net_neutral|Net-neutral?|yesno",
            "set_by|Set by",
        ),
        rows,
        "A net-neutral change leaves the system's total as it was: what one body gains another gives.",
    )


def _every_control_total(results: Results, focus: Focus) -> TableView:
    """Every control total recorded, whatever became of it."""
    return TableView(
        "Every control total recorded, £ million",
        columns(
            "organisation|Body",
            "year|Year",
            "scenario|Scenario",
            "pence|Amount|money",
            "status|Status",
            "set_by|Set by",
            "set_on|Set on",
            "known_on|Known on",
            "in_force|In force|yesno",
        ),
        [
            dict(row, organisation=focus.name(row["organisation"]), year=year_label(row["year"]))
            for row in results["position"].tables["control_totals"]
        ],
    )

"""The bridge between two books, or two dates of one: what changed, step by step, residual named.

For each body, year and basis in both, the change of the surplus is explained by the lines that
changed (or by the bodies below, for a grouping). What the steps do not explain is a step of its
own. Rows that are new, gone or different are listed with both places.
"""

from __future__ import annotations

from controltotal.accounts.statement import answer_position, asked
from controltotal.book.asking import bodies_asked
from controltotal.book.fold import Position
from controltotal.book.periods import fill, months_needed
from controltotal.core.amounts import amounts, bridge
from controltotal.core.result import Answer, Result
from controltotal.core.schema import tables
from controltotal.workings.totals import Totals, figure_id
from controltotal.workings.workings import Workings


def answer_compare(
    first: Workings, second: Workings, year: str | None = None, organisation: str | None = None
) -> Result:
    """Changes of every figure of `position` from the first book to the second, with bridges."""
    options = {"year": year, "organisation": organisation}
    options |= {"first": first.position.ref.root, "second": second.position.ref.root}
    answer = Answer("compare", second.position.ref, {k: v for k, v in options.items() if v})
    before = answer_position(first, year, organisation)
    after = answer_position(second, year, organisation)
    old = {figure.id: figure for figure in before.figures}
    changed = 0
    for figure in after.figures:
        was = old.get(figure.id)
        known = was is not None and isinstance(was.value, int) and isinstance(figure.value, int)
        if known and was is not None:
            assert isinstance(was.value, int) and isinstance(figure.value, int)
            change = figure.value - was.value
            if change:
                parts = (figure.measure, figure.part) if figure.part else (figure.measure,)
                name = "/".join(("change", figure.organisation, figure.year, figure.basis, *parts))
                answer.figure(name, change, rule="second less first", inputs=[figure.id])
                changed += 1
        if was is None or (was.value, was.status) != (figure.value, figure.status):
            answer.table(
                "changes",
                [
                    {
                        "figure": figure.id,
                        "first_pence": was.value if was else None,
                        "second_pence": figure.value,
                        "change_pence": change if known else None,
                    }
                ],
            )
    gone = sorted(set(old) - {figure.id for figure in after.figures})
    answer.table(
        "changes",
        [
            {
                "figure": name,
                "first_pence": old[name].value,
                "second_pence": None,
                "change_pence": None,
            }
            for name in gone
        ],
    )
    answer.table("bridge", _bridges(first, second, year, organisation))
    answer.table("rows", _rows(first.position, second.position))
    one, two = first.position.ref, second.position.ref
    answer.words(
        f"{changed} figure{'s' if changed != 1 else ''} changed from {one.name} "
        f"(entry {one.entry}) to {two.name} (entry {two.entry})."
    )
    return answer.result()


def _bridges(
    first: Workings, second: Workings, year: str | None, organisation: str | None
) -> list[dict[str, object]]:
    one, two = first.totals, second.totals
    table: list[dict[str, object]] = []
    for each in [year] if year else sorted(set(first.position.years) & set(second.position.years)):
        assert each is not None
        for code in bodies_asked(second.position, each, organisation):
            if not first.position.tree.exists(code, each):
                continue
            for basis, scenario in asked(two, code, each):
                was = one.surplus(code, each, basis, scenario)
                now = two.surplus(code, each, basis, scenario)
                if was.pence is None or now.pence is None or was.pence == now.pence:
                    continue
                steps = _steps(one, two, code, each, basis, scenario, now.pence - was.pence)
                name = figure_id("surplus", code, each, basis, scenario)
                table.append(_step(name, "first", was.pence))
                table += [_step(name, step, pence) for step, pence in steps]
                table.append(_step(name, "second", now.pence))
    return table


def _step(figure: str, step: str, pence: int) -> dict[str, object]:
    return {"figure": figure, "step": step, "pence": pence}


def _steps(
    one: Totals, two: Totals, code: str, year: str, basis: str, scenario: str, change: int
) -> list[tuple[str, int]]:
    """The steps of one change: by the bodies below, else by line."""
    kids = two.children(code, year)
    label = "organisation" if kids else "line"
    rows_one = _parts(one, code, year, basis, scenario, kids)
    rows_two = _parts(two, code, year, basis, scenario, kids)
    steps: list[tuple[str, int]] = []
    names = sorted(set(rows_one) | set(rows_two))
    if names:
        tables = [
            amounts([{label: name, "pence": pence} for name, pence in rows.items()])
            for rows in (rows_one, rows_two)
        ]
        steps = bridge(tables[0], tables[1], [label], change)
    return steps or [("not explained by the steps", change)]


def _parts(
    totals: Totals, code: str, year: str, basis: str, scenario: str, kids: tuple[str, ...]
) -> dict[str, int]:
    """The parts of a surplus: of the bodies below, else of the lines, signed."""
    if kids:
        parts = {kid: totals.surplus(kid, year, basis, scenario).pence for kid in kids}
        return {kid: pence for kid, pence in parts.items() if pence is not None}
    found: dict[str, int] = {}
    lines = totals.position.lines
    for (line, _, _), rows in totals.amounts.series(code, year, basis, scenario).items():
        if lines[line].added:
            pence = lines[line].sign * fill(rows, months_needed(year)).pence
            found[line] = found.get(line, 0) + pence
    return found


def _rows(first: Position, second: Position) -> list[dict[str, object]]:
    """Rows of money that are new, gone or different, by their labels."""
    table: list[dict[str, object]] = []
    for name in ("amounts", "control_totals", "transfers", "schemes"):
        key = tables()[name].key
        value = "full_year_effect" if name == "schemes" else "amount"
        old = {tuple(str(r.cell(c) or "") for c in key): r for r in first.rows(name)}
        new = {tuple(str(r.cell(c) or "") for c in key): r for r in second.rows(name)}
        for labels in sorted(set(old) | set(new)):
            was, now = old.get(labels), new.get(labels)
            if was and now and was.cell(value) == now.cell(value):
                continue
            table.append(
                {
                    "table": name,
                    "row": " ".join(label for label in labels if label),
                    "first_pence": was.cell(value) if was else None,
                    "second_pence": now.cell(value) if now else None,
                    "first_where": was.where if was else "",
                    "second_where": now.where if now else "",
                }
            )
    return table

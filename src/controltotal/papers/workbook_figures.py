"""The sheet of a workbook that holds every figure: its number, unit, status, rule and id."""

from __future__ import annotations

from typing import Any, Final

from controltotal.core.show import figure_name, figure_value
from controltotal.papers.paper import Paper
from controltotal.papers.vega import MIDDLE
from controltotal.papers.workbook_cells import HEAD, figure_number
from controltotal.papers.workbook_plan import FIGURES, Plan, Shown
from controltotal.papers.workbook_tables import (
    CELL_MAX,
    FILTERED,
    HINT,
    Desk,
    head,
    lines_of,
    set_widths,
    tall,
    write_held,
)

HEADS: Final = (
    ("Figure", 58.0),
    ("Row", 40.0),
    ("Value", 14.0),
    ("Unit", 11.0),
    ("Shown as", 24.0),
    ("Status", 14.0),
    ("Least", 12.0),
    ("Most", 12.0),
    ("First shown on", 40.0),
    ("Rule", 60.0),
    ("Id", 58.0),
)
"""Headings, each with the width of its column."""
NUMBERS: Final = ("Value", "Least", "Most")
UNITS: Final = {"pence": "£ million"}


def write_figures(desk: Desk, paper: Paper, plan: Plan) -> None:
    """Each figure that is shown: its number, unit, status, rule and id."""
    sheet = desk.sheet(FIGURES, MIDDLE)
    span = [width for _, width in HEADS]
    set_widths(sheet, span)
    row = head(desk, paper, sheet, FIGURES) + 1
    for at, (heading, _) in enumerate(HEADS):
        side: dict[str, Any] = {"align": "right"} if heading in NUMBERS else {}
        sheet.write_string(row, at, heading, desk.styles.of(**HEAD, **side))
    first = row + 1
    for place, one in enumerate(plan.figures.values()):
        _figure(desk, sheet, first + place, one, plan.rules.get(one.figure.id, ""))
    sheet.freeze_panes(first, 1)
    sheet.repeat_rows(first - 1)
    if len(plan.figures) > FILTERED:
        sheet.autofilter(first - 1, 0, first + len(plan.figures) - 1, len(HEADS) - 1)


def _figure(desk: Desk, sheet: Any, row: int, one: Shown, rule: str) -> None:
    """One figure; its name is a link to how it was made, where the workbook tells that."""
    figure, name = one.figure, figure_name(one.figure)
    where = desk.links.get(figure.id)
    if where:
        sheet.write_url(row, 0, where, desk.styles.link, name[:CELL_MAX], HINT)
    else:
        sheet.write_string(row, 0, name, desk.styles.text())
    write_held(desk, sheet, row, 2, figure_number(figure))
    unit = UNITS.get(figure.unit, figure.unit)
    texts = {1: one.row, 3: unit, 4: figure_value(figure), 5: figure.status}
    texts |= {8: one.page, 9: rule, 10: figure.id}
    for at, text in texts.items():
        style = desk.styles.text(indent=1 if at in (3, 8) else 0)
        sheet.write_string(row, at, text, style)
    for at, end in ((6, figure.low), (7, figure.high)):
        if end is not None:
            write_held(desk, sheet, row, at, figure_number(figure._replace(value=end)))
    lines = [lines_of(name, HEADS[0][1]), *(lines_of(t, HEADS[at][1]) for at, t in texts.items())]
    tall(sheet, row, max(lines))

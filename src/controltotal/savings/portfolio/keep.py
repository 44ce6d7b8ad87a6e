"""Portfolios side by side, and what it takes to keep one as the plan.

Choosing changes nothing. A portfolio becomes the plan only by an explicit act, scheme by scheme:
here stand the changes that such an act would write, with what follows from them. A start that
moves is a material change, so the clinical signatures of that scheme must be given again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from controltotal.book.fold import Position
from controltotal.core.calendar import first_full_month
from controltotal.core.result import Answer, BookRef, Result
from controltotal.programme.phasing import in_plan

SIDE_BY_SIDE = ("portfolio_saving", "portfolio_bound", "shortfall")


@dataclass(frozen=True, slots=True)
class Change:
    """What keeping a portfolio changes of one scheme: cells as people write them, and a notice."""

    scheme: str
    cells: Mapping[str, str]
    notice: str = ""


def changes_to_keep(position: Position, result: Result) -> tuple[Change, ...]:
    """The changes of table `schemes` that make a portfolio the plan; each is one act to revise.

    Chosen schemes come into the plan with their start, eligible ones that were left out leave it.
    Schemes that could not be chosen (not eligible, or of another year or body) stay as they are: a
    portfolio says nothing of them.
    """
    chosen = {row["scheme"]: row for row in result.tables["schemes"]}
    found = []
    for row in sorted(position.book.schemes, key=lambda one: str(one.id)):
        picked = chosen.get(row.id)
        if picked is None or not picked["considered"]:
            continue
        cells: dict[str, str] = {}
        notice = ""
        if bool(picked["chosen"]) != in_plan(row):
            cells["in_plan"] = "yes" if picked["chosen"] else "no"
        if picked["chosen"]:
            start = date.fromisoformat(picked["start"])
            now = row.start
            if now is None or first_full_month(now) != first_full_month(start):
                cells["start"] = start.isoformat()
                notice = "its start moves, so its clinical signatures must be given again"
        if cells:
            found.append(Change(row.id, cells, notice))
    return tuple(found)


def compare_portfolios(portfolios: Mapping[str, Result]) -> Result:
    """Named portfolios side by side: figures, certificates, and each scheme in or out.

    All must rest on the same entry of the same book, else the comparison is refused.
    """
    if not portfolios:
        raise ValueError("there is nothing to compare")
    books = {result.book for result in portfolios.values()}
    if len(books) != 1:
        raise ValueError("portfolios of different books or entries cannot be compared")
    names = list(portfolios)
    answer = Answer("portfolio", _book(portfolios), {"compared": names})
    answer.table("side_by_side", _figure_rows(portfolios))
    answer.table("counts", _count_rows(portfolios))
    answer.table(
        "certificates",
        [
            {"portfolio": name, **row}
            for name, result in portfolios.items()
            for row in result.tables["certificate"]
        ],
    )
    answer.table("schemes", _scheme_rows(portfolios))
    for name, result in portfolios.items():
        if result.words:
            answer.words(f"{name}: {result.words[0]}", topic="portfolio")
    same = [row for row in _scheme_rows(portfolios) if row["differs"]]
    answer.words(
        f"{len(same)} schemes differ between the portfolios."
        if same
        else "The portfolios choose the same schemes and starts.",
        topic="portfolio",
    )
    return answer.result()


def _book(portfolios: Mapping[str, Result]) -> BookRef:
    return next(iter(portfolios.values())).book


def _figure_rows(portfolios: Mapping[str, Result]) -> list[dict[str, Any]]:
    """Each figure that any of them has: one column a portfolio, in pence."""
    ids = sorted(
        {f.id for r in portfolios.values() for f in r.figures if f.measure in SIDE_BY_SIDE}
    )
    rows = []
    for one in ids:
        row: dict[str, Any] = {"figure": one}
        for name, result in portfolios.items():
            figure = result.figure(one)
            row[f"{name}_pence"] = None if figure is None else figure.value
        rows.append(row)
    return rows


def _count_rows(portfolios: Mapping[str, Result]) -> list[dict[str, Any]]:
    """How many schemes each chooses, and their residual harm added up."""
    harm: dict[str, Any] = {"count": "residual harm of the chosen schemes"}
    number: dict[str, Any] = {"count": "schemes chosen"}
    for name, result in portfolios.items():
        chosen = [row for row in result.tables["schemes"] if row["chosen"]]
        harm[name] = sum(row["harm"] or 0 for row in chosen)
        number[name] = len(chosen)
    return [harm, number]


def _scheme_rows(portfolios: Mapping[str, Result]) -> list[dict[str, Any]]:
    """Each scheme with its start in every portfolio, and whether they differ."""
    starts: dict[str, dict[str, str]] = {}
    for name, result in portfolios.items():
        for row in result.tables["schemes"]:
            starts.setdefault(row["scheme"], {})[name] = row["start"] or ""
    return [
        {"scheme": code, **found, "differs": len(set(found.values())) > 1}
        for code, found in sorted(starts.items())
    ]

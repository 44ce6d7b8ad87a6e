"""The bridge between two books, or two dates of one: what changed, step by step, residual named.

For each body, year and basis in both, the change of the surplus is explained by the bodies below
it, else by its lines. A body that stands in one book alone is a step of its own (it opened or
closed, or came from another parent or went to one), and equal totals have a bridge wherever their
parts differ. What the steps do not explain is named. Rows that are new, gone or different are
listed with both places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controltotal.accounts.bridges import put_bridge, put_words
from controltotal.accounts.statement import BASES, answer_position, asked
from controltotal.book.asking import bodies_asked
from controltotal.book.fold import Position
from controltotal.book.periods import fill, months_needed
from controltotal.core.figure import Figure
from controltotal.core.period import is_whole_year
from controltotal.core.result import Answer, Result
from controltotal.core.schema import tables
from controltotal.workings.bridges import Bridge, End
from controltotal.workings.own import ENTIRE
from controltotal.workings.totals import Totals, figure_id
from controltotal.workings.workings import Workings

SIDES = ("first", "second")
"""The two readings, as a figure of one of them is named: `surplus/A/2022-23/plan@first`."""
RESIDUAL = "not explained by the steps"
WHOLE = ("position", "position_with_support")
"""Lines that state the surplus of a body themselves; beside them its other lines are detail."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which surplus is bridged."""

    code: str
    year: str
    basis: str
    scenario: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a bridge: a body or a line, what became of it, and pence (favourable positive).

    `kind` is `body` or `line` for what stands in both books; `opened`, `closed`, `moved_in`,
    `moved_out`, `newly_told` or `no_longer_told` for a body in one sum alone; `unexplained`.
    """

    name: str
    kind: str
    pence: int


def answer_compare(
    first: Workings, second: Workings, year: str | None = None, organisation: str | None = None
) -> Result:
    """Changes of every figure of `position` from the first book to the second, with bridges."""
    options = {"year": year, "organisation": organisation}
    options |= {"first": first.position.ref.root, "second": second.position.ref.root}
    answer = Answer("compare", second.position.ref, {k: v for k, v in options.items() if v})
    before, after = (_figures(one, year, organisation) for one in (first, second))
    changed = appeared = 0
    for name, figure in after.items():
        was = before.get(name)
        if was is not None and _said(was) == _said(figure):
            continue
        changed += was is not None
        appeared += was is None
        change = _change(was, figure)
        if change:
            parts = (figure.measure, figure.part) if figure.part else (figure.measure,)
            label = "/".join(("change", figure.organisation, figure.year, figure.basis, *parts))
            answer.figure(label, change, rule="second less first", inputs=[name])
        _list(answer, name, was, figure)
    gone = sorted(set(before) - set(after))
    for name in gone:
        _list(answer, name, before[name], None)
    bridges = _bridges(first, second, year, organisation)
    answer.table("bridge", bridges)
    answer.table("rows", _rows(first.position, second.position))
    one, two = first.position.ref, second.position.ref
    answer.words(
        f"{changed} figure{'s' if changed != 1 else ''} changed, {appeared} appeared and "
        f"{len(gone)} went from {one.name} (entry {one.entry}) to {two.name} (entry {two.entry}).",
        topic="compare",
    )
    for kind, word in (("closed", "Closed"), ("opened", "Opened")):
        bodies = sorted({str(row["step"]) for row in bridges if row["kind"] == kind})
        if bodies:
            tree = (first if kind == "closed" else second).position.tree
            answer.words(
                f"{word}: {', '.join(tree.name(code) for code in bodies)}.", topic="compare"
            )
    _drivers(answer, first, second, year, organisation)
    return answer.result()


def _figures(
    workings: Workings, year: str | None, organisation: str | None
) -> Mapping[str, Figure]:
    """Every figure of `position` by id; none where the book does not list the body asked for."""
    if organisation and organisation not in workings.position.tree.organisations:
        return {}
    return {figure.id: figure for figure in answer_position(workings, year, organisation).figures}


def _said(figure: Figure) -> tuple[object, ...]:
    """What a figure says: its value, or the bounds that are known."""
    return (figure.value, figure.status, figure.low, figure.high)


def _change(was: Figure | None, now: Figure) -> int | None:
    """Second less first in pence, where both are known."""
    if was is None or not isinstance(was.value, int) or not isinstance(now.value, int):
        return None
    return now.value - was.value


def _list(answer: Answer, name: str, was: Figure | None, now: Figure | None) -> None:
    """One row of the table of changes; a figure of one book alone has no change."""
    answer.table(
        "changes",
        [
            {
                "figure": name,
                "first_pence": was.value if was else None,
                "second_pence": now.value if now else None,
                "change_pence": _change(was, now) if now else None,
            }
        ],
    )


def _bridges(
    first: Workings, second: Workings, year: str | None, organisation: str | None
) -> list[dict[str, object]]:
    one, two = first.totals, second.totals
    both = sorted(set(first.position.years) & set(second.position.years))
    table: list[dict[str, object]] = []
    for each in [year] if year else both:
        for code in bodies_asked(second.position, each, organisation):
            if not (one.tree.exists(code, each) and two.tree.exists(code, each)):
                continue
            for basis, scenario in asked(two, code, each):
                table += _bridge(one, two, Question(code, each, basis, scenario))
    return table


def _drivers(
    answer: Answer, first: Workings, second: Workings, year: str | None, organisation: str | None
) -> None:
    """The same changes by what drives them, where lines or schemes tell it: the table `drivers`."""
    both = sorted(set(first.position.years) & set(second.position.years))
    for each in [year] if year else both:
        for basis in BASES if is_whole_year(each) else ():
            before = End(first.totals, each, basis, SIDES[0])
            bridge = Bridge(before, End(second.totals, each, basis, SIDES[1]))
            asked_for = bodies_asked(second.position, each, organisation)
            told = [code for code in asked_for if bridge.by_line(code)]
            put_bridge(answer, "drivers", bridge, told)
            put_words(answer, bridge, told, organisation)


def _bridge(one: Totals, two: Totals, question: Question) -> list[dict[str, object]]:
    """The rows of one bridge; none where a surplus is not told or no part of it changed."""
    code, year, basis, scenario = question.code, question.year, question.basis, question.scenario
    was, now = (totals.surplus(code, year, basis, scenario) for totals in (one, two))
    if was.pence is None or now.pence is None:
        return []
    steps = _steps(one, two, question, now.pence - was.pence)
    if not steps:
        return []
    name = figure_id("surplus", code, year, basis, scenario)
    ends = (Step("first", "first", was.pence), Step("second", "second", now.pence))
    sides = dict(zip(("from", "to"), (f"{name}@{side}" for side in SIDES), strict=True))
    labels = {"organisation": code, **sides}
    return [
        {"figure": name, "step": step.name, "kind": step.kind, "pence": step.pence, **labels}
        for step in (ends[0], *steps, ends[1])
    ]


def _steps(one: Totals, two: Totals, question: Question, change: int) -> list[Step]:
    """The steps of one change, by the bodies below in either book, else by line; they add up to it."""
    below = [set(totals.children(question.code, question.year)) for totals in (one, two)]
    if any(below):
        steps = _steps_by_body(one, two, question, sorted(below[0] | below[1]))
    else:
        steps = _steps_by_line(one, two, question, change)
    left = change - sum(step.pence for step in steps)
    return [*steps, Step(RESIDUAL, "unexplained", left)] if left else steps


def _steps_by_body(one: Totals, two: Totals, question: Question, bodies: list[str]) -> list[Step]:
    """What each body below brings to the change; a body in one book alone opened or closed."""
    steps = []
    for body in bodies:
        was, now = (_part(totals, question, body) for totals in (one, two))
        if was == now:
            continue
        if was is not None and now is not None:
            kind = "body"
        elif now is not None:
            kind = _how_it_came(one, question, body)
        else:
            came = _how_it_came(two, question, body)
            kind = {"opened": "closed", "moved_in": "moved_out"}.get(came, "no_longer_told")
        steps.append(Step(body, kind, (now or 0) - (was or 0)))
    return steps


def _part(totals: Totals, question: Question, body: str) -> int | None:
    """The surplus of a body, where it stands below the body asked about and is told."""
    if body not in totals.children(question.code, question.year):
        return None
    return totals.surplus(body, question.year, question.basis, question.scenario).pence


def _how_it_came(other: Totals, question: Question, body: str) -> str:
    """Why a body of one sum is not in that of the other book."""
    if not other.tree.exists(body, question.year):
        return "opened"
    if other.tree.parent(body, question.year) != question.code:
        return "moved_in"
    return "newly_told"


def _steps_by_line(one: Totals, two: Totals, question: Question, change: int) -> list[Step]:
    """What each line brings to the change; lines beside a stated position only where they explain it."""
    was, now = (_lines(totals, question) for totals in (one, two))
    names = sorted(set(was) | set(now))
    moved = {name: now.get(name, 0) - was.get(name, 0) for name in names}
    detail = {name: pence for name, pence in moved.items() if name not in WHOLE}
    if len(detail) != len(moved):
        states = [line for line in (ENTIRE, *WHOLE) if line in moved][:1]
        whole = {name: moved[name] for name in states}
        moved = detail if any(detail.values()) and sum(detail.values()) == change else whole
    return [Step(name, "line", pence) for name, pence in moved.items() if pence]


def _lines(totals: Totals, question: Question) -> dict[str, int]:
    """The lines of a surplus, signed."""
    found: dict[str, int] = {}
    lines = totals.position.lines
    series = totals.amounts.series(question.code, question.year, question.basis, question.scenario)
    for (line, _, _), rows in series.items():
        if lines[line].added or line in WHOLE:
            pence = lines[line].sign * fill(rows, months_needed(question.year)).pence
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

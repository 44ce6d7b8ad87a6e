"""From any figure back to what it rests on: rule, parameters, inputs, entries, cells, quotations.

The walk is one list of steps with depths, so that a terminal can draw it as a tree, a page can
link to it and JSON can carry it. A figure met twice is walked once and named after that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from controltotal.core.figure import Figure
from controltotal.core.legible import one_line
from controltotal.core.show import figure_name, figure_value
from controltotal.core.trace import Trace

Look = Callable[[str], "tuple[Figure, Trace] | None"]
Rows = Callable[[int], "Mapping[str, str] | None"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: how deep, what kind, what it is called, what it says."""

    depth: int
    kind: str  # figure, rule, parameter, entry, source, seen
    id: str
    text: str
    where: str = ""


def explain_steps(figure_id: str, look: Look, describe: Rows) -> list[Step]:
    """Every step from a figure down to cells and quotations, top first.

    `look` finds a figure and its trace by id; `describe` tells of a ledger entry: `where`,
    `detail`, `says`, and `source` with `quote` where it has one.
    """
    steps: list[Step] = []
    seen: set[str] = set()
    waiting = [(figure_id, 0)]
    while waiting:  # no call within a call: figures may rest on one another ten thousand deep
        name, depth = waiting.pop()
        found = look(name)
        if found is None:
            steps.append(Step(depth, "figure", name, "not a figure of this book"))
            continue
        figure, trace = found
        steps.append(Step(depth, "figure", name, f"{figure_name(figure)}: {figure_value(figure)}"))
        if name in seen:
            steps.append(Step(depth + 1, "seen", name, "explained above"))
            continue
        seen.add(name)
        steps.extend(Step(depth + 1, "rule", name, step) for step in trace.rule.splitlines())
        steps.extend(Step(depth + 1, "parameter", p.split(" ")[0], p) for p in trace.parameters)
        for entry in trace.entries:
            steps.extend(_of_entry(entry, depth + 1, describe(entry)))
        waiting.extend((inner, depth + 1) for inner in reversed(trace.inputs))
    return steps


def _of_entry(entry: int, depth: int, row: Mapping[str, str] | None) -> Iterator[Step]:
    """A ledger entry, and its source where it has one."""
    if row is None:
        yield Step(depth, "entry", str(entry), "not in force at this reading")
        return
    where = row["where"] + (f" ({row['detail']})" if row.get("detail") else "")
    yield Step(depth, "entry", str(entry), row["says"], where)
    if row.get("source"):
        yield Step(depth + 1, "source", row["source_id"], row["source"])


def steps_of(rows: Iterable[Mapping[str, Any]]) -> list[Step]:
    """The steps of an explanation, from the rows of its table `tree`."""
    return [Step(row["depth"], row["kind"], row["id"], row["text"], row["where"]) for row in rows]


def tree_text(steps: list[Step], most: int | None = None) -> str:
    """The steps as an indented tree for a terminal; at most `most` entries of one figure.

    A source is named where it changes, not after every entry that rests on it. What was taken from a
    published table is in no ledger, and so has no entry.

    >>> print(tree_text([Step(0, "figure", "gap/X", "Gap: £1.0m"), Step(1, "rule", "gap/X", "so")]))
    gap/X  Gap: £1.0m
      rule: so
    """
    lines: list[str] = []
    shown = hidden = 0
    source, depth = "", 0

    def close() -> None:
        nonlocal shown, hidden, source
        if hidden:
            lines.append(f"{'  ' * depth}and {hidden} more entries (--all lists them)")
        shown = hidden = 0
        source = ""

    for step in steps:
        if step.kind not in ("entry", "source"):
            close()
        lead = "  " * step.depth
        if step.kind == "figure":
            lines.append(f"{lead}{step.id}  {step.text}")
        elif step.kind == "entry":
            depth = step.depth
            if most is not None and shown >= most:
                hidden += 1
                continue
            shown += 1
            where = f", {step.where}" if step.where else ""
            named = f"entry {step.id}" if not step.id.startswith("-") else "published"
            lines.append(f"{lead}{named}{where}: {step.text}")
        elif step.kind == "source":
            if not hidden and step.text != source:
                source = step.text
                lines.append(f"{lead}source: {step.text}")
        else:
            lines.append(f"{lead}{step.kind}: {step.text}")
    close()
    return "\n".join(one_line(line) for line in lines)

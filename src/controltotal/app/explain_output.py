"""The first screen of `explain`: the figure in words, and as many levels as a screen holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from controltotal.app.brief_output import LINES, cut, screen_width
from controltotal.app.show import steps_of
from controltotal.core.explain import tree_text
from controltotal.core.figure import Figure
from controltotal.core.legible import one_line

if TYPE_CHECKING:
    from controltotal.core.result import Result

ENTRIES: Final = 2
"""Entries of one figure that the first screen lists."""


def explain_text(result: Result) -> str:
    """Whose figure it is and what it is, then what it rests on, the deepest levels left out."""
    steps, width = steps_of(result), screen_width()
    code = Figure(steps[0].id, None).organisation
    head = f"{result.names.get(code, code)}: {steps[0].text}."
    lines = [cut(one_line(text), width) for text in (head, *result.words)]
    room = LINES - len(lines) - 3
    tree: list[str] = []
    for deepest in sorted({step.depth for step in steps}, reverse=True):
        kept = [step for step in steps if step.depth <= deepest]
        tree = tree_text(kept, ENTRIES).split("\n")
        if len(tree) <= room:
            break
    left = len(steps) - len(kept)
    tree = [cut(line, width) for line in tree[:room]]
    more = f"{left} steps lie deeper: --detail shows them, --all every entry." if left else ""
    return "\n".join([*lines, "", *tree, *(["", more] if more else [])]) + "\n"

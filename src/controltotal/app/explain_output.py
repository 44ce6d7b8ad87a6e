"""The first screen of `explain`: the figure in words, and as many levels as a screen holds."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from controltotal.app.brief_output import LINES, screen_width
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
    lines = [line for text in (head, *result.words) for line in wrapped(one_line(text), width)]
    room = LINES - len(lines) - 3
    kept, tree = steps, wrapped(tree_text(steps, ENTRIES), width)
    for deepest in sorted({step.depth for step in steps}, reverse=True)[1:]:
        if len(tree) <= room:
            break
        kept = [step for step in steps if step.depth <= deepest]
        tree = wrapped(tree_text(kept, ENTRIES), width)
    left = len(steps) - len(kept)
    more = f"{left} steps lie deeper: --detail shows them, --all every entry." if left else ""
    return "\n".join([*lines, "", *tree[:room], *(["", more] if more else [])]) + "\n"


def wrapped(text: str, width: int) -> list[str]:
    """Lines within the width; what goes on stands two further in than its first line."""
    found: list[str] = []
    for line in text.split("\n"):
        lead = " " * (len(line) - len(line.lstrip()))
        body = textwrap.wrap(
            line.strip(), width, initial_indent=lead, subsequent_indent=f"{lead}    "
        )
        found += body or [""]
    return found

"""The answer of `explain`: whose figure it is and what it is, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from controltotal.core.explain import steps_of, tree_text
from controltotal.core.figure import Figure
from controltotal.core.result import Result
from controltotal.papers.sections import Section, TreeView

ENTRIES: Final = 2
"""Entries of one figure that are listed."""


def explain_views(result: Result) -> Iterator[Section]:
    """The whole tree, then the same with the deepest levels left out, one after the other."""
    steps = steps_of(result.tables["tree"])
    code = Figure(steps[0].id, None).organisation
    words = (f"{result.names.get(code, code)}: {steps[0].text}.", *result.words)
    for deepest in sorted({step.depth for step in steps}, reverse=True):
        kept = [step for step in steps if step.depth <= deepest]
        left = len(steps) - len(kept)
        more = f"{left} steps lie deeper: --detail shows them, --all every entry."
        tree = TreeView("", tree_text(kept, ENTRIES))
        yield Section("explain", "", words, tree=tree, points=(more,) if left else ())

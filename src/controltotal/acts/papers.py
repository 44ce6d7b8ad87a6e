"""Acts on what goes to a meeting: the words beside the figures, the cover of a paper, actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.rows import put_or_again

Cells = Mapping[str, str]
INSTEAD: Final = {
    "by": "Who says it (a role); who does the act where it is left out",
    "instead": "Number of the entry of the sentence whose place it takes",
}
"""Fields of `comment` that are no columns of its table, or mean more there."""


def comment(bench: Bench, fields: Cells) -> None:
    """Say something beside the figures, for the paper of a month; or say it in place of what was said."""
    cells = {name: text for name, text in fields.items() if name != "instead"}
    cells = {**cells, "by": cells.get("by") or bench.by, "on": bench.on.isoformat()}
    number = fields.get("instead", "")
    if not number:
        put_or_again(bench, "commentary", cells)
        return
    row = next((r for r in bench.position.book.commentary if str(r.entry) == number), None)
    if row is None:
        raise ActRefused(
            f"the sentence of entry {number} no longer stands",
            "commentary",
            "look at what stands now, and say in whose place yours is",
            column="instead",
        )
    if all(row.texts.get(name, "") == text for name, text in cells.items() if name != "on"):
        raise ActRefused("nothing would change", row.where, "say what changes")
    bench.withdraw(bench.position.entries[row.entry])
    bench.put("commentary", cells)


def paper(bench: Bench, fields: Cells) -> None:
    """Put a paper on the agenda of a meeting, with what it asks; or change its cover."""
    put_or_again(bench, "papers", {**fields, "known_on": bench.on.isoformat()})


def action(bench: Bench, fields: Cells) -> None:
    """Say what is being done, by whom and by when; or what became of it."""
    put_or_again(bench, "actions", {**fields, "known_on": bench.on.isoformat()})

"""Acts on offices: granted from a day on, and ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.rows import put_or_again
from controltotal.book.record import Record
from controltotal.book.row_keys import key_part, row_key


def grant(bench: Bench, fields: Mapping[str, str]) -> None:
    """Give a subject an office at an organisation, from a day on."""
    if not bench.actor.local and fields["subject"] == bench.actor.subject:
        raise ActRefused("nobody gives an office to themselves", "grants", "ask another")
    own = {"from": fields.get("from") or bench.on.isoformat(), "by": bench.by}
    put_or_again(bench, "grants", {**fields, **own, "known_on": bench.on.isoformat()})


def revoke(bench: Bench, fields: Mapping[str, str]) -> None:
    """End an office: the day before the act is its last day, and one that has not begun never does."""
    wanted = {
        name: key_part("grants", name, fields[name])
        for name in ("subject", "role", "organisation")
        if name in fields
    }
    found = [
        row
        for row in bench.position.book.grants
        if all(key_part("grants", c, row.texts.get(c, "")) == t for c, t in wanted.items())
        and (row.to is None or row.to >= bench.on)
    ]
    if not found:
        raise ActRefused(
            f"{fields['subject']} holds no such office on {bench.on}",
            "grants",
            "look at the grants",
        )
    for row in found:
        if row.from_ is not None and row.from_ >= bench.on:
            _take_back(bench, row)
        else:
            bench.again(row, {"to": (bench.on - timedelta(days=1)).isoformat()})


def _take_back(bench: Bench, row: Record) -> None:
    """Withdraw an office that was not held for a day, with all that was said of it before."""
    key = row_key("grants", row.texts)
    said = [r for r in bench.position.superseded if r.table == "grants"]
    for one in (row, *(r for r in said if row_key("grants", r.texts) == key)):
        bench.withdraw(bench.entries[one.entry - 1])

"""Acts on control totals: proposed by whoever sets them, accepted or refused by whoever must meet them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from controltotal.acts.bench import ActRefused, Bench
from controltotal.book.records import ControlTotal
from controltotal.book.row_keys import key_part

OF_ONE: Final = ("organisation", "year", "month", "scenario")
"""What tells the control totals of one body, period and scenario from others."""


def propose_total(bench: Bench, fields: Mapping[str, str]) -> None:
    """Propose a control total to a body; it binds nobody until it is accepted."""
    own = {"status": "proposed", "set_by": fields.get("set_by") or bench.by}
    bench.put("control_totals", {**fields, **own, "set_on": bench.on.isoformat()})
    bench.notices.append(f"{fields['organisation']} accepts or refuses it")


def _last(bench: Bench, fields: Mapping[str, str], *statuses: str) -> ControlTotal:
    """The last control total of a body and year that stands in one of these ways."""
    wanted = tuple(key_part("control_totals", name, fields.get(name, "")) for name in OF_ONE)
    found = _every(bench, wanted)
    found.sort(key=lambda row: (row.set_on or date.min, row.entry))
    if not found or found[-1].status not in statuses:
        has = f"the last is {found[-1].status}" if found else "there is none"
        raise ActRefused(
            f"no control total of {wanted[0]} is {' or '.join(statuses)}: {has}",
            found[-1].where if found else "control_totals",
            "look at what stands",
        )
    return found[-1]


def _of_the_same(bench: Bench, row: ControlTotal) -> list[ControlTotal]:
    """Every control total of the body, period and scenario of one, earliest known first."""
    return sorted(_every(bench, _about(row)), key=lambda one: (one.known or date.min, one.entry))


def _about(row: ControlTotal) -> tuple[str, ...]:
    return row.organisation, row.year, row.month or "", row.scenario or ""


def _every(bench: Bench, about: tuple[str, ...]) -> list[ControlTotal]:
    """Every control total of one body, period and scenario."""
    return [row for row in bench.position.book.control_totals if _about(row) == about]


def _answered(bench: Bench, row: ControlTotal, status: str) -> None:
    reason = {"reason": bench.why} if bench.why else {}
    day = bench.on.isoformat()
    own = {"status": status, "set_on": day, "known_on": day}
    bench.put("control_totals", {**row.texts, **own, **reason})


def accept_total(bench: Bench, fields: Mapping[str, str]) -> None:
    """Accept the control total that was proposed last: it then binds."""
    row = _last(bench, fields, "proposed")
    for other in _of_the_same(bench, row):
        if other.known == bench.on and other.status in ("accepted", "withdrawn"):
            raise ActRefused(
                f"one of {row.organisation} was {other.status} on {bench.on} already",
                other.where,
                "accept this one on a later day, or undo that first",
            )
    _answered(bench, row, "accepted")


def refuse_total(bench: Bench, fields: Mapping[str, str]) -> None:
    """Refuse the control total that was proposed last; needs a reason."""
    if not bench.why:
        raise ActRefused("a refusal needs a reason", "control_totals", "give the reason")
    _answered(bench, _last(bench, fields, "proposed"), "refused")


def withdraw_total(bench: Bench, fields: Mapping[str, str]) -> None:
    """Withdraw a control total that was proposed or accepted; needs a reason.

    A proposal that is withdrawn leaves the one that was accepted before it standing.
    """
    if not bench.why:
        raise ActRefused("a withdrawal needs a reason", "control_totals", "give the reason")
    row = _last(bench, fields, "proposed", "accepted")
    binding = [one for one in _of_the_same(bench, row) if one.status in ("accepted", "withdrawn")]
    if row.status == "proposed" and binding and binding[-1].status == "accepted":
        bench.withdraw(bench.position.entries[row.entry])
        bench.notices.append(f"the control total accepted on {binding[-1].set_on} stands")
        return
    _answered(bench, row, "withdrawn")

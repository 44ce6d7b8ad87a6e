"""Acts on control totals: proposed by whoever sets them, accepted or refused by whoever must meet them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from controltotal.acts.bench import ActRefused, Bench
from controltotal.book.fold import Position
from controltotal.book.records import ControlTotal
from controltotal.book.row_keys import key_part
from controltotal.core.schema import tables

OF_ONE: Final = ("organisation", "year", "month", "scenario")
"""What tells the control totals of one body, period and scenario from others."""
TERMS: Final = ("includes_support", "owner", "monitor", "consequence", "appeal")
"""What stays as it is when a control total takes the place of another, unless the new one says."""
NOTHING_KEPT: Final[Mapping[str, str]] = MappingProxyType({})


def propose_total(bench: Bench, fields: Mapping[str, str]) -> None:
    """Propose a control total to a body; it binds nobody until it is accepted.

    Whether support counts, who answers for it and its other terms stay as in the one in force, unless stated.
    """
    own = {"status": "proposed", "set_by": fields.get("set_by") or bench.by}
    bench.notices.append(f"{fields['organisation']} accepts or refuses it")
    kept = _taken_over(bench, fields)
    bench.put("control_totals", {**fields, **kept, **own, "set_on": bench.on.isoformat()})
    if not fields.get("includes_support") and "includes_support" not in kept:
        bench.notices.append(
            "it does not say whether support counts towards it: where there is support, "
            "the gap to it cannot be told"
        )


def in_force(position: Position, cells: Mapping[str, str]) -> ControlTotal | None:
    """The control total that binds a body in the period and scenario of some cells; else that of the year."""
    about = tuple(key_part("control_totals", name, cells.get(name, "")) for name in OF_ONE)
    for one in dict.fromkeys((about, (*about[:2], "", ""))):
        found = _answers(row for row in position.book.control_totals if _about(row) == one)
        if found and found[-1].status == "accepted":
            return found[-1]
    return None


def _answers(rows: Iterable[ControlTotal]) -> list[ControlTotal]:
    """Those that bind or bind no more, earliest known first."""
    found = [row for row in rows if row.status in ("accepted", "withdrawn")]
    return sorted(found, key=lambda one: (one.known or date.min, one.entry))


def _taken_over(bench: Bench, cells: Mapping[str, str]) -> dict[str, str]:
    """The terms of the control total in force that a new one does not state; told as a notice."""
    stands = in_force(bench.position, cells)
    if stands is None:
        return {}
    texts = stands.texts
    kept = {name: texts[name] for name in TERMS if texts.get(name) and not cells.get(name)}
    if kept:
        told = [_term_words(stands, name) for name in kept]
        bench.notices.append(f"as in the control total in force: {'; '.join(told)}")
    return kept


def _term_words(row: ControlTotal, name: str) -> str:
    if name == "includes_support":
        return f"support {'counts' if row.includes_support else 'does not count'} towards it"
    words = tables()["control_totals"].columns[name].description
    return words[:1].lower() + words[1:]


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


def _answered(
    bench: Bench, row: ControlTotal, status: str, kept: Mapping[str, str] = NOTHING_KEPT
) -> None:
    reason = {"reason": bench.why} if bench.why else {}
    day = bench.on.isoformat()
    own = {"status": status, "set_on": day, "known_on": day}
    bench.put("control_totals", {**row.texts, **kept, **own, **reason})


def accept_total(bench: Bench, fields: Mapping[str, str]) -> None:
    """Accept the control total that was proposed last: it then binds.

    What a proposal that came in a file does not say of support and of its other terms stays as it was.
    """
    row = _last(bench, fields, "proposed")
    for other in _of_the_same(bench, row):
        if other.known == bench.on and other.status in ("accepted", "withdrawn"):
            raise ActRefused(
                f"one of {row.organisation} was {other.status} on {bench.on} already",
                other.where,
                "accept this one on a later day, or undo that first",
            )
    _answered(bench, row, "accepted", _taken_over(bench, row.texts))


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
    binding = _answers(_of_the_same(bench, row))
    if row.status == "proposed" and binding and binding[-1].status == "accepted":
        bench.withdraw(bench.position.entries[row.entry])
        bench.notices.append(f"the control total accepted on {binding[-1].set_on} stands")
        return
    _answered(bench, row, "withdrawn")

"""Money between organisations, as its pages tell it: in words, and as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from controltotal.accounts.checks.transfers import unmoved
from controltotal.book.records import Transfer
from controltotal.core.calendar import day_words, year_label
from controltotal.core.money import format_money, format_pounds, position_words
from controltotal.service.section_parts import figure_address
from controltotal.service.web import name
from controltotal.verbs.moving import Effect, Moved, Standing
from controltotal.workings.repayment import YearOwed
from controltotal.workings.totals import Totals

KINDS: Final = {
    "neighbour_support": "Support from a neighbour",
    "top_slice": "Top slice",
    "deficit_support": "Deficit support",
    "local_price_modification": "Change of a local price",
    "other": "Something else",
}
"""Why money moves, as a form offers it."""
MECHANISMS: Final = {
    "resource_transfer": (
        "Money moves from one to the other",
        "The giver's position with support falls and the receiver's rises by the same sum.",
    ),
    "position_improvement": (
        "The giver improves its own position",
        "No money moves: the giver saves more than its control total asks, for the system.",
    ),
    "allocation_reduction": (
        "The giver's allocation is reduced",
        "The giver has less to spend by that sum, and the receiver holds it.",
    ),
}
"""How it works, as a form offers it, with what follows."""
STATUS: Final = {
    "proposed": ("Proposed", "waiting"),
    "agreed": ("Agreed", "good"),
    "refused": ("Refused", "stop"),
    "lapsed": ("Lapsed", "quiet"),
    "unknown": ("Not known", "quiet"),
}
"""How it stands, and the kind of the tag that says so."""
BASIS: Final = {"plan": "plan", "forecast": "forecast"}
SMALL: Final = 1_000_000_00
"""Pence below which a table is shown in thousands."""


def title_of(row: Transfer) -> str:
    """A transfer in a line."""
    return f"{format_pounds(row.amount)} from {name(row.from_)} to {name(row.to)}"


def status_words(row: Transfer) -> str:
    """How a transfer stands, in a word."""
    return STATUS.get(row.status, STATUS["unknown"])[0]


def kind_words(kind: str) -> str:
    """Why money moves, as people say it."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def terms(row: Transfer) -> list[tuple[str, str]]:
    """What was proposed, each term with its words."""
    how = MECHANISMS.get(row.mechanism, ("How it works is not said", ""))[0]
    found = [
        ("Reference", row.id),
        ("Year", year_label(row.year)),
        ("Amount", format_pounds(row.amount, 2)),
        ("Why", kind_words(row.kind)),
        ("How it works", how),
        ("Paid back", back_words(row)),
    ]
    if row.condition:
        found.append(("Condition", row.condition))
    if row.known:
        found.append(("Recorded", day_words(row.known)))
    return found


def back_words(row: Transfer) -> str:
    """When a transfer is paid back, in words."""
    if not row.repay_years:
        return "Not paid back" if not row.repay_from else "Over how many years is not stated"
    years = int(row.repay_years)
    over = "in one year" if years == 1 else f"over {years} years"
    start = f" from {year_label(row.repay_from)}" if row.repay_from else ""
    rate = f", with interest of {row.interest:.2%} a year" if row.interest else ", without interest"
    return f"{over[:1].upper()}{over[1:]}{start}{rate}"


def totals_still(totals: Totals, row: Transfer) -> list[tuple[str, str, str]]:
    """The bodies whose control totals do not move with a transfer: code, name, and what is to be done."""
    ways = {"from": "lowered", "to": "raised"}
    return [
        (code, name(code), f"to be {ways[end]} by {format_pounds(row.amount)}")
        for end in unmoved(totals, row)
        for code in (str(row.cell(end)),)
    ]


# -- what it does ----------------------------------------------------------------------------------


def effect_words(effects: Iterable[Effect]) -> list[str]:
    """What a transfer does to each body, in a sentence each: by its forecast, else by its plan."""
    told: dict[str, str] = {}
    for one in effects:
        sentence = _sentence(one)
        if sentence:
            told[one.after.organisation] = sentence  # the forecast comes after the plan
    return list(told.values())


def _sentence(one: Effect) -> str:
    before, after = one.before.with_support, one.after.with_support
    if before is None or after is None:
        return ""
    where = f"{name(one.after.organisation)}: the {one.after.basis} with support"
    if before == after:
        return f"{where} does not change: what one gives, the other has."
    gap = _gap(one.after)
    return f"{where} goes from {position_words(before)} to {position_words(after)}{gap}."


def _gap(one: Standing) -> str:
    if one.gap is None or one.control_total is None:
        return ""
    if one.gap == 0:
        return ", which meets its control total"
    side = "short of" if one.gap > 0 else "better than"
    return f", {format_pounds(abs(one.gap))} {side} its control total"


def effect_table(effects: Sequence[Effect]) -> dict[str, Any]:
    """Bodies and bases down; control total, position without and with support, gap: before and after."""
    unit = _unit(one.change for one in effects)
    rows = []
    moved = any(one.before.control_total != one.after.control_total for one in effects)
    for one in effects:
        was, now = one.before, one.after
        year = f"{now.organisation}/{now.year}/{now.basis}"
        rows.append(
            [
                {"words": name(now.organisation), "href": f"/organisations/{now.organisation}"},
                now.basis,
                *([_cell(was.control_total, unit)] if moved else []),
                _cell(now.control_total, unit, f"control_total/{year}"),
                _cell(was.without_support, unit, f"adjusted_surplus/{year}"),
                _cell(was.with_support, unit),
                _cell(now.with_support, unit),
                _cell(was.gap, unit),
                _cell(now.gap, unit),
            ]
        )
    heads = ["Organisation", "Basis"]
    numbers = (
        *(("Control total, before", "Control total, after") if moved else ("Control total",)),
        "Without support",
        "With support, before",
        "With support, after",
        "Short of control total, before",
        "Short of control total, after",
    )
    return {
        "headers": [*heads, *({"words": one, "right": True} for one in numbers)],
        "rows": rows,
        "caption": f"Before and after both agree ({unit}; deficits in brackets)",
    }


def _unit(pence: Iterable[int | None]) -> str:
    known = [abs(one) for one in pence if one]
    return "£k" if known and min(known) < SMALL else "£m"


def _cell(pence: int | None, unit: str, figure: str = "") -> Any:
    words = "not told" if pence is None else format_money(pence, unit, 0 if unit == "£k" else 1)
    if pence is None or not figure:
        return {"words": words}
    return {"words": words, "href": figure_address(figure), "title": "How it is made"}


def cases_table(moved: Moved, year: str) -> dict[str, Any]:
    """The same money under each way in which it could work, before the giver has saved it and after."""
    unit = _unit(_whole(one.get("pence")) for one in moved.cases)
    rows = [
        [
            MECHANISMS[str(one["mechanism"])][0],
            "saved" if one["stage"] == "after" else "not yet saved",
            {"giver": "giver", "receiver": "receiver", "region": "above both"}[str(one["role"])],
            name(str(one["organisation"])),
            _cell(_whole(one.get("pence")), unit),
        ]
        for one in moved.cases
    ]
    heads = ("How it works", "Whether the giver has saved it", "Side", "Organisation")
    return {
        "headers": [*heads, {"words": unit, "right": True}],
        "rows": rows,
        "caption": f"Support of this kind in {year_label(year)}, however it worked ({unit}; plan)",
    }


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


# -- what is paid back -----------------------------------------------------------------------------


def schedule_table(moved: Moved) -> dict[str, Any]:
    """Years down: what was agreed, what happened, what is still owed."""
    actual: Mapping[str, YearOwed] = {one.year: one for one in moved.actual}
    unit = _unit(sum_ for one in moved.years for sum_ in (one.repaid, one.interest))
    rows = []
    for one in moved.years:
        done = actual.get(one.year)
        rows.append(
            [
                year_label(one.year),
                _cell(one.repaid, unit),
                _cell(done.repaid, unit) if done else "not recorded",
                _cell(done.written_off, unit) if done else "",
                _cell(one.interest, unit) if one.interest else "",
                _cell(done.closing if done else one.closing, unit),
            ]
        )
    numbers = ("As agreed", "Paid back", "Written off", "Interest", "Owed at the end")
    return {
        "headers": ["Year", *({"words": one, "right": True} for one in numbers)],
        "rows": rows,
        "caption": f"What is paid back ({unit})",
    }

"""What numbers rest on that long questions reckon: a simulation, a list, a way to share.

Such a number is told as its paper had it and is not reckoned anew for a page about it. What it was
reckoned from is known without that: by the table that it stands in, and by what names its row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from controltotal.accounts.made_of import Rests, Row, entries_of
from controltotal.accounts.scheme_ground import Ground
from controltotal.accounts.scheme_rests import scheme_rows
from controltotal.book.record import Record
from controltotal.book.records import Scheme
from controltotal.core.figure import Figure
from controltotal.core.period import is_year, year_in
from controltotal.programme.phasing import in_plan
from controltotal.workings.totals import ADJUSTED, figure_id
from controltotal.workings.workings import Workings

TARGET: Final = "control_total"
REGISTER_STEPS: Final = ("risk register", "risks")
SAVED: Final[Mapping[str, bool | None]] = {
    "expected loss": True,
    "same money": True,
    "shut out": True,
    "does not count": False,
    "kept out": False,
    "if only what is assured delivers": False,
    "counted": True,
    "uncounted": False,
    "kept_out": False,
    "brought": True,
    "expected_loss": True,
    "same_money": True,
}
"""Steps and cases that are of schemes: whether of those that count."""


def reckoned_rests(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """What a number of a long question rests on, by what names its row; nothing where nobody can tell."""
    made = MAKERS.get(table)
    year = str(row.get("year") or workings.position.default_year)
    if made is None or not is_year(year):
        return Rests()
    return made(workings, column, {**row, "year": year})


def figure_rests(workings: Workings, figure: Figure) -> Rests:
    """What a figure of a long question rests on, without asking the question."""
    code, year = figure.organisation, figure.year
    if not is_year(year):
        return Rests()
    if figure.measure.startswith("opportunity"):
        return Rests(entries=_opportunities(workings, code, figure.part))
    if figure.measure == "shortfall":
        saved = figure_id("portfolio_saving", code, year, "plan")
        return Rests(figures=(*_ends(code, year)[:2], saved))
    if figure.measure.startswith("portfolio"):
        return Rests(entries=_schemes(workings, code, year, counted=True))
    return _simulated(workings, code, year)


def _ends(code: str, year: str) -> tuple[str, ...]:
    """The control total of a body, its forecast and its plan: what a position is held against."""
    target = figure_id(TARGET, code, year, "plan")
    return target, *(figure_id(ADJUSTED, code, year, one) for one in ("forecast", "plan", "actual"))


def _under(workings: Workings, code: str, year: str) -> set[str]:
    return {code, *workings.month.tree.descendants(code, year)}


def _schemes(
    workings: Workings, code: str, year: str, *, counted: bool | None = None
) -> tuple[int, ...]:
    """The schemes of a body's plan and of those below it: all, or those that count or do not."""
    ground = Ground(workings.savings, year)
    found = [
        one
        for one in ground.under(code)
        if in_plan(one) and (counted is None or (one.id in ground.counted) == counted)
    ]
    return scheme_rows(workings, found, year)


def _register(workings: Workings, code: str, year: str) -> tuple[int, ...]:
    inside = _under(workings, code, year)
    return entries_of(one for one in workings.position.book.risks if one.organisation in inside)


# -- the year simulated ----------------------------------------------------------------------------


def _simulated(workings: Workings, code: str, year: str) -> Rests:
    """All that a simulation of a body's year draws: its forecast, its schemes and its risks."""
    year = year_in(year)
    entries = (*_register(workings, code, year), *_schemes(workings, code, year))
    return Rests(figures=_ends(code, year)[1:], entries=entries)


def _of_draws(workings: Workings, column: str, row: Row) -> Rests:
    return _simulated(workings, str(row["organisation"]), str(row["year"]))


def _of_step(workings: Workings, column: str, row: Row) -> Rests:
    """A step from the forecast to the simulation, or from the gap to what remains; or a named case."""
    code, year = str(row["organisation"]), str(row["year"])
    step = str(row.get("step") or row.get("case") or "")
    target, forecast, plan, actual = _ends(code, year)
    if step in ("no scheme yet", "unidentified"):
        lacking = (figure_id("savings_unidentified", code, year, basis) for basis in _BASES)
        return Rests(figures=tuple(lacking))
    if step in REGISTER_STEPS:
        return Rests(entries=_register(workings, code, year))
    if step in SAVED:
        ends = (forecast,) if row.get("case") else ()
        return Rests(figures=ends, entries=_schemes(workings, code, year, counted=SAVED[step]))
    if step in ("forecast", "if the forecast holds"):
        short = (target,) if column == "short_pence" else ()
        return Rests(figures=(forecast, *short))
    if step in ("gap", "margin", "to_find", "recorded", "before_schemes"):
        return Rests(figures=(target, forecast, plan, actual))
    if row.get("case"):
        return Rests(figures=(plan, actual, figure_id("variance_to_date", code, year, "actual")))
    if step in ("chosen", "shortfall"):
        saved = figure_id("portfolio_saving", code, year, "plan")
        both = (target, forecast, saved) if step == "shortfall" else (saved,)
        return Rests(figures=both, entries=_schemes(workings, code, year, counted=True))
    return _simulated(workings, code, year)


_BASES: Final = ("plan", "forecast")


def _of_driver(workings: Workings, column: str, row: Row) -> Rests:
    """One risk, mitigation or scheme of a simulation: its own rows."""
    name, book = str(row.get("driver") or "").rpartition(" ")[2], workings.position.book
    own: list[Record] = [one for one in book.risks if one.id == name]
    schemes: list[Scheme] = [one for one in book.schemes if one.id == name]
    return Rests(entries=(*entries_of(own), *scheme_rows(workings, schemes, str(row["year"]))))


# -- a list, an opportunity ------------------------------------------------------------------------


def _of_list(workings: Workings, column: str, row: Row) -> Rests:
    """What a modelled list saves of a body, or leaves of its control total."""
    code, year = str(row["organisation"]), str(row["year"])
    saved = figure_id("portfolio_saving", code, year, "plan")
    if column == "saving":
        return Rests(figures=(saved,), entries=_schemes(workings, code, year, counted=True))
    target, forecast, *_ = _ends(code, year)
    return Rests(figures=(target, forecast, saved, figure_id("shortfall", code, year, "plan")))


def _opportunities(workings: Workings, code: str, part: str) -> tuple[int, ...]:
    """The opportunities of a body and those below it; of one view alone, where a part names it."""
    inside = _under(workings, code, workings.position.default_year) if code else set()
    words = part.replace("view/", "").split(", ") if part.startswith("view/") else []
    rows = [one for one in workings.position.book.opportunities if one.organisation in inside]
    own = [one for one in rows if words and one.view == words[0]]
    return entries_of(own or rows)


# -- ways to share ---------------------------------------------------------------------------------


def _of_share(workings: Workings, column: str, row: Row) -> Rests:
    """What a payer bears: who it is, its people, its need and its allocation; of all where none is named."""
    position, year = workings.position, str(row["year"])
    payers = {str(row["organisation"])} if row.get("organisation") else _payers(workings)
    rows: list[Record] = [one for one in position.book.organisations if one.code in payers]
    if column in ("score", "share_most_deprived_fifth"):
        return Rests(entries=entries_of(rows))
    rows += [
        one
        for one in position.book.facts
        if one.organisation in payers and one.fact in _SHARED_BY and one.year == year
    ]
    totals = workings.month.totals.amounts
    for code in sorted(payers):
        rows += [one for some in totals.line(code, year, "plan", "", "allocation") for one in some]
    return Rests(entries=entries_of(rows))


_SHARED_BY: Final = ("weighted_population", "target_allocation", "headroom")
"""Facts by which what is to be borne is divided."""


def _payers(workings: Workings) -> set[str]:
    """Those who hold allocations, among whom a sum is shared."""
    tree = workings.month.tree
    return {code for code in tree.organisations if tree.kind(code) == "commissioner"}


MAKERS: Final[Mapping[str, Callable[[Workings, str, Row], Rests]]] = {
    "cases": _of_step,
    "step_sums": _of_step,
    "steps": _of_step,
    "missing": _of_step,
    "fan": _of_draws,
    "quantiles": _of_draws,
    "measured": _of_draws,
    "drivers": _of_driver,
    "tornado": _of_driver,
    "control_totals": _of_list,
    "binding": _of_list,
    "shares": _of_share,
    "approaches": _of_share,
    "equity": _of_share,
    "who_pays_for_whom": _of_share,
}
"""By table: what its numbers are reckoned from."""

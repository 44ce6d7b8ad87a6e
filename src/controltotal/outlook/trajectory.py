"""Question 4, how long to clear it: the gap year by year, and what must still be funded meanwhile.

gap(t) = gap(t-1) + pressure(t) - recurrent saving(t), and what schemes already in the plan bring
more or less than in the starting year: a part-year saving reaches its full year, and one that does
not repeat falls away. The saving needed is spread evenly over the years asked for, to clear the gap
to the control total or to break-even. The deficit of every year until then must be funded by
somebody, and it is the surplus below nil whatever the target: a body in surplus that is short of
its control total has none. Both hold only if savings recur and no new pressure arises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from controltotal.book.asking import amount_typed
from controltotal.book.records import Fact
from controltotal.core.calendar import year_label
from controltotal.core.errors import BookError
from controltotal.core.money import format_pounds, instalments, position_words
from controltotal.core.result import Answer, Result
from controltotal.core.show import value_text
from controltotal.outlook.paths import BASIS_ORDER, Path, paths
from controltotal.workings.measured import support_that_counts
from controltotal.workings.stated import hedged
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings

TARGETS = ("breakeven", "control_total")


def answer_trajectory(
    workings: Workings,
    *,
    years: int = 3,
    start: str | None = None,
    to: str | None = None,
    organisation: str | None = None,
    year: str | None = None,
    saving: int | str | None = None,
    non_recurrent: Fraction = Fraction(0),
) -> Result:
    """The gap of each body over the years after its start, and the saving needed to clear it.

    `saving` (pence a year, or text in the book's unit; with the share that does not repeat) asks
    what a given saving would do, instead of what would clear the gap.
    """
    position = workings.position
    to = _target_read(to)
    unit = ""
    if isinstance(saving, str):
        saving, unit = amount_typed(position, "--saving", saving)
    options: dict[str, Any] = {
        "years": years,
        "from": start,
        "to": to,
        "year": year,
        "organisation": organisation,
        "saving": saving,
        "saving_read_in": unit or None,
        "non_recurrent": float(non_recurrent) or None,
    }
    answer = Answer("trajectory", position.ref, {k: v for k, v in options.items() if v is not None})
    begins = start or (year if _begins(workings, years, year, to) else None)
    for code in _asked(workings, organisation):
        needs = {}
        for path in paths(workings, code, years, begins, to):
            needed = _put(answer, workings.totals, path, saving, non_recurrent)
            if needed:
                needs[path] = max(needed)
        _unprecedented(answer, workings.totals, needs)
    if saving is not None and unit:
        answer.words(
            f"The saving was typed without a unit and read in {unit}: {format_pounds(saving)}.",
            topic="trajectory",
        )
    return answer.result() if year in (None, begins) else _of_year(answer.result(), str(year))


def _begins(workings: Workings, years: int, year: str | None, to: str | None) -> bool:
    """Whether any path can start in the year asked for; else it is a year that a path reaches."""
    return year is not None and any(
        paths(workings, code, years, year, to) for code in workings.tree.organisations
    )


def _asked(workings: Workings, organisation: str | None) -> list[str]:
    """The bodies asked for: all, or one and those below it in any year of the book."""
    tree = workings.tree
    if not organisation:
        return list(tree.organisations)
    below = {organisation}
    for year in workings.position.years:
        below |= set(tree.descendants(organisation, year))
    return [code for code in tree.organisations if code in below]


def _target_read(to: str | None) -> str | None:
    """The target as people write it: `break-even` as well as `breakeven`."""
    if to is None:
        return None
    plain = to.strip().lower().replace("-", "_").replace(" ", "_")
    plain = {"break_even": "breakeven"}.get(plain, plain)
    if plain not in TARGETS:
        raise BookError(f"--to reads {to!r}", "the command", f"give {' or '.join(TARGETS)}")
    return plain


def _of_year(result: Result, year: str) -> Result:
    """The figures of one year ahead alone."""
    kept = tuple(f for f in result.figures if f.id.split("/")[2] == year)
    if not kept:
        raise BookError(
            f"no path reaches {year_label(year)}",
            "the command",
            "ask for more --years, or another year to start --from",
        )
    ids = {figure.id for figure in kept}
    return replace(result, figures=kept, trace={k: v for k, v in result.trace.items() if k in ids})


def _put(
    answer: Answer, totals: Totals, path: Path, saving: int | None, share: Fraction
) -> list[int]:
    """The figures of one path, and the saving that it needs in each year."""
    main = path.scenario or "base"
    rule = f"gap to {_target(path)} at the start, before savings"

    def put(
        measure: str,
        year: str,
        value: float | None,
        rule: str,
        inputs: list[str],
        unit: str = "pence",
        part: str = "",
    ) -> str:
        name = "/".join(p for p in (measure, path.code, year, "forecast", main, part) if p)
        lack = "not_stated" if value is None else ""
        answer.figure(
            name, value, unit, rule=rule, inputs=inputs, entries=path.entries, unknown=lack
        )
        return name

    before = put("trajectory_gap", path.start, path.gap, rule, [path.start_id])
    whole = max(0, path.gap + sum(path.turns))
    needed = instalments(whole, len(path.years)) if path.years else []
    if saving is not None:
        needed = [saving] * len(path.years)
    allocation = totals.allocation(path.code, path.start, path.scenario)
    if not allocation.known:
        allocation = totals.allocation(path.code, path.start)
    if not allocation.known:
        for basis in BASIS_ORDER:
            allocation = totals.income(path.code, path.start, basis)
            if allocation.known:
                break
    _put_planned(put, path, before)
    gap, deficit = path.gap, 0
    beyond = -path.surplus - path.gap  # the deficit that the target itself allows
    in_plan_too = ", with what schemes in the plan bring more or less" if _moves(path) else ""
    ways = zip(path.years, path.turns, path.prices_by_year, needed, strict=True)
    for year, turn, price, each in ways:
        once = int(each * share)
        after = gap + turn - each
        need = put(
            "saving_needed", year, each, "the gap and the pressures ahead, spread evenly", [before]
        )
        if allocation.pence:
            rule = "saving needed over the allocation or total income of the starting year"
            put("saving_needed_share", year, each / allocation.pence, rule, [need], "share")
        else:
            put(
                "saving_needed_share",
                year,
                None,
                "no allocation or income is stated",
                [need],
                "share",
            )
        gap = after + once  # what does not repeat is back the year after
        before = put(
            "trajectory_gap",
            year,
            gap if share else after,
            "gap before, plus pressure, less recurrent saving" + in_plan_too,
            [before, need],
        )
        deficit += max(0, after + beyond + price)  # less support is no deficit without support
        put(
            "cumulative_deficit",
            year,
            deficit,
            f"{'deficits' if beyond else 'gaps'} of the years after the start, added up",
            [before],
        )
    if any(needed):
        _table(answer, path, main, needed, share)
    _words(answer, totals, path, needed, deficit, allocation)
    return needed


def _put_planned(put: Callable[..., str], path: Path, before: str) -> None:
    """Where the savings already planned lead, where a book states any."""
    if not any(recurrent or once for recurrent, once in path.planned):
        return
    gap = path.gap
    for year, turn, (recurrent, once) in zip(path.years, path.turns, path.planned, strict=True):
        gap += turn - recurrent
        put(
            "trajectory_gap",
            year,
            gap - once,
            "gap before, plus pressure, less the recurrent and once-only savings planned",
            [before],
            part="planned",
        )


def _table(answer: Answer, path: Path, part: str, needed: list[int], share: Fraction) -> None:
    rows = []
    prices = path.prices_by_year
    for year, pressure, (recurrent, once), carried, price, each in zip(
        path.years, path.pressures, path.planned, path.carried, prices, needed, strict=True
    ):
        rows.append(
            {
                "organisation": path.code,
                "scenario": part,
                "year": year,
                "measured_to": path.target,
                "pressure_pence": pressure,
                "flow_through_pence": carried.flow_through,
                "ended_pence": carried.ended,
                "saving_needed_pence": each,
                "of_which_once_only_pence": int(each * share),
                "planned_recurrent_pence": recurrent,
                "planned_once_only_pence": once,
                **({"price_modification_pence": price} if path.prices else {}),
            }
        )
    answer.table("path", rows)


def best_saving(totals: Totals, code: str, before: str) -> tuple[int, str, int] | None:
    """The best year's saving delivered up to a year: pence, year, ledger entry."""
    found = [
        (int(row.value), row.year, row.entry)
        for row in totals.position.book.facts
        if row.organisation == code
        and row.fact == "savings_delivered"
        and row.year <= before
        and not row.month
        and not row.scheme
    ]
    by_year: dict[str, tuple[int, int]] = {}
    for pence, year, entry in found:
        by_year[year] = (by_year.get(year, (0, 0))[0] + pence, entry)
    if not by_year:
        return None
    year, (pence, entry) = max(by_year.items(), key=lambda item: item[1][0])
    return pence, year, entry


def never_fell(totals: Totals, code: str) -> Fact | None:
    """The row that says that a body's spending never fell in any year; it is no saving of nil."""
    return next(
        (
            row
            for row in totals.position.book.facts
            if (row.organisation, row.fact) == (code, "spending_ever_fell") and row.value == 0
        ),
        None,
    )


def _unprecedented(answer: Answer, totals: Totals, needs: Mapping[Path, int]) -> None:
    """A warning where the saving needed on a body's paths is above anything achieved before."""
    if not needs:
        return
    first = next(iter(needs))
    best = best_saving(totals, first.code, first.start)
    never = never_fell(totals, first.code) if best is None else None
    most = best[0] if best is not None else 0
    over = {path: pence for path, pence in needs.items() if pence > most}
    if (best is None and never is None) or not over:
        return
    rows = [r for r in totals.position.book.facts if best is not None and r.entry == best[2]]
    rows = rows or ([never] if never is not None else [])
    done = (
        "its spending has never fallen in any year"
        if best is None
        else f"the most it has done is {format_pounds(most)}, in {year_label(best[1])}"
    )
    found = _needed_by_path(over)
    answer.finding(
        code="UNPRECEDENTED",
        severity="warning",
        organisation=first.code,
        where=rows[0].where if rows else "facts",
        message=f"{totals.tree.name(first.code)} would need to save {found} in a year; {done}.",
        expected="a saving of a size made before"
        if best is None
        else f"at most {format_pounds(most)}",
        found=found,
        action="Say what is different this time, or take longer and fund the deficit meanwhile.",
        detail=rows[0].detail if rows else "",
    )


def _needed_by_path(over: Mapping[Path, int]) -> str:
    """The saving needed on the main path, and on each scenario where it is another."""
    main = {path.scenario: pence for path, pence in over.items()}
    start = main.pop("", None)
    others = {name: pence for name, pence in main.items() if pence != start}
    said = ", ".join(
        f"{format_pounds(pence)} on {name.replace('_', ' ')}"
        for name, pence in sorted(others.items(), key=lambda one: (one[1], one[0]))
    )
    if start is None:
        return said
    return format_pounds(start) + (f" ({said})" if said else "")


def _target(path: Path) -> str:
    return "the control total" if path.target == "control total" else path.target


def _way(path: Path) -> str:
    """From which position to which a path to a control total leads; nothing on the way to nil."""
    if path.target != "control total":
        return ""
    return f" (from {position_words(path.surplus)} to {position_words(path.surplus + path.gap)})"


def _moves(path: Path) -> bool:
    """Whether schemes already in the plan bring more or less in a year ahead."""
    return any(one.flow_through or one.ended for one in path.carried)


def _words(
    answer: Answer, totals: Totals, path: Path, needed: list[int], deficit: int, allocation: Value
) -> None:
    if not needed or (not any(needed) and not deficit):
        return
    name = totals.tree.name(path.code) + (f" ({path.scenario})" if path.scenario else "")
    funded = f"{format_pounds(deficit)} of deficit must still be funded"
    start = year_label(path.start)
    if any(needed):
        share = (
            f" ({value_text(needed[0] / allocation.pence, 'share')} of its money)"
            if allocation.pence
            else ""
        )
        meanwhile = funded if deficit else "there is no deficit to be funded"
        told = [
            f"{name}: to clear {_hedged(totals, path)} to {_target(path)} over the "
            f"{len(needed)} years asked from {start}{_way(path)} takes "
            f"{format_pounds(needed[0])} a year{share}; "
            f"meanwhile {meanwhile}. Both hold only if savings recur and no new pressure arises."
        ]
    else:
        told = [
            f"{name}: {_target(path)} is met in {start} with a deficit; over the {len(needed)} "
            f"years after it {funded}."
        ]
    last = path.carried[-1]
    if last.flow_through or last.ended:
        told.append(
            f"{name}: by {year_label(path.years[-1])} schemes already in the plan bring "
            f"{format_pounds(last.flow_through)} more than in {start}, and "
            f"{format_pounds(last.ended)} of their savings do not repeat."
        )
    told += _support_kept(totals, path, name)
    for text in told:
        answer.words(text, topic="trajectory", about=path.code, year=path.start)


def _hedged(totals: Totals, path: Path) -> str:
    """The gap to be cleared, with the hedge of the position that it starts from."""
    starts = totals.adjusted(path.code, path.start, path.start_id.split("/")[3], path.scenario)
    return hedged(format_pounds(max(path.gap, 0)), starts.qualifier)


def _support_kept(totals: Totals, path: Path, name: str) -> list[str]:
    """That a path to a control total which counts support takes the support to go on."""
    if path.target != "control total" or path.scenario:
        return []
    counted = support_that_counts(totals, path.code, path.start, path.start_id.split("/")[3]).pence
    if not counted:
        return []
    falls = else_ = ""
    if path.prices:
        pairs = list(zip(path.years, path.prices, strict=True))
        ends = " and ".join(
            f"{value_text(price, 'pence')} in {year_label(year)}"
            for year, price in dict.fromkeys((pairs[0], pairs[-1]))
        )
        falls = (
            f", save that its local price modification moves by its taper: {ends} beside that year"
        )
    return [
        f"{name}: the control total counts {format_pounds(abs(counted))} of support "
        f"{'received' if counted > 0 else 'given'} in {year_label(path.start)}, and the path takes it "
        f"to be the same in every year after{falls}; what {else_}is agreed for those years, and what is to "
        "be paid back in them, is not in it."
    ]

"""The ten questions, one function each: they introduce the rooms to each other and hold no rule.

Every verb takes a `Position` (or the address of a book) and gives a `Result`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from controltotal.core.show import DRAWERS

if TYPE_CHECKING:
    from controltotal.core.result import Result
    from controltotal.position.fold import Position


def read(book: str | Path | Position, as_at: str | int | date | None = None) -> Position:
    """The Position of a book in any form, as at an entry or a date (else as it stands)."""
    from controltotal.position.fold import Position as Folded
    from controltotal.position.fold import fold
    from controltotal.sources.books import read_book

    if isinstance(book, Folded):
        return book
    return fold(read_book(book), as_at)


def _asked(
    reading: Position, year: str | None = None, organisation: str | None = None
) -> Position:
    """The position, if it has the body and the year asked for; else what it has, as a refusal."""
    from difflib import get_close_matches

    from controltotal.core.calendar import year_label
    from controltotal.core.errors import BookError

    codes = reading.tree.organisations
    if organisation is not None and organisation not in codes:
        near = get_close_matches(organisation, list(codes), n=1) or list(codes)[:3]
        raise BookError(
            f"there is no organisation {organisation!r} in the book", reading.ref.name,
            f"give a code such as {', '.join(near)}" if near else "list it in organisations",
        )  # fmt: skip
    if year is not None and reading.years and year[:7] not in reading.years:
        has = ", ".join(year_label(one) for one in reading.years)
        raise BookError(
            f"the book says nothing of {year_label(year)}", reading.ref.name, f"it has {has}"
        )
    return reading


def check(
    book: str | Path | Position, year: str | None = None, organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:  # fmt: skip
    """Question 1, does it add up: every finding of a book at once, and nothing else."""
    return _found(_asked(read(book, as_at), year, organisation), year, organisation)


@lru_cache(maxsize=4)
def _found(reading: Position, year: str | None, organisation: str | None) -> Result:
    """The findings of a reading; kept, because `position` and the pack tell them too."""
    from controltotal.core.result import Answer
    from controltotal.position.answer import years_asked
    from controltotal.position.checks import findings
    from controltotal.position.totals import Totals
    from controltotal.position.trajectory import answer_trajectory
    from controltotal.rules.reconcile import reconcile

    totals = Totals(reading)
    given = {"year": year, "organisation": organisation}
    answer = Answer("check", reading.ref, {k: v for k, v in given.items() if v})
    answer.add_findings(findings(reading, totals, years_asked(reading, year)))
    answer.add_findings(reconcile(reading, totals))
    answer.add_findings(answer_trajectory(reading, organisation=organisation).findings)
    if reading.rows("repayments"):  # more repaid than owed, or owed after the term
        told = [f for f in share(reading).findings if f.severity != "information"]
        answer.add_findings(told)
    return _only(answer.result(), reading, year, organisation)


def _only(result: Result, reading: Position, year: str | None, organisation: str | None) -> Result:
    """A check asked for one body keeps the findings of that body, those below, and of no body."""
    from dataclasses import replace

    if organisation is None:
        kept = result.findings
    else:
        years = [year] if year else list(reading.years)
        below = {organisation}
        for one in years:
            below |= set(reading.tree.descendants(organisation, one))
        kept = tuple(f for f in result.findings if not f.organisation or f.organisation in below)
    errors = sum(f.severity == "error" for f in kept)
    warnings = sum(f.severity == "warning" for f in kept)
    words = (
        f"{reading.ref.name}: {errors} error{'s' if errors != 1 else ''} and {warnings} "
        f"warning{'s' if warnings != 1 else ''}."
        + ("" if kept else " Nothing was found that does not add up.")
    )
    return replace(result, findings=kept, words=(words,))


def position(
    book: str | Path | Position, year: str | None = None, organisation: str | None = None,
    as_at: str | int | date | None = None, *, strict: bool = False, regime: str | None = None,
) -> Result:  # fmt: skip
    """Question 2, where are we: surplus, control total, gap, underlying and cash at every level.

    The rules that bind each body stand beside them. `strict` leaves out what rests on parameters
    that nobody has verified; `regime` asks what `system` or `body` balance would say in any year.
    """
    from controltotal.core.result import Answer
    from controltotal.position.answer import answer_position
    from controltotal.position.totals import Totals
    from controltotal.rules.answer import answer_rules

    reading = read(book, as_at)
    totals = Totals(reading)
    found = answer_position(reading, year, organisation, totals)
    asked = {"strict": True} if strict else {}
    options = {**found.options, **asked, **({"regime": regime} if regime else {})}
    answer = Answer("position", reading.ref, options)
    answer.include(found)
    answer.include(
        answer_rules(reading, year, organisation, strict=strict, regime=regime or "", totals=totals)
    )
    return answer.result()


def _whole_year(reading: Position, year: str | None) -> str:
    """The year asked for, else the book's own; a half or none at all is refused."""
    from controltotal.core.calendar import CalendarError, parse_year
    from controltotal.core.errors import BookError

    try:
        return parse_year(year or reading.default_year)
    except CalendarError as error:
        raise BookError(
            f"no year to answer for: {year}" if year else "the book names no year",
            reading.ref.name, "give a whole financial year, such as 2026/27",
        ) from error  # fmt: skip


def forecast(
    book: str | Path | Position, year: str | None = None, organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:  # fmt: skip
    """Question 3, where are we heading: the outturn by every method that applies, reconciled."""
    from controltotal.forecast.outturn import answer_forecast
    from controltotal.position.totals import Totals

    reading = _asked(read(book, as_at), year, organisation)
    return answer_forecast(Totals(reading), _whole_year(reading, year), organisation)


def calibrate(
    book: str | Path | Position | None = None, as_at: str | int | date | None = None
) -> Result:
    """How wide honest intervals are: the public record, and a book's own past schemes."""
    from controltotal.forecast.calibrate import answer_calibrate
    from controltotal.position.totals import Totals

    return answer_calibrate(None if book is None else Totals(read(book, as_at)))


def risk(
    book: str | Path | Position, draws: int = 10_000, seed: int = 1, threads: int | None = None,
    independent: bool = False, pipeline: bool = False, year: str | None = None,
    organisation: str | None = None, as_at: str | int | date | None = None,
    distribution: str = "pert", tell: Callable[[int, int], None] | None = None,
) -> Result:  # fmt: skip
    """Question 7, will it deliver: the distribution at every node, chances, and what drives it.

    `tell(done, draws)` is called as the draws go on.
    """
    from controltotal.forecast.candidates import candidates
    from controltotal.forecast.delivery import RiskOptions, answer_risk
    from controltotal.position.eligibility import eligible
    from controltotal.position.totals import Totals

    reading = _asked(read(book, as_at), year, organisation)
    good, bad = eligible(reading)
    options = RiskOptions(
        _whole_year(reading, year), year is None, organisation, draws, seed, threads,
        independent, pipeline, distribution,
    )  # fmt: skip
    return answer_risk(Totals(reading), candidates(good, bad, pipeline=pipeline), options, tell)


def trajectory(
    book: str | Path | Position, years: int = 3, start: str | None = None, to: str | None = None,
    organisation: str | None = None, year: str | None = None, saving: int | None = None,
    non_recurrent: Fraction = Fraction(0), as_at: str | int | date | None = None,
) -> Result:  # fmt: skip
    """Question 4, how long to clear it: the gap year by year and the saving needed each year."""
    from controltotal.position.trajectory import answer_trajectory

    return answer_trajectory(
        read(book, as_at), years=years, start=start, to=to, organisation=organisation, year=year,
        saving=saving, non_recurrent=non_recurrent,
    )  # fmt: skip


def share(
    book: str | Path | Position, gap: int | str | None = None, givers: Sequence[str] = (),
    to: str = "", policy: str = "all", repay_years: int | None = None, pot: bool = False,
    year: str | None = None, organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:  # fmt: skip
    """Question 8, who pays and is it fair: a gap under named policies, or what transfers owe.

    `gap` is in pence, or text such as "£25m"; `givers` and `to` are codes.
    """
    from controltotal.core.money import parse_money
    from controltotal.sharing.answer import answer_share
    from controltotal.sharing.book import opportunity_left

    reading = read(book, as_at)
    pence = parse_money(gap) if isinstance(gap, str) else gap
    left: dict[str, int] = {}
    asked = policy in ("", "all") or "rapid" in policy or "opportunity" in policy
    if pence is not None and asked and reading.rows("opportunities"):
        one = year or reading.default_year
        left = opportunity_left(reading, one, opportunities(reading, year=one))
    return answer_share(
        reading, pence, givers=givers, receiver=to, policy=policy, repay_years=repay_years,
        pot=pot, year=year, organisation=organisation, opportunities=left,
    )  # fmt: skip


def portfolio(
    book: str | Path | Position, year: str | None = None, organisation: str | None = None,
    as_at: str | int | date | None = None, *, years: int = 1, objectives: Sequence[str] = (),
    gap: float = 0.01, fairness: Fraction | None = None,
) -> Result:  # fmt: skip
    """Question 6, which schemes, safely: the best eligible schemes and starts, with a certificate.

    `objectives` in their stated order; `gap` is what a large book may leave unproved; `fairness`
    how far above its fair share of the savings a body may go.
    """
    from controltotal.savings.portfolio.answer import DEFAULT_OBJECTIVES, answer_portfolio

    return answer_portfolio(
        _asked(read(book, as_at), year, organisation), year, organisation, years=years,
        objectives=tuple(objectives) or DEFAULT_OBJECTIVES, gap=gap, fairness=fairness,
    )  # fmt: skip


def opportunities(
    book: str | Path | Position | None = None, year: str | None = None,
    organisation: str | None = None, as_at: str | int | date | None = None, *,
    data: str | Path | None = None, areas: Sequence[str] = (), measures: Sequence[str] = (),
    period: str | None = None, benchmark: str | None = None,
) -> Result:  # fmt: skip
    """Question 5, what could be saved without counting twice: by a book's lists, by benchmarks.

    `data` is a folder of benchmark files; without it the packaged extract answers when areas,
    measures or a period are asked for.
    """
    from controltotal.savings.answer import answer_opportunities

    reading = None if book is None else read(book, as_at)
    return answer_opportunities(
        reading, year, organisation, data=data, areas=areas, measures=measures, period=period,
        benchmark=benchmark,
    )  # fmt: skip


def decide(
    book: str | Path | Position, year: str | None = None, organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:  # fmt: skip
    """Question 9, who decides and who is bound: outcome, dissent and exact voting power."""
    from controltotal.governance.answer import answer_decide

    return answer_decide(read(book, as_at), year, organisation)


def boundaries(
    book: str | Path | Position | None = None, vintage: str = "2021", threshold: float = 0.02,
    year: str | None = None, as_at: str | int | date | None = None,
) -> Result:  # fmt: skip
    """Question 9, who sits where: systems against upper-tier authorities, and money by place."""
    from controltotal.governance.answer_boundaries import answer_boundaries

    reading = None if book is None else read(book, as_at)
    return answer_boundaries(reading, vintage, threshold, year)


def compare(
    first: str | Path | Position, second: str | Path | Position, year: str | None = None,
    organisation: str | None = None,
) -> Result:  # fmt: skip
    """The bridge between two books, or two dates of one (`BOOK@2019-05-01`), residual named."""
    from controltotal.position.compare import answer_compare

    return answer_compare(_dated(first), _dated(second), year, organisation)


def _dated(book: str | Path | Position) -> Position:
    """A book, or `BOOK@DATE`."""
    if isinstance(book, str) and "@" in book.rpartition("/")[2]:
        address, _, moment = book.rpartition("@")
        return read(address, moment)
    return read(book)


def explain(
    book: str | Path | Position, figure: str, as_at: str | int | date | None = None
) -> Result:
    """Any figure back to its rule, parameters, inputs, ledger entries, cells and quotations."""
    from controltotal.core.errors import BookError
    from controltotal.core.explain import explain_steps
    from controltotal.core.result import Answer, Figure
    from controltotal.core.trace import Trace
    from controltotal.position.describe import describe

    reading = read(book, as_at)
    answers: dict[str, Result] = {}

    def look(name: str) -> tuple[Figure, Trace] | None:
        from controltotal.core.measures import measure

        verb = measure(name.split("/")[0]).verb or "position"
        if verb not in answers:
            answers[verb] = _answer_for(verb, reading, figure)
        found = answers[verb].figure(name)
        return (found, answers[verb].trace[name]) if found else None

    if look(figure) is None:
        raise BookError(
            f"there is no figure {figure}", reading.ref.name,
            "list the figures with `controltotal position BOOK --json`, or check the spelling",
        )  # fmt: skip
    steps = explain_steps(figure, look, lambda entry: describe(reading, entry))
    answer = Answer("explain", reading.ref, {"figure": figure})
    for step in steps:
        found = look(step.id) if step.kind == "figure" else None
        if found and not answer.has(step.id):
            one, trace = found
            answer.figure(
                one.id, one.value, one.unit, one.status, low=one.low, high=one.high,
                rule=trace.rule, inputs=trace.inputs, parameters=trace.parameters,
                entries=trace.entries,
            )  # fmt: skip
    answer.table(
        "tree",
        [{"depth": s.depth, "kind": s.kind, "id": s.id, "text": s.text, "where": s.where}
         for s in steps],
    )  # fmt: skip
    return answer.result()


def _answer_for(verb: str, reading: Position, figure: str) -> Result:
    """The verb's whole answer, from which a figure of its measures is explained."""
    found: Any = globals().get(verb)
    if verb in ("boundaries", "share"):
        return _governing_answer(verb, reading, figure)
    if found is None or verb in ("check", "explain", "compare"):
        found = position
    result: Result = found(reading)
    return result


def _governing_answer(verb: str, reading: Position, figure: str) -> Result:
    """The answer that holds a figure of `boundaries` or `share`, as a pack would show it."""
    from controltotal.position.places import VINTAGES, vintage_for
    from controltotal.sharing.policy import POLICIES

    steps = figure.split("/")
    if verb == "boundaries":
        if steps[2] in VINTAGES:
            return boundaries(reading, vintage=steps[2])
        return boundaries(reading, vintage=vintage_for(steps[2]), year=steps[2])
    made = _governing(reading, reading.default_year).get("sharing")
    if made is not None and len(steps) > 4 and steps[4] in POLICIES:
        shared: Result = made()
        return shared
    return share(reading)


def convert(source: str, target: str, history: bool = False, force: bool = False) -> int:
    """A book in another form, every row in force without loss; returns the rows carried."""
    from controltotal.sources.convert import convert_book

    return convert_book(source, target, history=history, force=force)


def schemes(
    book: str | Path | Position, year: str | None = None, organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:  # fmt: skip
    """The savings schemes: which count and why not, quality, gates, engagement, month by month."""
    from controltotal.position.scheme_answer import answer_schemes

    return answer_schemes(read(book, as_at), year, organisation)


def register(
    book: str | Path | Position, year: str | None = None, as_at: str | int | date | None = None
) -> Result:
    """Who is who, how control totals nest, promises, withheld items and sources, as they stand."""
    from controltotal.position.register import answer_register

    return answer_register(read(book, as_at), year)


def pack_results(reading: Position, year: str | None = None, tell: Any = None) -> dict[str, Result]:
    """Every answer a pack is made from, by verb; `tell(verb)` is called before each."""
    chosen = year or reading.default_year or None
    makers: dict[str, Any] = {
        "position": lambda: position(reading),
        "check": lambda: check(reading),
        "forecast": lambda: forecast(reading, chosen),
        "trajectory": lambda: trajectory(reading),
        "calibrate": lambda: calibrate(reading),
        "register": lambda: register(reading, chosen),
    }
    if reading.rows("schemes") or reading.rows("risks"):
        makers["risk"] = lambda: risk(reading, year=chosen)
    if reading.rows("schemes"):
        makers["schemes"] = lambda: schemes(reading, chosen)
    if reading.rows("transfers"):
        makers["share"] = lambda: share(reading)
    if reading.rows("opportunities"):
        makers["opportunities"] = lambda: opportunities(reading)
    makers |= _governing(reading, chosen)
    results: dict[str, Result] = {}
    for verb, make in makers.items():
        if tell is not None:
            tell(verb)
        results[verb] = make()
    return results


def _governing(reading: Position, year: str | None) -> dict[str, Any]:
    """Who pays, who decides and who sits where, for a book that has something to say on it."""
    from controltotal.position.places import areas, vintage_for
    from controltotal.sharing.occasion import occasion

    makers: dict[str, Any] = {}
    found = occasion(reading, year) if year else None
    if found is not None:
        makers["sharing"] = lambda: share(
            reading, found.gap, found.givers, found.receiver, pot=found.pot, year=year,
            organisation=found.organisation or None,
        )  # fmt: skip
    if reading.rows("decisions"):
        makers["decide"] = lambda: decide(reading)
    vintage = vintage_for(year) if year else "2021"
    if set(reading.tree.organisations) & set(areas(vintage).codes["system"]):
        makers["boundaries"] = lambda: boundaries(reading, vintage=vintage, year=year)
    return makers


def report(
    book: str | Path | Position, output: str, organisation: str | None = None,
    year: str | None = None, as_at: str | int | date | None = None, tell: Any = None,
) -> Result:  # fmt: skip
    """The board pack, as .html, .pdf or .xlsx; the answer is that of `check`, so that errors are told."""
    from controltotal.core.errors import BookError
    from controltotal.publish.pack import pack_html
    from controltotal.publish.workbook import pack_workbook

    reading = read(book, as_at)
    form = output.rpartition(".")[2].lower()
    if form not in ("html", "xlsx", "pdf"):
        raise BookError(
            f"a pack cannot be written as .{form}",
            output,
            "name a file that ends in .html, .pdf or .xlsx",
        )
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    results = pack_results(reading, year, tell)
    if tell is not None:
        tell("writing")
    if form == "html":
        Path(output).write_text(pack_html(results, organisation), encoding="utf-8")
    elif form == "pdf":
        from controltotal.publish.pdf import pack_pdf

        Path(output).write_bytes(pack_pdf(results, organisation))
    else:
        pack_workbook(results, output, organisation)
    return results["check"]


def _drawn(result: Result) -> str:
    """The chart that a notebook shows with an answer."""
    from controltotal.publish.notebook import draw

    return draw(result)


DRAWERS.update({"position": _drawn, "trajectory": _drawn})

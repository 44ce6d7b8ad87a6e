"""What runs across the ten questions: explain, compare, convert, and the board pack.

On the floor of `verbs`, whose answers these bring together; they hold no rule either.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from controltotal.core.result import DRAWERS
from controltotal.verbs.asking import asked, years_read
from controltotal.verbs.questions import Book

if TYPE_CHECKING:
    from controltotal.book.fold import Position
    from controltotal.core.result import Result
    from controltotal.workings.workings import Workings


@years_read
def compare(
    first: Book,
    second: Book,
    year: str | None = None,
    organisation: str | None = None,
) -> Result:
    """The bridge between two books, or two dates of one (`BOOK@2019-05-01`), residual named."""
    from controltotal.accounts.compare import answer_compare

    one, two = _dated(first), _dated(second)
    _either_has(one.position, two.position, year, organisation)
    return answer_compare(one, two, year, organisation)


def _either_has(
    first: Position, second: Position, year: str | None, organisation: str | None
) -> None:
    """Refuse a year or a body of which neither book says anything; one that has it will do."""
    from controltotal.core.errors import BookError

    for given in ({"year": year}, {"organisation": organisation}):
        try:
            asked(first, **given)
        except BookError:
            asked(second, **given)


def _dated(book: Book) -> Workings:
    """A book, or `BOOK@DATE`."""
    from controltotal.verbs import questions

    if isinstance(book, str) and "@" in book.rpartition("/")[2]:
        address, _, moment = book.rpartition("@")
        return questions.opened(address, moment)
    return questions.opened(book)


def explain(
    book: Book,
    figure: str,
    as_at: str | int | date | None = None,
    within: Result | None = None,
) -> Result:
    """Any figure back to its rule, parameters, inputs, ledger entries, cells and quotations.

    `within` is the answer that the figure comes from, where its verb was asked with options of
    its own (a typed gap, other draws); without it the verb is asked as it is without options.
    """
    from controltotal.accounts.describe import describe
    from controltotal.core.errors import BookError
    from controltotal.core.explain import explain_steps
    from controltotal.core.figure import Figure
    from controltotal.core.result import Answer
    from controltotal.core.trace import Trace
    from controltotal.verbs import questions

    workings = questions.opened(book, as_at)
    reading = workings.position
    answers: dict[str, Result] = {}

    def look(name: str) -> tuple[Figure, Trace] | None:
        from controltotal.core.measures import measure

        stated = within.figure(name) if within is not None else None
        if within is not None and stated is not None:
            return stated, within.trace[name]
        verb = measure(name.split("/")[0]).verb or "position"
        if verb not in answers:
            answers[verb] = _answer_for(verb, workings, figure)
        found = answers[verb].figure(name)
        return (found, answers[verb].trace[name]) if found else None

    top = look(figure)
    if top is None:
        of_a_gap = figure.startswith(("share/", "share_", "repayment/", "equity_"))
        raise BookError(
            f"there is no figure {figure}",
            reading.ref.name,
            "give the options of the `share` that showed it, such as --gap and --to"
            if of_a_gap and within is None
            else "list the figures with `controltotal position BOOK --json`, or check the spelling",
        )
    steps = explain_steps(figure, look, lambda entry: describe(reading, entry))
    answer = Answer("explain", reading.ref, {"figure": figure})
    source = within if within is not None and within.figure(figure) is not None else None
    source = source or next((one for one in answers.values() if one.figure(figure)), None)
    if source is not None and source.verb in ("risk", "share"):
        answer.words(f"As `{source.verb}` answers {_with(source.options)}.", topic="explain")
    for step in steps:
        found = look(step.id) if step.kind == "figure" else None
        if found and not answer.has(step.id):
            one, trace = found
            answer.figure(
                one.id,
                one.value,
                one.unit,
                one.status,
                low=one.low,
                high=one.high,
                rule=trace.rule,
                inputs=trace.inputs,
                parameters=trace.parameters,
                entries=trace.entries,
            )
    answer.table(
        "tree",
        [
            {"depth": s.depth, "kind": s.kind, "id": s.id, "text": s.text, "where": s.where}
            for s in steps
        ],
    )
    return answer.result()


def _with(options: Mapping[str, Any]) -> str:
    """The options of an answer in words, sums of money as money.

    >>> _with({"draws": 2000, "seed": 1}), _with({})
    ('with draws 2000, seed 1', 'without options')
    """
    from controltotal.core.money import format_pounds

    told = []
    for name, value in options.items():
        text = format_pounds(value) if name == "gap" else str(value)
        if isinstance(value, list):
            text = ", ".join(str(one) for one in value)
        told.append(f"{name.replace('_', ' ')} {text}")
    return f"with {', '.join(told)}" if told else "without options"


def _answer_for(verb: str, workings: Workings, figure: str) -> Result:
    """The verb's whole answer, from which a figure of its measures is explained."""
    from controltotal.verbs import evidence, questions

    found: Any = getattr(questions, verb, None) or getattr(evidence, verb, None)
    if verb in ("boundaries", "share"):
        return _governing_answer(verb, workings, figure)
    if verb == "schemes":
        return schemes(workings, year=figure.split("/")[2])
    if found is None or verb in ("check", "explain", "compare"):
        found = questions.position
    result: Result = found(workings)
    return result


def _governing_answer(verb: str, workings: Workings, figure: str) -> Result:
    """The answer that holds a figure of `boundaries` or `share`, as a pack would show it."""
    from controltotal.core.places import VINTAGES, vintage_for
    from controltotal.sharing.policy import POLICIES
    from controltotal.verbs import questions

    steps = figure.split("/")
    if verb == "boundaries":
        if steps[2] in VINTAGES:
            return questions.boundaries(workings, vintage=steps[2])
        return questions.boundaries(workings, vintage=vintage_for(steps[2]), year=steps[2])
    made = _governing(workings, workings.position.default_year).get("sharing")
    if made is not None and len(steps) > 4 and steps[4] in POLICIES:
        shared: Result = made()
        return shared
    return questions.share(workings)


def convert(source: str, target: str, history: bool = False, force: bool = False) -> int:
    """A book in another form, every row in force without loss; returns the rows carried."""
    from controltotal.sources.convert import convert_book

    return convert_book(source, target, history=history, force=force)


def schemes(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """The savings schemes: which count and why not, quality, gates, engagement, month by month."""
    from controltotal.accounts.scheme_answer import answer_schemes
    from controltotal.verbs import questions

    return answer_schemes(questions.opened(book, as_at), year, organisation)


def register(book: Book, year: str | None = None, as_at: str | int | date | None = None) -> Result:
    """Who is who, how control totals nest, promises, withheld items and sources, as they stand."""
    from controltotal.accounts.register import answer_register
    from controltotal.verbs import questions

    return answer_register(questions.opened(book, as_at), year)


def pack_results(
    book: Book, year: str | None = None, tell: Any = None, organisation: str | None = None
) -> dict[str, Result]:
    """Every answer a pack is made from, by verb; `tell(verb)` is called before each."""
    from controltotal.verbs import evidence, questions

    workings = questions.opened(book)
    reading = workings.position
    chosen = year or reading.default_year or None
    makers: dict[str, Any] = {
        "position": lambda: questions.position(workings),
        "check": lambda: questions.check(workings),
        "trajectory": lambda: questions.trajectory(workings),
        "calibrate": lambda: questions.calibrate(workings),
        "register": lambda: register(workings, chosen),
    }
    if chosen:
        makers["forecast"] = lambda: questions.forecast(workings, chosen)
    if chosen and (reading.book.schemes or reading.book.risks):
        makers["risk"] = lambda: questions.risk(workings, year=year)
        if organisation:
            makers["risk_focus"] = lambda: questions.risk(
                workings, year=chosen, organisation=organisation
            )
    if reading.book.schemes:
        makers["schemes"] = lambda: schemes(workings, chosen)
    if reading.book.schemes and chosen and len(chosen) == 7:
        makers["portfolio"] = lambda: questions.portfolio(workings, chosen)
    if reading.book.transfers:
        makers["share"] = lambda: questions.share(workings)
    if reading.book.opportunities:
        makers["opportunities"] = lambda: questions.opportunities(workings)
    if reading.book.control_totals or reading.book.challenges:
        makers["challenge"] = lambda: evidence.challenge(workings, chosen)
    if reading.book.successions:
        makers["history"] = lambda: evidence.history(workings)
    makers |= _governing(workings, chosen)
    results: dict[str, Result] = {}
    for verb, make in makers.items():
        if tell is not None:
            tell(verb)
        results[verb] = make()
    return results


def _governing(workings: Workings, year: str | None) -> dict[str, Any]:
    """Who pays, who decides and who sits where, for a book that has something to say on it."""
    from controltotal.core.places import areas, vintage_for
    from controltotal.sharing.occasion import occasion
    from controltotal.verbs import questions

    reading = workings.position
    makers: dict[str, Any] = {}
    found = occasion(workings, year) if year else None
    if found is not None:
        makers["sharing"] = lambda: questions.share(
            workings,
            found.gap,
            found.givers,
            found.receiver,
            pot=found.pot,
            year=year,
            organisation=found.organisation or None,
        )
    if reading.book.decisions:
        makers["decide"] = lambda: questions.decide(workings)
    vintage = vintage_for(year) if year else "2021"
    if set(reading.tree.organisations) & set(areas(vintage).codes["system"]):
        makers["boundaries"] = lambda: questions.boundaries(workings, vintage=vintage, year=year)
    return makers


def report(
    book: Book,
    output: str,
    organisation: str | None = None,
    year: str | None = None,
    as_at: str | int | date | None = None,
    tell: Any = None,
) -> Result:
    """The board pack, as .html, .pdf or .xlsx; the answer is that of `check`, so that errors are told."""
    from controltotal.core.errors import BookError
    from controltotal.papers.pack import board_pack
    from controltotal.papers.page import page_html
    from controltotal.papers.workbook import paper_workbook
    from controltotal.verbs import questions

    workings = questions.opened(book, as_at)
    form = output.rpartition(".")[2].lower()
    if form not in ("html", "xlsx", "pdf"):
        raise BookError(
            f"a pack cannot be written as .{form}",
            output,
            "name a file that ends in .html, .pdf or .xlsx",
        )
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    results = pack_results(workings, year, tell, organisation)
    if tell is not None:
        tell("writing")
    pack = board_pack(results, organisation)
    if form == "html":
        Path(output).write_text(page_html(pack), encoding="utf-8")
    elif form == "pdf":
        from controltotal.papers.pdf import paper_pdf

        Path(output).write_bytes(paper_pdf(pack))
    else:
        Path(output).write_bytes(paper_workbook(pack))
    return results["check"]


def _drawn(result: Result) -> str:
    """The chart that a notebook shows with an answer."""
    from controltotal.papers.notebook import draw

    return draw(result)


DRAWERS.update(dict.fromkeys(("position", "trajectory", "forecast", "risk", "calibrate"), _drawn))

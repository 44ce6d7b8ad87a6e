"""From any figure back to what it rests on: the verb, body and year of each figure are asked, no more.

A verb asked about a body answers those below it as well, so most of what a figure rests on stands in
the answer that holds it; what does not is asked of its own verb, body and year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from controltotal.accounts.describe import describe
from controltotal.book.commentary import comment_words
from controltotal.book.fold import Position
from controltotal.core.errors import BookError
from controltotal.core.explain import Step, explain_steps
from controltotal.core.figure import Figure
from controltotal.core.measures import measure
from controltotal.core.money import format_pounds
from controltotal.core.period import year_in
from controltotal.core.places import VINTAGES, vintage_for
from controltotal.core.progress import Progress
from controltotal.core.result import Answer, Result
from controltotal.core.trace import Trace
from controltotal.sharing.occasion import occasion
from controltotal.sharing.policy import POLICIES
from controltotal.verbs.agreeing import share_of_book
from controltotal.verbs.loading import load
from controltotal.verbs.long import long
from controltotal.verbs.opening import Book, Moment, named, opened, years_read
from controltotal.workings.workings import Workings

NARROWED: Final[Mapping[str, tuple[str, ...]]] = {
    "position": ("organisation", "year"),
    "forecast": ("organisation", "year"),
    "risk": ("organisation",),
    "schemes": ("organisation", "year"),
    "challenge": ("organisation", "year"),
    "history": ("organisation", "year"),
    "trajectory": ("organisation",),
    "portfolio": ("year",),
    "calibrate": (),
    "decide": (),
    "opportunities": (),
}
"""By verb: what of a figure's address may narrow the question without changing the figure."""


@long
@years_read
def explain(
    book: Book,
    figure: str,
    as_at: Moment = None,
    *,
    gap: int | str | None = None,
    from_: str | Sequence[str] = (),
    to: str | None = None,
    policy: str = "all",
    repay_years: int | None = None,
    pot: bool = False,
    no_spare: bool = False,
    benchmarks: str | None = None,
    draws: int | None = None,
    seed: int | None = None,
    within: Result | None = None,
    month: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Any figure back to its rule, parameters, inputs, ledger entries, cells and quotations.

    `figure` is an id such as `gap/QE1/2020-21/plan`, as every answer and every page shows it.
    A share of a gap that was typed is found with the options of that `share`: `gap` and, with it,
    `from_`, `to`, `policy`, `repay_years`, `pot`, `no_spare` and `benchmarks`; a figure of `risk`
    with its `draws` and `seed`, as the answer that shows it names them. `within` is the answer that
    shows the figure, where its verb was asked with other options of its own (other draws); without
    either the verb is asked as it is without options. `month` and `late` are those of the
    `position`, `forecast` or `risk` that showed it.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds the figure with all those that it rests on, and the table `tree`: what is under
    what, how deep, and where it stands in the book. A figure that there is not is a `BookError`.

    >>> rows = explain("examples/nene-2013", "gap/04G/2013-14/forecast").tables["tree"]
    >>> rows[0]["kind"], rows[0]["id"]
    ('figure', 'gap/04G/2013-14/forecast')
    """
    workings = _opened_to(book, as_at, figure, month, book_only)
    reading = workings.position
    within = within or _as_late(workings, late, figure, draws, seed)
    if within is None and gap is not None:
        address = figure.split("/")
        shown = len(address) > 2 and address[0] not in ("repayment", "balance_owed")
        year = address[2] if shown else None
        within = load("share")(
            workings,
            gap,
            from_,
            to,
            policy,
            repay_years,
            pot,
            year,
            no_spare=no_spare,
            benchmarks=benchmarks,
        )
    within = within or _drawn(workings, draws, seed)
    answers = Answers(workings, within)
    if answers.look(figure) is None:
        of_a_gap = measure(figure.split("/")[0]).verb == "share" and within is None
        raise BookError(
            f"there is no figure {figure}",
            reading.ref.name,
            "give the options of the `share` that showed it, such as --gap and --to"
            if of_a_gap
            else "list the figures with `controltotal position BOOK --json`, or check the spelling",
        )
    steps = explain_steps(figure, answers.look, lambda entry: describe(reading, entry))
    answer = Answer("explain", reading.ref, {"figure": figure})
    source = answers.source(figure)
    if source is not None and source.verb in ("risk", "share"):
        told = dict(source.options)
        if source.verb == "risk":  # a body narrows what is shown and changes no value
            told.pop("organisation", None)
        answer.words(f"As `{source.verb}` answers {_with(told)}.", topic="explain")
    _carry_all(answer, answers, steps)
    _said_beside(answer, reading, steps)
    answer.table("tree", [_row(step) for step in steps])
    return named(answer.result(), workings)


def _carry_all(answer: Answer, answers: Answers, steps: Sequence[Step]) -> None:
    """Every figure on the way, once."""
    for step in steps:
        found = answers.look(step.id) if step.kind == "figure" else None
        if found is not None and not answer.has(step.id):
            _carry(answer, *found)


def _opened_to(
    book: Book, as_at: Moment, figure: str, month: str | None, book_only: bool
) -> Workings:
    """The book, read to a month of a figure's year where one is asked for."""
    address = figure.split("/")
    of_year = address[2] if month and len(address) > 2 else None
    return opened(book, as_at, of_year, book_only=book_only, month=month)


def _as_late(
    workings: Workings, late: str | None, figure: str, draws: int | None, seed: int | None
) -> Result | None:
    """The answer that shows a figure with what is done about those who are late; None without a choice."""
    if late is None:
        return None
    verb = measure(figure.split("/")[0]).verb
    verb = verb if verb in ("forecast", "risk") else "position"
    year = Figure(figure, None).year if verb == "forecast" else ""
    given = {"draws": draws, "seed": seed} if verb == "risk" else {"year": year or None}
    told = {name: value for name, value in given.items() if value is not None}
    found: Result = load(verb)(workings, late=late, **told)
    return found


def _said_beside(answer: Answer, reading: Position, steps: Sequence[Step]) -> None:
    """What people say of the figure and of those that it rests on: conditions, drivers."""
    explained = {step.id for step in steps if step.kind == "figure"}
    for said in reading.book.commentary:
        if said.about in explained:
            answer.words(comment_words(reading, said), topic="explain")


def _drawn(workings: Workings, draws: int | None, seed: int | None) -> Result | None:
    """The answer of `risk` with these draws and this seed; None where neither is given."""
    given = {"draws": draws, "seed": seed}
    told = {name: number for name, number in given.items() if number is not None}
    answer: Result | None = load("risk")(workings, **told) if told else None
    return answer


def _with(options: Mapping[str, object]) -> str:
    """The options of an answer in words, sums of money as money.

    >>> _with({"draws": 2000, "seed": 1}), _with({})
    ('with draws 2000, seed 1', 'without options')
    """
    told = []
    for name, value in options.items():
        text = str(value)
        if name == "gap" and isinstance(value, int):
            text = format_pounds(value)
        elif isinstance(value, list | tuple):
            text = ", ".join(str(one) for one in value)
        told.append(f"{name.replace('_', ' ')} {text}")
    return f"with {', '.join(told)}" if told else "without options"


def _carry(answer: Answer, figure: Figure, trace: Trace) -> None:
    answer.figure(
        figure.id,
        figure.value,
        figure.unit,
        figure.status,
        low=figure.low,
        high=figure.high,
        rule=trace.rule,
        inputs=trace.inputs,
        parameters=trace.parameters,
        entries=trace.entries,
        qualifier=figure.qualifier,
        to=figure.to,
    )


def _row(step: Step) -> dict[str, object]:
    return {
        "depth": step.depth,
        "kind": step.kind,
        "id": step.id,
        "text": step.text,
        "where": step.where,
    }


Question = tuple[str, str, str]
"""A verb with the body and year that it is asked about, empty where the whole is."""


class Answers:
    """The figures of a book, asked for one verb, body and year at a time and kept."""

    def __init__(self, workings: Workings, within: Result | None = None) -> None:
        self.workings = workings
        self._asked: set[Question] = set()
        self._known: dict[str, tuple[Figure, Trace]] = {}
        self._from: dict[str, Result] = {}
        if within is not None:
            self._take(within)

    def source(self, name: str) -> Result | None:
        """The answer from which a figure is known."""
        return self._from.get(name)

    def _take(self, result: Result) -> None:
        for figure in result.figures:
            if figure.id not in self._known:
                self._known[figure.id] = (figure, result.trace[figure.id])
                self._from[figure.id] = result

    def look(self, name: str) -> tuple[Figure, Trace] | None:
        """A figure with its trace; its verb is asked about its body and year if it is not known."""
        for question in self._questions(Figure(name, None)):
            if name in self._known:
                break
            if question not in self._asked:
                self._asked.add(question)
                self._keep(question, name)
        return self._known.get(name)

    def _questions(self, figure: Figure) -> Iterator[Question]:
        """What to ask for a figure: its body and year, then its body, then the whole book.

        The wider questions are for the few figures that only they answer: a body that reports
        nothing is told of under its parent, and a challenge looks at years before the book's.
        """
        verb = measure(figure.measure).verb
        verb = verb if verb in NARROWED or verb in ("share", "boundaries") else "position"
        narrowed = NARROWED.get(verb, ())
        known = figure.organisation in self.workings.tree.organisations
        body = figure.organisation if "organisation" in narrowed and known else ""
        year = year_in(figure.year) if "year" in narrowed else ""
        yield from dict.fromkeys(((verb, body, year), (verb, body, ""), (verb, "", "")))

    def _keep(self, question: Question, name: str) -> None:
        """Ask, and keep every figure of the answer; a narrow question may be refused."""
        try:
            result = self._ask(question, Figure(name, None))
        except BookError:
            if question[1:] == ("", ""):
                raise
            return
        self._take(result)

    def _ask(self, question: Question, figure: Figure) -> Result:
        verb, body, year = question
        if verb == "share":
            return _shared(self.workings, figure)
        if verb == "boundaries":
            return _placed(self.workings, figure)
        given = {"organisation": body, "year": year}
        result: Result = load(verb)(self.workings, **{k: v for k, v in given.items() if v})
        return result


def _placed(workings: Workings, figure: Figure) -> Result:
    """The answer of `boundaries` at the vintage or in the year of a figure."""
    boundaries = load("boundaries")
    result: Result = (
        boundaries(workings, vintage=figure.year)
        if figure.year in VINTAGES
        else boundaries(workings, vintage=vintage_for(figure.year), year=figure.year)
    )
    return result


def _shared(workings: Workings, figure: Figure) -> Result:
    """What transfers owe, or for a figure of a policy the gap that a pack would share."""
    year = workings.position.default_year
    found = occasion(workings, year) if year and figure.part.split("/")[0] in POLICIES else None
    if found is not None and year:
        return share_of_book(workings, found, year)
    result: Result = load("share")(workings)
    return result

"""Where the book stands: does it add up, where are we, how long to clear it, which schemes count.

Questions 1, 2 and 4, and what a book says of schemes, bodies, mergers and its own past. They are
answered from one reading by adding up, so that they load nothing that is slow.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from controltotal.accounts.checks import findings
from controltotal.accounts.compare import answer_compare
from controltotal.accounts.history import answer_history
from controltotal.accounts.register import answer_register
from controltotal.accounts.row_history import answer_row_history
from controltotal.accounts.scheme_answer import answer_schemes
from controltotal.accounts.statement import answer_position
from controltotal.book.asking import years_asked
from controltotal.book.fold import Position
from controltotal.core.errors import BookError
from controltotal.core.finding import gathered
from controltotal.core.progress import Progress
from controltotal.core.result import Answer, Result
from controltotal.core.sentence import Sentence
from controltotal.outlook.trajectory import answer_trajectory
from controltotal.rules.answer import answer_rules, unknown_waivers
from controltotal.rules.capped_ranking import answer_capped
from controltotal.rules.local_price import price_not_as_due
from controltotal.rules.reconcile import reconcile
from controltotal.rules.support_at_risk import answer_support_at_risk
from controltotal.sharing.owed import answer_owed
from controltotal.verbs.asking import YEARS_MOST, one_of, refuse_outside
from controltotal.verbs.late_bodies import untouched
from controltotal.verbs.long import long
from controltotal.verbs.opening import (
    Book,
    Moment,
    code_of,
    named,
    names_of,
    opened,
    refuse_unknown,
    year_read,
    years_read,
)
from controltotal.verbs.wording import wording_findings
from controltotal.workings.late import late_typed
from controltotal.workings.leading import scope_of
from controltotal.workings.workings import Workings

SYSTEMS_MOST = 1000
"""The most systems that a cap can be asked to choose."""


@long
@years_read
def check(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    *,
    month: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Question 1, does it add up: every fault of a book at once, and nothing else.

    `year` (such as `2019/20`) and `organisation` (a code: it and those below it) narrow what is
    told; without them the whole book is. `as_at` is a ledger entry or a day.
    `month` (such as `M6`) leaves out the actuals after it and takes the forecast known by the end
    of the month that follows; with `as_at` both hold.
    `late` is taken as `position` takes it and named in the answer; a check is
    of what the book says, and nothing that stands in is.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds findings: each says which body, which table and row, what was expected, what
    was found and what to do. `result.has_errors` is True where one of them is an error. A body or
    year that the book does not have is a `BookError`.

    >>> check("examples/nene-2013").has_errors
    False
    """
    workings = opened(book, as_at, year, organisation, book_only, month)
    organisation = code_of(workings.position, organisation)
    found = untouched(_checked(workings, year, organisation), late, "a check is of what is told")
    return named(found, workings)


def _checked(workings: Workings, year: str | None, organisation: str | None) -> Result:
    """The findings of a reading; made once, because `position` and the paper tell them too."""
    label = ("check", year, organisation)
    return workings.once(label, lambda: _findings(workings, year, organisation))


def _findings(workings: Workings, year: str | None, organisation: str | None) -> Result:
    reading = workings.position
    given = {"year": year, "organisation": organisation}
    answer = Answer("check", reading.ref, {k: v for k, v in given.items() if v})
    answer.add_findings(findings(workings, years_asked(reading, year)))
    answer.add_findings(reconcile(workings))
    answer.add_findings(price_not_as_due(workings))
    answer.add_findings(unknown_waivers(reading))
    answer.add_findings(wording_findings(workings, year, organisation))
    answer.add_findings(answer_trajectory(workings, organisation=organisation).findings)
    if reading.book.repayments:  # more repaid than owed, or owed after the term
        owed = Answer("share", reading.ref)
        answer_owed(owed, workings)
        told = owed.result().findings
        answer.add_findings(f for f in told if f.severity != "information")
    return _only(answer.result(), reading, year, organisation)


def _only(result: Result, reading: Position, year: str | None, organisation: str | None) -> Result:
    """A check asked for one body keeps the findings of that body, those below, and of no body."""
    if organisation is None:
        kept = result.findings
    else:
        years = [year] if year else list(reading.years)
        below = {organisation}
        for one in years:
            below |= set(reading.tree.descendants(organisation, one))
        kept = tuple(f for f in result.findings if f.about(below))
    kept = tuple(gathered(kept))
    errors = sum(f.severity == "error" for f in kept)
    warnings = sum(f.severity == "warning" for f in kept)
    text = (
        f"{reading.ref.name}: {errors} error{'s' if errors != 1 else ''} and {warnings} "
        f"warning{'s' if warnings != 1 else ''}."
        + ("" if kept else " Nothing was found that does not add up.")
    )
    sentence = Sentence(organisation or "", year or "", "check", text)
    return replace(result, findings=kept, sentences=(sentence,))


@long
@years_read
def position(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    *,
    strict: bool = False,
    regime: str | None = None,
    threshold: str | None = None,
    number: int | None = None,
    month: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Question 2, where are we: surplus, control total, gap, underlying, cash, at every level.

    `year` (such as `2019/20`) and `organisation` (a code: it and those below it) narrow the answer;
    without a year every year of the book is answered. `as_at` is a ledger entry or a day: what was
    known then. `strict` leaves out what rests on parameters that nobody has verified or adopted;
    `regime` asks what would bind under `system` (balance together) or `body` (each alone).
    `month` (such as `M6`) leaves out the actuals after it and takes the forecast known by the end
    of the month that follows; with `as_at` both hold. `late` says what is done about a body that
    has not reported: `wait` (what is above it is not told), `exclude: WHO` or `last: WHO` (its last
    month, and its plan for what is missing), as chosen by a named person. What is made so carries
    the qualifier `stand_in`, and no rule and no control total sees it.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    `threshold` (a share such as `16%`, or a sum such as `£50m`) or `number` says which systems the
    Capped Expenditure Process of 2017/18 would have chosen, by the gap of planned spend to
    allocation; the ranks are in the table `capped_expenditure`.

    The Result holds figures `measure/ORG/YEAR/BASIS` in whole pence, surpluses positive and
    deficits negative; the rules that bind each body; and everything that `check` finds. A figure
    that cannot be told has the value None, never nil. A body or year that the book does not have
    is a `BookError`.

    >>> result = position("examples/nene-2013")
    >>> result.value("surplus/04G/2013-14/forecast")
    -860000000
    """
    one_of("--regime", regime, ("system", "body"))
    if number is not None:
        refuse_outside("--number", number, 1, SYSTEMS_MOST)
    workings = opened(book, as_at, year, organisation, book_only, month)
    organisation = code_of(workings.position, organisation)
    found = answer_position(workings, year, organisation, late_typed(late))
    given = {"strict": strict, "regime": regime, "threshold": threshold, "number": number}
    given |= {"late": late_typed(late).text if late else None}
    options = {**found.options, **{name: value for name, value in given.items() if value}}
    answer = Answer("position", workings.position.ref, options)
    answer.include(found)
    answer.include(answer_rules(workings, year, organisation, strict=strict, regime=regime or ""))
    answer.include(answer_support_at_risk(workings, year, organisation))
    answer.include(answer_capped(workings, year, organisation, threshold, number))
    answer.add_findings(_checked(workings, year, organisation).findings)
    return named(answer.result(), workings)


@long
@years_read
def trajectory(
    book: Book,
    years: int = 3,
    from_: str | None = None,
    to: str | None = None,
    organisation: str | None = None,
    year: str | None = None,
    saving: int | str | None = None,
    non_recurrent: Fraction | float = Fraction(0),
    as_at: Moment = None,
    *,
    month: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Question 4, how long to clear it: the gap year by year and the saving needed each year.

    `years` is how many years it may take; `from_` the starting year (else the latest with a stated
    position); `to` is `breakeven` or `control_total`. `saving` asks instead what one saving a year
    would do: whole pence, or text such as `"£100m"`; `non_recurrent` is the share of it, 0 to 1,
    that does not repeat. `year` and `organisation` narrow what is shown.
    `month` (such as `M6`) leaves out the actuals after it and takes the forecast known by the end
    of the month that follows; with `as_at` both hold.
    It is of `year`, else of `from_`, else of the book's own.
    `late` is taken as `position` takes it and named in the answer; a path is
    of whole years, in which nobody is late.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds `trajectory_gap`, `saving_needed`, `saving_needed_share` and
    `cumulative_deficit` for each body, year and scenario, in pence (the share apart).

    >>> result = trajectory("examples/nene-2013", years=2)
    >>> result.verb
    'trajectory'
    """
    refuse_outside("--years", years, 1, YEARS_MOST)
    refuse_outside("--non-recurrent", float(non_recurrent), 0, 1)
    begins = year_read("--from", from_)
    workings = opened(book, as_at, begins, organisation, book_only, month, of=year)
    organisation = code_of(workings.position, organisation)
    result = answer_trajectory(
        workings,
        years=years,
        start=begins,
        to=to,
        organisation=organisation,
        year=year,
        saving=saving,
        non_recurrent=Fraction(str(non_recurrent)),
    )
    return named(untouched(result, late, "it is of whole years"), workings)


@long
@years_read
def schemes(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """The savings schemes: which count and why not, quality, gates, engagement, month by month.

    `year` is a financial year (else the book's own), `organisation` a code: it and those below it.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result has one table for each page of a scheme register: `schemes`, `schemes_not_counted`,
    `quality`, `quality_domains`, `harm`, `gates`, `milestones`, `dependencies`, `engagement`,
    `phasing`, `delivery` and `delivery_to_date`; what a board asks of them (`savings_by_category`,
    `savings_by_maturity`, `awaited`, `awaited_by`, `refused`; `conditions` where schemes were approved
    on any); and `option_tests` where options are in the Capped Expenditure Process. A scheme without its
    evidence is listed, with the reason, and never counted.

    >>> result = schemes("examples/fictional-system")
    >>> all(row["counted"] or row["reason"] for row in result.tables["schemes"])
    True
    """
    workings = opened(book, as_at, None, organisation, book_only)
    organisation = code_of(workings.position, organisation)
    found = answer_schemes(workings, year, organisation)
    capped = answer_capped(workings, year, organisation).tables.get("option_tests")
    if capped:
        found = replace(found, tables={"option_tests": capped, **found.tables})
    return named(found, workings)


@long
@years_read
def register(
    book: Book,
    year: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """Who is who: bodies, how control totals nest, promises, what is withheld, sources.

    `year` is a financial year (else the book's own). The Result holds tables alone.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    >>> [row["organisation"] for row in register("examples/nene-2013").tables["organisations"]]
    ['ENGLAND', 'Y55', '04G']
    """
    workings = opened(book, as_at, book_only=book_only)
    return named(answer_register(workings, year), workings)


@long
@years_read
def history(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    key: str | None = None,
    *,
    progress: Progress | None = None,
) -> Result:
    """What a body inherits: money, balances and people of those it follows, by shares.

    `organisation` is the code of the body that inherits (else every one that does), `year` the
    financial year. The Result holds `inherited_surplus` and the like, in pence, and the table of
    predecessors with their shares.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    With a `key` it is the history of a row instead: `schemes/ALD-01`, the table and the cells of its
    key columns, joined by `/` and percent-encoded; the first of them alone name every row that begins
    so. The table `row_history` has a row for each entry that touched one: who, when, why, before and
    after.

    >>> history("examples/mergers-2026").verb
    'history'
    """
    workings = opened(book, as_at, year, organisation, book_only)
    if key is not None:
        return named(answer_row_history(workings.position, key), workings)
    organisation = code_of(workings.position, organisation)
    return named(answer_history(workings, year, organisation), workings)


@long
@years_read
def compare(
    first: Book,
    second: Book,
    year: str | None = None,
    organisation: str | None = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """The bridge between two books, or two dates of one, with its residual named.

    `first` and `second` are books, or `BOOK@DATE` (`examples/nene-2013@2013-05-01`). `year` and
    `organisation` narrow it. The Result holds the table `bridge`: from the first figure to the
    second by the lines or bodies that changed; what they do not explain is a step of its own.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    >>> same = compare("examples/nene-2013", "examples/nene-2013")
    >>> same.verb
    'compare'
    """
    before, after = _dated(first, book_only), _dated(second, book_only)
    _either_has(before.position, after.position, year, organisation)
    organisation = _in_either(before.position, after.position, organisation)
    result = answer_compare(before, after, year, organisation)
    scope = scope_of(after, year or after.position.default_year)
    return replace(result, names={**names_of(before), **names_of(after)}, scope=scope)


def _either_has(
    first: Position, second: Position, year: str | None, organisation: str | None
) -> None:
    """Refuse a year or a body of which neither book says anything; one that has it will do."""
    for given in ({"year": year}, {"organisation": organisation}):
        try:
            refuse_unknown(first, **given)
        except BookError:
            refuse_unknown(second, **given)


def _in_either(first: Position, second: Position, organisation: str | None) -> str | None:
    """The code of a body that either book has, as the first or else the second names it."""
    try:
        return code_of(first, organisation)
    except BookError:
        return code_of(second, organisation)


def _dated(book: Book, book_only: bool) -> Workings:
    """A book, or `BOOK@DATE`."""
    if isinstance(book, str) and "@" in book.rpartition("/")[2]:
        address, _, moment = book.rpartition("@")
        return opened(address, moment, book_only=book_only)
    return opened(book, book_only=book_only)

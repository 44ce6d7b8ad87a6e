"""Question 8, who pays and is it fair: the answer of ``share``.

With a gap, every policy asked for is worked out side by side, with repayment, equity and the three
mechanisms of support before and after savings are made. Without one, the answer is the repayments
and balances of the transfers that the book holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from controltotal.book.amount_table import chosen
from controltotal.book.asking import amount_typed
from controltotal.book.fold import Position
from controltotal.book.tree import QUIET
from controltotal.core.errors import BookError
from controltotal.core.money import format_pounds
from controltotal.core.result import Answer, Result
from controltotal.sharing import show
from controltotal.sharing.approaches import Asked, answer_approaches
from controltotal.sharing.book import PayerInputs, payer_inputs
from controltotal.sharing.fairness import answer_equity
from controltotal.sharing.formula import FormulaError, names_in, weights
from controltotal.sharing.owed import answer_owed
from controltotal.sharing.policy import (
    ALL_SPARED,
    INPUT_WORDS,
    POLICIES,
    Payers,
    Shares,
    Terms,
    divide,
)
from controltotal.sharing.spared import (
    Spared,
    spared,
    takes_allocations,
    tell,
    tell_without_allocation,
    with_nothing,
    without_allocation,
)
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: gap in pence, who gives, who receives, which policies, repaid over how long.

    ``policy``: all, names with commas, or one ``formula: …``. ``pot``: all bodies below share one
    pot. ``spare``: bodies in special measures bear nothing. ``benchmarks``: the period of the
    benchmark data in which the opportunities stand, where they are not those of the book.
    ``entries``, ``figures``: from what the gap comes, where it is the book's and not typed.
    """

    gap: int = 0
    year: str = ""
    givers: tuple[str, ...] = ()
    receiver: str = ""
    policy: str = "all"
    repay_years: int | None = None
    pot: bool = False
    organisation: str = ""
    spare: bool = True
    benchmarks: str = ""
    entries: tuple[int, ...] = ()
    figures: tuple[str, ...] = ()

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies by name; a formula is one. Raises BookError where a name is none."""
        return _policies(self.policy)[0]

    @property
    def formula(self) -> str:
        """The text of a formula, where that is asked."""
        return _policies(self.policy)[1]

    def options(self, unit: str) -> dict[str, object]:
        """What was asked, as the document shows it; ``unit`` is that in which the gap was read."""
        always = {"gap": self.gap, "policy": self.policy}
        said = {
            "gap_read_in": unit,
            "from": list(self.givers),
            "to": self.receiver,
            "repay_years": self.repay_years,
            "pot": self.pot,
            "no_spare": not self.spare,
            "benchmarks": self.benchmarks,
        }
        return self.place() | always | {name: value for name, value in said.items() if value}

    def place(self) -> dict[str, object]:
        """The year and the body that it is about, where they are known."""
        said = {"year": self.year, "organisation": self.organisation}
        return {name: value for name, value in said.items() if value}


ANY = Request()
"""Nothing asked but the gap: under every policy, by whoever the book says pays."""


def answer_share(
    workings: Workings,
    gap: int | str | None = None,
    asked: Request = ANY,
    opportunities: Mapping[str, int] | None = None,
) -> Result:
    """Divide a gap under the policies asked for, or show what the book's transfers owe.

    ``gap`` is in pence, or text; text that names no unit is in the book's own, and the answer says so.

    ``opportunities``: netted opportunity not yet in the plan, in pence by body; without it
    ``rapid_savings`` gives no answer.
    """
    position = workings.position
    unit = ""
    if isinstance(gap, str):
        gap, unit = amount_typed(position, "--gap", gap)
    request = replace(asked, gap=gap or 0, year=asked.year or position.default_year)
    if gap is None:
        answer = Answer("share", position.ref, request.place())
        answer_owed(answer, workings, request.organisation or None)
        return answer.result()
    _refuse(position, request)
    answer = Answer("share", position.ref, request.options(unit))
    _divide_all(answer, workings, request, opportunities)
    if unit:
        answer.words(
            f"The gap was typed without a unit and read in {unit}: {format_pounds(gap)}.",
            topic="share",
        )
    return answer.result()


def _policies(policy: str) -> tuple[tuple[str, ...], str]:
    """The policies named, separated by commas, or all; and a user's formula, if that is asked."""
    if policy.strip().lower().startswith("formula:"):
        return ("formula",), policy.split(":", 1)[1].strip()
    if policy.strip() in ("", "all"):
        return POLICIES, ""
    names = tuple(name.strip().replace("-", "_") for name in policy.split(",") if name.strip())
    for name in names:
        if name not in POLICIES:
            raise BookError(
                f"--policy reads {name!r}",
                "the command",
                f"give all, one or more of {', '.join(POLICIES)}, or a formula such as "
                '"formula: allocation * (1 - deprivation)"',
            )
    return tuple(dict.fromkeys(names)), ""


def _refuse(position: Position, request: Request) -> None:
    """What cannot be asked is refused in one line: what, where, what to do."""
    tree = position.tree
    _policies(request.policy)
    for code in (*request.givers, request.receiver, request.organisation):
        if code and code not in tree.organisations:
            raise BookError(
                f"the book has no organisation {code}", "the command", "give a code of the book"
            )
    if request.receiver in request.givers:
        raise BookError(
            f"{request.receiver} both gives and receives", "the command", "leave it out of --from"
        )
    if len(set(request.givers)) != len(request.givers):
        raise BookError("a giver is named twice", "the command", "name each code once in --from")
    if request.gap < 0:
        raise BookError("the gap is below nil", "the command", "give a gap of nil or more")
    if not request.year:
        raise BookError("the book has no year", "the command", "give --year")
    if request.repay_years is not None and not 1 <= request.repay_years <= 50:
        raise BookError("--repay-years is not 1 to 50", "the command", "give whole years")


def payers_of(position: Position, request: Request) -> tuple[str, ...]:
    """Who is asked to pay where nobody is named: the bodies beside the receiver, else below.

    With a pot, every body at the bottom that holds money.
    """
    tree, year = position.tree, request.year
    if request.givers:
        return tuple(sorted(request.givers))
    if request.organisation:
        top = request.organisation
    elif request.receiver:
        top = tree.parent(request.receiver, year) or request.receiver
    else:
        top = _first_with_children(position, year)
    if not top:
        return ()
    found = tree.leaves(top, year) if request.pot else tree.children(top, year)
    kept = [code for code in found if tree.kind(code) not in QUIET]
    return tuple(sorted(set(kept) - {request.receiver, top}))


def _first_with_children(position: Position, year: str) -> str:
    """The topmost body with more than one child: what a book is about."""
    tree = position.tree
    waiting = list(tree.roots(year))
    while waiting:
        code = waiting.pop(0)
        kids = tree.children(code, year)
        if len(kids) > 1:
            return code
        waiting += kids
    return ""


def scope_of(position: Position, codes: Sequence[str], year: str) -> str:
    """The nearest body above all of them, for figures about the whole; else ENGLAND."""
    tree = position.tree
    above = [tree.ancestors(code, year) for code in codes]
    for candidate in above[0] if above else ():
        if all(candidate in other for other in above):
            return candidate
    return "ENGLAND"


@dataclass(frozen=True, slots=True)
class Call:
    """A gap to divide: what is asked, what is known of each body, and who is spared.

    ``left_out``: by policy, bodies of which no allocation can be asked; filled as policies are
    worked out.
    """

    totals: Totals
    request: Request
    known: Mapping[str, PayerInputs]
    terms: Terms
    scope: str
    spared: Spared
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def payers(self, policy: str, asked: Sequence[str]) -> tuple[str, ...]:
        """Those of the bodies asked that can bear a part under a policy."""
        bodies = [code for code in asked if code not in self.spared.codes]
        formula = self.request.formula if policy == "formula" else ""
        if self.request.pot or not takes_allocations(policy, _inputs_of(formula)):
            return tuple(bodies)
        trusts = [
            code
            for code in without_allocation(self.totals.tree, bodies, self.request.year)
            if self.known[code].payer.allocation is None
        ]
        if not trusts or len(trusts) == len(bodies):
            return tuple(bodies)
        self.left_out[policy] = tuple(trusts)
        return tuple(code for code in bodies if code not in trusts)


def _inputs_of(formula: str) -> tuple[str, ...]:
    """The inputs that a formula names; none where it cannot be read, which is told elsewhere."""
    try:
        return names_in(formula) if formula else ()
    except FormulaError:
        return ()


def recorded_neighbours(position: Position, request: Request) -> tuple[str, ...]:
    """Who helps the receiver in the year by the transfers of the book; else nobody."""
    return tuple(
        sorted(
            {
                row.from_
                for row in position.book.transfers
                if (row.to, row.year) == (request.receiver, request.year)
                and row.kind == "neighbour_support"
                and row.status in ("proposed", "agreed")
                and row.from_ in position.tree.organisations
            }
        )
    )


def _divide_all(
    answer: Answer, workings: Workings, request: Request, opportunities: Mapping[str, int] | None
) -> None:
    totals = workings.totals
    position = totals.position
    givers = payers_of(position, request)
    neighbours = request.givers or recorded_neighbours(position, request)
    receiver = (request.receiver,) if request.receiver else ()
    everybody = tuple(sorted({*givers, *neighbours, *receiver}))
    known = payer_inputs(totals, request.year, everybody, opportunities, request.gap)
    if request.pot:
        known = _one_pot(totals, request.year, known)
    scope = scope_of(position, everybody, request.year)
    found = spared(totals.tree, everybody, request.year)
    terms = replace(_terms(position, request), neighbours=bool(neighbours))
    call = Call(
        totals, request, known, terms, scope, found if request.spare else Spared(below=found.below)
    )
    given: list[Shares] = []
    for policy in request.policies:
        asked = givers
        if policy == "top_slice" and not request.givers:
            # A top slice is taken from every allocation, the receiver's own included.
            asked = tuple(sorted({*givers, *receiver}))
        elif policy == "neighbour_support" and neighbours:
            asked = tuple(sorted(neighbours))
        given.append(_one_policy(answer, call, policy, asked))
    show.words(answer, totals, request.gap, request.year, request.receiver, given)
    if request.benchmarks:
        _say_benchmarks(answer, request, opportunities or {})
    tell(answer, totals.tree, found, request.year, spare=request.spare)
    tell_without_allocation(answer, totals.tree, call.left_out, request.year)
    term = request.repay_years or _parameter_years(position, request.year)
    answer_approaches(answer, position, Asked(request.year, request.receiver, term), given)
    answer_equity(answer, totals, request.year, request.receiver, given, known, scope)


def _say_benchmarks(answer: Answer, request: Request, opportunities: Mapping[str, int]) -> None:
    """On what rapid savings rest: benchmark data of a period, which may be another than the year."""
    whole = format_pounds(sum(opportunities.values()))
    also = ", the receiver among them" if request.receiver in opportunities else ""
    answer.words(
        f"rapid_savings rests on benchmark data of {request.benchmarks}, not on the book: {whole} "
        f"over {len(opportunities)} bodies{also}; net of noise and of the luck of picking the best; "
        "theoretical, and nobody has judged whether it can be done or is in a plan already.",
        topic="share",
        year=request.year,
    )


def _one_policy(answer: Answer, call: Call, policy: str, asked: Sequence[str]) -> Shares:
    """One policy: its figures, tables, repayments and findings."""
    totals, request, known = call.totals, call.request, call.known
    bear = call.payers(policy, asked)
    payers = Payers.of(known[code].payer for code in bear)
    own = call.terms
    if policy == "formula":
        own = _with_formula(request.formula, payers, own)
    shares = divide(policy, request.gap, payers, own)
    if asked and not bear and policy != "raise_nationally":
        shares = replace(shares, reason=ALL_SPARED)
    shares = with_nothing(shares, call.spared.of(asked))
    above = _nation_or_top(totals.position, request.year, call.scope)
    gap = show.Divided(request.year, request.entries, request.figures)
    if policy == "raise_nationally":
        show.raised(answer, totals, gap, shares, known, above)
    used = show.labels(totals.position, request.year, policy)
    show.figures(answer, gap, shares, known, used)
    show.left_out(answer, request.year, policy, call.left_out.get(policy, ()), known)
    show.not_placed(answer, shares, request.gap, known)
    if shares.pence is not None and policy != "raise_nationally":
        years = request.repay_years
        if years is None and policy == "neighbour_support":
            years = _parameter_years(totals.position, request.year)
        if years:
            show.repayments(answer, request.year, shares, request.receiver, years, used)
        show.cases(answer, totals, request.year, shares, request.receiver)
    return shares


def _with_formula(text: str, payers: Payers, terms: Terms) -> Terms:
    try:
        lacking = [n for n in names_in(text) if n in payers.missing]
        if lacking:
            whose = ", ".join(payers.missing[lacking[0]])
            raise BookError(
                f"the formula needs {INPUT_WORDS[lacking[0]]}",
                f"organisations {whose}",
                "add it to the book, or use another formula",
            )
        worked_out = weights(text, payers.columns, len(payers.codes))
    except FormulaError as fault:
        raise BookError(str(fault), "--policy", "correct the formula") from fault
    return replace(terms, formula=worked_out)


def _terms(position: Position, request: Request) -> Terms:
    """Conventions in force in the year; a book may state its own."""
    return Terms(
        cap_share=float(show.parameter(position, request.year, "share_cap")),
        strength=float(show.parameter(position, request.year, "share_deprivation_strength")),
    )


def _parameter_years(position: Position, year: str) -> int:
    return int(show.parameter(position, year, "repayment_years"))


def _nation_or_top(position: Position, year: str, scope: str) -> str:
    """Who holds a gap that is raised nationally: the nation where listed, else ENGLAND."""
    above = position.tree.ancestors(scope, year) if scope in position.tree.organisations else ()
    nations = [code for code in (*above, scope) if position.tree.kind(code) == "nation"]
    return nations[0] if nations else "ENGLAND"


def _one_pot(totals: Totals, year: str, known: Mapping[str, PayerInputs]) -> dict[str, PayerInputs]:
    """One pot: each body's part is what it spends itself, so nothing is counted twice.

    A commissioner's part is its allocation less what it pays to the others in the pot; a
    provider's part is its income.
    """
    found = {}
    income = {code: totals.income(code, year, "plan") for code in known}
    inside: dict[str, int] = {}
    amounts = totals.position.book.amounts
    for row in chosen(amounts, line=lambda line: line == "patient_care_income"):
        planned = (row.year, row.basis) == (year, "plan") and not row.scenario and not row.scheme
        if planned and row.organisation in known:
            payer_code = row.counterparty or ""
            inside[payer_code] = inside.get(payer_code, 0) + row.amount
    for code, inputs in known.items():
        allocation = inputs.payer.allocation
        if totals.tree.kind(code) == "commissioner" and allocation is not None:
            part: int | None = max(0, allocation - inside.get(code, 0))
        else:
            part = income[code].pence
        whole = (*inputs.entries.get("allocation", ()), *income[code].entries)
        entries = {**inputs.entries, "allocation": whole}
        payer = replace(inputs.payer, allocation=part)
        found[code] = replace(inputs, payer=payer, entries=entries)
    return found

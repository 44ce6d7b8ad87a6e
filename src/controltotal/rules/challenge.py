"""A challenge to a control total: is it fair, is it achievable? The figures that bear on it.

Central bodies say that an area overspends its fair share; the area says that history left it short;
providers ask whether a cap is fair and achievable. These are questions of fact. Each figure here has
its source, and the two sentences say no more than the figures do: what is not known is said not to
be. Nothing is weighed against anything else; that is for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from statistics import median

from controltotal.book.amount_table import told
from controltotal.book.fold import Position
from controltotal.core.calendar import next_year, year_end, year_label, year_start
from controltotal.core.published_inputs import OfAnother
from controltotal.core.result import Answer, Result
from controltotal.rules import challenge_evidence as evidence
from controltotal.rules.capped_expenditure import deadline, in_its_year
from controltotal.rules.challenge_capped import put_capped
from controltotal.rules.challenge_case import Case
from controltotal.rules.challenge_evidence import Found
from controltotal.rules.challenge_neighbours import put_neighbours
from controltotal.rules.challenge_recorded import put_claims, put_promised, put_recorded
from controltotal.rules.challenge_words import achievable, fair
from controltotal.rules.reading import Reading
from controltotal.workings import gaps
from controltotal.workings.distance import commissioners, distances
from controltotal.workings.stated import sum_stated
from controltotal.workings.totals import figure_id
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings

KINDS = ("commissioner", "provider", "system")
ASKING = frozenset({"gap", "savings_planned", "capped_expenditure_process"})
"""Facts that say that something is asked of a body."""


def answer_challenge(
    workings: Workings,
    year: str | None = None,
    organisation: str | None = None,
    safe: Mapping[tuple[str, str], int] | None = None,
) -> Result:
    """Everything that bears on a challenge, body by body; `safe` is the safe maximum by body, year.

    Without a body: those with a challenge, a control total, savings planned or money in the year;
    where there are none, the systems of the book, so that the answer is never empty.
    """
    position = workings.position
    given = {"year": year, "organisation": organisation}
    answer = Answer("challenge", position.ref, {k: v for k, v in given.items() if v})
    totals, reading = workings.totals, Reading(workings)
    asked = asked_of(position, year, organisation)
    if not asked:
        answer.words(
            "No body of this book has a control total, a plan or a challenge, so that nothing is "
            "asked of anybody here.",
            topic="challenge",
        )
    for code, one in asked:
        saved = workings.savings.plan(code, one, "actual") if position.book.schemes else None
        case = Case(answer, totals, code, one)
        if in_its_year(reading, code, one):
            case.known.due = deadline(one)
        _one(case, (safe or {}).get((code, one)), saved)
        put_capped(answer, case.known, reading, code, one)
    put_recorded(answer, position, year, organisation)
    return answer.result()


def asked_of(
    position: Position, year: str | None, organisation: str | None
) -> list[tuple[str, str]]:
    """The bodies and years to answer."""
    if organisation:
        return [(organisation, year or position.default_year)]
    pairs = {(row.organisation, row.year) for row in position.book.challenges}
    pairs |= {(row.organisation, row.year) for row in position.book.control_totals}
    said = told(position.book.amounts, "organisation", "year")
    said |= {(r.organisation, r.year) for r in position.book.facts if r.fact in ASKING}
    pairs |= {pair for pair in said if pair[1] == position.default_year}
    kept = _answerable(position, pairs, year)
    if not kept and position.default_year:
        one = year or position.default_year
        every = {(code, one) for code in position.tree.organisations}
        systems = {pair for pair in every if position.tree.kind(pair[0]) == "system"}
        kept = _answerable(position, systems, year) or _answerable(position, every, year)
    return kept


def _answerable(
    position: Position, pairs: set[tuple[str, str]], year: str | None
) -> list[tuple[str, str]]:
    """Those that are bodies of a kind to which control totals are set, and stand in their year."""
    tree = position.tree
    kept = [(c, y) for c, y in pairs if y and tree.kind(c) in KINDS and tree.exists(c, y)]
    return sorted(pair for pair in kept if year is None or pair[1] == year)


def _one(case: Case, safe: int | None, saved: Value | None) -> None:
    """One body in one year: fairness first, then what can be done, then the two sentences."""
    if not case.year:
        return
    _fairness(case)
    _asked(case)
    _delivery(case)
    _time_and_safety(case, safe, saved)
    put_promised(case.answer, case.known, case.totals.position, case.code, case.year)
    name = f"{case.totals.tree.name(case.code, case.year)}, {year_label(case.year)}"
    for question, sentence in (("fair", fair(case.known)), ("achievable", achievable(case.known))):
        case.answer.words(
            f"{name}. {question.capitalize()}? {sentence}",
            topic="challenge",
            about=case.code,
            year=case.year,
        )
        case.answer.table(
            "sentences",
            [
                {
                    "organisation": case.code,
                    "year": case.year,
                    "question": question,
                    "sentence": sentence,
                }
            ],
        )
    put_neighbours(case)


def _fairness(case: Case) -> None:
    """Distance from target over the years, need and deprivation."""
    found = distances(case.totals, case.code, case.year)
    case.known.is_trust = case.totals.tree.kind(case.code) == "provider"
    for other in _of_others(case):
        _of_another(case, other)
    for one in found:
        case.put(
            "distance_share",
            Found(one.share, "share", one.rule, (), one.entries),
            "Allocation against fair share",
            year=one.year,
        )
        case.put(
            "distance_money",
            Found(one.pence, "pence", one.rule, (), one.entries),
            "Allocation less fair share",
            year=one.year,
        )
    if found:
        case.known.distance, case.known.distance_year = found[-1].share, found[-1].year
        case.known.distance_pence = found[-1].pence
        case.known.distance_note = found[-1].note
        case.known.years_known = len(found)
        case.known.cumulative = sum(one.pence for one in found)
        ids = tuple(figure_id("distance_money", case.code, one.year, "plan") for one in found)
        years = ", ".join(year_label(one.year) for one in found)
        case.put(
            "distance_cumulative",
            Found(case.known.cumulative, "pence", f"added up over the years known: {years}", ids),
            "Allocation less fair share, added up",
            note="only years in which both are in the book or published",
        )
    _beside(case)
    placed = evidence.deprivation(case.totals, case.code, case.year)
    if placed is not None:
        name = evidence.named(case.totals, placed[0], case.year)
        case.known.deprivation, case.known.deprivation_of = float(placed[1].value), name
        case.put(
            "deprived_share",
            placed[1],
            "People in the most deprived fifth of England's areas",
            note=f"of {name}; England is 20%",
        )
    needed = evidence.need(case.totals, case.code, case.year)
    if needed is not None:
        name = evidence.named(case.totals, needed[0], case.year)
        case.put("need", needed[1], "Need a head", note=f"of {name}; England is 1")


def _of_others(case: Case) -> list[OfAnother]:
    """Published distances under a code of the body that speak of another, if they were known."""
    codes = {case.code, *commissioners(case.totals, case.code, case.year)}
    return [
        other
        for other in case.totals.position.of_others
        if {other.code, other.body} & codes
        and other.known <= year_start(case.year)
        and (other.is_distance or other.year == case.year)
    ]


def _beside(case: Case) -> None:
    """Distances of areas that are not its own, and claims of what is fair that stand in the book."""
    for area, year, found, note in evidence.near_distances(case.totals, case.code):
        what = f"Allocation against fair share of {area}"
        case.put("distance_share", found, what, year=year, part=area, note=note)
        case.known.near = (*case.known.near, (area, year, float(found.value)))
    put_claims(case.answer, case.known, case.totals.position, case.code, case.year)


def _of_another(case: Case, other: OfAnother) -> None:
    """A published distance under a code that meant another body then: said, and not used."""
    now = evidence.named(case.totals, other.code, other.year)
    label = year_label(other.year)
    case.answer.finding(
        code="PUBLISHED_LEFT_OUT",
        severity="warning",
        organisation=other.code,
        where=f"{other.table} row {other.place}",
        message=f"What is published of {other.code} for {label} speaks of {other.meant}, which bore the "
        f"code when the table was made, and not of {now}; it is not used.",
        expected=f"what is published of {now}",
        found=other.meant,
        action="Enter the allocation and target_allocation of the body itself for that year.",
    )


def _asked(case: Case) -> None:
    """The saving asked, and what share of the money it is."""
    asked = None
    for basis in ("plan", "forecast"):
        gap = gaps.gap(case.totals, case.code, case.year, basis, "")
        lacking = gaps.unidentified(case.totals, case.code, case.year, basis, "")
        to_find = gaps.to_find(case.totals, case.code, case.year, basis)
        asked = evidence.asked(case.totals, case.code, case.year, basis, gap.pence, to_find.pence)
        case.known.unidentified = lacking.pence if lacking.known else case.known.unidentified
        if asked is not None:
            break
    case.put(
        "control_total_raised",
        evidence.raised(case.totals, case.code, case.year),
        "Control total raised by",
    )
    case.put("saving_asked", asked, "Saving asked")
    _planned(case, asked)
    whole = evidence.whole_of(case.totals, case.code, case.year)
    case.put("money_of_the_year", whole, "Money of the year")
    if asked is None or not asked.known:
        return
    if whole is None or not whole.value:
        case.known.asked = int(asked.value)
        return
    case.known.asked = int(asked.value)
    case.known.asked_share = float(Fraction(int(asked.value), int(whole.value)))
    ids = tuple(
        figure_id(m, case.code, case.year, "plan") for m in ("saving_asked", "money_of_the_year")
    )
    case.put(
        "saving_asked_share",
        Found(case.known.asked_share, "share", "saving asked over the money of the year", ids),
        "Saving asked as a share",
    )


def _planned(case: Case, asked: Found | None) -> None:
    """Savings planned beside those delivered the year before; they are not the saving asked."""
    planned = sum_stated(case.totals, case.code, case.year, "savings_planned")
    if planned is None:
        return
    case.put(
        "savings_planned",
        evidence.fact(case.totals, case.code, case.year, "savings_planned"),
        "Savings planned",
        note="not the saving asked" if asked is None or not asked.known else "",
    )
    known = case.known
    known.planned = planned.words
    known.not_enough = asked is not None and not asked.known
    before = next_year(case.year, -1)
    done = sum_stated(case.totals, case.code, before, "savings_delivered")
    if done is None or not done.value:
        return
    known.before, known.before_year = done.words, before
    known.growth = float(Fraction(int(planned.value), int(done.value)) - 1)
    hedged = {planned.qualifier, done.qualifier} - {""}
    known.hedged = bool(hedged)
    case.put(
        "planned_over_delivered",
        Found(
            known.growth,
            "share",
            "savings planned over those delivered the year before, less one",
            (
                figure_id("savings_planned", case.code, case.year, "plan"),
                figure_id("saving_delivered", case.code, before, "plan"),
            ),
        ),
        "Savings planned above those delivered the year before",
        note="of two hedged sums, so that it is near and not exact" if hedged else "",
    )


def _delivery(case: Case) -> None:
    """Last year's delivery, the best year, and what others delivered."""
    done = evidence.delivered(case.totals, case.code, case.year)
    before = next_year(case.year, -1)
    for year, one in done.items():
        case.put("saving_delivered", one, "Saving delivered", year=year)
    if before in done:
        planned = evidence.fact(case.totals, case.code, before, "savings_planned")
        if planned is not None and planned.value:
            share = float(Fraction(int(done[before].value), int(planned.value)))
            ids = (figure_id("saving_delivered", case.code, before, "plan"),)
            of_plan = Found(share, "share", "delivered over planned", ids, planned.entries)
            what = "Last year's saving delivered of that planned"
            case.put("delivered_of_plan", of_plan, what, year=before)
            case.known.last_share, case.known.last_year = share, before
    if done:
        best = max(done, key=lambda year: (done[year].value, year))
        case.known.best, case.known.best_year = int(done[best].value), best
        case.put(
            "best_delivered",
            Found(
                done[best].value,
                "pence",
                f"best of {len(done)} years: {year_label(best)}",
                (figure_id("saving_delivered", case.code, best, "plan"),),
                qualifier=done[best].qualifier,
            ),
            "Best year's saving",
        )
    _missed(case)
    _lent(case)
    _others(case)


def _missed(case: Case) -> None:
    """Result against plan, of the year before or of this one where it is over."""
    for year in (next_year(case.year, -1), case.year):
        one = evidence.variance(case.totals, case.code, year)
        if one is None:
            continue
        case.put("variance_to_plan", one, "Actual less plan", year=year)
        case.known.variance, case.known.variance_year = int(one.value), year
        if year == "2018-19" and case.totals.tree.kind(case.code) == "provider":
            worse = evidence.trusts_worse(case.totals, int(one.value))
            what = "Trusts that ended further below their plan"
            case.put("trusts_further_below", worse, what, year=year)
            case.known.trusts_worse = float(worse.value) if worse else None


def _lent(case: Case) -> None:
    """Loans drawn in the year or the one before: cash that had to be found."""
    for year in (case.year, next_year(case.year, -1)):
        drawn = evidence.fact(case.totals, case.code, year, "loans_drawn")
        if drawn is not None and drawn.unit == "pence" and drawn.value:
            case.put("loans_drawn", drawn, "Loans drawn", year=year, note="cash lent, never income")
            case.known.lent, case.known.lent_year = int(drawn.value), year
            return


def _others(case: Case) -> None:
    """What bodies of the same kind delivered: in the book, else in England as published."""
    others = evidence.others_delivered(case.totals, case.code, case.year)
    if others:
        middle = float(median(share for _, _, share in others))
        bodies = {code for code, _, _ in others}
        case.known.others, case.known.others_words = (
            middle,
            f"the median of {len(others)} years of ",
        )
        case.known.others_words += f"{len(bodies)} comparable bodies in this book"
        case.put(
            "others_delivered",
            Found(middle, "share", f"median over {len(others)} years of {len(bodies)} bodies"),
            "What comparable bodies delivered",
        )
        return
    known = evidence.nationally_delivered(case.totals, case.code, case.year)
    if known is not None:
        year, one = known
        case.known.others = float(one.value)
        kind = {"commissioner": "commissioners", "provider": "trusts"}[
            case.totals.tree.kind(case.code)
        ]
        case.known.others_words = f"what {kind} of England delivered in {year_label(year)}"
        case.put(
            "others_delivered",
            one,
            "What comparable bodies delivered",
            year=year,
            note="England as a whole; of cost for trusts, of allocation for commissioners",
        )


def _time_and_safety(case: Case, safe: int | None, saved: Value | None) -> None:
    """Notice given, and the most that the schemes in the book could safely save."""
    days = evidence.notice(case.totals, case.code, case.year)
    if days is not None:
        case.known.notice = int(days.value)
        live, _ = case.totals.live_control_total(case.code, case.year)
        if live is not None and live.set_on is not None:
            case.known.at_latest = bool(live.set_on_at_latest)
            case.known.days_left = max(0, (year_end(case.year) - live.set_on).days)
        case.put("notice_days", days, "Days of notice", note="below nil: days into the year")
    if safe is not None:
        rule = "the most that eligible schemes save in the year"
        names = [figure_id("portfolio_saving", case.code, case.year, "plan")]
        if saved is not None and saved.pence is not None:
            rule = "what schemes have saved to date, and the most that eligible ones save ahead"
            names.append(figure_id("savings_plan", case.code, case.year, "actual"))
            safe += saved.pence
        case.known.safe = safe
        case.put(
            "safe_maximum",
            Found(safe, "pence", rule, tuple(names)),
            "Safe maximum of the schemes in the book",
        )

"""Schemes: maturity against evidence, gates, quality, harm together, engagement, money that moves.

Each check is of what the book says of a scheme against what it shows. None of them decides whether
a scheme counts: that is one rule, in `judging`.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from controltotal.accounts.checks.engagement import engagement
from controltotal.accounts.checks.of_scheme import finding
from controltotal.book.records import Scheme
from controltotal.core.calendar import year_label, year_of
from controltotal.core.finding import Finding
from controltotal.core.keys import key, word
from controltotal.core.money import format_money
from controltotal.programme.courses import course
from controltotal.programme.doubts import Mistaken, phased_over
from controltotal.programme.engagement import decision
from controltotal.programme.evidence import Evidence
from controltotal.programme.gates import reached, skipped
from controltotal.programme.judging import Judgement, makes_sense
from controltotal.programme.phasing import in_plan
from controltotal.programme.profiles import profiles
from controltotal.programme.quality import overdue, rescored, scores
from controltotal.programme.scores import lowered_without_cause
from controltotal.programme.unnamed import unnamed
from controltotal.workings.groups import exclusive_pairs
from controltotal.workings.harm import ceilings
from controltotal.workings.savings import Savings
from controltotal.workings.workings import Workings


def schemes(workings: Workings) -> list[Finding]:
    """Every finding about schemes; none where the book has no schemes."""
    if not workings.position.book.schemes:
        return []
    savings = workings.savings
    return [
        *of_no_scheme(savings),
        *impossible(savings),
        *maturity(savings),
        *steps(savings),
        *quality(savings),
        *harm(savings),
        *engagement(savings),
        *worth(savings),
        *links(savings),
        *drawn_on(savings),
        *money(savings),
    ]


def impossible(savings: Savings) -> Iterator[Finding]:
    """Schemes whose evidence cannot be: their doubts, each in its words, and where to mend them.

    What a row that cannot be read says is told where it is read; here is what only judging sees.
    """
    for row in savings.position.book.schemes:
        for doubt in _judged(savings, row.id).evidence.doubts:
            if not doubt.told:
                yield finding(
                    "EVIDENCE_IN_DOUBT",
                    row,
                    f"Scheme {row.id} does not count: {doubt.text}.",
                    "evidence that is beyond doubt",
                    doubt.text,
                    "Correct what is named, and the scheme is judged again.",
                    severity="error",
                )
        if not makes_sense(row):
            yield finding(
                "ELICITATION_RANGE",
                row,
                f"Scheme {row.id} does not count: its chance, its delay or the shares that it may "
                "deliver make no sense.",
                "a chance from 0 to 1, low, mode and high in rising order from 0 to 1.5",
                f"chance {row.chance}, low {row.low}, mode {row.mode}, high {row.high}",
                "Correct them, and the scheme is judged again.",
                severity="error",
            )


def of_no_scheme(savings: Savings) -> Iterator[Finding]:
    """Rows that refuse and name no one scheme: `all`, `*`, an empty cell."""
    titles = {row.id: (row.title,) for row in savings.position.book.schemes}
    for one in unnamed(savings.position, Mistaken(titles).may_be):
        first, *more = one.rows
        names = ", ".join(one.schemes[:5]) + (" and others" if len(one.schemes) > 5 else "")
        yield finding(
            "REFUSAL_OF_NO_SCHEME",
            first,
            f"{first.where} refuses or holds back and {one.names}, so nobody can tell whom it speaks "
            f"of; no scheme that it may mean counts ({names}).",
            "the id of one scheme",
            one.said or "an empty cell",
            "Write the id of the scheme in scheme; one row for each where there are several.",
            *more,
            severity="error",
        )


def maturity(savings: Savings) -> Iterator[Finding]:
    """A scheme typed as fully developed, or approved, without the evidence for it."""
    for refused in savings.ineligible:
        row = refused.row
        if str(row.maturity).startswith("fully_developed"):
            yield finding(
                "MATURITY_NOT_SUPPORTED",
                row,
                f"Scheme {refused.id} is typed {_said(row.maturity)}, but {refused.reason}. It does "
                f"not count, and is shown as {_said(refused.maturity)}.",
                f"evidence of {_said(row.maturity)}",
                f"evidence of {_said(refused.maturity)}",
                "Complete the evidence, or correct the maturity.",
            )
            continue
        decided = _judged(savings, refused.id).evidence
        gate = decision(decided)
        if gate is not None:
            yield finding(
                "GATE_WITHOUT_EVIDENCE",
                row,
                f"Scheme {refused.id} passed gate G3 on {gate.on}, but {refused.reason}. It does "
                "not count.",
                "all that safety asks for",
                refused.reason,
                "Complete the evidence and take the decision again.",
                gate,
            )
    for scheme in savings.eligible:
        row = scheme.row
        if row.maturity == "fully_developed_delivering" and scheme.maturity != row.maturity:
            lack = "nobody owns it" if not row.owner else "gate G4 has not been passed"
            yield finding(
                "MATURITY_NOT_SUPPORTED",
                row,
                f"Scheme {scheme.id} is typed {_said(row.maturity)}, but {lack}. It is shown as "
                f"{_said(scheme.maturity)}.",
                "gate G4 and an owner",
                lack,
                "Complete the evidence, or correct the maturity.",
            )
        elif row.maturity == "fully_developed" and scheme.maturity != row.maturity:
            yield finding(
                "MATURITY_NOT_SUPPORTED",
                row,
                f"Scheme {scheme.id} is typed {_said(row.maturity)}, but nobody owns it. It is "
                f"shown as {_said(scheme.maturity)}.",
                "an owner",
                "nobody",
                "Name who answers for it.",
            )


def _said(maturity: str) -> str:
    return str(maturity).replace("_", " ")


def _judged(savings: Savings, code: str) -> Judgement:
    return savings.judgements[code]


def steps(savings: Savings) -> Iterator[Finding]:
    """A gate that stands although one below it does not."""
    for row in savings.position.book.schemes:
        evidence = _judged(savings, row.id).evidence
        lacking = skipped(evidence)
        if lacking:
            top = reached(evidence)
            yield finding(
                "GATE_SKIPPED",
                row,
                f"Scheme {row.id} has passed {top} but not {', '.join(lacking)}.",
                f"{', '.join(lacking)} before {top}",
                top,
                "Pass the gates in order.",
                evidence.gates[top][-1],
            )


def quality(savings: Savings) -> Iterator[Finding]:
    """Panels, overdue reviews, scores after signature, domains that no profile has."""
    day = savings.position.reading_date
    for row in savings.position.book.schemes:
        judged = _judged(savings, row.id)
        found = scores(judged.evidence)
        severe = [s for s in found if s.stage == "panel" and "consequence" in s.why]
        if severe and any(reason.code == "PANEL_NEEDED" for reason in judged.reasons):
            yield finding(
                "PANEL_NEEDED",
                row,
                f"Scheme {row.id}: {severe[0].name} keeps a consequence of 5 after mitigation, so "
                "it goes to a panel whatever its likelihood.",
                "a panel's view",
                "a consequence of 5",
                "Take it to the panel and record what it said.",
                *(s.row for s in severe),
                severity="information",
            )
        late = overdue(judged.evidence, day)
        if late is not None:
            rows = [a for a in judged.evidence.assessments if a.review_on == late]
            yield finding(
                "REVIEW_OVERDUE",
                row,
                f"Scheme {row.id}: the review of its quality was due on {late}.",
                f"a review by {late}",
                "none",
                "Review it, and assess it again.",
                *rows,
            )
        again = rescored(judged) if row.id in savings.by_id else ()
        if again:
            yield finding(
                "RESCORED_AFTER_SIGNATURE",
                row,
                f"Scheme {row.id} was assessed again after it was signed: the signatures are of the "
                "scores before.",
                "signatures after the assessment",
                "signatures before it",
                "Have it signed again.",
                *again,
            )
        yield from _scores(row, judged.evidence)


def _scores(row: Scheme, evidence: Evidence) -> Iterator[Finding]:
    """Scores that fall without cause, that have no day, and domains that no profile has."""
    lowered = [a for a in evidence.assessments if lowered_without_cause(a)]
    if lowered:
        domains = ", ".join(one.domain for one in lowered)
        yield finding(
            "MITIGATION_MISSING",
            row,
            f"Scheme {row.id}: the score of {domains} falls and no mitigation is named, so the "
            "first score holds.",
            "what lowers the risk, in mitigation",
            "nothing",
            "Name the mitigation, or score the risk as it is.",
            *lowered,
        )
    undated = [a for a in evidence.assessments if a.signed_on is None and a.known is None]
    if undated and evidence.gates.get("QIA"):  # nothing has to come before no signature
        domains = ", ".join(one.domain for one in undated)
        yield finding(
            "QUALITY_NOT_DATED",
            row,
            f"Scheme {row.id}: no day says when {domains} was assessed, so nobody can tell whether "
            "the signatures came after it.",
            "the day of assessment, in signed_on",
            "nothing",
            "Write the day in signed_on.",
            *undated,
        )
    for one in evidence.assessments:
        profile = profiles().get(word(one.profile))
        if profile is not None and word(one.domain) not in profile.domains:
            yield finding(
                "DOMAIN_UNKNOWN",
                row,
                f"Scheme {row.id}: the profile {profile.profile} has no domain {one.domain}.",
                "one of " + ", ".join(profile.domains),
                str(one.domain),
                "Correct the domain.",
                one,
            )


def harm(savings: Savings) -> Iterator[Finding]:
    """Schemes that together reach over a ceiling of harm."""
    for year in savings.position.years:
        for found in ceilings(savings, year):
            if not found.over or found.limit is None:
                continue
            where = found.group or savings.totals.tree.name(found.organisation)
            names = ", ".join(f"{code} ({score})" for code, score in found.schemes)
            by = f", set by {found.limit.by}" if found.limit.by else ""
            yield finding(
                "HARM_OVER_CEILING",
                found.limit,
                f"In {year_label(year)} {len(found.schemes)} schemes meet on {where} and score "
                f"{found.score} together, over the ceiling of {found.ceiling:g}{by}: {names}. None of "
                "them counts.",
                f"at most {found.ceiling:g}",
                str(found.score),
                "Choose which of them go, or lower their harm.",
                *(savings.by_id[code].row for code, _ in found.schemes),
            )


def worth(savings: Savings) -> Iterator[Finding]:
    """Schemes of the plan that bring the system nothing, or cost it money."""
    names = {code: body.name for code, body in savings.totals.tree.organisations.items()}
    for scheme in savings.eligible:
        row = scheme.row
        year = year_of(row.start) if row.start else savings.position.default_year
        effect = savings.effects.of(row, year)
        if not in_plan(row) or effect.total > 0:
            continue
        text = effect.words(names)
        lost = effect.total < 0
        code = "COSTS_THE_SYSTEM" if lost else "ZERO_SUM" if effect.moves else "WORTH_NOTHING"
        yield finding(
            code,
            row,
            f"Scheme {scheme.id} "
            + (
                "costs the system more than it saves."
                if lost
                else f"brings the system nothing: {text}."
                if effect.moves
                else f"does not count: {text}."
            ),
            "a saving to the system",
            text,
            "Record the cost that is released in effects, change the contract, or drop it.",
            severity="warning" if lost else "information",
        )


def links(savings: Savings) -> Iterator[Finding]:
    """Required schemes that do not count, and exclusive ones that both do."""
    year = savings.position.default_year
    if not year:
        return
    counted = {scheme.id: scheme.row for scheme in savings.counted(year)}
    known = {row.id: row for row in savings.position.book.schemes}
    without = [
        known[code]
        for code, out in savings.excluded(year).items()
        if {name for name, _ in out.reasons} == {"REQUIRED_NOT_COUNTED"}
    ]
    for row in (*counted.values(), *without):
        code = row.id
        for other in row.requires or ():
            if other not in counted:
                yield finding(
                    "REQUIRED_NOT_COUNTED",
                    row,
                    f"Scheme {code} requires {other}, which does not count, so neither does {code}."
                    if row in without
                    else f"Scheme {code} counts, but {other}, which it requires, does not.",
                    f"{other} counts",
                    "it does not" if other in known else "it is not in the book",
                    f"Bring {other} to its gates, or leave {code} out.",
                    *([known[other]] if other in known else []),
                )
    for pair in sorted(sorted(pair) for pair in exclusive_pairs(counted)):
        yield _exclusive(savings, year, *(counted[code] for code in pair))


def drawn_on(savings: Savings) -> Iterator[Finding]:
    """Schemes that draw on an opportunity that the book does not list, so that nothing caps them."""
    position = savings.position
    lost = {row.texts.get("id", "") for row in position.stopped if row.table == "opportunities"}
    known = {row.id for row in position.book.opportunities} | lost - {""}
    by_key = {key(one): one for one in sorted(known)}
    for row in position.book.schemes:
        named = row.opportunity
        if not named or named in known:
            continue
        near = get_close_matches(key(named), by_key, n=2)
        hint = f" Did you mean {' or '.join(by_key[one] for one in near)}?" if near else ""
        yield finding(
            "OPPORTUNITY_UNKNOWN",
            row,
            f"Scheme {row.id} draws on {named}, which is no opportunity of the book, so nothing caps "
            f"what it saves.{hint}",
            "an id of the table opportunities",
            named,
            "Correct the id, or add the opportunity.",
        )


def _exclusive(savings: Savings, year: str, one: Scheme, other: Scheme) -> Finding:
    """Two schemes of which one can go, and what the plan counts twice while it holds both."""
    brings = [savings.in_year(row, year, "plan") for row in (one, other)]
    twice = min((pence for pence in brings if pence is not None), default=0)
    told = (
        f"savings_plan counts both, so that £{format_money(twice)} million of {year_label(year)} is in "
        "it twice; "
        if None not in brings and twice > 0
        else ""
    )
    return finding(
        "EXCLUSIVE_BOTH_COUNT",
        one,
        f"Schemes {one.id} ({one.title}) and {other.id} ({other.title}) exclude each other, and both "
        f"are in the plan: {told}a portfolio and a forecast take one.",
        "one of them",
        "both",
        "Take one of them out of the plan (in_plan no).",
        other,
    )


def money(savings: Savings) -> Iterator[Finding]:
    """A forecast that does not know of the slippage, and phasing beyond the full-year effect."""
    amounts = savings.totals.amounts
    known = {row.id: row for row in savings.position.book.schemes}
    for code, year, basis, pence, full in phased_over(savings.position):
        most = "the full-year effect" + (" and half as much" if basis == "forecast" else "")
        yield finding(
            "PHASING_OVER_FULL_YEAR",
            known[code],
            f"Scheme {code}: its {basis} in {year_label(year)} comes to £{format_money(pence)} million, "
            f"more than its full-year effect of £{format_money(full)} million can bring. It does not "
            "count.",
            f"at most {most}",
            f"£{format_money(pence)} million",
            "Correct the months or the full-year effect.",
            severity="error",
        )
    for row in savings.position.book.schemes:
        if row.id not in amounts.of_scheme:
            continue
        for year in sorted({r.year for r in amounts.of_scheme[row.id]}):
            one = course(row, year, amounts, savings.slip(row))
            if not one.stated or not one.slip or one.by_slippage is None or one.forecast is None:
                continue
            stated, moved = sum(one.forecast), sum(one.by_slippage)
            late = f"{one.slip} month{'s' if one.slip > 1 else ''}"
            if stated > moved:
                yield finding(
                    "SLIPPAGE_NOT_IN_FORECAST",
                    row,
                    f"Scheme {row.id} is {late} late, yet it is forecast to save "
                    f"£{format_money(stated)} million in {year_label(year)}; moved by the months it is "
                    f"late, its plan brings £{format_money(moved)} million.",
                    f"£{format_money(moved)} million",
                    f"£{format_money(stated)} million",
                    "Lower the forecast, or record when it started.",
                )

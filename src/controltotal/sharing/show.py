"""Shares as figures, tables, findings and plain words.

The engines know numbers only; here they get their ids, their trace and the sentence that a board
would read. A policy without an answer gives null figures and a finding that says what is missing
or how much could not be placed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from controltotal.book.fold import Position
from controltotal.core.calendar import next_year, year_label, year_start
from controltotal.core.errors import BookError
from controltotal.core.money import format_pounds, instalments
from controltotal.core.parameters import ParameterMissing
from controltotal.core.result import Answer
from controltotal.sharing.book import PayerInputs, where
from controltotal.sharing.policy import ALL_SPARED, INPUT_WORDS, NEEDS, NOBODY, RULE_WORDS, Shares
from controltotal.workings.totals import Totals

MORE_ACTION = {
    "allocation": "; --pot takes a provider's income.",
    "opportunity": "; --benchmarks 2016/17 takes what benchmark data of a period show.",
}
PARAMETERS = {
    "capped": ("share_cap",),
    "deprivation_weighted": ("share_deprivation_strength",),
    "neighbour_support": ("repayment_years",),
}


def parameter(position: Position, year: str, name: str) -> Decimal:
    """A convention in force at the start of the year."""
    try:
        return position.parameters.on(name, year_start(year)).number
    except ParameterMissing as fault:
        raise BookError(str(fault), "parameters", "give the book a value that holds") from fault


def labels(position: Position, year: str, policy: str) -> tuple[str, ...]:
    """The conventions that a policy used, with value, source and mark."""
    return tuple(
        position.parameters.on(name, year_start(year)).label for name in PARAMETERS.get(policy, ())
    )


@dataclass(frozen=True, slots=True)
class Divided:
    """The gap that is divided: of which year, and from which entries or figures it comes."""

    year: str
    entries: tuple[int, ...] = ()
    figures: tuple[str, ...] = ()


def figures(
    answer: Answer,
    gap: Divided,
    shares: Shares,
    known: Mapping[str, PayerInputs],
    used: tuple[str, ...] = (),
) -> None:
    """Share, share a head, a weighted head and of allocation, for every payer."""
    year, policy, rows = gap.year, shares.policy, []
    needs = tuple(INPUT_WORDS) if policy == "formula" else NEEDS[policy]
    for code, pence in shares.by_code().items():
        inputs = known[code]
        payer = inputs.payer
        share_id = f"share/{code}/{year}/plan/{policy}"
        answer.figure(
            share_id,
            pence,
            rule=RULE_WORDS[policy],
            inputs=(*gap.figures, *(inputs.figures if "headroom" in needs else ())),
            parameters=used,
            entries=(*gap.entries, *inputs.rest_on(needs)),
            unknown=shares.unknown,
        )
        per_head = _over(pence, payer.population, 100)
        per_weighted = _over(pence, payer.weighted_population, 100)
        of_allocation = _over(pence, inputs.allocation, 1)
        for measure, value, unit, by in (
            ("share_per_head", per_head, "pounds", "population"),
            ("share_per_weighted_head", per_weighted, "pounds", "weighted_population"),
            ("share_of_allocation", of_allocation, "share", "allocation"),
        ):
            name = f"{measure}/{code}/{year}/plan/{policy}"
            answer.figure(
                name,
                value,
                unit,
                rule=f"share / {by.replace('_', ' ')}",
                inputs=(share_id,),
                entries=inputs.rest_on((by,)),
                unknown=shares.unknown or "not_stated",
            )
        headroom = payer.headroom
        rows.append(
            {
                "policy": policy,
                "organisation": code,
                "pence": pence,
                "per_head": per_head,
                "per_weighted_head": per_weighted,
                "share_of_allocation": of_allocation,
                "headroom_before": headroom,
                "headroom_after": None if headroom is None or pence is None else headroom - pence,
            }
        )
    answer.table("shares", rows)


def _over(pence: int | None, base: float | None, scale: int) -> float | None:
    """A share over heads or allocation, to nine decimals; ``None`` where either is missing."""
    if pence is None or not base:
        return None
    return round(pence / scale / base, 9)


def raised(
    answer: Answer,
    totals: Totals,
    gap: Divided,
    shares: Shares,
    known: Mapping[str, PayerInputs],
    above: str,
) -> None:
    """The whole gap at the level above, with distance from target and need as the case."""
    year = gap.year
    answer.figure(
        f"share/{above}/{year}/plan/raise_nationally",
        shares.above,
        rule=RULE_WORDS[shares.policy],
        inputs=gap.figures,
        entries=gap.entries,
    )
    rows = []
    for code in known:
        payer, fair = known[code].payer, known[code].fair
        need = known[code].need
        if need is None:
            need = _need(payer.weighted_population, payer.population)
        rows.append(
            {
                "organisation": code,
                "name": totals.tree.name(code, year),
                "allocation": known[code].allocation,
                "distance_from_target": fair.pence if fair else None,
                "distance_share": round(fair.share, 9) if fair else None,
                "need_index": need,
                "deprivation": payer.deprivation,
                "score": payer.score,
            }
        )
    answer.table("national_case", rows)


def _need(weighted: float | None, population: int | None) -> float | None:
    return None if not weighted or not population else round(weighted / population, 9)


def left_out(
    answer: Answer, year: str, policy: str, codes: Sequence[str], known: Mapping[str, PayerInputs]
) -> None:
    """No share of those of whom the policy cannot ask: they have no allocation to take from."""
    for code in codes:
        answer.figure(
            f"share/{code}/{year}/plan/{policy}",
            None,
            rule=f"{RULE_WORDS[policy]}; a trust has none of its own",
            entries=[entry for found in known[code].entries.values() for entry in found],
            unknown="not_applicable",
        )


def not_placed(answer: Answer, shares: Shares, gap: int, known: Mapping[str, PayerInputs]) -> None:
    """A finding for a policy without an answer: what lacks, or how much is short."""
    if shares.pence is not None:
        return
    policy = shares.policy
    said: set[str] = set()
    for name, codes in shares.missing.items():
        if codes and said.issuperset(codes):
            continue  # the same bodies lack what this input is made from
        said.update(codes)
        whose = ", ".join(codes)
        answer.finding(
            code="SHARE_INPUT_MISSING",
            severity="warning",
            organisation=codes[0] if codes else "",
            where=where(known, codes),
            message=f"The policy {policy} needs {INPUT_WORDS[name]} for every payer; it is missing for "
            f"{whose}.",
            expected=INPUT_WORDS[name],
            found="nothing",
            action="Add it to the book, or choose another policy" + MORE_ACTION.get(name, "."),
        )
    if shares.missing:
        return
    if shares.short or shares.excess or shares.crossed:
        amount = shares.short or shares.excess
        found = format_pounds(amount) if amount else ", ".join(shares.crossed)
        words = f"The policy {policy} cannot place {format_pounds(gap)}: {shares.reason}"
        answer.finding(
            code="SHARE_NOT_PLACED",
            severity="warning",
            organisation=", ".join(shares.crossed),
            where=where(known, shares.crossed or shares.codes),
            message=words + _by_how_much(shares, amount),
            expected=f"room for {format_pounds(gap)}",
            found=found,
            action="Ask for less, name more payers, or choose another policy.",
        )
        return
    expected, action = {
        "no neighbours were named as givers": ("givers", "Name the givers with --from."),
        "there is nobody to pay": ("at least one payer", "Name the payers with --from."),
    }.get(shares.reason, ("allocations of nil or more", "Correct the allocation in the book."))
    answer.finding(
        code="SHARE_INPUT_MISSING",
        severity="warning",
        organisation="",
        where="the command",
        message=f"The policy {policy} gives no answer: {shares.reason}.",
        expected=expected,
        found=shares.reason,
        action=action,
    )


def _by_how_much(shares: Shares, amount: int) -> str:
    """The end of the sentence: what is short, or whose bounds cross."""
    if shares.reason in (NOBODY, ALL_SPARED):
        return "."
    return f" by {format_pounds(amount)}." if amount else f" for {', '.join(shares.crossed)}."


def repayments(
    answer: Answer,
    year: str,
    shares: Shares,
    receiver: str,
    years: int,
    used: tuple[str, ...] = (),
) -> None:
    """Equal yearly instalments back to each giver, and the receiver's schedule as their sum."""
    assert shares.pence is not None
    policy = shares.policy
    owed = {c: p for c, p in shares.by_code().items() if p is not None and c != receiver}
    sums: dict[str, int] = {}
    for code, pence in owed.items():
        left = pence
        share_id = f"share/{code}/{year}/plan/{policy}"
        first = f"balance_owed/{code}/{year}/plan/{policy}"
        answer.figure(first, pence, rule="the share, until it is repaid", inputs=(share_id,))
        key = f"balance_owed/{receiver}/{year}/plan/{policy}"
        sums[key] = sums.get(key, 0) + pence
        for n, part in enumerate(instalments(pence, years), start=1):
            one = next_year(year, n)
            left -= part
            for measure, value, rule in (
                ("repayment", part, "equal yearly instalments in whole pence"),
                ("balance_owed", left, "share less what is repaid by the end of the year"),
            ):
                answer.figure(
                    f"{measure}/{code}/{one}/plan/{policy}",
                    value,
                    rule=rule,
                    inputs=(share_id,),
                    parameters=used,
                )
                key = f"{measure}/{receiver}/{one}/plan/{policy}"
                sums[key] = sums.get(key, 0) + value
        assert left == 0, "a schedule repays what was lent"
    if not receiver:
        return
    for key, pence in sums.items():
        measure, _, one, *_rest = key.split("/")
        parts = [f"{measure}/{code}/{one}/plan/{policy}" for code in owed]
        answer.figure(key, pence, rule="sum over the givers", inputs=parts)


def cases(answer: Answer, totals: Totals, year: str, shares: Shares, receiver: str) -> None:
    """The three mechanisms before and after savings, for giver, receiver and those above.

    A giver is shown as the change from its own plan, the others as positions. Under an allocation
    reduction the money is held by the level above until it is placed.
    """
    tree = totals.tree
    given = {code: pence for code, pence in shares.by_code().items() if pence}
    gap = sum(given.values())
    own = given.get(receiver, 0)
    above = _above_all(totals, (*given, *((receiver,) if receiver else ())), year)
    rows: list[dict[str, object]] = []

    def line(mechanism: str, stage: str, role: str, code: str, pence: int | None) -> None:
        rows.append(
            {
                "policy": shares.policy,
                "mechanism": mechanism,
                "stage": stage,
                "role": role,
                "organisation": code,
                "pence": pence,
            }
        )

    for mechanism in ("resource_transfer", "position_improvement", "allocation_reduction"):
        gives = mechanism != "position_improvement"
        for stage in ("before", "after"):
            made = stage == "after"
            for code, pence in given.items():
                if code != receiver:
                    line(mechanism, stage, "giver", code, (made - gives) * pence)
            if receiver:
                plan = totals.surplus(receiver, year, "plan").pence
                moved = gap - own if mechanism == "resource_transfer" else 0
                slice_ = (made - gives) * own
                at = None if plan is None else plan + moved + slice_
                line(mechanism, stage, "receiver", receiver, at)
            for code in above:
                total = totals.surplus(code, year, "plan").pence
                whole = None if total is None else total + (gap if made else 0)
                line(mechanism, stage, tree.kind(code), code, whole)
            if mechanism == "allocation_reduction":
                line(mechanism, stage, "held", above[0] if above else "", gap)
                line(mechanism, stage, "placed", receiver, 0)
    answer.table("support_cases", rows)


def _above_all(totals: Totals, codes: Sequence[str], year: str) -> tuple[str, ...]:
    """The systems and regions above all of the bodies, nearest first."""
    tree = totals.tree
    lists = [tree.ancestors(code, year) for code in codes]
    return tuple(
        code
        for code in (lists[0] if lists else ())
        if all(code in other for other in lists) and tree.kind(code) in ("system", "region")
    )


def words(
    answer: Answer,
    totals: Totals,
    gap: int,
    year: str,
    receiver: str,
    given: Sequence[Shares],
) -> None:
    """Plain sentences: what is divided, and who bears most and least under each policy."""
    name = partial(totals.tree.name, year=year)
    to = f" for {name(receiver)}" if receiver else ""
    answer.words(
        f"{format_pounds(gap)}{to} in {year_label(year)}, divided under "
        f"{len(given)} {'policy' if len(given) == 1 else 'policies'}.",
        topic="share",
        about=receiver,
        year=year,
    )
    for shares in given:
        if shares.policy == "raise_nationally":
            answer.words(
                "raise_nationally: nothing is divided; the whole stands at the level above.",
                topic="share",
                year=year,
            )
        elif any(shares.at_most):
            answer.words(_as_far_as(shares, name), topic="share", year=year)
        elif shares.pence is None:
            short = _by_how_much(shares, shares.short) if shares.short else "."
            text = f"{shares.policy}: no answer, because {shares.reason}{short}"
            answer.words(text, topic="share", year=year)
        elif len(shares.codes):
            text = f"{shares.policy}: {_who(shares, name)}."
            answer.words(text, topic="share", year=year)


def _as_far_as(shares: Shares, name: object) -> str:
    """The answer of a policy under which the payers cannot bear the whole: how far they reach."""
    could = dict(zip(shares.codes, shares.at_most, strict=True))
    able = {code: pence for code, pence in could.items() if pence}
    whom = f"the {len(could)} together" if len(could) > 1 else "the one asked"
    text = (
        f"{shares.policy}: it does not reach; {whom} could bear {format_pounds(sum(able.values()))}, "
        f"{format_pounds(shares.short)} less than the whole"
    )
    most, least = max(able, key=able.__getitem__), min(able, key=able.__getitem__)
    if most == least or not callable(name):
        return f"{text}."
    return (
        f"{text}: {name(most)} most, {format_pounds(able[most])}, and {name(least)} least, "
        f"{format_pounds(able[least])}."
    )


def _who(shares: Shares, name: object) -> str:
    """Who bears most and least under a policy, of those who are not spared."""
    assert callable(name) and shares.pence is not None
    borne = {c: p or 0 for c, p in shares.by_code().items() if c not in shares.spared}
    most, least = max(borne.values()), min(borne.values())
    if most - least <= 1:
        return f"each of {len(borne)} bears {format_pounds(least)}"
    first = next(code for code, pence in borne.items() if pence == most)
    last = next(code for code, pence in borne.items() if pence == least)
    return f"{name(first)} bears most, {format_pounds(most)}, and {name(last)} least, " + (
        format_pounds(least) if least else "nothing"
    )

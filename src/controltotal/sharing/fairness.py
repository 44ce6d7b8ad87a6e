"""Equity of every policy as figures, with the tables behind them and no single score.

Where every payer is known in the packaged geography, burden per head is followed to small areas.
Beside that stand the same indices with whole bodies ranked by their mean score and by the share of
their people in the most deprived fifth; where these two disagree in sign, both are said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from controltotal.core.places import areas
from controltotal.core.result import Answer
from controltotal.core.sourced import Part, Source, by_key, row_key, sourced
from controltotal.sharing.book import PayerInputs, places_of, where
from controltotal.sharing.equity import (
    Body,
    Ranked,
    by_fifth,
    concentration_index,
    curve,
    deprived_beside_others,
    slope_index,
    who_pays_for_whom,
)
from controltotal.sharing.policy import Payer, Shares
from controltotal.workings.totals import Totals

PLACES = 9
"""Decimals kept of an index, so that machines agree to the last byte."""

GIVERS: Final = "those who would give, with their mean deprivation scores"
MORE_DEPRIVED: Final = "givers that are more deprived than the receiver"

CRITERIA = (
    ("lowest burden a head of the most deprived fifth", "most_deprived_per_head", False),
    ("smallest largest share of allocation", "largest_share_of_allocation", False),
    ("smallest largest burden a head", "largest_per_head", False),
    ("fewest pushed below their control total", "below_control_total", False),
    ("least borne by the deprived (concentration index)", "index", True),
)


@dataclass(frozen=True, slots=True)
class Residents:
    """Small areas of the payers: ``payer``: index into ``codes``; all arrays (area,)."""

    codes: tuple[str, ...]
    people: NDArray[np.float64]
    rank: NDArray[np.float64]
    fifth: NDArray[np.int64]
    payer: NDArray[np.int64]
    vintage: str


def residents(codes: Sequence[str], year: str) -> Residents | None:
    """The areas of these bodies at one vintage; ``None`` where one of them is not known there."""
    found = places_of(codes, year) if codes else None
    if found is None:
        return None
    kind, vintage = found
    chosen = areas(vintage)
    place = {code: n for n, code in enumerate(chosen.codes[kind])}
    lookup = np.full(len(place), -1, np.int64)
    for n, code in enumerate(codes):
        lookup[place[code]] = n
    payer = lookup[chosen.member[kind]]
    here = payer >= 0
    return Residents(
        tuple(codes),
        chosen.people[here].astype(np.float64),
        chosen.rank[here].astype(np.float64),
        chosen.fifth()[here],
        payer[here],
        vintage,
    )


def answer_equity(
    answer: Answer,
    totals: Totals,
    year: str,
    receiver: str,
    given: Sequence[Shares],
    known: Mapping[str, PayerInputs],
    scope: str,
) -> None:
    """Figures and tables of equity for every policy that divides the gap."""
    compared: list[dict[str, object]] = []
    homes: dict[tuple[str, ...], Residents | None] = {}
    for shares in given:
        if shares.pence is None or shares.policy == "raise_nationally" or not shares.pence.any():
            continue
        if shares.codes not in homes:
            alone = totals.position.book_only
            homes[shares.codes] = None if alone else residents(shares.codes, year)
        row = _one(answer, year, shares, known, scope, homes[shares.codes])
        row["below_control_total"] = _below(shares, known)
        compared.append(row)
    _overlapping(answer, totals, given, known)
    answer.table("equity", compared)
    answer.table("policies_compared", compare(compared))
    if receiver:
        payers = next((s.codes for s in given if receiver not in s.codes and s.codes), ())
        _who_pays(answer, totals, year, receiver, payers, known)


def _overlapping(
    answer: Answer,
    totals: Totals,
    given: Sequence[Shares],
    known: Mapping[str, PayerInputs],
) -> None:
    """A commissioner and its providers serve the same people: a burden a head then counts twice."""
    kinds = {totals.tree.kind(code) for shares in given for code in shares.codes}
    if {"commissioner", "provider"} <= kinds:
        answer.finding(
            code="EQUITY_PEOPLE_OVERLAP",
            severity="information",
            organisation="",
            where=where(known, known),
            message="Commissioners and providers are among the payers and serve the same people: burdens "
            "a head of the one and of the other fall on the same heads.",
            expected="payers whose people differ",
            found="commissioner and provider",
            action="Read equity within one kind of body.",
        )


def _below(shares: Shares, known: Mapping[str, PayerInputs]) -> int | None:
    """How many payers paying would push below their control total; ``None`` if one is unknown."""
    count = 0
    for code, pence in shares.by_code().items():
        headroom = known[code].payer.headroom
        if headroom is None or pence is None:
            return None
        count += 0 <= headroom < pence
    return count


RANKED_BY = {
    "by_score": "bodies ranked by mean deprivation score",
    "by_fifth": "bodies ranked by share of people in the most deprived fifth",
}


def _by_body(
    payers: Sequence[Payer],
    people: NDArray[np.float64],
    burden: NDArray[np.float64],
    lacking: bool,
) -> tuple[dict[str, float | None], float | None, float | None, str]:
    """Indices with whole bodies ranked, by score and by fifth, and the first that can be told."""
    levels = {
        "by_score": [payer.score for payer in payers],
        "by_fifth": [payer.deprivation for payer in payers],
    }
    found: dict[str, float | None] = {}
    main, slope, basis = None, None, RANKED_BY["by_score"]
    for part, known in levels.items():
        found[part] = None
        if not lacking and all(level is not None for level in known):
            order = -np.array([float(level or 0) for level in known])
            bodies = Ranked.of(people, burden, order)
            found[part] = _rounded(concentration_index(bodies))
            if main is None:
                main, slope = found[part], _rounded(slope_index(bodies))
                basis = RANKED_BY[part]
    return found, main, slope, basis


def _one(
    answer: Answer,
    year: str,
    shares: Shares,
    known: Mapping[str, PayerInputs],
    scope: str,
    homes: Residents | None,
) -> dict[str, object]:
    """Indices of one policy, as figures and as a row of the table."""
    policy = shares.policy
    payers = [known[code].payer for code in shares.codes]
    row: dict[str, object] = {"policy": policy, "index": None, "slope": None}
    inputs = [f"share_per_head/{code}/{year}/plan/{policy}" for code in shares.codes]
    lacking = [payer.code for payer in payers if not payer.population]
    burden = people = np.zeros(len(payers))
    if not lacking:
        assert shares.pence is not None
        people = np.array([float(payer.population or 0) for payer in payers])
        burden = shares.pence / 100 / people
        row["largest_per_head"] = round(float(burden.max()), PLACES)
    row["largest_share_of_allocation"] = _largest_share(shares, known)
    found, main, slope, basis = _by_body(payers, people, burden, bool(lacking))
    row |= {f"index_{part}": value for part, value in found.items()}
    shares_deprived = [payer.deprivation for payer in payers]
    row["deprived_beside_others"] = None
    if not lacking and None not in shares_deprived:
        inside = np.array([float(one or 0) for one in shares_deprived])
        row["deprived_beside_others"] = _rounded(deprived_beside_others(people, burden, inside))
    if homes is not None and not lacking:
        ranked = Ranked.of(homes.people, burden[homes.payer], homes.rank)
        main, slope = _rounded(concentration_index(ranked)), _rounded(slope_index(ranked))
        basis = f"people ranked by deprivation of their area, areas of {homes.vintage}"
        fifths = by_fifth(homes.people, burden[homes.payer], homes.fifth)
        row["most_deprived_per_head"] = _rounded(fifths[0])
        first = (homes.fifth == 1).astype(np.float64)
        beside = deprived_beside_others(homes.people, burden[homes.payer], first)
        row["deprived_beside_others"] = _rounded(beside)
        answer.table(
            "equity_fifths",
            [
                {"policy": policy, "fifth": n, "per_head": _rounded(value)}
                for n, value in enumerate(fifths, start=1)
            ],
        )
        answer.table(
            "concentration_curve",
            [{"policy": policy, "people": x, "burden": y} for x, y in curve(ranked)],
        )
    row["index"], row["slope"] = main, slope
    lack = shares.unknown or ("not_stated" if lacking else "not_applicable")
    for part, value in {"": main, **found}.items():
        name = f"equity_index/{scope}/{year}/plan/{policy}" + (f"/{part}" if part else "")
        rule = basis if not part else f"concentration index, bodies ranked {part.replace('_', ' ')}"
        answer.figure(name, value, "index", rule=rule, inputs=inputs, unknown=lack)
    answer.figure(
        f"equity_slope/{scope}/{year}/plan/{policy}",
        slope,
        "pounds",
        rule=basis,
        inputs=inputs,
        unknown=lack,
    )
    _disagree(answer, policy, scope, found, where(known, shares.codes))
    if lacking:
        answer.finding(
            code="EQUITY_INPUT_MISSING",
            severity="information",
            organisation=lacking[0],
            where=where(known, lacking),
            message=f"Burden a head cannot be told for {', '.join(lacking)}: no population is known.",
            expected="a population for every payer",
            found="nothing",
            action="Fill in population in organisations.",
        )
    return row


def _largest_share(shares: Shares, known: Mapping[str, PayerInputs]) -> float | None:
    """The largest share of allocation that any payer bears."""
    found = []
    for code, pence in shares.by_code().items():
        allocation = known[code].allocation
        if not allocation or pence is None:
            return None
        found.append(pence / allocation)
    return _rounded(max(found))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES) + 0.0


def _disagree(
    answer: Answer, policy: str, scope: str, found: Mapping[str, float | None], rows: str
) -> None:
    """Two ways of ranking bodies that point in opposite directions are both said."""
    score, fifth = found["by_score"], found["by_fifth"]
    if score is None or fifth is None or score * fifth >= 0:
        return
    heavier = {True: "more deprived", False: "less deprived"}
    answer.finding(
        code="EQUITY_MEASURES_DISAGREE",
        severity="information",
        organisation=scope,
        where=rows,
        message=f"Under {policy} the burden falls on {heavier[score < 0]} bodies by mean score "
        f"({score:+.3f}) and on {heavier[fifth < 0]} ones by share of people in the most "
        f"deprived fifth ({fifth:+.3f}).",
        expected="two measures that agree",
        found=f"{score:+.3f} and {fifth:+.3f}",
        action="Show both; do not choose the one that suits.",
    )


def compare(rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """What each policy is best and worst at, criterion by criterion; never a single score.

    >>> compare([{"policy": "a", "index": 0.1}, {"policy": "b", "index": -0.1}])[0]["best_at"]
    'least borne by the deprived (concentration index)'
    """
    best: dict[str, list[str]] = {str(row["policy"]): [] for row in rows}
    worst: dict[str, list[str]] = {str(row["policy"]): [] for row in rows}
    for name, key, more_is_better in CRITERIA:
        values = {}
        for row in rows:
            value = row.get(key)
            if isinstance(value, int | float):
                values[str(row["policy"])] = float(value)
        if len(values) < 2 or len({round(v, 6) for v in values.values()}) < 2:
            continue
        low, high = min(values.values()), max(values.values())
        good, bad = (high, low) if more_is_better else (low, high)
        for policy, value in values.items():
            if abs(value - good) < 1e-6:
                best[policy].append(name)
            elif abs(value - bad) < 1e-6:
                worst[policy].append(name)
    return [
        {"policy": policy, "best_at": "; ".join(best[policy]), "worst_at": "; ".join(worst[policy])}
        for policy in best
    ]


def _who_pays(
    answer: Answer,
    totals: Totals,
    year: str,
    receiver: str,
    givers: Sequence[str],
    known: Mapping[str, PayerInputs],
) -> None:
    """Givers held against the receiver, by score and by share in the most deprived fifth."""
    bodies = {
        code: Body(code, known[code].payer.deprivation, known[code].payer.score)
        for code in (*givers, receiver)
    }
    who = who_pays_for_whom(bodies[receiver], [bodies[code] for code in givers])
    rows = []
    for body in (who.receiver, *who.givers):
        score, share = body.score, body.share_most_deprived_fifth
        rows.append(
            {
                "role": "receiver" if body is who.receiver else "giver",
                "organisation": body.code,
                "name": totals.tree.name(body.code, year),
                "score": _rounded(score),
                "share_most_deprived_fifth": _rounded(share),
                "more_deprived_by_score": _more(score, who.receiver.score),
                "more_deprived_by_fifth": _more(share, who.receiver.share_most_deprived_fifth),
            }
        )
    answer.table("who_pays_for_whom", rows)
    count, name = len(who.givers), totals.tree.name(receiver, year)
    whom, of = f"the receiver {name}", f"the {count} givers"
    every = sourced(str(count), Source(how=GIVERS, parts=_bodies(rows[1:])))
    of = of.replace(str(count), every, 1)
    if who.more_deprived_by_score is not None and who.receiver.score is not None:
        key = row_key("who_pays_for_whom.score", rows[0], "organisation")
        answer.words(
            f"By mean deprivation score {whom} ({by_key(f'{who.receiver.score:.1f}', key)}) is less "
            f"deprived than {_more_deprived(rows, 'score')} of {of}.",
            topic="equity",
            about=receiver,
        )
        whom, of = "it", "them"
    if who.more_deprived_by_fifth is not None:
        share = who.receiver.share_most_deprived_fifth or 0.0
        fifth = row_key("who_pays_for_whom.share_most_deprived_fifth", rows[0], "organisation")
        answer.words(
            f"By share of people in the most deprived fifth ({by_key(f'{share:.1%}', fifth)}) {whom} is "
            f"less deprived than {_more_deprived(rows, 'fifth')} of {of}{_AGREED[who.agree]}",
            topic="equity",
            about=receiver,
        )
    if who.agree is False:
        answer.finding(
            code="EQUITY_MEASURES_DISAGREE",
            severity="information",
            organisation=receiver,
            where=where(known, (*who.disputed, receiver)),
            message=f"Mean score and share of people in the most deprived fifth disagree on who is more "
            f"deprived than {receiver}: {', '.join(who.disputed)} by one and not by the other.",
            expected="two measures that agree",
            found=f"{who.more_deprived_by_score} and {who.more_deprived_by_fifth} of {count}",
            action="Show both; do not choose the one that suits.",
        )


_AGREED: Final = {True: "; the two measures agree.", False: ": the picture is mixed.", None: "."}
"""What is said of two measures that agree or do not; nothing of one measure alone."""


def _more(value: float | None, level: float | None) -> bool | None:
    return None if value is None or level is None else value > level


def _bodies(rows: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Bodies with their mean deprivation scores."""
    key = "who_pays_for_whom.score"
    return tuple(
        Part(row["name"], row_key(key, row, "organisation"), f"{row['score']:.1f}")
        if row["score"] is not None
        else Part(row["name"])
        for row in rows
    )


def _more_deprived(rows: Sequence[Mapping[str, Any]], by: str) -> str:
    """How many givers are more deprived than the receiver, with which."""
    some = [row for row in rows[1:] if row[f"more_deprived_by_{by}"]]
    return sourced(str(len(some)), Source(how=MORE_DEPRIVED, parts=_bodies(some)))

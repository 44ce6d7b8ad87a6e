"""Question 9, who decides and who is bound: the answer of ``decide``, with voting power."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from controltotal.book import records
from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.core.calendar import year_of
from controltotal.core.keys import key
from controltotal.core.result import Answer, Result
from controltotal.governance.power import (
    Game,
    Power,
    TooLarge,
    blocking_sets,
    can_be_outvoted,
    imposing_set,
    outvoters,
    power,
)
from controltotal.governance.proposed import (
    STATUTE_FROM,
    add_proposed,
    members_of,
    nobody_voted,
)
from controltotal.governance.votes import (
    RULES,
    Outcome,
    Rule,
    Vote,
    bound_by,
    decide,
    uses_weights,
)
from controltotal.workings.workings import Workings

BLOCKING_SHOWN = 20


def answer_decide(
    workings: Workings, year: str | None = None, organisation: str | None = None
) -> Result:
    """Every decision of the book, or those of one year: outcome, dissent, who is bound, power."""
    position = workings.position
    options = {"year": year, "organisation": organisation}
    answer = Answer("decide", position.ref, {k: v for k, v in options.items() if v})
    votes: dict[str, list[records.Vote]] = {}
    for vote in position.book.votes:
        votes.setdefault(vote.decision, []).append(vote)
    lost = _unread_votes(position)
    for row in position.book.decisions:
        one = year_of(row.on) if row.on else position.default_year
        if year and one != year:
            continue
        cast = votes.get(row.decision, [])
        if organisation and organisation not in {one_vote.organisation for one_vote in cast}:
            continue
        unread = [*lost.get(key(row.decision), ()), *lost.get("", ())]
        if unread:
            votes_cast = [vote_of(one_vote) for one_vote in cast]
            _untold(answer, row, one or "undated", votes_cast, (row.entry,), unread)
            continue
        _decision(answer, position, row, cast, one or "undated")
    stopped = [row.where for row in position.stopped if row.table == "decisions"]
    if stopped:
        answer.words(f"A decision could not be read: {' and '.join(stopped)}.", topic="vote")
    if not position.book.decisions and not stopped:
        answer.words("The book holds no decisions.", topic="vote")
    return answer.result()


def _unread_votes(position: Position) -> dict[str, list[Record]]:
    """Votes that could not be read, by the key of their decision: each might turn the outcome."""
    found: dict[str, list[Record]] = {}
    for row in position.stopped:
        if row.table == "votes":
            found.setdefault(key(row.texts.get("decision", "")), []).append(row)
    return found


def _share(value: object) -> Fraction | None:
    return None if value is None else Fraction(str(value))


NO_CONFLICT = frozenset({"", "no", "n", "none", "nil", "false", "n/a"})
"""What people write where a member has no conflict; anything else (`yes`, or what it is) is one."""


def vote_of(row: records.Vote) -> Vote:
    """One vote as the engine reads it; a stated conflict other than "no" is a conflict."""
    conflict = str(row.conflict or "").strip().lower() not in NO_CONFLICT
    return Vote(
        row.organisation,
        row.vote or "",
        _share(row.weight),
        row.delegated,
        conflict,
        row.entry,
    )


def _decision(
    answer: Answer,
    position: Position,
    row: records.Decision,
    rows: Sequence[records.Vote],
    year: str,
) -> None:
    """Figures, tables and words of one decision."""
    name = row.decision
    rule = Rule(row.rule, _share(row.quorum), _share(row.threshold), row.lead or "")
    votes = sorted((vote_of(one) for one in rows), key=lambda vote: vote.organisation)
    entries = (row.entry, *(vote.entry for vote in votes))
    if nobody_voted(rule, votes):
        add_proposed(answer, position, row, rule, votes, year)
        _power(answer, position, name, year, rule, votes, entries, row.where)
        return
    if not votes or rule.kind not in RULES or any(v.vote in ("", "unknown") for v in votes):
        _untold(answer, row, year, votes, entries)
        return
    outcome = decide(rule, votes)
    _tally(answer, name, year, rule, outcome, entries)
    _tables(answer, position, row, votes, outcome)
    _notices(answer, row, votes, outcome)
    _say(answer, position, row, votes, outcome)
    _power(answer, position, name, year, rule, votes, entries, row.where)


def _untold(
    answer: Answer,
    row: records.Decision,
    year: str,
    votes: Sequence[Vote],
    entries: tuple[int, ...],
    unread: Sequence[Record] = (),
) -> None:
    """A decision that cannot be worked out: no votes, one unread, or an unknown rule or vote."""
    for measure in ("votes_for", "votes_against"):
        figure = f"{measure}/{row.decision}/{year}/decision"
        lack = "stopped" if unread else "undecided" if votes else "not_stated"
        answer.figure(figure, None, "count", rule="cannot be told", entries=entries, unknown=lack)
    lacks = "votes" if not votes else "a known rule and known votes"
    places = " and ".join(one.where for one in unread)
    answer.finding(
        code="DECISION_INCOMPLETE",
        severity="error" if unread else "warning",
        organisation="",
        where="; ".join([row.where, *(one.where for one in unread)]),
        message=f"Decision {row.decision} cannot be worked out"
        + (f": {places} could not be read." if unread else "."),
        expected="votes that can be read" if unread else lacks,
        found=row.rule,
        action="Mend the vote: `controltotal check` says how."
        if unread
        else "List the members in votes, the vote empty where nobody has voted, and name the rule.",
    )


def _tally(
    answer: Answer, name: str, year: str, rule: Rule, outcome: Outcome, entries: tuple[int, ...]
) -> None:
    """Votes for and against: by weight under a weighted rule, with heads and shares beside."""
    how = f"{rule.kind.replace('_', ' ')}: {outcome.why}"
    weighed = outcome.passed is not None or not uses_weights(rule)
    share = None if outcome.share_for is None or not weighed else float(outcome.share_for)
    for measure, count, heads in (
        ("votes_for", outcome.votes_for, outcome.heads_for),
        ("votes_against", outcome.votes_against, outcome.heads_against),
    ):
        figure = f"{measure}/{name}/{year}/decision"
        value = _number(count) if weighed else None
        answer.figure(figure, value, "count", rule=how, entries=entries)
        answer.figure(f"{figure}/heads", heads, "count", rule="members", entries=entries)
    answer.figure(
        f"votes_for/{name}/{year}/decision/share",
        None if share is None else round(share, 9),
        "share",
        rule=how,
        inputs=(f"votes_for/{name}/{year}/decision",),
        entries=entries,
    )


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _tables(
    answer: Answer,
    position: Position,
    row: records.Decision,
    votes: Sequence[Vote],
    outcome: Outcome,
) -> None:
    """Who voted how, and who is bound."""
    name = row.decision
    answer.table(
        "votes",
        [
            {
                "decision": name,
                "organisation": vote.organisation,
                "name": position.tree.name(vote.organisation),
                "vote": vote.vote,
                "weight": None if vote.weight is None else _number(vote.weight),
                "conflict": vote.conflict,
            }
            for vote in votes
        ],
    )
    rows = []
    for bound, vote in zip(bound_by(outcome, votes), votes, strict=True):
        exists = row.on is None or _exists(position, vote.organisation, row.on)
        rows.append(
            {
                "decision": name,
                "organisation": bound.organisation,
                "name": position.tree.name(bound.organisation),
                "vote": bound.vote,
                "bound": bound.bound if exists else False,
                "why": bound.why if exists else "it did not exist on that date",
            }
        )
    answer.table("bound", rows)
    passed = {True: "passed", False: "not passed", None: "cannot be told"}[outcome.passed]
    answer.table(
        "decisions",
        [
            {
                "decision": name,
                "title": row.title or "",
                "rule": row.rule,
                "on": row.on.isoformat() if row.on else "",
                "outcome": passed,
                "why": outcome.why,
                "dissent": ";".join(outcome.dissent),
                "abstained": ";".join(outcome.abstained),
                "absent": ";".join(outcome.absent),
                "conflicted": ";".join(outcome.conflicted),
                "quorate": outcome.quorate,
            }
        ],
    )


def _exists(position: Position, code: str, on: date) -> bool:
    organisation = position.tree.organisations.get(code)
    return organisation is not None and any(s.start <= on <= s.until for s in organisation.spells)


def _notices(
    answer: Answer, row: records.Decision, votes: Sequence[Vote], outcome: Outcome
) -> None:
    """What a reader must know before relying on the outcome."""
    name = row.decision
    if outcome.passed is None:
        answer.finding(
            code="DECISION_INCOMPLETE",
            severity="warning",
            organisation="",
            where=row.where,
            message=f"Decision {name} cannot be worked out: {outcome.why}.",
            expected="a clear outcome",
            found=outcome.why,
            action="Complete the votes, weights or lead.",
        )
    if row.on and row.on < STATUTE_FROM and any(vote.delegated for vote in votes):
        answer.finding(
            code="BEFORE_STATUTE",
            severity="information",
            organisation="",
            where=row.where,
            message=f"Decision {name} was taken before 1 July 2022, when systems were not legal bodies: "
            "check that the delegations recorded had a legal basis.",
            expected="a delegation that the law allowed",
            found=row.on.isoformat(),
            action="Check each delegation with its board.",
        )
    unknown = [vote.organisation for vote in votes if vote.delegated is None]
    if outcome.passed and unknown:
        answer.finding(
            code="DELEGATION_UNKNOWN",
            severity="warning",
            organisation=unknown[0],
            where=row.where,
            message=f"Whether {', '.join(unknown)} is bound by decision {name} cannot be told: its "
            "delegation is not stated.",
            expected="delegated yes or no",
            found="an empty cell",
            action="Fill in delegated in votes.",
        )


def _power(
    answer: Answer,
    position: Position,
    name: str,
    year: str,
    rule: Rule,
    votes: Sequence[Vote],
    entries: tuple[int, ...],
    where: str,
) -> None:
    """Indices of every member that may vote, who has a veto, and what sets block."""
    members = members_of(rule, votes)
    if members is None:
        return
    game, codes, weights = members.game, members.codes, members.weights
    try:
        indices: tuple[Power | None, ...] = power(game)
    except TooLarge as fault:
        indices = (None,) * len(codes)
        answer.finding(
            code="POWER_TOO_LARGE",
            severity="warning",
            organisation="",
            where=where,
            message=f"Voting power in decision {name} is not worked out: {fault}.",
            expected="at most 100 members with round weights",
            found=str(len(codes)),
            action="State the weights in round numbers.",
        )
    for code, index in zip(codes, indices, strict=True):
        for part in ("banzhaf", "shapley_shubik"):
            value = None if index is None else float(getattr(index, part))
            answer.figure(
                f"power/{code}/{year}/{name}/{part}",
                value,
                "index",
                rule=f"{part.replace('_', '-')} index under {rule.kind}, exact",
                entries=entries,
            )
    _power_tables(answer, position, name, game, codes, weights, indices)


def _power_tables(
    answer: Answer,
    position: Position,
    name: str,
    game: Game,
    codes: Sequence[str],
    weights: Sequence[Fraction],
    indices: Sequence[Power | None],
) -> None:
    total = sum(weights)
    rows = []
    for n, (code, index) in enumerate(zip(codes, indices, strict=True)):
        against = outvoters(game, n)
        rows.append(
            {
                "decision": name,
                "organisation": code,
                "name": position.tree.name(code),
                "weight": _number(weights[n]),
                "share_of_weight": round(float(weights[n] / total), 9),
                "banzhaf": None if index is None else float(index.banzhaf),
                "shapley_shubik": None if index is None else float(index.shapley_shubik),
                "veto": against is None,
                "can_be_outvoted_by": None if against is None else len(against),
                "outvoted_by": ";".join(codes[m] for m in against or ()),
            }
        )
    answer.table("power", rows)
    answer.table("blocking", _blocking(name, game, codes))
    fewest = imposing_set(game)
    if fewest is not None and len(codes) > 1:
        outvoted = sum(can_be_outvoted(game, n) is not None for n in range(len(codes)))
        answer.words(
            f"{name}: {len(fewest)} of {len(codes)} members can impose a decision; "
            f"{outvoted} can be outvoted and {len(codes) - outvoted} hold a veto.",
            topic="power",
        )


def _blocking(name: str, game: Game, codes: Sequence[str]) -> list[dict[str, object]]:
    """The smallest sets without which nothing passes; in one row where any of a size will do."""
    sets = blocking_sets(game, BLOCKING_SHOWN + 1)
    if len(sets) > BLOCKING_SHOWN and len(set(game.weights)) == 1:
        size = len(sets[0])
        text = f"any {size} of the {len(codes)} members"
        return [{"decision": name, "members": size, "set": text}]
    return [
        {"decision": name, "members": len(found), "set": ";".join(codes[n] for n in found)}
        for found in sets[:BLOCKING_SHOWN]
    ]


def _say(
    answer: Answer,
    position: Position,
    row: records.Decision,
    votes: Sequence[Vote],
    outcome: Outcome,
) -> None:
    """Plain words: the outcome, the dissent and who is bound."""
    passed = {True: "was passed", False: "was not passed", None: "cannot be told"}[outcome.passed]
    title = row.title or row.decision
    year = year_of(row.on) if row.on else ""
    answer.words(f"{title} {passed}: {outcome.why}.", topic="vote", year=year)
    if outcome.dissent:
        against = ", ".join(position.tree.name(c) for c in outcome.dissent)
        answer.words(f"Against: {against}.", topic="vote", year=year)
    if outcome.passed:
        tied = [b for b in bound_by(outcome, votes) if b.bound]
        answer.words(
            f"{len(tied)} of {len(votes)} members are bound by it, because they delegated it.",
            topic="vote",
            year=year,
        )

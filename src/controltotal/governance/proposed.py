"""Before anybody has voted: what a proposed rule would do among the members that a book lists.

Who could impose a decision, who could stop one, who could be outvoted, and whom it would bind. A
rule is known by what it does to those who lose, and that can be told before any vote: members and,
where the rule counts them, weights are enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from controltotal.book import records
from controltotal.book.commentary import comment_words
from controltotal.book.fold import Position
from controltotal.book.tree import Tree
from controltotal.core.calendar import year_end
from controltotal.core.result import Answer
from controltotal.governance.power import Game, blocking_sets, can_be_outvoted, game_of
from controltotal.governance.votes import RULES, Rule, Vote, rule_in_words, uses_weights

STATUTE_FROM = date(2022, 7, 1)
"""Systems became legal bodies and joint committees could bind (Health and Care Act 2022)."""


@dataclass(frozen=True, slots=True)
class Members:
    """Those who may vote, and the game that a rule makes of them."""

    votes: tuple[Vote, ...]
    weights: tuple[Fraction, ...]
    game: Game

    @property
    def codes(self) -> tuple[str, ...]:
        """Their codes, in the order of the votes."""
        return tuple(vote.organisation for vote in self.votes)


def members_of(rule: Rule, votes: Sequence[Vote]) -> Members | None:
    """Those who may vote under a rule; None where weights or the lead are not stated.

    A member with a conflict of interest takes no part.

    >>> three = [Vote(code, "") for code in "ABC"]
    >>> members_of(Rule("majority"), three).game.weight_needed
    2
    >>> members_of(Rule("weighted"), three) is None
    True
    """
    able = tuple(vote for vote in votes if not vote.conflict)
    if uses_weights(rule) and any(vote.weight is None for vote in able):
        return None
    weights = tuple(Fraction(1) if vote.weight is None else vote.weight for vote in able)
    codes = [vote.organisation for vote in able]
    if not able or sum(weights) == 0 or (rule.kind == "lead" and rule.lead not in codes):
        return None
    lead = codes.index(rule.lead) if rule.kind == "lead" else None
    return Members(able, weights, game_of(rule.kind, weights, threshold=rule.threshold, lead=lead))


def nobody_voted(rule: Rule, votes: Sequence[Vote]) -> bool:
    """Whether members are listed under a known rule and none of them has voted."""
    return bool(votes) and rule.kind in RULES and not any(vote.vote for vote in votes)


def add_proposed(
    answer: Answer,
    position: Position,
    row: records.Decision,
    rule: Rule,
    votes: Sequence[Vote],
    year: str,
) -> None:
    """Figures, tables and words of a rule that nobody has voted under yet."""
    name = row.decision
    entries = (row.entry, *(vote.entry for vote in votes))
    for measure in ("votes_for", "votes_against"):
        answer.figure(
            f"{measure}/{name}/{year}/decision",
            None,
            "count",
            rule="no vote is recorded",
            entries=entries,
            unknown="not_stated",
        )
    members = members_of(rule, votes)
    if members is None:
        lack = "a weight for each member" if uses_weights(rule) else "a member that may vote"
        answer.finding(
            code="DECISION_INCOMPLETE",
            severity="warning",
            organisation="",
            where=row.where,
            message=f"What the rule of decision {name} would do cannot be worked out.",
            expected=lack,
            found=row.rule,
            action=f"State {lack} in votes.",
        )
        return
    _tables(answer, position.tree, row, votes, members)
    _words(answer, row, rule, members, year)
    for said in position.book.commentary:
        if said.about == name:
            answer.words(comment_words(position, said), topic="vote")


def _tables(
    answer: Answer,
    tree: Tree,
    row: records.Decision,
    votes: Sequence[Vote],
    members: Members,
) -> None:
    name = row.decision
    answer.table(
        "decisions",
        [
            {
                "decision": name,
                "title": row.title or "",
                "rule": row.rule,
                "on": row.on.isoformat() if row.on else "",
                "outcome": "no vote yet",
                "why": "what the rule would do stands beside it",
                "dissent": "",
                "abstained": "",
                "absent": "",
                "conflicted": ";".join(v.organisation for v in votes if v.conflict),
                "quorate": None,
            }
        ],
    )
    answer.table(
        "would_bind",
        [
            {
                "decision": name,
                "organisation": code,
                "name": tree.name(code),
                "can_be_outvoted": can_be_outvoted(members.game, n) is not None,
                "delegated": vote.delegated,
                "would_be_bound": vote.delegated,
                "why": _why(vote.delegated),
            }
            for n, (code, vote) in enumerate(zip(members.codes, members.votes, strict=True))
        ],
    )


def _why(delegated: bool | None) -> str:
    if delegated is None:
        return "whether it delegated the matter is not stated"
    if delegated:
        return "bound by its delegation, for or against"
    return "only its own board can bind it"


def _words(
    answer: Answer,
    row: records.Decision,
    rule: Rule,
    members: Members,
    year: str,
) -> None:
    title, count = row.title or row.decision, len(members.votes)
    told = [
        f"{title}: nobody has voted in this book. What the rule would do among the {count} members "
        f"listed, if all of them vote: {rule_in_words(rule)}."
    ]
    block = blocking_sets(members.game, 1)
    if block:
        fewest = len(block[0])
        told.append(
            f"At the fewest {fewest} of {count} members can stop a decision"
            + (" by themselves." if fewest > 1 else ".")
        )
    told.append(_would_bind(members))
    if _before_statute(row, year):
        told.append(
            "Before 1 July 2022 a system was no legal body: an outvoted member was bound only where "
            "its own board had delegated the matter."
        )
    for text in told:
        answer.words(text, topic="vote", year=year if year[:4].isdigit() else "")


def _would_bind(members: Members) -> str:
    """Whom a decision would bind, in one sentence."""
    by = {said: [v for v in members.votes if v.delegated is said] for said in (True, False, None)}
    count, parts = len(members.votes), []
    if by[True]:
        parts.append(
            f"{len(by[True])} of {count} members would be bound even if outvoted, because they "
            "delegated the matter"
        )
    if by[False]:
        parts.append(f"{len(by[False])} of {count} would not be bound: only their own boards can")
    if by[None]:
        parts.append(f"of {len(by[None])} it is not stated whether they delegated the matter")
    return f"Whom it would bind: {'; '.join(parts)}."


def _before_statute(row: records.Decision, year: str) -> bool:
    if row.on is not None:
        return row.on < STATUTE_FROM
    return year[:4].isdigit() and year_end(year) < STATUTE_FROM  # else of no year at all

"""Votes: the outcome of a decision under its rule, the dissent, and who is bound by it.

A member with a conflict of interest takes no part: it is left out of the vote, of the quorum and of
all counts. Heads or weights are counted as the rule says. A decision that passes binds only those
members whose own delegation permits it at that date, however they voted: a majority cannot bind a
body that has delegated nothing. Conventions where a rule states no threshold: a majority is more
than half of the votes cast (abstentions are not cast), a supermajority two thirds of them, a
weighted vote more than half of all members' weight, a double majority both more than half of all
heads and more than half of all weight. A threshold that is stated means at least that share (of
heads and of weight under a double majority), but a half means more than half, and whatever is
written nothing passes without more for it than against it: a tie never passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

RULES: Final = (
    "consensus",
    "unanimity",
    "majority",
    "supermajority",
    "weighted",
    "double_majority",
    "lead",
)
SUPERMAJORITY_DEFAULT: Final = Fraction(2, 3)
HALF: Final = Fraction(1, 2)
VOTES: Final = ("for", "against", "abstain", "absent")


@dataclass(frozen=True, slots=True)
class Vote:
    """One member's vote; ``weight`` or ``delegated`` is ``None`` where none is stated."""

    organisation: str
    vote: str
    weight: Fraction | None = None
    delegated: bool | None = None
    conflict: bool = False
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """How a decision is taken. ``quorum`` and ``threshold`` are shares, 0 to 1, or ``None``."""

    kind: str
    quorum: Fraction | None = None
    threshold: Fraction | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a vote. ``passed`` is ``None`` where it cannot be told, and ``why`` says why.

    ``votes_for`` and ``votes_against`` are weights under a weighted rule, heads otherwise.
    """

    passed: bool | None
    why: str
    votes_for: Fraction
    votes_against: Fraction
    share_for: Fraction | None
    heads_for: int
    heads_against: int
    members: int
    quorate: bool | None
    dissent: tuple[str, ...]
    abstained: tuple[str, ...]
    absent: tuple[str, ...]
    conflicted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """Whether one member is bound by what was decided; ``None`` where its delegation is unknown."""

    organisation: str
    vote: str
    bound: bool | None
    why: str


def uses_weights(rule: Rule) -> bool:
    """Whether the rule counts weights."""
    return rule.kind in ("weighted", "double_majority")


def rule_in_words(rule: Rule) -> str:
    """What a rule asks for a decision to pass.

    >>> rule_in_words(Rule("majority"))
    'one vote a member, and more than half of the votes cast pass it'
    """
    needed = _needed(rule)
    return {
        "consensus": "one member against is enough to stop it",
        "unanimity": "every member must be for it",
        "majority": f"one vote a member, and {needed} of the votes cast pass it",
        "supermajority": f"one vote a member, and {needed} of the votes cast pass it",
        "weighted": f"votes by weight, and {needed} of all weight passes it",
        "double_majority": f"{needed} of all weight, with {needed} of all members, passes it",
        "lead": f"{rule.lead} decides alone",
    }.get(rule.kind, "the voting rule is not known")


def decide(rule: Rule, votes: Sequence[Vote]) -> Outcome:
    """The outcome of a vote.

    >>> weights = {"A": 12, "B": 6, "C": 5, "D": 4, "E": 3, "F": 3, "G": 2, "H": 2}
    >>> cast = [Vote(code, "for" if code < "D" else "against", Fraction(weight))
    ...         for code, weight in weights.items()]
    >>> weighted = decide(Rule("weighted"), cast)
    >>> weighted.passed, round(float(weighted.share_for), 3), weighted.heads_for
    (True, 0.622, 3)
    >>> decide(Rule("majority"), cast).passed
    False
    """
    taking_part = [vote for vote in votes if not vote.conflict]
    heads = {kind: [v for v in taking_part if v.vote == kind] for kind in VOTES}
    weighing = uses_weights(rule)
    missing = [v.organisation for v in taking_part if v.weight is None] if weighing else []
    if missing:
        return _outcome(None, f"no weight is stated for {', '.join(missing)}", rule, votes, None)
    quorate = is_quorate(rule, taking_part)
    passed, why = _verdict(rule, taking_part, heads)
    if quorate is False:
        passed, why = False, "the meeting was not quorate"
    return _outcome(passed, why, rule, votes, quorate)


def is_quorate(rule: Rule, taking_part: Sequence[Vote]) -> bool | None:
    """Whether enough weight was present; ``None`` where no quorum is stated.

    Where no weights are stated every member counts as one.
    """
    if rule.quorum is None:
        return None
    total = sum((_weight(v) for v in taking_part), Fraction(0))
    present = sum((_weight(v) for v in taking_part if v.vote != "absent"), Fraction(0))
    return present >= rule.quorum * total and present > 0


def _weight(vote: Vote) -> Fraction:
    return Fraction(1) if vote.weight is None else vote.weight


def _verdict(
    rule: Rule, taking_part: Sequence[Vote], heads: dict[str, list[Vote]]
) -> tuple[bool | None, str]:
    """Whether the votes meet the rule, and in words why."""
    yes, no, all_heads = len(heads["for"]), len(heads["against"]), len(taking_part)
    if not all_heads:
        return None, "nobody may vote"
    if rule.kind == "unanimity":
        return yes == all_heads, f"{yes} of {all_heads} members voted for; all must"
    if rule.kind == "consensus":
        passed = no == 0 and yes > 0
        return passed, f"{no} members spoke against; nobody may"
    if rule.kind in ("majority", "supermajority"):
        return _of_votes_cast(rule, yes, no)
    if rule.kind == "lead":
        lead = [vote for vote in taking_part if vote.organisation == rule.lead]
        if not lead:
            return None, "the lead body is not named among those who may vote"
        return lead[0].vote == "for", f"the lead body voted {lead[0].vote}"
    total = sum((_weight(v) for v in taking_part), Fraction(0))
    if rule.kind not in RULES or total == 0:
        return None, "the voting rule is not known" if total else "no member has any weight"
    weight_for, weight_against = (
        sum((_weight(v) for v in heads[side]), Fraction(0)) for side in ("for", "against")
    )
    enough = carries(weight_for, weight_against, total, rule.threshold)
    words = f"{float(weight_for / total):.1%} of all weight voted for; {_needed(rule)} is needed"
    if rule.kind == "weighted":
        return enough, words
    by_head = carries(yes, no, all_heads, rule.threshold)
    return enough and by_head, f"{words}, with {_needed(rule)} of members: {yes} of {all_heads}"


def carries(
    votes_for: int | Fraction,
    votes_against: int | Fraction,
    whole: int | Fraction,
    threshold: Fraction | None = None,
) -> bool:
    """Whether heads or weights for a proposal are enough of the whole; a tie never is.

    >>> carries(1, 1, 2), carries(1, 1, 2, Fraction(1, 2)), carries(3, 2, 5, Fraction(3, 5))
    (False, False, True)
    """
    if votes_for <= votes_against:
        return False
    if threshold is None or threshold == HALF:
        return votes_for > HALF * whole
    return votes_for >= threshold * whole


def _of_votes_cast(rule: Rule, yes: int, no: int) -> tuple[bool, str]:
    """Majority or supermajority of the votes cast for or against."""
    cast = yes + no
    needed = rule.threshold
    if needed is None and rule.kind == "supermajority":
        needed = SUPERMAJORITY_DEFAULT
    return carries(
        yes, no, cast, needed
    ), f"{yes} of {cast} votes cast were for; {_needed(rule)} is needed"


def _needed(rule: Rule) -> str:
    if rule.threshold is not None and rule.threshold != HALF:
        more = ", and more for than against," if rule.threshold < HALF else ""
        return f"{float(rule.threshold):.1%}{more}"
    if rule.threshold == HALF:
        return "more than half"
    return "two thirds" if rule.kind == "supermajority" else "more than half"


def _outcome(
    passed: bool | None, why: str, rule: Rule, votes: Sequence[Vote], quorate: bool | None
) -> Outcome:
    taking_part = [vote for vote in votes if not vote.conflict]
    named = {kind: tuple(v.organisation for v in taking_part if v.vote == kind) for kind in VOTES}
    weighing = uses_weights(rule)

    def count(kind: str) -> Fraction:
        if not weighing:
            return Fraction(len(named[kind]))
        return sum((_weight(v) for v in taking_part if v.vote == kind), Fraction(0))

    if weighing:
        whole = sum((_weight(v) for v in taking_part), Fraction(0))
    elif rule.kind in ("majority", "supermajority"):
        whole = Fraction(len(named["for"]) + len(named["against"]))
    else:
        whole = Fraction(len(taking_part))
    return Outcome(
        passed=passed,
        why=why,
        votes_for=count("for"),
        votes_against=count("against"),
        share_for=count("for") / whole if whole else None,
        heads_for=len(named["for"]),
        heads_against=len(named["against"]),
        members=len(taking_part),
        quorate=quorate,
        dissent=named["against"],
        abstained=named["abstain"],
        absent=named["absent"],
        conflicted=tuple(vote.organisation for vote in votes if vote.conflict),
    )


def bound_by(outcome: Outcome, votes: Sequence[Vote]) -> tuple[Bound, ...]:
    """Who is bound by the decision: delegation decides it, not the vote.

    >>> cast = [Vote("A", "for", delegated=True), Vote("B", "for", delegated=True),
    ...         Vote("C", "against", delegated=True), Vote("D", "for", delegated=False)]
    >>> outcome = decide(Rule("majority"), cast)
    >>> [(row.organisation, row.bound) for row in bound_by(outcome, cast)]
    [('A', True), ('B', True), ('C', True), ('D', False)]
    """
    rows = []
    for vote in votes:
        bound: bool | None = vote.delegated
        if outcome.passed is None:
            bound, why = None, "it cannot be told whether the decision passed"
        elif not outcome.passed:
            bound, why = False, "nothing was decided"
        elif vote.delegated is None:
            why = "whether it delegated the decision is not stated"
        elif vote.delegated and vote.vote == "against":
            why = "outvoted, and bound by its delegation"
        elif vote.delegated:
            why = "bound by its delegation"
        elif vote.vote == "for":
            why = "agreed, but only its own board can bind it"
        else:
            why = "did not delegate the decision"
        rows.append(Bound(vote.organisation, vote.vote, bound, why))
    return tuple(rows)

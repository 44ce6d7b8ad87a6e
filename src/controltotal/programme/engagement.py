"""Who must be involved in a change, when, and what must be notified to whom.

Those affected are heard before the decision, not after it. A substantial change of service is put
to the council; from 31 January 2024 the Secretary of State is notified of every such change and
may call it in, and a council no longer refers one. A change needed at once for safety is exempt
from consultation. A scheme cannot start before its engagement is over.

A duty that the data mark as a gate holds a scheme back: it waits until the engagement is held and
answered before its decision. Good practice beyond the law warns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from controltotal.book.records import Engagement, Gate, Scheme
from controltotal.programme.duties import Duty, duties, duty_called
from controltotal.programme.evidence import Evidence, passed
from controltotal.programme.names import person
from controltotal.programme.screening import touches

COUNCIL = "council_consultation"
NOTIFICATION = "secretary_of_state_notification"
REFERRAL = "council_referral"
STAFF_SIDE = "staff_side"
CHANGE_OF_LAW = date(2024, 1, 31)


def begun(engagement: Engagement) -> date | None:
    """The first day of an engagement."""
    days = [d for d in (engagement.from_, engagement.notified_on) if d is not None]
    return min(days) if days else None


_URGENT = re.compile(
    r"(exempt )?(as |because )?(an )?urgent( (change|closure))?"
    r"(( (as|for|because of|on grounds of))? (patient )?(safety|risk)\b.*)?"
)


def urgent(engagement: Engagement) -> bool:
    """Whether a change was exempt because safety could not wait: it says so, and nothing else.

    A text that only speaks of urgency (`no longer urgent`, `urgently opposed`) exempts nothing.
    """
    return bool(_URGENT.fullmatch(person(engagement.outcome)))


_NOBODY_MINDED = re.compile(
    r"\b(no|not|without|nobody|none|never|didnt|nothing) ((one|any|further|formal|formally|major"
    r"|material|real|strong|strongly|other|longer|has|have|had|is|was|were|issues?|concerns?|points?) )*"
    r"(against|object\w*|oppos\w*|disagree\w*|disput\w*|outstanding|pending|dissent\w*)\b"
)
"""A no to a no: `no objections`, `nothing outstanding`."""
_AGAINST = re.compile(
    r"\b(refus\w*|reject\w*|declin\w*|oppos\w*|object\w*|disagree\w*|disput\w*|fail\w*"
    r"|veto\w*|dissent\w*|resisted|unhappy|unacceptable|withdrew|strike (action|ballot)"
    r"|turned \w+ down|(said|voted|say|vote|is|are|was|were) (no|against)"
    r"|unable to (agree|support|accept))\b|^against\b"
    r"|\b(not|nothing|cannot|cant|wont|wouldnt|didnt|dont|doesnt) (\w+ )?(agree\w*|support\w*"
    r"|accept\w*|endorse\w*|held|done|answered|consulted|happy|consent\w*|in favour)\b"
    r"|\b(no|without) (agreement|support|consensus|consent|deal|thanks)\b"
)
_OPEN = re.compile(
    r"\b(await\w*|pending|outstanding|to follow|tbc|tba|tbd|no (reply|answer|response|feedback)"
    r"|unanswered|cancel\w*|postpon\w*|under way|underway|in progress|incomplete|chasing"
    r"|not (yet|held|started|begun|over|answered|complete\w*|asked|done|consulted)"
    r"|(none|nothing|nobody|no one) (was |has |were )?(yet|held|asked|replied|responded|answered|came)"
    r"|(did not|didnt|has not|have not|havent|hasnt) (reply|replied|respond|responded|answer|answered)"
    r"|(to be|being) (held|arranged|planned|scheduled|decided|confirmed|asked|sent)"
    r"|waiting (for|on) (an? |the |their )?(reply|replies|answers?|responses?|feedback|views))\b"
    r"|^(still )?waiting$|^(scheduled|planned|booked|due)( (for|on|in|by)( \w+){1,3}| \d+ \w+)?$|\bdue$"
)
_NOTHING = frozenset(
    {"none", "nil", "na", "n a", "no", "unknown", "not known", "x", "blank", "nk", "n k", "skipped"}
    | {"not applicable", "not required", "not needed", "ongoing", "draft", "open", "nil return"}
)
"""What people write where nobody has answered."""


def answered(engagement: Engagement) -> bool:
    """Whether what was heard has been answered: something is said, and nothing is left open."""
    text = person(engagement.outcome)
    has_word = any(c.isalpha() for c in text)
    return has_word and text not in _NOTHING and not _says(_OPEN, engagement)


def against(engagement: Engagement) -> bool:
    """Whether those who were asked said no.

    `No objections` and `nobody opposed it` are no such thing.
    """
    return _says(_AGAINST, engagement)


def _says(what: re.Pattern[str], engagement: Engagement) -> bool:
    """Whether a clause of what was answered says something, once a no to a no is taken out."""
    clauses = re.split(r"[.,;:!?\n]|\s[-\u2010-\u2015]\s", engagement.outcome or "")
    return any(what.search(_NOBODY_MINDED.sub("", person(clause))) for clause in clauses)


def duty_of(engagement: Engagement) -> Duty | None:
    """The duty of an engagement; None for a word that nobody knows."""
    return duty_called(engagement.duty or "")


def waits_for(evidence: Evidence, day: date | None) -> list[str]:
    """The engagements that a scheme waits for, in words; none where all came before its decision.

    A duty asks for one where the scheme touches those it protects, or where the book records that
    it was begun. Staff side that only practice asks for holds nothing back unless it said no. A
    duty that nobody knows may be one of law, so it is waited for.
    """
    decided = decision(evidence)
    by = decided.on if decided is not None else day
    touched = touches(evidence.row)
    recorded: dict[str, list[Engagement]] = {}
    found = []
    for row in evidence.engagements:
        duty = duty_of(row)
        if duty is None:
            why = _not_yet(row, row.duty, by)
            found += [f"{row.duty!r}, which is no duty that is known ({why})"] if why else []
        elif duty.gate:
            recorded.setdefault(duty.duty, []).append(row)
    for code, duty in duties().items():
        rows = recorded.get(code, [])
        asked = duty.gate and duty.affects in touched if duty.affects else bool(rows)
        asked = asked or (bool(rows) and code != STAFF_SIDE)
        if not asked:
            found += [f"{_name(duty)} (it said: {r.outcome})" for r in rows if against(r)]
        elif not rows:
            found.append(f"{_name(duty)} (none is recorded)")
        else:
            found += [f"{_name(duty)} ({why})" for r in rows if (why := _not_yet(r, code, by))]
    return found


def _name(duty: Duty) -> str:
    return duty.name[:1].lower() + duty.name[1:]


def _not_yet(row: Engagement, duty: str, by: date | None) -> str:
    """Why an engagement does not stand before a decision, in words; empty where it does."""
    if duty == COUNCIL and urgent(row):
        return ""
    days = [day for day in (row.from_, row.to) if day is not None]
    over = max(days, default=None)
    if over is None:
        return "no day says when it was held"
    if by is None or over > by:
        return f"it ends on {over}, after the decision" if by else f"it ends on {over}"
    if not answered(row):
        return "it has not been answered" if not row.outcome else f"it says: {row.outcome}"
    if duty == STAFF_SIDE and against(row):
        return f"it said: {row.outcome}"
    return ""


def lacks_notification(rows: Iterable[Engagement]) -> bool:
    """Whether a council is consulted on or after the change of law and nobody was notified.

    Before 31 January 2024 no notification was due.
    """
    rows = list(rows)
    due = [
        r
        for r in rows
        if is_duty(r, COUNCIL) and not urgent(r) and (r.to or r.from_ or date.max) >= CHANGE_OF_LAW
    ]
    told = any(is_duty(r, NOTIFICATION) and r.notified_on is not None for r in rows)
    return bool(due) and not told


def is_duty(engagement: Engagement, duty: str) -> bool:
    """Whether an engagement is of a duty, however that is spelt."""
    found = duty_of(engagement)
    return found is not None and found.duty == duty


def out_of_force(engagement: Engagement) -> Duty | None:
    """The duty of an engagement where it did not hold on its day."""
    duty, day = duty_of(engagement), begun(engagement)
    if duty is None or day is None:
        return None
    late = duty.ends is not None and day > duty.ends
    early = duty.begins is not None and day < duty.begins
    return duty if late or early else None


def decision(evidence: Evidence) -> Gate | None:
    """The decision that stands: the last pass of gate G3."""
    last = evidence.latest("G3")
    return last if last is not None and passed(last) else None


def after_decision(evidence: Evidence, rows: Iterable[Engagement]) -> tuple[Engagement, ...]:
    """Engagements that began after the decision that they should inform."""
    decided = decision(evidence)
    if decided is None:
        return ()
    return tuple(r for r in rows if (day := begun(r)) is not None and day > decided.on)


def earliest_start(scheme: Scheme, rows: Iterable[Engagement]) -> date | None:
    """The earliest day on which a scheme may start: its own, or the day after the last engagement."""
    ends = [day for r in rows if (day := r.to or r.from_) is not None]
    heard = max(ends) + timedelta(days=1) if ends else None
    days = [d for d in (scheme.start, heard) if d is not None]
    return max(days) if days else None


def status(engagement: Engagement, day: date | None) -> str:
    """Where an engagement stands on a day."""
    last, first = engagement.to, begun(engagement)
    if engagement.notified_on is not None and last is None:
        return "notified"
    if day is None or first is None:
        return "not dated"
    if first > day:
        return "to come"
    return "under way" if last is None or last > day else "over"

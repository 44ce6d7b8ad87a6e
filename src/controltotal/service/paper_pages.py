"""What the pages of a board's paper are made from: its meeting, its month, its words, who speaks for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone

from controltotal.accounts.held_back import (
    IN_PUBLIC,
    PRIVATE,
    HeldBack,
    held_back,
    keeps_from_final,
    meetings_on,
)
from controltotal.accounts.months_sent import ahead, common_month
from controltotal.accounts.placing import about
from controltotal.accounts.told import Told
from controltotal.accounts.wording import current
from controltotal.acts.actors import permits
from controltotal.book.records import BoardPaper, Comment
from controltotal.core.calendar import (
    day_before,
    day_words,
    month_of,
    month_words,
    year_of,
)
from controltotal.core.slots import Filled, fill
from controltotal.intake.slugs import slug
from controltotal.ledger.entries import put
from controltotal.service.access import inside, reads_private
from controltotal.service.apps import house
from controltotal.service.jobs import result_file
from controltotal.service.models import Job
from controltotal.service.months_ahead import ahead_words
from controltotal.service.paper_made import cover_at
from controltotal.service.web import OFFICE_WORDS, acting, name
from controltotal.workings.leading import leading
from controltotal.workings.workings import Workings

KINDS: Final = (
    ("headline", "Headline: takes the place of what is offered"),
    ("driver", "Driver: what moves a figure"),
    ("action", "Action: what is being done"),
    ("assurance", "Assurance"),
    ("caveat", "Caveat: on what a figure depends"),
)
"""What a sentence may be, as the table `commentary` names it."""
DAY: Final = len("2027-01-28")
"""Letters of a day in an address; what follows names one of several meetings."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting to which a paper goes, with the month that its figures are of.

    `month` is the month that its cover asks for, else that which ended last before it; `reached` that to
    which the organisation is told, with all that are in it; `ahead` who has told a later one, where
    the paper is of the month `reached`.
    """

    row: BoardPaper
    year: str
    month: int
    reached: int
    ahead: str = ""

    @property
    def address(self) -> str:
        """Where its paper is made: by its day, and where there are several that day by its name too."""
        return address_of(self.row.organisation, self.row.on.isoformat(), self.row.meeting)

    @property
    def title(self) -> str:
        """What it is, in words."""
        return f"Finance report to the {_small(self.row.meeting)}, {day_words(self.row.on)}"

    @property
    def waits(self) -> str:
        """What the figures still lack; empty where they are there."""
        if self.reached >= self.month:
            return ""
        if not self.reached:
            return f"No month is reported yet: it is to be of {month_words(self.month)}."
        return (
            f"It is to be of {month_words(self.month)}, and {month_words(self.reached)} is the last "
            "that is reported."
        )

    @property
    def shown(self) -> int:
        """The month that the paper is of as things stand."""
        return min(self.month, self.reached) or self.month

    @property
    def workings(self) -> Workings:
        """The working papers of its numbers: those of the book as it stands, to its month."""
        return house().to_month(self.year, self.shown)

    @property
    def options(self) -> dict[str, Any]:
        """What a job needs to make its paper of the ledger as it stands."""
        upto = self.workings.position.upto
        read_to = f"M{upto.month}" if upto is not None else ""
        return {
            "organisation": self.row.organisation,
            "on": self.row.on.isoformat(),
            "meeting": self.row.meeting,
            "year": self.year,
            "month": read_to,
            "entry": house().position.ref.entry,
        }


def _small(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def meetings() -> list[Meeting]:
    """Every meeting to which a paper goes, the latest first."""
    rows = sorted(house().position.book.papers, key=lambda row: (row.on, row.organisation))
    return [meeting_of(row) for row in reversed(rows)]


def meeting_of(row: BoardPaper) -> Meeting:
    """A meeting with its month."""
    ended = day_before(row.on.replace(day=1))
    year, last = year_of(ended), month_of(ended)
    asked = row.month or ""
    month = min(int(asked), last) if asked.isdecimal() else last
    upto, past = reached(row.organisation, year)
    return Meeting(row, year, month, upto, past if upto <= month else "")


def address_of(organisation: str, on: str, meeting: str) -> str:
    """The page of the paper of a meeting."""
    day = f"/papers/{organisation}/{on}"
    several = len(meetings_on(house().position, organisation, on)) > 1
    return f"{day}-{slug(meeting)}" if several and meeting else day


def find(organisation: str, on: str) -> Meeting | None:
    """The meeting that an address names: by its day, of several that day by its name; None where none is."""
    day, called = on[:DAY], on[DAY + 1 :]
    rows = meetings_on(house().position, organisation, day)
    row = next((one for one in rows if called in ("", slug(one.meeting))), None)
    return None if row is None or on[DAY : DAY + 1] not in ("", "-") else meeting_of(row)


def reached(organisation: str, year: str) -> tuple[int, str]:
    """The last month to which an organisation is told in a year, nil where none; and who is past it.

    While some in it have told a month that others have not, it is told to the last that all have.
    """
    workings = house().workings
    if organisation not in workings.tree.organisations:
        return 0, ""
    own = told(workings).month(organisation, year) or 0
    inside = {organisation, *workings.tree.descendants(organisation, year)}
    if own or not inside.intersection(ahead(workings, year)):
        return own, ""
    return common_month(workings, year), ahead_words(year)


def told(workings: Workings) -> Told:
    """The numbers that fill slots, as working papers have them."""
    return workings.once("numbers for words", lambda: Told(workings))


def filled(text: str, organisation: str, meeting: Meeting) -> Filled:
    """A sentence with its numbers as they stand, to the month of a meeting."""
    return fill(text, told(meeting.workings), organisation, meeting.year)


def speaks_for(request: HttpRequest, organisation: str) -> bool:
    """Whether whoever asks may put the paper of an organisation, as the desk would judge it."""
    today: date = house().desk.today()
    row = put("papers", 2, [("organisation", organisation)])
    _, why_not = permits(acting(request), "paper", [row], today, house().workings)
    return not why_not


def sees(request: HttpRequest, organisation: str) -> bool:
    """Whether whoever asks sees drafts of an organisation's paper: its people, and who speaks for it."""
    return organisation in inside(request) or speaks_for(request, organisation)


def made_of(meeting: Meeting, *, frozen: bool) -> Sequence[Job]:
    """What was made of a paper, the latest first: drafts, or what was frozen."""
    row = meeting.row
    found = Job.objects.filter(
        verb="report",
        state="done",
        options__organisation=row.organisation,
        options__on=row.on.isoformat(),
        options__frozen=frozen,
    )
    called = row.meeting
    return [one for one in found.order_by("-made") if one.options.get("meeting", called) == called]


def is_final(job: Job) -> bool:
    """Whether a job made a paper that is frozen as final."""
    if job.state != "done" or not job.options.get("frozen"):
        return False
    told = told_by(job)
    return bool(told) and not told.get("standing")


def cover_then(job: Job) -> dict[str, str]:
    """What the cover said of a paper that was made, at its entry: its `session` and its `purpose`.

    It is kept with the paper; of one that was made before it was kept, the ledger is read as it was.
    """
    kept = told_by(job).get("cover")
    if kept is None:
        options = job.options
        month = int(str(options.get("month", "")).removeprefix("M") or 0)
        then = house().as_at(int(options["entry"]), str(options["year"]), month).position
        at = (str(options.get("on", "")), str(options.get("meeting", "")))
        kept = cover_at(then, str(options["organisation"]), *at)
    return dict(kept)


def opens(request: HttpRequest, job: Job) -> bool:
    """Whether whoever asks opens a frozen paper, by what it was when it was frozen.

    A draft is for those who see drafts. What is final is for everybody with an office; where its session
    was private, for none but those who read from inside.
    """
    if cover_then(job)["session"] == PRIVATE and not reads_private(request):
        return False
    return is_final(job) or sees(request, str(job.options["organisation"]))


def frozen_for(request: HttpRequest, meeting: Meeting) -> list[Job]:
    """What was frozen of a paper and whoever asks opens, the latest first."""
    return [one for one in made_of(meeting, frozen=True) if opens(request, one)]


def cover_words(cover: Mapping[str, str]) -> str:
    """What a paper is by its cover, in words.

    >>> cover_words({"session": "private", "purpose": "decision"}), cover_words({"session": ""})
    ('private session, for decision', 'session not stated')
    """
    session = f"{cover['session']} session" if cover.get("session") else "session not stated"
    return ", for ".join(filter(None, (session, cover.get("purpose"))))


def cover_now(meeting: Meeting) -> dict[str, str]:
    """What the cover of a paper says now, of what is kept with a paper that is frozen."""
    return {"session": meeting.row.session or "", "purpose": meeting.row.purpose or ""}


def listed_of(frozen: Sequence[Job]) -> Job | None:
    """Of the frozen papers of a meeting that by which it is listed: the latest final, else the latest."""
    return next(filter(is_final, frozen), next(iter(frozen), None))


def standing_now(meeting: Meeting, told: Mapping[str, Any]) -> list[str]:
    """What keeps a paper from being final: what its draft found of its words, and its cover as it is."""
    row = meeting.row
    if not told:
        return []
    at = (row.organisation, meeting.year, row.on.isoformat(), row.meeting)
    held = keeps_from_final(house().position, *at)
    words = [text for text in told.get("standing", ()) if not text.startswith(IN_PUBLIC)]
    return [*filter(None, [held]), *words]


def frozen_day(job: Job) -> str:
    """The day of the house on which a paper was frozen, which a demonstration keeps."""
    return day_words(job.options.get("day") or timezone.localtime(job.ended or job.made).date())


def held_of(meeting: Meeting) -> list[HeldBack]:
    """What of the data of a paper its meeting may not see; nothing of one that is in private."""
    if meeting.row.session == PRIVATE:
        return []
    return held_back(house().position, meeting.row.organisation, meeting.year)


def state_of(one: Meeting, frozen: Sequence[Job] | None = None, *, own: bool = True) -> str:
    """How far a paper is: for those who see it made, or as everybody else sees it.

    `frozen` is what was frozen of it and may be told, else all.
    """
    made = listed_of(made_of(one, frozen=True) if frozen is None else frozen)
    if made is not None:
        state = f"frozen as a draft on {frozen_day(made)}"
        if is_final(made):
            whom = "the public's paper is final" if made.options.get("for") else "final"
            state = f"{whom}, frozen on {frozen_day(made)}"
        if cover_then(made) == cover_now(one):
            return state
        now = f"the cover now says {cover_words(cover_now(one))}"
        return (
            f"{state} ({cover_words(cover_then(made))}); {now}{': freeze it anew' if own else ''}"
        )
    if not own:
        return "not final yet"
    if made_of(one, frozen=False):
        return "drafted"
    return "waits for its month" if one.waits else "not begun"


def told_by(draft: Job) -> dict[str, Any]:
    """What a draft says of its paper."""
    try:
        found = json.loads(result_file(draft).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(found)


def office_of(job: Job) -> str:
    """The office of whoever asked for a job, as it was written down then."""
    role = str(job.options.get("role", ""))
    return ", ".join(filter(None, (OFFICE_WORDS.get(role, role), name(job.organisation))))


def sentences(meeting: Meeting) -> list[tuple[Comment, Filled]]:
    """What people wrote for the month of a paper, with its numbers as they stand."""
    workings = meeting.workings
    position = workings.position
    organisation, year = meeting.row.organisation, meeting.year
    inside = {organisation, *position.tree.descendants(organisation, year)}
    lead = leading(workings, year)
    found = []
    for row in current(position, year, meeting.shown):
        whose = about(position, row, lead)
        if whose is not None and whose.organisation in inside and not row.source:
            found.append((row, filled(row.text, whose.organisation, meeting)))
    return found


def marks(told_of: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    """What a draft found of each sentence: that a number in it moved, or that its day cannot be told."""
    found: dict[tuple[str, ...], str] = {}
    for row in told_of.get("wording", ()):
        key = (row["about"], row["kind"], row["by"], row["written"])
        found[key] = row["mark"] or (
            "(older than what can be checked)" if row["stale"] is None else ""
        )
    return found

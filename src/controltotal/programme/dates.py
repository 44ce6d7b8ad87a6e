"""The dates that bind a scheme: when it went live, and until when those affected are heard."""

from __future__ import annotations

from datetime import date

from controltotal.book.fold import Position
from controltotal.book.records import Milestone

LIVE_WORDS = ("goes live", "go live", "go-live", "live", "start", "starts", "begins")


class Dates:
    """`live`: the day a scheme went live; `engaged`: the last day of its engagement."""

    def __init__(self, position: Position) -> None:
        day = position.reading_date
        self.live: dict[str, date] = {}
        for row in position.book.milestones:
            done = row.done_on
            if done is not None and goes_live(row) and (day is None or done <= day):
                self.live[row.scheme] = done
        self.engaged: dict[str, date] = {}
        for one in position.book.engagements:
            last = one.to or one.from_ or one.notified_on
            if last is not None and (position.money_ends is None or last <= position.money_ends):
                self.engaged[one.scheme] = max(last, self.engaged.get(one.scheme, last))


def goes_live(milestone: Milestone) -> bool:
    """Whether a milestone is the one at which a scheme starts to save."""
    return milestone.title.strip().casefold() in LIVE_WORDS

"""The dates that bind a scheme: when it went live, and until when those affected are heard."""

from __future__ import annotations

from datetime import date

from controltotal.book.cells import Row
from controltotal.book.fold import Position

LIVE_WORDS = ("goes live", "go live", "go-live", "live", "start", "starts", "begins")


class Dates:
    """`live`: the day a scheme went live; `engaged`: the last day of its engagement."""

    def __init__(self, position: Position) -> None:
        day = position.reading_date
        self.live: dict[str, date] = {}
        for row in position.rows("milestones"):
            done = row["done_on"]
            if done is not None and goes_live(row) and (day is None or done <= day):
                self.live[row["scheme"]] = done
        self.engaged: dict[str, date] = {}
        for row in position.rows("engagements"):
            last = row["to"] or row["from"] or row["notified_on"]
            if last is not None:
                self.engaged[row["scheme"]] = max(last, self.engaged.get(row["scheme"], last))


def goes_live(milestone: Row) -> bool:
    """Whether a milestone is the one at which a scheme starts to save."""
    return milestone["title"].strip().casefold() in LIVE_WORDS

"""Exceptions that a book states itself: reopened, accepted, adopted, waived and withheld."""

from __future__ import annotations

from collections.abc import Iterable

from controltotal.accounts.eliminations import pairs
from controltotal.accounts.exceptions.daybook import Daybook, Departure, Found
from controltotal.accounts.exceptions.people import handed_in, scheme_words
from controltotal.core.figure import Figure
from controltotal.core.money import format_pounds
from controltotal.core.period import year_in
from controltotal.core.show import figure_name
from controltotal.workings.totals import Totals


def months_reopened(daybook: Daybook) -> Found:
    """Hand-ins that were opened again."""
    rows = daybook.position.book.submissions
    found = [
        Departure(
            "months_reopened",
            row.organisation,
            row.year,
            handed_in(row),
            f"handed in by {row.by} on {row.on}, reopened{f': {row.reason}' if row.reason else ''}",
            (row,),
            row.month or "",
            row.reopened_by or "",
            row.reopened_on,
            daybook.recorded(row),
        )
        for row in rows
        if row.reopened_on or row.reopened_by
    ]
    unseen = () if rows else ("the data record no hand-ins",)
    return Found(tuple(found), unseen, looked=bool(rows))


def differences_accepted(daybook: Daybook) -> Found:
    """Sources that somebody took although their totals disagree with their rows."""
    rows = daybook.position.book.sources
    found = [
        Departure(
            "differences_accepted",
            "",
            "",
            row.title,
            f"its totals disagree with its rows; accepted by {row.accepted_by}",
            (row,),
            by=row.accepted_by or "",
            recorded=daybook.recorded(row),
        )
        for row in rows
        if row.accepted_by
    ]
    unseen = () if rows else ("the data name no sources",)
    return Found(tuple(found), unseen, looked=bool(rows))


def balances_differ(totals: Totals, years: Iterable[str]) -> Found:
    """Trade of which the two sides state two sums; one of the two is wrong by the difference."""
    found, both = [], 0
    for year in years:
        for pair in pairs(totals, year):
            if pair.income is None or pair.cost is None:
                continue
            both += 1
            if pair.income == pair.cost:
                continue
            payer = totals.tree.name(pair.payer, year)
            payee = totals.tree.name(pair.payee, year)
            found.append(
                Departure(
                    "balances_differ",
                    pair.payee,
                    year,
                    f"{payee} and {payer}, {pair.basis}",
                    f"{payee} expects {format_pounds(pair.income)}, {payer} expects to pay "
                    f"{format_pounds(pair.cost)}",
                    pair.rows,
                    pence=pair.cost - pair.income,
                )
            )
    unseen = () if both else ("no two organisations state what they expect of each other",)
    return Found(tuple(found), unseen, looked=both > 0)


def parameters_adopted(daybook: Daybook) -> Found:
    """Numbers of the rules that somebody adopted in this book."""
    return Found(
        tuple(
            Departure(
                "parameters_adopted",
                "",
                "",
                row.name.replace("_", " "),
                f"{row.value} from {row.from_}, on the authority of {row.authority}"
                + (f" ({row.source})" if row.source else ""),
                (row,),
                by=row.adopted_by or "",
                on=row.adopted_on,
                recorded=daybook.recorded(row),
            )
            for row in daybook.position.book.parameters
            if row.adopted_by
        )
    )


def waivers(daybook: Daybook) -> Found:
    """Rules set aside for an organisation."""
    return Found(
        tuple(
            Departure(
                "waivers",
                row.organisation,
                row.year,
                row.rule.replace("_", " "),
                f"waived{f' until {row.until}' if row.until else ''}"
                + (f": {row.reason}" if row.reason else ""),
                (row,),
                by=row.by,
                on=row.on,
                recorded=daybook.recorded(row),
            )
            for row in daybook.position.book.waivers
        )
    )


WITHHELD = {
    "withheld": "withheld",
    "refused": "refused to whoever asked",
    "no_reply": "asked for and not answered",
    "undisclosed": "not disclosed",
}
"""What happened to a figure that the public does not see, in words."""


def redactions(daybook: Daybook) -> Found:
    """Figures that readers do not see, and schemes whose value the public sees in bands."""
    position = daybook.position
    found = []
    for row in position.book.withheld:
        told = WITHHELD[row.kind] + (f" under {row.exemption}" if row.exemption else "")
        until = f"; until {row.until}" if row.until else ""
        review = f"; review {row.review_on}" if row.review_on else ""
        figure = Figure(row.figure, None)
        known = figure.organisation in position.tree.organisations
        found.append(
            Departure(
                "redactions",
                figure.organisation if known else "",
                year_in(figure.year) if known and figure.year else "",
                figure_name(figure) if known else row.figure,
                f"{told}: {row.reason}{until}{review}",
                (row,),
                by=row.decided_by or "",
                on=row.asked_on,
                recorded=daybook.recorded(row),
            )
        )
    found += [
        Departure(
            "redactions",
            row.organisation,
            "",
            scheme_words(row),
            "its value is shown to the public in bands only",
            (row,),
        )
        for row in position.book.schemes
        if row.commercial
    ]
    return Found(tuple(found))

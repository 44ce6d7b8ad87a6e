"""Who is ahead of the month to which all are told, and who sent it here, in the words of every page."""

from __future__ import annotations

from controltotal.accounts.months_sent import ahead, common_month, has_sent, standings
from controltotal.core.calendar import month_words
from controltotal.core.names import listed
from controltotal.service.apps import house
from controltotal.service.web import name
from controltotal.workings.late import reports


def ahead_words(year: str) -> str:
    """That some have told a later month already, and to which month all are told; empty where none has."""
    workings = house().workings
    found = ahead(workings, year)
    if not found:
        return ""
    parts = [
        f"{listed([name(code) for code in found if found[code] == last])} to {month_words(last)}"
        for last in sorted(set(found.values()))
    ]
    common = month_words(common_month(workings, year))
    return (
        f"All figures here are to {common}, the last month that all have told. "
        f"Told already: {listed(parts)}."
    )


def sent_words(organisation: str, year: str, month: int) -> str:
    """Why a month may be told of more bodies than sent it here; empty where each that is told sent it.

    A paper counts whom the data tell, whichever way their figures came.
    """
    workings = house().workings
    inside = {organisation, *workings.tree.descendants(organisation, year)}
    told = {one.organisation for one in reports(workings.month, year, inside) if one.last >= month}
    sends = {one.organisation: one for one in standings(workings, year, month)}
    sent = {code for code in told & sends.keys() if has_sent(workings, sends[code])}
    if told == sent or not month:
        return ""
    text = (
        f"{month_words(month)[:1].upper()}{month_words(month)[1:]} is told of "
        f"{len(told)} organisation{'' if len(told) == 1 else 's'}: of "
        f"{len(sent)} as sent in this service, of {len(told - sent)} by rows that came with the data."
    )
    more = sorted(told - sends.keys())
    if more:
        names = listed([name(code) for code in more])
        text += f" Among these {names} {'sends' if len(more) == 1 else 'send'} no month."
    return f"{text} A paper counts all who are told as having reported."

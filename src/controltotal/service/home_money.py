"""The parts of the home page of those who answer for money: a body's finance, its system, the region.

Every sum and sentence is one that a verb answers or that the pages of organisations show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.http import HttpRequest

from controltotal.accounts.months_sent import (
    Standing,
    common_month,
    current_month,
    has_sent,
    standings,
    together,
)
from controltotal.acts.matter import Waiting
from controltotal.acts.waiting_money import last_totals, month_address
from controltotal.book.records import Challenge, Transfer
from controltotal.core.calendar import PERIODS, month_words, year_label
from controltotal.core.money import format_pounds
from controltotal.core.names import listed
from controltotal.service import transfer_told
from controltotal.service.apps import house
from controltotal.service.home_parts import (
    Block,
    figure,
    linked,
    many,
    money,
    position_of,
    right,
    words_of,
)
from controltotal.service.months_ahead import sent_words
from controltotal.service.organisation_told import STATUS, SUPPORT_INCOME, standing_words
from controltotal.service.paper_pages import (
    Meeting,
    made_of,
    meetings,
    sentences,
    state_of,
    told_by,
)
from controltotal.service.web import day, name
from controltotal.verbs.moving import standing

MOST: Final = 8
"""Rows of a list of the home page."""
STALE: Final = 5
QUARTERS: Final = {1: "April to June", 2: "July to September", 3: "October to December"}
LAST_QUARTER: Final = "January to March"


# -- the finance of a body -------------------------------------------------------------------------


def finance(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    """Where a body stands to the last month that it told, and how the system uses it."""
    return [block for code in at for block in (_to_date(code), _used(code))]


def _to_date(code: str) -> Block:
    """A body's position to the last month that is told, and the end of the year."""
    year = house().position.default_year
    month, _ = together(house().of(code, year), code, year)
    words = words_of(code, year, "month") or _stands(code, year)
    title = f"{name(code)} in {year_label(year)}"
    return Block(
        f"{title}, to {month_words(month)}" if month else title,
        words or ["Nothing is told of its position yet: send your first month."],
        links=(("/months", "All months"),),
        id="position",
    )


def _stands(code: str, year: str) -> list[str]:
    """Plan and forecast with support beside the control total, a sentence each."""
    papers = house().of(code, year)
    found = (standing_words(standing(papers, code, year, basis)) for basis in ("plan", "forecast"))
    return [text for text in found if text]


def _used(code: str) -> Block:
    """What the system makes of a body: its control total, the system's, and money given and received."""
    year, lead = house().position.default_year, house().scope.lead
    words = [*_total_words(code, year), *_stands(code, year)[-1:], *_moved(code, year)]
    if lead and lead != code:
        papers = house().together(year)
        own = standing(papers, lead, year, "forecast")
        if text := standing_words(own):
            words.append(f"It counts in {name(lead)}: {text[:1].lower()}{text[1:]}")
    return Block(
        "How the system uses it",
        words or ["No control total is set for it, and no money moves to or from it."],
        links=((f"/organisations/{code}", "Control total, transfers, risks, and who read it"),),
        id="used",
    )


def _total_words(code: str, year: str) -> list[str]:
    """The last control total of a body's year: how much, who set it, what became of it."""
    row = last_totals(house().position).get((code, year, "", ""))
    if row is None:
        return []
    text = f"Its control total is {_sized(row.amount)}: {STATUS.get(row.status, row.status)}"
    by = f"; set by {row.set_by}" if row.set_by else ""
    on = f" on {day(row.set_on)}" if row.set_on else ""
    return [f"{text}{by}{on}."]


def _sized(pence: int) -> str:
    """A position in words.

    >>> _sized(0), _sized(-250_000_000), _sized(100_000_000)
    ('break-even', 'a deficit of £2.5 million', 'a surplus of £1.0 million')
    """
    if not pence:
        return "break-even"
    side = "deficit" if pence < 0 else "surplus"
    return f"a {side} of {format_pounds(abs(pence))}"


def _moved(code: str, year: str) -> list[str]:
    """Money of a year that a body gives or receives, agreed or proposed."""
    return [
        f"It {_way(row, code)} {format_pounds(row.amount)}, {transfer_told.status_words(row)}."
        for row in house().position.book.transfers
        if row.year == year and code in (row.from_, row.to) and row.status in ("agreed", "proposed")
    ]


def _way(row: Transfer, code: str) -> str:
    return f"gives {name(row.to)}" if row.from_ == code else f"receives from {name(row.from_)}"


# -- the system ------------------------------------------------------------------------------------


def system(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    """Who has sent, the forecast and who moved it, what must be true, the paper, the organisations."""
    return [
        _months(),
        *(block for code in at for block in (_forecast(code), _must(code))),
        _paper(at),
        _bodies(),
    ]


def sent_now() -> tuple[str, int, list[Standing]]:
    """The month that is being sent, and how it stands at each body of the system."""
    workings = house().workings
    year, month = workings.position.default_year, current_month(workings, house().desk.today())
    return year, month, standings(workings, year, month) if month else []


def _months() -> Block:
    """How many have sent the month, and who has not."""
    year, month, sent = sent_now()
    if not month:
        return Block("Months", ["No month of the year has ended yet: nothing is to be sent."])
    done = [one for one in sent if has_sent(house().workings, one)]
    late = [one for one in sent if one not in done]
    words = [f"Not sent: {listed([name(one.organisation) for one in late])}."] if late else []
    words += filter(None, [sent_words(house().scope.lead, year, month)])
    early = [one for one in sent if one.last > month]
    words += [
        f"{name(one.organisation)} has told {month_words(one.last)} already." for one in early
    ]
    return Block(
        f"{len(done)} of {len(sent)} have sent month {month}",
        words,
        {
            "headers": ["Organisation", "How it stands", "Due"],
            "rows": [
                [
                    {
                        "words": name(one.organisation),
                        "href": month_address(one.organisation, year, month),
                    },
                    one.words,
                    day(one.due) or "no day is set",
                ]
                for one in sent
            ],
            "caption": f"M{month_words(month)[1:]} of {year_label(year)}",
        },
        remind=bool(late),
        id="months",
    )


def _forecast(code: str) -> Block:
    """Where a system is heading, and who moved its forecast since the month before."""
    year = house().position.default_year
    said = words_of(code, year, "month")
    words = [*said, *words_of(code, year, "since")] or _stands(code, year)
    return Block(
        f"{name(code)}: forecast, and who moved it",
        words or ["No forecast is told yet: it comes with the months that are sent."],
        links=((f"/organisations/{code}", "Control totals, transfers and risks"),),
        id="forecast",
    )


def _must(code: str) -> Block:
    """What each month left must be for the forecast to hold."""
    words = words_of(code, house().position.default_year, "must")
    return Block(
        "What must be true",
        words or ["It cannot be told before a month and a forecast are told."],
        links=(("/try", "Try a change"),),
        id="must",
    )


def _paper(at: Sequence[str]) -> Block:
    """The next paper of an office's organisations: how far it is, and which of its words are stale."""
    today = house().desk.today()
    own = [one for one in reversed(meetings()) if one.row.organisation in at]
    ahead = [one for one in own if one.row.on >= today]
    if not ahead:
        words = ["No meeting to come is in the data: the last paper is under Papers."]
        return Block("The board paper", words, links=(("/papers", "Papers"),), id="paper")
    meeting = ahead[0]
    words = [f"{meeting.title}: {state_of(meeting)}.", meeting.waits, *_written(meeting)]
    words += [f"After it: {one.row.meeting}, {day(one.row.on)}." for one in ahead[1:2]]
    return Block(
        "The board paper",
        [text for text in words if text],
        _stale(meeting),
        ((meeting.address, "Make the board paper"),),
        id="paper",
    )


def _written(meeting: Meeting) -> list[str]:
    """How many paragraphs people wrote for a paper, and which numbers in them cannot be filled."""
    rows = sentences(meeting)
    if not rows:
        return ["No paragraph is written for it yet."]
    lacking = sum(bool(filled.problems) for _, filled in rows)
    words = f"{many(len(rows), 'paragraph')} {'is' if len(rows) == 1 else 'are'} written for it"
    words += f", and {lacking} of them cannot be filled with numbers." if lacking else "."
    drafts = made_of(meeting, frozen=False)
    if not drafts:
        return [f"{words} Draft the paper to see whether any of them is stale."]
    since = drafts[0].entry != house().position.ref.entry
    more = " The book has changed since it was drafted: draft it again." if since else ""
    return [f"{words}{more}"]


def _stale(meeting: Meeting) -> dict[str, Any] | None:
    """Paragraphs of the last draft whose numbers have moved since they were written."""
    drafts = made_of(meeting, frozen=False)
    if not drafts:
        return None
    rows = [row for row in told_by(drafts[0]).get("wording", ()) if row["mark"]]
    return {
        "headers": ["Paragraph", "By", "What moved"],
        "rows": [[row["written"], row["by"], row["mark"]] for row in rows[:STALE]],
        "caption": "Stale paragraphs: their numbers moved since they were written",
        "empty_words": "No paragraph of the draft is stale.",
    }


def _bodies() -> Block:
    """The organisations of the system in one table."""
    scope = house().scope
    codes = scope.inside(scope.lead)
    return _table_of("Organisations", codes, (("/organisations", "More of each organisation"),))


def _table_of(title: str, codes: Sequence[str], links: Sequence[tuple[str, str]]) -> Block:
    year = house().position.default_year
    workings = house().together(year)
    rows = []
    for code in codes:
        plan, ahead = (standing(workings, code, year, basis) for basis in ("plan", "forecast"))
        if plan.without_support is None and ahead.without_support is None:
            continue
        rows.append(
            [
                linked(code),
                figure(plan.without_support, f"adjusted_surplus/{code}/{year}/plan"),
                figure(ahead.without_support, f"adjusted_surplus/{code}/{year}/forecast"),
                figure(ahead.with_support, f"surplus_with_support/{code}/{year}/forecast"),
                figure(ahead.control_total, f"control_total/{code}/{year}/forecast"),
                figure(ahead.gap, f"gap/{code}/{year}/forecast"),
            ]
        )
    numbers = ("Plan", "Forecast", "Forecast with support", "Control total", "Short of it")
    return Block(
        title,
        table={
            "headers": ["Organisation", *right(*numbers)],
            "rows": rows,
            "caption": f"{year_label(year)} (£m; deficits in brackets)",
        },
        links=links,
        id="organisations",
    )


# -- the region ------------------------------------------------------------------------------------


def region(request: HttpRequest, at: Sequence[str], others: Sequence[Waiting]) -> list[Block]:
    """Forecasts that changed, what must be true by system, support next quarter, queries, systems."""
    systems = systems_of(at)
    return [
        _changed_forecasts(systems),
        _must_by_system(systems),
        _support(systems),
        _queries(at),
        _table_of(
            "Systems",
            systems,
            (("/organisations", "Propose a control total on the page of an organisation"),),
        ),
    ]


def systems_of(at: Sequence[str]) -> list[str]:
    """The systems of the year below some bodies, in the order of the tree."""
    tree, year = house().position.tree, house().position.default_year
    inside = {body for code in at for body in (code, *tree.descendants(code, year))}
    return [
        code
        for code in tree.organisations
        if code in inside and tree.kind(code) == "system" and tree.exists(code, year)
    ]


def _changed_forecasts(systems: Sequence[str]) -> Block:
    """Forecasts that are others than a month before: whose, from what, to what."""
    year = house().position.default_year
    words = [f"{name(code)}: {text}" for code in systems for text in words_of(code, year, "since")]
    rows = sorted(_changes(systems, year), key=lambda row: -abs(row[3]))
    told = {code for code, *_ in _compared(systems, year)}
    silent = [name(code) for code in systems if code not in told]
    if silent:
        bear = "its forecasts bear" if len(silent) == 1 else "their forecasts bear"
        words.append(
            f"Of {listed(silent)} nothing tells what the forecast was a month before: {bear} no day."
        )
    table = {
        "headers": ["Whose", *right("A month before", "Now", "Change")],
        "rows": [
            [linked(code), money(was), _now(code, year, now), money(change)]
            for code, was, now, change in rows[:MOST]
        ],
        "caption": "Forecasts that changed, the largest change first (£m before support)",
        "empty_words": "No forecast has changed since the month before.",
    }
    return Block("Forecasts changed", words, table, id="forecasts")


def _now(code: str, year: str, pence: int) -> Any:
    return figure(pence, f"adjusted_surplus/{code}/{year}/forecast")


def _changes(systems: Sequence[str], year: str) -> Iterator[tuple[str, int, int, int]]:
    """Bodies with another forecast than a month before: code, before, now, and the change."""
    for code, was, now in _compared(systems, year):
        if now != was:
            yield code, was, now, now - was


def _compared(systems: Sequence[str], year: str) -> Iterator[tuple[str, int, int]]:
    """Bodies of some systems whose forecast and that of the month before are told, in pence."""
    for system_code in systems:
        result = position_of(system_code, year)
        for row in result.tables.get("to_date", ()) if result is not None else ():
            was, now = row["forecast_last_month"], row["forecast"]
            whole = not row["line"] and not row["scheme"] and row["year"] == year
            if whole and was is not None and now is not None:
                yield row["organisation"], was, now


def _must_by_system(systems: Sequence[str]) -> Block:
    """What must be true for the forecast of each system."""
    year = house().position.default_year
    told = {code: words_of(code, year, "must") for code in systems}
    words = [f"{name(code)}: {text}" for code, texts in told.items() for text in texts]
    if silent := [name(code) for code in systems if not told[code]]:
        why = "it cannot be told, for plan and forecast are not told by month"
        words.append(f"{listed(silent)}: {why}.")
    return Block("What must be true, by system", words or ["No system is in the data."], id="must")


def _support(systems: Sequence[str]) -> Block:
    """Support that is planned for the quarter to come, what is forecast of it, and what may be withheld."""
    year = house().position.default_year
    number = min(common_month(house().workings, year) // 3 + 1, 4)
    months = frozenset(PERIODS[f"Q{number}"])
    risks = _at_risk(systems, year)
    rows = []
    for code in _with_members(systems, year):
        workings = house().together(year)
        plan, ahead = (
            workings.month.value(code, year, basis, months, SUPPORT_INCOME).pence
            for basis in ("plan", "forecast")
        )
        if plan or ahead or risks.get(code):
            rows.append([linked(code), money(plan), money(ahead), money(risks.get(code, 0))])
    words = [_proposed(sum(row.status == "proposed" for row in house().position.book.transfers))]
    spelt = QUARTERS.get(number, LAST_QUARTER)
    table = {
        "headers": ["Organisation", *right("Planned", "Forecast", "May be withheld")],
        "rows": rows,
        "caption": f"Support income of {spelt} (£m)",
        "empty_words": "No support is planned or forecast by month for the quarter.",
    }
    title = f"Support next quarter (Q{number}, {spelt})"
    return Block(title, words, table, (("/transfers", "Look at the transfers"),), id="support")


def _proposed(count: int) -> str:
    """How many transfers wait, in a sentence.

    >>> _proposed(0), _proposed(1), _proposed(2)
    ('No transfer waits.', 'One transfer waits for a board.', '2 transfers wait for a board.')
    """
    if not count:
        return "No transfer waits."
    return (
        "One transfer waits for a board." if count == 1 else f"{count} transfers wait for a board."
    )


def _with_members(systems: Sequence[str], year: str) -> list[str]:
    tree = house().position.tree
    return [body for code in systems for body in (code, *tree.descendants(code, year))]


def _at_risk(systems: Sequence[str], year: str) -> dict[str, int]:
    """Support that may yet be withheld from each body, in pence, by the position."""
    found: dict[str, int] = {}
    for code in systems:
        result = position_of(code, year)
        for row in result.tables.get("support_at_risk", ()) if result is not None else ():
            if row["year"] == year and row["at_risk_pence"]:
                body = row["organisation"]
                found[body] = found.get(body, 0) + row["at_risk_pence"]
    return found


def _queries(at: Sequence[str]) -> Block:
    """Queries and questions that are open; else the last that was answered."""
    tree, year, book = house().position.tree, house().position.default_year, house().position.book
    inside = {body for code in at for body in (code, *tree.descendants(code, year))}
    rows = sorted(
        (row for row in book.challenges if row.organisation in inside), key=lambda row: row.on
    )
    open_ = [row for row in rows if not row.answer]
    asked = [row for row in book.questions if not row.answer]
    words = [f"{many(len(asked), 'question')} from outside, no answer yet."] if asked else []
    last = [] if open_ else rows[-1:]
    table = {
        "headers": ["About", "What was asked", "Since" if open_ else "Answer"],
        "rows": [_query(row) for row in (*open_, *last)[:MOST]],
        "caption": "Open queries, the oldest first" if open_ else "The last query",
    }
    if not open_:
        words.insert(0, "No query is open.")
    links = (("/organisations", "Ask about a control total on the page of an organisation"),)
    return Block("Queries", words, table if open_ or last else None, links, id="queries")


def _query(row: Challenge) -> list[Any]:
    return [linked(row.organisation), row.grounds, row.answer or day(row.on)]

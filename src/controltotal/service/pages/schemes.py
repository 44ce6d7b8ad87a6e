"""The register of schemes, and one scheme on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse

from controltotal.acts.waiting_schemes import review_overdue
from controltotal.book.records import Condition, Scheme
from controltotal.core.keys import twin
from controltotal.core.money import page_money
from controltotal.core.result import Result
from controltotal.papers.scheme_states import ASSURED, KEPT_OUT, KINDS, WAITING, State, states
from controltotal.papers.sections import Section
from controltotal.programme.panel import unsigned
from controltotal.service.apps import house
from controltotal.service.failing import refused
from controltotal.service.permitted import may, signing_roles
from controltotal.service.route import Route
from controltotal.service.scheme_money import kept_words
from controltotal.service.scheme_views import condition_words, refusals_said, scheme_parts
from controltotal.service.web import frame, fresh_request, name, shown
from controltotal.verbs.one_scheme import of_one

ROUTES: Final = (
    Route("schemes", "schemes", "pages.schemes:register"),
    Route("schemes/<path:scheme>", "scheme", "pages.schemes:scheme"),
)
"""The second takes whatever is left under `/schemes/`: it stands after the others."""
SHOWN: Final = 100
"""Schemes on one page of the register."""
SORTS: Final = {
    "scheme": "Scheme",
    "organisation": "Organisation",
    "title": "Title",
    "service": "Service",
    "state": "State",
    "plan_pence": "Plan, £ million",
    "actual_pence": "Saved to date, £ million",
    "full_year_pence": "Full year, £ million",
}
"""Columns of the register, each of which it can be sorted by."""
WIDEST: Final = 36
"""Letters of a choice at most."""
MONEY: Final = ("plan_pence", "actual_pence", "full_year_pence")


@dataclass(frozen=True, slots=True)
class Line:
    """One scheme of the register: its row of the answer, its service, and where it stands."""

    row: Mapping[str, Any]
    service: str
    state: State
    review: date | None = None

    def value(self, column: str) -> Any:
        """What a column says of it."""
        if column == "service":
            return self.service
        if column == "state":
            return f"{stands(self.state, self.row['scheme'])}{'; review overdue' if self.review else ''}"
        if column == "organisation":
            return name(self.row["organisation"])
        return self.row[column]


def stands(state: State, code: str) -> str:
    """Where a scheme stands in words, with the conditions of its approval that are not met."""
    on = condition_words(house().position, code) if state.kind in (ASSURED, KEPT_OUT) else ""
    return f"{state.words}; approved {on}" if on else state.words


def address(code: str) -> str:
    """Where a scheme's page is."""
    return f"/schemes/{quote(code, safe='')}"


def answer() -> Result:
    """The answer about schemes of the book as it stands."""
    return house().answer("schemes")


def register(request: HttpRequest) -> HttpResponse:
    """Every scheme: filtered and sorted here, a hundred to a page."""
    result = answer()
    told = states(result)
    service = {row.id: row.service or "" for row in house().position.book.schemes}
    every = [
        Line(
            one,
            service.get(one["scheme"], ""),
            told[one["scheme"]],
            review_overdue(house().workings.judgements[one["scheme"]], house().desk.today()),
        )
        for one in result.tables.get("schemes", ())
    ]
    asked = {
        key: request.GET.get(key, "").strip() for key in ("organisation", "state", "service", "q")
    }
    kept = [one for one in every if _fits(one, asked)]
    sort, order = request.GET.get("sort", "plan_pence"), request.GET.get("order", "")
    sort = sort if sort in SORTS else "plan_pence"
    down = order != "up" if sort in MONEY else order == "down"
    kept.sort(key=lambda one: _sorted_by(one, sort), reverse=down)
    worth = {
        figure.part: figure.id for figure in result.figures if figure.measure == "scheme_value"
    }
    pages = max(1, -(-len(kept) // SHOWN))
    page = min(max(1, _whole(request.GET.get("page", ""))), pages)
    part = kept[(page - 1) * SHOWN : page * SHOWN]
    bodies = {one.row["organisation"] for one in every}
    waits = sorted({word for one in every for word in one.state.waits_for})
    return shown(
        request,
        "schemes.html.j2",
        frame(request, "Savings schemes"),
        heads=_heads(asked, sort, down=down),
        rows=[_cells(one, worth.get(one.row["scheme"], "")) for one in part],
        asked=asked,
        organisations=[
            ("", "All"),
            *sorted(((c, name(c)) for c in bodies), key=lambda one: one[1]),
        ],
        states=[
            ("", "All"),
            *KINDS.items(),
            *((f"waits:{one}", _short(f"Waiting for {one}")) for one in waits),
        ],
        services=[("", "All"), *((one, one) for one in sorted({o.service for o in every} - {""}))],
        totals=_totals(kept),
        place=f"Schemes {(page - 1) * SHOWN + 1} to {(page - 1) * SHOWN + len(part)} of {len(kept)}",
        previous=_link(asked, sort, down, page - 1) if page > 1 else "",
        next=_link(asked, sort, down, page + 1) if page < pages else "",
        many=len(kept) > SHOWN,
        proposes=may_propose(request),
        moved=kept_words(request),
    )


def _short(words: str) -> str:
    """Words of a choice, so that a narrow screen holds them."""
    return words if len(words) <= WIDEST else f"{words[: WIDEST - 1]}…"


def may_propose(request: HttpRequest) -> bool:
    """Whether whoever asks may propose a scheme at one of their organisations."""
    return any(
        may(request, "propose", "schemes", organisation=one.organisation) for one in request.offices
    )


def _fits(one: Line, asked: Mapping[str, str]) -> bool:
    row, state = one.row, asked["state"]
    if asked["organisation"] and row["organisation"] != asked["organisation"]:
        return False
    if asked["service"] and twin(one.service) != twin(asked["service"]):
        return False
    if state.startswith("waits:"):
        if state.removeprefix("waits:") not in one.state.waits_for:
            return False
    elif state and one.state.kind != state:
        return False
    words = asked["q"].casefold().split()
    texts = (
        row["scheme"],
        row["title"],
        row["programme"],
        row["category"],
        one.service,
        row["owner"],
    )
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words)


def _sorted_by(one: Line, sort: str) -> Any:
    value = one.value(sort)
    if sort in MONEY:
        return (value is not None, value or 0)
    return (str(value).casefold(), one.row["scheme"])


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 1


def _link(asked: Mapping[str, str], sort: str, down: bool, page: int = 1) -> str:
    given = {**{key: text for key, text in asked.items() if text}, "sort": sort}
    given["order"] = "down" if down else "up"
    if page > 1:
        given["page"] = str(page)
    return f"/schemes?{urlencode(given)}"


def _heads(asked: Mapping[str, str], sort: str, *, down: bool) -> list[dict[str, Any]]:
    """Headings that sort: the one that is sorted by turns round."""
    found = []
    for column, words in SORTS.items():
        own = column == sort
        turned = not down if own else column in MONEY
        order = ("descending" if down else "ascending") if own else ""
        link = _link(asked, column, turned)
        found.append({"words": words, "right": column in MONEY, "sort": link, "order": order})
    return found


def _cells(one: Line, worth: str) -> list[Any]:
    """The cells of a scheme; `worth` is the figure of its full year to the system."""
    row, code = one.row, one.row["scheme"]
    full = {"words": page_money(row["full_year_pence"])}
    if worth:
        full["href"] = f"/figures/{quote(worth, safe='')}"
    return [
        {"words": code, "href": address(code)},
        name(row["organisation"]),
        row["title"],
        one.service,
        one.value("state"),
        page_money(row["plan_pence"]),
        page_money(row["actual_pence"]),
        full,
    ]


def _totals(kept: Sequence[Line]) -> list[tuple[str, str]]:
    """How many schemes and how much of the plan, by where they stand."""
    found = []
    for kind, words in KINDS.items():
        own = [one for one in kept if one.state.kind == kind]
        if own:
            pence = sum(one.row["plan_pence"] or 0 for one in own)
            found.append((words, f"{len(own)}, £{page_money(pence)} million of the plan"))
    return found


def scheme_row(code: str) -> Scheme | None:
    """A scheme of the book as it stands; None where there is none."""
    return next((row for row in house().position.book.schemes if row.id == code), None)


def no_scheme(request: HttpRequest, code: str) -> HttpResponse:
    """That there is no such scheme, with the nearest one."""
    known = [row.id for row in house().position.book.schemes]
    near = get_close_matches(code, known, n=1)
    action = f"Did you mean {near[0]}?" if near else "All of them stand under Schemes."
    return refused(request, 404, f"There is no scheme {code}.", action)


def scheme(request: HttpRequest, scheme: str) -> HttpResponse:
    """One scheme: what it is, where it stands, its quality, money and history, and what can be done."""
    row = scheme_row(scheme)
    if row is None:
        return no_scheme(request, scheme)
    whole = answer()
    result, state = of_one(whole, row.id), states(whole)[row.id]
    judged, moved = house().workings.savings.judgements[row.id], kept_words(request)
    page = frame(request, f"{row.id}: {row.title}", [("/", "Home"), ("/schemes", "Schemes")])
    return shown(
        request,
        "scheme.html.j2",
        page,
        row=row,
        body=name(row.organisation),
        state=state,
        stands=stands(state, row.id),
        mark=MARKS[state.kind],
        review=review_overdue(judged, house().desk.today()),
        reasons=[one.text for one in judged.reasons] if state.kind == WAITING else [],
        refusals=refusals_said(house().position, row),
        sections=scheme_sections_of(result, row, state),
        moved=moved if moved and moved["scheme"] == row.id else None,
        signs=[role for role in signing_roles(request, row.id) if role in unsigned(judged)],
        may_sign=bool(signing_roles(request, row.id)),
        may_change=may(request, "revise", "schemes", id=row.id, organisation=row.organisation),
        may_meet=may(request, "meet_condition", "conditions", scheme=row.id),
        open_conditions=open_of(row),
        address=address(row.id),
        fresh=fresh_request,
    )


MARKS: Final = {
    "assured": "good",
    "kept out": "care",
    "waiting": "waiting",
    "refused": "stop",
    "not in the plan": "quiet",
}
"""The look of each state's tag; its words say the same."""


def scheme_sections_of(result: Result, row: Scheme, state: State) -> list[Section]:
    """The sections of a scheme's page."""
    return [
        one for one in scheme_parts(house().workings, result, row, state.waits_for) if not one.empty
    ]


def open_of(row: Scheme) -> Iterable[Condition]:
    """The conditions of a scheme that are not met."""
    rows = house().position.book.conditions
    return [one for one in rows if one.scheme == row.id and one.met_on is None]

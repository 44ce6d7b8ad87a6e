"""Money between organisations: proposed, agreed and owed; each side agrees, refuses or proposes another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.acts.transfers import consents_of
from controltotal.acts.waiting_money import writers
from controltotal.book.records import Transfer
from controltotal.core.calendar import day_words, year_label
from controltotal.core.errors import BookError
from controltotal.core.money import format_money
from controltotal.service import transfer_told as told
from controltotal.service.apps import house
from controltotal.service.drafts import own_drafts
from controltotal.service.failing import refused
from controltotal.service.money_form import Wrong, pounds
from controltotal.service.route import READER, Route
from controltotal.service.speaking import at_fields, may, receipt, seen, speaks_for
from controltotal.service.web import Outcome, do, frame, fresh_request, name, shown
from controltotal.verbs.moving import Moved, moved

ROUTES: Final = (
    Route("transfers", "transfers", "pages.transfers:transfers", READER, drafts=True),
    Route(
        "transfers/<str:id>",
        "transfer",
        "pages.transfers:transfer",
        READER,
        ("GET", "POST"),
        acts=(
            "agree_transfer",
            "refuse_transfer",
            "lapse_transfer",
            "record_repayment",
            "write_off",
        ),
    ),
)
ASKS: Final = {
    "agree": ("agree_transfer", "Agreed"),
    "refuse": ("refuse_transfer", "Refused"),
    "lapse": ("lapse_transfer", "Recorded as lapsed"),
    "repay": ("record_repayment", "Repayment recorded"),
    "write_off": ("write_off", "Written off"),
}
"""The forms of a transfer's page: the act that each asks for, and what is said when it is done."""
TRAIL: Final = (("/", "Home"), ("/transfers", "Transfers"))


def transfers(request: HttpRequest) -> HttpResponse:
    """All money between organisations, those that wait first; drafts of one's own organisation beside it."""
    page = frame(request, "Money between organisations", (("/", "Home"),))
    rows = sorted(
        house().position.book.transfers,
        key=lambda row: (row.status != "proposed", _minus(row.year), row.id),
    )
    asked = {key: request.GET.get(key, "") for key in ("organisation", "status", "year")}
    found = [row for row in rows if _fits(row, asked)]
    return shown(
        request,
        "transfers.html.j2",
        page,
        view=_table(found),
        asked=asked,
        bodies=_choices({side for row in rows for side in (row.from_, row.to)}),
        years=[(one, year_label(one)) for one in sorted({row.year for row in rows}, reverse=True)],
        statuses=[(key, words) for key, (words, _) in told.STATUS.items()],
        drafts=own_drafts(request, "transfer"),
        proposes=may(request, "propose_transfer"),
    )


def _minus(year: str) -> int:
    return -int(year[:4])


def _fits(row: Transfer, asked: Mapping[str, str]) -> bool:
    code, status, year = asked["organisation"], asked["status"], asked["year"]
    return (
        (not code or code in (row.from_, row.to))
        and (not status or row.status == status)
        and (not year or row.year == year)
    )


def _choices(codes: set[str]) -> list[tuple[str, str]]:
    return sorted(((code, name(code)) for code in codes), key=lambda one: one[1])


def _table(rows: list[Transfer]) -> dict[str, Any]:
    heads = ["Transfer", "From", "To", "Year", {"words": "Sum", "right": True}]
    return {
        "headers": [*heads, "Why", "Status", "Waits for"],
        "rows": [
            [
                {"words": row.id, "href": f"/transfers/{row.id}"},
                name(row.from_),
                name(row.to),
                year_label(row.year),
                format_money(row.amount),
                told.kind_words(row.kind),
                told.status_words(row),
                ", ".join(map(name, waits_for(row))),
            ]
            for row in rows
        ],
        "caption": "Transfers, those that wait first (£m)",
        "empty_words": "No money between organisations fits this.",
    }


def waits_for(row: Transfer) -> tuple[str, ...]:
    """The sides that have not agreed to a proposal yet."""
    if row.status != "proposed":
        return ()
    said = consents_of(house().position, row.id)
    sides = (row.from_, row.to)
    return tuple(one for one in sides if one not in said or said[one].outcome != "agreed")


def find(id: str) -> Transfer | None:
    """A transfer of the book as it stands."""
    return next((row for row in house().position.book.transfers if row.id == id), None)


def transfer(request: HttpRequest, id: str) -> HttpResponse:
    """One transfer: its terms, what each board said, what it does, what is owed, and what one may do."""
    row = find(id)
    if row is None:
        return refused(request, 404, "There is no such transfer.", "Look at the list of transfers.")
    outcome, asked = Outcome(), ""
    if request.method == "POST":
        asked = request.POST.get("do", "")
        outcome = _asked_for(request, row, asked)
        if outcome.done is not None:
            messages.success(request, receipt(ASKS[asked][1], outcome.done))
            return HttpResponseRedirect(f"/transfers/{row.id}")
    page = frame(request, told.title_of(row), TRAIL)
    page.errors = at_fields(outcome.errors, asked) if asked else []
    status = 200 if not page.errors else 409 if outcome.clash else 422
    return shown(
        request, "transfer.html.j2", page, status, **_context(request, row, asked, outcome)
    )


def _asked_for(request: HttpRequest, row: Transfer, asked: str) -> Outcome:
    """Ask the desk for what a form of the page asks."""
    if asked not in ASKS:
        return Outcome(errors=(("#", "Choose what is to be done."),))
    fields = {"transfer": row.id}
    if asked in ("agree", "refuse"):
        fields["organisation"] = request.POST.get("organisation", "").strip()
    if asked in ("repay", "write_off"):
        fields["year"] = request.POST.get("year", "").strip()
        try:
            fields["amount"], fields["unit"] = pounds(request.POST.get("amount", "")), "£"
        except Wrong as wrong:
            return Outcome(errors=(("#amount", str(wrong)),))
    return do(request, ASKS[asked][0], fields)


def _context(request: HttpRequest, row: Transfer, asked: str, outcome: Outcome) -> dict[str, Any]:
    position, waits = house().position, waits_for(row)
    return {
        "row": row,
        "tag": told.STATUS.get(row.status, told.STATUS["unknown"]),
        "terms": told.terms(row),
        "still": told.totals_still(house().workings.totals, row),
        "moves": may(request, "propose_total"),
        "boards": _boards(row, consents_of(position, row.id)),
        "waits": [name(one) for one in waits],
        "yours": _proposed_by(request, row),
        "answers": row.answers,
        "answered": [one for one in position.book.transfers if one.answers == row.id],
        "history": _history(row),
        "request_id": fresh_request(),
        "seen": seen(row),
        "typed": request.POST if asked else {},
        "asked": asked,
        "clash": _clash(outcome),
        "steps": _steps(row, waits),
        "today": day_words(house().desk.today()),
        **_offered(request, row, waits),
        **_reckoned(row),
    }


def _offered(request: HttpRequest, row: Transfer, waits: tuple[str, ...]) -> dict[str, Any]:
    """What whoever asks may do about a transfer."""
    sides = (row.from_, row.to)
    speaks = [side for side in speaks_for(request, "agree_transfer") if side in sides]
    is_open = row.status == "proposed"
    owes = row.status == "agreed" and bool(row.repay_years)
    region = any(may(request, "lapse_transfer", side) for side in sides)
    return {
        "agrees": [(one, name(one)) for one in speaks if one in waits],
        "refuses": [(one, name(one)) for one in speaks if is_open],
        "lapses": is_open and region,
        "proposes": region and row.status in ("proposed", "refused", "lapsed"),
        "repays": owes and may(request, "record_repayment", row.from_),
    }


def _proposed_by(request: HttpRequest, row: Transfer) -> bool:
    """Whether whoever asks proposed a transfer, or changed it since."""
    return request.actor.subject in writers(house().position, row)


def _reckoned(row: Transfer) -> dict[str, Any]:
    """What a transfer does and what is paid back, as tables and words; empty where it never happened."""
    found = _moved(row)
    if found is None:
        return {"effect": None, "cases": None, "schedule": None, "effect_words": [], "years": []}
    return {
        "effect": told.effect_table(found.effects),
        "effect_words": told.effect_words(found.effects),
        "cases": told.cases_table(found, row.year) if found.cases else None,
        "schedule": told.schedule_table(found) if found.years else None,
        "years": [(one.year, year_label(one.year)) for one in found.years],
    }


def _moved(row: Transfer) -> Moved | None:
    """What a transfer does, reckoned once while the book stands; None where it never happened."""
    if row.status in ("refused", "lapsed"):
        return None
    workings, today = house().workings, house().desk.today()
    try:
        return workings.once(("moved", row.id, today), lambda: moved(workings, row.texts, today))
    except BookError:  # `check` tells what is wrong with its row
        return None


def _boards(row: Transfer, said: Mapping[str, Any]) -> dict[str, Any]:
    """What each side says of it, with the day of its board's approval."""
    rows = []
    for side, role in ((row.from_, "gives"), (row.to, "receives")):
        word = said.get(side)
        silent = "has still to say" if row.status == "proposed" else "nothing is recorded"
        rows.append(
            [
                {"words": name(side), "href": f"/organisations/{side}"},
                role,
                word.outcome if word else silent,
                day_words(word.on) if word else "",
                (word.reason or "") if word else "",
            ]
        )
    return {
        "headers": ["Organisation", "Side", "It says", "Board's day", "Reason"],
        "rows": rows,
        "caption": "What each board says",
    }


def _history(row: Transfer) -> dict[str, Any]:
    """Every entry that touched it, by act and office."""
    rows: list[Mapping[str, Any]] = []
    for key in (f"transfers/{row.id}", f"consents/{row.id}", f"repayments/{row.id}"):
        try:
            rows += house().answer("history", key=key).tables["row_history"]
        except BookError:  # no such row yet
            continue
    rows.sort(key=lambda one: -one["entry"])
    return {
        "headers": ["Entry", "Day", "Act", "Office", "Why", "What changed"],
        "rows": [
            [
                {"words": str(one["entry"]), "href": f"/ledger/{one['entry']}"},
                day_words(one["on"]) if one["on"] else "",
                one["act"].replace("_", " ") or "from the files",
                one["role"].replace("_", " "),
                one["why"],
                one["changed"],
            ]
            for one in rows
        ],
        "caption": "History",
    }


def _clash(outcome: Outcome) -> list[dict[str, str]] | None:
    """Base, theirs and yours side by side, where somebody changed it meanwhile."""
    clash = outcome.clash
    if clash is None:
        return None
    base, theirs, yours = clash.base or {}, clash.theirs or {}, clash.yours or {}
    fields = dict.fromkeys((*base, *theirs, *yours))
    return [
        {
            "field": field.replace("_", " "),
            "base": base.get(field, ""),
            "theirs": theirs.get(field, ""),
            "yours": yours.get(field, ""),
        }
        for field in fields
    ]


def _steps(row: Transfer, waits: tuple[str, ...]) -> list[Any]:
    """What happens next."""
    if row.status == "proposed":
        return [
            ("It is proposed: both organisations and the region see it.", True),
            *(
                (f"The board of {name(side)} agrees, or refuses with a reason.", side not in waits)
                for side in (row.from_, row.to)
            ),
            "Once both have agreed it counts in both positions, from the later board's day.",
        ]
    if row.status == "agreed" and row.repay_years:
        return [
            ("Both agreed: it counts in both positions.", True),
            f"{name(row.from_)} records here what is paid back, or writes it off with a reason.",
        ]
    if row.status in ("refused", "lapsed"):
        return ["Nothing moves. Either side may propose another."]
    return []

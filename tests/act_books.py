"""A small system in a ledger, a desk for it, and every act once with what makes it possible.

Two trusts and a board under a system of a region, a trust of another system, three schemes. Nothing
touches a disk: `desk()` is a new ledger in memory each time, and costs some milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from controltotal.accounts.statement import answer_position
from controltotal.acts import Actor, Desk, Done, Grant, act
from controltotal.acts.actors import local_actor
from controltotal.ledger import open_ledger
from controltotal.ledger.store import MemoryStore
from controltotal.workings.workings import Workings
from tests import scheme_books
from tests.ledgers import memory, posting
from tests.strategies import Book, source_of

YEAR = "2026-27"
TODAY = date(2026, 11, 30)
DAY = "2026-11-30"
ROLES = (
    "trust_finance",
    "system_finance",
    "programme_office",
    "medical_director",
    "chief_nurse",
    "region",
    "auditor",
    "councillor",
    "publisher",
    "administrator",
)
ANYWHERE = frozenset({"region", "auditor", "publisher", "administrator", "councillor"})
"""Offices that no body binds."""


def _amount(code: str, pounds: int, **more: str) -> dict[str, str]:
    row = {"organisation": code, "line": "position", "year": YEAR, "basis": "plan"}
    return {**row, **more, "amount": str(pounds), "unit": "£"}


def system() -> dict[str, list[dict[str, str]]]:
    """Its tables, to be changed before a desk is made of them."""
    one = [scheme_books.scheme("SC1", organisation="T1")]
    one += [scheme_books.scheme(c, organisation="T1", full_year_effect="1") for c in ("SC2", "SC3")]
    one[-1] |= {"affects": "none", "title": "Stationery", "service": "Procurement"}
    return {
        "organisations": [
            {"code": "R1", "name": "Region", "kind": "region"},
            {"code": "S1", "name": "System", "kind": "system", "parent": "R1"},
            {"code": "B1", "name": "Board", "kind": "commissioner", "parent": "S1"},
            {"code": "T1", "name": "First", "kind": "provider", "parent": "S1"},
            {"code": "T2", "name": "Second", "kind": "provider", "parent": "S1"},
            {"code": "S2", "name": "Another system", "kind": "system", "parent": "R1"},
            {"code": "T3", "name": "Third", "kind": "provider", "parent": "S2"},
        ],
        "amounts": [
            *(_amount(code, 0) for code in ("B1", "T1", "T2", "T3")),
            *(_amount("T1", -100, basis="actual", month=str(m)) for m in range(1, 10)),
        ],
        "schemes": one,
        "assessments": scheme_books.assessments("SC1"),
        "gates": scheme_books.gates("SC1"),
        "grants": [
            {
                "subject": "pub",
                "name": "P. Publisher",
                "role": "publisher",
                "organisation": "R1",
                "from": "2026-04-01",
                "by": "Board",
            }
        ],
    }


def desk(book: Book | None = None, today: date = TODAY) -> Desk:
    """A desk of a new ledger in memory that holds the book."""
    return Desk(memory(source_of(book or system())), lambda: today)


def ledger_in(folder: Path) -> str:
    """A ledger of the small system in a file, in which nobody has an office yet; its address."""
    address = f"sqlite:///{folder}/plan.ledger"
    source = source_of({**system(), "grants": []})
    with closing(open_ledger(address)) as store:
        store.append([posting(entry.draft for entry in source.entries)], 0)
    return address


def again(one: Desk, today: date | None = None) -> Desk:
    """Another desk at another ledger, which says the same and has read it already."""
    store = MemoryStore()
    store.adopt(one.store.whole(), one.store.requests())
    found = Desk(store, one.today if today is None else lambda: today)
    found._position = one.position  # a position never changes: what acts write makes another
    found._last, found._hash = one._last, one._hash
    return found


def local(name: str = "L. Local") -> Actor:
    """Somebody at this machine, who may do all."""
    return local_actor(name)


def officer(
    role: str, organisation: str, since: date | None = None, until: date | None = None
) -> Actor:
    """Somebody with one office at one body."""
    grant = Grant(role, organisation, since or date(2026, 4, 1), until)
    return Actor(f"subject-{role}", "C. Cedar", (grant,))


def do(
    at: Desk,
    act_name: str,
    /,
    by: str | Actor = "L. Local",
    why: str = "because",
    on: str = DAY,
    request: str = "",
    **fields: str,
) -> Done:
    """One act; `from_` is the column `from`."""
    actor = local(by) if isinstance(by, str) else by
    cells = {column.rstrip("_"): text for column, text in fields.items()}
    return act(act_name, at, cells, why, on, actor, request)


def figure(at: Desk, name: str) -> int | float | None:
    """A figure of `position`, in pounds where it is money; None where it is not known."""
    found = answer_position(Workings(at.position)).figure(name)
    if found is None or found.value is None:
        return None
    return found.value // 100 if found.unit == "pence" else found.value


def figures(at: Desk) -> list[tuple[str, object]]:
    """Every figure of `position`."""
    return [(one.id, one.value) for one in answer_position(Workings(at.position)).figures]


@dataclass(frozen=True)
class Case:
    """An act with its fields, and what is done first by somebody at the machine.

    `own` says whether the row is of a body, so that it matters where an office is held.
    """

    fields: Mapping[str, str]
    first: tuple[tuple[str, Mapping[str, str]], ...] = ()
    own: bool = True


_MONTH = {"organisation": "T1", "year": YEAR, "month": "9"}
_TOTAL = {"organisation": "T1", "year": YEAR}
_AMOUNT = {"line": "position", "basis": "actual", "amount": "-150", "unit": "£"}
_TRANSFER = {
    "id": "N1",
    "from": "T1",
    "to": "T2",
    "year": YEAR,
    "amount": "500",
    "unit": "£",
    "kind": "neighbour_support",
    "mechanism": "resource_transfer",
    "repay_years": "2",
}
_CONDITION = {"scheme": "SC1", "gate": "G3", "text": "Rota agreed", "due": "2027-01-31"}
_PROPOSED = (("propose_transfer", _TRANSFER),)
_AGREED = (
    *_PROPOSED,
    *(("agree_transfer", {"transfer": "N1", "organisation": c}) for c in ("T1", "T2")),
)
_SENT = (("submit_month", _MONTH),)
_PUT = (("propose_total", {**_TOTAL, "amount": "-200", "unit": "£"}),)
_OPEN = (("open_decision", {"decision": "D1", "rule": "majority"}),)
_QUESTION = {"id": "Q1", "by_kind": "councillor", "text": "Why?"}
_BACK = {"transfer": "N1", "year": "2027-28", "amount": "250", "unit": "£"}

CASES: Mapping[str, Case] = {
    "submit_month": Case(_MONTH),
    "approve_month": Case(_MONTH, _SENT),
    "reopen_month": Case(_MONTH, _SENT),
    "adjust_month": Case({**_MONTH, **_AMOUNT}, _SENT),
    "propose_total": Case(_PUT[0][1]),
    "accept_total": Case(_TOTAL, _PUT),
    "refuse_total": Case(_TOTAL, _PUT),
    "withdraw_total": Case(_TOTAL, _PUT),
    "propose_transfer": Case(_TRANSFER),
    "agree_transfer": Case({"transfer": "N1", "organisation": "T1"}, _PROPOSED),
    "refuse_transfer": Case({"transfer": "N1", "organisation": "T1"}, _PROPOSED),
    "lapse_transfer": Case({"transfer": "N1"}, _PROPOSED),
    "record_repayment": Case(_BACK, _AGREED),
    "write_off": Case(_BACK, _AGREED),
    "propose": Case(scheme_books.scheme("SC9", organisation="T1")),
    "revise": Case({"id": "SC2", "title": "Beds and chairs"}),
    "phase": Case(
        {"scheme": "SC2", "line": "pay", "year": YEAR, "month": "10", "amount": "5", "unit": "£"}
    ),
    "deliver": Case(
        {"scheme": "SC2", "line": "pay", "year": YEAR, "month": "9", "amount": "5", "unit": "£"}
    ),
    "assess": Case(
        {
            "scheme": "SC2",
            "profile": "classic",
            "domain": "safety",
            "likelihood": "2",
            "consequence": "2",
        }
    ),
    "screen": Case({"scheme": "SC3"}),
    "sign": Case({"scheme": "SC1", "role": "medical_director"}),
    "condition": Case({**_CONDITION, "kind": "while_running"}),
    "meet_condition": Case(
        {c: t for c, t in _CONDITION.items() if c != "due"},
        (("condition", {**_CONDITION, "kind": "while_running"}),),
    ),
    "milestone": Case({"scheme": "SC1", "title": "Goes live", "due": "2027-01-31"}),
    "pass": Case({"scheme": "SC2", "gate": "G0", "evidence": "Paper 4"}),
    "fail": Case({"scheme": "SC1", "gate": "G3"}),
    "withdraw": Case({"scheme": "SC2"}),
    "keep": Case({"year": YEAR, "organisation": "T1"}),
    "risk": Case(
        {
            "id": "K1",
            "organisation": "T1",
            "title": "Winter",
            "kind": "risk",
            "gross": "9",
            "unit": "£",
            "chance": "0.5",
        }
    ),
    "challenge": Case({**_TOTAL, "grounds": "Set late"}),
    "answer": Case(
        {"organisation": "T1", "answer": "It stands", "outcome": "rejected"},
        (("challenge", {**_TOTAL, "grounds": "Set late"}),),
    ),
    "comment": Case(
        {"about": "T1", "year": YEAR, "month": "9", "text": "Winter came early", "kind": "driver"}
    ),
    "paper": Case({"organisation": "T1", "meeting": "Board", "on": "2027-01-28", "item": "7"}),
    "action": Case({"id": "A1", "organisation": "T1", "title": "End the agency contract"}),
    "open_decision": Case(_OPEN[0][1], own=False),
    "vote": Case({"decision": "D1", "organisation": "T1", "vote": "for"}, _OPEN),
    "close_decision": Case({"decision": "D1"}, _OPEN, own=False),
    "limit": Case({**_TOTAL, "limit": "capacity_wte", "value": "10"}),
    "waive": Case({**_TOTAL, "rule": "control_total", "reason": "Agreed"}),
    "adopt": Case(
        {"name": "inflation", "value": "0.02", "from": "2026-04-01", "authority": "Board"},
        own=False,
    ),
    "ask": Case(_QUESTION, own=False),
    "reply": Case({"id": "Q1", "answer": "So"}, (("ask", _QUESTION),), own=False),
    "withhold": Case(
        {"figure": f"surplus/T1/{YEAR}/plan", "kind": "withheld", "reason": "Commercial"}, own=False
    ),
    "grant": Case(
        {"subject": "ann", "name": "Ann A", "role": "trust_finance", "organisation": "T1"}
    ),
    "revoke": Case(
        {"subject": "ann"},
        (
            (
                "grant",
                {
                    "subject": "ann",
                    "name": "Ann A",
                    "role": "trust_finance",
                    "organisation": "T1",
                    "from": "2026-05-01",
                },
            ),
        ),
    ),
    "redact": Case(
        {"entry": "LAST", "ground": "personal_data_in_error", "second": "pub"},
        (
            (
                "comment",
                {"about": "T1", "year": YEAR, "month": "9", "text": "A name", "kind": "driver"},
            ),
        ),
        own=False,
    ),
    "undo": Case(
        {"entry": "LAST"},
        (
            (
                "grant",
                {
                    "subject": "bob",
                    "name": "Bob B",
                    "role": "trust_finance",
                    "organisation": "T1",
                },
            ),
        ),
        own=False,
    ),
}
"""Every act once; `LAST` is the number of the last entry."""


@cache
def prepared(name: str) -> Desk:
    """The desk at which an act can be done. Nothing is written at it: take one of its own `again`."""
    one = desk()
    early = "2026-11-29"
    for first, fields in CASES[name].first:
        by = officer("administrator", "R1") if name == "undo" else local("S. Sender")
        act(first, one, fields, "first", early, by)
    return one


def fields_of(name: str, role: str = "") -> dict[str, str]:
    """The fields of an act, as somebody of an office would give them."""
    last = str(prepared(name).store.last()[0])
    cells = {c: last if t == "LAST" else t for c, t in CASES[name].fields.items()}
    if name == "sign" and role in ("medical_director", "chief_nurse"):
        cells["role"] = role
    if name == "sign" and role in ("trust_finance", "system_finance"):
        cells["role"] = "finance_lead"
    return cells


def yesterday() -> date:
    """The day before the act."""
    return TODAY - timedelta(days=1)

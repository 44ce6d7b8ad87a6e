"""One service with everybody who could knock, and one organisation's things in each of their states.

The organisation is T1 of the small system. Whatever is asked in a block of `undone` is as if it had never
been: the ledger is another that says the same, the second database is rolled back, files stand again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from controltotal.acts import Desk, act
from controltotal.acts.actors import local_actor
from tests.act_books import CASES, DAY, ROLES, TODAY, YEAR, again, desk, officer, system
from tests.service_house import served

DATA: Final = Path(__file__).parent / "data"
PLACES: Final = {"own": "T1", "other": "T2", "above": "S1", "elsewhere": "T3"}
"""Where somebody holds their office, seen from the organisation whose things they ask for."""
MARK: Final = "Quillwort"
"""A word that stands in every draft of T1 and nowhere else."""
MEETING: Final = "2027-01-28"
KINDS: Final = (
    "month draft",
    "transfer draft",
    "trial draft",
    "link",
    "ended link",
    "waiting job",
    "running job",
    "failed job",
    "answered question",
    "followed figure",
    "chance of a trial",
    "paper draft",
    "frozen paper",
    "own paper",
    "token",
    "reading",
)
"""Everything that T1 has and others are not told of, by kind."""


def rows_of(name: str) -> list[dict[str, str]]:
    """A table of rules that was written by hand."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Caller:
    """Somebody who knocks: an office at a place, and whether it is held today.

    `holds` is in force, ended, later, revoked, none (signed in without an office) or nobody (not signed in).
    """

    role: str
    place: str
    holds: str = "in force"

    @property
    def name(self) -> str:
        """How they sign in."""
        return "-".join(filter(None, (self.role, self.place, self.holds.replace(" ", ""))))

    @property
    def grant(self) -> dict[str, str]:
        """Their row of the table of grants."""
        dates = {
            "ended": {"from": "2026-04-01", "to": str(TODAY - timedelta(1))},
            "later": {"from": str(TODAY + timedelta(1))},
        }.get(self.holds, {"from": "2026-04-01"})
        row = {"subject": f"subject-{self.name}", "name": f"Person {self.name}", "by": "Board"}
        return {**row, "role": self.role, "organisation": PLACES[self.place], **dates}

    def fits(self, who: str) -> bool:
        """Whether a rule names them: `role@place+place`, `@any` for every place, or a word for many."""
        if self.holds != "in force":
            return who == "anyone" or (who == "signed in" and self.holds != "nobody")
        return any(self._is(one) for one in who.split()) or who in ("anyone", "signed in")

    def always(self, who: str) -> bool:
        """Whether they are always asked about a rule; the others are in the long search.

        Always: every office at the organisation itself, and held elsewhere, or no more, those that
        the rule would name if they were held there.
        """
        if who == "signed in":
            return self.place in ("", "own") and self.holds not in ("ended", "later", "revoked")
        there = (replace(self, holds="in force", place=place) for place in PLACES)
        held = self.holds in ("in force", "none", "nobody")
        named = any(one.fits(who) for one in there)
        return (held and self.place in ("", "own")) or (named and not (held and self in RARE))

    def _is(self, one: str) -> bool:
        role, _, at = one.partition("@")
        places = PLACES if at in ("", "any") else at.split("+")
        offices = {
            "offices": ROLES,
            "readers": [r for r in ROLES if r != "administrator"],
            "inside": [r for r in ROLES if r not in ("administrator", "councillor")],
            "finance": ["trust_finance", "system_finance"],
            "clinical": ["medical_director", "chief_nurse"],
        }.get(role, [role])
        return self.role in offices and self.place in places


HELD: Final = tuple(Caller(role, place) for role in ROLES for place in PLACES)
ENDED: Final = tuple(Caller(role, "own", how) for role in ROLES for how in ("ended", "later"))
REVOKED: Final = tuple(Caller(role, "own", "revoked") for role in ROLES)
NO_OFFICE: Final = Caller("", "", "none")
NOBODY: Final = Caller("", "", "nobody")
CALLERS: Final = (*HELD, *ENDED, *REVOKED, NO_OFFICE, NOBODY)
RARE: Final = (
    *(
        one
        for one in HELD
        if one.place == "elsewhere" and not one.role.startswith(("trust", "pro"))
    ),
    *(one for n, one in enumerate(ENDED) if n % 4 in (1, 2)),
    *REVOKED[1::2],
)
"""Who is asked in the long search alone: of those of whom others are like them always."""
DIRECTOR: Final = Caller("trust_finance", "own", "as well")
"""A second person of T1's finance office, whose things its colleagues see."""


def book() -> dict[str, list[dict[str, str]]]:
    """The small system, and in it an office for each caller."""
    found = system()
    held = (*HELD, *ENDED, *REVOKED, DIRECTOR)
    found["grants"] = [*found["grants"], *(one.grant for one in held)]
    return found


_MONTHS = {"organisation": "T1", "year": YEAR}
_TRANSFER = CASES["propose_transfer"].fields
_TOTAL = {**_MONTHS, "amount": "-200", "unit": "£"}
_WITHHELD = CASES["withhold"].fields
BEFORE: Final[tuple[tuple[str, Mapping[str, str]], ...]] = (
    *(("submit_month", {**_MONTHS, "month": month}) for month in ("5", "6", "7", "8")),
    ("reopen_month", {**_MONTHS, "month": "6"}),
    ("approve_month", {**_MONTHS, "month": "7"}),
    ("propose_total", _TOTAL),
    ("challenge", {**_MONTHS, "grounds": "Set late"}),
    ("propose_transfer", _TRANSFER),
    ("propose_transfer", {**_TRANSFER, "id": "N2"}),
    ("agree_transfer", {"transfer": "N2", "organisation": "T1"}),
    ("agree_transfer", {"transfer": "N2", "organisation": "T2"}),
    ("ask", {"id": "Q1", "by_kind": "councillor", "text": "Why?"}),
    ("ask", {"id": "Q2", "by_kind": "councillor", "text": "When?"}),
    ("reply", {"id": "Q2", "answer": "Soon"}),
    ("withhold", {**_WITHHELD, "review_on": DAY}),
    ("condition", CASES["condition"].fields),
    ("paper", {"organisation": "T1", "meeting": "Board", "on": MEETING, "item": "7"}),
    ("paper", {"organisation": "S1", "meeting": "Board", "on": MEETING, "item": "3"}),
    ("action", {"id": "A1", "organisation": "T1", "title": "End the contract"}),
    ("screen", {"scheme": "SC3"}),
)
"""What is done first: months sent, approved and reopened, money proposed and agreed, questions asked."""


def busy() -> Desk:
    """A desk at which T1 has something in each state: sent, approved, reopened, proposed, agreed, open."""
    one = desk(book())
    for number, (name, fields) in enumerate(BEFORE):
        by = local_actor(f"Sender {number}")
        act(name, one, fields, "because", "2026-11-29", by)
    return one


def prepared(name: str) -> Desk:
    """The desk at which an act of `CASES` can be done, with an office for each caller."""
    one = again(_empty())
    for first, fields in CASES[name].first:
        by = officer("administrator", "R1") if name == "undo" else local_actor("S. Sender")
        act(first, one, fields, "first", "2026-11-29", by)
    return one


_KEPT: dict[str, Desk] = {}


def _empty() -> Desk:
    if "empty" not in _KEPT:
        _KEPT["empty"] = desk(book())
    return _KEPT["empty"]


def revoked(one: Desk) -> Desk:
    """The same ledger after every office of `REVOKED` was ended."""
    found = again(one)
    for caller in REVOKED:
        act("revoke", found, {"subject": caller.grant["subject"]}, "because", DAY, local_actor("A"))
    return found


@dataclass
class Ground:
    """The house with its callers: a browser for each, and the ids of what T1 has."""

    house: Any
    base: Desk
    ended: Desk
    browsers: dict[Caller, Any]
    sessions: dict[Caller, str]
    things: dict[str, str] = field(default_factory=dict)

    def address(self, text: str) -> str:
        """An address of a rule with the ids of things in it."""
        for name, id in self.things.items():
            text = text.replace("{" + name + "}", id)
        return text

    def browser(self, caller: Caller) -> Any:
        """The browser of somebody, as it was when they signed in."""
        found = self.browsers[caller]
        found.cookies.clear()
        if caller in self.sessions:
            found.cookies["sessionid"] = self.sessions[caller]
        return found

    def at(self, caller: Caller) -> Desk:
        """The desk before somebody; for one whose office was revoked, after it was."""
        return again(self.ended if caller.holds == "revoked" else self.base)

    @contextmanager
    def undone(self, at: Desk) -> Iterator[Desk]:
        """Do something in both databases that is as if it had never been."""
        from django.db import transaction

        before = self.house.desk
        self.house.desk = at
        try:
            with transaction.atomic():
                yield at
                transaction.set_rollback(True)
        finally:
            self.house.desk = before

    @contextmanager
    def world(self, kinds: Iterable[str] = KINDS) -> Iterator[None]:
        """A world in which T1 has begun a thing of each of some kinds, with their files."""
        kept = files()
        with self.undone(self.base):
            plant(self, tuple(kinds))
            yield
        restore(kept)


def ground() -> Ground:
    """A service with all callers signed in, and nothing begun."""
    from django.test import Client

    from controltotal.service.limits import LIMITS
    from controltotal.service.models import Person

    base = busy()
    house = served(desk=base)
    LIMITS.writes = LIMITS.asks = 10**9
    browsers: dict[Caller, Any] = {NOBODY: Client()}
    sessions: dict[Caller, str] = {}
    for one in (*HELD, *ENDED, *REVOKED, DIRECTOR, NO_OFFICE):
        person = Person.objects.create(
            username=one.name,
            subject=f"subject-{one.name}",
            name=f"Person {one.name}",
            email=f"{one.name}@example.org",
        )
        browsers[one] = Client()
        browsers[one].force_login(person)
        sessions[one] = browsers[one].cookies["sessionid"].value
    sent = next(
        e
        for e in base.position.daybook
        if ("month", "8") in e.cells and e.narration.act == "submit_month"
    )
    things = {"sent_entry": str(sent.seq)}
    return Ground(house, base, revoked(base), browsers, sessions, things)


# -- what T1 has begun -----------------------------------------------------------------------------


def files() -> dict[Path, bytes]:
    """Every file that was dropped or made for somebody."""
    from controltotal.service.apps import house
    from controltotal.service.settings import folder

    found = {}
    for name in ("uploads", "jobs"):
        for path in folder(house().deployment, name).rglob("*"):
            if path.is_file():
                found[path] = path.read_bytes()
    return found


def restore(kept: Mapping[Path, bytes]) -> None:
    """Put the files back as they were."""
    now = files()
    for path in now.keys() - kept.keys():
        path.unlink()
    for path in kept:
        if now.get(path) != kept[path]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(kept[path])


def sheet() -> bytes:
    """A file of month 10 of T1: one line, of which the ledger knows."""
    from openpyxl import Workbook

    made = Workbook()
    for row in (("organisation", "year", "month", "line", "basis", "amount", "unit"), _LINE):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


_LINE = ("T1", YEAR, "10", "position", "actual", -987, "£")


def _id(number: int) -> str:
    return f"{number:032x}".replace("0", "e")


def plant(ground: Ground, kinds: tuple[str, ...] = KINDS) -> None:
    """Give T1 a thing of each kind; the ids are the same whenever it is done."""
    for number, kind in enumerate(KINDS, start=1):
        ground.things[kind.replace(" ", "_")] = _id(number)
        if kind in kinds:
            _PLANTED[kind](ground, _id(number))


def _person() -> Any:
    from controltotal.service.models import Person

    return Person.objects.get(username=DIRECTOR.name)


def _draft(id: str, kind: str, content: Mapping[str, Any], key: str = "") -> None:
    from controltotal.service.models import Draft

    Draft.objects.create(
        id=id, person=_person(), organisation="T1", kind=kind, key=key, content=dict(content)
    )


def _month(ground: Ground, id: str) -> None:
    from controltotal.service.uploads import place

    data = sheet()
    (place("T1", id) / "1.file").write_bytes(data)
    kept = {"number": 1, "name": f"{MARK}.xlsx", "size": len(data)}
    said = {"late": MARK}
    _draft(id, "month", {"files": [kept], "set": said, "accept": MARK}, f"{YEAR}/M10")


def typed(**more: str) -> dict[str, str]:
    """A proposal as its form holds it."""
    said = {"id": "N9", "from": "T1", "to": "T2", "year": YEAR, "amount": "£987"}
    return {**said, "kind": "neighbour_support", "mechanism": "resource_transfer", **more}


_TRIED = {"kind": "transfer", "scheme": "", "value": "", "from": "T1", "to": "T2", "amount": "£987"}


def _link(id: str, days: int) -> None:
    from controltotal.service.access import in_days
    from controltotal.service.models import Link

    Link.objects.create(
        id=id, person=_person(), organisation="T1", content=_TRIED, ends=in_days(days)
    )


def _job(id: str, verb: str, state: str, options: Mapping[str, Any], *endings: str) -> None:
    from controltotal.service.apps import house
    from controltotal.service.jobs import result_file
    from controltotal.service.models import Job

    ref = house().position.ref
    job = Job.objects.create(
        id=id,
        person=_person(),
        organisation="T1",
        verb=verb,
        state=state,
        options=dict(sorted(options.items())),
        what=MARK,
        error={"what": MARK, "where": MARK, "action": MARK} if state == "failed" else {},
        entry=ref.entry,
        root=ref.root,
    )
    for ending in endings:
        path = result_file(job, ending)
        path.unlink(missing_ok=True)
        told = json.dumps(
            {"title": MARK, "standing": [MARK]}
        )  # a paper of which this says: no final
        said = told if ending == ".json" else f"<p>{MARK}</p>"
        path.write_text(said, "utf-8")


def _meeting(**more: Any) -> dict[str, Any]:
    known = {"organisation": "T1", "on": MEETING, "year": YEAR, "month": "", "entry": 1}
    return {**known, "role": "trust_finance", **more}


def slow_figure() -> str:
    """A figure that the worker makes."""
    return f"outturn_p50/T1/{YEAR}/forecast"


def _token(ground: Ground, id: str) -> None:
    from controltotal.service.tokens import new_token

    new_token(_person(), MARK, "act", 3)


def _reading(ground: Ground, id: str) -> None:
    from controltotal.service.models import Reading

    Reading.objects.create(person=_person(), organisation="T2", page="month", day=TODAY)


_PLANTED: Final[Mapping[str, Any]] = {
    "month draft": _month,
    "transfer draft": lambda g, id: _draft(id, "transfer", typed(condition=MARK)),
    "trial draft": lambda g, id: _draft(id, "try", {**_TRIED, "amount": f"£987 {MARK}"}),
    "link": lambda g, id: _link(id, 7),
    "ended link": lambda g, id: _link(id, -1),
    "waiting job": lambda g, id: _job(id, "risk", "waiting", {"organisation": "T1"}),
    "running job": lambda g, id: _job(id, "portfolio", "running", {"organisation": "T1"}),
    "failed job": lambda g, id: _job(id, "risk", "failed", {"organisation": MARK}),
    "answered question": lambda g, id: _job(
        id, "risk", "done", {"year": "2026/27"}, ".json", ".part.html"
    ),
    "followed figure": lambda g, id: _job(
        id, "figure", "done", {"figure": slow_figure()}, ".part.html"
    ),
    "chance of a trial": lambda g, id: _job(
        id,
        "try",
        "done",
        {"link": g.things["link"], "entry": g.base.position.ref.entry, "change": _TRIED},
        ".part.html",
    ),
    "paper draft": lambda g, id: _job(
        id, "report", "done", _meeting(frozen=False), ".html", ".json", ".part.html"
    ),
    "frozen paper": lambda g, id: _job(
        id, "report", "done", _meeting(frozen=True, day=DAY), ".html", ".pdf", ".json"
    ),
    "own paper": lambda g, id: _job(
        id, "own paper", "done", {"organisation": "T1", "year": YEAR}, ".html"
    ),
    "token": _token,
    "reading": _reading,
}


KEPT_ANYWAY: Final = ("service_signin", "service_reading")
"""Tables that say that somebody was there: their session, and whose figures they read."""


@contextmanager
def writes() -> Iterator[list[str]]:
    """The tables of the second database to which a block writes."""
    from django.db import connection

    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        match = re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
        result = execute(sql, params, many, context)
        changed = sql.startswith("INSERT") or context["cursor"].rowcount
        if match and match[1] not in KEPT_ANYWAY and changed:
            found.append(match[1])
        return result

    with connection.execute_wrapper(note):
        yield found


def written(at: Desk, before: int) -> list[Any]:
    """The entries that were written since."""
    return list(at.position.daybook[before:])

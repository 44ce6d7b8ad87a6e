"""Many people at once at one service that runs: each signs in by the form, looks, and sends.

Each is somebody of their own with an office at one of six trusts, and a session of their own. Each
proposes one transfer, after a look at its effect; one more sends a month's figures from a workbook.
`many(folder, people)` tells what each was answered and how long it took.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import requests

from controltotal import read
from controltotal.acts.actors import local_actor
from controltotal.acts.bench import Bench
from controltotal.acts.desk import done
from controltotal.acts.people import grant
from tests.live_service import Service, started
from tests.month_books import CODE, workbook
from tests.service_house import set_up

TRUSTS: Final = ("XF-FTH", "XF-ALD", "XF-HOL", "XF-MHT", "XF-COM", "XF-AMB")
PASSWORD: Final = "quiet-otter-lantern-42"
MONTH: Final = f"/months/{CODE}/2026-27/M10"
LONG: Final = 120
"""Seconds after which an answer is taken as lost."""
RECEIPT: Final = re.compile(r"[Rr]eceipt: entry ([\d,]+)")


@dataclass
class Told:
    """What a service answered to all of them: statuses, seconds by step, receipts, and what went wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    receipts: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    elapsed: float = 0.0
    transfers: Counter[str] = field(default_factory=Counter)
    entries: dict[str, int] = field(default_factory=dict)
    month_sent: bool = False

    def slowest(self, step: str) -> float:
        """The seconds within which ninety-nine of a hundred were answered."""
        found = sorted(self.seconds[step])
        return found[min(len(found) - 1, int(len(found) * 0.99))]

    def middle(self, step: str) -> float:
        """The seconds within which half were answered."""
        found = sorted(self.seconds[step])
        return found[len(found) // 2]


class Somebody:
    """A person with a browser's memory and no screen."""

    def __init__(self, service: Service, number: int, told: Told) -> None:
        self.service, self.number, self.told = service, number, told
        self.browser = requests.Session()
        self.page = ""

    def ask(self, step: str, path: str, data: dict[str, str] | None = None, **more: Any) -> str:
        """A page, or what a form on the page before answers."""
        began = time.perf_counter()
        address = self.service.address + path
        if data is None:
            answer = self.browser.get(address, timeout=LONG)
        else:
            secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
            sent = {"csrfmiddlewaretoken": secret[1] if secret else "", **data}
            origin = {"Origin": self.service.address}
            answer = self.browser.post(address, sent, headers=origin, timeout=LONG, **more)
        self.told.seconds.setdefault(step, []).append(time.perf_counter() - began)
        for one in (*answer.history, answer):
            self.told.statuses[one.status_code] += 1
        if answer.status_code != 200:
            self.told.faults.append(f"{step}: {answer.status_code} {path}")
        self.page = answer.text
        return self.page

    def sign_in(self) -> None:
        self.ask("sign-in page", "/sign-in")
        home = self.ask(
            "signing in", "/sign-in", {"login": f"load-{self.number}", "password": PASSWORD}
        )
        if "Sign out" not in home:
            self.told.faults.append(f"{self.number} did not get in")

    def propose(self) -> None:
        """A transfer of their own: its effect, then the proposal and its receipt."""
        id = f"LOAD-{self.number}"
        at = self.number % len(TRUSTS)
        form = {
            "id": id,
            "from": TRUSTS[at],
            "to": TRUSTS[(at + 1) % len(TRUSTS)],
            "year": "2026-27",
            "amount": f"£{1000 + self.number}",
            "kind": "neighbour_support",
            "mechanism": "resource_transfer",
            "repay_from": "2027-28",
            "repay_years": "2",
        }
        self.ask("form", "/transfers/new")
        page = self.ask("effect", "/transfers/new", {**form, "do": "show"})
        looked = page.partition('name="looked" value="')[2].partition('"')[0]
        self.sent(
            id,
            self.ask("act", "/transfers/new", {**form, "looked": looked, "do": "propose"}),
        )

    def send_month(self) -> None:
        """A month's figures from a workbook, checked and sent to the director."""
        self.ask("month", MONTH)
        file = {"file": ("Finance report month 10.xlsx", workbook(10))}
        self.ask("upload", f"{MONTH}/files", {}, files=file)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page))
        self.sent("month", self.ask("send", f"{MONTH}/check", {**hidden, "do": "send"}))

    def sent(self, what: str, page: str) -> None:
        receipt = RECEIPT.search(page)
        if receipt is None:
            self.told.faults.append(f"no receipt for {what}")
        else:
            self.told.receipts[what] = int(receipt[1].replace(",", ""))


def add_people(service: Service, people: int) -> None:
    """An account for each and for who sends the month, and their offices, while the service runs."""
    set_up()
    from django.contrib.auth.hashers import make_password
    from django.db import connections

    from controltotal.service.models import Person

    file = Path(service.ledger.removeprefix("sqlite:///")).with_suffix(".service")
    connections.settings["live"] = {
        **connections.settings["default"],
        "NAME": str(file / "people.sqlite"),
    }
    known = make_password(PASSWORD)
    try:
        Person.objects.using("live").bulk_create(
            Person(username=f"load-{n}", subject=f"load-{n}", name=f"Load {n}", password=known)
            for n in range(people + 1)
        )
    finally:
        connections["live"].close()
        del connections["live"]
        del connections.settings["live"]

    def judge(bench: Bench) -> None:
        for n in range(people + 1):
            office = {"subject": f"load-{n}", "name": f"Load {n}", "role": "trust_finance"}
            at = TRUSTS[n % len(TRUSTS)] if n < people else CODE
            grant(bench, {**office, "organisation": at, "from": "2026-04-01"})

    how: Any = {"by": local_actor("Tests"), "on": "2026-06-01", "why": "many people"}
    done(service.ledger, "grant", judge, how)


def at_once(works: list[Callable[[], None]], told: Told) -> None:
    """Each does their work in a thread of their own, begun together."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        gate.wait()
        try:
            work()
        except Exception as error:  # told, not lost with its thread
            told.faults.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def many(folder: Path, people: int) -> Told:
    """So many people sign in together, then all send at the same moment."""
    told = Told()
    with started(folder) as service:
        add_people(service, people)
        everybody = [Somebody(service, number, told) for number in range(people + 1)]
        at_once([one.sign_in for one in everybody], told)
        began = time.perf_counter()
        *others, sender = everybody
        at_once([one.propose for one in others] + [sender.send_month], told)
        told.elapsed = time.perf_counter() - began
        book = read(service.ledger).book
        told.transfers = Counter(row.id for row in book.transfers if row.id.startswith("LOAD-"))
        told.entries = {row.id: row.entry for row in book.transfers if row.id in told.transfers}
        sent = [
            row
            for row in book.submissions
            if row.organisation == CODE and row.month in ("10", "M10")
        ]
        told.month_sent = len(sent) == 1
    return told

"""Every act asked of the API by everybody, in person and by token, against a table by hand.

`tests/data/access_acts.csv` says who may do what for T1: an office and where it is held, seen from T1.
What is refused writes nothing anywhere and tells nobody without an office that reads a figure; what is
done is one request of whoever asked. And whatever is done, a month that was sent stands, or shows why not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import pytest

from controltotal.accounts.months_sent import events, sums
from controltotal.acts import ACTS, Desk, act
from controltotal.acts.actors import local_actor
from controltotal.core.errors import BookError
from controltotal.workings.workings import Workings
from tests.access_house import (
    CALLERS,
    HELD,
    NOBODY,
    Caller,
    Ground,
    busy,
    ground,
    prepared,
    revoked,
    rows_of,
    writes,
    written,
)
from tests.act_books import CASES, DAY, YEAR, again

MAY: Final = {row["act"]: row["who"] for row in rows_of("access_acts.csv")}
SIGNS: Final = {
    "medical_director": "medical_director",
    "chief_nurse": "chief_nurse",
    "trust_finance": "finance_lead",
    "system_finance": "finance_lead",
}
A_FIGURE: Final = re.compile(r"£|\d{3,}")


@pytest.fixture(scope="module")
def there() -> Iterator[Ground]:
    yield ground()


def fields_of(name: str, at: Desk, caller: Caller) -> dict[str, str]:
    """The fields of an act as somebody would send them, and right in all but who sends them."""
    last = str(at.store.last()[0])
    cells = {c: last if t == "LAST" else t for c, t in CASES[name].fields.items()}
    if name == "sign":
        cells["role"] = SIGNS.get(caller.role, "medical_director")
    return cells


def sent(browser: Any, name: str, fields: Mapping[str, str], **more: Any) -> Any:
    """An act sent to the API."""
    given = {"request": uuid4().hex, "on": DAY, "why": "because", "fields": fields}
    return browser.post(f"/api/v1/acts/{name}", given, content_type="application/json", **more)


def test_every_act_has_a_rule_and_something_that_is_right_but_for_who_sends_it() -> None:
    assert sorted(MAY) == sorted(ACTS) == sorted(CASES)


@pytest.mark.parametrize("name", MAY)
def test_an_act_is_done_by_whom_the_table_names_and_by_nobody_else(
    there: Ground, name: str
) -> None:
    assert wrong_cells(there, name, [one for one in CALLERS if one.always(MAY[name])]) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", MAY)
def test_an_act_is_done_by_nobody_else_among_all(there: Ground, name: str) -> None:
    assert wrong_cells(there, name, [one for one in CALLERS if not one.always(MAY[name])]) == []


def wrong_cells(there: Ground, name: str, callers: Sequence[Caller]) -> list[Any]:
    """Who of some got something else of an act than the table says."""
    held = prepared(name)
    ended, fresh, wrong = revoked(held), again(held), []
    for caller in callers:
        right = 401 if caller == NOBODY else 201 if caller.fits(MAY[name]) else 403
        at = again(ended) if caller.holds == "revoked" else fresh
        before = at.store.last()[0]
        with there.undone(at), writes() as second:
            answer = sent(there.browser(caller), name, fields_of(name, held, caller))
        entries = written(at, before)
        if entries:
            fresh = again(held)
        by = {(one.narration.request, one.narration.author.subject) for one in entries}
        if answer.status_code != right or second:
            wrong.append((caller.name, answer.status_code, second, answer.content[:200]))
        elif right == 201 and [subject for _, subject in by] != [caller.grant["subject"]]:
            wrong.append((caller.name, "not one request of theirs", by))
        elif right != 201 and (entries or figures_in(answer, caller)):
            wrong.append((caller.name, "written or told", answer.content[:200]))
    return wrong


def figures_in(answer: Any, caller: Caller) -> list[str]:
    """Figures that a refusal tells to somebody who reads none."""
    if caller.fits("readers"):
        return []
    words = answer.json()
    text = " ".join(str(words.get(key, "")) for key in ("what", "action", "findings", "theirs"))
    return A_FIGURE.findall(text.replace(DAY, ""))


@pytest.mark.parametrize("name", MAY)
def test_a_token_acts_as_its_person_may_and_only_where_it_says_so(there: Ground, name: str) -> None:
    from django.test import Client
    from django.utils import timezone

    from controltotal.service.models import Person, Token
    from controltotal.service.tokens import new_token

    at = prepared(name)
    caller = next(one for one in HELD if one.fits(MAY[name]))
    person = Person.objects.get(username=caller.name)
    fields, told = fields_of(name, at, caller), {}
    for how in ("read", "act", "ended", "of an ended account", "unknown"):
        with there.undone(again(at)) as desk:
            scope = how if how in ("read", "act") else "act"
            text = new_token(person, "x", scope, 1)
            if how == "ended":
                Token.objects.update(ends=timezone.now() - timedelta(seconds=1))
            if how == "of an ended account":
                Person.objects.filter(pk=person.pk).update(is_active=False)
            before = desk.store.last()
            bearer = f"Bearer {text if how != 'unknown' else 'x' * 43}"
            answer = sent(Client(headers={"Authorization": bearer}), name, fields)
            told[how] = answer.status_code, desk.store.last() != before
    assert told == {
        "read": (403, False),
        "act": (201, True),
        "ended": (401, False),
        "of an ended account": (401, False),
        "unknown": (401, False),
    }


# -- a month that was sent -------------------------------------------------------------------------

SENT: Final = ("5", "7", "8")
"""Months of T1 that were sent; the seventh is approved."""


def shown(at: Desk) -> dict[str, tuple[Any, int]]:
    """Each sent month: its figures, and how many adjustments, reopenings and the like its page shows."""
    workings = Workings(at.position)
    return {
        month: (
            [
                (one.line, one.month_plan, one.month_actual)
                for one in sums(workings, "T1", YEAR, int(month))
            ],
            sum(one.what != "sent" for one in events(workings, "T1", YEAR, int(month))),
        )
        for month in SENT
    }


def tries() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every act at the months that were sent, every row of theirs withdrawn, every entry undone."""
    for name, case in CASES.items():
        if "month" in ACTS[name].form.fields and name not in ("comment", "paper", "action"):
            yield from ((name, {**case.fields, "month": month}) for month in SENT)
        else:
            yield name, case.fields
    known = busy().position
    for table in ("amounts", "submissions", "schemes"):
        for row in known.rows(table):
            yield "withdraw", {"table": table, "row": str(known.daybook[row.entry - 1].row)}
    for entry in known.daybook[-20:]:
        yield "undo", {"entry": str(entry.seq)}
        yield "redact", {"entry": str(entry.seq), "ground": "personal_data_in_error", "second": "p"}


def test_a_sent_month_stands_or_its_page_shows_what_changed_it() -> None:
    base = busy()
    before, done, changed = shown(base), 0, 0
    for name, fields in tries():
        at = again(base)
        try:
            act(name, at, fields, "because", DAY, local_actor("Anybody"))
        except BookError:
            assert at.store.last() == base.store.last(), name
            continue
        done += 1
        for month, (figures, count) in shown(at).items():
            moved = figures != before[month][0]
            changed += moved
            assert not moved or count > before[month][1], (name, dict(fields), month)
    assert done > 30 and changed

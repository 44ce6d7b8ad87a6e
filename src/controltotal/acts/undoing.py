"""Undoing what one request wrote, and erasing words that must not be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Unpack

from controltotal.acts.actors import OF_SCHEMES, Actor, actor_of
from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.desk import Done, How, asked_of, at_desk
from controltotal.book.row_keys import key_of_entry, row_key
from controltotal.core.schema import tables
from controltotal.ledger.entries import PUT, WITHDRAW, Cells, Entry
from controltotal.programme.eligibility import Judgements
from controltotal.programme.names import one_person, person

if TYPE_CHECKING:
    from controltotal.acts.desk import Ledger


def undo(bench: Bench, fields: Mapping[str, str]) -> None:
    """Take back everything that one request wrote, named by any of its entries; needs a reason.

    Rows that it put are withdrawn, rows that it withdrew are put again. Where a row of it has been
    changed or taken back since, nothing is undone. A refusal that was given and a signature that
    lapsed stay as they are: who judged a scheme judges it again, and the act says of which.
    """
    if not bench.why:
        raise ActRefused("undoing needs a reason", "the ledger", "give the reason")
    wrote = _request_of(bench, fields["entry"])
    _not_changed_since(bench, wrote)
    _own_errors(bench, wrote)
    bench.settle()
    for entry in wrote:
        if entry.kind == PUT:
            bench.withdraw(entry)
    for entry in wrote:
        if entry.kind == WITHDRAW:
            old = bench.entries[entry.withdraws - 1]
            bench.put(old.table, dict(old.cells))
    _say_what_stays(bench, wrote)


def _say_what_stays(bench: Bench, wrote: Sequence[Entry]) -> None:
    """Say of each scheme that an undone act spoke of why it does not count, if it does not."""
    cells = [(e.table, dict(bench.entries[(e.withdraws or e.seq) - 1].cells)) for e in wrote]
    spoken = {row.get(OF_SCHEMES[table], "") for table, row in cells if table in OF_SCHEMES} - {""}
    if not spoken:
        return
    after = Judgements(bench.would_be)
    for code in sorted(spoken):
        found = after.get(code)
        if found is not None and found.reasons:
            bench.notices.append(f"{code} does not count: {found.reasons[0].text}")


def _not_changed_since(bench: Bench, wrote: Sequence[Entry]) -> None:
    """Refuse what somebody has taken back, or put again, since it was written."""
    own = {entry.seq for entry in wrote}
    said = {e.seq: e for e in bench.entries if e.kind == PUT}
    keys = {key: e for e in wrote for key in _speaks_of(said.get(e.withdraws, e))}
    told: set[int] = set()
    for later in bench.entries[wrote[-1].seq :]:
        spoken = _speaks_of(said.get(later.withdraws, later))
        entry = next((keys[key] for key in spoken if key in keys), None)
        if entry is None or later.seq in own or entry.seq in told:
            continue
        told.add(entry.seq)
        where = f"{entry.table} row {entry.row}"
        how = "taken back" if later.kind == WITHDRAW else "changed"
        who = f" by {later.by}" if later.by else ""
        bench.refuse(f"{where} was {how}{who} since", where, "undo the later act first")


def _speaks_of(row: Entry) -> list[str]:
    """The keys of what a row decides: its own, and the transfer or the control total that it answers."""
    if row.kind != PUT:
        return []
    cells = dict(row.cells)
    found = [key_of_entry(row)]
    if row.table == "consents":
        found.append(row_key("transfers", {"id": cells.get("transfer", "")}))
    if row.table == "control_totals":
        period = ("organisation", "year", "month", "scenario")
        found.append(row_key(row.table, {c: t for c, t in cells.items() if c in period}))
    return found


def _own_errors(bench: Bench, wrote: Sequence[Entry]) -> None:
    """Refuse an office that would undo what another did: an administrator undoes errors of its own."""
    author = wrote[0].narration.author
    if bench.actor.local:
        return
    for entry in wrote:
        row = bench.entries[(entry.withdraws or entry.seq) - 1]
        if row.table == "grants" and dict(row.cells).get("subject") == bench.actor.subject:
            bench.refuse(
                "nobody gives an office to themselves, or ends one", "grants", "ask another"
            )
            return
    if author.subject == bench.actor.subject or author.role == OFFICE:
        return
    where = f"{wrote[0].table} row {wrote[0].row}"
    bench.refuse(f"{where} was written by another office", where, "whoever wrote it changes it")


def _request_of(bench: Bench, number: str) -> list[Entry]:
    """The entries that one request wrote, named by any of them; or a refusal."""
    if not _is_one_of(number, bench):
        raise ActRefused(
            f"there is no entry {number}", "the ledger", f"give one from 1 to {len(bench.entries)}"
        )
    request = bench.entries[int(number) - 1].narration.request
    wrote = [e for e in bench.entries if e.narration.request == request and request]
    if not wrote or wrote[0].narration.act in ("convert", "new", "redact"):
        raise ActRefused(
            f"entry {number} was written by no act", "the ledger", "withdraw the row instead"
        )
    return wrote


OFFICE: Final = "administrator"
"""Whose errors an administrator undoes."""
GROUNDS: Final = (
    "personal_data_in_error",
    "erasure_right",
    "court_order",
    "confidential_in_error",
)
"""Grounds in law on which words may be erased."""
MONEY: Final = frozenset({"amounts", "control_totals", "transfers", "repayments", "contracts"})
"""Tables of money, which is corrected and never erased."""
PLAIN: Final = frozenset(
    {"organisation", "year", "month", "vocabulary", "scheme", "transfer", "date"}
)
"""Types of key columns that stay, so that what rested on the row is known to be missing."""


def redact(
    ledger: Ledger, entry: str, ground: str, second: str | Actor, **how: Unpack[How]
) -> Done:
    """Erase the words of one or several rows (`entry`, separated by `;`) for good.

    Two people say so: who acts, and a `second`. The chain still holds, the row reads as redacted, and
    what rested on it can no longer be told. Money is corrected, never redacted.
    """
    with at_desk(ledger) as desk:
        asked = asked_of("redact", _nothing, {**how, "fields": {"entry": entry}})
        return desk.erase(asked, _judged(ground, second))


def _nothing(_: Bench) -> None:
    """A redaction writes no row of its own on the bench."""


def _judged(ground: str, second: str | Actor) -> Callable[[Bench, Sequence[str]], dict[int, Cells]]:
    """What may be erased, with the cells that stay; refuses everything that may not."""

    def judge(bench: Bench, numbers: Sequence[str]) -> dict[int, Cells]:
        if ground not in GROUNDS:
            bench.refuse(f"{ground!r} is no ground", "redact", f"use one of {', '.join(GROUNDS)}")
        if not bench.why:
            bench.refuse("a redaction needs a reason", "redact", "give the reason")
        _two_people(bench, second)
        found: dict[int, Cells] = {}
        for number in numbers:
            entry = bench.entries[int(number) - 1] if _is_one_of(number, bench) else None
            if entry is None or entry.kind != PUT or bench.is_erased(entry):
                bench.refuse(f"entry {number} is no row with words", "redact", "look at the ledger")
            elif entry.table in MONEY:
                what = f"{entry.table} row {entry.row} is money"
                bench.refuse(what, what, "correct it: put it again, or withdraw it")
            elif _is_hand_in(bench, entry):
                what = f"{entry.table} row {entry.row} closes the figures of a month that was sent"
                bench.refuse(what, what, "have the month reopened or adjusted, then erase this row")
            elif _is_asked_for(bench, entry):
                what = f"{entry.table} row {entry.row} is asked for"
                bench.refuse(what, what, "answer the question first")
            else:
                found[entry.seq] = _kept(entry)
        bench.settle()
        return found

    return judge


def _two_people(bench: Bench, second: str | Actor) -> None:
    """Note that a redaction is not said by two people, or that the second does not publish."""
    other = second if isinstance(second, Actor) else actor_of(bench.position, second)
    same = not other.local and other.subject == bench.actor.subject
    if same or not person(other.name) or one_person(other.name, bench.by):
        bench.refuse("two people redact", "redact", "name a second person", "second")
    publishes = any(g.role == "publisher" and g.holds(bench.on) for g in other.grants)
    if not other.local and not publishes:
        bench.refuse(f"{other.name} is no publisher", "redact", "name one", "second")


def _is_one_of(number: str, bench: Bench) -> bool:
    return number.isdecimal() and len(number) < 16 and 1 <= int(number) <= len(bench.entries)


def _kept(entry: Entry) -> Cells:
    """The cells that stay: codes, years and dates of the key; never words."""
    columns = tables()[entry.table].columns if entry.table in tables() else {}
    return tuple(
        (name, text)
        for name, text in entry.cells
        if name in columns and columns[name].key and columns[name].type in PLAIN
    )


def _is_hand_in(bench: Bench, entry: Entry) -> bool:
    """Whether a row is the last word of a hand-in: without it the figures of a month would stand open."""
    return any(row.entry == entry.seq for row in bench.position.book.submissions)


def _is_asked_for(bench: Bench, entry: Entry) -> bool:
    """Whether somebody waits for an answer about what the row says."""
    texts = {text for _, text in entry.cells}
    return any(
        not row.answered_on and row.figure and texts & set(row.figure.split("/"))
        for row in bench.position.book.questions
    )

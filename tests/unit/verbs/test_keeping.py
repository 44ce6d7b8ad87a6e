"""A ledger is proved, copied and put back: what was changed, cut short or rewritten is found."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.acts import act
from controltotal.acts.undoing import redact
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.ledger import open_ledger
from controltotal.ledger.entries import put
from controltotal.verbs import keeping
from tests.act_books import CASES, DAY, ledger_in
from tests.ledgers import posting

WORDS = {**CASES["comment"].fields, "text": "Nurse N. Name is ill"}


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    """A ledger of a small system with three acts."""
    address = ledger_in(tmp_path)
    act("risk", address, CASES["risk"].fields, "new", "2026-06-01", "Ann Ash", "r-1")
    act("comment", address, WORDS, "said", "2026-06-02", "Ann Ash", "r-2")
    act("submit_month", address, CASES["submit_month"].fields, "", "2026-06-03", "Ann Ash", "r-3")
    return address


def file_of(address: str) -> Path:
    return Path(address.removeprefix("sqlite:///"))


def names(folder: Path) -> list[str]:
    """The files of a folder, less what a ledger that is there keeps beside it while it is read."""
    there = {path.name for path in folder.iterdir()}
    return sorted(there - {f"{name}{end}" for name in there for end in ("-wal", "-shm")})


def found(result: Result) -> list[str]:
    return [finding.code for finding in result.findings]


def root_of(address: str) -> tuple[int, str]:
    """The last entry of a ledger and the root there."""
    (row,) = verbs.verify(address).tables["verified"]
    return int(str(row["entry"])), str(row["root"])


def tampered(address: str, *changes: str) -> None:
    """Somebody with a program of their own changes the file, its guards taken away first."""
    with sqlite3.connect(file_of(address)) as base:
        names = base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            base.execute(f"DROP TRIGGER {name}")
        for change in changes:
            before = list(base.iterdump())
            base.execute(change)
            assert list(base.iterdump()) != before, f"changes nothing: {change}"
    base.close()


def another(column: str) -> str:
    """SQL for a text of hexadecimal digits with another first digit, whatever it was.

    Putting `f` there changes nothing one time in sixteen, and then rightly nothing is found.
    """
    return f"CASE substr({column}, 1, 1) WHEN 'f' THEN '0' ELSE 'f' END || substr({column}, 2)"


def test_a_ledger_as_it_was_written_is_proved_and_says_its_root(ledger: str) -> None:
    result = verbs.verify(ledger)
    assert found(result) == []
    (row,) = result.tables["verified"]
    assert row["how"] == "every block follows the one before it"
    assert (
        row["root"] == verbs.read(ledger).ref.root and row["entry"] == verbs.read(ledger).ref.entry
    )
    assert (result.book.entry, result.book.root) == (row["entry"], row["root"])
    assert "Proved to entry" in result.sentences[0].text


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE blocks SET body = replace(body, 'Winter', 'Summer') WHERE body LIKE '%Winter%'",
        "UPDATE blocks SET body = replace(body, 'Ann Ash', 'Bob Bay')",
        "UPDATE blocks SET recorded_at = '2020-01-01T00:00:00Z' WHERE first = 1",
        f"UPDATE blocks SET salt = {another('salt')}",
        f"UPDATE blocks SET hash = {another('hash')} WHERE first = 1",
        f"UPDATE blocks SET previous = {another('previous')} WHERE first > 1",
        "UPDATE blocks SET kind = 'withdraw' WHERE first = 1",
        "UPDATE blocks SET \"table\" = 'notes' WHERE \"table\" = 'risks'",
        "DELETE FROM blocks WHERE \"table\" = 'risks'",
        "DELETE FROM blocks WHERE first = (SELECT max(first) FROM blocks)",
        "UPDATE blocks SET body = '', salt = '' WHERE \"table\" = 'risks'",
        f"UPDATE head SET hash = {another('hash')}",
    ],
)
def test_whatever_is_changed_inside_the_file_breaks_the_chain(ledger: str, change: str) -> None:
    tampered(ledger, change)
    result = verbs.verify(ledger)
    assert found(result) == ["CHAIN_BROKEN"]
    assert list(result.tables["verified"]) == []
    assert result.findings[0].severity == "error" and result.findings[0].where.startswith("entry ")
    assert [one.text for one in result.sentences] == ["Not proved."]


def test_a_root_that_was_kept_is_found_at_its_entry_and_wherever_it_is(ledger: str) -> None:
    entry, root = root_of(ledger)
    act("risk", ledger, {**CASES["risk"].fields, "id": "K2"}, "new", DAY, "Ann Ash")
    for kept in (root, root.removeprefix("sha256:"), root.upper(), f" {root} "):
        assert found(verbs.verify(ledger, kept)) == []
        assert found(verbs.verify(ledger, kept, entry)) == []
    (row,) = verbs.verify(ledger, root).tables["verified"]
    assert row == {
        "entry": entry,
        "root": root,
        "how": f"the root that was kept, and the ledger went on to entry {entry + 1}",
    }
    assert found(verbs.verify(ledger, root, entry + 1)) == ["HISTORY_DIFFERS"]
    assert found(verbs.verify(ledger, None, entry)) == []


def test_a_ledger_that_ends_before_the_entry_of_the_root_is_shorter(ledger: str) -> None:
    entry, root = root_of(ledger)
    result = verbs.verify(ledger, root, entry + 5)
    assert found(result) == ["HISTORY_SHORTER"]
    assert (result.findings[0].expected, result.findings[0].found) == (
        f"entry {entry + 5}",
        f"entry {entry}",
    )


def test_what_cannot_be_read_is_no_ledger_and_proves_nothing(ledger: str, tmp_path: Path) -> None:
    (tmp_path / "text.ledger").write_text("not a ledger at all, and long enough to be read " * 50)
    (tmp_path / "folder").mkdir()
    for address in (tmp_path / "text.ledger", tmp_path / "none.ledger", tmp_path / "folder"):
        with pytest.raises(BookError):
            verbs.verify(str(address))
    assert not (tmp_path / "none.ledger").exists()
    for root in ("abc", "sha256:" + "g" * 64, "md5:" + "0" * 64):
        with pytest.raises(BookError, match="--root reads"):
            verbs.verify(ledger, root)
    with pytest.raises(BookError, match="--entry reads -1"):
        verbs.verify(ledger, None, -1)


def history(path: Path, draw: random.Random) -> list[tuple[int, str]]:
    """A ledger of some random acts, and each root that it had on the way."""
    store = open_ledger(str(path))
    roots = []
    for number in range(draw.randint(3, 7)):
        rows = [
            put(
                "risks",
                100 * number + n + 2,
                [("id", f"{number}/{n}"), ("title", str(draw.random()))],
            )
            for n in range(draw.randint(1, 3))
        ]
        (receipt,) = store.append([posting(rows, by="Ann Ash", why=str(number))], store.last()[0])
        roots.append((receipt.entry, receipt.root))
        if number == 1:
            store.close()
            shutil.copy(path, path.with_suffix(".old"))
            store = open_ledger(str(path))
    store.close()
    return roots


@pytest.mark.parametrize("seed", range(50))
def test_an_older_copy_put_back_and_a_ledger_rewritten_are_found_by_a_root_kept_elsewhere(
    seed: int, tmp_path: Path
) -> None:
    draw = random.Random(seed)
    path = tmp_path / "plan.ledger"
    roots = history(path, draw)
    for entry, root in roots:
        assert (
            found(verbs.verify(str(path), root, entry))
            == found(verbs.verify(str(path), root))
            == []
        )
    shutil.copy(path.with_suffix(".old"), path)
    for entry, root in roots[:2]:
        assert found(verbs.verify(str(path), root, entry)) == []
    for entry, root in roots[2:]:
        assert found(verbs.verify(str(path), root, entry)) == ["HISTORY_SHORTER"]
        assert found(verbs.verify(str(path), root)) == ["HISTORY_DIFFERS"]
    path.unlink()
    history(path, random.Random(seed))  # the same acts once more, by somebody else
    for entry, root in roots:
        assert found(verbs.verify(str(path), root, entry)) == ["HISTORY_DIFFERS"]
        assert found(verbs.verify(str(path), root)) == ["HISTORY_DIFFERS"]


def test_a_backup_put_back_gives_equal_figures_and_equal_roots(ledger: str, tmp_path: Path) -> None:
    told = verbs.backup(ledger, tmp_path / "copy.ledger")
    new = f"sqlite:///{tmp_path}/new.ledger"
    back = verbs.restore(tmp_path / "copy.ledger", new)
    assert root_of(ledger) == root_of(str(tmp_path / "copy.ledger")) == root_of(new)
    before, after = verbs.position(ledger), verbs.position(new)
    assert before.figures == after.figures and before.book.root == after.book.root
    for result in (told, back):
        (row,) = result.tables["verified"]
        assert row["how"] == f"{len(before.figures)} equal figures"
        assert (row["entry"], row["root"]) == root_of(ledger)


def test_after_a_restore_a_request_gives_the_receipt_that_it_had(
    ledger: str, tmp_path: Path
) -> None:
    new = f"sqlite:///{tmp_path}/new.ledger"
    verbs.backup(ledger, tmp_path / "copy.ledger")
    verbs.restore(tmp_path / "copy.ledger", new)
    fields = CASES["risk"].fields
    one = act("risk", ledger, fields, "new", "2026-06-01", "Ann Ash", "r-1")
    other = act("risk", new, fields, "new", "2026-06-01", "Ann Ash", "r-1")
    assert one.repeated and other.repeated and one.receipt == other.receipt
    assert root_of(new) == root_of(ledger), "and nothing was written"


def test_what_was_erased_is_in_no_copy_and_in_no_byte_of_one(ledger: str, tmp_path: Path) -> None:
    entry = next(e.seq for e in verbs.read(ledger).daybook if e.table == "commentary")
    how = {"by": "Ann Ash", "on": DAY, "why": "a name in error"}
    redact(ledger, str(entry), "personal_data_in_error", "Zoe Zander", **how)  # type: ignore[arg-type]
    new = tmp_path / "new.ledger"
    verbs.backup(ledger, tmp_path / "copy.ledger")
    verbs.restore(tmp_path / "copy.ledger", f"sqlite:///{new}")
    for path in (file_of(ledger), tmp_path / "copy.ledger", new):
        assert b"N. Name" not in path.read_bytes()
    assert found(verbs.verify(str(new))) == []
    codes = [
        sorted(f.code for f in verbs.check(address).findings) for address in (ledger, str(new))
    ]
    assert codes[0] == codes[1]


def test_a_copy_is_a_ledger_that_answers_and_takes_acts_of_its_own(
    ledger: str, tmp_path: Path
) -> None:
    copy = str(tmp_path / "copy.ledger")
    verbs.backup(ledger, copy)
    entry, root = root_of(ledger)
    act("risk", copy, {**CASES["risk"].fields, "id": "K2"}, "new", DAY, "Ann Ash")
    assert found(verbs.verify(copy, root, entry)) == [] and root_of(copy)[0] == entry + 1


def test_nothing_is_written_over_unless_it_is_said(ledger: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.ledger"
    target.write_text("somebody's own")
    with pytest.raises(BookError, match="there is a file here already"):
        verbs.backup(ledger, target)
    assert target.read_text() == "somebody's own"
    verbs.backup(ledger, target, overwrite=True)
    assert root_of(str(target)) == root_of(ledger)
    assert names(tmp_path) == ["copy.ledger", "plan.ledger"]


def test_what_a_stopped_copy_left_does_not_stand_in_the_way(ledger: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.ledger"
    verbs.backup(ledger, target)
    shutil.copy(target, f"{target}.part")
    verbs.backup(ledger, target, overwrite=True)
    assert names(tmp_path) == ["copy.ledger", "plan.ledger"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_ledger_is_not_copied_onto_itself_nor_onto_a_folder(
    ledger: str, tmp_path: Path, overwrite: bool
) -> None:
    with pytest.raises(BookError, match="this is the ledger itself"):
        verbs.backup(ledger, file_of(ledger), overwrite)
    (tmp_path / "folder").mkdir()
    with pytest.raises(BookError, match="this is a folder"):
        verbs.backup(ledger, tmp_path / "folder", overwrite)
    with pytest.raises(BookError, match="a backup is one file"):
        verbs.backup(ledger, f"sqlite:///{tmp_path}/x.ledger", overwrite)
    assert names(tmp_path) == ["folder", "plan.ledger"]


def test_a_restore_never_writes_over_a_ledger_and_names_one(ledger: str, tmp_path: Path) -> None:
    verbs.backup(ledger, tmp_path / "copy.ledger")
    act("risk", ledger, {**CASES["risk"].fields, "id": "K2"}, "new", DAY, "Ann Ash")
    last = root_of(ledger)
    with pytest.raises(BookError, match="there is a ledger here already"):
        verbs.restore(tmp_path / "copy.ledger", ledger)
    assert root_of(ledger) == last
    with pytest.raises(BookError, match="put back as a ledger, and this names none"):
        verbs.restore(tmp_path / "copy.ledger", tmp_path / "folder")
    with pytest.raises(BookError):
        verbs.restore(tmp_path / "nothing.ledger", f"sqlite:///{tmp_path}/new.ledger")
    assert names(tmp_path) == ["copy.ledger", "plan.ledger"]


def _broken_figures(*_: object) -> int:
    raise BookError("the copy gives other figures", "here", "do not use it")


def _stopped(*_: object) -> int:
    raise KeyboardInterrupt


@pytest.mark.parametrize("fails", [_broken_figures, _stopped])
@pytest.mark.parametrize("over", [False, True])
def test_nothing_is_left_behind_by_a_copy_that_fails(
    ledger: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fails: Callable[..., int],
    over: bool,
) -> None:
    target = tmp_path / "copy.ledger"
    if over:
        target.write_text("somebody's own")
    monkeypatch.setattr(keeping, "_equal", fails)
    with pytest.raises((BookError, KeyboardInterrupt)):
        verbs.backup(ledger, target, over)
    assert [name for name in names(tmp_path) if name != target.name] == ["plan.ledger"]
    assert (target.read_text() == "somebody's own") if over else not target.exists()


def test_a_broken_ledger_is_not_copied(ledger: str, tmp_path: Path) -> None:
    tampered(
        ledger,
        "UPDATE blocks SET body = replace(body, 'Winter', 'Summer') WHERE body LIKE '%Winter%'",
    )
    with pytest.raises(BookError):
        verbs.backup(ledger, tmp_path / "copy.ledger")
    assert not (tmp_path / "copy.ledger").exists()

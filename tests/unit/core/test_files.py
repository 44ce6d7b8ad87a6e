"""Where a file lies: a share on another machine is known by the list of what is mounted."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal.core import files
from controltotal.core.files import on_network
from controltotal.ledger import LedgerError
from controltotal.ledger.sqlite import SqliteStore

MOUNTS = """/dev/sda1 / ext4 rw 0 0
server:/books /srv/books nfs4 rw 0 0
/dev/sdb1 /srv/books/here ext4 rw 0 0
//server/plan /mnt/the\\040plan cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/plan.ledger", ""),
        ("/srv/books/plan.ledger", "nfs4"),
        ("/srv/books/2026/plan.ledger", "nfs4"),
        ("/srv/books/here/plan.ledger", ""),
        ("/srv/bookshop/plan.ledger", ""),
        ("/mnt/the plan/plan.ledger", "cifs"),
    ],
)
def test_the_nearest_mount_says_on_which_machine_a_file_lies(
    path: str, kind: str, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert on_network(path, str(mounts)) == kind
    assert on_network(path, str(tmp_path / "none")) == ""


def test_a_ledger_on_a_share_is_refused_in_words_and_may_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.ledger"
    SqliteStore(path).close()
    monkeypatch.setattr("controltotal.ledger.sqlite.on_network", lambda _: "nfs4")
    with pytest.raises(LedgerError, match="on a network share") as raised:
        SqliteStore(path)
    assert "PostgreSQL" in raised.value.action
    SqliteStore(path, readonly=True).close()
    assert files.on_network(path) == ""

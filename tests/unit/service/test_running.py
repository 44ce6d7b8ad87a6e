"""The service from a program: each command is a function, and says by itself what it needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import controltotal
from controltotal.core.errors import BookError
from controltotal.service import serving

ROOT = Path(__file__).parents[3]
KEEPING = """
import controltotal, sys
book = sys.argv[1]
first = controltotal.user.add(book, "robin", name="Robin Example", role="auditor", organisation="04G")
second = controltotal.user.reset(book, "robin")
other = controltotal.user.add(book, "ali", name="Ali Example", subject="idp-7")
controltotal.user.backup(book, sys.argv[2])
faults = controltotal.doctor(book, deploy=True)
held = controltotal.user.disable(book, "robin")
print(len(first) > 20, first != second, other == "", held)
print("--backups" in {one.where for one in faults})
"""
ASKED: tuple[Callable[[str], Any], ...] = (
    controltotal.serve,
    lambda book: controltotal.doctor(book, deploy=True),
    lambda book: controltotal.user.add(book, "robin", name="Robin Example"),
    lambda book: controltotal.user.reset(book, "robin"),
    lambda book: controltotal.user.disable(book, "robin"),
    lambda book: controltotal.user.backup(book, "people.copy"),
)


def test_people_of_a_service_are_kept_from_a_program(tmp_path: Path) -> None:
    book, copy = tmp_path / "nene", tmp_path / "people.copy"
    shutil.copytree(ROOT / "examples" / "nene-2013", book)
    ran = subprocess.run(
        [sys.executable, "-c", KEEPING, str(book), str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.splitlines() == ["True True True 1", "True"], ran.stdout + ran.stderr
    assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("ask", ASKED, ids=["serve", "doctor", "add", "reset", "disable", "backup"])
def test_without_the_extra_each_says_so_in_one_line(
    ask: Callable[[str], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "NEEDED", ("django", "not_there_at_all"))
    with pytest.raises(BookError) as refusal:
        ask(str(tmp_path))
    assert "the service needs what is not installed (not_there_at_all)" in str(refusal.value)
    assert 'pip install "controltotal[web]"' in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_doctor_who_is_asked_nothing_says_what_may_be_asked(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="nothing is asked of the doctor"):
        controltotal.doctor(tmp_path)


def test_a_service_that_nobody_starts_loads_nothing_of_it() -> None:
    program = (
        "import sys, controltotal; controltotal.read; "
        "print([m for m in sys.modules if m.startswith(('controltotal.service', 'django'))])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"

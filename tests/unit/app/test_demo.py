"""The last lines of the demonstration name the program as it can be called from where one stands."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from controltotal.app import demo


def test_a_program_that_is_found_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/somewhere/{name}")
    assert demo.program() == "controltotal"


def test_one_that_is_not_found_is_called_by_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.chdir(tmp_path)
    own = tmp_path / ".venv" / "bin"
    own.mkdir(parents=True)
    monkeypatch.setattr(sys, "executable", str(own / "python"))
    assert demo.program() == str(Path(".venv", "bin", "python -m controltotal.app.cli"))
    (own / "controltotal").touch()
    assert demo.program() == str(Path(".venv", "bin", "controltotal"))

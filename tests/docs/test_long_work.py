"""The examples in Python on the page about long work run, and stop where the page says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "long-work.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_an_example_in_python_runs(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(BLOCKS[number], f"{PAGE.name} {number}", "exec"), {})
    said = capsys.readouterr().out
    if "Progress(told)" in BLOCKS[number]:
        assert said.startswith("0% reading the book\n") and said.endswith("100% risk\n")
        assert "3,000 of 3,000 draws" in said
    if "cancel)" in BLOCKS[number]:
        assert said.startswith("the work was stopped ")


def test_the_page_has_examples() -> None:
    assert len(BLOCKS) == 4

"""Drawings kept from one command to the next: used where they are whole and safe, else made anew."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from controltotal.app.cli import main
from controltotal.core.user_folder import drawings_kept
from controltotal.papers import kept_drawings
from controltotal.papers.kept_drawings import DAYS, ENDING, kept
from controltotal.papers.sections import ChartView
from controltotal.papers.svg import _svg, drawn, picture

ROOT = Path(__file__).parents[3]
CHART = ChartView(
    "c",
    "Three bars",
    {"mark": "bar", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a"}}},
    "one bar",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's folder, in which drawings are kept."""
    monkeypatch.setenv("CONTROLTOTAL_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CONTROLTOTAL_KEEP_DRAWINGS", raising=False)
    with drawings_kept():
        yield tmp_path / "cache" / "drawings"


class Drawing:
    """Draws what it is given, and counts how often it was asked."""

    def __init__(self, body: bytes = b"<svg>1</svg>") -> None:
        self.body, self.times = body, 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.body


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{ENDING}")) if folder.exists() else []


def test_a_drawing_is_made_once_and_then_taken_from_the_folder(folder: Path) -> None:
    draw = Drawing()
    assert kept("svg", b"a", draw) == kept("svg", b"a", draw) == draw.body
    assert draw.times == 1 and len(files(folder)) == 1


def test_another_chart_another_kind_and_another_version_are_other_drawings(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = Drawing()
    for kind, content in (("svg", b"a"), ("svg", b"b"), ("png 2.0", b"a")):
        kept(kind, content, draw)
    monkeypatch.setattr(kept_drawings, "_versions", lambda: ("0.1.0", "another"))
    kept("svg", b"a", draw)
    assert draw.times == len(files(folder)) == 4


@pytest.mark.parametrize(
    "broken", [b"", b"<svg>2</svg>", b"0" * 64 + b"\n<svg>2</svg>"], ids=["empty", "bare", "wrong"]
)
def test_a_file_that_is_not_whole_is_drawn_anew_and_mended(folder: Path, broken: bytes) -> None:
    draw = Drawing()
    kept("svg", b"a", draw)
    (path,) = files(folder)
    whole = path.read_bytes()
    path.write_bytes(broken)
    assert kept("svg", b"a", draw) == draw.body and draw.times == 2
    assert path.read_bytes() == whole


def test_a_file_cut_short_or_added_to_is_not_used(folder: Path) -> None:
    draw = Drawing()
    kept("svg", b"a", draw)
    (path,) = files(folder)
    whole = path.read_bytes()
    for changed in (whole[:-1], whole + b"<script>"):
        path.write_bytes(changed)
        assert kept("svg", b"a", draw) == draw.body


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights of another kind")
def test_nothing_is_taken_from_a_folder_in_which_others_may_write(folder: Path) -> None:
    draw = Drawing()
    kept("svg", b"a", draw)
    folder.chmod(0o777)
    kept("svg", b"a", draw)
    assert draw.times == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights of another kind")
def test_what_is_kept_is_for_the_user_alone(folder: Path) -> None:
    kept("svg", b"a", Drawing())
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in files(folder))


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CONTROLTOTAL_CACHE", str(tmp_path / "file"))
    with drawings_kept():
        assert kept("svg", b"a", Drawing()) == b"<svg>1</svg>"


def test_a_folder_that_is_full_still_gives_the_drawing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", full)
    assert kept("svg", b"a", Drawing()) == b"<svg>1</svg>"
    assert files(folder) == []


def test_there_are_never_more_than_so_many_and_the_longest_unused_leaves(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_drawings, "MOST", 3)
    for place, name in enumerate((b"a", b"b", b"c")):
        before = set(files(folder))
        kept("svg", name, Drawing())
        (new,) = set(files(folder)) - before
        os.utime(new, (time.time() - 100 + place, time.time() - 100 + place))
    first = Drawing()
    kept("svg", b"a", first)  # used again, so that b is the one longest unused
    kept("svg", b"d", Drawing())
    again = {name: Drawing() for name in (b"a", b"c", b"d")}
    for name, draw in again.items():
        kept("svg", name, draw)
    assert first.times == 0 and len(files(folder)) == 3
    assert not any(draw.times for draw in again.values())


def test_what_nobody_used_for_long_leaves(folder: Path) -> None:
    kept("svg", b"a", Drawing())
    (old,) = files(folder)
    long_ago = time.time() - (DAYS + 1) * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    kept("svg", b"b", Drawing())
    assert old not in files(folder) and len(files(folder)) == 1


def test_other_files_of_the_folder_stay(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    os.utime(folder / "notes.txt", (0, 0))
    kept("svg", b"a", Drawing())
    assert (folder / "notes.txt").exists()


def test_nothing_is_kept_where_the_user_does_not_want_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTROLTOTAL_KEEP_DRAWINGS", "no")
    kept("svg", b"a", Drawing())
    assert files(folder) == []


def test_a_user_of_the_library_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTROLTOTAL_CACHE", str(tmp_path / "cache"))
    kept("svg", b"a", Drawing())
    assert not (tmp_path / "cache").exists()


def test_a_chart_taken_from_the_folder_is_the_chart_drawn(folder: Path) -> None:
    drawings = []
    for _ in range(2):
        _svg.cache_clear()
        svg = drawn(CHART)
        drawings.append((svg, picture(svg)))
    assert drawings[0] == drawings[1] and len(files(folder)) == 2
    assert drawings[0][1].startswith(b"\x89PNG")


def test_a_paper_of_the_command_line_is_equal_with_and_without_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONTROLTOTAL_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    pages = []
    for name in ("first.html", "second.html"):
        _svg.cache_clear()
        book = str(ROOT / "examples" / "lancashire-south-cumbria-2021")
        monkeypatch.setattr(sys, "argv", ["controltotal", "report", book, "--output", name])
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 0, capsys.readouterr().err
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1] and files(tmp_path / "cache" / "drawings")

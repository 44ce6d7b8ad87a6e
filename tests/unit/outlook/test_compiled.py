"""Where compiled code is kept: beside the source, in the user's own folder, or nowhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from controltotal.outlook.compiled import compiled, user_cache


@pytest.mark.parametrize(
    ("set_", "folder"),
    [
        ({"CONTROLTOTAL_CACHE": "/own", "XDG_CACHE_HOME": "/xdg"}, "/own/compiled"),
        ({"XDG_CACHE_HOME": "/xdg", "LOCALAPPDATA": "/app"}, "/xdg/controltotal/compiled"),
        ({"LOCALAPPDATA": "/app"}, "/app/controltotal/compiled"),
        ({}, "/her/one/.cache/controltotal/compiled"),
    ],
)
def test_the_users_folder_is_as_asked_else_as_the_system_has_it(
    set_: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONTROLTOTAL_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Path, "home", lambda: Path("/her/one"))
    assert user_cache() == Path(folder)


@pytest.mark.parametrize(
    ("writable", "asked", "moved"),
    [(True, "", False), (False, "", True), (False, "/given", False), (True, "/given", False)],
)
def test_code_is_kept_for_the_user_where_the_source_cannot_be_written(
    writable: bool, asked: str, moved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nobody has said where else."""
    import numba

    options: list[dict[str, object]] = []

    def njit(**more: object) -> Callable[[object], object]:
        options.append(more)
        return lambda function: function

    monkeypatch.setattr(numba, "njit", njit)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "as before")
    monkeypatch.setattr(os, "access", lambda path, mode: writable and mode == os.W_OK)
    monkeypatch.setenv("NUMBA_CACHE_DIR", asked)
    monkeypatch.setenv("CONTROLTOTAL_CACHE", "/own")
    assert compiled(len) is len
    assert (str(Path("/own/compiled")) if moved else "as before") == numba.config.CACHE_DIR
    assert options == [{"nogil": True, "error_model": "numpy", "cache": True}]


def test_where_nothing_can_be_written_it_is_compiled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    options: list[dict[str, object]] = []

    def njit(**more: object) -> Callable[[object], object]:
        options.append(more)
        if more.get("cache"):
            raise OSError("no place")
        return lambda function: function

    monkeypatch.setattr(numba, "njit", njit)
    assert compiled(len) is len
    assert options[1:] == [{"nogil": True, "error_model": "numpy"}]

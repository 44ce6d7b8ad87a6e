"""The face of the package: every command is a function of the same name and options, and it helps."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import controltotal
from controltotal.app.cli import app
from controltotal.core.errors import BookError

ROOT = Path(__file__).parents[3]
BOOK = ROOT / "examples" / "fictional-system"
SHOWN = {
    "json",
    "output",
    "overwrite",
    "every",
    "version",
    "help",
    "detail",
    "unit",
    "sort",
    "basis",
}
"""Options of the screen: how an answer is shown, not what is asked."""

PYTHON_ONLY = {"progress", "tell", "distribution", "gap", "fairness", "within"}
"""Parameters that may stand in Python alone: a callback, an answer, and what only a program asks for."""


def spelled(option: str) -> str:
    """The parameter that an option is: `--from` is `from_`, `--as-at` is `as_at`."""
    name = option.lstrip("-").replace("-", "_")
    return f"{name}_" if name in ("from", "import", "for", "as") else name


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that asks something, `scheme list` among them."""
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        if inner is None:
            found = {name: command}
        else:
            found = {f"{name} {one}": own for one, own in inner.items()}
        yield from found.items()


def function(name: str) -> Any:
    """The function that a command is in Python: groups are modules."""
    group, _, one = name.rpartition(" ")
    holder = getattr(controltotal, group) if group else controltotal
    return getattr(holder, f"{one}_" if one in ("import", "pass", "list") else one)


def options_of(command: Any) -> set[str]:
    """What may be given to a command, as Python spells it, but for how the answer is shown."""
    return {
        spelled(max(one.opts, key=len)) if one.param_type_name == "option" else one.name
        for one in command.params
        if one.name not in SHOWN
    }


@pytest.mark.parametrize(("name", "command"), commands(), ids=[name for name, _ in commands()])
def test_a_command_is_a_function_with_the_same_options(name: str, command: Any) -> None:
    parameters = set(inspect.signature(function(name)).parameters)
    asked = options_of(command)
    if name in ("report", "demo"):
        asked |= {"output", "overwrite"}
    if name == "convert":
        asked.add("overwrite")
    assert asked <= parameters, sorted(asked - parameters)


@pytest.mark.parametrize("name", [n for n, _ in commands()])
def test_a_function_takes_nothing_that_its_command_does_not(name: str) -> None:
    command = dict(commands())[name]
    more = (
        set(inspect.signature(function(name)).parameters)
        - options_of(command)
        - {"output", "overwrite"}
    )
    assert more <= PYTHON_ONLY, sorted(more)


@pytest.mark.parametrize("name", controltotal.VERBS)
def test_a_verb_says_what_it_answers_and_its_signature_is_real(name: str) -> None:
    verb = getattr(controltotal, name)
    text = inspect.getdoc(verb) or ""
    assert verb.__name__ == name and len(text.splitlines()) > 2
    assert "*given" not in str(inspect.signature(verb))
    unsaid = [
        one
        for one in inspect.signature(verb).parameters
        if one not in ("book", "as_at", "organisation", "year") and f"`{one}" not in text
    ]
    assert unsaid == [], f"{name} does not say what {unsaid} are"


def test_only_what_exists_is_promised() -> None:
    for name in controltotal.__all__:
        assert getattr(controltotal, name) is not None
    assert "publish" not in controltotal.VERBS
    with pytest.raises(AttributeError, match="nothing named 'publish'"):
        controltotal.publish  # type: ignore[attr-defined]  # noqa: B018


def test_an_option_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError, match="yaer"):
        controltotal.position(BOOK, yaer="2026/27")  # type: ignore[call-arg]


def test_position_loads_no_arrays_and_no_solver() -> None:
    program = (
        "import sys, controltotal\n"
        f"controltotal.position({str(ROOT / 'examples' / 'nene-2013')!r})\n"
        "print([m for m in ('polars', 'numpy', 'highspy', 'numba', 'altair') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


# -- types -------------------------------------------------------------------------------------------


def test_a_users_script_is_understood_by_mypy(tmp_path: Path) -> None:
    script = ROOT / "tests" / "data" / "user_script.py"
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file", "/dev/null"),
            *("--follow-imports", "silent", "--cache-dir", str(tmp_path), str(script)),
        ],
        env={"MYPYPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(script.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert {"read", "position", "share", "risk", "explain"} <= called


def test_codes_of_payers_are_text_with_commas_or_a_list_and_never_read_as_a_year():
    book = controltotal.read(ROOT / "examples/east-of-england-2019")
    as_text = controltotal.share(book, "£25m", from_="QMM", to="QUE", policy="equal_call")
    as_list = controltotal.share(book, "£25m", from_=["QMM"], to="QUE", policy="equal_call")
    assert as_text.value("share/QMM/2019-20/plan/equal_call") == 25_000_000_00
    assert as_text.figures == as_list.figures


@pytest.mark.parametrize(
    ("verb", "options", "told"),
    [
        ("position", {"year": 2026}, "--year reads 2026 (the command): give a year such as"),
        ("position", {"organisation": 5}, "--organisation reads 5 (the command): give text"),
        ("position", {"strict": "x"}, "--strict reads 'x' (the command): give True or False"),
        ("trajectory", {"years": 1.5}, "--years reads 1.5 (the command): give a whole number"),
        ("trajectory", {"years": 0}, "--years reads 0 (the command): give a number from 1 to 30"),
        ("trajectory", {"from_": "soon"}, "--from reads 'soon' (the command): give a year"),
        ("portfolio", {"years": 1000}, "--years reads 1000 (the command): give a number from 1"),
        ("risk", {"draws": "many"}, "--draws reads 'many' (the command): give a whole number"),
        ("risk", {"draws": 0}, "--draws reads 0 (the command): give a number from 1 to"),
        ("risk", {"distribution": "bell"}, "--distribution reads 'bell' (the command): give one"),
        ("share", {"policy": []}, "--policy reads [] (the command): give text"),
        ("explain", {"figure": 5}, "--figure reads 5 (the command): give text"),
    ],
)
def test_an_option_of_another_kind_is_refused_in_one_line(verb: str, options: Any, told: str):
    with pytest.raises(BookError) as refusal:
        getattr(controltotal, verb)(controltotal.read(BOOK), **options)
    assert str(refusal.value).startswith(told)

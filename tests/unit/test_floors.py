"""The house has floors: imports point down, and rooms on one floor do not know each other.

The table below is the plan of the package. `verbs.py` introduces the rooms to each other;
`publish` may import only `core`, so that it can show figures and never recompute them. Imports
inside functions count, and so do relative ones and those made by name at run time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "controltotal"
SOURCE = Path(__file__).parents[2] / "src" / PACKAGE

FLOORS = {
    "core": 0,
    "data": 0,
    "ledger": 1,
    "book": 2,
    "sources": 3,
    "programme": 4,
    "workings": 5,
    "accounts": 6,
    "rules": 6,
    "savings": 6,
    "outlook": 6,
    "sharing": 6,
    "governance": 6,
    "papers": 6,
    "verbs": 7,
    "acts": 7,
    "app": 8,
    "__init__": 9,  # the face of the package: it offers the verbs by name
}
ONLY = {"papers": {"core"}}  # a stricter rule than its floor
FACE = "__init__"


def imported(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every import in a module of `package`, as (line, dotted parts), relative ones resolved."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield node.lineno, tuple(alias.name.split("."))
            case ast.ImportFrom(module=module, names=names, level=level):
                base = package[: len(package) - level + 1] if level else ()
                stem = base + (tuple(module.split(".")) if module else ())
                for alias in names:
                    yield node.lineno, (*stem, alias.name)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__")
                | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                stem = package if name.startswith(".") else ()
                yield node.lineno, (*stem, *name.lstrip(".").split("."))


def breaches(source: Path) -> list[str]:
    """Each import that points up, sideways, or out of what a room may know."""
    found = []
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        room = parts[0]
        where = f"{path.relative_to(source.parent)}"
        if room not in FLOORS:
            found.append(f"{where}: the room {room} is not on the plan")
            continue
        package = (PACKAGE, *parts[:-1])
        for line, name in imported(ast.parse(path.read_text("utf-8")), package):
            if name[0] != PACKAGE:
                continue
            target = name[1] if len(name) > 1 else FACE
            if target == room or target.startswith("__version"):
                continue
            problem = judge(room, target)
            if problem:
                found.append(f"{where}:{line}: {problem}")
    return found


def judge(room: str, target: str) -> str:
    """Why `room` may not import `target`, or nothing.

    A name that is no room belongs to the face of the package, the top floor.
    """
    if target not in FLOORS:
        target = FACE
    if room in ONLY and target not in ONLY[room]:
        return f"{room} may import only {', '.join(sorted(ONLY[room]))}, not {target}"
    if FLOORS[target] == FLOORS[room] and FLOORS[room] > 0:
        return f"{room} and {target} share floor {FLOORS[room]} and may not know each other"
    if FLOORS[target] > FLOORS[room]:
        return f"{room} (floor {FLOORS[room]}) imports up from {target} (floor {FLOORS[target]})"
    return ""


def test_imports_point_down() -> None:
    assert list(SOURCE.rglob("*.py")), "the package was not found"
    assert breaches(SOURCE) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("core/money.py", "from controltotal.book import fold"),
        ("core/money.py", "def late():\n    import controltotal.verbs"),
        ("sharing/policy.py", "from ..savings import portfolio"),
        ("sharing/policy.py", "from .. import savings"),
        ("book/fold.py", "from controltotal import sources"),
        ("book/fold.py", "from controltotal import share"),
        ("papers/pack.py", "from controltotal.book.tree import Tree"),
        (
            "papers/pack.py",
            "from importlib import import_module\nimport_module('controltotal.rules.x')",
        ),
        ("verbs.py", "from controltotal.acts import agree"),
        ("rules/taper.py", "if TYPE_CHECKING:\n    from controltotal.verbs import share"),
        ("cupboard/odd.py", "x = 1"),
    ],
)
def test_a_planted_breach_is_found(tmp_path: Path, path: str, text: str) -> None:
    module = tmp_path / PACKAGE / path
    module.parent.mkdir(parents=True)
    module.write_text(text, "utf-8")
    assert len(breaches(tmp_path / PACKAGE)) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("core/result.py", "from controltotal import __version__"),
        ("sharing/policy.py", "from ..core.money import apportion\nfrom .equity import index"),
        ("book/fold.py", "from controltotal.ledger.entries import Entry"),
        ("verbs.py", "from controltotal import sharing, savings\nimport numpy"),
        ("app/cli.py", "def run():\n    from controltotal import verbs"),
        ("papers/pack.py", "from controltotal.core.result import Result"),
    ],
)
def test_what_is_allowed_passes(tmp_path: Path, path: str, text: str) -> None:
    module = tmp_path / PACKAGE / path
    module.parent.mkdir(parents=True)
    module.write_text(text, "utf-8")
    assert breaches(tmp_path / PACKAGE) == []

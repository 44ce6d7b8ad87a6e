"""The plan of the package: its rooms and floors, its imports and the size of its functions.

Each function takes the folder of a package and gives its breaches as `file:line: what`; the tests
of `tests/unit/test_house.py` hold the package to them and plant breaches that each must find.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

PACKAGE = "controltotal"
FACE = "__init__"
FLOORS = {
    "core": 0,
    "data": 0,
    "ledger": 1,
    "book": 2,
    "sources": 3,
    "programme": 4,
    "intake": 4,
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
    "app": 9,  # the command line starts the service
    "service": 8,
    FACE: 10,  # the face of the package: it offers the verbs by name
}
ONLY = {"papers": {"core"}}  # a stricter rule than its floor
VERBS = frozenset(
    {
        "check",
        "position",
        "forecast",
        "calibrate",
        "trajectory",
        "opportunities",
        "portfolio",
        "portfolios",
        "risk",
        "schemes",
        "share",
        "decide",
        "boundaries",
        "explain",
        "compare",
        "report",
        "convert",
        "challenge",
        "history",
        "new",
        "act",
        "demo",
        "serve",
        "publish",
        "verify",
        "backup",
        "restore",
    }
)
SLOW = frozenset(
    {
        "polars",
        "numpy",
        "scipy",
        "numba",
        "highspy",
        "ibis",
        "docx",
        "duckdb",
        "pyarrow",
        "vl_convert",
        "typst",
        "xlsxwriter",
        "openpyxl",
        "python_calamine",
        "jinja2",
        "markupsafe",
        "statsforecast",
        "psycopg",
        "django",
        "waitress",
        "rich",
        "typer",
    }
)
"""Third-party packages so slow to load that a command imports them when it needs them."""
BRANCHES_MAX = 15
PARAMETERS_MAX = 8
ASKED = frozenset({"verbs", "acts", "app", FACE})
"""Rooms whose functions have a parameter for each option that the interface promises."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Module:
    """One file: its path inside the package and its tree."""

    path: str
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        """The path without its ending: `("core", "money")`."""
        return tuple(self.path.removesuffix(".py").split("/"))

    @property
    def dotted(self) -> str:
        """The name under which it is imported: `controltotal.core.money`."""
        return ".".join((PACKAGE, *(part for part in self.parts if part != FACE)))

    def at(self, node: ast.AST, what: str) -> str:
        """A breach at a place."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"

    @cached_property
    def functions(self) -> list[tuple[Function, ast.ClassDef | None]]:
        """Every function, with the class whose method it is."""
        owners = {
            id(item): node
            for node in nodes(self.tree)
            if isinstance(node, ast.ClassDef)
            for item in node.body
        }
        return [
            (node, owners.get(id(node)))
            for node in nodes(self.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]


@cache
def modules(source: Path) -> tuple[Module, ...]:
    """Every file of a package, read once."""
    return tuple(
        Module(path.relative_to(source).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in sorted(source.rglob("*.py"))
    )


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """A tree and every node below it, but for the marks of reading and writing."""
    return tuple(node for node in ast.walk(tree) if not isinstance(node, ast.expr_context))


@cache
def own_nodes(function: ast.AST) -> tuple[ast.AST, ...]:
    """The nodes of a function without those of functions and classes inside it."""
    found = list[ast.AST]()
    todo = list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        if not isinstance(node, (*Scope, ast.expr_context)):
            found.append(node)
            todo += ast.iter_child_nodes(node)
    return tuple(found)


# -- imports ---------------------------------------------------------------------------------------


def imported(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[ast.AST, tuple[str, ...]]]:
    """Every import below `tree` in a module of `package`, as dotted parts, relative ones resolved.

    Those inside functions and under `TYPE_CHECKING` count, and so do those made by name.
    """
    for node in nodes(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Call):
            continue
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield node, tuple(alias.name.split("."))
            case ast.ImportFrom(module=module, names=names, level=level):
                base = package[: len(package) - level + 1] if level else ()
                stem = base + (tuple(module.split(".")) if module else ())
                for alias in names:
                    yield node, (*stem, alias.name)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__")
                | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                stem = package if name.startswith(".") else ()
                yield node, (*stem, *name.lstrip(".").split("."))


def package_of(module: Module) -> tuple[str, ...]:
    """The package that a relative import of a module starts from."""
    return (PACKAGE, *module.parts[:-1])


def floors(source: Path) -> list[str]:
    """Each import that points up, sideways, or out of what a room may know."""
    found = []
    for module in modules(source):
        room = module.parts[0]
        if room not in FLOORS:
            found.append(module.at(module.tree, f"the room {room} is not on the plan"))
            continue
        for node, name in imported(module.tree, package_of(module)):
            if name[0] != PACKAGE:
                continue
            target = name[1] if len(name) > 1 else FACE
            if target == room or target.startswith("__version"):
                continue
            problem = judge(room, target)
            if problem:
                found.append(module.at(node, problem))
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


def circles(source: Path) -> list[str]:
    """Groups of files that import each other round and round, each as one line.

    Asking the face for its version is no circle: it needs nothing else of it.
    """
    known = {module.dotted: module for module in modules(source)}
    edges: dict[str, set[str]] = {name: set() for name in known}
    for name, module in known.items():
        for _, parts in imported(module.tree, package_of(module)):
            if parts[0] != PACKAGE or parts[-1].startswith("__version"):
                continue
            whole = ".".join(parts)
            target = whole if whole in known else ".".join(parts[:-1])
            if target in known and target != name:
                edges[name].add(target)
    reach = {name: reached(name, edges) for name in edges}
    groups = {
        tuple(sorted({name, *(other for other in reach[name] if name in reach[other])}))
        for name in edges
        if name in reach[name]
    }
    return [" <-> ".join(group) for group in sorted(groups)]


def reached(start: str, edges: dict[str, set[str]]) -> set[str]:
    """Everything that can be come to from a file by one import or more."""
    found: set[str] = set()
    todo = list(edges[start])
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += edges[name]
    return found


DOORS = (
    "verbs/__init__.py",
    "service/settings.py",  # Django is set up before what stands on it can be imported
    "service/serving.py",
    "service/worker.py",
    "service/user.py",
    "service/doctor.py",
)
"""Files that import ours when they need it."""


def late_imports(source: Path) -> list[str]:
    """Imports inside functions, but for slow third-party packages and the doors of the house."""
    found = []
    for module in modules(source):
        door = module.parts[0] in ("app", FACE) or module.path in DOORS
        for function, _ in module.functions:
            for node, name in imported(function, package_of(module)):
                if name[0] in SLOW or (door and name[0] in {PACKAGE, *sys.stdlib_module_names}):
                    continue
                found.append(module.at(node, f"{'.'.join(name)} is imported inside a function"))
    return sorted(set(found))


def rooms_named_as_verbs(source: Path) -> list[str]:
    """Rooms whose name is a verb's, so that the verb would hide the room or the room the verb."""
    rooms = {module.parts[0] for module in modules(source)}
    return sorted(f"{room}: a room bears the name of a verb" for room in rooms & VERBS)


# -- size ------------------------------------------------------------------------------------------


def branches(function: Function) -> int:
    """Ways through a function: its ifs, loops, handlers, cases, `and`s, `or`s and conditions.

    >>> branches(ast.parse("def f(x):\\n    if x and x > 1:\\n        return 1").body[0])
    2
    """
    count = 0
    for node in own_nodes(function):
        match node:
            case (
                ast.If()
                | ast.For()
                | ast.AsyncFor()
                | ast.While()
                | ast.ExceptHandler()
                | ast.IfExp()
                | ast.match_case()
            ):
                count += 1
            case ast.BoolOp(values=values):
                count += len(values) - 1
            case ast.comprehension(ifs=ifs):
                count += len(ifs)
    return count


def parameters(function: Function) -> int:
    """How much a function asks for; `self` and `cls` are not asked for.

    >>> parameters(ast.parse("def f(self, a, *, b): ...").body[0])
    2
    """
    arguments = function.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def large(source: Path) -> dict[str, str]:
    """Functions over the limits: `room/file.py name` and how much it has.

    The parameters of a verb, of its command and of an act are not counted, because it has one for
    each option that the interface promises to whoever asks; its branches are, as everywhere.
    """
    found = {}
    for module in modules(source):
        for function, _ in module.functions:
            ways, given = branches(function), parameters(function)
            what = [f"{ways} branches"] if ways > BRANCHES_MAX else []
            if given > PARAMETERS_MAX and module.parts[0] not in ASKED:
                what.append(f"{given} parameters")
            if what:
                found[f"{module.path} {function.name}"] = ", ".join(what)
    return found

"""What the tests do not see: a seeded sample of small changes to the program, one at a time.

`make mutants` makes 150 of them over the rooms that hold money, eligibility, rules, sharing,
the portfolio, the forecast and the ledger. Each is written into a copy of the tree and the tests
that reach the changed function are run, cheap and narrow ones first, until one fails. It prints the
share that was noticed, room by room, and every change that nobody noticed.

    python -m tools.mutants [--count 150] [--seed 1] [--rooms programme,workings] [--only FILE]

A change is of one kind: a comparison, a boolean, a sum, a number, a condition, a returned value
or a step is turned about. Words for people, types and memories are left alone: they change no
figure.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "controltotal"
ROOMS = (
    "core/money.py",
    "core/period.py",
    "core/calendar.py",
    "book/",
    "programme/",
    "workings/",
    "rules/",
    "sharing/",
    "savings/portfolio/",
    "savings/overlap/",
    "outlook/",
    "governance/",
    "accounts/checks/",
    "ledger/",
)
STRICT = (
    "core/money.py",
    "programme/eligibility.py",
    "programme/judging.py",
    "programme/signing.py",
    "programme/undone.py",
    "programme/unnamed.py",
    "programme/gates.py",
    "programme/evidence.py",
    "programme/names.py",
    "programme/conditions.py",
    "programme/doubts.py",
    "programme/outcomes.py",
    "programme/scores.py",
    "programme/screening.py",
    "programme/duties.py",
    "programme/engagement.py",
    "programme/quality.py",
    "workings/harm.py",
)
"""Where every change must be noticed: money, eligibility, harm and gates."""
COMPILED = ("outlook/kernel.py", "outlook/numbers.py", "outlook/streams.py", "outlook/compiled.py")
"""Compiled functions run outside the interpreter, so that nothing tells which test reaches them."""
SLOW = ("tests/pages/", "tests/docs/")
"""Tests that wait for a browser or run the commands of the manual: hours, for 150 changes."""
TURNED: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
SWAPPED = {"min": "max", "max": "min", "all": "any", "any": "all"}
SPOKEN = frozenset({"Finding", "Sentence", "Reason", "CellFault", "BookError", "ValueError"})
"""Calls whose words are for people."""


@dataclass(frozen=True)
class Change:
    """One change: the file, the function, the line, what it was and what it became."""

    file: str
    function: str
    line: int
    before: str
    after: str
    text: str

    @property
    def strict(self) -> bool:
        """Whether nobody may miss it."""
        return self.file in STRICT


class Finder(ast.NodeVisitor):
    """Every place of a module where a change makes sense, with the function around it."""

    def __init__(self) -> None:
        self.function: list[str] = []
        self.places: list[tuple[ast.AST, str, object, str]] = []

    def _add(self, node: ast.AST, field: str, value: object) -> None:
        self.places.append((node, field, value, ".".join(self.function)))

    def _within(self, node: ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) -> None:
        inside = isinstance(node, ast.ClassDef)
        self.function += [node.name] if inside else [node.name, "<locals>"]
        for statement in node.body:
            self.visit(statement)
        if not inside:
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if default is not None:
                    self.visit(default)
            self.function.pop()
        self.function.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _within

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """A type says nothing of a figure; the value may."""
        if node.value is not None:
            self.visit(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        """What an error says is for people; that it is raised is not."""
        self._add(node, "step", None)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Words for people."""

    def visit_Compare(self, node: ast.Compare) -> None:
        """The first comparison of a chain."""
        self._add(node, "ops", type(node.ops[0]))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """and, or."""
        self._add(node, "op", type(node.op))
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Sums; not the joining of words."""
        words = any(
            isinstance(side, ast.JoinedStr)
            or (isinstance(side, ast.Constant) and isinstance(side.value, str))
            for side in (node.left, node.right)
        )
        if type(node.op) in TURNED and not words:
            self._add(node, "op", type(node.op))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """A minus or a `not` goes."""
        if isinstance(node.op, ast.USub | ast.Not):
            self._add(node, "operand", None)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A number one more; yes for no."""
        if isinstance(node.value, bool):
            self._add(node, "value", not node.value)
        elif isinstance(node.value, int):
            self._add(node, "value", node.value + 1)

    def visit_If(self, node: ast.If) -> None:
        """A condition turned about."""
        self._add(node, "test", None)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """A condition turned about."""
        self._add(node, "test", None)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """A condition of a list left out."""
        if node.ifs:
            self._add(node, "ifs", None)
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        """Nothing is returned."""
        nothing = node.value is None or (
            isinstance(node.value, ast.Constant) and node.value.value in (None, "")
        )
        if not nothing:
            self._add(node, "returned", None)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """What is added is taken away."""
        if type(node.op) in TURNED:
            self._add(node, "op", type(node.op))
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        """A step left out (not a word of explanation)."""
        if isinstance(node.value, ast.Constant):
            return
        self._add(node, "step", None)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """min for max; of what is said to people only what decides."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in SWAPPED:
            self._add(node, "name", SWAPPED[name])
        if name not in SPOKEN:
            self.generic_visit(node)


def _turn(node: ast.AST, field: str, value: object) -> ast.AST:
    """The node changed (in its copied tree), or what stands in its place."""
    if field == "ops":
        node.ops[0] = TURNED[value]()  # type: ignore[attr-defined,index]
    elif field == "op":
        node.op = TURNED[value]()  # type: ignore[attr-defined,index]
    elif field == "operand":
        return node.operand  # type: ignore[attr-defined,no-any-return]
    elif field == "test":
        node.test = ast.UnaryOp(ast.Not(), node.test)  # type: ignore[attr-defined]
    elif field == "ifs":
        node.ifs = node.ifs[1:]  # type: ignore[attr-defined]
    elif field == "returned":
        node.value = ast.Constant(None)  # type: ignore[attr-defined]
    elif field == "name":
        node.func.id = value  # type: ignore[attr-defined]
    elif field == "value":
        node.value = value  # type: ignore[attr-defined]
    else:
        return ast.Pass()
    return node


class _Replace(ast.NodeTransformer):
    """Puts the changed node in its place."""

    def __init__(self, place: ast.AST, field: str, value: object) -> None:
        self.place, self.field, self.value = place, field, value

    def visit(self, node: ast.AST) -> ast.AST:
        """Only the one place is turned."""
        if node is self.place:
            return ast.copy_location(_turn(node, self.field, self.value), node)
        return self.generic_visit(node)


def places(file: Path) -> int:
    """How many changes one file allows."""
    finder = Finder()
    finder.visit(ast.parse(file.read_text(encoding="utf-8")))
    return len(finder.places)


def change_at(file: Path, number: int) -> Change:
    """One change of a file, by its number."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    finder = Finder()
    finder.visit(tree)
    node, field, value, function = finder.places[number]
    before = ast.unparse(node.test if isinstance(node, ast.If) else node)
    line = getattr(node, "lineno", 0) or getattr(getattr(node, "target", None), "lineno", 0)
    shown = _shown(copy.deepcopy(node), field, value)
    after = ast.unparse(ast.fix_missing_locations(shown))
    changed = ast.fix_missing_locations(_Replace(node, field, value).visit(tree))
    return Change(
        file.relative_to(SOURCE).as_posix(),
        function.removesuffix(".<locals>"),
        line,
        before.splitlines()[0][:100],
        after.splitlines()[0][:100],
        ast.unparse(changed) + "\n",
    )


def _shown(node: ast.AST, field: str, value: object) -> ast.AST:
    turned = _turn(node, field, value)
    return turned.test if isinstance(turned, ast.If) else turned


@dataclass(frozen=True)
class Reached:
    """Which tests reach a function, how long each test takes and how many functions it reaches."""

    seconds: dict[str, float]
    breadth: dict[str, int]
    tests: dict[str, set[str]]
    files: dict[str, set[str]]

    def of(self, change: Change) -> list[str]:
        """The tests of a change, of its function or else of its file: those about it come first.

        A test is about a file whose name or room stands in its own; of the others one that reaches
        few functions is about them, and one that reaches a thousand runs a verb.
        """
        about = {Path(change.file).stem, Path(change.file).parent.name}
        found = set(self.tests.get(f"{change.file}:{change.function}", ()))
        if len(found) < 3 or not change.function:
            found |= self.files.get(change.file, set())
        if change.file in COMPILED:
            found |= {test for test in self.seconds if "kernel" in test or "outlook" in test}

        def cost(test: str) -> tuple[float, str]:
            named = sum(word in test.lower() for word in about)
            return (self.seconds[test] + self.breadth[test] / 500) / 10**named, test

        return sorted(found, key=cost)


def read_reach(stem: str) -> Reached:
    """What the plugin `tools.reach` has written."""
    seconds: dict[str, float] = {}
    breadth: dict[str, int] = {}
    tests: dict[str, set[str]] = {}
    files: dict[str, set[str]] = {}
    folder = Path(stem).parent
    for part in sorted(folder.glob(f"{Path(stem).name}.*")):
        for line in part.read_text(encoding="utf-8").splitlines():
            test, took, functions = json.loads(line)
            if test.startswith(SLOW):
                continue
            seconds[test] = took
            breadth[test] = len(functions)
            for function in functions:
                tests.setdefault(function, set()).add(test)
                files.setdefault(function.split(":")[0], set()).add(test)
    return Reached(seconds, breadth, tests, files)


def listen(stem: str, workers: int) -> None:
    """Run every quick test once and note which functions it reaches."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "--dist", "loadfile"]
    command += ["-p", "tools.reach", "--reach", stem, "-p", "no:cacheprovider"]
    subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)


def copy_tree(target: Path) -> None:
    """The parts of the tree that tests ask for."""
    left = shutil.ignore_patterns(
        ".git", ".venv", "__pycache__", "site", "out", ".*_cache", "node_modules"
    )
    shutil.copytree(ROOT, target, ignore=left, symlinks=True)


def noticed(change: Change, tree: Path, reached: Reached, budget: float) -> str:
    """The test that noticed a change; empty where none of those that reach it did."""
    file = tree / "src" / "controltotal" / change.file
    whole = file.read_text(encoding="utf-8")
    tests, spent, chosen = reached.of(change), 0.0, []
    for test in tests:
        spent += reached.seconds[test]
        if spent > budget and chosen:
            break
        chosen.append(test)
    if not chosen:
        return ""
    asked = tree / "asked.txt"
    asked.write_text("\n".join(chosen), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree}"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "NUMBA_CACHE_DIR": str(tree / "numba")}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    command += ["--timeout", "120", "-p", "no:randomly", f"@{asked}"]
    try:
        file.write_text(change.text, encoding="utf-8")
        run = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, text=True, timeout=1800
        )
    except subprocess.TimeoutExpired:
        return "it never ended"
    finally:
        file.write_text(whole, encoding="utf-8")
    if run.returncode == 0:
        return ""
    said = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return said[0][:160] if said else f"pytest ended with {run.returncode}"


def sample(count: int, seed: int, rooms: tuple[str, ...], only: str) -> list[Change]:
    """A seeded choice of changes, spread over the places of the rooms asked for."""
    files = [
        file
        for file in sorted(SOURCE.rglob("*.py"))
        if (name := file.relative_to(SOURCE).as_posix()).startswith(rooms)
        and name != "book/records.py"
        and (not only or only in name)
    ]
    everything = [(file, number) for file in files for number in range(places(file))]
    chosen = random.Random(seed).sample(everything, min(count, len(everything)))
    return [change_at(file, number) for file, number in sorted(chosen)]


def report(found: list[tuple[Change, str]]) -> str:
    """The share noticed, by room, and every change that nobody noticed."""
    rooms: dict[str, list[bool]] = {}
    for change, by in found:
        rooms.setdefault(change.file.split("/")[0], []).append(bool(by))
        if change.strict:
            rooms.setdefault("money, eligibility, harm and gates", []).append(bool(by))
    lines = [
        f"{name}: {sum(seen)} of {len(seen)} noticed ({sum(seen) / len(seen):.0%})"
        for name, seen in sorted(rooms.items())
    ]
    seen = sum(bool(by) for _, by in found)
    lines.append(f"all: {seen} of {len(found)} noticed ({seen / max(len(found), 1):.0%})")
    for change, by in found:
        if not by:
            where = f"src/controltotal/{change.file}:{change.line} in {change.function or 'module'}"
            lines += [f"\nnobody noticed: {where}", f"  - {change.before}", f"  + {change.after}"]
    return "\n".join(lines)


def main() -> int:
    """The command."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--count", type=int, default=150)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--rooms", default="", help="beginnings of paths, separated by commas")
    asked.add_argument("--only", default="", help="a part of a path")
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--budget", type=float, default=240, help="seconds of tests for one change")
    asked.add_argument("--reach", default="", help="where which test reaches what is kept")
    options = asked.parse_args()
    rooms = tuple(options.rooms.split(",")) if options.rooms else ROOMS
    with tempfile.TemporaryDirectory() as folder:
        stem = options.reach or str(Path(folder) / "reach")
        if not list(Path(stem).parent.glob(f"{Path(stem).name}.*")):
            print("Noting which test reaches which function (one run of all tests)", flush=True)
            listen(stem, options.workers)
        reached = read_reach(stem)
        trees = [Path(folder) / f"tree{number}" for number in range(options.workers)]
        for tree in trees:
            copy_tree(tree)
        chosen = sample(options.count, options.seed, rooms, options.only)
        free = list(trees)

        def judge(change: Change) -> tuple[Change, str]:
            tree = free.pop()
            try:
                by = noticed(change, tree, reached, options.budget)
            finally:
                free.append(tree)
            print(
                "." if by else f"\n  not noticed: {change.file}:{change.line}", end="", flush=True
            )
            return change, by

        with ThreadPoolExecutor(options.workers) as pool:
            found = list(pool.map(judge, chosen))
    print("\n" + report(found))
    share = sum(bool(by) for _, by in found) / max(len(found), 1)
    strict = all(by for change, by in found if change.strict)
    return 0 if share >= 0.95 and strict else 1


if __name__ == "__main__":
    sys.exit(main())

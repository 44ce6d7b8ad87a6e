"""What the code of the package may not do: safety, records, frozen objects and caches.

As in `tests/house_plan.py`, each function takes the folder of a package and gives its breaches.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from scripts.make_records import NAMES
from tests.house_plan import Function, Module, modules, nodes, own_nodes

SAFETY_ROOMS = ("programme/", "workings/", "savings/portfolio/", "papers/", "acts/")
SAFETY_WORDS = re.compile(r"(?<![a-z])(eligible|gate|passed|counted|chosen|unsafe)", re.I)
NOUNS = {"Position", "Workings", "Totals", "Reading"}
"""What is made once for one reading of a book, and so may not outlive it in a module."""


def safety_by_assert(source: Path) -> list[str]:
    """Asserts that hold a scheme back: `python -O` takes them away."""
    return [
        module.at(node, f"safety by assert: {ast.unparse(node)[:60]}")
        for module in modules(source)
        if module.path.startswith(SAFETY_ROOMS)
        for function, _ in module.functions
        for node in own_nodes(function)
        if isinstance(node, ast.Assert) and SAFETY_WORDS.search(ast.unparse(node))
    ]


def records_by_text(source: Path) -> list[str]:
    """Cells of a record asked for by text outside `book/`, where a field would be checked.

    A record is what a parameter or a variable is said to be, or what runs over `.rows(…)` or a
    table of `.book`. A record that could be read by text at all is a breach in `book/` too.
    """
    types = {*NAMES.values(), "Record"}
    found = []
    for module in modules(source):
        if module.path in ("book/record.py", "book/records.py"):
            found += [
                module.at(node, f"{owner.name} can be read by text ({node.name})")
                for node, owner in module.functions
                if owner is not None and node.name in ("__getitem__", "get", "__getattr__")
            ]
        if module.parts[0] == "book":
            continue
        for function, _ in module.functions:
            names = records_in(function, types)
            found += [module.at(n, ast.unparse(n)) for n in text_look_ups(function, names)]
    return sorted(set(found))


def records_in(function: Function, types: set[str]) -> set[str]:
    """The names of a function that hold a record."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    names = {a.arg for a in every if a.annotation and ast.unparse(a.annotation) in types}
    for node in nodes(function):
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind):
                if ast.unparse(kind) in types:
                    names.add(name)
            case (
                ast.For(target=ast.Name(id=name), iter=rows)
                | ast.comprehension(target=ast.Name(id=name), iter=rows)
            ):
                if is_table(rows):
                    names.add(name)
    return names


def is_table(node: ast.AST) -> bool:
    """Whether an expression is a table of a book: `position.rows("…")` or `….book.schemes`."""
    match node:
        case ast.Call(func=ast.Attribute(attr="rows")):
            return True
        case ast.Attribute(value=ast.Attribute(attr="book")):
            return True
        case ast.Attribute(value=ast.Name(id="book")):
            return True
    return False


def text_look_ups(function: Function, records: set[str]) -> Iterator[ast.AST]:
    """Each look-up by literal text: `row["…"]`, `row.get("…")`, `getattr(row, "…")`, `.cell("…")`."""
    for node in nodes(function):
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str())):
                if name in records:
                    yield node
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="get"),
                    args=[ast.Constant(value=str()), *_],
                )
                | ast.Call(
                    func=ast.Name(id="getattr"),
                    args=[ast.Name(id=name), ast.Constant(value=str()), *_],
                )
            ):
                if name in records:
                    yield node
            case ast.Call(func=ast.Attribute(attr="cell"), args=[ast.Constant(value=str()), *_]):
                yield node


def frozen_writes(source: Path) -> list[str]:
    """Writes past a frozen object's lock, but where its own class or maker fills it first."""
    found = []
    for module in modules(source):
        classes = {node.name for node in nodes(module.tree) if isinstance(node, ast.ClassDef)}
        for node in nodes(module.tree):
            if writes_dict(node):
                found.append(module.at(node, "a write into __dict__"))
        allowed = set[int]()
        for function, owner in module.functions:
            made = new_objects(function, classes, owner)
            if owner is not None and function.name in ("__init__", "__post_init__", "__setstate__"):
                made.add("self")
            for node in own_nodes(function):
                if sets_attribute(node) and ast.unparse(node.args[0]) in made:  # type: ignore[attr-defined]
                    allowed.add(id(node))
        found += [
            module.at(node, "object.__setattr__ on an object that is not being made")
            for node in nodes(module.tree)
            if sets_attribute(node) and id(node) not in allowed
        ]
    return found


def sets_attribute(node: ast.AST) -> bool:
    """Whether a node is `object.__setattr__(…)` (or `super().__setattr__`)."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "__setattr__"
        and bool(node.args)
    )


def writes_dict(node: ast.AST) -> bool:
    """Whether a node writes into `….__dict__` or `vars(…)`."""
    match node:
        case ast.Subscript(value=held, ctx=ast.Store() | ast.Del()):
            return is_dict(held)
        case ast.Call(func=ast.Attribute(value=held, attr="update" | "setdefault" | "pop")):
            return is_dict(held)
    return False


def is_dict(node: ast.AST) -> bool:
    """Whether an expression is the dictionary of an object."""
    match node:
        case ast.Attribute(attr="__dict__"):
            return True
        case ast.Call(func=ast.Name(id="vars"), args=[_]):
            return True
    return False


def new_objects(function: Function, classes: set[str], owner: ast.ClassDef | None) -> set[str]:
    """Names of a function that hold an object it has just made, of a class of its own module."""
    found = set[str]()
    makers = classes | ({"cls"} if owner is not None else set())
    for node in own_nodes(function):
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(attr="__new__"), args=[ast.Name(id=kind), *_]),
            ):
                if kind in makers:
                    found.add(name)
    return found


def caches(source: Path) -> list[str]:
    """Caches that outlive the position they speak of: in a module, or around a method."""
    found = []
    for module in modules(source):
        for node in nodes(module.tree):
            if isinstance(node, ast.Name | ast.Attribute) and "WeakKeyDictionary" in (
                getattr(node, "id", ""),
                getattr(node, "attr", ""),
            ):
                found.append(module.at(node, "a WeakKeyDictionary"))
            if isinstance(node, ast.Call) and is_cache(node.func) and on_self(node):
                found.append(module.at(node, "a cache around a method of self"))
        for function, owner in module.functions:
            if any(is_cache(one) for one in function.decorator_list) and (
                nouns_of(function) or is_method(function, owner)
            ):
                found.append(module.at(function, f"{function.name} keeps what it was given"))
        found += kept_in_module(module)
    return sorted(set(found))


def is_cache(node: ast.AST) -> bool:
    """Whether an expression is `cache`, `lru_cache` or a call of it."""
    if isinstance(node, ast.Call):
        return is_cache(node.func)
    name = getattr(node, "id", None) or getattr(node, "attr", None)
    return name in ("cache", "lru_cache")


def on_self(call: ast.Call) -> bool:
    """Whether a call takes a method of self, as `lru_cache(maxsize=None)(self._plan)` does."""
    return any(
        isinstance(one, ast.Attribute) and ast.unparse(one.value) in ("self", "cls")
        for one in call.args
    )


def is_method(function: Function, owner: ast.ClassDef | None) -> bool:
    """Whether a function is a method of objects."""
    return owner is not None and bool(function.args.args) and function.args.args[0].arg == "self"


def nouns_of(function: Function) -> set[str]:
    """The parameters of a function that are a reading of a book or made of one."""
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return {a.arg for a in every if a.annotation is not None and speaks_of_noun(a.annotation)}


def speaks_of_noun(annotation: ast.AST) -> bool:
    """Whether an annotation names a Position or what is made of one."""
    return bool(NOUNS & set(re.findall(r"\w+", ast.unparse(annotation))))


def kept_in_module(module: Module) -> Iterator[str]:
    """Dictionaries and lists of a module that hold positions, said so or filled by them."""
    held = dict[str, ast.AST]()
    for node in module.tree.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind):
                if speaks_of_noun(kind) and "Callable" not in ast.unparse(kind):
                    yield module.at(node, f"{name} keeps positions in a module")
                held[name] = node
            case ast.Assign(targets=[ast.Name(id=name)]):
                held[name] = node
    for function, _ in module.functions:
        nouns = nouns_of(function)
        for node in own_nodes(function):
            match node:
                case ast.Subscript(value=ast.Name(id=name), slice=key, ctx=ast.Store()):
                    parts = {getattr(part, "id", "") for part in ast.walk(key)}
                    if name in held and parts & nouns:
                        yield module.at(node, f"{name} keeps positions in a module")

"""The mapping of a form: how files of it are read, kept beside the book as a page that a person reads.

It stands in `BOOK.mappings/`, one small TOML file a form, and is chosen by the shape of the headings.
What a person answered stands in `[set]`, `[headings]`, `[lines]`, `[bodies]`, `[totals]` and `[schemes]`;
what the last import found stands in `[found]`, so that a change is seen.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from controltotal.core.errors import BookError
from controltotal.core.files import ledger_file, write_file
from controltotal.core.vocabulary import folded
from controltotal.intake.model import Asked, Read
from controltotal.intake.versions import OF_MONTHS, moved_on
from controltotal.sources.books import is_ledger

ANSWERS: Final = ("headings", "lines", "bodies", "totals", "schemes")
"""Sections of answers about a text of the file."""
KEPT: Final = (
    "organisation",
    "year",
    "basis",
    "unit",
    "costs",
    "months",
    "sheets",
    "struck",
    "kind",
)
"""Options that hold for the next file of the form too; a month is of one file alone."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The headings of one table of a form, as they stay from month to month, and what it is of."""

    table: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A mapping: the shapes of its tables, the answers given for it, and what was found last.

    `set` holds options of the command by name; `answers` the sections of `ANSWERS`. `found` holds what
    was settled (`unit`, `basis`, `costs`), `bodies` and `totals` those of the last import.
    """

    name: str
    shapes: tuple[Shape, ...]
    set: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    bodies: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    imported_on: str = ""
    values_only: bool = False

    def answered(self, section: str) -> Mapping[str, str]:
        """The answers of a section by folded text."""
        return {folded(text): value for text, value in self.answers.get(section, {}).items()}


def mappings_of(book: str) -> Path:
    """The folder of a book's mappings: beside its folder or file; of a database in the folder of work.

    >>> mappings_of("plans/east").as_posix(), mappings_of("sqlite:///plans/east.ledger").as_posix()
    ('plans/east.mappings', 'plans/east.ledger.mappings')
    >>> mappings_of("postgresql://host/east?sslmode=require").as_posix()
    'east.mappings'
    """
    if book.startswith(("postgres:", "postgresql:")):
        name = book.partition("?")[0].rstrip("/").rpartition("/")[2] or "book"
        return Path(f"{name}.mappings")
    place = ledger_file(book) if is_ledger(book) else Path(book)
    return place.with_name(f"{place.name}.mappings")


def forms_of(book: str) -> list[Form]:
    """Every mapping of a book, in the order of their names; a BookError names one that cannot be read."""
    return forms_in(mappings_of(book))


def forms_in(folder: Path) -> list[Form]:
    """Every mapping of a folder, in the order of their names; none where there is no folder."""
    return [read_form(path) for path in sorted(folder.glob("*.toml"))] if folder.is_dir() else []


def read_form(path: Path) -> Form:
    """A mapping from its file; a BookError where it is no TOML or says what no mapping can."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BookError(
            f"this mapping cannot be read ({error})", path.name, "mend the line, or remove the file"
        ) from error
    known = {"form", "table", "set", "found", "values_only", *ANSWERS}
    for word in said:
        if word not in known:
            raise BookError(
                f"a mapping has no part {word!r}",
                path.name,
                f"use {', '.join(sorted(known))}",
            )
    form, found = _part(said, "form", path), _part(said, "found", path)
    return Form(
        path.stem,
        tuple(
            Shape(str(one.get("as", "")), _texts(one, "headings"))
            for one in said.get("table", ())
            if isinstance(one, dict)
        ),
        {name: str(value) for name, value in _part(said, "set", path).items()},
        {
            name: {text: str(value) for text, value in _part(said, name, path).items()}
            for name in ANSWERS
            if name in said
        },
        {name: str(v) for name, v in found.items() if not isinstance(v, list)},
        _texts(found, "bodies"),
        _texts(found, "totals"),
        str(form.get("imported_on", "")),
        bool(form.get("values_only", said.get("values_only", False))),
    )


def _part(said: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    part = said.get(name, {})
    if not isinstance(part, dict):
        raise BookError(f"{name} is no table of the mapping", path.name, f"write [{name}] above it")
    return part


def _texts(part: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = part.get(name, ())
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


# -- answers ---------------------------------------------------------------------------------------


def with_form(asked: Asked, form: Form | None, reads: Iterable[Read] = ()) -> Asked:
    """What a person says of a file now, before what the mapping of its form says.

    `reads` are the tables of the file: what the mapping says of a column that has become an earlier
    month's in them holds no more.

    >>> asked = with_form(Asked(unit="£m"), Form("a", (), {"unit": "£k", "year": "2026/27"}))
    >>> asked.unit, asked.year
    ('£m', '2026/27')
    """
    if form is None:
        return asked
    by_place = {shape.table for shape in form.shapes} - OF_MONTHS
    kept = form.answered("headings")
    options = {name: getattr(asked, name) or form.set.get(name, "") for name in KEPT}
    return replace(
        asked,
        **options,
        as_=asked.as_ or form.set.get("as", ""),
        sheet=asked.sheet or form.set.get("sheet", ""),
        headings={**(moved_on(kept, reads) if by_place else kept), **asked.headings},
        lines={**form.answered("lines"), **asked.lines},
        bodies={**form.answered("bodies"), **asked.bodies},
        totals={**form.answered("totals"), **asked.totals},
    )


# -- writing ---------------------------------------------------------------------------------------

TOP: Final = """\
# How controltotal reads files of this form. It is chosen by the headings, not by the name of a file,
# and used again for the next one. You may change what stands in [set], [headings], [lines], [bodies],
# [totals] and [schemes]; [form], [[table]] and [found] say what the last import saw.
"""
SAYS: Final[Mapping[str, str]] = {
    "set": "What you said of all of it: organisation, year, basis, unit, costs, months, sheets, struck, "
    "kind.",
    "headings": "A heading and what it is; empty leaves the column out.",
    "lines": "The name of a line and the line that it is; empty leaves the row out.",
    "bodies": "The name of a body and its code; empty leaves the row out.",
    "totals": "The label of a row: total (checked, never added), row (added) or leave.",
    "schemes": "The id of a scheme in the file and the id that it has in the book.",
    "found": "What the last import found; where the next file differs, it is asked.",
}


def form_text(form: Form) -> str:
    """A mapping as its file reads: the same text for the same mapping.

    >>> print(form_text(Form("a", (Shape("amounts", ("line", "month")),))).partition("\\n\\n")[2])
    [form]
    imported_on = ""
    values_only = false
    <BLANKLINE>
    [[table]]
    as = "amounts"
    headings = ["line", "month"]
    <BLANKLINE>
    """
    lines = [TOP, "[form]", f"imported_on = {_text(form.imported_on)}"]
    lines.append(f"values_only = {'true' if form.values_only else 'false'}")
    for shape in form.shapes:
        lines += ["", "[[table]]", f"as = {_text(shape.table)}"]
        lines.append(f"headings = {_list(shape.headings)}")
    lines += _section("set", form.set)
    for name in ANSWERS:
        lines += _section(name, form.answers.get(name, {}))
    found = _section("found", form.found)
    for name, texts in (("bodies", form.bodies), ("totals", form.totals)):
        if texts:
            found = found or ["", f"# {SAYS['found']}", "[found]"]
            found.append(f"{name} = {_list(texts)}")
    return "\n".join([*lines, *found, ""])


def _section(name: str, cells: Mapping[str, str]) -> list[str]:
    if not cells:
        return []
    rows = [f"{_key(text)} = {_text(value)}" for text, value in sorted(cells.items())]
    return ["", f"# {SAYS[name]}", f"[{name}]", *rows]


def _key(text: str) -> str:
    bare = text.replace("_", "").replace("-", "")
    return text if bare.isascii() and bare.isalnum() else _text(text)


def _text(text: str) -> str:
    """A text of TOML: characters that it cannot hold bare are escaped."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = (f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c for c in plain)
    return f'"{"".join(escaped)}"'


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def save_form(folder: Path, form: Form) -> Path:
    """Write a mapping into a folder, whole or not at all; gives its file."""
    path = folder / f"{form.name}.toml"
    data = form_text(form).encode()
    if path.is_file() and path.read_bytes() == data:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    write_file(path, data, overwrite=True)
    return path


@contextmanager
def saving_forms(folder: Path, forms: Sequence[Form]) -> Iterator[None]:
    """Write mappings, and put back what stood there if what is done then fails."""
    paths = [folder / f"{form.name}.toml" for form in forms]
    before = {path: path.read_bytes() if path.is_file() else None for path in paths}
    try:
        for form in forms:
            save_form(folder, form)
        yield
    except BaseException:
        for path, data in before.items():
            if data is not None:
                path.write_bytes(data)
            else:
                path.unlink(missing_ok=True)
        with suppress(OSError):  # other mappings stand in it
            folder.rmdir()
        raise


def free_name(base: str, taken: Sequence[str]) -> str:
    """A name for a new mapping that no other has.

    >>> free_name("amounts-1f", ["amounts-1f", "amounts-1f-2"])
    'amounts-1f-3'
    """
    number = 1
    name = base
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name

"""Writing a book out: a folder of CSV files with a descriptor, or one workbook.

Accounting idea: a fair copy. Every cell goes out as the text that came in, in the same row, so
that codes keep their nought, amounts their brackets and findings their row numbers; equal tables
give equal bytes. A copy is complete beside the target before it takes its place, so a full disk
or a pulled plug leaves the old one as it was, and nothing of anybody's is written over unasked.

In the workbook every cell is text, so that no reader's spreadsheet runs what a cell says.

Source: Tabular Data Package and Table Schema (Frictionless Data); OWASP ASVS 5.0, V1.2.10.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from controltotal.core.files import putting_in_place
from controltotal.core.formulas import kept_still
from controltotal.core.progress import checked, parts, stop_if_cancelled
from controltotal.core.schema import Column
from controltotal.core.schema import tables as book_tables
from controltotal.ledger.entries import Cells
from controltotal.sources.formulas import SAFE, still
from controltotal.sources.raw import BookError

Rows = Sequence[tuple[int, Cells]]
Tables = Mapping[str, Rows]

DESCRIPTOR = "datapackage.json"
MARK = "controltotal"
FORM = 1
CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 - the same in every workbook, for equal bytes
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")  # fits a file name and a sheet name everywhere
_QUOTED = re.compile('[,"\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]|^\\s|\\s$')
_UNSAFE = re.compile("[\ud800-\udfff\0]")
_CELL_MAX = 32_767  # characters a spreadsheet cell holds
_ROW_MAX = 1_048_576
_ROWS_LEFT_EMPTY_MAX = 1_000
_ROWS_HELPED = 5_000


def write_folder(
    path: str | Path,
    tables: Tables,
    *,
    columns: Mapping[str, Sequence[str]] | None = None,
    descriptor: Mapping[str, Any] | None = None,
    force: bool = False,
    safe: bool = False,
) -> None:
    """Write tables as a folder: one CSV file each and `datapackage.json`.

    `tables` holds (row number, cells) by table; `columns` adds columns that have no cell in any
    row; `descriptor` holds further properties of the package (title, licenses, sources …).
    With `force` an earlier folder of ours is replaced, if it holds nothing else. With `safe` no
    cell is left that a spreadsheet would run (`sources/formulas.py`).
    """
    target = Path(path)
    if safe:
        tables = still(tables)
        columns = {name: [kept_still(c) for c in found] for name, found in (columns or {}).items()}
    _check_names(tables)
    _check_folder(target, force)
    with _beside(target) as part:
        part.mkdir()
        resources = []
        for name in parts(_in_order(tables), lambda name: f"writing {name}"):
            header = _header(name, tables[name], (columns or {}).get(name, ()))
            _write_synced(part / f"{name}.csv", _csv(name, header, tables[name]).encode())
            resources.append(_resource(name, header))
        package = _package(target.name, tables, descriptor or {}, resources)
        if safe:
            package[MARK][SAFE] = True
        text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
        _write_synced(part / DESCRIPTOR, text.encode())
        stop_if_cancelled()
        with putting_in_place(str(target)):
            _put_in_place(part, target)


def write_workbook(
    path: str | Path,
    tables: Tables,
    *,
    columns: Mapping[str, Sequence[str]] | None = None,
    force: bool = False,
    helped: bool = False,
) -> None:
    """Write tables as one workbook, a sheet each; every cell is text and none a formula.

    With `helped` each column of the manual shows what it means, and one of few words lists them.
    """
    _check_names(tables)
    put_workbook(
        path, lambda part: _fill_workbook(part, tables, columns or {}, helped), force=force
    )


def put_workbook(path: str | Path, fill: Callable[[Path], None], *, force: bool = False) -> None:
    """Let `fill` make a workbook beside the place where it belongs, and put it there once whole.

    With `force` an earlier workbook of ours gives way; anything else that stands there never does.
    """
    target = Path(path)
    _check_workbook(target, force)
    with _beside(target) as part:
        fill(part)
        _sync(part)
        stop_if_cancelled()
        with putting_in_place(str(target)):
            _put_in_place(part, target)


def _in_order(tables: Tables) -> list[str]:
    """Known tables in the order of the manual, then others by name."""
    return [n for n in book_tables() if n in tables] + sorted(set(tables) - set(book_tables()))


def _header(name: str, rows: Rows, further: Sequence[str]) -> list[str]:
    """Columns in the order of the manual, required ones always; then unlisted ones as they came.

    >>> _header("sources", [(2, (("id", "S1"), ("colour", "blue"), ("quote", "“nil”")))], ())
    ['id', 'title', 'quote', 'colour']
    """
    used = dict.fromkeys(further)
    for _, cells in rows:
        used.update(dict.fromkeys(column for column, _ in cells))
    known = book_tables()[name].columns if name in book_tables() else {}
    listed = [c.name for c in known.values() if c.required or c.name in used]
    return listed + [column for column in used if column not in known]


def _placed(name: str, rows: Rows) -> Iterator[tuple[int, Cells]]:
    """Rows in their own places where those ascend (empty rows between), else one after another.

    >>> list(_placed("lines", [(2, ()), (5, ())])), list(_placed("lines", [(5, ()), (5, ())]))
    ([(2, ()), (5, ())], [(2, ()), (3, ())])
    """
    numbers = [number for number, _ in rows]
    ascending = all(a < b for a, b in zip([1, *numbers], numbers, strict=False))
    if ascending and (not numbers or numbers[-1] <= len(rows) + 1 + _ROWS_LEFT_EMPTY_MAX):
        yield from rows
    else:
        yield from ((place, cells) for place, (_, cells) in enumerate(rows, start=2))


def _line(name: str, number: int, cells: Cells, places: Mapping[str, int]) -> list[tuple[int, str]]:
    """A row's cells as (column index, text), once it is sure that every reader can hold them."""
    line = []
    for column, text in cells:
        if _UNSAFE.search(text) or _UNSAFE.search(column):
            raise BookError(
                f"the column {column!r} holds a character that no file can",
                f"{name} row {number}",
                "remove it at the source",
            )
        line.append((places[column], text))
    return line


# The folder


def _csv(name: str, header: Sequence[str], rows: Rows) -> str:
    """One table as CSV: UTF-8, comma, LF, quotes only where the text needs them."""
    places = {column: index for index, column in enumerate(header)}
    lines = [",".join(map(_quoted, header))]
    for number, cells in checked(_placed(name, rows)):
        lines.extend([""] * (number - 1 - len(lines)))
        line = [""] * len(header)
        for index, text in _line(name, number, cells, places):
            line[index] = _quoted(text)
        lines.append(",".join(line))
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A CSV field.

    >>> _quoted("(12.3)"), _quoted('nearly "£15m", she said')
    ('(12.3)', '"nearly ""£15m"", she said"')
    """
    if _QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _resource(name: str, header: Sequence[str]) -> dict[str, Any]:
    known = book_tables().get(name)
    resource: dict[str, Any] = {"name": name.replace("_", "-"), "path": f"{name}.csv"}
    if known is not None:
        resource["description"] = known.meaning
    resource |= {
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
    }
    columns = known.columns if known is not None else {}
    fields = [_field(column, columns.get(column)) for column in header]
    resource["schema"] = {"fields": fields, "missingValues": [""]}
    return resource


def _field(name: str, column: Column | None) -> dict[str, Any]:
    """A field of the schema. All are text: amounts, years and lists are as people write them."""
    field: dict[str, Any] = {"name": name, "type": "string"}
    if column is None:
        return field
    field["description"] = column.description
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.vocabulary and column.type == "vocabulary":
        words = list(column.vocabulary)
        constraints["enum"] = words + ["unknown"] * (column.required and "unknown" not in words)
    if constraints:
        field["constraints"] = constraints
    return field


def _package(
    name: str, tables: Tables, given: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The descriptor: what was given, else what the table `book` says of title and licence."""
    settings = {}
    for _, cells in tables.get("book", ()):
        row = dict(cells)
        settings[row.get("key", "")] = row.get("value", "")
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-") or "book",
    }
    if settings.get("title"):
        package["title"] = settings["title"]
    if settings.get("licence"):
        package["licenses"] = [{"title": settings["licence"]}]
    if settings.get("publisher"):
        package["contributors"] = [{"title": settings["publisher"], "role": "publisher"}]
    package |= {key: value for key, value in given.items() if key not in ("resources", MARK)}
    return package | {MARK: {"form": FORM}, "resources": list(resources)}


# The workbook


def _fill_workbook(
    path: Path, tables: Tables, further: Mapping[str, Sequence[str]], helped: bool
) -> None:
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "constant_memory": False,
    }
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"created": CREATED, "author": MARK})
    workbook.set_custom_property(MARK, f"book form {FORM}", "text")
    heading = workbook.add_format({"bold": True, "num_format": "@", "bottom": 1})
    plain = workbook.add_format({"num_format": "@"})  # text: typing over it stays text too
    for name in parts(_in_order(tables), lambda name: f"writing {name}"):
        rows = tables[name]
        header = _header(name, rows, further.get(name, ()))
        places = {column: index for index, column in enumerate(header)}
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        widths = [len(column) for column in header]
        for index, column in enumerate(header):
            _write_text(sheet, 1, index, column, heading, name)
        for number, cells in checked(_placed(name, rows)):
            for index, text in _line(name, number, cells, places):
                _write_text(sheet, number, index, text, plain, name)
                widths[index] = max(widths[index], min(len(text), 48))
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width + 2, plain)
        if helped and name in book_tables():
            _help(sheet, header, book_tables()[name].columns)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_ROW_MAX}"})
    try:
        workbook.close()
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        raise BookError(
            f"the workbook cannot be written ({error})",
            str(path.parent),
            "check that the folder is there, that you may write to it, and that it has room",
        ) from error


def _help(sheet: Any, header: Sequence[str], columns: Mapping[str, Column]) -> None:
    """What each column means, shown beside its cells, and a list where it takes one of few words."""
    for index, column in enumerate(columns[name] for name in header):
        words = column.vocabulary if column.type in ("vocabulary", "yesno", "unit") else ()
        more = ("unknown",) if words and column.required and "unknown" not in words else ()
        said = {"input_title": column.name[:32], "input_message": column.description[:255]}
        asks = {"validate": "list", "source": [*words, *more]} if words else {"validate": "any"}
        sheet.data_validation(1, index, _ROWS_HELPED, index, said | asks)


def _write_text(sheet: Any, number: int, index: int, text: str, style: Any, name: str) -> None:
    """One cell as text; what a spreadsheet cannot hold whole is refused, never cut."""
    code = sheet.write_string(number - 1, index, text, style)
    if len(text) > _CELL_MAX:
        fault = "the text is too long for a spreadsheet cell"
    elif code != 0:
        fault = "a spreadsheet has no such row or column"
    elif "\ufffe" in text or "\uffff" in text:
        fault = "a text holds a character that no spreadsheet can"
    else:
        return
    raise BookError(fault, f"{name} row {number}", "write the book as a folder instead")


# Care of what is there


def _check_names(tables: Tables) -> None:
    for name in tables:
        if not _NAME.fullmatch(name):
            raise BookError(
                f"{name!r} cannot be the name of a table",
                "book",
                "use small letters, digits and _, at most 31",
            )


BOOK_HERE = "there is a book here already"
OVERWRITE = "choose another name, or say --overwrite"


def _refuse(what: str, target: Path, action: str) -> BookError:
    return BookError(what, str(target), action)


def _check_folder(target: Path, force: bool) -> None:
    """Nothing there, an empty folder, or (with force) a folder that holds only what we wrote."""
    if not os.path.lexists(target):
        return
    if target.is_symlink() or not target.is_dir():
        raise _refuse("something else has this name", target, "choose another name")
    names = {item.name for item in target.iterdir()}
    if not names:
        return
    try:
        package = json.loads((target / DESCRIPTOR).read_text(encoding="utf-8"))
        ours = package[MARK]["form"] > 0
        listed = {DESCRIPTOR, *(resource["path"] for resource in package["resources"])}
    except (OSError, ValueError, KeyError, TypeError):
        ours, listed = False, set()
    if not ours:
        raise _refuse("there is a folder with files here", target, "choose another name")
    others = sorted(names - listed)
    if others:
        raise _refuse(
            f"the folder also holds {', '.join(others[:5])}",
            target,
            "move that away, or choose another name",
        )
    if not force:
        raise _refuse(BOOK_HERE, target, OVERWRITE)


def _check_workbook(target: Path, force: bool) -> None:
    if not os.path.lexists(target):
        return
    if target.is_symlink() or not target.is_file():
        raise _refuse("something else has this name", target, "choose another name")
    if target.stat().st_size == 0:
        return
    if not _is_our_workbook(target):
        raise _refuse("there is another file here", target, "choose another name")
    if not force:
        raise _refuse(BOOK_HERE, target, OVERWRITE)


def _is_our_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("docProps/custom.xml") as file:
            return f'name="{MARK}"'.encode() in file.read(10_000)
    except (OSError, KeyError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A place beside the target to write in, taken away whatever happens."""
    try:
        room = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.absolute().parent))
    except OSError as error:
        raise BookError(
            f"nothing can be written here ({error.strerror})",
            str(target.absolute().parent),
            "check that the folder is there and that you may write to it",
        ) from error
    try:
        yield room / target.name
    except OSError as error:
        raise BookError(
            f"the book cannot be written ({error.strerror})",
            str(target),
            "check that there is room and that you may write here",
        ) from error
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _put_in_place(part: Path, target: Path) -> None:
    """Let the finished copy take the target's place; an old folder steps aside first."""
    if target.is_dir():
        aside = part.parent / "before"
        os.rename(target, aside)
        try:
            os.rename(part, target)
        except OSError:
            os.rename(aside, target)
            raise
    else:
        os.replace(part, target)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())

"""Any file that a spreadsheet saves as grids of cells; what cannot be read is refused in one line.

Workbooks are read by a fast reader, and a second pass over their XML tells what that does not
(formats, merged areas, what is hidden, errors, formulas that were never calculated). Both must see
the same numbers. A file is what its bytes are, whatever its name says: an .xls that is a web page or
a text is read as that. Hidden sheets are counted and not read.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from controltotal.core.errors import BookError, ControlTotalError, column_letter
from controltotal.core.finding import FileCell, Finding
from controltotal.core.progress import checked, stop_if_cancelled
from controltotal.intake.compound import xls_shape
from controltotal.intake.model import Grid, Value
from controltotal.intake.old_forms import ods_shape, xlsb_shape
from controltotal.intake.plain_text import html_grid, text_grid
from controltotal.sources.csv_text import bytes_of
from controltotal.sources.raw import in_few
from controltotal.sources.sheet_list import listed_sheets, refuse_bombs
from controltotal.sources.sheet_shape import CELLS_MAX, ROWS_MAX, SheetShape
from controltotal.sources.struck_cells import struck_cells
from controltotal.sources.workbook import cell_text

BYTES_MAX: Final = 200 * 1024 * 1024
"""What a file may unpack to."""
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_NO_TABLES: Final = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a Word document"),
)
_AGAIN: Final = "open it in a spreadsheet and save it again as .xlsx, without a password"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it was opened: its grids in order, and what is to be told of it.

    `digest` is the SHA-256 of its bytes; `form` is xlsx, xlsb, xls, ods, html or text.
    """

    file: str
    digest: str
    grids: tuple[Grid, ...]
    findings: tuple[Finding, ...]
    form: str


def read_file(path: Path, *, hidden: bool = False) -> Opened:
    """The grids of a file; hidden sheets only where `hidden`. BookError where it cannot be read."""
    if path.is_file() and path.stat().st_size > BYTES_MAX:
        raise _too_large(path.name)
    data = bytes_of(path)
    digest = sha256(data).hexdigest()
    if data[:2] == b"\x1f\x8b":
        data = _unzipped(data, path.name)
    if len(data) > BYTES_MAX:
        raise _too_large(path.name)
    if not data.strip():
        raise BookError("the file is empty", path.name, "give a file with a table")
    form = form_of(data, path.name)
    findings: list[Finding] = []
    if form in ("html", "text"):
        grids = [html_grid(data, path) if form == "html" else text_grid(data, path, findings)]
    else:
        grids = _opened(path, form, hidden, findings)
    return Opened(path.name, digest, tuple(grids), tuple(findings), form)


def form_of(data: bytes, name: str) -> str:
    """What the bytes of a file are: xlsx, xlsb, xls, ods, html or text; anything else is refused.

    >>> form_of(b"Line,Plan", "a.xls"), form_of(b"<html><table>", "a.xls")
    ('text', 'html')
    """
    if data[:4] == b"PK\x03\x04":
        return _zipped_form(data, name)
    if data[:8] == _OLE:
        if _ENCRYPTED in data:
            raise BookError("the workbook has a password", name, _AGAIN)
        return "xls"
    for magic, what in _NO_TABLES:
        if data.startswith(magic):
            raise BookError(f"this is {what}, not a table", name, "give the workbook or a CSV file")
    start = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"<"):
        if b"<table" in data.lower().replace(b"\0", b""):
            return "html"
        raise BookError("this is a page without a table", name, _AGAIN)
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and _is_binary(data):
        raise BookError("this is neither a workbook nor a text", name, _AGAIN)
    return "text"


def _is_binary(data: bytes) -> bool:
    """Whether there are noughts that are not those of UTF-16 without its mark."""
    start = data[:4096]
    noughts = start.count(b"\0")
    return bool(noughts) and not 0.3 < noughts / len(start) < 0.6


def _zipped_form(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {part.lower() for part in archive.namelist()}
            locked = any(item.flag_bits & 1 for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise BookError("the workbook is broken", name, _AGAIN) from error
    if locked:
        raise BookError("the file has a password", name, _AGAIN)
    for part, form in (
        ("xl/workbook.xml", "xlsx"),
        ("xl/workbook.bin", "xlsb"),
        ("content.xml", "ods"),
    ):
        if part in parts:
            return form
    raise BookError("this is no workbook", name, "unpack it, and give the workbook or CSV in it")


def _unzipped(data: bytes, name: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            plain = file.read(BYTES_MAX + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BookError("the .gz file is broken", name, "make it again") from error
    if plain[:2] == b"PK" or plain[:8] == _OLE:
        raise BookError("this is a workbook inside a .gz file", name, "unpack it, and give that")
    return plain


def _too_large(name: str) -> BookError:
    what = f"the file unpacks to over {BYTES_MAX // 2**20} MB"
    return BookError(what, name, "give the sheet that is needed as a file of its own")


def _opened(path: Path, form: str, hidden: bool, findings: list[Finding]) -> list[Grid]:
    """The grids of a workbook, whatever goes wrong in readers of other people's making told."""
    if form != "xls":
        refuse_bombs(path, BYTES_MAX)
    try:
        return _workbook(path, form, hidden, findings)
    except (ControlTotalError, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise  # a reader that gives up raises what is no Exception; an interrupt passes
        cause = str(error) if type(error) is ValueError else type(error).__name__
        if "password" in cause.lower() or "password" in str(error).lower():
            raise BookError("the workbook has a password", path.name, _AGAIN) from error
        raise BookError(f"the workbook cannot be read ({cause})", path.name, _AGAIN) from error


_SHAPES: Final[dict[str, Callable[[Path], dict[str, SheetShape]]]] = {
    "ods": ods_shape,
    "xlsb": xlsb_shape,
    "xls": xls_shape,
}


def _workbook(path: Path, form: str, hidden: bool, findings: list[Finding]) -> list[Grid]:
    """The visible sheets that hold anything, in order."""
    if form == "xlsx":
        listed = listed_sheets(path, unseen=hidden)
        shapes = {sheet.title: sheet.shape for sheet in listed}
    else:
        listed, shapes = [], _SHAPES[form](path)
    from python_calamine import CalamineWorkbook

    # from its bytes, since by its path the reader would believe the ending of its name
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    unread = _out_of_sight(workbook) | {sheet.title for sheet in listed if sheet.hidden}
    titles = [title for title in workbook.sheet_names if title in shapes]
    grids = []
    for title in titles:
        stop_if_cancelled()
        if hidden or title not in unread:
            grid = _grid(path.name, title, workbook, shapes.get(title), form)
            grids += [grid] if grid.cells or grid.untold else []
    if form == "xlsx":
        struck = struck_cells(path)
        grids = [replace(one, struck=struck.get(one.sheet, frozenset())) for one in grids]
    for grid in grids:
        findings += _hidden_lines(grid)
    if unread and not hidden:
        findings.append(_hidden_sheets(path.name, [title for title in titles if title in unread]))
    if form in ("xls", "xlsb"):
        findings.append(_values_only(path.name, form))
    if not grids:
        raise BookError("no sheet in sight holds anything", path.name, "give a file with a table")
    return grids


def _out_of_sight(workbook: Any) -> set[str]:
    """The sheets that the workbook hides, by title."""
    from python_calamine import SheetVisibleEnum

    shown = SheetVisibleEnum.Visible
    return {sheet.name for sheet in workbook.sheets_metadata if sheet.visible != shown}


def _grid(file: str, title: str, workbook: Any, shape: SheetShape | None, form: str) -> Grid:
    """One sheet, read by both readers; the two must have seen the same."""
    sheet = workbook.get_sheet_by_name(title)
    spans = sheet.total_height * sheet.total_width
    if spans > CELLS_MAX or sheet.total_height > ROWS_MAX:
        raise BookError(
            f"the sheet {title} spans more than {CELLS_MAX:,} cells",
            file,
            "delete what stands far from the table, or copy the table alone to a new workbook",
        )
    read: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    if form == "xlsx" and shape is not None:
        _agree(read, shape, file, title)
    once: dict[str, str] = {}
    cells = [_values(row, once) for row in checked(read)]
    while cells and not any(cell is not None for cell in cells[-1]):
        cells.pop()
    shape = shape or SheetShape()
    untold = dict(shape.untold)
    for place, times in shape.repeated.items():
        untold[place] = f"stands {times} times in the file"
    return Grid(
        file,
        title,
        cells,
        tuple(shape.merged),
        frozenset(shape.hidden_rows),
        frozenset(
            column for left, right in shape.hidden_columns for column in range(left, right + 1)
        ),
        dict(shape.styled),
        untold,
        values_only=form in ("xls", "xlsb"),
        struck=frozenset(shape.struck),
    )


_PLAIN: Final = frozenset({str, float, int, bool})


def _values(row: list[Any], once: dict[str, str]) -> list[Value]:
    """The cells of a row as they are stored; a text that comes again is there once."""
    if _PLAIN.issuperset(map(type, row)):
        return [
            (once.setdefault(cell, cell) or None) if type(cell) is str else cell for cell in row
        ]
    return [_value(cell) for cell in row]


def _value(cell: Any) -> Value:
    """A cell as it is stored: a day for a moment at midnight, text for a time."""
    kind = type(cell)
    if kind is str:
        return cell or None
    if kind is float or kind is int or kind is bool:
        return cell  # type: ignore[no-any-return]
    if kind is datetime:
        return cell.date() if cell.time() == datetime.min.time() else cell_text(cell)
    return cell if kind is date or cell is None else cell_text(cell)


def _agree(read: Sequence[Sequence[Any]], shape: SheetShape, file: str, title: str) -> None:
    """Refuse a sheet of which the two readers saw different rows or cells.

    Numbers must be as many; of texts the fast reader may show fewer, since some are empty.
    """
    if shape.repeated:
        return  # cells that stand twice stop by themselves
    rows = max((n for n, row in enumerate(read, 1) if row.count("") < len(row)), default=0)
    filled = sum(len(row) - row.count("") for row in read)
    texts = sum(list(map(type, row)).count(str) - row.count("") for row in read)
    numbers = shape.filled - len(shape.untold) - shape.texts - shape.days
    agree = numbers <= filled - texts <= numbers + shape.days and texts <= shape.texts + shape.days
    if rows > shape.rows or not agree:
        raise BookError(
            f"two readings of the sheet {title} differ: {filled:,} cells in {rows:,} rows, "
            f"and {shape.filled - len(shape.untold):,} in {shape.rows:,}",
            file,
            _AGAIN,
        )


def _hidden_sheets(file: str, titles: Sequence[str]) -> Finding:
    one = len(titles) == 1
    return Finding(
        code="IMPORT_HIDDEN",
        severity="warning",
        organisation="",
        where=file,
        message=f"{'A sheet is' if one else f'{len(titles)} sheets are'} hidden and "
        f"{'was' if one else 'were'} not read: {in_few(list(titles))}.",
        expected="every sheet in sight",
        found=in_few(list(titles)),
        action='Unhide what is to be read, or give --include-hidden "WHO: REASON".',
        in_files=tuple(FileCell(file, title, "") for title in titles),
    )


def _hidden_lines(grid: Grid) -> list[Finding]:
    """Hidden rows and columns that hold something: read like any other, and told."""
    rows = [
        row
        for row in sorted(grid.hidden_rows)
        if row < len(grid.cells) and any(cell is not None for cell in grid.cells[row])
    ]
    wide = max(map(len, grid.cells), default=0)
    columns = [
        column
        for column in sorted(grid.hidden_columns)
        if column < wide
        and any(grid.value(row, column) is not None for row in range(len(grid.cells)))
    ]
    if not rows and not columns:
        return []
    names = [f"row {row + 1}" for row in rows]
    names += [f"column {column_letter(column)}" for column in columns]
    places = [grid.over(row, 0, row, max(wide - 1, 0)) for row in rows]
    places += [grid.over(0, column, len(grid.cells) - 1, column) for column in columns]
    one = len(names) == 1
    return [
        Finding(
            code="IMPORT_HIDDEN",
            severity="information",
            organisation="",
            where=f"{grid.file}, sheet {grid.sheet}",
            message=f"{in_few(names)} {'is' if one else 'are'} hidden, and read like any other.",
            expected="every row and column in sight",
            found=in_few(names),
            action="Unhide and look; delete what does not belong.",
            in_files=tuple(places),
        )
    ]


def _values_only(file: str, form: str) -> Finding:
    return Finding(
        code="IMPORT_VALUES_ONLY",
        severity="warning",
        organisation="",
        where=file,
        message=f"An .{form} file gives values only: number formats and formulas without a value "
        "cannot be seen.",
        expected=".xlsx, .ods or CSV",
        found=f".{form}",
        action="Save it as .xlsx, or set values_only = true in the mapping to go on.",
    )

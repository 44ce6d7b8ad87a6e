"""Amounts read whole: each distinct text once, sums by one step, and what is not plain cell by cell.

Every label is read by the reader of cells, once for each text. Sums of digits with or without a
point become pence together. A row of which anything is odd (a fault, brackets, a unit of its own, a
key that stands twice, a code that names nothing) is read as a record, by the same reader as ever,
so that what is found of it is the same to the letter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import prod
from typing import TYPE_CHECKING, Any, Final

from controltotal.book.across import check_together
from controltotal.book.amount_table import (
    DENSE,
    LABELS,
    AmountTable,
    Columns,
    Labels,
    numbered,
    packed,
)
from controltotal.book.as_meant import is_turned
from controltotal.book.cells import RowReader
from controltotal.book.characters import is_code
from controltotal.book.moments import UpTo, is_later
from controltotal.book.precision import written
from controltotal.book.records import Amount
from controltotal.book.typed import spreadsheet_fault
from controltotal.core.late import Late
from controltotal.core.legible import HIDDEN
from controltotal.core.money import LARGEST_PENCE, PENCE_PER
from controltotal.core.schema import tables
from controltotal.ledger.block import Block, HoldsCells

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
else:
    np = Late("numpy")

TABLE: Final = "amounts"
NONE: Final[Mapping[str, str]] = {}
OTHERS: Final = ("unit", "direction", "qualifier", "source", "known_on")
"""The columns beside labels and sum of which records have values."""
_PLAIN: Final = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
_DECIMALS: Final = 6
"""So many places after the point a plain sum has at most."""
_POINTED: Final = r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$"
_MORE: Final = 16
"""More than the values that a column may have beside those of its texts, such as years to date."""


def fits(block: Block) -> bool:
    """Whether all the labels of a row together stand in one number of 64 bits."""
    texts = [block.coded[name].texts for name in LABELS if name in block.coded]
    return prod(len(one) + _MORE for one in texts) < 2**63


class BlockRead:
    """The rows of a block as they were read; `plain` are those of which nothing is odd so far.

    `beside` are amounts of the same book that stand in no block.
    """

    def __init__(
        self,
        block: Block,
        reader: RowReader,
        of_source: Mapping[str, date | None],
        beside: Sequence[Amount] = (),
    ) -> None:
        self.block = block
        self._beside = beside
        self._reader = reader
        self._of_source = of_source
        self.plain: Mask = np.ones(len(block), dtype=np.bool_)
        self.here: Mask = np.ones(len(block), dtype=np.bool_)
        self.labels: dict[str, Labels] = {}
        for name in (*LABELS, *OTHERS):
            self._read_labels(name)
        for name, coded in block.coded.items():
            if name not in self.labels:
                self._refuse(name, coded.codes, [_noted(text) for text in coded.texts])
        self._read_sums()
        self._refuse_combinations()
        side = self.labels["direction"].mask(bool)
        self.plain &= ~(side & (self.pence < 0))

    def _refuse(self, name: str, codes: npt.NDArray[np.int32], plain: Sequence[bool]) -> None:
        """Rows of which the text in one column is not plain are odd; an empty cell has code -1."""
        column = tables()[TABLE].columns.get(name)
        empty = column is None or not column.required
        self.plain &= np.array([*plain, empty], dtype=np.bool_)[codes]

    def _read_labels(self, name: str) -> None:
        """One column of labels: its values, and the rows of which the text is odd."""
        column = tables()[TABLE].columns[name]
        coded = self.block.coded.get(name)
        values: list[Any] = []
        if coded is None:
            nothing = np.broadcast_to(np.int8(0), len(self.block))
            self.labels[name] = Labels(nothing, (None,))
            return
        plain = []
        for text in coded.texts:
            good, value = self._reader.label(column, text)
            values.append(value if good else None)
            slash = "/" in text and is_code(TABLE, column)
            plain.append(good and value is not None and not slash and _noted(text))
        self._refuse(name, coded.codes, plain)
        number: dict[Any, int] = {None: 0}
        recoded = [number.setdefault(value, len(number)) for value in values]
        small = np.min_scalar_type(-len(number))
        codes = np.array([*recoded, 0], dtype=small)[coded.codes]
        self.labels[name] = Labels(codes, tuple(number))

    def _read_sums(self) -> None:
        """Sums of digits as pence in the unit of their row, and how finely they were written."""
        import polars as pl

        texts = self.block.single["amount"]
        plain = texts.str.contains(_PLAIN).fill_null(False)
        self.other = ~plain
        shown = texts if plain.all() else pl.select(pl.when(plain).then(texts)).to_series()
        point = shown.str.find(".", literal=True)
        decimals = (shown.str.len_bytes() - point - 1).fill_null(0).to_numpy()
        digits = shown.str.replace(".", "", literal=True).cast(pl.Int64).fill_null(0).to_numpy()
        default = self._reader.settings.default_unit
        per = [PENCE_PER.get(unit or default, 0) for unit in self.labels["unit"].values]
        units = np.array(per, dtype=np.int64)
        scale = units[self.labels["unit"].codes]
        factors = units[:, None] // 10 ** np.arange(_DECIMALS + 1)
        factor = factors[self.labels["unit"].codes, decimals]
        most = (LARGEST_PENCE // np.maximum(factors, 1))[self.labels["unit"].codes, decimals]
        self.plain &= plain.to_numpy() & (factor > 0) & (abs(digits) <= most)
        self.pence: Numbers = digits * np.where(self.plain, factor, 0)
        self.scale: Numbers = np.where(self.pence != 0, scale, 0)
        self.decimals = decimals.astype(np.int32)

    def _refuse_combinations(self) -> None:
        """Rows whose month does not go with their year and basis, or is made another by it."""
        names = ("year", "month", "basis")
        found = [self.block.coded.get(name) for name in names]
        if not self.plain.any():
            return
        key, size = np.zeros(len(self.block), dtype=np.int64), 1
        for coded in found:
            if coded is not None:
                key *= len(coded.texts) + 1
                key += coded.codes + 1
                size *= len(coded.texts) + 1

        def together(first: int) -> bool:
            texts = {n: t for n in names if (t := self.block.text(n, first))}
            values = {
                name: self.labels[name].values[self.labels[name].codes[first]] for name in texts
            }
            before = values.get("month")
            fault = check_together(TABLE, texts, values)
            return fault is None and values.get("month") == before

        self.plain &= _of_each_kind(key, size, together)

    # -- what was there at a moment ----------------------------------------------------------------

    def known_by(self, day: date) -> set[str]:
        """Leave out what became known after a day; gives the sources of the plain rows that stay."""
        self.here &= self._known().mask(lambda known: known is None or known <= day)
        source = self.block.coded.get("source")
        if source is None:
            return {""}
        used = np.unique(source.codes[self.here & self.plain])
        return {source.texts[code] if code >= 0 else "" for code in used}

    def years_of_actuals(self) -> set[str]:
        """The years of which plain rows are actuals."""
        year = self.labels["year"]
        acting = self.labels["basis"].mask(lambda basis: basis == "actual")
        acting &= self.plain & self.here
        return {year.values[code] for code in np.unique(year.codes[acting])} - {None}

    def up_to(self, upto: UpTo) -> None:
        """Leave out what came after a month was reported."""
        columns = [self.labels[name] for name in ("basis", "year", "month")] + [self._known()]
        key, size = np.zeros(len(self.block), dtype=np.int64), 1
        for column in columns:
            key *= len(column.values)
            key += column.codes
            size *= len(column.values)

        def stays(first: int) -> bool:
            basis, year, month, known = (c.values[c.codes[first]] for c in columns)
            return not is_later(basis or "", year, month, known, upto)

        self.here &= _of_each_kind(key, size, stays)

    # -- what makes a row odd beside others --------------------------------------------------------

    def refuse_unknown(self, known: Mapping[str, Collection[str]]) -> None:
        """Rows whose code names nothing: `known` by type of column."""
        for name, labels in self.labels.items():
            codes = known.get(tables()[TABLE].columns[name].type)
            if codes is not None:
                there = [not code or code in codes for code in labels.values]
                self.plain &= np.array(there, dtype=np.bool_)[labels.codes]

    def rename(self, name: str, meant: Callable[[Any], Any]) -> None:
        """One column with its values as they are meant."""
        labels = self.labels[name]
        values = tuple(meant(value) if value else value for value in labels.values)
        self.labels[name] = Labels(labels.codes, values)

    def refuse_pointed(self) -> None:
        """Rows whose point may be a comma, where sums with commas stand beside them."""
        if self._has_commas():
            self.plain &= ~self._pointed()

    def with_decimals(self) -> dict[str, set[str]]:
        """By unit the bodies, as they are written, of which plain sums have decimals.

        None of a table without a comma, for there a point is no comma.
        """
        if not self._has_commas():
            return {}
        texts = self.block.single["amount"]
        decimal = texts.str.contains(".", literal=True).fill_null(False).to_numpy()
        decimal = decimal & ~self._pointed() & self.plain & self.here
        unit, coded = self.labels["unit"], self.block.coded["organisation"]
        found: dict[str, set[str]] = {}
        for code in np.unique(unit.codes[decimal]):
            rows = decimal & (unit.codes == code)
            bodies = {coded.texts[body] for body in np.unique(coded.codes[rows])}
            default = self._reader.settings.default_unit
            found.setdefault(unit.values[code] or default, set()).update(bodies)
        return found

    def _has_commas(self) -> bool:
        """Whether any sum is written with a comma."""
        if any("," in row.texts.get("amount", "") for row in self._beside):
            return True
        odd = self.block.single["amount"].filter(self.other)
        return bool(odd.str.contains(",", literal=True).any())

    def _pointed(self) -> Mask:
        """The rows whose point has three figures behind it."""
        texts = self.block.single["amount"]
        pointed: Mask = texts.str.contains(_POINTED).fill_null(False).to_numpy()
        return pointed

    def refuse_twice(self, others: Iterable[Amount]) -> None:
        """Rows with a key that stands twice, among them or among rows that are odd already."""
        keys = packed(self._columns(), LABELS)
        shown = keys[self.plain & self.here]
        numbers = [numbered(self.labels[name].values) for name in LABELS]
        rows = (*self._beside, *others)
        wanted = [key for row in rows if (key := _key(row, numbers)) is not None]
        size = prod(len(number) for number in numbers)
        if size <= DENSE:
            twice = np.bincount(shown, minlength=size) > 1
            twice[wanted] = True
            self.plain &= ~twice[keys]
        else:
            found, counts = np.unique(shown, return_counts=True)
            asked = np.array([*wanted, *found[counts > 1]], dtype=np.int64)
            self.plain &= ~np.isin(keys, asked)

    # -- what they are -----------------------------------------------------------------------------

    def odd(self) -> Iterator[int]:
        """The places of the rows that are read cell by cell; what was not there is among them."""
        return map(int, np.flatnonzero(~self.plain))

    def _turned(self, signs: str, kinds: Mapping[str, str]) -> Numbers:
        """Sums with the signs that a plain book gives them."""
        line, side = self.labels["line"], self.labels["direction"]
        scheme = self.labels["scheme"].mask(bool)
        about = np.zeros(len(self.block), dtype=np.bool_)
        for code, direction in enumerate(side.values):
            for of_scheme in (False, True):
                turns = [
                    is_turned(
                        name or "", direction, signs, kinds.get(name or "", ""), of_scheme=of_scheme
                    )
                    for name in line.values
                ]
                rows = (side.codes == code) & (scheme == of_scheme)
                about |= rows & np.array(turns, dtype=np.bool_)[line.codes]
        return np.where(about, -self.pence, self.pence)

    def _columns(self) -> Columns:
        """Every row, those that are odd among them."""
        return Columns(
            {**self.labels, "known": self._known()},
            self.pence,
            self.block.numbers.astype(np.int64),
            self.block.sequence(),
            self.scale,
            self.decimals,
        )

    def _known(self) -> Labels:
        """The day on which each row became known: its own, else that of its source."""
        own, source = self.labels["known_on"], self.labels["source"]
        if own.values == source.values == (None,) and "" not in self._of_source:
            return Labels(own.codes, (None,))
        days = tuple(self._of_source.get(value or "") for value in source.values)
        after = source.codes.astype(np.int32) + len(own.values)  # the codes may be of one byte
        return Labels(np.where(own.codes > 0, own.codes, after), (*own.values, *days))

    def table(
        self,
        odd: Sequence[Amount],
        signs: str = "plain",
        kinds: Mapping[str, str] = NONE,
        way: object = None,
    ) -> AmountTable:
        """The plain rows, as they are meant, with records read cell by cell, in the order of rows.

        `signs` are those of the book, `kinds` those of its lines. `way` stands for all that a row of
        the block is read by: records that were made in one way are used again in it.
        """
        whole = replace(self._columns(), pence=self._turned(signs, kinds))
        stays = self.plain & self.here
        plain = whole if stays.all() else whole.where(stays)
        made = self.block.made.get(way) if way is not None else None
        if made is None:
            made = {}
            if way is not None:
                self.block.made.clear()
                self.block.made[way] = made
        beside = {row.entry for row in self._beside}
        for row in odd:
            if row.entry not in beside:
                made.setdefault(row.entry, row)
        if beside:  # they are of this reading alone: another may have other rows of their numbers
            made = made | {row.entry: row for row in odd if row.entry in beside}
        if odd:
            more = columns_of(odd)
            plain = _joined(plain, more)
            plain = plain.where(np.argsort(plain.number, kind="stable"))
        return AmountTable(plain, Records(self.block), made)


@dataclass(frozen=True, slots=True)
class Records:
    """Makes the records of rows of a block."""

    block: Block

    def __call__(self, columns: Columns, places: Numbers) -> list[Amount]:
        """The records of some rows."""
        block, entries = self.block, columns.entry[places]
        indices = block.places(entries).tolist()
        cells = [
            [labels.values[code] for code in labels.codes[places].tolist()]
            for labels in (columns.labels[name] for name in (*LABELS, *OTHERS))
        ]
        known = columns.labels["known"]
        days = [known.values[code] for code in known.codes[places].tolist()]
        pence = columns.pence[places].tolist()
        numbers = columns.number[places].tolist()
        placed = block.placed(indices)
        return [
            Amount(number, entry, Texts(holder, index), day, origin, False, *row)
            for number, entry, index, day, (origin, holder), *row in zip(
                numbers,
                entries.tolist(),
                indices,
                days,
                placed,
                *cells[: len(LABELS)],
                pence,
                *cells[len(LABELS) :],
                strict=True,
            )
        ]


def _of_each_kind(keys: Numbers, size: int, good: Callable[[int], bool]) -> Mask:
    """Which rows are good, judged once for each distinct key by the first row that has it."""
    if size <= DENSE:
        first = np.full(size, -1, dtype=np.int64)
        first[keys[::-1]] = np.arange(len(keys) - 1, -1, -1)
        passed = np.zeros(size, dtype=np.bool_)
        for key in np.flatnonzero(first >= 0).tolist():
            passed[key] = good(int(first[key]))
        return np.asarray(passed[keys], dtype=np.bool_)
    _, firsts, places = np.unique(keys, return_index=True, return_inverse=True)
    return np.array([good(int(one)) for one in firsts], dtype=np.bool_)[places]


def _key(row: Amount, numbers: Sequence[Mapping[Any, int]]) -> int | None:
    """The packed key of a record; None where no row of the block has one of its labels."""
    key = 0
    for name, number in zip(LABELS, numbers, strict=True):
        code = number.get(getattr(row, name) or "")
        if code is None:
            return None
        key = key * len(number) + code
    return key


def _noted(text: str) -> bool:
    """Whether a text has nothing that is told of its cell whatever it says."""
    return spreadsheet_fault(text) is None and (text.isprintable() or not HIDDEN.search(text))


class Texts(Mapping[str, str]):
    """The cells of one row of a block as they were written."""

    __slots__ = ("_block", "_cells", "_index")

    def __init__(self, block: HoldsCells, index: int) -> None:
        self._block = block
        self._index = index
        self._cells: dict[str, str] | None = None

    def _all(self) -> dict[str, str]:
        if self._cells is None:
            self._cells = dict(self._block.cells(self._index))
        return self._cells

    def __getitem__(self, column: str) -> str:
        """The text of a cell; KeyError where it is empty."""
        return self._all()[column]

    def __iter__(self) -> Iterator[str]:
        """The columns that are filled."""
        return iter(self._all())

    def __len__(self) -> int:
        """How many cells are filled."""
        return len(self._all())


def columns_of(rows: Sequence[Amount]) -> Columns:
    """Records as columns."""
    labels = {}
    for name in (*LABELS, *OTHERS, "known"):
        number: dict[Any, int] = {None: 0}
        codes = [number.setdefault(getattr(row, name), len(number)) for row in rows]
        labels[name] = Labels(np.array(codes, dtype=np.int32), tuple(number))
    how = [written(row) or (0, 0) for row in rows]
    return Columns(
        labels,
        np.array([row.amount for row in rows], dtype=np.int64),
        np.array([row.number for row in rows], dtype=np.int64),
        np.array([row.entry for row in rows], dtype=np.int64),
        np.array([unit for unit, _ in how], dtype=np.int64),
        np.array([places for _, places in how], dtype=np.int32),
    )


def _joined(first: Columns, second: Columns) -> Columns:
    """Two sets of rows, one after the other."""
    labels = {}
    for name, one in first.labels.items():
        other = second.labels[name]
        number = {value: place for place, value in reversed(list(enumerate(one.values)))}
        more = [value for value in other.values if value not in number]
        values = (*one.values, *more)
        number |= {value: len(one.values) + place for place, value in enumerate(more)}
        codes = np.array([number[value] for value in other.values], dtype=np.int32)[other.codes]
        labels[name] = Labels(np.concatenate([one.codes, codes]), values)
    return Columns(
        labels,
        np.concatenate([first.pence, second.pence]),
        np.concatenate([first.number, second.number]),
        np.concatenate([first.entry, second.entry]),
        np.concatenate([first.scale, second.scale]),
        np.concatenate([first.decimals, second.decimals]),
    )

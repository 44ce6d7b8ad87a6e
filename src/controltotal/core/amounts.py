"""The one amounts table, and the three things done with it: align, rollup and cube.

The long table is the truth: labels travel with numbers, and an amount that nobody reported is a
missing row, not a nil. Inside a heavy calculation it becomes a dense array through the one
function that does so, `cube`, and comes back as a table. Numbers are never paired by place: where
labels disagree the call fails and names them.

Shape: columns organisation, line, year, month, basis, scenario, recurrence, counterparty, scheme
(text), pence (whole pence; income positive, cost negative) and entry (ledger entry number).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

LABELS: Final = (
    "organisation",
    "line",
    "year",
    "month",
    "basis",
    "scenario",
    "recurrence",
    "counterparty",
    "scheme",
)
COLUMNS: Final = (*LABELS, "pence", "entry")


class LabelsDisagree(ValueError):
    """Two tables, or a table and its axis, do not have the same labels; names them."""

    def __init__(self, axis: str, only_first: Iterable[str], only_second: Iterable[str]) -> None:
        first, second = sorted(only_first), sorted(only_second)
        super().__init__(
            f"labels of {axis} disagree: only in the first {first[:8]}, only in the second {second[:8]}"
        )
        self.axis, self.only_first, self.only_second = axis, first, second


def amounts(rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    """An amounts table from rows; a label left out is empty text, an entry left out is 0.

    >>> amounts([{"organisation": "R1A", "line": "pay", "year": "2026-27", "pence": -5}]).height
    1
    """
    import polars as pl

    schema: dict[str, type[pl.DataType]] = dict.fromkeys(LABELS, pl.String)
    schema |= {"pence": pl.Int64, "entry": pl.Int64}
    full = [
        {name: row.get(name) or "" for name in LABELS}
        | {"pence": row["pence"], "entry": row.get("entry", 0)}
        for row in rows
    ]
    return pl.DataFrame(full, schema=schema, orient="row")


def align(first: pl.DataFrame, second: pl.DataFrame, by: Sequence[str] = LABELS) -> pl.DataFrame:
    """Two tables side by side by label: columns `by`, pence_first, pence_second (null: absent).

    Rows with the same labels in one table are added before. Absent stays null: it is not nil.

    >>> a = amounts([{"organisation": "A", "pence": 3}])
    >>> b = amounts([{"organisation": "A", "pence": 5}, {"organisation": "B", "pence": 1}])
    >>> align(a, b, ["organisation"]).rows()
    [('A', 3, 5), ('B', None, 1)]
    """
    import polars as pl

    for axis in by:
        if axis not in LABELS:
            raise LabelsDisagree(axis, [axis], LABELS)
    one = first.group_by(by).agg(pl.col("pence").sum().alias("pence_first"))
    two = second.group_by(by).agg(pl.col("pence").sum().alias("pence_second"))
    return one.join(two, on=list(by), how="full", coalesce=True, nulls_equal=True).sort(by)


@dataclass(frozen=True, slots=True)
class Cube:
    """A dense array of pence with its labels, and where anything was reported at all.

    `values`: int64, one axis for each of `axes`, in the order of `labels[axis]`; nil where
    nothing was reported, which `present` (bool, same shape) tells apart from a nil.
    """

    axes: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    values: npt.NDArray[np.int64]
    present: npt.NDArray[np.bool_]

    def index(self, axis: str, label: str) -> int:
        """The place of a label on an axis; KeyError names the label."""
        try:
            return self.labels[axis].index(label)
        except ValueError:
            raise KeyError(f"{label} is not on the axis {axis}") from None


def cube(
    table: pl.DataFrame, axes: Sequence[str], labels: Mapping[str, Sequence[str]] | None = None
) -> Cube:
    """The dense array of a table over some of its labels, the others summed out.

    `labels` may fix the order of an axis; a label of the table that is not among them is an
    error that names it. Cost: one pass over the rows.

    >>> c = cube(amounts([{"organisation": "A", "pence": 3}]), ["organisation"],
    ...          {"organisation": ["A", "B"]})
    >>> c.values.tolist(), c.present.tolist()
    ([3, 0], [True, False])
    """
    import numpy as np

    order: dict[str, tuple[str, ...]] = {}
    flat = np.zeros(table.height, dtype=np.int64)
    for axis in axes:
        order[axis], codes = _codes(table, axis, (labels or {}).get(axis))
        flat *= len(order[axis])
        flat += codes
    shape = tuple(len(order[axis]) for axis in axes)
    values = np.zeros(int(np.prod(shape, dtype=np.int64)), dtype=np.int64)
    np.add.at(values, flat, table["pence"].to_numpy())
    present = np.zeros(values.shape, dtype=np.bool_)
    present[flat] = True
    return Cube(tuple(axes), order, values.reshape(shape), present.reshape(shape))


def _codes(
    table: pl.DataFrame, axis: str, fixed: Sequence[str] | None
) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """The labels of an axis in order, and each row's place among them."""
    import polars as pl

    column = table[axis]
    if isinstance(column.dtype, pl.Enum) and fixed is None:
        return tuple(column.dtype.categories), column.to_physical().to_numpy()
    found = column.unique().to_list()
    order = tuple(fixed) if fixed is not None else tuple(sorted(found))
    extra = set(found) - set(order)
    if extra:
        raise LabelsDisagree(axis, extra, ())
    return order, column.cast(pl.Enum(list(order))).to_physical().to_numpy()


def uncube(dense: Cube) -> pl.DataFrame:
    """The long table of a cube, the reported cells only; the other labels are empty."""
    import numpy as np
    import polars as pl

    places = np.nonzero(dense.present)
    columns: dict[str, object] = {
        axis: np.array(dense.labels[axis], dtype=object)[place]
        for axis, place in zip(dense.axes, places, strict=True)
    }
    blank = {name: [""] * len(places[0]) for name in LABELS if name not in dense.axes}
    columns |= blank | {"pence": dense.values[places], "entry": [0] * len(places[0])}
    return pl.DataFrame(columns).select(COLUMNS)


def rollup(dense: Cube, parent_of: Mapping[str, str], axis: str = "organisation") -> Cube:
    """The same cube with every parent added: each is its own cells plus all below it.

    `parent_of` gives the parent of each child; parents not on the axis are put at its end.
    Present wherever the parent or anybody below reported. A circle is an assertion: `check`
    finds it before any figure is made.

    >>> c = cube(amounts([{"organisation": "A", "pence": 3}, {"organisation": "B", "pence": 4}]),
    ...          ["organisation"])
    >>> up = rollup(c, {"A": "S", "B": "S"})
    >>> up.labels["organisation"], up.values.tolist()
    (('A', 'B', 'S'), [3, 4, 7])
    """
    import numpy as np

    place = dense.axes.index(axis)
    own = dense.labels[axis]
    new = sorted({p for p in parent_of.values() if p not in own})
    labels = (*own, *new)
    at = {label: index for index, label in enumerate(labels)}
    shape = list(dense.values.shape)
    shape[place] = len(labels)
    values = np.zeros((shape[place], *shape[:place], *shape[place + 1 :]), dtype=np.int64)
    present = np.zeros(values.shape, dtype=np.bool_)
    values[: len(own)] = np.moveaxis(dense.values, place, 0)
    present[: len(own)] = np.moveaxis(dense.present, place, 0)
    for child in _deepest_first(parent_of, at):
        parent = at[parent_of[child]]
        values[parent] += values[at[child]]
        present[parent] |= present[at[child]]
    return Cube(
        dense.axes,
        {**dense.labels, axis: labels},
        np.moveaxis(values, 0, place),
        np.moveaxis(present, 0, place),
    )


def _deepest_first(parent_of: Mapping[str, str], known: Mapping[str, int]) -> list[str]:
    """Children in an order in which each comes before its own parent."""
    depth: dict[str, int] = {}
    for code in parent_of:
        steps, above = 0, code
        while above in parent_of:
            above = parent_of[above]
            steps += 1
            assert steps <= len(parent_of), "parents stand in a circle"
        depth[code] = steps
    return sorted((c for c in parent_of if c in known), key=lambda c: (-depth[c], c))

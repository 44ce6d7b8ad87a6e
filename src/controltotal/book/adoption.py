"""A book's own parameters: local values, and the adoption of unverified ones by a named person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from controltotal.book.records import OwnParameter
from controltotal.core.parameters import Parameter, Parameters


def book_parameters(packaged: Parameters, rows: Iterable[OwnParameter]) -> Parameters:
    """The packaged values with a book's own rows laid over them.

    A row that repeats a packaged value and names who adopted it verifies that value; any other
    row is a local value with its own authority and mark.
    """
    more = []
    for row in rows:
        same = next(
            (
                p
                for p in packaged.values.get(row.name, ())
                if p.start == row.from_ and p.value == row.value
            ),
            None,
        )
        if same is not None and row.adopted_by:
            more.append(replace(same, adopted_by=row.adopted_by, adopted_on=row.adopted_on))
        else:
            more.append(
                Parameter(
                    row.name,
                    row.value,
                    same.unit if same else "",
                    row.from_,
                    None,
                    row.authority,
                    row.source or "this book",
                    row.mark or "K",
                    row.known_on,
                    row.adopted_by or "",
                    row.adopted_on,
                )
            )
    return packaged.with_values(more)

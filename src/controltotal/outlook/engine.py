"""Which of two engines draws a model: the compiled kernel, or whole arrays where that is quicker.

Both give the same bytes for the same model and seed, so the choice is one of time alone: the
kernel draws ten times as fast and takes half a second to load (ten or more to compile, once).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from controltotal.core.late import Late
from controltotal.outlook import vectors

kernel = Late("controltotal.outlook.kernel")  # loads the compiler
numbers = Late("controltotal.outlook.numbers")

SMALL: Final = 4_000_000
"""Sources times draws up to which whole arrays are done before the kernel would be loaded."""
USUAL_DRAWS: Final = 10_000


@dataclass(frozen=True)
class Engine:
    """The functions of an engine, which `kernel` and `numbers` describe; `chunk`, draws in one task."""

    chunk: int
    build_rows: Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]
    factor_table: Callable[[], np.ndarray]
    normals: Callable[..., np.ndarray]
    base_noise: Callable[..., np.ndarray]
    simulate: Callable[..., None]
    contributions: Callable[..., None]
    source_savings: Callable[..., None]


ARRAYS: Final = Engine(
    vectors.CHUNK,
    vectors.build_rows,
    vectors.factor_table,
    vectors.normals,
    vectors.exact_normals,
    vectors.simulate,
    vectors.contributions,
    vectors.source_savings,
)


def engine_for(sources: int, draws: int = USUAL_DRAWS) -> Engine:
    """The engine that is done first with so many sources and draws.

    >>> engine_for(150) is ARRAYS
    True
    """
    return ARRAYS if sources * draws <= SMALL else compiled_engine()


@cache
def compiled_engine() -> Engine:
    """The compiled kernel, loaded when it is first needed."""
    return Engine(
        kernel.CHUNK,
        kernel.build_rows,
        numbers.factor_table,
        numbers.normals,
        numbers.base_noise,
        kernel.simulate,
        kernel.contributions,
        kernel.source_savings,
    )

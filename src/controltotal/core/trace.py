"""Where a figure came from: its rule, the figures and parameters it used, its ledger entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Trace(NamedTuple):
    """One step of an explanation.

    `rule` says in plain words how the figure was made; `inputs` are ids of other figures,
    `parameters` names of dated parameters, `entries` numbers of ledger entries.

    >>> Trace("control total less surplus", inputs=("surplus/QE1/2020-21/plan",)).rule
    'control total less surplus'
    """

    rule: str
    inputs: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    entries: Sequence[int] = ()

"""What a verb answers, read from its JSON as another program would read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from controltotal.core.result import Result
from tests.running import controltotal

MILLION = 100_000_000
"""One million pounds in pence."""


def m(millions: float) -> int:
    """Millions of pounds, to one place, in pence.

    >>> m(-2.5)
    -250000000
    """
    return round(millions * 10) * (MILLION // 10)


@dataclass(frozen=True)
class Answer:
    """One JSON document and the code with which the command left."""

    document: Mapping[str, Any] = field(repr=False)
    code: int = 0

    @property
    def figures(self) -> dict[str, Mapping[str, Any]]:
        """Every figure by its id."""
        return {figure["id"]: figure for figure in self.document["figures"]}

    @property
    def findings(self) -> list[Mapping[str, Any]]:
        """Every finding."""
        return list(self.document["findings"])

    @property
    def codes(self) -> set[str]:
        """The codes of the findings."""
        return {finding["code"] for finding in self.findings}

    def value(self, name: str) -> Any:
        """The value of a figure; a figure that the answer does not have is a KeyError."""
        return self.figures[name]["value"]

    def told(self, measure: str) -> dict[str, Any]:
        """The values of one measure by the rest of their ids."""
        return {
            name.removeprefix(f"{measure}/"): figure["value"]
            for name, figure in self.figures.items()
            if name.startswith(f"{measure}/")
        }

    def table(self, name: str) -> list[Mapping[str, Any]]:
        """The rows of a table; none where the answer has no such table."""
        return list(self.document["tables"].get(name, ()))

    def row(self, table: str, **where: Any) -> Mapping[str, Any]:
        """The one row of a table that matches; any other number of them is a failure."""
        found = [r for r in self.table(table) if all(r[k] == v for k, v in where.items())]
        assert len(found) == 1, f"{len(found)} rows of {table} match {where}"
        return found[0]


def answer(*words: str | Path) -> Answer:
    """The answer of `controltotal WORDS --json`."""
    ran = controltotal(*words, "--json")
    return Answer(json.loads(ran.out), ran.code)


def answer_of(result: Result) -> Answer:
    """The answer that a verb gave in Python, as the same JSON."""
    return Answer(json.loads(result.to_json()))

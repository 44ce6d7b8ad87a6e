"""What a person reads of every worked case of the regime: each outcome with its steps, as one text.

The cases are those of `rules/*.yaml`; the text is `rules/told.txt`. A case says what must come out; this says how
it is told: every step, sum, consequence and number used. `--regenerate` writes it anew; read the difference.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from controltotal.core.money import exact_text
from controltotal.core.result import Result
from controltotal.rules.answer import answer_rules
from controltotal.rules.registry import RULES
from controltotal.workings.workings import Workings
from tests.strategies import position_of

FOLDER = Path(__file__).parent / "rules"
TOLD = FOLDER / "told.txt"
BOOK = [{"key": "default_unit", "value": "£m"}, {"key": "fictional", "value": "yes"}]


def cells(text: str) -> list[dict[str, str]]:
    return [
        {k: v for k, v in row.items() if v} for row in csv.DictReader(text.strip().splitlines())
    ]


def answered(case: dict[str, Any]) -> Result:
    """The rules of a case, under the options that its command gives."""
    words = [str(word) for word in case.get("run", ())]
    regime = words[words.index("--regime") + 1] if "--regime" in words else ""
    book = {"book": BOOK, **{name: cells(text) for name, text in case["tables"].items()}}
    workings = Workings(position_of(book))
    return answer_rules(workings, strict="--strict" in words, regime=regime)


def shown(value: object, unit: str) -> str:
    """A value as the text has it: pounds to the penny, or the number."""
    if unit == "pence" and isinstance(value, int):
        return exact_text(value, "£")
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def told(page: str, case: dict[str, Any]) -> Iterator[str]:
    yield f"## {page}: {case['case']}"
    result = answered(case)
    own = {rule.name for rule in RULES if rule.family == page}
    for row in (r for r in result.tables["rules"] if r["rule"] in own):
        name = f"rule/{row['organisation']}/{row['year']}/{row['rule']}"
        figure = result.figure(name)
        assert figure is not None
        value, cost = (
            shown(row["value"], str(row["unit"])),
            shown(row["consequence_pence"], "pence"),
        )
        yield f"{name}: {row['status']}, {value}, consequence {cost}"
        if figure.low is not None or figure.high is not None:
            yield f"  between {figure.low} and {figure.high} pence"
        trace = result.trace[name]
        steps = trace.rule.splitlines()[1:-1]
        yield from (f"  {line}" for line in steps)
        if row["why"] not in steps:
            yield f"  because: {row['why']}"
        yield f"  {figure.status}; rests on {', '.join((*trace.inputs, *map(str, trace.entries)))}"
    for part in (r for r in result.tables["rule_parts"] if r["rule"] in own):
        where = f"{part['organisation']}/{part['year']}/{part['rule']}/{part['part']}"
        value = shown(part["value"], str(part["unit"]))
        yield f"part {where}: {value}, consequence {shown(part['consequence_pence'], 'pence')}"
    for change in result.tables["control_total_changes"]:
        yield f"change {' '.join(str(v) for v in change.values())}"
    yield ""


def every() -> str:
    lines = [
        line
        for page in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(page.read_text("utf-8"))
        for line in told(page.stem, case)
    ]
    return "\n".join(lines)


def test_every_outcome_is_told_as_it_was(request: pytest.FixtureRequest) -> None:
    text = every()
    if request.config.getoption("--regenerate"):
        TOLD.write_text(text, "utf-8")
    assert text == TOLD.read_text("utf-8")

"""What is missing to a control total, with what is expected to be lost of the schemes that count."""

from __future__ import annotations

from collections.abc import Iterable

from controltotal.core.result import Answer
from controltotal.outlook.inputs import Inputs
from controltotal.workings.missing import RISK, Missing, Step


def put_missing(answer: Answer, missing: Missing, inputs: Inputs, nodes: Iterable[str]) -> None:
    """The table `missing` of each node that can be told: the loss is that of the table `steps`."""
    lost: dict[str, int] = {}
    for row in answer.result().tables.get("steps", ()):
        if row["step"] == "expected loss":
            code = str(row["organisation"])
            lost[code] = lost.get(code, 0) - int(row["pence"])
    for node in nodes:
        if inputs.unknown(node):
            continue
        more = [Step("expected_loss", lost[node], RISK)] if lost.get(node) else []
        answer.table("missing", missing.rows(node, inputs.year, more))

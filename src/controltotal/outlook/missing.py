"""What is missing to a control total, with what is expected to be lost of the schemes that count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from controltotal.core.result import Answer
from controltotal.workings.missing import RISK, Missing, Step


def put_missing(
    answer: Answer, missing: Missing, year: str, walked: Mapping[str, Sequence[Mapping[str, Any]]]
) -> None:
    """The table `missing` of each node that can be told; `walked` are its rows of `steps`."""
    for node, rows in walked.items():
        lost = -sum(row["pence"] for row in rows if row["step"] == "expected loss")
        more = [Step("expected_loss", lost, RISK)] if lost else []
        answer.table("missing", missing.rows(node, year, more))

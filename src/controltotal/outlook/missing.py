"""What is missing to a control total, with what assured schemes do not bring of their plan.

They are expected to lose some of it, or what they were to bring is the same money as another's, or
another shuts them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from controltotal.core.result import Answer
from controltotal.outlook.steps import EXPECTED_LOSS, SAME_MONEY, SHUT_OUT
from controltotal.workings.missing import RISK, Missing, Step

OWN = ((EXPECTED_LOSS, "expected_loss"), (SAME_MONEY, "same_money"), (SHUT_OUT, "shut_out"))
"""Steps from the forecast that assured schemes make, and what each is called here."""


def put_missing(
    answer: Answer, missing: Missing, year: str, walked: Mapping[str, Sequence[Mapping[str, Any]]]
) -> None:
    """The table `missing` of each node that can be told; `walked` are its rows of `steps`."""
    for node, rows in walked.items():
        sums = {name: -sum(r["pence"] for r in rows if r["step"] == step) for step, name in OWN}
        more = [Step(name, pence, RISK) for name, pence in sums.items() if pence]
        answer.table("missing", missing.rows(node, year, more))

"""A sum of money told as a figure: one way, with all that it carries."""

from __future__ import annotations

from controltotal.core.result import Answer
from controltotal.workings.value import Value


def put_value(
    answer: Answer, name: str, value: Value, stated: int | None = None, to: str = ""
) -> None:
    """A sum of money as a figure, with all that it carries.

    `stated` is the total as published, `to` the month that an actual reaches.
    """
    answer.figure(
        name,
        value.pence,
        status=value.status,
        low=value.low,
        high=value.high,
        rule=value.rule,
        inputs=value.inputs,
        entries=value.entries,
        unknown=value.kind,
        qualifier=value.qualifier,
        stated=stated,
        to=to if value.reported else "",
    )

"""A figure without a value says the kind of reason, in every answer about the examples."""

from __future__ import annotations

import json

import pytest

from controltotal.core.result import Answer
from controltotal.core.unknown import KINDS, Unknown


def test_a_kind_that_nobody_documented_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind of unknown"):
        Unknown("because", "")
    with pytest.raises(ValueError, match="no kind of unknown"):
        Answer("position").figure("surplus/A/2026-27/plan", None, unknown="because")


def test_every_kind_has_a_meaning() -> None:
    assert all(kind.isidentifier() and meaning for kind, meaning in KINDS.items())


def test_json_carries_the_kind_beside_the_status_and_the_qualifier_last() -> None:
    answer = Answer("position")
    answer.figure("gap/A/2026-27/plan", None, unknown="no_control_total", rule="none is in force")
    answer.figure("surplus/A/2026-27/plan", 5, qualifier="around", rule="as stated")
    document = json.loads(answer.result().to_json())
    assert document["figures"] == [
        {
            "id": "gap/A/2026-27/plan",
            "value": None,
            "unit": "pence",
            "status": "indeterminate",
            "unknown": "no_control_total",
        },
        {
            "id": "surplus/A/2026-27/plan",
            "value": 5,
            "unit": "pence",
            "status": "ok",
            "qualifier": "around",
        },
    ]


def test_a_figure_with_a_value_carries_no_reason() -> None:
    figure = Answer("position").figure("surplus/A/2026-27/plan", 5, unknown="stopped")
    assert figure.unknown == ""

"""Who pays for whom, in words: a measure that stands alone names the receiver and agrees with nothing."""

from __future__ import annotations

import pytest

from controltotal import verbs
from tests.strategies import amount, position_of

NEEDS = {"T1": ("0.10", "17.4"), "T2": ("0.02", "13.3"), "T3": ("0.13", "17.0")}
SCORE = "By mean deprivation score the receiver Trust T3 (17.0) is less deprived than 1 of the 2 givers."
FIFTH = "By share of people in the most deprived fifth (13.0%) "


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        (
            ("deprivation",),
            [FIFTH + "the receiver Trust T3 is less deprived than 0 of the 2 givers."],
        ),
        (("deprivation_score",), [SCORE]),
        (
            ("deprivation", "deprivation_score"),
            [SCORE, FIFTH + "it is less deprived than 0 of them: the picture is mixed."],
        ),
    ],
)
def test_one_measure_alone_is_said_by_itself(measures: tuple[str, ...], said: list[str]) -> None:
    bodies = [{"code": "R0", "name": "Region", "kind": "region"}]
    for code, values in NEEDS.items():
        known = dict(zip(("deprivation", "deprivation_score"), values, strict=True))
        body = {"code": code, "name": f"Trust {code}", "kind": "provider", "parent": "R0"}
        bodies.append({**body, "population": "100000", **{name: known[name] for name in measures}})
    sums = {"T1": 900_000, "T2": 900_000, "T3": -500_000}
    rows = [amount(code, "position", pounds) for code, pounds in sums.items()]
    position = position_of({"organisations": bodies, "amounts": rows})
    told = verbs.share(position, "£0.5m", from_="T1,T2", to="T3", policy="equal_call").words
    assert [text for text in told if "deprived" in text] == said

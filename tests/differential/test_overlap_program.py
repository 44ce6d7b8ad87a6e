"""The overlap program agrees with trying every allocation of whole pounds."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.savings.overlap.crosswalk import Category, meet


def splits(total: int, caps: list[int]) -> list[tuple[int, ...]]:
    """Every way to lay whole pounds into places with room `caps`."""
    return [
        parts
        for parts in product(*(range(min(total, cap) + 1) for cap in caps))
        if sum(parts) == total
    ]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Category], list[Category], list[list[int]]]:
    """Two categories of one view meet two of another in cells of whole pounds."""
    money = [[draw(st.integers(0, 4)) for _ in range(2)] for _ in range(2)]
    rest_a = [draw(st.integers(0, 3)) for _ in range(2)]
    rest_b = [draw(st.integers(0, 3)) for _ in range(2)]
    spend_a = [sum(money[p]) + rest_a[p] for p in range(2)]
    spend_b = [money[0][s] + money[1][s] + rest_b[s] for s in range(2)]
    view_a = [Category(draw(st.integers(0, m)), m) for m in spend_a]
    view_b = [Category(draw(st.integers(0, m)), m) for m in spend_b]
    return view_a, view_b, money


def brute(
    view_a: list[Category], view_b: list[Category], money: list[list[int]]
) -> tuple[int, int]:
    """The least and the most union over every whole-pound allocation of both views' savings."""
    lays_a, lays_b = [], []
    for p, a in enumerate(view_a):
        assert a.spend is not None
        lays_a.append(splits(a.saving, [*money[p], a.spend - sum(money[p])]))
    for s, b in enumerate(view_b):
        column = [money[0][s], money[1][s]]
        assert b.spend is not None
        lays_b.append(splits(b.saving, [*column, b.spend - sum(column)]))
    least, most = 10**9, -1
    for a0, a1 in product(*lays_a):
        for b0, b1 in product(*lays_b):
            outside = a0[2] + a1[2] + b0[2] + b1[2]
            pairs = [
                (a0[0], b0[0], money[0][0]),
                (a0[1], b1[0], money[0][1]),
                (a1[0], b0[1], money[1][0]),
                (a1[1], b1[1], money[1][1]),
            ]
            least = min(least, outside + sum(max(a, b) for a, b, _ in pairs))
            most = max(most, outside + sum(min(a + b, m) for a, b, m in pairs))
    return least, most


@given(cases())
@settings(max_examples=40)
def test_program_equals_enumeration(
    case: tuple[list[Category], list[Category], list[list[int]]],
) -> None:
    view_a, view_b, money = case
    shares = {
        (str(p), str(s)): money[p][s] / view_a[p].spend
        for p in range(2)
        for s in range(2)
        if view_a[p].spend and money[p][s]
    }
    scale = 1000  # pence stay whole where half pounds are best
    met = meet(
        {str(p): Category(c.saving * scale, (c.spend or 0) * scale) for p, c in enumerate(view_a)},
        {str(s): Category(c.saving * scale, (c.spend or 0) * scale) for s, c in enumerate(view_b)},
        shares,
    )
    least, most = brute(view_a, view_b, money)
    assert met.total.lower == least * scale  # corners of the program are whole pounds
    assert met.total.upper == most * scale

"""Whatever a system withholds, nobody works it out by taking what is published from a sum.

Systems of two to four organisations whose control totals are stated on both levels and add up, and
whose plans are sums of those below. The reference lists the sums that hold and solves them plainly.
"""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from controltotal.core.public import may_show, public
from controltotal.core.result import Result
from tests.public_results import YEAR, determined, position, register, withheld_row

MEASURES = ("control_total", "surplus", "gap")
pence = st.integers(min_value=-9_000_000_000, max_value=9_000_000_000)


def name(measure: str, code: str) -> str:
    return f"{measure}/{code}/{YEAR}/plan"


def system(totals: list[int], surpluses: list[int]) -> tuple[Result, list[dict[str, int]]]:
    """The position of a system, and every sum that holds in it."""
    codes = "ABCD"[: len(totals)]
    figures, rests = {}, {}
    sums: list[dict[str, int]] = []
    for code, total, surplus in zip(codes, totals, surpluses, strict=True):
        figures |= {name("control_total", code): total, name("surplus", code): surplus}
    figures[name("control_total", "S")] = sum(totals)
    figures[name("surplus", "S")] = sum(surpluses)
    rests[name("surplus", "S")] = [name("surplus", code) for code in codes]
    for code in (*codes, "S"):
        parts = [name("control_total", code), name("surplus", code)]
        figures[name("gap", code)] = figures[parts[0]] - figures[parts[1]]
        rests[name("gap", code)] = parts
        sums.append({parts[0]: 1, parts[1]: -1, name("gap", code): -1})
    for measure in MEASURES:
        sums.append({name(measure, "S"): -1, **{name(measure, code): 1 for code in codes}})
    return position(figures, rests), sums


@st.composite
def systems(draw: st.DrawFn) -> tuple[list[int], list[int], list[str]]:
    size = draw(st.integers(min_value=2, max_value=4))
    some = st.lists(pence, min_size=size, max_size=size)
    names = [name(measure, code) for measure in MEASURES for code in [*"ABCD"[:size], "S"]]
    hidden = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    return draw(some), draw(some), hidden


@given(systems())
@example(([1, 1], [1, 1], [name("control_total", "A")]))
@example(([0, 0], [0, 0], [name("gap", "S")]))
def test_what_is_withheld_cannot_be_worked_out(
    made: tuple[list[int], list[int], list[str]],
) -> None:
    totals, surpluses, hidden = made
    answer, sums = system(totals, surpluses)
    rows = [withheld_row(one) for one in hidden]
    shown = public({"position": answer, "register": register(rows, "ABCD"[: len(totals)])})
    known = {f.id for f in shown["position"].figures if f.value is not None}
    assert not known & set(hidden)
    assert not determined(sums, known) & set(hidden)
    # what rests on what is withheld is not told either
    for one in shown["position"].figures:
        inputs = answer.trace[one.id].inputs
        if one.value is not None:
            assert not set(inputs) & set(hidden), one.id


@given(systems())
def test_one_judgement_for_each_figure(made: tuple[list[int], list[int], list[str]]) -> None:
    totals, surpluses, hidden = made
    answer, _ = system(totals, surpluses)
    rows = [withheld_row(one) for one in hidden]
    results = {"position": answer, "register": register(rows, "ABCD"[: len(totals)])}
    shown = public(results)
    for one in shown["position"].figures:
        assert may_show(results, one.id) == (one.status != "withheld")
    assert public(shown) == shown


def test_a_sum_gives_up_a_second_part_the_smallest_that_hides_the_first() -> None:
    """£9.0m, £2.0m, £0.05m and £4.0m of £15.05m: the £2.0m goes too, and the sum stays."""
    totals = [900_000_000, 200_000_000, 5_000_000, 400_000_000]
    figures = {name("control_total", code): p for code, p in zip("ABCD", totals, strict=True)}
    figures[name("control_total", "S")] = sum(totals)
    rows = [withheld_row(name("control_total", "A"))]
    shown = public({"position": position(figures), "register": register(rows, "ABCD")})
    gone = {f.id for f in shown["position"].figures if f.status == "withheld"}
    assert gone == {name("control_total", "A"), name("control_total", "B")}
    also = {row["figure"]: row["why"] for row in shown["register"].tables["withheld_also"]}
    assert "taking it from a sum" in also[name("control_total", "B")]


def test_the_reference_solves_sums() -> None:
    sums = [{"a": 1, "b": 1, "s": -1}, {"a": 1, "b": -1, "d": -1}]
    assert determined(sums, {"s", "d"}) == {"a", "b"}
    assert determined(sums[:1], {"s"}) == set()
    assert determined(sums[:1], {"s", "b"}) == {"a"}

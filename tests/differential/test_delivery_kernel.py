"""The compiled delivery kernel and its like in whole arrays, against the plain reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.outlook import arrays, reference
from controltotal.outlook.engine import ARRAYS, SMALL, Engine, compiled_engine, engine_for
from controltotal.outlook.model import Model, Source, even_steps, phased_steps
from controltotal.outlook.simulation import contributions, run, source_draws

CODES = ("RAA", "RBB", "RCC")
BOTH = pytest.mark.parametrize("engine", [compiled_engine(), ARRAYS], ids=["compiled", "arrays"])
ABOVE = {"RAA": ("RAA", "QAA"), "RBB": ("RBB", "QAA"), "RCC": ("RCC",)}


@st.composite
def sources(draw: st.DrawFn, name: str) -> Source:
    """A source of any kind that a book can give rise to."""
    low, mode, high = sorted(
        draw(st.tuples(*[st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0, 1.2])] * 3))
    )
    rate = draw(st.integers(-(10**7), 10**7)) / 12
    if draw(st.booleans()):
        steps = even_steps(float(rate), draw(st.integers(-14, 20)), recurrent=draw(st.booleans()))
    else:
        steps = phased_steps(draw(st.lists(st.integers(0, 10**6), min_size=24, max_size=24)))
    first = draw(st.sampled_from(CODES))
    parts: tuple[tuple[str, float], ...] = ((first, 1.0),)
    if draw(st.booleans()):
        other = draw(st.sampled_from([code for code in CODES if code != first]))
        parts = ((first, 1.3), (other, -0.3))
    loadings = draw(st.sampled_from([(), (0.5,), (0.35, 0.2, 0.25), (1.0,)]))
    names = (f"organisation {first}", "category pay", "system QAA")
    return Source(
        name,
        steps,
        parts,
        chance=draw(st.sampled_from([0.0, 0.05, 0.5, 0.97, 1.0])),
        low=low,
        mode=mode,
        high=high,
        delay_months=draw(st.sampled_from([0.0, 0.3, 2.0, 9.0])),
        factors=tuple(zip(names, loadings, strict=False)),
    )


@st.composite
def models(draw: st.DrawFn) -> Model:
    count = draw(st.integers(0, 6))
    base = {code: (draw(st.integers(-(10**11), 10**11)), 0) for code in CODES}
    return Model(
        years=("2026-27", "2027-28"),
        base=base,
        sources=tuple(draw(sources(f"S{i}")) for i in range(count)),
        above=ABOVE,
        base_sd={"RBB": draw(st.sampled_from([0.0, 1e6]))},
        months_for=("QAA", "RCC"),
        distribution=draw(st.sampled_from(["pert", "triangular"])),
    )


@BOTH
@settings(max_examples=60, deadline=None)
@given(models(), st.integers(1, 2**40), st.sampled_from([1, 255, 256, 1300]))
def test_kernel_says_what_the_reference_says(
    engine: Engine, model: Model, seed: int, draws: int
) -> None:
    drawn = run(model, draws=draws, seed=seed, threads=2, engine=engine)
    plain = reference.simulate(model, draws=draws, seed=seed)
    # whole pence against unrounded money: at most the half penny of the rounding
    assert np.abs(drawn.own - plain).max() <= 0.51


@settings(max_examples=100, deadline=None)
@given(models(), st.integers(1, 2**40), st.sampled_from([1, 255, 1300]))
def test_whole_arrays_give_the_bytes_of_the_kernel(model: Model, seed: int, draws: int) -> None:
    fast, plain = (
        run(model, draws=draws, seed=seed, engine=one) for one in (compiled_engine(), ARRAYS)
    )
    for name, column in fast.arrays._asdict().items():
        assert column.tobytes() == getattr(plain.arrays, name).tobytes(), name
    assert fast.own.tobytes() == plain.own.tobytes()
    assert fast.courses.tobytes() == plain.courses.tobytes()
    assert fast.factors.tobytes() == plain.factors.tobytes()
    aim = int(np.median(fast.node("QAA")))
    aims = {"QAA": aim, "RCC": None}
    moved = contributions(fast, aims)
    assert moved == contributions(plain, aims)
    assert moved == {node: contributions(fast, {node: aims[node]})[node] for node in aims}
    for source in model.sources:
        drawn = [source_draws(one, source.name, "QAA").tobytes() for one in (fast, plain)]
        assert drawn[0] == drawn[1]


@pytest.mark.parametrize("distribution", ["pert", "triangular"])
def test_rows_of_every_shape_are_equal_to_the_last_bit(distribution: str) -> None:
    chances = np.array([0.0, 1e-9, 0.01, 0.3, 0.5, 0.77, 0.97, 1.0 - 1e-9, 1.0])
    sources = tuple(
        Source(f"S{i}-{j}", (), (), chance=float(chance), low=0.0, mode=float(mode))
        for i, chance in enumerate(chances)
        for j, mode in enumerate(np.linspace(0.0, 1.0, 41))
    )
    model = Model(
        ("2026-27",), {"RCC": (0,)}, sources, {"RCC": ("RCC",)}, distribution=distribution
    )
    fast, plain = (arrays.build(model, 1, one) for one in (compiled_engine(), ARRAYS))
    for name in ("rows", "start_score", "row_score", "row_scale", "factor_scores"):
        assert getattr(fast, name).tobytes() == getattr(plain, name).tobytes(), name


def test_a_large_model_is_drawn_by_the_compiled_kernel() -> None:
    assert engine_for(SMALL // 10_000, 10_000) is ARRAYS
    assert engine_for(SMALL // 10_000 + 1, 10_000) is compiled_engine()


@BOTH
@settings(max_examples=30, deadline=None)
@given(models(), st.integers(0, 2**31))
def test_threads_and_splits_give_the_same_bytes(engine: Engine, model: Model, seed: int) -> None:
    one = run(model, draws=2500, seed=seed, threads=1, engine=engine)
    two = run(model, draws=2500, seed=seed, threads=2, engine=engine)
    sixteen = run(model, draws=2500, seed=seed, threads=16, engine=engine)
    fewer = run(model, draws=1100, seed=seed, threads=1, engine=engine)
    assert one.own.tobytes() == two.own.tobytes() == sixteen.own.tobytes()
    assert one.courses.tobytes() == two.courses.tobytes() == sixteen.courses.tobytes()
    assert np.array_equal(one.own[:, :, :1100], fewer.own)
    assert np.array_equal(one.courses[:, :, :1100], fewer.courses)


@BOTH
@settings(max_examples=30, deadline=None)
@given(models(), st.integers(0, 5))
def test_deleting_one_scheme_leaves_the_draws_of_the_others(
    engine: Engine, model: Model, which: int
) -> None:
    if which >= len(model.sources):
        return
    gone = model.sources[which]
    left = tuple(source for source in model.sources if source.name != gone.name)
    smaller = Model(model.years, model.base, left, ABOVE, distribution=model.distribution)
    before, after = run(model, draws=600, engine=engine), run(smaller, draws=600, engine=engine)
    for source in left:
        for node in ("QAA", "RCC"):
            assert np.array_equal(
                source_draws(before, source.name, node), source_draws(after, source.name, node)
            )


@BOTH
@settings(max_examples=30, deadline=None)
@given(models())
def test_contributions_share_out_the_whole_variance(engine: Engine, model: Model) -> None:
    drawn = run(model, draws=1000, threads=2, engine=engine)
    spread = drawn.node("QAA").std()
    if spread < 1000:  # nothing uncertain, or only rounding
        return
    found = contributions(drawn, {"QAA": int(np.median(drawn.node("QAA")))})["QAA"]
    assert sum(part.variance for part in found) == pytest.approx(1.0, abs=1e-3)
    if all(part.missing is not None for part in found):
        assert sum(part.missing or 0.0 for part in found) == pytest.approx(1.0, abs=1e-3)


@BOTH
@settings(max_examples=30, deadline=None)
@given(models())
def test_what_a_source_contributes_is_what_its_draws_say(engine: Engine, model: Model) -> None:
    drawn = run(model, draws=600, threads=1, engine=engine)
    position = drawn.node("QAA").astype(np.float64)
    aim = int(np.median(position))
    missed, away = position < aim, position - position.mean()
    found = contributions(drawn, {"QAA": aim})["QAA"]
    for part in found:
        if part.name.startswith("base "):
            continue
        saving = source_draws(drawn, part.name, "QAA")
        apart = saving - saving.mean()
        assert part.mean == pytest.approx(saving.mean(), rel=1e-9, abs=1e-3)
        assert part.deviation == pytest.approx(saving.std(), rel=1e-6, abs=1.0)
        if position.std() > 1000:
            assert part.variance == pytest.approx(apart @ away / (away @ away), abs=1e-6)
        if part.missing is not None and abs(away[missed].sum()) > 1e6:
            lost = apart[missed].sum() / away[missed].sum()
            assert part.missing == pytest.approx(lost, abs=1e-6)
    under = {s.name for s in model.sources if sum(w for c, w in s.parts if c != "RCC") != 0}
    assert {part.name for part in found if not part.name.startswith("base ")} == under
    assert all(part.missing is None for part in contributions(drawn, {"QAA": None})["QAA"])


@BOTH
@settings(max_examples=30, deadline=None)
@given(models())
def test_the_course_by_month_ends_at_the_year(engine: Engine, model: Model) -> None:
    drawn = run(model, draws=300, engine=engine)
    for place, node in enumerate(model.months_for):
        assert np.abs(drawn.courses[place, 11] - drawn.node(node, 0)).max() <= 1.5


@pytest.mark.parametrize("distribution", ["pert", "triangular"])
@pytest.mark.parametrize("chance", [1.0, 0.9, 0.4])
@pytest.mark.parametrize("mode", [0.0, 0.3, 0.75, 1.0])
def test_tables_cost_next_to_nothing_in_accuracy(
    distribution: str, chance: float, mode: float
) -> None:
    source = Source(
        "S",
        ((0, 1e6 / 12),),
        (("RCC", 1.0),),
        chance=chance,
        low=0.0,
        mode=mode,
        high=1.0,
        factors=(("organisation RCC", 0.4),),
    )
    model = Model(
        ("2026-27",), {"RCC": (0,)}, (source,), {"RCC": ("RCC",)}, distribution=distribution
    )
    quick = reference.simulate(model, draws=20_000, seed=3)[0, 0]
    exact = reference.simulate(model, draws=20_000, seed=3, exact=True)[0, 0]
    assert quick.mean() == pytest.approx(exact.mean(), abs=1e6 * 2e-4)
    assert quick.std() == pytest.approx(exact.std(), rel=2e-3)
    assert np.quantile(np.abs(quick - exact), 0.98) < 1e6 * 2e-3


def test_the_table_of_pert_quantiles_is_the_librarys() -> None:
    from scipy.special import betaincinv, ndtr

    from controltotal.outlook.shapes import PLACES, SCORE_MAX, SCORES, pert_quantiles

    scores = np.linspace(-SCORE_MAX, SCORE_MAX, SCORES)
    for place in (0, 1, 13, 32, 50, 64):
        t = place / (PLACES - 1)
        assert (
            np.abs(pert_quantiles()[place] - betaincinv(1 + 4 * t, 5 - 4 * t, ndtr(scores))).max()
            < 2e-6
        )

"""From a delivery model to dense arrays, once; labels are settled here and nowhere later.

Shapes: S sources, P parts (a source on an organisation), O organisations (slots), F factors
(the last row is a factor of nil, for sources that lack one), Y years, H = 12 Y months.
"""

from __future__ import annotations

import math

import numpy as np

from controltotal.outlook.engine import Engine, engine_for
from controltotal.outlook.layout import Arrays
from controltotal.outlook.model import FACTOR_KINDS, MONTHS, Model, Source
from controltotal.outlook.shapes import (
    DISTRIBUTIONS,
    delay_thresholds,
    normal_scores,
    pert_quantiles,
)
from controltotal.outlook.streams import stream_key

FACTORS_EACH = len(FACTOR_KINDS)


def build(model: Model, seed: int, engine: Engine | None = None) -> Arrays:
    """Dense arrays of a model and a seed; about 0.1 s for 20,000 sources."""
    engine = engine or engine_for(len(model.sources))
    sources, organisations = model.sources, model.organisations
    factor_names = sorted({name for source in sources for name, _ in source.factors})
    factor, loading, rest = _factors(sources, factor_names)
    chance = np.array([source.chance for source in sources], dtype=np.float64)
    low = np.array([source.low for source in sources], dtype=np.float64)
    span = np.array([source.high for source in sources], dtype=np.float64) - low
    mode = np.array([source.mode for source in sources], dtype=np.float64)
    place = np.divide(mode - low, span, out=np.full(len(sources), 0.5), where=span > 0)
    shapes, row_of = np.unique(
        np.stack([chance, np.clip(place, 0.0, 1.0)], axis=1), axis=0, return_inverse=True
    )
    rows, start_score, row_score, row_scale = engine.build_rows(
        shapes[:, 0].copy(),
        shapes[:, 1].copy(),
        DISTRIBUTIONS[model.distribution],
        pert_quantiles(),
    )
    row_of = row_of.reshape(-1).astype(np.int64)
    delay_of, delays = _delays(sources)
    return Arrays(
        keys=_keys(seed, [f"{source.kind} {source.name}" for source in sources]),
        start_score=start_score[row_of],
        row_score=row_score[row_of],
        row_scale=row_scale[row_of],
        row_of=row_of,
        rows=rows,
        low=low,
        span=span,
        fixed=(chance == 1.0) & (span == 0.0),
        factor=factor,
        loading=loading,
        rest=rest,
        delay_of=delay_of,
        delays=delays,
        **_steps(sources),
        **_parts(model),
        base=np.array([model.base[code] for code in organisations], dtype=np.int64).reshape(
            len(organisations), len(model.years)
        ),
        base_course=_base_course(model),
        base_sd=np.array([model.base_sd.get(code, 0.0) for code in organisations]),
        base_from=np.array([model.recorded.get(code, 0) for code in organisations], np.int64),
        base_keys=_keys(seed, [f"base {code}" for code in organisations]),
        **_courses(model),
        factor_keys=_keys(seed, [*(f"factor {name}" for name in factor_names), ""]),
        factor_scores=engine.factor_table(),
        scores=np.stack([normal_scores()[:-1], np.diff(normal_scores())], axis=1),
    )


def _keys(seed: int, names: list[str]) -> np.ndarray:
    return np.array([stream_key(seed, name) for name in names], dtype=np.uint64)


def _factors(
    sources: tuple[Source, ...], names: list[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    places = {name: place for place, name in enumerate(names)}
    factor = np.full((len(sources), FACTORS_EACH), len(names), dtype=np.int64)
    loading = np.zeros((len(sources), FACTORS_EACH), dtype=np.float32)
    rest = np.ones(len(sources), dtype=np.float32)
    for s, source in enumerate(sources):
        assert len(source.factors) <= FACTORS_EACH
        for k, (name, value) in enumerate(source.factors):
            factor[s, k], loading[s, k] = places[name], value
        rest[s] = math.sqrt(max(1.0 - sum(value * value for _, value in source.factors), 0.0))
    return factor, loading, rest


def _delays(sources: tuple[Source, ...]) -> tuple[np.ndarray, np.ndarray]:
    means = sorted({source.delay_months for source in sources if source.delay_months > 0})
    places = {mean: place for place, mean in enumerate(means)}
    delay_of = np.array([places.get(source.delay_months, -1) for source in sources], np.int64)
    table = [delay_thresholds(mean) for mean in means] or [np.zeros(12, np.int32)]
    return delay_of, np.stack(table)


def _steps(sources: tuple[Source, ...]) -> dict[str, np.ndarray]:
    counts = [len(source.steps) for source in sources]
    return {
        "step_start": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "step_month": np.array([m for s in sources for m, _ in s.steps], dtype=np.int64),
        "step_rate": np.array([r for s in sources for _, r in s.steps], dtype=np.float64),
    }


def _parts(model: Model) -> dict[str, np.ndarray]:
    places = {code: place for place, code in enumerate(model.organisations)}
    parts = sorted(
        (places[code], s, weight)
        for s, source in enumerate(model.sources)
        for code, weight in source.parts
    )
    counts = np.bincount([place for place, _, _ in parts], minlength=len(places))
    return {
        "part_start": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "part_source": np.array([s for _, s, _ in parts], dtype=np.int64),
        "part_weight": np.array([weight for _, _, weight in parts], dtype=np.float64),
    }


def _base_course(model: Model) -> np.ndarray:
    course = np.zeros((len(model.organisations), MONTHS))
    for o, code in enumerate(model.organisations):
        year = float(model.base[code][0])
        monthly = model.base_months.get(code, (year / MONTHS,) * MONTHS)
        course[o] = np.cumsum(monthly)
    return course


def _courses(model: Model) -> dict[str, np.ndarray]:
    places = {node: place for place, node in enumerate(model.months_for)}
    lists = [[places[n] for n in model.above[o] if n in places] for o in model.organisations]
    return {
        "course_start": np.concatenate([[0], np.cumsum([len(x) for x in lists])]).astype(np.int64),
        "course_node": np.array([n for nodes in lists for n in nodes], dtype=np.int64),
    }

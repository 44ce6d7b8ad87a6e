"""Who is shown, what a run rests on and why a scheme does not count: the parts of a risk answer."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.outlook.delivery import (
    RiskOptions,
    _falling,
    _joined,
    _parameters,
    _shown_options,
    _subjects,
    _why,
)


def test_an_answer_says_how_it_was_made_where_that_is_not_as_usual() -> None:
    usual = {"year": "2026-27", "draws": 10_000, "seed": 1}
    assert _shown_options(RiskOptions("2026-27", threads=7)) == usual
    asked = RiskOptions(
        "2026-27",
        organisation="A",
        draws=5,
        seed=9,
        independent=True,
        pipeline=True,
        distribution="triangular",
    )
    assert _shown_options(asked) == {
        "year": "2026-27",
        "draws": 5,
        "seed": 9,
        "organisation": "A",
        "independent": True,
        "pipeline": True,
        "distribution": "triangular",
    }


def test_as_usual_the_years_after_are_drawn_too() -> None:
    assert RiskOptions("2026-27").later_years


ABOVE = {
    "A": ("A", "S1", "R"),
    "B": ("B", "S2", "R"),
    "C": ("C", "S3", "R"),
    "N": ("N",),
}


def drawn(*falls: tuple[str, str]) -> Any:
    """Sources by name, each on one body."""
    sources = tuple(SimpleNamespace(name=name, parts=((code, 1.0),)) for name, code in falls)
    return SimpleNamespace(model=SimpleNamespace(above=ABOVE, sources=sources))


def test_a_source_falls_on_its_body_and_all_above_it() -> None:
    two = SimpleNamespace(name="Z", parts=(("A", 0.5), ("B", 0.5)))
    made = drawn(("X", "A"), ("Y", "B"))
    made.model.sources += (two,)
    assert _falling(made) == {
        "A": ["X", "Z"],
        "S1": ["X", "Z"],
        "R": ["X", "Y", "Z"],
        "B": ["Y", "Z"],
        "S2": ["Y", "Z"],
    }


KINDS = {"S1": "system", "S2": "system", "S3": "system", "R": "region"}


def subjects(
    *falls: tuple[str, str], asked: str | None = None, lacking: str = "", nodes: str = ""
) -> list[str]:
    inputs: Any = SimpleNamespace(
        model=drawn(*falls).model, unknown=lambda node: "why" if node == lacking else None
    )
    tree = SimpleNamespace(kind=lambda code: KINDS.get(code, "provider"))
    totals: Any = SimpleNamespace(tree=tree)
    every = nodes.split() or ["R", "S1", "S2", "S3", "A", "B", "C", "N"]
    return _subjects(totals, inputs, RiskOptions("2026-27", organisation=asked), every)


def test_the_tops_and_a_few_systems_are_shown_where_a_source_falls_on_them() -> None:
    assert subjects(("X", "A"), ("Y", "B")) == ["R", "S1", "S2"]
    assert subjects(("X", "N")) == ["N"]
    assert subjects() == []
    assert subjects(("X", "A"), lacking="S1") == ["R"]
    assert subjects(("X", "A"), lacking="R") == ["S1"]


def test_of_more_systems_than_a_few_none_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    every = (("X", "A"), ("Y", "B"), ("Z", "C"))
    monkeypatch.setattr("controltotal.outlook.delivery.SYSTEMS_SHOWN", 3)
    assert subjects(*every) == ["R", "S1", "S2", "S3"]
    monkeypatch.setattr("controltotal.outlook.delivery.SYSTEMS_SHOWN", 2)
    assert subjects(*every) == ["R"]


def test_the_body_asked_for_is_shown_alone_where_it_can_be_told() -> None:
    assert subjects(("X", "A"), asked="A") == ["A"]
    assert subjects(("X", "A"), asked="C") == ["C"]
    assert subjects(("X", "A"), asked="A", lacking="A") == []


def test_why_a_scheme_counts_for_a_part_or_not_at_all() -> None:
    inputs: Any = SimpleNamespace(
        drawn={"D": "it has no gate"}, reasons={"R": "it is too late"}, shares={"P": Fraction(1, 3)}
    )
    assert _why(inputs, "D", False) == (
        "it has no gate; drawn as if it were assessed, for the forecast holds it"
    )
    assert _why(inputs, "R", False) == "it is too late"
    assert _why(inputs, "Q", False) == "cannot be told"
    assert _why(inputs, "Q", True) == ""
    assert _why(inputs, "P", True) == (
        "33.3% of it counts: others draw on the same opportunity, or it is larger"
    )


def rests(*names: str, drawn: tuple[str, ...] = ()) -> tuple[tuple[str, ...], bool]:
    terms = {
        "A": SimpleNamespace(parameters=("rate 2", "rate 1"), verified=True),
        "B": SimpleNamespace(parameters=("rate 2", "rate 3"), verified=False),
    }
    inputs: Any = SimpleNamespace(terms=terms, drawn=dict.fromkeys(drawn, "why"))
    return _parameters(inputs, names)


def test_the_defaults_that_sources_rest_on_each_once_and_whether_all_are_checked() -> None:
    assert rests("A", "R") == (("rate 1", "rate 2"), True)
    assert rests("A", "B") == (("rate 1", "rate 2", "rate 3"), False)
    assert rests("R") == ((), True)
    assert rests("A", drawn=("A",)) == (("rate 1", "rate 2"), False)
    assert rests("A", drawn=("Z",)) == (("rate 1", "rate 2"), True)


def test_loadings_bear_on_a_node_where_a_source_hangs_on_a_factor() -> None:
    inputs: Any = SimpleNamespace(factored=frozenset({"A"}))
    assert _joined(inputs, ["B", "A"])
    assert not _joined(inputs, ["B"])
    assert not _joined(inputs, [])

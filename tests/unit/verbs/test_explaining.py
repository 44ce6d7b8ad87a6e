"""A figure is explained by asking its own verb again, about its own body, year and options."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from tests.running import controltotal as run

EXAMPLES = Path(__file__).parents[3] / "examples"
BOOK = EXAMPLES / "fictional-system"
NEIGHBOURS = EXAMPLES / "east-of-england-2019"
MILLION = 100_000_000


def test_explain_asks_about_the_body_and_year_of_the_figure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    explaining = importlib.import_module("controltotal.verbs.explaining")
    asked: list[tuple[str, dict[str, object]]] = []

    def noted(name: str) -> Any:
        def ask(workings: object, **given: object) -> Any:
            asked.append((name, given))
            return getattr(verbs, name)(workings, **given)

        return ask

    monkeypatch.setattr(explaining, "load", noted)
    found = verbs.explain(NEIGHBOURS, "surplus/QUE/2019-20/plan")
    assert asked == [("position", {"organisation": "QUE", "year": "2019-20"})]
    assert found.value("surplus/QUE/2019-20/plan") == -19_200_000_000


def test_explain_finds_every_figure_of_a_book_as_its_verb_gives_it() -> None:
    explaining = importlib.import_module("controltotal.verbs.explaining")
    for name in ("real-system-2018", "lancashire-south-cumbria-2021"):
        workings = verbs.opened(EXAMPLES / name)
        answers = explaining.Answers(workings)
        for verb in ("position", "trajectory", "forecast", "challenge"):
            whole = getattr(verbs, verb)(workings)
            for figure in whole.figures:
                assert answers.look(figure.id) == (figure, whole.trace[figure.id]), figure.id


def test_a_share_of_a_typed_gap_is_explained_with_the_options_of_its_share() -> None:
    figure = "share/QMM/2019-20/plan/equal_call"
    ran = run("explain", str(NEIGHBOURS), figure, "--gap", "£30m", "--to", "QUE", "--detail")
    assert ran.code == 0
    assert ran.out.startswith("As `share` answers with year 2019-20, gap £30.0 million, policy all")
    assert "equal_call: £6.0m" in ran.out  # five neighbours pay the same

    shared = verbs.share(NEIGHBOURS, "£30m", to="QUE")
    told = verbs.explain(NEIGHBOURS, figure, within=shared)
    assert told.value(figure) == shared.value(figure) == 6 * MILLION
    assert verbs.explain(NEIGHBOURS, figure, gap="£30m", to="QUE").value(figure) == 6 * MILLION


def test_a_share_that_no_option_names_says_how_to_reach_it() -> None:
    with pytest.raises(BookError, match="--gap and --to"):
        verbs.explain(NEIGHBOURS, "share/QMM/2019-20/plan/formula")


def test_a_risk_figure_has_one_value_under_its_id_and_says_the_draws_it_rests_on() -> None:
    figure = "outturn_mean/XF-SYS/2026-27/forecast"
    told = verbs.explain(BOOK, figure)
    assert told.value(figure) == verbs.risk(BOOK).value(figure)
    assert told.words == ("As `risk` answers with year 2026-27, draws 10000, seed 1.",)
    fewer = verbs.risk(BOOK, draws=500)
    other = verbs.explain(BOOK, figure, within=fewer)
    assert other.value(figure) == fewer.value(figure) != told.value(figure)
    assert "draws 500" in other.words[0]

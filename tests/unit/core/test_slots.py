"""Slots in a sentence: filled, or told where they stand; never a wrong number, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.core.datafiles import packaged_rows
from controltotal.core.figure import Figure
from controltotal.core.slots import Slot, fill, has_slots, in_words, near_slots, pieces, unfilled

YEAR = "2026-27"
FIGURES = {
    "gap/S/2026-27/forecast": 980_000_000,
    "gap/A/2026-27/forecast": -200_000_000,
    "control_total/S/2026-27/plan": 250_000_000,
    "chance_control_total/S/2026-27/forecast": 0.25,
}


class Known:
    """The numbers of a made-up system."""

    def figure(self, name: str) -> Figure | None:
        value = FIGURES.get(name)
        unit = "chance" if name.startswith("chance") else "pence"
        return None if value is None else Figure(name, value, unit)

    def row(self, code: str, year: str, row: str) -> Mapping[str, int | None] | None:
        rows: dict[str, dict[str, int | None]] = {
            "": {"forecast": -4_900_000_000, "plan_year": -4_560_000_000, "actual": None},
            "agency_pay": {"variance": -1_400_000_000, "actual": -5_070_000_000},
            "drugs": {"forecast": -100_000_000},
        }
        return rows.get(row) if (code, year) == ("S", YEAR) else None

    def month(self, code: str, year: str) -> int | None:
        return 9

    def code(self, text: str) -> str:
        return {"s": "S", "a": "A", "alder hospitals": "A"}.get(text.casefold(), "")

    def lines(self) -> tuple[str, ...]:
        return ("drugs", "agency_pay")


def filled(text: str) -> str:
    return fill(text, Known(), "S", YEAR).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is {forecast}.", "It is £(49.0)m."),
        ("It is {forecast|words}.", "It is £49.0m in deficit."),
        ("{gap|size} short", "£9.8m short"),
        ("{gap|words} the total", "£9.8m short of the total"),
        ("{gap:A|words} the total", "£2.0m better than the total"),
        ("{gap:Alder Hospitals}", "£(2.0)m"),
        ("{ Control Total }", "£2.5m"),
        ("{Agency pay variance|words}", "£14.0m worse"),
        ("{agency-pay_actual|size}", "£50.7m"),
        ("{drugs_forecast}", "£(1.0)m"),
        ("{month} {year}", "December 2026/27"),
        ("{gap/S/2026-27/forecast}", "£9.8m"),
        ("a chance of {chance_control_total/S/2026-27/forecast}", "a chance of 25.0%"),
        ("{{forecast}} as typed, £21.5m too", "{forecast} as typed, £21.5m too"),
        ("{{{gap}}}", "{£9.8m}"),
    ],
)
def test_a_slot_is_filled_as_people_write_numbers(text: str, expected: str) -> None:
    found = fill(text, Known(), "S", YEAR)
    assert (found.text, found.problems) == (expected, ())


@pytest.mark.parametrize(
    ("text", "expected", "problem"),
    [
        ("{forcast}", "[forcast: not known]", "there is no slot"),
        ("{actual}", "[actual: not known]", "nothing tells it"),
        ("{gap:XR9}", "[gap:XR9: not known]", "there is no organisation"),
        ("{gap|loud}", "[gap|loud: not known]", "there is no form"),
        ("{drugs_forecast|words}", "[drugs_forecast|words: not known]", "cannot be told in words"),
        ("{gap/S/2026-27/plan}", "[gap/S/2026-27/plan: not known]", "there is no figure"),
        ("{ }", "[ : not known]", "no name"),
        ("it is {forecast", "it is {forecast", "no other half"),
        ("it is }", "it is }", "no other half"),
        ("{forecast.__class__}", "[forecast.__class__: not known]", "there is no slot"),
        ("{0}", "[0: not known]", "there is no slot"),
        ("{forecast!r}", "[forecast!r: not known]", "there is no slot"),
        ("{forecast:>10}", "[forecast:>10: not known]", "there is no organisation"),
    ],
)
def test_what_nothing_fills_is_marked_and_told(text: str, expected: str, problem: str) -> None:
    found = fill(text, Known(), "S", YEAR)
    assert found.text == expected
    assert problem in found.problems[0].problem


def test_a_name_that_is_nearly_a_slot_is_answered_with_those_it_may_be() -> None:
    first, second, third = fill(
        "{forcast} {agency_variance} {gap|loud}", Known(), "S", YEAR
    ).problems
    assert near_slots(first.slot, Known())[0] == "forecast"
    assert "agency_pay_variance" in near_slots(second.slot, Known())
    assert near_slots(third.slot, Known()) == ("gap", "gap|size")


def test_a_gap_of_nil_and_a_size_of_less_than_is_shown_are_words() -> None:
    assert in_words(0, "gap") == "exactly at"
    assert in_words(3_000_000, "variance") == "less than £0.1m better"
    assert unfilled("{gap:A} and {{x}}") == "[gap:A] and {x}"


@given(st.text(alphabet=st.sampled_from("{}|:/ ._abgp0\n£é😀\u202e"), max_size=40) | st.text())
def test_any_text_is_filled_or_told(text: str) -> None:
    found = fill(text, Known(), "S", YEAR)
    slots = [one for one in pieces(text) if isinstance(one, Slot)]
    assert len(found.fillings) == len(slots)
    assert has_slots(text) == bool(slots)
    for one in found.fillings:
        assert one.shown and one.shown in found.text
        assert (one.value is None) == bool(one.problem)
        assert not one.problem or one.shown in "{}" or one.shown.startswith("[")
    if not slots:
        assert found.text == text.replace("{{", "{").replace("}}", "}")


@given(st.text())
def test_a_text_whose_braces_are_typed_twice_stands_as_it_was_meant(text: str) -> None:
    twice = text.replace("{", "{{").replace("}", "}}")
    found = fill(twice, Known(), "S", YEAR)
    assert (found.text, found.fillings) == (text, ())
    assert unfilled(twice) == text


@given(st.integers(-(10**14), 10**14), st.sampled_from(["position", "variance", "gap"]))
def test_words_follow_the_sign(pence: int, kind: str) -> None:
    worse = {"position": "deficit", "variance": "worse", "gap": "better"}[kind]
    better = {"position": "surplus", "variance": "better", "gap": "short"}[kind]
    said = in_words(pence, kind)
    assert (worse in said) == (pence < 0)
    assert (better in said) == (pence > 0)
    assert "(" not in said


def test_the_manual_lists_every_slot_and_every_row() -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "board-paper.md").read_text("utf-8")
    for row in packaged_rows("slots.csv"):
        assert f"`{{{row['slot']}}}`" in page, row["slot"]
    for row in packaged_rows("slot_rows.csv"):
        assert f"`{row['row']}`" in page, row["row"]

"""Where a scheme stands, in the words of papers."""

from __future__ import annotations

from functools import cache

from controltotal import schemes
from controltotal.core.result import Result
from controltotal.papers.scheme_states import KINDS, State, refused_words, states

BOOK = "examples/fictional-system"


@cache
def answered() -> Result:
    return schemes(BOOK)


def test_every_scheme_stands_somewhere_and_nowhere_twice() -> None:
    found, rows = states(answered()), answered().tables["schemes"]
    assert set(found) == {row["scheme"] for row in rows}
    assert {one.kind for one in found.values()} <= set(KINDS)
    for row in rows:
        assert (found[row["scheme"]].kind == "assured") == row["counted"]


def test_a_scheme_waits_for_offices_in_words() -> None:
    found = states(answered())
    assert found["FTH-51"] == State(
        "waiting",
        "Not yet assured: waiting for medical director, chief nurse",
        ("medical director", "chief nurse"),
    )
    assert found["ALD-56"].words == "Refused on quality grounds on 24 August 2026"
    assert found["ALD-51"].words.startswith("Assured, and does not count: waiting for a choice")


def test_a_panels_refusal_names_its_day() -> None:
    row = {"panel": True, "on": "2026-08-24"}
    assert refused_words(row) == "Refused on quality grounds by the panel of 24 August 2026"
    assert refused_words({"panel": False, "on": ""}) == "Refused on quality grounds"

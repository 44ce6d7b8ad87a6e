"""Whatever titles schemes share: nothing held is told of, and nothing that is public is missing.

Three bodies with schemes whose titles are alike, or part of one another. All that is told of a scheme
says a number of its own, so that plain counting shows of which schemes something is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from controltotal.core.public import public
from controltotal.core.public_schemes import KEPT, UNDER
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.core.trace import Trace
from tests.public_results import YEAR, position, register

NAMES = {"A": "Alder Trust", "B": "Beech Trust", "C": "Cedar Trust"}
TITLES = (
    "Fewer agency nurses",
    "Fewer agency nurses on wards",
    "Energy",
    "Energy and heat network",
    "Bed",
)
STANDINGS = ("running", "open", "held", "refused")


@dataclass(frozen=True)
class Scheme:
    """One scheme of a made book; its number is told wherever it is told of."""

    code: str
    body: str
    title: str
    standing: str
    number: int

    @property
    def held(self) -> bool:
        return self.standing == "held"

    def like(self, others: list[Scheme]) -> bool:
        """Whether its own body holds back another of the same title."""
        return any(o.held and (o.body, o.title) == (self.body, self.title) for o in others)


@st.composite
def programmes(draw: st.DrawFn) -> list[Scheme]:
    kinds = st.tuples(st.sampled_from("ABC"), st.sampled_from(TITLES), st.sampled_from(STANDINGS))
    found = draw(st.lists(kinds, min_size=2, max_size=9))
    return made(found)


def made(kinds: list[tuple[str, str, str]]) -> list[Scheme]:
    """Schemes of some bodies, titles and standings."""
    return [
        Scheme(f"{body}-{n:02}", body, title, standing, 1_000_001 + n * 1_010)
        for n, (body, title, standing) in enumerate(kinds)
    ]


def pounds(one: Scheme) -> str:
    return f"£{one.number:,}"


def by_title(one: Scheme) -> list[Sentence]:
    """Sentences that name a scheme by its title and its body alone."""
    return [
        Sentence(one.body, YEAR, "schemes", f"{one.title}: {pounds(one)} behind."),
        Sentence("S", YEAR, "schemes", f"{NAMES[one.body]}: {one.title}: {pounds(one)} of it."),
    ]


def by_code(one: Scheme) -> list[Sentence]:
    """Sentences that name a scheme by its id."""
    return [
        Sentence("S", YEAR, "schemes", f"Late: {one.code} {one.title}: {pounds(one)} to come."),
        Sentence("", YEAR, "schemes", f"{one.code} is behind by {pounds(one)}."),
    ]


def tables(schemes: list[Scheme]) -> dict[str, list[dict[str, Any]]]:
    """Every way in which a row says of which scheme it is, each with the number of the scheme."""
    found: dict[str, list[dict[str, Any]]] = {
        "schemes": [
            {"scheme": o.code, "organisation": o.body, "title": o.title, "plan_pence": o.number}
            | {"typed_maturity": "fully_developed_delivering" if o.standing == "running" else ""}
            for o in schemes
        ],
        "refused": [{"scheme": o.code} for o in schemes if o.standing == "refused"],
        "milestones": [
            {"scheme": o.code, "title": f"Step of {o.code}", "pence": o.number} for o in schemes
        ],
        "delivery_to_date": [
            {"scheme": o.code, "organisation": o.body, "title": o.title, "pence": o.number}
            for o in schemes
        ],
        "drivers": [
            {"organisation": "S", "driver": o.code, "title": o.title, "pence": o.number}
            for o in schemes
        ],
        "actions": [{"organisation": o.body, "title": o.title, "pence": o.number} for o in schemes],
        "summaries": [
            {"scheme": o.code, "words": f"{o.title}: {pounds(o)} from April"} for o in schemes
        ],
    }
    return found


def told_of(schemes: list[Scheme]) -> dict[str, Result]:
    """Answers that tell of every scheme, and the register."""
    said = [s for o in schemes for s in (*by_title(o), *by_code(o))]
    base = position({})
    trace = {
        f"scheme_value/{o.body}/{YEAR}/plan/{o.code}": Trace(f"{o.title}: {pounds(o)} a year")
        for o in schemes
    }
    answer = replace(
        base, verb="schemes", tables=tables(schemes), sentences=tuple(said), trace=trace
    )
    proposals = [
        {"scheme": o.code, "organisation": o.body, "title": o.title, "places": o.body}
        | {"affects": "none" if o.standing == "open" else "patients"}
        | {"public_summary": f"{o.title}: {pounds(o)}"}
        for o in schemes
    ]
    return {"schemes": answer, "register": register([], "ABC", proposals=proposals)}


def numbers(rows: list[Any]) -> str:
    """All that some rows say, with numbers as in a text."""
    return " ".join(
        f"£{value:,}" if isinstance(value, int) else str(value)
        for r in rows
        for value in r.values()
    )


TWINS = made([("A", "Energy", "running"), ("B", "Energy", "held"), ("C", "Energy", "open")])
SAME_BODY = made([("A", "Energy", "running"), ("A", "Energy", "held")])
NESTED = made([("A", TITLES[1], "running"), ("A", TITLES[0], "held"), ("B", TITLES[1], "held")])


@given(programmes())
@example(TWINS)
@example(SAME_BODY)
@example(NESTED)
def test_nothing_held_is_told_of_and_nothing_public_is_missing(schemes: list[Scheme]) -> None:
    shown = public(told_of(schemes))
    result = shown["schemes"]
    words = " ".join(result.words)
    for one in schemes:
        row = next(r for r in result.tables["schemes"] if r["scheme"] == one.code)
        own = next(r for r in shown["register"].tables["proposals"] if r["scheme"] == one.code)
        assert row["title"] == own["title"] == one.title
        step = result.trace[f"scheme_value/{one.body}/{YEAR}/plan/{one.code}"].rule
        if one.held:
            everything = numbers([r for rows in result.tables.values() for r in rows])
            everything += words + step + numbers(list(shown["register"].tables["proposals"]))
            assert pounds(one) not in everything
            assert {c for c, v in row.items() if v} <= {*KEPT, "standing"}
            assert row["standing"] == UNDER
            elsewhere = [r for n, rows in result.tables.items() if n != "schemes" for r in rows]
            assert one.code not in numbers(elsewhere) + words + step
            continue
        for name in ("schemes", "milestones", "delivery_to_date", "drivers", "summaries"):
            assert pounds(one) in numbers(list(result.tables[name])), name
        assert all(s.text in result.words for s in by_code(one))
        assert pounds(one) in step and pounds(one) in own["public_summary"]
        # by title and body alone, it is told where its body holds back none of that title
        told = not one.like(schemes)
        assert (pounds(one) in numbers(list(result.tables["actions"]))) is told
        assert all((s.text in result.words) is told for s in by_title(one))


def test_a_text_of_one_scheme_that_names_the_body_of_a_held_one_is_not_told() -> None:
    """Alder's own row says what Beech, whose idea of that title is held, would save by it."""
    results = told_of(TWINS)
    text = "Energy: Beech would save £3 million by it"
    more = {"scheme": "A-00", "organisation": "A", "words": text}
    tables = {**results["schemes"].tables, "notes": [more]}
    said = (Sentence("A", YEAR, "schemes", f"{text}."), Sentence("S", YEAR, "schemes", "Energy."))
    answer = replace(results["schemes"], tables=tables, sentences=said)
    shown = public({**results, "schemes": answer})["schemes"]
    assert shown.tables["notes"][0]["words"] == UNDER
    assert shown.words == ()

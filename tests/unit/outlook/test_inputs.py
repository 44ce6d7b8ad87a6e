"""What the delivery model starts from: what leaves a base, what falls on whom, and what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from controltotal.core.unknown import Unknown
from controltotal.outlook.candidates import candidates
from controltotal.outlook.inputs import Inputs, build_inputs
from controltotal.outlook.model import Source
from controltotal.outlook.nodes import Arrangement
from controltotal.workings.workings import Workings
from tests.scheme_books import assessments, gates
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

LATER = "2027-28"
SCHEME: Cells = {
    "id": "A",
    "organisation": "T1",
    "title": "Beds",
    "service": "Surgery",
    "category": "beds",
    "recurrence": "recurrent",
    "maturity": "fully_developed",
    "in_plan": "yes",
    "start": "2026-10-01",
    "full_year_effect": "12",
    "owner": "Head of pay",
    "chance": "0.5",
    "low": "0.4",
    "mode": "0.8",
    "high": "1",
    "delay": "0",
}


def workings(
    *rows: Cells, signed: bool = True, parameters: Mapping[str, str] | None = None, **more: Any
) -> Workings:
    """First plans (100) and Second 40; scheme A of 12 a year from October is in the plan."""
    schemes = more.pop("schemes", [SCHEME])
    told = [amount("T1", "position", -100), amount("T2", "position", 40), *rows]
    given = [
        {
            "name": f"delivery_loading_{kind}",
            "value": value,
            "from": "2026-04-01",
            "authority": "local agreement",
            "source": "board paper",
            "mark": "I",
        }
        for kind, value in (parameters or {}).items()
    ]
    tables = {
        "assessments": [row for s in schemes for row in assessments(s["id"])],
        "gates": [row for s in schemes for row in gates(s["id"])],
    }
    if given:
        more["parameters"] = given
    said = book(*told, tree=TREE, schemes=schemes, **(tables if signed else {}), **more)
    return Workings(position_of(said))


def inputs(found: Workings, *, later: bool = False, pipeline: bool = False, **more: Any) -> Inputs:
    judged = found.judgements
    every = candidates(judged.eligible(), judged.ineligible(), pipeline=pipeline)
    options = {"independent": True, **more}
    return build_inputs(found, every, year=YEAR, later_years=later, **options)


def source(made: Inputs, name: str = "A") -> Source:
    assert made.model is not None
    return next(one for one in made.model.sources if one.name == name)


def bases(made: Inputs) -> dict[str, tuple[float, ...]]:
    """In pounds."""
    assert made.model is not None
    return {slot: tuple(p / 100 for p in sums) for slot, sums in made.model.base.items()}


def test_what_a_scheme_was_to_bring_leaves_the_base_and_falls_on_it_again() -> None:
    """6 of 12 a year come from October on."""
    made = inputs(workings())
    assert bases(made) == {"T1": (-106.0,), "T2": (40.0,)}
    found = source(made)
    assert found.parts == (("T1", 1.0),)
    assert found.in_year(0) == 600
    assert (found.chance, found.low, found.mode, found.high) == (0.5, 0.4, 0.8, 1.0)
    assert (found.category, found.owner, found.kind) == ("beds", "T1", "scheme")
    assert made.planned == {"T1": {"A": 600}} and made.taken_out == {"T1": [600]}
    assert set(made.held) == {"A"} and made.reasons == {}
    assert (made.uncertain, made.factored) == (True, frozenset())


def test_outside_the_plan_a_scheme_leaves_no_base_and_falls_all_the_same() -> None:
    made = inputs(workings(schemes=[{**SCHEME, "in_plan": "no"}]))
    assert bases(made) == {"T1": (-100.0,), "T2": (40.0,)} and made.held == {}
    assert source(made).in_year(0) == 600


def test_one_without_its_gates_leaves_the_base_and_brings_nothing() -> None:
    made = inputs(workings(signed=False))
    assert bases(made)["T1"] == (-106.0,)
    assert made.model is not None and made.model.sources == ()
    assert set(made.reasons) == {"A"}
    asked = inputs(workings(signed=False), pipeline=True)
    assert source(asked).in_year(0) == 600 and asked.reasons == {}


def test_what_two_schemes_were_to_bring_is_added_up_by_slot_and_year() -> None:
    found = Inputs(YEAR, Arrangement(YEAR))
    first, second = (type("S", (), {"id": code})() for code in "AB")
    found.take_out(first, {"T1": [1, 2], "T2": [5, 0]})
    found.take_out(second, {"T1": [10, 20]})
    assert found.taken_out == {"T1": [11, 22], "T2": [5, 0]}
    assert found.planned == {"T1": {"A": 1, "B": 10}, "T2": {"A": 5}}
    assert set(found.held) == {"A", "B"}
    with pytest.raises(ValueError, match="shorter"):
        found.take_out(first, {"T1": [1]})


def test_the_rows_behind_sources_are_those_that_fall_and_those_that_were_taken_out() -> None:
    found = workings(risks=[risk(), {**risk(), "id": "R2", "organisation": "T2"}])
    made = inputs(found)
    rows = {row.id: row.entry for row in (*found.position.book.schemes, *found.position.book.risks)}
    assert made.source_entries(["risk R1"]) == (rows["R1"],)
    assert made.source_entries(["A", "risk R2"], ["T1"]) == (rows["A"], rows["R2"])
    assert made.source_entries([], ["T1", "T2"]) == (rows["A"],)
    assert made.row("A") is made.schemes["A"] and made.row("X") is None


def test_over_the_years_a_saving_reaches_its_full_year() -> None:
    rows = [amount(c, "position", 7, year=LATER) for c in ("T1", "T2")]
    made = inputs(workings(*rows), later=True)
    assert bases(made) == {"T1": (-106.0, 7 - 12.0), "T2": (40.0, 7.0)}
    assert made.model is not None and made.model.years == (YEAR, LATER)
    assert [source(made).in_year(n) for n in (0, 1)] == [600, 1_200]
    assert inputs(workings(*rows)).model.years == (YEAR,)  # type: ignore[union-attr]
    alone = inputs(workings(rows[0]), later=True)
    assert alone.unknown("T1", 1) is None
    changed = Unknown("incomplete", "what it is made of is not all known in that year")
    assert alone.unknown("T2", 1) == alone.unknown("S1", 1) == changed
    none = inputs(workings(), later=True)
    assert none.model is not None and none.model.years == (YEAR,)


def test_a_node_is_unknown_where_it_is_blocked_or_nobody_tells_it() -> None:
    made = inputs(workings())
    assert made.unknown("T1") is None and made.unknown("S1") is None
    assert made.unknown("X") == Unknown("incomplete", "its position is not known")
    why = Unknown("stopped", "it could not be read")
    made.blocked["T1"] = why
    assert made.unknown("T1") == why


SHARED = [
    {"scheme": "A", "organisation": "T1", "share": "0.75"},
    {"scheme": "A", "organisation": "T2", "share": "0.25"},
]


def test_of_a_shared_scheme_each_body_loses_and_gains_its_part() -> None:
    made = inputs(workings(effects=SHARED))
    assert bases(made) == {"T1": (-104.5,), "T2": (38.5,)}
    assert source(made).parts == (("T1", 0.75), ("T2", 0.25))
    assert made.planned == {"T1": {"A": 450}, "T2": {"A": 150}}


def test_money_falls_on_a_stated_total_above_its_body_too() -> None:
    """Second tells nothing, so that the system's own (70) stands, and holds what First plans."""
    said = book(
        amount("T1", "position", -100),
        amount("S1", "position", -70),
        tree=TREE,
        schemes=[SCHEME],
        assessments=assessments("A"),
        gates=gates("A"),
    )
    made = inputs(Workings(position_of(said)))
    assert bases(made) == {"T1": (-106.0,), "S1": (-76.0,)}
    assert source(made).parts == (("S1", 1.0), ("T1", 1.0))


def risk(**more: str) -> Cells:
    row = {"id": "R1", "organisation": "T1", "title": "Winter", "kind": "risk"}
    return {**row, "gross": "24", "chance": "0.25", **more}


def test_a_risk_falls_evenly_over_the_months_ahead_and_ends_with_the_year() -> None:
    made = inputs(workings(schemes=[], risks=[risk()]))
    found = source(made, "risk R1")
    assert (found.steps, found.parts, found.chance) == (((0, -200.0),), (("T1", 1.0),), 0.25)
    assert (found.kind, found.category, found.owner) == ("risk", "risk", "T1")
    up = inputs(workings(schemes=[], risks=[risk(kind="mitigation")]))
    assert source(up, "mitigation R1").steps == ((0, 200.0),)
    rows = [amount(c, "position", 7, year=LATER) for c in ("T1", "T2")]
    two = source(inputs(workings(*rows, schemes=[], risks=[risk()]), later=True), "risk R1")
    assert two.steps == ((0, -200.0), (12, 200.0))
    assert (two.in_year(0), two.in_year(1)) == (-2_400, 0)


@pytest.mark.parametrize(
    ("months", "steps"), [(4, ((4, -300.0),)), (11, ((11, -2400.0),)), (12, None)]
)
def test_of_a_year_that_is_recorded_a_risk_falls_on_the_rest(
    months: int, steps: tuple[tuple[int, float], ...] | None
) -> None:
    told = [amount("T1", "position", -1, basis="actual", month=str(n + 1)) for n in range(months)]
    forecast = amount("T1", "position", -90, basis="forecast")
    made = inputs(workings(*told, forecast, schemes=[], risks=[risk()]))
    assert made.model is not None
    assert [one.steps for one in made.model.sources] == ([steps] if steps else [])
    assert set(made.risks) == ({"risk R1"} if steps else set())


LOADINGS = {"organisation": "0.5", "category": "0.4", "system": "0.3"}


def test_loadings_join_schemes_by_their_body_their_category_and_their_system() -> None:
    made = inputs(workings(parameters=LOADINGS), independent=False)
    assert source(made).factors == (
        ("organisation T1", 0.5),
        ("category beds", 0.4),
        ("system S1", 0.3),
    )
    assert made.factored == {"A"} and len(made.loadings) == 3
    apart = inputs(workings(parameters=LOADINGS))
    assert source(apart).factors == () and apart.loadings == ()
    no_word = {k: v for k, v in SCHEME.items() if k != "category"}
    bare = inputs(workings(schemes=[no_word], parameters=LOADINGS), independent=False)
    assert [name for name, _ in source(bare).factors] == ["organisation T1", "system S1"]
    given = inputs(
        workings(schemes=[{**no_word, "programme": "Theatres"}], parameters=LOADINGS),
        independent=False,
    )
    assert source(given).factors[1] == ("category Theatres", 0.4)


def test_loadings_whose_squares_are_more_than_one_leave_nothing_to_be_told() -> None:
    """0.25 + 0.36 + 0.39 is one: it may be; with 0.64 in place of 0.39 it is too much."""
    made = inputs(
        workings(parameters={**LOADINGS, "category": "0.6", "system": "0.62"}), independent=False
    )
    assert made.findings == [] and source(made).factors
    much = inputs(
        workings(parameters={**LOADINGS, "category": "0.6", "system": "0.8"}), independent=False
    )
    (finding,) = much.findings
    assert (finding.code, finding.severity) == ("LOADINGS_TOO_LARGE", "error")
    assert finding.where == "parameters row 2, parameters row 3, parameters row 4"
    assert much.unknown("T1") == Unknown("contradicted", "the loadings of delivery make no sense")
    assert much.unknown("S1") is not None and source(much).factors == ()


def test_a_scheme_of_the_plan_without_a_start_leaves_its_body_and_all_above_unknown() -> None:
    lost = {**SCHEME, "start": ""}
    made = inputs(workings(schemes=[lost], signed=False))
    why = Unknown("not_stated", "scheme A has no start")
    assert made.unknown("T1") == made.unknown("S1") == why and made.unknown("T2") is None
    (finding,) = [f for f in made.findings if f.code == "SCHEME_WITHOUT_START"]
    assert (finding.organisation, finding.severity) == ("T1", "warning")
    outside = inputs(workings(schemes=[{**lost, "in_plan": "no"}], signed=False))
    assert outside.unknown("T1") is None and set(outside.reasons) == {"A"}
    assert not [f for f in outside.findings if f.code == "SCHEME_WITHOUT_START"]


def test_a_risk_that_nobody_could_read_leaves_its_body_unknown() -> None:
    made = inputs(workings(schemes=[], risks=[risk(gross="much")]))
    assert made.unknown("T1") is not None and made.unknown("S1") is not None
    assert made.unknown("T2") is None


def test_savings_with_no_scheme_yet_leave_the_base_of_their_year() -> None:
    rows = [amount(c, "position", 7, year=LATER) for c in ("T1", "T2")]
    rows += [amount("T1", "savings_unidentified", 5)]
    rows += [amount("T1", "savings_unidentified", 9, year=LATER)]
    made = inputs(workings(*rows, schemes=[]), later=True)
    assert bases(made) == {"T1": (-105.0, -2.0), "T2": (40.0, 7.0)}
    assert made.lacking == {"T1": 500}
    first = inputs(workings(rows[0], rows[1], rows[3], schemes=[]), later=True)
    assert first.lacking == {} and bases(first)["T1"] == (-100.0, -2.0)
    unread = inputs(workings({**rows[2], "unit": "€"}, schemes=[]))
    assert unread.unknown("T1") == Unknown("stopped", "its savings without a scheme cannot be told")


def test_the_course_by_month_is_kept_of_the_nodes_asked_for() -> None:
    def kept(asked: list[str] | None) -> tuple[str, ...]:
        made = inputs(workings(), months_for=asked)
        assert made.model is not None
        return made.model.months_for

    assert kept(None) == ("S1", "T1", "T2")
    assert kept(["T2", "X", "S1"]) == ("T2", "S1")
    assert kept([]) == ()


def test_why_a_scheme_that_falls_on_nobody_is_not_counted() -> None:
    """Paid by a block contract it saves nothing; of a body that tells nothing nobody can say."""
    tree = [*TREE, {"code": "C1", "name": "Board", "kind": "commissioner", "parent": "S1"}]
    silent = {**SCHEME, "organisation": "T2"}

    def reason(scheme: Cells, **tables: Any) -> str:
        said = book(
            amount("T1", "position", -100),
            amount("C1", "position", 1),
            tree=tree,
            schemes=[scheme],
            assessments=assessments("A"),
            gates=gates("A"),
            **tables,
        )
        return inputs(Workings(position_of(said))).reasons["A"]

    assert reason(silent) == "the position of its body cannot be told"
    half = {**silent, "organisation": "C1", "provider": "T1"}
    block = [{"commissioner": "C1", "provider": "T1", "year": YEAR, "kind": "block"}]
    assert reason(half, contracts=block).startswith("nothing is saved under a block contract")

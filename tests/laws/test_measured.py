"""A control total is measured by one position in every verb: adjusted, with the support it includes.

The books are generated: bodies state lines, a position, a whole position or both, with and without
what stands outside the control total, and lend each other money that some control totals include.
Each law works the position out by plain arithmetic and asks the verbs that set it beside a total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal import verbs
from controltotal.book.fold import Position
from controltotal.workings.workings import Workings
from tests.answers import Answer, answer_of
from tests.reckoning_books import FIRST, PARENTS, Book, amount, loans, pounds, region, sums
from tests.strategies import control_total, position_of

some = settings(max_examples=max(25, settings().max_examples // 3))
few = settings(max_examples=max(15, settings().max_examples // 5))
LEAVES = [code for code in PARENTS if code[0] in "CP"]
OUTSIDE = {
    "impairments": -1,
    "ifrs16_pfi": -1,
    "disposals": -1,
    "other_adjustments": -1,
    "donated_assets": 1,
    "gift": 1,
}
"""Lines outside the control total with their signs; `gift` is the book's own."""

FORMS = ("lines", "position", "both", "whole")


@dataclass(frozen=True)
class Measured:
    """A book, and what each body's surplus and position are by hand, in pounds."""

    book: Book
    surplus: dict[str, int]
    adjusted: dict[str, int]
    measured: dict[str, int]
    totals: dict[str, int]


@st.composite
def stated(draw: st.DrawFn, code: str) -> tuple[list[dict[str, str]], int, int]:
    """The amounts of one body, its surplus and its adjusted surplus in pounds."""
    lines = draw(st.lists(st.sampled_from(sorted(OUTSIDE)), unique=True, max_size=3))
    apart = {line: draw(pounds) for line in lines}
    outside = sum(OUTSIDE[line] * value for line, value in apart.items())
    rows = [amount(code, line, value) for line, value in apart.items()]
    inside, income = draw(pounds), draw(sums) + 1_200_000
    form = draw(st.sampled_from(FORMS if lines else ("lines", "position", "both")))
    if form == "lines":
        rows += [amount(code, "patient_care_income", income), amount(code, "pay", income - inside)]
        return rows, inside + outside, inside
    if form == "whole":
        return [*rows, amount(code, "position_whole", inside + outside)], inside + outside, inside
    rows.append(amount(code, "position", inside))
    if form == "position":
        return rows, inside, inside
    return [*rows, amount(code, "position_whole", inside + outside)], inside + outside, inside


@st.composite
def regions(draw: st.DrawFn) -> Measured:
    """A region of bodies that lend to each other, each with a control total of its own."""
    organisations, _, _ = region()
    amounts, surplus, adjusted, totals = [], {}, {}, {}
    for code in LEAVES:
        rows, surplus[code], adjusted[code] = draw(stated(code))
        amounts += rows
        totals[code] = draw(pounds)
    lent = [draw(loans(f"T{number}", LEAVES)) for number in range(draw(st.integers(0, 2)))]
    support = dict.fromkeys(LEAVES, 0)
    for row in lent:
        if (row["status"], row["mechanism"]) == ("agreed", "resource_transfer"):
            support[row["from"]] -= int(row["amount"])
            support[row["to"]] += int(row["amount"])
    includes = {code: draw(st.sampled_from(("yes", "no"))) for code in LEAVES}
    own = [{"line": "gift", "name": "Gift", "kind": "income", "outside_control_total": "yes"}]
    book: Book = {
        "organisations": organisations,
        "lines": own,
        "amounts": amounts,
        "transfers": lent,
        "control_totals": [
            control_total(code, totals[code], includes_support=includes[code]) for code in LEAVES
        ],
    }
    measured = {c: adjusted[c] + (support[c] if includes[c] == "yes" else 0) for c in LEAVES}
    return Measured(book, surplus, adjusted, measured, totals)


def ask(verb: str, position: Position, **options: Any) -> Answer:
    """A verb's answer about a position, as JSON tells it."""
    return answer_of(getattr(verbs, verb)(position, **options))


def above(parts: dict[str, int], parent: str) -> int:
    """What a system's or the region's bodies come to."""
    return sum(
        value for code, value in parts.items() if parent in (PARENTS[code], PARENTS[PARENTS[code]])
    )


@some
@given(regions())
def test_a_position_is_measured_without_what_a_body_cannot_control(made: Measured) -> None:
    position = ask("position", position_of(made.book))
    for measure, parts in (
        ("surplus", made.surplus),
        ("adjusted_surplus", made.adjusted),
        ("measured", made.measured),
        ("control_total", made.totals),
    ):
        told = position.told(measure)
        for code in LEAVES:
            assert told[f"{code}/{FIRST}/plan"] == parts[code] * 100, (measure, code)
        for parent in ("S1", "S2", "R0"):
            assert told[f"{parent}/{FIRST}/plan"] == above(parts, parent) * 100, (measure, parent)


@some
@given(regions())
def test_gap_and_variance_are_the_measured_position_and_the_control_total(made: Measured) -> None:
    position = ask("position", position_of(made.book))
    for code in (*LEAVES, "S1", "S2", "R0"):
        ends = f"{code}/{FIRST}/plan"
        apart = position.value(f"measured/{ends}") - position.value(f"control_total/{ends}")
        assert position.value(f"variance/{ends}") == apart
        assert position.value(f"gap/{ends}") == position.value(f"to_find/{ends}") == -apart
        breakeven = -position.value(f"adjusted_surplus/{ends}")
        assert position.value(f"gap_breakeven/{ends}") == breakeven
    for row in position.table("rules"):
        if row["rule"] == "own_control_total":
            ends = f"{row['organisation']}/{FIRST}/plan"
            assert row["value"] == position.value(f"variance/{ends}"), ends


@few
@given(regions())
def test_every_engine_sets_the_same_position_beside_a_control_total(made: Measured) -> None:
    """A register with one risk of nil varies nothing, so each engine says what the position says."""
    risk_row = {"id": "R", "organisation": "P1", "title": "None", "kind": "risk", "year": FIRST}
    read = position_of({**made.book, "risks": [{**risk_row, "gross": "0", "chance": "0.5"}]})
    position, path = ask("position", read), ask("trajectory", read)
    bases, drawn = Workings(read).bases, ask("risk", read, draws=50)
    for code in LEAVES:
        ends = f"{code}/{FIRST}"
        assert bases.of(code, FIRST).pence == made.adjusted[code] * 100
        assert bases.counted(code, FIRST) == (made.measured[code] * 100, "")
        gap = position.value(f"gap/{ends}/plan")
        assert path.value(f"trajectory_gap/{ends}/forecast/base") == gap
        assert drawn.value(f"outturn_mean/{ends}/forecast") == made.adjusted[code] * 100
        assert drawn.value(f"chance_control_total/{ends}/forecast") == (gap <= 0)
        asked = drawn.figures[f"expected_shortfall/{ends}/forecast"]["value"]
        assert asked == max(0, gap), ends


@few
@given(regions())
def test_headroom_is_the_measured_position_less_the_control_total(made: Measured) -> None:
    """The policy `headroom` charges those above their control totals, by how far they are."""
    read = position_of(made.book)
    room = {code: made.measured[code] - made.totals[code] for code in ("P1", "P2")}
    spare = {code: value for code, value in room.items() if value > 0}
    options = {"gap": "£2", "from_": "P1,P2", "to": "P3", "policy": "headroom"}
    share = ask("share", read, **options)
    told = share.told("share")
    if len(spare) == 1:
        (code,) = spare
        assert told[f"{code}/{FIRST}/plan/headroom"] == 200


# -- a control total that is only the sum of those below -------------------------------------------


@st.composite
def given_from_above(draw: st.DrawFn) -> Measured:
    """The same region, in which the systems and the region itself give support to those in them."""
    made = draw(regions())
    lent, measured = list(made.book.get("transfers", ())), dict(made.measured)
    rows = {row["organisation"]: row for row in made.book["control_totals"]}
    for number in range(draw(st.integers(1, 3))):
        code = draw(st.sampled_from(LEAVES))
        giver = draw(st.sampled_from((PARENTS[code], PARENTS[PARENTS[code]])))
        given = draw(st.integers(1, 900))
        support = {"id": f"D{number}", "from": giver, "to": code, "year": FIRST}
        terms = {"kind": "deficit_support", "mechanism": "resource_transfer", "status": "agreed"}
        lent.append({**support, **terms, "amount": str(given)})
        if rows[code]["includes_support"] == "yes":
            measured[code] += given
    book = {**made.book, "transfers": lent}
    return Measured(book, made.surplus, made.adjusted, measured, made.totals)


@some
@given(given_from_above())
def test_the_gap_of_a_sum_of_control_totals_is_the_sum_of_the_gaps(made: Measured) -> None:
    """Whoever gave the support: a region has no position of its own that giving could make worse."""
    read = position_of(made.book)
    position, bases = ask("position", read), Workings(read).bases
    for parent in ("S1", "S2", "R0"):
        want = above(made.totals, parent) - above(made.measured, parent)
        assert position.value(f"gap/{parent}/{FIRST}/plan") == want * 100, parent
        assert bases.counted(parent, FIRST) == (above(made.measured, parent) * 100, "")


@few
@given(given_from_above())
def test_risk_measures_a_sum_of_control_totals_by_the_same_support(made: Measured) -> None:
    risk_row = {"id": "R", "organisation": "P1", "title": "None", "kind": "risk", "year": FIRST}
    read = position_of({**made.book, "risks": [{**risk_row, "gross": "0", "chance": "0.5"}]})
    drawn = ask("risk", read, draws=50)
    for parent in ("S1", "S2", "R0"):
        short = above(made.totals, parent) - above(made.measured, parent)
        asked = drawn.value(f"expected_shortfall/{parent}/{FIRST}/forecast")
        assert asked == max(0, short * 100), parent


def test_a_region_that_gives_its_trust_support_is_as_short_as_the_trust() -> None:
    """150 of deficit, 120 of support that the control total of nil counts: 30 short, both."""
    tree = [
        {"code": "R1", "name": "Region", "kind": "region"},
        {"code": "T1", "name": "Trust", "kind": "provider", "parent": "R1"},
    ]
    given_ = {"id": "D", "from": "R1", "to": "T1", "year": FIRST, "amount": "120"}
    terms = {"kind": "deficit_support", "mechanism": "resource_transfer", "status": "agreed"}
    book: Book = {
        "organisations": tree,
        "amounts": [amount("T1", "position", -150)],
        "transfers": [{**given_, **terms}],
        "control_totals": [control_total("T1", 0, includes_support="yes")],
    }
    position = ask("position", position_of(book))
    for code in ("T1", "R1"):
        assert position.value(f"gap/{code}/{FIRST}/plan") == 30 * 100
        assert position.value(f"surplus/{code}/{FIRST}/plan") == -150 * 100
    unsaid = {**book, "control_totals": [control_total("T1", 0)]}
    position = ask("position", position_of(unsaid))
    for code in ("T1", "R1"):
        assert position.figures[f"gap/{code}/{FIRST}/plan"]["value"] is None, code

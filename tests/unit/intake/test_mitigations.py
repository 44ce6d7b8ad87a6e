"""Mitigations beside their risks: whatever way a register reckons, the book weighs what it weighs."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from controltotal.core.vocabulary import folded
from controltotal.intake.model import Asked, Measure, Value
from controltotal.intake.nets import CERTAIN, IN_FULL, OWN, WAYS, Entry, Way, mitigated, way_of
from controltotal.intake.register import AFTER_BOTH, AS_RISK, LEAVINGS
from tests.unit.intake.test_records import AT, Heading, codes, read, rows

HEADINGS: list[Heading] = [
    ("Ref", "scheme_id"),
    ("Risk", "risk"),
    ("Type", "kind"),
    ("Gross £k", "gross", Measure(unit="£k")),
    ("Probability", "chance"),
    ("Mitigation £k", "notes", Measure(unit="£k")),
    ("Mitigation likelihood", ""),
    ("Net risk £k", "net", Measure(unit="£k")),
]
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.integers(1, 10**6).map(Fraction),
        st.integers(1, 10**6).map(Fraction),
        st.integers(0, 20).map(lambda n: Fraction(n, 20)),
        st.integers(0, 20).map(lambda n: Fraction(n, 20)),
    ),
    min_size=1,
    max_size=8,
)
NETS = [way for way in WAYS if way.weighs and "times chance" in way.words and "gross" in way.words]
"""Ways that weigh the risk too, as the book does."""


def net_of(way: Way, entry: Entry) -> Fraction:
    assert entry.chance is not None and entry.own is not None
    return way.of(entry, entry.chance, entry.own)


@given(ENTRIES, st.sampled_from(WAYS))
def test_the_way_that_made_a_column_or_one_that_makes_the_same_is_found(
    entries: list[Entry], way: Way
) -> None:
    by_row = dict(enumerate(entries))
    found = {row: net_of(way, entry) for row, entry in by_row.items()}
    shown = way_of(by_row, found, 0, told=True)
    assert shown is not None and not shown.off
    assert {r: abs(net_of(shown.way, e)) for r, e in by_row.items() if found[r]} == {
        row: abs(value) for row, value in found.items() if value
    }


@given(ENTRIES, st.sampled_from(NETS), st.data())
def test_a_register_weighs_in_the_book_what_it_weighs_on_paper(
    entries: list[Entry], way: Way, data: st.DataObject
) -> None:
    """The slow way: risks by their chances less mitigations by theirs make the net of every row."""
    body: list[list[Value]] = []
    expected: list[Fraction] = []
    for number, entry in enumerate(entries):
        assert entry.chance is not None and entry.own is not None
        net = net_of(way, entry)
        own = float(entry.own) if way.with_own else None
        line: list[Value] = [f"R{number}", f"Risk {number}", "Risk", int(entry.gross)]
        body.append([*line, float(entry.chance), int(entry.mitigation), own, float(net)])
        expected.append(net)
    found = read("risks", HEADINGS, body, AT)
    if codes(found):
        return  # asked: such as a net below nil shown as it is beside one above
    book = {row["id"]: row for row in rows(found)}
    for number, net in enumerate(expected):
        risk, worth = book[f"R{number}"], book[f"R{number}-M"]
        made = Fraction(risk["gross"]) * Fraction(risk["chance"]) - Fraction(
            worth["gross"]
        ) * Fraction(worth["chance"])
        assert abs(made) == abs(net) or (net < 0 and not made)


@given(ENTRIES, st.sampled_from(LEAVINGS))
def test_what_is_left_gives_back_what_was_mitigated(entries: list[Entry], leaving: str) -> None:
    way = next(way for way in WAYS if way.words == leaving)
    for entry in entries:
        left = way.of(entry, entry.chance or Fraction(0), Fraction(0))
        worth = mitigated(entry, left, leaving)
        assert worth == entry.mitigation or (not entry.chance and leaving == AFTER_BOTH)


@given(ENTRIES)
def test_one_wrong_value_among_many_is_told_alone(entries: list[Entry]) -> None:
    by_row = dict(enumerate([*entries, *entries, *entries]))
    found = {row: net_of(NETS[0], entry) for row, entry in by_row.items()}
    found[0] += 10**9
    shown = way_of(by_row, found, 0, told=True)
    assert shown is not None and 0 in shown.off


def test_each_way_says_how_likely_mitigations_are() -> None:
    assert {way.weighs for way in WAYS} == {"", CERTAIN, AS_RISK, OWN}
    assert not IN_FULL.weighs
    assert way_of({}, {}, 0, told=True) is None


def test_a_mitigation_is_a_row_of_its_own_from_its_own_cell() -> None:
    body: list[list[Value]] = [["R1", "Beds", "Risk", 500, 0.5, 100, None, 150]]
    found = read("risks", HEADINGS, body, AT)
    assert not codes(found)
    assert [row.columns for row in found.rows] == [(0, 1, 2, 3, 4), (5, 6)]
    assert rows(found)[1] == {
        "id": "R1-M",
        "organisation": "RX1",
        "title": "Mitigation of: Beds",
        "kind": "mitigation",
        "mitigates": "R1",
        "gross": "100",
        "unit": "£k",
        "chance": "1",
    }


def test_a_reference_that_is_taken_is_not_given_again() -> None:
    body: list[list[Value]] = [
        ["R1", "Beds", "Risk", 500, 0.5, 100, None, 150],
        ["R1-M", "Land", "Risk", 500, 0.5, None, None, 250],
        ["R2", "Late", "Risk", 100, 0.5, 10, None, 40],
    ]
    found = read("risks", HEADINGS, body, AT)
    assert [row["id"] for row in rows(found)] == ["R1", "R1-M", "R2", "R1-M2", "R2-M"]


def test_a_mitigation_without_a_chance_is_asked_where_others_have_one() -> None:
    body: list[list[Value]] = [
        ["R1", "Beds", "Risk", 500, 0.5, 100, 0.8, 170],
        ["R2", "Land", "Risk", 500, 0.5, 100, None, None],
    ]
    assert codes(read("risks", HEADINGS, body, AT)) == ["IMPORT_CELL"]


def test_a_column_that_is_left_out_asks_nothing() -> None:
    body: list[list[Value]] = [["R1", "Beds", "Risk", 500, 0.5, None, None, 999]]
    said = Asked(headings={folded("Net risk £k"): ""})
    assert codes(read("risks", HEADINGS, body, AT)) == ["IMPORT_TOTAL"]
    assert not codes(read("risks", HEADINGS, body, AT, said))


def test_a_chance_for_all_rows_that_is_none_is_asked_again() -> None:
    headings = [one for one in HEADINGS if one[0] != "Probability"]
    body: list[list[Value]] = [["R1", "Beds", "Risk", 500, 100, None, 150]]
    said = Asked(headings={"chance": "as the risk"})
    assert codes(read("risks", headings, body, AT, said)) == ["IMPORT_HEADING"]

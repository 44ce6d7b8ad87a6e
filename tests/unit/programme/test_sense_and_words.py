"""Numbers that make no sense, what is said of a gate, and who let a scheme count."""

from __future__ import annotations

import pytest

from controltotal.programme.doubts import Mistaken
from controltotal.programme.eligibility import EligibleScheme, Judgements, eligible
from tests.scheme_books import Rows, book, changed, gates, less, scheme
from tests.strategies import position_of

WITH = "approve_with_conditions"


def judged(**tables: Rows) -> list[tuple[str, str]]:
    """Why the scheme does not count."""
    found = Judgements(position_of(book(**tables)))["T1"]
    return [(one.code, one.text) for one in found.reasons]


def the_one(**tables: Rows) -> EligibleScheme:
    ((one,), _) = eligible(position_of(book(**tables)))
    return one


@pytest.mark.parametrize(
    ("cells", "sense"),
    [
        ({"low": "0", "mode": "0.9", "high": "1.5"}, True),
        ({"low": "0.9", "mode": "0.9", "high": "0.9"}, True),
        ({"mode": "0.9"}, True),
        ({"low": "0.9", "mode": "0.8", "high": "1"}, False),  # each within bounds, out of order
        ({"low": "0.9", "high": "0.8"}, False),
        ({"low": "1", "mode": "1.2", "high": "1.51"}, False),  # in order, out of bounds
        ({"low": "-0.1", "mode": "0.8", "high": "1"}, False),
        ({"chance": "0"}, True),
        ({"chance": "1"}, True),
        ({"chance": "1.01"}, False),
        ({"chance": "-0.01"}, False),
        ({"delay_months": "0"}, True),
        ({"delay_months": "-1"}, False),
    ],
)
def test_a_scheme_whose_numbers_make_no_sense_does_not_count(
    cells: dict[str, str], sense: bool
) -> None:
    counting, _ = eligible(position_of(book(schemes=[scheme(**cells)])))
    assert [one.id for one in counting] == (["T1"] if sense else [])


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (less(gates(), gate="G3"), "gate G3 has not been passed"),
        (
            changed(gates(), {"gate": "G3"}, outcome="rejected"),
            "gate G3 was failed on 2026-05-12",
        ),
        (
            changed(gates(), {"gate": "G3"}, outcome="rejected", evidence="no costing"),
            "gate G3 was failed on 2026-05-12: no costing",
        ),
        (
            [
                *gates(),
                {
                    "scheme": "T1",
                    "gate": "G3",
                    "on": "2026-06-01",
                    "by": "Executive",
                    "outcome": "rejected",
                },
            ],
            "gate G3 was passed on 2026-05-12 and failed on 2026-06-01",
        ),
        (
            changed(gates(), {"gate": "G3"}, outcome="more_information"),
            "gate G3 asked for more information on 2026-05-12",
        ),
    ],
)
def test_what_is_said_of_a_gate_that_does_not_stand(rows: Rows, told: str) -> None:
    assert told in [text for _, text in judged(gates=rows)]


def test_who_let_a_scheme_count_is_its_gate_and_both_signatures() -> None:
    one = the_one()
    assert [(row.gate, row.role or "") for row in one.approval] == [
        ("G3", ""),
        ("QIA", "medical_director"),
        ("QIA", "chief_nurse"),
    ]
    assert {row.entry for row in one.approval} < set(one.entries)
    assert one.score_max == 6
    assert len(one.entries) == 1 + 3 + 4


def test_what_a_domain_has_against_a_scheme() -> None:
    def against(**cells: str) -> list[tuple[str, str]]:
        rows = book()["assessments"]
        return judged(assessments=[{**rows[0], **cells}, *rows[1:]])

    assert against() == []
    assert against(outcome="pass") == []
    assert against(outcome="more_information") == [
        ("MORE_INFORMATION", "Patient safety: more information is asked for")
    ]
    assert against(outcome="rejected") == [("QUALITY_REJECTED", "Patient safety: outcome rejected")]
    assert against(residual_likelihood="6") != []
    high = against(residual_likelihood="5", residual_consequence="5")
    assert ("QUALITY_REJECTED", "Patient safety: residual score 25") in high


@pytest.mark.parametrize(
    ("outcome", "recorded", "counts"),
    [("pass", False, True), (WITH, False, False), (WITH, True, True)],
)
def test_a_gate_passed_on_conditions_has_them_written_down(
    outcome: str, recorded: bool, counts: bool
) -> None:
    met = {
        "scheme": "T1",
        "gate": "G3",
        "kind": "before_start",
        "text": "Staff in post",
        "met_on": "2026-05-13",
    }
    tables: dict[str, Rows] = {"gates": changed(gates(), {"gate": "G3"}, outcome=outcome)}
    if recorded:
        tables["conditions"] = [{**met, "owner": "Director", "due": "2026-06-01"}]
    assert (judged(**tables) == []) is counts


@pytest.mark.parametrize(
    ("code", "may_be"),
    [
        ("S1", ()),  # it names one: nothing else is meant
        ("s1", ("S1",)),
        ("S01", ("S1",)),
        ("S001", ("S1",)),
        ("S10", ()),
        ("fewer beds", ("S1",)),
        ("S1 and EST 11 1", ("S1", "EST-11-1")),
        ("the EST-11-1 boilers", ("EST-11-1",)),
        ("EST-11", ()),  # a part of a code is none
        ("EST-11-1-2", ("EST-11-1",)),
        ("", ()),
    ],
)
def test_which_schemes_a_code_that_is_none_may_stand_for(
    code: str, may_be: tuple[str, ...]
) -> None:
    mistaken = Mistaken({"S1": ["Fewer beds", ""], "EST-11-1": ["Boilers"]})
    assert tuple(mistaken.get(code)) == may_be
    assert tuple(mistaken.may_be(code)) == (("S1",) if code == "S1" else may_be)


def test_codes_that_read_alike_are_known() -> None:
    alike = Mistaken({"S1": [], "s1": [], "T1": []})
    assert [sorted(codes) for codes in alike.alike] == [["S1", "s1"]]
    assert alike.every == {"S1", "s1", "T1"}
    assert list(Mistaken({}).get("S1")) == []


@pytest.mark.parametrize(
    ("affects", "why"),
    [
        ("staff", ""),
        ("none", ""),
        ("none; staff", "affects says none and somebody as well"),
        ("moon", "affects says moon, which is not one of its words"),
        ("staff; moon; sun", "affects says moon; sun, which is not one of its words"),
    ],
)
def test_whom_a_scheme_says_that_it_affects(affects: str, why: str) -> None:
    told = [text for _, text in judged(schemes=[scheme(affects=affects)])]
    assert (why in told) if why else not [text for text in told if "affects says" in text]

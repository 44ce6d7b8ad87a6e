"""The Capped Expenditure Process by hand: who would be chosen, and by what, and what each option lacks.

A book of six systems (all made up, £m): spend, allocation, gap, share
  A 605 520 85 16.3%   B 410 400 10 2.5%   C 720 600 120 20%   D 240 200 40 20%   E 300 ?   F ? 500
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.rules.capped_ranking import Ranked, Threshold, chosen, ranked
from tests.answers import Answer, answer
from tests.running import controltotal
from tests.strategies import Book, Cells, position_of

FAULTS = Path(__file__).parents[1] / "data" / "faults" / "mission"
MONEY = {"A": (605, 520), "B": (410, 400), "C": (720, 600), "D": (240, 200), "E": (300, None)}
MONEY |= {"F": (None, 500)}


def six(**more: list[Cells]) -> Book:
    """The book of six systems, each with one commissioner."""
    bodies: list[Cells] = [{"code": "ENG", "name": "A nation", "kind": "nation"}]
    facts: list[Cells] = []
    amounts: list[Cells] = []
    for code, (spend, allocation) in MONEY.items():
        bodies += [
            {"code": code, "name": f"System {code}", "kind": "system", "parent": "ENG"},
            {"code": f"{code}1", "name": f"Board {code}", "kind": "commissioner", "parent": code},
        ]
        if spend is not None:
            cells = {"fact": "planned_spend", "value": str(spend), "unit": "£m"}
            facts.append({"organisation": code, "year": "2017-18", "basis": "plan", **cells})
        if allocation is not None:
            cells = {"line": "allocation", "amount": str(allocation), "unit": "£m"}
            amounts.append(
                {"organisation": f"{code}1", "year": "2017-18", "basis": "plan", **cells}
            )
    return {"organisations": bodies, "facts": facts, "amounts": amounts, **more}


def table(**options: str | int) -> dict[str, dict[str, object]]:
    found = verbs.position(position_of(six()), "2017-18", **options)  # type: ignore[arg-type]
    return {str(row["organisation"]): dict(row) for row in found.tables["capped_expenditure"]}


def test_systems_are_ranked_by_share_and_by_money_and_an_unknown_gap_has_no_place() -> None:
    rows = table()
    assert {code: (row["rank"], row["rank_by_money"]) for code, row in rows.items()} == {
        "C": (1, 1),
        "D": (1, 3),
        "A": (3, 2),
        "B": (4, 4),
        "E": (None, None),
        "F": (None, None),
    }
    assert rows["A"]["gap_pence"] == 8_500_000_000
    assert rows["C"]["why"] == rows["D"]["why"] == "level with another"
    assert rows["E"]["why"] == "its allocation is not in the book"
    assert rows["F"]["why"] == "its planned spend is not in the book"
    assert {row["chosen"] for row in rows.values()} == {""}  # nobody said from where


@pytest.mark.parametrize(
    ("options", "said"),
    [
        # 16.3% is 85/520 = 0.1634…, so that 16.35% leaves A out
        ({"threshold": "16%"}, {"A": "yes", "B": "no", "C": "yes", "D": "yes"}),
        ({"threshold": "0.1635"}, {"A": "no", "B": "no", "C": "yes", "D": "yes"}),
        ({"threshold": "20%"}, {"A": "no", "B": "no", "C": "yes", "D": "yes"}),
        ({"threshold": "£50m"}, {"A": "yes", "B": "no", "C": "yes", "D": "no"}),
        # two unknown gaps could push out all but the first of four
        (
            {"number": 4},
            {
                "A": "yes, unless one not known has a larger gap",
                "B": "yes, unless one not known has a larger gap",
                "C": "yes",
                "D": "yes",
            },
        ),
        (
            {"number": 1},
            {
                "A": "no",
                "B": "no",
                **dict.fromkeys("CD", "level at the cut: not decided by the gap"),
            },
        ),
        ({"number": 6}, dict.fromkeys("ABCD", "yes")),
    ],
)
def test_who_is_chosen_by_a_threshold_or_a_number(
    options: dict[str, str | int], said: dict[str, str]
) -> None:
    rows = table(**options)
    assert {code: rows[code]["chosen"] for code in said} == said
    assert rows["E"]["chosen"] == rows["F"]["chosen"] == "cannot be told"


def test_the_sentence_says_how_many_are_known_and_who_would_be_chosen() -> None:
    found = verbs.position(position_of(six()), "2017-18", threshold="16%")
    words = " ".join(found.words)
    assert "of 6 systems the gap of planned spend to allocation is known for 4" in words
    assert "from a gap of 16% 3 would be chosen: System A, System C, System D" in words
    assert "2 whose gap is not known could be among them" in words
    silent = " ".join(verbs.position(position_of(six()), "2017-18").words)
    assert "no threshold was published, so that nobody is chosen here" in silent


def test_a_threshold_of_the_book_is_used_where_none_is_asked() -> None:
    found = answer("position", FAULTS / "cep-three-systems")  # its own policy: 16%
    rows = {row["organisation"]: row for row in found.table("capped_expenditure")}
    assert {code: row["chosen"] for code, row in rows.items()} == {
        "S1": "yes",
        "S2": "no",
        "S3": "yes",
    }
    # the joint cap over commissioner and trust: 520 + 40 + 6 - 0 + 20 = 586; 605 is 19 above
    assert (rows["S1"]["cap_pence"], rows["S1"]["above_cap_pence"]) == (
        58_600_000_000,
        1_900_000_000,
    )
    assert [rows[code]["rank"] for code in ("S3", "S1", "S2")] == [1, 2, 3]
    assert rows["S2"]["above_cap_pence"] == 0


def test_what_cannot_be_asked_is_refused_in_one_line() -> None:
    book = FAULTS / "cep-three-systems"
    both = controltotal("position", book, "--threshold", "16%", "--number", "2")
    assert both.code == 2 and "--threshold and --number both choose" in both.err
    with pytest.raises(BookError, match="--threshold reads"):
        verbs.position(book, threshold="many")
    with pytest.raises(BookError, match="--number"):
        verbs.position(book, number=0)


def test_a_book_without_a_cap_has_no_ranks() -> None:
    found = answer("position", Path(__file__).parents[2] / "examples" / "nene-2013")
    assert not found.table("capped_expenditure") and not found.table("option_tests")


gaps = st.tuples(st.integers(0, 400), st.one_of(st.none(), st.integers(1, 400)))


@given(st.lists(gaps, min_size=1, max_size=12), st.integers(1, 12))
def test_a_larger_gap_is_never_left_out_while_a_smaller_one_is_chosen(
    drawn: list[tuple[int, int | None]], number: int
) -> None:
    """Whatever the gaps and the number: places follow shares, and a sure choice holds whatever the
    unknown ones turn out to be."""
    rows = [
        Ranked(str(n), spend, allocation, None, "") for n, (spend, allocation) in enumerate(drawn)
    ]
    ranked(rows)
    known = [row for row in rows if row.share is not None]
    for one in known:
        for other in known:
            assert one.share is not None and other.share is not None
            assert one.by_share is not None and other.by_share is not None
            assert (one.share > other.share) == (one.by_share < other.by_share)
    said = {row.code: chosen(row, rows, None, number) for row in rows}
    sure = [row for row in known if said[row.code] == "yes"]
    unknown = len(rows) - len(known)
    assert len(sure) + (unknown if sure else 0) <= max(number, 0)
    least = min((row.share for row in sure if row.share is not None), default=None)
    for row in known:
        assert row.share is not None
        if least is not None and row.share >= least:
            assert said[row.code] == "yes"
    for row in rows:
        if row.share is None:
            assert said[row.code] == "cannot be told"


@given(st.lists(gaps, min_size=1, max_size=8), st.fractions(0, 3))
def test_a_threshold_chooses_by_the_gap_alone(
    drawn: list[tuple[int, int | None]], least: Fraction
) -> None:
    rows = ranked([Ranked(str(n), s, a, None, "") for n, (s, a) in enumerate(drawn)])
    for row in rows:
        said = chosen(row, rows, Threshold(share=least), None)
        if row.share is None:
            assert said == "cannot be told"
        else:
            assert said == ("yes" if row.share >= least else "no")


# -- options: one judgement ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def options() -> Answer:
    return answer("position", FAULTS / "cep-options")


def test_an_option_counts_in_every_room_or_in_none(options: Answer) -> None:
    """Nobody assessed the four and nobody signed: none passes here, and none counts as a saving."""
    assert options.value("rule/SYS/2017-18/capped_expenditure_options") == 0
    listed = answer("scheme", "list", FAULTS / "cep-options")
    assert not [row for row in listed.table("schemes") if row["counted"]]
    quality = [r for r in options.table("option_tests") if r["order"] == 1]
    assert [row["state"] for row in quality] == ["not passed"] * 4
    assert "residual score 20" in quality[2]["why"]


def test_each_option_goes_through_its_tests_in_order(options: Answer) -> None:
    rows = [r for r in options.table("option_tests") if r["option"] == "S2"]
    assert [row["order"] for row in rows] == [1, 2, 3, 4]
    assert [row["state"] for row in rows] == ["not passed", "passed", "passed", "not passed"]
    late = "people were involved from 2017-08-01, after the decision of 2017-07-01"
    assert rows[3]["why"].startswith(late)
    assert options.row("option_tests", option="S4", order=2)["why"] == "there is none"
    assert options.row("option_tests", option="S4", order=4)["state"] == "not needed"


def test_the_tests_stand_on_the_page_of_gates() -> None:
    text = " ".join(controltotal("scheme", "gates", FAULTS / "cep-options", "--detail").out.split())
    assert "S1 Fewer beds 1 quality impact assessment not passed" in text


# -- what the thirteen were told -------------------------------------------------------------------


def test_a_system_in_the_process_sees_what_it_was_told_and_what_it_might_answer() -> None:
    facts: list[Cells] = [
        {
            "organisation": "A",
            "fact": "capped_expenditure_process",
            "year": "2017-18",
            "value": "yes",
        }
    ]
    book = six()
    found = verbs.challenge(
        position_of({**book, "facts": [*book["facts"], *facts]}), "2017-18", "A"
    )
    told = {row["told"]: row["may_answer"] for row in found.tables["told_and_answer"]}
    assert len(told) == 5
    assert told["It was chosen for the largest gap of planned spend to allocation"].startswith(
        "its gap is £85.0 million (16.3% of its allocation)"
    )
    assert "no option is published" in told["Consider all available options"]
    other = verbs.challenge(position_of(book), "2017-18", "B")
    assert not other.tables.get("told_and_answer")

"""Bodies in special measures bear nothing unless asked, and it is said; trusts have no allocation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from controltotal import verbs
from controltotal.book.tree import Tree
from controltotal.core.result import Answer
from controltotal.sharing.policy import Shares
from controltotal.sharing.spared import Spared, spared, tell, with_nothing, without_allocation
from tests.strategies import position_of

BOOK = "key,value\ntitle,A made-up region\ndefault_unit,£m\ndefault_year,2025-26\nfictional,yes\n"
BODIES = """code,name,kind,parent,population,deprivation,special_measures
R,Region,region,,,,
A,System A,system,R,1000,0.2,
B,System B,system,R,1000,0.1,yes
C,System C,system,R,2000,0.1,
T,System T,system,R,1000,0.1,
"""
AMOUNTS = """organisation,line,year,basis,amount
A,allocation,2025-26,plan,100
B,allocation,2025-26,plan,100
C,allocation,2025-26,plan,200
T,allocation,2025-26,plan,100
"""


def book(folder: Path, **changed: str) -> Path:
    tables = {"book": BOOK, "organisations": BODIES, "amounts": AMOUNTS, **changed}
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("policy", "spared", "asked"),
    [
        ("equal_call", {"A": 3, "B": 0, "C": 3}, {"A": 2, "B": 2, "C": 2}),
        # With the receiver's own allocation: 6 over 400 or over 500.
        (
            "top_slice",
            {"A": 1.5, "B": 0, "C": 3, "T": 1.5},
            {"A": 1.2, "B": 1.2, "C": 2.4, "T": 1.2},
        ),
    ],
)
def test_the_others_bear_what_a_body_in_special_measures_would(
    tmp_path: Path, policy: str, spared: dict[str, float], asked: dict[str, float]
) -> None:
    where = book(tmp_path)
    for wanted, no_spare in ((spared, False), (asked, True)):
        result = verbs.share(where, "£6m", to="T", policy=policy, no_spare=no_spare)
        found = {f.organisation: f.value for f in result.figures if f.measure == "share"}
        assert found == {code: round(sum_ * 100_000_000) for code, sum_ in wanted.items()}
        codes = [f.code for f in result.findings]
        assert ("SPECIAL_MEASURES_SPARED" in codes) is not no_spare
        said = "System B (B) is in special measures and spared: the others bear the whole."
        assert (said in result.words) is not no_spare


def test_where_all_who_are_asked_are_spared_the_gap_is_not_placed(tmp_path: Path) -> None:
    result = verbs.share(book(tmp_path), "£6m", from_="B", to="T", policy="equal_call")
    assert result.value("share/B/2025-26/plan/equal_call") is None
    (found,) = [f for f in result.findings if f.code == "SHARE_NOT_PLACED"]
    assert found.message.endswith("all who are asked are in special measures and spared.")


def test_a_missing_input_of_one_who_is_spared_stops_nothing(tmp_path: Path) -> None:
    amounts = AMOUNTS.replace("B,allocation,2025-26,plan,100\n", "")
    result = verbs.share(book(tmp_path, amounts=amounts), "£4m", to="T", policy="top_slice")
    assert result.value("share/C/2025-26/plan/top_slice") == 200_000_000


def test_neighbours_are_those_whose_help_the_book_records(tmp_path: Path) -> None:
    transfers = """id,from,to,year,amount,kind,mechanism,status
T-A,A,T,2025-26,1,neighbour_support,resource_transfer,proposed
T-C,C,T,2025-26,1,neighbour_support,resource_transfer,refused
"""
    result = verbs.share(book(tmp_path, transfers=transfers), "£6m", to="T")
    borne = {
        f.organisation: f.value
        for f in result.figures
        if (f.measure, f.part) == ("share", "neighbour_support")
    }
    assert borne == {"A": 600_000_000}
    row = next(r for r in result.tables["approaches"] if r["policy"] == "neighbour_support")
    assert row["who_pays"] == "1 body (A)"


def test_a_trust_is_no_payer_of_what_is_taken_from_allocations(tmp_path: Path) -> None:
    bodies = "code,name,kind,parent\nS,System,system,\nI,Board,commissioner,S\nP,Trust,provider,S\n"
    amounts = "organisation,line,year,basis,amount\nI,allocation,2025-26,plan,100\n"
    where = book(tmp_path, organisations=bodies, amounts=amounts)
    result = verbs.share(where, "£6m", policy="top_slice,equal_call")
    assert result.value("share/I/2025-26/plan/top_slice") == 600_000_000
    assert result.value("share/P/2025-26/plan/top_slice") is None
    assert result.value("share/P/2025-26/plan/equal_call") == 300_000_000
    (found,) = [f for f in result.findings if f.code == "NO_ALLOCATION_TO_TAKE"]
    assert "top_slice asks nothing of it" in found.message


def tree_of(*below: tuple[str, str, str]) -> Tree:
    """A system A and what stands below it: code, kind, and whether in special measures."""
    rows = [
        {"code": "A", "name": "System A", "kind": "system"},
        *(
            {"code": c, "name": f"Body {c}", "kind": kind, "parent": "A", "special_measures": yes}
            for c, kind, yes in below
        ),
    ]
    return position_of({"organisations": rows}).tree


def test_a_system_of_which_all_with_money_are_in_special_measures_is_spared_whole() -> None:
    every = tree_of(("P", "provider", "yes"), ("Q", "provider", "yes"), ("L", "pool", ""))
    assert spared(every, ("A",), "2025-26") == Spared(("A",), {})
    some = tree_of(("P", "provider", "yes"), ("Q", "provider", ""))
    assert spared(some, ("A", "P", "Q"), "2025-26") == Spared(("P",), {"A": ("P",)})
    none = tree_of(("P", "provider", ""))
    assert spared(none, ("A", "P"), "2025-26") == Spared((), {})
    assert Spared(("P", "Q")).of(("Q", "R")) == ("Q",)


def test_where_only_some_below_are_spared_it_is_said_with_their_rows() -> None:
    tree = tree_of(("P", "provider", "yes"), ("Q", "provider", "yes"), ("R", "provider", ""))
    answer = Answer("share", "book", {})
    tell(answer, tree, spared(tree, ("A",), "2025-26"), "2025-26", spare=True)
    (found,) = answer.result().findings
    assert found.code == "SPECIAL_MEASURES_SPARED"
    assert (found.organisation, found.where) == ("P, Q", "organisations row 3, row 4")
    assert found.message == (
        "System A bears its part; Body P (P) and Body Q (Q) below it are in special measures and "
        "spared, so that the part falls on the others below it."
    )
    asked = Answer("share", "book", {})
    tell(asked, tree, spared(tree, ("A",), "2025-26"), "2025-26", spare=False)
    assert asked.result().findings == ()
    assert asked.result().words == (
        "In special measures and not spared, as asked: Body P (P) and Body Q (Q).",
    )


def test_those_who_bear_nothing_stand_among_the_shares_with_nil() -> None:
    given = Shares("equal_call", ("A", "C"), np.array([5, 7], dtype=np.int64))
    found = with_nothing(given, ("B",))
    assert found.by_code() == {"A": 5, "B": 0, "C": 7}
    assert found.spared == ("B",)
    assert with_nothing(given, ()) is given
    most = with_nothing(Shares("capped", ("A", "C"), None, at_most=(3, 4)), ("B",))
    assert (most.pence, most.at_most) == (None, (3, 0, 4))


@pytest.mark.parametrize(
    ("below", "left"),
    [
        ([("P", "provider", "")], ("A", "P")),
        ([("P", "provider", ""), ("I", "commissioner", "")], ("P",)),
        ([], ()),
    ],
)
def test_trusts_and_groups_of_nothing_but_trusts_have_no_allocation(
    below: list[tuple[str, str, str]], left: tuple[str, ...]
) -> None:
    tree = tree_of(*below)
    codes = ("A", *(code for code, _, _ in below))
    assert without_allocation(tree, codes, "2025-26") == left

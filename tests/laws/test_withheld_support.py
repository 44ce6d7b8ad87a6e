"""Of support nothing withheld is worked out: no sum from its repayments, no share from the others.

Made books of three or four bodies with plans, control totals and transfers between them; some figure
is withheld. The reader of `tests.support_reader` solves all that he knows, and comes to no sum of it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from controltotal.core.result import Result
from controltotal.verbs.agreeing import share
from controltotal.verbs.packs import governing
from controltotal.verbs.publishing import told_to_public
from controltotal.verbs.standing import position, register
from controltotal.workings.workings import Workings
from tests.public_results import withheld_row
from tests.strategies import YEAR, Book, Cells, position_of
from tests.support_reader import Loan, Reader, moved

CODES = ("T1", "T2", "T3", "T4")
MEASURES = ("share", "repayment", "repayment_expected", "balance_owed", "surplus_with_support")
QUICK, ALL = range(24), range(24, 1000)
ODD_PENNIES = 100
"""How far instalments in whole pence may part what an equation says, in pence."""


def made(draw: random.Random) -> Book:
    """A system whose bodies help one of them, and one another."""
    codes = CODES[: draw.randint(3, 4)]
    tree: list[Cells] = [{"code": "S1", "name": "Sedge system", "kind": "system"}]
    tree += [
        {"code": c, "name": f"Trust {c}", "kind": "provider", "parent": "S1"}
        | {"population": str(draw.randint(200_000, 600_000)), "deprivation": f"0.{n}3"}
        for n, c in enumerate(codes, start=1)
    ]
    amounts: list[Cells] = []
    totals: list[Cells] = []
    for code in codes:
        own = {"organisation": code, "year": YEAR}
        for basis in ("plan", "forecast"):
            for line in ("patient_care_income", "pay"):
                size = str(draw.randint(90_000_000, 120_000_000))
                amounts.append({**own, "line": line, "basis": basis, "amount": size})
        totals.append(
            {**own, "amount": str(-draw.randint(1_000_000, 9_000_000)), "status": "accepted"}
            | {"set_by": "Eastern region", "set_on": "2026-02-20", "includes_support": "yes"}
        )
    receiver = draw.choice(codes)
    givers = [code for code in codes if code != receiver]
    transfers: list[Cells] = []
    for n in range(draw.randint(1, 4)):
        transfers.append(
            {"id": f"L-{n}", "from": draw.choice(givers), "to": receiver, "year": YEAR}
            | {"amount": str(draw.randint(1_200_000, 7_000_000)), "kind": "neighbour_support"}
            | {"mechanism": draw.choice(("resource_transfer", "position_improvement"))}
            | {"status": draw.choice(("agreed", "agreed", "proposed"))}
            | {"repay_from": "2027-28", "repay_years": str(draw.randint(2, 4)), "interest": "0"}
            | {"chance": draw.choice(("", "0.8"))}
        )
    return {
        "organisations": tree,
        "amounts": amounts,
        "control_totals": totals,
        "transfers": transfers,
        "withheld": [],
    }


def answers(workings: Workings, withheld: list[dict[str, str]]) -> dict[str, Result]:
    """What a book says of support: positions, repayments, and the policies beside one another."""
    said = register(workings, YEAR)
    said = replace(said, tables={**said.tables, "withheld": withheld})
    found = {"position": position(workings), "register": said, "share": share(workings)}
    if (make := governing(workings, YEAR).get("sharing")) is not None:
        found["sharing"] = make()
    return found


def reader_of(said: Book, results: Mapping[str, Result]) -> Reader:
    """One who knows all of a book but its sums."""
    loans = [
        Loan(
            r["id"],
            r["from"],
            r["to"],
            r["year"],
            r["status"],
            r["mechanism"],
            int(r["repay_years"]),
        )
        for r in said["transfers"]
    ]
    names = {f.id for one in results.values() for f in one.figures if f.value is not None}
    below = [r["code"] for r in said["organisations"] if r.get("parent")]
    return Reader(frozenset(names), loans, {"S1": below})


def worked_out(seed: int) -> list[str]:
    """The withheld figures, and sums of transfers, that the reader comes to in a made book."""
    draw = random.Random(seed)
    said = made(draw)
    workings = Workings(position_of(said))
    plain = answers(workings, [])
    values = {f.id: f.value for one in plain.values() for f in one.figures if f.value}
    names = sorted(n for n in values if n.split("/")[0] in MEASURES)
    hidden = draw.sample(names, k=min(len(names), draw.choice((1, 1, 2))))
    rows = [withheld_row(one) for one in hidden]
    shown = told_to_public(workings, answers(workings, rows), lambda less: answers(less, rows))
    told = reader_of(said, plain).told(shown)
    # a loan that is left out has no row; one whose sum is emptied beside it is no secret of its own
    there = {row["id"] for row in shown["register"].tables["transfers"]}
    gone = {moved(r["id"]) for r in said["transfers"] if r["id"] not in there}
    return sorted(f"{one} of {hidden}" for one in told & {*hidden, *gone})


def test_no_withheld_sum_of_support_is_worked_out() -> None:
    assert {seed: told for seed in QUICK if (told := worked_out(seed))} == {}


@pytest.mark.soak
@pytest.mark.parametrize("part", range(8))
def test_nor_in_a_thousand_books(part: int) -> None:
    assert {seed: told for seed in ALL[part::8] if (told := worked_out(seed))} == {}


def test_what_the_reader_knows_holds() -> None:
    compared: set[str] = set()
    for seed in QUICK:
        said = made(random.Random(seed))
        plain = answers(Workings(position_of(said)), [])
        values = {
            f.id: f.value for one in plain.values() for f in one.figures if f.value is not None
        }
        values |= {moved(row["id"]): int(row["amount"]) * 100 for row in said["transfers"]}
        for terms in reader_of(said, plain).equations():
            if terms.keys() <= values.keys() and not any(n.startswith("share_") for n in terms):
                rest = sum(values[name] * factor for name, factor in terms.items())
                assert abs(rest) <= ODD_PENNIES, (seed, terms)
                compared |= {name.split("/")[0] for name in terms}
    assert compared >= {*MEASURES, "moved", "measured", "gap"}


def test_the_reader_works_out_support_from_one_instalment() -> None:
    said = made(random.Random(0))
    loan = said["transfers"][0]
    plain = answers(Workings(position_of(said)), [])
    reader = reader_of(said, plain)
    one = f"repayment/{loan['from']}/2027-28/plan/{loan['id']}"
    step = replace(
        plain["share"], figures=[f for f in plain["share"].figures if f.id == one], tables={}
    )
    register_only = replace(plain["register"], figures=(), tables={"transfers": []})
    told = reader.told({"share": step, "register": register_only})
    assert (
        moved(loan["id"]) in told and f"balance_owed/{loan['to']}/{YEAR}/plan/{loan['id']}" in told
    )


def test_of_two_who_help_the_proposed_help_goes_and_the_agreed_stays() -> None:
    """The share of one is withheld: its loan goes with all that says it, and the other loan stays."""
    said = made(random.Random(1))
    said["transfers"] = [
        {**said["transfers"][0], "id": name, "from": giver, "to": "T3", "status": status}
        | {"mechanism": "resource_transfer", "amount": amount, "chance": ""}
        for name, giver, status, amount in (
            ("L-0", "T1", "agreed", "6000000"),
            ("L-1", "T2", "proposed", "4000000"),
        )
    ]
    rows = [withheld_row(f"share/T2/{YEAR}/plan/neighbour_support")]
    workings = Workings(position_of(said))
    shown = told_to_public(workings, answers(workings, rows), lambda less: answers(less, rows))
    assert [row["id"] for row in shown["register"].tables["transfers"]] == ["L-0"]
    told = {f.id for one in shown.values() for f in one.figures if f.value is not None}
    assert not {name for name in told if name.endswith("/L-1") or "/equal_call" in name}
    assert "repayment/T1/2027-28/plan/L-0" in told and f"gap/S1/{YEAR}/plan" in told
    assert "repayment/T3/2027-28/plan" not in told  # the sum over both less what is told of one

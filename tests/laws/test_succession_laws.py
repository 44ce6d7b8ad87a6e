"""Successions lose no penny: generated mergers and divisions, and those of 2020 to 2022 and 2026.

The generated ledger gives every commissioner of 2019/20 an allocation, a result and a loan; the 74
mergers of April 2020, those of 2021 and the change to 42 boards in July 2022 carry it through.
"""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal import verbs
from controltotal.book import records
from controltotal.book.tree import Tree
from controltotal.core import reference
from controltotal.core.result import Result
from controltotal.ledger import Draft, open_ledger
from controltotal.sources.published_bodies import board_code
from controltotal.workings.repayment import Succession, holders
from tests.ledgers import posting

ROOT = Path(__file__).parents[2]
DAYS = (date(2020, 4, 1), date(2021, 4, 1), date(2022, 7, 1), date(2026, 4, 1))


def followed(chain: list[tuple[str, str, date, Fraction]]) -> list[records.Succession]:
    """Rows of successions as the tree reads them."""
    return [
        records.Succession(1, 1, {}, None, "", predecessor=old, successor=new, on=day, share=share)
        for old, new, day, share in chain
    ]


@st.composite
def chains(draw: st.DrawFn) -> list[tuple[str, str, date, Fraction]]:
    """Bodies of one day follow those of the day before, whole or by shares."""
    found = []
    before = ["A0", "A1", "A2"]
    days = (
        DAYS if draw(st.booleans()) else (DAYS[0], DAYS[0], DAYS[-1], DAYS[-1])
    )  # chains in a day
    for place, day in enumerate(days, start=1):
        after = [f"B{place}{n}" for n in range(draw(st.integers(1, 3)))]
        alive = []
        for old in before:
            kind = draw(st.sampled_from(["whole", "divided", "part", "stays"]))
            if kind == "stays":
                alive.append(old)
            elif kind == "whole" or len(after) < 2:
                found.append((old, draw(st.sampled_from(after)), day, Fraction(1)))
            else:
                share = Fraction(draw(st.integers(1, 9)), 10)
                found.append((old, after[0], day, share))
                if kind == "divided":
                    found.append((old, after[1], day, 1 - share))
                else:
                    alive.append(old)
        before = alive + after
    return found


@settings(max_examples=200, deadline=None)
@given(chains(), st.integers(-(10**12), 10**12), st.sampled_from(["A0", "A1", "A2"]))
def test_the_tree_and_the_claims_follow_alike(
    chain: list[tuple[str, str, date, Fraction]], pence: int, code: str
) -> None:
    carried = Tree([], followed(chain)).carry(code, pence, DAYS[-1])
    assert sum(carried.values()) == pence
    claimed = holders(code, DAYS[-1], [Succession(*one) for one in chain])
    assert set(claimed) >= set(carried)
    for heir, part in claimed.items():
        assert abs(carried.get(heir, 0) - part * pence) <= 4  # a penny at each division


@settings(max_examples=100, deadline=None)
@given(chains(), st.integers(0, 10**12))
def test_a_succession_in_the_past_moves_nothing(
    chain: list[tuple[str, str, date, Fraction]], pence: int
) -> None:
    tree = Tree([], followed(chain))
    assert tree.carry("A0", pence, DAYS[-1], DAYS[-1]) == {"A0": pence}


def commissioners(year_start: date) -> list[str]:
    """The commissioners that were open on the first day of a year."""
    found = []
    for code in reference.codes():
        for spell in reference.spells(code):
            opened = spell.kind == "commissioner" and spell.opened is not None
            if (
                opened
                and spell.opened <= year_start
                and (  # type: ignore[operator]
                    spell.closed is None or spell.closed >= year_start
                )
            ):
                found.append(code)
                break
    return found


def put(table: str, number: int, **cells: str) -> Draft:
    said = tuple((column, text) for column, text in cells.items() if text)
    return Draft("put", table, number, said)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, list[int]]]:
    """A ledger of every commissioner of 2019/20 with money from one seed, and all successions."""
    draw = random.Random(74)
    olds = commissioners(date(2019, 4, 1))
    links = {
        (link.predecessor, link.successor, link.on, link.kind)
        for code in olds + commissioners(date(2020, 4, 1)) + commissioners(date(2021, 4, 1))
        for link in reference.followed_by(code)
        if link.on >= date(2020, 4, 1)
    }
    heirs = {
        board_code(new) if kind == "commissioner_to_board" else new for _, new, _, kind in links
    }
    drafts = [put("book", 2, key="default_unit", value="£")]
    bodies = sorted({*olds, *heirs, *(old for old, _, _, _ in links)})
    first = dict.fromkeys(olds, "")
    for _, new, on, kind in sorted(links, key=lambda link: link[2], reverse=True):
        heir = board_code(new) if kind == "commissioner_to_board" else new
        if heir not in olds:
            first[heir] = on.isoformat()
    for number, code in enumerate(bodies, start=2):
        cells = {"code": code, "name": code, "kind": "commissioner", "from": first.get(code, "")}
        drafts.append(put("organisations", number, **cells))
    for number, (old, new, on, kind) in enumerate(sorted(links), start=2):
        heir = board_code(new) if kind == "commissioner_to_board" else new
        drafts.append(
            put("successions", number, predecessor=old, successor=heir, on=on.isoformat())
        )
    money: dict[str, list[int]] = {}
    for number, code in enumerate(olds):
        allocation = draw.randrange(10**10, 2 * 10**11)
        surplus, loan = draw.randrange(-(10**9), 10**9), draw.randrange(0, 10**9)
        money[code] = [allocation, surplus, loan]
        texts = [f"{pence / 100:.2f}" for pence in money[code]]
        drafts += [
            put(
                "amounts",
                2 * number + 2,
                organisation=code,
                line="allocation",
                year="2019-20",
                basis="plan",
                amount=texts[0],
            ),
            put(
                "amounts",
                2 * number + 3,
                organisation=code,
                line="position",
                year="2019-20",
                basis="actual",
                amount=texts[1],
            ),
            put(
                "facts",
                number + 2,
                organisation=code,
                fact="loans_closing",
                year="2019-20",
                basis="actual",
                value=texts[2],
                unit="£",
            ),
        ]
    address = f"sqlite:///{tmp_path_factory.mktemp('ledger')}/generated.ledger"
    store = open_ledger(address)
    store.append([posting(drafts)], expected=0)
    store.close()
    return address, money


def test_the_mergers_of_2020_to_2022_lose_no_penny(
    generated: tuple[str, dict[str, list[int]]],
) -> None:
    address, money = generated
    assert len(money) == 191
    reading = verbs.read(address)
    mergers = [row for row in reading.book.successions if row.on == date(2020, 4, 1)]
    assert len(mergers) == 74
    found = verbs.history(reading, "2019-20")
    by_measure: dict[str, dict[str, int]] = {}
    for figure in found.figures:
        if figure.unit != "pence":
            continue  # the people that the areas brought along
        assert isinstance(figure.value, int)
        by_measure.setdefault(figure.measure, {})[figure.organisation] = figure.value
    for column, measure in enumerate(
        ("inherited_allocation", "inherited_surplus", "inherited_balance")
    ):
        assert len(by_measure[measure]) == 42
        assert all(code.endswith("-ICB") for code in by_measure[measure])
        assert sum(by_measure[measure].values()) == sum(row[column] for row in money.values())


def test_the_old_bodies_read_as_they_did(generated: tuple[str, dict[str, list[int]]]) -> None:
    address, money = generated
    found = verbs.position(address, "2019-20")
    for code, (_, surplus, _) in money.items():
        assert found.value(f"surplus/{code}/2019-20/actual") == surplus


def test_an_inherited_figure_is_explained_to_its_cells(
    generated: tuple[str, dict[str, list[int]]],
) -> None:
    address, _ = generated
    found = verbs.explain(address, "inherited_allocation/QE1-ICB/2019-20/plan")
    text = " ".join(row["text"] for row in found.tables["tree"])
    assert "sum over those it follows, by their shares" in text
    assert "line allocation" in text and "predecessor" in text


@pytest.fixture(scope="module")
def mergers() -> Result:
    return verbs.share(ROOT / "examples" / "mergers-2026")


def test_what_the_merged_lent_each_other_is_gone(mergers: Result) -> None:
    gone = {f.where for f in mergers.findings if f.code == "BALANCE_INTERNAL"}
    assert gone == {"transfer T-QHG", "transfer T-QM7"} or len(gone) == 2
    names = {figure.id for figure in mergers.figures}
    assert not any(name.startswith("balance_owed/CEN/2026-27/plan/T-QHG") for name in names)


def test_claims_of_the_others_split_and_nothing_is_lost(mergers: Result) -> None:
    """25.0 lent: 16.049 between bodies, 8.951 within one; ESX holds 20.98% of one claim."""
    rows = mergers.tables["repayments"]
    between = sum(int(r["repaid"]) for r in rows if not r["extinguished"])
    within = sum(int(r["repaid"]) for r in rows if r["extinguished"])
    assert between + within == 25 * 100_000_000
    assert f"{between / 1e8:.3f}" == "16.049"
    owed = {f.id: f.value for f in mergers.figures if f.measure == "repayment"}
    assert owed["repayment/ESX/2026-27/plan/T-QM7"] == 34_966_667
    assert owed["repayment/ESX/2026-27/plan/T-QH8"] == 166_666_667
    total = sum(
        v for k, v in owed.items() if k.startswith("repayment/CEN/2026-27/plan/") and v is not None
    )
    assert total == owed["repayment/CEN/2026-27/plan"]


def test_histories_follow_the_mergers_of_2026_whole() -> None:
    book = verbs.read(ROOT / "examples" / "mergers-2026")
    found = verbs.history(book, "2019-20")
    inherited = [f.value for f in found.figures if f.measure == "inherited_allocation"]
    stated = [r.amount for r in book.book.amounts if r.year == "2019-20"]
    # Three new boards, and Northamptonshire, to which a few villages by Oundle went in July 2022.
    assert len(inherited) == 3 + 1
    assert sum(v for v in inherited if isinstance(v, int)) == sum(stated)


def test_a_hole_is_never_summed_around(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    for name, text in {
        "organisations": "code,name,kind\nA,One,provider\nB,Two,provider\nC,Both,provider\n",
        "successions": "predecessor,successor,on\nA,C,2020-04-01\nB,C,2020-04-01\n",
        "amounts": "organisation,line,year,basis,amount,unit\nA,position,2019/20,actual,5,£m\n",
    }.items():
        (book / f"{name}.csv").write_text(text)
    figure = verbs.history(book).figure("inherited_surplus/C/2019-20/actual")
    assert figure is not None
    assert (figure.value, figure.status) == (None, "indeterminate")

"""One question has one reckoning: verbs that speak of the same thing agree, whatever the book.

The books are generated (`tests/reckoning_books.py`). Each law sets one verb's figure beside
another's, and where a person can work the figure out, beside plain arithmetic on the rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal import verbs
from controltotal.book.fold import Position
from tests.answers import Answer, answer_of
from tests.reckoning_books import (
    FIRST,
    MERGERS,
    PARENTS,
    SECOND,
    Book,
    Planned,
    Programme,
    Tangle,
    amount,
    lending,
    pounds,
    programmes,
    region,
    tangles,
)
from tests.strategies import control_total, position_of

DRAWS = 1_000
some = settings(max_examples=max(25, settings().max_examples // 3))
few = settings(max_examples=max(15, settings().max_examples // 5))  # several answers each
LEAVES = [code for code in PARENTS if code[0] in "CP"]


def ask(verb: str, position: Position, **options: Any) -> Answer:
    """A verb's answer about a position, as JSON tells it."""
    return answer_of(getattr(verbs, verb)(position, **options))


# -- support and repayment -------------------------------------------------------------------------


def movements(
    book: Book, share: Answer, year: str, basis: str, statuses: tuple[str, ...] = ("agreed",)
) -> Counter[str]:
    """What support and repayment move in a year, in pence by body, as `share` tells of them.

    Support falls in the year of its transfer; only money that moves counts, and an actual has only
    what was recorded.
    """
    found = Counter[str]()
    for row in book["transfers"]:
        moves = row["mechanism"] == "resource_transfer" and row["status"] in statuses
        if moves and row["year"] == year:
            found[row["from"]] -= int(row["amount"]) * 100
            found[row["to"]] += int(row["amount"]) * 100
    for row in share.table("repayments"):
        if (row["year"], row["basis"]) == (year, basis) and row["status"] in statuses:
            found[row["receiver"]] -= row["repaid"]
            found[row["giver"]] += row["repaid"]
    return found


@some
@given(lending())
def test_a_position_with_support_moves_by_what_share_says_is_lent_and_repaid(book: Book) -> None:
    read = position_of(book)
    position, share = ask("position", read), ask("share", read)
    told = 0
    for year, basis in ((FIRST, "plan"), (SECOND, "plan"), (SECOND, "actual")):
        moved = movements(book, share, year, basis)
        hoped = movements(book, share, year, basis, ("agreed", "proposed"))
        for code in {*LEAVES, "PX", "PY"}:
            ends = f"{code}/{year}/{basis}"
            if f"surplus/{ends}" not in position.figures:
                continue
            alone = position.value(f"surplus/{ends}")
            assert position.value(f"surplus_with_support/{ends}") == alone + moved[code], ends
            proposed = position.figures.get(f"surplus_with_support/{ends}/proposed")
            assert proposed is None or proposed["value"] == alone + hoped[code], ends
            told += 1
    assert told


@some
@given(lending(), st.integers(1, 11))
def test_support_of_a_month_ahead_is_in_no_actual_to_date(book: Book, month: int) -> None:
    """Every transfer of the book falls after the month to which its actuals go."""
    actuals = [
        amount(code, "position", 1_200, basis="actual", month=str(n))
        for code in LEAVES
        for n in range(1, month + 1)
    ]
    later = [{**row, "month": str(month + 1)} for row in book["transfers"]]
    made = {**book, "amounts": [*book["amounts"], *actuals], "transfers": later}
    position = ask("position", position_of(made))
    for code in LEAVES:
        told = position.value(f"surplus_with_support/{code}/{FIRST}/actual")
        assert told == position.value(f"surplus/{code}/{FIRST}/actual") == month * 120_000, code


@some
@given(lending())
def test_support_and_repayment_make_nothing_from_nothing(book: Book) -> None:
    """Over all bodies, in each year and basis, what is given is what is received."""
    position = ask("position", position_of(book))
    for year, basis in ((FIRST, "plan"), (SECOND, "plan"), (SECOND, "actual")):
        alone = position.figures.get(f"surplus/R0/{year}/{basis}")
        if alone is None:
            continue
        assert alone["value"] is not None
        assert position.value(f"surplus_with_support/R0/{year}/{basis}") == alone["value"]


@some
@given(lending())
def test_what_is_owed_is_what_was_lent_less_what_came_back(book: Book) -> None:
    """For each transfer and basis: each year opens where the last closed, and repays or forgives;
    the balances of those who owe add up to what is owed, and so do those of the lenders."""
    share = ask("share", position_of(book))
    lent = {row["id"]: int(row["amount"]) * 100 for row in book["transfers"]}
    for transfer, pence in lent.items():
        for basis in ("plan", "actual", "forecast"):
            rows = [
                row
                for row in share.table("repayments")
                if (row["transfer"], row["basis"]) == (transfer, basis)
            ]
            opening = pence
            for year in sorted({row["year"] for row in rows}):
                mine = [row for row in rows if row["year"] == year]
                back = sum(row["repaid"] for row in mine)
                opened = {row["opening"] for row in mine}
                closed = {row["closing"] for row in mine}
                forgiven = {row["written_off"] for row in mine}
                assert opened == {opening} and len(closed) == len(forgiven) == 1
                opening = closed.pop()
                assert opening == opened.pop() - back - forgiven.pop()
                assert opening >= 0


@some
@given(lending())
def test_a_claim_is_one_bodys_debt_and_anothers_due(book: Book) -> None:
    """`balance_owed` of a transfer stands at both ends, and each end of it adds up to as much."""
    share = ask("share", position_of(book))
    owed: dict[tuple[str, str, str], list[int]] = {}
    for name, pence in share.told("balance_owed").items():
        if name.count("/") == 3:
            _, year, basis, transfer = name.split("/")
            owed.setdefault((year, basis, transfer), []).append(pence)
    rows = {
        (row["year"], row["basis"], row["transfer"]): row["closing"]
        for row in share.table("repayments")
        if not any(
            other["extinguished"]
            for other in share.table("repayments")
            if other["transfer"] == row["transfer"]
        )
    }
    for key, closing in rows.items():
        if key in owed:
            assert sum(owed[key]) == 2 * closing, key


# -- schemes: the register, the position, the portfolio and the risk -------------------------------


def stands(scheme: Planned, made: Programme) -> bool:
    """Whether a scheme may go ahead: it is safe, and so is all that it requires."""
    needed = [one for one in made.schemes if one.code == scheme.requires]
    return scheme.safe and all(stands(one, made) for one in needed)


@few
@given(programmes())
def test_savings_in_the_plan_are_those_of_the_schemes_that_count(made: Programme) -> None:
    read = position_of(made.book)
    position, register = ask("position", read), ask("schemes", read)
    rows = {row["scheme"]: row for row in register.table("schemes")}
    for scheme in made.schemes:
        assert rows[scheme.code]["eligible"] == scheme.safe
        if scheme.in_plan:
            assert rows[scheme.code]["plan_pence"] == scheme.in_year()
    for body in LEAVES:
        counted = sum(
            rows[scheme.code]["plan_pence"] * scheme.parts.get(body, 0)
            for scheme in made.schemes
            if scheme.in_plan and rows[scheme.code]["counted"]
        )
        by_hand = sum(
            scheme.in_year() * scheme.parts.get(body, 0)
            for scheme in made.schemes
            if scheme.in_plan and stands(scheme, made)
        )
        told = position.told("savings_plan").get(f"{body}/{FIRST}/plan", 0)
        assert told == counted == by_hand, body
    assert_sums(position.told("savings_plan"), FIRST)


def assert_sums(told: Mapping[str, Any], year: str) -> None:
    """Every system and the region is the sum of its bodies (one not told brings nothing)."""
    for parent in ("S1", "S2", "R0"):
        kids = [code for code, over in PARENTS.items() if over == parent]
        if f"{parent}/{year}/plan" in told:
            total = sum(told.get(f"{kid}/{year}/plan", 0) for kid in kids)
            assert told[f"{parent}/{year}/plan"] == total, parent


@few
@given(programmes())
def test_a_portfolio_expects_what_chance_share_and_delay_leave(made: Programme) -> None:
    """The saving of the schemes chosen is that of plain arithmetic, body by body."""
    portfolio = ask("portfolio", position_of(made.book))
    chosen = {row["scheme"] for row in portfolio.table("schemes") if row["chosen"]}
    assert chosen <= set(made.counted)
    for body in LEAVES:
        expected = sum(
            scheme.expected(made.counted[scheme.code]) * scheme.parts.get(body, 0)
            for scheme in made.schemes
            if scheme.code in chosen
        )
        told = portfolio.value(f"portfolio_saving/{body}/{FIRST}/plan")
        assert told == pytest.approx(expected, abs=3 * len(made.schemes)), body
    assert_sums(portfolio.told("portfolio_saving"), FIRST)


@few
@given(programmes())
def test_risk_expects_of_the_same_schemes_what_the_portfolio_expects(made: Programme) -> None:
    """The mean of the draws is the plan without schemes and what those that count are expected to
    bring, but for sampling: six times its own standard error is more than chance explains."""
    read = position_of(made.book)
    risk, portfolio = ask("risk", read, draws=DRAWS), ask("portfolio", read)
    counted = {row["scheme"] for row in risk.table("schemes") if row["counted"]}
    assert counted == set(made.counted)
    every = {row["scheme"] for row in portfolio.table("schemes") if row["chosen"]} == counted
    for body in LEAVES:
        mean = risk.value(f"outturn_mean/{body}/{FIRST}/forecast")
        deviation = risk.value(f"outturn_sd/{body}/{FIRST}/forecast")
        doubt = 6 * deviation / DRAWS**0.5 + 3 * len(made.schemes)
        assert mean == pytest.approx(made.before(body) + made.expected(body), abs=doubt), body
        if every:
            outcome = portfolio.row("control_totals", organisation=body)["outcome"]
            assert mean == pytest.approx(outcome, abs=doubt), body


@few
@given(programmes())
def test_a_portfolio_starts_from_the_plan_without_any_scheme(made: Programme) -> None:
    portfolio = ask("portfolio", position_of(made.book))
    for body in LEAVES:
        row = portfolio.row("control_totals", organisation=body)
        assert row["before_schemes"] == made.before(body), body


@few
@given(programmes(unsafe=True))
def test_risk_and_portfolio_start_from_one_base_body_by_body(made: Programme) -> None:
    """Where no scheme counts nothing varies, and both stand where the plan without them stands."""
    read = position_of(made.book)
    risk, portfolio = ask("risk", read, draws=100), ask("portfolio", read)
    position = ask("position", read)
    for row in portfolio.table("control_totals"):
        ends = f"{row['organisation']}/{FIRST}"
        mean = risk.value(f"outturn_mean/{ends}/forecast")
        assert mean == row["before_schemes"] == row["outcome"], ends
        assert row["control_total"] == position.value(f"control_total/{ends}/plan")
        assert risk.value(f"chance_control_total/{ends}/forecast") == (row["shortfall"] == 0)


@some
@given(tangles())
def test_of_schemes_that_exclude_or_overlap_every_verb_takes_the_best_lawful_choice(
    made: Tangle,
) -> None:
    """Found by trying every choice: no two that exclude each other, an overlapping pair once."""
    read = position_of(made.book)
    portfolio = ask("portfolio", read)
    assert portfolio.value(f"portfolio_saving/P1/{FIRST}/plan") == made.best
    risk = ask("risk", read, draws=100)
    mean = risk.value(f"outturn_mean/P1/{FIRST}/forecast")
    assert mean == portfolio.row("control_totals", organisation="P1")["before_schemes"] + made.best


# -- parents, unidentified savings and cash --------------------------------------------------------


@st.composite
def stated(draw: st.DrawFn) -> tuple[Book, dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    """A book whose bodies state unidentified savings and cash, and whose systems may do so too.

    Also what the bodies state, and what the systems state, in pounds by line and code.
    """
    rows, _, bodies = region()
    amounts = [amount(code, "position", draw(pounds)) for code in bodies[FIRST]]
    own: dict[str, dict[str, int]] = {}
    over: dict[str, dict[str, int]] = {}
    for line in ("savings_unidentified", "cash"):
        whole = draw(st.booleans())
        codes = bodies[FIRST] if whole else draw(st.lists(st.sampled_from(LEAVES), unique=True))
        own[line] = {code: abs(draw(pounds)) for code in codes}
        over[line] = {}
        for parent in ("S1", "S2"):
            kids = [own[line].get(c, 0) for c, at in PARENTS.items() if at == parent]
            if draw(st.booleans()):
                over[line][parent] = sum(kids) + draw(st.sampled_from((0, 0, 1_200)))
        for part in (own[line], over[line]):
            amounts += [amount(code, line, value) for code, value in part.items()]
    targets = [control_total(code, draw(pounds)) for code in draw(st.sets(st.sampled_from(LEAVES)))]
    return {"organisations": rows, "amounts": amounts, "control_totals": targets}, own, over


@some
@given(stated())
def test_a_parent_is_the_sum_of_its_children_and_another_total_is_told(
    drawn: tuple[Book, dict[str, dict[str, int]], dict[str, dict[str, int]]],
) -> None:
    book, own, over = drawn
    position = ask("position", position_of(book))
    for line in ("savings_unidentified", "cash"):
        told = position.told(line)
        for code, value in own[line].items():
            assert told[f"{code}/{FIRST}/plan"] == value * 100
        for parent in ("S1", "S2"):
            kids = [code for code, at in PARENTS.items() if at == parent]
            if not all(kid in own[line] for kid in kids):
                continue
            total = sum(own[line][kid] for kid in kids)
            assert told[f"{parent}/{FIRST}/plan"] == total * 100, (line, parent)
            differs = over[line].get(parent, total) != total
            rows = {
                number
                for number, row in enumerate(book["amounts"], start=2)
                if (row["organisation"], row["line"]) == (parent, line)
            }
            said = [
                finding
                for finding in position.findings
                if finding["organisation"] == parent
                and finding["code"] != "NO_SOURCE"
                and rows & {int(number) for number in re.findall(r"row (\d+)", finding["where"])}
            ]
            assert bool(said) == differs, (line, parent, said)


@some
@given(stated())
def test_what_is_to_be_found_is_the_gap_and_what_nobody_has_found_yet(
    drawn: tuple[Book, dict[str, dict[str, int]], dict[str, dict[str, int]]],
) -> None:
    position = ask("position", position_of(drawn[0]))
    sought = position.told("savings_unidentified")
    for name, gap in position.told("gap").items():
        if name not in sought and name.partition("/")[0] not in LEAVES:
            continue  # only some of its bodies say what they seek
        unidentified = sought.get(name, 0)
        known = gap is not None and unidentified is not None
        assert position.value(f"to_find/{name}") == (gap + unidentified if known else None), name


# -- how long, and what changed --------------------------------------------------------------------


@few
@given(stated())
def test_a_path_starts_at_the_gap_and_funds_the_deficit_that_each_year_leaves(
    drawn: tuple[Book, dict[str, dict[str, int]], dict[str, dict[str, int]]],
) -> None:
    """The gap is to the control total, else to break-even; the deficit is that of the year, so a
    body above break-even has none to be funded, however far its control total is."""
    read = position_of(drawn[0])
    position, path = ask("position", read), ask("trajectory", read)
    for code in LEAVES:
        target = position.figures.get(f"control_total/{code}/{FIRST}/plan", {}).get("value")
        gap = position.value(f"{'gap_breakeven' if target is None else 'gap'}/{code}/{FIRST}/plan")
        gaps = path.told(f"trajectory_gap/{code}")
        assert gaps.pop(f"{FIRST}/forecast/base") == gap, code
        running = 0
        for year, left in gaps.items():
            running += max(0, left - (target or 0))
            assert path.value(f"cumulative_deficit/{code}/{year}") == running, (code, year)


@few
@given(lending(), lending())
def test_what_changed_is_what_the_second_position_says_less_the_first(
    first: Book, second: Book
) -> None:
    before, after = position_of(first), position_of(second)
    changes = ask("compare", before, second=after).told("change")
    told = [ask("position", one).told("surplus") for one in (before, after)]
    for name in told[0].keys() & told[1].keys():
        change = None if None in (told[0][name], told[1][name]) else told[1][name] - told[0][name]
        assert changes.get(f"{name}/surplus", 0) == (change or 0), name


EXPLAINED = {
    "position": ("surplus_with_support/R0", "savings_plan/S1", "to_find/P1"),
    "portfolio": ("portfolio_saving/R0",),
    "schemes": ("savings_pipeline/P1",),
}


@settings(max_examples=max(5, settings().max_examples // 12))  # explaining answers again
@given(programmes())
def test_explaining_a_figure_gives_the_figure_and_not_another_under_its_name(
    made: Programme,
) -> None:
    """Each figure explained, and each figure that it rests on, is as its own verb told it."""
    read = position_of(made.book)
    told = {
        name: figure["value"]
        for verb in EXPLAINED
        for name, figure in ask(verb, read).figures.items()
    }
    for starts in EXPLAINED.values():
        for name in [name for name in told if name.startswith(starts)]:
            values = {k: f["value"] for k, f in ask("explain", read, figure=name).figures.items()}
            assert values[name] == told[name]
            assert values == {k: told.get(k, value) for k, value in values.items()}, name


# -- bodies that move in the year ------------------------------------------------------------------


@few
@given(st.lists(pounds, min_size=5, max_size=5), st.integers(2, 12), st.booleans())
def test_a_body_that_moves_is_split_by_its_months_or_both_parents_cannot_be_told(
    values: list[int], month: int, by_months: bool
) -> None:
    """P1 leaves S1 for S2 on the first day of a month; the region holds it all the year."""
    rows, _, _ = region()
    year = 2026 if month < 10 else 2027
    day = date(year, (month + 2) % 12 + 1, 1)
    before = (day - timedelta(days=1)).isoformat()
    spells = [
        {"code": "P1", "name": "P1", "kind": "provider", "parent": "S1", "to": before},
        {"code": "P1", "name": "P1", "kind": "provider", "parent": "S2", "from": day.isoformat()},
    ]
    rows = [row for row in rows if row["code"] != "P1"] + spells
    plan = dict(zip(LEAVES, values, strict=True))
    amounts = [amount(code, "position", plan[code]) for code in LEAVES if code != "P1"]
    months = [{"month": str(n)} for n in range(1, 13)] if by_months else [{}]
    amounts += [amount("P1", "position", plan["P1"] // len(months), **one) for one in months]
    position = ask("position", position_of({"organisations": rows, "amounts": amounts}))
    told = {code: position.value(f"surplus/{code}/{FIRST}/plan") for code in ("S1", "S2", "P1")}
    assert told["P1"] == plan["P1"] * 100
    if by_months:
        early = plan["P1"] * 100 * (month - 1) // 12
        assert told["S1"] == (plan["C1"] + plan["P2"]) * 100 + early
        assert told["S2"] == (plan["C2"] + plan["P3"] + plan["P1"]) * 100 - early
    else:
        assert told["S1"] is None and told["S2"] is None
        assert "MOVED_IN_YEAR" in position.codes


def test_every_merger_is_drawn() -> None:
    assert set(MERGERS) >= {"none", "merged", "divided"}

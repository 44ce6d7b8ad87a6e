"""Where bodies would stand without a scheme, by hand: sums, support, months recorded, what is ahead."""

from __future__ import annotations

from controltotal import verbs
from controltotal.workings.bases import Base
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Book, Cells, amount, control_total, position_of

ID = YEAR.replace("/", "-")


def base(said: Book, code: str = "S1") -> Base:
    return Workings(position_of(said)).bases.of(code, YEAR)


def test_a_grouping_is_the_sum_of_its_bodies_with_and_without_support() -> None:
    rows = (amount("T1", "position", -6), amount("T2", "position", 4))
    found = base(book(*rows, amount("T1", "support_income", 5), tree=TREE))
    assert (found.pence, found.with_support, found.basis) == (-200, 300, "plan")
    assert base(book(*rows, tree=TREE)).with_support == -200


def test_bodies_on_two_bases_are_mixed() -> None:
    rows = (amount("T1", "position", -6, basis="forecast"), amount("T2", "position", 4))
    assert base(book(*rows, tree=TREE)).basis == "mixed"
    both = (rows[0], amount("T2", "position", 4, basis="forecast"))
    assert base(book(*both, tree=TREE)).basis == "forecast"


def test_what_nobody_says_is_not_nil() -> None:
    found = base(book(amount("T1", "position", -6), tree=TREE))
    assert (found.pence, found.why) == (None, "the bodies below are not all known: T2")
    stated = base(book(amount("T1", "position", -6), amount("S1", "position", 1), tree=TREE))
    assert stated.pence == 100
    alone = base(book(), "T1")
    assert (alone.pence, alone.why) == (None, "there is no forecast and no plan")


def test_a_forecast_goes_before_a_plan() -> None:
    said = book(amount("T1", "position", -6), amount("T1", "position", -2, basis="forecast"))
    found = base(said, "T1")
    assert (found.pence, found.basis) == (-200, "forecast")
    workings = Workings(position_of(said))
    assert workings.bases.basis_of("T1", YEAR) == "forecast"
    assert Workings(position_of(book())).bases.basis_of("T1", YEAR) == "plan"


def by_month(line: str, pounds: int, last: int, basis: str) -> list[Cells]:
    return [
        amount("T1", line, pounds, month=str(month), basis=basis) for month in range(1, last + 1)
    ]


def test_months_recorded_are_facts_and_the_plan_is_that_of_the_months_ahead() -> None:
    """Five months at (2) happened; seven at 1 are planned: (10) + 7."""
    rows = [*by_month("position", -2, 5, "actual"), *by_month("position", 1, 12, "plan")]
    assert base(book(*rows), "T1").pence == -300
    whole = [*by_month("position", -2, 5, "actual"), amount("T1", "position", 12)]
    found = base(book(*whole), "T1")
    assert (found.pence, found.why) == (
        None,
        "it has no forecast, and its plan is not told by month",
    )
    assert base(book(*by_month("position", -2, 12, "actual")), "T1").pence == -2400


def test_savings_that_nobody_has_found_are_taken_out_for_the_months_ahead() -> None:
    """Of 12 unidentified the plan counts on 7 in the seven months after August."""
    plan = by_month("position", 1, 12, "plan")
    assert base(book(*plan, amount("T1", "savings_unidentified", 12)), "T1").pence == 1200 - 1200
    recorded = [*plan, *by_month("position", 1, 5, "actual")]
    evenly = [*recorded, amount("T1", "savings_unidentified", 12)]
    assert base(book(*evenly), "T1").pence == 1200 - 700

    def in_month(one: int) -> list[Cells]:
        return [
            amount("T1", "savings_unidentified", 12 if month == one else 0, month=str(month))
            for month in range(1, 13)
        ]

    assert base(book(*recorded, *in_month(12)), "T1").pence == 1200 - 1200
    assert base(book(*recorded, *in_month(6)), "T1").pence == 1200 - 1200
    assert base(book(*recorded, *in_month(5)), "T1").pence == 1200


def test_savings_without_a_scheme_that_cannot_be_told_leave_no_base() -> None:
    """A stopped row, or one month of twelve, is no nil: the plan counts on something unknown."""
    plan = amount("T1", "position", -6)
    assert base(book(plan), "T1").pence == -600
    assert base(book(plan, amount("T1", "savings_unidentified", 5)), "T1").pence == -1100
    unread = {**amount("T1", "savings_unidentified", 5), "amount": "five"}
    one_month = amount("T1", "savings_unidentified", 5, month="3")
    for row in (unread, one_month):
        found = base(book(plan, row), "T1")
        assert found.pence is None
        assert found.why.startswith("its savings without a scheme cannot be told")
        risk = {"id": "R1", "organisation": "T1", "title": "A risk", "kind": "risk", "year": YEAR}
        said = {**book(plan, row), "risks": [{**risk, "gross": "1", "chance": "0.5"}]}
        mean = verbs.risk(position_of(said), draws=100).figure(f"outturn_mean/T1/{ID}/forecast")
        assert (mean.value, mean.status) == (None, "indeterminate")


def test_a_line_that_tells_none_of_the_months_asked_names_them_all() -> None:
    totals = Workings(position_of(book(amount("T1", "pay", 5, month="7", basis="actual")))).totals
    half = frozenset(range(1, 7))
    found = totals.line_total("T1", YEAR, "actual", "", "pay", half)
    assert found.pence is None
    assert "covers 0 of 6 months: months 1 (April) to 6 (September) are missing" in found.rule
    july = totals.line_total("T1", YEAR, "actual", "", "pay", frozenset({7}))
    assert july.pence == 500


def test_a_parent_with_a_purse_and_nothing_in_it_is_the_sum_of_those_below() -> None:
    own: list[Cells] = [{**TREE[0], "kind": "provider"}, *TREE[1:]]
    rows = (amount("T1", "position", -6), amount("T2", "position", 4))
    found = base(book(*rows, tree=own))
    assert (found.pence, found.with_support, found.basis) == (-200, -200, "plan")
    more = base(book(*rows, amount("S1", "position", 7), tree=own))
    assert (more.pence, more.with_support) == (500, 500)
    lent = base(
        book(*rows, amount("S1", "position", 7), amount("S1", "support_income", 2), tree=own)
    )
    assert (lent.pence, lent.with_support) == (500, 700)


LOST = amount("T1", "position", -6)
GIVEN = amount("T1", "support_income", 5)


def counted(*rows: Cells, code: str = "T1", **says: str) -> tuple[int | None, str]:
    """What a control total measures where those of these bodies say whether support counts."""
    targets = [
        control_total(one, 0, **({"includes_support": word} if word else {}))
        for one, word in says.items()
    ]
    said = book(*rows, tree=TREE, control_totals=targets)
    return Workings(position_of(said)).bases.counted(code, YEAR)


def test_a_base_is_measured_with_support_where_the_control_total_says_so() -> None:
    assert counted(LOST, GIVEN, T1="yes") == (-100, "")
    assert counted(LOST, GIVEN, T1="no") == (-600, "")
    assert counted(LOST, GIVEN, T1="") == (
        None,
        "the control total does not say whether support counts",
    )
    assert counted(LOST, T1="") == (-600, "")
    unread = {**GIVEN, "unit": "€"}
    assert counted(LOST, unread, T1="yes") == (None, "the support is not known")
    assert counted(LOST, unread, T1="no") == (-600, "")
    assert counted(GIVEN, T1="yes")[0] is None


def test_a_system_counts_what_counts_for_each_of_its_bodies() -> None:
    """First is measured with its 5 and Second without its 2: (1) and 4."""
    rows = (LOST, GIVEN, amount("T2", "position", 4), amount("T2", "support_income", 2))
    assert counted(*rows, code="S1", T1="yes", T2="no") == (300, "")
    assert counted(*rows, code="S1", T1="yes", T2="yes") == (500, "")
    assert counted(*rows, code="S1", T1="yes", T2="no", S1="no") == (-200, "")
    assert counted(*rows, code="S1", T1="yes", T2="no", S1="yes") == (500, "")
    assert counted(*rows, code="S1", T1="yes", T2="")[0] is None


SCHEME: Cells = {
    "id": "A",
    "organisation": "T1",
    "title": "Beds",
    "recurrence": "recurrent",
    "maturity": "in_progress",
    "full_year_effect": "12",
    "start": "2026-10-01",
}


def with_scheme(code: str = "T1", **cells: str) -> Base:
    """First plans (6) and Second 4; the plan holds 6 of a scheme from October on."""
    rows = (LOST, amount("T2", "position", 4))
    return base(book(*rows, tree=TREE, schemes=[{**SCHEME, **cells}]), code)


def test_what_the_plan_counts_on_from_a_scheme_is_taken_out() -> None:
    found = with_scheme()
    assert (found.pence, found.planned) == (-1_200, (("A", 600),))
    whole = with_scheme("S1")
    assert (whole.pence, whole.planned) == (-800, (("A", 600),))
    outside = with_scheme(in_plan="no")
    assert (outside.pence, outside.planned) == (-600, ())
    assert with_scheme("T2").pence == 400


def test_a_scheme_of_the_plan_without_a_start_leaves_no_base() -> None:
    found = with_scheme(start="")
    assert (found.pence, found.why) == (None, "scheme A is in the plan and has no start")
    assert with_scheme(start="", in_plan="no").pence == -600


def test_of_a_scheme_that_others_share_in_each_takes_out_its_own_part() -> None:
    rows = (LOST, amount("T2", "position", 4))
    shares = [
        {"scheme": "A", "organisation": "T1", "share": "0.75"},
        {"scheme": "A", "organisation": "T2", "share": "0.25"},
    ]
    said = book(*rows, tree=TREE, schemes=[SCHEME], effects=shares)
    assert [base(said, code).pence for code in ("T1", "T2", "S1")] == [-1_050, 250, -800]


def test_a_base_names_the_figures_that_it_rests_on() -> None:
    """The unidentified savings are one of them where the book speaks of any."""
    surplus = f"adjusted_surplus/T1/{ID}/plan"
    assert base(book(LOST), "T1").inputs == (surplus,)
    lacking = base(book(LOST, amount("T1", "savings_unidentified", 5)), "T1")
    assert lacking.inputs == (surplus, f"savings_unidentified/T1/{ID}/plan")
    both = base(book(LOST, amount("T2", "position", 4), tree=TREE))
    assert both.inputs == (surplus, f"adjusted_surplus/T2/{ID}/plan")


def test_a_base_names_the_rows_that_it_rests_on() -> None:
    """The position, the scheme taken out and the savings without one: three rows."""
    said = position_of(
        book(LOST, amount("T1", "savings_unidentified", 5), tree=TREE, schemes=[SCHEME])
    )
    found = Workings(said).bases.of("T1", YEAR)
    (scheme,) = said.book.schemes
    assert set(found.entries) == {scheme.entry, *(row.entry for row in said.book.amounts)}
    assert len(found.entries) == 3

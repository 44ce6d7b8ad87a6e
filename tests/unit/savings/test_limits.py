"""The limits and control totals of a book as demands on a portfolio, by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from controltotal.savings.portfolio.limits import Setting, demands, fairness
from controltotal.savings.portfolio.problem import Candidate, Demand, Saving
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, control_total, position_of

NEXT = "2027-28"
ALL = frozenset({"S1", "T1", "T2"})
PLANS = (amount("T1", "position", -5), amount("T2", "position", 1))


def limit(name: str, value: str, code: str = "T1", **more: str) -> Cells:
    return {"organisation": code, "year": YEAR, "limit": name, "value": value, **more}


def setting(
    *limits: Cells,
    rows: tuple[Cells, ...] = PLANS,
    scope: tuple[str, ...] = ("S1", "T1", "T2"),
    years: tuple[str, ...] = (YEAR,),
    candidates: tuple[Candidate, ...] = (),
    tree: list[Cells] = TREE,
    **tables: list[Cells],
) -> Setting:
    said = book(*rows, tree=tree, limits=list(limits), **tables)
    workings = Workings(position_of(said))
    return Setting(workings.totals, workings.bases, years, scope, candidates, [])


def made(*limits: Cells, **more: object) -> list[Demand]:
    one = setting(*limits, **more)  # type: ignore[arg-type]
    found = demands(one)
    assert one.findings == []
    return found


def test_a_control_total_asks_for_what_is_missing_and_a_margin() -> None:
    totals = [control_total("T1", 2)]
    (found,) = made(control_totals=totals)
    assert (found.kind, found.lower, found.upper) == ("control_total", 700, None)
    assert (found.label, found.bodies) == ("control total of T1, 2026/27", frozenset({"T1"}))
    assert len(found.entries) == 1
    (more,) = made(limit("margin", "3", unit="£"), control_totals=totals)
    assert (more.lower, len(more.entries)) == (1_000, 2)
    (less,) = made(limit("margin", "-3", unit="£"), control_totals=totals)
    assert less.lower == 400
    assert made(control_totals=[control_total("T1", -9)])[0].lower == -400


def test_a_margin_without_a_control_total_plays_no_part_and_is_told() -> None:
    one = setting(limit("margin", "3", unit="£"))
    assert demands(one) == []
    assert [f.code for f in one.findings] == ["MARGIN_WITHOUT_CONTROL_TOTAL"]
    assert demands(setting(limit("margin", "3", unit="£", year=NEXT))) == []


def test_people_are_a_demand_of_each_month_in_thousandths() -> None:
    found = made(limit("capacity_wte", "1.5", month="Q2", group="Nurses"))
    assert [(d.month, d.upper, d.lower, d.group) for d in found] == [
        (month, 1_500, None, "Nurses") for month in (4, 5, 6)
    ]
    assert found[0].label == "people of T1 (Nurses), 2026/27, month 4"
    assert len(made(limit("capacity_wte", "2"))) == 12
    later = made(limit("capacity_wte", "2", month="1", year=NEXT), years=(YEAR, NEXT))
    assert [d.month for d in later] == [13]


@pytest.mark.parametrize(
    ("name", "value", "unit", "lower", "upper", "month"),
    [
        ("investment", "7", "£", None, 700, 1),
        ("saving_floor", "7", "£", 700, None, 0),
        ("saving_floor", "-7", "£", -700, None, 0),
        ("saving_ceiling", "7", "£", None, 700, 0),
        ("harm_ceiling", "12", "", None, 12, 0),
        ("harm_ceiling", "0", "", None, 0, 0),
        ("share_of_burden", "7", "£", None, 700, 0),  # a sum, where its unit says so
    ],
)
def test_each_limit_holds_down_or_up(
    name: str, value: str, unit: str, lower: int | None, upper: int | None, month: int
) -> None:
    (found,) = made(limit(name, value, unit=unit))
    assert (found.kind, found.lower, found.upper, found.month) == (name, lower, upper, month)
    assert (found.bodies, found.share_of) == (frozenset({"T1"}), frozenset())
    (system,) = made(limit(name, value, "S1", unit=unit))
    assert system.bodies == ALL


def test_a_share_is_of_the_body_above_or_of_each_below_where_there_is_none() -> None:
    (found,) = made(limit("share_of_burden", "0.25"))
    assert (found.share, found.share_of, found.upper) == ((1, 4), ALL, 0)
    assert found.bodies == frozenset({"T1"})
    each = made(limit("share_of_burden", "0.25", "S1"))
    assert [(d.organisation, d.bodies, d.share_of) for d in each] == [
        ("T1", frozenset({"T1"}), ALL),
        ("T2", frozenset({"T2"}), ALL),
    ]
    (group,) = made(limit("share_of_burden", "0.25", group="Surgery"))
    assert (group.group, group.share_of) == ("Surgery", frozenset({"T1"}))
    alone = made(limit("share_of_burden", "0.25"), scope=("T1",))
    assert alone == []  # nobody above it was asked about, and nobody stands below


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (limit("saving_ceiling", "-1", unit="£"), "LIMIT_NEGATIVE"),
        (limit("harm_ceiling", "-1"), "LIMIT_NEGATIVE"),
        (limit("harm_ceiling", "5", unit="£"), "LIMIT_UNIT"),
        (limit("unknown", "5"), "UNKNOWN_WORD"),
    ],
)
def test_a_limit_that_cannot_be_used_is_told(row: Cells, code: str) -> None:
    one = setting(row)
    assert demands(one) == []
    assert [f.code for f in one.findings] == [code]
    assert one.findings[0].organisation == "T1"


def test_limits_of_other_years_and_bodies_play_no_part() -> None:
    rows = (limit("investment", "7", unit="£", year=NEXT), limit("investment", "7", "T2", unit="£"))
    assert made(*rows, scope=("T1",)) == []
    assert [d.month for d in made(rows[0], years=(YEAR, NEXT))] == [13]


MEASURES: list[Cells] = [*TREE[:2], {**TREE[2], "special_measures": "yes"}]


@pytest.mark.parametrize(("pence", "asked"), [(-1, True), (0, False), (1, False)])
def test_a_body_in_special_measures_is_not_made_worse_off(pence: int, asked: bool) -> None:
    one = Candidate("A", "T1", (1, 2), (Saving("T2", YEAR, (5, pence)),))
    found = made(candidates=(one,), tree=MEASURES)
    told = [(d.kind, d.organisation, d.lower) for d in found]
    assert told == ([("special_measures", "T2", 0)] if asked else [])
    assert made(candidates=(one,)) == []


def test_a_floor_for_each_body_in_special_measures() -> None:
    row = limit("saving_floor", "7", "S1", unit="£", group="special_measures")
    (found,) = made(row, tree=MEASURES)
    assert (found.organisation, found.bodies, found.lower) == ("T2", frozenset({"T2"}), 700)
    assert made(row) == []


def fair(
    *deprived: str, tolerance: str = "0", weight: str = "1", second: int = 100
) -> tuple[dict[str, Fraction], Setting]:
    """First has an income of 300, Second of 100; `deprived` is of their people, where told."""
    savers = tuple(Candidate(c, c, (1,), (Saving(c, YEAR, (1,)),)) for c in ("T1", "T2"))
    incomes = (amount("T1", "other_income", 300), amount("T2", "other_income", second))
    tree = [TREE[0], *({**TREE[n], "deprivation": d} for n, d in enumerate(deprived, start=1))]
    one = setting(rows=incomes, candidates=savers, tree=tree)
    found = fairness(one, YEAR, Fraction(tolerance), Fraction(weight))
    assert all((d.upper, d.share_of) == (0, ALL) for d in found)
    return {d.organisation: Fraction(*d.share) for d in found}, one


@pytest.mark.parametrize(
    ("weight", "tolerance", "first", "second"),
    [
        ("0", "0", Fraction(3, 4), Fraction(1, 4)),
        ("0", "0.2", Fraction(9, 10), Fraction(3, 10)),
        ("1", "0", Fraction(9, 10), Fraction(1, 10)),
        ("4", "0", Fraction(1), Fraction(0)),  # less than nothing is nothing
    ],
)
def test_nobody_bears_more_than_a_share_by_income_and_deprivation(
    weight: str, tolerance: str, first: Fraction, second: Fraction
) -> None:
    """A fifth and three fifths deprived, the mean two fifths: weights of 1.5 and 0.5 at full."""
    shares, one = fair("0.2", "0.6", weight=weight, tolerance=tolerance)
    assert shares == {"T1": first, "T2": second}
    assert one.findings == []


def test_a_body_without_income_or_deprivation_has_no_fair_share() -> None:
    lacking = ((fair("0.2", ""), "deprivation"), (fair("0.2", "0.6", second=0), "income"))
    for (shares, one), lack in lacking:
        assert shares == {}
        (told,) = one.findings
        assert (told.code, told.organisation, told.expected) == (
            "FAIRNESS_LACKS_INPUT",
            "T2",
            lack,
        )
    shares, _ = fair("0", "0")
    assert shares == {"T1": Fraction(3, 4), "T2": Fraction(1, 4)}


def test_a_sum_in_no_unit_is_asked_for_one_and_plays_no_part() -> None:
    one = setting(
        limit("investment", "7"), rows=(), book=[{"key": "title", "value": "A book without a unit"}]
    )
    assert demands(one) == []
    assert [f.code for f in one.findings] == ["LIMIT_UNIT"]
    assert one.findings[0].expected == "a unit of £, £k or £m"


COUNCIL: list[Cells] = [*TREE, {"code": "L", "name": "Council", "kind": "local_authority"}]


def test_a_limit_of_a_council_looks_at_the_schemes_of_its_place() -> None:
    (found,) = made(limit("harm_ceiling", "5", "L"), tree=COUNCIL)
    assert (found.organisation, found.group, found.bodies) == ("L", "L", ALL)
    assert made(limit("harm_ceiling", "5", "L", group="Surgery"), tree=COUNCIL) == []
    (share,) = made(limit("share_of_burden", "0.25", "L"), tree=COUNCIL)
    assert (share.group, share.bodies, share.share_of) == ("L", ALL, ALL)
    assert share.label == "share of the burden of L, 2026/27"
    (ward,) = made(limit("share_of_burden", "0.25", group="Ward"))
    assert ward.label == "share of the burden of T1 (Ward), 2026/27"


def test_fairness_is_of_those_that_save_below_a_system_that_was_asked_about() -> None:
    incomes = tuple(amount(code, "other_income", 100) for code in ("T1", "T2"))
    tree = [TREE[0], *({**one, "deprivation": "0.2"} for one in TREE[1:])]
    savers = tuple(Candidate(c, c, (1,), (Saving(c, YEAR, (1,)),)) for c in ("T1", "T2"))

    def of(
        candidates: tuple[Candidate, ...],
        scope: tuple[str, ...] = ("S1", "T1", "T2"),
        rows: tuple[Cells, ...] = incomes,
    ) -> list[Demand]:
        one = setting(rows=rows, tree=tree, candidates=candidates, scope=scope)
        return fairness(one, YEAR, Fraction(0), Fraction(1))

    (first, second) = of(savers)
    assert (first.organisation, second.organisation) == ("T1", "T2")
    assert (first.label, first.where, first.bodies) == (
        "fair share of T1, 2026/27",
        "the option fairness",
        frozenset({"T1"}),
    )
    assert of(savers[:1]) == []  # one alone has no share to be fair to
    assert of(savers, scope=("T1", "T2")) == []  # its system was not asked about
    assert of(savers, rows=()) == []  # nobody's income is known
    assert of(savers, rows=incomes[:1]) == []

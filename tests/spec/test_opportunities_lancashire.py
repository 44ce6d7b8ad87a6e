"""Lancashire and South Cumbria 2021: two lists, one gap, and no 267.

A board was shown 113 million from one benchmark and 154 million from another, called overlapping,
against a gap of 300. Together they are worth between 154 and 267; with the 67 of non-clinical
savings stated as different money, between 180 and 267.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

import controltotal.verbs as verbs
from controltotal.core.result import Result

EXAMPLE = Path(__file__).parents[2] / "examples" / "lancashire-south-cumbria-2021"
MILLION = 100_000_000
TOTAL = "opportunity_total/QE1/2021-22/plan"


def altered(tmp_path: Path, **cells: dict[str, str]) -> Path:
    """A copy of the example with some cells of its opportunities changed, by id."""
    book = tmp_path / "book"
    shutil.copytree(EXAMPLE, book)
    path = book / "opportunities.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    for row in rows:
        row.update(cells.get(row["id"], {}))
        columns += [name for name in row if name not in columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return book


def pounds(result: Result, figure: str) -> float | None:
    value = result.value(figure)
    return None if value is None else value / MILLION


@pytest.fixture(scope="module")
def stated() -> Result:
    return verbs.opportunities(EXAMPLE)


def test_the_two_lists_add_up_to_what_was_stated(stated: Result) -> None:
    assert pounds(stated, f"{TOTAL}/view/rightcare") == 113
    assert pounds(stated, f"{TOTAL}/view/model_hospital") == 154
    assert pounds(stated, "opportunity/QE1/2021-22/plan/RC") == 113
    assert pounds(stated, "opportunity/QE1/2021-22/plan/MH") == 154
    assert not stated.findings


def test_with_nothing_known_the_total_lies_between_154_and_267(stated: Result) -> None:
    assert pounds(stated, f"{TOTAL}/naive") == 267
    assert (pounds(stated, f"{TOTAL}/lower"), pounds(stated, f"{TOTAL}/upper")) == (154, 267)
    netted = stated.figure(f"{TOTAL}/netted")
    assert netted is not None and netted.value is None and netted.status == "bounded"
    assert (netted.low, netted.high) == (154 * MILLION, 267 * MILLION)


def test_with_67_stated_as_different_money_between_180_and_267(tmp_path: Path) -> None:
    book = altered(
        tmp_path, **{"MH-06": {"disjoint": "non-clinical: back office and estates treat nobody"}}
    )
    result = verbs.opportunities(book)
    assert pounds(result, f"{TOTAL}/naive") == 267
    assert (pounds(result, f"{TOTAL}/lower"), pounds(result, f"{TOTAL}/upper")) == (180, 267)
    groups = {row["group"]: row for row in result.tables["groups"]}
    assert groups["non-clinical"]["reason"] == "back office and estates treat nobody"
    assert groups["non-clinical"]["netted"] == 67 * MILLION
    assert any("non-clinical" in text for text in result.words)


def test_no_output_shows_267_as_achievable(stated: Result) -> None:
    rules = {name: step.rule for name, step in stated.trace.items() if name.startswith(TOTAL)}
    assert "not achievable" in rules[f"{TOTAL}/naive"]
    for part in ("lower", "upper", "netted"):
        assert "theoretical" in rules[f"{TOTAL}/{part}"]
    for text in stated.words:
        if "267" in text:
            assert "at least £154.0 million and at most £267.0 million: theoretical" in text
            assert "The upper bound of £267.0 million is the plain sum of the lists" in text
            assert "no target" in text


def test_half_of_a_gap_of_300_found_leaves_150(stated: Result) -> None:
    row = stated.tables["gap"][0]
    assert row["gap"] == 300 * MILLION
    assert row["half"] == row["left_if_half_is_found"] == 150 * MILLION
    assert row["share_needed_of_upper"] == pytest.approx(150 / 267)  # 56%
    assert row["share_needed_of_lower"] == pytest.approx(150 / 154)  # 97%
    assert any("£150.0 million would remain" in text for text in stated.words)


def test_spend_gives_one_figure_between_the_bounds(tmp_path: Path) -> None:
    """Both lists look at 1,000 million: 113 + 154 - 113 x 154 / 1,000 = 249.598."""
    spends = {
        f"RC-0{k}": {"spend": str(s)}
        for k, s in zip(range(1, 8), [200, 200, 120, 120, 120, 120, 120], strict=True)
    }
    spends |= {
        f"MH-0{k}": {"spend": str(s)}
        for k, s in zip(range(1, 7), [150, 150, 150, 150, 150, 250], strict=True)
    }
    result = verbs.opportunities(altered(tmp_path, **spends))
    assert result.value(f"{TOTAL}/netted") == 24_959_800_000
    assert (pounds(result, f"{TOTAL}/lower"), pounds(result, f"{TOTAL}/upper")) == (154, 267)


def test_a_crosswalk_nets_only_the_money_that_is_shared(tmp_path: Path) -> None:
    """Circulatory diseases (24 of 200) lie wholly in cardiology (16 of 200): 24 x 16 / 200 = 1.92
    is counted twice, and nothing else is known to meet."""
    book = altered(tmp_path, **{"RC-02": {"spend": "200"}, "MH-03": {"spend": "200"}})
    (book / "crosswalk.csv").write_text(
        "view_a,category_a,view_b,category_b,share\n"
        "rightcare,Circulatory diseases,model_hospital,Cardiology,1\n",
        encoding="utf-8",
    )
    result = verbs.opportunities(book)
    assert result.value(f"{TOTAL}/netted") == 26_700_000_000 - 192_000_000
    assert result.value(f"{TOTAL}/upper") == 26_700_000_000  # 24 and 16 fit into 200
    assert result.value(f"{TOTAL}/lower") == 26_700_000_000 - 1_600_000_000  # or 16 lies in 24
    cell = result.tables["overlap"][0]
    assert (cell["category_a"], cell["category_b"]) == ("Circulatory diseases", "Cardiology")
    assert cell["overlap"] == 192_000_000


def test_shares_beyond_the_whole_are_refused(tmp_path: Path) -> None:
    book = altered(tmp_path)
    (book / "crosswalk.csv").write_text(
        "view_a,category_a,view_b,category_b,share\n"
        "rightcare,Circulatory diseases,model_hospital,Cardiology,0.8\n"
        "rightcare,Circulatory diseases,model_hospital,General medicine,0.4\n",
        encoding="utf-8",
    )
    result = verbs.opportunities(book)
    fault = next(f for f in result.findings if f.code == "CROSSWALK_SHARE")
    assert fault.where == "crosswalk row 2, crosswalk row 3" and fault.found == "1.2"
    assert pounds(result, f"{TOTAL}/lower") == 154  # as if nobody had said it


def test_a_parent_that_disagrees_with_its_parts_is_said(tmp_path: Path) -> None:
    result = verbs.opportunities(altered(tmp_path, RC={"value": "120"}))
    fault = next(f for f in result.findings if f.code == "OPPORTUNITY_PARENT")
    assert (fault.where, fault.expected, fault.found) == (
        "opportunities row 2",
        "£120.0 million",
        "£113.0 million",
    )
    assert pounds(result, f"{TOTAL}/view/rightcare") == 113


def test_opportunity_to_scheme_to_actual(tmp_path: Path) -> None:
    """Schemes of 6 and 2 draw on an opportunity of 24; 3 was delivered: a third, and an eighth."""
    book = altered(tmp_path)
    (book / "schemes.csv").write_text(
        "id,organisation,title,recurrence,maturity,full_year_effect,unit,opportunity\n"
        "S1,QE1,Cardiac rehabilitation,recurrent,in_progress,6,£m,RC-02\n"
        "S2,QE1,Heart failure at home,recurrent,in_progress,2,£m,RC-02\n",
        encoding="utf-8",
    )
    facts = (book / "facts.csv").read_text(encoding="utf-8").splitlines()
    header = facts[0].split(",")
    if "scheme" not in header:
        facts = [facts[0] + ",scheme", *(line + "," for line in facts[1:])]
        header.append("scheme")
    cells = {
        "organisation": "QE1",
        "fact": "savings_delivered",
        "year": "2021-22",
        "basis": "actual",
        "value": "3",
        "unit": "£m",
        "scheme": "S1",
    }
    facts.append(",".join(cells.get(name, "") for name in header))
    (book / "facts.csv").write_text("\n".join(facts) + "\n", encoding="utf-8")
    result = verbs.opportunities(book)
    name = "opportunity_conversion/QE1/2021-22"
    assert result.value(f"{name}/plan/RC-02") == pytest.approx(8 / 24)
    assert result.value(f"{name}/actual/RC-02") == pytest.approx(3 / 24)
    row = result.tables["conversion"][0]
    assert (row["schemes"], row["planned_full_year"]) == ("S1; S2", 8 * MILLION)


def test_buyers_and_providers_of_one_system_are_one_pound(tmp_path: Path) -> None:
    """A commissioner's 10 and its provider's 7 may be the same money: between 10 and 17."""
    book = tmp_path / "small"
    book.mkdir()
    (book / "organisations.csv").write_text(
        "code,name,kind,parent\nQX,System,system,\nC1,Buyer,commissioner,QX\nP1,Hospital,provider,QX\n"
        "P2,Clinic,provider,QX\n",
        encoding="utf-8",
    )
    (book / "opportunities.csv").write_text(
        "id,view,organisation,category,value,unit,year\n"
        "A,model_hospital,C1,theatres,10,£m,2021-22\nB,model_hospital,P1,theatres,4,£m,2021-22\n"
        "C,model_hospital,P2,theatres,3,£m,2021-22\n",
        encoding="utf-8",
    )
    result = verbs.opportunities(book)
    total = "opportunity_total/QX/2021-22/plan"
    assert pounds(result, f"{total}/naive") == 17
    assert (pounds(result, f"{total}/lower"), pounds(result, f"{total}/upper")) == (10, 17)
    assert pounds(result, "opportunity_total/P1/2021-22/plan/netted") == 4


def test_a_crosswalk_of_what_is_possible_is_fitted_and_moves_no_bound(tmp_path: Path) -> None:
    """Two programmes of 60 and 40 and two specialties of 70 and 30, of which one pair cannot meet:
    the table must be 30 30 / 40 0, and each cell nets in proportion."""
    book = tmp_path / "small"
    book.mkdir()
    (book / "organisations.csv").write_text("code,name,kind\nQX,System,system\n", encoding="utf-8")
    (book / "opportunities.csv").write_text(
        "id,view,organisation,category,value,unit,year,spend\n"
        "A,programmes,QX,heart,6,£m,2021-22,60\nB,programmes,QX,lung,4,£m,2021-22,40\n"
        "C,specialties,QX,medicine,7,£m,2021-22,70\nD,specialties,QX,surgery,3,£m,2021-22,30\n",
        encoding="utf-8",
    )
    (book / "crosswalk.csv").write_text(
        "view_a,category_a,view_b,category_b,share\nprogrammes,heart,specialties,medicine,1\n"
        "programmes,heart,specialties,surgery,1\nprogrammes,lung,specialties,medicine,1\n",
        encoding="utf-8",
    )
    result = verbs.opportunities(book)
    total = "opportunity_total/QX/2021-22/plan"
    cells = {
        (c["category_a"], c["category_b"]): c["spend"] / MILLION for c in result.tables["overlap"]
    }
    assert cells == pytest.approx(
        {("heart", "medicine"): 30, ("heart", "surgery"): 30, ("lung", "medicine"): 40}
    )
    # every cell saves a tenth by either list: 0.3 x 0.3 / 3 ... in all 10 x 10 / 100 = 1 twice
    assert pounds(result, f"{total}/netted") == pytest.approx(19.0)
    assert (pounds(result, f"{total}/lower"), pounds(result, f"{total}/upper")) == (10, 20)
    assert [f.code for f in result.findings] == ["CROSSWALK_FITTED"]
    assert result.findings[0].where == "crosswalk row 2, crosswalk row 3, crosswalk row 4"


def test_a_body_is_answered_with_those_below_it(tmp_path: Path) -> None:
    book = altered(tmp_path)
    result = verbs.opportunities(book, organisation="QE1")
    assert pounds(result, f"{TOTAL}/lower") == 154
    nobody = verbs.opportunities(book, organisation="Y62")
    assert pounds(nobody, f"{TOTAL}/lower") == 154  # the region has the system below it
    assert verbs.opportunities(book, year="2019-20").words == (
        "The book lists no opportunities for 2019/20.",
    )


def test_a_saving_below_nil_is_said_and_left_out(tmp_path: Path) -> None:
    result = verbs.opportunities(altered(tmp_path, **{"RC-07": {"value": "-10"}}))
    fault = next(f for f in result.findings if f.code == "OPPORTUNITY_NEGATIVE")
    assert fault.where == "opportunities row 9" and fault.found == "(10.0)"
    assert pounds(result, f"{TOTAL}/view/rightcare") == 103
    assert result.has_errors


@pytest.mark.parametrize("spend", ["0", "-5", "1", "100000"])
def test_odd_spending_stops_nothing(tmp_path: Path, spend: str) -> None:
    """Spending of nil, below nil, below the saving, or far above it: bounds still hold."""
    rows = {f"RC-0{k}": {"spend": spend} for k in range(1, 8)}
    rows |= {f"MH-0{k}": {"spend": spend} for k in range(1, 7)}
    book = altered(tmp_path, **rows)
    (book / "crosswalk.csv").write_text(
        "view_a,category_a,view_b,category_b,share\n"
        "rightcare,Circulatory diseases,model_hospital,Cardiology,0.5\n"
        "rightcare,Nothing here,model_hospital,Cardiology,0.5\n",
        encoding="utf-8",
    )
    result = verbs.opportunities(book)
    low, high = pounds(result, f"{TOTAL}/lower"), pounds(result, f"{TOTAL}/upper")
    assert low is not None and high is not None and 154 <= low <= high <= 267

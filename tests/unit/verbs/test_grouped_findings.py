"""Equal faults are told once, with every cell in JSON, and what explains the others comes first."""

from __future__ import annotations

from controltotal import verbs
from tests.small_books import TREE, book
from tests.strategies import Cells, amount, position_of


def wrong(count: int) -> list[Cells]:
    return [
        amount(f"T{1 + n % 2}", "position", 5, scenario=str(n), month="spring")
        for n in range(count)
    ]


def test_a_hundred_cells_of_one_fault_are_one_finding_with_a_hundred_places() -> None:
    result = verbs.check(position_of(book(*wrong(100), tree=TREE)))
    (finding,) = [f for f in result.document()["findings"] if f["code"] == "UNKNOWN_MONTH"]
    assert finding["where"].endswith("row 11 and 90 more")
    assert (finding["organisation"], finding["organisations"]) == ("", ["T1", "T2"])
    assert [place["row"] for place in finding["at"]] == list(range(2, 102))
    entries = [place["entry"] for place in finding["at"]]
    assert {place["table"] for place in finding["at"]} == {"amounts"}
    assert {place["column"] for place in finding["at"]} == {"month"}
    assert entries == sorted(set(entries))
    assert len(finding["message"]) < 200


def test_findings_of_sums_name_their_rows_and_entries_too() -> None:
    rows = [amount("S1", "position", 9), amount("T1", "position", 1), amount("T2", "position", 2)]
    result = verbs.check(position_of(book(*rows, tree=TREE)))
    (finding,) = [f for f in result.document()["findings"] if f["code"] == "STATED_TOTAL_DIFFERS"]
    assert [place["row"] for place in finding["at"]] == [2, 3, 4]
    assert all(place["entry"] for place in finding["at"])


def test_a_setting_that_explains_the_others_comes_before_them() -> None:
    said = dict(book(*wrong(3), tree=TREE))
    said["book"] = [{"key": "default_unit", "value": "florins"}]
    codes = [f.code for f in verbs.check(position_of(said)).findings if f.severity == "error"]
    assert codes == ["UNKNOWN_UNIT", "UNKNOWN_MONTH"]


def test_a_check_of_one_body_keeps_a_fault_that_it_shares() -> None:
    position = position_of(book(*wrong(4), tree=TREE))
    for body in ("T1", "T2", "S1"):
        codes = [f.code for f in verbs.check(position, organisation=body).findings]
        assert "UNKNOWN_MONTH" in codes

"""Numbers that a board paper asks for: sums of a system, versions of its plan, and where each is from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import controltotal
from controltotal.core.public import public

TREE = (
    "code,name,kind,parent\nS,System,system,\nA,Ash,provider,S\nB,Birch,provider,S\nP,Pool,pool,S\n"
)


def book(
    folder: Path, facts: str = "", plans: str = "", sources: str = "", known: str = ""
) -> dict[str, Any]:
    """A system of two organisations and a pool, three months told; the answer's tables."""
    settings = "name,Fens\ndefault_unit,£\ndefault_year,2026/27\nhome,S\n"
    (folder / "book.csv").write_text(f"key,value\n{settings}")
    (folder / "organisations.csv").write_text(TREE)
    rows = ["organisation,line,year,month,basis,amount,source,known_on"]
    for body, income in (("A", 900), ("B", 500)):
        for month in range(1, 13):
            for line, amount in (("other_income", income), ("pay", 600)):
                row = f"{body},{line},2026/27,{month}"
                rows.append(f"{row},plan,{amount},RET,{known}")
                rows += [f"{row},actual,{amount},RET,"] if month < 4 else []
                rows.append(f"{row},forecast,{amount},RET,")
    (folder / "amounts.csv").write_text("\n".join(rows) + "\n" + plans)
    (folder / "sources.csv").write_text(
        "id,title,publisher,quote\nRET,Monthly return,Fens,“pay was 600 a month”\n" + sources
    )
    if facts:
        head = "organisation,year,fact,month,basis,value,unit\n"
        (folder / "facts.csv").write_text(head + facts)
    return controltotal.position(folder).tables


def row_of(tables: dict[str, Any], name: str) -> dict[str, Any]:
    rows = [r for r in tables["performance"] if (r["organisation"], r["row"]) == ("S", name)]
    return rows[0] if rows else {}


def cash(body: str, actual: int, end: int) -> str:
    said = (("3", "plan", actual + 10), ("3", "actual", actual), ("12", "plan", end))
    return "".join(f"{body},cash,2026/27,{m},{basis},{value},RET,\n" for m, basis, value in said)


def test_cash_of_a_system_is_the_sum_where_every_organisation_tells_it(tmp_path: Path) -> None:
    spend = "{},2026/27,capital_spend,{},actual,40,£\n"
    facts = "".join(spend.format("A", month) for month in (1, 2, 3))
    facts += "".join(spend.format("B", month) for month in (1, 2))
    told = book(tmp_path, facts, cash("A", 100, 90) + cash("B", 50, 20))
    row = row_of(told, "cash")
    assert (row["month_plan"], row["month_actual"], row["month_variance"]) == (
        170_00,
        150_00,
        -20_00,
    )
    assert (row["plan_year"], row["forecast"]) == (110_00, None), "nobody forecasts it"
    assert (row["told_by"], row["told_of"]) == (2, 2), "a pool has no bank of its own"
    spent = row_of(told, "capital")
    assert (spent["actual"], spent["told_by"]) == (None, 1), (
        "that of another month is no part of it"
    )


def test_cash_that_one_organisation_does_not_tell_is_no_sum_and_says_how_many_do(
    tmp_path: Path,
) -> None:
    row = row_of(book(tmp_path, plans=cash("A", 100, 90)), "cash")
    assert (row["told_by"], row["told_of"]) == (1, 2)
    assert {row[column] for column in ("month_plan", "month_actual", "plan_year")} == {None}


def test_a_system_of_which_nobody_tells_cash_has_no_row(tmp_path: Path) -> None:
    assert row_of(book(tmp_path), "cash") == {}


def test_a_plan_that_changed_has_its_original_its_change_and_its_day(tmp_path: Path) -> None:
    later = "A,pay,2026/27,5,plan,700,RET,2026-05-28\n"
    told = book(tmp_path, plans=later, known="2026-03-27")
    rows = [row for row in told["plan_versions"] if row["organisation"] == "A"]
    assert [(r["version"], r["day"], r["plan_pence"], r["change_pence"]) for r in rows] == [
        ("original", "", 3600_00, None),
        ("change", "2026-05-28", 3500_00, -100_00),
    ]
    system = [row for row in told["plan_versions"] if row["organisation"] == "S"]
    assert [row["plan_pence"] for row in system] == [2400_00, 2300_00]
    assert all(row["organisation"] != "B" for row in told["plan_versions"]), "B changed nothing"


def test_a_plan_that_never_changed_has_no_versions(tmp_path: Path) -> None:
    assert "plan_versions" not in book(tmp_path)


def test_a_number_of_page_one_names_its_rows_and_their_quotation(tmp_path: Path) -> None:
    told = book(tmp_path)
    rows = {(r["organisation"], r["line"], r["column"]): r for r in told["rests"]}
    own = rows["A", "", "month_actual"]
    assert own["places"].startswith("amounts rows ") and "“pay was 600 a month”" in own["sources"]
    assert rows["S", "", "actual"]["parts"] == ["A", "B"], "a sum names those whose sum it is"
    shown = public({"position": controltotal.position(tmp_path), "register": _register(tmp_path)})
    assert "rests" not in shown["position"].tables, "rows are quoted to no public"


def _register(folder: Path) -> Any:
    from controltotal.verbs.opening import opened
    from controltotal.verbs.standing import register

    return register(opened(controltotal.read(folder), None, None, None, False), None)

"""The fictional system is fictional, complete, consistent, and the same bytes every time."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

import controltotal
from controltotal.book.fold import Position
from controltotal.core.result import Result
from controltotal.programme.phasing import in_year_effect
from controltotal.workings.workings import Workings

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "examples" / "fictional-system"
SCRIPT = ROOT / "scripts" / "make_fictional_system.py"
DATA = ROOT / "src" / "controltotal" / "data"
MATURITIES = {
    "fully_developed_delivering",
    "fully_developed",
    "in_progress",
    "opportunity",
    "unidentified",
}
NHSE_2025 = {
    "safe",
    "effective",
    "experience",
    "well_led",
    "sustainable",
    "equitable",
    "workforce_safety",
}
INCOME = {"allocation", "patient_care_income", "other_income"}
NOT_SURPLUS = {"support_income", "cash", "savings_unidentified", "position"}

Rows = list[dict[str, str]]


def table(name: str) -> Rows:
    with (BOOK / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listed(name: str) -> Rows:
    with (DATA / "tables.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["table"] == name and row["column"]]


@pytest.fixture(scope="module")
def schemes() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in table("schemes")}


@pytest.fixture(scope="module")
def amounts() -> Rows:
    """The amounts as the latest return has them: a row known later takes the place of its key."""
    key = [row["column"] for row in listed("amounts") if row["key"]]
    latest = {tuple(row.get(c, "") for c in key): row for row in table("amounts")}
    assert len(latest) < len(table("amounts"))
    return list(latest.values())


def scheme_rows(name: str, scheme: str) -> Rows:
    return [row for row in table(name) if row["scheme"] == scheme]


def signers(scheme: str) -> dict[str, str]:
    return {r["role"]: r["by"] for r in scheme_rows("gates", scheme) if r["gate"] == "QIA"}


def surplus(rows: Rows) -> int:
    return sum(int(r["amount"]) * (1 if r["line"] in INCOME else -1) for r in rows)


def test_running_the_script_again_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in BOOK.iterdir()}
    assert made == kept


def test_it_says_that_it_is_fictional() -> None:
    settings = {row["key"]: row["value"] for row in table("book")}
    assert settings["fictional"] == "yes" and "fictional" in settings["title"]
    assert settings["default_year"] == "2026/27" and settings["default_unit"] == "£k"
    assert "invented" in (BOOK / "README.md").read_text(encoding="utf-8")
    assert all("fictional" in row["name"].lower() for row in table("organisations"))


def test_it_is_small_enough_to_ship(amounts: Rows) -> None:
    assert len(amounts) < 12_000
    assert sum(path.stat().st_size for path in BOOK.iterdir()) < 3_000_000


@pytest.mark.parametrize("path", sorted(BOOK.glob("*.csv")), ids=lambda p: p.stem)
def test_every_table_fits_the_form(path: Path) -> None:
    form = {row["column"]: row for row in listed(path.stem)}
    rows = table(path.stem)
    assert rows and set(rows[0]) <= set(form)
    for row in rows:
        for column, rule in form.items():
            text = row.get(column, "")
            assert text or rule["required"] != "yes", (path.stem, column, row)
            if text and rule["type"] == "vocabulary":
                assert text in rule["vocabulary"].split(), (path.stem, column, text)


@pytest.mark.parametrize("path", sorted(BOOK.glob("*.csv")), ids=lambda p: p.stem)
def test_no_two_rows_share_a_key_and_a_date(path: Path) -> None:
    key = [row["column"] for row in listed(path.stem) if row["key"]] + ["known_on"]
    seen = [tuple(row.get(column, "") for column in key) for row in table(path.stem)]
    assert len(seen) == len(set(seen))


def test_codes_named_anywhere_exist() -> None:
    codes = {row["code"] for row in table("organisations")}
    ids = {row["id"] for row in table("schemes")}
    transfers = {row["id"] for row in table("transfers")}
    sources = {row["id"] for row in table("sources")}
    known = {"organisation": codes, "scheme": ids, "transfer": transfers, "source": sources}
    for path in BOOK.glob("*.csv"):
        for rule in listed(path.stem):
            for row in table(path.stem) if rule["type"] in known else []:
                text = row.get(rule["column"], "")
                assert not text or text in known[rule["type"]], (path.stem, rule["column"], text)


PLACES = (
    "Merrowland",
    "Eastmarch",
    "Fenmarch",
    "Alderwick",
    "Hollowmere",
    "Westerlow",
    "Saltmere",
    "Greyharbour",
    "Marl House",
)


def test_no_code_and_no_place_is_a_real_one() -> None:
    codes = [row["code"] for row in table("organisations")]
    assert all(re.fullmatch(r"XF-[A-Z0-9]{3}", code) for code in codes)
    checked = 0
    for name in ("reference/organisations.csv", "reference/systems.csv", "geography/names.csv"):
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            cells = {cell for row in csv.reader(file) for cell in row}
        assert not cells & set(codes), name
        text = "\n".join(cells).lower()
        assert not [place for place in PLACES if place.lower() in text], name
        checked += len(cells)
    assert checked > 1_000
    for row in table("organisations"):
        assert any(place in row["name"] for place in (*PLACES, "Levels")), row["name"]


def test_nobody_is_named() -> None:
    office = re.compile(
        r"(Chief|Deputy|Director|Head|Medical Director|Programme|Finance Lead|Equality Lead|"
        r"Quality Lead|Quality Panel|Executive Committee|Chair|System board|Integrated care board|Eastmarch|"
        r"Regional|National team|Hollowmere|Saltmere|Qualified person|A local newspaper|A councillor)\b"
    )
    people = (
        "owner",
        "by",
        "assessor",
        "decided_by",
        "asked_by",
        "reopened_by",
        "set_by",
        "monitor",
    )
    for path in BOOK.glob("*.csv"):
        for row in table(path.stem):
            for column in people:
                text = row.get(column, "")
                assert not text or office.match(text), (path.stem, column, text)
                assert not re.search(r"\b(Dr|Mr|Mrs|Ms|Prof|Sir)\b", text)


def test_every_amount_names_its_source(amounts: Rows) -> None:
    assert all(row["source"] for row in amounts)


def test_months_sum_to_the_year_where_both_are_given(amounts: Rows) -> None:
    year: dict[tuple[str, ...], int] = {}
    months: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in amounts:
        key = tuple(
            row[c]
            for c in (
                "organisation",
                "line",
                "year",
                "basis",
                "scenario",
                "recurrence",
                "counterparty",
                "scheme",
            )
        )
        if row["line"] in ("cash", "position"):
            continue
        if row["month"]:
            months[key].append(int(row["amount"]))
        else:
            year[key] = int(row["amount"])
    both = year.keys() & months.keys()
    assert len(both) > 20
    for key in both:
        assert len(months[key]) == 12 and sum(months[key]) == year[key], key


def test_plans_and_forecasts_are_as_the_story_says(amounts: Rows) -> None:
    own = {"XF-ICB", "XF-FTH", "XF-ALD", "XF-HOL", "XF-MHT", "XF-COM", "XF-AMB", "XF-POL", "XF-AHH"}

    def total(year: str, basis: str) -> int:
        rows = [
            r
            for r in amounts
            if r["organisation"] in own
            and (r["year"], r["basis"]) == (year, basis)
            and not r["scheme"]
            and not r["scenario"]
            and r["line"] not in NOT_SURPLUS
        ]
        monthly = {
            (r["organisation"], r["line"], r["recurrence"], r["counterparty"])
            for r in rows
            if r["month"]
        }
        return surplus(
            [
                r
                for r in rows
                if r["month"]
                or (r["organisation"], r["line"], r["recurrence"], r["counterparty"]) not in monthly
            ]
        )

    assert total("2026/27", "plan") == -45_600
    assert total("2026/27", "forecast") == -49_000
    assert total("2027/28", "plan") == -20_000
    assert total("2028/29", "plan") == -20_000
    stated = [r for r in amounts if (r["organisation"], r["line"]) == ("XF-SYS", "position")]
    assert {(r["year"], r["basis"], r["amount"]) for r in stated} == {
        ("2026/27", "plan", "-45600"),
        ("2027/28", "plan", "-20000"),
        ("2028/29", "plan", "-20000"),
        ("2026/27", "forecast", "-46000"),
    }


def test_the_two_sides_of_trade_agree_but_for_one_contract(amounts: Rows) -> None:
    sides: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in amounts:
        if row["counterparty"]:
            mine, theirs = row["organisation"], row["counterparty"]
            income = row["line"] in INCOME
            pair = (theirs, mine) if income else (mine, theirs)
            sides[(*pair, row["year"], row["basis"], row["month"])][not income] += int(
                row["amount"]
            )
    differ = {key: value for key, value in sides.items() if value[0] != value[1]}
    assert list(differ) == [("XF-ICB", "XF-FTH", "2026/27", "plan", "10")]
    assert [a - b for a, b in differ.values()] == [2400]


def test_cash_falls_below_nil_once_in_february(amounts: Rows) -> None:
    low = [r for r in amounts if r["line"] == "cash" and int(r["amount"]) < 0]
    assert min(int(r["month"]) for r in low) == 11
    assert {(r["organisation"], r["basis"]) for r in low} == {("XF-HOL", "forecast")}


def test_schemes_are_many_and_of_every_maturity(schemes: dict[str, dict[str, str]]) -> None:
    assert len(schemes) >= 130
    assert {row["maturity"] for row in schemes.values()} == MATURITIES


def test_savings_are_about_seven_per_cent_of_the_allocation() -> None:
    planned = [
        int(r["value"])
        for r in table("facts")
        if (r["organisation"], r["fact"], r["year"]) == ("XF-SYS", "savings_planned", "2026/27")
    ]
    assert 0.065 < planned[0] / 3_602_000 < 0.075


def test_planned_savings_are_the_schemes_and_the_unidentified_line(
    amounts: Rows, schemes: dict[str, dict[str, str]]
) -> None:
    found: dict[str, int] = defaultdict(int)
    for row in amounts:
        if (row["year"], row["basis"]) != ("2026/27", "plan"):
            continue
        if row["line"] == "savings_unidentified" or row["scheme"]:
            found[row["organisation"]] += int(row["amount"])
            assert not row["scheme"] or schemes[row["scheme"]]["in_plan"] == "yes"
    stated = {
        r["organisation"]: int(r["value"])
        for r in table("facts")
        if (r["fact"], r["year"]) == ("savings_planned", "2026/27")
        and r["organisation"] != "XF-SYS"
    }
    assert stated == dict(found)


def test_a_plan_that_starts_on_the_first_runs_evenly(
    amounts: Rows, schemes: dict[str, dict[str, str]]
) -> None:
    for id_, row in schemes.items():
        months = [int(r["amount"]) for r in amounts if r["scheme"] == id_ and r["basis"] == "plan"]
        assert not months or sum(months) <= int(row["full_year_effect"])


def test_each_deliberate_case_is_there(schemes: dict[str, dict[str, str]]) -> None:
    assert schemes["COM-51"]["maturity"] == "fully_developed_delivering"
    assert {r["gate"] for r in scheme_rows("gates", "COM-51")} == {"G0", "G1"}
    assert not scheme_rows("assessments", "COM-51")
    assert schemes["COM-52"]["owner"] == signers("COM-52")["medical_director"]
    assert set(signers("HOL-51")) == {"medical_director"}
    assert len(set(signers("FTH-52").values())) == 1 and len(signers("FTH-52")) == 2
    assert NHSE_2025 - {r["domain"] for r in scheme_rows("assessments", "MHT-52")} == {"equitable"}
    for id_, domain in (("ALD-56", "safe"), ("AMB-51", "workforce_safety")):
        last = [r for r in scheme_rows("assessments", id_) if r["domain"] == domain][-1]
        assert int(last["residual_likelihood"]) * int(last["residual_consequence"]) >= 15
        assert last["outcome"] == "reject"
    lapsed = [r for r in table("schemes") if r["id"] == "FTH-51"]
    assert [r["full_year_effect"] for r in lapsed] == ["2400", "3600"]
    signed = [r["on"] for r in scheme_rows("gates", "FTH-51") if r["gate"] == "QIA"]
    assert lapsed[0]["known_on"] < min(signed) and max(signed) < lapsed[1]["known_on"]
    assert sum(float(r["share"]) for r in scheme_rows("effects", "MHT-51")) == 0
    assert schemes["ICB-51"]["provider"] == "XF-HOL" and not scheme_rows("effects", "ICB-51")
    kinds = {r["provider"]: r["kind"] for r in table("contracts") if r["year"] == "2026/27"}
    assert kinds["XF-HOL"] == "block" and set(kinds.values()) == {"block", "activity", "blended"}
    outcomes = [r["outcome"] for r in scheme_rows("gates", "ICB-53") if r["gate"] == "G3"]
    assert outcomes == ["", "failed"]
    decided = min(r["on"] for r in scheme_rows("gates", "ICB-54") if r["gate"] == "G3")
    assert all(
        (r["from"] or r["notified_on"]) > decided for r in scheme_rows("engagements", "ICB-54")
    )


def test_harm_on_one_ward_is_over_the_chief_nurses_ceiling(
    schemes: dict[str, dict[str, str]],
) -> None:
    ceiling = next(r for r in table("limits") if r["limit"] == "harm_ceiling")
    scores = [
        max(
            int(r["residual_likelihood"]) * int(r["residual_consequence"])
            for r in scheme_rows("assessments", id_)
        )
        for id_, row in schemes.items()
        if row["service"] == ceiling["group"]
    ]
    assert len(scores) == 5 and max(scores) < 15 and sum(scores) > int(ceiling["value"])
    assert ceiling["by"] == "Chief Nurse B"


def test_hollowmeres_savings_are_back_loaded(amounts: Rows) -> None:
    def late(body: str, scheme: str = "") -> float:
        rows = [
            r
            for r in amounts
            if r["organisation"] == body
            and r["basis"] == "plan"
            and r["scheme"]
            and (not scheme or r["scheme"] == scheme)
        ]
        whole = sum(int(r["amount"]) for r in rows)
        return sum(int(r["amount"]) for r in rows if int(r["month"]) >= 7) / whole

    assert late("XF-HOL") > 0.6 and late("XF-HOL", "HOL-52") > 0.6


def test_control_totals_nest_but_for_the_region() -> None:
    live: dict[str, Decimal] = {}
    for row in sorted(table("control_totals"), key=lambda r: r["set_on"]):
        if row["year"] == "2026/27" and row["status"] == "accepted":
            live[row["organisation"]] = Decimal(row["amount"])
    parent = {
        r["code"]: r["parent"] for r in table("organisations") if r["kind"] != "local_authority"
    }
    assert live["XF-SYS"] == sum(v for k, v in live.items() if parent[k] == "XF-SYS") == 2500
    leaves = {k: v for k, v in live.items() if k not in ("XF-SYS", "XF-REG", "XF-RST")}
    assert live["XF-REG"] - sum(leaves.values()) == 6000


def test_every_case_of_the_readme_names_things_that_exist(
    schemes: dict[str, dict[str, str]],
) -> None:
    text = (BOOK / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:FTH|ALD|HOL|MHT|COM|AMB|ICB|AHH)-\d\d\b", text))
    assert len(named) >= 15 and named <= set(schemes)


def test_transfers_and_repayments_are_of_every_status() -> None:
    assert {r["status"] for r in table("transfers")} >= {"agreed", "proposed", "lapsed"}
    assert {r["kind"] for r in table("repayments")} == {"repaid", "written_off"}


@pytest.fixture(scope="module")
def position() -> Position:
    return controltotal.read(BOOK)


@pytest.fixture(scope="module")
def result(position: Position) -> Result:
    return controltotal.position(position)


def test_the_reader_finds_no_fault_in_it(position: Position) -> None:
    assert not position.findings and not position.stopped
    assert str(position.reading_date) == "2026-11-19"


@pytest.mark.parametrize(
    ("figure", "thousands"),
    [
        ("surplus/XF-SYS/2026-27/plan", -45_600),
        ("surplus/XF-SYS/2026-27/forecast", -49_000),
        ("surplus_with_support/XF-SYS/2026-27/plan", -1_400),
        ("control_total/XF-SYS/2026-27/plan", 2_500),
        ("control_total/XF-REG/2026-27/plan", 2_500),
        ("control_total/XF-NAT/2026-27/plan", -27_500),
        ("gap/XF-ICB/2026-27/plan", 1_800),  # the slice, to be saved
        ("gap/XF-HOL/2026-27/plan", 2_500),  # the late control total
        ("gap/XF-WIC/2026-27/plan", 1_000),  # its slice: the loan moved its control total
        ("gap/XF-FTH/2026-27/plan", 0),
        ("surplus_with_support/XF-RSV/2026-27/plan", 1_200),  # held of the slice
        ("surplus/XF-FTH/2026-27/forecast/internal", -24_500),
        ("surplus_with_support/XF-WIC/2027-28/plan", 2_000),  # the loan comes back
        ("gap/XF-WIC/2027-28/plan", 0),
        ("control_total/XF-MHT/2028-29/plan", None),
        ("surplus/XF-AHH/2027-28/plan", -14_000),
        ("cash/XF-HOL/2026-27/forecast", -900),
    ],
)
def test_figures_are_as_the_story_says(result: Result, figure: str, thousands: int | None) -> None:
    assert result.value(figure) == (None if thousands is None else thousands * 100_000)


def test_the_checks_find_what_is_there_on_purpose(position: Position) -> None:
    found = controltotal.check(position).findings
    assert {(f.code, f.organisation) for f in found} >= {
        ("STATED_TOTAL_DIFFERS", "XF-SYS"),
        ("CONTRACT_MISMATCH", "XF-FTH"),
        ("CONTROL_TOTALS_DIFFER", "XF-REG"),
        ("CONTROL_TOTAL_LATE", "XF-HOL"),
        ("BENEFICIARY_NOT_DISCLOSED", "XF-HOL"),
        ("UNPAIRED_TRANSFER", "XF-SIC"),
        ("PROMISE_NOT_KEPT", "XF-FTH"),
        ("PROMISE_NOT_KEPT", "XF-HOL"),
    }
    money = ("amounts", "facts", "control_totals", "transfers", "contracts", "repayments")
    errors = [f for f in found if f.severity == "error" and f.where.startswith(money)]
    assert [f.code for f in errors] == ["STATED_TOTAL_DIFFERS"]


@pytest.mark.parametrize("day", ["2025-11-01", "2026-04-10", "2026-06-15", "2026-11-01"])
def test_the_book_reads_without_fault_on_any_earlier_day(day: str) -> None:
    position = controltotal.read(BOOK, as_at=day)
    assert not position.findings and not position.stopped


@pytest.mark.parametrize(
    ("scheme", "thousands"),
    [
        ("FTH-02", [1692, 3384, 3384]),  # from October: half, then whole years
        ("ALD-19", [1740, 348, 0]),  # once only, from June: twelve months and no more
        ("AHH-01", [0, 2200, 2640]),  # starts in June of the second year
    ],
)
def test_a_scheme_goes_on_in_years_that_its_own_months_do_not_cover(
    position: Position, scheme: str, thousands: list[int]
) -> None:
    row = next(row for row in position.book.schemes if row.id == scheme)
    amounts = Workings(position).totals.amounts
    effects = [in_year_effect(row, year, "plan", amounts) for year in position.years[3:]]
    assert effects == [100_000 * value for value in thousands]

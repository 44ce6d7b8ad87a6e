"""The example books hold what their sources state, and nothing else.

Read with the standard library alone, so that a fault in the package cannot hide one in the data.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from controltotal.core.schema import tables

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "tests" / "data" / "published"
CASES = (
    "nene-2013",
    "morecambe-bay-2017",
    "birmingham-solihull-2019",
    "east-of-england-2019",
    "lancashire-south-cumbria-2021",
)
BOOKS = (*CASES, "real-system-2018", "kent-medway-2025")
TABLE = "trust_plan_vs_actual_2018_19.csv"
"""A published table from which rows were taken; what it says of each trust is tested by itself."""
# Columns beyond the design's that these books use, on purpose.
OUR_COLUMNS = {
    "organisations": {"source", "note"},
    "amounts": {"note"},
    "facts": {"note"},
    "control_totals": {"qualifier", "note"},
    "transfers": {"qualifier", "note"},
    "opportunities": {"note"},
    "challenges": {"source"},
    "decisions": {"source", "note"},
    "withheld": {"source"},
    "sources": {"note"},
}
NUMBER_TABLES = {
    "amounts": "amount",
    "facts": "value",
    "control_totals": "amount",
    "transfers": "amount",
    "opportunities": "value",
}
WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
SCALE = {"£m": Decimal(1), "£k": Decimal("0.001"), "£": Decimal("0.000001")}


@cache
def rows(book: str, table: str) -> tuple[dict[str, str], ...]:
    path = ROOT / "examples" / book / f"{table}.csv"
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def published(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def yes_or_no() -> frozenset[str]:
    """The facts that are a yes or a no, as the package lists them."""
    path = ROOT / "src" / "controltotal" / "data" / "facts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return frozenset(row["fact"] for row in csv.DictReader(file) if row["unit"] == "yes_no")


def quoted_numbers(quote: str) -> set[Decimal]:
    """Every number a quotation contains, in figures or words; £3.7bn is 3.7 and 3700."""
    found: set[Decimal] = set()
    for text, scale in re.findall(r"(\d[\d,]*(?:\.\d+)?)\s*(bn|million|m\b)?", quote):
        value = Decimal(text.replace(",", ""))
        found |= {value, value * 1000} if scale == "bn" else {value}
    return found | {Decimal(WORDS[w]) for w in re.findall(r"[a-z]+", quote.lower()) if w in WORDS}


@pytest.mark.parametrize("book", BOOKS)
def test_tables_and_columns_are_known_and_required_cells_are_filled(book: str) -> None:
    for path in sorted((ROOT / "examples" / book).glob("*.csv")):
        table = tables()[path.stem]
        found = rows(book, path.stem)
        assert found, path
        unlisted = set(found[0]) - set(table.columns) - OUR_COLUMNS.get(path.stem, set())
        assert not unlisted, f"{path}: {unlisted}"
        for number, row in enumerate(found, start=2):
            assert None not in row and None not in row.values(), f"{path} row {number}: cells"
            for name in table.required:
                assert row[name] != "", f"{path} row {number}: {name} is empty"
            for column in table.columns.values():
                cell = row.get(column.name, "")
                if cell and column.type == "vocabulary":
                    assert column.allows(cell), f"{path} row {number}: {column.name} {cell}"
        keys = Counter(
            (*(row.get(c, "") for c in table.key), row.get("known_on", "")) for row in found
        )
        assert max(keys.values()) == 1, f"{path}: a key twice"


@pytest.mark.parametrize("book", BOOKS)
def test_every_number_names_a_source_that_exists(book: str) -> None:
    known = {row["id"] for row in rows(book, "sources")}
    for table in tables():
        for number, row in enumerate(rows(book, table), start=2):
            if table in NUMBER_TABLES:
                assert row["source"], f"{table} row {number} has no source"
            if row.get("source"):
                assert row["source"] in known, f"{table} row {number}: {row['source']}"


@pytest.mark.parametrize("book", BOOKS)
def test_every_organisation_named_is_listed(book: str) -> None:
    listed = {row["code"] for row in rows(book, "organisations")}
    for name, table in tables().items():
        columns = [c.name for c in table.columns.values() if c.type == "organisation"]
        for number, row in enumerate(rows(book, name), start=2):
            for column in columns:
                if row.get(column):
                    assert row[column] in listed, f"{name} row {number}: {row[column]}"


@pytest.mark.parametrize("book", BOOKS)
def test_each_quotation_contains_the_number_it_supports(book: str) -> None:
    sources = {row["id"]: row for row in rows(book, "sources")}
    supported = 0
    for table, column in NUMBER_TABLES.items():
        for number, row in enumerate(rows(book, table), start=2):
            source = sources[row["source"]]
            if not source["quote"]:
                # The loans are sums of many rows; and the measures that a report
                # names without a number, are not held in quotation.
                assert source["id"] in {"loans", "telegraph-measures"}, f"{table} row {number}"
                continue
            if row.get("qualifier") == "implied" and Decimal(row[column]) == 0:
                continue  # nil is not said in as many words
            if row.get("fact") in {"recovery_state", "recovery_measure"} | yes_or_no():
                continue  # a state, or a yes or a no, which the quotation says in words
            if row.get("fact") == "gap" and row["qualifier"] == "over":
                continue  # known only to be above nil
            value = abs(Decimal(row[column].removesuffix("%")))
            quoted = quoted_numbers(source["quote"])
            # The national table is in £ thousand.
            assert {value, value * 1000} & quoted, f"{table} row {number}: {source['quote']}"
            supported += 1
    assert supported >= 2


@pytest.mark.parametrize("case", CASES)
def test_every_stated_sum_of_money_is_in_its_book(case: str) -> None:
    held: set[Decimal] = set()
    for table, column in NUMBER_TABLES.items():
        for row in rows(case, table):
            if row["unit"] in SCALE:
                held.add(abs(Decimal(row[column]) * SCALE[row["unit"]]))
    quotes = {row["quote"] for row in rows(case, "sources")}
    stated = [r for r in published("published_figures.csv") if r["case"] == case]
    stated = [r for r in stated if r["kind"] == "stated"]
    assert stated
    for figure in stated:
        assert figure["quote"] in quotes, figure["quote"]
        if figure["unit"] == "GBP m":
            assert Decimal(figure["value_gbp_m"]) in held, figure["measure"]


@pytest.mark.parametrize("case", CASES)
def test_no_book_holds_a_sum_that_its_source_does_not_state(case: str) -> None:
    """What is derived (14.6, 167, 267 …) must come out of the engines, never out of the data."""
    figures = [r for r in published("published_figures.csv") if r["case"] == case]
    stated = {
        Decimal(r["value_gbp_m"]) for r in figures if r["kind"] == "stated" and r["value_gbp_m"]
    }
    others = {
        "nene-2013": {Decimal("639.027"), Decimal(24)},  # the national table, another report
        # Other reports: plan, control total, funding, the year before, the region's distance.
        "east-of-england-2019": {
            Decimal(n) for n in ("192.4", "142", "80.6", "148", "52", "212", "50")
        },
        "morecambe-bay-2017": {
            *(Decimal(0), Decimal(20), Decimal(25), Decimal("19.5")),  # the price modification
            *map(Decimal, ("65.038", "82.598", "43.313", "104.323")),  # loans of 2016/17, added up
            *map(Decimal, ("47.124", "10.796", "140.651")),  # and of 2017/18
        },
        "birmingham-solihull-2019": {Decimal(0)},
        "lancashire-south-cumbria-2021": {Decimal(0)},
    }[case]
    tables_ = {row["id"] for row in rows(case, "sources") if row.get("file") == TABLE}
    for table, column in NUMBER_TABLES.items():
        for number, row in enumerate(rows(case, table), start=2):
            if row["unit"] in SCALE and row["source"] not in tables_:
                value = abs(Decimal(row[column]) * SCALE[row["unit"]])
                assert value in stated | others, f"{table} row {number}: {value}"
                if value == 0:
                    assert row["qualifier"] in {"implied", "over"}, f"{table} row {number}"


@pytest.mark.parametrize("case", CASES)
def test_hedges_of_the_words_are_kept(case: str) -> None:
    sources = {row["id"]: row["quote"] for row in rows(case, "sources")}
    hedges = {
        "nearly": "nearly",
        "almost": "nearly",
        "around": "around",
        "just over": "over",
        "over £": "over",
        "more than": "over",
        "within": "up_to",
    }
    for table in NUMBER_TABLES:
        for number, row in enumerate(rows(case, table), start=2):
            quote = sources[row["source"]].lower()
            for words, qualifier in hedges.items():
                if words in quote and row.get("qualifier") != "implied":
                    assert row.get("qualifier") == qualifier, f"{table} row {number}: {quote}"


@pytest.mark.parametrize("case", CASES)
def test_publisher_and_date_are_those_of_the_case(case: str) -> None:
    about = next(r for r in published("published_cases.csv") if r["case"] == case)
    titles = [r for r in rows(case, "sources") if about["about"] in r["title"]]
    assert titles
    assert {r["publisher"] for r in titles} == {about["publisher"]}
    assert {r["published_on"] for r in titles} == {about["published_on"]}
    assert all(len(r["quote"].split()) <= 12 for r in rows(case, "sources") if r in titles)


@pytest.mark.parametrize("book", BOOKS)
def test_the_descriptor_tells_every_table_and_the_licence(book: str) -> None:
    folder = ROOT / "examples" / book
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert {r["path"] for r in package["resources"]} == {p.name for p in folder.glob("*.csv")}
    for resource in package["resources"]:
        header = list(rows(book, Path(resource["path"]).stem)[0])
        assert [field["name"] for field in resource["schema"]["fields"]] == header
    assert package["licenses"][0]["name"] == "OGL-UK-3.0"
    assert "Open Government Licence" in package["attribution"]
    assert (folder / "README.md").read_text("utf-8").count("Open Government Licence") >= 1


def test_both_lists_of_opportunities_add_up_to_their_stated_totals() -> None:
    # 25+24+14+14+13+13+10 = 113 and 27+21+16+12+11+67 = 154
    listed = rows("lancashire-south-cumbria-2021", "opportunities")
    for total, stated in (("RC", 113), ("MH", 154)):
        parts = [Decimal(row["value"]) for row in listed if row["parent"] == total]
        whole = next(Decimal(row["value"]) for row in listed if row["id"] == total)
        assert sum(parts) == whole == stated


def test_the_real_system_adds_up_by_hand() -> None:
    held = rows("real-system-2018", "amounts")
    sums: Counter[tuple[str, str]] = Counter()
    for row in held:
        sums[row["line"], row["basis"]] += int(row["amount"])
    # -7,271 - 54,193 + 422 - 1,867 - 9,694 and -5,522 - 60,945 + 2,235 - 7,400 - 35,696
    assert sums["position_with_support", "plan"] == -72_603
    assert sums["position_with_support", "actual"] == -107_328
    # 331,136 + 234,054 + 264,783 + 262,273 + 244,323
    assert sums["allocation", "plan"] == 1_336_569
    for facts in [rows("real-system-2018", "facts")]:
        loans = {(r["organisation"], r["group"], r["fact"]): Decimal(r["value"]) for r in facts}
        for code, group, _ in {k for k in loans if k[2] == "loans_closing"}:
            rolled = (
                loans[code, group, "loans_opening"]
                + loans[code, group, "loans_drawn"]
                - loans[code, group, "loans_repaid"]
            )
            # The published loans are rounded to £ thousand one by one.
            assert abs(rolled - loans[code, group, "loans_closing"]) <= 2, (code, group)

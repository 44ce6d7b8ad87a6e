"""A folder of one's own: a new measure is a row of data, and bad data are said, not swallowed."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

import controltotal.verbs as verbs
from controltotal.core.errors import BookError
from controltotal.savings.opportunity.catalogue import catalogue
from controltotal.savings.opportunity.periods import latest_period, read_period

SITES = [f"T{k:02d}" for k in range(12)]


def write(path: Path, header: str, rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Agency spending per shift of twelve made-up trusts, T00 half as dear again as the others."""
    rng = random.Random(3)
    rows: list[list[object]] = []
    for k, site in enumerate(SITES):
        for month in range(1, 13):
            shifts = 900 + 10 * k
            price = (75 if site == "T00" else 50) * rng.gauss(1, 0.03)
            rows.append([site, f"2024-{month:02d}-01", round(shifts * price, 2), shifts])
    write(tmp_path / "agency.csv", "trust,month,spend,shifts", rows)
    write(
        tmp_path / "datasets.csv",
        "dataset,file,layout,area,period,measure,numerator,denominator,frequency,peers,title",
        [
            [
                "agency",
                "agency",
                "wide",
                "trust",
                "month",
                "",
                "",
                "",
                "month",
                "all",
                "Agency staff",
            ]
        ],
    )
    write(
        tmp_path / "measures.csv",
        "measure,dataset,name,numerator,denominator,unit,per,direction,variable,benchmark",
        [
            [
                "agency_shift",
                "agency",
                "Agency cost",
                "spend",
                "shifts",
                "pounds",
                "shift",
                "lower",
                "0.5",
                "median",
            ]
        ],
    )
    return tmp_path


def rewrite(folder: Path, name: str, change: object) -> None:
    """Change the rows of a table in place."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    write(folder / name, ",".join(header), change(rows))  # type: ignore[operator]


def ask(folder: Path, **more: object) -> object:
    return verbs.opportunities(data=folder, **{"areas": ["T00", "T01"], "period": "2024", **more})  # type: ignore[arg-type]


def long(folder: Path) -> None:
    """The same records with one row for each measure, area and month."""
    rewrite(folder, "agency.csv", lambda rows: [["agency_shift", *row] for row in rows])
    text = (folder / "agency.csv").read_text(encoding="utf-8")
    (folder / "agency.csv").write_text(
        text.replace("trust,month,spend,shifts", "measure,trust,month,spend,shifts", 1), "utf-8"
    )
    rewrite(
        folder,
        "datasets.csv",
        lambda _: [
            [
                "agency",
                "agency",
                "long",
                "trust",
                "month",
                "measure",
                "spend",
                "shifts",
                "month",
                "all",
                "Agency staff",
            ]
        ],
    )


def test_a_new_measure_is_a_row_of_data(folder: Path) -> None:
    long(folder)
    result = ask(folder)
    dear = result.figure("opportunity/T00/2024/benchmark/agency_shift")
    usual = result.figure("opportunity/T01/2024/benchmark/agency_shift")
    assert dear.value == pytest.approx(25 * 900 * 12 * 100, rel=0.05)  # 25 pounds a shift
    assert dear.low > 0 > usual.low
    rows = {r["area"]: r for r in result.tables["opportunities"]}
    assert rows["T00"]["verdict"] == "wider than noise, and it lasts"
    assert rows["T01"]["survives"] == "no"
    assert rows["T00"]["cash_at_most"] == round(dear.value * 0.5)  # half of it is variable cost
    assert result.tables["tested"][0]["dataset"] == "Agency staff"


def test_a_source_with_measures_as_columns(folder: Path) -> None:
    rewrite(
        folder,
        "agency.csv",
        lambda rows: [
            [
                site,
                f"{year}-{year % 100 + 1:02d}",
                50 * 900 * (1.5 if site == "T00" else 1) + 99 * k * (year % 3),
                900,
            ]
            for k, site in enumerate(SITES)
            for year in (2020, 2021, 2022, 2023)
        ],
    )
    rewrite(folder, "datasets.csv", lambda rows: [[*rows[0][:8], "year", *rows[0][9:]]])
    result = ask(folder, period="2023/24")
    raw = result.value("opportunity/T00/2023-24/benchmark/agency_shift/raw")
    assert raw == pytest.approx(2_250_000, rel=0.05)


def test_records_that_stand_twice_are_refused(folder: Path) -> None:
    long(folder)
    rewrite(folder, "agency.csv", lambda rows: [*rows, rows[0]])
    with pytest.raises(BookError, match="stand twice"):
        ask(folder)


def test_a_missing_column_is_named(folder: Path) -> None:
    long(folder)
    text = (folder / "agency.csv").read_text(encoding="utf-8")
    (folder / "agency.csv").write_text(text.replace("shifts", "hours", 1), encoding="utf-8")
    with pytest.raises(BookError, match="'shifts' is missing"):
        ask(folder)


def test_a_file_that_is_no_table_is_refused(folder: Path) -> None:
    (folder / "agency.csv").unlink()
    (folder / "agency.parquet").write_bytes(b"this is not parquet")
    long_rows = [
        [
            "agency",
            "agency",
            "long",
            "trust",
            "month",
            "measure",
            "spend",
            "shifts",
            "month",
            "all",
            "Agency staff",
        ]
    ]
    rewrite(folder, "datasets.csv", lambda _: long_rows)
    with pytest.raises(BookError, match="cannot be read"):
        ask(folder)


def test_an_area_without_all_months_is_left_out_and_said(folder: Path) -> None:
    long(folder)
    rewrite(folder, "agency.csv", lambda rows: [r for r in rows if r[1:3] != ["T01", "2024-05-01"]])
    result = ask(folder)
    assert result.value("opportunity/T01/2024/benchmark/agency_shift") is None
    assert result.value("opportunity/T01/2024/benchmark/agency_shift/raw") is None
    fault = next(f for f in result.findings if f.code == "BENCHMARK_INCOMPLETE")
    assert "T01" in fault.found
    assert result.value("opportunity/T00/2024/benchmark/agency_shift") > 0


def test_an_absent_numerator_is_not_nil(folder: Path) -> None:
    long(folder)
    rewrite(
        folder,
        "agency.csv",
        lambda rows: [
            [*r[:3], "" if r[1:3] == ["T01", "2024-05-01"] else r[3], r[4]] for r in rows
        ],
    )
    result = ask(folder)
    assert {f.code for f in result.findings} >= {"BENCHMARK_RECORD", "BENCHMARK_INCOMPLETE"}
    assert result.value("opportunity/T01/2024/benchmark/agency_shift") is None


def test_bad_rows_of_the_catalogue_are_findings(folder: Path) -> None:
    long(folder)
    rewrite(
        folder,
        "measures.csv",
        lambda rows: [
            *rows,
            ["odd", "agency", "Odd", "spend", "shifts", "pounds", "shift", "sideways", "", ""],
            ["dear", "agency", "Dear", "spend", "shifts", "pounds", "shift", "lower", "1.5", ""],
        ],
    )
    result = ask(folder)
    wheres = [f.where for f in result.findings if f.code == "BENCHMARK_ROW"]
    assert wheres == ["measures.csv row 3", "measures.csv row 4"]
    assert result.has_errors


def test_own_peers_targets_and_high_performers(folder: Path) -> None:
    long(folder)
    header = "measure,dataset,name,unit,per,direction,benchmark,target,group"
    write(
        folder / "measures.csv",
        header,
        [
            [
                "agency_shift",
                "agency",
                "Agency cost",
                "pounds",
                "shift",
                "lower",
                "own_target",
                "60",
                "",
            ],
        ],
    )
    target = ask(folder).value("opportunity/T00/2024/benchmark/agency_shift/raw")
    assert target == pytest.approx(15 * 900 * 12 * 100, rel=0.08)
    write(
        folder / "measures.csv",
        header,
        [
            [
                "agency_shift",
                "agency",
                "Agency cost",
                "pounds",
                "shift",
                "lower",
                "high_performers",
                "",
                "T03;T04",
            ],
        ],
    )
    best = ask(folder).value("opportunity/T00/2024/benchmark/agency_shift/raw")
    assert best == pytest.approx(25 * 900 * 12 * 100, rel=0.08)
    write(
        folder / "peers.csv",
        "area,peer,place",
        [["T00", p, k + 1] for k, p in enumerate(["T01", "T02", "T05"])],
    )
    median = ask(folder, benchmark="median")
    assert [r["peer"] for r in median.tables["peers"]] == ["T01", "T02", "T05"]


def test_where_peers_do_worse_the_gap_is_no_opportunity(folder: Path) -> None:
    long(folder)
    write(
        folder / "measures.csv",
        "measure,dataset,name,unit,per,direction,benchmark,outcome",
        [["agency_shift", "agency", "Agency cost", "pounds", "shift", "lower", "median", "safety"]],
    )
    write(
        folder / "outcomes.csv",
        "outcome,area,value",
        [["safety", site, 90 if site == "T00" else 70] for site in SITES],
    )
    result = ask(folder)
    row = next(r for r in result.tables["opportunities"] if r["area"] == "T00")
    assert row["verdict"] == "not shown: its comparators do worse on outcomes"
    assert result.value("opportunity/T00/2024/benchmark/agency_shift") is None


def test_cost_per_weighted_activity_unit_from_a_folder(tmp_path: Path) -> None:
    rng = random.Random(8)
    rows: list[list[object]] = []
    for k in range(12):
        for month in range(1, 13):
            cost = 10 * 700 * (1.3 if k == 0 else 1) * rng.gauss(1, 0.02)
            rows.append([f"R{k:02d}", f"2024-{month:02d}-01", "DC", "A", 10, round(cost, 2)])
    write(
        tmp_path / "trust_activity.csv",
        "provider,month,department_code,currency_code,activity,cost",
        rows,
    )
    with pytest.raises(BookError, match="national unit costs"):
        verbs.opportunities(data=tmp_path, areas=["R00"], period="2024")
    write(
        tmp_path / "national_cost.csv",
        "department_code,currency_code,unit_cost",
        [["DC", "A", 700]],
    )
    result = verbs.opportunities(data=tmp_path, areas=["R00"], period="2024")
    assert result.value("opportunity/R00/2024/benchmark/cost_per_wau/raw") == pytest.approx(
        0.3 * 700 * 120 * 100, rel=0.1
    )
    row = result.tables["opportunities"][0]
    assert row["rate"] == pytest.approx(1.3 * 3500, rel=0.05)


def test_price_lists_by_practice_from_a_folder(tmp_path: Path) -> None:
    """Ten practices pay 1.00 and one pays 3.00 for 100: it alone could save 200."""
    rows = [[f"P{k}", "A1", "amlodipine", 100, 300 if k == 10 else 100] for k in range(11)]
    write(tmp_path / "prices.csv", "practice,area,presentation,quantity,cost", rows)
    write(
        tmp_path / "datasets.csv",
        "dataset,file,layout,area,period",
        [["prices", "prices", "price_per_unit", "area", "2024-06"]],
    )
    result = verbs.opportunities(data=tmp_path, areas=["A1"], period="2024-06")
    assert result.value("opportunity/A1/2024-06/benchmark/price_per_unit/raw") == 20_000


def test_measures_of_a_list_are_known_by_their_label(tmp_path: Path) -> None:
    write(
        tmp_path / "ccg_prescribing_measure_list.csv",
        "measure_name,name,y_label",
        [
            ["newdrug", "A new drug", "Cost (£) per 1000 patients"],
            ["newitem", "New items", "Items per 1000 patients"],
        ],
    )
    measures = catalogue(tmp_path).measures
    assert measures["newdrug"].is_money and not measures["newitem"].is_money
    assert measures["lpcoprox"].parent == "lpzomnibus"  # the packaged ones are still there


def test_every_money_label_of_the_packaged_list_is_money() -> None:
    for measure in catalogue().measures.values():
        if measure.dataset == "prescribing":
            assert measure.is_money == ("£" in measure.label or measure.label.startswith("Spend"))


def test_periods() -> None:
    assert read_period("2024/25").months == 12 and read_period("2025").id == "2025"
    assert read_period("2011-12").label == "2011/12"  # a financial year, as everywhere else
    assert read_period("2016-09").label == "September 2016"
    assert latest_period(read_period("2016/17").first, "year").id == "2016-17"
    with pytest.raises(BookError):
        read_period("2025-13")


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("agency.csv", lambda rows: [[*rows[0][:3], "a lot", rows[0][4]], *rows[1:]]),
        ("agency.csv", lambda rows: [[*rows[0][:2], "last May", *rows[0][3:]], *rows[1:]]),
        ("agency.csv", lambda rows: []),
    ],
    ids=["text for a number", "text for a month", "no rows"],
)
def test_nonsense_in_a_file_is_one_line_that_names_it(
    folder: Path, file: str, change: object
) -> None:
    long(folder)
    rewrite(folder, file, change)
    with pytest.raises(BookError, match=r"agency\.csv|no benchmark data"):
        ask(folder)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("peers.csv", "area,neighbour\nT00,T01\n"),
        ("outcomes.csv", "outcome,area,value\nsafety,T00,good\n"),
        ("similar10_inputs_2021.csv", "code,people\nT00,5\n"),
        ("subicb_icb_region_lookup_2022.csv", "area,system\nT00,QX\n"),
    ],
)
def test_nonsense_in_a_reference_file_is_named(folder: Path, name: str, text: str) -> None:
    long(folder)
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(BookError, match=name.replace(".", r"\.")):
        ask(folder)


def test_two_areas_are_too_few_to_say_how_much_areas_differ(folder: Path) -> None:
    long(folder)
    rewrite(folder, "agency.csv", lambda rows: [r for r in rows if r[1] in ("T00", "T01")])
    result = ask(folder)
    row = next(r for r in result.tables["opportunities"] if r["area"] == "T00")
    assert row["verdict"] == "not shown: its noise cannot be measured"
    assert result.value("opportunity/T00/2024/benchmark/agency_shift/raw") > 0


def test_nil_everywhere_is_nil(folder: Path) -> None:
    long(folder)
    rewrite(folder, "agency.csv", lambda rows: [[*r[:3], 0, r[4]] for r in rows])
    result = ask(folder)
    assert result.value("opportunity/T00/2024/benchmark/agency_shift/raw") == 0
    assert result.value("opportunity/T00/2024/benchmark/agency_shift") is None

"""Make the book of a real partnership, Norfolk and Waveney in 2018/19, from public tables.

Usage: python scripts/make_real_system.py FOLDER [BOOK]

FOLDER holds `finance/` (trusts' plan and actual, allocations, loans) and `geo/` (who belongs to
which partnership, people and deprivation). The book is written to BOOK, else to
examples/real-system-2018. It stops if a trust of the partnership is not in the table of plans.
Money is £ thousand as published; loans are summed by trust and category, nothing else is.
"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from controltotal.sources.write import write_folder

SYSTEM, REGION, YEAR, LABEL = "QMM", "Y61", "2018-19", "2018/19"
TRUSTS = "QMM-TRUSTS"
OGL = "Open Government Licence v3.0"
PLANS = "trust_plan_vs_actual_2018_19.csv"
ALLOCATIONS = "ccg_allocations_2013_14_to_2019_20.csv"
LOANS = "trust_dhsc_loans_2016_17_to_2018_19.csv"
LOAN_COLUMNS = {
    "opening_k": "loans_opening",
    "drawn_k": "loans_drawn",
    "repaid_k": "loans_repaid",
    "closing_k": "loans_closing",
}
Table = list[dict[str, str]]


def read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their numbers as a spreadsheet shows them."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file), start=2)


def members(geo: Path) -> dict[str, str]:
    """Trusts of the partnership open throughout the year: code to date of opening.

    The register first names partnerships in 2021; nothing here closed or merged in between.
    """
    found: dict[str, str] = {}
    for _, row in read(geo / "ods_trusts_snapshots.csv"):
        here = row["system_ods"] == SYSTEM and row["region_ods"] == REGION
        if here and row["open_date"] <= "2018-04-01" and not row["close_date"]:
            found[row["ods_code"]] = row["open_date"]
    return dict(sorted(found.items()))


def organisations(folder: Path, trusts: dict[str, str], plans: dict[str, str]) -> Table:
    """England, the region, the partnership, its trusts as a group, and every body."""
    places = {row["ods"]: row for _, row in read(folder / "geo" / "ics_icb.csv")} | {
        row["nhser22_ods"]: row for _, row in read(folder / "geo" / "nhs_england_regions.csv")
    }

    def place(code: str, name: str, kind: str, parent: str, **more: str) -> dict[str, str]:
        row = places[code]
        return {
            "code": code,
            "name": name,
            "kind": kind,
            "parent": parent,
            "population": row["pop_2020"],
            "deprivation": row["share_pop_most_deprived_20pct"],
            "deprivation_score": row["imd2019_score_popwtd"],
            "source": "places",
            **more,
        }

    rows: Table = [
        {"code": "ENGLAND", "name": "England", "kind": "nation", "complete": "no"},
        place(REGION, "East of England", "region", "ENGLAND", complete="no"),
        place(SYSTEM, "Norfolk and Waveney Health and Care Partnership (STP)", "system", REGION),
        {
            "code": TRUSTS,
            "name": "Trusts of Norfolk and Waveney",
            "kind": "cluster",
            "parent": SYSTEM,
            "note": "a group of this book, so that the trusts have a sum",
        },
    ]
    people = {
        row["ccg_code"]: row["ons_population"]
        for _, row in read(folder / "finance" / ALLOCATIONS)
        if row["financial_year"] == LABEL
    }
    for _, row in read(folder / "geo" / "ccg_stp_region_2019.csv"):
        if row["stp_ods"] == SYSTEM:
            rows.append(
                {
                    "code": row["ccg_ods"],
                    "name": row["ccg_name"],
                    "kind": "commissioner",
                    "parent": SYSTEM,
                    "from": "2013-04-01",
                    "to": "2020-03-31",
                    "population": people[row["ccg_ods"]],
                    "source": "register",
                }
            )
    for code, opened in trusts.items():
        rows.append(
            {
                "code": code,
                "name": plans[code],
                "kind": "provider",
                "parent": TRUSTS,
                "from": opened,
                "source": "register",
            }
        )
    return rows


def positions(finance: Path, trusts: dict[str, str]) -> tuple[Table, Table, dict[str, str]]:
    """Plan and actual of each trust, a source for each row, and the names they are given."""
    amounts: Table = []
    sources: Table = []
    names: dict[str, str] = {}
    for number, row in read(finance / PLANS):
        code = row["ods_code"]
        if code not in trusts:
            continue
        if row["quality_flag"] or not row["plan_k"] or not row["actual_k"]:
            sys.exit(f"{PLANS} row {number}: {row['trust_name']} has no usable plan and actual")
        names[code] = row["trust_name"]
        source = f"plan-actual-{code}"
        for basis in ("plan", "actual"):
            amounts.append(
                {
                    "organisation": code,
                    "line": "position_with_support",
                    "year": YEAR,
                    "basis": basis,
                    "amount": row[f"{basis}_k"],
                    "unit": "£k",
                    "source": source,
                }
            )
        sources.append(
            {
                "id": source,
                "title": "Year-end report on the provider sector 2018/19",
                "publisher": "NHS Improvement",
                "file": PLANS,
                "page": f"row {number}",
                "quote": f"{row['trust_name']}: plan {row['plan_k']}, actual {row['actual_k']}",
                "licence": OGL,
            }
        )
    missing = sorted(set(trusts) - set(names))
    if missing:
        sys.exit(f"{PLANS} lacks {', '.join(missing)}: choose a partnership that is all there")
    return amounts, sources, names


def allocations(finance: Path, codes: Sequence[str]) -> tuple[Table, Table]:
    """The programme allocation of each commissioner, and its source."""
    amounts: Table = []
    sources: Table = []
    for number, row in read(finance / ALLOCATIONS):
        if row["financial_year"] != LABEL or row["ccg_code"] not in codes:
            continue
        source = f"allocation-{row['ccg_code']}"
        amounts.append(
            {
                "organisation": row["ccg_code"],
                "line": "allocation",
                "year": YEAR,
                "basis": "plan",
                "amount": row["allocation_k"],
                "unit": "£k",
                "source": source,
                "note": "core programme allocation, running costs not included",
            }
        )
        sources.append(
            {
                "id": source,
                "title": "Core programme allocations of clinical commissioning groups",
                "publisher": "NHS England",
                "file": ALLOCATIONS,
                "page": f"row {number}",
                "quote": f"{LABEL},{row['ccg_code']},{row['source_name']},{row['allocation_k']}",
                "licence": OGL,
            }
        )
    assert len(amounts) == len(codes), "an allocation is missing"
    return amounts, sources


def loans(finance: Path, trusts: dict[str, str]) -> Table:
    """What each trust owed, drew and repaid in the year, by category of loan."""
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for _, row in read(finance / LOANS):
        if row["financial_year"] == LABEL and row["ods_code"] in trusts:
            assert row["roll_forward_ok"] == "True", "a loan does not roll forward"
            counted[row["ods_code"], row["loan_category"]] += 1
            for column, fact in LOAN_COLUMNS.items():
                sums[row["ods_code"], row["loan_category"], fact] += Decimal(row[column])
    return [
        {
            "organisation": code,
            "fact": fact,
            "year": YEAR,
            "basis": "actual",
            "group": category,
            "value": f"{value.normalize():f}",
            "unit": "£k",
            "source": "loans",
            "note": f"sum of {counted[code, category]} loan"
            f"{'s' if counted[code, category] > 1 else ''}",
        }
        for (code, category, fact), value in sorted(sums.items())
    ]


def others() -> tuple[Table, Table, Table]:
    """Settings, the fact reported for the whole partnership, and sources that many rows share."""
    book = {
        "title": "Norfolk and Waveney, 2018/19",
        "default_unit": "£k",
        "default_year": YEAR,
        "fictional": "no",
        "publisher": "NHS Improvement and NHS England",
        "licence": OGL,
    }
    fact = {
        "organisation": SYSTEM,
        "fact": "reported_deficit",
        "year": YEAR,
        "basis": "actual",
        "value": "97.6",
        "unit": "£m",
        "source": "press-may-2019",
        "note": "of the whole partnership; on what basis is not said",
    }
    sources = [
        {
            "id": "loans",
            "title": "Financial assistance under section 40 of the NHS Act 2006",
            "publisher": "Department of Health and Social Care",
            "file": LOANS,
            "licence": OGL,
        },
        {
            "id": "register",
            "title": "Organisation codes, opening and closing dates",
            "publisher": "NHS England (Organisation Data Service)",
            "licence": OGL,
        },
        {
            "id": "places",
            "title": "People in mid-2020 and deprivation 2019, areas of July 2022",
            "publisher": "Office for National Statistics; Ministry of Housing, Communities and Local "
            "Government",
            "licence": OGL,
        },
        {
            "id": "press-may-2019",
            "title": "News report about a bail-out of a neighbouring system",
            "publisher": "HSJ",
            "published_on": "2019-05",
            "quote": "a deficit of £97.6m at the end of 2018-19",
            "licence": "Fact and short quotation; the article is its publisher's copyright",
        },
    ]
    return [{"key": key, "value": value} for key, value in book.items()], [fact], sources


def make(folder: Path, target: Path) -> None:
    """Write the book beside its README."""
    finance = folder / "finance"
    trusts = members(folder / "geo")
    plan_actual, plan_sources, names = positions(finance, trusts)
    bodies = organisations(folder, trusts, names)
    commissioners = [row["code"] for row in bodies if row["kind"] == "commissioner"]
    allotted, allotted_sources = allocations(finance, commissioners)
    book, facts, shared = others()
    tables = {
        "book": book,
        "organisations": bodies,
        "amounts": allotted + plan_actual,
        "facts": facts + loans(finance, trusts),
        "sources": plan_sources + allotted_sources + shared,
    }
    numbered = {
        name: [
            (number, tuple((column, text) for column, text in row.items() if text != ""))
            for number, row in enumerate(rows, start=2)
        ]
        for name, rows in tables.items()
    }
    descriptor = {
        "title": "Norfolk and Waveney, 2018/19",
        "description": "A real partnership: plan and actual of its five trusts, allocations of "
        "its five commissioners, and the trusts' loans.",
        "licenses": [
            {
                "name": "OGL-UK-3.0",
                "title": OGL,
                "path": "https://www.nationalarchives.gov.uk/doc/"
                "open-government-licence/version/3/",
            }
        ],
        "attribution": "Contains public sector information licensed under the " + OGL + ".",
    }
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / target.name
        write_folder(fresh, numbered, descriptor=descriptor)
        target.mkdir(parents=True, exist_ok=True)
        for file in sorted(fresh.iterdir()):
            shutil.copyfile(file, target / file.name)
    print(f"{target.name}: {len(trusts)} trusts, {len(commissioners)} commissioners")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    book = Path(__file__).resolve().parents[1] / "examples" / "real-system-2018"
    make(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else book)

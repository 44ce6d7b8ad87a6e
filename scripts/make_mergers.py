"""Make the example book of the mergers of April 2026 in the east of England.

Usage: python scripts/make_mergers.py [BOOK]

It uses the published tables of the package alone: the commissioners of six systems with their
allocations 2013/14 to 2019/20, the boards of July 2022 with their people weighted for need, and the
support of 2019. Systems that divide do so by people of mid-2020 in the places that go each way. The
codes of the new boards are quoted and not yet seen in the register, so that the book gives them its
own.
"""

from __future__ import annotations

import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import polars as pl

from controltotal.core.datafiles import packaged_path
from controltotal.sources.books import read_book
from controltotal.sources.published_books import new_published_book
from controltotal.sources.write import write_folder

SYSTEMS = ("QH8", "QHG", "QJG", "QM7", "QMM", "QUE")
REGION, APRIL, LAST = "Y61", "2026-04-01", "2026-03-31"
NEW = {"CEN": "Central East", "ESX": "Essex", "NSK": "Norfolk and Suffolk"}
WHOLE = {"QUE": "CEN", "QHG": "CEN", "QH8": "ESX", "QMM": "NSK"}
DIVIDED = {"QM7": ("ESX", ("07H",), "CEN"), "QJG": ("ESX", ("06T",), "NSK")}
"""Who gets which places, and who gets the rest."""
REPORTED = "published-reported"
"""How the ids of sources begin that are figures read from public pages."""
GIVERS = ("QH8", "QHG", "QJG", "QM7", "QMM")
Row = dict[str, str]
NOTE = (
    "around 5 each, reported as agreed later; that nothing was repaid before April 2026 is a "
    "what-if of this book"
)


def shares() -> list[tuple[str, str, str]]:
    """System, successor and share; people of mid-2020 on the areas of July 2022."""
    areas = pl.read_parquet(packaged_path("geography/areas_2011.parquet"))
    found = [(old, new, "") for old, new in WHOLE.items()]
    for old, (new, places, rest) in DIVIDED.items():
        here = areas.filter(pl.col("system_2022") == old)
        part = here.filter(pl.col("place_2022").is_in(places))["pop_2020"].sum()
        share = (Decimal(part) / Decimal(here["pop_2020"].sum())).quantize(Decimal("0.0001"))
        found += [(old, new, str(share)), (old, rest, str(1 - share))]
    return sorted(found)


def published(code: str) -> dict[str, list[Row]]:
    """The published book of a system, table by table."""
    with tempfile.TemporaryDirectory() as folder:
        new_published_book(f"{folder}/book", code)
        source = read_book(f"{folder}/book")
        tables: dict[str, list[Row]] = {}
        for entry in source.entries:
            tables.setdefault(entry.table, []).append(dict(entry.cells))
    return tables


def kept(rows: list[Row], trusts: set[str]) -> list[Row]:
    """Rows of commissioners, boards and systems in the main scenario, and what was reported of them."""
    return [
        row
        for row in rows
        if row.get("organisation", row.get("code", "")) not in trusts
        and (not row.get("scenario") or row.get("source", "").startswith(REPORTED))
        and not row.get("group")
        and row.get("counterparty", "") == ""
    ]


def gathered() -> dict[str, list[Row]]:
    """The tables of the six systems as one book, without trusts."""
    made: dict[str, list[Row]] = {
        name: []
        for name in (
            "organisations",
            "successions",
            "amounts",
            "facts",
            "sources",
        )
    }
    for system in SYSTEMS:
        tables = published(system)
        trusts = {r["code"] for r in tables["organisations"] if r["kind"] == "provider"}
        for name in ("organisations", "amounts", "facts"):
            made[name] += kept(tables[name], trusts)
        made["successions"] += [r for r in tables["successions"] if r["predecessor"] not in trusts]
        made["sources"] += tables["sources"]
    for name, rows in made.items():
        made[name] = list({tuple(sorted(row.items())): row for row in rows}.values())
    used = {row.get("source", "") for name in made if name != "sources" for row in made[name]}
    made["sources"] = [row for row in made["sources"] if row["id"] in used]
    return made


def merged(made: dict[str, list[Row]]) -> None:
    """The mergers of April 2026: new systems and boards, and who follows whom by which share."""
    for row in made["organisations"]:
        if row["code"].removesuffix("-ICB") in SYSTEMS:
            row["to"] = LAST
            row.pop("note", None)  # who followed is told in successions
        if row["kind"] == "system":
            row["complete"] = "no"
    for code, name in NEW.items():
        made["organisations"] += [
            {
                "code": code,
                "name": name,
                "kind": "system",
                "parent": REGION,
                "from": APRIL,
                "complete": "no",
                "note": "a code of this book",
            },
            {
                "code": f"{code}-ICB",
                "name": f"NHS {name} Integrated Care Board",
                "kind": "commissioner",
                "parent": code,
                "from": APRIL,
                "note": "a code of this book",
            },
        ]
    for old, new, share in shares():
        note = "share of people of mid-2020" if share else ""
        for end in ("", "-ICB"):
            made["successions"].append(
                {
                    "predecessor": f"{old}{end}",
                    "successor": f"{new}{end}",
                    "on": APRIL,
                    "share": share,
                    "note": note,
                }
            )


def supported(made: dict[str, list[Row]]) -> None:
    """The support of 2019, as reported, with the what-if on its repayment."""
    made["transfers"] = [
        {
            "id": f"T-{giver}",
            "from": giver,
            "to": "QUE",
            "year": "2019-20",
            "amount": "5",
            "unit": "£m",
            "kind": "neighbour_support",
            "mechanism": "resource_transfer",
            "status": "agreed",
            "repay_from": "2026-27",
            "repay_years": "3",
            "source": "hsj-may-03",
            "qualifier": "around",
            "note": NOTE,
        }
        for giver in GIVERS
    ]
    made["sources"].append(
        {
            "id": "hsj-may-03",
            "title": "News report about: Healthwatch Norfolk concern over bailout of "
            "a neighbouring system",
            "publisher": "HSJ",
            "published_on": "2019-05",
            "quote": "contribute around £5m each to bail out Cambridge and Peterborough",
            "licence": "Fact and short quotation; the article is its publisher's copyright",
        }
    )


def main() -> None:
    """Write the book; its README is kept."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "examples/mergers-2026")
    made = gathered()
    merged(made)
    supported(made)
    made["book"] = [
        {"key": "title", "value": "The mergers of April 2026 in the east of England"},
        {"key": "default_unit", "value": "£k"},
        {"key": "default_year", "value": "2019-20"},
        {"key": "fictional", "value": "no"},
        {"key": "publisher", "value": "NHS England and HSJ"},
        {"key": "licence", "value": "Open Government Licence v3.0; facts from the press"},
    ]
    readme = target / "README.md"
    told = readme.read_text(encoding="utf-8") if readme.exists() else ""
    readme.unlink(missing_ok=True)
    numbered = {
        name: [(number, tuple(row.items())) for number, row in enumerate(rows, start=2)]
        for name, rows in made.items()
    }
    write_folder(target, numbered, force=True)
    if told:
        readme.write_text(told, encoding="utf-8")
    print(f"{target}: {sum(map(len, numbered.values()))} rows")


if __name__ == "__main__":
    main()

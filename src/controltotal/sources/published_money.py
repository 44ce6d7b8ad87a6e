"""Published money: allocations, distances from target, plans and results of trusts, loans.

Each function says what one row means. An allocation is recurrent programme money without running
costs; a trust's plan and result include sustainability funding; a loan rolls forward by opening +
drawn - repaid = closing. The closing general fund is year-end creditors, never a surplus.
Source: NHS England, NHS Improvement and the Department of Health and Social Care, as named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from controltotal.core import published
from controltotal.core.finding import Finding
from controltotal.core.published import DISTANCES, TITLES, TRUE_ON
from controltotal.core.published_inputs import ANNEX_A, INDICATIVE
from controltotal.sources.published_form import (
    Cells,
    Form,
    PublishedRow,
    Unreadable,
    code_text,
    number_text,
    optional,
    year_text,
)

PAID = "core programme allocation, running costs not included"
Rows = Iterator[tuple[str, Cells]]


def fact(code: str, name: str, year: str, value: str, unit: str, **more: str) -> tuple[str, Cells]:
    """A row of `facts`."""
    return "facts", {
        "organisation": code,
        "fact": name,
        "year": year,
        "value": value,
        "unit": unit,
        **more,
    }


def body(code: str, name: str, kind: str) -> tuple[str, Cells]:
    """A row of `organisations`, used where the book and the register do not know the body."""
    return "organisations", {"code": code, "name": name, "kind": kind}


def allocations(row: PublishedRow, _: int) -> Rows:
    """The allocation of a commissioner in a year, with people and deprivation."""
    code, year = code_text(row, "ccg_code"), year_text(row)
    yield body(code, f"NHS {row['ccg_name'].title()} CCG", "commissioner")
    yield (
        "amounts",
        {
            "organisation": code,
            "line": "allocation",
            "year": year,
            "basis": "plan",
            "amount": number_text(row, "allocation_k"),
            "unit": "£k",
            "note": PAID,
        },
    )
    for value in optional(row, "ons_population"):
        yield fact(code, "population", year, value, "people")
    for value in optional(row, "imd2019_extent"):
        yield fact(code, "deprivation_extent", year, value, "share")
    for value in optional(row, "imd2019_rank_avg_score"):
        yield fact(code, "deprivation_rank", year, value, "rank")


def distances(row: PublishedRow, _: int) -> Rows:
    """Distance from target of 2019/20 as set in January 2016: a scenario beside what was paid."""
    code, year = code_text(row, "ccg_code"), year_text(row)
    note = "as set in January 2016; not the allocation paid"
    yield body(code, row["ccg_name"], "commissioner")
    for name, column in (
        ("distance_opening", "opening_dft_pct"),
        ("distance_from_target", "closing_dft_pct"),
        ("growth", "growth_pct"),
    ):
        yield fact(code, name, year, number_text(row, column) + "%", "", note=note)
    yield (
        "amounts",
        {
            "organisation": code,
            "line": "allocation",
            "year": year,
            "basis": "plan",
            "scenario": INDICATIVE,
            "amount": number_text(row, "allocation_k"),
            "unit": "£k",
            "note": note,
        },
    )
    yield fact(
        code,
        "target_allocation",
        year,
        number_text(row, "derived_target_k"),
        "£k",
        scenario=INDICATIVE,
        note="worked out: allocation / (1 + distance)",
    )
    yield fact(
        code,
        "population",
        year,
        number_text(row, "registered_population"),
        "people",
        scenario=INDICATIVE,
        note="registered with practices",
    )


def distances_2013(row: PublishedRow, _: int) -> Rows:
    """Allocation, target and distance of 2013/14 as first announced; rebased since."""
    code, year = code_text(row, "ccg_code"), year_text(row)
    yield body(code, row["ccg_name"], "commissioner")
    yield (
        "amounts",
        {
            "organisation": code,
            "line": "allocation",
            "year": year,
            "basis": "plan",
            "scenario": ANNEX_A,
            "amount": number_text(row, "allocation_k"),
            "unit": "£k",
            "note": "as first announced; the table of allocations has it rebased",
        },
    )
    yield fact(
        code,
        "target_allocation",
        year,
        number_text(row, "indicative_target_k"),
        "£k",
        scenario=ANNEX_A,
    )
    yield fact(code, "distance_from_target", year, number_text(row, "dft_pct") + "%", "")
    yield fact(code, "weighted_population", year, number_text(row, "weighted_population"), "people")
    yield fact(
        code, "population", year, number_text(row, "raw_population"), "people", scenario=ANNEX_A
    )


def distance_sums(rows: Sequence[PublishedRow]) -> Iterator[Finding]:
    """Allocation less target is the distance in money, in every row."""
    for place, row in enumerate(rows, start=2):
        off = (
            Fraction(row["allocation_k"])
            - Fraction(row["indicative_target_k"])
            - Fraction(row["dft_k"])
        )
        if off:
            yield disagrees(row, place, "allocation_k - indicative_target_k", "dft_k", off)


def trust_positions(row: PublishedRow, _: int) -> Rows:
    """Planned and actual surplus or deficit of a trust, sustainability funding included."""
    code, year = code_text(row, "ods_code"), year_text(row)
    yield body(code, row["trust_name"], "provider")
    for basis in ("plan", "actual"):
        for value in optional(row, f"{basis}_k"):
            yield (
                "amounts",
                {
                    "organisation": code,
                    "line": "position_with_support",
                    "year": year,
                    "basis": basis,
                    "amount": value,
                    "unit": "£k",
                    "note": row.get("quality_flag", ""),
                },
            )


LOAN_FACTS = {
    "opening_k": "loans_opening",
    "drawn_k": "loans_drawn",
    "repaid_k": "loans_repaid",
    "closing_k": "loans_closing",
}


def loans(row: PublishedRow, number: int) -> Rows:
    """One loan of the Department to a trust in a year; its group is its kind and its row."""
    code, year = code_text(row, "ods_code"), year_text(row)
    yield body(code, row["trust_name"], "provider")
    group = f"{row['loan_category']}-{number}"
    for column, name in LOAN_FACTS.items():
        yield fact(code, name, year, number_text(row, column), "£k", basis="actual", group=group)
    for value in optional(row, "interest_k"):
        yield fact(code, "loans_interest", year, value, "£k", basis="actual", group=group)


def loan_sums(rows: Sequence[PublishedRow]) -> Iterator[Finding]:
    """Each loan rolls forward, and each year's interim balance opens the next, or it is told.

    Thousands are rounded one by one in the publication, so that one thousand either way is told in
    one line and stops nothing; more than that is a total that disagrees with its parts.
    """
    rounded = []
    closing: dict[str, Fraction] = {}
    opening: dict[str, Fraction] = {}
    for place, row in enumerate(rows, start=2):
        try:
            first, drawn, repaid, last = (Fraction(row[column]) for column in LOAN_FACTS)
        except ValueError:
            continue  # told where the row is read
        off = first + drawn - repaid - last
        if abs(off) == 1:
            rounded.append(place)
        elif off:
            yield disagrees(row, place, "opening + drawn - repaid", "closing_k", off)
        if row["loan_category"] == "interim_revenue_support":
            year = row["financial_year"]
            closing[year] = closing.get(year, Fraction(0)) + last
            opening[year] = opening.get(year, Fraction(0)) + first
    if rounded:
        yield Finding(
            code="IMPORT_ROUNDING",
            severity="information",
            organisation="",
            where="row " + ", ".join(map(str, rounded[:8])) + (" …" if rounded[8:] else ""),
            message=f"{'1 loan rolls' if len(rounded) == 1 else f'{len(rounded)} loans roll'} forward to one "
            "thousand pounds of the published closing, as rounded thousands do; each stands as "
            "published.",
            expected="opening + drawn - repaid = closing",
            found=f"{len(rounded)} off by one thousand",
            action="Nothing.",
        )
    years = sorted(closing)
    for before, after in pairwise(years):
        if closing[before] != opening[after]:
            yield Finding(
                code="IMPORT_TOTAL",
                severity="error",
                organisation="",
                where=f"financial_year {after}",
                message=f"Interim loans closed {before} at {float(closing[before]):,.0f} thousand and opened "
                f"{after} at {float(opening[after]):,.0f}.",
                expected=f"{float(closing[before]):,.0f}",
                found=f"{float(opening[after]):,.0f}",
                action="Check that the table is whole, or have a person accept the difference.",
            )


def general_fund(row: PublishedRow, _: int) -> Rows:
    """Taxpayers' equity at the year's end: mostly creditors, and never shown as a surplus."""
    code = code_text(row, "ccg_code")
    end = row["financial_year_end"]
    if not end[:4].isdigit():
        raise Unreadable("financial_year_end", "a year such as 2014", end)
    last = int(end[:4])
    yield body(code, f"NHS {row['source_name'].title()} CCG", "commissioner")
    yield fact(
        code,
        "general_fund_closing",
        f"{last - 1}-{last % 100:02d}",
        number_text(row, "closing_general_fund_k"),
        "£k",
        basis="actual",
        note="balance sheet, mostly year-end creditors; not the result of the year",
    )


def boards(row: PublishedRow, _: int) -> Rows:
    """People of a system, plain and weighted for need, and its need index."""
    code, year = code_text(row, "icb_code"), year_text(row)
    yield body(code, row["icb_name"], "system")
    yield fact(code, "population", year, number_text(row, "population"), "people")
    yield fact(code, "weighted_population", year, number_text(row, "wp_core_final"), "people")
    yield fact(code, "need", year, number_text(row, "need_index_core"), "index")
    yield fact(
        code,
        "need_share",
        year,
        number_text(row, "target_share_core_pct") + "%",
        "",
        note="share of need in England, not of the published target in pounds",
    )
    yield fact(
        code, "inequality_weight", year, number_text(row, "wp_health_inequalities"), "people"
    )


def places(row: PublishedRow, _: int) -> Rows:
    """The same of the part of a system in one council district; its group is the district."""
    code, year = code_text(row, "icb_code"), year_text(row)
    group = {"group": code_text(row, "lad_code"), "note": row["lad_name"]}
    yield body(code, code, "system")
    yield fact(code, "population", year, number_text(row, "population"), "people", **group)
    yield fact(
        code, "weighted_population", year, number_text(row, "wp_core_final"), "people", **group
    )
    yield fact(
        code,
        "inequality_weight",
        year,
        number_text(row, "wp_health_inequalities"),
        "people",
        **group,
    )


def disagrees(row: PublishedRow, place: int, parts: str, total: str, off: Fraction) -> Finding:
    """A published total that is not the sum of its parts: it stops the import until accepted."""
    return Finding(
        code="IMPORT_TOTAL",
        severity="error",
        organisation=row.get("ods_code", "") or row.get("ccg_code", ""),
        where=f"row {place}",
        message=f"{parts} differs from {total} by {float(off):,.0f} thousand.",
        expected=f"{total} {row[total]}",
        found=f"{parts} differs by {float(off):,.0f}",
        action="Check the table, or have a person accept the difference.",
    )


def form(name: str, title: str, publisher: str, columns: str, says: object, **more: object) -> Form:
    """A form from its headings in one text."""
    return Form(name, title, publisher, frozenset(columns.split()), says, **more)  # type: ignore[arg-type]


MONEY = (
    form(
        "allocations",
        *TITLES[published.ALLOCATIONS],
        "financial_year ccg_code allocation_k",
        allocations,
    ),
    form(
        "distances",
        *TITLES[published.DISTANCES],
        "financial_year ccg_code opening_dft_pct closing_dft_pct allocation_k "
        "growth_pct derived_target_k registered_population",
        distances,
        true_on=TRUE_ON[DISTANCES],
    ),
    form(
        "distances-2013",
        *TITLES[published.DISTANCES_2013],
        "financial_year ccg_code raw_population weighted_population allocation_k "
        "indicative_target_k dft_k dft_pct",
        distances_2013,
        sums=distance_sums,
    ),
    form(
        "trust-positions",
        *TITLES[published.TRUST_PLANS],
        "financial_year ods_code trust_name plan_k actual_k",
        trust_positions,
    ),
    form(
        "loans",
        *TITLES[published.LOANS],
        "financial_year ods_code trust_name loan_category opening_k drawn_k repaid_k closing_k",
        loans,
        sums=loan_sums,
    ),
    form(
        "general-fund",
        "Closing general fund of commissioners",
        "Annual accounts of each body",
        "financial_year_end ccg_code source_name closing_general_fund_k",
        general_fund,
    ),
    form(
        "board-populations",
        *TITLES[published.BOARDS],
        "financial_year icb_code icb_name population wp_core_final wp_health_inequalities "
        "need_index_core target_share_core_pct",
        boards,
    ),
    form(
        "place-populations",
        *TITLES[published.PLACES],
        "financial_year icb_code lad_code lad_name population wp_core_final wp_health_inequalities",
        places,
    ),
)

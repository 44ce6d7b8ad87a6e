"""Published inputs: joined by code and day, on the areas of the day, and added up only when whole."""

from __future__ import annotations

import pytest

from controltotal.core.datafiles import packaged_rows
from controltotal.core.places import VINTAGES, deprivation
from controltotal.core.published import ALLOCATIONS, published_rows
from controltotal.core.published_inputs import Input, inputs_of, of_register, same_area


def of(code: str, kind: str, year: str, name: str, scenario: str = "") -> Input | None:
    """One input of a body, or None."""
    found = inputs_of(code, kind, year)
    return next((i for i in found if (i.name, i.scenario) == (name, scenario)), None)


def test_the_packaged_sums_are_those_of_the_small_areas() -> None:
    """Places and systems at each date, from the parquet of areas."""
    rows = packaged_rows("geography/deprivation.csv")
    compared = 0
    for vintage in VINTAGES:
        for kind in ("place", "system"):
            known = deprivation(kind, vintage)
            packed = {r["code"]: r for r in rows if (r["vintage"], r["kind"]) == (vintage, kind)}
            assert packed.keys() == known.keys()
            for code, one in known.items():
                compared += 1
                assert int(packed[code]["people"]) == one.people
                assert float(packed[code]["deprivation"]) == one.share_most_deprived_fifth
                assert float(packed[code]["score"]) == one.score
    assert compared == 621


def test_regions_are_the_sums_of_their_systems() -> None:
    rows = packaged_rows("geography/deprivation.csv")
    for vintage in VINTAGES:
        here = [r for r in rows if r["vintage"] == vintage]
        people = {
            kind: sum(int(r["people"]) for r in here if r["kind"] == kind)
            for kind in ("place", "system", "region")
        }
        assert people["place"] == people["system"] == people["region"]


@pytest.mark.parametrize(
    ("code", "kind", "year", "share"),
    [
        ("15E", "commissioner", "2019-20", "48.5%"),  # without west Birmingham
        ("QHL", "system", "2019-20", "48.5%"),
        ("QHL", "system", "2022-23", "51.4%"),  # with it
        ("QUE", "system", "2019-20", "12.5%"),  # with those who went to Northamptonshire
        ("QUE", "system", "2022-23", "12.7%"),
    ],
)
def test_deprivation_is_that_of_the_area_of_the_day(
    code: str, kind: str, year: str, share: str
) -> None:
    found = of(code, kind, year, "deprivation")
    assert found is not None and f"{found.value:.1%}" == share


def test_a_body_of_another_area_before_has_no_people_of_the_later_one() -> None:
    assert of("01K", "commissioner", "2016-17", "deprivation") is None
    assert of("01K", "commissioner", "2017-18", "deprivation") is not None
    assert inputs_of("QRL", "system", "2026-27") == (), "enlarged in April 2026"


def test_need_stands_for_other_years_of_the_same_area_only() -> None:
    moved = [
        code
        for code in ("QF7", "QHL", "QJ2", "QOP", "QPM", "QT1", "QUA", "QUE")
        if not same_area(code, "2019-20", "2022-23")
    ]
    assert len(moved) == 8
    assert same_area("QMM", "2019-20", "2022-23") and same_area("QHL", "2026-27", "2025-26")
    assert not same_area("QRL", "2026-27", "2025-26"), "enlarged in between"


@pytest.mark.parametrize(
    "year", ["2013-14", "2014-15", "2015-16", "2016-17", "2017-18", "2018-19", "2019-20"]
)
def test_the_whole_of_england_is_the_sum_of_the_table(year: str) -> None:
    label = f"{year[:4]}/{year[5:]}"
    rows = published_rows(ALLOCATIONS)
    whole = sum(int(r["allocation_k"]) for r in rows if r["financial_year"] == label)
    found = of("ENGLAND", "nation", year, "allocation")
    assert found is not None and found.value == whole * 100_000


def test_systems_of_a_region_make_the_region() -> None:
    systems = ("QH8", "QHG", "QJG", "QM7", "QMM", "QUE")
    for name, scenario in (("allocation", ""), ("target_allocation", "indicative-2016")):
        parts = [of(code, "system", "2019-20", name, scenario) for code in systems]
        whole = of("Y61", "region", "2019-20", name, scenario)
        assert whole is not None and None not in parts
        assert whole.value == sum(one.value for one in parts if one)
        rows = [row for one in parts if one for row in one.rows]
        assert sorted(rows) == sorted(whole.rows) and len(set(rows)) == len(rows)
    every = [code for system in systems for code in of_register(system, "2019-20")]
    assert sorted(every) == sorted(of_register("Y61", "2019-20"))

"""Page one's bridge, where we are by organisation, and the lines: equal to the answers, nothing made up."""

from __future__ import annotations

from typing import Any

from controltotal.core.figure import Figure
from controltotal.papers.board_bridge import bridge_part
from controltotal.papers.board_lines import lines
from controltotal.papers.board_notes import notes
from controltotal.papers.board_where import where
from controltotal.papers.paper import paper
from controltotal.papers.sections import Section
from tests.board_results import FOCUS, REGISTER, example, focus, made, numbers, words
from tests.chart_rows import bridge

M = 100_000_000
YEAR = "2026-27"
NUMBERS = ("plan", "actual", "plan_year", "forecast")


def row(body: str, *pounds: int | None, line: str = "", **more: object) -> dict[str, Any]:
    """A row of `to_date`: plan, actual, plan of the year and forecast in £m."""
    told = dict(zip(NUMBERS, (None if p is None else p * M for p in pounds), strict=True))
    less = {
        name: None if None in (told[of], told[to]) else told[of] - told[to]  # type: ignore[operator]
        for name, of, to in (
            ("variance", "actual", "plan"),
            ("variance_year", "forecast", "plan_year"),
        )
    }
    return {
        "organisation": body,
        "year": YEAR,
        "line": line,
        "scheme": "",
        "month": 9,
        "month_plan": None,
        "month_actual": None,
        "forecast_last_month": None,
        "stand_in": "",
        **told,
        **less,
        **more,
    }


def reported(body: str, last: int) -> dict[str, Any]:
    return {
        "organisation": body,
        "year": YEAR,
        "month": 9,
        "reported": last == 9,
        "last_month": last or None,
        "why": "",
    }


ROWS = [
    row("S", -10, -13, -12, -14),
    row("A", -4, -3, -5, -4),
    row("B", -6, -10, -7, -10),
    row("Z", -1, -99, -1, -99),
]


def page(
    *rows: dict[str, Any], figures: dict[str, int] | None = None, **tables: list[dict[str, Any]]
) -> list[Section]:
    told = made("position", {"to_date": list(rows), **tables}, figures)
    return where({"register": REGISTER, "position": told}, FOCUS)


def test_organisations_below_stand_with_the_worst_first() -> None:
    (first, *_) = page(*ROWS)
    assert first.words == (
        "To December 1 of 2 organisations is worse than its plan: Beech by £4.0m.",
    )
    (table,) = first.tables
    assert [r["name"] for r in table.rows] == ["Beech", "Alder", "Together"]
    assert [r["variance"].value for r in table.rows] == [-4 * M, 1 * M, -3 * M]
    assert [r["variance_year"].value for r in table.rows] == [-3 * M, 1 * M, -2 * M]
    assert "Zelkova" not in words(page(*ROWS))


def test_a_number_that_is_a_figure_is_that_figure() -> None:
    name = f"variance_to_date/B/{YEAR}/actual"
    (first, *_) = page(*ROWS, figures={name: -4 * M})
    shown = first.tables[0].rows[0]["variance"]
    assert isinstance(shown, Figure) and shown.id == name
    (first, *_) = page(*ROWS, figures={name: -5 * M})  # another reading of it
    assert not isinstance(first.tables[0].rows[0]["variance"], Figure)


def test_who_is_late_or_stands_in_is_told_apart() -> None:
    rows = [
        row("S", None, None, -12, None),
        row("A", -4, -3, -5, -4, stand_in="as planned after month 8"),
        row("B", -6, -10, -7, -10, month=8),
    ]
    total = {"measured": 0, "control_total": 2 * M, "gap": 2 * M}
    figures = {
        f"{measure}/{body}/{YEAR}/forecast": pence
        for body in "AB"
        for measure, pence in total.items()
    }
    late = [reported("A", 9), reported("B", 8)]
    first, against = page(*rows, figures=figures, reported=late)
    assert [r["name"] for r in first.tables[0].rows] == [
        "Beech (reported to November)",
        "Alder (as planned after month 8)",
        "Together",
    ]
    assert first.tables[0].rows[2]["variance"].value is None, "absent is not nil"
    made_up = {**rows[0], "stand_in": "without B"}
    assert page(made_up, *rows[1:])[0].tables[0].rows[-1]["name"] == "Together (without Beech)"
    assert first.words == ("To December Alder, the one told of 2, is £1.0m better than plan.",)
    assert not against.charts and not against.tables, "neither stands beside a control total"
    assert against.words == ("Alder is left out: its month 9 stands in.",)
    _, against = page(rows[0], {**rows[1], "stand_in": ""}, rows[2], figures=figures, reported=late)
    (view,) = against.charts
    assert view.title == "Alder, the one told of 2, is £2.0m short of its control total"
    assert "Not reported, and not drawn: Beech." in view.alternative and view.narrow is not None


def test_who_tells_no_plan_to_date_is_named_and_their_cells_are_empty() -> None:
    rows = [ROWS[0], ROWS[1], row("B", None, -10, -7, -10)]
    unknown = {f"adjusted_surplus/B/{YEAR}/actual": -10 * M}
    (first, *_) = page(*rows, figures=unknown)
    assert first.words == ("To December Alder is £1.0m better than plan.",)
    assert first.points == ("Not told against a plan to date: Beech.",)
    beech = first.tables[0].rows[1]
    assert beech["variance"].value is None and not isinstance(beech["variance"], Figure)
    assert isinstance(beech["actual"], Figure)
    (first, *_) = page(ROWS[0], row("B", None, -10, -7, -10))
    assert first.words == ("No plan to date is told by organisation.",)


def test_forecasts_stand_beside_control_totals_as_those_measure_them() -> None:
    figures = {
        f"measured/A/{YEAR}/forecast": 1 * M,
        f"control_total/A/{YEAR}/forecast": 0,
        f"gap/A/{YEAR}/forecast": -1 * M,
        f"measured/B/{YEAR}/forecast": -3 * M,
        f"control_total/B/{YEAR}/forecast": 2 * M,
        f"gap/B/{YEAR}/forecast": 5 * M,
    }
    _, against = page(*ROWS, figures=figures)
    (view,) = against.charts
    assert view.title == "1 of 2 organisations is short of its control total: Beech by £5.0m"
    assert [r["gap"].value for r in against.tables[0].rows] == [5 * M, -1 * M]
    assert against.tables[0].folded


def trade(payee: str, difference: int) -> dict[str, Any]:
    return {
        "parent": "S",
        "year": YEAR,
        "payer": "A",
        "payee": payee,
        "basis": "plan",
        "scenario": "",
        "difference_pence": difference * M,
    }


def test_agreement_is_one_line() -> None:
    *_, agreement = page(*ROWS, eliminations=[trade("B", 0)])
    assert agreement.words == ("The one pair of organisations that buys of each other agrees.",)
    *_, agreement = page(*ROWS, eliminations=[trade("B", -2), trade("Z", 0)])
    assert agreement.words == (
        "Of 2 pairs of organisations that buy of each other, Alder and Beech differ by £2.0m in the "
        "plan.",
    )


def test_more_than_twelve_are_cut_and_counted() -> None:
    bodies = [
        {"organisation": f"B{n:02}", "name": f"B{n:02}", "kind": "provider", "parent": "S"}
        for n in range(15)
    ]
    register = made("register", {"organisations": bodies})
    rows = [row(f"B{n:02}", -1, -1 - n, -1, -1) for n in range(15)]
    results = {"register": register, "position": made("position", {"to_date": rows})}
    (first,) = where(results, FOCUS)
    printed, rest = first.tables
    assert len(printed.rows) == 12 and "And 3 more" in printed.note
    assert rest.folded and len(rest.rows) == 3


def test_nothing_below_no_page() -> None:
    assert page(ROWS[0]) == [] and page(row("A", 0, 0, 0, 0)) == []


# -- the bridge ------------------------------------------------------------------------------------------


def test_the_bridge_is_of_the_papers_body_and_its_numbers_stand_behind_it() -> None:
    rows = [{**r, "organisation": "S"} for r in bridge(-10, {"pay": -6, "drugs": 2}, -14)]
    results = {"register": REGISTER, "position": made("position", {"bridge": rows})}
    part = bridge_part(results, FOCUS)
    (view,) = part.charts
    assert view.narrow is not None and "pay (£6.0m worse)" in view.title
    told = [(r["name"], r["pence"].value // M) for r in part.tables[0].rows]
    assert told == [
        ("Plan", -10),
        ("Pay", -6),
        ("Drugs", 2),
        ("Forecast", -14),
        ("Support, apart", -2),
    ]
    still = [{**r, "organisation": "S"} for r in bridge(-10, {}, -10)]
    results["position"] = made("position", {"bridge": still})
    assert bridge_part(results, FOCUS).empty


# -- the lines -------------------------------------------------------------------------------------------


def of_lines(**tables: list[dict[str, Any]]) -> list[Section]:
    return lines({"register": REGISTER, "position": made("position", tables)}, FOCUS)


LINES = [
    row("S", -10, -13, -12, -14),
    row("S", 50, 50, 60, 60, line="patient_care_income"),
    row("S", -40, -44, -48, -52, line="pay"),
    row("S", -5, -9, -6, -10, line="agency_pay"),
    row("S", -20, -19, -24, -22, line="community_beds"),
    row("B", -99, -1, -9, -9, line="drugs"),
]


def test_lines_stand_in_their_order_and_parts_are_folded() -> None:
    first, people = of_lines(to_date=LINES)
    assert first.words == (
        "Against plan to December, pay is £4.0m worse and community beds is £1.0m better.",
    )
    printed, parts = first.tables
    assert [r["name"] for r in printed.rows] == [
        "Patient care income",
        "Pay",
        "Community beds",
        "Position, without support",
    ]
    assert parts.folded and [r["name"] for r in parts.rows] == ["Agency pay"]
    assert [(r["name"], r["variance"].value) for r in people.tables[0].rows] == [("Agency", -4 * M)]
    assert "People" not in {title for title, _ in people.tables[0].groups}, "no people are told"


def test_people_and_agency_pay() -> None:
    people = {"organisation": "S", "year": YEAR, "line": "agency_pay"}
    workforce = [
        {**people, "month": 8, "wte_plan": 9.0, "wte_actual": 11.5},
        {**people, "month": 9, "wte_plan": 9.0, "wte_actual": 12.0},
        {**people, "month": 10, "wte_plan": 8.0, "wte_actual": None},
    ]
    chart = [
        {
            **people,
            "month": month,
            "pence": month * M,
            "mean_pence": None,
            "lower_pence": None,
            "upper_pence": None,
            "rules": "",
            "provisional": True,
        }
        for month in (1, 2)
    ]
    _, part, agency = of_lines(to_date=LINES, workforce=workforce, control_chart=chart)
    (table,) = part.tables
    assert "December" in table.title
    assert (table.rows[0]["wte_plan"].value, table.rows[0]["wte_actual"].value) == (9.0, 12.0)
    assert agency.charts[0].title.startswith("Agency pay: 2 months are too few")
    assert of_lines() == []


# -- the fictional system ------------------------------------------------------------------------------------


def test_the_pages_of_the_fictional_system_equal_its_answers() -> None:
    results = example()
    told = focus(results)
    parts = [*where(results, told), bridge_part(results, told), *lines(results, told)]
    every, linked = numbers(parts)
    assert every == linked > 300
    said = words(parts)
    assert "Saltmere" not in said and "_" not in said and "None" not in said
    assert "(fictional)" not in said
    by_name = {r["name"]: r for r in parts[0].tables[0].rows}
    for found in results["position"].tables["to_date"]:
        name = told.name(found["organisation"])
        if (
            name in by_name
            and found["year"] == told.year
            and not found["line"]
            and not found["scheme"]
        ):
            assert by_name[name]["variance"].value == found["variance"]
    (drawn,) = [one for one in parts if one.id == "drivers"]
    assert drawn.charts and paper("x", "y", parts).pictures
    assert notes(results, parts), "every number has its note"

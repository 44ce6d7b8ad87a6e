"""The month, worked by hand in £m: two trusts of a system, nine months recorded.

A plans (1.0) a month and lost (1.2) a month to November and (1.8) in December: (11.4) to date
against (9.0), 2.4 worse. B plans and made nil. A forecasts (15.0), 3.0 worse than its plan of
(12.0): so January to March may be 0.6 worse than plan, 0.2 a month, where each month so far was
2.4 / 9 worse.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from tests.running import controltotal
from tests.strategies import position_of

MILLION = 100_000_000
YEAR = "2026-27"
Cells = dict[str, str]


def row(code: str, basis: str, amount: float, month: object = "", **more: str) -> Cells:
    """One row of amounts, in £m."""
    cells = {"organisation": code, "line": "position", "year": YEAR, "month": str(month)}
    return {**cells, "basis": basis, "amount": str(amount), "unit": "£m", **more}


def book(*amounts: Cells, **tables: list[Cells]) -> dict[str, list[Cells]]:
    """A system of A and B; nine months of both unless other amounts are given."""
    rows = list(amounts) or [*a(), *b()]
    return {
        "organisations": [
            {"code": "S", "name": "System", "kind": "system"},
            {"code": "A", "name": "Alpha", "kind": "provider", "parent": "S"},
            {"code": "B", "name": "Beta", "kind": "provider", "parent": "S"},
        ],
        "amounts": rows,
        "control_totals": [
            {
                "organisation": code,
                "year": YEAR,
                "amount": total,
                "unit": "£m",
                "status": "accepted",
                "includes_support": "no",
            }
            for code, total in (("A", "-10"), ("B", "0"))
        ],
        **tables,
    }


def a(to: int = 9) -> list[Cells]:
    """The rows of A."""
    rows = [row("A", "plan", -1.0, n) for n in range(1, 13)]
    rows += [row("A", "actual", -1.8 if n == 9 else -1.2, n) for n in range(1, to + 1)]
    return [*rows, row("A", "forecast", -15.0)]


def b(to: int = 9) -> list[Cells]:
    """The rows of B."""
    rows = [row("B", "plan", 0, n) for n in range(1, 13)]
    rows += [row("B", "actual", 0, n) for n in range(1, to + 1)]
    return [*rows, row("B", "forecast", 0)]


def asked(said: Any, **options: Any) -> Result:
    """What `position` answers."""
    return verbs.position(position_of(said), **options)


def pounds(result: Result, name: str) -> float | None:
    """A figure in £m."""
    value = result.value(name)
    return None if value is None else value / MILLION


def to_date(result: Result, code: str, line: str = "") -> dict[str, Any]:
    """One row of the table, in £m."""
    (found,) = [
        r
        for r in result.tables["to_date"]
        if (r["organisation"], r["line"], r["scheme"]) == (code, line, "")
    ]
    return {k: v / MILLION if isinstance(v, int) and k != "month" else v for k, v in found.items()}


@pytest.mark.parametrize("code", ["A", "S"])
def test_the_month_the_year_to_date_and_the_year(code: str) -> None:
    found = to_date(asked(book()), code)
    assert found == {
        "organisation": code,
        "year": YEAR,
        "line": "",
        "scheme": "",
        "month": 9,
        "month_plan": -1.0,
        "month_actual": -1.8,
        "plan": -9.0,
        "actual": -11.4,
        "variance": -2.4,
        "plan_year": -12.0,
        "forecast": -15.0,
        "variance_year": -3.0,
        "forecast_last_month": None,
        "stand_in": "",
    }


@pytest.mark.parametrize("code", ["A", "S"])
def test_what_must_be_true(code: str) -> None:
    """If the nine repeat: (12.0) - 2.4 x 12 / 9 = (15.2); the last three were 1.2 worse: (15.6)."""
    result = asked(book())
    end = f"{code}/{YEAR}/actual"
    assert pounds(result, f"plan_to_date/{end}") == -9.0
    assert pounds(result, f"variance_to_date/{end}") == -2.4
    assert pounds(result, f"needed_a_month/{end}") == -0.2
    assert result.value(f"made_a_month/{end}") == -26_666_667
    assert pounds(result, f"if_repeated/{end}") == -15.2
    assert pounds(result, f"if_repeated/{end}/last_three") == -15.6
    assert pounds(result, f"run_rate/{end}") == 4 * (-1.2 - 1.2 - 1.8)
    assert all(
        result.figure(f"{m}/{end}").to == "M9" for m in ("plan_to_date", "run_rate", "surplus")
    )  # type: ignore[union-attr]


def test_a_run_rate_leaves_out_one_offs_and_says_so() -> None:
    """Income 5 and cost 6 a month, and a gain of 3.0 in December that does not repeat."""
    rows = [row("A", "actual", 5, n, line="patient_care_income") for n in range(1, 10)]
    rows += [row("A", "actual", 6, n, line="pay") for n in range(1, 10)]
    rows.append(row("A", "actual", 3, 9, line="patient_care_income", recurrence="non_recurrent"))
    result = asked(book(*rows), organisation="A")
    name = f"run_rate/A/{YEAR}/actual"
    assert pounds(result, name) == -12.0
    rule = "average of months 7 to 9, one-off gains of £3.0m (net) removed, times 12"
    assert result.trace[name].rule == rule


def test_the_first_words_say_where_the_year_stands() -> None:
    words = [
        one.text for one in asked(book()).sentences if one.topic in ("month", "must", "reported")
    ]
    assert words[0] == (
        "System, 2026/27, to month 9 (December): a deficit of £11.4 million without support, £2.4 "
        "million worse than its plan to date (a deficit of £9.0 million); December alone was £800 "
        "thousand worse than plan. Most of it: Alpha (£2.4 million worse)."
    )
    assert words[1] == (
        "The forecast for the year is a deficit of £15.0 million without support: £3.0 million worse "
        "than plan and £5.0 million short of the control total."
    )
    assert words[2] == (
        "The forecast needs each of the last three months to be £67 thousand better against plan "
        "than the first nine. If they repeat the first nine, the year ends at a deficit of £15.2 "
        "million; if they repeat the last three, at a deficit of £15.6 million."
    )
    assert words[3] == "2 of 2 organisations have reported month 9 (December)."


def test_who_has_not_reported_is_named_and_blanks_what_is_above() -> None:
    result = asked(book(*a(), *b(8)))
    assert to_date(result, "S")["actual"] is None
    assert to_date(result, "A")["actual"] == -11.4
    assert to_date(result, "B")["month"] == 8
    assert (
        "1 of 2 organisations have reported month 9 (December); Beta (told to month 8) has not: totals "
        "above Beta are not told; the last that all have reported is month 8 (November)."
        in result.words
    )
    assert [(r["organisation"], r["reported"]) for r in result.tables["reported"]] == [
        ("A", True),
        ("B", False),
    ]


def test_a_gap_in_the_months_is_said_and_not_summed_around() -> None:
    rows = [one for one in b() if (one["basis"], one["month"]) != ("actual", "4")]
    result = asked(book(*a(), *rows))
    assert to_date(result, "B")["actual"] is None
    (late,) = [r for r in result.tables["reported"] if not r["reported"]]
    assert late["organisation"] == "B"
    assert late["why"] == "position covers 8 of 9 months: month 4 (July) is missing"


def test_an_actual_before_the_last_month_is_set_beside_no_control_total() -> None:
    result = asked(book())
    for measure in ("control_total", "gap", "variance", "to_find"):
        assert result.figure(f"{measure}/A/{YEAR}/actual") is None
        assert result.figure(f"{measure}/A/{YEAR}/forecast") is not None
    full = asked(book(*a(12), *b(12)))
    assert pounds(full, f"variance/A/{YEAR}/actual") == -5.0


def test_a_plan_that_is_not_phased_is_never_a_twelfth() -> None:
    rows = [one for one in a() if one["basis"] != "plan"]
    result = asked(book(*rows, row("A", "plan", -12), *b()))
    found = to_date(result, "A")
    assert (found["plan"], found["variance"], found["plan_year"]) == (None, None, -12.0)
    figure = result.figure(f"plan_to_date/A/{YEAR}/actual")
    assert figure is not None and (figure.value, figure.unknown) == (None, "months_missing")
    assert "the plan of Alpha is not told by month" in result.words[0]


def test_a_year_to_date_in_one_sum_serves_to_date_and_not_the_month() -> None:
    rows = [one for one in a() if one["basis"] != "actual"]
    result = asked(book(*rows, row("A", "actual", -11.4, "YTD9"), *b()))
    found = to_date(result, "A")
    assert (found["month"], found["variance"], found["month_actual"]) == (9, -2.4, None)
    assert pounds(result, f"if_repeated/A/{YEAR}/actual") == -15.2
    assert result.value(f"run_rate/A/{YEAR}/actual") is None
    assert result.value(f"if_repeated/A/{YEAR}/actual/last_three") is None


def test_last_months_forecast_is_what_was_known_by_the_end_of_the_month_reported() -> None:
    rows = [one for one in a() if one["basis"] != "forecast"]
    rows += [
        row("A", "forecast", -13, known_on="2026-12-18"),
        row("A", "forecast", -14, known_on="2026-12-31"),
        row("A", "forecast", -15, known_on="2027-01-19"),
    ]
    result = asked(book(*rows, *b()))
    assert to_date(result, "A")["forecast"] == -15.0
    assert to_date(result, "A")["forecast_last_month"] == -14.0
    assert to_date(result, "B")["forecast_last_month"] is None  # nothing tells
    assert to_date(result, "S")["forecast_last_month"] is None  # and B is in S


def test_groups_hold_their_parts_and_lines_carry_their_sign() -> None:
    rows: list[Cells] = []
    for basis, agency in (("plan", 1.0), ("actual", 1.5)):
        for n in range(1, 4):
            rows += [
                row("A", basis, 10, n, line="patient_care_income"),
                row("A", basis, 6, n, line="substantive_pay"),
                row("A", basis, agency, n, line="agency_pay"),
                row("A", basis, 3, n, line="drugs"),
            ]
    result = asked(book(*rows), organisation="A")
    pay = to_date(result, "A", "pay")
    assert (pay["plan"], pay["actual"], pay["variance"]) == (-21.0, -22.5, -1.5)
    assert to_date(result, "A", "agency_pay")["variance"] == -1.5
    assert to_date(result, "A", "drugs")["variance"] == 0
    assert [r["line"] for r in result.tables["to_date"]] == [
        "",
        "patient_care_income",
        "pay",
        "substantive_pay",
        "agency_pay",
        "drugs",
    ]
    assert "Most of it: pay (£1.5 million worse)." in result.words[0]


def test_explain_walks_from_the_month_to_its_rows() -> None:
    told = verbs.explain(position_of(book()), f"variance_to_date/S/{YEAR}/actual")
    text = "\n".join(str(row["where"]) for row in told.tables["tree"])
    assert "amounts row 2" in text and "amounts row 14" in text  # April, planned and actual


def test_a_month_that_is_none_is_refused() -> None:
    for text in ("M13", "Q2", "tomorrow"):
        with pytest.raises(BookError):
            verbs.position("examples/nene-2013", month=text)


def test_as_a_month_was_reported_later_actuals_and_forecasts_are_left_out(tmp_path: Path) -> None:
    """Month 8 was reported in January at the latest: the forecast of 31 January 2027 is not in it."""
    rows = [one for one in a() if one["basis"] != "forecast"]
    rows += [
        row("A", "forecast", -13, known_on="2026-11-20"),
        row("A", "forecast", -14, known_on="2026-12-20"),
        row("A", "forecast", -15, known_on="2027-01-19"),
    ]
    place = written(tmp_path, book(*rows, *b()))
    found = to_date(verbs.position(place, month="M8"), "A")
    assert (found["month"], found["actual"], found["forecast"]) == (8, -9.6, -14.0)
    assert found["forecast_last_month"] == -13.0
    told = verbs.position(place, month="November", as_at="2026-12-01")
    assert to_date(told, "A")["forecast"] == -13.0  # and both hold
    assert told.options["month"] == "M8"
    assert to_date(verbs.position(place), "A")["month"] == 9


def test_a_sum_that_reaches_past_the_month_is_left_out(tmp_path: Path) -> None:
    rows = [one for one in a() if one["basis"] != "actual"]
    rows += [row("A", "actual", -7, "YTD6"), row("A", "actual", -11.4, "YTD9")]
    place = written(tmp_path, book(*rows, *b()))
    assert to_date(verbs.position(place, month="M6"), "A")["actual"] == -7.0
    late = verbs.position(place, month="M8")
    assert [(r["organisation"], r["last_month"]) for r in late.tables["reported"]] == [
        ("A", 6),
        ("B", 8),
    ]


WHO = "A. Hart, finance director"


def late_book(lines: bool = False) -> dict[str, list[Cells]]:
    """B has not sent December; it lost 0.5 a month to November and plans to lose 0.25 in each."""
    rows = [row("B", "plan", -0.25, n) for n in range(1, 13)]
    rows += [row("B", "actual", -0.5, n) for n in range(1, 9)]
    if lines:
        rows = []
        for basis, cost, to in (("plan", 1.25, 13), ("actual", 1.5, 9)):
            for n in range(1, to):
                rows.append(row("B", basis, 1, n, line="patient_care_income"))
                rows.append(row("B", basis, cost, n, line="pay"))
    return book(*a(), *rows, row("B", "forecast", -5))


def test_wait_is_what_happens_where_nobody_chooses() -> None:
    waiting, silent = asked(late_book(), late="wait"), asked(late_book())
    assert waiting.figures == silent.figures and waiting.words == silent.words
    assert to_date(silent, "S")["actual"] is None


def test_exclude_leaves_the_late_body_out_of_plan_actual_and_variance() -> None:
    result = asked(late_book(), late=f"exclude: {WHO}")
    found = to_date(result, "S")
    assert (found["plan"], found["actual"], found["variance"]) == (-9.0, -11.4, -2.4)
    assert (found["plan_year"], found["forecast"]) == (-12.0, -15.0)
    assert found["stand_in"] == "without B"
    assert to_date(result, "B")["month"] == 8 and to_date(result, "B")["stand_in"] == ""
    assert result.words[0].startswith("System, 2026/27, to month 9 (December) (without Beta): ")
    assert (
        "1 of 2 organisations have reported month 9 (December); Beta (told to month 8) has not: totals "
        f"above are told without Beta ({WHO})." in result.words
    )


@pytest.mark.parametrize("lines", [False, True])
def test_last_takes_the_plan_for_the_month_that_is_missing(lines: bool) -> None:
    """A (11.4) and B 8 x (0.5) and (0.25): (15.65) against (9.0) and 9 x (0.25): 4.4 worse."""
    result = asked(late_book(lines), late=f"last: {WHO}")
    found = to_date(result, "S")
    assert (found["month"], found["plan"], found["actual"]) == (9, -11.25, -15.65)
    assert found["variance"] == -4.4
    assert found["forecast"] == -20.0
    assert found["stand_in"] == "B as planned after month 8"
    assert to_date(result, "B")["actual"] == -4.25
    if lines:
        assert to_date(result, "B", "pay")["actual"] == -8 * 1.5 - 1.25


@pytest.mark.parametrize("how", ["exclude", "last"])
def test_what_stands_in_is_told_apart_and_reaches_no_control_total(how: str) -> None:
    result, plain = asked(late_book(), late=f"{how}: {WHO}"), asked(late_book())
    figure = result.figure(f"variance_to_date/S/{YEAR}/actual")
    assert figure is not None and figure.qualifier == "stand_in" and figure.to == "M9"
    assert WHO in result.trace[figure.id].rule
    assert all(
        result.figure(f"{m}/A/{YEAR}/actual").qualifier == ""  # type: ignore[union-attr]
        for m in ("variance_to_date", "plan_to_date", "surplus")
    )
    made = {f.id for f in result.figures if "stand_in" in f.qualifier}
    assert {f.measure for f in result.figures if f.id in made} <= {
        "plan_to_date",
        "variance_to_date",
        "run_rate",
        "made_a_month",
        "needed_a_month",
        "if_repeated",
    }
    assert [f for f in result.figures if f.id not in made] == [
        f for f in plain.figures if f.id not in made
    ]
    assert result.tables["rules"] == plain.tables["rules"]
    assert result.findings == plain.findings
    assert not any("control total" in text for text in result.said("S", "month"))


@pytest.mark.parametrize("text", ["exclude", "last:", "exclude: TBC", "drop: A. Hart", ""])
def test_a_choice_that_nobody_made_is_refused(text: str) -> None:
    with pytest.raises(BookError):
        asked(late_book(), late=text)


def test_a_body_that_never_reported_cannot_stand_in_by_its_last_month() -> None:
    rows = [one for one in b() if one["basis"] != "actual"]
    result = asked(book(*a(), *rows), late=f"last: {WHO}")
    assert to_date(result, "S")["actual"] is None
    told = "Beta (nothing of the year) has not: totals above Beta are not told."
    assert any(text.endswith(told) for text in result.words)


def test_a_row_stopped_by_a_fault_is_no_month() -> None:
    rows = [{**one, "unit": "€"} if one["month"] == "9" else one for one in b()]
    result = asked(book(*a(), *rows))
    assert to_date(result, "B")["actual"] is None and to_date(result, "S")["actual"] is None
    (late,) = [r for r in result.tables["reported"] if not r["reported"]]
    assert late["organisation"] == "B" and late["why"].startswith("it would have used amounts row")


def test_a_body_that_tells_its_position_alone_leaves_the_lines_above_untold() -> None:
    rows = [
        row("A", basis, amount, n, line=line)
        for basis in ("plan", "actual")
        for n in range(1, 10)
        for line, amount in (("patient_care_income", 5), ("pay", 6))
    ]
    alone, beside = asked(book(*rows), organisation="A"), asked(book(*rows, *b()))
    assert to_date(alone, "A", "pay")["actual"] == -54.0
    assert to_date(beside, "S", "pay")["actual"] is None
    assert to_date(beside, "S")["actual"] == -9.0


def test_a_scheme_has_its_own_row_savings_positive() -> None:
    """It saves from October: 1.0 a month planned, 0.6 made; its forecast was cut in January."""
    scheme = {"line": "pay", "scheme": "X", "recurrence": "recurrent"}
    rows = [row("A", "plan", 1, n, **scheme) for n in range(7, 13)]
    rows += [row("A", "actual", 0.6, n, **scheme) for n in range(7, 10)]
    rows += [
        row("A", "forecast", 6, **scheme, known_on="2026-12-18"),
        row("A", "forecast", 4, **scheme, known_on="2027-01-19"),
    ]
    said = {
        "id": "X",
        "organisation": "A",
        "title": "Rosters",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
        "unit": "£m",
    }
    result = asked(book(*a(), *rows, *b(), schemes=[said]))
    (found,) = [r for r in result.tables["to_date"] if r["scheme"] == "X"]
    told = {k: v / MILLION for k, v in found.items() if isinstance(v, int) and k != "month"}
    assert told == {
        "month_plan": 1.0,
        "month_actual": 0.6,
        "plan": 3.0,
        "actual": 1.8,
        "variance": -1.2,
        "plan_year": 6.0,
        "forecast": 4.0,
        "variance_year": -2.0,
        "forecast_last_month": 6.0,
    }


def test_a_body_that_closed_within_the_year_is_not_late(tmp_path: Path) -> None:
    """B merged into A on 1 October: it told April to September, and S is told to December."""
    said = book(*a(), *[one for one in b(6) if one["basis"] == "actual"])
    said["amounts"] += [row("B", "plan", 0, n) for n in range(1, 7)]
    said["organisations"][2]["to"] = "2026-09-30"
    result = asked(said)
    assert (to_date(result, "B")["month"], to_date(result, "S")["month"]) == (6, 9)
    assert to_date(result, "S")["variance"] == -2.4
    assert [r["organisation"] for r in result.tables["reported"]] == ["A"]


def test_the_command_line_says_the_same_first(tmp_path: Path) -> None:
    place = written(tmp_path, late_book())
    ran = controltotal("position", place)
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0].startswith("1 of 2 organisations have reported month 9 (December); B")
    (table,) = [place for place, line in enumerate(lines) if line.startswith("organisation ")]
    assert [line.split()[0] for line in lines[table + 1 : table + 4]] == ["System", "Alpha", "Beta"]
    refused = controltotal("position", place, "--late", "exclude")
    assert refused.code == 2 and "names nobody who chose it" in refused.err
    document = json.loads(
        controltotal("position", place, "--late", f"exclude: {WHO}", "--json").out
    )
    assert document["options"] == {"late": f"exclude: {WHO}"}
    (figure,) = [f for f in document["figures"] if f["id"] == f"variance_to_date/S/{YEAR}/actual"]
    assert (figure["to"], figure["qualifier"]) == ("M9", "stand_in")


def test_explain_takes_the_month_and_the_choice_of_the_answer(tmp_path: Path) -> None:
    place = written(tmp_path, late_book())
    name = f"variance_to_date/S/{YEAR}/actual"
    assert pounds(verbs.explain(place, name, late=f"exclude: {WHO}"), name) == -2.4
    assert pounds(verbs.explain(place, name, month="M8"), name) == -1.6 - 8 * 0.25


def written(place: Path, said: dict[str, list[Cells]]) -> Path:
    """A book as a folder."""
    for name, rows in said.items():
        columns = list(dict.fromkeys(column for one in rows for column in one))
        with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return place

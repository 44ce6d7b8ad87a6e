"""The small parts of the core: lines, tables, measures, dated parameters, results."""

from __future__ import annotations

import json
from datetime import date

import pytest

from controltotal.core.datafiles import packaged_rows
from controltotal.core.figure import Figure
from controltotal.core.finding import Finding
from controltotal.core.lines import Line, all_lines, packaged_lines
from controltotal.core.measures import measure, measures
from controltotal.core.parameters import (
    MARKS,
    Parameter,
    ParameterMissing,
    packaged_parameters,
)
from controltotal.core.result import Answer, BookRef
from controltotal.core.schema import tables

# -- data -----------------------------------------------------------------------------------------


def test_every_line_has_a_kind_and_a_sign() -> None:
    for line in packaged_lines().values():
        assert line.kind in ("income", "cost", "position")
        assert line.sign == (-1 if line.kind == "cost" else 1)
        assert not (line.kind == "position" and line.added)
    assert not packaged_lines()["support_income"].added


def test_a_book_may_add_lines_and_not_change_packaged_ones() -> None:
    own = all_lines([Line("parking", "Parking", "income", True), Line("pay", "x", "income", True)])
    assert own["parking"].sign == 1 and own["pay"].kind == "cost"
    assert "parking" not in packaged_lines()


def test_tables_name_their_keys_among_their_columns() -> None:
    for table in tables().values():
        assert table.key and set(table.key) <= set(table.columns), table.name
        assert "known_on" in table.columns
        for column in table.columns.values():
            assert (column.type == "vocabulary") <= bool(column.vocabulary), column
            assert column.description
    assert tables()["control_totals"].key == (
        "organisation",
        "year",
        "month",
        "scenario",
        "status",
        "set_by",
        "set_on",
    )
    assert tables()["organisations"].key == ("code", "from")
    assert tables()["amounts"].key == (
        "organisation",
        "line",
        "year",
        "month",
        "basis",
        "scenario",
        "recurrence",
        "counterparty",
        "scheme",
    )


def test_a_required_vocabulary_column_may_say_unknown_and_an_optional_one_may_not() -> None:
    amounts = tables()["amounts"].columns
    assert amounts["basis"].allows("unknown") and not amounts["recurrence"].allows("unknown")
    assert not amounts["basis"].allows("budget")


def test_every_measure_of_position_says_unit_sign_and_meaning() -> None:
    for name in ("surplus", "control_total", "gap", "variance", "to_find", "underlying", "cash"):
        found = measures()[name]
        assert (found.unit, found.verb) == ("pence", "position")
        assert found.meaning and found.sign
    assert measure("not_listed").name == "not listed"


def test_packaged_rows_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        packaged_rows("lines.csv")[0]["line"] = "other"  # type: ignore[index]


# -- parameters -----------------------------------------------------------------------------------


def parameter(value: str, start: date, until: date | None = None, mark: str = "P") -> Parameter:
    return Parameter("rate", value, "share", start, until, "someone", "somewhere", mark)


def test_a_parameter_holds_between_its_dates_and_never_outside() -> None:
    held = packaged_parameters().with_values(
        [
            parameter("0.1", date(2019, 4, 1), date(2020, 3, 31)),
            parameter("0.2", date(2021, 4, 1)),
        ]
    )
    assert held.on("rate", date(2019, 4, 1)).value == "0.1"
    assert held.on("rate", date(2020, 3, 31)).value == "0.1"
    assert held.on("rate", date(2030, 1, 1)).value == "0.2"
    for day in (date(2019, 3, 31), date(2020, 4, 1), date(2021, 3, 31)):
        with pytest.raises(ParameterMissing, match=day.isoformat()):
            held.on("rate", day)
    with pytest.raises(ParameterMissing):
        held.on("no such rate", date(2020, 1, 1))


def test_a_value_nobody_checked_is_unverified_until_a_person_adopts_it() -> None:
    start = date(2019, 4, 1)
    held = packaged_parameters().with_values([parameter("0.1", start, mark="K")])
    assert not held.on("rate", start).verified and "unverified" in held.on("rate", start).label
    adopted = held.adopt("rate", start, "Director of Finance", date(2020, 1, 1))
    assert adopted.on("rate", start).verified
    assert not held.on("rate", start).verified, "nobody changes a shared number"


def test_every_packaged_parameter_names_its_authority_source_and_mark() -> None:
    for values in packaged_parameters().values.values():
        for one in values:
            assert one.authority and one.source and one.mark in MARKS, one
            assert one.until is None or one.start <= one.until


# -- results --------------------------------------------------------------------------------------


def test_a_figure_reads_its_id() -> None:
    found = Figure("surplus_with_support/QE1/2021-22-H1/plan/low/proposed", 5)
    assert (found.measure, found.organisation, found.year) == (
        "surplus_with_support",
        "QE1",
        "2021-22-H1",
    )
    assert (found.basis, found.part) == ("plan", "low/proposed")
    assert "low" not in found.as_json()
    assert Figure("a", None, "pence", "bounded", low=0).as_json()["high"] is None


def test_an_answer_holds_one_value_for_each_id() -> None:
    answer = Answer("position", BookRef("Book", 3, "sha256:x"), {"year": "2026-27"})
    answer.figure("gap/A/2026-27/plan", 5, rule="r", inputs=("surplus/A/2026-27/plan",))
    answer.figure("gap/A/2026-27/plan", 5, rule="r")
    with pytest.raises(AssertionError, match="two values"):
        answer.figure("gap/A/2026-27/plan", 6)
    with pytest.raises(AssertionError):
        answer.figure("gap/B/2026-27/plan", 1.5)
    with pytest.raises(AssertionError):
        answer.figure("gap/B/2026-27/plan", 1, status="sure")
    assert answer.figure("gap/B/2026-27/plan", None).status == "indeterminate"


def test_a_result_is_in_order_whatever_came_first() -> None:
    findings = [
        Finding("B", "warning", "", "amounts row 10", "m"),
        Finding("B", "warning", "", "amounts row 9", "m"),
        Finding("C", "error", "", "amounts row 2", "m"),
        Finding("A", "information", "", "amounts row 1", "m"),
        Finding("B", "warning", "", "amounts row 9", "m"),
    ]
    texts = []
    for order in (1, -1):
        answer = Answer("check")
        answer.add_findings(findings[::order])
        for name in ("b", "a", "c")[::order]:
            answer.figure(f"{name}/X/2026-27/plan", 1, entries=(3, 1, 3), rule="r")
        result = answer.result()
        assert [f.where for f in result.findings] == [
            "amounts row 2",
            "amounts row 9",
            "amounts row 10",
            "amounts row 1",
        ]
        assert result.trace["a/X/2026-27/plan"].entries == (1, 3)
        assert result.has_errors
        texts.append(result.to_json())
    assert texts[0] == texts[1]
    document = json.loads(texts[0])
    assert list(document) == [
        "controltotal",
        "verb",
        "book",
        "options",
        "figures",
        "findings",
        "tables",
        "trace",
    ]
    with pytest.raises(KeyError):
        result.value("nothing/X/2026-27/plan")


def test_money_in_a_document_stays_whole_and_within_what_every_reader_can_hold() -> None:
    answer = Answer("position")
    answer.figure("surplus/A/2026-27/plan", -(10**14))
    text = answer.result().to_json()
    assert '"value": -100000000000000,' in text
    assert 10**14 < 2**53

"""The last page: what does not add up by kind, the method, and only the words that a paper uses."""

from __future__ import annotations

from controltotal.core.finding import Finding
from controltotal.core.result import Answer, BookRef, Result
from controltotal.papers.board_method import method_page, words_used
from controltotal.papers.sections import Section, TableView, columns
from tests.board_results import FOCUS, REGISTER, example, focus, made, words


def finding(code: str, severity: str, body: str, message: str = "It differs.") -> Finding:
    return Finding(
        code=code,
        severity=severity,
        organisation=body,
        where="amounts row 2",
        message=message,
        action="Correct it.",
    )


def checked(*findings: Finding) -> Result:
    answer = Answer("check", BookRef("made"), {})
    answer.add_findings(findings)
    return answer.result()


def by_hand(*findings: Finding, **more: Result) -> list[Section]:
    results = {
        "register": REGISTER,
        "check": checked(*findings),
        "position": made("position", {}),
        **more,
    }
    return method_page(results, FOCUS)


def test_queries_are_counted_by_kind_those_to_be_mended_first() -> None:
    lead, queries, _ = by_hand(
        finding("PROMISE_NOT_KEPT", "warning", "A"),
        finding("CONTROL_TOTAL_LATE", "warning", "A"),
        finding("CONTROL_TOTAL_LATE", "warning", "B"),
        finding("STATED_TOTAL_DIFFERS", "error", "S", "The body differs by £3.0 million."),
        finding("CONTROL_TOTAL_LATE", "warning", "Z"),
        finding("ZERO_SUM", "information", "A"),
    )
    assert lead.words == ("1 data query to be mended and 3 data queries to be looked at.",)
    (table,) = queries.tables
    assert [(row["ask"], row["count"].value, row["who"]) for row in table.rows] == [
        ("mend", 1, "System"),
        ("check", 2, "Alder, Beech"),
        ("check", 1, "Alder"),
    ]
    assert queries.points == ("The organisation differs by £3.0m. Correct it.",)
    assert table.rows[0]["kind"].startswith("The stated total of a parent differs")


def test_nothing_queried_is_said_and_a_file_of_nobody_counts() -> None:
    lead, method = by_hand()
    assert lead.words == ("Nothing that was checked fails to add up.",)
    assert method.points
    lead, queries, _ = by_hand(finding("NO_SOURCE", "warning", ""))
    assert lead.words == ("1 data query to be looked at.",) and queries.tables[0].rows


def test_the_method_speaks_only_of_what_the_data_hold() -> None:
    *_, bare = by_hand()
    assert "simulation" not in " ".join(bare.points) and "gate G3" not in " ".join(bare.points)
    rates = {
        "organisation": "S",
        "year": "2026-27",
        "standing": "",
        "by": "",
        "finished": 3,
        "chance_may_be_told": False,
    }
    category = {"organisation": "S", "year": "2026-27"}
    *_, method = by_hand(
        risk=made("risk", {"rates": [rates]}),
        schemes=made("schemes", {"savings_by_category": [category]}),
    )
    said = " ".join(method.points)
    assert "It is illustrative" in said and "gate G3" in said
    adopted = {**rates, "chance_may_be_told": True, "by": "Finance committee"}
    *_, method = by_hand(risk=made("risk", {"rates": [adopted]}))
    assert "were adopted by Finance committee" in " ".join(method.points)


def test_only_words_that_the_paper_uses_are_explained() -> None:
    rows = [{"name": "Recurrent part"}]
    parts = [
        Section("a", "Top slice", ("The control totals are set.",)),
        Section("b", "B", tables=(TableView("T", columns("name|Name"), rows),)),
        Section("c", "C", tables=(TableView("Waiver", columns("name|Name"), rows, folded=True),)),
    ]
    (table,) = words_used(parts).tables
    assert [row["term"] for row in table.rows] == ["Control total", "Recurrent", "Top slice"]
    assert words_used([]).empty


def test_the_page_of_the_fictional_system_names_nobody_outside() -> None:
    results = example()
    told = focus(results)
    parts = method_page(results, told)
    said = words(parts)
    assert "Saltmere" not in said and "(fictional" not in said.replace("a fictional", "")
    counted = sum(row["count"].value for row in parts[1].tables[0].rows)
    every = [f for f in results["check"].findings if f.severity in ("error", "warning")]
    assert 0 < counted <= len(every)
    for word in (" body", "bodies", " book", "finding", "_", "None"):
        assert word not in said, word

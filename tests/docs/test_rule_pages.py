"""The manual's page of each rule, and what the rules say of themselves, held against the data files."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal.core.datafiles import packaged_rows
from controltotal.core.parameters import packaged_parameters
from controltotal.rules.form import Rule
from controltotal.rules.registry import FAMILIES, RULES, in_order
from tools.reference import markdown_table
from tools.rule_pages import page, write_rule_pages

FACTS = {row["fact"] for row in packaged_rows("facts.csv")}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_says_what_a_reader_needs(rule: Rule) -> None:
    text = page(rule, markdown_table)
    for part in (rule.title, rule.meaning, rule.formula, rule.example, rule.source):
        assert part in text
    for heading in ("Who is bound", "Parameters by year", "What it reads", "Always true", "Cases"):
        assert heading in text
    assert "None yet." not in text, "no worked case holds this rule"
    for name in rule.parameters:
        if name not in packaged_parameters().values:
            assert f"| `{name}` |  |  | stated by a book |" in text
        for value in packaged_parameters().values.get(name, ()):
            assert f"| {value.value} |" in text and f"| {value.mark}" in text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_a_rule_names_exists(rule: Rule) -> None:
    assert {*rule.facts, *rule.triggers} <= FACTS


def test_only_a_threshold_that_was_never_published_is_left_to_a_book() -> None:
    named = {name for rule in RULES for name in rule.parameters}
    assert named - set(packaged_parameters().values) == {
        "capped_expenditure_threshold",
        "forecast_change_earliest_month",
    }


def test_every_parameter_of_the_regime_belongs_to_a_rule() -> None:
    named = {name for rule in RULES for name in rule.parameters}
    published_to_compare = {"allocation_growth_core"}
    listed = {row["name"] for row in packaged_rows("parameters_rules.csv")}
    assert listed - published_to_compare <= named


def test_every_page_is_written(tmp_path: Path) -> None:
    assert write_rule_pages(tmp_path, markdown_table) == len(RULES)
    index = (tmp_path / "rules.md").read_text("utf-8")
    for _, title, rules in FAMILIES:
        assert title in index
        for rule in rules:
            assert f"rules/{rule.name}.md" in index
            assert (tmp_path / "rules" / f"{rule.name}.md").exists()


def test_a_circle_cannot_be_declared() -> None:
    by_name = {rule.name: rule for rule in RULES}
    resting = by_name["fund_caught_up"]
    with pytest.raises(AssertionError, match="must stand before it"):
        in_order((resting, by_name["fund_core"]))
    with pytest.raises(AssertionError, match="two rules are called"):
        in_order((by_name["fund_core"], by_name["fund_core"]))


def test_marks_of_parameters_are_known_and_dated() -> None:
    for values in packaged_parameters().values.values():
        for value in values:
            assert value.mark in ("P", "R", "I", "C", "K")
            assert value.source and value.authority and value.unit
            assert value.until is None or value.until > value.start

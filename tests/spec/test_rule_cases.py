"""Worked cases of the regime: small books with the arithmetic beside them, read from `rules/*.yaml`.

An expert adds a case by adding to a YAML file; nothing here changes. A case gives tables as text (a
book of `default_unit: £m` unless it says otherwise), and lists what the command line must answer:

    - case: a name a colleague would use
      sum: the arithmetic, in words and numbers
      tables: {organisations: |-, amounts: |-, facts: |- …}
      run: [position, --strict]          # the command; position if left out
      expect:
        rule/ORG/2013-14/NAME: 6.6 £m    # or: not known, 65.0%, 3, between (8) and 0 £m
      outcomes:
        ORG/2013-14/NAME: met            # then, if wanted, a comma and the consequence: breached, (1) £m
      explain:
        rule/ORG/2013-14/NAME: [text that the explanation must hold, …]
"""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from controltotal.app.cli import app
from controltotal.core.money import parse_money
from controltotal.rules.registry import RULES

FOLDER = Path(__file__).parent / "rules"
BOOK = "key,value\ntitle,A worked case\ndefault_unit,£m\nfictional,yes\n"


@cache
def cases() -> list[Any]:
    found = []
    for page in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(page.read_text("utf-8")):
            found.append(pytest.param(case, id=f"{page.stem}: {case['case']}"))
    return found


def write(case: dict[str, Any], folder: Path) -> Path:
    """The book of a case, as a folder."""
    book = folder / "book"
    book.mkdir()
    for name, text in {"book": BOOK, **case["tables"]}.items():
        (book / f"{name}.csv").write_text(text.strip() + "\n", "utf-8")
    return book


def command(*words: str) -> str:
    """What the command line prints."""
    done = CliRunner().invoke(app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code in (0, 1), f"{words}: {done.output[-400:]}"
    return done.output


def pence(text: str) -> int:
    return parse_money(text.removesuffix("£m").strip(), unit="£m")


def agrees(figure: dict[str, Any], expected: object) -> bool:
    """Whether a figure is what a case says, to the digits that it prints."""
    text = str(expected)
    if text == "not known":
        return figure["value"] is None and figure["status"] == "indeterminate"
    if text.startswith("between "):
        low, high = (pence(part) for part in text.removeprefix("between ").split(" and "))
        return (figure["status"], figure["low"], figure["high"]) == ("bounded", low, high)
    if figure["value"] is None:
        return False
    if text.endswith("£m"):
        return figure["unit"] == "pence" and to_digits(figure["value"], text) == pence(text)
    if text.endswith(" pence"):
        return bool(figure["value"] == int(text.removesuffix(" pence").replace(",", "")))
    if text.endswith("%"):
        places = len(text.rstrip("%").partition(".")[2])
        return f"{figure['value'] * 100:.{places}f}%" == text
    return bool(abs(figure["value"] - float(text)) < 1e-9)


def to_digits(value: int, text: str) -> int:
    """Pence rounded to the digits in which a sum of £m is printed."""
    places = len(text.removesuffix("£m").strip(" ()").partition(".")[2])
    shown = (Decimal(value) / 100_000_000).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return int(shown * 100_000_000)


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    book = str(write(case, tmp_path))
    verb, *options = case.get("run", ["position"])
    answer = json.loads(command(verb, book, *options, "--json"))
    figures = {figure["id"]: figure for figure in answer["figures"]}
    for name, expected in case.get("expect", {}).items():
        if expected == "absent":
            assert name not in figures, name
            continue
        assert name in figures, f"no figure {name}; there are {sorted(figures)}"
        assert agrees(figures[name], expected), (name, expected, figures[name])
    rules = {
        f"{r['organisation']}/{r['year']}/{r['rule']}": r for r in answer["tables"].get("rules", ())
    }
    for name, expected in case.get("outcomes", {}).items():
        status, _, money = str(expected).partition(", ")
        assert rules[name]["status"] == status, (name, rules[name])
        if money:
            assert to_digits(rules[name]["consequence_pence"], money) == pence(money), rules[name]
    for code in case.get("findings", ()):
        assert code in {finding["code"] for finding in answer["findings"]}, code
    for name, fragments in case.get("explain", {}).items():
        text = " ".join(command("explain", book, name, "--detail").split())
        for fragment in fragments:
            assert fragment in text, f"{fragment!r} is not in: {text}"


@cache
def worked() -> dict[str, set[str]]:
    """The outcomes that cases hold, by rule; `not known` and `indeterminate` are missing inputs."""
    found: dict[str, set[str]] = {rule.name: set() for rule in RULES}
    for parameter in cases():
        case = parameter.values[0]
        for name, expected in case.get("outcomes", {}).items():
            found[name.split("/")[2]].add(str(expected).partition(",")[0])
        for name, expected in case.get("expect", {}).items():
            if name.startswith("rule/"):
                found[name.split("/")[3]].add(
                    "indeterminate" if expected == "not known" else "value"
                )
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_case_and_one_with_a_missing_input(rule: Any) -> None:
    found = worked()[rule.name]
    assert found & {"value", "met", "breached"}, f"no case shows what {rule.name} gives"
    assert "indeterminate" in found, f"no case shows {rule.name} with an input missing"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_that_can_be_breached_has_both_sides(rule: Any) -> None:
    found = worked()[rule.name]
    both = {"met", "breached"}
    assert found & both, f"no case holds the outcome of {rule.name}"

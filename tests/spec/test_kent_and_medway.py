"""Kent and Medway 2025/26: 198.0 of deficit is 49.3 of support withheld and 148.7 of its own.

Source: Healthcare Management, Distilled Post and HSS News, February 2026; rules of domain guide 12.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from tests.running import controltotal

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "examples" / "kent-medway-2025"
MILLION = 100_000_000
OWN = "rule/QKS/2025-26/deficit_beyond_lost_support"


@cache
def position() -> Result:
    return verbs.position(BOOK)


def test_the_first_lines_say_both_parts() -> None:
    ran = controltotal("position", str(BOOK), "--detail")
    said = " ".join(ran.out.split(" figure ")[0].split())
    assert ran.code == 0
    assert "the forecast is a deficit of £198.0 million with support" in said
    assert (
        "£198.0 million short of the control total: £49.3 million of support withheld, "
        "£148.7 million of its own." in said
    )


@pytest.mark.parametrize(
    ("number", "quotation"),
    [
        ("-198 £m", "revised its year-end forecast from breakeven to a £198m deficit"),
        ("49.3 £m", "£49.3m of the deficit related to lost deficit support funding"),
        ("148.7 £m", "£148.7m related to adverse performance against plan"),
        ("148.3 £m", "a £148.3m “materialised risk”"),
        ("-47.2 £m", "forecast deficit has risen sharply from £4.9m to £47.2m"),
        ("16.5 £m", "including £16.5m in lost deficit support funding"),
        ("48 £m", "in November, the board had been advised of a £48m deficit"),
        ("11.7 £m", "£11.7m worse than plan"),
    ],
)
def test_each_number_stands_beside_its_quotation(number: str, quotation: str) -> None:
    rows = position().tables["stated"]
    assert [r for r in rows if r["stated"] == number and r["quotation"] == quotation]


def test_lost_support_is_worked_out_by_quarters() -> None:
    """Two quarters of four are 49.3, so that a year is 98.6 and the first half, 49.3, was paid."""
    result = position()
    quarters = [result.value(f"rule/QKS/2025-26/deficit_support/Q{q}") for q in range(1, 5)]
    assert quarters == [2_465_000_000, 2_465_000_000, 0, 0]
    assert result.value("rule/QKS/2025-26/deficit_support") == 4_930_000_000
    rows = {r["rule"]: r for r in result.tables["rules"] if r["organisation"] == "QKS"}
    assert rows["deficit_support"]["consequence_pence"] == -4_930_000_000
    assert rows["deficit_support"]["why"] == (
        "£49.3 million of £98.6 million paid; withheld £49.3 million"
    )


def test_what_is_not_lost_support_is_its_own() -> None:
    result = position()
    assert result.value(OWN) == -14_870_000_000  # (198.0) + 49.3
    stated = [r for r in verbs.read(BOOK).book.facts if r.fact == "adverse_to_plan"]
    assert [row.value for row in stated] == [14_870_000_000]  # as the source says it
    tree = verbs.explain(BOOK, OWN).tables["tree"]
    text = " ".join(str(row["text"]) + str(row.get("quote", "")) for row in tree)
    assert "£49.3m" in text or "49.3" in text


def test_without_support_nothing_is_told_and_the_stated_total_stands() -> None:
    result = position()
    assert result.value("surplus/QKS/2025-26/forecast") is None
    assert result.value("surplus_with_support/QKS/2025-26/forecast") == -198 * MILLION
    assert result.value("gap/QKS/2025-26/forecast") == 198 * MILLION


def test_no_finding_is_an_error_and_a_pack_is_written(tmp_path: Path) -> None:
    assert not verbs.check(BOOK).has_errors
    page = tmp_path / "pack.html"
    verbs.report(BOOK, page)
    text = page.read_text("utf-8")
    assert "£148.7m of its own" in text

"""The commands share, decide and boundaries: one document, right exit codes, one line when refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import controltotal

EXAMPLES = Path(__file__).parents[3] / "examples"
EAST = str(EXAMPLES / "east-of-england-2019")
MADE_UP = str(EXAMPLES / "fictional-system")


def document(*arguments: str) -> dict[str, object]:
    ran = controltotal(*arguments, "--json")
    assert ran.code == 0 and ran.err == ""
    found: dict[str, object] = json.loads(ran.out)
    return found


def test_share_prints_one_document_with_its_options() -> None:
    found = document("share", EAST, "--gap", "£25m", "--to", "QUE", "--repay-years", "3")
    assert found["verb"] == "share"
    assert found["options"] == {
        "year": "2019-20",
        "gap": 2_500_000_000,
        "policy": "all",
        "to": "QUE",
        "repay_years": 3,
    }
    values = {f["id"]: f["value"] for f in found["figures"]}  # type: ignore[attr-defined]
    assert values["share/QMM/2019-20/plan/equal_call"] == 500_000_000
    assert values["share/ENGLAND/2019-20/plan/raise_nationally"] == 2_500_000_000


def test_decide_and_boundaries_print_documents() -> None:
    decided = document("decide", MADE_UP)
    assert {row["decision"] for row in decided["tables"]["votes"]}  # type: ignore[index]
    placed = document("boundaries", "--vintage", "2022", "--threshold", "0.1")
    values = {f["id"]: f["value"] for f in placed["figures"]}  # type: ignore[attr-defined]
    assert values["breaches/ENGLAND/2022/boundary"] == 9


@pytest.mark.parametrize(
    "arguments",
    [
        ("share", EAST, "--gap", "twenty-five"),
        ("share", EAST, "--gap", "£25m", "--to", "QXX"),
        ("share", EAST, "--gap", "£25m", "--policy", "fairness"),
        ("share", EAST, "--gap", "£25m", "--policy", "formula: open('x')"),
        ("share", EAST, "--gap", "-5"),
        ("boundaries", "--vintage", "1999"),
        ("boundaries", "--threshold", "0.7"),
        ("decide", "no-such-book"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_two(arguments: tuple[str, ...]) -> None:
    ran = controltotal(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("controltotal: ") and ran.err.count("\n") == 1
    assert "Traceback" not in ran.err

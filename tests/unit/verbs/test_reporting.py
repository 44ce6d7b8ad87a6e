"""Papers as files: options that do not go together, and words that move no number."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError

ROOT = Path(__file__).parents[3]
NENE = ROOT / "examples" / "nene-2013"
LATE_SCHEME = ROOT / "tests" / "errors" / "gallery" / "SLIPPAGE_NOT_IN_FORECAST"
PROMISE = """id,by,on,text,measure,organisation,year,value,due,source
P-1,Chair,{day},We will be in balance,surplus,XA1,2026/27,0,,S1
"""


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("x.txt", {}, "cannot be written as .txt"),
        ("x", {}, "cannot be written as a file without an ending"),
        ("x.html", {"for_": "nobody"}, "no paper is for “nobody”"),
        ("x.html", {"for_": "public", "full": True}, "appendices go with a paper for a board"),
        ("x.csv.zip", {"full": True}, "appendices go with a paper for a board"),
        ("x.html", {"template": "house.docx"}, "a template serves a Word document"),
        ("x.docx", {"template": "missing.docx"}, "the template cannot be read"),
        ("x.html", {"seed": 5}, "a seed draws the sample of a paper for audit"),
        ("x.html", {"for_": "audit", "seed": -1}, "a seed draws the sample of a paper for audit"),
        ("x.html", {"for_": "public", "late": "exclude: CFO"}, "tells what was reported"),
        ("x.return.csv", {"late": "last: CFO"}, "a return tells what was reported"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    name: str, options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(BookError, match=words) as told:
        verbs.report(NENE, tmp_path / name, **options)
    assert told.value.action
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("day", ["2026-04-20", "2026-08-01", "2027-02-01"])
def test_a_promise_moves_no_number(day: str, tmp_path: Path) -> None:
    """The day to which a scheme is late is not that of what somebody says."""
    book = tmp_path / "book"
    shutil.copytree(LATE_SCHEME, book)
    before = verbs.schemes(book).tables["schemes"]
    (book / "promises.csv").write_text(PROMISE.format(day=day), encoding="utf-8")
    assert verbs.schemes(book).tables["schemes"] == before
    assert [row["promise"] for row in verbs.position(book).tables["promises"]] == ["P-1"]


def test_a_chance_above_one_stops_its_row_even_one_that_was_replaced(tmp_path: Path) -> None:
    book = tmp_path / "book"
    shutil.copytree(LATE_SCHEME, book)
    rows = ["id,organisation,title,kind,gross,chance,known_on"]
    rows += ["R1,XA1,Winter,risk,2,50,2026-07-01", "R1,XA1,Winter,risk,2,50%,2026-08-20"]
    rows += ["R2,XA1,Energy,risk,1,1.5,2026-07-01"]
    (book / "risks.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = verbs.check(book)
    told = [f for f in found.findings if f.code == "ELICITATION_RANGE"]
    assert [(f.found, f.action) for f in told] == [
        ("50", "Write 50%, if that is meant."),
        ("1.5", "Write 1.5%, if that is meant."),
    ]
    kept = [row for row in verbs.position(book).tables["risk_register"] if row["risk"] == "R1"]
    assert [row["chance"] for row in kept] == [0.5]
    assert "R2" not in {row["risk"] for row in verbs.position(book).tables["risk_register"]}

"""What a book knows is taken from its rows in force."""

from __future__ import annotations

from pathlib import Path

from controltotal.intake.known import known_of
from controltotal.sources.books import read_book

EXAMPLE = Path(__file__).parents[3] / "examples" / "fictional-system"


def test_the_fictional_system_is_known() -> None:
    known = known_of(read_book(str(EXAMPLE)))
    assert not known.fresh
    assert known.default_unit == "£k"
    assert known.bodies.match("Hollowmere General Hospital").code == "XF-HOL"
    assert known.lines.match("", "PRC100").line == "primary_care"
    assert known.schemes["AHH-01"] == "One board and one back office after the merger"


def test_an_empty_book_knows_nothing(tmp_path: Path) -> None:
    (tmp_path / "organisations.csv").write_text("code,name,kind\n", "utf-8")
    known = known_of(read_book(str(tmp_path)))
    assert known.fresh
    assert not known.schemes


def test_schemes_are_signed_whose_last_evidence_is_not_against_them(tmp_path: Path) -> None:
    (tmp_path / "gates.csv").write_text(
        "scheme,gate,on,outcome\n"
        "S1,G3,2026-05-01,\n"
        "S2,G3,2026-05-01,\nS2,QIA,2026-06-01,stop\n"
        "S3,QIA,2026-05-01,Rejected\nS3,QIA,2026-07-01,approve\n"
        "S4,G3,2026-05-01,\nS4,QIA,2026-05-01,reject\n",
        "utf-8",
    )
    (tmp_path / "organisations.csv").write_text("code,name,kind\nT,Trust,provider\n", "utf-8")
    assert known_of(read_book(str(tmp_path))).signed == {"s1", "s3"}

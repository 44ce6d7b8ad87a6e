"""The glossary holds every term that a board of 2026/27 meets in what the program says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from controltotal.core.datafiles import packaged_rows
from tests.running import controltotal

SOURCE = Path(__file__).parents[3] / "src" / "controltotal"
DATA = (
    "measures.csv",
    "facts.csv",
    "lines.csv",
    "duties.csv",
    "gates.csv",
    "tables.csv",
    "codes.csv",
    "parameters.csv",
    "parameters_rules.csv",
)
OF_MACHINES = {
    *("CSV", "JSON", "PDF", "HTML", "SVG", "PNG", "UTF", "XLSX", "SQL", "NFKC", "ISO", "ASCII"),
    *("BOOK", "TABLE", "ID", "URL", "CPU", "YYYY", "MM", "DD", "REF", "GB", "UA", "WARM"),
    *("AA", "AB", "CR", "LF", "LOOKS", "OWN", "RFC", "SEQ", "SHA", "SUM", "TOTAL", "XML", "ZZ"),
}
OF_THE_BOOK = {"NO", "OK", "YTD", "NHS", "ODS", "ONS", "FY"}
"""Words in capitals of the program's own, not of the service."""


def glossary() -> dict[str, str]:
    return {row["term"]: row["meaning"] for row in packaged_rows("glossary.csv")}


def abbreviations(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z]{2,5}\b", text))


def known() -> set[str]:
    return {word for term in glossary() for word in abbreviations(term)}


def test_every_term_stands_once_with_a_meaning_and_a_mark() -> None:
    rows = packaged_rows("glossary.csv")
    terms = [row["term"] for row in rows]
    assert terms == sorted(set(terms), key=str.lower)
    for row in rows:
        assert row["meaning"] and not row["meaning"].endswith("."), row["term"]
        assert row["mark"] in {"P", "R", "I", "C", "K", "G"}, row["term"]
        assert row["source"] or row["mark"] in {"C", "K"}, f"{row['term']}: who says so?"


def test_every_abbreviation_that_papers_and_data_use_is_explained() -> None:
    said: dict[str, str] = {}
    for name in DATA:
        for row in packaged_rows(name):
            words = " ".join(row.get(c) or "" for c in ("name", "meaning", "description", "action"))
            said.update(dict.fromkeys(abbreviations(words), name))
    for file in sorted((SOURCE / "papers").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                said.update(dict.fromkeys(abbreviations(node.value), file.name))
    unknown = {k: v for k, v in said.items() if k not in known() | OF_MACHINES | OF_THE_BOOK}
    assert unknown == {}


def test_the_terms_of_2026_are_there() -> None:
    held = " | ".join(glossary()).lower()
    for term in (
        "integrated health organisation",
        "advanced foundation trust",
        "year-of-care payment",
        "cluster",
        "strategic authority",
        "oversight framework",
        "segment",
        "deficit support funding (dsf)",
        "recovery support programme (rsp)",
        "convergence",
        "capital envelope",
        "deficit override",
        "resource limit",
        "adjusted performance",
        "exit run rate",
        "xmr",
        "underlying position",
        "running costs",
        "break-even",
    ):
        assert term in held, term


def test_new_kinds_of_body_are_told_as_kinds_of_provider_and_no_column_is_invented() -> None:
    for term in ("Advanced foundation trust", "Integrated health organisation (IHO)"):
        assert "a kind of provider" in glossary()[term]
    assert "a kind of contract" in glossary()["Year-of-care payment"]
    assert "never a succession" in glossary()["Cluster"]


def test_a_pack_explains_each_abbreviation_that_it_says(tmp_path: Path) -> None:
    """A pack of a system in 2025/26 that speaks of DSF says what it is; others stay short."""
    always = [row["term"] for row in packaged_rows("glossary.csv") if row["packs"] == "yes"]
    assert 20 <= len(always) <= 30
    pack = tmp_path / "pack.html"
    ran = controltotal("report", "examples/nene-2013", "--full", "--output", str(pack))
    assert ran.code in (0, 1)
    text = pack.read_text("utf-8")
    assert all(f">{term}<" in text for term in always)
    assert "Year-of-care payment" not in text

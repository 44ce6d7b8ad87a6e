"""The register of bodies over generated books: what had ended is told, what stood is left in peace.

Cases are drawn by a seed from the register itself: every board, trust and commissioner that ended
with a known successor, in years before and after, alone and in company.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import controltotal.verbs as verbs
from controltotal.accounts.checks import register
from controltotal.core import published, reference
from controltotal.core.calendar import next_year, parse_year, year_of
from controltotal.core.finding import Finding

KINDS = {"system": "system", "provider": "provider", "commissioner": "commissioner"}


def ended() -> list[tuple[str, str]]:
    """Every body that ended from 2012 on and was followed, with its kind."""
    found = []
    for code in reference.codes():
        last = reference.spells(code)[-1]
        followed = [s for s in reference.followed_by(code) if s.successor != code]
        if last.kind in KINDS and last.closed and last.closed.year >= 2012 and followed:
            found.append((code, last.kind))
    return found


def findings(
    folder: Path, rows: list[tuple[str, str, str, str]], fictional: str = "no"
) -> list[Finding]:
    """What the register says of a book of bodies (code, name, kind) with a plan in a year each."""
    bodies = dict.fromkeys((code, name, kind) for code, name, kind, _ in rows)
    folder.mkdir()
    for name, lines in {
        "book": ["key,value", "default_unit,£m", f"fictional,{fictional}"],
        "organisations": ["code,name,kind", *(f'{c},"{n}",{k}' for c, n, k in bodies)],
        "amounts": [
            "organisation,line,year,basis,amount",
            *(f"{code},position,{year},plan,-1" for code, _, _, year in dict.fromkeys(rows)),
        ],
    }.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(register.boundaries(verbs.read(folder)))


def test_thirty_that_had_ended_are_told_once_each_with_code_name_and_day(tmp_path: Path) -> None:
    rng = random.Random(1)
    cases = ended()
    assert len(cases) > 200
    for number, (code, kind) in enumerate(rng.sample(cases, 30)):
        spell = reference.spells(code)[-1]
        assert spell.closed is not None
        first = next_year(year_of(spell.closed), 1)
        years = [first, next_year(first, rng.randint(1, 4))]
        found = findings(tmp_path / str(number), [(code, spell.name, kind, y) for y in years])
        assert len(found) == 1, (code, found)
        assert found[0].organisation == code
        for link in reference.followed_by(code):
            if link.successor != code:
                assert f"({link.successor})" in found[0].message, code
                assert reference.day_words(link.on) in found[0].message, code
                assert link.successor in found[0].action, code
        assert "The register is known to" in found[0].message


def test_thirty_bodies_in_years_in_which_they_stood_are_left_in_peace(tmp_path: Path) -> None:
    rng = random.Random(2)
    rows = []
    for code, kind in rng.sample(ended(), 30):
        spell = reference.spells(code)[-1]
        assert spell.closed is not None
        rows.append(
            (code, spell.name, kind, year_of(spell.closed))
        )  # the year of its end is lawful
    assert findings(tmp_path / "before", rows) == []


def test_thirty_bodies_that_never_ended_are_left_in_peace(tmp_path: Path) -> None:
    rng = random.Random(3)
    standing = [
        (code, last.name, last.kind, year)
        for code in reference.codes()
        for last in reference.spells(code)[-1:]
        if last.kind in ("system", "provider") and last.closed is None
        for year in ("2025-26", "2026-27")
        if last.opened is None or last.opened.year < 2026 or year == "2026-27"
    ]
    chosen = rng.sample([row for row in standing if not row[0].startswith(("Q7", "Q8"))], 30)
    assert findings(tmp_path / "b", chosen) == []


def test_a_fictional_book_is_not_bothered(tmp_path: Path) -> None:
    rows = [(code, "Aster", kind, "2026-27") for code, kind in ended()[:30]]
    assert findings(tmp_path / "b", rows, fictional="yes") == []


@pytest.mark.parametrize("parent", ["Z9B2Z", ""])
def test_a_place_under_the_board_that_followed_is_where_it_belongs(
    parent: str, tmp_path: Path
) -> None:
    for name, text in {
        "book": "key,value\ndefault_unit,£m\nfictional,no\n",
        "organisations": "code,name,kind,parent\nZ9B2Z,West and North London,system,\n"
        f"93C,NHS North Central London,commissioner,{parent}\n",
        "amounts": "organisation,line,year,basis,amount\n93C,position,2026-27,plan,0\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    found = list(register.boundaries(verbs.read(tmp_path)))
    assert [f.organisation for f in found] == ([] if parent else ["QMJ"])


def test_a_trust_left_under_a_board_that_ended_is_told_at_the_board(tmp_path: Path) -> None:
    for name, text in {
        "book": "key,value\ndefault_unit,£m\nfictional,no\n",
        "organisations": "code,name,kind,parent\nQH8,Mid and South Essex,system,\n"
        "RAJ,Mid and South Essex NHS Foundation Trust,provider,QH8\n",
        "amounts": "organisation,line,year,month,basis,amount\n"
        "RAJ,position,2025-26,12,actual,-1\nRAJ,position,2026-27,,plan,0\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (found,) = register.boundaries(verbs.read(tmp_path))
    assert found.organisation == "QH8" and "2026/27" in found.message
    assert "2025/26" not in found.message


def test_trade_transfers_contracts_and_limits_with_a_body_that_ended_are_told(
    tmp_path: Path,
) -> None:
    for name, text in {
        "book": "key,value\ndefault_unit,£m\nfictional,no\n",
        "organisations": "code,name,kind\nQMF,North East London,system\n"
        "RAP,North Middlesex,provider\nRRP,Barnet and Enfield,provider\nRY9,Hounslow,provider\n"
        "R1C,Solent,provider\nRAL,Royal Free London,provider\nQMJ,North Central London,system\n",
        "amounts": "organisation,line,year,basis,counterparty,amount\n"
        "RAL,other_income,2025/26,plan,RAP,1\n",
        "transfers": "id,from,to,year,amount,kind,mechanism,status\n"
        "T1,RRP,RAL,2025/26,1,other,resource_transfer,agreed\n"
        "T2,QMJ,QMF,2025/26,1,other,resource_transfer,agreed\n",
        "contracts": "commissioner,provider,year,kind\nQMF,RY9,2025/26,block\n",
        "limits": "organisation,year,limit,value\nR1C,2025/26,capacity_wte,3\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    found = {f.organisation: f.where for f in register.boundaries(verbs.read(tmp_path))}
    assert {code: where.partition(" ")[0] for code, where in found.items()} == {
        "RAP": "amounts",
        "RRP": "organisations",
        "RY9": "contracts",
        "R1C": "limits",
    }
    assert "transfers row 2" in found["RRP"]


def test_a_group_of_before_july_2022_is_told_and_a_place_with_its_name_is_not(
    tmp_path: Path,
) -> None:
    rows = [("26A", "NHS Norfolk and Waveney CCG", "commissioner", "2023-24")]
    (found,) = findings(tmp_path / "a", rows)
    assert "(QMM) followed on 1 July 2022" in found.message
    rows = [("26A", "Norfolk and Waveney", "commissioner", "2023-24")]
    assert findings(tmp_path / "b", rows) == []
    rows = [("26A", "NHS Norfolk and Waveney CCG", "commissioner", "2022-23")]
    assert findings(tmp_path / "c", rows) == []


def test_of_all_published_rows_four_speak_of_another_body() -> None:
    found = []
    for table in (published.ALLOCATIONS, published.DISTANCES, published.DISTANCES_2013):
        for place, row in enumerate(published.published_rows(table), start=2):
            meant = published.speaks_of(row, published.TRUE_ON.get(table))
            if meant is not None:
                found.append((table, place, row["ccg_code"], meant.name))
    assert found == [
        (published.ALLOCATIONS, 865, "01H", "NHS Cumbria CCG"),
        (published.ALLOCATIONS, 867, "01K", "NHS Lancashire North CCG"),
        (published.DISTANCES, 10, "01H", "NHS Cumbria CCG"),
        (published.DISTANCES, 41, "01K", "NHS Lancashire North CCG"),
    ]


def test_rows_taken_from_thirty_published_ones_stand_unless_of_another_body(tmp_path: Path) -> None:
    """Rows of two codes that changed their area, and thirty of codes that never did, one a year on."""
    rng = random.Random(5)
    table = published.ALLOCATIONS
    rows = list(enumerate(published.published_rows(table), start=2))
    reused = [(place, row) for place, row in rows if row["ccg_code"] in ("01H", "01K")]
    other = rng.sample([one for one in rows if one[1]["ccg_code"] not in ("01H", "01K")], 30)
    lines, wrong, bodies = [], set(), set()
    for number, (place, row) in enumerate([*reused, *other], start=2):
        code, year = row["ccg_code"], parse_year(row["financial_year"])
        used = next_year(year, 1) if number % 2 else year
        bodies.add(code)
        lines.append(f"{code},allocation_published,{used},{row['allocation_k']},£k,S,row {place}")
        old = row["ccg_name"] == "CUMBRIA" or row["ccg_name"] == "LANCASHIRE NORTH"
        if code in ("01H", "01K") and old == (used >= "2017-18"):
            wrong.add(number)
    for name, text in {
        "book": ["key,value", "default_unit,£k", "fictional,no"],
        "organisations": [
            "code,name,kind",
            *(f"{c},Body {c},commissioner" for c in sorted(bodies)),
        ],
        "facts": ["organisation,fact,year,value,unit,source,published_row", *lines],
        "sources": ["id,title,file", f"S,Allocations,{table}"],
    }.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    position = verbs.read(tmp_path)
    assert {row.number for row in position.stopped if row.table == "facts"} == wrong
    assert 2 <= len(wrong) < len(reused)

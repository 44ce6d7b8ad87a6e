"""Worked examples of risk and governance, from a book by the command line, with their explanations.

Those of allocations, joint caps, envelopes, support, oversight and forecasts stand in `rules/*.yaml`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import controltotal

BOOK = "key,value\ntitle,A worked example\ndefault_unit,£m\nfictional,yes\n"


def write(folder: Path, **tables: str) -> Path:
    for name, text in {"book": BOOK, **tables}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def value(verb: str, book: Path, figure: str, *options: str) -> float:
    ran = controltotal(verb, book, *options, "--json")
    assert ran.code in (0, 1), ran.err
    found = {one["id"]: one["value"] for one in json.loads(ran.out)["figures"]}
    return float(found[figure])


def explained(book: Path, figure: str) -> str:
    ran = controltotal("explain", book, figure, "--detail")
    assert ran.code in (0, 1), ran.err
    return " ".join(ran.out.split())


def test_a_forecast_less_its_net_risk(tmp_path: Path) -> None:
    """Risks 12.0 less mitigations 6.8 less contingency 3.3 is 1.9: (8.6) becomes (10.5)."""
    book = write(
        tmp_path,
        organisations="code,name,kind\nCCG,A commissioner,commissioner\n",
        amounts="organisation,line,year,basis,amount\nCCG,position,2013/14,forecast,-8.6\n",
        facts="organisation,fact,year,value,unit\nCCG,contingency,2013/14,3.3,£m\n",
        risks="id,organisation,title,kind,gross,chance\nR1,CCG,Risks,risk,12.0,1\n"
        "R2,CCG,Mitigations,mitigation,6.8,1\n",
    )
    figure = "risk_adjusted/CCG/2013-14/forecast"
    assert value("risk", book, figure) == -1_050_000_000
    text = explained(book, figure)
    assert "risks row 2" in text and "risks row 3" in text and "contingency" in text


def test_three_members_hold_most_of_the_weight(tmp_path: Path) -> None:
    """Weights 12, 6, 5, 4, 3, 3, 2, 2: the first three hold 23 of 37, 62.2%, and are 3 of 8 heads."""
    codes = "ABCDEFGH"
    bodies = "".join(f"{c},Member {c},provider\n" for c in codes)
    votes = "".join(
        f"D1,{code},{'for' if code in 'ABC' else 'against'},{weight},yes\n"
        for code, weight in zip(codes, (12, 6, 5, 4, 3, 3, 2, 2), strict=True)
    )
    book = write(
        tmp_path,
        organisations=f"code,name,kind\n{bodies}",
        decisions="decision,title,rule,on\nD1,A plan,weighted,2025-06-01\n",
        votes=f"decision,organisation,vote,weight,delegated\n{votes}",
    )
    share = "votes_for/D1/2025-26/decision/share"
    assert f"{value('decide', book, share):.1%}" == "62.2%"
    assert value("decide", book, "votes_for/D1/2025-26/decision/heads") == 3
    assert "votes row 2" in explained(book, share)


@pytest.mark.parametrize(("likelihood", "counted"), [(3, True), (4, False)])
def test_a_residual_score_of_fifteen_or_more_excludes_a_scheme(
    tmp_path: Path, likelihood: int, counted: bool
) -> None:
    """Likelihood x consequence: 3 x 4 = 12 stands, 4 x 4 = 16 does not, whatever it would save."""
    domains = ("safe", "effective", "experience", "well_led", "sustainable", "equitable")
    rows = "".join(f"S1,nhse_2025,{domain},1,1\n" for domain in domains)
    book = write(
        tmp_path,
        organisations="code,name,kind\nTRU,A trust,provider\n",
        amounts="organisation,line,year,basis,amount\nTRU,position,2026/27,plan,-5\n",
        schemes="id,organisation,title,recurrence,maturity,start,full_year_effect,owner\n"
        "S1,TRU,A scheme,recurrent,fully_developed,2026-04-01,100,Head of estates\n",
        assessments="scheme,profile,domain,likelihood,consequence\n"
        f"{rows}S1,nhse_2025,workforce_safety,{likelihood},4\n",
        gates="scheme,gate,on,by,role\nS1,G3,2026-03-01,Board,\n"
        "S1,QIA,2026-02-01,Medical Director,medical_director\n"
        "S1,QIA,2026-02-02,Chief Nurse,chief_nurse\n",
    )
    found = value("position", book, "savings_plan/TRU/2026-27/plan")
    assert found == (10_000_000_000 if counted else 0)


def test_systems_that_divide_an_authority_in_2021() -> None:
    """On areas of April 2021: 23 at any split, 21 at 1%, 19 at 2%, 15 at 5%, 13 at 10%."""
    book = Path(__file__).parents[2] / "examples" / "lancashire-south-cumbria-2021"
    found = [
        value("boundaries", book, "breaches/ENGLAND/2021/boundary", "--threshold", at)
        for at in ("0", "0.01", "0.02", "0.05", "0.1")
    ]
    assert found == [23, 21, 19, 15, 13]
    assert "2021" in explained(book, "breaches/ENGLAND/2021/boundary")

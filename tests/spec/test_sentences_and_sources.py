"""No sentence about a real body is untrue: each stands beside what it rests on, and is checked.

`tests/spec/sentences/EXAMPLE.md` lists every sentence of an example's paper that names a body, a
year or a number, beside the figures, rows and parameters in which each of its numbers was found.
`pytest tests/spec/test_sentences_and_sources.py --regenerate` writes the listings again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from controltotal.core.published import TITLES, published_rows, speaks_of
from controltotal.core.reference import other_meaning
from tests.sentence_sources import Example, Said, changed, listing, sentences

ROOT = Path(__file__).parent.parent.parent
LISTINGS = Path(__file__).parent / "sentences"
REAL = sorted(
    path.name
    for path in (ROOT / "examples").iterdir()
    if (path / "organisations.csv").exists() and path.name != "fictional-system"
)


@cache
def example(name: str) -> Example:
    return Example(str(ROOT / "examples" / name))


@pytest.mark.parametrize("name", REAL)
def test_every_number_of_a_sentence_is_found_for_the_body_that_it_names(name: str) -> None:
    one = example(name)
    lost = [
        f"{said.section}: {said.text}\n    found nowhere: {', '.join(missing)}"
        for said in sentences(one)
        if (missing := one.rests_on(said)[1])
    ]
    assert not lost, "\n".join(lost)


@pytest.mark.parametrize("name", REAL)
def test_every_sentence_is_listed_beside_what_it_rests_on(
    name: str, request: pytest.FixtureRequest
) -> None:
    text = listing(example(name), name)
    kept = LISTINGS / f"{name}.md"
    if request.config.getoption("--regenerate"):
        kept.write_text(text, encoding="utf-8")
    assert kept.exists(), (
        "run this test with --regenerate and read the listing as a journalist would"
    )
    assert text == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REAL)
def test_every_body_is_called_what_its_code_meant_in_the_year(name: str) -> None:
    position = example(name).position
    years = {year for _, year, _ in position.uses() if year}
    wrong = [
        found
        for code in position.tree.organisations
        for year in sorted(years)
        if position.tree.exists(code, year)
        if (found := other_meaning(code, position.tree.name(code, year[:7]), year[:7]))
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("name", REAL)
def test_what_was_taken_as_published_is_of_the_body_that_took_it(name: str) -> None:
    position = example(name).position
    for row in position.taken.values():
        if position.tree.kind(row.body) in ("nation", "region"):
            continue  # the sum of a whole table, whoever bore a code
        for published in _published(row.origin):
            assert speaks_of(published, year=row.year) is None, (row.body, row.year, published)


def _published(origin: str) -> Iterator[dict[str, str]]:
    """The rows of a packaged table of commissioners that a row taken from it names."""
    table, _, rows = origin.partition("||")
    if table in TITLES and "ccg_allocations" in table:
        for part in rows.replace("rows", "row").split("row ")[1:]:
            number = int("".join(c for c in part.split(" ")[0] if c.isdigit()))
            yield dict(published_rows(table)[number - 2])


def test_a_sum_changed_by_one_in_its_last_digit_is_found_out() -> None:
    """Of all the sums and shares in all listings, hardly any could be another number."""
    asked = survived = 0
    for name in REAL:
        one = example(name)
        for said in sentences(one):
            for wrong in changed(one, said, ("money", "share")):
                asked += 1
                survived += one.ground(wrong, said) is not None
    assert asked > 250
    assert survived <= asked * 0.05, f"{survived} of {asked} changed sums were found somewhere"


def test_a_sum_of_another_body_is_found_out() -> None:
    one = example("east-of-england-2019")
    true = Said(
        "", "Norfolk and Waveney STP, 2018/19: a deficit of £97.6 million.", verb="position"
    )
    assert one.rests_on(true)[1] == []
    other = replace(true, text=true.text.replace("Norfolk and Waveney", "Mid and South Essex"))
    assert one.rests_on(other)[1] == ["money 97.6 £m"]


def test_a_name_that_the_register_does_not_know_is_found_out() -> None:
    one = example("nene-2013")
    said = Said("", "NHS Wellingborough and Rushden CCG, 2013/14: the forecast is a deficit.")
    assert one.rests_on(said)[1] == ["name Rushden CCG"]


def test_a_quotation_that_no_source_holds_is_found_out() -> None:
    one = example("nene-2013")
    said = Said("", "Said by NHS Nene CCG (2013): “there is no deficit”.")
    assert one.rests_on(said)[1] == ["quote there is no deficit"]


def test_a_figure_of_a_row_that_was_changed_is_not_that_of_the_sentence(tmp_path: Path) -> None:
    """The listed sentences of the true book do not hold in one whose row says something else."""
    folder = tmp_path / "book"
    shutil.copytree(ROOT / "examples" / "kent-medway-2025", folder)
    amounts = folder / "amounts.csv"
    text = amounts.read_text(encoding="utf-8")
    assert "198" in text
    amounts.write_text(text.replace("198", "189"), encoding="utf-8")
    broken = Example(str(folder))
    true = example("kent-medway-2025")
    lost = [said for said in sentences(true) if broken.rests_on(said)[1]]
    assert lost

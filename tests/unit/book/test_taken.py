"""What a book of real bodies lacks is taken as published: never over the book, never of another body."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.book.fold import Position
from controltotal.book.taken import book_alone, taken_told, with_published
from controltotal.core import published, reference
from controltotal.core.published_inputs import (
    Input,
    inputs_of,
    of_register,
    rows_of_others,
    years_published,
)
from controltotal.workings.workings import Workings
from tests.strategies import Book, Cells, position_of

EXAMPLES = Path(__file__).parents[3] / "examples"
SOLIHULL: Cells = {"code": "15E", "name": "NHS Birmingham and Solihull CCG", "kind": "commissioner"}
REAL: list[Cells] = [{"key": "fictional", "value": "no"}, {"key": "default_unit", "value": "£"}]
POSITION: Cells = {
    "organisation": "15E",
    "line": "position",
    "year": "2019-20",
    "basis": "plan",
    "amount": "0",
    "unit": "£",
}
ALLOCATION: Cells = {**POSITION, "line": "allocation", "amount": "5"}


def read(*amounts: Cells, fictional: str = "no", **tables: list[Cells]) -> Position:
    """A real commissioner of 2019/20 with its position and what else is given."""
    said: Book = {
        "book": [{"key": "fictional", "value": fictional}, REAL[1]],
        "organisations": [SOLIHULL],
        "amounts": [POSITION, *amounts],
        **tables,
    }
    return with_published(position_of(said))


def taken(position: Position) -> set[tuple[str, str, str]]:
    """Name, year and scenario of what was taken."""
    found = set()
    for row in position.taken.values():
        name = row.cell("line" if row.table == "amounts" else "fact")
        found.add((name, row.year, row.scenario or ""))
    return found


def allocation(position: Position) -> int | None:
    """The allocation of the commissioner in pence."""
    return Workings(position).totals.allocation("15E", "2019-20").pence


def test_what_lacks_is_taken_with_the_row_of_its_table() -> None:
    found = read()
    assert ("allocation", "2019-20", "") in taken(found)
    assert allocation(found) == 170_682_600_000
    row = next(r for r in found.taken.values() if r.table == "amounts" and not r.scenario)
    assert row.where == f"{published.ALLOCATIONS} row 1424"
    assert published.published_rows(published.ALLOCATIONS)[1422]["allocation_k"] == "1706826"
    told = taken_told(found, found.taken)
    assert told is not None and told.severity == "information"
    assert "allocation, population of 15E in 2019/20" in told.message


@pytest.mark.parametrize(
    "stated",
    [
        ALLOCATION,
        {**ALLOCATION, "month": "1"},
        {**ALLOCATION, "basis": "actual"},
        {**ALLOCATION, "scenario": "ours"},
        {**ALLOCATION, "qualifier": "over"},
        {**ALLOCATION, "amount": "#REF!"},
        {**ALLOCATION, "year": "this year"},
        {**ALLOCATION, "line": "alocation"},
    ],
    ids=["whole", "month", "actual", "scenario", "bound", "stopped", "no year", "no line"],
)
def test_nothing_is_taken_over_what_the_book_states_or_may_have_meant(stated: Cells) -> None:
    found = read(stated)
    assert not {one for one in taken(found) if one[0] == "allocation"}


def test_another_year_of_the_book_does_not_stand_for_this_one() -> None:
    found = read({**ALLOCATION, "year": "2018-19"})
    assert ("allocation", "2019-20", "") in taken(found)
    assert ("allocation", "2018-19", "") not in taken(found)


def test_a_target_that_the_book_states_is_not_set_beside_a_published_one() -> None:
    stated = {"organisation": "15E", "fact": "distance_from_target", "year": "2019-20"}
    found = read(facts=[{**stated, "value": "-2%"}])
    assert not {one for one in taken(found) if one[0] == "target_allocation" or one[2]}
    assert ("allocation", "2019-20", "") in taken(found)


def test_people_of_the_body_itself_are_not_taken_beside_its_own_column() -> None:
    found = read(organisations=[{**SOLIHULL, "population": "1200000"}])
    assert not {one for one in taken(found) if one[0] == "population"}


def test_a_fictional_book_and_a_reading_of_the_book_alone_take_nothing() -> None:
    assert not read(fictional="yes").taken
    alone = book_alone(read())
    assert not alone.taken and alone.book_only
    assert allocation(alone) is None


def test_a_body_of_another_name_or_day_takes_nothing() -> None:
    other = {**SOLIHULL, "name": "NHS Kernow CCG"}
    closed = {**SOLIHULL, "code": "04X", "name": "NHS Birmingham South and Central CCG"}
    assert not read(organisations=[other]).taken
    late = position_of(
        {"organisations": [closed], "amounts": [{**POSITION, "organisation": "04X"}]}
    )
    assert not with_published(late).taken, "it closed in March 2018"


def test_what_was_not_yet_published_on_the_day_asked_for_is_not_taken() -> None:
    said: Book = {"book": REAL, "organisations": [SOLIHULL], "amounts": [POSITION]}
    before = with_published(position_of(said, "2016-05-01"))
    assert {scenario for _, _, scenario in taken(before)} == {"indicative-2016"}
    assert not with_published(position_of(said, "2015-05-01")).taken


def test_a_published_allocation_is_no_income_and_makes_no_year_of_the_book() -> None:
    cost = {**POSITION, "line": "acute", "amount": "7"}
    found = with_published(
        position_of({"book": REAL, "organisations": [SOLIHULL], "amounts": [cost]})
    )
    assert allocation(found) == 170_682_600_000
    assert Workings(found).totals.surplus("15E", "2019-20", "plan").pence is None
    assert found.years == ("2019-20",)
    book = found.book
    assert all(row.entry > 0 for row in (*book.amounts, *book.control_totals, *book.facts))


def test_a_system_takes_the_sum_of_its_commissioners_or_nothing() -> None:
    def system(year: str, *listed: Cells, **more: list[Cells]) -> Position:
        body = {"code": "QE1", "name": "Healthier Lancashire and South Cumbria", "kind": "system"}
        said = {"book": REAL, "organisations": [body, *listed]}
        row = {**POSITION, "organisation": "QE1", "year": year}
        return with_published(position_of({**said, "amounts": [row, *more.get("amounts", [])]}))

    def of(position: Position, year: str) -> int | None:
        return Workings(position).totals.allocation("QE1", year).pence

    parts = [
        one.value
        for code in of_register("QE1", "2018-19")
        for one in inputs_of(code, "commissioner", "2018-19")
        if one.name == "allocation"
    ]
    assert len(parts) == 8 and of(system("2018-19"), "2018-19") == sum(parts)
    assert of(system("2017-18"), "2017-18") is None, (
        "01K meant another area in the table of 2017/18"
    )
    one = {"code": "01K", "name": "NHS Morecambe Bay CCG", "kind": "commissioner", "parent": "QE1"}
    stated = {**ALLOCATION, "organisation": "01K", "year": "2018-19"}
    mixed = system("2018-19", one, amounts=[stated])
    assert not [r for r in mixed.taken.values() if r.table == "amounts" and r.year == "2018-19"]


def published_rows_of(one: Input) -> list[published.PublishedRow]:
    """The rows of the published table that an input is the sum of."""
    rows = published.published_rows(one.table)
    return [rows[number - 2] for number in one.rows]


def predecessors(code: str) -> set[str]:
    """All that a body followed, and itself."""
    found, waiting = {code}, [code]
    while waiting:
        for link in reference.follows(waiting.pop()):
            if link.predecessor not in found:
                found.add(link.predecessor)
                waiting.append(link.predecessor)
    return found


def test_no_row_of_another_body_of_the_same_code_is_ever_taken() -> None:
    """By the names that the tables print beside their codes, over all codes and years."""
    wrong, compared = [], 0
    for code in reference.codes():
        for year in years_published():
            known = reference.known_in(code, year)
            for one in inputs_of(code, "commissioner", year) if known else ():
                for row in published_rows_of(one) if one.table != published.AREAS else ():
                    compared += 1
                    if row["ccg_code"] != code:
                        assert row["ccg_code"] in predecessors(code), (code, year)
                        continue
                    there = reference.place_words(row["ccg_name"], code)
                    here = reference.place_words(known.name, code)
                    if not there & here:
                        wrong.append((code, year, row["ccg_name"], known.name))
    assert compared > 2000
    assert wrong == []


REUSED = sorted(
    {
        code
        for code in reference.codes()
        if len({reference.place_words(s.name, code) for s in reference.spells(code)}) > 1
    }
)
"""Every code whose names do not all say the same place, renamed bodies included."""


def test_every_row_that_speaks_of_another_body_is_left_out() -> None:
    left = [
        other
        for code in REUSED
        for year in years_published()
        for other in rows_of_others(code, "commissioner", year)
    ]
    assert {(one.code, one.year) for one in left} >= {("01K", "2017-18"), ("01H", "2017-18")}
    for other in left:
        for one in inputs_of(other.code, "commissioner", other.year):
            assert one.table != other.table or other.place not in one.rows, other


@pytest.mark.parametrize("code", REUSED)
def test_a_book_that_calls_a_reused_code_by_one_of_its_names_takes_that_bodys_rows(
    code: str,
) -> None:
    """Under each name that a code bore: what is taken is of a row with that name, or nothing."""
    spells = [s for s in reference.spells(code) if s.kind in ("commissioner", "system")]
    for spell in spells:
        body = {"code": code, "name": spell.name, "kind": spell.kind}
        money = [{**POSITION, "organisation": code, "year": year} for year in years_published()]
        found = with_published(
            position_of({"book": REAL, "organisations": [body], "amounts": money})
        )
        words = reference.place_words(spell.name, code)
        for row in found.taken.values():
            table, _, places = row.origin.partition("||")
            for place in places.split(", "):
                if table == published.AREAS:
                    continue
                said = published.published_rows(table)[int(place.removeprefix("row ")) - 2]
                if said.get("ccg_code") == code:
                    there = reference.place_words(said["ccg_name"], code)
                    assert there & words, (spell.name, row.year, said["ccg_name"])


def test_every_verb_takes_the_book_alone_where_asked() -> None:
    book = EXAMPLES / "east-of-england-2019"
    whole = verbs.share(book, "£25m", to="QUE")
    alone = verbs.share(book, "£25m", to="QUE", book_only=True)
    assert whole.value("share/QUE/2019-20/plan/top_slice") is not None
    assert alone.value("share/QUE/2019-20/plan/top_slice") is None
    assert [f.code for f in whole.findings].count("TAKEN_FROM_PUBLISHED") == 1
    assert "TAKEN_FROM_PUBLISHED" not in {f.code for f in alone.findings}
    assert alone.options["book_only"] is True and "book_only" not in whole.options


def test_a_figure_walks_back_to_the_published_rows() -> None:
    book = EXAMPLES / "east-of-england-2019"
    found = verbs.explain(book, "share/QUE/2019-20/plan/top_slice", gap="£25m", to="QUE")
    rows = found.tables["tree"]
    entry = next(row for row in rows if row["kind"] == "entry" and int(row["id"]) < 0)
    assert entry["where"] == f"{published.ALLOCATIONS} row 1339"
    assert entry["text"].startswith("taken as published: organisation 06H, line allocation")
    titles = [row["text"] for row in rows if row["kind"] == "source"]
    assert "Allocations of commissioners, 2013/14 to 2019/20, NHS England" in titles

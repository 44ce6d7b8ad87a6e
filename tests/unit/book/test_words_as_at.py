"""Nothing that a book says is read before it was published: figures, quotations and words."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.result import Result

EXAMPLES = Path(__file__).parents[3] / "examples"
BEFORE = {
    "nene-2013": "2012-12-31",
    "kent-medway-2025": "2025-12-31",
    "lancashire-south-cumbria-2021": "2020-01-01",
    "birmingham-solihull-2019": "2019-01-01",
    "morecambe-bay-2017": "2014-01-01",
}
"""By example: a day before any of its reports was published."""
COLUMNS = ("quote", "text", "reason", "note", "grounds", "answer", "consequence")


def words_of_reports(folder: Path) -> set[str]:
    """What the reports of a book say, quotations and words, where it names a report as its source."""
    tables = {path.stem: list(csv.DictReader(path.open())) for path in folder.glob("*.csv")}
    reports = {row["id"] for row in tables["sources"] if row["title"].startswith("News report")}
    names = {row["name"] for row in tables["organisations"]}
    return {
        row[column]
        for rows in tables.values()
        for row in rows
        if (row.get("source") or row.get("id")) in reports
        for column in COLUMNS
        if len(row.get(column) or "") > 12 and row[column] not in names
    }


def everything(result: Result) -> Iterator[str]:
    """Every text of an answer."""
    yield from (sentence.text for sentence in result.sentences)
    yield from (finding.message for finding in result.findings)
    for rows in result.tables.values():
        yield from (str(value) for row in rows for value in row.values())


@pytest.mark.parametrize("name", BEFORE)
def test_no_word_of_a_report_is_read_before_it_was_published(name: str) -> None:
    said = words_of_reports(EXAMPLES / name)
    assert said
    book = verbs.read(str(EXAMPLES / name), as_at=BEFORE[name])
    for verb in (verbs.check, verbs.position, verbs.decide, verbs.challenge):
        text = "\n".join(everything(verb(book)))
        assert not [words for words in said if words in text], verb


def book_of(tmp_path: Path, **tables: str) -> str:
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return str(tmp_path)


SMALL = {
    "organisations": "code,name,kind\nA,Body A,provider\n",
    "amounts": "organisation,line,year,basis,amount,unit,source,known_on\n"
    "A,position,2019/20,plan,-3,£m,s1,2019-04-04\n",
    "withheld": "figure,kind,reason,source,asked_on\n"
    "control_total/A/2019-20/plan,refused,no body may say,s1,\n"
    "gap/A/2019-20/plan,no_reply,asked and not answered,,2019-06-30\n",
    "sources": "id,title,publisher,published_on,quote\n"
    "s1,A report,A paper,2019-05,short of three millions\n",
    "decisions": "decision,title,rule,source\nD,One pot,majority,s1\n",
    "votes": "decision,organisation,vote\nD,A,for\n",
}


def test_what_rests_on_a_report_comes_with_it(tmp_path: Path) -> None:
    """A refusal with its report, a question with the day it was asked, a vote with its decision."""
    folder = book_of(tmp_path, **SMALL)
    before, after = (verbs.read(folder, as_at=day) for day in ("2019-04-30", "2019-05-31"))
    for book, withheld, votes in ((before, 0, 0), (after, 1, 1)):
        position = getattr(book, "position", book)
        assert (len(position.book.withheld), len(position.book.votes)) == (withheld, votes)
        assert not [found.code for found in position.findings if found.severity == "error"]
        assert [row.source for row in position.book.amounts] == ["s1"]


def test_a_source_of_a_later_day_is_named_and_not_quoted(tmp_path: Path) -> None:
    """The plan was known in April; that a report of May says it is shown, and not its words."""
    book = verbs.read(book_of(tmp_path, **SMALL), as_at=date(2019, 4, 30))
    position = getattr(book, "position", book)
    (source,) = position.book.sources
    assert (source.id, source.quote, source.day("published_on")) == ("s1", None, "2019-05")
    assert "quote" not in source.texts

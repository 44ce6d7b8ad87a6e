"""The pages of the published cases: every command on them runs, every quotation stands on them.

`docs/explanation/cases.md` has a row for each thing that the reports describe: each command of a
row is run on the real book, and each span of code under what it prints must be among its words.
The page of a case ends with all quotations of its book, made here from what `position` says
(`pytest tests/docs/test_cases.py --regenerate` writes those tables again).
"""

from __future__ import annotations

import csv
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from controltotal import verbs
from tests.running import controltotal

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TWENTY = ROOT / "docs" / "explanation" / "cases.md"
PAGES = ROOT / "docs" / "explanation" / "cases"
CASES = (
    "morecambe-bay-2017",
    "nene-2013",
    "birmingham-solihull-2019",
    "east-of-england-2019",
    "lancashire-south-cumbria-2021",
    "kent-medway-2025",
)
HEADING = "## Every number of the report"
KEY = """The names in brackets above are those of the third column: each leads to the words and to who published them, the report
or another source. The last column says in which table of the book a number is held; what is “told beside the figures”
has no number of its own there."""
CODE = re.compile(r"`([^`]+)`")


def flat(text: str) -> str:
    """Text on one line, so that the width of a terminal does not matter."""
    return " ".join(text.split())


@cache
def printed(command: str) -> str:
    """What a command on the examples prints, and that it could be done."""
    words = shlex.split(command)
    assert words[0] == "controltotal"
    ran = controltotal(
        *(str(ROOT / word) if word.startswith("examples/") else word for word in words[1:])
    )
    assert ran.code in (0, 1), f"{command}: {ran.err}"
    return flat(ran.out)


def rows_of_twenty() -> list[list[str]]:
    """The cells of each numbered row: number, report, what is told, command, prints, unknown."""
    lines = TWENTY.read_text("utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if re.match(r"\| \d+ \|", line)
    ]


def quotations(case: str) -> dict[str, str]:
    """Source and words of every quotation of a book."""
    with (EXAMPLES / case / "sources.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["quote"] for row in csv.DictReader(file) if row["quote"]}


def place(row: dict[str, object]) -> str:
    """Where a number stands: in words, with its row; or beside the figures."""
    if row["what"] == "said beside":
        return f"told beside the figures ({row['where']})"
    year = f", {row['year']}" if row["year"] else ""
    return f"{row['what']}{year} ({row['where']})"


@cache
def numbers_table(case: str) -> str:
    """Every quotation of a book once: the number as held, the words, who said it, where it is."""
    held: dict[str, list[dict[str, object]]] = {}
    for row in verbs.position(EXAMPLES / case).tables["stated"]:
        held.setdefault(str(row["source"]), []).append(dict(row))
    lines = ["| as held | quotation | source | where it stands |", "|---|---|---|---|"]
    for source, quote in quotations(case).items():
        rows = held[source]
        number = "; ".join(dict.fromkeys(flat(str(r["stated"])) for r in rows if r["stated"]))
        said = f"{rows[0]['publisher']}, {rows[0]['published']} ({source})"
        lines.append(f"| {number} | “{quote}” | {said} | {'; '.join(map(place, rows))} |")
    return "\n".join(lines)


def test_the_table_has_twenty_rows_in_order() -> None:
    assert [row[0] for row in rows_of_twenty()] == [str(n) for n in range(1, 21)]
    assert {len(row) for row in rows_of_twenty()} == {6}
    assert [row[0] for row in rows_of_twenty() if not row[5]] == []  # what stays unknown is said


@pytest.mark.parametrize("row", rows_of_twenty(), ids=lambda row: f"row {row[0]}")
def test_each_command_runs_and_prints_what_its_row_says(row: list[str]) -> None:
    commands, words = CODE.findall(row[3]), CODE.findall(row[4])
    assert commands and words
    out = " ".join(printed(command) for command in commands)
    assert [span for span in words if flat(span) not in out] == []


@pytest.mark.parametrize("case", CASES)
def test_every_quotation_stands_on_its_page(case: str, request: pytest.FixtureRequest) -> None:
    page = PAGES / f"{case}.md"
    text = page.read_text("utf-8")
    if request.config.getoption("--regenerate"):
        text = f"{text.partition(HEADING)[0]}{HEADING}\n\n{KEY}\n\n{numbers_table(case)}\n"
        page.write_text(text, encoding="utf-8")
    assert KEY in text
    assert numbers_table(case) in text
    assert [quote for quote in quotations(case).values() if quote not in text] == []


@pytest.mark.parametrize("case", CASES)
def test_what_is_told_first_quotes_the_book_and_nothing_else(case: str) -> None:
    """Above the table, words between quotation marks are in a source or in the book itself."""
    told = (PAGES / f"{case}.md").read_text("utf-8").partition(HEADING)[0]
    told = flat(re.sub(r"^```.*?^```", "", told, flags=re.M | re.S))
    known = " ".join(path.read_text("utf-8") for path in (EXAMPLES / case).glob("*.csv")).lower()
    spans = re.findall(r"“([^”]+)”", told)
    assert spans
    assert [words for words in spans if words.lower() not in known] == []


@pytest.mark.parametrize("case", CASES)
def test_words_are_cited_from_the_source_that_holds_them(case: str) -> None:
    """“words” (source-01): the words stand in the quotation of that source, and of no other."""
    told = flat((PAGES / f"{case}.md").read_text("utf-8").partition(HEADING)[0])
    held = quotations(case)
    cited = re.findall(r"“([^“”]+)”+[^“”()]{0,60}\(([a-z]+(?:-[a-z0-9]+)+)\)", told)
    assert len(cited) >= 8
    assert [pair for pair in cited if pair[0].lower() not in held.get(pair[1], "").lower()] == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            "controltotal position examples/mergers-2026 --organisation CEN --year 2026/27 --detail",
            "Hertfordshire and West Essex system (79.0% of it) from 1 April 2026",
        ),
        (
            "controltotal position examples/kent-medway-2025",
            "£49.3 million of support withheld, £148.7 million of its own",
        ),
    ],
)
def test_the_two_beside_the_five_run(command: str, words: str) -> None:
    assert f"`{command}`" in flat(TWENTY.read_text("utf-8"))
    assert words in printed(command)


def test_seven_of_ten_policies_answer() -> None:
    """As the page of the twenty says: three need what is not published."""
    out = printed('controltotal share examples/east-of-england-2019 --gap "£25m" --to QUE --detail')
    assert "divided under 10 policies" in out
    assert out.count(": no answer, because an input is missing") == 3


def test_an_eighth_policy_answers_from_benchmarks_by_how_far_it_reaches() -> None:
    """Rapid savings: what each of the five could make by a benchmark, and what would be short."""
    out = printed(
        'controltotal share examples/east-of-england-2019 --gap "£25m" --to QUE --benchmarks 2016/17 --detail'
    )
    assert out.count(": no answer, because an input is missing") == 2
    assert (
        "rapid_savings: it does not reach; the 5 together could bear £8.5 million, £16.5 million less "
        "than the whole" in out
    )
    assert "£10.7 million over 6 bodies, the receiver among them; net of noise" in out

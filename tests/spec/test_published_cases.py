"""The published cases, worked by hand in `published/*.md`, against what the program says.

Each page is a small text table that the manual shows as it stands: a figure, its value and the
sum behind it. The test reads the same table, so a page that is wrong fails here.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from controltotal import verbs
from controltotal.core.figure import Figure
from controltotal.core.money import parse_money
from controltotal.core.result import Result

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "published"
BOOKS = sorted(page.stem for page in PAGES.glob("*.md"))


class Line(NamedTuple):
    """One line of a table on a page: its heading's first word, and its cells."""

    book: str
    cells: tuple[str, ...]


def lines(heading: str) -> list[Line]:
    """The lines of every table whose first column has this heading.

    >>> lines("verb")[0].cells[1]
    'surplus/15E/2019-20/plan'
    """
    found: list[Line] = []
    for book in BOOKS:
        inside = False
        for text in (PAGES / f"{book}.md").read_text("utf-8").splitlines():
            cells = tuple(cell.strip() for cell in text.strip("| ").split(" | "))
            if not text.startswith("|"):
                inside = False
            elif cells[0] == heading:
                inside = True
            elif inside and not text.startswith("|---"):
                found.append(Line(book, cells))
    return found


def name(line: Line) -> str:
    return f"{line.book}: {' '.join(line.cells[:3])}"


@cache
def answer(book: str, verb: str) -> Result:
    """The answer of a verb, written as on the page: `trajectory over 3 years`."""
    address = ROOT / "examples" / book
    if found := re.fullmatch(r"position as at (\S+)", verb):
        return verbs.position(address, as_at=found[1])
    if found := re.fullmatch(r"trajectory over (\d) years", verb):
        return verbs.trajectory(address, years=int(found[1]))
    if found := re.fullmatch(r"share of (\S+) to (\S+)", verb):
        return verbs.share(address, gap=found[1], to=found[2])
    if verb == "check":
        return verbs.check(address)
    if verb == "share":
        return verbs.share(address)
    assert verb == "position", verb
    return verbs.position(address)


def meets(figure: Figure, value: str) -> bool:
    """Whether a figure is what the page says: money, a share, a bound, or not known."""
    if value == "not known":
        return (figure.value, figure.status) == (None, "indeterminate")
    if value.startswith("above "):
        low = pence(value.removeprefix("above "))
        return (figure.value, figure.status, figure.low) == (None, "bounded", low)
    if value.endswith("£m"):
        return (figure.value, figure.unit, figure.status) == (pence(value), "pence", "ok")
    if value.endswith(" pence"):
        wanted = int(value.removesuffix(" pence").replace(",", ""))
        return (figure.value, figure.unit, figure.status) == (wanted, "pence", "ok")
    assert figure.value is not None
    return figure.unit == "share" and f"{figure.value:.4f}" == value


def pence(value: str) -> int:
    """Money as on the page, in pence."""
    return parse_money(value.removesuffix("£m").strip(), unit="£m")


@pytest.mark.parametrize("line", lines("verb"), ids=name)
def test_figure(line: Line) -> None:
    verb, figure_id, value, _ = line.cells
    figure = answer(line.book, verb).figure(figure_id)
    assert figure is not None, f"no figure {figure_id}"
    assert meets(figure, value), figure


@pytest.mark.parametrize("line", lines("check"), ids=name)
def test_finding(line: Line) -> None:
    code, organisation, _ = line.cells
    found = [(f.code, f.organisation) for f in answer(line.book, "check").findings]
    assert (code, organisation) in found


@pytest.mark.parametrize("line", lines("fact"), ids=name)
def test_fact(line: Line) -> None:
    fact, organisation, year, value, _ = line.cells
    position = verbs.read(ROOT / "examples" / line.book)
    rows = [
        row
        for row in position.book.facts
        if (row.fact, row.organisation, row.year) == (fact, organisation, year) and not row.scenario
    ]
    assert [row.qualifier for row in rows] == ["over"]
    assert rows[0].value == pence(value.removeprefix("over "))


def test_the_four_cases_of_support() -> None:
    table = answer("east-of-england-2019", "position").tables["support_cases"]
    cases = lines("case")
    assert len(cases) == 4
    for line in cases:
        _, mechanism, stage, receiver, giver, region = line.cells
        rows = [r for r in table if (r["mechanism"], r["stage"]) == (mechanism, stage)]
        by_role: dict[str, list[tuple[str, int]]] = {}
        for row in rows:
            by_role.setdefault(row["role"], []).append((row["organisation"], row["pence"]))
        assert by_role["receiver"] == [("QUE", pence(receiver))]
        assert by_role["region"] == [("Y61", pence(region))]
        assert sorted(by_role["giver"]) == [
            (code, pence(giver)) for code in ("QH8", "QHG", "QJG", "QM7", "QMM")
        ]


def test_what_the_receiver_repays_is_what_the_givers_are_repaid() -> None:
    result = answer("east-of-england-2019", "share")
    givers = ("QH8", "QHG", "QJG", "QM7", "QMM")
    whole = 0
    for year in ("2020-21", "2021-22", "2022-23"):
        each = [result.value(f"repayment/{code}/{year}/plan/T-{code}") for code in givers]
        assert result.value(f"repayment/QUE/{year}/plan") == sum(int(pence or 0) for pence in each)
        whole += sum(int(pence or 0) for pence in each)
    assert whole == 5 * 500_000_000  # what was lent


def test_the_receiver_is_less_deprived_than_four_of_five_givers_by_score_only() -> None:
    words = " ".join(answer("east-of-england-2019", "share of £25m to QUE").words)
    # 16.956 against 17.408, 18.114, 18.955, 21.658 and 13.337; fifths 12.7% against 10.1, 13.1,
    # 11.8, 15.9 and 1.9.
    assert "less deprived than 4 of the 5" in words and "the picture is mixed" in words


def test_the_rule_of_one_per_cent_names_the_denominator_that_explains_it() -> None:
    found = [f for f in answer("nene-2013", "check").findings if f.code == "RECONCILE_DIFF"]
    # 1% of 660 = 6.6 against 6: 0.6; 1% of 639.027 = 6.39, which is 6 to the nearest million.
    assert len(found) == 1
    for words in ("£6.6 million", "£6.0 million", "£0.6 million", "£639.0 million"):
        assert words in found[0].message


@pytest.mark.parametrize("book", BOOKS)
def test_no_published_book_has_an_error(book: str) -> None:
    assert not answer(book, "check").has_errors


def test_control_totals_of_birmingham_show_the_change_with_its_dates() -> None:
    table = answer("birmingham-solihull-2019", "position").tables["control_totals"]
    # 0 before; 4.6 million = 460,000,000 pence from 5 June 2019.
    assert [row["pence"] for row in table] == [0, 460_000_000]
    assert "2019-06-05" in str(table[1]) and "2019-04-01" in str(table[0])


def test_norfolk_of_2018_is_never_added_to_2019() -> None:
    result = answer("east-of-england-2019", "position")
    assert result.figure("surplus/QMM/2019-20/plan") is None or (
        result.value("surplus/QMM/2019-20/plan") is None
    )
    # (76) as stated, and not (76) + (97.6) or (192) + (97.6).
    assert result.value("surplus/Y61/2019-20/plan") == -7_600_000_000
    codes = {(f.code, f.organisation) for f in result.findings}
    assert ("CHILDREN_INCOMPLETE", "Y61") in codes


@pytest.mark.parametrize("book", BOOKS)
def test_no_figure_of_a_published_book_is_made_from_nothing(book: str) -> None:
    """Every figure that has a value rests on a figure or an entry; every other says why not."""
    result = answer(book, "position")
    assert result.figures
    for figure in result.figures:
        trace = result.trace[figure.id]
        assert trace.rule
        if figure.value is not None:
            assert trace.inputs or trace.entries, figure.id


def test_pages_are_about_every_published_book() -> None:
    folders = {p.name for p in (ROOT / "examples").iterdir() if p.is_dir()}
    assert set(BOOKS) <= folders
    assert folders - set(BOOKS) == {"fictional-system", "mergers-2026"}

"""Packs opened in a real browser: accessible, self-contained, usable without script or mouse."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.datafiles import packaged_rows
from controltotal.papers.board import board_paper
from controltotal.papers.page import page_html, plain_text
from controltotal.papers.paper import Paper
from controltotal.papers.pdf import paper_pdf
from tests.live_service import ARGUMENTS
from tests.pdf_words import overlaps, words_of

ROOT = Path(__file__).parent.parent.parent
BOOKS = sorted(
    path.name for path in (ROOT / "examples").iterdir() if (path / "organisations.csv").exists()
)
PAPER = "-board-paper"
SCREENS, SCREEN = 12, 900
"""How long a board paper is at most: screens of so many points at 1280 points' width."""
PRINTED = 10
"""Pages of A4 that a board paper has at most."""
ODD = re.compile(r"£[\d(),.]+ (million|thousand)|\bNone\b(?! of)|\b[a-z]+_[a-z_]+\b")
"""What no paper says: money in two forms, what is missing as a program has it, an identifier."""
PAGES = sorted([*BOOKS, *(name + PAPER for name in BOOKS)])
AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # every place is told of these alone, the rest is counted
}
AXE = """async rules => {
  const found = await axe.run(document, rules);
  return {violations: found.violations, passes: found.passes.length};
}"""


@pytest.fixture(scope="module")
def papers() -> dict[str, Paper]:
    """Every example's board paper and whole pack."""
    made = {}
    for name in BOOKS:
        results = verbs.pack_results(verbs.read(ROOT / "examples" / name))
        made[name], made[name + PAPER] = board_paper(results, full=True), board_paper(results)
    return made


@pytest.fixture(scope="module")
def packs(papers: dict[str, Paper], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same as files."""
    folder = tmp_path_factory.mktemp("packs")
    for name, paper in papers.items():
        (folder / f"{name}.html").write_text(page_html(paper), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in papers}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


def axe_source() -> str:
    """axe-core as it comes with its Python package."""
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_no_accessibility_violation(name: str, packs: dict[str, Path], browser: Any) -> None:
    page = browser.new_page()
    page.goto(packs[name].as_uri())
    page.evaluate(axe_source())
    result = page.evaluate(AXE, AXE_RULES)
    said = [
        f"{v['impact']} {v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}"
        for v in result["violations"]
    ]
    page.close()
    assert said == []
    assert result["passes"] > 10


@pytest.mark.parametrize("name", PAGES)
def test_self_contained_and_whole(name: str, packs: dict[str, Path], browser: Any) -> None:
    """Without JavaScript: nothing is fetched, every link of the page has its target."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(packs[name].as_uri())
    assert asked == [packs[name].as_uri()]
    text = packs[name].read_text("utf-8")
    assert "<script" not in text and "@import" not in text and "@font-face" not in text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), "an id stands twice"
    links = set(re.findall(r'href="#([^"]+)"', text))
    assert links, "a pack without links explains nothing"
    assert links <= set(ids), sorted(links - set(ids))[:5]
    context.close()


def test_keyboard_reaches_the_content(packs: dict[str, Path], browser: Any) -> None:
    page = browser.new_page()
    page.goto(packs["fictional-system"].as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the main content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.close()


def test_narrow_screens_do_not_scroll_sideways(packs: dict[str, Path], browser: Any) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(packs["lancashire-south-cumbria-2021"].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


@pytest.mark.parametrize("name", BOOKS)
def test_a_board_paper_is_twelve_screens_and_fits_a_phone(
    name: str, packs: dict[str, Path], browser: Any
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": SCREEN})
    page.goto(packs[name + PAPER].as_uri())
    high = page.evaluate("document.documentElement.scrollHeight")
    assert high <= SCREENS * SCREEN
    assert page.evaluate("document.getElementById('answer').getBoundingClientRect().top") < SCREEN
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate(axe_source())
    found = page.evaluate(AXE, AXE_RULES)["violations"]
    assert [one["id"] for one in found] == []
    page.close()


@pytest.mark.parametrize("name", BOOKS)
def test_a_board_paper_says_what_people_say(
    name: str, packs: dict[str, Path], browser: Any
) -> None:
    """No word of the answers' own stands in a paper, but where the book itself wrote it."""
    page = browser.new_page()
    page.goto(packs[name + PAPER].as_uri())
    page.evaluate("document.getElementById('how')?.parentElement.remove()")  # it names addresses
    text = " ".join(page.evaluate("document.querySelector('main').textContent").split())
    page.close()
    ours = re.compile(rf"\b({'|'.join(row['answers'] for row in packaged_rows('said.csv'))})\b")
    for file in sorted((ROOT / "examples" / name).glob("*.csv")):
        for row in csv.reader(file.open(encoding="utf-8", newline="")):
            for cell in (" ".join(cell.split()) for cell in row):
                if ours.search(cell) or ODD.search(cell):
                    text = text.replace(cell, "")
    found = [text[max(0, one.start() - 60) : one.end() + 40] for one in ours.finditer(text)]
    assert found == []
    assert [text[max(0, o.start() - 60) : o.end() + 40] for o in ODD.finditer(text)] == []


@pytest.mark.parametrize("name", BOOKS)
def test_a_printed_paper_reads(name: str, papers: dict[str, Paper]) -> None:
    """At most ten pages, no word over another, and each number of its tables as the page has it."""
    paper = papers[name + PAPER]
    pages = words_of(paper_pdf(paper).data)
    assert len(pages) <= PRINTED
    assert [overlaps(words) for words in pages] == [[] for _ in pages]
    words = Counter(word.text for page in pages for word in page)
    assert not ODD.search(" ".join(word.text for page in pages for word in page))
    shown: Counter[str] = Counter()
    for table in (t for section in paper.sections for t in section.tables if not t.folded):
        for row in table.rows:
            for column in (one for one in table.columns if one.kind == "cell"):
                shown.update(plain_text(column, row.get(column.key)).split())
    assert shown - words == Counter()


@pytest.mark.parametrize("name", BOOKS)
def test_fictional_data_says_so(name: str, packs: dict[str, Path]) -> None:
    fictional = "These data are fictional" in packs[name].read_text("utf-8")
    assert fictional == (name == "fictional-system")

"""The manual as a whole: its order, its links, its glossary and its pictures.

Zensical shows the pages of `nav` in `zensical.toml` and no order of its own; a page that is not there is
built and found by nobody. A page for each rule is reached from the list of rules.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.glossary_page import PAGE, anchor, page
from tools.reference import LISTS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
IMAGES = DOCS / "images"
GENERATED = "reference/generated/"
OF_RULES = f"{GENERATED}rules/"  # a page each, reached from the list
ORDER = ["index.md", "tutorial", "papers.md", "how-to", "glossary.md", "reference", "explanation"]
LAST = ["assurance", "decisions"]
LINK = re.compile(r"(?<!`)(!?)\[([^\]]*)\]\(([^)\s]+)\)")
KILOBYTES_EACH, KILOBYTES_TOGETHER = 150, 1500

WRITTEN = sorted(
    path.relative_to(DOCS).as_posix()
    for path in DOCS.rglob("*.md")
    if GENERATED not in path.as_posix()
)


def leaves(items: list[Any]) -> Iterator[str]:
    """The pages of a navigation, in order."""
    for item in items:
        if isinstance(item, str):
            yield item
            continue
        for value in item.values():
            yield from leaves(value) if isinstance(value, list) else [value]


def nav() -> list[str]:
    return list(
        leaves(tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"])
    )


def prose(path: Path) -> str:
    """A page without its fences, in which a bracket is no link."""
    return re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.M | re.S)


def headings(path: Path) -> set[str]:
    return {
        anchor(re.sub(r"[`*]", "", line)) for line in re.findall(r"^#+ (.*)$", prose(path), re.M)
    }


def test_each_page_stands_in_the_navigation_once() -> None:
    counted = Counter(nav())
    assert {page: n for page, n in counted.items() if n > 1} == {}
    made = {
        f"{GENERATED}{name}.md"
        for name in (*LISTS, "tables", "cases", "errors", "commands", "rules")
    }
    assert set(counted) == set(WRITTEN) | made


def test_the_order_is_the_one_that_people_need() -> None:
    parts = list(dict.fromkeys(page.partition("/")[0] for page in nav()))
    assert parts == [*ORDER, *LAST]


def test_every_job_is_on_the_page_of_jobs() -> None:
    listed = {
        target.partition("#")[0]
        for _, _, target in LINK.findall(prose(DOCS / "how-to" / "index.md"))
    }
    jobs = {Path(page).name for page in WRITTEN if page.startswith("how-to/")} - {"index.md"}
    assert sorted(jobs - listed) == []


def test_a_job_is_listed_once_for_each_who_has_it() -> None:
    jobs = (DOCS / "how-to" / "index.md").read_text("utf-8")
    for part in re.split(r"^## ", jobs, flags=re.M)[1:]:
        counted = Counter(target for _, _, target in LINK.findall(part))
        assert {target for target, n in counted.items() if n > 1} == set(), part.splitlines()[0]


@pytest.mark.parametrize("name", WRITTEN)
def test_a_link_to_a_part_of_a_page_finds_it(name: str) -> None:
    path = DOCS / name
    wrong = []
    for _, _, target in LINK.findall(prose(path)):
        file, _, part = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not part or GENERATED in there.as_posix() or target.startswith("http"):
            continue
        if not there.exists() or part not in headings(there):
            wrong.append(target)
    assert wrong == []


def test_the_glossary_is_that_of_the_program() -> None:
    """`python -m tools.glossary_page` writes it again."""
    assert PAGE.read_text("utf-8") == page()


def test_terms_of_the_glossary_are_in_order_and_have_addresses_of_their_own() -> None:
    terms = re.findall(r"^### (.*)$", page(), re.M)
    assert terms == sorted(terms, key=str.lower)
    assert len({anchor(term) for term in terms}) == len(terms)


def test_every_picture_is_shown_told_in_words_and_small() -> None:
    shown: dict[Path, str] = {}
    for path in [ROOT / "README.md", *(DOCS / name for name in WRITTEN)]:
        for mark, words, target in LINK.findall(prose(path)):
            if mark:
                shown[(path.parent / target).resolve()] = words
    there = {path.resolve() for path in IMAGES.iterdir()}
    assert {path.name for path in there} == {path.name for path in shown}
    assert [path.name for path, words in shown.items() if len(words) < 40] == []
    sizes = {path.name: path.stat().st_size / 1000 for path in there}
    assert {name: size for name, size in sizes.items() if size > KILOBYTES_EACH} == {}
    assert sum(sizes.values()) <= KILOBYTES_TOGETHER

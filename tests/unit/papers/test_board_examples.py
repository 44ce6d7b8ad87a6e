"""Pages of the published examples: each is good, or there is none."""

from __future__ import annotations

import re

import pytest

from controltotal.papers.board_duties import duties_page
from controltotal.papers.board_exposure import exposure_page
from controltotal.papers.board_method import method_page, words_used
from controltotal.papers.board_paying import paying_page
from controltotal.papers.board_savings import savings_page
from tests.board_results import example, focus, numbers, words

PAGES = (savings_page, exposure_page, paying_page, duties_page, method_page)
TOLD = {
    "birmingham-solihull-2019": ["duties", "method"],
    "east-of-england-2019": ["paying", "method"],
    "kent-medway-2025": ["duties", "method"],
    "morecambe-bay-2017": ["method"],
    "nene-2013": ["duties", "method"],
}
"""Which pages each example has something to say on."""
NEVER = re.compile(r"\b(None|nan|book|body|bodies|finding|eligible|unsafe)\b|\w_\w|\d{6,}")


@pytest.mark.parametrize("name", TOLD)
def test_each_page_of_an_example_is_good_or_absent(name: str) -> None:
    results = example(name)
    told = focus(results)
    made = [page for page in (page(results, told) for page in PAGES) if page]
    assert [page[0].id for page in made] == TOLD[name]
    for page in made:
        head, *parts = page
        assert head.lead and head.level == 2 and head.words
        assert all(part.level == 3 and not part.empty for part in parts)
        found = NEVER.search(words(page))
        assert found is None, words(page)[max(0, found.start() - 60) : found.end() + 60]
        every, linked = numbers(page)
        assert linked >= 0.95 * every
        for table in (table for part in parts for table in part.tables):
            assert table.folded or len(table.rows) <= 12
    used = words_used([part for page in made for part in page])
    assert NEVER.search(words([used])) is None

"""Each office reads pages of the service in every way: over all offices every page in each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.inspecting import Inspector
from tests.live_service import Service
from tests.pages.service.reading import ACCOUNTS, ONLY, PAGES, part_of, read, status_of
from tests.pages.service.test_walks import walked
from tests.walking import WAYS, Stage, Way

pytestmark = pytest.mark.pages


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("account", ACCOUNTS)
def test_an_office_reads_its_part_of_the_pages(
    service: Service, browser: Any, inspector: Inspector, tmp_path: Path, account: str, way: Way
) -> None:
    walked(
        Stage(service, browser, way, inspector),
        read(account, whole=False),
        WAYS.index(way),
        tmp_path,
    )


def test_every_page_is_read_in_every_way_and_what_few_may_open_by_each_of_them() -> None:
    for turn in range(len(WAYS)):
        assert {path for account in ACCOUNTS for path in part_of(account, turn)} == set(PAGES)
    for account, office in ACCOUNTS.items():
        parts = [part_of(account, turn) for turn in range(len(WAYS))]
        assert all(parts)
        theirs = {path for path in ONLY if status_of(path, office) == 200}
        assert theirs <= {path for part in parts for path in part}

"""Each office reads the pages of the service in every way, a sixth of them in each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.inspecting import Inspector
from tests.live_service import Service
from tests.pages.service.reading import ACCOUNTS, PARTS, read
from tests.pages.service.test_walks import walked
from tests.walking import WAYS, Stage, Way

pytestmark = pytest.mark.pages


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("account", ACCOUNTS)
def test_an_office_reads_its_part_of_the_pages(
    service: Service, browser: Any, inspector: Inspector, tmp_path: Path, account: str, way: Way
) -> None:
    turn = WAYS.index(way)
    part = (turn + list(ACCOUNTS).index(account)) % PARTS
    walked(Stage(service, browser, way, inspector), read(account, part), turn, tmp_path)

"""Journeys walked with scripts and without, by pointer and by keyboard alone, at 1280 and at 390 px.

Quickly: each journey in three ways (with scripts, without, by keyboard; widths in turn), each office in
every way at a part of the pages, so that each office meets each page and each page each way. The whole
product of journeys, offices and ways is the soak's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.inspecting import Inspector
from tests.live_service import Service
from tests.pages.service.journeys import JOURNEYS, Journey, make_paper
from tests.walking import WAYS, Stage, Way

pytestmark = pytest.mark.pages
QUICK = [
    (name, WAYS[2 * pair + (at + pair) % 2])
    for at, name in enumerate(JOURNEYS)
    for pair in range(3)
]


def walked(stage: Stage, journey: Journey, turn: int, folder: Path) -> None:
    """Walk a journey; where it fails, say where everybody stood."""
    try:
        journey(stage, turn, folder)
    except BaseException:
        stage.tell()
        raise
    finally:
        stage.end()


@pytest.mark.parametrize(("name", "way"), QUICK, ids=[f"{n}, {way.name}" for n, way in QUICK])
def test_a_journey_is_walked(
    service: Service,
    browser: Any,
    inspector: Inspector,
    tmp_path: Path,
    name: str,
    way: Way,
) -> None:
    stage = Stage(service, browser, way, inspector)
    walked(stage, JOURNEYS[name], WAYS.index(way), tmp_path)


def test_a_paper_is_made_by_keyboard_on_a_phone_without_scripts(
    service: Service, browser: Any, inspector: Inspector, tmp_path: Path
) -> None:
    walked(Stage(service, browser, WAYS[-1], inspector), make_paper, 0, tmp_path)

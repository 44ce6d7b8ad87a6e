"""Journeys walked with scripts and without, by pointer and by keyboard alone, at 1280 and at 390 px.

Quickly: each journey in three ways (with scripts, without, by keyboard; widths in turn), and signing,
which is one page with four outcomes, in three ways among the four; each office in every way at a part
of the pages, so that each page is met in each way. The whole product of journeys, offices and ways is
the soak's; that each office gets what it may of every page is `test_access_reads`.
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
SIGNING = [name for name in JOURNEYS if name.startswith("sign")]
QUICK = [
    (name, WAYS[2 * pair + (at + pair) % 2])
    for at, name in enumerate(JOURNEYS)
    for pair in range(3)
    if name not in SIGNING or pair == SIGNING.index(name) % 3
]
"""The four ways to sign are one page and one button: each is walked once, and the page in all ways."""


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

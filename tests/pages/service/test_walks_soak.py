"""The whole product: every journey, and every page for every office, in every way. Run by `make soak`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.inspecting import Inspector
from tests.live_service import Service
from tests.pages.service.journeys import JOURNEYS, TRYING, Journey, make_paper, try_change
from tests.pages.service.reading import ACCOUNTS, read
from tests.pages.service.test_walks import walked
from tests.walking import WAYS, Stage, Way

pytestmark = [pytest.mark.pages, pytest.mark.soak]
WHOLE: dict[str, Journey] = {
    **JOURNEYS,
    "make a paper": make_paper,
    **{f"{one} tries": try_change(one) for one in TRYING},
    **{f"{one} reads": read(one) for one in ACCOUNTS},
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("name", WHOLE)
def test_a_journey_is_walked(
    service: Service, browser: Any, inspector: Inspector, tmp_path: Path, name: str, way: Way
) -> None:
    inspector.deep = True
    walked(Stage(service, browser, way, inspector), WHOLE[name], WAYS.index(way), tmp_path)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("name", [one for one in JOURNEYS if one.startswith("sign")])
def test_the_other_director_signs_too(
    service: Service, browser: Any, inspector: Inspector, tmp_path: Path, name: str, way: Way
) -> None:
    walked(Stage(service, browser, way, inspector), JOURNEYS[name], 6 + WAYS.index(way), tmp_path)

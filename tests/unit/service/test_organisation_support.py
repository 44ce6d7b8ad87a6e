"""An organisation's page names the support that its figures hold, whatever told of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.fictional_ledger import fictional
from tests.service_house import client, served


@pytest.fixture(scope="module")
def house() -> Any:
    return served(desk=fictional())


def words_of(house: Any, code: str) -> str:
    reader = client(house, "vic", ("auditor", "XF-REG"))
    text = re.sub(r"<[^>]+>", " ", reader.get(f"/organisations/{code}").content.decode())
    return " ".join(text.split())


def test_support_income_stands_beside_the_transfers(house: Any) -> None:
    words = words_of(house, "XF-FTH")
    assert "gives and receives no support" not in words
    assert "Support income (such as deficit support)" in words
    assert "plan 18.0 0.0 18.0" in words
    assert "No transfer to or from another organisation is in the data." in words


def test_who_has_no_support_is_told_of_none(house: Any) -> None:
    assert "Support in the figures" not in words_of(house, "XF-AMB")


def test_a_system_has_the_support_of_those_in_it(house: Any) -> None:
    words = words_of(house, "XF-SYS")
    assert "Support in the figures of 2026/27" in words

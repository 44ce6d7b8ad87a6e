"""The look of the web service asks for nothing elsewhere, runs no text as code and bears no brand."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import pytest

STATIC = Path(str(files("controltotal"))) / "service" / "static"
LOCK = Path(__file__).parents[3] / "scripts" / "assets" / "assets.lock"
MADE = ("htmx.min.js", "service.css", "service.js")
NAMESPACE = "http://www.w3.org/2000/svg"  # a name, which nothing asks for
ELSEWHERE = re.compile(r"(?:https?:|wss?:)?//[a-z0-9-]+\.[a-z]", re.I)
BRAND = re.compile(r"fruti[g]er|logo|nhs england|nhs digital|#005eb8|#003087|nhs\.uk", re.I)


@pytest.mark.parametrize("name", [*MADE, "icon.svg"])
def test_no_asset_names_another_host(name: str) -> None:
    text = unquote((STATIC / name).read_text("utf-8")).replace(NAMESPACE, "")
    assert not ELSEWHERE.search(text), ELSEWHERE.search(text)


def test_the_style_sheet_asks_for_nothing_and_brings_no_typeface() -> None:
    text = (STATIC / "service.css").read_text("utf-8")
    assert "@font-face" not in text
    assert "@import" not in text
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]{0,30})", text)
    assert all(address.startswith("data:image/svg+xml,") for address in addresses), addresses


@pytest.mark.parametrize("name", [name for name in MADE if name.endswith(".js")])
def test_no_script_makes_code_out_of_text(name: str) -> None:
    text = (STATIC / name).read_text("utf-8")
    assert not re.search(r"\beval\s*\(|\bnew Function\b|\bFunction\s*\(", text)
    assert "document.write" not in text


@pytest.mark.parametrize("name", [*MADE, "icon.svg"])
def test_no_asset_bears_a_brand(name: str) -> None:
    assert not BRAND.search((STATIC / name).read_text("utf-8"))


def test_the_licences_name_every_part_with_its_version() -> None:
    text = (STATIC / "LICENCES.md").read_text("utf-8")
    for line in LOCK.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, version, digest = line.split()
            assert re.search(rf"^\| {re.escape(name)} \| {re.escape(version)} \|", text, re.M), name
            assert digest.startswith("sha512-"), name


def test_htmx_is_the_second_major_version() -> None:
    assert 'version:"2.' in (STATIC / "htmx.min.js").read_text("utf-8")

"""The bill of materials names what the locks name, and the parts of the front end."""

from __future__ import annotations

import json
import re

from tools.bill_of_materials import BILL, components, locks, text, told_licences


def test_the_bill_is_made_from_the_locks() -> None:
    """`python -m tools.bill_of_materials` writes it again."""
    assert BILL.read_text("utf-8") == text(told_licences())


def test_every_line_of_every_lock_is_a_part_with_its_hashes() -> None:
    parts = {(one["name"], one["version"]): one for one in components()}
    for lock in locks():
        told = lock.read_text("utf-8")
        entries = re.findall(r"^([a-z0-9._-]+)(?:\[.*?\])?==([^\s;]+)", told, re.M)
        assert entries
        for name, version in entries:
            where = {one["value"] for one in parts[name, version]["properties"]}
            assert any(lock.as_posix().endswith(one) for one in where)
        hashes = {one["content"] for part in parts.values() for one in part.get("hashes", [])}
        assert set(re.findall(r"sha256:([0-9a-f]{64})", told)) <= hashes


def test_the_parts_of_the_pages_are_there_with_their_licences() -> None:
    told = {one["name"]: one for one in json.loads(BILL.read_text("utf-8"))["components"]}
    for name in ("nhsuk-frontend", "htmx.org"):
        assert told[name]["version"] and told[name]["licenses"][0]["license"]["id"]


def test_most_parts_say_under_which_licence_they_are() -> None:
    told = json.loads(BILL.read_text("utf-8"))["components"]
    assert sum("licenses" in one for one in told) > 100

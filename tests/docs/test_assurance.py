"""The pages on assurance: every requirement once, every test that is named there, every number true."""

from __future__ import annotations

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest

from tests.service_house import set_up
from tools.assurance_page import PAGE, VERDICTS, page, rows

ROOT = Path(__file__).parents[2]
ASSURANCE = ROOT / "docs" / "assurance"
IDS = ROOT / "tests" / "data" / "asvs_ids.csv"
NAMED = re.compile(r"`(tests/[\w/]+\.py)`")


@cache
def functions(path: str) -> frozenset[str]:
    """The functions of a file; none where it is not there."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


def test_every_requirement_stands_once_with_its_level() -> None:
    with IDS.open(encoding="utf-8", newline="") as file:
        asked = [(one["id"], one["level"]) for one in csv.DictReader(file)]
    assert [(one["id"], one["level"]) for one in rows()] == asked
    assert len(asked) == len(set(asked)) == 256


def test_every_verdict_says_what_it_must() -> None:
    for one in rows():
        assert one["verdict"] in VERDICTS and one["topic"], one["id"]
        assert bool(one["test"]) == (one["verdict"] == "met"), one["id"]
        assert one["how"] and len(one["how"]) < 200, one["id"]


def test_every_test_that_is_named_is_there() -> None:
    named = [(one["id"], test) for one in rows() for test in one["test"].split()]
    missing = [
        f"{requirement}: {test}"
        for requirement, test in named
        if test.partition("::")[2] not in functions(test.partition("::")[0])
    ]
    assert named and missing == []


def test_the_page_is_made_from_the_table() -> None:
    """`python -m tools.assurance_page` writes it again."""
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("path", sorted(ASSURANCE.glob("*.md")), ids=lambda path: str(path.name))
def test_files_of_tests_that_a_page_names_are_there(path: Path) -> None:
    assert [
        one for one in NAMED.findall(path.read_text("utf-8")) if not (ROOT / one).is_file()
    ] == []


def test_the_page_on_security_says_what_the_settings_say() -> None:
    set_up()
    from django.contrib.auth.hashers import ScryptPasswordHasher

    from controltotal.service import (
        limits,
        security_log,
        serving,
        settings,
        signing_in,
        tokens,
        work,
    )
    from controltotal.service.password_words import LEAST, WORDS

    text = (ASSURANCE / "security.md").read_text("utf-8")
    rates = {name: tuple(map(str, each.split(","))) for name, each in settings.LIMITS.items()}
    assert rates["login"] == ("30/m/ip",) and rates["login_failed"] == ("20/m/ip", "5/5m/key")
    least = next(v for v in settings.VALIDATORS if "MinimumLength" in str(v["NAME"]))
    assert least["OPTIONS"] == {"min_length": 12} and LEAST == 8
    scrypt = ScryptPasswordHasher()
    assert (scrypt.work_factor, scrypt.block_size, scrypt.parallelism) == (16384, 8, 5)
    for what, value in {
        "a session ends when nothing was asked for": f"{settings.IDLE // 60} minutes",
        "a session ends whatever happens": f"{settings.LONGEST // 3600} hours",
        "what is grave is confirmed again when the sign-in is older than": (
            f"{signing_in.RECENT // 60} minutes"
        ),
        "tries to sign in from one address": "30 a minute",
        "failed tries from one address": "20 a minute",
        "failed tries under one name": "5 in 5 minutes",
        "writes of one person": f"{limits.Limits().writes} a minute",
        "questions of one person's programs": f"{limits.Limits().asks} a minute",
        "jobs of one person that wait or run": str(work.MOST),
        "body of a request": f"{serving.LARGEST // 1024**2} MiB",
        "upload": f"{settings.UPLOAD_MOST // 1024**2} MiB",
        "threads that answer": str(serving.THREADS),
        "a token lasts at most": f"{tokens.LONGEST} days",
        "security log before it is put aside": (
            f"{security_log.MOST // 10**6} MB, {security_log.KEPT} kept"
        ),
    }.items():
        assert f"| {what} | {value} |" in text
    flat = " ".join(text.split())
    assert f"*{', '.join(WORDS)}, nhs, icb*" in flat
    for part in (
        "## Ways in",
        "## Files that are taken",
        "## Heavy work",
        "## Keys",
        "## Data by level",
    ):
        assert part in text


def test_the_page_on_security_names_every_event_of_the_log() -> None:
    set_up()
    from controltotal.service import security_log

    flat = " ".join((ASSURANCE / "security.md").read_text("utf-8").split())
    source = Path(security_log.__file__).read_text("utf-8")
    noted = set(re.findall(r'note\("([a-z -]+)"', source)) | set(security_log.EVENTS.values())
    assert len(noted) > 12
    assert [event for event in sorted(noted) if f"`{event}`" not in flat] == []
    assert "standard error" in flat


def test_the_policy_says_how_fast_parts_are_updated() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    for grave, days in (("critical", 7), ("high", 30), ("medium", 90)):
        assert re.search(rf"\| {grave}.*\| {days} days \|", text)
    assert "within 10" in text and "every 6 months" in text

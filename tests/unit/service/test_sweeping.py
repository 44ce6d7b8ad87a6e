"""What is not kept for ever goes after its days, by a moved clock; everything else stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from controltotal.core.errors import BookError
from controltotal.service.deployment import Deployment, with_settings
from controltotal.service.jobs import put_back
from controltotal.service.models import Draft, Job, Link, Nudge, Reading, SignIn, Token
from controltotal.service.settings import folder
from controltotal.service.sweeping import sweep
from controltotal.service.worker import Chore
from tests.service_house import person, served

EACH = ("sessions", "links", "tokens", "uploads", "jobs", "readings", "reminders")
ORGANISATION = "T1"


@pytest.fixture
def house() -> Any:
    """A house without anything to sweep."""
    found = served()
    for name in ("uploads", "jobs", "mail"):
        for file in sorted(folder(found.deployment, name).rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
    return found


@pytest.fixture
def kept(house: Any) -> dict[str, list[Path]]:
    """One of everything that is swept, kept or ended today; the files of each."""
    ann, now = person(house, "ann", ("trust_finance", ORGANISATION)), timezone.now()
    Token.objects.create(person=ann, digest="x", ends=now)
    Link.objects.create(person=ann, organisation=ORGANISATION, ends=now)
    SignIn.objects.create(session_key="s", session_data="", expire_date=now, person=ann)
    Reading.objects.create(person=ann, organisation=ORGANISATION, page="p", day=now.date())
    Nudge.objects.create(person=ann, what="w")
    draft = Draft.objects.create(person=ann, organisation=ORGANISATION, kind="month", key="M9")
    job = Job.objects.create(person=ann, verb="risk", state="done", ended=now)
    return {
        "uploads": [laid(house, "uploads", f"{ORGANISATION}/{draft.pk}/1.file")],
        "jobs": [laid(house, "jobs", f"{job.pk}{end}") for end in (".json", ".part.html")],
        "reminders": [laid(house, "mail", "one.eml")],
    }


def laid(house: Any, where: str, name: str) -> Path:
    """A file in a folder of the service."""
    found = folder(house.deployment, where) / name
    found.parent.mkdir(parents=True, exist_ok=True)
    found.write_text("x")
    return found


def in_days(days: float) -> dict[str, int]:
    """What is swept some days from now."""
    return {name: count for name, count in sweep(timezone.now() + timedelta(days)).items() if count}


@pytest.mark.parametrize(
    ("days", "gone"),
    [
        (-1, set()),
        (0.01, {"sessions", "links", "tokens"}),
        (89, {"sessions", "links", "tokens"}),
        (91, {"sessions", "links", "tokens", "uploads", "jobs", "reminders"}),
        (731, set(EACH)),
    ],
)
def test_each_goes_after_its_days_with_its_files(
    kept: dict[str, list[Path]], days: float, gone: set[str]
) -> None:
    assert set(in_days(days)) == gone
    assert {name for name, files in kept.items() if not files[0].exists()} == gone & set(kept)
    assert in_days(days) == {}, "swept once"


def test_a_setting_of_nought_keeps_for_ever_and_another_number_is_taken(
    house: Any, kept: dict[str, list[Path]]
) -> None:
    usual = house.deployment
    names = ("keep_uploads", "keep_jobs", "keep_readings", "keep_reminders")
    house.deployment = replace(usual, **dict.fromkeys(names, 0))
    try:
        assert set(in_days(9000)) == {"sessions", "links", "tokens"}
        house.deployment = replace(usual, keep_uploads=5)
        assert in_days(4) == {} and in_days(6) == {"uploads": 1}
    finally:
        house.deployment = usual


def test_a_frozen_paper_what_waits_and_drafts_of_words_are_never_swept(house: Any) -> None:
    ann, now = person(house, "ann", ("trust_finance", ORGANISATION)), timezone.now()
    for state, frozen in (("done", True), ("waiting", False), ("running", False)):
        ended = now if state == "done" else None
        options = {"frozen": frozen}
        Job.objects.create(person=ann, verb="report", state=state, options=options, ended=ended)
    Draft.objects.create(person=ann, organisation=ORGANISATION, kind="transfer")
    assert in_days(9000) == {} and (Job.objects.count(), Draft.objects.count()) == (3, 1)


def test_files_of_which_no_draft_knows_go_too_and_no_link_is_followed(
    house: Any, tmp_path: Path
) -> None:
    outside = tmp_path / "figures"
    outside.mkdir()
    left = laid(house, "uploads", "T1/gone/1.file").parent
    link = left.parent / "link"
    link.symlink_to(outside)
    assert in_days(89) == {} and left.exists()
    assert in_days(91) == {"uploads": 1}
    assert not left.exists() and link.is_symlink() and outside.is_dir()
    link.unlink()


def test_work_that_a_worker_left_behind_is_done_anew_once_and_then_has_failed(house: Any) -> None:
    ann = person(house, "ann", ("trust_finance", ORGANISATION))
    job = Job.objects.create(person=ann, verb="risk", state="running")
    for state in ("waiting", "failed"):
        put_back()
        job.refresh_from_db()
        assert job.state == state
        Job.objects.filter(state="waiting").update(state="running")
    assert job.ended is not None and job.root == ""


def test_a_chore_is_done_again_after_its_time_and_a_fault_of_it_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock, done = [0.0], []
    monkeypatch.setattr("controltotal.service.worker.time.monotonic", lambda: clock[0])

    def work() -> None:
        done.append(clock[0])
        raise OSError("a figure: £5")

    chore = Chore(10, work, "sweep")
    for clock[0] in (0.0, 5.0, 11.0, 12.0):
        chore.look()
    assert done == [0.0, 11.0]
    assert "sweep: not all of it could be done" in caplog.text and "£5" not in caplog.text


@pytest.mark.parametrize("text", ["-1", "ten", "1.5", "999999", ""])
def test_days_that_are_none_are_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTROLTOTAL_KEEP_JOBS", text)
    with pytest.raises(BookError, match="keep_jobs reads"):
        with_settings(Deployment("", ""), tmp_path, {})


def test_the_page_on_retention_says_the_days_of_the_settings() -> None:
    root = Path(__file__).parents[3]
    page = (root / "docs" / "assurance" / "retention.md").read_text("utf-8")
    usual = Deployment("", "")
    for what, name in (
        ("uploads", "keep_uploads"),
        ("answers of jobs", "keep_jobs"),
        ("read log", "keep_readings"),
        ("reminders sent", "keep_reminders"),
    ):
        row = next(line for line in page.splitlines() if line.startswith(f"| {what} "))
        assert f"{getattr(usual, name)} days (`{name}`)" in row and "the worker, once a day" in row

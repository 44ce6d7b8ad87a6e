"""The page of profiles, gates and duties says what the data says."""

from __future__ import annotations

from pathlib import Path

from controltotal.programme.duties import duties
from controltotal.programme.gates import items
from controltotal.programme.profiles import profiles

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "quality-profiles.md").read_text("utf-8")


def test_every_profile_and_domain_is_on_the_page_with_its_bars() -> None:
    for profile in profiles().values():
        section = PAGE.partition(f"## {profile.profile}\n")[2].partition("\n## ")[0]
        bars = {(d.screen_at, d.escalate_at, d.reject_at) for d in profile.domains.values()}
        for screen, escalate, reject in bars:
            assert f"from {screen}, panel from {escalate}, refused from {reject}" in section
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        named = [row.split("|")[1].strip().strip("`") for row in rows]
        assert named == list(profile.domains)


def test_every_piece_of_evidence_and_every_duty_is_on_the_page() -> None:
    for item in items():
        assert f"| {item.gate} | {item.name}: " in PAGE
    for duty in duties().values():
        assert f"| `{duty.duty}` | {duty.name} |" in PAGE

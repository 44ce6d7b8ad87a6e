"""Profiles of a quality impact assessment: which domains, and at which score what happens.

A profile is data. Each domain is scored likelihood by consequence, 1 to 5 each, before and after
mitigation; the highest score counts, never a mean, and a benefit in one domain never cancels harm
in another. Safety of patients and of the workforce are in every profile of quality; a profile of
equality stands beside it. Sources: the quality
impact assessment framework of 2025, the guide of 2012 before it, and a commissioner's form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from controltotal.core.datafiles import packaged_rows

BANDS = ((15, "extreme"), (8, "high"), (4, "moderate"), (1, "low"))
"""Bands of a score: 1 to 3 low, 4 to 6 moderate, 8 to 12 high, 15 to 25 extreme."""
PANEL_CONSEQUENCE = 5
"""A residual consequence that always goes to a panel, whatever its likelihood."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of a profile with its thresholds; `protects` is patients, workforce or empty."""

    domain: str
    name: str
    protects: str
    screen_at: int
    escalate_at: int
    reject_at: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile and its domains in order; `kind` is quality or equality."""

    profile: str
    name: str
    kind: str
    domains: Mapping[str, Domain]


@lru_cache(maxsize=1)
def profiles() -> Mapping[str, Profile]:
    """Every packaged profile.

    >>> profiles()["classic"].domains["workforce_safety"].reject_at
    15
    """
    names: dict[str, str] = {}
    bars: dict[str, Mapping[str, str]] = {}
    domains: dict[str, dict[str, Domain]] = {}
    for row in packaged_rows("quality_profiles.csv"):
        profile = row["profile"]
        if not row["domain"]:
            names[profile], bars[profile], domains[profile] = row["name"], row, {}
            continue
        screen, escalate, reject = (
            int(row[bar] or bars[profile][bar]) for bar in ("screen_at", "escalate_at", "reject_at")
        )
        domains[profile][row["domain"]] = Domain(
            row["domain"], row["name"], row["protects"], screen, escalate, reject, row["meaning"]
        )
    found = {}
    for profile, own in domains.items():
        kind = bars[profile]["kind"]
        protected = {domain.protects for domain in own.values()}
        assert kind == "equality" or {"patients", "workforce"} <= protected, profile
        found[profile] = Profile(profile, names[profile], kind, MappingProxyType(own))
    return MappingProxyType(found)


def band(score: float) -> str:
    """The band of a score.

    >>> [band(score) for score in (3, 4, 8, 12, 15)]
    ['low', 'moderate', 'high', 'high', 'extreme']
    """
    return next(name for least, name in BANDS if score >= least)

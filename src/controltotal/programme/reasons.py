"""Why a scheme may not count: a code for machines and words for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a scheme may not count: a code, and words for people."""

    code: str
    text: str

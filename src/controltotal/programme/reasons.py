"""Why a scheme may not count: a code for machines and words for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a scheme may not count: a code, words for people, and whose signature it waits for."""

    code: str
    text: str
    whom: str = ""

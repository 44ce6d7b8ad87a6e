"""Gates G0 to G5 as data: what each asks for, whether a scheme has it, and every step back.

A gate is passed by a dated row of the table `gates`; the last word on a gate counts, and going
back is normal and stays on record. Evidence that a book can show is tested; evidence that only
people can judge is named. What is missing warns: only the rule in `judging` keeps a scheme out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from controltotal.book.records import Engagement, Gate
from controltotal.core.datafiles import packaged_rows
from controltotal.core.keys import word
from controltotal.programme.engagement import lacks_notification
from controltotal.programme.evidence import Evidence, passed
from controltotal.programme.profiles import profiles

GATES = ("G0", "G1", "G2", "G3", "G4", "G5")
POUND = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence of a gate; `from_pounds` is the value from which it is asked for."""

    gate: str
    item: str
    name: str
    approver: str
    from_pounds: int
    test: str
    meaning: str


@lru_cache(maxsize=1)
def items() -> tuple[Item, ...]:
    """Every piece of evidence, in order of gates.

    >>> [item.item for item in items() if item.gate == "G0"]
    ['description', 'value']
    """
    return tuple(
        Item(
            r["gate"],
            r["item"],
            r["name"],
            r["approver"],
            int(r["from_pounds"]),
            r["test"],
            r["meaning"],
        )
        for r in packaged_rows("gates.csv")
    )


@dataclass(frozen=True, slots=True)
class Folder:
    """What a book holds on one scheme besides its gates: counts of what the tests look at."""

    evidence: Evidence
    phased: bool
    workforce: bool
    milestones: int
    reviewed: bool
    engagements: tuple[Engagement, ...]
    actuals: bool


def _quality(folder: Folder) -> bool:
    own: dict[str, set[str]] = {}
    for row in folder.evidence.assessments:
        own.setdefault(word(row.profile), set()).add(word(row.domain))
    return any(
        profile.kind == "quality" and own.get(name, set()) >= set(profile.domains)
        for name, profile in profiles().items()
    )


def _clinical(folder: Folder) -> bool:
    signed = {word(r.role) for r in folder.evidence.gates.get("QIA", ()) if passed(r)}
    return {"medical_director", "chief_nurse"} <= signed


def _engaged(folder: Folder) -> bool:
    gate = folder.evidence.latest("G3")
    if gate is None:
        return bool(folder.engagements)
    return all((r.to or r.from_ or r.notified_on or gate.on) <= gate.on for r in folder.engagements)


def _strategy(folder: Folder) -> bool:
    return any("strateg" in (r.evidence or "").lower() for r in folder.evidence.gates.get("G2", ()))


def _notified(folder: Folder) -> bool:
    return not lacks_notification(folder.engagements)


TESTS: Mapping[str, Callable[[Folder], bool]] = {
    "title": lambda f: bool(f.evidence.row.title),
    "value": lambda f: f.evidence.row.full_year_effect is not None,
    "owner": lambda f: bool(f.evidence.row.owner),
    "recurrence": lambda f: f.evidence.row.recurrence in ("recurrent", "non_recurrent"),
    "category": lambda f: bool(f.evidence.row.category),
    "phasing": lambda f: f.phased or f.evidence.row.start is not None,
    "workforce": lambda f: f.workforce or f.evidence.row.capacity_wte is not None,
    "quality": _quality,
    "clinical": _clinical,
    "equality": lambda f: f.evidence.stands("EQIA"),
    "finance": lambda f: f.evidence.stands("finance"),
    "strategy": _strategy,
    "milestones": lambda f: f.milestones > 0,
    "engagement": _engaged,
    "notification": _notified,
    "actuals": lambda f: f.actuals,
    "benefits": lambda f: f.reviewed,
}


def missing(folder: Folder, gate: str, full_from_pounds: int | None = None) -> tuple[Item, ...]:
    """What a gate asks for and the book does not show; `full_from_pounds` replaces the threshold.

    A small scheme is asked for less: an item with a threshold is asked for from that value on.
    """
    value = abs(folder.evidence.row.full_year_effect)
    found = []
    for item in items():
        bar = item.from_pounds
        if bar and full_from_pounds is not None:
            bar = full_from_pounds
        if item.gate != gate or not item.test or value < bar * POUND:
            continue
        if not TESTS[item.test](folder):
            found.append(item)
    return tuple(found)


def reached(evidence: Evidence) -> str:
    """The highest gate that stands, empty before the first."""
    standing = [gate for gate in GATES if evidence.stands(gate)]
    return standing[-1] if standing else ""


def steps_back(evidence: Evidence) -> tuple[Gate, ...]:
    """Every time a gate was failed, in order: going back is recorded, never hidden."""
    rows = [r for gate in GATES for r in evidence.gates.get(gate, ()) if not passed(r)]
    return tuple(sorted(rows, key=lambda r: (r.on, r.entry)))


def skipped(evidence: Evidence) -> tuple[str, ...]:
    """Gates below the highest that stands which do not stand themselves."""
    top = reached(evidence)
    if not top:
        return ()
    return tuple(g for g in GATES[: GATES.index(top)] if not evidence.stands(g))

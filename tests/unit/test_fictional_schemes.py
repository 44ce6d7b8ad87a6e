"""Who may count in the fictional system, told twice: by the engine and by a slow reading of rows."""

from __future__ import annotations

from collections import defaultdict

import pytest

import controltotal
from controltotal.book.fold import Position
from controltotal.programme.eligibility import eligible
from tests.unit.test_fictional_system import BOOK, Rows, table


@pytest.fixture(scope="module")
def schemes() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in table("schemes")}


@pytest.fixture(scope="module")
def position() -> Position:
    return controltotal.read(BOOK)


def reasons(scheme: dict[str, str], gates: Rows, scores: Rows, heard: Rows) -> set[str]:
    """Why a scheme may not count, told afresh from the rows: the slow, obvious way."""
    found = set()
    ready = [g["outcome"] for g in sorted(gates, key=lambda g: g["on"]) if g["gate"] == "G3"]
    if not ready or ready[-1]:
        found.add("not ready")
    last = {(s["profile"], s["domain"]): s for s in scores}
    wanted = {"nhse_2025": 7, "classic": 4}
    profiles = {profile for profile, _ in last}
    if not profiles or len(last) < sum(wanted[p] for p in profiles):
        found.add("domain missing")
    for score in last.values():
        if int(score["residual_likelihood"]) * int(score["residual_consequence"]) >= 15:
            found.add(f"rejected for {score['domain']}")
    if any(s["residual_consequence"] == "5" for s in last.values()):
        panel = [g for g in gates if g["gate"] == "QIA" and g["role"] == "quality_panel"]
        found |= set() if panel and panel[-1]["outcome"] == "approve" else {"no panel"}
    decided = max((g["on"] for g in gates if g["gate"] == "G3"), default="")
    if any((e["to"] or e["notified_on"]) > decided for e in heard) and decided:
        found.add("heard after the decision")
    clinical = ("medical_director", "chief_nurse")
    signed = {g["role"]: g for g in gates if g["gate"] == "QIA" and g["role"] in clinical}
    people = [g["by"] for g in signed.values()]
    if set(signed) != {"medical_director", "chief_nurse"} or len(set(people)) < 2:
        found.add("not signed by two")
    if scheme["owner"] in people:
        found.add("owner signed")
    if signed and scheme["known_on"] > max(g["on"] for g in signed.values()):
        found.add("lapsed")
    return found


def test_only_the_deliberate_schemes_may_not_count(schemes: dict[str, dict[str, str]]) -> None:
    gates, scores = defaultdict(list), defaultdict(list)
    for row in table("gates"):
        gates[row["scheme"]].append(row)
    for row in table("assessments"):
        scores[row["scheme"]].append(row)
    heard = defaultdict(list)
    for row in table("engagements"):
        heard[row["scheme"]].append(row)
    judged = {
        id_: reasons(row, gates[id_], scores[id_], heard[id_]) for id_, row in schemes.items()
    }
    developed = {
        id_ for id_, row in schemes.items() if row["maturity"].startswith("fully_developed")
    }
    assert {id_: why for id_, why in judged.items() if why and id_ in developed} == {
        "COM-51": {"not ready", "domain missing", "not signed by two"},
        "COM-52": {"owner signed"},
        "ALD-56": {"rejected for safe"},
        "AMB-51": {"rejected for workforce_safety"},
        "FTH-51": {"lapsed"},
        "FTH-52": {"not signed by two"},
        "HOL-51": {"not signed by two"},
        "MHT-52": {"domain missing"},
        "ICB-53": {"not ready"},
        "ICB-54": {"heard after the decision"},
    }
    assert all(judged[id_] for id_ in schemes if id_ not in developed)


def test_the_engine_judges_as_the_slow_way_does(
    position: Position, schemes: dict[str, dict[str, str]]
) -> None:
    counted, left_out = eligible(position)
    gates, scores, heard = table("gates"), table("assessments"), table("engagements")
    mine = {
        id_
        for id_, row in schemes.items()
        if not reasons(
            row,
            [g for g in gates if g["scheme"] == id_],
            [s for s in scores if s["scheme"] == id_],
            [e for e in heard if e["scheme"] == id_],
        )
    }
    assert {one.row.id for one in counted} == mine
    assert len(counted) + len(left_out) == len(schemes)

"""Boundaries answered: systems in breach, authorities split, money by place, areas that moved.

A breach may have a dated exception (a waiver of the rule ``coterminosity`` in the book): it is
marked and counted apart, and stays in the count, because an exception moves nobody's border.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from controltotal.book.fold import Position
from controltotal.book.records import Waiver
from controltotal.core.errors import BookError
from controltotal.core.places import VINTAGES, areas, names
from controltotal.core.result import Answer, Result
from controltotal.governance.boundaries import (
    Overlap,
    breaches,
    money_by_authority,
    moves,
    split_authorities,
)
from controltotal.workings.gaps import gap
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings

PLACES = 8
"""Decimals of a share of people: so many that it prints as the exact one does in a sentence."""


def overlap(vintage: str) -> Overlap:
    """Systems against upper-tier authorities at a vintage, by people."""
    found = areas(vintage)
    return Overlap(
        vintage,
        found.codes["system"],
        found.codes["authority"],
        found.cross("system", "authority"),
    )


def answer_boundaries(
    workings: Workings | None = None,
    vintage: str = "2021",
    threshold: float = 0.02,
    year: str | None = None,
) -> Result:
    """Systems in breach, authorities split, and the money of the book by authority."""
    if vintage not in VINTAGES:
        raise BookError(
            f"--vintage reads {vintage!r}", "the command", f"give {', '.join(VINTAGES)}"
        )
    if not 0 <= threshold < 0.5:
        raise BookError(
            f"--threshold reads {threshold}", "the command", "give a share from 0 to below 0.5"
        )
    options: dict[str, object] = {"vintage": vintage, "threshold": threshold}
    options |= {"year": year} if year else {}
    position = workings.position if workings is not None else None
    ref = position.ref if position is not None else None
    answer = Answer("boundaries", ref, options)
    found = overlap(vintage)
    _breaches(answer, found, threshold, position)
    _splits(answer, found, threshold)
    _moves(answer, vintage)
    if workings is not None:
        _money(answer, workings, found, year or workings.position.default_year)
    return answer.result()


def _exceptions(position: Position | None, vintage: str) -> dict[str, Waiver]:
    """Dated exceptions in force in the year of the vintage: waivers of ``coterminosity``."""
    on = date(int(vintage), 4, 1)
    found = {}
    for row in position.book.waivers if position is not None else ():
        until = row.until
        in_force = row.on <= date(int(vintage), 12, 31) and (until is None or until >= on)
        if row.rule == "coterminosity" and in_force:
            found[row.organisation] = row
    return found


def _breaches(answer: Answer, found: Overlap, threshold: float, position: Position | None) -> None:
    rows = breaches(found, threshold)
    systems = sorted({row.system for row in rows})
    excepted = _exceptions(position, found.vintage)
    named, councils = names(found.vintage, "system"), names(found.vintage, "authority")
    rule = (
        f"holds more than {threshold:.1%} and less than {1 - threshold:.1%} of an authority with "
        f"more than {threshold:.1%} outside its main system"
    )
    whole = f"breaches/ENGLAND/{found.vintage}/boundary"
    parts = []
    for system in found.systems:
        figure = f"breach/{system}/{found.vintage}/boundary"
        entries = (excepted[system].entry,) if system in excepted else ()
        answer.figure(figure, int(system in systems), "count", rule=rule, entries=entries)
        parts.append(figure)
    answer.figure(whole, len(systems), "count", rule=rule, inputs=parts)
    covered = [system for system in systems if system in excepted]
    if covered:
        answer.figure(
            f"{whole}/excepted",
            len(covered),
            "count",
            rule="breaches with a dated exception in force",
            entries=[excepted[system].entry for system in covered],
        )
    answer.table(
        "breaches",
        [
            {
                "system": row.system,
                "name": named[row.system],
                "authority": row.authority,
                "authority_name": councils[row.authority],
                "people": row.people,
                "share_of_authority": round(row.share, PLACES),
                "authority_outside_main": round(row.outside, PLACES),
                "excepted": row.system in excepted,
            }
            for row in rows
        ],
    )
    split = split_authorities(found, threshold)
    answer.words(
        f"{len(systems)} of {len(found.systems)} systems breach at {threshold:.1%} on the areas of "
        f"{found.vintage}; {len(split)} of {len(found.authorities)} upper-tier authorities are split.",
        topic="boundary",
    )
    if systems:
        listed = "; ".join(named[code] for code in systems)
        answer.words(f"Systems in breach: {listed}.", topic="boundary")
        outside = found.outside()
        parted = sorted(split, key=lambda code: (-outside[code], code))
        said = "; ".join(f"{councils[code]} {outside[code]:.1%}" for code in parted)
        answer.words(
            f"Authorities split, with the share of their people outside their main system: {said}.",
            topic="boundary",
        )
    _as_stated(answer, position, len(systems), threshold)


def _as_stated(answer: Answer, position: Position | None, counted: int, threshold: float) -> None:
    """What a source of the book says of the number of systems, beside what is counted here."""
    for row in position.book.facts if position is not None else ():
        if row.fact != "systems_not_coterminous" or position is None:
            continue
        source = position.sources.get(row.source or "")
        hedge = f"{row.qualifier} ".replace("_", " ") if row.qualifier else ""
        quoted = f" (“{source.quote}”)" if source is not None and source.quote else ""
        answer.words(
            f"As stated: {hedge}{row.value:g} systems{quoted}; counted here at {threshold:.1%}: "
            f"{counted}.",
            topic="boundary",
            about=row.organisation,
        )


def _splits(answer: Answer, found: Overlap, threshold: float) -> None:
    """Share of each authority's people outside its main system."""
    outside, main = found.outside(), found.main_system()
    councils, named = names(found.vintage, "authority"), names(found.vintage, "system")
    rows: list[dict[str, Any]] = []
    for n, code in enumerate(found.authorities):
        answer.figure(
            f"population_split/{code}/{found.vintage}/boundary",
            round(outside[code], PLACES),
            "share",
            rule="share of its people outside the system that holds most of them",
        )
        if outside[code] > 0:
            people = found.people[:, n]
            for place in np.flatnonzero(people):
                system = found.systems[place]
                rows.append(
                    {
                        "authority": code,
                        "authority_name": councils[code],
                        "system": system,
                        "name": named[system],
                        "people": int(people[place]),
                        "share": round(int(people[place]) / int(people.sum()), PLACES),
                        "main": main[code] == system,
                        "split": outside[code] > threshold,
                        "outside_main": round(outside[code], PLACES),
                    }
                )
    rows.sort(key=lambda row: (-row["outside_main"], row["authority"], row["system"]))
    answer.table("population_split", rows)


def _moves(answer: Answer, vintage: str) -> None:
    """People whose areas changed system since the vintage before, where areas are the same."""
    place = VINTAGES.index(vintage)
    if place == 0 or vintage == "2024":
        return
    before, after = areas(VINTAGES[place - 1]), areas(vintage)
    old = np.array(before.codes["system"])[before.member["system"]]
    new = np.array(after.codes["system"])[after.member["system"]]
    council = np.array(after.codes["authority"])[after.member["authority"]]
    changed = np.flatnonzero(old != new)
    found = moves(
        old[changed].tolist(),
        new[changed].tolist(),
        council[changed].tolist(),
        after.people[changed].tolist(),
    )
    answer.table(
        "moves",
        [
            {
                "from_vintage": VINTAGES[place - 1],
                "to_vintage": vintage,
                "from": move.before,
                "to": move.after,
                "authority": move.authority,
                "people": move.people,
            }
            for move in found
        ],
    )


def _money(answer: Answer, workings: Workings, found: Overlap, year: str) -> None:
    """Money of the book's systems laid on authorities by where people live."""
    position = workings.position
    totals = workings.totals
    listed = [code for code in position.tree.organisations if code in found.systems]
    values: dict[str, dict[str, Value]] = {
        "surplus": {code: totals.surplus(code, year, "plan") for code in listed},
        "control_total": {code: totals.control_total(code, year) for code in listed},
        "gap": {code: gap(totals, code, year, "plan") for code in listed},
        "allocation": {code: totals.allocation(code, year) for code in listed},
    }
    laid = [name for name, known in values.items() if _lay(answer, found, year, name, known)]
    if laid:
        said = ", ".join(name.replace("_", " ") for name in laid)
        answer.words(
            f"Money of the systems in this book ({said}) is laid on authorities by where people "
            "live; this assumes an equal sum a head.",
            topic="boundary",
            year=year,
        )


def _lay(
    answer: Answer, found: Overlap, year: str, measure: str, values: Mapping[str, Value]
) -> bool:
    """One measure on every authority that its systems reach; whether there was anything to lay."""
    pence = {code: value.pence for code, value in values.items() if value.pence is not None}
    placed, _ = money_by_authority(pence, found)
    councils = names(found.vintage, "authority")
    sums: dict[str, int] = {}
    givers: dict[str, list[str]] = {}
    for (system, authority), part in placed.items():
        sums[authority] = sums.get(authority, 0) + part
        givers.setdefault(authority, []).append(system)
    for authority, part in sorted(sums.items()):
        systems = givers[authority]
        answer.figure(
            f"money_by_place/{authority}/{year}/plan/{measure}",
            part,
            rule=f"{measure} of each system x share of its people who live here",
            inputs=[f"{measure}/{system}/{year}/plan" for system in systems],
            entries=[e for system in systems for e in values[system].entries],
        )
    answer.table(
        "money_by_authority",
        [
            {
                "measure": measure,
                "year": year,
                "system": system,
                "authority": authority,
                "authority_name": councils[authority],
                "pence": part,
            }
            for (system, authority), part in placed.items()
        ],
    )
    return bool(placed)

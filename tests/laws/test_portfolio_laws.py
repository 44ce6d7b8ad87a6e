"""Laws of the portfolio: no unsafe scheme, ever; sums add up; the best is the best.

Books are made up with schemes that are unsafe in ten ways. Which those are is known from how they
were made, not from the program, and the best choice is found by trying every one in plain Python.
"""

from __future__ import annotations

import csv
import itertools
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from tests.laws.portfolio_books import DEFECTS, Made, made_book

BODIES = {"QSY": ("RAA", "RBB"), "RAA": ("RAA",), "RBB": ("RBB",)}
BOOKS = 60


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Made, Result]]:
    """Every made-up book with its portfolio."""
    folder = tmp_path_factory.mktemp("books")
    found = []
    for seed in range(BOOKS):
        made = made_book(seed)
        found.append((made, verbs.portfolio(made.write(folder / str(seed)))))
    return found


def chosen(result: Result) -> set[str]:
    return {row["scheme"] for row in result.tables["schemes"] if row["chosen"]}


def test_no_unsafe_scheme_is_chosen(answers: list[tuple[Made, Result]]) -> None:
    seen, short = set(), 0
    for made, result in answers:
        unsafe = {code for code, defect in made.defects.items() if defect}
        assert not chosen(result) & unsafe
        for row in result.tables["schemes"]:
            assert row["eligible"] == (row["scheme"] not in unsafe), row
            assert row["reason"], row
        short += any(f.measure == "shortfall" and f.value for f in result.figures)
        seen |= {made.defects[code] for code in unsafe}
    assert seen == set(DEFECTS), "every way of being unsafe was tried"
    assert short > 10, "also where the control totals cannot be met"


def test_every_scheme_of_the_book_is_listed(answers: list[tuple[Made, Result]]) -> None:
    for made, result in answers:
        rows = result.tables["schemes"]
        assert [row["scheme"] for row in rows] == sorted(made.defects)
        for row in rows:
            assert (row["start"] is not None) == row["chosen"]


def test_hiding_an_assessment_takes_its_scheme_out(tmp_path: Path) -> None:
    """An unsafe score cannot be hidden by deleting its row, nor a safe one chosen without it."""
    tried = 0
    for seed in range(40):
        made = made_book(seed)
        folder = made.write(tmp_path / str(seed))
        before = chosen(verbs.portfolio(folder))
        if not before:
            continue
        draw = random.Random(seed)
        victim = draw.choice(sorted(before))
        path = folder / "assessments.csv"
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        mine = [row for row in rows if row["scheme"] == victim]
        rows.remove(draw.choice(mine))
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else ["scheme"])
            writer.writeheader()
            writer.writerows(rows)
        assert victim not in chosen(verbs.portfolio(folder))
        tried += 1
    assert tried > 15


def test_savings_add_up_the_tree(answers: list[tuple[Made, Result]]) -> None:
    for _, result in answers:
        value = {code: result.value(f"portfolio_saving/{code}/2026-27/plan") for code in BODIES}
        assert value["QSY"] == (value["RAA"] or 0) + (value["RBB"] or 0)
        told = sum(row["saving_pence"] for row in result.tables["schemes"] if row["chosen"])
        assert value["QSY"] == told
        for code in BODIES:
            bound = result.value(f"portfolio_bound/{code}/2026-27/plan")
            assert bound is not None and bound >= (value[code] or 0)


def test_equal_to_trying_every_choice(answers: list[tuple[Made, Result]]) -> None:
    """Shortfall and saving as found by a plain loop over every choice of the made-up book."""
    compared = 0
    for made, result in answers:
        best = _try_all(made)
        if best is None:
            continue
        short, recurrent, saving = best
        rows = {row["objective"]: row for row in result.tables["certificate"]}
        assert rows["shortfall"]["value"] == short
        assert rows["recurrent_saving"]["value"] == recurrent
        assert rows["saving"]["value"] == saving
        assert result.value("portfolio_saving/QSY/2026-27/plan") == saving
        compared += 1
    assert compared > 40


def test_same_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    for seed in range(0, 20, 2):
        made = made_book(seed)
        first = verbs.portfolio(made.write(tmp_path / f"{seed}-a"))
        assert first.to_json() == verbs.portfolio(tmp_path / f"{seed}-a").to_json()
        for name in ("schemes", "limits", "assessments", "gates"):
            random.Random(seed).shuffle(made.tables.get(name, []))
        second = verbs.portfolio(made.write(tmp_path / f"{seed}-b"))
        assert [(f.id, f.value) for f in first.figures] == [(f.id, f.value) for f in second.figures]
        assert chosen(first) == chosen(second)


def _try_all(made: Made) -> tuple[int, int, int] | None:
    """Least shortfall, then most recurrent saving, then most saving, by trying everything.

    None for books with more than 40,000 choices.
    """
    table = made.tables
    latest = {row["id"]: row for row in table["schemes"]}
    safe = {code: row for code, row in latest.items() if not made.defects[code]}
    while True:
        lacking = [c for c, row in safe.items() if row["requires"] and row["requires"] not in safe]
        if not lacking:
            break
        for code in lacking:
            del safe[code]
    options = {code: [None, *range(_month(row["start"]), 13)] for code, row in safe.items()}
    count = 1
    for months in options.values():
        count *= len(months)
    if count > 40_000:
        return None
    effects = _effects(table)
    value = {
        (code, month): _expected(row, month) for code, row in safe.items() for month in range(1, 13)
    }
    needs = _needs(table, latest, effects)
    best: tuple[int, int, int] | None = None
    for picked in itertools.product(*options.values()):
        choice = {c: m for c, m in zip(options, picked, strict=True) if m is not None}
        by_body = {"RAA": 0, "RBB": 0}
        for code, month in choice.items():
            own = {safe[code]["organisation"]: Fraction(1)}
            for body, share in effects.get(code, own).items():
                by_body[body] += round(value[code, month] * share)
        if not _kept(table, safe, choice, by_body):
            continue
        short = sum(max(0, need - by_body[body]) for body, need in needs)
        short += _floors_missed(table, by_body)
        totals = [
            sum(
                round(value[code, month] * share)
                for code, month in choice.items()
                if safe[code]["recurrence"] == "recurrent" or not recurrent_only
                for share in effects.get(code, {"": Fraction(1)}).values()
            )
            for recurrent_only in (True, False)
        ]
        key = (-short, totals[0], totals[1])
        if best is None or key > best:
            best = key
    assert best is not None
    return -best[0], best[1], best[2]


def _month(start: str) -> int:
    return (int(start[5:7]) - 4) % 12 + 1


def _pence(text: str) -> int:
    return int(text) * 100_000


def _in_year(row: dict[str, str], month: int) -> int:
    """The months from the start to March as a share of twelve, to the nearest penny."""
    return (2 * _pence(row["full_year_effect"]) * (13 - month) + 12) // 24


def _expected(row: dict[str, str], month: int) -> int:
    share = (Fraction(row["low"]) + 4 * Fraction(row["mode"]) + Fraction(row["high"])) / 6
    stay = Fraction(row["delay_months"]) / (1 + Fraction(row["delay_months"]))
    chances = [(1 - stay) * stay**n for n in range(12)] + [stay**12]  # months late, twelve at most
    brings = sum(chance * _in_year(row, min(13, month + n)) for n, chance in enumerate(chances))
    return round(brings * Fraction(row["chance"]) * share)


def _effects(table: dict[str, Any]) -> dict[str, dict[str, Fraction]]:
    found: dict[str, dict[str, Fraction]] = {}
    for row in table.get("effects", ()):
        found.setdefault(row["scheme"], {})[row["organisation"]] = Fraction(row["share"])
    return found


def _needs(
    table: dict[str, Any],
    latest: dict[str, dict[str, str]],
    effects: dict[str, dict[str, Fraction]],
) -> list[tuple[str, int]]:
    """For each control total, what schemes must bring: it and its margin, less plan without any."""
    plan = {row["organisation"]: _pence(row["amount"]) for row in table["amounts"]}
    for code, row in latest.items():
        if row["in_plan"] == "yes":
            for body, share in effects.get(code, {row["organisation"]: Fraction(1)}).items():
                plan[body] -= round(_in_year(row, _month(row["start"])) * share)
    margins = {
        row["organisation"]: _pence(row["value"])
        for row in table.get("limits", ())
        if row["limit"] == "margin"
    }
    return [
        (
            row["organisation"],
            _pence(row["amount"]) + margins.get(row["organisation"], 0) - plan[row["organisation"]],
        )
        for row in table.get("control_totals", ())
    ]


def _kept(
    table: dict[str, Any],
    safe: dict[str, dict[str, str]],
    choice: dict[str, int],
    by_body: dict[str, int],
) -> bool:
    """Whether a choice keeps every rule that may not be missed."""
    for code, month in choice.items():
        row = safe[code]
        if row["excludes"] in choice:
            return False
        before = row["requires"]
        if before and (before not in choice or choice[before] > month):
            return False
    for limit in table.get("limits", ()):
        bodies = BODIES[limit["organisation"]]
        group = limit.get("group", "")
        mine = [
            c
            for c in choice
            if safe[c]["organisation"] in bodies
            and (not group or group in (safe[c]["service"], *safe[c]["places"].split(";")))
        ]
        kind = limit["limit"]
        if kind == "capacity_wte":
            for month in range(1, 13):
                busy = [c for c in mine if choice[c] <= month < choice[c] + 6]
                used = sum((Fraction(safe[c]["capacity_wte"]) for c in busy), Fraction(0))
                if used > Fraction(limit["value"]):
                    return False
        elif kind == "investment":
            if sum(_pence(safe[c]["investment"]) for c in mine) > _pence(limit["value"]):
                return False
        elif kind == "harm_ceiling":
            if sum(_harm(table, c) for c in mine) > int(limit["value"]):
                return False
        elif kind == "saving_ceiling":
            if sum(by_body[b] for b in bodies) > _pence(limit["value"]):
                return False
        elif kind == "share_of_burden" and (
            by_body["RAA"] > Fraction(limit["value"]) * sum(by_body.values())
        ):
            return False
    return True


def _floors_missed(table: dict[str, Any], by_body: dict[str, int]) -> int:
    return sum(
        max(0, _pence(row["value"]) - sum(by_body[b] for b in BODIES[row["organisation"]]))
        for row in table.get("limits", ())
        if row["limit"] == "saving_floor"
    )


def _harm(table: dict[str, Any], code: str) -> int:
    return max(
        int(row["residual_likelihood"]) * int(row["residual_consequence"])
        for row in table["assessments"]
        if row["scheme"] == code
    )

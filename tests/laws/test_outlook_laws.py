"""The year ahead begins where the record ends, whatever the book.

Books are generated: a system of two trusts, each with a plan by month and actuals to a month of its
own, a forecast or none, and up to three schemes that are signed or not. Each law sets an answer of
`risk` beside plain sums of the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from controltotal import verbs
from tests.answers import Answer, answer_of
from tests.scheme_books import assessments, gates
from tests.strategies import Cells, amount, control_total, position_of

some = settings(max_examples=max(20, settings().max_examples // 4))
TRUSTS = ("T1", "T2")
YEAR = "2026-27"
TREE: list[Cells] = [
    {"code": "S0", "name": "System", "kind": "system"},
    *({"code": code, "name": code, "kind": "provider", "parent": "S0"} for code in TRUSTS),
]
pounds = st.integers(-500, 500).map(lambda n: n * 12)


@dataclass(frozen=True)
class Scheme:
    code: str
    trust: str
    full_year: int
    start: int
    signed: bool
    once: bool

    @property
    def row(self) -> Cells:
        year = 2026 if self.start < 10 else 2027
        return {
            "id": self.code,
            "organisation": self.trust,
            "title": self.code,
            "recurrence": "non_recurrent" if self.once else "recurrent",
            "maturity": "fully_developed",
            "start": f"{year}-{(self.start + 2) % 12 + 1:02}-01",
            "full_year_effect": str(self.full_year),
            "owner": "Chief operating officer",
        }


@dataclass(frozen=True)
class Made:
    """A book with what it was made of, in pounds by trust and month."""

    plan: Mapping[str, Sequence[int]]
    actual: Mapping[str, Sequence[int]]
    forecast: Mapping[str, int]
    schemes: tuple[Scheme, ...]

    @property
    def book(self) -> Mapping[str, Sequence[Cells]]:
        rows = [
            amount(code, "position", value, basis=basis, month=str(month))
            for basis, every in (("plan", self.plan), ("actual", self.actual))
            for code, values in every.items()
            for month, value in enumerate(values, start=1)
        ]
        rows += [
            amount(code, "position", value, basis="forecast")
            for code, value in self.forecast.items()
        ]
        signed = [scheme.code for scheme in self.schemes if scheme.signed]
        return {
            "organisations": TREE,
            "amounts": rows,
            "schemes": [scheme.row for scheme in self.schemes],
            "assessments": [row for code in signed for row in assessments(code)],
            "gates": [row for code in signed for row in gates(code)],
            "control_totals": [control_total(code, 0) for code in TRUSTS],
        }

    def recorded(self, code: str) -> list[int]:
        """Pence to date at the end of each month recorded by all that a body is made of."""
        parts = [self.actual[one] for one in (TRUSTS if code == "S0" else (code,))]
        last = min(len(part) for part in parts)
        return [100 * sum(sum(part[: m + 1]) for part in parts) for m in range(last)]


@st.composite
def years(draw: st.DrawFn, last: int | None = None) -> Made:
    """A year recorded to a month of each trust's own, or of all at `last`."""
    to = {code: draw(st.integers(1, 11)) if last is None else last for code in TRUSTS}
    schemes = [
        Scheme(
            f"X{n}",
            draw(st.sampled_from(TRUSTS)),
            draw(st.integers(1, 300)) * 12,
            draw(st.integers(1, 12)),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for n in range(1, draw(st.integers(1, 3)) + 1)
    ]
    return Made(
        {code: [draw(pounds) for _ in range(12)] for code in TRUSTS},
        {code: [draw(pounds) for _ in range(to[code])] for code in TRUSTS},
        {code: draw(pounds) for code in TRUSTS if draw(st.booleans())},
        tuple(schemes),
    )


def risk(made: Made, **options: Any) -> Answer:
    position = position_of(made.book)
    assume(not position.stopped)  # months that read as running sums are refused
    return answer_of(verbs.risk(position, draws=200, **options))


def fan(answer: Answer, code: str) -> dict[int, dict[str, Any]]:
    return {row["month"]: row for row in answer.table("fan") if row["organisation"] == code}


SHARES = ("p10_pence", "p25_pence", "p50_pence", "p75_pence", "p90_pence")


@some
@given(years())
def test_the_fan_passes_through_the_record_and_joins_at_its_last_month(made: Made) -> None:
    answer = risk(made)
    for code in ("S0", *TRUSTS):
        rows = fan(answer, code)
        for month, pence in enumerate(made.recorded(code), start=1):
            assert {rows[month][share] for share in SHARES} == {pence}, (code, month)


@some
@given(years(last=12))
def test_a_year_that_is_recorded_has_no_spread_and_is_its_record(made: Made) -> None:
    answer = risk(made)
    for code in ("S0", *TRUSTS):
        end = made.recorded(code)[-1]
        ends = f"{code}/{YEAR}/forecast"
        for measure in ("outturn_mean", "outturn_p10", "outturn_p50", "outturn_p90"):
            assert answer.value(f"{measure}/{ends}") == end
        assert answer.value(f"outturn_sd/{ends}") == 0
        assert answer.value(f"chance_control_total/{ends}") == float(end >= 0)


@some
@given(years())
def test_a_signature_taken_away_changes_only_the_months_after_the_record(made: Made) -> None:
    signed = replace(made, schemes=tuple(replace(one, signed=True) for one in made.schemes))
    first = replace(made.schemes[0], signed=False)
    without = replace(signed, schemes=(first, *signed.schemes[1:]))
    before, after = risk(signed), risk(without)
    for code in ("S0", *TRUSTS):
        last = len(made.recorded(code))
        for month in range(1, last + 1):
            assert fan(before, code)[month] == fan(after, code)[month]
    other = next(code for code in TRUSTS if code != first.trust)
    assert fan(before, other) == fan(after, other)


@some
@given(years())
def test_steps_close_to_the_penny_and_walk_to_every_scheme_taken_out(made: Made) -> None:
    answer = risk(made)
    for code in ("S0", *TRUSTS):
        rows = [row for row in answer.table("steps") if row["organisation"] == code]
        *walk, mean = rows
        assert mean["step"] == "mean"
        assert sum(row["pence"] for row in walk) == mean["pence"]
        assert mean["pence"] == answer.value(f"outturn_mean/{code}/{YEAR}/forecast")
        named = {row["about"] for row in walk if row["step"] == "does not count"}
        for scheme in made.schemes:
            if not scheme.signed and code in (scheme.trust, "S0"):
                assert scheme.code in named, (code, scheme)
        entries = answer.document["trace"][f"outturn_mean/{code}/{YEAR}/forecast"]["entries"]
        own = [one for one in made.schemes if code in (one.trust, "S0")]
        assert len(entries) >= len(own)


@some
@given(years())
def test_cases_of_a_system_are_the_sums_of_those_of_its_trusts(made: Made) -> None:
    """A case that any trust cannot tell is told of no system; what holds is always told."""
    answer = risk(made)
    held: dict[str, list[int]] = {}
    for row in answer.table("cases"):
        held.setdefault(row["organisation"], []).append(row["pence"])
    assert held["S0"][0] == held["T1"][0] + held["T2"][0]
    assert held["S0"][-1] == held["T1"][-1] + held["T2"][-1]
    for code in TRUSTS:
        ahead = sum(made.plan[code][len(made.actual[code]) :])
        stated = made.forecast.get(code, sum(made.actual[code]) + ahead)
        assert held[code][0] == 100 * stated


@some
@given(years(), st.integers(1, 2**31))
def test_a_chance_of_draws_that_vary_is_never_told_as_certain(made: Made, seed: int) -> None:
    answer = risk(made, seed=seed)
    for code in ("S0", *TRUSTS):
        ends = f"{code}/{YEAR}/forecast"
        if answer.value(f"outturn_sd/{ends}") > 0:
            assert 0 < answer.value(f"chance_control_total/{ends}") < 1

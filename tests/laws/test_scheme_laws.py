"""Laws of schemes: parts of a year, flow-through, slippage, kinds that sum, and who may count.

Generated books are judged twice: by the program, and by a slow reading of the rows as typed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from controltotal.accounts.scheme_answer import answer_schemes
from controltotal.core.calendar import first_full_month, year_of, year_start
from controltotal.programme.courses import (
    ask_multiple,
    flow_through,
    late_share,
    part_year_effect,
    slipped,
)
from controltotal.programme.effects import Effect
from controltotal.programme.eligibility import eligible
from controltotal.workings.workings import Workings
from tests.scheme_books import DOMAINS, YEAR, Book, book, scheme
from tests.strategies import position_of

pence = st.integers(1, 10**12)
starts = st.dates(date(2024, 4, 1), date(2028, 3, 31))
months_of_pence = st.lists(st.integers(0, 10**9), min_size=12, max_size=12)


# -- parts of a year ------------------------------------------------------------------------------


@given(st.integers(1, 10**10), starts)
def test_part_year_effect_is_the_full_year_effect_times_months(twelfth: int, start: date) -> None:
    year, live = year_of(start), first_full_month(start)
    months = max(0, 12 - ((live.year - year_start(year).year) * 12 + live.month - 4))
    full = 12 * twelfth
    part = part_year_effect(full, start, year)
    assert part == full * months // 12
    assert part + flow_through(full, part) == full


@given(pence, starts, st.booleans())
def test_no_penny_is_lost_over_the_years(full: int, start: date, recurrent: bool) -> None:
    year = year_of(start)
    first = part_year_effect(full, start, year, recurrent)
    after = f"{int(year[:4]) + 1}-{(int(year[:4]) + 2) % 100:02d}"
    later = part_year_effect(full, start, after, recurrent)
    assert 0 <= first <= full
    assert later == (full if recurrent else full - first)


def test_twelve_million_from_the_first_of_october_gives_six_and_six() -> None:
    part = part_year_effect(1_200_000_000, date(2026, 10, 1), "2026-27")
    assert (part, flow_through(1_200_000_000, part)) == (600_000_000, 600_000_000)
    savings = Workings(position_of(book())).savings
    assert savings.plan("RX1", YEAR, "plan").pence == 600_000_000  # type: ignore[union-attr]
    found = answer_schemes(Workings(position_of(book())), YEAR)
    assert found.value("savings_flow_through/RX1/2026-27/plan") == 600_000_000


# -- slippage -------------------------------------------------------------------------------------


@given(months_of_pence, st.integers(0, 12))
def test_slippage_moves_the_forecast_by_exactly_its_months(plan: list[int], slip: int) -> None:
    moved = slipped(plan, slip)
    assert moved[slip:] == plan[: 12 - slip] and not any(moved[:slip])
    assert sum(plan) - sum(moved) == sum(plan[12 - slip :])


@given(months_of_pence)
def test_a_month_late_moves_the_forecast_of_a_book_by_exactly_that_month(plan: list[int]) -> None:
    """The start is 1 October; the last dated act is in that month and nothing has begun."""
    made = book()
    months = [0] * 6 + plan[6:]
    made["amounts"] += [
        {
            "organisation": "RX1",
            "line": "pay",
            "year": YEAR,
            "month": str(m + 1),
            "basis": "plan",
            "scheme": "T1",
            "amount": str(p),
            "unit": "£",
        }
        for m, p in enumerate(months)
    ]
    made["schemes"] = [scheme(full_year_effect=str(sum(months) or 1), unit="£")]
    made["gates"].append({"scheme": "T1", "gate": "finance", "on": "2026-10-20", "by": "F Fir"})
    savings = Workings(position_of(made)).savings
    row = savings.position.book.schemes[0]
    assert savings.slip(row) == 1
    planned, forecast = (savings.plan("RX1", YEAR, b) for b in ("plan", "forecast"))
    assert planned is not None and forecast is not None
    assert (planned.pence or 0) - (forecast.pence or 0) == 100 * months[11]


@given(months_of_pence, st.integers(1, 11), pence)
def test_the_ask_multiple_is_what_would_meet_the_target(
    plan: list[int], told: int, target: int
) -> None:
    done: list[int | None] = [*plan[:told], *([None] * (12 - told))]
    asked = ask_multiple(target, done)
    so_far = sum(plan[:told])
    if so_far == 0:
        assert asked is None
    else:
        assert asked is not None
        met = so_far + asked * so_far / told * (12 - told)
        assert abs(met - target) <= 1e-6 * max(1, target, so_far)


@given(months_of_pence)
def test_back_loading_is_a_share(plan: list[int]) -> None:
    found = late_share(plan)
    assert (found is None) == (sum(plan) == 0)
    assert found is None or 0 <= found <= 1


# -- effects --------------------------------------------------------------------------------------

shares = st.lists(st.fractions(-2, 2, max_denominator=40), min_size=1, max_size=5)


@given(st.integers(-(10**11), 10**11), shares)
def test_gains_and_losses_sum_to_what_a_scheme_is_worth(total: int, parts: list[Fraction]) -> None:
    effect = Effect(tuple((f"B{n}", part) for n, part in enumerate(parts)), "effects")
    split = effect.split(total)
    assert abs(sum(split.values()) - total * effect.total) <= 1
    assert all((split.get(code, 0) > 0) <= (share * total > 0) for code, share in effect.shares)


# -- books ----------------------------------------------------------------------------------------

BODIES = ("RX1", "CB1")
PEOPLE = ("A Ash", "B Birch", "C Cedar")


@st.composite
def scheme_books(draw: st.DrawFn) -> Book:
    """Up to five schemes with evidence that is now and then missing, late or wrong."""
    made: Book = book()
    made |= {"schemes": [], "gates": [], "assessments": [], "effects": [], "limits": []}
    for number in range(draw(st.integers(1, 5))):
        code, lame = f"S{number}", draw(st.integers(0, 5))
        row = scheme(
            code,
            organisation=draw(st.sampled_from(BODIES)),
            full_year_effect=str(draw(st.integers(1, 400))),
            unit="£k",
            recurrence=draw(st.sampled_from(("recurrent", "non_recurrent"))),
            cash_type=draw(st.sampled_from(("cash_releasing", "technical", ""))),
            start=f"2026-{draw(st.integers(4, 12)):02d}-01",
            in_plan=draw(st.sampled_from(("yes", "", "no"))),
            owner=draw(st.sampled_from(PEOPLE)),
            maturity=draw(st.sampled_from(("fully_developed", "in_progress", "opportunity"))),
            service=draw(st.sampled_from(("Surgery", "Medicine"))),
            known_on="2026-03-01",
        )
        made["schemes"].append(row)
        if lame == 1:
            made["schemes"].append(
                {
                    **row,
                    "known_on": draw(st.sampled_from(("2026-03-15", "2026-04-22", "2026-06-30"))),
                    "full_year_effect": str(draw(st.integers(1, 400))),
                }
            )
        for domain in DOMAINS[: 3 if lame == 2 else 4]:
            high = 5 if lame == 3 else 3
            made["assessments"].append(
                {
                    "scheme": code,
                    "profile": "classic",
                    "domain": domain,
                    "likelihood": "4",
                    "consequence": "4",
                    "residual_likelihood": str(draw(st.integers(1, high))),
                    "residual_consequence": str(draw(st.integers(1, high))),
                    "mitigation": "Reviewed each week",
                    "outcome": "reject" if draw(st.integers(0, 30)) == 0 else "",
                    "signed_on": "2026-04-01",
                }
            )
        for role in ("medical_director", "chief_nurse"):
            if lame != 4 or draw(st.booleans()):
                made["gates"].append(
                    {
                        "scheme": code,
                        "gate": "QIA",
                        "on": f"2026-04-{draw(st.integers(20, 25))}",
                        "by": draw(st.sampled_from(PEOPLE)),
                        "role": role,
                    }
                )
        for day in draw(st.lists(st.integers(1, 28), max_size=3, unique=True).map(sorted)):
            made["gates"].append(
                {
                    "scheme": code,
                    "gate": "G3",
                    "on": f"2026-05-{day:02d}",
                    "by": "Board",
                    "outcome": draw(st.sampled_from(("", "", "failed"))),
                }
            )
        if draw(st.integers(0, 3)) == 0:
            made["effects"] += [
                {"scheme": code, "organisation": "RX1", "share": "1"},
                {
                    "scheme": code,
                    "organisation": "CB1",
                    "share": draw(st.sampled_from(("-1", "-0.35", "0.5"))),
                },
            ]
    if draw(st.booleans()):
        made["limits"].append(
            {
                "organisation": "SYS",
                "year": YEAR,
                "limit": "harm_ceiling",
                "group": "Surgery",
                "value": str(draw(st.integers(4, 30))),
            }
        )
    return made


def plainly_eligible(made: Book) -> dict[str, dict[str, str]]:
    """Eligible schemes told from the rows as typed: the slow, obvious way."""
    found = {}
    versions: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in sorted(made["schemes"], key=lambda r: r["known_on"]):
        versions[row["id"]].append(row)
    for code, rows in versions.items():
        if len({r["known_on"] for r in rows}) < len(rows):
            continue  # nothing tells which is later
        now = rows[-1]
        gate = sorted(
            (g["on"], g.get("outcome", ""))
            for g in made["gates"]
            if g["scheme"] == code and g["gate"] == "G3"
        )
        if not gate or gate[-1][1]:
            continue
        scores = [a for a in made["assessments"] if a["scheme"] == code]
        if len(scores) < 4 or any(a["outcome"] for a in scores):
            continue
        if any(
            int(a["residual_likelihood"]) * int(a["residual_consequence"]) >= 15 for a in scores
        ):
            continue
        if any(a["residual_consequence"] == "5" for a in scores):
            continue  # it goes to a panel, and none has said anything
        signed = [g for g in made["gates"] if g["scheme"] == code and g["gate"] == "QIA"]
        if len(signed) < 2 or len({g["by"] for g in signed}) < 2:
            continue
        if any(g["by"] == now["owner"] for g in signed):
            continue
        lapsed = False
        for g in signed:
            then = [r for r in rows if r["known_on"] <= g["on"]][-1]
            after = [r for r in rows if r["known_on"] > g["on"]]
            old = int(then["full_year_effect"])
            lapsed |= any(abs(int(r["full_year_effect"]) - old) * 10 > old for r in after)
        if not lapsed:
            found[code] = now
    return found


@given(scheme_books())
def test_who_may_count_agrees_with_a_plain_reading_of_the_rows(made: Book) -> None:
    good, bad = eligible(position_of(made))
    assert {one.id for one in good} == set(plainly_eligible(made))
    assert all(one.reasons for one in bad)


@given(scheme_books())
def test_counted_savings_agree_with_a_plain_sum_and_parents_sum(made: Book) -> None:
    sound = {
        k: r
        for k, r in plainly_eligible(made).items()
        if r["in_plan"] == "yes" or (not r["in_plan"] and r["maturity"] != "opportunity")
    }
    effects: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for row in made["effects"]:
        effects[row["scheme"]][row["organisation"]] = Fraction(row["share"])
    worst = {
        code: max(
            int(a["residual_likelihood"]) * int(a["residual_consequence"])
            for a in made["assessments"]
            if a["scheme"] == code
        )
        for code in sound
    }
    for limit in made["limits"]:
        meet = [code for code, row in sound.items() if row["service"] == "Surgery"]
        if sum(worst[code] for code in meet) > int(limit["value"]):
            sound = {code: row for code, row in sound.items() if code not in meet}
    expected = {"RX1": Fraction(0), "CB1": Fraction(0)}
    for code, row in sound.items():
        parts = effects[code] or {row["organisation"]: Fraction(1)}
        if sum(parts.values()) == 0:
            continue
        months = 12 - (int(row["start"][5:7]) - 4)
        for body, share in parts.items():
            expected[body] += Fraction(int(row["full_year_effect"]) * 100_000 * months, 12) * share
    savings = Workings(position_of(made)).savings
    values = {code: savings.plan(code, YEAR, "plan") for code in ("SYS", *BODIES)}
    told = {code: value.pence or 0 for code, value in values.items() if value is not None}
    for code in BODIES:
        if code in told:
            assert abs(told[code] - expected[code]) <= 12 * len(sound)
    assert told["SYS"] == sum(told.get(code, 0) for code in BODIES)


@given(scheme_books())
def test_recurrent_and_non_recurrent_make_the_whole_and_so_do_the_kinds(made: Book) -> None:
    position = position_of(made)
    found = answer_schemes(Workings(position), YEAR)
    savings = Workings(position).savings
    for code in ("SYS", *BODIES):
        value = savings.plan(code, YEAR, "plan")
        for measure in ("savings_by_recurrence", "savings_by_cash_type"):
            parts = [
                f.value for f in found.figures if f.measure == measure and f.organisation == code
            ]
            if value is not None and parts:
                assert sum(part for part in parts if part is not None) == value.pence


@given(scheme_books())
def test_every_scheme_either_counts_or_is_listed_with_a_reason(made: Book) -> None:
    found = answer_schemes(Workings(position_of(made)), YEAR)
    listed = {row["scheme"] for row in found.tables["schemes_not_counted"]}
    counted = {row["scheme"] for row in found.tables["schemes"] if row["counted"]}
    assert listed.isdisjoint(counted)
    assert listed | counted == {row["scheme"] for row in found.tables["schemes"]}
    assert all(row["reason"] for row in found.tables["schemes_not_counted"])
    assert all(row["eligible"] for row in found.tables["schemes"] if row["counted"])

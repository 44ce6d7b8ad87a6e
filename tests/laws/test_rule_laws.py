"""Laws of the regime, attacked by generated systems of one to sixty bodies over one to six years.

All money grows tenfold: every outcome does. One input is taken away: what rests on it cannot be told,
and nothing else changes. Funds, support and repayments stay within what was offered, agreed and owed;
transfers cancel out; a parameter is used only in its years, and one that nobody checked is never hidden.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from controltotal import verbs
from controltotal.core.calendar import year_end, year_start
from controltotal.core.parameters import packaged_parameters
from controltotal.core.result import Result
from controltotal.rules.answer import answer_rules
from controltotal.rules.registry import by_name
from controltotal.workings.workings import Workings
from tests.regime_books import Book, regime, regimes, tenfold
from tests.strategies import position_of

# A failure is shown as it was drawn: making a system of sixty bodies smaller takes too long.
SOAKING = settings.default is not None and settings.default.max_examples > 60
FEW = settings(max_examples=300 if SOAKING else 6, phases=(Phase.explicit, Phase.generate))
Key = tuple[str, str, str]


def outcomes(result: Result) -> dict[Key, dict[str, Any]]:
    return {(r["organisation"], r["year"], r["rule"]): dict(r) for r in result.tables["rules"]}


def rules_of(book: Book, **more: Any) -> Result:
    return answer_rules(Workings(position_of(book)), **more)


@FEW
@given(regimes())
def test_ten_times_the_money_is_ten_times_every_outcome(book: Book) -> None:
    small, large = outcomes(rules_of(book)), outcomes(rules_of(tenfold(book)))
    assert small.keys() == large.keys() and small
    for key, row in small.items():
        grown = large[key]
        assert grown["status"] == row["status"], key
        times = 10 if row["unit"] == "pence" else 1
        assert grown["value"] == (None if row["value"] is None else row["value"] * times), key
        cost = row["consequence_pence"]
        assert grown["consequence_pence"] == (None if cost is None else cost * 10), key


def rests_on(result: Result, figure: str, entry: int, seen: set[str]) -> bool:
    """Whether a figure rests on a ledger entry, through whatever figures it used."""
    if figure in seen or figure not in result.trace:
        return False
    seen.add(figure)
    trace = result.trace[figure]
    return entry in trace.entries or any(rests_on(result, i, entry, seen) for i in trace.inputs)


@FEW
@given(regimes(bodies=12, years=4), st.integers(0, 2**20))
def test_without_one_input_exactly_what_rests_on_it_cannot_be_told(book: Book, pick: int) -> None:
    rows = [(t, i) for t in ("amounts", "facts", "control_totals") for i in range(len(book[t]))]
    table, index = rows[pick % len(rows)]
    position = position_of(book)
    taken = next(r for r in position.rows(table) if r.number == index + 2)
    less = {**book, table: [row for i, row in enumerate(book[table]) if i != index]}
    whole = verbs.position(position)
    before, after = outcomes(whole), outcomes(verbs.position(position_of(less)))
    for key, row in before.items():
        code, year, name = key
        if rests_on(whole, f"rule/{code}/{year}/{name}", taken.entry, set()):
            rule = by_name()[name]
            if key not in after:  # what brought the rule to life is gone
                assert rule.triggers or rule.needs, key
            else:
                assert after[key]["status"] == "indeterminate", (key, table, taken.texts)
        else:
            assert after[key]["status"] == row["status"] and after[key]["value"] == row["value"], (
                key
            )
    assert after.keys() <= before.keys()


def parts_of(result: Result, rule: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in result.tables["rule_parts"]:
        if row["rule"] == rule:
            found.setdefault((row["organisation"], row["year"]), []).append(dict(row))
    return found


@FEW
@given(regimes())
def test_a_fund_pays_between_nil_and_the_offer_and_its_quarters_make_the_year(book: Book) -> None:
    result = rules_of(book)
    offers = {
        (r["organisation"], r["year"]): int(r["value"]) * 100
        for r in book["facts"]
        if r["fact"] == "fund_offer"
    }
    rows = outcomes(result)
    for (code, year), parts in parts_of(result, "fund_core").items():
        core = rows[code, year, "fund_core"]
        if core["value"] is None:
            continue
        offer = offers[code, year]
        assert 0 <= core["value"] <= offer
        assert sum(part["value"] for part in parts) == core["value"]
        assert sum(part["value"] - part["consequence_pence"] for part in parts) == offer
        caught = rows[code, year, "fund_caught_up"]
        assert core["value"] <= caught["value"] <= offer


@FEW
@given(
    st.integers(2, 12),
    st.integers(0, 3),
    st.integers(0, 2**20),
    st.integers(0, 3),
    st.sampled_from(("2016-17", "2017-18", "2018-19", "2019-20")),
)
def test_a_better_result_to_date_never_pays_less(
    bodies: int, quarter: int, seed: int, other: int, year: str
) -> None:
    book = regime(bodies, [year], seed)
    name = f"Q{quarter + 1}"
    better = {
        **book,
        "facts": [
            {**row, "value": "1"}
            if (row["fact"], row.get("month")) == ("finance_met", name)
            else row
            for row in book["facts"]
        ],
    }
    before, after = outcomes(rules_of(book)), outcomes(rules_of(better))
    for key, row in before.items():
        if key[2] in ("fund_core", "fund_caught_up") and row["value"] is not None:
            assert after[key]["value"] >= row["value"], key


@FEW
@given(regimes())
def test_support_stays_within_its_limit_and_repayment_within_what_is_owed(book: Book) -> None:
    result = rules_of(book)
    rows = outcomes(result)
    limits = {
        (r["organisation"], r["year"]): int(r["value"]) * 100
        for r in book["facts"]
        if r["fact"] == "deficit_support_limit"
    }
    owed = {
        r["organisation"]: int(r["value"]) * 100
        for r in book["facts"]
        if r["fact"] == "overspend_balance"
    }
    repaid: dict[str, int] = {}
    for (code, year, name), row in rows.items():
        if name == "deficit_support" and row["value"] is not None:
            assert 0 <= row["value"] <= limits[code, year]
            assert row["value"] - row["consequence_pence"] == limits[code, year]
        if name.startswith("overspend_") and row["value"] is not None:
            assert year <= "2025-26", "the rules of repayment ended on 31 March 2026"
            repaid[code] = repaid.get(code, 0) + row["value"]
    for (code, year), parts in parts_of(result, "overspend_repayment").items():
        assert all(part["value"] >= 0 for part in parts), (code, year)
    assert all(0 <= sum_ <= owed[code] for code, sum_ in repaid.items())


@FEW
@given(regimes())
def test_a_local_price_moves_money_and_makes_none(book: Book) -> None:
    result = rules_of(book)
    found = parts_of(result, "lpm_zero_sum")
    for key, parts in found.items():
        assert sum(part["value"] for part in parts) == 0, key
        assert sum(part["consequence_pence"] for part in parts) == 0, key
    for key, row in outcomes(result).items():
        if key[2] == "lpm_zero_sum":
            assert row["value"] == 0 and row["status"] == "met"


@FEW
@given(regimes(bodies=20), st.integers(1, 900))
def test_a_net_neutral_change_keeps_the_system_total(book: Book, thousands: int) -> None:
    codes = [r["code"] for r in book["organisations"] if r["code"].startswith("B")]
    year = book["amounts"][0]["year"]
    if len(codes) < 2:
        return
    moved = []
    for code, sign in ((codes[0], 1), (codes[1], -1)):
        row = next(
            r for r in book["control_totals"] if (r["organisation"], r["year"]) == (code, year)
        )
        amount = int(row["amount"]) + sign * thousands * 1000
        moved.append(
            {**row, "amount": str(amount), "set_on": f"{year[:4]}-07-01", "set_by": "System"}
        )
    changed = {**book, "control_totals": [*book["control_totals"], *moved]}
    before, after = outcomes(rules_of(book)), outcomes(rules_of(changed))
    key = ("SYS", year, "system_control_total")
    assert before[key]["value"] == after[key]["value"]
    neutral = after.get(("SYS", year, "net_neutral_change"))
    assert neutral is None or (neutral["value"], neutral["status"]) == (0, "met")
    assert neutral is not None or year < "2019-20"


@FEW
@given(regimes())
def test_a_system_is_the_same_through_any_path_of_the_tree(book: Book) -> None:
    clustered = {**book, "organisations": [dict(row) for row in book["organisations"]]}
    for number, row in enumerate(clustered["organisations"]):
        if row["code"].startswith("B"):
            row["parent"] = f"C{number % 2}"
    for code in ("C0", "C1"):
        if any(row.get("parent") == code for row in clustered["organisations"]):
            clustered["organisations"].append(
                {"code": code, "name": code, "kind": "cluster", "parent": "SYS"}
            )
    straight, round_about = outcomes(rules_of(book)), outcomes(rules_of(clustered))
    for key, row in straight.items():
        if key[0] in ("SYS", "REG"):
            other = round_about[key]
            assert (other["value"], other["status"]) == (row["value"], row["status"]), key


@FEW
@given(regimes(bodies=20))
def test_a_parameter_is_used_only_in_its_years_and_marked_where_unchecked(book: Book) -> None:
    strict = outcomes(rules_of(book, strict=True))
    for key, row in outcomes(rules_of(book)).items():
        unchecked = set()
        for label in row["parameters"]:
            name = label.split(" = ")[0]
            if label.endswith("; this book)"):
                continue
            start = date.fromisoformat(label.split(" from ")[1][:10])
            assert start <= year_end(key[1]), (key, label)
            for value in packaged_parameters().values[name]:
                if value.start == start and value.until is not None:
                    assert value.until >= year_start(key[1]), (key, label)
            if "(K, unverified" in label:
                unchecked.add(name)
        assert unchecked <= set(row["unverified"]), key
        if row["unverified"]:
            assert strict[key]["status"] == "indeterminate", key
        else:
            assert strict[key] == row, key


@FEW
@given(regimes(bodies=20))
def test_a_waiver_changes_the_status_and_never_the_arithmetic(book: Book) -> None:
    plain = outcomes(rules_of(book))
    waivers = [
        {"rule": name, "organisation": code, "year": year, "by": "Region", "on": "2013-01-01"}
        for code, year, name in plain
    ]
    for key, row in outcomes(rules_of({**book, "waivers": waivers})).items():
        before = plain[key]
        assert (row["value"], row["consequence_pence"]) == (
            before["value"],
            before["consequence_pence"],
        )
        rests = {
            plain.get((key[0], key[1], name), {}).get("status") for name in by_name()[key[2]].after
        }
        if before["status"] == "breached":
            assert row["status"] == "waived", key
        elif "breached" not in rests:
            assert row["status"] == before["status"], key


@FEW
@given(regimes(bodies=20))
def test_a_part_year_is_never_more_than_a_full_year(book: Book) -> None:
    full: dict[str, int] = {}
    for row in book["schemes"]:
        full[row["organisation"]] = (
            full.get(row["organisation"], 0) + int(row["full_year_effect"]) * 100
        )
    result = rules_of(book)
    rows = outcomes(result)
    for (code, year, name), row in rows.items():
        if name == "savings_part_year":
            assert 0 <= row["value"] <= full[code] and row["status"] == "met"
            parts = parts_of(result, "savings_part_year").get((code, year), [])
            assert sum(part["value"] for part in parts) == row["value"]
            assert row["value"] + rows[code, year, "savings_flow_through"]["value"] <= full[code]


@FEW
@given(regimes(bodies=8, years=3))
def test_the_same_facts_give_the_same_bytes(book: Book) -> None:
    assert (
        verbs.position(position_of(book)).to_json() == verbs.position(position_of(book)).to_json()
    )


def test_the_law_of_inputs_can_fail() -> None:
    """A book in which one row is doubled on another basis does not lose its outcome with it."""
    book = regime(2, ["2017-18"], 1)
    offer = next(row for row in book["facts"] if row["fact"] == "fund_offer")
    doubled = {**book, "facts": [*book["facts"], {**offer, "basis": "plan"}]}
    less = {**doubled, "facts": [row for row in doubled["facts"] if row is not offer]}
    key = (offer["organisation"], "2017-18", "fund_core")
    assert outcomes(rules_of(less))[key]["status"] != "indeterminate"

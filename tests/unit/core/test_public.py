"""What the public may see, on results made by hand: figures, cells, sentences, schemes, sessions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from controltotal.core.errors import BookError
from controltotal.core.public import may_show, public, refuse_private, register_of
from controltotal.core.result import Result
from controltotal.core.scope import Body, Scope
from controltotal.core.sentence import Sentence
from controltotal.core.show import figure_value
from controltotal.core.trace import Trace
from tests.public_results import YEAR, position, register, withheld_row

CASH = f"cash/A/{YEAR}/forecast"
FIGURES = {
    CASH: 123_456_700,
    f"cash/A/{YEAR}/plan": 300_000_000,
    f"cash/B/{YEAR}/forecast": 123_456_700,
    f"surplus/A/{YEAR}/forecast": -900_000_000,
}


def row(organisation: str = "A", year: str = YEAR, **cells: Any) -> dict[str, Any]:
    return {"organisation": organisation, "year": year, **cells}


def shown(
    *withheld: dict[str, Any],
    tables: dict[str, list[dict[str, Any]]] | None = None,
    said: list[Sentence] | None = None,
    figures: dict[str, int] | None = None,
    **more: list[dict[str, Any]],
) -> dict[str, Result]:
    results = {
        "position": position(figures or FIGURES, {}, tables, said or ()),
        "register": register(withheld, **more),
    }
    return public(results)


def cells(results: dict[str, Result], table: str) -> list[dict[str, Any]]:
    return [dict(one) for one in results["position"].tables[table]]


def test_a_withheld_figure_keeps_its_id_and_says_why() -> None:
    results = shown(withheld_row(CASH))
    found = results["position"].figure(CASH)
    assert found is not None and (found.value, found.status) == (None, "withheld")
    assert figure_value(found) == "withheld"
    assert found.as_json()["status"] == "withheld"
    why = results["position"].trace[CASH]
    assert why.rule == (
        "not shown: withheld: Terms are being agreed (would be exempt under s.43), decided by Board, "
        "review on 2027-01-15; it is withheld itself"
    )
    assert not why.entries and not why.parameters and not why.inputs
    other = results["position"].figure(f"cash/B/{YEAR}/forecast")
    assert other is not None and other.value == 123_456_700  # its own number, whoever shares it
    plan = results["position"].figure(f"cash/A/{YEAR}/plan")
    assert plan is not None and plan.value == 300_000_000


def test_cells_of_the_same_organisation_year_and_basis_are_emptied() -> None:
    tables = {
        "cash": [
            row(month=9, plan_pence=5, actual_pence=6, forecast_pence=7),
            row("B", month=9, plan_pence=5, actual_pence=6, forecast_pence=7),
            row(year="2025-26", month=9, plan_pence=5, actual_pence=6, forecast_pence=7),
            row("S", month=9, plan_pence=5, actual_pence=6, forecast_pence=7),
        ],
        "to_date": [row(forecast=-900_000_000, line="", scheme="")],
        "unheard_of": [row(pence=1), row("B", pence=1)],
    }
    results = shown(withheld_row(CASH), tables=tables)
    own, other, earlier, above = cells(results, "cash")
    assert (own["plan_pence"], own["actual_pence"], own["forecast_pence"]) == (5, 6, None)
    assert own["month"] == 9 and own["withheld"] == "forecast_pence"
    assert other["forecast_pence"] == earlier["forecast_pence"] == 7
    assert other["withheld"] == ""
    # no figure of the system's cash was judged: its sum might tell the part
    assert above["forecast_pence"] is None
    assert cells(results, "to_date") == [row(forecast=-900_000_000, line="", scheme="")]
    # of a table that nobody knows nothing can be told apart
    assert [one["pence"] for one in cells(results, "unheard_of")] == [None, 1]


def test_the_same_number_of_the_same_organisation_and_kind_goes_on_any_basis() -> None:
    tables = {
        "cash": [row(month=9, plan_pence=123_456_700, actual_pence=-123_456_700, forecast_pence=1)],
        "unheard_of": [row(year="2020-21", one=123_456_700, two=5)],
        "capital": [row(plan_pence=123_456_700)],
    }
    results = shown(withheld_row(CASH), tables=tables)
    own = cells(results, "cash")[0]
    assert (own["plan_pence"], own["actual_pence"], own["forecast_pence"]) == (None, None, None)
    other = cells(results, "unheard_of")[0]
    assert (other["one"], other["two"]) == (None, 5)
    # what is spent on buildings is no cash: emptied, it could be worked out, and would tell the cash
    assert cells(results, "capital") == [row(plan_pence=123_456_700)]


@pytest.mark.parametrize(
    "text",
    [
        "Alder Trust expects to hold £1.2m.",
        "Alder Trust expects £1.23 million at the end.",
        "It holds £1,234,567 then.",
        "It holds 1,234,567.00 pounds.",
        "It holds 123456700 pence.",
        "It holds £(1.2)m.",
        "It holds 1,234.6 thousand.",
    ],
)
def test_a_sentence_that_says_it_gives_the_reason_instead(text: str) -> None:
    said = [
        Sentence("A", YEAR, "beside", text),
        Sentence("B", YEAR, "beside", "Beech holds £9.9m."),
    ]
    results = shown(withheld_row(CASH), said=said)
    assert results["position"].words == (
        "What would stand here is withheld: Terms are being agreed (would be exempt under s.43), "
        "decided by Board, review on 2027-01-15.",
        "Beech holds £9.9m.",
    )


def test_a_sentence_of_the_same_kind_goes_though_it_says_another_number() -> None:
    """£2.0m worse than a plan that is told says the forecast."""
    figure = f"surplus/A/{YEAR}/forecast"
    said = [
        Sentence("A", YEAR, "month", "The forecast is £2.0m worse than plan."),
        Sentence("A", YEAR, "reported", "1 of 1 has reported month 9."),
        Sentence("S", YEAR, "since", "Alder Trust £1.5m worse, Beech Trust £0.4m better."),
        Sentence("B", YEAR, "since", "Beech Trust £0.4m better."),
    ]
    words = shown(withheld_row(figure), said=said)["position"].words
    assert words[1:] == ("1 of 1 has reported month 9.", "Beech Trust £0.4m better.")


def test_what_is_hidden_of_a_scenario_leaves_the_figure_itself() -> None:
    whole, inner = f"surplus/A/{YEAR}/forecast", f"surplus/A/{YEAR}/forecast/internal"
    tables = {"to_date": [row(forecast=-900_000_000, line="", scheme="")]}
    figures = {whole: -900_000_000, inner: -1_000_000_000}
    said = [
        Sentence("A", YEAR, "month", "The forecast is £9.0m short."),
        Sentence("A", YEAR, "month", "The internal forecast is £1.3m more."),
    ]
    results = shown(withheld_row(inner), tables=tables, figures=figures, said=said)
    kept = results["position"].figure(whole)
    assert kept is not None and kept.value == -900_000_000
    assert cells(results, "to_date")[0]["forecast"] == -900_000_000
    assert results["position"].words[0] == "The forecast is £9.0m short."
    assert "£1.3m" not in " ".join(results["position"].words)


def test_only_what_somebody_keeps_back_is_hidden() -> None:
    for kind, hides in (("withheld", True), ("refused", True), ("no_reply", False)):
        results = shown(withheld_row(CASH, kind))
        found = results["position"].figure(CASH)
        assert found is not None and (found.value is None) is hides, kind
    assert shown(withheld_row(CASH, "undisclosed"))["position"].value(CASH) is None
    unknown = f"options/A/{YEAR}/plan"
    assert shown(withheld_row(unknown, "undisclosed"))["position"].value(CASH) == 123_456_700


def test_what_nobody_can_tell_stops_the_paper() -> None:
    for name in ("the deal with Beech", f"options/A/{YEAR}/plan"):
        with pytest.raises(BookError, match="is the name of no figure"):
            shown(withheld_row(name))


def test_withholding_ends_with_its_day() -> None:
    ends = withheld_row(CASH, until="2027-02-26")
    for day, hides in (("2027-02-26", True), ("2027-02-27", False), ("12196", True)):
        results = shown(ends, book=[{"key": "as_at", "value": day}])
        assert (results["position"].value(CASH) is None) is hides, day


def test_a_figure_that_rests_on_it_goes_and_so_does_what_it_is_made_of() -> None:
    parts = [f"{m}/A/{YEAR}/forecast" for m in ("gap", "control_total", "measured")]
    figures = {parts[0]: 500_000_000, parts[1]: 100_000_000, parts[2]: -400_000_000}
    results = {
        "position": position(figures, {parts[0]: parts[1:]}),
        "register": register([withheld_row(parts[1])]),
    }
    assert not may_show(results, parts[1]) and not may_show(results, parts[0])
    assert may_show(results, parts[2])
    gap = {**results, "register": register([withheld_row(parts[0])])}
    assert sum(may_show(gap, one) for one in parts) == 1


def test_texts_of_rules_parameters_and_findings_do_not_say_it() -> None:
    said = position(FIGURES)
    step = Trace("£1.2m of cash, as stated", (), ("cash = £1,234,567",), (7,))
    trace = {**said.trace, f"cash/A/{YEAR}/plan": step}
    results = public(
        {"position": replace(said, trace=trace), "register": register([withheld_row(CASH)])}
    )
    kept = results["position"].trace[f"cash/A/{YEAR}/plan"]
    assert kept.rule == "What would stand here is withheld" and kept.parameters == ()


def test_the_register_lists_all_with_what_stands_in_place() -> None:
    rows = [
        withheld_row(CASH),
        withheld_row(f"cash/B/{YEAR}/plan", "no_reply", asked_by="a patient"),
    ]
    results = shown(*rows)
    found = register_of(results)
    assert [one["placeholder"].partition(":")[0] for one in found] == ["withheld", "no reply"]
    also = results["register"].tables["withheld_also"]
    assert [one["figure"] for one in also] == [CASH]
    assert public(results) == results


# -- schemes, choices, chances, sessions -------------------------------------------------------------


def programme(**more: Any) -> dict[str, Result]:
    """Five schemes: running, open, under assessment, of posts and unheard, refused."""
    codes = ("RUN-1", "OPEN-1", "IDEA-1", "POST-1", "GONE-1")
    schemes = [
        row(
            scheme=code,
            title=f"Title of {code}",
            typed_maturity="fully_developed_delivering" if code == "RUN-1" else "in_progress",
            plan_pence=45_678_900,
            actual_pence=None,
            reason="",
        )
        for code in codes
    ]
    proposals = [
        row(
            scheme=code,
            title=f"Title of {code}",
            places="A",
            affects={"POST-1": "posts", "IDEA-1": "patients"}.get(code, ""),
            commercial=code == "RUN-1",
            respond_by="2027-03-01" if code == "OPEN-1" else "",
            **more,
        )
        for code in codes
    ]
    engaged = [
        {"scheme": code, "organisation": "A", "duty": "Public involvement", "status": status}
        | {"from": "2026-12-01", "notified_on": ""}
        for code, status in (
            ("OPEN-1", "under way"),
            ("POST-1", "under way"),
            ("IDEA-1", "to come"),
        )
    ]
    answer = position({f"scheme_value/A/{YEAR}/plan/IDEA-1": 45_678_900})
    tables = {
        "schemes": schemes,
        "engagement": engaged,
        "refused": [schemes[4]],
        "milestones": [{"scheme": code, "title": "first shift"} for code in codes],
        "harm": [row(schemes=["RUN-1", "IDEA-1"])],
    }
    said = (
        Sentence("A", YEAR, "schemes", "Furthest behind: IDEA-1 (£0.4m)."),
        Sentence("A", YEAR, "schemes", "2 schemes are late."),
    )
    made = replace(answer, verb="schemes", tables=tables, sentences=said)
    return {"schemes": made, "register": register([], proposals=proposals)}


def test_before_engagement_opens_a_proposal_is_title_place_and_under_assessment() -> None:
    results = public(programme())
    rows = {one["scheme"]: one for one in results["schemes"].tables["schemes"]}
    idea, post = rows["IDEA-1"], rows["POST-1"]
    assert idea["title"] == "Title of IDEA-1" and idea["standing"] == "under assessment"
    assert idea["plan_pence"] is None and not idea["typed_maturity"]
    assert post["plan_pence"] is None  # it touches posts, and the staff side has not been told
    assert rows["OPEN-1"]["plan_pence"] == 45_678_900
    assert rows["RUN-1"]["plan_pence"] is None  # commercial: its value is not shown
    assert rows["GONE-1"]["plan_pence"] == 45_678_900
    told = {one["scheme"]: one["standing"] for one in results["register"].tables["proposals"]}
    assert told == {
        "RUN-1": "its value is not shown, for it is commercial",
        "OPEN-1": "public",
        "IDEA-1": "under assessment",
        "POST-1": "under assessment",
        "GONE-1": "refused",
    }
    left = [one["scheme"] for one in results["schemes"].tables["milestones"]]
    assert left == ["RUN-1", "OPEN-1", "GONE-1"]
    assert results["schemes"].tables["harm"][0]["schemes"] == ["RUN-1"]
    assert results["schemes"].words == ("2 schemes are late.",)
    figure = results["schemes"].figures[0]
    assert (figure.value, figure.status) == (None, "withheld")


def test_while_an_election_is_near_new_proposals_wait() -> None:
    results = programme()
    near = [{"kind": "pre_election", "from": "2026-11-20", "to": "2026-12-31"}]
    when = [{"key": "as_at", "value": "2026-12-10"}]
    tables = {**results["register"].tables, "periods": near, "book": when}
    shown = public({**results, "register": replace(results["register"], tables=tables)})
    rows = {one["scheme"]: one for one in shown["schemes"].tables["schemes"]}
    assert rows["OPEN-1"]["plan_pence"] is None
    assert rows["OPEN-1"]["standing"].endswith("while an election is near")


def test_no_chance_before_rates_are_adopted_and_no_choice_without_its_word() -> None:
    made = position({f"surplus/A/{YEAR}/plan": 5})
    chance = made.figures[0]._replace(
        id=f"chance_control_total/A/{YEAR}/forecast", value=0.4, unit="chance"
    )
    said = (
        Sentence("A", YEAR, "risk", "It has a chance of 40% to meet its control total."),
        Sentence("A", YEAR, "risk", "If the forecast holds it ends £5.0m short."),
    )
    for may in (False, True):
        tables = {"rates": [row(chance_may_be_told=may)], "schemes": [row(scheme="X", chance=0.5)]}
        risk = replace(made, verb="risk", figures=(chance,), tables=tables, sentences=said)
        shown = public({"risk": risk, "register": register([])})["risk"]
        assert (shown.figures[0].value == 0.4) is may
        assert (len(shown.words) == 2) is may
        assert (shown.tables["schemes"][0]["chance"] == 0.5) is may
    chosen = replace(
        made, verb="portfolio", tables={"schemes": [row(scheme="Y", chosen=True)]}, sentences=()
    )
    portfolio = public({"portfolio": chosen, "register": register([])})["portfolio"]
    assert portfolio.words == ("What follows is a modelled list: no decision has been made.",)
    assert portfolio.tables["schemes"][0]["decision"] == "no decision has been made"


def test_a_private_session_has_no_public_paper() -> None:
    papers = [
        {"organisation": "S", "on": "2026-12-01", "session": "public", "private_reason": ""},
        {"organisation": "S", "on": "2027-01-01", "session": "private", "private_reason": "staff"},
    ]
    results = {"register": register([], papers=papers)}
    with pytest.raises(BookError, match=r"private session \(staff\).*change session to public"):
        refuse_private(results, "S")
    refuse_private(results, "A")
    refuse_private({"register": register([], papers=papers[:1])}, "S")


def test_an_equal_number_takes_nothing_else_with_it() -> None:
    """Support under one policy is withheld; the same sum under another goes, its row stays."""
    one, other = f"share/A/{YEAR}/plan/loan", f"share/A/{YEAR}/plan/gift"
    tables = {"shares": [row(policy=p, pence=123_456_700, per_head=4.5) for p in ("loan", "gift")]}
    figures = {one: 123_456_700, other: 123_456_700}
    results = shown(withheld_row(one), figures=figures, tables=tables)
    assert [f.value for f in results["position"].figures] == [None, None]
    loan, gift = cells(results, "shares")
    assert (loan["pence"], loan["per_head"]) == (None, None)
    assert (gift["pence"], gift["per_head"]) == (None, 4.5)


def test_what_names_nobody_is_taken_to_be_of_the_one_that_leads() -> None:
    """A director's slot says £2.0m worse than plan, and not of whom."""
    tables = {"slots": [{"slot": "variance", "value": -200_000_000, "shown": "£2.0m worse"}]}
    scope = Scope((Body("A", "Alder Trust", "provider", 0),), "A")
    results = {
        "position": position(FIGURES, {}, tables),
        "register": replace(register([withheld_row(f"surplus/A/{YEAR}/forecast")]), scope=scope),
    }
    found = public(results)["position"].tables["slots"][0]
    assert (found["value"], found["shown"]) == (None, "withheld")

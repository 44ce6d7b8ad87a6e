"""The four tests of an option of the Capped Expenditure Process, in their order and by hand."""

from __future__ import annotations

from controltotal.rules import option_tests
from controltotal.rules.option_tests import TESTS, options_of
from controltotal.rules.reading import Reading
from controltotal.workings.workings import Workings
from tests.scheme_books import YEAR, Rows, book, changed, gates, scheme
from tests.strategies import position_of

CAPPED = {"programme": "capped_expenditure"}
DECIDED = "2026-05-12"


def fact(name: str, value: str) -> dict[str, str]:
    return {"organisation": "RX1", "year": YEAR, "scheme": "T1", "fact": name, "value": value}


def finance(on: str, outcome: str = "pass") -> dict[str, str]:
    return {"scheme": "T1", "gate": "finance", "on": on, "by": "Finance", "outcome": outcome}


def involved(start: str) -> dict[str, str]:
    return {"scheme": "T1", "duty": "public", "from": start, "to": start}


def reading(**tables: Rows) -> Reading:
    made = {"schemes": [scheme(**CAPPED)], **tables}
    return Reading(Workings(position_of(book(**made))))


def states(**tables: Rows) -> list[tuple[str, str]]:
    """The state of each test in order, and why."""
    known = reading(**tables)
    (option,) = options_of(known, "SYS", YEAR)
    found = option_tests.tests_of(known, option)
    assert tuple(one.name for one in found) == TESTS
    assert all(one.holds_back is (one.state in ("not passed", "not said")) for one in found)
    return [(one.state, one.why) for one in found]


def test_quality_is_the_judgement_by_which_every_scheme_counts() -> None:
    assert states()[0] == ("passed", "")
    unsigned = [row for row in gates() if row["gate"] != "QIA"]
    assert states(gates=unsigned)[0][0] == "not passed"
    late = changed(gates(), {"gate": "QIA", "role": "chief_nurse"}, on="2026-05-13")
    state, why = states(gates=late)[0]
    assert state == "not passed" and f"the decision of {DECIDED} came before it" in why
    same = changed(gates(), {"gate": "QIA", "role": "chief_nurse"}, on=DECIDED)
    assert f"the decision of {DECIDED} came before it" not in states(gates=same)[0][1]


def test_finance_is_appraised_before_the_decision() -> None:
    assert states()[1] == ("not passed", "there is none")
    for on, state in (("2026-05-11", "passed"), (DECIDED, "passed"), ("2026-05-13", "not passed")):
        found = states(gates=[*gates(), finance(on)])[1]
        why = "" if state == "passed" else f"the decision of {DECIDED} came before it"
        assert found == (state, why)
    refused = states(gates=[*gates(), finance("2026-05-11", "rejected")])[1]
    assert refused == ("not passed", "it was not approved")


def test_the_longer_term_view_is_there_or_is_not() -> None:
    assert states()[2] == ("not passed", "there is none")
    assert states(facts=[fact("longer_term_view", "1")])[2] == ("passed", "")
    assert states(facts=[fact("longer_term_view", "0")])[2] == ("not passed", "there is none")


def test_people_are_involved_before_the_decision_where_it_goes_further() -> None:
    lack = "nobody says whether the option goes further (engagement_needed, yes or no)"
    assert states()[3] == ("not said", lack)
    no = [fact("engagement_needed", "0")]
    assert states(facts=no)[3] == ("not needed", "the option goes no further")
    yes = [fact("engagement_needed", "1")]
    assert states(facts=yes)[3] == ("not passed", "nobody was involved")
    for start in ("2026-03-01", DECIDED):
        _, why = states(facts=yes, engagements=[involved(start)])[3]
        assert "involved" not in why  # its answers are another question
    after = states(facts=yes, engagements=[involved("2026-05-13")])[3]
    assert after[0] == "not passed"
    assert f"people were involved from 2026-05-13, after the decision of {DECIDED}" in after[1]


def test_options_are_the_schemes_of_the_process_in_a_system() -> None:
    other = scheme("T2")
    rows = option_tests.test_rows(reading(schemes=[scheme(**CAPPED), other]), "SYS", YEAR)
    assert [(row["option"], row["order"], row["test"]) for row in rows] == [
        ("T1", order, name) for order, name in enumerate(TESTS, start=1)
    ]
    assert rows[0]["on"] == "2026-04-25"
    none = option_tests.test_rows(reading(schemes=[other]), "SYS", YEAR)
    assert [(row["option"], row["order"], row["state"]) for row in none] == [
        ("", order, "not said") for order in (1, 2, 3, 4)
    ]
    assert {row["why"] for row in none} == {"no option is published or in the book"}
    assert options_of(reading(), "CB1", YEAR) == ()

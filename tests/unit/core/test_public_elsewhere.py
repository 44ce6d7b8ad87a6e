"""What one place withholds no other tells: another table, a title, how a figure was made, a draft."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from controltotal.core.public import public, register_of
from controltotal.core.public_schemes import UNDER, WAITS, standings
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.core.trace import Trace
from controltotal.core.withheld_reckoning import Difference, entries_behind
from controltotal.core.withholding import Withholding, told
from tests.board_results import example
from tests.public_results import YEAR, position, register, withheld_row

SHARE = f"share/A/{YEAR}/plan/neighbour_support"
LENT = 412_345_600


def lending() -> dict[str, Result]:
    """Alder lends to Beech; what its share would be is withheld, and so is what it lends."""
    lent = {"transfer": "T-03", "from": "A", "to": "B"}
    tables: dict[str, list[dict[str, Any]]] = {
        "transfers": [
            {**lent, "year": YEAR, "mechanism": "neighbour_support", "amount_pence": LENT}
        ],
        "exit_or_default": [{**lent, "year": "2027-28", "amount_pence": LENT}],
        "support_cases": [{"case": "before", "giver": "A", "pence": -LENT}],
        "decisions": [{"decision": "D-01", "title": "Ask Alder for support of £4.1 million"}],
        "shares": [{"organisation": "B", "year": YEAR, "policy": "other", "pence": LENT + 1}],
    }
    said = [
        Sentence("B", YEAR, "share", "Transfer T-03 from Alder Trust is of £4.1 million."),
        Sentence("B", YEAR, "share", "Beech Trust is owed nothing."),
    ]
    figures = {SHARE: 500_000_000, f"balance_owed/A/{YEAR}/plan/T-03": LENT}
    return {
        "position": position(figures, {}, tables, said),
        "register": register([withheld_row(SHARE)]),
    }


def test_a_sum_of_support_that_one_table_withholds_no_other_tells() -> None:
    results = public(lending())
    found = results["position"]
    for table in ("transfers", "exit_or_default", "support_cases"):
        assert LENT not in {abs(v) for v in found.tables[table][0].values() if isinstance(v, int)}
    assert found.tables["decisions"][0]["title"] == "withheld"
    assert found.tables["shares"][0]["pence"] == LENT + 1  # another's, and another number
    assert all("4.1" not in one.text for one in found.sentences)
    assert "Beech Trust is owed nothing." in found.words
    owed = found.figure(f"balance_owed/A/{YEAR}/plan/T-03")
    assert owed is not None and (owed.value, owed.status) == (None, "withheld")


def test_how_a_figure_was_made_names_no_proposal_that_is_held() -> None:
    made = position({f"surplus/A/{YEAR}/plan": 1})
    steps = {
        "a": Trace("IDEA-1: £768 thousand of £1.5 million a year", parameters=("IDEA-1 in full",)),
        "b": Trace("S1: £1.0 million of £2.0 million a year"),
        "c": Trace("S1 and others", parameters=("a rule",)),
    }
    proposals = [
        {"scheme": code, "organisation": "A", "title": "", "places": "", "affects": "posts"}
        for code in ("IDEA-1", "S1")
    ]
    results = public(
        {
            "position": replace(made, trace={**made.trace, **steps}),
            "register": register([], proposals=proposals),
        }
    )
    trace = results["position"].trace
    assert (trace["a"].rule, trace["a"].parameters) == ("under assessment", ())
    assert trace["b"].rule == "under assessment"
    assert (trace["c"].rule, trace["c"].parameters) == ("S1 and others", ("a rule",))


def test_drafts_and_private_sessions_are_no_part_of_what_the_public_has() -> None:
    words = [
        {"about": "answer", "text": "Secret: sell Alder.", "status": "draft"},
        {"about": "answer", "text": "We are short.", "status": "agreed"},
    ]
    papers = [
        {"organisation": "A", "on": "2026-05-01", "session": "private", "recommendation": "Sell"},
        {"organisation": "A", "on": "2026-06-01", "session": "public", "recommendation": "Note"},
    ]
    said = [Sentence("A", YEAR, "beside", "Said by A: Secret: sell Alder.")]
    results = public(
        {
            "position": position({}, {}, {"commentary": words}, said),
            "register": register([], papers=papers),
        }
    )
    assert [row["text"] for row in results["position"].tables["commentary"]] == ["We are short."]
    assert [row["recommendation"] for row in results["register"].tables["papers"]] == ["Note"]
    assert not results["position"].sentences


def test_a_reason_that_says_the_figure_is_not_printed() -> None:
    """“We lack £5.0m” given as the reason for withholding £5.0m; another reason stands as it is."""
    other = f"cash/B/{YEAR}/plan"
    rows = [
        withheld_row(SHARE, reason="Alder would have to find £5.0m"),
        withheld_row(other, reason="Terms are being agreed"),
    ]
    figures = {SHARE: 500_000_000, other: 700_000_000}
    results = public({"position": position(figures), "register": register(rows)})
    told = [row["placeholder"] for row in register_of(results)]
    assert told[0].startswith("withheld: the reason given would tell it, and is not printed")
    assert told[1].startswith("withheld: Terms are being agreed")
    assert "5.0m" not in results["position"].trace[SHARE].rule
    assert all(
        "5.0m" not in row["placeholder"] for row in results["register"].tables["withheld_also"]
    )


def test_a_scheme_with_the_title_of_an_idea_of_another_body_stays_public() -> None:
    """Sixteen running or public schemes of the fictional system once went with such a title."""
    asked = dict(example())
    standing = standings(asked)
    shown = public(asked)
    for verb, table in (
        ("schemes", "schemes"),
        ("schemes", "delivery_to_date"),
        ("register", "proposals"),
    ):
        told = {row["scheme"] for row in shown[verb].tables[table]}
        there = {row["scheme"] for row in asked[verb].tables[table]}
        assert there - told <= {one for one, how in standing.items() if how in (UNDER, WAITS)}
    titles = Counter(row["title"] for row in asked["schemes"].tables["schemes"])
    assert max(titles.values()) > 1


def test_behind_each_number_of_a_book_stands_a_row_that_can_be_left_out() -> None:
    """Else a second reckoning could not do without it; what others publish has no row of the book."""
    published = {"others_delivered", "interval_cases", "interval_coverage", "pinball_loss", "rule"}
    held = Withholding(example())
    behind = entries_behind(held)
    bare = {
        figure.measure
        for name, figure in held.figures.items()
        if told(figure) and figure.value and not behind(name)
    }
    assert bare <= published
    rules = [one for one in held.figures if one.startswith("rule/") and not behind(one)]
    assert all("section_223D" in one or not held.figures[one].value for one in rules)


def test_an_answer_to_another_question_is_no_second_reckoning() -> None:
    """Without the support of one body another gap may be shared: nothing of it stands in its place."""
    row = withheld_row(SHARE)
    whole = replace(position({SHARE: 500_000_000}), verb="sharing", options={"to": "B"})
    rows = [{"organisation": "C", "policy": "capped", "pence": 1}]
    other = replace(position({}, {}, {"shares": rows}), verb="sharing", options={"pot": True})
    held = Withholding({"sharing": whole, "register": register([row])})
    shown = Difference(held).shown({"sharing": whole}, {"sharing": other})["sharing"]
    assert not shown.tables.get("shares") and shown.value(SHARE) is None

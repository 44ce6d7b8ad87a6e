"""What many bodies share: a cap over a system, and a pot that may not cover its minima."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.workings.workings import Workings

FAULTS = Path("tests/data/faults/meaning")
CAP = FAULTS / "joint-cap-provider-offer"
MILLION = 100_000_000


def test_what_a_trust_is_offered_counts_in_the_cap_of_its_system() -> None:
    """520 + 40 + 6 - 0 - (20) = 586; planned spend of 605 is 19 above it."""
    result = verbs.position(str(CAP))
    assert result.value("rule/S/2017-18/joint_cap") == 586 * MILLION
    assert result.value("rule/S/2017-18/joint_gap") == 19 * MILLION


@pytest.mark.parametrize(("whole", "said"), [(6, False), (7, True)])
def test_an_offer_stated_of_the_whole_stands_and_other_parts_are_said(
    tmp_path: Path, whole: int, said: bool
) -> None:
    shutil.copytree(CAP, tmp_path, dirs_exist_ok=True)
    facts = (CAP / "facts.csv").read_text("utf-8") + f"S,fund_offer,2017/18,plan,{whole},£m\n"
    (tmp_path / "facts.csv").write_text(facts, "utf-8")
    result = verbs.position(str(tmp_path))
    assert result.value("rule/S/2017-18/joint_cap") == (580 + whole) * MILLION
    told = "the offers to its bodies come to £6.0 million" in (
        result.trace["rule/S/2017-18/joint_cap"].rule
    )
    assert told is said


def test_a_pot_short_of_its_minima_divides_nothing() -> None:
    """The minima come to 421.6 more than the pot of 2,486.3, so that no closing is shown."""
    result = verbs.position(str(FAULTS / "pace-infeasible"))
    closings = [result.figure(f"rule/C{n}/2019-20/pace_of_change") for n in range(5)]
    assert [(f.value, f.status) for f in closings if f] == [(None, "indeterminate")] * 5
    assert result.value("rule/N/2019-20/pace_feasible") is None
    rule = result.trace["rule/C0/2019-20/pace_of_change"].rule
    assert "nothing is divided: the pot is £421.6 million short of the minima" in rule


def test_a_challenge_asks_only_for_the_choice_of_schemes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It proves and explains nothing that it does not show, and says what the portfolio says."""
    from controltotal.savings.portfolio import answer, outcome

    workings = Workings(verbs.read("examples/fictional-system"))

    def refuse(*given: object) -> None:
        raise AssertionError("a bound was proved for nobody")

    monkeypatch.setattr(outcome, "bound_for", refuse)
    monkeypatch.setattr(answer, "bindings", refuse)
    told = verbs.challenge(workings, organisation="XF-SYS")
    monkeypatch.undo()
    ahead = verbs.portfolio(workings).value("portfolio_saving/XF-SYS/2026-27/plan")
    saved = verbs.position(workings).value("savings_plan/XF-SYS/2026-27/actual")
    assert ahead is not None and saved is not None
    assert told.value("safe_maximum/XF-SYS/2026-27/plan") == ahead + saved

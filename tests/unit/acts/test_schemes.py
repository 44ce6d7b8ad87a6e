"""Acts: what they write, what they refuse, and that a refusal writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from controltotal import acts
from controltotal.acts import ActRefused, Done
from controltotal.book.fold import Position, fold
from controltotal.ledger.store import MemoryStore
from controltotal.programme.eligibility import eligible
from tests.ledgers import memory, posting
from tests.running import controltotal
from tests.scheme_books import book, less, scheme
from tests.strategies import source_of

DOMAINS = (
    "safe",
    "effective",
    "experience",
    "well_led",
    "sustainable",
    "equitable",
    "workforce_safety",
)


def ledger(*codes: str) -> MemoryStore:
    """A ledger that holds the small book, or one without schemes where none is named."""
    made = book(*codes) if codes else {**book(), "schemes": [], "gates": [], "assessments": []}
    return memory(source_of(made))


def position(store: MemoryStore) -> Position:
    from controltotal.ledger.source import BookSource

    return fold(BookSource("b", store.read(), (), {}, {}))


CELLS = {
    "id": "N1",
    "organisation": "RX1",
    "title": "Beds",
    "recurrence": "recurrent",
    "full_year_effect": "£1.2m",
    "owner": "Director of estates",
    "start": "2026-10-01",
    "in_plan": "yes",
    "maturity": "fully_developed",
}


def whole_way(store: MemoryStore) -> list[Done]:
    """A scheme from idea to decision."""
    done = [acts.propose(store, CELLS, by="Office", on="2026-03-01")]
    done += [
        acts.assess(
            store,
            "N1",
            "nhse_2025",
            domain,
            3,
            3,
            residual_likelihood=2,
            mitigation="watched weekly",
            by="Quality lead",
            on="2026-03-10",
        )
        for domain in DOMAINS
    ]
    done.append(acts.sign(store, "N1", "medical_director", by="Dr Ash", on="2026-04-01"))
    done.append(acts.sign(store, "N1", "chief_nurse", by="B Birch", on=date(2026, 4, 2)))
    for number, gate in enumerate(("G0", "G1", "G2", "G3"), start=10):
        done.append(
            acts.pass_gate(
                store,
                "N1",
                gate,
                by="Board",
                on=f"2026-04-{number}",
                evidence="papers; effect on the longer-term strategy: none",
            )
        )
    return done


def test_from_idea_to_decision_and_every_act_is_attributed_and_dated() -> None:
    store = ledger()
    before = len(store.read())
    done = whole_way(store)
    assert [d.first for d in done] == list(range(before + 1, before + 1 + len(done)))
    good, _ = eligible(position(store))
    assert [one.id for one in good] == ["N1"] and good[0].maturity == "fully_developed"
    assert all(e.by and e.on for e in store.read()[before:])
    assert store.last()[1] == done[-1].root.removeprefix("sha256:")


def test_a_typed_maturity_is_noted_at_once() -> None:
    done = acts.propose(ledger(), CELLS, by="Office", on="2026-03-01")
    assert "counts only once its evidence exists" in done.notices[0]


Refused = Callable[[MemoryStore], Done]
REFUSALS: dict[str, tuple[str, Refused]] = {
    "the owner signs": (
        "the owner cannot sign",
        lambda s: acts.sign(s, "T1", "chief_nurse", by="CHIEF operating  officer", on="2026-06-01"),
    ),
    "one person in both roles": (
        "two people sign",
        lambda s: acts.sign(s, "T1", "chief_nurse", by="Dr A Ash", on="2026-06-01"),
    ),
    "a role that signs nothing": (
        "signs nothing",
        lambda s: acts.sign(s, "T1", "porter", by="P", on="2026-06-01"),
    ),
    "a refusal without a reason": (
        "needs a reason",
        lambda s: acts.sign(s, "T1", "chief_nurse", by="B Birch", on="2026-06-01", refuse=True),
    ),
    "signing twice in a day": (
        "already",
        lambda s: acts.sign(s, "T1", "chief_nurse", by="B. Birch", on="2026-04-25"),
    ),
    "an unknown scheme": (
        "there is no scheme T9",
        lambda s: acts.sign(s, "T9", "chief_nurse", by="B", on="2026-06-01"),
    ),
    "nobody acts": (
        "needs the name",
        lambda s: acts.fail_gate(s, "T1", "G3", by=" . ", on="2026-06-01", why="x"),
    ),
    "a day that is none": (
        "the day reads",
        lambda s: acts.fail_gate(s, "T1", "G3", by="B", on="soon", why="x"),
    ),
    "a gate that is none": (
        "is not a gate",
        lambda s: acts.pass_gate(s, "T1", "G9", by="B", on="2026-06-01", evidence="x"),
    ),
    "a gate without evidence": (
        "none is named",
        lambda s: acts.pass_gate(s, "T1", "G4", by="B", on="2026-06-01"),
    ),
    "a gate out of order": (
        "cannot be passed before G4",
        lambda s: acts.pass_gate(s, "T1", "G5", by="B", on="2026-06-01", evidence="x"),
    ),
    "G2 without the longer-term strategy": (
        "longer-term strategy",
        lambda s: acts.pass_gate(s, "T1", "G2", by="B", on="2026-06-01", evidence="papers"),
    ),
    "going back without a reason": (
        "needs a reason",
        lambda s: acts.fail_gate(s, "T1", "G3", by="B", on="2026-06-01", why=""),
    ),
    "a score of 6": (
        "not from 1 to 5",
        lambda s: acts.assess(s, "T1", "classic", "safety", 6, 2, by="Q", on="2026-06-01"),
    ),
    "a score of nought": (
        "not from 1 to 5",
        lambda s: acts.assess(
            s, "T1", "classic", "safety", 3, 2, residual_likelihood=0, by="Q", on="2026-06-01"
        ),
    ),
    "an unknown profile": (
        "there is no profile",
        lambda s: acts.assess(s, "T1", "ours", "safety", 3, 2, by="Q", on="2026-06-01"),
    ),
    "an unknown domain": (
        "has no domain",
        lambda s: acts.assess(s, "T1", "classic", "saftey", 3, 2, by="Q", on="2026-06-01"),
    ),
    "a score that falls by itself": (
        "no mitigation is named",
        lambda s: acts.assess(
            s, "T1", "classic", "safety", 3, 3, residual_likelihood=1, by="Q", on="2026-06-01"
        ),
    ),
    "an assessment dated back": (
        "after 2026-04-01",
        lambda s: acts.assess(s, "T1", "classic", "safety", 1, 1, by="Q", on="2026-04-01"),
    ),
    "a scheme that is there": (
        "already",
        lambda s: acts.propose(s, scheme(), by="Office", on="2026-06-01"),
    ),
    "a scheme of nobody": (
        "XX9",
        lambda s: acts.propose(s, {**CELLS, "organisation": "XX9"}, by="O", on="2026-06-01"),
    ),
    "a value that cannot be read": (
        "full_year_effect",
        lambda s: acts.propose(s, {**CELLS, "full_year_effect": "lots"}, by="O", on="2026-06-01"),
    ),
    "a column that is none": (
        "has no colour",
        lambda s: acts.propose(s, {**CELLS, "colour": "red"}, by="O", on="2026-06-01"),
    ),
    "a change of nothing": (
        "nothing would change",
        lambda s: acts.revise(s, "T1", {"title": "Beds"}, by="O", on="2026-06-01"),
    ),
    "a change of the id": (
        "cannot be revised",
        lambda s: acts.revise(s, "T1", {"id": "T2"}, by="O", on="2026-06-01"),
    ),
    "a withdrawal without a reason": (
        "needs a reason",
        lambda s: acts.withdraw(s, "T1", by="O", on="2026-06-01", why=""),
    ),
    "a withdrawal of nothing": (
        "there is no",
        lambda s: acts.withdraw(s, "gates row 99", by="O", on="2026-06-01", why="x"),
    ),
    "a scheme row alone, with gates that name it": (
        "not in the table",
        lambda s: acts.withdraw(s, "schemes row 2", by="O", on="2026-06-01", why="x"),
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_the_rules_do_not_allow_is_refused_in_words_and_nothing_is_written(case: str) -> None:
    words, act = REFUSALS[case]
    store = ledger("T1")
    before = store.read()
    with pytest.raises(ActRefused) as refused:
        act(store)
    assert words in refused.value.what or words in str(refused.value), refused.value
    assert refused.value.action
    assert store.read() == before


def test_a_scheme_that_scores_15_cannot_be_signed_nor_decided() -> None:
    made = book()
    made["gates"] = less(less(made["gates"], gate="QIA"), gate="G3")
    store = memory(source_of(made))
    done = acts.assess(store, "T1", "classic", "safety", 5, 3, by="Q", on="2026-06-01")
    assert "refuses the scheme" in done.notices[0]
    with pytest.raises(ActRefused, match="residual score 15"):
        acts.sign(store, "T1", "chief_nurse", by="B Birch", on="2026-06-02")
    with pytest.raises(ActRefused, match="G3 cannot be passed"):
        acts.pass_gate(store, "T1", "G3", by="Board", on="2026-06-03", evidence="x")
    acts.sign(store, "T1", "chief_nurse", by="B Birch", on="2026-06-02", refuse=True, why="unsafe")
    assert "QUALITY_REFUSED" in eligible(position(store))[1][0].codes


def test_a_panel_is_named_for_a_consequence_of_5_or_a_score_of_12() -> None:
    store = ledger("T1")
    for likelihood, consequence in ((1, 5), (3, 4)):
        done = acts.assess(
            store, "T1", "classic", "safety", likelihood, consequence, by="Q", on="2026-06-01"
        )
        assert done.notices == ("it goes to a panel",)


def test_a_material_change_lapses_the_signatures_and_signing_again_mends_it() -> None:
    store = ledger("T1")
    small = acts.revise(store, "T1", {"full_year_effect": "13"}, by="Office", on="2026-06-01")
    assert small.notices == () and len(eligible(position(store))[0]) == 1
    large = acts.revise(store, "T1", {"full_year_effect": "14"}, by="Office", on="2026-06-02")
    assert "signatures lapse" in large.notices[0]
    assert eligible(position(store))[0] == ()
    acts.sign(store, "T1", "medical_director", by="Dr Ash", on="2026-06-03")
    acts.sign(store, "T1", "chief_nurse", by="B Birch", on="2026-06-03")
    assert len(eligible(position(store))[0]) == 1


def test_a_change_on_the_day_of_signing_after_it_lapses_it() -> None:
    store = ledger("T1")
    acts.revise(store, "T1", {"service": "Maternity"}, by="Office", on="2026-04-25")
    assert "SIGNATURE_LAPSED" in eligible(position(store))[1][0].codes


def test_two_changes_in_a_day_leave_one_row_and_the_first_is_not_forgotten() -> None:
    store = ledger("T1")
    acts.revise(store, "T1", {"service": "Maternity"}, by="Office", on="2026-06-01")
    acts.revise(store, "T1", {"service": "Surgery"}, by="Office", on="2026-06-01")
    found = position(store)
    assert not found.findings and len(found.book.schemes) == 1
    assert "SIGNATURE_LAPSED" in eligible(found)[1][0].codes


def test_a_change_can_be_dated_neither_before_the_last_nor_before_the_signature_to_save_it() -> (
    None
):
    store = ledger("T1")
    acts.revise(store, "T1", {"service": "Maternity"}, by="Office", on="2026-03-01")
    assert "SIGNATURE_LAPSED" in eligible(position(store))[1][0].codes  # entered after they signed
    with pytest.raises(ActRefused, match="was last changed"):
        acts.revise(store, "T1", {"service": "Surgery"}, by="Office", on="2026-02-01")


def test_going_back_is_recorded_and_coming_again_counts() -> None:
    store = ledger("T1")
    acts.fail_gate(store, "T1", "G3", by="Board", on="2026-06-01", why="supplier withdrew")
    assert "GATE_FAILED" in eligible(position(store))[1][0].codes
    acts.pass_gate(store, "T1", "G3", by="Board", on="2026-07-01", evidence="new supplier")
    assert len(eligible(position(store))[0]) == 1
    outcomes = [g.outcome for g in position(store).book.gates if g.gate == "G3"]
    assert outcomes == [None, "failed", None]


def test_a_withdrawn_scheme_takes_all_that_speaks_of_it_along_and_stays_in_the_ledger() -> None:
    store = ledger("T1", "T2")
    acts.withdraw(store, "T1", by="Office", on="2026-06-01", why="dropped")
    found = position(store)
    assert [r.id for r in found.book.schemes] == ["T2"] and not found.findings
    assert {r.scheme for r in found.book.gates} == {"T2"}
    assert any(dict(e.cells).get("id") == "T1" for e in store.read())
    with pytest.raises(ActRefused, match="already"):
        acts.propose(store, scheme("T1"), by="Office", on="2026-06-02")


def test_one_signature_can_be_withdrawn() -> None:
    store = ledger("T1")
    acts.withdraw(store, "gates row 5", by="B Birch", on="2026-06-01", why="signed in error")
    assert eligible(position(store))[1][0].codes == ("SIGNATURE_MISSING",)


# -- the command line -------------------------------------------------------------------------------


@pytest.fixture
def address(tmp_path: Path) -> str:
    from controltotal.ledger import open_ledger

    path = f"sqlite:///{tmp_path}/book.ledger"
    store = open_ledger(path)
    store.append([posting(e.draft for e in source_of(book()).entries)], 0)
    store.close()
    return path


def test_commands_write_and_refuse_in_one_line(address: str) -> None:
    fields = ("scheme=T1", "role=chief_nurse")
    told = controltotal(
        "act", "sign", address, *fields, "--as", "Chief operating officer", "--on", "2026-06-01"
    )
    assert (told.code, told.out) == (2, "")
    assert told.err == (
        "controltotal: the owner cannot sign (schemes row 2): somebody else signs, or "
        "somebody else owns it\n"
    )
    told = controltotal(
        "act",
        "revise",
        address,
        "id=T1",
        "service=Maternity",
        "--as",
        "Office",
        "--on",
        "2026-06-01",
    )
    assert told.code == 0 and "written as entry" in told.out and "signatures lapse" in told.out
    told = controltotal("scheme", "show", address, "T1")
    assert "does not count: the medical director signed on 2026-04-24" in told.out


def test_every_act_on_schemes_has_its_command(address: str) -> None:
    new = "organisation=RX1 title=Beds full_year_effect=£1m recurrence=recurrent service=Surgery"
    lines = [
        ("propose", "id=N1", *new.split()),
        ("assess", "scheme=N1", "domain=safe", "likelihood=2", "consequence=2"),
        ("pass", "scheme=N1", "gate=G0", "evidence=idea"),
        ("sign", "scheme=N1", "role=finance_lead"),
        ("revise", "id=N1", "risk=low", "--on", "2026-06-02"),
        ("fail", "scheme=N1", "gate=G0", "--why", "no", "--on", "2026-06-03"),
        ("withdraw", "scheme=N1", "--why", "no", "--on", "2026-06-03"),
    ]
    for name, *rest in lines:
        day = () if "--on" in rest else ("--on", "2026-06-01")
        told = controltotal("act", name, address, *rest, "--as", "Office", *day)
        assert (told.code, told.err) == (0, ""), (name, told.err)


def test_an_act_is_not_dated_ahead_and_not_done_in_a_folder(address: str, tmp_path: Path) -> None:
    fails = ("scheme=T1", "gate=G3", "--why", "x", "--as", "B")
    told = controltotal("act", "fail", address, *fails, "--on", "2199-01-01")
    assert told.code == 2 and "still to come" in told.err
    told = controltotal("act", "fail", str(tmp_path), *fails)
    assert told.code == 2 and "acts are kept in a ledger" in told.err


@pytest.mark.parametrize("question", ["list", "quality", "gates", "engagement", "phasing"])
def test_every_page_of_schemes_answers(address: str, question: str) -> None:
    told = controltotal("scheme", question, address)
    assert told.code == 0 and told.out and not told.err
    assert controltotal("scheme", question, address, "--json").out.startswith('{\n  "controltotal"')


def test_one_scheme_as_a_page(address: str, tmp_path: Path) -> None:
    target = tmp_path / "t1.html"
    assert controltotal("scheme", "show", address, "T1", "--output", str(target)).code == 0
    page = target.read_text("utf-8")
    assert "T1: Beds" in page and "<script" not in page and "These data are fictional" in page
    assert controltotal("scheme", "show", address, "T7").code == 2

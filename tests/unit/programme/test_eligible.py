"""`EligibleScheme` cannot be made of a scheme that is not eligible, whichever way it is tried."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from types import SimpleNamespace

import pytest

from controltotal.book.fold import Position
from controltotal.programme import eligibility
from controltotal.programme.eligibility import (
    EligibleScheme,
    IneligibleError,
    Judgements,
    eligible,
    only_eligible,
)
from tests.scheme_books import (
    DOMAINS,
    Book,
    Spoil,
    assessments,
    book,
    changed,
    gates,
    less,
    scheme,
)
from tests.strategies import position_of

NURSE = {"gate": "QIA", "role": "chief_nurse"}
DOCTOR = {"gate": "QIA", "role": "medical_director"}

FAILED = {"gate": "G3", "on": "2026-06-01", "outcome": "failed"}


def spoilt(spoil: Spoil) -> Position:
    made: Book = book()
    spoil(made)
    return position_of(made)


def gate(**row: str) -> dict[str, str]:
    return {"scheme": "T1", "by": "Executive", **row}


SPOILT: dict[str, tuple[str, Spoil]] = {
    "no gate": ("GATE_MISSING", lambda b: b.update(gates=less(gates(), gate="G3"))),
    "gate failed later": (
        "GATE_FAILED",
        lambda b: b["gates"].append(gate(gate="G3", on="2026-06-01", outcome="failed")),
    ),
    "gate never passed": (
        "GATE_FAILED",
        lambda b: b.update(gates=changed(gates(), {"gate": "G3"}, outcome="failed")),
    ),
    "unsigned": ("SIGNATURE_MISSING", lambda b: b.update(gates=less(gates(), gate="QIA"))),
    "one signature": ("SIGNATURE_MISSING", lambda b: b.update(gates=less(gates(), **NURSE))),
    "signed by another role": (
        "SIGNATURE_MISSING",
        lambda b: b.update(gates=changed(gates(), NURSE, role="finance_lead")),
    ),
    "signed by nobody": (
        "SIGNATURE_UNNAMED",
        lambda b: b.update(gates=changed(gates(), NURSE, by="")),
    ),
    "refused": (
        "QUALITY_REFUSED",
        lambda b: b.update(gates=changed(gates(), NURSE, outcome="refused")),
    ),
    "signed, then refused": (
        "QUALITY_REFUSED",
        lambda b: b["gates"].append(gate(**NURSE, on="2026-05-20", outcome="withdrawn")),
    ),
    "the owner signed": (
        "SIGNATURE_OF_OWNER",
        lambda b: b.update(schemes=[scheme(owner="B. BIRCH")]),
    ),
    "one person twice": (
        "SIGNATURE_TWICE",
        lambda b: b.update(gates=changed(gates(), NURSE, by="Dr A Ash")),
    ),
    "not assessed": ("QUALITY_NOT_ASSESSED", lambda b: b.update(assessments=[])),
    "a domain missing": (
        "QUALITY_DOMAIN_MISSING",
        lambda b: b.update(assessments=assessments(domains=DOMAINS[:3])),
    ),
    "an unknown profile": (
        "QUALITY_PROFILE_UNKNOWN",
        lambda b: b.update(assessments=assessments(profile="our_own")),
    ),
    "only equality assessed": (
        "QUALITY_NOT_ASSESSED",
        lambda b: b.update(assessments=assessments(profile="equality_2010", domains=("age",))),
    ),
    "rejected": (
        "QUALITY_REJECTED",
        lambda b: b.update(
            assessments=changed(assessments(), {"domain": "safety"}, outcome="reject")
        ),
    ),
    "a word that nobody knows": (
        "QUALITY_REJECTED",
        lambda b: b.update(assessments=changed(assessments(), {"domain": "safety"}, outcome="hm")),
    ),
    "score 15": (
        "QUALITY_REJECTED",
        lambda b: b.update(
            assessments=changed(
                assessments(),
                {"domain": "workforce_safety"},
                residual_likelihood="3",
                residual_consequence="5",
            )
        ),
    ),
    "score 16 in one domain of seven low ones": (
        "QUALITY_REJECTED",
        lambda b: b.update(
            assessments=[
                {**row, "residual_likelihood": "4", "residual_consequence": "4"}
                if n == 0
                else {**row, "residual_likelihood": "1", "residual_consequence": "1"}
                for n, row in enumerate(assessments())
            ]
        ),
    ),
    "15 and no mitigation scored": (
        "QUALITY_REJECTED",
        lambda b: b.update(
            assessments=changed(
                assessments(),
                {"domain": "safety"},
                likelihood="5",
                residual_likelihood="",
                residual_consequence="",
            )
        ),
    ),
    "a score of 6": (
        "QUALITY_SCORE_UNKNOWN",
        lambda b: b.update(
            assessments=changed(assessments(), {"domain": "safety"}, residual_consequence="6")
        ),
    ),
    "an assessment that cannot be read": (
        "SCHEME_UNREADABLE",
        lambda b: b.update(
            assessments=changed(assessments(), {"domain": "safety"}, residual_consequence="#REF!")
        ),
    ),
    "a failed gate that cannot be read": (
        "SCHEME_UNREADABLE",
        lambda b: b["gates"].append(gate(gate="G3", on="early June", outcome="failed")),
    ),
    "equality says stop": (
        "EQUALITY_REJECTED",
        lambda b: b["gates"].append(gate(gate="EQIA", on="2026-04-20", outcome="stop")),
    ),
    "value raised by more than a tenth": (
        "SIGNATURE_LAPSED",
        lambda b: b["schemes"].append(scheme(full_year_effect="13.3", known_on="2026-06-01")),
    ),
    "value lowered by more than a tenth": (
        "SIGNATURE_LAPSED",
        lambda b: b["schemes"].append(scheme(full_year_effect="10.7", known_on="2026-06-01")),
    ),
    "value crept up in two steps": (
        "SIGNATURE_LAPSED",
        lambda b: b["schemes"].extend(
            [
                scheme(full_year_effect="13", known_on="2026-06-01"),
                scheme(full_year_effect="14", known_on="2026-07-01"),
            ]
        ),
    ),
    "changed, and changed back": (
        "SIGNATURE_LAPSED",
        lambda b: b["schemes"].extend(
            [scheme(service="Maternity", known_on="2026-06-01"), scheme(known_on="2026-07-01")]
        ),
    ),
    "scope changed": (
        "SIGNATURE_LAPSED",
        lambda b: b["schemes"].append(scheme(service="Maternity", known_on="2026-06-01")),
    ),
    "place changed": (
        "SIGNATURE_LAPSED",
        lambda b: b["schemes"].append(scheme(places="E06000001", known_on="2026-06-01")),
    ),
    "start changed": (
        "SIGNATURE_LAPSED",
        lambda b: b["schemes"].append(scheme(start="2026-09-01", known_on="2026-06-01")),
    ),
    "one of two signatures given again after a change": (
        "SIGNATURE_LAPSED",
        lambda b: (
            b["schemes"].append(scheme(service="Maternity", known_on="2026-06-01")),
            b["gates"].append(gate(**DOCTOR, on="2026-06-02") | {"by": "Dr A Ash"}),
        ),
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_scheme_is_ineligible_for_its_reason_and_cannot_be_constructed(case: str) -> None:
    code, spoil = SPOILT[case]
    position = spoilt(spoil)
    good, bad = eligible(position)
    assert good == ()
    assert code in bad[0].codes and bad[0].reason
    with pytest.raises(IneligibleError, match="T1 may not count"):
        EligibleScheme(position, "T1")


def test_the_sound_scheme_is_eligible() -> None:
    good, bad = eligible(position_of(book()))
    assert [scheme.id for scheme in good] == ["T1"] and bad == ()
    assert good[0].residual_scores == (6, 6, 6, 6) and good[0].maturity == "fully_developed"
    assert {row.role for row in good[0].signatures} == {"medical_director", "chief_nurse"}


STILL_SOUND: dict[str, Spoil] = {
    "score 12": lambda b: b.update(
        assessments=changed(
            assessments(), {"domain": "safety"}, residual_likelihood="4", residual_consequence="3"
        )
    ),
    "value changed by a tenth": lambda b: b["schemes"].append(
        scheme(full_year_effect="13.2", known_on="2026-06-01")
    ),
    "another owner and risk": lambda b: b["schemes"].append(
        scheme(owner="Director of nursing strategy", risk="high", known_on="2026-06-01")
    ),
    "changed before it was signed": lambda b: b.update(
        schemes=[scheme(full_year_effect="6", known_on="2026-03-01"), scheme(known_on="2026-04-01")]
    ),
    "changed and signed again": lambda b: (
        b["schemes"].append(scheme(service="Maternity", known_on="2026-06-01")),
        b["gates"].extend(
            [
                gate(**DOCTOR, on="2026-06-02") | {"by": "Dr A Ash"},
                gate(**NURSE, on="2026-06-03") | {"by": "B Birch"},
            ]
        ),
    ),
    "failed and passed again": lambda b: b["gates"].extend(
        [gate(gate="G3", on="2026-06-01", outcome="failed"), gate(gate="G3", on="2026-07-01")]
    ),
    "no owner at all": lambda b: b.update(schemes=[scheme(owner="")]),
    "one valid nurse beside the owner": lambda b: (
        b.update(schemes=[scheme(owner="C Cedar")]),
        b["gates"].append(gate(**NURSE, on="2026-04-26") | {"by": "C Cedar"}),
    ),
    "an extra partial equality assessment": lambda b: b["assessments"].extend(
        assessments(profile="equality_2010", domains=("age", "carers"))
    ),
}


@pytest.mark.parametrize("case", STILL_SOUND)
def test_what_is_not_a_reason_keeps_nobody_out(case: str) -> None:
    position = spoilt(STILL_SOUND[case])
    assert EligibleScheme(position, "T1").id == "T1", eligible(position)[1]


DOORS: dict[str, tuple[str, Spoil]] = {
    "failed under its id in small letters": (
        "SCHEME_UNREADABLE",
        lambda b: b["gates"].append(gate(**FAILED) | {"scheme": "t1"}),
    ),
    "failed under its id with a hyphen": (
        "SCHEME_UNREADABLE",
        lambda b: b["gates"].append(gate(**FAILED) | {"scheme": "T-1"}),
    ),
    "failed under its id with a Cyrillic letter": (
        "SCHEME_UNREADABLE",
        lambda b: b["gates"].append(gate(**FAILED) | {"scheme": "\u04221"}),
    ),
    "failed under its id with a mark without width": (
        "SCHEME_UNREADABLE",
        lambda b: b["gates"].append(gate(**FAILED) | {"scheme": "T1\u200b"}),
    ),
    "a high score under its id in small letters": (
        "SCHEME_UNREADABLE",
        lambda b: b["assessments"].append(
            {**assessments()[0], "scheme": "t1", "residual_likelihood": "5"}
        ),
    ),
    "another scheme whose id reads alike": (
        "SCHEME_UNREADABLE",
        lambda b: b["schemes"].append(scheme("t1")),
    ),
    "G3 passed a hundred years ahead": (
        "SCHEME_UNREADABLE",
        lambda b: b.update(gates=changed(gates(), {"gate": "G3"}, on="2126-05-12")),
    ),
    "effects of more than the whole": (
        "SCHEME_UNREADABLE",
        lambda b: b.update(
            effects=[
                {"scheme": "T1", "organisation": "RX1", "share": "1"},
                {"scheme": "T1", "organisation": "CB1", "share": "0.5"},
            ]
        ),
    ),
    "failed on the day it passed, by a row above": (
        "GATE_FAILED",
        lambda b: b["gates"].insert(0, gate(gate="G3", on="2026-05-12", outcome="failed", by="X")),
    ),
    "the outcome of G3 is a dash": (
        "GATE_FAILED",
        lambda b: b.update(gates=changed(gates(), {"gate": "G3"}, outcome="-")),
    ),
    "the owner under another form of the name": (
        "SIGNATURE_OF_OWNER",
        lambda b: b.update(schemes=[scheme(owner="Ash, A (Medical Director)")]),
    ),
    "one of two owners": (
        "SIGNATURE_OF_OWNER",
        lambda b: b.update(schemes=[scheme(owner="C Cole; Alice Ash")]),
    ),
    "the owner by office": (
        "SIGNATURE_OF_OWNER",
        lambda b: b.update(schemes=[scheme(owner="Medical Director")]),
    ),
    "one person under two forms of a name": (
        "SIGNATURE_TWICE",
        lambda b: b.update(gates=changed(gates(), DOCTOR, by="Dr Beth Birch")),
    ),
    "signed by nobody yet": (
        "SIGNATURE_UNNAMED",
        lambda b: b.update(gates=changed(gates(), NURSE, by="TBC")),
    ),
    "not signed, in words": (
        "SIGNATURE_UNNAMED",
        lambda b: b.update(gates=changed(gates(), NURSE, by="Not signed")),
    ),
    "refused by a panel": (
        "QUALITY_REFUSED",
        lambda b: b["gates"].append(gate(gate="QIA", on="2026-05-20", by="P", outcome="reject")),
    ),
    "refused, and only one director signed after it": (
        "QUALITY_REFUSED",
        lambda b: b["gates"].extend(
            [gate(**DOCTOR, on="2026-05-20", outcome="reject"), gate(**DOCTOR, on="2026-05-21")]
        ),
    ),
    "a chance above one": (
        "ELICITATION_RANGE",
        lambda b: b.update(schemes=[scheme(chance="1.5")]),
    ),
    "a low share above the likely one": (
        "ELICITATION_RANGE",
        lambda b: b.update(schemes=[scheme(low="0.9", mode="0.5", high="1")]),
    ),
    "half a score": (
        "QUALITY_SCORE_UNKNOWN",
        lambda b: b.update(
            assessments=changed(assessments(), {"domain": "safety"}, likelihood="2.5")
        ),
    ),
    "the outcome of a domain is a dash": (
        "QUALITY_REJECTED",
        lambda b: b.update(assessments=changed(assessments(), {"domain": "safety"}, outcome="-")),
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_no_way_of_writing_opens_a_door(door: str) -> None:
    code, spoil = DOORS[door]
    may, may_not = eligible(spoilt(spoil))
    assert may == ()
    assert code in {found for one in may_not for found in one.codes}


def test_ids_and_people_that_are_told_apart_stay_apart() -> None:
    made = book("EST-1-11", "EST-11-1", "T1")
    made["schemes"][2]["owner"] = "Deputy Medical Director"
    made["gates"] = changed(made["gates"], {"scheme": "T1", **DOCTOR}, by="Bill Birch")
    made["gates"] = changed(made["gates"], {"scheme": "T1", **NURSE}, by="Beth Birch")
    assert {one.id for one in eligible(position_of(made))[0]} == {"EST-1-11", "EST-11-1", "T1"}


def test_both_directors_signing_after_a_refusal_lift_it() -> None:
    made = book()
    made["gates"].append(gate(gate="QIA", on="2026-05-20", by="Panel", outcome="reject"))
    made["gates"] += [
        gate(**DOCTOR, on="2026-05-21") | {"by": "Dr A. Ash"},
        gate(**NURSE, on="2026-05-21") | {"by": "B Birch"},
    ]
    assert [one.id for one in eligible(position_of(made))[0]] == ["T1"]


def test_before_the_gate_nothing_is_eligible_and_from_its_day_on_it_is() -> None:
    made = book()
    for day, expected in (("2026-05-11", 0), ("2026-05-12", 1), ("2027-01-01", 1)):
        assert len(eligible(position_of(made), as_at=day)[0]) == expected
        assert len(eligible(position_of(made, as_at=day))[0]) == expected
    with pytest.raises(IneligibleError, match="G3"):
        EligibleScheme(position_of(made), "T1", "2026-05-11")


def test_an_assessment_of_a_later_day_is_not_there_yet() -> None:
    made = book()
    late = {**assessments()[3], "signed_on": "2026-06-01"}
    made["assessments"] = [*assessments()[:3], late]
    for position, day in (
        (position_of(made), "2026-05-31"),
        (position_of(made, as_at="2026-05-31"), None),
    ):
        assert eligible(position, as_at=day)[1][0].codes == ("QUALITY_DOMAIN_MISSING",)
    assert len(eligible(position_of(made))[0]) == 1


def test_what_was_known_on_the_day_is_judged_and_not_what_came_later() -> None:
    made = book()
    made["schemes"].append(scheme(full_year_effect="24", known_on="2026-08-01"))
    made["assessments"].append(
        {
            **assessments()[0],
            "residual_consequence": "5",
            "residual_likelihood": "4",
            "known_on": "2026-09-01",
        }
    )
    position = position_of(made)
    assert len(eligible(position, as_at="2026-07-31")[0]) == 1
    assert eligible(position, as_at="2026-08-01")[1][0].codes == ("SIGNATURE_LAPSED",) * 2
    assert "QUALITY_REJECTED" in eligible(position, as_at="2026-09-01")[1][0].codes


def test_a_book_without_dated_acts_has_no_eligible_scheme() -> None:
    position = position_of(book(gates=[], assessments=[]))
    assert position.reading_date is None
    assert eligible(position)[0] == ()


def test_withdrawn_rows_are_not_evidence() -> None:
    made = book(gates=less(gates(), gate="G3"))
    assert eligible(position_of(made))[0] == ()
    from controltotal.book.fold import fold
    from controltotal.ledger.entries import seal, withdraw
    from controltotal.ledger.source import BookSource
    from tests.strategies import source_of

    for table in ("gates", "assessments", "schemes"):
        entries = list(source_of(book()).entries)
        last = [e for e in entries if e.table == table][-1]
        gone = withdraw(last, id="w1", by="A Person", on="2026-06-01", why="entered in error")
        entries += seal([gone], entries[-1].seq, entries[-1].hash)
        position = fold(BookSource("b", entries, (), {}, {}))
        assert eligible(position)[0] == (), table
        with pytest.raises(IneligibleError):
            EligibleScheme(position, "T1")


def test_a_change_hidden_behind_a_withdrawal_still_lapses_the_signatures() -> None:
    """A version put without `known_on` after the old one was withdrawn is a change all the same."""
    from controltotal.book.fold import fold
    from controltotal.ledger.entries import put, seal, withdraw
    from controltotal.ledger.source import BookSource
    from tests.strategies import source_of

    entries = list(source_of(book()).entries)
    old = next(e for e in entries if e.table == "schemes")
    drafts = [
        withdraw(old, id="w1", by="A Person", on="2026-06-01", why="new value"),
        put(
            "schemes",
            9,
            scheme(full_year_effect="24").items(),
            id="p1",
            by="A Person",
            on="2026-06-01",
        ),
    ]
    entries += seal(drafts, entries[-1].seq, entries[-1].hash)
    _, bad = eligible(fold(BookSource("b", entries, (), {}, {})))
    assert "SIGNATURE_LAPSED" in bad[0].codes


def test_a_change_dated_back_before_the_signature_still_lapses_it() -> None:
    from controltotal.book.fold import fold
    from controltotal.ledger.entries import put, seal
    from controltotal.ledger.source import BookSource
    from tests.strategies import source_of

    entries = list(source_of(book()).entries)
    cells = scheme(full_year_effect="24", known_on="2026-04-01")
    draft = put("schemes", 9, cells.items(), id="p1", by="A Person", on="2026-06-01")
    entries += seal([draft], entries[-1].seq, entries[-1].hash)
    good, bad = eligible(fold(BookSource("b", entries, (), {}, {})))
    assert good == () and "SIGNATURE_LAPSED" in bad[0].codes


# -- the type itself -----------------------------------------------------------------------------


def test_the_type_cannot_be_changed_copied_into_another_or_made_from_bytes() -> None:
    good = EligibleScheme(position_of(book()), "T1")
    for name in ("row", "_judgement", "maturity", "anything"):
        with pytest.raises(AttributeError):
            setattr(good, name, None)
    with pytest.raises(AttributeError):
        del good._judgement
    with pytest.raises(AttributeError):
        good.row.full_year_effect = 10**12  # type: ignore[misc]
    with pytest.raises(TypeError):
        pickle.dumps(good)
    assert copy.copy(good) is good and copy.deepcopy(good) is good
    assert not dataclasses.is_dataclass(good), "a dataclass could be replaced field by field"
    with pytest.raises(TypeError):
        type("Loose", (EligibleScheme,), {})


def test_no_public_name_makes_one_without_judging() -> None:
    """Every public callable of the module is tried on a position without an eligible scheme."""
    position = position_of(book(gates=[]))
    for name, made in inspect.getmembers(eligibility, callable):
        if name.startswith("_") or made.__module__ != eligibility.__name__:
            continue
        for arguments in (
            (position,),
            (position, "T1"),
            (position, "T1", "2030-01-01"),
            ("T1",),
            (),
        ):
            try:
                found = made(*arguments)
            except Exception:
                continue
            held = found if isinstance(found, tuple) else (found,)
            flat = [x for one in held for x in (one if isinstance(one, tuple) else (one,))]
            assert not any(isinstance(x, EligibleScheme) for x in flat), name


def test_an_id_of_another_book_is_refused() -> None:
    with pytest.raises(IneligibleError, match="not a scheme of the book"):
        EligibleScheme(position_of(book("T2")), "T1")


def test_judgements_are_made_from_a_position_alone_and_do_not_change() -> None:
    judged = Judgements(position_of(book(gates=[])))
    for name in ("_found", "_day", "anything"):
        with pytest.raises(AttributeError):
            setattr(judged, name, None)
    with pytest.raises(TypeError):
        judged._found["T1"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        pickle.dumps(judged)
    with pytest.raises(TypeError):
        type("Loose", (Judgements,), {})
    with pytest.raises(IneligibleError):
        EligibleScheme(judged, "T1")


def test_judgements_of_another_make_are_not_believed() -> None:
    position = position_of(book())
    sound = Judgements(position)
    for forged in (dict(sound), SimpleNamespace(day=sound.day, get=sound.get), None):
        with pytest.raises(TypeError):
            EligibleScheme(forged, "T1")  # type: ignore[arg-type]
    assert EligibleScheme(sound, "T1") == EligibleScheme(position, "T1")


def test_an_engine_refuses_what_is_no_eligible_scheme() -> None:
    _, bad = eligible(position_of(book(gates=[])))
    with pytest.raises(IneligibleError, match="only eligible schemes"):
        only_eligible(bad)

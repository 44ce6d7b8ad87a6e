"""`EligibleScheme` cannot be made of a scheme that is not eligible, whichever way it is tried."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controltotal.book.fold import Position
from controltotal.core.finding import Finding
from controltotal.programme.eligibility import (
    EligibleScheme,
    IneligibleError,
    eligible,
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


@pytest.mark.parametrize("where", ["gates row 2 to row 29", "gates row 2, row 3; gates row 29"])
def test_an_error_on_many_rows_of_evidence_holds_back_every_scheme_that_they_are_of(
    where: str,
) -> None:
    codes = [f"T{number}" for number in range(1, 8)]
    sound = position_of(book(*codes))
    rows = {row.number: row.scheme for row in sound.book.gates}
    error = Finding(code="DUPLICATE", severity="error", organisation="", where=where, message="")
    good, bad = eligible(replace(sound, findings=(*sound.findings, error)))
    named = range(2, 30) if "to" in where else (2, 3, 29)
    assert {scheme.row.id for scheme in bad} == {rows[number] for number in named if number in rows}
    assert len(good) + len(bad) == len(codes)


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
        "GATE_FAILED",
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
        "GATE_FAILED",
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

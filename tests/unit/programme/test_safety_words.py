"""What people write in the evidence of a scheme, word by word, and the bars at which safety acts."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from controltotal.accounts.checks.schemes import quality as quality_checks
from controltotal.book.records import Engagement
from controltotal.programme import engagement, gates, quality, screening
from controltotal.programme.doubts import Mistaken
from controltotal.programme.eligibility import Judgements
from controltotal.programme.folders import folders
from controltotal.programme.judging import Judgement, of_panel
from controltotal.programme.names import is_name, is_said, names_owner, office, one_person, owners
from controltotal.workings.workings import Workings
from tests.strategies import position_of
from tests.unsafe_books import Case

Edit = tuple[object, ...]
SAFE = {"domain": "safe"}


def workings(*edits: Edit) -> Workings:
    return Workings(position_of(Case("", "", "", tuple(edits)).book))


def judged(*edits: Edit) -> Judgement:
    return Judgements(workings(*edits).position)["S1"]


def scored(likelihood: int, consequence: int, first: int | None = None) -> Edit:
    cells = {
        "likelihood": str(first or likelihood),
        "consequence": str(consequence),
        "residual_likelihood": str(likelihood),
        "residual_consequence": str(consequence),
        "mitigation": "Checked each week",
    }
    return ("set", "assessments", SAFE, cells)


@cache
def heard(outcome: str, **cells: str) -> Engagement:
    row = {"duty": "staff_side", "from": "2026-03-01", "to": "2026-03-20", "outcome": outcome}
    book = Case("", "", "", (("add", "engagements", {**row, **cells}),)).book
    return position_of(book).book.engagements[0]


# -- names ----------------------------------------------------------------------------------------

NO_NAMES = """TBC; n/a; Not signed; Jane Jones (not signed); Jane Jones - to sign; A N Other; T.B.C.;
Jane Jones, awaiting signature; Jane Jones refused to sign; Jane Jones declined; signed 6 April; ok;
Jane Jones?; Chief Nurse (vacant); Dr; MS; 12345; to be confirmed; has not signed; on leave; the above;
Jane Jones not yet; waiting for Jane Jones; Jane Jones: outstanding; verbally agreed; redacted"""
NAMES = """Jane Jones; B Birch; Beyoncé; Ng; 李 娜; Dr O'Brien-Smith; Chief Nurse; Medical Director H;
Jane Jones (acting); Wren Waite; Hope Draper; Mary Smith 12A3456B; Al Green"""


@pytest.mark.parametrize("text", NO_NAMES.split(";"))
def test_what_is_no_name_signs_nothing(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize("text", NAMES.split(";"))
def test_a_name_is_a_name(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("Mary Smith", "Mary Smyth", True),
        ("Mary Smith", "Mary Smithe", True),
        ("Mary Smith", "Mary Smythe", False),
        ("Mark Smith", "Mary Smith", False),
        ("Mary Smith", "John Smyth", False),
        ("Smith", "Smyth", False),
        ("Mary Smith", "MS", True),
        ("Mary Smith", "M.S.", True),
        ("Mary Smith", "JJ", False),
        ("Lee Ash", "La", False),
        ("Søren Ash", "Soren Ash", True),
        ("mary.smith@aster.example", "Mary Smith", True),
        ("Chief Medical Officer", "Medical Director", True),
        ("Medical Director", "Chief Nurse", False),
        ("Dr", "Mary Smith", False),
        ("", "Mary Smith", False),
    ],
)
def test_who_may_be_one_person(first: str, second: str, one: bool) -> None:
    assert one_person(first, second) is one and one_person(second, first) is one


def test_owners_and_offices_however_they_are_written() -> None:
    assert [o.strip() for o in owners("A Cole, J Jones")] == [
        "A Cole, J Jones",
        "A Cole",
        "J Jones",
    ]
    assert owners("Cole, Ann") == ("Cole, Ann",)
    assert owners("A Cole, Medical Director") == ("A Cole, Medical Director",)
    assert owners(" ; ") == ()
    assert office("CNO") == office("DoN") == office("The Chief Nurse, Aster") == "chief nurse"
    assert office("Chief Medical Officer B") == "medical director"
    assert office("Deputy Chief Nurse") == office("Chief Nurse Jones") == ""
    assert names_owner("The owner (JJ)") and names_owner("SRO") and not names_owner("Jo Owner")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Vacant posts are covered by bank staff", True),
        ("Patients awaiting surgery are called", True),
        ("List 4", True),
        ("To be agreed with the ward", False),
        ("mitigation tbc", False),
        ("plan pending", False),
        ("n/a", False),
        ("12", False),
        ("what?", False),
        ("", False),
    ],
)
def test_whether_a_mitigation_or_reason_says_something(text: str, said: bool) -> None:
    assert is_said(text) is said


@pytest.mark.parametrize(
    ("role", "by", "panel"),
    [
        ("panel", "X", True),
        ("Quality panel", "", True),
        ("", "Panel A", True),
        ("chief_nurse", "Jane Jones, chair of the panel", False),
        ("pre-panel", "X", False),
        ("", "Not seen by panel", False),
        ("", "", False),
    ],
)
def test_who_speaks_for_a_panel(role: str, by: str, panel: bool) -> None:
    assert of_panel(role, by) is panel


# -- what was answered ----------------------------------------------------------------------------

AGAINST = """Refused; Not agreed; Voted against; against; Didn't agree; cannot agree; No, we object;
No agreement; vetoed; said no; not in favour; unable to support it; strike ballot; no consensus;
Disputed; turned it down; without consent; Not everyone agrees, opposed"""
IN_FAVOUR = """Agreed; No objections; No objection raised; Nobody opposed it; Without dissent; Supported;
Not opposed; no formal dispute; Agreed with changes to the rota; Never disputed; No job losses agreed"""
OPEN = """ ; -; none; n/a; Not answered; Reply awaited; Waiting; Still waiting; Waiting for a reply; TBC;
To be held; Being arranged; scheduled for May; Due 1 May; not applicable; postponed; No feedback; 0;
Not yet held; ongoing; nobody replied; did not respond; in progress; incomplete; response due"""
ANSWERED = """Agreed; Concerns met; Longer waiting for appointments was raised; Nothing outstanding;
No issues outstanding; planned changes were altered; Changes made to hours; Refused; nobody objected"""


@pytest.mark.parametrize("text", AGAINST.split(";"))
def test_a_no_is_heard(text: str) -> None:
    assert engagement.against(heard(text))


@pytest.mark.parametrize("text", IN_FAVOUR.split(";"))
def test_a_yes_is_no_refusal(text: str) -> None:
    assert not engagement.against(heard(text))


@pytest.mark.parametrize("text", OPEN.split(";"))
def test_what_is_open_is_not_answered(text: str) -> None:
    assert not engagement.answered(heard(text))


@pytest.mark.parametrize("text", ANSWERED.split(";"))
def test_what_is_answered_is_answered(text: str) -> None:
    assert engagement.answered(heard(text))


@pytest.mark.parametrize(
    ("text", "exempt"),
    [
        ("Urgent", True),
        ("Urgent: patient safety", True),
        ("Exempt - urgent", True),
        ("urgent change for safety of the ward", True),
        ("Not urgent", False),
        ("isn't urgent", False),
        ("no longer urgent", False),
        ("Urgently opposed", False),
        ("urgent claim rejected", False),
        ("", False),
    ],
)
def test_only_what_is_urgent_is_exempt(text: str, exempt: bool) -> None:
    assert engagement.urgent(heard(text)) is exempt


def test_the_change_of_law_and_the_days_of_an_engagement() -> None:
    council = {"duty": "Council consultation"}
    before = heard("Supported", **council, to="2024-01-30", **{"from": "2024-01-02"})
    after = heard("Supported", **council, to="2024-01-31", **{"from": "2024-01-02"})
    told = heard("", duty="Secretary of State notification", notified_on="2024-02-01")
    untold = heard("", duty="secretary_of_state_notification")
    assert not engagement.lacks_notification([before])
    assert engagement.lacks_notification([after]) and engagement.lacks_notification([after, untold])
    assert not engagement.lacks_notification([after, told])
    assert not engagement.lacks_notification([heard("urgent", **council)])
    last = {"duty": "Council referral", "to": "2024-02-20"}
    assert engagement.out_of_force(heard("x", **last, **{"from": "2024-01-30"})) is None
    late = engagement.out_of_force(heard("x", **last, **{"from": "2024-01-31"}))
    assert late is not None and late.duty == "council_referral"
    first = {"duty": "council_consultation", "to": "2013-06-01"}
    assert engagement.out_of_force(heard("x", **first, **{"from": "2013-04-01"})) is None
    assert engagement.out_of_force(heard("x", **first, **{"from": "2013-03-31"})) is not None


def test_where_an_engagement_stands_and_when_a_scheme_may_start() -> None:
    row = heard("Agreed")
    days = {date(2026, 2, 28): "to come", date(2026, 3, 1): "under way", date(2026, 3, 20): "over"}
    assert {day: engagement.status(row, day) for day in days} == days
    assert engagement.status(row, date(2026, 3, 19)) == "under way"
    assert engagement.status(row, None) == "not dated"
    assert engagement.status(heard("", to="", notified_on="2026-03-02"), None) == "notified"
    told = heard("", notified_on="2026-02-02")
    assert engagement.status(told, date(2026, 3, 20)) == "over"
    assert engagement.status(heard("", to=""), date(2026, 3, 20)) == "under way"
    scheme = judged().evidence.row
    assert engagement.earliest_start(scheme, [row]) == scheme.start
    long = heard("Agreed", to="2026-06-01")
    assert engagement.earliest_start(scheme, [row, long]) == date(2026, 6, 2)
    assert engagement.begun(heard("", notified_on="2026-02-02")) == date(2026, 2, 2)


def test_what_began_after_the_decision_is_told_and_what_began_on_its_day_is_not() -> None:
    rows = [heard("x", to="2026-05-01", **{"from": day}) for day in ("2026-04-10", "2026-04-11")]
    assert engagement.after_decision(judged().evidence, rows) == (rows[1],)
    undecided = judged(("drop", "gates", {"gate": "G3"})).evidence
    assert engagement.after_decision(undecided, rows) == ()
    assert engagement.decision(undecided) is None


# -- scores ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "first", "stage"),
    [
        ((1, 4), 1, "screened"),
        ((1, 3), 2, "screened"),
        ((1, 4), 2, "full assessment"),
        ((2, 4), 2, "full assessment"),
        ((3, 4), 3, "panel"),
        ((1, 5), 1, "panel"),
        ((3, 5), 3, "rejected"),
        ((4, 4), 4, "rejected"),
    ],
)
def test_how_far_a_score_goes(left: tuple[int, int], first: int, stage: str) -> None:
    found = quality.scores(judged(scored(*left, first=first)).evidence)
    own = next(one for one in found if one.domain == "safe")
    assert own.stage == stage and own.before == first * left[1] and own.after == left[0] * left[1]
    if own.after > 4:
        assert found[0] is own


def test_reviews_are_overdue_from_the_day_after() -> None:
    one = judged(("set", "assessments", SAFE, {"review_on": "2026-05-10"})).evidence
    assert quality.next_review(one) == date(2026, 5, 10)
    assert quality.overdue(one, date(2026, 5, 10)) is None and quality.overdue(one, None) is None
    assert quality.overdue(one, date(2026, 5, 11)) == date(2026, 5, 10)


NURSE = {"role": "chief_nurse"}


@pytest.mark.parametrize(
    ("edit", "standing"),
    [
        (("set", "schemes", {}, {}), "signed"),
        (scored(4, 4), "rejected"),
        (("set", "gates", NURSE, {"outcome": "refused"}), "rejected"),
        (("set", "gates", NURSE, {"by": "Director A"}), "not validly signed"),
        (("set", "gates", NURSE, {"by": "TBC"}), "not validly signed"),
        (("set", "gates", NURSE, {"by": "Dr M Smith"}), "not validly signed"),
        (("drop", "assessments", SAFE), "not fully assessed"),
        (("drop", "gates", NURSE), "not signed"),
        (("drop", "gates", {"gate": "G3"}), "signed"),
    ],
)
def test_where_a_scheme_stands_in_the_register(edit: Edit, standing: str) -> None:
    assert quality.standing(judged(edit)) == standing


def test_scores_after_the_first_signature_are_told_and_those_of_its_day_are_not() -> None:
    on_the_day = judged(("set", "assessments", SAFE, {"signed_on": "2026-04-05"}))
    after = judged(("set", "assessments", SAFE, {"signed_on": "2026-04-06"}))
    assert not quality.rescored(on_the_day)
    assert [row.domain for row in quality.rescored(after)] == ["safe"]
    assert quality.rescored(judged(("drop", "gates", NURSE))) == ()


def test_a_score_without_a_day_counts_and_check_says_so_once() -> None:
    undated: Edit = ("set", "assessments", {}, {"signed_on": ""})
    found = workings(undated)
    told = [f for f in quality_checks(found.savings) if f.code == "QUALITY_NOT_DATED"]
    assert "S1" in {one.id for one in found.savings.counted("2026-27")}
    assert [one.severity for one in told] == ["warning"] and "safe, effective" in told[0].message
    unsigned = workings(undated, ("drop", "gates", {"gate": "QIA"}))
    assert not [f for f in quality_checks(unsigned.savings) if f.code == "QUALITY_NOT_DATED"]
    refusing = judged(("set", "assessments", SAFE, {"signed_on": "", "outcome": "reject"}))
    assert "QUALITY_REFUSED" in {reason.code for reason in refusing.reasons}


# -- gates ----------------------------------------------------------------------------------------


def missing(gate: str, *edits: Edit) -> set[str]:
    found = workings(*edits)
    folder = folders(found.position, found.savings.judgements)["S1"]
    return {item.item for item in gates.missing(folder, gate)}


def test_what_a_gate_asks_for_is_seen_however_it_is_spelt() -> None:
    assert {"quality", "clinical"}.isdisjoint(missing("G2"))
    spelt: tuple[Edit, ...] = (
        ("set", "assessments", {}, {"profile": "NHSE 2025"}),
        ("set", "assessments", SAFE, {"domain": "SAFE "}),
        ("set", "gates", NURSE, {"role": "Chief Nurse"}),
    )
    assert {"quality", "clinical"}.isdisjoint(missing("G2", *spelt))
    assert "quality" in missing("G2", ("drop", "assessments", SAFE))
    assert "clinical" in missing("G2", ("drop", "gates", NURSE))
    assert "strategy" in missing("G2", ("set", "gates", {"gate": "G2"}, {"evidence": "paper"}))
    assert {"equality", "finance"} <= missing("G2")


def test_a_small_scheme_is_asked_for_less_below_the_threshold() -> None:
    small: Edit = ("set", "schemes", {}, {"full_year_effect": "49.999"})
    bar: Edit = ("set", "schemes", {}, {"full_year_effect": "50"})
    assert "workforce" not in missing("G2", small) and "workforce" in missing("G2", bar)


def test_steps_back_and_gates_left_out_are_told() -> None:
    evidence = judged(
        ("add", "gates", {"gate": "G2", "on": "2026-05-01", "by": "Board", "outcome": "failed"})
    ).evidence
    assert gates.reached(evidence) == "G3" and gates.skipped(evidence) == ("G2",)
    assert [row.gate for row in gates.steps_back(evidence)] == ["G2"]
    assert gates.reached(judged(("drop", "gates", {})).evidence) == ""
    assert gates.skipped(judged(("drop", "gates", {})).evidence) == ()


# -- codes that may mean a scheme -----------------------------------------------------------------


def test_a_code_that_names_no_scheme_is_held_against_those_it_may_mean() -> None:
    mistaken = Mistaken({"S-1": ["Fewer forms"], "S-2": ["One laundry"], "EST-11-1": ["Boilers"]})
    meant = {
        "S-1": (),
        "s_1": ["S-1"],
        "S1": ["S-1"],
        "S-01": ["S-1"],
        "fewer  FORMS": ["S-1"],
        "S-1 and S-2": ("S-1", "S-2"),
        "S-2/S-1": ("S-2", "S-1"),
        "scheme S-1 (forms)": ("S-1",),
        "S-10": (),
        "S-100": (),
        "EST-1-11": ["EST-11-1"],
        "EST-11": (),
        "": (),
    }
    assert {code: mistaken.get(code) for code in meant} == meant
    assert list(mistaken.may_be("S-1")) == ["S-1"] and list(mistaken.may_be("S-9")) == []


def test_words_that_bar_screening_are_whole_and_non_pay_is_no_pay() -> None:
    def barred(**cells: str) -> str:
        return screening.barred(judged(("set", "schemes", {}, cells)).evidence.row)

    assert (
        barred(category="Pay") == barred(category="Pay: bank") == barred(category="PAY/x") == "pay"
    )
    assert (
        barred(category="Non-pay") == barred(category="Payments") == barred(title="Pay desk") == ""
    )
    assert barred(title="Six beds") == "beds" and barred(title="Embedded beds-free") == "beds"
    assert barred(title="Bedding") == "" and barred(service="Skill-mix") == "skill mix"


def test_a_book_without_a_dated_act_passes_no_gate() -> None:
    undated: tuple[Edit, ...] = (("drop", "gates", {}),)
    made = Case("", "", "", undated).book
    made["gates"], made["control_totals"], made["assessments"] = [], [], []
    reasons = Judgements(position_of(made))["S1"].reasons
    assert "the book holds no dated act, so no gate is passed" in {one.text for one in reasons}


def test_judgements_do_not_change() -> None:
    found = Judgements(workings().position)
    for name in ("_day", "_found", "other"):
        with pytest.raises(AttributeError, match="do not change"):
            setattr(found, name, None)
        with pytest.raises(AttributeError, match="do not change"):
            delattr(found, name)
    assert found.day == date(2026, 6, 1)

"""Which mapping a file fits: by its headings as they stay from month to month; what drifted is told."""

from __future__ import annotations

from dataclasses import replace

from controltotal.intake.forms import bodies_of, drift, fit, found_of, shapes_of, steady
from controltotal.intake.mapping import Form
from controltotal.intake.model import Head, Measure, Read
from tests.intake_reads import LINE, MONTHS, amounts, seen

SUMS = {("pay", 1): "-1"}


def form(reads: list[Read], **more: object) -> Form:
    bodies = tuple(sorted(bodies_of(reads)))
    made = Form("f", shapes_of(reads), found=found_of(reads), bodies=bodies, totals=("Total",))
    return replace(made, **more)  # type: ignore[arg-type]


def month(number: int, basis: str = "actual") -> Head:
    return Head(number, (f"M{number}",), "money", Measure(basis=basis, span="month", number=number))


def table(*heads: Head) -> Read:
    return amounts(SUMS, of=seen(heads=heads, lines=[["Pay", *(1 for _ in heads[1:])]]))


def messages(known: Form, *reads: Read) -> list[str]:
    return [one.message for one in drift(known, list(reads))]


def test_next_month_has_the_form_of_this_one() -> None:
    now = table(LINE, month(1), month(2), month(3, "forecast"))
    later = table(LINE, month(1), month(2), month(3), month(4, "forecast"))
    whole = table(LINE, *(month(n) for n in range(1, 13)))
    for other in (later, whole):
        assert fit([form([now])], [other]).exact
        assert messages(form([now]), other) == []


def test_a_heading_keeps_its_words_without_its_month() -> None:
    assert steady("Month 9 actual") == steady("Month 10 Actual") == "actual"
    assert steady("Variance to plan") == "variance to plan"
    assert steady("Mar-26 plan") == "plan"


def test_a_new_a_lost_and_a_moved_heading_are_told() -> None:
    notes, wte = Head(4, ("Notes",), "notes"), Head(4, ("WTE",), "")
    known = form([table(LINE, *MONTHS, notes)])
    assert messages(known, table(LINE, *MONTHS)) == ["The heading “notes” is gone."]
    assert messages(known, table(LINE, *MONTHS, wte)) == [
        "The heading “notes” is gone.",
        "The heading “wte” is new.",
    ]
    moved = table(replace(LINE, column=4), *MONTHS, replace(notes, column=0))
    first = [replace(notes, column=0), *MONTHS, replace(LINE, column=4)]
    assert messages(known, table(*first)) == [
        "The headings stand in another order, or in other tables."
    ]
    assert fit([known], [moved]).exact is True


def test_a_changed_unit_and_a_new_body_are_told() -> None:
    known = form([amounts(SUMS)])
    assert messages(known, amounts(SUMS, unit="£m")) == ["The unit was £000 and is now £m."]
    many = amounts(SUMS)
    many.said.pop("organisation")
    known = form([many])
    more = amounts(SUMS, body="RX2")
    more.said.pop("organisation")
    assert messages(known, many) == []
    assert messages(known, more) == ["RX2 is new."]


def test_another_body_is_told_unless_a_person_names_it() -> None:
    known = form([amounts(SUMS)])
    other = amounts(SUMS, body="RX2")
    assert messages(known, other) == ["RX2 is new."]
    assert not drift(known, [other], whose=True)


def test_a_row_that_used_to_be_a_total_is_told() -> None:
    known = form([amounts(SUMS)])
    now = amounts({**SUMS, ("drugs", 1): "4", ("total", 1): "5"})
    now.totals = []
    assert messages(known, now) == ["“Total” was a total, and would now be added as a row."]


def test_answers_for_one_body_do_not_serve_another() -> None:
    known = form([amounts(SUMS)], set={"unit": "£000"})
    assert fit([known], [amounts(SUMS)]).form == known
    assert fit([known], [amounts(SUMS, body="RX2")]).form is None


def test_two_that_fit_are_both_given() -> None:
    one = form([amounts(SUMS)], set={"organisation": "RX1"})
    other = replace(one, name="g", set={"organisation": "RX2"}, bodies=("RX2",))
    nobody = amounts({})
    nobody.said = {}
    assert len(fit([one, other], [nobody]).forms) == 2
    assert fit([one, other], [nobody], "RX2").form == other


def test_what_is_nearly_the_form_of_the_same_body_is_its_form_changed() -> None:
    notes = Head(4, ("Notes",), "notes")
    known = form([table(LINE, *MONTHS, notes)])
    fitting = fit([known], [table(LINE, *MONTHS)])
    assert fitting.form == known and not fitting.exact
    other = amounts(SUMS, "RX9", of=seen(heads=(LINE, *MONTHS)))
    assert fit([known], [other]).form is None

"""When a scheme counts, by what was known on the day; and the type that nobody can forge."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from datetime import date
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
from tests.ledgers import acted
from tests.scheme_books import (
    Book,
    Spoil,
    assessments,
    book,
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
    from controltotal.ledger.entries import withdraw
    from controltotal.ledger.source import BookSource
    from tests.strategies import source_of

    for table in ("gates", "assessments", "schemes"):
        entries = list(source_of(book()).entries)
        last = [e for e in entries if e.table == table][-1]
        entries = acted(entries, [withdraw(last)], by="A Person", on="2026-06-01")
        position = fold(BookSource("b", entries, (), {}, {}))
        assert eligible(position)[0] == (), table
        with pytest.raises(IneligibleError):
            EligibleScheme(position, "T1")


def test_a_change_hidden_behind_a_withdrawal_still_lapses_the_signatures() -> None:
    """A version put without `known_on` after the old one was withdrawn is a change all the same."""
    from controltotal.book.fold import fold
    from controltotal.ledger.entries import put, withdraw
    from controltotal.ledger.source import BookSource
    from tests.strategies import source_of

    entries = list(source_of(book()).entries)
    old = next(e for e in entries if e.table == "schemes")
    drafts = [
        withdraw(old),
        put("schemes", 9, scheme(full_year_effect="24").items()),
    ]
    entries = acted(entries, drafts, by="A Person", on="2026-06-01")
    _, bad = eligible(fold(BookSource("b", entries, (), {}, {})))
    assert "SIGNATURE_LAPSED" in bad[0].codes


def test_a_change_dated_back_before_the_signature_still_lapses_it() -> None:
    from controltotal.book.fold import fold
    from controltotal.ledger.entries import put
    from controltotal.ledger.source import BookSource
    from tests.strategies import source_of

    entries = list(source_of(book()).entries)
    cells = scheme(full_year_effect="24", known_on="2026-04-01")
    draft = put("schemes", 9, cells.items())
    entries = acted(entries, [draft], by="A Person", on="2026-06-01")
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


def test_one_is_told_from_another_by_its_judgement_and_its_day() -> None:
    """The same scheme judged on another day, or with another score, is not the same thing."""
    position = position_of(book("T1", "T2"))
    one = EligibleScheme(position, "T1")
    assert one.judged_on == date(2026, 5, 12), "the last dated act of the book"
    assert repr(one) == "EligibleScheme('T1', judged on 2026-05-12)"
    later, other = EligibleScheme(position, "T1", "2026-05-13"), EligibleScheme(position, "T2")
    assert one not in (later, other, "T1", None)
    assert len({one, later, other, EligibleScheme(position, "T1")}) == 3
    judged = Judgements(position)
    assert len(judged) == 2 and list(judged) == ["T1", "T2"]


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

"""Papers name offices: the name of whoever acted stands in no table, sentence or finding."""

from __future__ import annotations

from controltotal import verbs
from controltotal.acts import act
from controltotal.core.result import Result
from controltotal.verbs.officed import officed, offices_of
from controltotal.workings.workings import Workings
from tests.act_books import desk, do, officer


def everything(result: Result) -> str:
    """All that an answer says, as one text."""
    return f"{result.tables} {result.sentences} {result.findings}"


def test_an_office_stands_for_the_name_of_who_acted() -> None:
    at = desk()
    given = {"subject": "subject-medical_director", "name": "C. Cedar", "organisation": "T1"}
    do(at, "grant", **given, role="medical_director", from_="2026-04-01")
    fields = {"scheme": "SC1", "role": "medical_director", "outcome": "refused"}
    act("sign", at, fields, why="Harm", as_=officer("medical_director", "T1"))
    assert offices_of(at.position)["C. Cedar"] == "the medical director of First"
    found = {"schemes": verbs.schemes(Workings(at.position))}
    assert "C. Cedar" in everything(found["schemes"])
    told = everything(officed(found, at.position)["schemes"])
    assert "C. Cedar" not in told and "the medical director of First" in told


def test_a_book_in_which_nobody_acted_or_holds_an_office_is_told_as_it_is() -> None:
    position = verbs.read("examples/nene-2013")
    found = {"register": verbs.register(position)}
    assert officed(found, position) == found

"""Names on paper: whether something is one, whether two may be one person's, who owns and who signs."""

from __future__ import annotations

import pytest

from controltotal.programme.names import (
    _agree,
    _initials_of,
    _readings,
    _slip,
    _words,
    is_name,
    is_said,
    names_owner,
    office,
    one_person,
    owners,
    person,
    registered,
)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Dr. A  Example", "dr a example"),
        ("  Ann-Marie O'Neil ", "ann marie oneil"),
        ("José", "jose"),
        ("A\u2013B", "a b"),
        (None, ""),
        ("...", ""),
    ],
)
def test_a_name_has_one_form(text: str | None, form: str) -> None:
    assert person(text) == form


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("B Birch", True),
        ("Birch (chief nurse)", True),
        ("n/a", False),
        ("N/A (on leave)", False),
        ("None (email of May)", False),
        ("?", False),
        ("B Birch?", False),
        ("Not signed", False),
        ("Chief Nurse (TBC)", False),
        ("TBC", False),
        ("12", False),
        ("", False),
        (None, False),
        ("Dr", False),  # a title names nobody
        ("-", False),
    ],
)
def test_whether_something_written_may_be_a_name(text: str | None, name: bool) -> None:
    assert is_name(text) is name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Vacant posts are covered by bank staff", True),
        ("Reviewed each week", True),
        ("n/a", False),
        ("To be agreed", False),
        ("Cover?", False),
        ("7", False),
        ("", False),
        (None, False),
        ("None", False),
    ],
)
def test_whether_a_text_says_something(text: str | None, said: bool) -> None:
    assert is_said(text) is said


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("Mary Smith", "Mary Smith", True),
        ("Mary Smith", "M Smith", True),
        ("M. A. Smith", "Mary Smith", True),
        ("Mary Anne Smith", "Mary Smith", True),
        ("Mary Anne Smith", "Mary Beth Smith", False),
        ("MA Smith", "M Smith", True),
        ("MJ Smith", "Mary Smith", True),
        ("MJ Smith", "Anne Smith", False),
        ("MA Smith", "A Smith", True),
        ("Smith, Mary", "Mary Smith", True),
        ("Mary Smyth", "Mary Smith", True),
        ("Ann Lee", "Ann Leo", False),  # a short word is no slip
        ("Mary Smith", "Mary Jones", False),
        ("M Smith", "J Smith", False),
        ("Smith", "Mary Smith", True),
        ("MS", "Mary Smith", True),
        ("M.S.", "Mary Smith", True),
        ("Ms", "Mary Smith", False),  # a title
        ("MSB", "Mary Smith", False),
        ("Mary Smith (GMC 7654321)", "Mary Smith (NMC 12A3456B)", False),
        ("Mary Smith (GMC 7654321)", "M Smyth (GMC 7654321)", True),
        ("Mary Smith (GMC 7654321)", "Mary Smith", True),
        ("Chief Nurse", "Director of Nursing", True),
        ("Chief Nurse", "Medical Director", False),
        ("", "Mary Smith", False),
        ("", "", False),
        (None, None, False),
        ("MarySmith", "Mary Smith", True),
    ],
)
def test_whether_two_names_may_be_one_persons(
    first: str | None, second: str | None, one: bool
) -> None:
    assert one_person(first, second) is one
    assert one_person(second, first) is one


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("mary smith", "mary smyth", True),
        ("mary smith", "mary smithe", True),  # one letter more
        ("mary smith", "mary smth", True),
        ("mary smith", "mary smit", True),
        ("mary smith", "mary smythe", False),  # two letters
        ("mary smith", "mary smiht", False),
        ("mary smith", "marx smyth", False),  # in two words
        ("mary smith", "mary smith", False),
        ("ann lees", "ann leet", False),  # four letters are too few
        ("ann leesx", "ann lees", True),  # of five and four the longer tells
        ("ann leest", "ann leess", True),
        ("smith", "smyth", False),  # one word is too few
        ("mary jo smith", "mary smith", False),
        ("mary smiths", "mary smith", True),
        ("mary smithss", "mary smith", False),
    ],
)
def test_one_letter_of_one_long_word_may_be_a_slip(one: str, other: str, slip: bool) -> None:
    assert _slip(one.split(), other.split()) is slip
    assert _slip(other.split(), one.split()) is slip


@pytest.mark.parametrize(
    ("text", "name", "initials"),
    [
        ("MS", "mary smith", True),
        ("M. S.", "mary smith", True),
        ("MAS", "mary ann smith", True),
        ("MABS", "mary ann beth smith", False),  # four are no initials
        ("ms", "mary smith", False),
        ("M1", "mary smith", False),
        ("M", "mary", False),
        ("SM", "mary smith", False),
        (None, "mary smith", False),
    ],
)
def test_initials_of_a_name(text: str | None, name: str, initials: bool) -> None:
    assert _initials_of(text, name.split()) is initials


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("mary smith", "m smith", True),
        ("mary smith", "mary smith", True),
        ("mary smith", "max smith", False),
        ("m a smith", "mary smith", True),
        ("m a smith", "mary b smith", False),
        ("mary smith", "mary jones", False),
        ("smith", "smith", False),
        ("mary smith", "smith", False),
        ("mary s", "mary s", False),  # a letter is no surname
        ("ann smith", "m smith", False),
    ],
)
def test_names_agree_where_nothing_in_them_differs(one: str, other: str, agree: bool) -> None:
    assert _agree(one.split(), other.split()) is agree
    assert _agree(other.split(), one.split()) is agree


def test_numbers_of_a_register_are_read_wherever_they_stand() -> None:
    assert registered("Mary Smith, NMC 12A3456B") == {"12a3456b"}
    assert registered("GMC 7654321 and NMC 12A3456B") == {"7654321", "12a3456b"}
    assert registered("Mary Smith") == registered(None) == frozenset()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C Cole", ("C Cole",)),
        ("C Cole; B Birch", ("C Cole", "B Birch")),
        ("C Cole / B Birch + A Ash", ("C Cole", "B Birch", "A Ash")),
        ("C Cole and B Birch with A Ash", ("C Cole", "B Birch", "A Ash")),
        ("C Cole\nB Birch", ("C Cole", "B Birch")),
        ("A Cole, J Jones", ("A Cole, J Jones", "A Cole", "J Jones")),
        ("Cole, Ann", ("Cole, Ann",)),  # one name, its surname first
        ("Ann Cole, Chief Nurse", ("Ann Cole, Chief Nurse",)),  # with an office
        ("", ()),
        (None, ()),
        (" ; ", ()),
    ],
)
def test_those_named_as_owners_in_one_cell(text: str | None, found: tuple[str, ...]) -> None:
    assert tuple(one.strip() for one in owners(text)) == found


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("Medical Director", "medical director"),
        ("The Executive Medical Director, Alder Trust", "medical director"),
        ("Interim Chief Nurse", "chief nurse"),
        ("CNO", "chief nurse"),
        ("Chief Nurse H", "chief nurse"),
        ("Chief Nurse H B", "chief nurse"),
        ("Deputy Medical Director", ""),
        ("Finance Director", ""),
        ("The", ""),
        ("H", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_which_office_that_signs_a_text_names(text: str | None, which: str) -> None:
    assert office(text) == which


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("The owner", True),
        ("Scheme owner (JJ)", True),
        ("SRO", True),
        ("Senior Responsible Owner", True),
        ("A Owner", False),
        ("", False),
    ],
)
def test_whether_somebody_signed_as_the_owner(text: str, owner: bool) -> None:
    assert names_owner(text) is owner


def test_a_name_may_be_read_with_its_initials_parted_or_not_and_turned_round() -> None:
    assert _words("Dr MJ Smith") == ["m", "j", "smith"]
    assert _words("Dr MJ Smith", apart=False) == ["mj", "smith"]
    assert _words("MJ SMITH") == ["mj", "smith"]  # all in capitals: nobody can tell
    assert _words("mary.smith@nhs.net") == ["mary", "smith"]
    assert _words("MJB Smith") == ["m", "j", "b", "smith"]
    assert _words("Ann Cole MA") == ["ann", "cole"]  # a degree, and no initials
    assert _words("Dr-Ann Smith-MBE") == ["ann", "smith"]
    assert _words("ABCD Smith") == ["abcd", "smith"]  # four letters are a word
    assert _words(None) == []
    readings = _readings("Smith, MJ")
    assert ["mj", "smith"] in readings and ["smith", "mj"] in readings
    assert ["m", "smith"] in _readings("Smith, M")
    assert ["smith"] in readings and ["smith", "m", "j"] in readings
    assert list(_readings("Mary Smith")) == [["mary", "smith"]] * 4
    assert list(_readings(None)) == []

"""How people are told apart, so that no way of writing a name opens a door.

A doubt never lets a scheme count: two names that might be one person's are taken for one person.
Full names tell two people apart, and so do the numbers under which they are registered.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from controltotal.core.keys import LOOKALIKES

_UNMARKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters whose mark is part of them, as a keyboard without them writes them."""

_NOBODY = """
tbc; tba; tbd; na; n a; nil; none; no; nobody; unsigned; pending; awaited; awaiting; vacant; unknown;
yes; signed; x; xx; xxx; not signed; not yet; not yet signed; awaiting signature; to be confirmed;
to be signed; to be agreed; to follow; not known; not applicable; not available; see email; by email;
email; electronic; electronically; e signed; on file; as above; ditto; same; done; approved; agreed;
draft; blank; not required; not needed; outstanding; required; anon; anonymous; someone; signature;
somebody; no one; a n other; an other; joe bloggs; john doe; jane doe; ok; okay; y; true; tick; null;
nan; nk; n k; test; redacted; withheld; signed off; as before; see minutes; minutes; as per email;
per email; see attached; attached; on leave; verbal; verbally; verbally agreed; by phone; absent;
the same; the above; as md; as medical director; as cn; as owner; signature on file; nobody yet;
none yet; t b c; t b a; t b d
"""
NOBODY = frozenset(" ".join(words.split()) for words in _NOBODY.split(";"))
"""What people write where a name is missing."""
DOUBTFUL = frozenset({"tbc", "tba", "tbd", "unsigned", "pending", "vacant", "unknown"})
"""Words that make no name of whatever stands beside them."""
_UNSIGNED = re.compile(
    r"\b(?:not (?:yet|signed|seen|agreed|approved|available|confirmed)|has not|await\w*|waiting"
    r"|to (?:be )?(?:sign|confirm|agree|approve|follow)\w*|outstanding|refus(?:ed|es|ing|al)"
    r"|declin(?:ed|es|ing)|unavailable|draft|on leave)\b|^signed (?:off )?(?:on )?\d"
)
"""What is written beside a name that has not been signed."""
_UNSAID = re.compile(
    r"\b(?:tb[acd]|to follow|to be (?:agreed|confirmed|decided|determined|identified|written))\b"
    r"|\b(?:pending|awaited|outstanding|unknown)$"
)
"""What is written where something is still to be thought of."""

_TITLES = "dr mr mrs ms miss mx prof professor sir dame lord lady rev sister matron consultant"
TITLES = frozenset(_TITLES.split())
_LETTERS = """
obe mbe cbe dbe kbe frcp frcs frcn frca frcgp frcog frcpsych frcpch mrcp mrcs mrcgp mrcpsych rcn rn
rgn rmn rm rnt qn msc bsc phd dphil md mbbs mbchb bm bch ma ba mba mph dm hons pgce llb facs
"""
LETTERS = frozenset(_LETTERS.split())
"""Words before and after a name that tell nobody apart."""

_REGISTRATION = re.compile(r"(?<!\d)(?:\d{2}[a-z]\d{4}[a-z]|\d{7})(?![a-z\d])")
"""A number of a register: nurses' (`12A3456B`), or doctors' (seven digits)."""

OFFICES = {
    "medical director": "medical director",
    "chief medical officer": "medical director",
    "chief nurse": "chief nurse",
    "chief nursing officer": "chief nurse",
    "director of nursing": "chief nurse",
    "nurse director": "chief nurse",
    "nursing director": "chief nurse",
    "cmo": "medical director",
    "cno": "chief nurse",
    "don": "chief nurse",
}
"""The two offices that sign, as an owner may be named by office."""
_BEFORE_OFFICE = frozenset({"the", "executive", "interim", "acting", "trust", "group", "board"})


@lru_cache(maxsize=16384)
def person(text: str | None) -> str:
    """A person's name in one form, so that case, dots and spaces make nobody two people.

    >>> person("Dr. A  Example") == person("dr a example")
    True
    """
    plain = unicodedata.normalize("NFKD", text or "").casefold()
    kept = "".join(
        " " if c.isspace() or unicodedata.category(c) == "Pd" else c
        for c in plain
        if c.isalnum() or c.isspace() or unicodedata.category(c) == "Pd"
    )
    return " ".join(kept.split())


def is_name(text: str | None) -> bool:
    """Whether something is written that may be a name: `TBC` and `not signed` are none.

    >>> is_name("B Birch"), is_name("n/a"), is_name("Not signed"), is_name("Chief Nurse (TBC)")
    (True, False, False, False)
    """
    written = text or ""
    words = person(re.sub(r"[/().,:;\[\]]", " ", written)).split()
    if "?" in written or DOUBTFUL & set(words) or _UNSIGNED.search(" ".join(words)):
        return False
    whole, bare = " ".join(words), person(_bare(written).replace("/", " "))
    letters = any(c.isalpha() for c in whole) and bool(_words(written))
    return letters and whole not in NOBODY and (bare or whole) not in NOBODY


@lru_cache(maxsize=16384)
def is_said(text: str | None) -> bool:
    """Whether a text says something: a mitigation, a reason, the name of a list.

    >>> is_said("Vacant posts are covered by bank staff"), is_said("n/a"), is_said("To be agreed")
    (True, False, False)
    """
    written = text or ""
    whole = person(re.sub(r"[/().,:;\[\]]", " ", written))
    if "?" in written or _UNSAID.search(whole):
        return False
    return any(c.isalpha() for c in whole) and whole not in NOBODY


@lru_cache(maxsize=16384)
def one_person(first: str | None, second: str | None) -> bool:
    """Whether two names may be one person's: full names that differ tell them apart.

    >>> one_person("Dr A. Ash", "Alice Ash, Medical Director"), one_person("A Ash", "B Ash")
    (True, False)
    >>> one_person("Beth Birch", "Bill Birch"), one_person("Smith, M", "Mary Smith")
    (False, True)
    >>> one_person("Mary Smith (GMC 7654321)", "Mary Smith (NMC 12A3456B)")
    False
    """
    numbers, others = registered(first), registered(second)
    if numbers and others:
        return bool(numbers & others)
    one, other = _words(first), _words(second)
    if _initials_of(first, other) or _initials_of(second, one):
        return True
    if not one or not other:
        return False
    shared = set(one) & set(other)  # all the words of one of them
    if shared in (set(one), set(other)) or "".join(one) == "".join(other):
        return True
    if office(first) and office(first) == office(second):
        return True
    if _slip(one, other):
        return True
    return any(_agree(a, b) for a in _readings(first) for b in _readings(second))


def _slip(one: list[str], other: list[str]) -> bool:
    """Whether two names differ by one letter of one long word: `Mary Smith` and `Mary Smyth`."""
    if len(one) != len(other) or len(one) < 2:
        return False
    apart = [place for place, word in enumerate(one) if word != other[place]]
    if len(apart) != 1:
        return False
    short, long = sorted((one[apart[0]], other[apart[0]]), key=len)
    if len(long) < 5:
        return False
    if len(short) == len(long):
        return sum(letter != other for letter, other in zip(short, long, strict=True)) == 1
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def _initials_of(text: str | None, name: list[str]) -> bool:
    """Whether a text is no more than the initials of a name: `MS`, `M.S.`"""
    letters = re.sub(r"[\s.]", "", text or "")
    alone = len(letters) <= 3 and letters.isupper() and letters.isalpha()
    return alone and len(name) > 1 and letters.casefold() == "".join(word[0] for word in name)


def registered(text: str | None) -> frozenset[str]:
    """The numbers of a register that a name carries.

    >>> sorted(registered("Mary Smith, NMC 12A3456B"))
    ['12a3456b']
    """
    return frozenset(_REGISTRATION.findall(unicodedata.normalize("NFKC", text or "").casefold()))


def _agree(one: list[str], other: list[str]) -> bool:
    """Whether surnames are the same and given names or their initials do not differ."""
    if len(one) < 2 or len(other) < 2 or one[-1] != other[-1] or len(one[-1]) == 1:
        return False
    return all(
        a == b or (a[0] == b[0] and 1 in (len(a), len(b)))
        for a, b in zip(one[:-1], other[:-1], strict=False)  # further names are not always written
    )


def owners(text: str | None) -> tuple[str, ...]:
    """Those named as owners in one cell: each as written, and each of several after commas.

    >>> owners("C Cole; Alice Ash and B Birch"), owners("A Cole, J Jones"), owners("Cole, Ann")
    (('C Cole', ' Alice Ash', 'B Birch'), ('A Cole, J Jones', 'A Cole', ' J Jones'), ('Cole, Ann',))
    """
    parts = re.split(r"[;&/+|\n]| and | with ", text or "", flags=re.IGNORECASE)
    found = [one for one in parts if person(one)]
    for whole in tuple(found):
        pieces = re.split(r"[,(\[:]|\s[-\u2010-\u2015]\s", whole)
        apart = [one for one in pieces if len(_words(one)) > 1 and not office(one)]
        found += apart if len(apart) > 1 else ()
    return tuple(found)


@lru_cache(maxsize=16384)
def office(text: str | None) -> str:
    """Which of the two offices that sign a text names; empty for none.

    >>> office("Executive Medical Director, Alder Trust"), office("Deputy Medical Director")
    ('medical director', '')
    >>> office("CNO"), office("Chief Nurse H")
    ('chief nurse', 'chief nurse')
    """
    words = person(_bare(text)).split()
    while words and words[0] in _BEFORE_OFFICE:
        words = words[1:]
    while words and len(words[-1]) == 1:  # a letter says of which body
        words = words[:-1]
    return OFFICES.get(" ".join(words), "")


def names_owner(text: str | None) -> bool:
    """Whether somebody signed as the owner, whatever their name.

    >>> names_owner("The owner"), names_owner("Scheme owner (JJ)"), names_owner("A Owner")
    (True, True, False)
    """
    bare = person(_bare(text)).removeprefix("the ")
    return bare in ("owner", "scheme owner", "project owner", "sro", "senior responsible owner")


def _bare(text: str | None) -> str:
    """A name without a remark after a comma, a colon, a dash or in brackets."""
    return re.split(r"[,(\[:]|\s[-\u2010-\u2015]\s", text or "")[0]


@lru_cache(maxsize=16384)
def _readings(text: str | None) -> tuple[list[str], ...]:
    """A name as it may be read: without its remark, and with a surname that was written first."""
    first, comma, rest = (text or "").partition(",")
    found = []
    for apart in (True, False):
        turned = [*_words(_bare(rest), apart), *_words(first, apart)] if comma else []
        found += [_words(_bare(text), apart), _words(text, apart), turned]
    return tuple(words for words in found if words)


def _words(text: str | None, apart: bool = True) -> list[str]:
    """The words of a name without titles and letters; `apart`: initials run together are parted."""
    return list(_words_once(text or "", apart))


@lru_cache(maxsize=16384)
def _words_once(text: str, apart: bool) -> tuple[str, ...]:
    """The words of a name: few people sign, and each signs much."""
    written = re.sub(r"@\S*|[.,()/\[\]:]", " ", unicodedata.normalize("NFKC", text))
    apart = apart and written.upper() != written
    parted = [
        " ".join(one) if apart and one.isupper() and one.isalpha() and len(one) <= 3 else one
        for one in written.split()
        if not {person(one)} & (TITLES | LETTERS)
    ]
    plain = person(" ".join(parted)).translate(LOOKALIKES).translate(_UNMARKED)
    return tuple(w for w in plain.split() if w not in TITLES and w not in LETTERS)

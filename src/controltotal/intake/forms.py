"""The form of a file: its headings as they stay from month to month, which mapping fits, what drifted.

Months, years and numbers in a heading are taken out, and a column of actuals may become one of forecast or
the other way about, so that the next month's file has the form of this one's. A mapping whose
headings are all there in their order fits; one that shares most of them with the file, for the same
bodies, fits a form that has changed, and that is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from controltotal.core.calendar import CalendarError, parse_month, year_of
from controltotal.core.calendar import parse_date as date_of
from controltotal.core.finding import FileCell, Finding
from controltotal.core.money import canonical_unit
from controltotal.core.vocabulary import folded
from controltotal.intake.mapping import Form, Shape
from controltotal.intake.model import Head, Read, Seen
from controltotal.intake.questions import asked

ALIKE: Final = 0.6
"""The share of headings that a changed form has in common with its mapping."""
UNKNOWN: Final = "?"
"""The table of which one is that nobody can tell."""
CLASSES: Final = frozenset(
    ("directorate", "service", "category", "programme", "group", "owner", "notes", "description")
)
"""Columns that say of what kind a row is, so that their texts are no labels of totals."""
SETTLED: Final = ("unit", "basis", "costs")
"""What of the whole of a table may not change unasked."""
_WORDS: Final = re.compile(r"[^\W\d_]+|\d+")
_YEARLY: Final = frozenset(("fy", "m", "month", "q", "quarter"))


def shape_of(read: Read) -> Shape:
    """The shape of a table that was read.

    Headings stand once each, in their order, whatever number of months they are of.
    """
    tokens = (_token(head) for head in read.seen.heads)
    return Shape(read.table, tuple(dict.fromkeys(token for token in tokens if token)))


def shapes_of(reads: Sequence[Read]) -> tuple[Shape, ...]:
    """The shapes of a file, each once: sheets of one form are one shape."""
    shapes = dict.fromkeys(shape_of(read) for read in reads if read.table)
    return tuple(sorted(shapes, key=lambda shape: (shape.table, shape.headings)))


def _token(head: Head) -> str:
    """A heading as it stays from month to month."""
    measure = head.measure
    if head.means == "money" and measure.span == "month":
        basis = "plan" if measure.basis == "plan" else measure.basis and "reported"
        if measure.basis in ("variance", "percent", "prior"):
            basis = measure.basis
        return " ".join(word for word in ("month", basis, measure.fact) if word)
    return steady(head.text)


def steady(text: str) -> str:
    """A heading without months, years and numbers, in small letters.

    >>> steady("YTD M9 actual £'000"), steady("Apr-26"), steady("Forecast 2026/27")
    ('ytd actual £ 000', '', 'forecast')
    """
    kept = []
    for word in _WORDS.findall(text.casefold().replace("£", " £ ")) or ():
        if word.isdigit() and word != "000":
            continue
        if word in _YEARLY or _is_month(word):
            continue
        kept.append(word)
    if "£" in text:
        kept.insert(_before_thousands(kept), "£")
    return " ".join(kept)


def _before_thousands(words: Sequence[str]) -> int:
    return words.index("000") if "000" in words else len(words)


def _is_month(word: str) -> bool:
    if len(word) < 3:
        return False
    try:
        return bool(parse_month(word))
    except CalendarError:
        return False


def name_of(shapes: Sequence[Shape]) -> str:
    """The name of a new mapping: what it is of, and what stands for its headings."""
    text = "\n".join("\t".join((shape.table, *shape.headings)) for shape in shapes)
    table = shapes[0].table if shapes else "form"
    return f"{table}-{sha256(text.encode()).hexdigest()[:8]}".replace("_", "-")


# -- which mapping fits ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fit:
    """The mapping of a file: none, one, or several that fit alike; `exact` where nothing changed."""

    forms: tuple[Form, ...] = ()
    exact: bool = False

    @property
    def form(self) -> Form | None:
        """The one that fits; None where none does, or more than one."""
        return self.forms[0] if len(self.forms) == 1 else None


def fit(forms: Iterable[Form], reads: Sequence[Read], organisation: str = "") -> Fit:
    """The mappings that a file fits, by its headings and, where those leave several, by its bodies.

    One with answers of its own fits the bodies that it was answered for, and no other.
    """
    shapes = shapes_of(reads)
    bodies = bodies_of(reads) | ({organisation} if organisation else set())
    known = [form for form in forms if _serves(form, bodies)]
    exact = [form for form in known if set(form.shapes) == set(shapes)]
    if len(exact) > 1:
        exact = [form for form in exact if bodies & set(form.bodies)] or exact
    if exact:
        return Fit(tuple(exact), exact=True)
    near = [
        form
        for form in known
        if _alike(form.shapes, shapes) >= ALIKE and (not bodies or bodies & set(form.bodies))
    ]
    return Fit(tuple(near))


def _serves(form: Form, bodies: set[str]) -> bool:
    own = form.set.get("organisation", "")
    if own:
        return not bodies or own in bodies
    return not form.set or not bodies or not form.bodies or bool(bodies & set(form.bodies))


def _alike(one: Sequence[Shape], other: Sequence[Shape]) -> float:
    first = {heading for shape in one for heading in shape.headings}
    second = {heading for shape in other for heading in shape.headings}
    return len(first & second) / max(1, len(first | second))


def bodies_of(reads: Iterable[Read]) -> set[str]:
    """The codes of bodies that the rows of a file are of, and that of the whole of it."""
    rows = {row.cells.get("organisation", "") for read in reads for row in read.rows}
    return (rows | {read.said.get("organisation", "") for read in reads}) - {""}


# -- drift -----------------------------------------------------------------------------------------

FIX: Final = "Look whether it still means the same; then say --set drift=yes, or correct the mapping {}.toml."


def drift(form: Form, reads: Sequence[Read], *, whose: bool = False) -> list[Finding]:
    """What of a file is not as its mapping knows it; each finding names what changed and where.

    `whose` says that a person named the body now.
    """
    found = [*_headings(form, reads), *_settled(form, reads)]
    return [*found, *(() if whose else _bodies(form, reads)), *_totals(form, reads)]


def _changed(form: Form, at: Iterable[FileCell], what: str, was: str, now: str) -> Finding:
    action = FIX.format(form.name)
    return asked("IMPORT_DRIFT", what, list(at), expected=was, found=now, action=action)


def _headings(form: Form, reads: Sequence[Read]) -> Iterator[Finding]:
    shapes = shapes_of(reads)
    if set(shapes) == set(form.shapes):
        return
    was = [h for shape in form.shapes for h in shape.headings]
    now = [h for shape in shapes for h in shape.headings]
    for gone in dict.fromkeys(h for h in was if h not in now):
        at = [_over(read.seen) for read in reads[:1]]
        yield _changed(form, at, f"The heading “{gone}” is gone.", gone, "no such heading")
    for fresh in dict.fromkeys(h for h in now if h not in was):
        at = [cell for read in reads for cell in _cells_of(read.seen, fresh)]
        yield _changed(form, at, f"The heading “{fresh}” is new.", "no such heading", fresh)
    if set(was) == set(now):
        at = [_over(read.seen) for read in reads]
        what = "The headings stand in another order, or in other tables."
        yield _changed(form, at, what, _shown(form.shapes), _shown(shapes))


def _shown(shapes: Iterable[Shape]) -> str:
    return "; ".join(", ".join(shape.headings) for shape in shapes)


def _over(seen: Seen) -> FileCell:
    return seen.grid.over(seen.heading[0], seen.left, seen.heading[1], seen.right)


def _cells_of(seen: Seen, token: str) -> Iterator[FileCell]:
    for head in seen.heads:
        if _token(head) == token:
            yield seen.grid.at(seen.heading[1], head.column)


def found_of(reads: Sequence[Read]) -> dict[str, str]:
    """What was settled for the tables of a file, as a mapping keeps it."""
    found = {}
    for name in SETTLED:
        said = sorted({text for read in reads for text in _settled_of(read, name)} - {""})
        if said:
            found[name] = ", ".join(said)
    return found


def _settled_of(read: Read, name: str) -> set[str]:
    """What holds for a table: as it was settled for the whole; a unit also where columns say it."""
    if read.said.get(name) or name != "unit":
        return {read.said.get(name, "")}
    return {canonical_unit(row.cells.get("unit", "")) for row in read.rows}


def _settled(form: Form, reads: Sequence[Read]) -> Iterator[Finding]:
    now = found_of(reads)
    for name, was in form.found.items():
        if name in now and now[name] != was and name not in form.set:
            at = [_over(read.seen) for read in reads if _settled_of(read, name) != {was}]
            what = f"The {name} was {was} and is now {now[name]}."
            yield _changed(form, at, what, was, now[name])


def _bodies(form: Form, reads: Sequence[Read]) -> Iterator[Finding]:
    """Bodies that were not there before, of rows or of the whole of a table."""
    places: dict[str, list[FileCell]] = {}
    for read in reads:
        for row in read.rows:
            code = row.cells.get("organisation", "")
            if code and code not in form.bodies:
                places.setdefault(code, []).append(read.seen.grid.at(row.row, read.seen.left))
    for code, at in places.items() if form.bodies else ():
        yield _changed(form, at[:100], f"{code} is new.", ", ".join(form.bodies), code)


def _totals(form: Form, reads: Sequence[Read]) -> Iterator[Finding]:
    """Rows that a mapping knows as totals, and that are none now."""
    before = {folded(text) for text in form.totals}
    for read in reads:
        gone = before - {folded(text) for text in read.totals}
        if not gone:
            continue
        labels = {
            row: text
            for row in range(read.seen.first, read.seen.last + 1)
            for text in _labels(read.seen, row)
            if folded(text) in gone
        }
        for number, text in labels.items():
            at = [read.seen.grid.at(number, read.seen.left)]
            what = f"“{text}” was a total, and would now be added as a row."
            yield _changed(form, at, what, "a total", "a row")


def _labels(seen: Seen, row: int) -> Iterator[str]:
    for head in seen.heads:
        value = seen.grid.value(row, head.column)
        if head.means not in CLASSES and isinstance(value, str):
            yield value.strip()


def other_year(form: Form, on: str) -> bool:
    """Whether the year that a mapping sets was said in another financial year than this import is of."""
    if "year" not in form.set or not form.imported_on:
        return False
    return year_of(date_of(form.imported_on)) != year_of(date_of(on))

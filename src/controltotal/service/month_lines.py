"""The rows of a file as lines of the ledger: one list for each name, the likely lines first.

What was taken unasked stands there too, and can be changed. Nothing is taken from a list before
somebody presses the button under it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controltotal.acts.figures import Laid, Month
from controltotal.book.sent_months import BASIS
from controltotal.core.lines import Line
from controltotal.core.vocabulary import folded
from controltotal.intake.levels import held_line, held_of
from controltotal.intake.likely import likely
from controltotal.intake.lines import Lines
from controltotal.intake.repeats import LEFT, takes_off
from controltotal.ledger import in_force
from controltotal.service.apps import house
from controltotal.service.month_drafts import LEAVE, NEW
from controltotal.service.web import name

SURPLUS: Final = "Surplus or deficit, without support"
"""What pages call the surplus of a body."""
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """The lines that rows of a file may be: those that the ledger holds of the body, and all others.

    `new` are the lines that the file brings, by their names, each with its code and its kind; `stated`
    those that it has in rows of a plain name.
    """

    lines: Lines
    held: frozenset[str]
    whose: str
    new: Mapping[str, tuple[str, str]]
    stated: frozenset[str] = frozenset()

    def titles(self) -> dict[str, str]:
        """Every line of the ledger by its code, as it is told from others."""
        every = house().position.lines
        named = {code: one.name for code, one in every.items()}
        many = Counter(named.values())
        titles = {
            code: f"{title} ({code.replace('_', ' ')})" if many[title] > 1 else title
            for code, title in named.items()
        }
        return {**titles, "position": SURPLUS}

    def field(
        self, key: str, answers: Mapping[str, str], news: Mapping[str, str]
    ) -> dict[str, Any]:
        """The list of one name: `key` is `lines.` and the name as it stands in the file."""
        text = key.partition(".")[2]
        code, kind = self.new.get(folded(text), ("", ""))
        near = likely(text, self.lines, self.held, kind)
        value = answers.get(key, "") or (f"{NEW}{news[key]}" if key in news else "")
        whole = held_line(self.lines.named(text).line, self.lines.all, self.held)
        proposed = near.first or (whole if len(near.lines) < 2 else "")
        again = takes_off(text) and proposed in self.stated
        why = "Proposed: look whether it is right."
        if again:
            why = f"Proposed: the file has {self.titles()[proposed]} in another row, and takes it off here."
            proposed = LEAVE
        groups = self.groups(near.lines, (f"{NEW}{code}", text) if code else ("", ""))
        known = {choice for _, choices in groups for choice, _ in choices}
        return {
            "name": f"set:{key}",
            "label": f"“{text}” is" if text else "All money of the table is",
            "groups": groups,
            "value": value if value in known else proposed,
            "answered": value,
            "hint": "" if value or not proposed else why,
            "error": "",
        }

    def groups(self, near: Sequence[str], new: Choice) -> list[tuple[str, list[Choice]]]:
        """What may be chosen: the likely lines, those of the body, all others, and none."""
        titles = self.titles()
        first = [code for code in near if code in titles]

        def named(codes: Iterable[str]) -> list[Choice]:
            some = ((code, titles[code]) for code in codes if code not in first)
            return sorted(some, key=lambda one: one[1].casefold())

        own = [code for code in titles if code in self.held]
        rest = [code for code in titles if code not in self.held]
        last = [(LEAVE, "None: leave this row out")]
        if new[0]:
            last.insert(0, (new[0], f"A new line of your own: {new[1]}"))
        found = [
            ("Likely", [(code, titles[code]) for code in first]),
            (f"Lines that the ledger has of {self.whose}", named(own)),
            ("Other lines", named(rest)),
            ("None of them", last),
        ]
        return [(title, choices) for title, choices in found if choices]


def choices_of(found: Laid, at: Month) -> Choices:
    """What rows of files of a body's month may be."""
    held = held_of(in_force(found.imported.book.entries))
    new = {}
    for file in found.imported.files:
        for put in file.puts:
            if put.table == "lines" and put.cells["line"] not in house().position.lines:
                title = put.cells.get("name") or put.cells["line"]
                new[folded(title)] = (put.cells["line"], put.cells.get("kind", ""))
    return Choices(
        Lines(house().position.lines.values()),
        frozenset(held.get((at.organisation, at.year, BASIS), ())),
        name(at.organisation),
        new,
        frozenset(_stated(found)),
    )


def _stated(found: Laid) -> Iterator[str]:
    """The lines of rows and columns of files that do not take off what others have."""
    for file in found.imported.files:
        for read_ in file.reads:
            for one in read_.mapped:
                if not takes_off(one.heading):
                    yield one.column
            for row in read_.rows:
                yield row.cells.get("line", "")


def taken_rows(
    found: Laid,
    choices: Choices,
    answers: Mapping[str, str],
    news: Mapping[str, str],
    asked: Collection[str],
) -> list[dict[str, Any]]:
    """What each row was taken for, as a list that changes it; `asked` are fields that stand elsewhere."""
    typed = {folded(key): key for key in (*answers, *news)}
    fields: dict[str, dict[str, Any]] = {}
    for file in found.imported.files:
        for read_ in file.reads:
            known = {**file.lines, **{code: None for code, _ in choices.new.values()}}
            for one in read_.mapped:
                if (one.column not in known and one.column != LEFT) or one.heading in read_.totals:
                    continue
                key = f"lines.{one.heading}"
                key = typed.get(folded(key), key)
                if f"set:{key}" not in asked:
                    fields.setdefault(
                        key, _taken(key, one.column, choices, answers, news, file.lines)
                    )
    return list(fields.values())


def _taken(
    key: str,
    line: str,
    choices: Choices,
    answers: Mapping[str, str],
    news: Mapping[str, str],
    lines: Mapping[str, Line],
) -> dict[str, Any]:
    """The list of a row that was taken for a line; nothing is answered while it stands on the first."""
    field = choices.field(key, answers, news)
    title = SURPLUS if line == "position" else lines[line].name if line in lines else "a new line"
    words = "left out" if line == LEFT else title
    field["value"] = field["answered"]
    field["hint"] = ""
    field["first"] = f"{words} (as it was read)"
    return field

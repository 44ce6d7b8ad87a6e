"""The questions of a file as fields of a page: each a list to choose from, where one can be made.

A field says what `--set KEY=` would; its label has the words as they stand in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from controltotal.acts.bench import Refusal
from controltotal.acts.figures import Laid, Month, new_lines
from controltotal.core.calendar import month_name, year_label
from controltotal.core.finding import Finding
from controltotal.core.schema import tables
from controltotal.core.vocabulary import folded
from controltotal.intake.levels import AS_HELD, is_of_whole
from controltotal.intake.questions import in_words as where_words
from controltotal.intake.questions import keys_of
from controltotal.intake.repeats import TWICE
from controltotal.service.apps import house
from controltotal.service.drafts import Both
from controltotal.service.models import Draft
from controltotal.service.month_drafts import LEAVE, NEW, news_of
from controltotal.service.month_lines import Choices
from controltotal.service.month_words import page_words
from controltotal.service.web import name, names

HELD: Final = "IMPORT_HELD"
"""The code of the question about figures that somebody else put into the ledger."""
YES: Final = {
    "drift": "The file has changed in this way, and is right as it is",
    "withdraw": "The rows that the file no longer has are to go",
    "replace": "Put the figures of the file in place of those of the ledger",
    "values_only": "A file of values alone is right for us",
}
"""Answers that are yes or nothing, in words."""
ACCEPT: Final = "accept"
"""The field of the reason for which a difference is accepted."""
CHOOSE: Final = ("", "Choose")
OPTIONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "basis": (("plan", "Plan"), ("actual", "Actual"), ("forecast", "Forecast")),
    "unit": (("£", "£"), ("£k", "£ thousand"), ("£m", "£ million")),
    "costs": (
        ("positive", "Costs are positive"),
        ("negative", "Costs are negative"),
        ("ledger", "As a ledger has them: costs positive, income negative"),
    ),
    "months": (("single", "Of each month"), ("cumulative", "To date, from April")),
    "struck": (
        ("leave", "What is struck through is gone: leave it out"),
        ("keep", "What is struck through counts"),
    ),
    "totals": (
        ("total", "A total: checked, and not added"),
        ("row", "A row: added"),
        ("leave", "Neither: leave it out"),
    ),
}
"""What may be answered to a question, by its key or the part of the mapping that it is in."""


def asked_of(
    found: Laid,
    unnamed: Sequence[Refusal],
    draft: Draft,
    at: Month,
    choices: Choices,
    *,
    shown: bool = True,
) -> list[dict[str, Any]]:
    """All that is asked of files of a body's month, each question once; names of rows in one.

    `unnamed` are lines that the ledger does not have; `shown` says that a table of what would change
    stands below. A question that was answered and stands all the
    same says what is wrong with the answer.
    """
    answers, news = draft.content.get("set", {}), news_of(draft)
    every = list({(one.code, one.message): one for one in found.questions}.values())
    wholes = [one for one in every if is_of_whole(one)]
    rest = [one for one in every if not _is_of_lines(one) and not (wholes and _is_of_totals(one))]
    rest = _held_once(rest, shown=shown)
    fields: dict[str, dict[str, Any]] = {}
    for one in [*wholes, *(one for one in every if _is_of_lines(one) and one not in wholes)]:
        for key in _typed(keys_of(one), [*answers, *news]):
            field = choices.field(key, answers, news)
            fields.setdefault(field["name"], _line_told(field, one, choices))
    for refusal in unnamed:
        field = choices.field(f"lines.{_title(refusal, found)}", answers, news)
        fields.setdefault(field["name"], _line_told(field, refusal, choices))
    asked = [_names(list(fields.values()))] if fields else []
    return _each_field_once([*asked, *(_question(one, answers, at) for one in rest)])


def held(questions: Sequence[Finding]) -> list[Finding]:
    """The questions of figures that the ledger has otherwise, which one answer replaces."""
    return [one for one in questions if one.code == HELD and keys_of(one) == ["replace"]]


def _held_once(questions: Sequence[Finding], *, shown: bool) -> list[Finding]:
    """The same with one question of all figures that the ledger has otherwise."""
    some = held(questions)
    if not some:
        return list(questions)
    number = sum(len(one.in_files) for one in some)
    figures = "1 figure of the file is" if number == 1 else f"{number:,} figures of the file are"
    cells = tuple(cell for one in some for cell in one.in_files)
    below = ", as the table below shows" if shown else ""
    first = replace(
        some[0],
        message=f"{figures} not what the ledger has{below}. Is the file right?",
        where=where_words(cells),
        expected="",
        found="",
        in_files=cells,
    )
    return [first, *(one for one in questions if one not in some)]


def _is_of_lines(one: Finding) -> bool:
    return any(key.startswith("lines.") for key in keys_of(one))


def _is_of_totals(one: Finding) -> bool:
    """Whether a row may be the whole of others, which is settled where they go into one line."""
    return one.code == "IMPORT_LINE" and any(key.startswith("totals.") for key in keys_of(one))


def _typed(keys: Iterable[str], answered: Iterable[str]) -> list[str]:
    """Keys as they were answered before, where a file writes them otherwise."""
    typed = {folded(key): key for key in answered}
    return [typed.get(folded(key), key) for key in keys]


def _title(one: Refusal, found: Laid) -> str:
    """The name in the file of a line that the ledger lacks."""
    code = one.column.removeprefix(NEW)
    return new_lines(found.imported, house().position).get(code, code)


def _line_told(field: dict[str, Any], one: Finding | Refusal, choices: Choices) -> dict[str, Any]:
    """The list of a name with why it is asked; of one that was answered, what is wrong with that."""
    whole = isinstance(one, Finding) and is_of_whole(one)
    name_of = one.expected.removesuffix(AS_HELD).strip() if isinstance(one, Finding) else ""
    why = f"The ledger has {name_of} of {choices.whose} whole"
    titles = dict(choice for _, some in field["groups"] for choice in some)
    title = titles.get(field["value"], field["answered"])
    settled = whole and title == name_of  # what stands open is another row of the same line
    if field["answered"] and not settled:
        unfit = "Choose the line of the ledger that this money belongs to."
        twice = f"{why}, so it would count twice: choose {name_of}, or leave the row out."
        if isinstance(one, Finding) and one.expected == TWICE:
            unfit = f"{in_words(one.message)} Leave this row out."
        field["error"] = f"You chose {title}. {twice if whole else unfit}"
        field["hint"] = ""
    elif isinstance(one, Refusal):
        field["hint"] = f"T{one.what[1:]}. {field['hint']}".strip()
    elif settled:
        field["hint"] = f"{why}: this row is added into it."
    return field


def _names(fields: list[dict[str, Any]]) -> dict[str, Any]:
    """The one question of all names of rows."""
    many = len(fields) > 1
    return {
        "message": f"Which line of the ledger {'is each of these rows' if many else 'is this row'}?",
        "where": "",
        "expected": "",
        "found": "",
        "action": "Rows of one line are added together." if many else "",
        "fields": fields,
    }


def _each_field_once(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions with each field in the first that has it: one answer is for all of them."""
    there: set[str] = set()
    for one in asked:
        fields = [field for field in one["fields"] if field["name"] not in there]
        if one["fields"] and not fields:
            one["action"] = (
                "The answer above is for this too; or correct the file and send it again."
            )
        one["fields"] = fields
        there |= {field["name"] for field in fields}
    return asked


def answered_twice(both: Sequence[Both], at: Month, choices: Choices) -> list[dict[str, Any]]:
    """What two people answered at once, as fields: the answer of whoever reads this, the other's beside."""
    return [_twice(one, at, choices) for one in both]


def _twice(one: Both, at: Month, choices: Choices) -> dict[str, Any]:
    key = one.field.removeprefix("set:")
    if key.startswith("lines."):
        field = choices.field(key, {key: one.yours}, {})
        words = dict(choice for _, some in field["groups"] for choice in some)
    else:
        field = _field(key, {key: one.yours}, at)
        words = dict(field["choices"])
    if one.field == ACCEPT:
        field["label"] = "The reason for which the difference is accepted"
    return {
        **field,
        "name": one.field,
        "value": one.yours,
        "answered": one.theirs,
        "hint": "",
        "error": "",
        "words": f"{one.who} has answered meanwhile: {words.get(one.theirs, one.theirs) or 'nothing'}",
    }


def _question(one: Finding, answers: Mapping[str, str], at: Month) -> dict[str, Any]:
    keys = _typed(keys_of(one), answers)
    message = one.message
    for key in keys:
        text = key.partition(".")[2]
        message = message.replace(f"“{folded(text)}”", f"“{text}”") if text else message
    fields = [_field(key, answers, at, one.expected) for key in keys]
    return {
        "message": in_words(message),
        "where": one.where,
        "expected": in_words(one.expected),
        "found": in_words(one.found.replace(" | ", ", ")),
        "action": _on_a_page(in_words(one.action), answerable=bool(fields)),
        "fields": fields,
    }


def in_words(text: str) -> str:
    """What an import says, in the words of the service."""
    return page_words(text, house().position.lines, names())


PROPOSED: Final = {"basis": ("actual", "Proposed: the figures of a month that is sent are actual.")}
"""What is proposed where nothing is answered, and why."""


def _field(key: str, answers: Mapping[str, str], at: Month, expected: str = "") -> dict[str, Any]:
    choices = _choices(key, at, expected)
    answer = answers.get(key, "")
    proposed, why = PROPOSED.get(key, ("", ""))
    value = answer or proposed
    words = dict(choices).get(answer, answer)
    return {
        "name": f"set:{key}",
        "label": YES.get(key) or _label(key),
        "yes": key in YES,
        "value": value if not choices or value in dict(choices) else "",
        "choices": choices,
        "answered": answer,
        "hint": "" if answer else why,
        "error": f"Your answer “{words}” does not settle it: give another, or correct the file."
        if answer
        else "",
    }


def _choices(key: str, at: Month, expected: str = "") -> Sequence[tuple[str, str]]:
    """What may be chosen for a key; none where it is typed. `expected` is a column that is proposed."""
    section, dotted, _ = key.partition(".")
    if section == "organisation" or (section == "bodies" and dotted):
        return _bodies(at.organisation, may_leave=bool(dotted))
    if section == "headings" and dotted:
        return [CHOOSE, *_meanings(at, expected), (LEAVE, "None of these: leave the column out")]
    if section == "month":
        return [CHOOSE, *((str(n), f"{month_name(n)} (month {n})") for n in range(1, 13))]
    if section == "year":
        year = house().position.default_year
        return [CHOOSE, *((year_label(one), year_label(one)) for one in [year] if one)]
    options = OPTIONS.get(section, ())
    return [CHOOSE, *options] if options else ()


def _meanings(at: Month, expected: str) -> Iterator[tuple[str, str]]:
    """What a column of a month's report may be, in the words that the import reads."""
    columns = {column for table in tables().values() for column in table.columns}
    if expected in columns:
        yield expected, f"The {expected.replace('_', ' ')}"
    month = f"{month_name(at.number)} (month {at.number})"
    yield f"actual M{at.number}", f"Actual of {month}"
    yield f"actual YTD M{at.number}", f"Actual from April to {month}"
    yield f"plan M{at.number}", f"Plan of {month}"
    yield f"plan YTD M{at.number}", f"Plan from April to {month}"
    yield "plan year", "Plan of the whole year"
    yield "forecast year", "Forecast of the whole year"
    yield "variance", "A variance: checked, and not added"


def _bodies(organisation: str, *, may_leave: bool) -> Sequence[tuple[str, str]]:
    """The organisation whose file it is, then the others of the ledger."""
    others = [code for code in house().workings.tree.organisations if code != organisation]
    rest = sorted(((code, name(code)) for code in others), key=lambda one: one[1].casefold())
    own = [(organisation, name(organisation))] if organisation else []
    leave = [(LEAVE, "None: leave this row out")] if may_leave else []
    return [CHOOSE, *own, *rest, *leave]


def _label(key: str) -> str:
    section, dotted, text = key.partition(".")
    if not dotted:
        return {
            "late": "Why it comes late",
            "costs": "How costs are written",
            "months": "How the months stand",
            "struck": "What is struck through",
        }.get(key, key.capitalize())
    what = {
        "bodies": "The organisation that “{}” is",
        "headings": "What the heading “{}” is",
        "totals": "Whether “{}” is a total",
        "schemes": "The scheme that {} is in the ledger",
    }
    return what.get(section, "{}").format(text)


def _on_a_page(action: str, *, answerable: bool) -> str:
    """What a command line is told to do, as a page says it: the field below stands for `--set`."""
    if "--" not in action and "mapping" not in action:
        return action
    if answerable:
        return "Answer below, or correct the file and send it again."
    return "Correct the file and send it again: leave out the one that is here, below."

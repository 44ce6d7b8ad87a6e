"""A month that is being prepared: files and answers, seen by its own organisation alone.

What was begun is a draft of the kind `month`; it is in nobody's figures until it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from django.http import HttpRequest

from controltotal.acts.actors import FINANCE
from controltotal.acts.figures import Laid, Month, laid
from controltotal.core.calendar import year_label
from controltotal.core.errors import BookError
from controltotal.intake import mapping
from controltotal.intake.asking import Asking, Said, asking
from controltotal.intake.files import File
from controltotal.intake.importing import ACCEPTABLE, Given, forms_kept, read_files
from controltotal.intake.mapping import Form
from controltotal.intake.questions import keys_of
from controltotal.ledger import is_ledger_address
from controltotal.service.access import holds
from controltotal.service.apps import house
from controltotal.service.drafts import MONTH, WHO, Both, changing, merged, plain, was_in
from controltotal.service.models import Draft, Person
from controltotal.service.uploads import Kept, as_folder, drop, paths
from controltotal.service.web import OFFICE_WORDS, name

OF_THE_PAGE: Final = ("organisation", "year", "month")
"""What a file need not say, for the page on which it is dropped says it."""
NEW: Final = "new:"
"""How an answer begins that a name is a line of one's own, which the ledger lacks."""
LEAVE: Final = "-"
"""The answer that a row or a column is left out."""


def is_own(request: HttpRequest, code: str) -> bool:
    """Whether whoever asks prepares and sends months of a body."""
    return holds(request, *FINANCE, at=code)


def key_of(month: Month) -> str:
    """The key of the draft of a month."""
    return f"{month.year}/M{month.number}"


def draft_of(month: Month) -> Draft | None:
    """What was begun of a month; None where nothing was."""
    found: Draft | None = (
        Draft.objects.filter(organisation=month.organisation, kind=MONTH, key=key_of(month))
        .order_by("-changed")
        .first()
    )
    return found


def begin(request: HttpRequest, month: Month) -> Draft:
    """The draft of a month, begun where nothing was."""
    found = draft_of(month)
    if found is None:
        found = Draft.objects.create(
            person=request.user,
            organisation=month.organisation,
            kind=MONTH,
            key=key_of(month),
            content={"files": [], "set": {}},
        )
    return found


def discard(draft: Draft) -> None:
    """Forget what was begun, files and answers."""
    drop(draft.organisation, draft.pk)
    draft.delete()


def files_in(draft: Draft) -> list[Kept]:
    """The files of a draft."""
    return [
        Kept(int(one["number"]), str(one["name"]), int(one["size"]))
        for one in draft.content.get("files", ())
    ]


def mappings_folder(organisation: str) -> Path:
    """Where the answers of one organisation are kept: in a folder of its own among the mappings.

    Those stand beside a ledger that is a file, else in the service's folder.
    """
    deployment = house().deployment
    base = deployment.path / "mappings"
    if is_ledger_address(deployment.ledger) and deployment.ledger.startswith("sqlite:"):
        base = mapping.mappings_of(deployment.ledger)
    return base / as_folder(organisation)


def forms_for(organisation: str) -> list[Form]:
    """The mappings that answer for one organisation: its own, and those of the book made for it alone."""
    folder = mappings_folder(organisation)
    own = mapping.forms_in(folder)
    named = {form.name for form in own}
    books = (form for form in mapping.forms_in(folder.parent) if form.name not in named)
    return [*own, *(form for form in books if set(form.bodies) == {organisation})]


def asked_in(request: HttpRequest, draft: Draft) -> Asking:
    """What was answered so far, as an import takes it."""
    said: Mapping[str, str] = draft.content.get("set", {})
    accepted = str(draft.content.get("accept", "")).strip()
    office = next(
        (one.role for one in request.offices if one.organisation == draft.organisation), ""
    )
    who = f"{OFFICE_WORDS.get(office, 'Finance')} of {name(draft.organisation)}"
    return asking(
        [f"{key}={'' if value == LEAVE else value}" for key, value in said.items() if value],
        accepted=Said(who, accepted) if accepted else None,
        today=house().desk.today().isoformat(),
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as it was checked: what its files say, what they would write, what the page answered.

    `asking` holds the answers; `taken` are those that the page gave, by their keys.
    """

    asking: Asking
    files: Sequence[File]
    found: Laid
    taken: Mapping[str, str]

    @property
    def forms(self) -> list[Form]:
        """The mappings that are kept for next month."""
        return forms_kept(self.found.imported.files, self.asking)


def check(request: HttpRequest, draft: Draft, month: Month) -> Checked:
    """Read the files of a draft and work out what they would write; a BookError where none can be read.

    Whose they are and of which year and month is what the page says, where a file does not.
    """
    ask = asked_in(request, draft)
    source = house().position.source
    if source is None:
        raise BookError(
            "this book cannot be sent to", "the ledger", "tell whoever runs this service"
        )
    given = [
        Given(path, called) for path, called in paths(draft.organisation, draft.pk, files_in(draft))
    ]
    own = forms_for(draft.organisation)
    files = read_files(given, source, own, ask)
    taken = _of_the_page(files, month, ask)
    if taken:
        more = asking([f"{key}={value}" for key, value in taken.items()]).asked
        ask = replace(ask, asked=replace(ask.asked, **{key: getattr(more, key) for key in taken}))
        files = read_files(given, source, own, ask)
    return Checked(ask, files, laid(house().position, files, ask, month, new_in(draft)), taken)


def new_in(draft: Draft) -> frozenset[str]:
    """The lines of which somebody said that they are new."""
    return frozenset(news_of(draft).values())


def news_of(draft: Draft) -> dict[str, str]:
    """The lines of which somebody said that they are new, by the question that this answers."""
    new = draft.content.get("new", {})
    return dict(new) if isinstance(new, Mapping) else {f"{NEW}{one}": one for one in new}


def _of_the_page(files: Sequence[File], month: Month, ask: Asking) -> dict[str, str]:
    """What files leave open and the page on which they were dropped says."""
    open_ = {key for file in files for one in file.questions for key in keys_of(one)}
    page = {
        "organisation": month.organisation,
        "year": year_label(month.year),
        "month": str(month.number),
    }
    return {key: page[key] for key in OF_THE_PAGE if key in open_ and not getattr(ask.asked, key)}


def acceptable(found: Laid) -> bool:
    """Whether a difference stands open that a person may accept with a reason."""
    return any(one.code in ACCEPTABLE for one in found.questions)


def answers_in(draft: Draft) -> dict[str, str]:
    """The answers of a draft by the fields of its form."""
    content = draft.content
    found = {f"set:{key}": str(value) for key, value in content.get("set", {}).items()}
    found |= {f"set:{key}": f"{NEW}{line}" for key, line in news_of(draft).items()}
    return {**found, "accept": content["accept"]} if content.get("accept") else found


def save_answers(id: str, given: Mapping[str, str], person: Person) -> Sequence[Both]:
    """Keep what a form answers: `set:KEY` fields and `accept`; an empty one takes an answer back.

    The value `new:LINE` says that the name is a new line of one's own. What somebody else has
    answered otherwise meanwhile stays, and is told. Draft.DoesNotExist where the draft was sent or discarded.
    """
    was = was_in(given)
    answers = {
        field: plain(text)
        for field, text in given.items()
        if field == "accept" or field.startswith("set:")
    }
    typed = {field: text for field, text in answers.items() if text != was.get(field)}
    with changing(id) as draft:
        who = draft.content.get(WHO, {})
        found = merged(answers_in(draft), who, typed, was, person)
        kept = {field[4:]: text for field, text in found.fields.items() if field[:4] == "set:"}
        draft.content = {
            "files": draft.content.get("files", []),
            "set": {key: text for key, text in kept.items() if text and not _is_new(text)},
            "new": {key: text.removeprefix(NEW) for key, text in kept.items() if _is_new(text)},
            "accept": found.fields.get("accept", ""),
            WHO: found.who,
        }
    return found.both


def _is_new(answer: str) -> bool:
    return answer.startswith(NEW)

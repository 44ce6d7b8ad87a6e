"""What the API takes and gives, as OpenAPI describes it."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field


def _plain(text: str) -> str:
    """Refuse what no file and no ledger keeps: half letters and the letter nought."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("the text holds half a letter") from None
    if "\x00" in text:
        raise ValueError("the text holds the letter nought")
    return text


Plain = Annotated[str, AfterValidator(_plain)]
Words = Annotated[Plain, Field(max_length=20_000)]
Name = Annotated[Plain, Field(max_length=100)]


class Strict(Schema):
    """What is sent has no field beside those named."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """Why something was not done: what is so, where, and what to do; each reason in `findings`."""

    what: str
    where: str
    action: str


class Finding(Problem):
    """One reason of several, with the field that it is about."""

    field: str = ""


class Refused(Problem):
    """An act or a question that was refused, with every reason."""

    findings: list[Finding]


class Clash(Problem):
    """Somebody changed a row since it was seen: what it was, what it is, what was to be written."""

    base: dict[str, str] | None = None
    theirs: dict[str, str] | None = None
    yours: dict[str, str] | None = None


class Head(Schema):
    """The last entry of the ledger, and the root there."""

    entry: int
    root: str


class Book(Schema):
    """The book of an answer, at its entry."""

    name: str
    entry: int
    root: str


class Document(Schema):
    """The answer of a verb: the document that `controltotal VERB --json` prints."""

    controltotal: str
    verb: str
    book: Book
    options: dict[str, Any]
    figures: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    tables: dict[str, list[dict[str, Any]]]
    trace: dict[str, dict[str, Any]]


class Receipt(Schema):
    """What is kept to show that an act was done: its last entry, the root there, its request."""

    entry: int
    root: str
    request: str


class Done(Schema):
    """An act that was done, now or when the same request first came."""

    receipt: Receipt
    notices: list[str]


class AskedAct(Strict):
    """An act: the columns of its row in `fields`, the day that it claims (`on`), and why.

    `request` is an identifier of the caller's: sent again it gives the first receipt. `seen` maps
    keys of rows to the entries that were seen of them.
    """

    request: Name = ""
    seen: dict[Words, Annotated[int, Field(ge=0, le=2**53)]] = Field(default_factory=dict)
    on: Name | None = None
    why: Words = ""
    fields: dict[Name, Words] = Field(default_factory=dict)


class AskedJob(Strict):
    """Long work: the options of the verb."""

    options: dict[Name, str | int | float | bool] = Field(default_factory=dict)


class JobState(Schema):
    """Long work that was asked for: how far it is, and what came of it.

    `state` is waiting, running, done, failed or cancelled; `share` runs from 0 to 1.
    """

    id: str
    verb: str
    options: dict[str, Any]
    state: str
    share: float
    what: str
    entry: int
    root: str
    error: Problem | None = None
    answer: Document | None = None

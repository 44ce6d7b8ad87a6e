"""The files of an import, and what several of them say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.lines import Line
from controltotal.intake.changes import Changes
from controltotal.intake.mapping import Form
from controltotal.intake.model import Read
from controltotal.intake.questions import asked as question
from controltotal.intake.reading import FileRead
from controltotal.intake.scopes import Put, Scope, key_of, same_row, scope_of


@dataclass(slots=True)
class File:
    """A file of an import: what was read of it, the form that it has, what it puts and changes.

    `refused` says why it could not be read at all; `findings` are those beside its tables'.
    """

    name: str
    read: FileRead | None = None
    form: Form | None = None
    known_on: str = ""
    puts: list[Put] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    findings: list[Finding] = field(default_factory=list)
    refused: BookError | None = None
    left_out: str = ""
    lines: Mapping[str, Line] = field(default_factory=dict)
    """The lines of account that it was read by."""

    @property
    def reads(self) -> list[Read]:
        """Its tables."""
        return self.read.reads if self.read else []

    @property
    def month(self) -> int:
        """The month that its tables are of; 0 where they name none or several."""
        said = {one.said.get("month", "").removeprefix("YTD") for one in self.reads} - {""}
        return int(said.pop()) if len(said) == 1 and min(said).isdecimal() else 0

    @property
    def every(self) -> list[Finding]:
        """All that is said of it."""
        read_ = self.read.every if self.read else []
        return [*read_, *self.findings, *self.changes.findings]

    @property
    def questions(self) -> list[Finding]:
        """What stops it."""
        return [one for one in self.every if one.severity == "error"]

    @property
    def goes_in(self) -> bool:
        """Whether it is written."""
        return not (self.refused or self.left_out or self.questions)


def same_bytes(files: Sequence[File]) -> None:
    """The same file twice is taken once."""
    first: dict[str, str] = {}
    for file in files:
        if file.read is None:
            continue
        digest = file.read.opened.digest
        if digest in first:
            file.left_out = f"the same file as {first[digest]}"
        first.setdefault(digest, file.name)


def two_files(files: Sequence[File]) -> None:
    """Ask where two files speak of the same in different words; what they say alike counts once."""
    if sum(file.goes_in for file in files) < 2:
        return
    scopes: dict[Scope, File] = {}
    rows: dict[str, tuple[File, Put]] = {}
    for file in files:
        if not file.goes_in:
            continue
        alike: set[int] = set()
        for put in file.puts:
            scope = scope_of(put)
            other = scopes.setdefault(scope, file)
            before, same = rows.setdefault(key_of(put), (file, put))
            apart = other is not file and put.table != "lines"  # a line is the book's, not a body's
            if apart or (before is not file and not _equal(same, put)):
                file.findings.append(_both(other if other is not file else before, scope, put))
                break
            if before is not file:
                alike.add(id(put))
        file.changes.added = [put for put in file.changes.added if id(put) not in alike]
        file.changes.changed = [one for one in file.changes.changed if id(one[1]) not in alike]


def _equal(one: Put, other: Put) -> bool:
    return same_row(one.table, one.cells, other.cells)


def _both(other: File, scope: Scope, put: Put) -> Finding:
    id_, body = put.cells.get("id", ""), put.cells.get("organisation", "")
    if put.table == "schemes" and not any(scope_of(one) == scope for one in other.puts):
        return question(
            "IMPORT_SCHEME",
            f"The scheme {id_} is of {body} here, and of another body in {other.name}.",
            [put.at],
            expected="one body for a reference",
            found=body,
            action=f"Say --set schemes.{id_}={body}-{id_} and import this file alone, or give the schemes "
            "references that no other body has.",
        )
    whom = " ".join(t for t in (scope.table, scope.organisation, scope.year, scope.basis) if t)
    return question(
        "IMPORT_VERSIONS",
        f"This file and {other.name} both say {whom}.",
        [put.at],
        expected="one file for a body, a year and a basis",
        found=f"two, of which {other.name} is taken",
        action="Import the earlier one first and then the later one, or leave one out.",
    )

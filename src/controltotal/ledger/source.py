"""A book as read from any of its forms: its entries in order, and the faults of its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from controltotal.core.finding import Finding
from controltotal.ledger.block import entries_upto
from controltotal.ledger.chain import Link, root
from controltotal.ledger.entries import Entry


@dataclass(frozen=True, slots=True)
class BookSource:
    """Name, entries in order, findings about form, and the columns and file of each table.

    `headings` is the row of each table's headings where it is not row 1; `stopped` are the
    entries (by number) of files and sheets that nobody can tell to be of the book; `place` is the
    address from which it was read, empty where it was made in memory. `digest` stands for the files
    that it was read from; a ledger has none, for the hash of its last block (`links`) stands for it.
    """

    name: str
    entries: Sequence[Entry]
    findings: tuple[Finding, ...]
    columns: Mapping[str, tuple[str, ...]]
    files: Mapping[str, str]
    headings: Mapping[str, int] = field(default_factory=dict)
    stopped: frozenset[int] = frozenset()
    place: str = ""
    digest: str = ""
    links: Sequence[Link] = field(default=(), repr=False)

    @property
    def root(self) -> str:
        """The text that stands for all that was said: the digest of files, the root of a ledger.

        Of a ledger read up to an entry it is the hash of that entry's block.
        """
        return self.digest or root(self.links)

    def upto(self, number: int) -> BookSource:
        """What was said up to an entry."""
        links = [link for link in self.links if link.first <= number]
        return replace(self, entries=entries_upto(self.entries, number), links=links)


def files_digest(digests: Mapping[str, str]) -> str:
    """What stands for some files: the SHA-256 of their names and digests, as `sha256sum` lists them.

    >>> files_digest({"lines.csv": "ab", "amounts.csv": "cd"}).split(":")[0]
    'sha256'
    """
    listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return f"sha256:{sha256(listed.encode()).hexdigest()}"

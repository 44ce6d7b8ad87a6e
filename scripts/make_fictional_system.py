"""Write the fictional system: a complete book, the same bytes every time.

    python scripts/make_fictional_system.py examples/fictional-system

Everything in it is invented; see the README that it writes.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from fictional_system import (
    bodies,
    control,
    evidence,
    exceptions,
    facts,
    governance,
    money,
    readme,
    schemes,
    stated,
    words,
)
from fictional_system.book import YEAR, Book


def make() -> tuple[Book, str]:
    """The whole book, and its README."""
    book = Book()
    bodies.put_book(book)
    bodies.put_organisations(book)
    register = schemes.make_schemes()
    money.put_amounts(book, schemes.slippage(register))
    stated.put_neighbours(book)
    stated.put_stated(book)
    stated.put_contracts(book)
    facts.put_cash(book)
    planned = schemes.put_schemes(book, register)
    facts.put_facts(book, planned)
    control.put_control_totals(book)
    control.put_transfers(book)
    control.put_regime(book)
    evidence.put_evidence(book, register)
    governance.put_limits(book)
    governance.put_opportunities(book)
    governance.put_risks(book)
    governance.put_decisions(book)
    governance.put_public(book)
    words.put_words(book)
    words.put_actions(book)
    governance.put_meetings(book)
    bodies.put_sources(book)
    exceptions.put_exceptions(book)
    unidentified = sum(facts.UNIDENTIFIED[YEAR].values())
    text = readme.render(book, register, sum(planned.values()), unidentified)
    return book, text


def main(arguments: list[str]) -> int:
    """Write the book into the folder named (by default the example's own)."""
    default = Path(__file__).resolve().parents[1] / "examples" / "fictional-system"
    folder = Path(arguments[0]) if arguments else default
    book, text = make()
    book.write(folder, text)
    rows = sum(len(rows) for rows in book.rows.values())
    print(f"{folder}: {len(book.rows)} tables, {rows} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Make the glossary of the manual from the data file that the program itself reads.

`docs/glossary.md` is committed, so that it can be read and linked wherever the pages are; a test
holds it equal to the data. `python -m tools.glossary_page` writes it again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from controltotal.core.datafiles import packaged_rows

PAGE = Path(__file__).parents[1] / "docs" / "glossary.md"

# How sure a meaning is, as a reader would say it.
SURE = {
    "P": "From the primary source",
    "R": "As reported by the press or a representative body",
    "I": "Worked out from sourced figures",
    "K": "Professional knowledge, not yet checked against a source",
    "G": "Quoted by a public repository",
    "C": "As this program uses the word",
}
FIRST = (
    "Control total",
    "Deficit",
    "Deficit support funding (DSF)",
    "Outturn",
    "Run rate",
    "Underlying position",
    "Recurrent",
    "Gap",
    "Unidentified savings",
    "Maturity",
    "QIA",
    "Withheld",
)
OPENING = """\
# Glossary

The words of the service as the program and its papers use them, to 2026/27. Each says how sure its meaning
is, and who says so. Where a word has two meanings in the service, the one here is the one that is meant.

The sign is always the same: a surplus is positive, a deficit negative and in brackets, and a variance is
favourable when positive.
"""


def page() -> str:
    """The whole page, term by term in the order of the alphabet."""
    rows = sorted(packaged_rows("glossary.csv"), key=lambda row: row["term"].lower())
    anchors = {row["term"]: anchor(row["term"]) for row in rows}
    first = ", ".join(f"[{term}](#{anchors[term]})" for term in FIRST if term in anchors)
    letters = [(key, list(group)) for key, group in groupby(rows, key=letter)]
    jumps = " · ".join(f"[{key}](#{key.lower()})" for key, _ in letters)
    parts = [OPENING, f"**To know first:** {first}.\n", f"{jumps}\n"]
    for key, group in letters:
        parts.append(f"## {key}\n")
        parts.extend(entry(row) for row in group)
    return "\n".join(parts)


def letter(row: Mapping[str, str]) -> str:
    return row["term"][0].upper()


def entry(row: Mapping[str, str]) -> str:
    """A term, its meaning, how sure it is and who says so."""
    source = f": {row['source']}" if row["source"] else ""
    meaning = row["meaning"].rstrip(".")
    return f"### {row['term']}\n\n{meaning}.\n\n*{SURE[row['mark']]}{source}.*\n"


def anchor(heading: str) -> str:
    """The address of a heading on its page, as the builder of the manual makes it.

    >>> anchor("Deficit support funding (DSF)")
    'deficit-support-funding-dsf'
    """
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


def main() -> None:
    PAGE.write_text(page(), "utf-8")
    print(f"glossary: {len(packaged_rows('glossary.csv'))}")


if __name__ == "__main__":
    main()

"""Make the reference pages of the manual from the data files that the program itself reads.

The pages go to docs/reference/generated/, which is not committed: `make docs` makes them again.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from controltotal.core.datafiles import packaged_rows
from controltotal.core.schema import tables
from tools.rule_pages import write_rule_pages

OUT = Path(__file__).parents[1] / "docs" / "reference" / "generated"
CASES = Path(__file__).parents[1] / "tests" / "spec" / "published"
GALLERY = Path(__file__).parents[1] / "tests" / "errors" / "gallery"
ROWS_SHOWN = 8

# page -> (title, data file, opening sentence)
LISTS = {
    "lines": ("Lines", "lines.csv", "What an amount can be, and which way it counts."),
    "measures": ("Measures", "measures.csv", "What a figure can be: the first part of its id."),
    "facts": ("Facts", "facts.csv", "What a row of `facts` can say: numbers outside the surplus."),
    "return_codes": (
        "Codes of the three-column list",
        "return_codes.csv",
        "What a line or a column of `report --output FILE.return.csv` is called where a book has no "
        "code of its own.",
    ),
    "result_columns": (
        "Tables and columns of answers",
        "result_columns.csv",
        "What each table of an answer holds, and what its columns mean. A column without a table "
        "means the same in every one.",
    ),
    "codes": ("Findings", "codes.csv", "Every finding by its code, and what to do about it."),
    "parameters": (
        "Parameters",
        "parameters.csv parameters_rules.csv",
        "Every dated number in a rule. Mark: P primary source, R press or representative body, "
        "I arithmetic on sourced figures, C our convention, K professional knowledge not yet "
        "checked.",
    ),
}


def main() -> None:
    """Write every page, and say how many rows each holds."""
    OUT.mkdir(parents=True, exist_ok=True)
    for page, (title, file, opening) in LISTS.items():
        rows = [row for one in file.split() for row in packaged_rows(one)]
        write(page, title, opening, markdown_table(rows))
        print(f"{page}: {len(rows)}")
    write("tables", "Tables and columns of a book", tables_opening(), tables_body())
    write("cases", "Published cases", cases_opening(), cases_body())
    write("errors", "Findings and what provokes them", errors_opening(), errors_body())
    write("commands", "Commands", "Every verb and its options.", commands())
    print(f"rules: {write_rule_pages(OUT, markdown_table)}")


def write(page: str, title: str, opening: str, body: str) -> None:
    (OUT / f"{page}.md").write_text(f"# {title}\n\n{opening}\n\n{body}\n", "utf-8")


def markdown_table(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as a table; a bar inside a cell is escaped, an empty cell stays empty.

    >>> print(markdown_table([{"code": "A|B", "meaning": ""}]))
    | code | meaning |
    |---|---|
    | A\\|B |  |
    """
    if not rows:
        return "None."
    names = list(rows[0])
    head = [line(names), "|" + "---|" * len(names)]
    return "\n".join([*head, *(line(row[name] for name in names) for row in rows)])


def line(cells: Iterable[str]) -> str:
    return "| " + " | ".join((cell or "").replace("|", "\\|") for cell in cells) + " |"


def tables_opening() -> str:
    return (
        "A newcomer starts with `organisations`, `amounts` and `control_totals`. A column with a "
        "star is required in its table; empty means absent, never zero."
    )


def tables_body() -> str:
    parts = []
    for table in tables().values():
        rows = [
            {
                "column": f"{column.name}{' *' if column.required else ''}",
                "holds": column.type,
                "one of": ", ".join(column.vocabulary),
                "meaning": column.description,
            }
            for column in table.columns.values()
        ]
        key = ", ".join(table.key)
        parts.append(f"## {table.name}\n\n{table.meaning}\n\nKey: {key}.\n\n{markdown_table(rows)}")
    return "\n\n".join(parts)


def cases_opening() -> str:
    return (
        "Books of published cases, worked by hand: the figure, its value, and the sum behind it. "
        "The tests read these same tables, so the program and this page cannot disagree. The books "
        "are in `examples/`, under the name of the case."
    )


def cases_body() -> str:
    """The hand-worked tables of the tests, one case after another."""
    pages = sorted(CASES.glob("*.md"))
    return "\n\n".join(f"#{page.read_text('utf-8').strip()}" for page in pages)


def errors_opening() -> str:
    return (
        "Each finding with the smallest book that provokes it, and what the program prints. The "
        "tests run every one of them, so the program and this page cannot disagree. The table "
        "`book` of each, which holds a title and the unit £m, is left out."
    )


def errors_body() -> str:
    """The error gallery, code by code in the order of the list of codes."""
    shown = [row for row in packaged_rows("codes.csv") if (GALLERY / row["code"]).is_dir()]
    others = [row for row in packaged_rows("codes.csv") if not (GALLERY / row["code"]).is_dir()]
    parts = [
        f"## {row['code']}\n\n{row['severity'].capitalize()}. {row['meaning']} {row['action']}\n\n"
        + provoked_by(GALLERY / row["code"])
        for row in shown
    ]
    return "\n\n".join([*parts, "## Without an example here", markdown_table(others)])


def provoked_by(folder: Path) -> str:
    """The files of a case, long ones cut, and what is printed of them."""
    parts = []
    for file in sorted(folder.glob("*.csv")):
        if file.stem == "book":
            continue
        lines = file.read_bytes().decode("utf-8-sig", "replace").splitlines()
        more = [f"... {len(lines) - ROWS_SHOWN} more rows"] if len(lines) > ROWS_SHOWN + 1 else []
        text = "\n".join([*lines[: ROWS_SHOWN if more else None], *more])
        parts.append(f"`{file.name}`\n\n```text\n{text}\n```")
    if (folder / "book.xlsx").exists():
        parts.append("A workbook: `book.xlsx`.")
    return "\n\n".join([*parts, (folder / "expected.md").read_text("utf-8").strip()])


def commands() -> str:
    """The program's own help, as it prints it."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "typer",
            "controltotal.app.cli",
            "utils",
            "docs",
            "--name",
            "controltotal",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split("\n", 1)[-1]


if __name__ == "__main__":
    main()

"""Write the page of the manual on OWASP ASVS 5.0 from its table: a count by verdict, then every requirement.

`python -m tools.assurance_page` writes it again; a test holds it equal. The table says in our own words
what each requirement is about: the text of the standard is read where it is published.
"""

from __future__ import annotations

import csv
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
TABLE: Final = ROOT / "docs" / "assurance" / "asvs.csv"
PAGE: Final = TABLE.with_suffix(".md")
VERDICTS: Final = ("met", "not met", "deployment", "not applicable")
CHAPTERS: Final = {
    "V1": "Encoding and what is made of text",
    "V2": "Rules of input and of business",
    "V3": "Browsers",
    "V4": "The API and the web server",
    "V5": "Files",
    "V6": "Signing in",
    "V7": "Sessions",
    "V8": "Who may do what",
    "V9": "Signed tokens",
    "V10": "OAuth and OpenID Connect",
    "V11": "Cryptography",
    "V12": "Encrypted connections",
    "V13": "Settings",
    "V14": "Data",
    "V15": "How the program is made",
    "V16": "Logs and faults",
    "V17": "Real-time media",
}
OPENING: Final = """# OWASP ASVS 5.0, levels 1 and 2

Each requirement of levels 1 and 2 of the [Application Security Verification Standard
5.0](https://owasp.org/www-project-application-security-verification-standard/), and three of level 3 that
matter here, with what the service does and the test that shows it. What a requirement is about is said in our
own few words: read it in the standard. The table is [asvs.csv](asvs.csv).

- **met**: the tests that are named fail where it is not.
- **not met**: what is missing is said.
- **deployment**: whoever runs the service does it; [Run the service](../how-to/run-service.md) says how.
- **not applicable**: the service has nothing of the kind.

This is our own reading, made by those who wrote the program. Nobody else has verified it, and no penetration
test has been made.
"""


def rows() -> list[dict[str, str]]:
    """The table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page() -> str:
    """The page as it should stand."""
    told = rows()
    counted = Counter((one["verdict"], one["level"]) for one in told)
    lines = ["| verdict | level 1 | level 2 | level 3 | all |", "|---|--:|--:|--:|--:|"]
    for verdict in VERDICTS:
        each = [counted[verdict, level] for level in "123"]
        lines.append(f"| {verdict} | {' | '.join(map(str, each))} | {sum(each)} |")
    each = [sum(counted[verdict, level] for verdict in VERDICTS) for level in "123"]
    lines.append(f"| all | {' | '.join(map(str, each))} | {sum(each)} |")
    parts = [OPENING.strip(), "\n".join(lines), "## Not met", _listed(told, "not met")]
    parts += ["## For whoever runs it", _listed(told, "deployment")]
    for chapter, group in groupby(told, lambda one: one["id"].partition(".")[0]):
        parts += [f"## {chapter}: {CHAPTERS[chapter]}", _table(list(group))]
    return "\n\n".join(parts) + "\n"


def _listed(told: list[dict[str, str]], verdict: str) -> str:
    return "\n".join(
        f"- {one['id']}, {one['topic']}: {one['how']}" for one in told if one["verdict"] == verdict
    )


def _table(told: list[dict[str, str]]) -> str:
    lines = ["| id | level | about | verdict | how | test |", "|---|---|---|---|---|---|"]
    for one in told:
        tests = "<br>".join(
            f"`{Path(test.partition('::')[0]).name}`: {test.partition('::')[2][5:].replace('_', ' ')}"
            for test in one["test"].split()
        )
        told_of = (one["id"], one["level"], one["topic"], one["verdict"], one["how"], tests)
        lines.append(f"| {' | '.join(told_of)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

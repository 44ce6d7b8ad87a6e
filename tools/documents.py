"""The JSON of every verb on every example book, entries and roots masked: one folder of documents.

`python -m tools.documents FOLDER` writes them; two such folders, made before and after a change,
are compared with `diff -r`. Nothing that a ledger numbers is kept, so that what differs is a
figure, a finding, a table or a rule in words.
"""

from __future__ import annotations

import contextlib
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tests.running import controltotal

EXAMPLES = Path(__file__).parents[1] / "examples"
QUESTIONS = {
    "check": (),
    "position": (),
    "forecast": (),
    "calibrate": (),
    "trajectory": (),
    "opportunities": (),
    "portfolio": (),
    "risk": ("--draws", "2000"),
    "share": (),
    "decide": (),
    "boundaries": (),
    "challenge": (),
    "history": (),
}


def masked(document: Any) -> Any:
    """The document without the numbers and hashes that a ledger gives."""
    if isinstance(document, dict):
        return {
            key: masked(value)
            for key, value in document.items()
            if key not in ("root", "entry", "entries")
        }
    if isinstance(document, list):
        return [masked(one) for one in document]
    return document


def write(task: tuple[str, str, tuple[str, ...], str]) -> str:
    """One document: the book, the words of the command, and the folder it goes to."""
    book, verb, options, folder = task
    extra = ["--organisation", options[0]] if options and not options[0].startswith("--") else []
    words = [*verb.split(), str(EXAMPLES / book), *(extra or options), "--json"]
    ran = controltotal(*words)
    name = f"{book}.{'-'.join([*verb.split(), *extra])}.json".replace("--", "")
    text = ran.out.replace(str(EXAMPLES), "examples") or ran.err
    with contextlib.suppress(ValueError):
        text = json.dumps(masked(json.loads(text)), ensure_ascii=False, indent=1)
    (Path(folder) / name).write_text(f"{text}\nexit {ran.code}\n", "utf-8")
    return name


def main(folder: str) -> None:
    """Write every document into the folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    books = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
    tasks = [(book, verb, options, folder) for verb, options in QUESTIONS.items() for book in books]
    tasks += [(book, "scheme list", (), folder) for book in books]
    with ProcessPoolExecutor(2) as pool:
        for name in pool.map(write, tasks):
            print(name)


if __name__ == "__main__":
    main(sys.argv[1])

"""`controltotal act …` changes a book that is a ledger; `verify`, `backup` and `restore` keep it.

Every act goes through the same desk as the web pages; what the rules do not allow is refused, a line a
reason, and nothing is written.
"""

from __future__ import annotations

import json as json_text
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Annotated, Any, Optional

import typer

from controltotal import verbs
from controltotal.app.screen import say
from controltotal.app.shared_options import Json, Ledger, On, Overwrite, answer
from controltotal.core.errors import BookError
from controltotal.core.legible import one_line, safe_json
from controltotal.core.version import VERSION

app = typer.Typer()


def pairs(texts: list[str] | None) -> dict[str, str]:
    """COLUMN=TEXT words as cells."""
    found: dict[str, str] = {}
    for text in texts or ():
        column, mark, value = text.partition("=")
        if not mark or not column.strip():
            raise BookError(f"{text!r} is no COLUMN=VALUE", "the command", "write COLUMN=VALUE")
        _once(column.strip(), found)
        found[column.strip()] = value.strip()
    return found


def _once(name: str, found: Mapping[str, object]) -> None:
    if name in found:
        raise BookError(f"{name} is given twice", "the command", "give it once")


def _seen(texts: list[str] | None) -> dict[str, int]:
    """KEY=ENTRY words; a key may hold an equals sign of its own."""
    found: dict[str, int] = {}
    for text in texts or ():
        key, mark, number = text.rpartition("=")
        if not mark or not number.isdecimal():
            raise BookError(f"--seen reads {text!r}", "the command", "write KEY=ENTRY")
        _once(key, found)
        found[key] = int(number)
    return found


@app.command()
def act(
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="Which act, such as propose_total; none lists them all."),
    ] = None,
    ledger: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="The ledger; none says what the act asks for."),
    ] = None,
    fields: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Argument(metavar="[COLUMN=VALUE]...", help="Columns of the row that is written."),
    ] = None,
    why: Annotated[str, typer.Option("--why", help="The reason, kept with the act.")] = "",
    on: On = None,
    as_: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--as", help="Who does it: a subject with grants, or a name in a book without."
        ),
    ] = None,
    request: Annotated[
        str, typer.Option("--request", help="Identifier of your own: sent again it is done once.")
    ] = "",
    seen: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--seen", help="KEY=ENTRY of a row as you saw it: a later change is not lost."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Change a book that is a ledger: one act, by somebody, on a day, for a reason."""
    acts = import_module("controltotal.acts")  # loads what choosing needs
    if name is None or ledger is None:
        say(_listed(acts.ACTS, name))
        return
    done = acts.act(name, ledger, pairs(fields), why, on, as_, request, _seen(seen))
    if json:
        document = {
            "controltotal": VERSION,
            "verb": "act",
            "act": name,
            "receipt": done.receipt,
            "repeated": done.repeated,
            "notices": list(done.notices),
        }
        say(safe_json(json_text.dumps(document, ensure_ascii=False, indent=2)) + "\n")
        return
    entries = (
        f"entry {done.first}" if done.first == done.last else f"entries {done.first} to {done.last}"
    )
    again = "done before: " if done.repeated else ""
    say(f"{again}written as {entries}, root {done.root}\n")
    say(f"request {one_line(done.request)}\n")
    say("".join(f"note: {one_line(notice)}\n" for notice in done.notices))


def _listed(known: Mapping[str, Any], name: str | None) -> str:
    """Every act in a line, or what one of them asks for."""
    if name is None:
        width = max(map(len, known))
        lines = [f"{one.name:<{width}}  {one.does}" for one in known.values()]
        return "\n".join([*lines, "", "controltotal act NAME says what it asks for."]) + "\n"
    one = known.get(name)
    if one is None:
        raise BookError(f"there is no act {name}", "the command", f"use one of {', '.join(known)}")
    lines = [f"{one.name}: {one.does}", ""]
    for field in one.form.fields:
        must = "must" if field in one.form.required else "may"
        lines.append(f"  {field:<22} {must:<5} {one.form.meaning(field)}")
    return "\n".join(lines) + "\n"


@app.command()
def verify(
    ledger: Ledger,
    root: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--root", help="A root that was kept, printed or published."),
    ] = None,
    entry: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--entry", help="The entry at which it was the root."),
    ] = None,
    json: Json = False,
) -> None:
    """Is the ledger as it was written, and does it hold the history of a root that was kept?"""
    answer("verify", partial(verbs.verify, ledger, root, entry), json, None)


@app.command()
def backup(
    ledger: Ledger,
    file: Annotated[str, typer.Argument(help="The file that the copy is written to.")],
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Copy a ledger with its whole history into one file, and prove the copy by equal figures."""
    answer("backup", partial(verbs.backup, ledger, file, overwrite), json, None)


@app.command()
def restore(
    file: Annotated[str, typer.Argument(help="The file of a backup.")],
    ledger: Ledger,
    json: Json = False,
) -> None:
    """Put a backup back as a new ledger, and prove it by equal figures."""
    answer("restore", partial(verbs.restore, file, ledger), json, None)

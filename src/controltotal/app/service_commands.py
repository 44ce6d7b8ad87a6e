"""`controltotal serve BOOK`: the service of one system; `user` keeps its people, `doctor` looks at it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Annotated, Optional

import typer

from controltotal.app.screen import say
from controltotal.app.shared_options import Overwrite
from controltotal.core.legible import one_line

app = typer.Typer()
user_app = typer.Typer(
    help="People of a service: add one, give a new password, end an account.", no_args_is_help=True
)
Served = Annotated[str, typer.Argument(help="The book that is served, as `serve` takes it.")]
UserName = Annotated[str, typer.Argument(help="The name with which the person signs in.")]
Database = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--database", help="The ledger is there: postgresql://…"),
]


def _tell(text: str) -> None:
    say(f"{one_line(text)}\n")


@app.command()
def serve(
    book: Annotated[str, typer.Argument(help="The book: a ledger, a folder or a workbook.")],
    host: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--host", help="The address at which it answers; 127.0.0.1 is this machine."),
    ] = None,
    port: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--port", min=0, max=65535, help="The port; 8000 unless given, 0 any free."),
    ] = None,
    database: Database = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Accounts for each office, on a fictional book alone.")
    ] = False,
    ready: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--ready", help="With --demo: write address and accounts there once it answers."
        ),
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy before it speaks HTTPS with people.")
    ] = False,
) -> None:
    """One place for a whole system, in the browser: months, schemes, transfers, papers, proof."""
    _running().serve(
        book,
        host=host,
        port=port,
        database=database,
        demo=demo,
        ready=ready,
        behind_proxy=behind_proxy,
        tell=_tell,
    )


def _running() -> ModuleType:
    return import_module("controltotal.service.running")


def _accounts() -> ModuleType:
    return import_module("controltotal.service.user")


@user_app.command()
def add(
    book: Served,
    username: UserName,
    name: Annotated[str, typer.Option("--name", help="Name as others see it.")],
    role: Annotated[
        str, typer.Option("--role", help="An office to give at once, such as administrator.")
    ] = "",
    organisation: Annotated[
        str, typer.Option("--organisation", help="Where the office is held: a code.")
    ] = "",
    subject: Annotated[
        str,
        typer.Option(
            "--subject", help="Their subject at the organisation's own sign-in; no password here."
        ),
    ] = "",
    database: Database = None,
) -> None:
    """Add a person; the first password is shown once, and changed at the first sign-in."""
    _accounts().add(
        book,
        username,
        name=name,
        role=role,
        organisation=organisation,
        subject=subject,
        database=database,
        tell=_tell,
    )


@user_app.command()
def reset(book: Served, username: UserName, database: Database = None) -> None:
    """Give a new password, shown once; second factor, sessions and tokens end."""
    _accounts().reset(book, username, database=database, tell=_tell)


@user_app.command()
def disable(book: Served, username: UserName, database: Database = None) -> None:
    """End an account with its sessions, tokens and offices."""
    _accounts().disable(book, username, database=database, tell=_tell)


@user_app.command()
def backup(
    book: Served,
    file: Annotated[str, typer.Argument(help="The file that is written.")],
    overwrite: Overwrite = False,
    database: Database = None,
) -> None:
    """Copy the people's database while the service runs; `controltotal backup` copies the ledger."""
    _accounts().backup(book, file, overwrite=overwrite, database=database, tell=_tell)


@app.command()
def doctor(
    book: Served,
    deploy: Annotated[
        bool, typer.Option("--deploy", help="Is it safe to let others reach the service?")
    ] = False,
    backups: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--backups", help="The folder of the backups."),
    ] = None,
    database: Database = None,
) -> None:
    """Look at a service before others may reach it: exit code 1 where something is not safe."""
    found = _running().doctor(book, deploy=deploy, backups=backups, database=database)
    for fault in found:
        _tell(str(fault))
    if found:
        _tell(f"Not safe yet: {len(found)} to mend.")
        raise typer.Exit(1)
    _tell("Nothing unsafe was found.")

"""Starting a service: its ledger found or made, its people's database brought up to date, its door opened."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from controltotal.core.errors import BookError
from controltotal.ledger import is_ledger_address, open_ledger
from controltotal.ledger.entries import collector_paused
from controltotal.service.deployment import Deployment, with_settings
from controltotal.service.house import House
from controltotal.service.settings import configure, people_schema
from controltotal.sources.convert import convert_book

WARM: Final = Event()
"""Set when the pages are loaded."""
THREADS: Final = 8
LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a request."""
FORWARDED: Final = "x-forwarded-for x-forwarded-proto x-forwarded-host"
NEEDED: Final = (
    "django",
    "allauth",
    "ninja",
    "csp",
    "whitenoise",
    "waitress",
    "nhsuk_frontend_jinja",
)


def refuse_without_extra() -> None:
    """Say in one line what the service needs and how to get it."""
    from importlib.util import find_spec

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise BookError(
            f"the service needs what is not installed ({', '.join(missing)})",
            "controltotal serve",
            'install the extra: pip install "controltotal[web]"',
        )


def ledger_of(book: str, tell: Callable[[str], None]) -> tuple[str, Path]:
    """The ledger that a book is served from, made beside it where it is files; and the folder beside.

    A folder or a workbook is put into a ledger once, with its root as the reason; afterwards the
    ledger is the book, and the files stand as they were.
    """
    if is_ledger_address(book):
        if book.startswith("sqlite:"):
            file = Path(book.removeprefix("sqlite:///"))
            return book, file.with_suffix(".service")
        return book, Path(f"{people_schema(book).removesuffix('_people')}.service")
    path = Path(book)
    if not path.exists():
        raise BookError("there is no book here", book, "check the spelling")
    file = _beside(path)
    address = f"sqlite:///{file}"
    if file.exists():
        tell(
            f"Going on with {file}, which was made of {path} before: changes of the files are not in it."
        )
    else:
        tell(f"Putting {path} into a ledger: {file}")
        with collector_paused():
            convert_book(str(path), address)
        os.chmod(file, 0o600)
    return address, file.with_suffix(".service")


def _beside(path: Path) -> Path:
    """The ledger beside a folder or a workbook."""
    return path.parent / f"{path.stem if path.is_file() else path.name}.ledger"


def prepared(
    book: str, given: Mapping[str, Any], tell: Callable[[str], None], database: str | None = None
) -> Deployment:
    """The deployment of a book: ledger, folder and settings; nothing is opened yet."""
    beside = None
    if database:
        if not is_ledger_address(book):
            beside = _beside(Path(book))
            with closing(open_ledger(database)) as store:
                if store.last()[0] == 0:
                    tell(f"Putting {book} into {database.partition('://')[0]}")
                    empty = True
                else:
                    empty = False
            if empty:
                with collector_paused():
                    convert_book(book, database)
        book = database
    ledger, folder = ledger_of(book, tell)
    folder = beside.with_suffix(".service") if beside is not None else folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    people = database if database and database.startswith("postgres") else ""
    base = Deployment(ledger, str(folder.absolute()), people)
    return with_settings(base, folder.parent, given)


def refuse_open_door(deployment: Deployment) -> None:
    """Refuse to speak plainly with other machines: passwords would go over the network unsealed."""
    if not deployment.loopback and not deployment.behind_proxy:
        raise BookError(
            f"{deployment.host} can be reached from other machines, and passwords would go there in "
            "the clear",
            "--host",
            "put a proxy with HTTPS before it on this machine and give --behind-proxy, or leave --host "
            "out",
        )
    if any("*" in name for name in deployment.hosts):
        raise BookError("it would answer under any name", "hosts", "name each in full")


def migrate(deployment: Deployment) -> None:
    """Bring the people's database up to date; what it was is kept beside it first."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if deployment.people:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {people_schema(deployment.people)}")
    executor = MigrationExecutor(connection)
    file = deployment.path / "people.sqlite"
    if not connection.introspection.table_names():
        make_tables(executor)
        if not deployment.people:
            os.chmod(file, 0o600)
        return
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return
    if not deployment.people and executor.loader.applied_migrations:
        connection.close()
        kept = file.with_suffix(".before-update.sqlite")
        shutil.copy2(file, kept)
        os.chmod(kept, 0o600)
    call_command("migrate", verbosity=0, interactive=False)
    if not deployment.people:
        os.chmod(file, 0o600)


def make_tables(executor: Any) -> None:
    """The tables of an empty database as they now are, at once; every step that led to them is noted."""
    from django.apps import apps

    with executor.connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(executor.connection):
                editor.create_model(model)
    executor.recorder.ensure_schema()
    executor.recorder.migration_qs.bulk_create(
        executor.recorder.Migration(app=app, name=name) for app, name in executor.loader.graph.nodes
    )


def serve(
    book: str,
    given: Mapping[str, Any],
    tell: Callable[[str], None],
    ready: str | None = None,
    database: str | None = None,
) -> None:
    """Serve a book until somebody stops it."""
    refuse_without_extra()
    deployment = prepared(book, given, tell, database)
    if ready and not deployment.demo:
        raise BookError("--ready holds passwords", "the command", "give it with --demo alone")
    refuse_open_door(deployment)
    with closing(House(deployment)) as house:
        gc.disable()  # what is made at the start is kept; see `warm`
        _serve(house, book, tell, ready)


def _serve(house: House, book: str, tell: Callable[[str], None], ready: str | None) -> None:
    """Serve what a house holds, read once: for a demonstration, for the people and for the pages."""
    from controltotal.service import demonstration
    from controltotal.service.apps import open_house
    from controltotal.service.demonstration_days import add_days

    if house.deployment.demo:
        demonstration.refuse_unfit(house.deployment, house.position)
        first = demonstration.last_day(house.position).isoformat()
        house.deployment = replace(house.deployment, first_day=first)
    configure(house.deployment)
    migrate(house.deployment)
    open_house(house)
    accounts = []
    if house.deployment.demo:
        from controltotal.service.people import people_of

        known = demonstration.accounts_of(house.position)
        demonstration.grant_all(house.desk, known)
        add_days(house.desk, demonstration.sending_bodies(known))
        accounts = people_of(known)
    else:
        import_module("controltotal.service.adding").first_administrator(house, book, tell)
    server = _bound(house.deployment)
    deployment = replace(house.deployment, port=server.effective_port)
    worker = start_worker(deployment)
    try:
        if ready:
            demonstration.write_ready(Path(ready), deployment.url, accounts)
        tell(f"Open {deployment.url} in a browser. Ctrl-C stops it.")
        for one in accounts:
            tell(f"  {one['name']:<24} {one['password']}   {one['role']}, {one['organisation']}")
        Thread(target=warm, daemon=True).start()
        server.run()
    finally:
        worker.terminate()
        server.close()


def warm() -> None:
    """Load the pages and their templates while nobody asks yet: the first to ask waits less.

    What is loaded then is kept for good, so that the garbage collector need never walk it again.
    Requests wait for the end of it: two threads that load the same modules would disturb each other.
    """
    from django.template import engines

    try:
        import_module("controltotal.service.urls")
        pages = engines["jinja2"].env
        for name in pages.list_templates(extensions=["j2"]):
            pages.get_template(name)
    finally:
        gc.freeze()
        gc.enable()
        WARM.set()


def _when_warm(application: Any) -> Any:
    """The application, which answers once its pages are loaded."""

    def answer(environ: Any, start_response: Any) -> Any:
        WARM.wait()
        return application(environ, start_response)

    return answer


def _bound(deployment: Deployment) -> Any:
    """The web server, at its address; a BookError where that is taken."""
    from django.core.wsgi import get_wsgi_application
    from waitress import create_server

    proxy = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": FORWARDED}
    try:
        return create_server(
            _when_warm(get_wsgi_application()),
            host=deployment.host,
            port=deployment.port,
            threads=THREADS,
            ident=None,
            max_request_body_size=LARGEST,
            clear_untrusted_proxy_headers=True,
            **(proxy if deployment.behind_proxy else {}),
        )
    except OSError as error:
        raise BookError(
            f"{deployment.host}:{deployment.port} cannot be used ({error.strerror})",
            "--port",
            "stop what is there, or give another port",
        ) from error


def start_worker(deployment: Deployment) -> subprocess.Popen[bytes]:
    """The process that does long work; it ends when this one does."""
    environment = {**os.environ, "CONTROLTOTAL_DEPLOYMENT": deployment.text()}
    return subprocess.Popen(
        [sys.executable, "-m", "controltotal.service.worker"],
        env=environment,
        stdin=subprocess.PIPE,
    )

"""The people's database: made at once where it is empty, it is as every step that led to it would make it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from controltotal.service.serving import make_tables

FAR = "another"


def described(connection: Any) -> dict[str, set[str]]:
    """Each table and index with what it consists of; the order of a table's columns is no matter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        rows = cursor.fetchall()
    return {
        name: set(re.split(r", (?=\")", sql.partition("(")[2][:-1]))
        if sql.startswith("CREATE TABLE")
        else {sql}
        for name, sql in rows
    }


def made(file: Path, at_once: bool) -> tuple[dict[str, set[str]], set[tuple[str, str]]]:
    """A database made anew, at once or step by step: its tables, and the steps that it has noted."""
    connections.settings[FAR] = {**connections.settings["default"], "NAME": str(file)}
    connection = connections[FAR]
    try:
        executor = MigrationExecutor(connection)
        if at_once:
            make_tables(executor)
        else:
            executor.migrate(executor.loader.graph.leaf_nodes())
        left = MigrationExecutor(connection)
        assert left.migration_plan(left.loader.graph.leaf_nodes()) == []
        return described(connection), set(left.loader.applied_migrations)
    finally:
        connection.close()
        del connections[FAR]
        del connections.settings[FAR]


def test_a_database_made_at_once_is_as_the_steps_would_make_it(tmp_path: Path) -> None:
    tables, steps = made(tmp_path / "once.sqlite", at_once=True)
    assert (tables, steps) == made(tmp_path / "stepwise.sqlite", at_once=False)
    models = {model._meta.db_table for model in apps.get_models()}
    assert models <= set(tables)

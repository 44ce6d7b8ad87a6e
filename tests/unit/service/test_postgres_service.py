"""Ledger and people in one PostgreSQL, each in a schema of its own."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path

from controltotal import read
from tests.live_service import started


def test_a_system_is_served_from_postgresql(postgres: Callable[[], str], tmp_path: Path) -> None:
    import psycopg

    address = postgres()
    with started(tmp_path, "--database", address) as service:
        account = service.account("system")

        def asked(path: str, body: object = None) -> tuple[int, dict[str, object]]:
            request = urllib.request.Request(
                f"{service.address}/api/v1/{path}",
                data=None if body is None else json.dumps(body).encode(),
                headers={
                    "Authorization": f"Bearer {account['token']}",
                    "Content-Type": "application/json",
                },
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)

        _, before = asked("head")
        fields = {"about": account["organisation"], "year": "2026/27", "month": "8"}
        fields |= {"kind": "driver", "text": "said in PostgreSQL"}
        status, done = asked("acts/comment", {"fields": fields, "request": "r1", "why": "a test"})
        assert status == 201
        assert done["receipt"] != before
        assert asked("acts/comment", {"fields": fields, "request": "r1", "why": "a test"})[0] == 200
        assert asked("head")[1]["root"] == done["receipt"]["root"]  # type: ignore[index]
    folder = tmp_path / "fictional-system.service"
    assert folder.is_dir() and not (folder / "people.sqlite").exists()
    plain = address.partition("&ledger=")[0].partition("?ledger=")[0]
    with psycopg.connect(plain) as connection:
        names = connection.execute(
            "select table_schema from information_schema.tables where table_name = 'service_person'"
        ).fetchall()
    (schema,) = [row[0] for row in names]
    assert schema.startswith("test_") and schema.endswith("_people")
    rows = [row.text for row in read(address).book.commentary]
    assert "said in PostgreSQL" in rows

"""Data packages read back by a plain reader of Table Schema: every file, column, cell and hash."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Any

import polars as pl

from controltotal.core.datafiles import packaged_rows
from controltotal.core.result import Result
from controltotal.papers.data_return import in_thousands, main_code, return_csv
from controltotal.papers.data_tables import OWN

BESIDE = {"README.txt", "datapackage.json"}
"""Files of a package that are no tables."""
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?|NaN|-?INF")


def files_of(data: bytes) -> dict[str, bytes]:
    """The files of a package by name, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def cast(text: str, kind: str) -> Any:
    """A cell as Table Schema reads it; raises where it is not of its type."""
    if text == "":
        return None
    if kind == "boolean":
        return {"true": True, "false": False}[text]
    if kind == "integer":
        assert re.fullmatch(r"-?\d+", text), text
        return int(text)
    if kind == "number":
        assert NUMBER.fullmatch(text), text
        return float(text)
    assert kind != "date" or re.fullmatch(r"\d{4}-\d{2}-\d{2}", text), text
    return text


def grid(data: bytes) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of a CSV file as RFC 4180 has it."""
    text = data.decode("utf-8")
    head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert all(len(row) == len(head) for row in rows)
    assert text.endswith("\r\n") and len(set(head)) == len(head)
    return head, rows


def checked(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Every table of a package of CSV files, held against its descriptor; rows with their types."""
    files = files_of(data)
    package = json.loads(files["datapackage.json"])
    resources = package["resources"]
    assert {one["path"] for one in resources} | BESIDE == set(files)
    assert len({one["name"] for one in resources}) == len(resources)
    found = {}
    for one in resources:
        assert re.fullmatch(r"[-a-z0-9._/]+", one["name"])
        blob, fields = files[one["path"]], one["schema"]["fields"]
        described(one, blob)
        head, rows = grid(blob)
        assert head == [field["name"] for field in fields]
        assert one["rows"] == len(rows)
        found[one["path"].removesuffix(".csv")] = [
            {f["name"]: cast(cell, f["type"]) for f, cell in zip(fields, row, strict=True)}
            for row in rows
        ]
    return found


def checked_parquet(data: bytes) -> dict[str, pl.DataFrame]:
    """Every table of a package of Parquet files, held against its descriptor."""
    kinds = {"integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
    files = files_of(data)
    found = {}
    for one in json.loads(files["datapackage.json"])["resources"]:
        described(one, files[one["path"]])
        if one["format"] == "csv":
            continue
        frame = pl.read_parquet(io.BytesIO(files[one["path"]]))
        assert frame.height == one["rows"]
        assert dict(frame.schema) == {
            field["name"]: kinds.get(field["type"], pl.String) for field in one["schema"]["fields"]
        }
        found[one["path"].removesuffix(".parquet")] = frame
    return found


def described(resource: Mapping[str, Any], blob: bytes) -> None:
    """A file is as long as its descriptor says, has its hash, and each column says what it means."""
    assert resource["bytes"] == len(blob)
    assert resource["hash"] == f"sha256:{hashlib.sha256(blob).hexdigest()}"
    assert all(field["description"] and field["unit"] for field in resource["schema"]["fields"])


def unknown_columns(data: bytes) -> list[tuple[str, str]]:
    """File and column of what no list of ours describes."""
    _, rows = grid(files_of(data)["dictionary.csv"])
    return [(row[0], row[2]) for row in rows if row[5] == OWN]


def same(cell: Any, value: Any) -> bool:
    """Whether a cell read back is the value of the JSON document: empty for what is absent."""
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    if value is None or value == "":
        return cell is None
    if isinstance(cell, str):
        value = str(value).lower() if isinstance(value, bool) else str(value)
        return cell.removeprefix("'") == value.removeprefix("'")
    return (
        type(cell) in (bool, int, float)
        and cell == value
        and isinstance(cell, bool) == isinstance(value, bool)
    )


def tables_differ(
    read: Mapping[str, list[dict[str, Any]]], results: Mapping[str, Result]
) -> list[str]:
    """Where tables read back are not those of the JSON documents."""
    wrong = []
    for verb, result in results.items():
        for name, rows in json.loads(result.to_json())["tables"].items():
            found = read.get(f"{verb}-{name}", [])
            if len(found) != len(rows):
                wrong.append(f"{verb}-{name}: {len(found)} rows of {len(rows)}")
            for number, (cells, row) in enumerate(zip(found, rows, strict=False)):
                wrong += [
                    f"{verb}-{name} {number} {key}: {cells.get(key)!r}, not {value!r}"
                    for key, value in row.items()
                    if not same(cells.get(key), value)
                ]
    return wrong


def figures_differ(read: list[dict[str, Any]], results: Mapping[str, Result]) -> list[str]:
    """Where figures read back are not those of the JSON documents."""
    every = {(row["verb"], row["id"]): row for row in read}
    wrong = []
    for verb, result in results.items():
        for figure in json.loads(result.to_json())["figures"]:
            row = every.pop((verb, figure["id"]))
            pence = figure["value"] if figure["unit"] == "pence" else None
            if not (
                same(row["value"], figure["value"])
                and row["value_pence"] == pence
                and row["status"] == figure["status"]
                and row["unit"] == figure["unit"]
                and row["low"] == figure.get("low")
                and row["high"] == figure.get("high")
            ):
                wrong.append(f"{verb} {figure['id']}")
    return [*wrong, *map(str, every)]


def return_values(data: bytes) -> dict[tuple[str, str], int]:
    """The list of a return as the tool reads it: by sub code and main code, each once."""
    head, rows = grid(data)
    assert head == ["sub code", "main code", "value"]
    found = {(sub, main): int(value) for sub, main, value in rows}
    assert len(found) == len(rows)
    return found


def return_differs(answers: Mapping[str, Result]) -> list[object]:
    """Where the list of a return is not the JSON of the answers, found by the codes alone."""
    register = answers["register"]
    body, year = register.scope.lead, register.options["year"]
    document = json.loads(answers["position"].to_json())
    found = return_values(return_csv(answers).data)
    rows = packaged_rows("return_codes.csv")
    ours = {row["of"]: row["code"] for row in rows if row["part"] == "sub"}
    for row in register.tables.get("lines", ()):
        ours[f"line/{row['line']}"] = row["sub_code"]
    expected: dict[tuple[str, str], int | None] = {}
    for row in document["tables"]["to_date"]:
        if (row["organisation"], row["year"], row["scheme"]) == (body, year, ""):
            for column, code in ((r["of"], r["code"]) for r in rows if r["part"] == "main"):
                key = (ours[f"line/{row['line']}"], main_code(code, year, row["month"]))
                expected[key] = row[column]
    for figure in document["figures"]:
        measure, of, when, basis, *part = [*figure["id"].split("/"), "", "", ""]
        sub = ours.get(f"measure/{measure}")
        if sub and (of, when) == (body, year) and not any(part) and basis in ("plan", "forecast"):
            expected[sub, main_code(f"{basis.upper()}_FY", year, 12)] = figure["value"]
    assert expected
    return [
        (key, pence, found.get(key))
        for key, pence in expected.items()
        if found.get(key) != (None if pence is None else in_thousands(pence))
    ]

"""Write the bill of materials in CycloneDX's form: every part of the locks and of the pages' front end.

`python -m tools.bill_of_materials` writes `docs/assurance/sbom.json`. Names, versions and hashes come from
the locks, the parts of the front end from `static/LICENCES.md`; a licence is told where the part is
installed where the bill is made, and a licence that was told stays as long as its part has that version.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
BILL: Final = ROOT / "docs" / "assurance" / "sbom.json"
FRONT: Final = ROOT / "src" / "controltotal" / "service" / "static" / "LICENCES.md"
ENTRY: Final = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,0-9-]+\])?==([^\s;\\]+)")
HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
PART: Final = re.compile(r"^\| ([a-z][a-z0-9.-]+) \| ([0-9.]+) \| (.+?) \| (\S+) \|$", re.M)
KNOWN: Final = re.compile(r"License :: (?:OSI Approved :: )?(.+)")

Component = dict[str, Any]


def locks() -> list[Path]:
    """Every lock: of the package with what tests it, and of each extra."""
    return [ROOT / "requirements.lock", *sorted((ROOT / "locks").glob("*.lock"))]


def components() -> list[Component]:
    """Every part by name and version, with its hashes and the locks that name it; no licence yet."""
    found: dict[tuple[str, str], Component] = {}
    for lock in locks():
        part: Component = {}
        for line in lock.read_text("utf-8").splitlines():
            if entry := ENTRY.match(line):
                name, version = entry.groups()
                part = found.setdefault((name, version), _package(name, version))
                part["properties"].append(
                    {"name": "lock", "value": lock.relative_to(ROOT).as_posix()}
                )
            for digest in HASH.findall(line):
                told = {"alg": "SHA-256", "content": digest}
                if told not in part["hashes"]:
                    part["hashes"].append(told)
    return [found[key] for key in sorted(found)] + _front()


def _package(name: str, version: str) -> Component:
    return {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "hashes": [],
        "properties": [],
    }


def _front() -> list[Component]:
    """Parts of the front end, and what it is made with."""
    return [
        {
            "type": "library",
            "bom-ref": f"pkg:npm/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:npm/{name}@{version}",
            "licenses": [{"license": {"id": licence}}],
            "properties": [{"name": "used for", "value": used}],
        }
        for name, version, used, licence in PART.findall(FRONT.read_text("utf-8"))
    ]


def licence_of(name: str, version: str) -> str:
    """The licence of an installed part in its own words, at most one line; empty where nobody says."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    if told["Version"] != version:
        return ""
    classed = [m[1] for text in told.get_all("Classifier", []) if (m := KNOWN.match(text))]
    own = (
        told.get("License-Expression") or "; ".join(classed) or told.get("License") or ""
    ).strip()
    return own.splitlines()[0][:120] if own else ""


def bill(licences: dict[str, str]) -> dict[str, Any]:
    """The bill, with licences by reference."""
    parts = components()
    for part in parts:
        licence = licences.get(part["bom-ref"], "")
        if licence and "licenses" not in part:
            part["licenses"] = [{"license": {"name": licence}}]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "controltotal",
                "name": "controltotal",
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": parts,
    }


def told_licences() -> dict[str, str]:
    """The licences that the bill tells now."""
    if not BILL.is_file():
        return {}
    return {
        one["bom-ref"]: one["licenses"][0]["license"]["name"]
        for one in json.loads(BILL.read_text("utf-8"))["components"]
        if "name" in one.get("licenses", [{}])[0].get("license", {})
    }


def text(licences: dict[str, str]) -> str:
    """The bill as it is written: a line for each part."""
    whole = bill(licences)
    parts = [json.dumps(one, ensure_ascii=False) for one in whole.pop("components")]
    head = json.dumps(whole, indent=1, ensure_ascii=False).removesuffix("\n}")
    return f'{head},\n "components": [\n' + ",\n".join(parts) + "\n ]\n}\n"


if __name__ == "__main__":
    known = told_licences()
    for one in components():
        if one["purl"].startswith("pkg:pypi/"):
            now = licence_of(one["name"], one["version"])
            known |= {one["bom-ref"]: now} if now else {}
    BILL.write_text(text(known), "utf-8")

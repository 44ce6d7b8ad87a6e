"""Workbooks as LibreOffice reckons them: formulas worked out anew, none of our results left in them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""The setting of LibreOffice that recalculates every workbook it opens."""
RESULT = re.compile(r"(</f>)<v>[^<]*</v>")
WRONG = "<v>987654.321</v>"


def spoilt(data: bytes) -> bytes:
    """A workbook with a wrong result beside every formula, so that none can be read back as right."""
    held = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(held, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = RESULT.sub(rf"\1{WRONG}", part.decode()).encode()
            target.writestr(name, part)
    return held.getvalue()


def recalculated(books: Mapping[str, bytes], soffice: str, folder: Path) -> dict[str, bytes]:
    """By name: workbooks after LibreOffice opened them, reckoned them and wrote them again."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    for name, data in books.items():
        (folder / f"{name}.xlsx").write_bytes(spoilt(data))
    command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out")]
    command += [str(folder / f"{name}.xlsx") for name in books]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return {name: (folder / "out" / f"{name}.xlsx").read_bytes() for name in books}

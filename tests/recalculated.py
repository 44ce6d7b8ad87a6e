"""A workbook as LibreOffice reckons it: its formulas worked out anew, none of our results left in it."""

from __future__ import annotations

import re
import subprocess
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


def recalculated(data: bytes, soffice: str, folder: Path) -> bytes:
    """The workbook after LibreOffice opened it, reckoned it and wrote it again."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    (folder / "book.xlsx").write_bytes(spoilt(data))
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder / "out"),
            str(folder / "book.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return (folder / "out" / "book.xlsx").read_bytes()

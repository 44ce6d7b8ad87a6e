"""Papers as files, whole processes: the board paper of one system in each form, and the demo.

The paper is made twice over: with every chart drawn anew, as for a book that changed throughout,
and with the charts that an earlier command kept, as for a book that did not. The first row is the
position alone, which every paper asks for first. Targets: page 2 s, PDF 5 s, workbook 2 s, Word
3 s; `make demo` 20 s after installing.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.harness import race_commands, write_section

ROOT = Path(__file__).parents[1]
PROGRAM = str(Path(sys.executable).with_name("controltotal"))
BOOK = str(ROOT / "examples" / "fictional-system")
FORMS = {"page": "html", "PDF": "pdf", "workbook": "xlsx", "Word": "docx"}
ANEW = ["env", "CONTROLTOTAL_KEEP_DRAWINGS=no"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NO_COLOR"] = "1"
        os.environ["CONTROLTOTAL_CACHE"] = f"{folder}/kept"
        commands = {"controltotal position": [PROGRAM, "position", BOOK]}
        for form, ending in FORMS.items():
            paper = [PROGRAM, "report", BOOK, "--overwrite", "--output", f"{folder}/p.{ending}"]
            commands[f"{form}, charts drawn anew"] = [*ANEW, *paper]
            commands[f"{form}, charts kept from before"] = paper
        demo = [PROGRAM, "demo", "--overwrite", "--output", f"{folder}/out"]
        commands["controltotal demo, charts drawn anew"] = [*ANEW, *demo]
        timings = race_commands(commands, rounds=3)
    write_section(
        "Papers, whole process",
        "The board paper of the fictional system, a folder of CSV files, warm disk",
        timings,
        packages=["controltotal", "vl-convert-python", "numpy", "polars"],
        notes=["Targets: page 2 s, PDF 5 s, workbook 2 s, Word 3 s; the demo 20 s."],
    )


if __name__ == "__main__":
    main()

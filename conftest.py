"""What collecting needs: the modules of the service can be imported once Django is set up."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def pytest_collect_file(file_path: Path, parent: Any) -> None:
    """Set Django up before the first file of the service, or of its tests, is imported."""
    if "service" in file_path.parts and file_path.suffix == ".py":
        from tests.service_house import set_up

        set_up()

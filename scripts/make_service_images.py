"""Writes `docs/images/service-*.png`: what each office sees of the service, as the manual shows it.

`python -m scripts.make_service_images` serves a copy of the fictional system as a demonstration, signs in
as each office and takes a picture of its first page that is there. Where a picture was taken its place in
`docs/how-to/service-tour.md` becomes the picture; a page that is not there yet leaves its place. With
names it takes those alone. It needs Chromium.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from scripts.make_images import BOOK, BROWSERS, IMAGES, ROOT, decoded, edged, png

TOUR = ROOT / "docs" / "how-to" / "service-tour.md"
PLACE = re.compile(r"<!-- picture (service-[a-z-]+)\.png: (.+?) -->", re.S)
START = 180
"""Seconds in which the service must answer."""
PART = 45
"""Seconds that a page may take."""


@dataclass(frozen=True)
class Picture:
    """A picture: as which account's office, of which page (the first that is there), how wide."""

    name: str
    role: str
    paths: tuple[str, ...]
    width: int = 1280
    height: int = 900


PICTURES = (
    Picture(
        "trust-finance", "trust_finance", ("/months/{organisation}/2026-27/M9", "/months", "/")
    ),
    Picture("system-finance", "system_finance", ("/",)),
    Picture("programme-office", "programme_office", ("/schemes", "/")),
    Picture("chief-nurse", "chief_nurse", ("/quality", "/schemes", "/")),
    Picture("region", "region", ("/",)),
    Picture("auditor", "auditor", ("/ledger",)),
    Picture("councillor", "councillor", ("/questions", "/")),
    Picture("publisher", "publisher", ("/",)),
    Picture("administrator", "administrator", ("/people",)),
    Picture("phone", "trust_finance", ("/",), 390, 844),
)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("names", nargs="*", help="pictures to take; all unless given")
    asked = words.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("no Chromium is installed: `make browser` installs one")
    folder = Path(tempfile.mkdtemp(prefix="controltotal-pictures-"))
    shutil.copytree(BOOK, folder / "fictional-system")
    served = started(folder)
    try:
        told = answering(folder / "ready.json", served)
        with sync_playwright() as driver:
            launched = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            for picture in PICTURES:
                if not asked.names or picture.name in asked.names:
                    print(f"{picture.name}: {taken(picture, told, launched)}")
            launched.close()
    finally:
        served.terminate()
        served.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
    placed()


def started(folder: Path) -> subprocess.Popen[bytes]:
    """The service, on a copy of the fictional system."""
    command = ["-m", "controltotal.app.cli", "serve", str(folder / "fictional-system"), "--demo"]
    more = ["--port", "0", "--ready", str(folder / "ready.json")]
    return subprocess.Popen([sys.executable, *command, *more], stdout=subprocess.DEVNULL)


def answering(ready: Path, served: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Address and accounts, once it answers."""
    until = time.monotonic() + START
    while not ready.exists():
        if served.poll() is not None or time.monotonic() > until:
            sys.exit("the service did not start")
        time.sleep(0.3)
    told: dict[str, Any] = json.loads(ready.read_text("utf-8"))
    return told


def taken(picture: Picture, told: dict[str, Any], browser: Browser) -> str:
    """Take a picture and say what came of it."""
    account = next(one for one in told["accounts"] if one["role"] == picture.role)
    size = {"width": picture.width, "height": picture.height}
    page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(PART * 1000)
    page.goto(f"{told['address']}/sign-in")
    page.fill("[name=login]", account["name"])
    page.fill("[name=password]", account["password"])
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    for path in picture.paths:
        answer = page.goto(told["address"] + path.format(**account))
        if answer is not None and answer.status == 200:
            data = png(edged(decoded(page, page.screenshot())))
            (IMAGES / f"service-{picture.name}.png").write_bytes(data)
            page.context.close()
            return f"{path}, {len(data) // 1000} kB"
    page.context.close()
    return "no page of it is there yet"


def placed() -> None:
    """Put the pictures that are there into their places on the tour."""

    def shown(place: re.Match[str]) -> str:
        name, words = place.groups()
        there = (IMAGES / f"{name}.png").is_file()
        return f"![{words}](../images/{name}.png)" if there else place.group()

    TOUR.write_text(PLACE.sub(shown, TOUR.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()

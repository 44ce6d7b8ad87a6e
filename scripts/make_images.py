"""Writes `docs/images/*.png`: a picture of every paper of the fictional system, as the manual shows them.

`python -m scripts.make_images` makes the papers and takes the pictures; with names it takes those
alone, and `--papers FOLDER` keeps the papers there and uses those that it finds. It needs Chromium, and
LibreOffice for the workbook and the Word document: without it those pictures stay as they are.

Pictures have at most 256 colours, so that each stays below 150 kB.
"""

from __future__ import annotations

import argparse
import base64
import io
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from controltotal import verbs

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "examples" / "fictional-system"
IMAGES = ROOT / "docs" / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice")
COLOURS = 256

Pixels = NDArray[np.uint8]  # (row, column, red green blue)


@dataclass(frozen=True)
class Picture:
    """A picture: of which paper, and how it is looked at."""

    name: str
    paper: str  # key of PAPERS
    form: str  # .html is seen on a screen, the others as a sheet of pages
    width: int = 1280
    height: int = 900
    at: str = ""  # what stands at the top of the screen, as a CSS selector
    grey: bool = False
    pages: Sequence[int] = range(1, 11)  # on a sheet, where the paper has them
    across: int = 5
    sheet: int = 1280  # pixels across


# key -> options of `report`
PAPERS: dict[str, dict[str, str]] = {
    "board": {},
    "organisation": {"for_": "organisation", "organisation": "XF-HOL"},
    "public": {"for_": "public"},
    "audit": {"for_": "audit"},
}
PICTURES = (
    Picture("board", "board", ".html"),
    Picture("board-phone", "board", ".html", 390, 844),
    Picture("board-grey", "board", ".html", at="#against", grey=True),
    Picture("board-pdf", "board", ".pdf"),
    Picture("board-pdf-1", "board", ".pdf", pages=(1,), across=1, sheet=800),
    Picture("board-workbook", "board", ".xlsx", pages=(1, 3), across=2),
    Picture("board-word", "board", ".docx", pages=(1, 2), across=2, sheet=1200),
    Picture("organisation", "organisation", ".html"),
    Picture("organisation-uses", "organisation", ".html", at="#uses"),
    Picture("public", "public", ".html"),
    Picture("public-phone", "public", ".html", 390, 844),
    Picture("audit", "audit", ".html"),
)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("names", nargs="*", help="pictures to take; all unless given")
    words.add_argument("--papers", type=Path, help="where papers are kept and found")
    asked = words.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("no Chromium is installed: `make browser` installs one")
    folder = asked.papers or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for picture in PICTURES:
            if asked.names and picture.name not in asked.names:
                continue
            page = launched.new_page(viewport={"width": picture.width, "height": picture.height})
            image = taken(picture, folder, page)
            page.close()
            if image is None:
                print(f"{picture.name}: no LibreOffice, so it stays as it is")
                continue
            data = png(image)
            (IMAGES / f"{picture.name}.png").write_bytes(data)
            print(f"{picture.name}: {image.shape[1]} x {image.shape[0]}, {len(data) // 1000} kB")
        launched.close()


def taken(picture: Picture, folder: Path, page: Page) -> Pixels | None:
    """What is seen of a paper: its first screen, or its pages on one sheet."""
    file = made(picture, folder)
    if picture.form == ".html":
        page.goto(file.absolute().as_uri())
        if picture.at:
            page.locator(picture.at).first.evaluate("one => one.scrollIntoView()")
        if picture.grey:
            page.add_style_tag(content="html { filter: grayscale(1) }")
        return edged(decoded(page, page.screenshot()))
    if picture.form != ".pdf":
        office = next(filter(None, map(shutil.which, OFFICES)), None)
        if office is None:
            return None
        file = printed(office, file)
    return sheet(picture, file)


def made(picture: Picture, folder: Path) -> Path:
    """The paper as a file; one that is there is not made again."""
    file = folder / f"{picture.paper}{picture.form}"
    if not file.exists():
        verbs.report(BOOK, file, **PAPERS[picture.paper])  # type: ignore[arg-type]
    return file


def printed(office: str, file: Path) -> Path:
    """A document as LibreOffice prints it."""
    target = file.with_name(f"{file.stem}{file.suffix}.pdf")
    if not target.exists():
        with tempfile.TemporaryDirectory() as profile:
            subprocess.run(
                [
                    office,
                    f"-env:UserInstallation={Path(profile).as_uri()}",
                    "--headless",
                    "--convert-to",
                    "pdf",
                    "--outdir",
                    profile,
                    str(file),
                ],
                check=True,
                capture_output=True,
                timeout=300,
            )
            shutil.move(Path(profile) / f"{file.stem}.pdf", target)
    return target


def sheet(picture: Picture, file: Path) -> Pixels:
    """The first pages of a PDF beside and below each other, each with a thin edge."""
    document = pypdfium2.PdfDocument(file)
    width = picture.sheet // picture.across
    pages = []
    for number in picture.pages:
        if number > len(document):
            break
        page = document[number - 1]
        bitmap = page.render(scale=(width - 8) / page.get_width(), rev_byteorder=True)
        pages.append(np.array(bitmap.to_numpy()[:, :, :3]))
    rows = [pages[at : at + picture.across] for at in range(0, len(pages), picture.across)]
    heights = [max(one.shape[0] for one in row) + 8 for row in rows]
    whole = np.full((sum(heights), picture.sheet, 3), 214, np.uint8)
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for place, one in enumerate(row):
            left = place * width + 4
            whole[top + 4 : top + 4 + one.shape[0], left : left + one.shape[1]] = one
        top += height
    return whole


def decoded(page: Page, shot: bytes) -> Pixels:
    """The pixels of a screenshot: the browser that took it reads it."""
    script = """async data => {
      const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
      pen.drawImage(image, 0, 0);
      const bytes = pen.getImageData(0, 0, image.width, image.height).data;
      let text = '';
      for (let at = 0; at < bytes.length; at += 32768)
        text += String.fromCharCode(...bytes.subarray(at, at + 32768));
      return [image.width, image.height, btoa(text)];
    }"""
    page.goto("about:blank")  # a paper's own policy allows no script
    width, height, text = page.evaluate(script, base64.b64encode(shot).decode())
    pixels = np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)
    return np.array(pixels[:, :, :3])


def edged(image: Pixels) -> Pixels:
    """The same with a thin grey edge, so that a white page is seen to end on a white page."""
    for edge in (image[0], image[-1], image[:, 0], image[:, -1]):
        edge[...] = 150
    return image


def palette(image: Pixels) -> tuple[Pixels, Pixels]:
    """At most 256 colours, and for each pixel which: the commonest stay, others take the nearest.

    >>> colours, places = palette(np.array([[[255, 255, 255], [0, 0, 0]]], np.uint8))
    >>> colours[places].tolist()
    [[[255, 255, 255], [0, 0, 0]]]
    """
    flat = image.reshape(-1, 3).astype(np.uint32)
    codes, back, counts = np.unique(
        flat[:, 0] << 16 | flat[:, 1] << 8 | flat[:, 2], return_inverse=True, return_counts=True
    )
    every = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], 1).astype(np.int32)
    kept = np.sort(np.argsort(-counts, kind="stable")[:COLOURS])
    colours = every[kept]
    nearest = np.empty(len(every), np.uint8)
    for start in range(0, len(every), 4096):
        part = every[start : start + 4096]
        far = ((part[:, None, :] - colours[None, :, :]) ** 2).sum(2)
        nearest[start : start + 4096] = far.argmin(1)
    return colours.astype(np.uint8), nearest[back.reshape(-1)].reshape(image.shape[:2])


def png(image: Pixels) -> bytes:
    """A PNG with a palette: https://www.w3.org/TR/png-3/, colour type 3."""
    colours, places = palette(image)
    height, width = places.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), places], 1)  # no filter before any row
    out = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    out.seek(0, io.SEEK_END)

    def chunk(kind: bytes, data: bytes) -> None:
        out.write(struct.pack(">I", len(data)) + kind + data)
        out.write(struct.pack(">I", zlib.crc32(kind + data)))

    chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
    chunk(b"PLTE", colours.tobytes())
    chunk(b"IDAT", zlib.compress(rows.tobytes(), 9))
    chunk(b"IEND", b"")
    return out.getvalue()


if __name__ == "__main__":
    main()

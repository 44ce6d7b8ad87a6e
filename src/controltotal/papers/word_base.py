"""What a Word paper is set in: our own styles, or a house's template with its page and its styles.

A house's template keeps what it is: paper size, margins, header, footer, logo and every style by
its name. A style that it lacks is added from ours, without our letters, and told.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from controltotal.core.errors import BookError
from controltotal.core.extras import require
from controltotal.papers.word_text import named

if TYPE_CHECKING:
    from docx.document import Document

STYLES: Final = {
    "heading 1": "paragraph",
    "heading 2": "paragraph",
    "heading 3": "paragraph",
    "subtitle": "paragraph",
    "lead": "paragraph",
    "list bullet": "paragraph",
    "caption": "paragraph",
    "chart": "paragraph",
    "table text": "paragraph",
    "table number": "paragraph",
    "table heading": "paragraph",
    "note": "paragraph",
    "tree": "paragraph",
    "header": "paragraph",
    "footer": "paragraph",
    "number link": "character",
    "paper table": "table",
}
"""Every style that a paper uses, by its name in small letters, and what it is a style of."""

PARTS: Final = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "rels.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
    "word/numbering.xml": "numbering.xml",
    "word/settings.xml": "settings.xml",
}
"""An empty document of ours: its parts, and the packaged file of each."""

UNPACKED_MAX: Final = 100_000_000
"""Bytes that a template may hold unpacked."""
MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEMPLATE: Final = MAIN.replace(".document.main", ".template.main")
"""What Word calls a document, and a template (.dotx): the same but for this word."""
TWENTIETH: Final = 635
"""Word's measures of a page to a twentieth of a point."""
CREATED: Final = (1980, 1, 1, 0, 0, 0)
"""The date of each part in the file: the same in every file, for equal bytes."""


@dataclass(frozen=True, slots=True)
class Base:
    """A document without text, and how its styles are called in it.

    `width` is that of its text in twentieths of a point, `turned` the same on a page turned on its
    side, `size` that of the letters of its tables in half points; `told` says what of a template
    could not be used.
    """

    document: Document
    ids: Mapping[str, str]
    width: int
    size: int
    told: tuple[str, ...] = ()
    turned: int = 0


def base_of(template: bytes | None) -> Base:
    """The document that a paper is written into; a `BookError` where there can be none."""
    require("office")
    import docx

    if template is None:
        document = docx.Document(io.BytesIO(_ours()))
        return _set(document, ())
    document = _opened(template)
    return _set(document, _emptied(document))


def _set(document: Document, told: tuple[str, ...]) -> Base:
    """A document with every style that a paper needs."""
    ids, lacking = _styles(document)
    _in_english(document)
    section = document.sections[0]
    page, left, right = section.page_width, section.left_margin, section.right_margin
    beside, high = (left or 0) + (right or 0), section.page_height or 0
    width, turned = (int(one - beside) // TWENTIETH for one in (page or 0, high))
    if width < 2000:
        raise BookError(
            "the template leaves no room for text between its margins", "template", "widen its page"
        )
    if lacking:
        names = ", ".join(name.capitalize() for name in lacking)
        told = (*told, f"The template has no style called {names}: ours stand in their place.")
    return Base(document, ids, width, _size(document, ids["table text"]), told, turned)


def _ours() -> bytes:
    """An empty document with our styles."""
    folder = files("controltotal") / "papers" / "templates" / "word"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, file in PARTS.items():
            archive.writestr(name, (folder / file).read_bytes())
    return buffer.getvalue()


def _opened(template: bytes) -> Document:
    """A house's template; a `BookError` where it is none, or holds programs."""
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            sizes = sum(info.file_size for info in archive.infolist())
            names = archive.namelist()
            if sizes > UNPACKED_MAX or "[Content_Types].xml" not in names:
                raise ValueError(f"{sizes} bytes unpacked")
            if any(name.endswith("vbaProject.bin") for name in names):
                raise BookError(
                    "the template holds macros", "template", "save it in Word as .docx or .dotx"
                )
            types = archive.read("[Content_Types].xml").decode("utf-8")
        if TEMPLATE in types:
            template = _replaced(template, types.replace(TEMPLATE, MAIN))
        return docx.Document(io.BytesIO(template))
    except BookError:
        raise
    except (
        Exception
    ) as error:  # of a broken file python-docx and lxml raise what they happen to meet
        raise BookError(
            "the template is no Word document that can be read",
            "template",
            "save it in Word as .docx or .dotx",
        ) from error


def _replaced(template: bytes, types: str) -> bytes:
    """A template whose parts are called those of a document."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(template)) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, types if name == "[Content_Types].xml" else old.read(name))
    return buffer.getvalue()


def _emptied(document: Document) -> tuple[str, ...]:
    """Take the text of a template out of it; the page of its first section stays."""
    body = document.element.body
    said = bool("".join(body.itertext()).strip())
    first = next(body.iter(named("sectPr")), None)
    kept = deepcopy(first) if first is not None else None
    for child in list(body):
        body.remove(child)
    if kept is not None:
        body.append(kept)
    else:
        body.get_or_add_sectPr()
    return ("The text of the template itself was left out; its page and styles were used.",) * said


def _styles(document: Document) -> tuple[dict[str, str], list[str]]:
    """The id of each style that a paper uses, those lacking added; and the names of those."""
    from docx.oxml import parse_xml

    root = document.styles.element
    found = {(_name(one), _kind(one)): _id(one) for one in _every(root)}
    taken = {_id(one).casefold() for one in _every(root)}
    ids = {name: found[name, kind] for name, kind in STYLES.items() if (name, kind) in found}
    lacking = [name for name in STYLES if name not in ids]
    if not lacking:
        return ids, []
    folder = files("controltotal") / "papers" / "templates" / "word"
    ours = {_name(one): one for one in _every(parse_xml((folder / "styles.xml").read_bytes()))}
    for name in lacking:
        own = _id(ours[name])
        while own.casefold() in taken:
            own += "Ct"
        taken.add(own.casefold())
        ids[name] = own
    bullets = _bullets(document) if "list bullet" in lacking else ""
    by_ours = {_id(ours[name]): ids[name] for name in STYLES}
    by_ours |= {
        _id(one): found.get((_name(one), _kind(one)), "")
        for one in ours.values()
        if _name(one) not in STYLES
    }
    for name in lacking:
        root.append(_adapted(ours[name], ids[name], by_ours, bullets))
    return ids, lacking


def _adapted(style: Any, own: str, ids: Mapping[str, str], bullets: str) -> Any:
    """A style of ours as a template may hold it: its own ids, and the template's letters."""
    made = deepcopy(style)
    made.set(named("styleId"), own)
    for tag in ("basedOn", "next"):
        for link in made.findall(named(tag)):
            other = ids.get(link.get(named("val")), "")
            if other:
                link.set(named("val"), other)
            else:
                made.remove(link)
    for number in made.iter(named("numId")):
        number.set(named("val"), bullets)
    return made


def _bullets(document: Document) -> str:
    """The number of a list with bullets, added to a template."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.oxml import parse_xml
    from docx.parts.numbering import NumberingPart

    folder = files("controltotal") / "papers" / "templates" / "word"
    ours = parse_xml((folder / "numbering.xml").read_bytes())
    part, kind = document.part, RELATIONSHIP_TYPE.NUMBERING
    if not any(one.reltype == kind for one in part.rels.values()):
        name = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
        made = NumberingPart(PackURI("/word/numbering.xml"), name, ours, part.package)
        part.relate_to(made, kind)
        return "1"
    root = part.part_related_by(kind).element  # type: ignore[attr-defined]
    lists, uses = ours.find(named("abstractNum")), ours.find(named("num"))
    shape, number = (
        str(1 + max((int(one.get(named(name))) for one in root.findall(named(tag))), default=0))
        for tag, name in (("abstractNum", "abstractNumId"), ("num", "numId"))
    )
    lists.set(named("abstractNumId"), shape)
    uses.set(named("numId"), number)
    uses.find(named("abstractNumId")).set(named("val"), shape)
    last = max((i for i, one in enumerate(root) if one.tag == named("abstractNum")), default=-1)
    root.insert(last + 1, lists)
    after = max((i for i, one in enumerate(root) if one.tag == named("num")), default=last + 1)
    root.insert(after + 1, uses)
    return number


def _in_english(document: Document) -> None:
    """Say in which language the text is, for spelling and for who has it read aloud."""
    defaults = document.styles.element.find(f"{named('docDefaults')}/{named('rPrDefault')}")
    if defaults is None or defaults.find(named("rPr")) is None:
        return
    letters = defaults.find(named("rPr"))
    language = letters.find(named("lang"))
    if language is None:
        language = letters.makeelement(named("lang"), {})
        letters.append(language)
    language.set(named("val"), "en-GB")


def _size(document: Document, style_id: str) -> int:
    """The size of the letters of a style in half points, as its own chain of styles says."""
    styles = {_id(one): one for one in _every(document.styles.element)}
    for _ in range(20):  # a chain of styles that ends in itself ends here
        style = styles.get(style_id)
        if style is None:
            break
        size = style.find(f"{named('rPr')}/{named('sz')}")
        if size is not None:
            return int(float(size.get(named("val"))))
        parent = style.find(named("basedOn"))
        if parent is None:
            break
        style_id = parent.get(named("val"))
    return 20


def _every(root: Any) -> list[Any]:
    return list(root.findall(named("style")))


def _name(style: Any) -> str:
    name = style.find(named("name"))
    return (
        "" if name is None else re.sub(r"\s+", " ", str(name.get(named("val")))).strip().casefold()
    )


def _id(style: Any) -> str:
    return str(style.get(named("styleId")))


def _kind(style: Any) -> str:
    return str(style.get(named("type")))


def pages_of(document: Document, turned: bool) -> str:
    """The set-up of pages that end here: as the document has them, or turned on their side.

    A first page of its own is that of the document: the pages after it have none.
    """
    last = document.sections[0]._sectPr
    made = deepcopy(last)
    for first in last.findall(named("titlePg")):
        last.remove(first)
    size = made.find(named("pgSz"))
    if turned and size is not None:
        wide, high = size.get(named("w")), size.get(named("h"))
        size.set(named("w"), high)
        size.set(named("h"), wide)
        size.set(named("orient"), "landscape")
    return str(made.xml)


def packed(document: Document) -> bytes:
    """A document as the bytes of a file: the same for the same document, on every day."""
    raw = io.BytesIO()
    document.save(raw)
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(raw) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in old.namelist():
            info = zipfile.ZipInfo(name, CREATED)
            info.compress_type = (
                zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            )
            new.writestr(info, old.read(name))
    return buffer.getvalue()

"""What a PPTX says: the text of every slide, read back from the file's own parts.

The same reader serves the manifest when a file is sealed and the comparison when an altered file
is verified. It follows the presentation's own order of slides, not the names of their parts.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from exports.printed import PrintedPage
from records.canonical import sha256_bytes

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PRESENTATION = "ppt/presentation.xml"
_MOST_SLIDES = 500
_ALTERNATIVE = "alternative text"
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")


class BadSlides(ValueError):
    """Parts that are no presentation."""


@dataclass(frozen=True, slots=True)
class Found:
    """One slide: its part, what hangs on it, and what can be read on it and in its notes."""

    part: str
    related: tuple[str, ...]
    text: str


def read_slides(parts: Mapping[str, bytes]) -> tuple[Found, ...]:
    """The slides in the order in which they are shown.

    Raises:
        BadSlides: the parts are no presentation, or one with too many slides.
    """
    try:
        show = fromstring(parts[PRESENTATION])
        targets = relations(parts, PRESENTATION)
        listed = show.findall(f"{_P}sldIdLst/{_P}sldId")
        if len(listed) > _MOST_SLIDES:
            raise BadSlides("too many slides")
        return tuple(_slide(parts, targets[entry.get(f"{_R}id", "")]) for entry in listed)
    except (KeyError, ParseError, DefusedXmlException, UnicodeDecodeError) as problem:
        raise BadSlides(str(problem)) from None


def pages(parts: Mapping[str, bytes]) -> tuple[PrintedPage, ...]:
    """Text and hash of each slide, for the manifest: the hash covers all that hangs on it."""
    made = []
    for number, slide in enumerate(read_slides(parts), start=1):
        names = (slide.part, rels_of(slide.part), *slide.related)
        digest = sha256_bytes(b"\n".join(parts.get(name, b"") for name in names))
        made.append(PrintedPage(number, slide.text, digest))
    return tuple(made)


def relations(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    """Where the relationships of a part lead, by their id; those that lead outside left out."""
    data = parts.get(rels_of(part))
    if data is None:
        return {}
    folder = posixpath.dirname(part)
    return {
        entry.get("Id", ""): posixpath.normpath(
            posixpath.join("/", folder, entry.get("Target", ""))
        ).lstrip("/")
        for entry in fromstring(data)
        if entry.get("TargetMode") != "External"
    }


def rels_of(part: str) -> str:
    """The part that holds a part's relationships."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def labels(parts: Mapping[str, bytes]) -> dict[str, str]:
    """What each part is, in words."""
    named: dict[str, str] = {}
    try:
        slides = read_slides(parts)
    except BadSlides:
        slides = ()
    for number, slide in enumerate(slides, start=1):
        named[slide.part] = f"slide {number}"
        named[rels_of(slide.part)] = f"the relationships of slide {number}"
        for related in slide.related:
            named.setdefault(related, f"{_kind(related)} of slide {number}")
            named.setdefault(rels_of(related), f"the relationships of {_kind(related)}")
    return {name: named.get(name) or _general(name) for name in parts}


def _kind(name: str) -> str:
    kinds = (
        ("notesSlides/", "the notes"),
        ("charts/", "the chart"),
        ("embeddings/", "the data of the chart"),
        ("media/", "the picture"),
    )
    return next((words for folder, words in kinds if folder in name), "a part")


def _general(name: str) -> str:
    """What a part is by its name, where the order of the slides cannot be read."""
    if slide := _SLIDE.fullmatch(name):
        return f"slide {slide[1]}"
    if name == PRESENTATION or name == rels_of(PRESENTATION):
        return "the order of the slides"
    kinds = (
        ("notesSlides/", "the notes of a slide"),
        ("charts/", "a chart"),
        ("embeddings/", "the data of a chart"),
        ("media/", "a picture"),
        ("slideLayouts/", "a layout"),
        ("slideMasters/", "the master"),
        ("theme/", "the theme"),
        ("docProps/", "the properties of the file"),
        ("[Content_Types]", "the list of contents"),
        ("customXml/", "the manifest"),
    )
    return next((words for folder, words in kinds if folder in name), f"the part {name}")


def _slide(parts: Mapping[str, bytes], part: str) -> Found:
    related, lines = [], list(_texts(fromstring(parts[part])))
    for target in relations(parts, part).values():
        if target.startswith(("ppt/slideLayouts/", "ppt/slides/")) or target not in parts:
            continue
        related.append(target)
        if "/charts/" in target:
            lines += _chart(fromstring(parts[target]))
            data = [name for name in relations(parts, target).values() if name in parts]
            related += [rels_of(target), *data]
        elif "/notesSlides/" in target:
            lines += _texts(fromstring(parts[target]))
            related.append(rels_of(target))
    return Found(part, tuple(dict.fromkeys(related)), "\n".join(line for line in lines if line))


def _texts(root: Any) -> Iterator[str]:
    """Each paragraph, and the alternative text of what is drawn, in the order of the part."""
    for element in root.iter():
        if element.tag == f"{_A}p":
            pieces = (
                "\n" if piece.tag == f"{_A}br" else piece.text or ""
                for piece in element.iter()
                if piece.tag in (f"{_A}t", f"{_A}br")
            )
            yield "".join(pieces)
        elif element.tag == f"{_P}cNvPr" and element.get("descr"):
            yield f"[{_ALTERNATIVE}: {element.get('descr')}]"


def _chart(root: Any) -> Iterator[str]:
    yield from _texts(root)
    for value in root.iter(f"{_C}v"):
        yield re.sub(r"\s+", " ", value.text or "")

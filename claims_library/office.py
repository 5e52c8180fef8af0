"""The text of DOCX and PPTX files: their parts are read as XML, without any program of an office.

An archive that unpacks to far more than it should, is encrypted, or holds no XML is refused with a
sentence. Everything is read in one pass, however deeply it is nested.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from posixpath import basename, dirname, join, normpath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from records.problems import reject

LARGEST_UNPACKED = 200 * 1024 * 1024
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WORD_PART = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_SLIDE = re.compile(r"ppt/slides/slide(\d{1,6})\.xml")
_DRAWN = re.compile(r"/(?:charts/chart|diagrams/data)\d*\.xml\Z")
_NOTES = re.compile(r"/notesSlides/notesSlide\d+\.xml\Z")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # what a file with a password begins with, too
_SIGNS = {"br": " ", "tab": " ", "cr": " ", "noBreakHyphen": "-"}


def word_text(data: bytes, filename: str) -> str:
    """Paragraphs and table rows of the body, then of headers, footers and notes."""
    with _opened(data, filename) as archive:
        names = [name for name in archive.namelist() if _WORD_PART.fullmatch(name)]
        if "word/document.xml" not in names:
            raise reject(filename, "This is no Word document.", code="docx")
        names.sort(key=lambda name: (name != "word/document.xml", name))
        parts = [_paragraphs(_part(archive, name, filename), _WORD) for name in names]
    return "\n\n".join(text for part in parts for text in part)


def slide_texts(data: bytes, filename: str) -> list[tuple[str, str]]:
    """Of every slide in the order shown: its place and its text, then those of its notes."""
    with _opened(data, filename) as archive:
        names = _slides(archive, filename)
        if not names:
            raise reject(filename, "This presentation has no slides.", code="pptx")
        found = []
        for number, name in enumerate(names, start=1):
            linked = list(_linked(archive, name, filename).values())
            drawn = [part for part in linked if _DRAWN.search(part)]
            found.append((f"slide {number}", _texts(archive, [name, *drawn], filename)))
            notes = [part for part in linked if _NOTES.search(part)]
            if notes:
                found.append((f"slide {number}, notes", _texts(archive, notes, filename)))
    return found


def _texts(archive: zipfile.ZipFile, names: list[str], filename: str) -> str:
    parts = [_paragraphs(_part(archive, name, filename), _DRAWING) for name in names]
    return "\n\n".join(text for part in parts for text in part)


def _slides(archive: zipfile.ZipFile, filename: str) -> list[str]:
    """The slides in the order of the presentation; where it does not say, by their numbers."""
    numbered = {name: int(m[1]) for name in archive.namelist() if (m := _SLIDE.fullmatch(name))}
    if "ppt/presentation.xml" not in archive.namelist():
        return sorted(numbered, key=numbered.__getitem__)
    linked = _linked(archive, "ppt/presentation.xml", filename)
    root = _part(archive, "ppt/presentation.xml", filename)
    shown = [linked.get(node.get(_LINK, "")) for node in root.iter() if node.tag.endswith("}sldId")]
    listed = list(dict.fromkeys(name for name in shown if name in numbered))
    rest = sorted(set(numbered) - set(listed), key=numbered.__getitem__)
    return [*listed, *rest]


def _linked(archive: zipfile.ZipFile, name: str, filename: str) -> dict[str, str]:
    """The parts of the archive that a part points to, by the id of the link."""
    links = join(dirname(name), "_rels", f"{basename(name)}.rels")
    if links not in archive.namelist():
        return {}
    there = set(archive.namelist())
    found = {}
    for node in _part(archive, links, filename):
        target = node.get("Target", "")
        path = target[1:] if target.startswith("/") else normpath(join(dirname(name), target))
        if path in there:
            found[node.get("Id", "")] = path
    return found


def _opened(data: bytes, filename: str) -> zipfile.ZipFile:
    if data.startswith(_OLD_OFFICE):
        message = "This file has a password or is of an old format. Save it without one, anew."
        raise reject(filename, message, code="locked")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise reject(filename, "This file is damaged or not what its name says.") from error
    if sum(info.file_size for info in archive.infolist()) > LARGEST_UNPACKED:
        raise reject(filename, "This file unpacks to far more than it should.", code="zip-bomb")
    return archive


def _part(archive: zipfile.ZipFile, name: str, filename: str) -> Element:
    """One part as XML."""
    try:
        root: Element = fromstring(archive.read(name))
    except (ParseError, DefusedXmlException) as error:
        raise reject(filename, "A part of this file is not the XML it should be.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise reject(filename, "This file is damaged or has a password.") from error
    return root


def _paragraphs(root: Element, space: str) -> list[str]:
    """Paragraphs in reading order; the cells of a table row stand on one line."""
    done: list[str] = []
    paragraphs: list[list[str]] = []
    rows: list[list[str]] = []
    cells: list[list[str]] = []
    for begins, node in _walk(root):
        name = node.tag.removeprefix(space)
        if name == "p":
            if begins:
                paragraphs.append([])
            else:
                _put("".join(paragraphs.pop()), cells, done)
        elif name == "tr":
            if begins:
                rows.append([])
            else:
                _put(f"| {' | '.join(rows.pop())} |", cells, done)
        elif name == "tc":
            if begins:
                cells.append([])
            elif (text := " ".join(cells.pop())) or rows:
                (rows[-1] if rows else done).append(text)
        elif begins and paragraphs:
            paragraphs[-1].append((node.text or "") if name == "t" else _SIGNS.get(name, ""))
    return done


def _put(text: str, cells: list[list[str]], done: list[str]) -> None:
    if text.strip(" |"):
        (cells[-1] if cells else done).append(text)


def _walk(root: Element) -> Iterator[tuple[bool, Element]]:
    """Every element when it begins (true) and when it ends, without recursion."""
    waiting = [(True, root)]
    while waiting:
        begins, node = waiting.pop()
        if node.tag == _FALLBACK:
            continue  # what a program of before would show of the same thing
        yield begins, node
        if begins:
            waiting.append((False, node))
            waiting.extend((True, child) for child in reversed(node))

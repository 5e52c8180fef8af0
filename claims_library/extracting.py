"""The text of a file that is checked: Markdown, plain text, HTML, DOCX, PPTX, PDF.

Markdown and plain text keep their offsets, so that a finding can be shown in the file itself. The
others become one text, and ``Extract.place`` says on which page or slide an offset is.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from records.problems import reject

LARGEST = 50 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
FEWEST_CHARACTERS = 20  # on a page, below which it is probably a picture
_FRONT = re.compile(r"\A---[ \t]*\r?\n.*?\r?\n---[ \t]*(?=\r?\n|\Z)", re.DOTALL)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDE = re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)(\d+)\.xml")
_BLOCKS = frozenset(
    [
        "address",
        "blockquote",
        "body",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "article",
        "aside",
        "table",
        "title",
        "tr",
        "ul",
    ]
)
_UNREAD = frozenset(["script", "style", "template", "noscript"])


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of one file; ``places`` are the offsets at which a page or slide begins.

    ``whole`` is false for a module's file: it is a part, and what only a whole piece must have
    (fair balance, companions) is not asked of it.
    """

    text: str
    places: tuple[tuple[int, str], ...] = ()
    whole: bool = True

    def place(self, offset: int) -> str:
        """Where an offset is: ``page 2``, ``slide 3``, or nothing."""
        at = bisect_right(self.places, (offset, "\U0010ffff")) - 1
        return self.places[at][1] if at >= 0 else ""


def extract(data: bytes, *, filename: str) -> Extract:
    """The text of a file, by its name's ending.

    Raises:
        BadInput: too large, of a kind that is not read, or not what its ending says.
    """
    if len(data) > LARGEST:
        raise reject(filename, f"The file has more than {LARGEST // 2**20} MB.", code="too-large")
    reader = READERS.get(PurePath(filename).suffix.lower())
    if reader is None:
        kinds = ", ".join(sorted(READERS))
        raise reject(filename, f"Files of this kind are not read; these are: {kinds}.", code="kind")
    return reader(data, filename)


def plain(data: bytes, filename: str) -> Extract:
    """Text as it stands; UTF-8 only."""
    if b"\x00" in data:
        raise reject(filename, "This is no text: it holds binary data.", code="binary")
    try:
        return Extract(data.decode("utf-8-sig" if data[:3] == b"\xef\xbb\xbf" else "utf-8"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"The text is not UTF-8: line {line} holds byte 0x{data[error.start]:02x}."
        raise reject(filename, f"{message} Save it as UTF-8.", code="encoding") from error


def markdown(data: bytes, filename: str) -> Extract:
    """Markdown; a front matter is blanked out, so that all offsets stay."""
    text = plain(data, filename).text
    front = _FRONT.match(text)
    if front is None:
        return Extract(text)
    blank = re.sub(r"[^\n]", " ", front.group(0))
    is_module = re.search(r"^id:", front.group(0), re.MULTILINE) is not None
    return Extract(blank + text[front.end() :], whole=not is_module)


def html(data: bytes, filename: str) -> Extract:
    """What a reader of the page sees, and alternative texts."""
    from lxml import etree
    from lxml import html as parser

    plain(data, filename)
    if not data.strip():
        return Extract("")
    try:
        page = parser.document_fromstring(data, parser=parser.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError) as error:
        raise reject(filename, "This HTML cannot be read.", code="html") from error
    return Extract("".join(_seen(page)).strip())


def _seen(root: object) -> Iterator[str]:
    from lxml import etree

    # walked without recursion: pages may be nested as deeply as somebody likes
    for event, node in etree.iterwalk(root, events=("start", "end")):
        name = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if name in _BLOCKS:
                yield "\n"
            if name in ("td", "th") and node.getprevious() is not None:
                yield " | "
            if name == "img" and node.get("alt"):
                yield f"\n{node.get('alt')}\n"
            if name and name not in _UNREAD and node.text:
                yield _one_line(node.text)
        else:
            if name in _BLOCKS:
                yield "\n\n"
            if node.tail:
                yield _one_line(node.tail)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def docx(data: bytes, filename: str) -> Extract:
    """Paragraphs and table rows of the body, headers, footers and notes."""
    with _opened(data, filename) as archive:
        names = [n for n in archive.namelist() if re.fullmatch(r"word/[a-z]+\d*\.xml", n)]
        kept = [
            n for n in names if re.match(r"word/(document|header|footer|footnotes|endnotes)", n)
        ]
        if "word/document.xml" not in kept:
            raise reject(filename, "This is no Word document.", code="docx")
        kept.sort(key=lambda name: (name != "word/document.xml", name))
        parts = ["\n\n".join(_paragraphs(archive.read(name), filename, _WORD)) for name in kept]
    return Extract("\n\n".join(part for part in parts if part))


def pptx(data: bytes, filename: str) -> Extract:
    """Every text of every slide, then its notes."""
    with _opened(data, filename) as archive:
        slides = [
            (int(found[2]), found[1] != "slides/slide", name)
            for name in archive.namelist()
            if (found := _SLIDE.fullmatch(name))
        ]
        if not slides:
            raise reject(filename, "This presentation has no slides.", code="pptx")
        pieces = [
            (
                f"slide {number}{', notes' if notes else ''}",
                "\n\n".join(_paragraphs(archive.read(name), filename, _DRAWING)),
            )
            for number, notes, name in sorted(slides)
        ]
    return _joined(pieces)


def pdf(data: bytes, filename: str) -> Extract:
    """The text of every page; a PDF of pictures is refused, for nothing in it would be checked."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise reject(filename, "This PDF cannot be read.", code="pdf") from error
    try:
        pieces = []
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            pieces.append((f"page {number}", _unbroken(page.get_textpage().get_text_range())))
            page.close()
    finally:
        document.close()
    if all(len(text.strip()) < FEWEST_CHARACTERS for _, text in pieces):
        message = "No text was found in this PDF; its pages seem to be pictures."
        raise reject(filename, f"{message} Check the source it was made from.", code="pictures")
    return _joined(pieces)


def _unbroken(text: str) -> str:
    """Lines of a page joined to paragraphs: a line ends a paragraph when the next looks new."""
    lines = [line.strip() for line in text.replace("\ufffe", "\u00ad").splitlines()]
    out: list[str] = []
    for line in lines:
        if not line:
            out.append("\n\n")
        elif out and out[-1] != "\n\n" and re.search(r"[.!?:;”\"]\d*$", out[-1]):
            out.append(f"\n{line}")
        else:
            out.append(f" {line}" if out and out[-1] != "\n\n" else line)
    return "".join(out)


def _joined(pieces: list[tuple[str, str]]) -> Extract:
    text, places = "", []
    for name, piece in pieces:
        places.append((len(text), name))
        text += f"{piece}\n\n"
    return Extract(text, tuple(places))


def _opened(data: bytes, filename: str) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except zipfile.BadZipFile as error:
        raise reject(filename, "This file is damaged or not what its name says.") from error
    if sum(info.file_size for info in archive.infolist()) > LARGEST_UNPACKED:
        raise reject(filename, "This file unpacks to far more than it should.", code="zip-bomb")
    return archive


def _paragraphs(data: bytes, filename: str, space: str) -> Iterator[str]:
    """Paragraphs in reading order; the cells of a table row stand on one line."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException) as error:
        raise reject(filename, "A part of this file is not the XML it should be.") from error
    rows = {id(p): row for row in root.iter(f"{space}tr") for p in row.iter(f"{space}p")}
    done: set[int] = set()
    for paragraph in root.iter(f"{space}p"):
        row = rows.get(id(paragraph))
        if row is None:
            text = _words(paragraph, space)
        elif id(row) not in done:
            done.add(id(row))
            cells = (
                " ".join(filter(None, (_words(p, space) for p in cell.iter(f"{space}p"))))
                for cell in row.iter(f"{space}tc")
            )
            text = " | ".join(cells)
        else:
            continue
        if text.strip():
            yield text


def _words(paragraph: object, space: str) -> str:
    parts = []
    for node in paragraph.iter():  # type: ignore[attr-defined]  # an element; its type has no name
        if node.tag == f"{space}t":
            parts.append(node.text or "")
        elif node.tag in (f"{space}br", f"{space}tab"):
            parts.append(" ")
    return "".join(parts)


READERS: dict[str, Callable[[bytes, str], Extract]] = {
    ".md": markdown,
    ".txt": plain,
    ".html": html,
    ".htm": html,
    ".docx": docx,
    ".pptx": pptx,
    ".pdf": pdf,
}

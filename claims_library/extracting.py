"""The text of a file that is checked: Markdown, plain text, HTML, DOCX, PPTX, PDF.

Markdown and plain text keep their offsets, so that a finding can be shown in the file itself. The
others become one text, and ``Extract.place`` says on which page or slide an offset is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from claims_library.normalising import CONCEALED
from records.problems import reject

LARGEST = 50 * 1024 * 1024
FEWEST_CHARACTERS = 20  # on a page, below which it is probably a picture
_FRONT = re.compile(r"\A---[ \t]*\r?\n.*?\r?\n---[ \t]*(?=\r?\n|\Z)", re.DOTALL)
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
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise reject(filename, "The text is UTF-16. Save it as UTF-8.", code="encoding")
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
    reader = parser.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        page = parser.document_fromstring(data, parser=reader)
    except (etree.ParserError, ValueError) as error:
        raise reject(filename, "This HTML cannot be read.", code="html") from error
    if any(entry.level_name == "FATAL" for entry in reader.error_log):
        # what follows was left out: a text read in part would pass unchecked
        raise reject(filename, "This HTML is nested too deep to be read.", code="html")
    return Extract("".join(_seen(page)).strip())


def _seen(root: object) -> Iterator[str]:
    from lxml import etree

    # walked without recursion: pages may be nested as deeply as somebody likes
    for event, node in etree.iterwalk(root, events=("start", "end")):
        name = node.tag if isinstance(node.tag, str) else ""
        yield from _opened(node, name) if event == "start" else _closed(node, name)


def _opened(node: Any, name: str) -> Iterator[str]:
    """What an element's begin gives; that it is hidden is said as Markdown would."""
    if name in _BLOCKS:
        yield "\n"
    if name in ("td", "th"):
        yield "| " if node.getprevious() is None else " | "
    if name == "img" and node.get("alt"):
        yield f"\n{node.get('alt')}\n"
    if name and _is_concealing(node):
        yield "<span hidden>"
    if name and name not in _UNREAD and node.text:
        yield _one_line(node.text)


def _closed(node: Any, name: str) -> Iterator[str]:
    if name and _is_concealing(node):
        yield "</span>"
    if name in _BLOCKS:
        yield "\n\n"
    if node.tail:
        yield _one_line(node.tail)


def _is_concealing(node: Any) -> bool:
    """Whether a reader of the page does not see an element."""
    style = f" {node.get('style') or ''}"
    return node.get("hidden") is not None or CONCEALED.search(style) is not None


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def docx(data: bytes, filename: str) -> Extract:
    """Paragraphs and table rows of the body, headers, footers and notes."""
    from claims_library.office import word_text

    return Extract(word_text(data, filename))


def pptx(data: bytes, filename: str) -> Extract:
    """Every text of every slide, its charts and its notes."""
    from claims_library.office import slide_texts

    return _joined(slide_texts(data, filename))


def pdf(data: bytes, filename: str) -> Extract:
    """The text of every page; a PDF of pictures is refused, for nothing in it would be checked."""
    import pypdfium2

    from claims_library.pdf_text import page_texts

    try:
        texts = page_texts(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            message = "This PDF has a password. Save it without one."
            raise reject(filename, message, code="locked") from error
        raise reject(filename, "This PDF is damaged or no PDF.", code="pdf") from error
    if all(len(text.strip()) < FEWEST_CHARACTERS for text in texts):
        message = "No text was found in this PDF; its pages seem to be pictures."
        raise reject(filename, f"{message} Check the source it was made from.", code="pictures")
    return _joined([(f"page {number}", text) for number, text in enumerate(texts, start=1)])


def _joined(pieces: list[tuple[str, str]]) -> Extract:
    text, places = "", []
    for name, piece in pieces:
        places.append((len(text), name))
        text += f"{piece}\n\n"
    return Extract(text, tuple(places))


READERS: dict[str, Callable[[bytes, str], Extract]] = {
    ".md": markdown,
    ".txt": plain,
    ".html": html,
    ".htm": html,
    ".docx": docx,
    ".pptx": pptx,
    ".pdf": pdf,
}

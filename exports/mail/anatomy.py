"""Taking a message apart byte by byte: header fields, parts, and what no reader shows.

A message of text and HTML has one level of parts; one with a logo has another level around it,
whose boundary is that of the inner one with ``AROUND`` behind it.

Python's parser repairs what is broken; a verifier must see it. So this one only cuts, at the
boundary that is known from the seal, and gives every byte of the message a name.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from email.header import decode_header, make_header

from lxml import html as lxml_html
from lxml.etree import Comment, LxmlError, strip_elements

AROUND = "_with_logo"
_FIELD = re.compile(rb"[!-9;-~]+:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n")
NAMES = {
    "text/plain": "the text part",
    "text/html": "the HTML part",
    "application/vnd.clearcopy.manifest+json": "the manifest",
    "image/png": "the logo",
}


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Names and bytes of everything between first and last byte, in order."""

    pieces: tuple[tuple[str, bytes], ...]

    def find(self, name: str) -> bytes | None:
        """The first piece of a name."""
        return next((data for each, data in self.pieces if each == name), None)


def dissect(message: bytes, boundary: str) -> Anatomy:
    """Cut a message into its parts; whatever has no place is a piece of its own."""
    head, gap, body = message.partition(b"\r\n\r\n")
    fields = _FIELD.findall(head + b"\r\n")
    pieces = [(_field_name(field), field) for field in fields]
    if rest := (head + b"\r\n")[len(b"".join(fields)) :]:
        pieces.append(("the end of the headers", rest))
    marker = b"--" + boundary.encode()
    sections = re.split(rb"(?:^|\r\n)" + re.escape(marker) + rb"(?=--|\r\n)", body)
    if sections[0]:
        pieces.append(("what stands before the parts", sections[0]))
    around = re.escape(marker + AROUND.encode())
    for section in sections[1:]:
        # behind the last part of the inner level the outer one goes on
        inner, *outer = re.split(rb"\r\n" + around + rb"(?=--|\r\n)", section)
        pieces.append(("the end of the parts" if outer else _part_name(inner), inner))
        pieces += [(_part_name(each), each) for each in outer]
    if not gap:
        pieces.append(("the empty line after the headers", b""))
    return Anatomy(tuple(pieces))


def fields_before(data: bytes) -> list[str] | None:
    """The names of header fields, if these bytes are whole fields and nothing else."""
    fields = _FIELD.findall(data)
    if b"".join(fields) != data:
        return None
    return [field.partition(b":")[0].decode("ascii") for field in fields]


def content(part: bytes) -> str:
    """The text of a part without its own headers; what cannot be decoded is empty."""
    head, _, body = part.partition(b"\r\n\r\n")
    if b"base64" in head.lower():
        try:
            return base64.b64decode(body, validate=False).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return ""
    text = quopri.decodestring(body).decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def field_text(field: bytes) -> str:
    """What a header field says, decoded and on one line."""
    value = field.partition(b":")[2].decode("ascii", "replace")
    try:
        read = str(make_header(decode_header(" ".join(value.split()))))
    except (ValueError, LookupError):
        return ""
    return read


def visible(html: str) -> str:
    """The words of an HTML part as somebody reads them, white space folded."""
    try:
        page = lxml_html.document_fromstring(html)
    except (LxmlError, ValueError):
        return ""
    strip_elements(page, "style", "title", "head", "script", Comment, with_tail=False)
    return " ".join(" ".join(str(text) for text in page.itertext()).split())


def _field_name(field: bytes) -> str:
    return f"the header {field.partition(b':')[0].decode('ascii')}"


def _part_name(section: bytes) -> str:
    if section.startswith(b"--"):
        return "the end of the message"
    head = section.partition(b"\r\n\r\n")[0].lower()
    named = (name for kind, name in NAMES.items() if b"content-type: " + kind.encode() in head)
    return next(named, "a part that is none of ours")

"""Sealing an email: the signed manifest as a part between text and HTML, and the seal in front.

The manifest stands where AMP puts its part: mail programs show the last alternative they know,
which is the HTML, or the text; none offers the manifest as an attachment.
"""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from exports.body import runs, words
from exports.document import Document
from exports.layouts import layout_files
from exports.mail.anatomy import content, dissect, field_text, visible
from exports.mail.message import letter_of
from exports.mail.seal import put_seal
from exports.manifest import FILE_NAME, build_manifest, sign
from exports.printed import letters
from exports.sealing import TextLost
from exports.spoken import spoken
from records.canonical import sha256, sha256_bytes
from records.keys import Keyring

_BOUNDARY = re.compile(rb'boundary="(=_clearcopy_[0-9a-f]+)"')
_BRAND = re.compile('name="clearcopy.brand" content="([0-9a-f]{64})"')
_MEDIA_TYPE = "application/vnd.clearcopy.manifest+json"
_DISTRIBUTIONS = ("css-inline", "jinja2", "markdown-it-py", "pillow", "pypdfium2", "weasyprint")
_DRAWING = ("lettering.py", "message.py", "picture.py", "text.py", "view.py")
_SHARED = ("markup.py", "presentation.py", "spoken.py")  # files of the room above that do so too


def seal_mail(data: bytes, document: Document, keyring: Keyring) -> bytes:
    """Put manifest and seal into a message.

    Args:
        data: what ``exports.mail.message.render_mail`` made of the document.
        document: the very document.
        keyring: the installation's key.

    Raises:
        TextLost: a word of the document is in one of the parts not found again.
    """
    found = _BOUNDARY.search(data)
    if found is None:
        raise TextLost("The message has no parts.")
    boundary = found[1].decode()
    said = _said(data, boundary)
    if lost := next(_lost(document, said), ""):
        raise TextLost(f"The email lacks text of the material: “{lost[:120]}”.")
    manifest = build_manifest(
        document,
        pages=(),
        places={},
        fingerprint=fingerprint(document.kind),
        brand_sha256=_brand(data, boundary),
    )
    envelope = sign({**manifest, "mail": said}, keyring=keyring).to_json()
    message = _with_manifest(data, boundary, envelope)
    return put_seal(
        message, boundary=boundary, manifest_sha256=sha256_bytes(envelope), keyring=keyring
    )


def fingerprint(kind: str) -> dict[str, dict[str, str]]:
    """What the bytes of an email depend on beside document and brand."""
    return {
        "versions": {name: version(name) for name in _DISTRIBUTIONS},
        "program": dict(_program()),
        "layout": {"sha256": sha256(layout_files(kind)), **layout_files(kind)},
    }


@cache
def _program() -> Mapping[str, str]:
    room = Path(__file__).parent
    files = [*(room / name for name in _DRAWING), *(room.parent / name for name in _SHARED)]
    return {path.name: sha256_bytes(path.read_bytes()) for path in files}


def _said(data: bytes, boundary: str) -> dict[str, Any]:
    """What the email says, part by part, as words that can be compared."""
    anatomy = dissect(data, boundary)
    text, html = (anatomy.find(f"the {name} part") or b"" for name in ("text", "HTML"))
    shown = ("From", "To", "Subject", "Date", "List-Unsubscribe")
    headers = {name: field_text(anatomy.find(f"the header {name}") or b"") for name in shown}
    return {"headers": headers, "text": content(text), "html": visible(content(html))}


def _brand(data: bytes, boundary: str) -> str:
    found = _BRAND.search(content(dissect(data, boundary).find("the HTML part") or b""))
    return found[1] if found else ""


def _lost(document: Document, said: Mapping[str, Any]) -> Iterator[str]:
    """Every run of text, and every word around the modules, that one of the parts lacks."""
    letter = letter_of(document)
    around = [letter.greeting, letter.closing, letter.reason, letter.signed_by]
    around += [document.product.name, document.code]
    around += [reference.text for reference in document.references]
    held = [run for block in document.parts for run in runs(block.body)]
    # what the text part puts in front of each line of a quotation is none of its words
    text = re.sub(r"^(?:\| ?)+", "", said["text"], flags=re.MULTILINE)
    for sought, there in (
        ([*map(spoken, held), *around], letters(text)),
        ([*map(words, held), *around], letters(said["html"])),
    ):
        yield from (each for each in sought if letters(each) not in there)
    for place, part in (("text", letter.unsubscribe), ("text", letter.prescribing_information)):
        if part not in said[place]:
            yield part


def _with_manifest(data: bytes, boundary: str, envelope: bytes) -> bytes:
    """The message with one more alternative, before the last."""
    marker = f"\r\n--{boundary}\r\n".encode()
    cut = data.rindex(marker)
    lines = "\r\n".join(textwrap.wrap(base64.b64encode(envelope).decode(), 76))
    part = (
        f"Content-Type: {_MEDIA_TYPE}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: inline; filename="{FILE_NAME}"\r\n'
        "Content-Description: What is in this email and who approved it\r\n"
        f"\r\n{lines}\r\n"
    )
    return data[:cut] + marker + part.encode() + data[cut:]

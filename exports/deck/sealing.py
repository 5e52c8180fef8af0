"""Sealing a PPTX: the signed manifest as its last part, with the hash of every byte before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, unescape

from exports.brand import Brand
from exports.deck import archive
from exports.deck.composing import compose
from exports.deck.contents import PRESENTATION, pages, rels_of
from exports.deck.fingerprint import fingerprint
from exports.deck.slides import Slide
from exports.document import Document
from exports.manifest import build_manifest, sign
from exports.printed import lost_words
from exports.sealing import TextLost
from records.canonical import sha256_bytes
from records.keys import Keyring

ITEM = "customXml/item1.xml"
_PROPERTIES = "customXml/itemProps1.xml"
_SPACE = "urn:clearcopy:manifest:1"
_HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{_SPACE}">'
_TAIL = "</manifest>"
_IDS = "http://schemas.openxmlformats.org/officeDocument/2006"
_GUID = "{5C0BAC01-0000-4000-8000-000000000002}"
_BRAND = re.compile(rb"<cp:category>([0-9a-f]{64})</cp:category>")


def seal_pptx(data: bytes, document: Document, keyring: Keyring, *, brand: Brand) -> bytes:
    """Put the manifest into a rendition, which was made in the look of ``brand``.

    Raises:
        TextLost: a word of the document is not found again on the slides.
    """
    parts = archive.read(data)
    shown = pages(parts)
    if lost := lost_words(document, shown):
        raise TextLost(f"The slides lack text of the material: “{lost[0][:120]}”.")
    _announce(parts)
    first = archive.first_part(parts)
    look = _BRAND.search(parts["docProps/core.xml"])
    manifest = build_manifest(
        document,
        pages=shown,
        places=places(compose(document, safety_share=brand.safety_share)),
        fingerprint=fingerprint(document.kind),
        brand_sha256=look[1].decode() if look else "",
    )
    manifest["package"] = {
        "length": len(first),
        "sha256": sha256_bytes(first),
        "parts": {name: sha256_bytes(part) for name, part in sorted(parts.items())},
    }
    envelope = sign(manifest, keyring=keyring).to_json()
    return archive.finish(first, ITEM, item(envelope))


def item(envelope: bytes) -> bytes:
    """The custom XML part that carries an envelope."""
    return (_HEAD + escape(envelope.decode()) + _TAIL).encode()


def envelope_in(parts: Mapping[str, bytes]) -> bytes | None:
    """The envelope of a file, wherever another program has put the part."""
    for name in sorted(parts):
        head = parts[name][:400]
        if name.startswith("customXml/item") and b"<manifest" in head and _SPACE.encode() in head:
            text = parts[name].decode("utf-8", "replace")
            inner = text[text.find(">", text.find("<manifest")) + 1 : text.rfind("</manifest>")]
            return unescape(inner).encode()
    return None


def places(slides: Sequence[Slide]) -> dict[str, tuple[int, int]]:
    """First and last slide of each block and of each footnote."""
    found: dict[str, tuple[int, int]] = {}
    for slide in slides:
        for name in (slide.place, *(f"note {mark}" for mark in slide.notes)):
            if name:
                first, last = found.get(name, (slide.number, slide.number))
                found[name] = (min(first, slide.number), max(last, slide.number))
    return found


def _announce(parts: dict[str, bytes]) -> None:
    """Tell the package of the part: a relationship of the presentation, and its own properties."""
    rels = rels_of(PRESENTATION)
    entry = (
        f'<Relationship Id="rIdManifest" Type="{_IDS}/relationships/customXml"'
        ' Target="../customXml/item1.xml"/></Relationships>'
    )
    parts[rels] = parts[rels].replace(b"</Relationships>", entry.encode())
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    override = f'<Override PartName="/{_PROPERTIES}" ContentType="{kind}"/></Types>'
    types = "[Content_Types].xml"
    parts[types] = parts[types].replace(b"</Types>", override.encode())
    parts[_PROPERTIES] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<ds:datastoreItem ds:itemID="{_GUID}" xmlns:ds="{_IDS}/customXml"><ds:schemaRefs>'
        f'<ds:schemaRef ds:uri="{_SPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    ).encode()
    parts[rels_of(ITEM)] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_IDS}/relationships/customXmlProps"'
        ' Target="itemProps1.xml"/></Relationships>'
    ).encode()

"""Sealing a PDF: the signed manifest attached, and a seal over every byte of the file."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from exports import certifying, proofing
from exports.certifying import certificate_of, described
from exports.document import Document
from exports.fingerprint import fingerprint
from exports.finishing import save
from exports.manifest import FILE_NAME, build_manifest, sign
from exports.printed import lost_words, read_pages
from exports.seal import put_seal
from records.canonical import sha256_bytes
from records.certificates import Certified
from records.errors import DomainError, refuse
from records.keys import Keyring

if TYPE_CHECKING:
    import pikepdf


_NOTE = re.compile(r"(?:b\d+|isi)-(?!end$)([a-z]+)")


class TextLost(DomainError):
    """The rendition lacks words of the document; it is not sealed."""


def seal_pdf(data: bytes, document: Document, *, keyring: Keyring) -> bytes:
    """Attach the manifest and seal the file.

    Args:
        data: what ``exports.rendering.render_pdf`` made of the document.
        document: the very document.
        keyring: the installation's key.

    Raises:
        TextLost: a word of the document is not found again in the PDF.
        Refused: what was measured on the pages stands in the way.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = read_pages(pdf)
        if lost := lost_words(document, pages):
            raise TextLost(f"The rendered file lacks text of the material: “{lost[0][:120]}”.")
        printed = proofing.noted(pdf)
        if document.status == "approved":
            refuse(proofing.objections(printed), intro=f"{document.code} cannot be handed over.")
        made = made_at(document)
        certificate = certificate_of(document, keyring, at=made)
        manifest = build_manifest(
            document,
            certificate=described(certificate) if certificate else None,
            printed=printed,
            pages=pages,
            places=places_of(pdf),
            fingerprint=fingerprint(document.kind),
            brand_sha256=str(pdf.docinfo.get("/clearcopybrand", "")),
        )
        envelope = sign(manifest, keyring=keyring).to_json()
        attach(pdf, envelope, made=made)
        hashed = sha256_bytes(envelope)
        if certificate is not None:
            return _certified(pdf, document, certificate, manifest_sha256=hashed, keyring=keyring)
        finished = save(pdf)
    return put_seal(finished, manifest_sha256=hashed, labels=_labels(finished), keyring=keyring)


def _certified(
    pdf: pikepdf.Pdf,
    document: Document,
    certificate: Certified,
    *,
    manifest_sha256: str,
    keyring: Keyring,
) -> bytes:
    """Signed with the certificate and sealed, in as much room as the two need."""
    room = certifying.SMALLEST
    certifying.prepare(pdf, certificate, document, made=made_at(document), room=room)
    while True:
        finished = save(pdf)
        try:
            return certifying.certify(
                finished,
                manifest_sha256=manifest_sha256,
                labels=_labels(finished),
                keyring=keyring,
            )
        except certifying.NoRoom:
            room *= 2
            pdf.Root.Perms.DocMDP.Contents = bytes(room)


def _labels(data: bytes) -> dict[int, str]:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        return labels_of(pdf)


def made_at(document: Document) -> datetime:
    """When these bytes came to be, as the document says: no clock is asked."""
    if document.copy:
        return document.copy.issued_at.astimezone(UTC)
    return datetime.combine(document.prepared, time(), tzinfo=UTC)


def attach(pdf: pikepdf.Pdf, envelope: bytes, *, made: datetime) -> None:
    """An associated file of a PDF/A-3: listed by name and on the document itself."""
    from pikepdf import Array, Dictionary, Name, String

    stamp = f"D:{made:%Y%m%d%H%M%S}Z"
    file = pdf.make_stream(envelope)
    file.stream_dict.update(
        {
            "/Type": Name.EmbeddedFile,
            "/Subtype": Name("/application/json"),
            "/Params": Dictionary(
                Size=len(envelope),
                CreationDate=String(stamp),
                ModDate=String(stamp),
                CheckSum=String(hashlib.md5(envelope, usedforsecurity=False).digest()),
            ),
        }
    )
    entry = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=FILE_NAME,
            UF=FILE_NAME,
            Desc="What is in this document and who approved it",
            AFRelationship=Name.Data,
            EF=Dictionary(F=file, UF=file),
        )
    )
    names = pdf.Root.get("/Names", Dictionary())
    names.EmbeddedFiles = Dictionary(Names=Array([FILE_NAME, entry]))
    pdf.Root.Names = names
    pdf.Root.AF = Array([entry])


def places_of(pdf: pikepdf.Pdf) -> Mapping[str, tuple[int, int]]:
    """First and last page of each block, from the anchors at its two ends."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    anchors: dict[str, int] = {}
    listed = list(pdf.Root.Names.Dests.Names)
    for name, target in zip(listed[::2], listed[1::2], strict=True):
        anchors[str(name)] = numbers[target[0].objgen]
    ends = {name: anchors.get(f"{name}-end") for name in anchors}
    places = {name: (anchors[name], end) for name, end in ends.items() if end}
    for anchor, page in anchors.items():
        if found := _NOTE.fullmatch(anchor):
            first, last = places.get(f"note {found[1]}", (page, page))
            places[f"note {found[1]}"] = (min(first, page), max(last, page))
    return places


def labels_of(pdf: pikepdf.Pdf) -> dict[int, str]:
    """What the objects of a file are, in words, by object number."""
    labels: dict[int, str] = {}
    for number, page in enumerate(pdf.pages, start=1):
        labels[page.obj.Contents.objgen[0]] = f"the content of page {number}"
    for object_ in pdf.objects:
        label = _label(object_)
        if label:
            labels.setdefault(object_.objgen[0], label)
    return labels


def _label(object_: Any) -> str:
    import pikepdf

    if isinstance(object_, pikepdf.Dictionary) and object_.get("/Type") == "/Sig":
        return certifying.LABEL
    if not isinstance(object_, pikepdf.Stream):
        return ""
    kind = str(object_.get("/Type", object_.get("/Subtype", "")))
    named = {
        "/EmbeddedFile": "the attached manifest",
        "/Metadata": "the metadata",
        "/XObject": "a drawing",
        "/Form": "a drawing",
    }
    if "/Length1" in object_ or kind in ("/CIDFontType0C", "/OpenType"):
        return "a font"
    return named.get(kind, "")

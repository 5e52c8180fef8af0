"""What must hold of every file, whatever hostile words went into it."""

from __future__ import annotations

import email
import email.policy
import io
import re
from dataclasses import dataclass, field, replace

import pikepdf
from lxml import html as lxml_html

from exports import copies, formats, frame, operations, renditions, verifying
from exports.copies import Press
from exports.deck import archive
from exports.deck.contents import read_slides
from exports.models import MaterialVersion, Template
from records import files
from records.database import keyring_of
from tests import building
from tests.unit.exports.conftest import ORDER, Library


@dataclass
class Trap:
    """A server that takes connections and remembers how many there were."""

    port: int
    visits: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def files_of(
    library: Library, version: MaterialVersion, kind: str, press: Press
) -> dict[str, bytes]:
    """Every format of a material: copies where there are copies, renditions of all."""
    store, made = files.store_of(library.session), {}
    for each in formats.of_kind(kind):
        row = renditions.render(
            library.session, version, format=each.name, press=press, actor=library.writer
        )
        made[each.name] = store.get(row.file_sha256)
    for each in formats.issued(kind):
        copy = copies.issue_copy(
            library.session, version, format=each.name, holder=library.rep, actor=library.rep,
            request_key=f"{kind}-{each.name}", press=press,
        )  # fmt: skip
        made[f"copy.{each.name}"] = store.get(copy.file_sha256 or "")
    return made


def harmless(name: str, data: bytes, library: Library) -> None:
    """Nothing in a file runs, loads or leads where nobody meant it to."""
    end = name.rpartition(".")[2]
    if end == "html":
        harmless_page(data.decode())
    elif end == "pdf":
        harmless_pdf(data)
    elif end == "pptx":
        parts = archive.read(data)
        assert read_slides(parts)
        assert not any(b'TargetMode="External"' in part for part in parts.values())
        assert not any("vba" in each.lower() or ".." in each for each in parts)
    elif end == "eml":
        harmless_mail(data)
    if name.startswith("copy."):
        answer = verifying.verify(data, public_keys=[keyring_of(library.session).public_pem])
        assert answer.ok, answer


def harmless_page(text: str) -> None:
    page = lxml_html.document_fromstring(text)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in ("script", "iframe", "object", "embed", "form", "base", "link")
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            if name in ("src", "href", "xlink:href"):
                assert re.match(r"(https?:|mailto:|#|data:image/)", value), value
                assert element.tag == "a" or value.startswith(("#", "data:image/")), value
            assert "javascript:" not in value
            assert "url(" not in value
    for style in page.iter("style"):
        assert "@import" not in (style.text or "")
        assert "url(http" not in (style.text or "")


def harmless_pdf(data: bytes) -> None:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for found in pdf.objects:
            if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
                continue
            for key in ("/JS", "/JavaScript", "/Launch", "/SubmitForm", "/RichMedia", "/AA"):
                assert key not in found
            action = str(found.get("/S", ""))
            assert action not in ("/JavaScript", "/Launch", "/GoToR", "/SubmitForm", "/ImportData")
            if "/URI" in found and isinstance(found.get("/URI"), pikepdf.String):
                assert re.match(r"https?:", str(found.URI))
        assert "/OpenAction" not in pdf.Root


def harmless_mail(data: bytes) -> None:
    letter = email.message_from_bytes(data)
    for header in ("From", "To", "Subject", "Date", "MIME-Version"):
        assert len(letter.get_all(header, [])) == 1
    assert letter["Bcc"] is None
    parts = [part.get_content_type() for part in letter.walk()]
    assert parts in (
        ["multipart/alternative", "text/plain", "text/html"],
        [
            "multipart/alternative", "text/plain", "application/vnd.clearcopy.manifest+json",
            "text/html",
        ],
    )  # fmt: skip
    harmless_page(letter.get_payload()[-1].get_payload(decode=True).decode())


def materials(library: Library) -> dict[str, MaterialVersion]:
    """An approved brief, presentation and email that hold what was imported."""
    for name in ("deck.us", "email.us"):
        operations.import_template(
            library.session, frame.shipped(name), filename=f"{name}.yaml", actor=library.librarian
        )
        template = library.session.query(Template).order_by(Template.id.desc()).first()
        building.sign(library.session, template.latest, by=library.signers)
    made = {}
    for kind in ("brief", "deck", "email"):
        made[kind] = library.approved(replace(ORDER, template=kind))
    return made

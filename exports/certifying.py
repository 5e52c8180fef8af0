"""The company's certificate on a PDF, so that any reader of PDFs shows who vouches for it.

A certifying signature after PAdES (ETSI EN 319 142-1, baseline B; ISO 32000-2, 12.8) that allows no
change. It covers every byte of the file but the place where it stands itself. Our seal stands
within that place, at the end of the signature as an attribute that is not signed, and covers every
byte but its own digits. So each of the two holds, and together they leave no byte free.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar

from exports.document import Document
from exports.seal import Seal, parts_of, seal_line
from records.canonical import sha256_bytes
from records.certificates import Certified
from records.errors import Objection, refuse
from records.keys import Keyring

if TYPE_CHECKING:
    import pikepdf

SMALLEST = 16_384  # bytes kept for signature, certificates and seal; doubled until they fit
_UNKNOWN = 9_999_999_999
_PLACE = re.compile(
    rb"/ByteRange (\[ 0 (?:%d ?){3}\]) /Contents <(0+)>" % _UNKNOWN  # as qpdf writes the two
)
# an identifier of our own (ITU-T X.667): the seal as an attribute of the signature
_ATTRIBUTE = "2.25.108279163347160532216203574918127350146"
LABEL = "the signature of the certificate"


class NoRoom(Exception):
    """Signature and seal are longer than the place kept for them."""


def certificate_of(document: Document, keyring: Keyring, *, at: datetime) -> Certified | None:
    """The certificate this document is to carry; previews carry none.

    Raises:
        Refused: the certificate does not hold on that day.
    """
    found = keyring.certificate if document.status == "approved" else None
    if found is not None and not found.holds(at):
        first, last = found.own.not_valid_before_utc, found.own.not_valid_after_utc
        sentence = (
            f"The certificate of {found.subject} holds from {first:%d %B %Y} to {last:%d %B %Y},"
            f" not on {at:%d %B %Y}."
        )
        instead = "An administrator sets CLEARCOPY_CERTIFICATE to one that holds."
        refuse([Objection("certificate-ended", sentence, instead=instead)])
    return found


def described(certificate: Certified) -> dict[str, str]:
    """What the manifest tells of a certificate."""
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": f"{certificate.own.serial_number:x}",
        "sha256": certificate.sha256,
        "made_with": f"pyhanko {version('pyhanko')}, asn1crypto {version('asn1crypto')}",
    }


def prepare(
    pdf: pikepdf.Pdf, certificate: Certified, document: Document, *, made: datetime, room: int
) -> None:
    """Put an empty signature of a fixed size into a document; ``certify`` fills it."""
    from pikepdf import Array, Dictionary, Name, String

    signature = pdf.make_indirect(
        Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            SubFilter=Name("/ETSI.CAdES.detached"),
            ByteRange=Array([0, _UNKNOWN, _UNKNOWN, _UNKNOWN]),
            Contents=String(bytes(room)),
            M=String(f"D:{made:%Y%m%d%H%M%S}Z"),
            Name=String(certificate.subject),
            Reason=String(_reason(document)),
            Reference=Array([_no_change()]),
        )
    )
    page = pdf.pages[0].obj
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String("Certificate"),
            TU=String(f"Certified by {certificate.subject}"),
            V=signature,
            F=132,  # printed and locked, as PDF/A asks
            Rect=Array([-1, -1, -1, -1]),  # beside the page and without size: nothing to see
            P=page,
        )
    )
    page.Annots = Array([*page.get("/Annots", []), field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    pdf.Root.Perms = Dictionary(DocMDP=signature)


def _reason(document: Document) -> str:
    copy = f", copy {document.copy.number}" if document.copy else ""
    return f"Issued as approved: {document.code} {document.version}{copy}"


def _no_change() -> Any:
    from pikepdf import Dictionary, Name

    allowed = Dictionary(Type=Name.TransformParams, P=1, V=Name("/1.2"))
    return Dictionary(Type=Name.SigRef, TransformMethod=Name.DocMDP, TransformParams=allowed)


@dataclass(frozen=True)
class _Place:
    """Where the digits of the signature begin and end, the range of bytes written in."""

    data: bytes
    start: int
    end: int

    @property
    def signed(self) -> bytes:
        """What the signature covers: all but the digits and the two signs around them."""
        return self.data[: self.start - 1] + self.data[self.end + 1 :]

    def filled(self, der: bytes) -> bytes:
        digits = der.hex().encode()
        if len(digits) > self.end - self.start:
            raise NoRoom
        padded = digits.ljust(self.end - self.start, b"0")
        return self.data[: self.start] + padded + self.data[self.end :]


def certify(
    data: bytes, *, manifest_sha256: str, labels: Mapping[int, str], keyring: Keyring
) -> bytes:
    """Sign and seal a prepared file.

    Args:
        data: the bytes of a document that was ``prepare``d.
        manifest_sha256: hash of the attached envelope.
        labels: what each object is, by object number, for people.
        keyring: the installation's key, with the company's certificate.

    Raises:
        NoRoom: prepare it with more room.
    """
    if keyring.certificate is None:
        raise LookupError("there is no certificate to sign with")
    place = _place(data)
    signed = _signature(place.signed, keyring.certificate)
    length = 0
    for _ in range(8):  # the seal names offsets, whose digits depend on how long it is
        der = _with_attribute(signed, bytes(length))
        filled = place.filled(der)
        start = place.start + 2 * (len(der) - length)
        end = start + 2 * length
        rest = filled[:start] + filled[end:]
        seal = Seal(
            key=keyring.key_id,
            manifest=manifest_sha256,
            before=start,
            after=len(filled) - end,
            sha256=sha256_bytes(rest),
            parts=parts_of(rest, labels),
        )
        line = seal_line(seal, keyring=keyring)
        if len(line) == length:
            return filled[:start] + line.hex().encode() + filled[end:]
        length = len(line)
    raise NoRoom


def _place(data: bytes) -> _Place:
    found = _PLACE.search(data)
    if found is None:
        raise LookupError("the file was not prepared for a signature")
    start, end = found.span(2)
    told = b"[ 0 %d %d %d" % (start - 1, end + 1, len(data) - end - 1)
    written = told.ljust(len(found[1]) - 1) + b"]"
    return _Place(data[: found.start(1)] + written + data[found.end(1) :], start, end)


def _signature(data: bytes, certificate: Certified) -> bytes:
    """A detached CMS signature; the same words give the same bytes."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    chain = [x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in certificate.chain]
    secret = certificate.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=x509.Certificate.load(certificate.own.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(secret),
        cert_registry=SimpleCertificateStore.from_certs(chain),  # type: ignore[no-untyped-call]
    )
    algorithm = "sha512" if isinstance(certificate.key, Ed25519PrivateKey) else "sha256"
    digest = hashlib.new(algorithm, data).digest()
    # in a thread of its own, for the caller's may have a loop running already
    with ThreadPoolExecutor(1) as thread:
        signing = signer.async_sign(digest, algorithm, use_pades=True)
        made = thread.submit(asyncio.run, signing).result()
    der: bytes = made.dump()
    return der


def _with_attribute(signed: bytes, value: bytes) -> bytes:
    """The signature with our seal as its very last bytes, for nothing stands behind it."""
    from asn1crypto import cms

    made = cms.ContentInfo.load(signed)
    (signer,) = made["content"]["signer_infos"]
    signer["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute.load(_attribute(value))])
    der: bytes = made.dump()
    if not der.endswith(value):
        raise LookupError("the seal is not the end of the signature")
    return der


def _attribute(value: bytes) -> bytes:
    """An attribute of an identifier that libraries need not know, with one octet string."""
    from asn1crypto import core

    class Attribute(core.Sequence):  # type: ignore[misc]
        _fields: ClassVar = [
            ("type", core.ObjectIdentifier),
            ("values", core.SetOf, {"spec": core.OctetString}),
        ]

    der: bytes = Attribute({"type": _ATTRIBUTE, "values": [value]}).dump()
    return der

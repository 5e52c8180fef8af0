"""The formats a material is handed over in: one entry each, and nobody else knows their names.

An entry says for which kinds of material there is the format, how its bytes are made, how they are
sealed as a numbered copy and how a file of it is verified. The functions load their libraries when
they are called: pages must start without a renderer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from exports.brand import Brand
from exports.document import Document
from exports.kinds import DECKS, MAILED, PRINTED, title_of
from exports.verification import Verification
from records.errors import Objection, refuse
from records.keys import Keyring


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        name: what commands and forms call it; also the end of its files' names.
        title: what people read, in a choice of formats.
        media_type: its MIME type.
        kinds: kinds of material (``Document.kind``) that come in it.
        make: the rendition of a document in a company's look: bytes without copy number and seal.
        fingerprint: what those bytes depend on beside document and brand, for a kind.
        seal: puts manifest and seal into what ``make`` gave for the very document; None where the
            format cannot carry its proof, so that no numbered copy is issued in it.
        recognises: whether a file looks like one of these, by its first bytes.
        verify: the answer for a file; never raises for what is in it.
        as_sealed: a file without what its way through the world may have put around it.
    """

    name: str
    title: str
    media_type: str
    kinds: frozenset[str]
    make: Callable[[Document, Brand], bytes]
    fingerprint: Callable[[str], dict[str, dict[str, str]]]
    seal: Callable[[bytes, Document, Brand, Keyring], bytes] | None = None
    recognises: Callable[[bytes], bool] | None = None
    verify: Callable[[bytes, Sequence[bytes]], Verification] | None = None
    as_sealed: Callable[[bytes], bytes] = bytes

    def issue(self, document: Document, brand: Brand, keyring: Keyring) -> bytes:
        """The sealed bytes of a copy."""
        if self.seal is None:
            raise LookupError(f"{self.name} carries no seal")
        return self.seal(self.make(document, brand), document, brand, keyring)


def get(name: str) -> Format:
    """The format of a name; ``Refused`` when there is none."""
    found = next((each for each in FORMATS if each.name == _SYNONYMS.get(name, name)), None)
    if found is None:
        names = ", ".join(each.name for each in FORMATS)
        refuse([Objection("format", f"There is no format {name}; there are {names}.")])
        raise AssertionError(name)
    return found


def names() -> list[str]:
    """All formats, for the help of commands, and other words for them."""
    return [*(each.name for each in FORMATS), *_SYNONYMS]


def of_kind(kind: str) -> list[Format]:
    """What a material of this kind can be rendered in; the first is the usual one."""
    return [each for each in FORMATS if kind in each.kinds]


def issued(kind: str) -> list[Format]:
    """What numbered copies of this kind are issued in; the first is the usual one."""
    return [each for each in of_kind(kind) if each.seal is not None]


def usual(kind: str) -> Format:
    """The format of this kind when nobody says another."""
    return (issued(kind) or of_kind(kind))[0]


def choose(name: str, kind: str, *, sealed: bool = False) -> Format:
    """The format of a name for a kind of material; an empty name is the usual one.

    Raises ``Refused`` naming the formats there are. ``sealed``: for a numbered copy.
    """
    if not name:
        return usual(kind)
    offered = issued(kind) if sealed else of_kind(kind)
    found = next((each for each in offered if each.name == _SYNONYMS.get(name, name)), None)
    if found is None:
        there = " and ".join(each.name for each in offered) or "none yet"
        act = "issued as" if sealed else "rendered as"
        sentence = f"{title_of(kind)} cannot be {act} {name}; the formats are: {there}."
        refuse([Objection("format", sentence, where=name)])
        raise AssertionError(name)
    return found


def _make_pdf(document: Document, brand: Brand) -> bytes:
    from exports.rendering import render_pdf

    return render_pdf(document, brand=brand)


def _seal_pdf(data: bytes, document: Document, _brand: Brand, keyring: Keyring) -> bytes:
    from exports.sealing import seal_pdf

    return seal_pdf(data, document, keyring=keyring)


def _verify_pdf(data: bytes, public_keys: Sequence[bytes]) -> Verification:
    from exports.verifying_pdf import verify_pdf

    return verify_pdf(data, public_keys=public_keys)


def _print_fingerprint(kind: str) -> dict[str, dict[str, str]]:
    if kind in MAILED:
        from exports.mail.sealing import fingerprint as of_mail

        return of_mail(kind)
    from exports.fingerprint import fingerprint

    return fingerprint(kind)


def _make_html(document: Document, brand: Brand) -> bytes:
    if document.letter is not None:
        from exports.mail.message import mail_html

        return mail_html(document, brand).encode()
    from exports.rendering import render_html

    return render_html(document, brand=brand, nonce="render").encode()


def _make_text(document: Document, brand: Brand) -> bytes:
    if document.letter is not None:
        from exports.mail.text import mail_text

        return mail_text(document, document.letter, brand).encode()
    from exports.plain import plain_text

    return plain_text(document, brand).encode()


def _make_mail(document: Document, brand: Brand) -> bytes:
    from exports.mail.message import render_mail

    return render_mail(document, brand=brand)


def _seal_mail(data: bytes, document: Document, _brand: Brand, keyring: Keyring) -> bytes:
    from exports.mail.sealing import seal_mail

    return seal_mail(data, document, keyring)


def _is_mail(data: bytes) -> bool:
    from exports.mail.verifying import recognises

    return recognises(data)


def _verify_mail(data: bytes, public_keys: Sequence[bytes]) -> Verification:
    from exports.mail.verifying import verify_mail

    return verify_mail(data, public_keys=public_keys)


def _mail_as_sealed(data: bytes) -> bytes:
    from exports.mail.verifying import as_sealed

    return as_sealed(data)


def _make_pptx(document: Document, brand: Brand) -> bytes:
    from exports.deck.powerpoint import render_pptx

    return render_pptx(document, brand=brand)


def _seal_pptx(data: bytes, document: Document, brand: Brand, keyring: Keyring) -> bytes:
    from exports.deck.sealing import seal_pptx

    return seal_pptx(data, document, keyring, brand=brand)


def _is_pptx(data: bytes) -> bool:
    from exports.deck.verifying import recognises

    return recognises(data)


def _verify_pptx(data: bytes, public_keys: Sequence[bytes]) -> Verification:
    from exports.deck.verifying import verify_pptx

    return verify_pptx(data, public_keys=public_keys)


def _deck_fingerprint(kind: str) -> dict[str, dict[str, str]]:
    from exports.deck.fingerprint import fingerprint

    return fingerprint(kind)


def _no_fingerprint(_kind: str) -> dict[str, dict[str, str]]:
    return {}


_PDF = Format(
    "pdf",
    "PDF, to hand over",
    "application/pdf",
    PRINTED | DECKS,
    _make_pdf,
    _print_fingerprint,
    seal=_seal_pdf,
    recognises=lambda data: b"%PDF-" in data[:1024],
    verify=_verify_pdf,
)
_HTML = Format(
    "html",
    "Web page, to look at",
    "text/html; charset=utf-8",
    PRINTED | DECKS | MAILED,
    _make_html,
    _print_fingerprint,
)
_TEXT = Format(
    "txt",
    "Plain text",
    "text/plain; charset=utf-8",
    PRINTED | DECKS | MAILED,
    _make_text,
    _no_fingerprint,
)
_EML = Format(
    "eml",
    "Email, as it is sent",
    "message/rfc822",
    MAILED,
    _make_mail,
    _print_fingerprint,
    seal=_seal_mail,
    recognises=_is_mail,
    verify=_verify_mail,
    as_sealed=_mail_as_sealed,
)

_PPTX = Format(
    "pptx",
    "PowerPoint, to present",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    DECKS,
    _make_pptx,
    _deck_fingerprint,
    seal=_seal_pptx,
    recognises=_is_pptx,
    verify=_verify_pptx,
)

# the order is that of a choice; the first a kind has is its usual one
FORMATS: tuple[Format, ...] = (_PDF, _PPTX, _EML, _HTML, _TEXT)
_SYNONYMS = {"text": "txt"}

"""Making an issued copy again from the library, to see whether it is the same to the last byte.

The manifest of the file says which copy it is; everything else comes from the library as it is
today. Nothing made here leaves this module: what may be handed out is decided when it is issued.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports import formats
from exports.building import build
from exports.bulk.faces import Unfit
from exports.copies import Press
from exports.document import Document
from exports.engine import RenderingFailed, RenderingUnavailable
from exports.mail.models import Sending
from exports.mail.sending import letter, mailer_of
from exports.models import ControlledCopy
from exports.sealing import TextLost
from exports.verification import Verification, reworded
from exports.verifying import verify
from records.canonical import sha256_bytes
from records.database import keyring_of
from records.errors import NotFound, Refused
from records.keys import Keyring
from records.problems import reject

MOST = 20  # differences told
_UNMAKEABLE = (Refused, RenderingFailed, RenderingUnavailable, TextLost, Unfit)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it: ``code`` for programs, ``reason`` one sentence, ``differences`` in what.

    Codes: ``same``; ``altered``, the file is not as it was sealed, and the library makes what was
    issued; ``differs``, the library makes other bytes today; ``unmakeable``, it makes none.
    """

    same: bool
    code: str
    reason: str
    copy: str
    format: str
    differences: tuple[str, ...] = ()


def rebuild(session: Session, data: bytes, *, name: str, press: Press) -> Rebuilt:
    """Make the document of a file again and compare.

    Args:
        session: to read the library; nothing is written.
        data: the file.
        name: what it is called.
        press: look and address of this installation.

    Raises:
        BadInput: the file is none of this installation's, or not a numbered copy.
        NotFound: the library does not know the copy.
    """
    keyring = keyring_of(session)
    answer = verify(data, public_keys=[keyring.public_pem], name=name)
    if answer.manifest is None:
        raise reject(name, f"It cannot be made again without its manifest. {answer.reason}")
    manifest = answer.manifest
    copy = _copy(session, manifest, name)
    made = _Maker(session, press, _keyring(keyring, manifest))
    try:
        again = made.bytes_of(copy, manifest)
    except _UNMAKEABLE as problem:
        reason = f"It cannot be made again here: {problem}"
        return Rebuilt(False, "unmakeable", reason, _label(copy), copy.format)
    return _compared(data, again, answer, copy, keyring)


def _copy(session: Session, manifest: Mapping[str, Any], name: str) -> ControlledCopy:
    """The copy a manifest speaks of, if the library has the very same."""
    if not manifest["copy"]:
        raise reject(name, "It is no numbered copy, so the library has nothing to compare it with.")
    number, material = manifest["copy"]["number"], manifest["material"]
    found = session.get(ControlledCopy, int(number))
    version = found.material_version if found else None
    if found is None or version is None:
        raise NotFound(f"{name}: this library has no copy {number}.")
    if (version.code, version.version) != (material["code"], material["version"]):
        raise NotFound(
            f"{name}: copy {number} of this library is of {version.label}, not of"
            f" {material['code']} {material['version']}: the file belongs to another library."
        )
    return found


def _keyring(keyring: Keyring, manifest: Mapping[str, Any]) -> Keyring:
    """The key as it was used: with the company's certificate where the file carries one."""
    return keyring if "certificate" in manifest else replace(keyring, certificate=None)


@dataclass(frozen=True)
class _Maker:
    session: Session
    press: Press
    keyring: Keyring

    def bytes_of(self, copy: ControlledCopy, manifest: Mapping[str, Any]) -> bytes:
        """The sealed bytes, made the way the file was made: in full, or from a plate."""
        document = self._document(copy)
        if "plate" in manifest["fingerprint"]:
            from exports.bulk.printing import plate_of

            # made anew, not taken from what a bulk run kept
            anew = replace(self.press, plates=None)
            return plate_of(document, anew, self.keyring).fill(document, keyring=self.keyring)
        return formats.get(copy.format).issue(document, self.press.brand, self.keyring)

    def _document(self, copy: ControlledCopy) -> Document:
        sent = self.session.scalar(select(Sending).where(Sending.copy_number == copy.number))
        if sent is not None:
            mailer = mailer_of(self.session)
            return letter(self.session, sent, press=self.press, mailer=mailer, ended=True)
        return build(
            self.session,
            copy.material_version,
            base_url=self.press.base_url,
            copy=copy,
            ended=True,
        )


def _compared(
    data: bytes, again: bytes, answer: Verification, copy: ControlledCopy, keyring: Keyring
) -> Rebuilt:
    known = formats.get(copy.format).as_sealed(data)
    if known == again:
        size = f"{len(again):,} bytes, SHA-256 {sha256_bytes(again)[:16]}…"
        reason = f"Made again from the library, it is the same to the last byte ({size})."
        return Rebuilt(True, "same", reason, _label(copy), copy.format)
    if sha256_bytes(again) == copy.file_sha256:
        reason = (
            "The file was altered: the library makes, byte for byte, what was issued, and this is"
            " something else."
        )
        found = (answer.reason, *answer.differences)
        return Rebuilt(False, "altered", reason, _label(copy), copy.format, found)
    now = verify(again, public_keys=[keyring.public_pem], name=f"copy.{copy.format}").manifest or {}
    told = tuple(_differences(answer.manifest or {}, now))
    if not answer.ok:
        told = (f"The file itself was altered: {answer.reason}", *answer.differences, *told)
    if not told:
        told = (_unexplained(known, again),)
    reason = "The library makes other bytes today."
    return Rebuilt(False, "differs", reason, _label(copy), copy.format, told[:MOST])


def _label(copy: ControlledCopy) -> str:
    return f"copy {copy.number} of {copy.material_version.label}"


def _unexplained(data: bytes, again: bytes) -> str:
    pairs = enumerate(zip(data, again, strict=False))
    at = next((at for at, (was, now) in pairs if was != now), min(len(data), len(again)))
    return (
        f"Manifest and render fingerprint are the same, but the bytes differ from byte {at:,} on:"
        " something that the fingerprint does not name has changed."
    )


# what each part of a manifest is, for people
_NAMES = {
    "material": "the material",
    "brand_sha256": "the company's look (brand)",
    "validity": "the validity page",
    "copy": "the copy",
    "approvals": "the approvals",
    "blocks": "the blocks",
    "references": "the references",
    "tokens": "the personalisation",
    "checks": "the checks",
    "certificate": "the certificate",
    "template": "the template",
    "product": "the product",
    "account": "the account",
    "mail": "the email",
}


def _differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """The render fingerprint first, for it explains the rest; then what the manifest says."""
    prints = list(_leaves("", was.get("fingerprint", {}), now.get("fingerprint", {})))
    if prints:
        entries = "1 entry" if len(prints) == 1 else f"{len(prints)} entries"
        yield f"The render fingerprint differs in {entries}:"
        yield from prints[:10]
    else:
        yield "The render fingerprint is the same."
    for name in sorted({*was, *now} - {"fingerprint", "pages", "package", "format"}):
        place = _NAMES.get(name, f"“{name.replace('_', ' ')}”")
        yield from _leaves(f"{place[:1].upper()}{place[1:]}", was.get(name), now.get(name))
    pages = zip(was.get("pages", ()), now.get("pages", ()), strict=False)
    for before, after in pages:
        if before["text"] != after["text"]:
            yield from reworded(f"Page {before['number']}", before["text"], after["text"])
        elif before["sha256"] != after["sha256"]:
            yield f"Page {before['number']}: the same words, drawn differently."


def _leaves(place: str, was: Any, now: Any) -> Iterator[str]:
    """Each value that differs, with its place."""
    if was == now:
        return
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in sorted({*was, *now}):
            inner = f"{place}, {name}" if place else name
            yield from _leaves(inner, was.get(name), now.get(name))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for number, (before, after) in enumerate(zip(was, now, strict=True), start=1):
            yield from _leaves(f"{place} {number}", before, after)
    elif isinstance(was, str) and isinstance(now, str) and " " in was.strip():
        yield from reworded(place, was, now) or [f"{place}: the same words, spaced differently."]
    else:
        yield f"{place}: {_short(was)} in the file, {_short(now)} today."


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return f"{len(value)} entries"
    if isinstance(value, list):
        return f"{len(value)} of them"
    text = str(value)
    return f"“{text[:60]}…”" if len(text) > 61 else f"“{text}”"

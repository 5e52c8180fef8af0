"""Offline verification of an email: is every byte as it was sealed, and who approved what in it.

Needs the file and public keys, nothing else. Two things that happen to every email are no
alteration: headers that servers put in front of it, and line ends that are all of the other kind.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from exports.mail.anatomy import content, dissect, field_text, fields_before, visible
from exports.mail.seal import NAME, MailSeal, read_seal
from exports.manifest import BrokenManifest, load_public_key, open_envelope, public_key_id
from exports.seal import SealBroken
from exports.verification import MOST_DIFFERENCES, Verification, reworded
from records.canonical import sha256_bytes

LARGEST = 10_000_000  # bytes; an email has less than one hundredth of this
_SEAL = re.compile(rb"^X-Clearcopy-Seal:[^\r\n]*(?:\r\n [^\r\n]*)*\r\n", re.MULTILINE)
# what servers on the way put in front; nothing of it is shown to a reader as part of the letter
_TRANSPORT = re.compile(
    r"received|return-path|delivered-to|envelope-to|x-original-to|received-spf"
    r"|(?:arc-|x-google-)?dkim-signature|arc-[a-z-]+|(?:x-)?authentication-results"
    r"|x-received|x-gm-[a-z-]+|x-google-[a-z-]+|x-spam-[a-z-]+|x-virus-[a-z-]+|x-envelope-[a-z-]+"
    r"|x-ms-exchange-[a-z-]+|x-forefront-[a-z-]+|x-microsoft-antispam[a-z-]*|x-mailer-[a-z-]+"
    r"|x-mozilla-[a-z0-9-]+|x-account-key|x-uidl|status|x-status",
    re.IGNORECASE,
)
# Programs disagree on where the headers end when a folded line is blank, and on what a control sign
# does; with either, words in front of the seal could be shown as the letter.
_TREACHEROUS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\n[ \t]+\r\n")
_MOST_IN_FRONT = 200_000  # bytes of headers that servers add


class _No(Exception):
    """The file is not what was sealed."""

    def __init__(self, code: str, reason: str, *found: str, manifest: Any = None) -> None:
        super().__init__(reason)
        self.code, self.reason, self.found, self.manifest = code, reason, found, manifest


def recognises(data: bytes) -> bool:
    """Whether a file looks like an email, sealed or not, by its first header fields."""
    start = data[:200_000].replace(b"\r\n", b"\n")
    fields = re.match(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}", start)
    return (
        fields is not None
        and re.search(rb"^(?:x-clearcopy-seal|from):", fields[0], re.IGNORECASE | re.MULTILINE)
        is not None
    )


def verify_mail(data: bytes, *, public_keys: Sequence[bytes]) -> Verification:
    """Check an email against its seal and manifest.

    Raises:
        BrokenManifest: one of the *keys* is no key; the file never raises.
    """
    keys = {public_key_id(key): load_public_key(key) for key in public_keys}
    if len(data) > LARGEST:
        return Verification(False, "too_large", "The file is larger than any sealed email.")
    try:
        manifest, added = _check(_line_ends(data), keys)
    except _No as no:
        return Verification(
            False, no.code, no.reason, no.manifest, tuple(no.found)[:MOST_DIFFERENCES]
        )
    except Exception:  # noqa: BLE001 - whatever a hostile file provokes, the answer is no
        return Verification(False, "unreadable", "The file cannot be read as an email.")
    return Verification(True, "valid", f"The email is unaltered.{_told(added)}", manifest)


def _line_ends(data: bytes) -> bytes:
    """Mailboxes on Unix keep lines without the carriage return: all of them, or none."""
    return data if b"\r" in data else data.replace(b"\n", b"\r\n")


def as_sealed(data: bytes) -> bytes:
    """A message without what servers put in front of it on the way."""
    data = _line_ends(data)
    found = _SEAL.search(data)
    return data[found.start() :] if found else data


def _check(data: bytes, keys: Mapping[str, Ed25519PublicKey]) -> tuple[dict[str, Any], list[str]]:
    found = _the_seal(data)
    before, message = data[: found.start()], data[found.end() :]
    try:
        seal = read_seal(found.group(), keys=keys)
    except SealBroken as problem:
        raise _No(problem.code, str(problem)) from None
    added = _added(before)
    if len(message) != seal.length or sha256_bytes(message) != seal.sha256:
        raise _altered(message, seal, keys)
    return _manifest(message, seal, keys), added


def _the_seal(data: bytes) -> re.Match[bytes]:
    """The one seal, among the headers."""
    head = data.partition(b"\r\n\r\n")[0]
    count = data.lower().count(NAME.lower() + b":")
    if count == 0:
        raise _No(
            "no_seal",
            "The email carries no Clearcopy seal: it was written elsewhere, or saved by a program"
            " that drops headers. Save the message as it was received (“original”, “source”).",
        )
    if count > 1:
        raise _No("two_seals", "The email carries more than one seal: something was added to it.")
    found = _SEAL.search(data)
    if found is None or found.end() > len(head) + 2:
        raise _No("bad_seal", "The seal itself was altered.")
    return found


def _added(before: bytes) -> list[str]:
    """The transport headers in front of the seal; anything else there could pass for ours."""
    fields = fields_before(before)
    if fields is None or _TREACHEROUS.search(before) or len(before) > _MOST_IN_FRONT:
        raise _No("added", "Something that is no header stands in front of the email.")
    strange = [name for name in fields if not _TRANSPORT.fullmatch(name)]
    if strange:
        raise _No(
            "added",
            "A header was added in front of the email that no mail server adds.",
            f"The header {strange[0]} was added.",
        )
    return fields


def _told(added: Sequence[str]) -> str:
    if not added:
        return ""
    names = ", ".join(dict.fromkeys(added))
    return (
        f" {len(added)} headers were added in front of it on the way ({names}); they are no part"
        " of what was approved."
    )


def _manifest(
    message: bytes, seal: MailSeal, keys: Mapping[str, Ed25519PublicKey]
) -> dict[str, Any]:
    part = dissect(message, seal.boundary).find("the manifest") or b""
    envelope = base64.b64decode(part.partition(b"\r\n\r\n")[2])
    if sha256_bytes(envelope) != seal.manifest:
        raise _No("bad_manifest", "The manifest is not the one that was sealed.")
    try:
        return open_envelope(envelope, keys=keys)
    except BrokenManifest as problem:
        raise _No("bad_manifest", str(problem)) from None


def _altered(message: bytes, seal: MailSeal, keys: Mapping[str, Ed25519PublicKey]) -> _No:
    """A no that says which header or part differs, and where it can, in which words."""
    anatomy = dissect(message, seal.boundary)
    try:
        manifest: dict[str, Any] | None = _manifest(message, seal, keys)
    except Exception:  # noqa: BLE001 - an altered message may have any manifest, or none
        manifest = None
    sealed, now = dict(seal.parts), anatomy.pieces
    lines: list[str] = []
    for name, data in now:
        if name not in sealed:
            lines.append(f"{name[:1].upper()}{name[1:]} was added.")
        elif sha256_bytes(data) != sealed[name]:
            lines += _difference(name, data, manifest)
    here = [name for name, _ in now]
    lines += [f"{name[:1].upper()}{name[1:]} is missing." for name in sealed if name not in here]
    lines += [
        f"{name[:1].upper()}{name[1:]} is there twice."
        for name in dict.fromkeys(here)
        if name in sealed and here.count(name) > 1
    ]
    if not lines and _moved(here, seal):
        lines.append("Headers or parts stand in another order.")
    reason = "The email was altered after it was sealed."
    return _No("altered", reason, *dict.fromkeys(lines), manifest=manifest)


def _moved(here: Sequence[str], seal: MailSeal) -> bool:
    order = [name for name, _ in seal.parts]
    return any(now != was for now, was in zip_longest(here, order))


def _difference(name: str, data: bytes, manifest: Mapping[str, Any] | None) -> list[str]:
    place = f"{name[:1].upper()}{name[1:]}"
    said = manifest.get("mail", {}) if manifest else {}
    if name == "the text part" and "text" in said:
        return reworded(place, said["text"], content(data)) or [f"{place} differs."]
    if name == "the HTML part" and "html" in said:
        found = reworded(place, said["html"], visible(content(data)))
        return found or [f"{place} differs in its markup; the words in it are as they were sealed."]
    headers = said.get("headers", {})
    if (field := name.removeprefix("the header ")) in headers:
        return reworded(place, headers[field], field_text(data)) or [f"{place} differs."]
    return [f"{place} differs."]

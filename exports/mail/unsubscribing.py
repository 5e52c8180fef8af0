"""The way out of all mail: an address that is signed, works for ever and needs nobody to sign in.

The token names a copy and carries the installation's signature over it and its recipient, so that
nobody can take others off the list by counting (R-801 to R-804, RFC 8058).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.mail.models import Sending, Suppression, Why
from exports.mail.permission import suppress
from records.database import keyring_of
from records.errors import NotFound
from records.keys import Keyring

_SPOKEN = "clearcopy-unsubscribe/1"
_TOKEN = re.compile(r"(\d{1,12})\.([A-Za-z0-9_-]{86})")


@dataclass(frozen=True)
class Leaving:
    """What the page shows: the address, half hidden, and whether it is off the list."""

    copy_number: int
    masked: str
    done: bool


def token(number: int, address_sha256: str, *, keyring: Keyring) -> str:
    """The token of a copy; the same copy has the same one always."""
    seal = keyring.seal(_words(number, address_sha256))
    return f"{number}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"


def look(session: Session, text: str) -> Leaving:
    """Whom a token is about; ``NotFound`` for one we did not sign."""
    return _shown(session, _sending(session, text))


def leave(session: Session, text: str, *, source: str) -> Leaving:
    """Take the recipient off the list at once; doing so again changes nothing."""
    sending = _sending(session, text)
    suppress(
        session,
        sending.address_sha256,
        why=Why.OPT_OUT,
        source=source,
        copy_number=sending.copy_number,
    )
    return _shown(session, sending)


def _sending(session: Session, text: str) -> Sending:
    found = _TOKEN.fullmatch(text)
    number = int(found[1]) if found else 0
    sending = session.scalar(select(Sending).where(Sending.copy_number == number))
    if found is None or sending is None:
        raise NotFound("This link is not one of ours, or it was cut off on the way.")
    try:
        seal = base64.urlsafe_b64decode(found[2] + "==")
    except (binascii.Error, ValueError):
        seal = b""
    if not keyring_of(session).holds(seal, _words(number, sending.address_sha256)):
        raise NotFound("This link is not one of ours, or it was cut off on the way.")
    return sending


def _words(number: int, address_sha256: str) -> bytes:
    return f"{_SPOKEN}\n{number}\n{address_sha256}".encode()


def _shown(session: Session, sending: Sending) -> Leaving:
    done = session.scalar(
        select(Suppression.id)
        .where(
            Suppression.address_sha256 == sending.address_sha256,
            Suppression.why == Why.OPT_OUT,
            Suppression.at >= sending.queued_at,
        )
        .limit(1)
    )
    return Leaving(sending.copy_number, _masked(sending.address), done is not None)


def _masked(address: str) -> str:
    """``a…s@demo.example``: enough to know one's own, not enough to learn another's."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…{name[-1:]}@{domain}" if len(name) > 2 else f"{name[:1]}…@{domain}"

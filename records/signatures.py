"""Electronic signatures: re-authenticated, bound to content, sealed, verified when read.

A signature states who (printed name), when (UTC), what it means and the SHA-256 of the content
(21 CFR 11.50, 11.70, 11.200). It is valid only while the thing it is read for still has that
content: an edit, a copy to another version or a row written with SQL makes it worthless.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from records import audit, clock, passwords
from records.actions import Action
from records.canonical import canonical_json
from records.database import keyring_of
from records.errors import Objection, refuse
from records.models import Person, Signature


@dataclass(frozen=True)
class Subject:
    """What is signed: one version's content."""

    kind: str
    id: int
    label: str
    content_sha256: str


def sign(
    session: Session,
    subject: Subject,
    *,
    actor: Person,
    password: str,
    meaning: str,
    discipline: str = "",
    verdict: str = "",
    context: Mapping[str, Any] | None = None,
) -> Signature:
    """Sign after checking the signer's password anew; a session cookie alone never signs.

    Raises ``passwords.WrongPassword`` (or ``Locked``): the caller's transaction is lost with it,
    and the roof records the failed attempt in a second one.
    """
    passwords.confirm(actor, password)
    if actor.must_change_password:
        # somebody else knows it too: it cannot stand for this person's will
        sentence = "This is a one-time password: set your own on your profile, then sign."
        refuse([Objection("password-not-own", sentence, where="password")])
    # slips are counted from the last time somebody proved who they are, as at signing in
    actor.failed_attempts = 0
    signature = Signature(
        person_id=actor.id,
        printed_name=actor.name,
        at=clock.now(),
        meaning=meaning,
        discipline=discipline,
        verdict=verdict,
        subject_kind=subject.kind,
        subject_id=subject.id,
        content_sha256=subject.content_sha256,
        context=dict(context or {}),
    )
    signature.seal = keyring_of(session).seal(sealed_bytes(signature))
    session.add(signature)
    session.flush()
    audit.record(
        session,
        Action.SIGNATURE_GIVE,
        actor=actor,
        subject=(subject.kind, subject.id, subject.label),
        reason=meaning,
        after={
            "signature": signature.id,
            "discipline": discipline,
            "verdict": verdict,
            "content_sha256": subject.content_sha256,
        },
    )
    return signature


def sealed_bytes(signature: Signature) -> bytes:
    """What the installation's key seals: every field of the row but its id and the seal."""
    return canonical_json(statement(signature)).encode()


def statement(signature: Signature) -> dict[str, Any]:
    """The signature as plain data, as manifests and exports carry it."""
    return {
        "person": signature.person_id,
        "printed_name": signature.printed_name,
        "at": signature.at,
        "meaning": signature.meaning,
        "discipline": signature.discipline,
        "verdict": signature.verdict,
        "subject_kind": signature.subject_kind,
        "subject_id": signature.subject_id,
        "content_sha256": signature.content_sha256,
        "context": signature.context,
    }


def valid(session: Session, signature: Signature, *, kind: str, id: int, content: str) -> bool:
    """Whether this signature holds for this version with this content hash, now."""
    return (
        signature.subject_kind == kind
        and signature.subject_id == id
        and signature.content_sha256 == content
        and _seal_holds(session, signature)
    )


def _seal_holds(session: Session, signature: Signature) -> bool:
    """Ed25519 over the same bytes never changes its mind, so the answer is kept per process."""
    data, keyring = sealed_bytes(signature), keyring_of(session)
    key = hashlib.sha256(b"".join((keyring.key_id.encode(), signature.seal, data))).digest()
    holds = _held.get(key)
    if holds is None:
        if len(_held) > _HELD_MOST:
            _held.clear()
        holds = _held[key] = keyring.holds(signature.seal, data)
    return holds


_HELD_MOST = 50_000
# by the hash of key id (16 letters), seal and sealed bytes: thirty thousand of them stay small
_held: dict[bytes, bool] = {}

"""Notices of mail servers that a letter could not be delivered (RFC 3464), read and recorded."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.mail.models import Sending, SendingState, Why, address_hash
from exports.mail.permission import suppress
from exports.mail.sending import note
from records import clock, roles
from records.actions import Action
from records.models import Person
from records.problems import reject
from records.roles import Permission

LARGEST = 5_000_000
_COPY = re.compile(r"copy=(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says of one recipient; ``final`` when the server gave up for good."""

    address: str
    status: str
    words: str
    copy_number: int | None
    final: bool


def read_notice(data: bytes, *, filename: str) -> tuple[Notice, ...]:
    """The recipients of one notice.

    Raises ``BadInput`` for a file that is no notice of non-delivery.
    """
    if len(data) > LARGEST:
        raise reject(filename, "The file is larger than 5 MB.", code="too-large")
    message = email.message_from_bytes(data, policy=email.policy.default)
    number = _copy_number(message)
    found = tuple(
        notice
        for part in message.walk()
        if part.get_content_type() == "message/delivery-status"
        for notice in _recipients(part, number)
    )
    if not found:
        sentence = (
            "This is no notice of non-delivery: it has no part message/delivery-status. Record"
            " the address itself instead."
        )
        raise reject(filename, sentence, code="no-notice")
    return found


def record_notice(session: Session, notice: Notice, *, actor: Person) -> str:
    """Record one recipient of a notice; the answer says in a word what came of it.

    ``bounced``: never written to again; ``delayed``: the server still tries; ``unknown``: the
    address was never written to from here.
    """
    roles.require(actor, Permission.SEND_EMAILS)
    sending = _sending(session, notice)
    if sending is None:
        return "unknown"
    if not notice.final:
        return "delayed"
    _bounced(session, sending, notice.words, actor)
    return "bounced"


def record_bounce(session: Session, address: str, *, words: str, actor: Person) -> str:
    """Record that mail to an address came back, as somebody says it."""
    notice = Notice(address, "5.0.0", words, None, final=True)
    return record_notice(session, notice, actor=actor)


def _bounced(session: Session, sending: Sending, words: str, actor: Person) -> None:
    if sending.state in (SendingState.SENT, SendingState.UNCERTAIN):
        sending.state, sending.detail = SendingState.BOUNCED, words[:1000]
        sending.ended_at = clock.now()
        session.flush()
        note(session, sending, Action.EMAIL_BOUNCE, actor=actor, reason=words)
    suppress(
        session,
        sending.address_sha256,
        why=Why.BOUNCE,
        source="notice",
        actor=actor,
        detail=words,
        copy_number=sending.copy_number,
    )


def _sending(session: Session, notice: Notice) -> Sending | None:
    """The letter a notice is about: by its copy number, if the address agrees, else the newest."""
    query = select(Sending).where(Sending.address_sha256 == address_hash(notice.address))
    if notice.copy_number is not None:
        query = query.where(Sending.copy_number == notice.copy_number)
    return session.scalar(query.order_by(Sending.id.desc()).limit(1))


def _copy_number(message: Message) -> int | None:
    """From the headers of the letter that came back with the notice."""
    for part in message.walk():
        header = str(part.get("X-Clearcopy-Material", ""))
        if part.get_content_type() == "text/rfc822-headers":
            header += str(part.get_payload())
        if found := _COPY.search(header):
            return int(found[1])
    return None


def _recipients(part: EmailMessage | Message, number: int | None) -> Iterator[Notice]:
    payload = part.get_payload()
    for fields in payload if isinstance(payload, list) else []:
        if not isinstance(fields, Message):
            continue
        address = _after(str(fields.get("Final-Recipient", "")))
        if not address:
            continue
        status = str(fields.get("Status", "")).strip()
        words = _after(str(fields.get("Diagnostic-Code", ""))) or f"Status {status}"
        failed = str(fields.get("Action", "")).strip().lower() == "failed"
        yield Notice(address, status, words[:300], number, failed and status.startswith("5"))


def _after(text: str) -> str:
    """``rfc822; name@example.org`` without the kind of address in front."""
    return " ".join(text.partition(";")[2].split())

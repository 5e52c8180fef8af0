"""The errand that sends one letter: decided, attempted, told; in two short transactions.

Between them the mail server is asked. Whoever dies there leaves ``attempted`` behind, and the next
who looks marks the letter as uncertain: better once too few than twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from exports import formats
from exports.engine import RenderingFailed
from exports.jobs import press_of
from exports.mail.delivering import Delivery, Outcome
from exports.mail.models import Sending, SendingState, Why
from exports.mail.permission import suppress
from exports.mail.sending import FORMAT, JOB, letter, mailer_of, note, stopping
from exports.models import CopyState
from exports.sealing import TextLost
from records import clock, errands, files
from records.actions import Action
from records.database import Sessions, keyring_of
from records.errors import Refused

_FOUND_ATTEMPTED = (
    "The worker ended between asking the mail server and hearing its answer. Look into the mail"
    " server's log whether the letter left, and record what you find."
)


@dataclass(frozen=True)
class _Ready:
    """A letter whose bytes are kept and whose attempt is on record."""

    data: bytes
    address: str


def _gave_up(session: Session, *, error: str, sending: int) -> None:
    row = session.get_one(Sending, sending)
    if row.state is SendingState.QUEUED:
        _end(session, row, SendingState.REFUSED, error, Action.EMAIL_REFUSE)
    elif row.state is SendingState.ATTEMPTED:
        _end(session, row, SendingState.UNCERTAIN, _FOUND_ATTEMPTED, Action.EMAIL_DOUBT)


@errands.job(JOB, own_transactions=True, gave_up=_gave_up)
def send_email(sessions: Sessions, *, sending: int) -> None:
    """Send one queued letter, if it may still go out."""
    with sessions.write() as session:
        ready = _prepare(session, session.get_one(Sending, sending, with_for_update=True))
        mailer = mailer_of(session)
    if ready is None:
        return
    delivery = mailer.deliver(ready.data, recipient=ready.address)
    with sessions.write() as session:
        _conclude(session, session.get_one(Sending, sending), delivery)
    if delivery.outcome is Outcome.LATER:
        raise ConnectionError(delivery.words)  # the outbox tries again, less and less often


def _prepare(session: Session, row: Sending) -> _Ready | None:
    """The sealed bytes, once everything is asked again; None when there is nothing to send."""
    if row.state is SendingState.ATTEMPTED:
        _end(session, row, SendingState.UNCERTAIN, _FOUND_ATTEMPTED, Action.EMAIL_DOUBT)
        return None
    if row.state is not SendingState.QUEUED:
        return None
    press = press_of(session)
    found = stopping(session, row, press=press)
    if found:
        _stop(session, row, " ".join(each.sentence for each in found))
        return None
    try:
        data = _bytes(session, row)
    except (Refused, RenderingFailed, TextLost) as problem:
        _stop(session, row, str(problem))
        return None
    row.state, row.attempted_at = SendingState.ATTEMPTED, clock.now()
    session.flush()
    note(session, row, Action.EMAIL_ATTEMPT)
    return _Ready(data, row.address)


def _bytes(session: Session, row: Sending) -> bytes:
    """The copy's bytes: made once, the same at every attempt."""
    store, copy = files.store_of(session), row.copy
    if copy.file_sha256 is not None:
        return store.get(copy.file_sha256)
    press = press_of(session)
    document = letter(session, row, press=press, mailer=mailer_of(session))
    format = formats.get(FORMAT)
    data = format.issue(document, press.brand, keyring_of(session))
    copy.file_sha256 = store.put(session, data, format.media_type)
    copy.state = CopyState.ISSUED
    session.flush()
    return data


def _conclude(session: Session, row: Sending, delivery: Delivery) -> None:
    match delivery.outcome:
        case Outcome.SENT:
            _end(session, row, SendingState.SENT, delivery.words, Action.EMAIL_SEND)
        case Outcome.UNCERTAIN:
            _end(session, row, SendingState.UNCERTAIN, delivery.words, Action.EMAIL_DOUBT)
        case Outcome.REFUSED:
            _end(session, row, SendingState.REFUSED, delivery.words, Action.EMAIL_REFUSE)
            if delivery.bounced:
                _suppress(session, row, delivery.words)
        case Outcome.LATER:
            row.state, row.detail = SendingState.QUEUED, delivery.words
            session.flush()


def _suppress(session: Session, row: Sending, words: str) -> None:
    suppress(
        session,
        row.address_sha256,
        why=Why.BOUNCE,
        source="mail server",
        detail=words,
        copy_number=row.copy_number,
    )


def _stop(session: Session, row: Sending, why: str) -> None:
    """The copy keeps its number and is never sent."""
    if row.copy.state is CopyState.MAKING:
        row.copy.state, row.copy.failure = CopyState.FAILED, f"Not sent: {why}"[:500]
    _end(session, row, SendingState.STOPPED, why, Action.EMAIL_STOP)


def _end(session: Session, row: Sending, state: SendingState, words: str, action: Action) -> None:
    row.state, row.detail, row.ended_at = state, words[:1000], clock.now()
    session.flush()
    note(session, row, action, reason=words)

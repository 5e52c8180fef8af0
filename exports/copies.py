"""Controlled copies: numbered, bound to a holder, refused the moment anything in them ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports import formats, numbering
from exports.brand import Brand
from exports.building import build
from exports.kinds import kind_of
from exports.models import ControlledCopy, CopyState, MaterialVersion
from exports.policy import may_receive
from records import audit, clock, errands, files, roles
from records.actions import Action
from records.database import keyring_of
from records.errors import NotFound, Objection, refuse
from records.models import Person
from records.roles import Permission, may

JOB = "exports.print-copy"
LONGEST_PURPOSE = 200


@dataclass(frozen=True)
class Press:
    """What rendering needs to know of the installation: its look and its public address.

    ``plates`` is a folder for layouts that are kept from one bulk run to the next, if there is one.
    """

    brand: Brand
    base_url: str
    plates: Path | None = None


def reserve_copy(
    session: Session,
    version: MaterialVersion,
    *,
    format: str,
    holder: Person,
    actor: Person,
    purpose: str = "",
    request_key: str,
) -> ControlledCopy:
    """Record a numbered copy for one person, and have the worker print it (``exports.jobs``).

    The same ``request_key`` gives the copy it gave before, so a double click issues one. Raises
    ``Refused`` naming the part, the reason and what replaces it.
    """
    known = _known(session, version, holder, request_key)
    if known is not None:
        return known
    copy = _reserve(session, version, format, holder, actor, purpose, request_key)
    _note_issue(session, copy, actor)
    errands.enqueue(session, JOB, number=copy.number)
    return copy


def issue_copy(
    session: Session,
    version: MaterialVersion,
    *,
    format: str,
    holder: Person,
    actor: Person,
    purpose: str = "",
    request_key: str,
    press: Press,
) -> ControlledCopy:
    """``reserve_copy``, and print it here and now, in the same transaction; for commands."""
    known = _known(session, version, holder, request_key)
    if known is not None:
        if known.state is CopyState.MAKING:
            seal_copy(session, known, print_copy(session, known, press))
        return known
    copy = _reserve(session, version, format, holder, actor, purpose, request_key)
    _keep(session, copy, print_copy(session, copy, press))
    _note_issue(session, copy, actor)
    return copy


def print_copy(session: Session, copy: ControlledCopy, press: Press) -> bytes:
    """The sealed bytes of a copy; reads only, so it keeps nobody from writing.

    Raises ``Refused`` or ``RenderingFailed`` when this version cannot be printed.
    """
    return _print(session, copy.material_version, copy, press)


def seal_copy(session: Session, copy: ControlledCopy, data: bytes) -> None:
    """Keep the bytes of a copy that was being made; from now on it can be downloaded."""
    if copy.state is not CopyState.MAKING:
        return
    _keep(session, copy, data)
    audit.record(
        session,
        Action.COPY_MAKE,
        actor=None,
        subject=_subject(copy),
        after={"sha256": copy.file_sha256},
    )


def fail_copy(session: Session, copy: ControlledCopy, *, reason: str) -> None:
    """Say that a copy could not be made; its number stays taken and it is never downloadable."""
    if copy.state is not CopyState.MAKING:
        return
    copy.state, copy.failure = CopyState.FAILED, reason[:500]
    session.flush()
    audit.record(
        session,
        Action.COPY_FAIL,
        actor=None,
        subject=_subject(copy),
        reason=reason[:500],
    )


def _known(
    session: Session, version: MaterialVersion, holder: Person, request_key: str
) -> ControlledCopy | None:
    known = session.scalar(select(ControlledCopy).where(ControlledCopy.request_key == request_key))
    if known is not None:
        refuse(_other_request(known, version, holder))
    return known


def _reserve(
    session: Session,
    version: MaterialVersion,
    format: str,
    holder: Person,
    actor: Person,
    purpose: str,
    request_key: str,
) -> ControlledCopy:
    """A number for somebody who may receive this version now."""
    own = holder.id == actor.id
    roles.require(actor, Permission.RECEIVE_COPIES if own else Permission.ISSUE_COPIES)
    now = clock.now()
    refuse(
        may_receive(session, holder, version, at=now), intro=f"{version.label} cannot be issued."
    )
    # after the proof that the row says what was signed: it names the kind
    chosen = formats.choose(format, kind_of(version), sealed=True)
    copy = ControlledCopy(
        number=numbering.next_copy_number(session),
        material_version=version,
        format=chosen.name,
        holder=holder,
        issued_by=actor,
        issued_at=now,
        purpose=purpose[:LONGEST_PURPOSE],
        request_key=request_key,
        state=CopyState.MAKING,
    )
    session.add(copy)
    session.flush()
    return copy


def _keep(session: Session, copy: ControlledCopy, data: bytes) -> None:
    media_type = formats.get(copy.format).media_type
    copy.file_sha256 = files.store_of(session).put(session, data, media_type)
    copy.state = CopyState.ISSUED
    session.flush()


def _note_issue(session: Session, copy: ControlledCopy, actor: Person) -> None:
    audit.record(
        session,
        Action.COPY_ISSUE,
        actor=actor,
        subject=_subject(copy),
        reason=copy.purpose,
        after={"holder": copy.holder.email, "sha256": copy.file_sha256, "format": copy.format},
    )


def _subject(copy: ControlledCopy) -> tuple[str, int, str]:
    label = f"copy {copy.number} of {copy.material_version.label}"
    return (ControlledCopy.KIND, copy.number, label)


def _other_request(
    known: ControlledCopy, version: MaterialVersion, holder: Person
) -> Iterator[Objection]:
    """A key that was used for something else gives nobody that copy."""
    if (known.material_version_id, known.holder_id) != (version.id, holder.id):
        sentence = "This form was sent before, for another copy."
        yield Objection("request-key", sentence, instead="Open the material again.")


def _print(session: Session, version: MaterialVersion, copy: ControlledCopy, press: Press) -> bytes:
    """The sealed bytes of a copy in its format."""
    document = build(session, version, base_url=press.base_url, copy=copy)
    return formats.get(copy.format).issue(document, press.brand, keyring_of(session))


def open_copy(session: Session, number: int, *, actor: Person) -> bytes:
    """The bytes of a copy for its holder, as long as everything in it still holds."""
    copy = session.get(ControlledCopy, number)
    allowed = copy is not None and (
        copy.holder_id == actor.id or may(actor, Permission.ISSUE_COPIES)
    )
    if copy is None or not allowed:
        raise NotFound(f"There is no copy {number} of yours.")
    refuse(
        [
            *_state_objections(copy),
            *may_receive(session, copy.holder, copy.material_version, at=clock.now()),
        ],
        intro=f"Copy {number} of {copy.material_version.label} may no longer be used.",
    )
    audit.record(
        session,
        Action.COPY_DOWNLOAD,
        actor=actor,
        subject=_subject(copy),
    )
    return files.store_of(session).get(copy.file_sha256 or "")


def _state_objections(copy: ControlledCopy) -> Iterator[Objection]:
    match copy.state:
        case CopyState.ISSUED:
            return
        case CopyState.MAKING:
            sentence = f"Copy {copy.number} is still being made."
            yield Objection("making", sentence, instead="Ask again in a moment.")
        case CopyState.FAILED:
            sentence = f"Copy {copy.number} could not be made: {copy.failure}"
            yield Objection("failed", sentence, instead="Ask for a new copy.")
        case _:
            sentence = f"Copy {copy.number} was recalled."
            yield Objection("recalled", sentence, instead="Destroy every print and file of it.")

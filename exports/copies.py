"""Controlled copies: numbered, bound to a holder, refused the moment anything in them ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports import numbering
from exports.brand import Brand
from exports.building import build
from exports.models import ControlledCopy, CopyState, MaterialVersion
from exports.policy import may_receive
from records import audit, clock, files, roles
from records.actions import Action
from records.database import keyring_of
from records.errors import NotFound, Objection, refuse
from records.models import Person
from records.roles import Permission, may

FORMATS = ("pdf",)


@dataclass(frozen=True)
class Press:
    """What rendering needs to know of the installation: its look and its public address."""

    brand: Brand
    base_url: str


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
    """Record and print a numbered copy for one person.

    The same ``request_key`` gives the copy it gave before, so a double click issues one. Raises
    ``Refused`` naming the part, the reason and what replaces it.
    """
    own = holder.id == actor.id
    roles.require(actor, Permission.RECEIVE_COPIES if own else Permission.ISSUE_COPIES)
    if format not in FORMATS:
        refuse([Objection("format", f"There is no format {format}; there is {FORMATS[0]}.")])
    known = session.scalar(select(ControlledCopy).where(ControlledCopy.request_key == request_key))
    if known is not None:
        refuse(_other_request(known, version, holder))
        return known
    now = clock.now()
    refuse(
        may_receive(session, holder, version, at=now), intro=f"{version.label} cannot be issued."
    )
    copy = ControlledCopy(
        number=numbering.next_copy_number(session),
        material_version=version,
        format=format,
        holder=holder,
        issued_by=actor,
        issued_at=now,
        purpose=purpose[:200],
        request_key=request_key,
    )
    with session.no_autoflush:
        data = _print(session, version, copy, press)
        copy.file_sha256 = files.store_of(session).put(session, data, "application/pdf")
    session.add(copy)
    session.flush()
    audit.record(
        session,
        Action.COPY_ISSUE,
        actor=actor,
        subject=(ControlledCopy.KIND, copy.number, f"copy {copy.number} of {version.label}"),
        reason=purpose,
        after={"holder": holder.email, "sha256": copy.file_sha256, "format": format},
    )
    return copy


def _other_request(
    known: ControlledCopy, version: MaterialVersion, holder: Person
) -> Iterator[Objection]:
    """A key that was used for something else gives nobody that copy."""
    if (known.material_version_id, known.holder_id) != (version.id, holder.id):
        sentence = "This form was sent before, for another copy."
        yield Objection("request-key", sentence, instead="Open the material again.")


def _print(session: Session, version: MaterialVersion, copy: ControlledCopy, press: Press) -> bytes:
    """The sealed bytes of a copy; the engine is loaded here, as pages must start without it."""
    from exports.rendering import render_pdf
    from exports.sealing import seal_pdf

    document = build(session, version, base_url=press.base_url, copy=copy)
    return seal_pdf(render_pdf(document, brand=press.brand), document, keyring=keyring_of(session))


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
        subject=(ControlledCopy.KIND, number, f"copy {number} of {copy.material_version.label}"),
    )
    return files.store_of(session).get(copy.file_sha256)


def _state_objections(copy: ControlledCopy) -> Iterator[Objection]:
    if copy.state is not CopyState.ISSUED:
        sentence = f"Copy {copy.number} was recalled."
        yield Objection("recalled", sentence, instead="Destroy every print and file of it.")

"""Sending an approved email: queued for chosen recipients, each with a numbered copy of its own.

A letter is never sent twice. ``attempted`` is written before the mail server is asked; whoever
finds it there again does not know what became of it, and a person has to find out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Stakeholder
from exports import numbering, validity
from exports.building import build
from exports.copies import Press
from exports.document import Document
from exports.mail.delivering import Mailer
from exports.mail.lettering import Addressed
from exports.mail.models import Sending, SendingState, address_hash
from exports.mail.permission import standings
from exports.mail.unsubscribing import token
from exports.models import ControlledCopy, CopyState, MaterialVersion
from records import audit, clock, errands, roles
from records.actions import Action
from records.database import keyring_of
from records.errors import Objection, refuse
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import Channel

JOB = "exports.send-email"
MOST_AT_ONCE = 500
FORMAT = "eml"


@dataclass(frozen=True)
class Candidate:
    """A stakeholder of the account, and why this email may not go to them; empty: it may."""

    stakeholder: Stakeholder
    objections: tuple[Objection, ...]
    consent_basis: str = ""


def mailer_of(session: Session) -> Mailer:
    """The mail server a session was opened with; one that is not set up where there is none."""
    found = session.info.get("mailer")
    return found if isinstance(found, Mailer) else Mailer()


def candidates(session: Session, version: MaterialVersion) -> list[Candidate]:
    """The named stakeholders of the material's account, each judged now."""
    people = [each for each in version.material.account.stakeholders if each.name or each.email]
    known = standings(session, [each.email for each in people if each.email])
    sent = _already(session, version)
    found = []
    for each in people:
        standing = known.get(each.email)
        against = list(_of_recipient(each, version, sent))
        if standing is not None and standing.objection is not None:
            against.append(standing.objection)
        basis = standing.consent.basis if standing is not None and standing.consent else ""
        found.append(Candidate(each, tuple(against), basis))
    return sorted(found, key=lambda each: (bool(each.objections), each.stakeholder.name))


def objections(
    session: Session, version: MaterialVersion, *, actor: Person, press: Press
) -> list[Objection]:
    """Why this person may not send this email to anybody now."""
    return [
        *_of_sender(actor, version),
        *_of_installation(mailer_of(session), press, version.material.market),
        *validity.objections(session, version, at=clock.now()),
    ]


def queue(
    session: Session,
    version: MaterialVersion,
    chosen: Collection[int],
    *,
    actor: Person,
    press: Press,
    request_key: str,
) -> list[Sending]:
    """Queue the email for chosen stakeholders (by id), all of them or none.

    The same ``request_key`` gives the letters it gave before, so a double click sends once. Raises
    ``Refused`` with one objection for each recipient that may not be written to.
    """
    roles.require(actor, Permission.SEND_EMAILS)
    known = of_request(session, request_key)
    if known:
        refuse(_other_request(known, version, actor))
        return known
    refuse(objections(session, version, actor=actor, press=press), intro=_NOT_NOW)
    offered = {each.stakeholder.id: each for each in candidates(session, version)}
    refuse(_choice_objections(chosen, offered), intro="Nothing was sent.")
    picked = [each for id, each in offered.items() if id in set(chosen)]
    return [_queue_one(session, version, each, actor, request_key) for each in picked]


_NOT_NOW = "This email cannot be sent now."


def of_request(session: Session, request_key: str) -> list[Sending]:
    """The letters one form asked for."""
    rows = session.scalars(
        select(Sending).where(Sending.request_key == request_key).order_by(Sending.id)
    )
    return list(rows)


def _queue_one(
    session: Session,
    version: MaterialVersion,
    candidate: Candidate,
    actor: Person,
    request_key: str,
) -> Sending:
    person, now = candidate.stakeholder, clock.now()
    copy = ControlledCopy(
        number=numbering.next_copy_number(session),
        material_version=version,
        format=FORMAT,
        holder=actor,
        issued_by=actor,
        issued_at=now,
        purpose=f"Email to {person.role.label.lower()}, {version.facts['name']}"[:200],
        request_key=f"{request_key[:28]}-{person.id}"[:40],
        state=CopyState.MAKING,
    )
    session.add(copy)
    session.flush()
    sending = Sending(
        copy_number=copy.number,
        material_version_id=version.id,
        request_key=request_key[:40],
        address_sha256=address_hash(person.email),
        address=person.email,
        recipient=person.name,
        role=person.role.value,
        sent_by_id=actor.id,
        consent_basis=candidate.consent_basis,
        state=SendingState.QUEUED,
        queued_at=now,
        due_at=_next_place(session),
    )
    session.add(sending)
    session.flush()
    note(session, sending, Action.EMAIL_QUEUE, actor=actor)
    errand = errands.enqueue(session, JOB, sending=sending.id)
    errand.run_after = sending.due_at
    return sending


def _next_place(session: Session) -> datetime:
    """When the next letter may go: one after the other, no more than the server takes."""
    now, pause = clock.now(), timedelta(seconds=60 / mailer_of(session).per_minute)
    last = session.scalar(
        select(func.max(Sending.due_at)).where(Sending.state == SendingState.QUEUED)
    )
    return now if last is None else max(now, last + pause)


def note(
    session: Session,
    sending: Sending,
    action: Action,
    *,
    actor: Person | None = None,
    reason: str = "",
) -> None:
    """One row of the trail: the hash of the address, never the address (R-703, R-809)."""
    audit.record(
        session,
        action,
        actor=actor,
        subject=(Sending.KIND, sending.id, f"email copy {sending.copy_number}"),
        reason=reason[:500],
        after={
            "copy": sending.copy_number,
            "material_version": sending.material_version_id,
            "recipient_sha256": sending.address_sha256,
            "consent": sending.consent_basis,
            "state": sending.state,
            "sha256": session.get_one(ControlledCopy, sending.copy_number).file_sha256,
        },
    )


def letter(
    session: Session, sending: Sending, *, press: Press, mailer: Mailer, ended: bool = False
) -> Document:
    """The document of one recipient's copy; ``ended`` as in ``exports.building.build``."""
    sign = token(sending.copy_number, sending.address_sha256, keyring=keyring_of(session))
    sender = sending.sent_by
    addressed = Addressed(
        sender=mailer.sender,
        signed_by=sender.name,
        signed_title=sender.title,
        recipient=sending.address,
        recipient_name=sending.recipient,
        unsubscribe=f"{press.base_url.rstrip('/')}/u/{sign}",
    )
    return build(
        session,
        sending.material_version,
        base_url=press.base_url,
        copy=sending.copy,
        addressed=addressed,
        ended=ended,
    )


def stopping(session: Session, sending: Sending, *, press: Press) -> list[Objection]:
    """Why a queued letter may not go out after all, asked at the moment of sending (R-808)."""
    standing = standings(session, [sending.address])[sending.address]
    own = [standing.objection] if standing.objection is not None else []
    return [
        *own,
        *objections(session, sending.material_version, actor=sending.sent_by, press=press),
    ]


def _already(session: Session, version: MaterialVersion) -> set[str]:
    """Who has this version, or is about to."""
    gone = (SendingState.REFUSED, SendingState.STOPPED, SendingState.BOUNCED)
    rows = session.scalars(
        select(Sending.address_sha256).where(
            Sending.material_version_id == version.id, Sending.state.not_in(gone)
        )
    )
    return set(rows)


def _of_recipient(
    person: Stakeholder, version: MaterialVersion, sent: Collection[str]
) -> Iterator[Objection]:
    if not person.email:
        yield Objection("no-address", f"There is no address of {person.name}.", person.name)
        return
    if person.role is not version.material.role:
        role = version.material.role.label.lower()
        sentence = f"{person.name} is {person.role.label.lower()}; the email is for {role}."
        yield Objection("other-role", sentence, person.email)
    if address_hash(person.email) in sent:
        sentence = f"{person.name} has this version already, or is about to get it."
        yield Objection("already-sent", sentence, person.email)


def _of_sender(actor: Person, version: MaterialVersion) -> Iterator[Objection]:
    if not may(actor, Permission.SEND_EMAILS):
        yield Objection("not-a-sender", f"{actor.name} may not send emails.", actor.email)
    state = version.material.account.state
    if not may(actor, Permission.READ_ALL_TERRITORIES) and state not in actor.territory:
        sentence = f"{version.facts['name']} ({state}) is not in {actor.name}'s territory."
        yield Objection("territory", sentence, actor.email)
    if version.material.channel is not Channel.EMAIL:
        yield Objection("no-email", f"{version.code} is no email.", version.code)


def _of_installation(mailer: Mailer, press: Press, market: str) -> Iterator[Objection]:
    if not mailer.ready:
        yield Objection(
            "no-server",
            "Sending is not set up here.",
            instead="An administrator sets CLEARCOPY_SMTP_HOST and CLEARCOPY_SMTP_FROM.",
        )
    if not press.brand.address_for(market):
        yield Objection(
            "no-postal-address",
            "An email must carry the company's postal address, and none is set.",
            instead="An administrator sets CLEARCOPY_POSTAL_ADDRESS.",
        )


def _choice_objections(
    chosen: Collection[int], offered: dict[int, Candidate]
) -> Iterator[Objection]:
    if not chosen:
        yield Objection("nobody", "Nobody was chosen.", instead="Choose at least one recipient.")
    if len(chosen) > MOST_AT_ONCE:
        yield Objection("too-many", f"At most {MOST_AT_ONCE} recipients can be chosen at once.")
    for id in chosen:
        if id not in offered:
            yield Objection(
                "unknown", "Somebody chosen is no stakeholder of this account any more."
            )
            continue
        yield from offered[id].objections


def _other_request(
    known: Sequence[Sending], version: MaterialVersion, actor: Person
) -> Iterator[Objection]:
    if any((each.material_version_id, each.sent_by_id) != (version.id, actor.id) for each in known):
        sentence = "This form was sent before, for another email."
        yield Objection("request-key", sentence, instead="Open the material again.")


def sendings_of(session: Session, version: MaterialVersion, *, limit: int = 200) -> list[Sending]:
    """The letters of a version, newest first."""
    return list(
        session.scalars(
            select(Sending)
            .where(Sending.material_version_id == version.id)
            .order_by(Sending.id.desc())
            .limit(limit)
        )
    )


def resolve(session: Session, sending: Sending, *, left: bool, reason: str, actor: Person) -> None:
    """Record what a person found out about an uncertain letter: whether it left."""
    roles.require(actor, Permission.SEND_EMAILS)
    found = []
    if sending.state is not SendingState.UNCERTAIN:
        found.append(Objection("not-uncertain", "What became of this letter is known already."))
    if not reason.strip():
        found.append(Objection("reason", "Say how you found out.", "reason"))
    refuse(found)
    sending.state = SendingState.SENT if left else SendingState.REFUSED
    sending.detail, sending.ended_at = reason.strip()[:1000], clock.now()
    session.flush()
    note(session, sending, Action.EMAIL_RESOLVE, actor=actor, reason=reason.strip())

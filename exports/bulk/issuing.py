"""Issuing a chunk: signatures and numbers in one short transaction, then the files in portions.

Between the transactions nothing is held: a worker that dies leaves numbered documents whose files
are made by whoever takes the chunk next, under the same numbers and with the same bytes. A chunk
that takes long asks for its rest as work of its own, well before its lease ends.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session, joinedload

from exports import formats, numbering, validity
from exports.bulk.chunks import ask_for, left, locked
from exports.bulk.models import BulkDocument, BulkRun, DocumentState, RunState
from exports.bulk.printing import Made, PressRoom, Sheet
from exports.bulk.reviewing import sign_each
from exports.bulk.wishes import of_json
from exports.copies import Press
from exports.models import ControlledCopy, CopyState, Material, MaterialVersion
from exports.policy import person_objections
from records import audit, clock, files
from records.actions import Action
from records.audit import Entry
from records.database import Sessions
from records.lifecycle import VersionState
from records.models import Person, Signature, StoredFile

PORTION = 50  # files held in memory, and kept in one transaction
ENOUGH_SECONDS = 20  # an errand is taken for a minute


def issue_chunk(sessions: Sessions, run_id: int, first: int, last: int, *, press: Press) -> int:
    """Issue the documents of a range of places that are not issued yet; returns how many."""
    with sessions.write() as session:
        run = locked(session, run_id)
        if run.paused or run.state not in (RunState.ISSUING, RunState.CANCELLED):
            return 0
        _number(session, run, first, last)
        session.flush()
        _finish(session, run)
    kept, deadline = 0, time.monotonic() + ENOUGH_SECONDS
    with sessions.read() as reading:
        sheets = _sheets(reading, run_id, first, last)
        press_room = PressRoom(reading, press, sheets)
        for at in range(0, len(sheets), PORTION):
            made = [press_room.make(sheet) for sheet in sheets[at : at + PORTION]]
            rest = sheets[at + PORTION :]
            late = time.monotonic() > deadline
            with sessions.write() as session:
                run = locked(session, run_id)
                kept += _keep(session, made)
                if rest and late and not run.paused:
                    ask_for(session, run, rest[0].document.place, last)
                _finish(session, run)
            if late or run.paused:
                break
    return kept


def _finish(session: Session, run: BulkRun) -> None:
    """End a run of which nothing is left to do."""
    if run.state is RunState.ISSUING and left(session, run) == 0:
        run.state, run.ended_at = RunState.DONE, clock.now()
        audit.record(session, Action.BULK_FINISH, actor=None, subject=run.subject)


def _number(session: Session, run: BulkRun, first: int, last: int) -> None:
    """Sign, approve and number what is still to do."""
    if run.state is not RunState.ISSUING:
        return
    fit = _unaltered(_assembled(session, run, first, last))
    versions = [each.version for each in fit]
    made = sign_each(session, run, versions)
    _approve(session, versions, made)
    signed = {each.id for each in versions}
    session.flush()
    # what was moved in one statement is read again in one
    session.expire_all()
    again = [
        _Fit(document, document.material_version)
        for document in _assembled(session, run, first, last)
        if document.material_version is not None and document.material_version.id in signed
    ]
    _reserve(session, run, again)


def _assembled(session: Session, run: BulkRun, first: int, last: int) -> Sequence[BulkDocument]:
    """Documents of a range of places that have no number yet, with all that is asked of them."""
    return session.scalars(
        select(BulkDocument)
        .where(
            BulkDocument.run_id == run.id,
            BulkDocument.place.between(first, last),
            BulkDocument.state == DocumentState.ASSEMBLED,
        )
        .options(
            joinedload(BulkDocument.material_version)
            .joinedload(MaterialVersion.material)
            .joinedload(Material.account)
        )
        .order_by(BulkDocument.place)
    ).all()


@dataclass(frozen=True, slots=True)
class _Fit:
    """A document whose version is what was signed."""

    document: BulkDocument
    version: MaterialVersion


def _unaltered(documents: Sequence[BulkDocument]) -> list[_Fit]:
    """Documents whose content is still that of the signed list, and that nobody took out."""
    fit = []
    for document in documents:
        version = document.material_version
        same = (
            version is not None
            and version.state is VersionState.IN_REVIEW
            and version.content_hash() == version.content_sha256 == document.content_sha256
        )
        if version is None or not same:
            document.state = DocumentState.REFUSED
            document.reason = "It is not what was signed: it was changed or taken back meanwhile."
        else:
            fit.append(_Fit(document, version))
    return fit


def _approve(
    session: Session, versions: Sequence[MaterialVersion], made: dict[int, Signature]
) -> None:
    """Move all versions at once, with the trail of each."""
    if not versions:
        return
    now, ids = clock.now(), [version.id for version in versions]
    act = next(iter(made.values()))
    signer = session.get_one(Person, act.person_id)
    entries = []
    for version in versions:
        label = f"{version.code} {version.major + 1}.0"
        subject = (MaterialVersion.KIND, version.id, label)
        given = {
            "signature": made[version.id].id,
            "discipline": act.discipline,
            "verdict": act.verdict,
            "content_sha256": version.content_sha256,
            "batch": act.context["batch"],
        }
        approved = {"version": label, "content_sha256": version.content_sha256}
        entries += [
            Entry(Action.SIGNATURE_GIVE, version.subject, reason=act.meaning, after=given),
            Entry(
                Action.MATERIAL_APPROVE,
                subject,
                before={"version": version.label},
                after=approved,
            ),
        ]
    table, things = MaterialVersion.__table__, Material.__table__
    session.execute(
        update(table)  # type: ignore[arg-type]
        .where(table.c.id.in_(ids))
        .values(
            state=VersionState.APPROVED,
            major=table.c.major + 1,
            minor=0,
            approved_at=now,
            updated_at=now,
            revision=table.c.revision + 1,
        )
    )
    session.execute(
        update(things)  # type: ignore[arg-type]
        .where(things.c.id.in_([version.material_id for version in versions]))
        .values(approved_id=things.c.latest_id)
    )
    audit.record_many(session, entries, actor=signer)


def _reserve(session: Session, run: BulkRun, fit: Sequence[_Fit]) -> None:
    """A number for each document whose holder may receive it now; a reason for the others."""
    wish, now = of_json(run.wish), clock.now()
    actor = session.get_one(Person, run.created_by_id)
    holders = {
        person.id: person
        for person in session.scalars(
            select(Person).where(Person.id.in_({each.document.holder_id for each in fit}))
        )
    }
    found = validity.objections_of(session, [each.version for each in fit], at=now)
    given: list[tuple[_Fit, Person]] = []
    for each in fit:
        holder = holders[each.document.holder_id or 0]
        reasons = [*person_objections(holder, each.version), *found[each.version.id]]
        if reasons:
            each.document.state = DocumentState.REFUSED
            each.document.reason = " ".join(map(str, reasons))[:2000]
        else:
            given.append((each, holder))
    if not given:
        return
    first = numbering.next_copy_number(session)
    rows, entries = [], []
    for number, (each, holder) in enumerate(given, start=first):
        rows.append(
            {
                "number": number,
                "material_version_id": each.version.id,
                "format": formats.get(wish.format).name,
                "holder_id": holder.id,
                "issued_by_id": actor.id,
                "issued_at": now,
                "purpose": wish.purpose,
                "request_key": f"{run.code}-{each.document.place}",
                "state": CopyState.MAKING,
                "failure": "",
            }
        )
        label = f"copy {number} of {each.version.label}"
        after = {"holder": holder.email, "sha256": None, "format": wish.format, "batch": run.code}
        entries.append(
            Entry(
                Action.COPY_ISSUE,
                (ControlledCopy.KIND, number, label),
                reason=wish.purpose,
                after=after,
            )
        )
    session.execute(insert(ControlledCopy), rows)
    for number, (each, _) in enumerate(given, start=first):
        each.document.state, each.document.copy_number = DocumentState.NUMBERED, number
    audit.record_many(session, entries, actor=actor)


def _sheets(session: Session, run_id: int, first: int, last: int) -> list[Sheet]:
    rows = session.execute(
        select(BulkDocument, MaterialVersion, ControlledCopy)
        .join(MaterialVersion, MaterialVersion.id == BulkDocument.material_version_id)
        .join(ControlledCopy, ControlledCopy.number == BulkDocument.copy_number)
        .where(
            BulkDocument.run_id == run_id,
            BulkDocument.place.between(first, last),
            BulkDocument.state == DocumentState.NUMBERED,
        )
        .options(
            joinedload(ControlledCopy.holder),
            joinedload(MaterialVersion.material).joinedload(Material.account),
        )
        .order_by(BulkDocument.place)
    )
    return [Sheet(*row) for row in rows]


def _keep(session: Session, made: Sequence[Made]) -> int:
    """Write down the bytes of copies that are still being made; what is there already stays."""
    open_numbers = set(
        session.scalars(
            select(ControlledCopy.number).where(
                ControlledCopy.number.in_([each.number for each in made]),
                ControlledCopy.state == CopyState.MAKING,
            )
        )
    )
    ours = [each for each in made if each.number in open_numbers]
    good = [each for each in ours if each.data]
    store, now = files.store_of(session), clock.now()
    laid = store.lay_all([each.data for each in good])
    hashes = {each.number: sha256 for each, sha256 in zip(good, laid, strict=True)}
    _list_files(session, [(hashes[each.number], len(each.data)) for each in good], now)
    copies, rows = ControlledCopy.__table__, BulkDocument.__table__
    entries = []
    changes, ends = [], []
    for each in ours:
        state = CopyState.ISSUED if each.data else CopyState.FAILED
        sha256 = hashes.get(each.number)
        changes.append(
            {"at": each.number, "into": state, "file": sha256, "why": each.failure[:500]}
        )
        end = DocumentState.ISSUED if each.data else DocumentState.FAILED
        ends.append({"at": each.document_id, "into": end, "how": each.way, "why": each.failure})
        entries.append(
            Entry(
                Action.COPY_MAKE if each.data else Action.COPY_FAIL,
                (ControlledCopy.KIND, each.number, each.label),
                reason=each.failure[:500],
                after={"sha256": sha256} if sha256 else None,
            )
        )
    if ours:
        session.execute(
            update(copies)  # type: ignore[arg-type]
            .where(copies.c.number == bindparam("at"))
            .values(
                state=bindparam("into"), file_sha256=bindparam("file"), failure=bindparam("why")
            ),
            changes,
        )
        session.execute(
            update(rows)  # type: ignore[arg-type]
            .where(rows.c.id == bindparam("at"))
            .values(state=bindparam("into"), way=bindparam("how"), reason=bindparam("why")),
            ends,
        )
        audit.record_many(session, entries, actor=None)
    return len(good)


def _list_files(session: Session, found: Sequence[tuple[str, int]], now: object) -> None:
    known = set(
        session.scalars(
            select(StoredFile.sha256).where(StoredFile.sha256.in_([sha for sha, _ in found]))
        )
    )
    rows = [
        {"sha256": sha, "size": size, "media_type": "application/pdf", "created_at": now}
        for sha, size in dict(found).items()
        if sha not in known
    ]
    if rows:
        session.execute(insert(StoredFile), rows)

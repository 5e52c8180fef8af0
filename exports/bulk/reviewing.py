"""The batch under review: one act of one regulatory reviewer, one signature on every document.

The list of documents with their content hashes is the review's subject. Who signs it is asked for
the password once; each material version then gets its own sealed signature, given only while its
content still has the hash that stands in the signed list (docs/decisions/0020).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from exports import validity
from exports.bulk import chunks
from exports.bulk.models import BulkDocument, BulkRun, DocumentState, RunState
from exports.models import MaterialVersion
from mlr import engine
from mlr.models import JobState, ReviewJob, ReviewTier, Verdict
from mlr.packs import pack
from records import audit, clock, signatures
from records.actions import Action
from records.canonical import sha256
from records.database import keyring_of
from records.errors import Objection, refuse
from records.lifecycle import VersionState
from records.models import Person, Signature
from records.vocabulary import Discipline, Market

MARKET = Market.US  # materials are placed for this market (exports.ordering)


def list_hash(session: Session, run: BulkRun) -> str:
    """Hash over all assembled documents: place, version and content hash, in order."""
    digest = hashlib.sha256()
    rows = session.execute(
        select(BulkDocument.place, BulkDocument.material_version_id, BulkDocument.content_sha256)
        .where(BulkDocument.run_id == run.id, BulkDocument.material_version_id.is_not(None))
        .order_by(BulkDocument.place)
    )
    for row in rows:
        digest.update(f"{row.place} {row.material_version_id} {row.content_sha256}\n".encode())
    return digest.hexdigest()


def content_hash(session: Session, run: BulkRun) -> str:
    """What the run's content hashes to now."""
    return sha256(run.content(list_hash(session, run)))


def close_list(session: Session, run: BulkRun, *, actor: Person) -> None:
    """All is assembled: open the one review, or end a run in which nothing could be."""
    assembled = count(session, run, DocumentState.ASSEMBLED)
    if not assembled:
        run.state, run.ended_at = RunState.DONE, clock.now()
        _record(session, Action.BULK_FINISH, run, None, after={"issued": 0})
        return
    run.content_sha256 = content_hash(session, run)
    run.state = RunState.WAITING
    job = engine.open_job(
        session,
        engine.ReviewSubject(
            kind=BulkRun.KIND,
            id=run.id,
            label=run.code,
            title=f"{assembled} documents of {run.product.brand}",
            content_sha256=run.content_sha256,
            market=MARKET,
            author_id=run.created_by_id,
            news=engine.News(),
        ),
        actor=actor,
        tier=ReviewTier.T1,
    )
    run.job_id = job.id
    after = {"documents": assembled, "content_sha256": run.content_sha256}
    _record(session, Action.BULK_SUBMIT, run, actor, after=after)


def decide(
    session: Session,
    run: BulkRun,
    *,
    actor: Person,
    verdict: Verdict,
    password: str,
    comment: str = "",
    seen: str = "",
    key: str = "",
) -> RunState:
    """Sign the batch, or send it back; the documents' own signatures follow in the background.

    Raises as ``mlr.engine.give_verdict``; ``Stale`` when the list is not what was submitted.
    """
    run = chunks.locked(session, run.id)
    if run.state is not RunState.WAITING or run.job_id is None:
        refuse([Objection("not-waiting", f"{run.code} does not wait for a signature.", run.code)])
    job = session.get_one(ReviewJob, run.job_id)
    (task,) = job.tasks
    ballot = engine.Ballot(verdict, comment, password, seen=seen, key=key)
    if verdict is Verdict.APPROVE:
        refuse(_representatives(session, run), intro=f"{run.code} cannot be signed as it is.")
    outcome = engine.give_verdict(
        session, task, ballot, actor=actor, content_sha256=content_hash(session, run)
    )
    if outcome.state is JobState.APPROVED:
        run.state, run.signed_at = RunState.ISSUING, clock.now()
        run.signature_id = task.signature_id
        session.flush()
        chunks.ask(session, run)
    else:
        end(session, run, reason=comment)
    _record(session, Action.BULK_SIGN, run, actor, reason=comment, after={"verdict": verdict})
    return run.state


def _representatives(session: Session, run: BulkRun) -> list[Objection]:
    """What stands in the way of a whole composition, asked of one document of each."""
    firsts = (
        select(func.min(BulkDocument.material_version_id))
        .where(BulkDocument.run_id == run.id, BulkDocument.state == DocumentState.ASSEMBLED)
        .group_by(BulkDocument.composition)
    )
    versions = session.scalars(select(MaterialVersion).where(MaterialVersion.id.in_(firsts))).all()
    found = validity.part_objections_of(session, versions, at=clock.now())
    return [each for objections in found.values() for each in objections]


def sign_each(
    session: Session, run: BulkRun, versions: Sequence[MaterialVersion]
) -> dict[int, Signature]:
    """A sealed signature for each version, as part of the signed act; by version id.

    The caller has compared each version's content with the signed list.
    """
    if run.signature_id is None or not versions:
        return {}
    act = session.get_one(Signature, run.signature_id)
    if not signatures.valid(session, act, kind=BulkRun.KIND, id=run.id, content=run.content_sha256):
        refuse([Objection("batch-unsigned", f"The signature on {run.code} does not hold.")])
    keyring, made = keyring_of(session), {}
    for version in versions:
        signature = Signature(
            person_id=act.person_id,
            printed_name=act.printed_name,
            at=act.at,
            meaning=pack(MARKET).meaning(Verdict.APPROVE, Discipline(act.discipline)),
            discipline=act.discipline,
            verdict=Verdict.APPROVE.value,
            subject_kind=MaterialVersion.KIND,
            subject_id=version.id,
            content_sha256=version.content_sha256,
            context={**act.context, "batch": run.code, "batch_sha256": run.content_sha256},
        )
        signature.seal = keyring.seal(signatures.sealed_bytes(signature))
        made[version.id] = signature
    session.add_all(made.values())
    session.flush()
    return made


def end(session: Session, run: BulkRun, *, reason: str) -> None:
    """Give up what has not been issued; what waited for the signature is cancelled."""
    now = clock.now()
    held = select(BulkDocument.material_version_id).where(
        BulkDocument.run_id == run.id, BulkDocument.state == DocumentState.ASSEMBLED
    )
    session.execute(
        update(MaterialVersion)
        .where(MaterialVersion.id.in_(held), MaterialVersion.state == VersionState.IN_REVIEW)
        .values(
            state=VersionState.CANCELLED,
            ended_at=now,
            updated_at=now,
            revision=MaterialVersion.revision + 1,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(BulkDocument)
        .where(
            BulkDocument.run_id == run.id,
            BulkDocument.state.in_((DocumentState.PLANNED, DocumentState.ASSEMBLED)),
        )
        .values(state=DocumentState.CANCELLED, reason=reason[:2000])
        .execution_options(synchronize_session=False)
    )
    run.state, run.ended_at = RunState.CANCELLED, now


def count(session: Session, run: BulkRun, *states: DocumentState) -> int:
    """How many documents of a run are in these states."""
    return (
        session.scalar(
            select(func.count())
            .select_from(BulkDocument)
            .where(BulkDocument.run_id == run.id, BulkDocument.state.in_(states))
        )
        or 0
    )


def _record(
    session: Session,
    action: Action,
    run: BulkRun,
    actor: Person | None,
    *,
    reason: str = "",
    after: object = None,
) -> None:
    audit.record(session, action, actor=actor, subject=run.subject, reason=reason, after=after)

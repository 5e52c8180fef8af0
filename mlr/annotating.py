"""What people write beside a text under review: annotations, answers, and that one is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mlr import engine, policy, queries
from mlr.models import Annotation, AnnotationKind, AnnotationReply, JobState, ReviewJob
from records import audit, clock, roles
from records.actions import Action
from records.errors import Objection, refuse
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import Discipline

LONGEST = 2000
LONGEST_QUOTE = 600


@dataclass(frozen=True)
class Note:
    """An annotation as its author gives it.

    ``quote`` are words of the text (empty: it is about the whole), with what stands around them;
    ``key`` is that of the form, so that the same form sent twice writes once.
    """

    kind: AnnotationKind
    text: str
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    key: str = ""


def annotate(
    session: Session, job: ReviewJob, note: Note, *, actor: Person, content: str
) -> Annotation:
    """Write beside the text; ``content`` is the version as plain text, which must hold the quote.

    Raises ``NotAllowed`` or ``Refused``; the review must be open.
    """
    roles.require(actor, Permission.READ_LIBRARY)
    job = engine.lock_job(session, job.id)
    if (same := _same(session, job, note.key)) is not None:
        return same
    refuse(_objections(job, note, actor=actor, content=content))
    part = discipline_of(job, actor)
    annotation = Annotation(
        job=job,
        author=actor,
        discipline=part,
        kind=note.kind,
        text=note.text.strip(),
        quote=_plain(note.quote),
        prefix=_plain(note.prefix)[-80:],
        suffix=_plain(note.suffix)[:80],
        at=clock.now(),
        request_key=note.key,
    )
    session.add(annotation)
    session.flush()
    _record(
        session,
        Action.ANNOTATION_ADD,
        annotation,
        actor=actor,
        reason=annotation.text,
        after={"kind": note.kind, "quote": annotation.quote, "discipline": part},
    )
    return annotation


def reply(
    session: Session, annotation: Annotation, text: str, *, actor: Person, key: str
) -> AnnotationReply:
    """Answer an annotation; also after its review was over, until the version is final."""
    roles.require(actor, Permission.READ_LIBRARY)
    same = session.scalar(
        select(AnnotationReply).where(
            AnnotationReply.annotation_id == annotation.id, AnnotationReply.request_key == key
        )
    )
    if same is not None:
        return same
    refuse([*_part_objections(annotation.job, actor), *_text_objections(text)])
    answer = AnnotationReply(
        annotation=annotation, author=actor, text=text.strip(), at=clock.now(), request_key=key
    )
    session.add(answer)
    session.flush()
    _record(session, Action.ANNOTATION_REPLY, annotation, actor=actor, reason=answer.text)
    return answer


def resolve(session: Session, annotation: Annotation, *, actor: Person) -> None:
    """Say that an annotation is settled. What must be fixed is settled by its discipline."""
    roles.require(actor, Permission.READ_LIBRARY)
    refuse(resolve_objections(annotation, actor=actor))
    if not annotation.open:
        return
    annotation.resolved_at, annotation.resolved_by = clock.now(), actor
    _record(session, Action.ANNOTATION_RESOLVE, annotation, actor=actor)


def reopen(session: Session, annotation: Annotation, *, actor: Person) -> None:
    """Say that an annotation is not settled after all."""
    roles.require(actor, Permission.READ_LIBRARY)
    refuse(resolve_objections(annotation, actor=actor))
    if annotation.open:
        return
    annotation.resolved_at, annotation.resolved_by = None, None
    _record(session, Action.ANNOTATION_REOPEN, annotation, actor=actor)


def discipline_of(job: ReviewJob, person: Person) -> Discipline | None:
    """For which part of a review somebody speaks; none for who wrote or submitted the version."""
    if person.id in (job.author_id, job.opened_by_id):
        return None
    held = policy.disciplines_of(person)
    own = queries.part_for(job, person).discipline
    return own if own in held else None


def may_take_part(job: ReviewJob, person: Person) -> bool:
    """Whether somebody may write in the threads of a review."""
    return not [*_part_objections(job, person)]


def resolve_objections(annotation: Annotation, *, actor: Person) -> Iterator[Objection]:
    """Why this person may not say that an annotation is settled, or is not."""
    job = annotation.job
    yield from _part_objections(job, actor)
    if job.state is JobState.APPROVED:
        yield Objection("job-closed", f"{job.subject_label} was approved; its threads stay.")
    own = actor.id == annotation.author_id
    speaks = annotation.discipline is not None and may(
        actor, policy.PERMISSION[annotation.discipline]
    )
    writes = actor.id in (job.author_id, job.opened_by_id)
    if annotation.kind is AnnotationKind.MUST_FIX:
        if writes or not (own or speaks):
            yield Objection(
                "not-yours",
                f"What must be fixed is settled by a {annotation.discipline} reviewer.",
                instead="Answer what you have changed; they resolve it.",
            )
    elif not (own or speaks or writes):
        yield Objection(
            "not-yours", "A suggestion is settled by its discipline, or by who wrote the version."
        )


def _objections(job: ReviewJob, note: Note, *, actor: Person, content: str) -> Iterator[Objection]:
    if job.state is not JobState.OPEN:
        yield Objection("job-closed", f"This review of {job.subject_label} has ended.")
    yield from _part_objections(job, actor)
    if note.kind is AnnotationKind.MUST_FIX and discipline_of(job, actor) is None:
        yield Objection("must-fix", "That something must be fixed is said by a reviewer.")
    yield from _text_objections(note.text)
    if len(note.quote) > LONGEST_QUOTE:
        yield Objection("quote-long", f"Choose at most {LONGEST_QUOTE} characters.", where="quote")
    if _plain(note.quote) not in _plain(content):
        yield Objection(
            "quote-missing",
            "These words do not stand in the text like this.",
            where="quote",
            instead="Choose words of one paragraph, or none for the whole version.",
        )


def _part_objections(job: ReviewJob, actor: Person) -> Iterator[Objection]:
    writes = actor.id in (job.author_id, job.opened_by_id)
    asked = {task.discipline for task in job.tasks} & set(policy.disciplines_of(actor))
    if not (writes or asked):
        yield Objection(
            "no-part", f"{actor.name} takes no part in the review of {job.subject_label}."
        )


def _text_objections(text: str) -> Iterator[Objection]:
    if not text.strip():
        yield Objection("text-missing", "Write what you want to say.", where="text")
    elif len(text) > LONGEST:
        yield Objection("text-long", f"Write at most {LONGEST:,} characters.", where="text")


def _same(session: Session, job: ReviewJob, key: str) -> Annotation | None:
    return session.scalar(
        select(Annotation).where(Annotation.job_id == job.id, Annotation.request_key == key)
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _record(
    session: Session,
    action: Action,
    annotation: Annotation,
    *,
    actor: Person,
    reason: str = "",
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        action,
        actor=actor,
        subject=(Annotation.KIND, annotation.id, annotation.job.subject_label),
        reason=reason[:500],
        after=after,
    )

"""Annotations in the review room: written, answered, settled."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from cms.kinds import CYCLES
from cms.pages import acting, page, session
from cms.threads import LABELS, plain_of
from cms.typed import text
from mlr import annotating, queries
from mlr.annotating import Note
from mlr.models import Annotation, AnnotationKind, ReviewJob, ReviewTask
from records.errors import NotFound, Objection, Refused
from records.roles import Permission

blueprint = Blueprint("annotations", __name__)
READ = Permission.READ_LIBRARY


@page(blueprint, "/reviews/tasks/<int:task_id>/annotations", permission=READ, methods=("POST",))
def add(task_id: int) -> Any:
    """Write beside the text, on the words that were chosen or on the whole version."""
    found = session().get(ReviewTask, task_id)
    if found is None or found.job.subject_kind not in CYCLES:
        raise NotFound(f"There is no review task {task_id}.")
    kind = text("kind")
    if kind not in list(AnnotationKind):
        raise Refused([Objection("kind", "Choose whether it must be fixed.", where="kind")])
    note = Note(
        kind=AnnotationKind(kind),
        text=text("text"),
        quote=text("quote"),
        prefix=request.form.get("prefix", ""),
        suffix=request.form.get("suffix", ""),
        key=text("key")[:40],
    )
    written = annotating.annotate(
        session(), found.job, note, actor=acting(), content=_content(found.job)
    )
    flash(f"{LABELS[written.kind]}: your annotation stands beside the text.", "ok")
    return _room(found.id, written)


def _content(job: ReviewJob) -> str:
    """The version under review as it reads, one block a line."""
    cycle = CYCLES[job.subject_kind]
    _, difference = cycle.difference(session(), cycle.version_of(session(), job))
    return "\n".join(plain_of(block.delta) for block in difference.blocks)


@page(blueprint, "/annotations/<int:annotation_id>/replies", permission=READ, methods=("POST",))
def reply(annotation_id: int) -> Any:
    """Answer in a thread."""
    found = _annotation(annotation_id)
    annotating.reply(session(), found, text("text"), actor=acting(), key=text("key")[:40])
    return _back(found)


@page(blueprint, "/annotations/<int:annotation_id>", permission=READ, methods=("POST",))
def settle(annotation_id: int) -> Any:
    """Resolve a thread, or open it again."""
    found = _annotation(annotation_id)
    change = annotating.reopen if text("to") == "open" else annotating.resolve
    change(session(), found, actor=acting())
    return _back(found)


def _annotation(annotation_id: int) -> Annotation:
    found = session().get(Annotation, annotation_id)
    if found is None:
        raise NotFound(f"There is no annotation {annotation_id}.")
    return found


def _back(annotation: Annotation) -> Response:
    """To the room it was answered from, or to the reader's own part of its review."""
    asked = request.args.get("task", 0, type=int)
    known = session().get(ReviewTask, asked)
    own = queries.part_for(annotation.job, acting()).id
    return _room(known.id if known is not None else own, annotation)


def _room(task_id: int, annotation: Annotation) -> Response:
    anchor = f"annotation-{annotation.id}"
    return redirect(url_for("reviews.task", task_id=task_id, _anchor=anchor), code=303)

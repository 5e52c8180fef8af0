"""The team board: all open parts of reviews by discipline and holder; taking and giving them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cms.formatting import in_words
from cms.holding_values import hold_form
from cms.kinds import WORDS
from cms.pages import acting, page, session
from cms.task_rows import due
from cms.typed import text, whole_number
from mlr import board, holding
from mlr.board import NOBODY, Load, Narrowed
from mlr.models import ReviewTask
from records import clock
from records.errors import NotFound
from records.models import Person
from records.people import WHOLE
from records.roles import Permission, may
from records.vocabulary import Discipline

blueprint = Blueprint("board", __name__)
PAGE = 25
DAY = 86_400


@page(blueprint, "/reviews/board", permission=Permission.READ_LIBRARY)
def index() -> str:
    """Every open part: what is late first, with who has it in hand and since when."""
    me, now = acting(), clock.now()
    narrowed = _narrowed()
    number = max(1, request.args.get("page", 1, type=int))
    start = PAGE * (number - 1)
    loads = board.loads(session(), now)
    total = board.count(session(), narrowed, now)
    rows = board.parts(session(), narrowed, now, limit=PAGE, offset=start)
    leads = may(me, Permission.LEAD_REVIEWS)
    people = board.reviewers(session()) if leads else {}
    deputies = board.standing_in(session(), now)
    values = {
        "headline": _headline(loads),
        "late": sum(each.late for each in loads),
        "leads": leads,
        "disciplines": _disciplines(loads, narrowed),
        "late_filter": _choice("Late", narrowed, late=not narrowed.late, on=narrowed.late),
        "loads": [_load(each, narrowed) for each in loads],
        "narrowed": narrowed != Narrowed(),
        "all_url": url_for("board.index"),
        "rows": [_row(each, me, people, deputies, now) for each in rows],
        "here": request.full_path.rstrip("?"),
        "first": start + 1 if rows else 0,
        "last": start + len(rows),
        "total": total,
        "back_url": _url(narrowed, page=number - 1) if number > 1 else None,
        "next_url": _url(narrowed, page=number + 1) if start + PAGE < total else None,
    }
    return render_template("pages/board/index.html", page=values)


@page(
    blueprint,
    "/reviews/tasks/<int:task_id>/holder",
    permission=Permission.READ_LIBRARY,
    methods=("POST",),
)
def give(task_id: int) -> Response:
    """Put a part into somebody's hands; an empty ``holder`` lets it go."""
    task = session().get(ReviewTask, task_id)
    if task is None:
        raise NotFound(f"There is no review task {task_id}.")
    holder, me = _holder(), acting()
    seen = request.form.get("seen", type=int)
    holding.give(session(), task, holder, actor=me, seen=seen, reason=text("reason"))
    part = f"The {task.discipline} part of {task.job.subject_label}"
    if holder is None:
        flash(f"{part} is in nobody's hands: whoever comes first can sign it.", "ok")
    else:
        flash(f"{part} is with {'you' if holder.id == me.id else holder.name} now.", "ok")
    if request.form.get("back") == "board":
        return redirect(_url(_narrowed(), page=request.args.get("page", type=int)), 303)
    return redirect(url_for("reviews.task", task_id=task_id), 303)


def _holder() -> Person | None:
    sent = text("holder")
    if not sent:
        return None
    found = session().get(Person, whole_number(sent) or 0, options=WHOLE)
    if found is None:
        raise NotFound(f"There is no person {sent[:40]}.")
    return found


def _narrowed() -> Narrowed:
    part = request.args.get("discipline", "")
    return Narrowed(
        Discipline(part) if part in set(Discipline) else None,
        request.args.get("holder", type=int),
        "late" in request.args,
    )


def _url(narrowed: Narrowed, *, page: int | None = None) -> str:
    return url_for(
        "board.index",
        discipline=narrowed.discipline,
        holder=narrowed.holder_id,
        late=1 if narrowed.late else None,
        page=page if page and page > 1 else None,
    )


def _headline(loads: list[Load]) -> str:
    number = sum(each.open for each in loads)
    verb = "part waits" if number == 1 else "parts wait"
    return f"{in_words(number).capitalize()} {verb} for a verdict" if number else "Team board"


def _choice(label: str, narrowed: Narrowed, *, on: bool, late: bool) -> dict[str, Any]:
    wanted = Narrowed(narrowed.discipline, narrowed.holder_id, late)
    return {"label": label, "url": _url(wanted), "chosen": on}


def _disciplines(loads: list[Load], narrowed: Narrowed) -> list[dict[str, Any]]:
    return [
        {
            "label": part.label if part else "All disciplines",
            "url": _url(Narrowed(part, None, narrowed.late)),
            "count": sum(each.open for each in loads if part in (None, each.discipline)),
            "chosen": narrowed.discipline is part,
        }
        for part in (None, *Discipline)
    ]


def _load(load: Load, narrowed: Narrowed) -> dict[str, Any]:
    holder = load.holder_id or NOBODY
    return {
        "discipline": load.discipline.label,
        "holder": load.holder or "Nobody yet",
        "open": load.open,
        "late": load.late,
        "url": _url(Narrowed(load.discipline, holder)),
        "chosen": (narrowed.discipline, narrowed.holder_id) == (load.discipline, holder),
    }


def _row(
    task: ReviewTask,
    me: Person,
    people: dict[Discipline, list[Person]],
    deputies: dict[tuple[int, Discipline], Person],
    now: Any,
) -> dict[str, Any]:
    job = task.job
    deputy = deputies.get((task.holder_id or NOBODY, task.discipline))
    able = [
        (person.id, person.name)
        for person in people.get(task.discipline, [])
        if person.id != task.holder_id and holding.may_hold(job, task, person)
    ]
    conflict = deputy is not None and deputy.id in (job.author_id, job.opened_by_id)
    return {
        **(hold_form(task, me) or {}),
        "id": task.id,
        "task_url": url_for("reviews.task", task_id=task.id),
        "title": job.subject_title or job.subject_label,
        "label": job.subject_label,
        "kind": WORDS[job.subject_kind],
        "discipline": task.discipline.label,
        "author": job.author.name,
        "opened_at": job.opened_at,
        "days": max(0, int((now - job.opened_at).total_seconds() // DAY)),
        "due_at": job.due_at,
        "due": due(job, now),
        "deputy": deputy.name if deputy else None,
        "deputy_conflict": conflict,
        "people": able,
    }

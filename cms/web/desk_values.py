"""The desk: what waits for the person who signed in, by what they may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.addresses import link
from cms.formatting import in_words, plural
from cms.task_rows import groups
from cms.waiting import reviews_waiting
from cms.web import desk_lists
from exports.copies_out import Which, count_copies_out
from exports.recalls.queries import outstanding, overdue
from mlr import queries as reviews
from mlr.models import JobState, ReviewJob
from mlr.policy import disciplines_of
from mlr.queries import Shown
from modules import queries as modules
from records import clock
from records.models import Person
from records.roles import Permission, StaffRole, may

Values = dict[str, Any]
TASKS = 12


def desk_page(session: Session, person: Person) -> Values:
    """Everything ``pages/home/desk.html`` shows."""
    values: Values = {
        "headline": f"Good to see you, {person.name}",
        "lede": "",
        "start": None,
        "more": [],
        "groups": None,
        "empty": "Nothing waits for your signature. New tasks appear here once submitted.",
        "total": 0,
        "figures": [],
        "lists": [],
        "outro": None,
    }
    headlines: list[str] = []
    if disciplines_of(person):
        headlines.append(_reviewing(session, person, values))
    if may(person, Permission.WRITE_MODULES):
        headlines.append(_writing(session, person, values))
    if may(person, Permission.KEEP_CLAIMS):
        values["lists"] += [desk_lists.ending_claims(session), desk_lists.new_labels(session)]
    if _watches(person):
        headlines.append(_watching(session, values))
    elif may(person, Permission.READ_PEOPLE):
        headlines.append(_keeping(session, values))
    if headlines:
        values["headline"] = headlines[0]
    return values


def _reviewing(session: Session, person: Person, values: Values) -> str:
    now = clock.now()
    shown = reviews.waiting(session, person, limit=TASKS)
    total = reviews_waiting(session, person)
    values["groups"] = groups(session, shown, person, now)
    values["total"] = total
    late = reviews.count_late(session, person, now)
    if not total:
        return "Nothing waits for your signature"
    values["lede"] = _lede(total, late)
    values["start"] = ("Start with the oldest", _task_url(shown))
    if total > len(shown):
        values["more"].append((f"All {total:,}", url_for("reviews.queue")))
        values["outro"] = f"These are the first {len(shown)} of {total:,}, the earliest due first."
    noun = "thing needs" if total == 1 else "things need"
    return f"{in_words(total).capitalize()} {noun} your signature"


def _task_url(shown: Sequence[Shown]) -> str:
    return url_for("reviews.task", task_id=shown[0].task.id)


def _lede(total: int, late: int) -> str:
    if not late:
        return "None is late."
    if late == total:
        return "It is late." if total == 1 else "All of them are late."
    return f"{in_words(late).capitalize()} {'is' if late == 1 else 'are'} late."


def _writing(session: Session, person: Person, values: Values) -> str:
    back = desk_lists.returned(session, person)
    danger, endangered = desk_lists.endangered(session, person)
    lists = [back] if back["rows"] else []
    if endangered:
        lists.append(danger)
    values["lists"] += [
        *lists,
        desk_lists.drafts(session, person),
        desk_lists.in_review(session, person),
    ]
    if may(person, Permission.ASSEMBLE) and (url := link("materials.start")):
        values["start"] = values["start"] or ("New material", url)
        values["lists"].append(desk_lists.briefless(session, person))
    if url := link("modules.create"):
        values["more"].append(("New module", url))
    count = len(back["rows"])
    if endangered:
        one = "is" if endangered == 1 else "are"
        text = f"{in_words(endangered)} of your approved modules {one} at risk or expiring."
        values["lede"] = values["lede"] or text[0].upper() + text[1:]
    if count:
        what = "One thing" if count == 1 else f"{in_words(count).capitalize()} things"
        return f"{what} came back with changes"
    return "Nothing came back to you"


def _watches(person: Person) -> bool:
    held = {StaffRole.COMPLIANCE, StaffRole.INSPECTOR}
    return bool(held & person.roles)


def _watching(session: Session, values: Values) -> str:
    """Compliance and inspectors: how the library stands, and what is out."""
    counts = modules.counts_of(session, {})
    standing, now = counts["standing"], clock.now()
    late = session.scalar(
        select(func.count())
        .select_from(ReviewJob)
        .where(ReviewJob.state == JobState.OPEN, ReviewJob.due_at < now)
    )
    out = count_copies_out(session)
    library = "library.index"
    values["figures"] += [
        _figure("Approved modules", counts["state"].get("approved", 0), library, state="approved"),
        _figure("At risk", standing["at-risk"], library, tone="rsk", standing="at-risk"),
        _figure("Expiring in 60 days", standing["expiring"], library, "chg", standing="expiring"),
        _figure("Expired", standing["expired"], library, tone="rsk", standing="expired"),
        _figure("Reviews late", late or 0, "board.index", tone="rsk", late=1),
        _figure("Copies in use", out[Which.OUT], "copies.everywhere"),
        _figure(
            "Copies out, not to be used",
            out[Which.STOPPED],
            "copies.everywhere",
            tone="rsk",
            show=Which.STOPPED.value,
        ),
        _figure(
            "Called back, not accounted for", outstanding(session), "recalls.index", tone="rsk"
        ),
    ]
    danger, total = desk_lists.endangered(session)
    values["lists"].append(danger)
    if (url := link("trail.index")) and values["start"] is None:
        values["more"].append(("Open the trail", url))
    if behind := overdue(session):
        verb = "is" if behind == 1 else "are"
        return f"{plural(behind, 'recall').capitalize()} {verb} late"
    lost = standing["at-risk"] + standing["expired"]
    if lost:
        return f"{plural(lost, 'module').capitalize()} may not be used as approved"
    if stopped := out[Which.STOPPED]:
        verb = "is" if stopped == 1 else "are"
        return f"{plural(stopped, 'copy', 'copies')} {verb} out that may not be used"
    return f"{plural(total, 'module')} will expire within 60 days" if total else "All is in order"


def _figure(
    words: str, number: int, endpoint: str, tone: str | None = None, **values: Any
) -> Values:
    return {
        "words": words,
        "number": number,
        "url": link(endpoint, **values),
        "tone": tone if number else None,
    }


def _keeping(session: Session, values: Values) -> str:
    """Administrators: who works here, and who cannot get in."""
    now = clock.now()
    active = Person.deactivated_at.is_(None)
    counted = session.execute(
        select(
            func.count().filter(active),
            func.count().filter(active, Person.locked_until > now),
            func.count().filter(active, Person.must_change_password),
        )
    ).one()
    names = ("People", "Locked out", "With a one-time password")
    tones = (None, "rsk", "chg")
    values["figures"] += [
        _figure(words, number, "people.index", tone=tone)
        for words, number, tone in zip(names, counted, tones, strict=True)
    ]
    for words, endpoint in (("People", "people.index"), ("Trail", "trail.index")):
        if url := link(endpoint):
            values["more"].append((words, url))
    if counted[1]:
        return f"{plural(counted[1], 'person is', 'people are')} locked out".capitalize()
    return f"{plural(counted[0], 'person works', 'people work')} here"

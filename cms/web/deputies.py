"""Deputies: who stands in for whom while they are away; naming one, and ending it early."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cms.formatting import day, viewer_zone
from cms.pages import Open, acting, page, session
from cms.typed import errors_of, text, whole_number
from mlr import board, deputies
from mlr.deputies import Absence
from mlr.models import Deputy
from mlr.policy import disciplines_of
from records import clock
from records.errors import NotFound, Objection, Refused
from records.models import Person
from records.people import WHOLE
from records.roles import Permission, may
from records.vocabulary import Discipline

blueprint = Blueprint("deputies", __name__)
# beyond that a day is a slip of the keyboard, and may be none in another zone
FARTHEST = timedelta(days=36_500)


@page(blueprint, "/deputies", permission=Open.SIGNED_IN)
def index() -> str:
    """Everybody who stands in for somebody, now or soon; and a form to name one."""
    return _page({}, {})


@page(blueprint, "/deputies", permission=Open.SIGNED_IN, methods=("POST",))
def name() -> Any:
    """Name a deputy; days are whole days of who names them."""
    me = acting()
    typed = {each: text(each) for each in ("absent", "deputy", "discipline", "first", "last")}
    try:
        row = deputies.name_deputy(
            session(),
            _person(typed["absent"]) if typed["absent"] else me,
            deputy=_person(typed["deputy"]),
            discipline=_discipline(typed["discipline"]),
            absence=_absence(typed["first"], typed["last"]),
            actor=me,
        )
    except Refused as error:
        session().rollback()
        return _page(typed, errors_of(error)), 422
    last = day(row.ends_at - timedelta(seconds=1))
    flash(
        f"{row.deputy.name} signs what {row.absent.name} holds as {row.discipline} "
        f"from {day(row.starts_at)} to {last}.",
        "ok",
    )
    return redirect(url_for("deputies.index"), 303)


@page(blueprint, "/deputies/<int:number>/end", permission=Open.SIGNED_IN, methods=("POST",))
def end(number: int) -> Response:
    """Let somebody be deputy no longer, at once."""
    row = deputies.get_deputy(session(), number)
    deputies.end_deputy(session(), row, actor=acting())
    flash(f"{row.deputy.name} no longer stands in for {row.absent.name}.", "ok")
    return redirect(url_for("deputies.index"), 303)


def _page(typed: dict[str, str], errors: dict[str, str]) -> str:
    me, now = acting(), clock.now()
    sets = any(may(me, each) for each in (Permission.KEEP_PEOPLE, Permission.LEAD_REVIEWS))
    people = board.reviewers(session())
    everybody = {each.id: each for part in people.values() for each in part}
    mine = [part for part in people if sets or part in disciplines_of(me)]
    able = {each.id: each for part in mine for each in people[part] if sets or each.id != me.id}
    values = {
        "rows": [_row(each, me, now) for each in deputies.listed(session(), now)],
        "may_name": bool(mine),
        "sets": sets,
        "absent": [(each.id, each.name) for each in _by_name(everybody)] if sets else [],
        "people": [(each.id, _reviews_as(each)) for each in _by_name(able)],
        "disciplines": [(part.value, part.label) for part in mine],
        "board_url": url_for("board.index") if may(me, Permission.READ_LIBRARY) else None,
        "typed": typed,
        "errors": errors,
    }
    return render_template("pages/deputies/index.html", page=values)


def _by_name(people: dict[int, Person]) -> list[Person]:
    return sorted(people.values(), key=lambda each: (each.name, each.id))


def _reviews_as(person: Person) -> str:
    return f"{person.name}, {' and '.join(disciplines_of(person))}"


def _row(row: Deputy, me: Person, now: datetime) -> dict[str, Any]:
    return {
        "absent": row.absent.name,
        "deputy": row.deputy.name,
        "discipline": row.discipline.label,
        "starts_at": row.starts_at,
        "last": row.ends_at - timedelta(seconds=1),
        "now": row.starts_at <= now,
        "end_url": url_for("deputies.end", number=row.id)
        if me.id == row.deputy_id or deputies.may_name(row.absent, me)
        else None,
    }


def _person(sent: str) -> Person:
    if not sent:
        raise Refused([Objection("missing", "Choose who stands in.", where="deputy")])
    found = session().get(Person, whole_number(sent) or 0, options=WHOLE)
    if found is None:
        raise NotFound(f"There is no person {sent[:40]}.")
    return found


def _discipline(word: str) -> Discipline:
    if word not in set(Discipline):
        raise Refused([Objection("missing", "Choose a discipline.", where="discipline")])
    return Discipline(word)


def _absence(first: str, last: str) -> Absence:
    """Whole days in the zone of who names them; both days count."""
    days: list[date] = []
    for field, typed in (("first", first), ("last", last)):
        try:
            days.append(date.fromisoformat(typed))
        except ValueError:
            sentence = "Give a day as year, month and day, such as 2026-12-24."
            raise Refused([Objection("no-day", sentence, where=field)]) from None
    zone = viewer_zone.get()
    for field, each in zip(("first", "last"), days, strict=True):
        if abs(each - clock.today()) > FARTHEST:
            sentence = "This is many years away: nobody is away then."
            raise Refused([Objection("no-day", sentence, where=field)])
    return Absence(
        datetime.combine(days[0], time.min, zone),
        datetime.combine(days[1] + timedelta(days=1), time.min, zone),
    )

"""The people who work here: list, add, change, deactivate, one-time passwords."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_user

from cms.kinds import drafts_held
from cms.pages import SignedIn, acting, page, session, viewer
from cms.typed import errors_of, text
from exports.templating import land_shipped
from records import people, queries
from records.errors import Refused
from records.models import AuditRow, Person
from records.queries import Access, PersonFilter
from records.roles import LABELS, Permission, StaffRole, in_short, may

blueprint = Blueprint("people", __name__)
PAGE = 50
READ, KEEP = Permission.READ_PEOPLE, Permission.KEEP_PEOPLE


@page(blueprint, "/people", permission=READ)
def index() -> str:
    """Everybody who works here by name, or those who once did."""
    words = request.args.get("q", "").strip()
    shown = request.args.get("show", Access.ACTIVE.value)
    access = Access(shown) if shown in list(Access) else None
    narrowed = PersonFilter(words, access)
    after = _after()
    rows = queries.list_people(session(), narrowed=narrowed, after=after, limit=PAGE + 1)
    full, rows = len(rows) > PAGE, rows[:PAGE]
    before = request.args.get("n", 0, type=int) if after else 0
    total = queries.count_people(session(), narrowed=narrowed)
    further: dict[str, Any] = {"q": words or None, "show": shown, "n": before + PAGE}
    values = {
        "query": words,
        "filters": [_filter(each, words, shown) for each in (*Access, None)],
        "rows": [_row(person) for person in rows],
        "total": total,
        "first": before + 1,
        "last": before + len(rows),
        "back_url": url_for("people.index", q=words or None, show=shown) if after else None,
        "next_url": url_for("people.index", name=rows[-1].name, id=rows[-1].id, **further)
        if full
        else None,
        "may_keep": may(viewer(), KEEP),
    }
    return render_template("pages/people/index.html", page=values)


def _after() -> tuple[str, int] | None:
    name, number = request.args.get("name"), request.args.get("id", type=int)
    return (name, number) if name is not None and number is not None else None


def _filter(access: Access | None, words: str, shown: str) -> dict[str, Any]:
    value = access.value if access else "all"
    count = queries.count_people(session(), narrowed=PersonFilter(words, access))
    return {
        "label": access.value.capitalize() if access else "Everybody",
        "url": url_for("people.index", q=words or None, show=value),
        "count": count,
        "chosen": shown == value,
    }


def _row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "roles": ", ".join(LABELS[role] for role in StaffRole if role in person.roles),
        "territory": ", ".join(sorted(person.territory)),
        "state": queries.access_of(person).value,
        "last_seen": person.signed_in_at,
    }


@page(blueprint, "/people/new", permission=KEEP, methods=("GET", "POST"))
def create() -> Any:
    """Add somebody, with a one-time password that is shown once."""
    if request.method == "GET":
        return _create({}, {})
    password = people.one_time_password()
    try:
        person = people.add_person(
            session(),
            actor=acting(),
            email=text("email"),
            name=text("name"),
            title=text("title"),
            roles_held=_roles(),
            territory=_territory(),
            password=password,
            must_change=True,
        )
    except Refused as error:
        session().rollback()
        return _create(_typed(), errors_of(error)), 422
    land_shipped(session(), actor=person)
    return _given(person, password, added=True)


def _create(typed: dict[str, Any], errors: dict[str, str]) -> str:
    values = {"person": None, "typed": typed, "errors": errors, "roles": _choices()}
    return render_template("pages/people/create.html", page=values)


def _given(person: Person, password: str, *, added: bool) -> str:
    """The one page on which a one-time password stands; it is kept nowhere."""
    values = {"name": person.name, "email": person.email, "password": password, "added": added}
    url = url_for("people.show", person_id=person.id)
    return render_template("pages/people/password.html", page={**values, "url": url})


@page(blueprint, "/people/<int:person_id>", permission=READ)
def show(person_id: int) -> str:
    """Roles, what is in their hands, the last steps on record."""
    return _page(queries.get_person(session(), person_id))


@page(blueprint, "/people/<int:person_id>", permission=KEEP, methods=("POST",))
def save(person_id: int) -> Any:
    """Change name, roles, territory."""
    person = queries.get_person(session(), person_id)
    try:
        people.change_person(
            session(),
            person,
            actor=acting(),
            name=text("name"),
            title=text("title"),
            zone=person.zone,
            roles_held=_roles(),
            territory=_territory(),
            revision=text("revision") or None,
        )
    except Refused as error:
        session().rollback()
        return _page(person, typed=_typed(), errors=errors_of(error)), 422
    _stay(person)
    flash(f"Saved. {person.name} has to sign in again.", "ok")
    return redirect(url_for("people.show", person_id=person_id), 303)


def _stay(person: Person) -> None:
    """A change ends the person's sessions, but not the one in which they did it themselves."""
    if person.id == viewer().id:
        login_user(SignedIn(person))


@page(blueprint, "/people/<int:person_id>/password", permission=KEEP, methods=("POST",))
def reset(person_id: int) -> Any:
    """Give a one-time password and show it once."""
    person = queries.get_person(session(), person_id)
    try:
        password = people.reset_password(session(), person, actor=acting())
    except Refused as error:
        session().rollback()
        return _page(person, errors=errors_of(error)), 422
    return _given(person, password, added=False)


@page(blueprint, "/people/<int:person_id>/deactivate", permission=KEEP, methods=("POST",))
def deactivate(person_id: int) -> Any:
    """End somebody's access at once."""
    person = queries.get_person(session(), person_id)
    try:
        people.deactivate(session(), person, actor=acting(), reason=text("reason"))
    except Refused as error:
        session().rollback()
        return _page(person, errors=errors_of(error)), 422
    flash(f"{person.name} is signed out everywhere and can no longer sign in.", "ok")
    return redirect(url_for("people.show", person_id=person_id), 303)


@page(blueprint, "/people/<int:person_id>/activate", permission=KEEP, methods=("POST",))
def activate(person_id: int) -> Any:
    """Let somebody in again; also ends a lock."""
    person = queries.get_person(session(), person_id)
    people.reactivate(session(), person, actor=acting(), reason=text("reason"))
    flash(f"{person.name} can sign in again.", "ok")
    return redirect(url_for("people.show", person_id=person_id), 303)


def _roles() -> list[StaffRole]:
    sent = request.form.getlist("roles")
    return [role for role in StaffRole if role.value in sent]


def _territory() -> list[str]:
    return text("territory").split(",")


def _typed() -> dict[str, Any]:
    return {**request.form.to_dict(), "roles": request.form.getlist("roles")}


def _choices() -> list[tuple[str, str, str]]:
    return [(role.value, LABELS[role], in_short(role)) for role in StaffRole]


def _page(
    person: Person, *, typed: dict[str, Any] | None = None, errors: dict[str, str] | None = None
) -> str:
    keeper, own = may(viewer(), KEEP), person.id == viewer().id
    held = {
        "name": person.name,
        "email": person.email,
        "title": person.title,
        "roles": sorted(person.roles),
        "territory": ", ".join(sorted(person.territory)),
    }
    access = queries.access_of(person)
    values = {
        "person": _head(person, access),
        "may_keep": keeper,
        "typed": {**held, **(typed or {}), "email": person.email},
        "errors": errors or {},
        "roles": _choices(),
        "save_url": _url("save", person) if keeper else None,
        "password_url": _url("reset", person) if keeper and person.active and not own else None,
        "deactivate_url": _url("deactivate", person)
        if keeper and person.active and not own
        else None,
        "activate_url": _url("activate", person)
        if keeper and access is not Access.ACTIVE
        else None,
        "held": drafts_held(session(), person),
        "trail": [_line(row) for row in queries.trail_about(session(), "person", person.id)],
        "trail_url": url_for("trail.index", q=person.name)
        if may(viewer(), Permission.READ_TRAIL)
        else None,
    }
    return render_template("pages/people/show.html", page=values)


def _url(endpoint: str, person: Person) -> str:
    return url_for(f"people.{endpoint}", person_id=person.id)


def _head(person: Person, access: Access) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "title": person.title,
        "email": person.email,
        "state": access.value,
        "created_at": person.created_at,
        "last_seen": person.signed_in_at,
        "signatures": queries.count_signatures(session(), person),
        "locked_until": person.locked_until if access is Access.LOCKED else None,
        "one_time": person.must_change_password,
        "revision": people.revision_of(person),
    }


def _line(row: AuditRow) -> dict[str, Any]:
    return {
        "at": row.at,
        "actor": row.actor_name,
        "action": row.action.value,
        "sentence": row.action.value.partition(":")[2].replace("-", " ").capitalize(),
        "reason": row.reason,
    }

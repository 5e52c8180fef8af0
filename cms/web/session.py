"""Signing in and out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from cms import VERSION
from cms.app import limiter
from cms.pages import Open, SignedIn, page, place, session, viewer
from records import audit, people
from records.actions import Action
from records.models import Person
from records.passwords import Locked, WrongPassword

blueprint = Blueprint("session", __name__)


@page(blueprint, "/sign-in", permission=Open.PUBLIC, methods=("GET", "POST"))
@limiter.limit("20 per minute", methods=["POST"])
def sign_in() -> Any:
    """The way in; a failed attempt is counted in a transaction of its own."""
    if request.method == "GET":
        return _form()
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        person = people.sign_in(session(), email, password)
    except (WrongPassword, Locked):
        session().rollback()
        return _refused(email)
    login_user(SignedIn(person))
    return redirect(_next())


def _refused(email: str) -> tuple[str, int]:
    """The same words, work and time for a wrong password, a lock and an unknown address.

    Anything else would tell a stranger who works here.
    """
    with place().sessions.write() as second:
        people.record_failure(second, email, action=Action.PERSON_SIGN_IN_FAILED)
    body = (
        "The address and the password do not belong together, or the account is locked: after "
        f"{people.MOST_FAILURES} wrong passwords it is, for {people.LOCK_MINUTES} minutes."
    )
    return _form(email, {"title": "You are not signed in", "body": body}), 401


def _form(email: str = "", refused: dict[str, str] | None = None) -> str:
    values = {
        "email": email,
        "next": request.values.get("next", ""),
        "refused": refused,
        "ended": False,
        "organisation": place().settings.company or "Clearcopy",
        "release": VERSION,
    }
    return render_template("pages/session/sign_in.html", page=values)


def _next() -> str:
    """Where to go: an address of this house only."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    if wanted.startswith("/") and not wanted.startswith("//") and not parts.netloc:
        return wanted
    return url_for("home.desk")


@page(blueprint, "/sign-out", permission=Open.PUBLIC, methods=("POST",))
def sign_out() -> Response:
    """The way out."""
    if current_user.is_authenticated:
        person = session().get(Person, viewer().id)
        if person is not None:
            audit.record(
                session(),
                Action.PERSON_SIGN_OUT,
                actor=person,
                subject=("person", person.id, person.name),
            )
    logout_user()
    return redirect(url_for("session.sign_in"))

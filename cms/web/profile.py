"""One's own page: what one may do, how one sees it, one's password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_user

from cms.app import limiter
from cms.pages import Open, SignedIn, acting, page, place, session, viewer
from cms.typed import errors_of, text
from cms.zones import zone_choices
from records import passwords, people
from records.actions import Action
from records.errors import Refused
from records.passwords import Locked, WrongPassword
from records.roles import LABELS, ROLES, SENTENCES

blueprint = Blueprint("profile", __name__)


@page(blueprint, "/profile", permission=Open.SIGNED_IN)
def show() -> str:
    """Name, roles with what they allow, territory; time zone, colours, keys; password."""
    return _page({})


@page(blueprint, "/profile", permission=Open.SIGNED_IN, methods=("POST",))
def save() -> Any:
    """Set how one sees the pages."""
    me = acting()
    try:
        people.set_preferences(
            session(),
            me,
            actor=me,
            zone=text("zone"),
            theme=text("theme"),
            single_keys="single_keys" in request.form,
        )
    except Refused as error:
        session().rollback()
        return _page(errors_of(error), typed=request.form.to_dict()), 422
    flash("Saved.", "ok")
    return redirect(url_for("profile.show"), 303)


@page(blueprint, "/profile/password", permission=Open.SIGNED_IN, methods=("GET", "POST"))
@limiter.limit("20 per minute", methods=["POST"])
def password() -> Any:
    """Change one's own password; a wrong one is counted in a transaction of its own."""
    if request.method == "GET":
        return _own({}) if viewer().must_change_password else redirect(url_for("profile.show"))
    me = acting()
    answer = _own if me.must_change_password else _page
    current, new = request.form.get("current", ""), request.form.get("password", "")
    if new != request.form.get("again", ""):
        return answer({"again": "The two new passwords are not the same."}), 422
    try:
        people.set_password(session(), me, actor=me, new=new, current=current)
    except (WrongPassword, Locked) as error:
        session().rollback()
        return answer({"current": _not_confirmed(error)}), 422
    except Refused as error:
        session().rollback()
        return answer(errors_of(error)), 422
    login_user(SignedIn(me))
    message = "Your password is changed. Wherever else you were signed in, you no longer are."
    flash(message, "ok")
    return redirect(url_for("home.desk" if answer is _own else "profile.show"), 303)


def _not_confirmed(error: WrongPassword | Locked) -> str:
    if isinstance(error, Locked):
        return str(error)
    with place().sessions.write() as second:
        left = people.record_failure(
            second, viewer().email, action=Action.PERSON_SET_PASSWORD_FAILED
        )
    if left == 0:
        return f"Too many wrong passwords. You can try again in {people.LOCK_MINUTES} minutes."
    attempts = "One more wrong one locks" if left == 1 else f"{left} more wrong ones lock"
    return f"This is not your password now. {attempts} it for {people.LOCK_MINUTES} minutes."


def _own(errors: dict[str, str]) -> str:
    """The only page for somebody whose password an administrator knows."""
    values = {"name": viewer().name, "errors": errors, "rules": passwords.RULES}
    return render_template("pages/profile/password.html", page=values)


def _page(errors: dict[str, str], *, typed: dict[str, Any] | None = None) -> str:
    me = viewer()
    held = {"zone": me.zone, "theme": me.theme, "single_keys": me.single_keys}
    values = {
        "name": me.name,
        "email": me.email,
        "roles": [
            (LABELS[role], "; ".join(SENTENCES[each] for each in sorted(ROLES[role])))
            for role in sorted(me.roles)
        ],
        "territory": ", ".join(sorted(me.territory)),
        "typed": held if typed is None else typed,
        "zones": zone_choices(me.zone),
        "errors": errors,
        "rules": passwords.RULES,
        "password_url": url_for("profile.password"),
        "save_url": url_for("profile.save"),
    }
    return render_template("pages/profile/show.html", page=values)

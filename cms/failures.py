"""Refusals and failures as pages: what happened, that nothing was changed, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from logging import getLogger
from typing import Any

from flask import Response, g, make_response, render_template, request, url_for
from flask_login import AnonymousUserMixin, current_user
from werkzeug.exceptions import HTTPException

from cms import logging
from cms.installation import Installation
from cms.pages import viewer
from records import audit
from records.actions import Action
from records.errors import DomainError, NotAllowed, NotFound, Refused, Stale
from records.models import Person
from records.passwords import Locked, WrongPassword
from records.problems import BadInput

FAILURES = {
    404: (
        "There is nothing here",
        "Nothing has this address. It may be mistyped, or come from another installation.",
    ),
    405: ("This cannot be done here", "The address is right, but it does not take what was sent."),
    413: (
        "This is too large",
        (
            "At most 25 MB can be sent here, and a file may have 20 MB. Nothing was changed. "
            "Split the file, or let an administrator import it with the command line."
        ),
    ),
    429: (
        "Too many attempts",
        "Nothing was changed. Wait a minute, then try once more.",
    ),
    503: (
        "The database is busy",
        (
            "Somebody else's change took longer than we waited for it. Nothing of this step was "
            "changed. Go back and try again in a few seconds; if it stays so, tell an "
            "administrator."
        ),
    ),
    500: (
        "The program failed here",
        (
            "Nothing of this step was kept. Go back and try again; if it fails again, tell an "
            "administrator what you were about to do."
        ),
    ),
}
FASTER = "Somebody else changed this at the same moment. Nothing of yours was stored; look again."
# a number to tell an administrator helps where the page itself cannot say what went wrong
WORTH_A_REFERENCE = {400, 403, 429, 500, 503}
# whoever stands on such a page needs a way on
LOST = {403, 404, 500, 503}
RETRY_SECONDS = 5
_LOG = getLogger("clearcopy.web")


def refused(place: Installation, error: DomainError) -> tuple[str, int]:
    """What the rules do not allow; who may not do it at all is put down in the trail."""
    status, title = _status(error)
    if status == 403 and current_user.is_authenticated:
        with place.sessions.write() as opened:
            person = opened.get_one(Person, viewer().id)
            audit.record(
                opened,
                Action.PERSON_REFUSED,
                actor=person,
                subject=("person", person.id, person.name),
                reason=str(error)[:500],
            )
    objections = error.objections if isinstance(error, Refused) else ()
    body = error.intro or "The rules object." if isinstance(error, Refused) else str(error)
    return page_of(status, title, body, objections=objections), status


def _status(error: DomainError) -> tuple[int, str]:
    match error:
        case NotAllowed():
            return 403, "You may not do this"
        case NotFound():
            return 404, "There is nothing here"
        case Stale():
            return 409, "Somebody was faster"
        case WrongPassword() | Locked():
            return 401, "The password is not right"
        case _:
            return 422, "This was refused"


def bad_input(error: BadInput) -> tuple[str, int]:
    """A file with mistakes, each with its place."""
    body = "Nothing was changed. These places in the file need correction."
    return page_of(422, "The file cannot be used", body, problems=error.problems), 422


def http(error: HTTPException) -> tuple[str, int] | Response:
    """What Werkzeug refuses, and whatever the program failed at."""
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect is a response
    title, words = FAILURES.get(error.code, (error.name, error.description or "It did not work."))
    return page_of(error.code, title, words), error.code


def busy() -> Response:
    """Others hold the database; who is signed in is known already, or is not asked for now."""
    _LOG.warning("the database was busy", extra={"path": request.path})
    g.setdefault("_login_user", AnonymousUserMixin())
    response = make_response(page_of(503, *FAILURES[503], retry_after=RETRY_SECONDS), 503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def page_of(
    status: int,
    title: str,
    body: str,
    *,
    objections: Any = (),
    problems: Any = (),
    links: Sequence[tuple[str, str]] = (),
    written: Sequence[tuple[str, str]] = (),
    retry_after: int | None = None,
) -> str:
    """A failure as a page; ``written`` is what somebody would lose with it, by field."""
    lost = [("To the desk", url_for("home.desk"))] if status in LOST else []
    failure = {
        "status": status,
        "title": title,
        "body": body,
        "objections": objections,
        "problems": problems,
        "links": [*links, *lost],
        "written": written,
        "reference": logging.reference() if status in WORTH_A_REFERENCE else None,
        "retry_after": retry_after,
    }
    signed_in = current_user.is_authenticated
    name = "failure" if signed_in else "failure_bare"
    return render_template(f"pages/errors/{name}.html", failure=failure)

"""Declaring pages: every one names who may see it, and runs in one transaction.

The transaction is opened around the view inside dispatch, not in Flask's teardown: by then an error
handler has already turned a refusal into a page, and half-done work would be committed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from flask import Blueprint, current_app, g, request
from flask_login import UserMixin, current_user, login_required
from sqlalchemy.orm import Session

from cms.installation import Installation
from records import errands, roles
from records.models import Person
from records.people import WHOLE
from records.roles import Permission

F = TypeVar("F", bound=Callable[..., Any])


class Open(Enum):
    """Pages that need no permission."""

    PUBLIC = "public"  # without signing in
    SIGNED_IN = "signed in"  # anybody who works here


Rule = Permission | Open
DECLARED: dict[str, Rule] = {}
# pages whose POST changes nothing: a text is sent to be looked at, and no writer has to wait for it
READING: set[str] = set()


def place() -> Installation:
    """The installation this application serves."""
    installation: Installation = current_app.extensions["installation"]
    return installation


def session() -> Session:
    """The session of this request."""
    opened: Session = g.session
    return opened


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """Somebody who is signed in, as Flask-Login keeps them: number and stamp of their sessions."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        return f"{self.person.id}:{self.person.session_stamp}"


def viewer() -> Person:
    """The person who is signed in."""
    person: Person = current_user.person
    return person


def page(
    blueprint: Blueprint,
    rule: str,
    *,
    permission: Rule,
    methods: tuple[str, ...] = ("GET",),
    reads: bool = False,
) -> Callable[[F], F]:
    """Declare a view at ``rule``; without a permission it cannot be declared.

    ``reads`` says that even its POST changes nothing.
    """
    if not isinstance(permission, Permission | Open):
        raise TypeError(f"{rule} must say who may see it, not {permission!r}")

    def declare(view: F) -> F:
        name = view.__name__
        DECLARED[f"{blueprint.name}.{name}"] = permission
        if reads:
            READING.add(f"{blueprint.name}.{name}")

        @functools.wraps(view)
        def guarded(**values: Any) -> Any:
            if isinstance(permission, Permission):
                roles.require(viewer(), permission)
            return view(**values)

        wrapped = guarded if permission is Open.PUBLIC else login_required(guarded)
        blueprint.add_url_rule(rule, name, wrapped, methods=list(methods))
        return view

    return declare


def acting() -> Person:
    """The viewer as a row of this request's session: who does what is done."""
    return session().get_one(Person, viewer().id, options=WHOLE)


def in_transaction(dispatch: Callable[[], Any]) -> Any:
    """Run the dispatch of one request in one transaction: read for GET, write for the rest.

    Errands go to the worker after the commit; where there is none (tests) they run at once.
    """
    write = request.method not in ("GET", "HEAD", "OPTIONS") and request.endpoint not in READING
    sessions = place().sessions
    try:
        with sessions.open(write=write) as opened:
            g.session = opened
            answer = dispatch()
            if write:
                opened.commit()
                sessions.hand_over(opened)
    finally:
        # a closed session would begin anew, and lock, for whoever asked it while a refusal is shown
        g.pop("session", None)
    if write and sessions.messenger is None:
        errands.run_waiting(sessions)
    return answer

"""Signing on a page: a wrong password is counted in a transaction of its own, and said kindly."""

from __future__ import annotations

from cms.pages import place, session, viewer
from records import people
from records.actions import Action
from records.passwords import Locked, WrongPassword


def signer() -> str:
    """Whose attempts to sign are counted together: the person's, from wherever they come."""
    return f"signing {viewer().id}"


def count_failure(error: WrongPassword | Locked) -> str:
    """Undo this request's transaction, count the failure in another, and say what is left.

    While an account is locked nothing is counted: the lock ends when it said it would.
    """
    email = viewer().email
    session().rollback()
    if isinstance(error, Locked):
        return str(error)
    with place().sessions.write() as second:
        left = people.record_failure(second, email, action=Action.SIGNATURE_FAILED)
    if left == 0:
        return (
            "The password is not right. Nothing was signed, and you cannot sign for "
            f"{people.LOCK_MINUTES} minutes."
        )
    attempts = "1 attempt is" if left == 1 else f"{left} attempts are"
    return f"The password is not right. Nothing was signed; {attempts} left before a pause."

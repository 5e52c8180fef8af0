"""Withdrawing an approved version of any kind, on a page of its own or from a dialog."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request

from cms import kinds, withdrawing
from cms.addresses import version_url
from cms.app import limiter
from cms.kinds import CYCLES, WORDS
from cms.pages import acting, page, session
from cms.signing import count_failure, signer
from cms.web.reviews import blueprint
from records import clock
from records.passwords import Locked, WrongPassword
from records.roles import Permission

__all__ = ["blueprint"]


@page(
    blueprint,
    "/reviews/withdraw/<kind>/<code>/<number>",
    permission=Permission.WITHDRAW,
    methods=("GET", "POST"),
)
@limiter.limit("20 per minute", key_func=signer, methods=["POST"])
def withdraw(kind: str, code: str, number: str) -> Any:
    """Take an approved version out of use; the reason and a password are asked for."""
    version = kinds.numbered(session(), kind, code, number)
    if request.method == "GET":
        return _withdrawal(version, "", {})
    reason, password = request.form.get("reason", "").strip(), request.form.get("password", "")
    errors = {}
    if not reason:
        errors["reason"] = "Say why it is withdrawn; the reason is kept in the trail."
    if not password:
        errors["password"] = "Type your password: withdrawing is signed."  # noqa: S105 - a sentence
    if errors:
        return _withdrawal(version, reason, errors), 422
    try:
        CYCLES[version.KIND].withdraw(
            session(),
            version,
            actor=acting(),
            reason=reason,
            password=password,
        )
    except (WrongPassword, Locked) as error:
        sentence = count_failure(error)
        version = kinds.numbered(session(), kind, code, number)
        return _withdrawal(version, reason, {"password": sentence}), 401
    flash(f"{version.label} is withdrawn. Nothing of it may be shown or handed over.", "ok")
    return redirect(version_url(version), 303)


def _withdrawal(version: Any, reason: str, errors: dict[str, str]) -> str:
    values = {
        "kind": WORDS[version.KIND],
        "code": version.code,
        "version": version.version,
        "title": CYCLES[version.KIND].title(version),
        "state": version.state.value,
        "may": version.state.value == "approved",
        "url": version_url(version),
        "post_url": withdrawing.url(version),
        "withdraw": withdrawing.form(session(), version, reason=reason, errors=errors),
        "now": clock.now(),
    }
    return render_template("pages/reviews/withdraw.html", page=values)

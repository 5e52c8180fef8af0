"""What is sent after one was signed out, or from a page made before: refused, with its words kept.

A form takes longer to fill in than a session lasts idle. Scripts are led to the sign-in page, as
they keep what stands on the screen; for everybody else the words they wrote come back on the page
that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, make_response, redirect, request, url_for
from flask_login import LoginManager, current_user, login_url
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from cms import failures
from cms.pages import DECLARED, Open

SIGN_IN = "session.sign_in"
# says to a script that the page's token is of another session, and that it may fetch another
OLD_TOKEN = "X-Token"  # noqa: S105 - the name of a header
_NEVER_SHOWN = ("csrf_token", "password", "current", "new", "again")


def install(app: Flask, manager: LoginManager) -> None:
    """Answer here whenever nobody is signed in, or the token of a form does not fit."""
    manager.unauthorized_handler(_signed_out)
    app.register_error_handler(CSRFError, _token_refused)


def _signed_out() -> Response:
    if request.method in ("GET", "HEAD"):
        return redirect(login_url(SIGN_IN, next_url=request.url))
    if _by_script():
        return redirect(url_for(SIGN_IN))
    body = "Nothing was changed. Sign in, open the page again and send it once more."
    return _kept(401, "You were signed out", body, links=[("Sign in", url_for(SIGN_IN))])


def _token_refused(_: CSRFError) -> Response:
    public = DECLARED.get(request.endpoint or "") is Open.PUBLIC
    if not current_user.is_authenticated and not public:
        return _signed_out()
    body = (
        "Nothing was changed: what it sent does not belong to this session. Go back, load the page "
        "again, and send it once more."
    )
    answer = _kept(400, "This page was made before you signed in", body)
    answer.headers[OLD_TOKEN] = "old"
    return answer


def _kept(status: int, title: str, body: str, links: Sequence[tuple[str, str]] = ()) -> Response:
    written = _written()
    if written:
        body += " What you wrote stands below, so that you can copy it."
    page = failures.page_of(status, title, body, links=links, written=written)
    return make_response(page, status)


def _by_script() -> bool:
    if "X-In-Place" in request.headers or "HX-Request" in request.headers:
        return True
    return request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def _written() -> list[tuple[str, str]]:
    """The sentences of a form by field; nothing of what another site let somebody send."""
    sender = urlsplit(request.headers.get("Origin") or request.referrer or "").netloc
    if sender != request.host:
        return []
    return [
        (name.replace("_", " ").replace("-", " ").capitalize(), text)
        for name, text in request.form.items(multi=True)
        if name not in _NEVER_SHOWN and len(text.split()) > 1
    ]

"""The Flask application: blueprints, sign-in, one transaction a request, refusals as pages."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import (
    Flask,
    Response,
    current_app,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from cms import carried, failures, formatting, limits, logging, lost_sessions, web
from cms.compiled_templates import Kept
from cms.installation import Installation
from cms.pages import DECLARED, Open, SignedIn, in_transaction, viewer
from cms.waiting import waiting
from cms.zones import ALWAYS_UTC, zone_of
from records.database import Sessions, is_busy
from records.errors import DomainError, Stale
from records.models import Person
from records.people import WHOLE
from records.problems import BadInput
from records.roles import LABELS, Permission, StaffRole, may

ROOT = Path(__file__).resolve().parent.parent
MAXIMUM_REQUEST = 25 * 1024 * 1024
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
limiter = Limiter(get_remote_address, default_limits=[])


class Clearcopy(Flask):
    """Flask with one transaction around each view."""

    def dispatch_request(self) -> Any:
        return in_transaction(super().dispatch_request)

    def handle_exception(self, e: Exception) -> Response:
        """What no handler knew: a busy database is said to be just that, the rest is our fault."""
        if not is_busy(e):
            return super().handle_exception(e)
        return self.finalize_request(failures.busy(), from_error_handler=True)


def create_app(place: Installation) -> Flask:
    """The application for one installation."""
    app = Clearcopy("cms", template_folder=str(ROOT / "templates"), static_folder="static")
    settings = place.settings
    app.config.update(
        SECRET_KEY=settings.cookie_key(),
        DEBUG=settings.debug,
        MAX_CONTENT_LENGTH=MAXIMUM_REQUEST,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        SESSION_COOKIE_NAME="clearcopy",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=settings.idle_minutes),
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_STORAGE_URI=f"{limits.SCHEME}://{quote(str(settings.home.absolute()))}/limits.db",
    )
    app.extensions["installation"] = place
    logging.watch_requests(app)
    carried.install(app)
    _templates(app)
    CSRFProtect(app)
    limiter.init_app(app)
    _signing_in(app, place.sessions)
    _blueprints(app)
    app.register_error_handler(DomainError, lambda error: failures.refused(place, error))
    app.register_error_handler(
        StaleDataError, lambda _: failures.refused(place, Stale(failures.FASTER))
    )
    app.register_error_handler(BadInput, failures.bad_input)
    app.register_error_handler(HTTPException, failures.http)
    app.after_request(_headers)
    return app


def _blueprints(app: Flask) -> None:
    """Every module of ``cms.web`` brings one blueprint; its pages name who may see them.

    A room whose pages fill several modules has one blueprint in all of them; one without pages
    (values for templates) has none.
    """
    found = [
        importlib.import_module(f"cms.web.{each.name}")
        for each in pkgutil.iter_modules(web.__path__)
    ]
    for blueprint in dict.fromkeys(vars(module).get("blueprint") for module in found):
        if blueprint is not None:
            app.register_blueprint(blueprint)


def _templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    formatting.install(app.jinja_env)
    app.jinja_env.globals["asset"] = _asset
    app.jinja_env.bytecode_cache = Kept(ROOT / "templates" / "__pycache__", app.jinja_env)
    app.context_processor(_shell)
    app.before_request(_zone)
    app.before_request(_own_password)


def _asset(path: str) -> str:
    """Address of a static file, the built one first; it changes with the file."""
    static = ROOT / "cms" / "static"
    name = f"build/{path}" if (static / "build" / path).exists() else path
    file = static / name
    stamp = int(file.stat().st_mtime) if file.exists() else 0
    return url_for("static", filename=name, v=stamp)


def _zone() -> None:
    # set for strangers too: the thread may have served somebody in another zone before
    held = viewer().zone if current_user.is_authenticated else ALWAYS_UTC
    formatting.viewer_zone.set(zone_of(held, request.cookies.get("zone", "")))


# what somebody may reach who came in with a password that an administrator gave them
BEFORE_OWN_PASSWORD = {None, "profile.password", "session.sign_in", "session.sign_out", "static"}


def _own_password() -> WerkzeugResponse | None:
    """With a password somebody else knows too, nothing works but setting one's own (R-314)."""
    public = DECLARED.get(request.endpoint or "") is Open.PUBLIC
    if public or request.endpoint in BEFORE_OWN_PASSWORD:
        return None
    if current_user.is_authenticated and viewer().must_change_password:
        return redirect(url_for("profile.password"), 303)
    return None


ROOMS = (
    ("desk", "Desk", "home.desk", None),
    ("library", "Library", "library.index", Permission.READ_LIBRARY),
    ("claims", "Claims", "claims.index", Permission.READ_LIBRARY),
    ("labels", "Labels", "labels.index", Permission.READ_LIBRARY),
    ("materials", "Materials", "materials.index", Permission.READ_LIBRARY),
    ("accounts", "Accounts", "accounts.index", Permission.READ_LIBRARY),
    ("measures", "Measures", "measures.index", Permission.READ_LIBRARY),
    ("field", "My accounts", "field.accounts", Permission.RECEIVE_COPIES),
    ("copies", "Copies", "copies.index", Permission.RECEIVE_COPIES),
    ("people", "People", "people.index", Permission.READ_PEOPLE),
    ("trail", "Trail", "trail.index", Permission.READ_TRAIL),
)


def _shell() -> dict[str, Any]:
    """What the frame of every page shows to somebody who is signed in."""
    if not current_user.is_authenticated:
        return {}
    person = viewer()
    waiting = _waiting(person)
    nav = [
        {
            "key": key,
            "label": label,
            "url": url_for(endpoint),
            "count": waiting if key == "desk" else None,
        }
        for key, label, endpoint, permission in ROOMS
        if endpoint in current_app.view_functions
        if permission is None or may(person, permission)
    ]
    held = ", ".join(LABELS[role] for role in StaffRole if role in person.roles)
    shown = {"name": person.name, "role": held}
    theme = person.theme or None
    return {
        "shell": {"nav": nav, "viewer": shown, "theme": theme, "single_keys": person.single_keys}
    }


def _waiting(person: Person) -> int | None:
    """What waits on the desk; no number where nothing does, or no transaction is open."""
    opened = getattr(g, "session", None)
    return waiting(opened, person) or None if opened is not None and opened.is_active else None


def _signing_in(app: Flask, sessions: Sessions) -> None:
    manager = LoginManager(app)
    lost_sessions.install(app, manager)
    manager.session_protection = "strong"

    @manager.user_loader
    def load(stamp: str) -> SignedIn | None:
        """The person of a cookie; a changed password, role or deactivation ends it."""
        number, _, session_stamp = stamp.partition(":")
        opened = getattr(g, "session", None)
        if opened is None:
            with sessions.read() as reading:
                person = reading.get(Person, int(number), options=WHOLE)
        else:
            person = opened.get(Person, int(number), options=WHOLE)
        if person is None or not person.active or person.session_stamp != session_stamp:
            return None
        session.permanent = True
        return SignedIn(person)


def _headers(response: Response) -> Response:
    if "X-In-Place" in request.headers and "Location" in response.headers:
        # a form in a dialog is sent by script: it must see where to go before anything is shown
        response.status_code = 204
        response.headers["X-Location"] = response.headers.pop("Location")
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    if current_app.extensions["installation"].settings.env == "production":
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response

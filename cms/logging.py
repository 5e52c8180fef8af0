"""Logs: one line an event on standard error, JSON in production, readable in development.

A line says what happened, where, and in which request; never who, with what words or password: a
request is logged with its path and without its query, a person by number. ``X-Request-Id`` of an
answer, the reference on an error page and ``request`` in the log are the same.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request
from gunicorn.glogging import Logger

from cms.settings import Settings

HEADER = "X-Request-Id"
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
_LOG = logging.getLogger("clearcopy.web")
_request_id: ContextVar[str] = ContextVar("request_id", default="")
# what every record has; the rest came with ``extra``
_USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def configure(settings: Settings) -> None:
    """Send all logs of this process to standard error, in the form the environment asks for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines() if settings.env == "development" else JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("huey", "alembic", "weasyprint", "fontTools", "flask-limiter"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    values = {name: value for name, value in vars(record).items() if name not in _USUAL}
    if reference := _request_id.get():
        values.setdefault("request", reference)
    return values


def _at(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, event, and what came with it."""

    def format(self, record: logging.LogRecord) -> str:
        """See ``logging.Formatter.format``."""
        values = {
            "at": _at(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            "process": record.process,
            **_extra(record),
        }
        if record.exc_info:
            values["exception"] = self.formatException(record.exc_info)
        return json.dumps(values, ensure_ascii=False, default=str)


class Lines(logging.Formatter):
    """One line for a person: time, level, event, and what came with it."""

    def format(self, record: logging.LogRecord) -> str:
        """See ``logging.Formatter.format``."""
        extra = " ".join(f"{name}={value}" for name, value in _extra(record).items())
        line = f"{_at(record)[11:19]} {record.levelname:7} {record.getMessage()}  {extra}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's log in ours; requests are logged by the application, which knows more."""

    def setup(self, cfg: Any) -> None:
        """Called by gunicorn instead of making handlers of its own."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True


def watch_requests(app: Flask) -> None:
    """Give every request a reference and log its end; to be called before all other hooks."""
    app.before_request(_begin)
    app.after_request(_end)


def _person() -> int | None:
    """The number of who is signed in, if this request asked for it."""
    signed_in = getattr(g, "_login_user", None)
    person = getattr(signed_in, "person", None)
    return person.id if person is not None else None


def reference() -> str:
    """The reference of this request."""
    return _request_id.get()


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    _request_id.set(given if _GIVEN.fullmatch(given) else secrets.token_hex(8))
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers[HEADER] = reference()
    if request.endpoint != "static":
        began = getattr(g, "began", None)
        _LOG.info(
            "%s %s",
            request.method,
            request.path,
            extra={
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000, 1) if began else None,
                "person": _person(),
            },
        )
    return response

"""A Jinja environment like the house's own, but strict: a variable nobody gives is an error."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cms import formatting

ROOT = Path(__file__).parents[3]

# endpoint -> path with its arguments; what is left over becomes the query
ENDPOINTS = {
    "session.sign_in": "/sign-in",
    "session.sign_out": "/sign-out",
    "home.desk": "/",
    "library.index": "/library",
    "library.coverage": "/library/coverage",
    "library.keep": "/library/views",
    "modules.show": "/modules/{code}",
    "modules.versions": "/modules/{code}/versions",
    "modules.version": "/modules/{code}/versions/{number}",
    "modules.compare": "/modules/{code}/compare",
    "modules.edit": "/modules/{code}/edit",
    "modules.save": "/modules/{code}/save",
    "modules.submit": "/modules/{code}/versions/{number}/submit",
    "modules.create": "/modules/new",
    "claims.index": "/claims",
    "claims.show": "/claims/{claim_id}",
    "labels.index": "/labels",
    "labels.changes": "/labels/{set_id}/{version}/changes",
    "labels.show": "/labels/{set_id}/{version}",
    "label_decisions.decide": "/labels/{set_id}/{version}/changes/{code}",
    "reviews.queue": "/reviews",
    "reviews.task": "/reviews/tasks/{task_id}",
    "reviews.verdict": "/reviews/tasks/{task_id}/verdict",
    "measures.index": "/measures",
    "board.index": "/reviews/board",
    "board.give": "/reviews/tasks/{task_id}/holder",
    "deputies.index": "/deputies",
    "deputies.name": "/deputies",
    "deputies.end": "/deputies/{number}/end",
    "reviews.recall": "/reviews/jobs/{job_id}/recall",
    "materials.index": "/materials",
    "materials.start": "/materials/new",
    "materials.compose": "/materials/{code}/compose",
    "materials.change": "/materials/{code}/change",
    "materials.preview": "/materials/{code}/preview",
    "materials.extent": "/materials/{code}/extent",
    "materials.submit": "/materials/{code}/submit",
    "materials.show": "/materials/{code}",
    "materials.issue": "/materials/{code}/copies",
    "materials.new_version": "/materials/{code}/versions",
    "materials.cancel": "/materials/{code}/cancel",
    "bulk.index": "/bulk",
    "bulk.new": "/bulk/new",
    "bulk.show": "/bulk/{code}",
    "bulk.table": "/bulk/{code}/result.csv",
    "bulk.archive": "/bulk/{code}/files.zip",
    "bulk.pause": "/bulk/{code}/pause",
    "bulk.resume": "/bulk/{code}/resume",
    "bulk.cancel": "/bulk/{code}/cancel",
    "bulk.verdict": "/bulk/{code}/verdict",
    "copies.download": "/copies/{number}",
    "copies.index": "/copies",
    "copies.everywhere": "/copies/everywhere",
    "recalls.index": "/recalls",
    "recalls.show": "/recalls/{recall_id}",
    "recalls.remind": "/recalls/{recall_id}/remind",
    "recalls.close": "/recalls/{recall_id}/close",
    "recalls.destroyed": "/recalls/{recall_id}/destroyed",
    "recalls.answer": "/recalls/copies/{number}",
    "field.accounts": "/my-accounts",
    "field.account": "/my-accounts/{account_id}",
    "accounts.index": "/accounts",
    "accounts.show": "/accounts/{account_id}",
    "people.index": "/people",
    "people.show": "/people/{person_id}",
    "people.create": "/people/new",
    "trail.index": "/trail",
    "search.show": "/search",
    "validity.find": "/v",
    "validity.show": "/v/{code}",
    "profile.show": "/profile",
    "profile.password": "/profile/password",
}


def url_for(endpoint: str, **values: Any) -> str:
    """Like Flask's, over ``ENDPOINTS``; an unknown endpoint or a missing argument is an error."""
    path = ENDPOINTS[endpoint]
    rest = {name: value for name, value in values.items() if f"{{{name}}}" not in path}
    query = f"?{urlencode(rest)}" if rest else ""
    return path.format(**values) + query


def _shell() -> SimpleNamespace:
    rooms = [
        ("desk", "Desk", "/", 7),
        ("library", "Library", "/library", None),
        ("claims", "Claims", "/claims", None),
        ("labels", "Labels", "/labels", None),
        ("materials", "Materials", "/materials", None),
        ("accounts", "Accounts", "/accounts", None),
        ("trail", "Trail", "/trail", None),
    ]
    nav = [SimpleNamespace(key=k, label=w, url=u, count=n) for k, w, u, n in rooms]
    viewer = SimpleNamespace(name="Medical reviewer", role="medical reviewer")
    return SimpleNamespace(nav=nav, viewer=viewer, theme=None, single_keys=True)


def _asset(path: str) -> str:
    built = (ROOT / "cms" / "static" / "build" / path).exists()
    return f"/static/build/{path}" if built else f"/static/{path}"


def make_environment(flashes: list[tuple[str, Any]] | None = None) -> Environment:
    """The environment of the pages, with stand-ins for what Flask provides."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    formatting.install(environment)
    environment.globals.update(
        url_for=url_for,
        asset=_asset,
        csrf_token=lambda: "a-token",
        get_flashed_messages=lambda with_categories=False: flashes or [],
        shell=_shell(),
    )
    return environment

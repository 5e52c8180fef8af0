"""Addresses of other rooms' pages, as links on pages of materials."""

from __future__ import annotations

from flask import url_for
from werkzeug.routing import BuildError

from accounts.models import Account


def account_url(account: Account) -> str:
    """The account's page."""
    return _first("accounts.show", {"account_id": account.id}, {"code": account.code})


def claim_url(code: str) -> str:
    """The claim's page."""
    return _first("claims.show", {"code": code}, {"claim_id": code})


def module_url(code: str) -> str:
    """The module's page."""
    return url_for("modules.show", code=code)


def _first(endpoint: str, *choices: dict[str, object]) -> str:
    for values in choices:
        try:
            return url_for(endpoint, **values)  # type: ignore[arg-type]  # route values
        except BuildError:
            continue
    return "#"

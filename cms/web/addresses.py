"""Addresses of other rooms' pages, as links on pages of materials."""

from __future__ import annotations

from flask import url_for

from accounts.models import Account


def account_url(account: Account) -> str:
    """The account's page."""
    return url_for("accounts.show", account_id=account.id)


def claim_url(code: str) -> str:
    """The claim's page."""
    return url_for("claims.show", claim_id=code)


def module_url(code: str) -> str:
    """The module's page."""
    return url_for("modules.show", code=code)

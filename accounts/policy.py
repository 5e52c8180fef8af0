"""Why an account may not be changed in some way: plain values in, objections out."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.csv_file import is_hidden, tidy
from accounts.models import Account
from accounts.stakeholder_file import LONGEST
from records.errors import Objection
from records.vocabulary import Role, Tier

LONGEST_REASON = 300


def tier_objections(account: Account, tier: Tier | None, reason: str) -> Iterator[Objection]:
    """A tier set by hand carries its reason: beds alone put great cancer centres last."""
    if not reason.strip():
        yield Objection("reason-missing", "Say why the account has this tier.", where="reason")
    if len(reason) > LONGEST_REASON:
        sentence = f"A reason has at most {LONGEST_REASON} characters."
        yield Objection("too-long", sentence, where="reason")
    if tier is account.tier and reason.strip() == account.tier_reason:
        yield Objection("nothing-changed", f"{account.name} has this tier already.", where="tier")


def stakeholder_objections(
    account: Account, role: Role, name: str, title: str
) -> Iterator[Objection]:
    """A stakeholder is there once, in plain text."""
    for field, text in (("name", name), ("title", title)):
        if len(text) > LONGEST:
            sentence = f"At most {LONGEST} characters fit here."
            yield Objection("too-long", sentence, where=field)
        if any(sign in text for sign in "<>{}") or any(map(is_hidden, tidy(text))):
            yield Objection("markup", "Only plain text is allowed here.", where=field)
    if any(each.role is role and each.name == tidy(name) for each in account.stakeholders):
        who = tidy(name) or role.label
        yield Objection("repeated", f"{who} is already a stakeholder of {account.name}.", "name")

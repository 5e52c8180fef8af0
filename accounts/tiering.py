"""The tier of an account that has none of its own: proposed from what is known, with the reason.

Beds alone would put leading cancer centres last (Dana-Farber has 30), so a cancer centre counts as
strategic whatever its size. A tier set by hand or named in the import file always wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from accounts.models import Account
from records.vocabulary import Tier

STRATEGIC_BEDS = 500
GROWTH_BEDS = 100
_CANCER = re.compile(r"\b(cancer|oncology|oncologic)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Tiering:
    """A tier and why the account has it."""

    tier: Tier
    reason: str


def tier_of(account: Account) -> Tiering:
    """The account's own tier, or the one its facts propose."""
    if account.tier is not None:
        return Tiering(account.tier, account.tier_reason)
    if _CANCER.search(f"{account.name} {account.care_setting}"):
        return Tiering(Tier.STRATEGIC, "proposed: a cancer centre")
    beds = account.beds or 0
    if beds >= STRATEGIC_BEDS:
        return Tiering(Tier.STRATEGIC, f"proposed: {beds} beds, at least {STRATEGIC_BEDS}")
    if beds >= GROWTH_BEDS:
        return Tiering(Tier.GROWTH, f"proposed: {beds} beds, at least {GROWTH_BEDS}")
    return Tiering(Tier.EXPANSION, f"proposed: fewer than {GROWTH_BEDS} beds known")

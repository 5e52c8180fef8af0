"""The page of rules."""

from __future__ import annotations

from cms.rules_values import PackRows, RuleRow, RulesPage
from tests.pages.preview.samples.entrance import LIBRARY_TABS

_ROW = RuleRow(
    id="C207",
    name="outdated-new",
    sentence="A medicine is called new for no more than twelve months.",
    source="ABPI Code 6.3",
    regulation="R-510",
    state="rsk",
    severity="Warns",
    patterns=5,
    violates=("Introducing Halvoryn",),
    clean=("The clinic moved to a new building.",),
    hits="finds 1 of 1, leaves 1 of 1 alone",
)
_PACKS = (
    PackRows("core", "All markets", "2026.1", (_ROW,)),
    PackRows("acme", "House style", "7", (), ("C202 blocks; finds also “rocket fuel”",)),
)

PAGES = {"rules": ("pages/rules/index.html", {"page": RulesPage(_PACKS, 1), "tabs": LIBRARY_TABS})}

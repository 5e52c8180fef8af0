"""The page of rules: every rule is listed with its examples, for whoever may read the library."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims_library.rules.catalogue import all_rules
from cms.installation import Installation
from records.roles import StaffRole
from tests.pages.conftest import Browser


def test_every_rule_is_listed_with_its_sentence(as_role: Callable[[StaffRole], Browser]) -> None:
    answer = as_role(StaffRole.WRITER).get("/rules")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    for rule in all_rules():
        assert f'id="{rule.id}"' in page
    assert "finds 2 of 2, leaves 2 of 2 alone" in page


OWN = """
pack: acme
version: '7'
title: House style
change:
  C202: {severity: block, add: ['rocket fuel']}
rules:
- id: A001
  name: house-style
  sentence: We say tablet, not pill.
  source: house style, 2026
  severity: warn
  find: |
    pill|pills
  violates: ['One pill a day']
  clean: ['Bring the list.']
"""


def test_the_companys_own_rules_are_listed_and_hold(
    as_role: Callable[[StaffRole], Browser],
    demo_place: Installation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(demo_place.sessions.info, "rules", (OWN,))
    page = as_role(StaffRole.WRITER).get("/rules").get_data(as_text=True)
    assert 'id="A001"' in page
    assert "finds 1 of 1, leaves 1 of 1 alone" in page
    assert "C202 blocks; finds also “rocket fuel”." in page

"""The page of rules: every rule is listed with its examples, for whoever may read the library."""

from __future__ import annotations

from collections.abc import Callable

from claims_library.rules.catalogue import all_rules
from records.roles import StaffRole
from tests.pages.conftest import Browser


def test_every_rule_is_listed_with_its_sentence(as_role: Callable[[StaffRole], Browser]) -> None:
    answer = as_role(StaffRole.WRITER).get("/rules")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    for rule in all_rules():
        assert f'id="{rule.id}"' in page
    assert "finds 2 of 2, leaves 2 of 2 alone" in page

"""The trail's page says how far back it looked, and goes on from there."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from records import queries
from records.roles import StaffRole
from tests.pages.conftest import Browser

AsRole = Callable[[StaffRole], Browser]
ON = re.compile(r'href="([^"]*before=\d+[^"]*)">Search further back')


def test_a_search_goes_on_until_all_was_looked_through(
    as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SEARCHED", 40)
    browser = as_role(StaffRole.INSPECTOR)
    answer = browser.get("/trail?q=DR+NOBODY+AT+ALL")
    assert "Nothing so far with these words" in answer.text
    stretches = 0
    while (further := ON.search(answer.text)) is not None:
        assert "was not looked through yet" in answer.text
        answer = browser.get(unescape(further[1]))
        assert answer.status_code == 200
        stretches += 1
    assert stretches > 1
    assert "Nothing on record with these filters" in answer.text


def test_without_words_nothing_is_left_out(
    as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SEARCHED", 1)
    assert "Search further back" not in as_role(StaffRole.INSPECTOR).get("/trail").text

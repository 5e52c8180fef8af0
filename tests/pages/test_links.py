"""No page offers somebody a link that is refused to them, or that leads nowhere."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable

import pytest
from lxml import html

from records.roles import StaffRole
from tests.pages.conftest import Browser

# so many addresses of one shape are followed
EACH = 3
MOST = 400
CODES = re.compile(r"[A-Z]{2,4}-[A-Z0-9-]+|\b\d+(?:\.\d+)?\b|[0-9a-f]{8}-[0-9a-f-]{27}|/v/\w+")


def _shape(address: str) -> str:
    path, _, query = address.partition("?")
    names = "&".join(sorted(each.partition("=")[0] for each in query.split("&") if each))
    return f"{CODES.sub('X', path)}?{names}"


def _links(text: str) -> list[str]:
    found = html.document_fromstring(text).xpath("//a/@href")
    return [str(each).partition("#")[0] for each in found if str(each).startswith("/")]


@pytest.mark.parametrize("role", list(StaffRole))
def test_every_link_leads_somewhere_its_reader_may_go(
    as_role: Callable[[StaffRole], Browser], role: StaffRole
) -> None:
    browser = as_role(role)
    waiting, seen, shapes = deque([("/", "")]), set(), Counter[str]()
    wrong = []
    while waiting and len(seen) < MOST:
        address, source = waiting.popleft()
        shape = _shape(address)
        if address in seen or address.startswith("/static/") or shapes[shape] >= EACH:
            continue
        seen.add(address)
        shapes[shape] += 1
        answer = browser.get(address, follow_redirects=True)
        if answer.status_code >= 400:
            wrong.append(f"{answer.status_code} {address} on {source}")
        elif answer.mimetype == "text/html" and answer.status_code == 200 and answer.text:
            waiting.extend((each, address) for each in _links(answer.text))
    assert wrong == []
    assert len(seen) > 5

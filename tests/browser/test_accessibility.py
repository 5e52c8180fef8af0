"""Every page a role can reach from its navigation, measured with axe against WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page

from records.roles import StaffRole

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# pages that no navigation leads to
FURTHER = ["/search?q=HALVORYN", "/recalls"]
ROLES = [
    StaffRole.WRITER,
    StaffRole.MEDICAL,
    StaffRole.LIBRARIAN,
    StaffRole.REP,
    StaffRole.ADMINISTRATOR,
    StaffRole.INSPECTOR,
]


def _violations(page: Page) -> list[str]:
    # evaluated by the browser's debugger: the page's own policy forbids scripts from elsewhere
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{page.url}: {each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_pages_hold_wcag_2_2_aa(
    enter: Callable[..., Page], role: StaffRole, width: int, scheme: str
) -> None:
    page = enter(role, width=width, scheme=scheme)
    rooms = page.eval_on_selector_all("nav a", "links => links.map(link => link.href)")
    found = _violations(page)
    further = [urljoin(page.url, address) for address in FURTHER]
    for address in sorted({*rooms, *further}):
        page.goto(address)
        found += _violations(page)
        first = page.locator("main a[href^='/']:not([href*='.csv']):visible").first
        if first.count():
            page.goto(first.get_attribute("href") or "/")
            found += _violations(page)
    assert found == []


def test_axe_finds_what_is_wrong(enter: Callable[..., Page]) -> None:
    page = enter(StaffRole.WRITER)
    page.evaluate("document.querySelector('main').innerHTML = '<img src=x><input>'")
    assert len(_violations(page)) >= 2

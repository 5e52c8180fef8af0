"""Every page that exists, asked for by every role: the answer is what its declaration says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from cms.installation import Installation
from cms.pages import DECLARED, Open
from records.models import Person
from records.roles import Permission, StaffRole, permissions_of
from tests.pages.conftest import Browser

OUTSIDE = {"static"}
STAND_INS = {"code": "NOTHING-9999", "number": "9.9", "kind": "module", "path": "nothing"}


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OUTSIDE]


def _address(app: Flask, rule: Rule) -> str:
    values = {
        name: 987654 if isinstance(rule._converters[name], IntegerConverter) else word
        for name in rule.arguments
        for word in [STAND_INS.get(name, "nothing")]
    }
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def _ask(browser: Browser, app: Flask, rule: Rule) -> int:
    address = _address(app, rule)
    method = "POST" if "POST" in (rule.methods or ()) else "GET"
    answer = browser.post(address) if method == "POST" else browser.get(address)
    return int(answer.status_code)


def test_every_page_says_who_may_open_it(demo_app: Flask) -> None:
    assert {rule.endpoint for rule in _rules(demo_app)} == set(DECLARED)


@pytest.mark.parametrize("role", list(StaffRole))
def test_a_role_is_refused_exactly_where_its_permission_is_missing(
    demo_app: Flask, as_role: Callable[[StaffRole], Browser], role: StaffRole
) -> None:
    browser = as_role(role)
    held = permissions_of(_roles_of(demo_app, browser))
    rules = [rule for rule in _rules(demo_app) if not rule.endpoint.startswith("session.")]
    refused = {r.endpoint for r in rules if _ask(browser, demo_app, r) == 403}
    missing = {
        rule.endpoint
        for rule in rules
        if isinstance(declared := DECLARED[rule.endpoint], Permission) and declared not in held
    }
    assert missing <= refused
    # what is refused beyond the declaration is refused by the operation, to those alone
    assert {name for name in refused - missing if DECLARED[name] is Open.PUBLIC} == set()


def _roles_of(app: Flask, browser: Browser) -> frozenset[StaffRole]:
    place: Installation = app.extensions["installation"]
    with place.sessions.read() as session:
        person = session.query(Person).filter_by(email=browser.email).one()
        return frozenset(person.roles)


def test_a_stranger_sees_only_what_is_public(demo_app: Flask) -> None:
    stranger = demo_app.test_client()
    for rule in _rules(demo_app):
        if DECLARED[rule.endpoint] is Open.PUBLIC or "GET" not in (rule.methods or ()):
            continue
        answer = stranger.get(_address(demo_app, rule))
        assert answer.status_code in (302, 401), rule.rule
        assert "/sign-in" in (answer.location or "/sign-in"), rule.rule


def test_no_page_fails_on_something_that_does_not_exist(
    demo_app: Flask, as_role: Callable[[StaffRole], Browser]
) -> None:
    for role in StaffRole:
        browser = as_role(role)
        failed = {
            rule.rule
            for rule in _rules(demo_app)
            if not rule.endpoint.startswith("session.") and _ask(browser, demo_app, rule) >= 500
        }
        assert failed == set()

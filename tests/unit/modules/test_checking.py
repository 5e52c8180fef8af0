"""The one check of a draft, and the claims that are offered while one writes it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_library.findings import Severity
from modules import policy
from modules.checking import check_draft, check_text
from modules.claim_checks import Purpose
from modules.offering import offered_claims
from records.vocabulary import Audience, Channel, Market, ModuleKind
from tests import building
from tests.unit.modules.conftest import Shelf

CODES = "ABCDEF"


def objected(shelf: Shelf, **values: object) -> set[str]:
    draft = shelf.draft(**values)
    return {each.code for each in check_draft(shelf.session, draft, shelf.product).objections}


def test_a_finished_draft_has_nothing_in_its_way(shelf: Shelf) -> None:
    assert objected(shelf) == set()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": " "}, "title"),
        ({"body": ""}, "body"),
        ({"body": "[[claim:NO-1]]"}, "unknown-claim"),
        ({"body": "[[claim:HAL-0001/9]]"}, "unknown-claim"),
        ({"body": "{{account.nme}}"}, "field"),
        ({"body": "<p>x</p>"}, "markup"),
        ({"requires": ("HAL-M-999",)}, "unknown-module"),
        ({"excludes": ("HAL-M-ISI",)}, "rules"),
        ({"requires": ("HAL-M-001",)}, "rules"),
        ({"valid_until": date(2026, 11, 24)}, "expired"),
        ({"market": Market.UK}, "wrong-market"),
        ({"channels": ()}, "channels"),
    ],
)
def test_what_keeps_a_draft_from_review(shelf: Shelf, values: dict[str, object], code: str) -> None:
    assert code in objected(shelf, **values)


def test_a_claim_is_used_only_where_it_may_be(shelf: Shelf) -> None:
    building.claim(
        shelf.session,
        "HAL-0009",
        of=shelf.label,
        author=shelf.writer,
        channels=["brief"],
        audiences=["payer"],
        companions=["FN-NONE"],
    )
    found = objected(shelf, body="[[claim:HAL-0009]]", channels=(Channel.BRIEF, Channel.EMAIL))
    assert found == {"wrong-channel", "wrong-audience", "companion-missing"}


def test_findings_say_where(shelf: Shelf) -> None:
    text = "𝄞𝄞 [[claim:NO-1]] \u202e"
    purpose = Purpose("HAL-M-001", ModuleKind.TEXT, Market.US, Audience.HCP)
    found = check_text(shelf.session, text, shelf.product, purpose).findings
    ours = [each for each in found if each.rule.startswith("M")]
    assert [(each.rule, text[each.start : each.end]) for each in ours] == [
        ("M105", "[[claim:NO-1]]"),
        ("M102", "\u202e"),
    ]


def test_an_unapproved_claim_is_a_warning_until_it_is_approved(shelf: Shelf) -> None:
    def severities() -> list[Severity]:
        found = check_draft(shelf.session, shelf.draft(), shelf.product).findings
        return [each.severity for each in found if each.rule == "M106"]

    assert severities() == [Severity.WARN]
    shelf.sign(shelf.claims["HAL-0001"])
    assert severities() == []


def test_only_approved_claims_valid_today_are_offered(shelf: Shelf) -> None:
    assert offered_claims(shelf.session, shelf.product) == []
    shelf.sign(shelf.claims["HAL-0001"])
    late = building.claim(
        shelf.session,
        "HAL-0003",
        of=shelf.label,
        author=shelf.writer,
        valid_until=date(2026, 11, 24),
    )
    shelf.sign(late)
    assert [each.code for each in offered_claims(shelf.session, shelf.product)] == ["HAL-0001"]


def test_claims_are_offered_by_words_of_any_wording(shelf: Shelf) -> None:
    for claim in shelf.claims.values():
        shelf.sign(claim)

    def codes(words: str) -> list[str]:
        found = offered_claims(shelf.session, shelf.product, words=words)
        return [each.code for each in found]

    assert codes("hal-0002") == ["HAL-0002"]
    assert codes("response halvoryn") == ["HAL-0001", "HAL-0002"]
    assert codes("57% overall") == ["HAL-0001", "HAL-0002"]
    assert codes("%%") == []
    assert codes("nothing of it") == []


@given(st.dictionaries(st.sampled_from(CODES), st.lists(st.sampled_from(CODES)), max_size=6))
def test_a_circle_is_found_exactly_where_there_is_one(requires: dict[str, list[str]]) -> None:
    cycle = policy.requirement_cycle(requires)
    if cycle:
        assert cycle[0] == cycle[-1]
        for code, following in pairwise(cycle):
            assert following in requires[code]
    assert bool(cycle) == any(_reaches(requires, code, code) for code in requires)


def _reaches(requires: dict[str, list[str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    ahead = list(requires.get(start, ()))
    while ahead:
        code = ahead.pop()
        if code == goal:
            return True
        if code not in seen:
            seen.add(code)
            ahead += requires.get(code, ())
    return False

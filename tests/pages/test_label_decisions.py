"""Deciding on the pages what a claim rests on after its label changed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from claims_library import queries
from cms.installation import Installation
from records import clock
from records.roles import StaffRole
from tests.pages.conftest import Browser
from tests.pages.test_labels import bare, import_label, newer, plain, url_of

As = Callable[[StaffRole], Browser]
CODE = "HAL-0005"


def lost_in(place: Installation, librarian: Browser, version: int) -> tuple[str, str]:
    """Import a label that changes the claim's words; its old and its new words."""
    with place.sessions.read() as session:
        claim = queries.get_claim(session, CODE)
        assert claim.approved is not None
        excerpt, section = claim.approved.excerpt, claim.approved.locator.rpartition(" ")[2]
    words = excerpt.split()
    new = " ".join([*words[:-2], "otherwise", *words[-2:]])
    changed = [text.replace(excerpt, new) for text in bare()[section]]  # type: ignore[attr-defined]
    assert changed != bare()[section]
    import_label(librarian, newer(version, f"{clock.today():%Y%m%d}", **{section: changed}))
    return excerpt, new


def typed_in(page: str) -> dict[str, str]:
    """What the form holds."""
    found = dict(re.findall(r'name="(seen|locator|reference)"[^>]* value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', page))
    return {name: html.unescape(words) for name, words in found.items()}


def test_a_claim_is_decided_on_and_sent_to_review(as_role: As, demo_place: Installation) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    _, new = lost_in(demo_place, librarian, 94)
    there = f"{url_of(94)}/changes/{CODE}"
    assert there in librarian.get(f"{url_of(94)}/changes").text
    page = librarian.get(there).text
    assert "<ins>otherwise" in page
    form = typed_in(page)
    assert form["excerpt"] == new
    answer = librarian.post(there, **form | {"reason": " "})
    assert answer.status_code == 422
    assert "Say why" in answer.text
    answer = librarian.post(there, **form | {"reason": "Reworded.", "excerpt": "Not in it 99%"})
    assert answer.status_code == 422
    assert "Not in it 99%" in answer.text, "what was typed is kept"
    answer = librarian.post(there, **form | {"reason": "Reworded by FDA.", "send": "1"})
    assert answer.status_code == 303, plain(answer.text)
    again = librarian.post(there, **form | {"reason": "Reworded by FDA.", "send": "1"})
    assert again.status_code == 303, "a double click changes nothing and says the same"
    said = plain(librarian.get(f"{url_of(94)}/changes").text)
    assert re.search(r"1 of \d+ decided", said)
    with demo_place.sessions.read() as session:
        claim = queries.get_claim(session, CODE)
        assert claim.latest is not None
        assert claim.latest.state.value == "in-review"
        assert claim.latest.label_version.version == 94
        assert len([each for each in claim.versions if each.label_version.version == 94]) == 1
    trail = as_role(StaffRole.COMPLIANCE).get("/trail?q=Reworded").text
    assert "rested on a newer label" in trail


def test_who_does_not_keep_claims_sees_no_way_to_decide(
    as_role: As, demo_place: Installation
) -> None:
    lost_in(demo_place, as_role(StaffRole.LIBRARIAN), 95)
    medical = as_role(StaffRole.MEDICAL)
    assert f"/changes/{CODE}" not in medical.get(f"{url_of(95)}/changes").text
    assert medical.get(f"{url_of(95)}/changes/{CODE}").status_code == 403
    librarian = as_role(StaffRole.LIBRARIAN)
    assert librarian.get(f"{url_of(95)}/changes/NO-1").status_code == 404

"""Labels as pages: sections with anchors, import, and what a newer version does to claims."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

import cms.demonstration
from claims_library.models import ClaimVersion, LabelVersion
from cms.installation import Installation
from records import clock
from records.roles import StaffRole
from tests.pages.conftest import Browser

As = Callable[[StaffRole], Browser]
LABEL = json.loads((Path(cms.demonstration.__path__[0]) / "label.json").read_text("utf-8"))
KEY = re.compile(r'name="key" value="(\w+)"')
BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><document xmlns="urn:hl7-org:v3"><title>&c;</title></document>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<document xmlns="urn:hl7-org:v3"><title>&x;</title></document>"""


def bare() -> dict[str, object]:
    found = LABEL["results"][0] if "results" in LABEL else LABEL
    return dict(json.loads(json.dumps(found)))


def newer(version: int, effective: str, **changed: object) -> bytes:
    text = json.dumps({**bare(), "version": str(version), "effective_time": effective, **changed})
    return text.encode()


def upload(browser: Browser, data: bytes, name: str = "label.json") -> tuple[int, str]:
    answer = browser.post("/labels/import", file=(io.BytesIO(data), name))
    return answer.status_code, answer.text


def import_label(browser: Browser, data: bytes) -> None:
    status, page = upload(browser, data)
    key = KEY.search(page)
    assert status == 200, page
    assert key, page
    assert browser.post("/labels/import", key=key[1]).status_code == 303


def labels(place: Installation) -> int:
    with place.sessions.read() as session:
        return session.scalar(select(func.count()).select_from(LabelVersion)) or 0


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def url_of(version: object) -> str:
    return f"/labels/{bare()['set_id']}/{version}"


def test_a_section_is_shown_with_its_claims_and_anchors(as_role: As) -> None:
    writer = as_role(StaffRole.WRITER)
    page = writer.get(f"{url_of(bare()['version'])}?at=14.1").text
    assert 'id="p1"' in page
    assert "<mark>" in page
    assert re.search(r'href="/claims/HAL-\d+">HAL-\d+</a>', page)
    assert writer.get(f"{url_of(bare()['version'])}?section=9999").status_code == 404
    assert writer.get(url_of(999)).status_code == 404


BROKEN = {
    "not json": (b'{"results": [', "label.json"),
    "neither": (b"hello", "neither an openFDA JSON document nor"),
    "a bomb": (BOMB, "label.json"),
    "an outside entity": (OUTSIDE, "label.json"),
    "no facts": (b"{}", "label.json"),
    "broken xml": (b"<document xmlns='urn:hl7-org:v3'><title>", "label.json"),
}


@pytest.mark.parametrize("what", list(BROKEN))
def test_a_broken_label_is_refused_in_words(
    as_role: As, demo_place: Installation, what: str
) -> None:
    data, said = BROKEN[what]
    before = labels(demo_place)
    status, page = upload(as_role(StaffRole.LIBRARIAN), data)
    assert status == 422
    assert said in page
    assert "lollol" not in page
    assert "Nothing was changed" in page
    assert labels(demo_place) == before


def test_other_content_under_a_known_version_is_refused(as_role: As) -> None:
    changed = newer(int(str(bare()["version"])), "20260304", description=["Other words."])
    status, page = upload(as_role(StaffRole.LIBRARIAN), changed)
    assert status == 422
    assert "has a higher version" in page


def test_who_may_not_import_is_refused(as_role: As, demo_place: Installation) -> None:
    writer = as_role(StaffRole.WRITER)
    assert writer.get("/labels/import").status_code == 403
    assert upload(writer, newer(90, "20260301"))[0] == 403
    with demo_place.sessions.write() as session:
        assert session.is_active, "a refused change leaves no lock behind"
    assert "Import a label" not in writer.get("/labels").text


def test_a_newer_label_puts_claims_at_risk_when_it_takes_effect(
    as_role: As, demo_place: Installation
) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    row = librarian.get("/claims?q=HAL-0007").text
    assert "at risk" not in row
    words = json.dumps(bare()["clinical_studies"])
    changed = json.loads(words.replace("129 (57)", "131 (58)"))
    assert json.dumps(changed) != words, "the demonstration has these numbers"
    today = clock.now().date()
    coming = today.replace(year=today.year + 1)
    import_label(librarian, newer(91, f"{coming:%Y%m%d}", clinical_studies=changed))
    assert "at risk" not in librarian.get("/claims?q=HAL-0007").text, "it is not in force yet"
    assert re.search(r"then 91 , from .* quotes? not in it", plain(librarian.get("/labels").text))
    said = plain(librarian.get(f"{url_of(91)}/changes").text)
    assert re.search(r"\d+ of \d+ quotes (is|are) not in label version 91", said)
    assert "HAL-0007" in said
    import_label(librarian, newer(92, f"{today:%Y%m%d}", clinical_studies=changed))
    assert "at risk" in librarian.get("/claims?q=HAL-0007").text
    page = plain(librarian.get("/claims/HAL-0007").text)
    assert "Label version 92, in force, does not have these words any more." in page
    assert "Supported" in page, "in its own version the quote stands as it did"
    assert labels(demo_place) >= 3


def test_the_sections_that_read_otherwise_are_told_word_by_word(as_role: As) -> None:
    address = "/labels/02fd7f68-b54e-4cfb-800d-62b09377de22/6/changes"
    page = as_role(StaffRole.COMPLIANCE).get(address).text
    assert "3 sections read otherwise than in version 5" in page
    assert "<del>2</del>" in page.replace("<del>2 </del>", "<del>2</del>")
    assert "/changes" in as_role(StaffRole.WRITER).get("/labels").text


def test_what_is_decided_of_a_lost_quote_is_followed(as_role: As, demo_place: Installation) -> None:
    librarian, compliance = as_role(StaffRole.LIBRARIAN), as_role(StaffRole.COMPLIANCE)
    with demo_place.sessions.read() as session:
        claim = session.scalars(
            select(ClaimVersion).where(ClaimVersion.code == "HAL-0005", ClaimVersion.major == 1)
        ).one()
        excerpt, section = claim.excerpt, str(claim.locator).rpartition(" ")[2]
    words = excerpt.split()
    changed = [
        text.replace(excerpt, " ".join([*words[:-1], "otherwise", words[-1]]))
        for text in bare()[section]  # type: ignore[attr-defined]
    ]
    assert changed != bare()[section], "the quote stands in one string of its section"
    import_label(librarian, newer(93, f"{clock.today():%Y%m%d}", **{section: changed}))
    page = librarian.get(f"{url_of(93)}/changes").text
    waiting = page.count("To decide")
    assert waiting >= 1
    assert "Withdraw…" in compliance.get(f"{url_of(93)}/changes").text
    table = librarian.get(f"{url_of(93)}/changes/claims.csv").text
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == waiting
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, list(rows[0]))
    writer.writeheader()
    writer.writerows(
        row | {"excerpt": " ".join([*words[:-1], "otherwise", words[-1]])}
        for row in rows
        if row["claim_id"] == "HAL-0005"
    )
    answer = librarian.post(
        "/claims/import", file=(io.BytesIO(target.getvalue().encode()), "claims.csv")
    )
    key = KEY.search(answer.text)
    assert key, plain(answer.text)
    assert librarian.post("/claims/import", key=key[1]).status_code == 303
    page = librarian.get(f"{url_of(93)}/changes").text
    assert page.count("To decide") == waiting - 1
    assert f"1 of {waiting} decided" in plain(page)
    table = librarian.get(f"{url_of(93)}/changes/claims.csv").text
    assert "HAL-0005" not in table
    assert as_role(StaffRole.WRITER).get(f"{url_of(93)}/changes/claims.csv").status_code == 403

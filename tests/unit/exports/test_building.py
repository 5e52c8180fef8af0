from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from exports.body import words
from exports.building import build
from exports.document import from_json, to_json
from exports.models import MaterialVersion
from exports.review import MATERIALS
from modules.review import withdraw
from tests.unit.exports.conftest import ORDER, Library

URL = "https://example.org/"


def test_the_document_holds_what_was_pinned(library: Library) -> None:
    order = replace(
        ORDER, meeting_date=date(2026, 12, 4), agenda=("Open questions and next steps",)
    )
    version = library.approved(order)
    made = build(library.session, version, base_url=URL)
    assert [block.module for block in made.blocks] == ["HAL-M-002", "HAL-M-IND", "HAL-M-001"]
    assert made.isi is not None
    assert made.isi.module == "HAL-M-ISI"
    assert [note.block.module for note in made.footnotes] == ["HAL-M-FN-ONE"]
    assert [reference.number for reference in made.references] == [1]
    assert made.meeting_date == date(2026, 12, 4)
    assert made.agenda == ("Open questions and next steps",)
    assert made.account.name == "Riverside Valley Health System"
    assert made.account.tier is None
    assert made.product.name == "HALVORYN® (ostavatinib) capsules"
    assert made.validity is not None
    assert made.validity.url == f"https://example.org/v/{version.validity_code}"
    assert [each.discipline for each in made.approvals] == ["regulatory"]
    assert {each.discipline for each in made.blocks[0].approvals} == {
        "medical",
        "legal",
        "regulatory",
    }
    assert made.status == "approved"


def test_every_claim_is_printed_in_the_wording_that_was_pinned(library: Library) -> None:
    made = build(library.session, library.approved(), base_url=URL)
    claim = library.claims["HAL-0002"]
    printed = [words(node.children) for block in made.blocks for node in block.body]
    assert any(line.startswith(claim.text) for line in printed)
    assert any(line.startswith(claim.variations[0]) for line in printed)


def test_the_same_version_gives_the_same_document(library: Library) -> None:
    version = library.approved()
    first = to_json(build(library.session, version, base_url=URL))
    library.session.expire_all()
    assert to_json(build(library.session, version, base_url=URL)) == first
    assert to_json(from_json(first)) == first


def test_what_does_not_stand_approved_is_a_preview(library: Library) -> None:
    draft = library.assemble()
    assert build(library.session, draft, base_url=URL).status == "preview"
    library.session.execute(
        text("UPDATE material_version SET state = 'approved' WHERE id = :id"), {"id": draft.id}
    )
    library.session.expire_all()
    forged = library.session.get_one(MaterialVersion, draft.id)
    assert build(library.session, forged, base_url=URL).status == "preview"
    withdrawn = library.approved()
    MATERIALS.withdraw(library.session, withdrawn, actor=library.signers[2], reason="x")
    assert build(library.session, withdrawn, base_url=URL).status == "preview"


def test_a_newer_module_does_not_change_what_was_pinned(library: Library) -> None:
    version = library.approved()
    before = build(library.session, version, base_url=URL).blocks
    library.module("HAL-M-001", body="## Something else", requires=["HAL-M-IND"])
    after = build(library.session, version, base_url=URL).blocks
    assert [block.body for block in after] == [block.body for block in before]


@pytest.mark.parametrize("code", ["HAL-M-001", "HAL-M-ISI"])
def test_a_withdrawn_part_can_still_be_looked_at(library: Library, code: str) -> None:
    version = library.approved()
    withdraw(library.session, library.modules[code], actor=library.signers[2], reason="x")
    assert build(library.session, version, base_url=URL, preview=True).status == "preview"

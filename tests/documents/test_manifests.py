"""What a manifest must tell, in each of the three formats it travels in, against the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from exports import formats, verifying
from exports.document import Document
from exports.provenance import provenance_lines
from records.canonical import sha256_bytes
from tests.documents import letter
from tests.documents.halvoryn import brief
from tests.documents.press import BRAND, KEYRING
from tests.unit.exports.test_deck_slides import DOCUMENTS

WHERE = {
    "brief.pdf": "Page",
    "deck.pdf": "Slide",
    "deck.pptx": "Slide",
    "letter.eml": "In the letter",
}
CHECK = {"name": "claims checker", "version": "core 3; label x v6", "result": "4 passages"}


def document_of(name: str) -> Document:
    made = {"deck": DOCUMENTS["small"], "letter": letter.email()}.get(
        name.split(".", maxsplit=1)[0], brief()
    )
    check = replace(brief().checks[0], **CHECK)
    return replace(made, checks=(check,), approvals=brief().approvals, copy=brief().copy)


@pytest.fixture(params=list(WHERE))
def made(request: pytest.FixtureRequest) -> tuple[str, Document, bytes, Mapping[str, Any]]:
    name = request.param
    document = document_of(name)
    brand = letter.BRAND if name.endswith("eml") else BRAND
    data = formats.get(name.split(".")[1]).issue(document, brand, KEYRING)
    answer = verifying.verify(data, public_keys=[KEYRING.public_pem])
    assert answer.ok
    assert answer.manifest is not None
    return name, document, data, answer.manifest


Made = tuple[str, Document, bytes, Mapping[str, Any]]


def test_each_block_tells_its_module_claims_anchors_and_approvers(made: Made) -> None:
    name, document, _, manifest = made
    told = manifest["blocks"]
    assert [block["module"] for block in told] == [block.module for block in document.parts]
    for block, said in zip(document.parts, told, strict=True):
        assert (said["version"], said["sha256"], said["kind"]) == (
            block.version, block.sha256, block.kind,
        )  # fmt: skip
        assert [
            (use["claim"], use["version"], use["sha256"], use["anchor"], use["reference"])
            for use in said["claims"]
        ] == [(u.claim, u.version, u.sha256, u.anchor, u.reference) for u in block.claims]
        assert [
            (one["name"], one["discipline"], one["meaning"], one["at"][:16], one["signature"])
            for one in said["approvals"]
        ] == [
            (a.name, a.discipline, a.meaning, f"{a.at:%Y-%m-%dT%H:%M}", a.signature)
            for a in block.approvals
        ]
        assert bool(said["pages"]) == (name != "letter.eml")
    assert any(block.claims for block in document.parts)


def test_each_page_tells_its_words_and_its_modules(made: Made) -> None:
    name, document, _, manifest = made
    if name == "letter.eml":
        assert set(manifest["mail"]) == {"headers", "text", "html"}
        assert manifest["mail"]["headers"]["To"].startswith("Anita Reyes")
        return
    pages = manifest["pages"]
    assert [page["number"] for page in pages] == list(range(1, len(pages) + 1))
    assert all(len(page["sha256"]) == 64 for page in pages)
    held = {block["module"] for page in pages for block in page["blocks"]}
    assert held == {block.module for block in document.parts}
    for block in manifest["blocks"]:
        first, last = block["pages"]
        on = [
            page["number"]
            for page in pages
            if any(each["place"] == block["place"] for each in page["blocks"])
        ]
        assert on == list(range(first, last + 1))
    claims = {
        (block["module"], block["version"], block["sha256"])
        for page in pages
        for block in page["blocks"]
    }
    assert claims == {(b.module, b.version, b.sha256) for b in document.parts}


def test_frame_values_checks_fingerprint_and_copy(made: Made) -> None:
    name, document, data, manifest = made
    assert manifest["template"] == {
        "id": document.template.id,
        "version": document.template.version,
        "sha256": document.template.sha256,
    }
    assert manifest["tokens"] == {each.name: each.value for each in document.tokens}
    assert manifest["tokens"]
    assert CHECK in [dict(check) for check in manifest["checks"]]
    assert any(check["name"].startswith("print: ") for check in manifest["checks"]) == (
        name.endswith(".pdf")
    )
    assert manifest["copy"]["number"] == "0017"
    assert manifest["copy"]["issued_to"] == "Example Representative"
    assert manifest["material"]["content_sha256"] == document.content_sha256
    assert manifest["approvals"]
    assert manifest["audience"] == "hcp"
    assert manifest["validity"] == {"url": document.validity.url, "code": document.validity.code}
    kind = formats.get(name.split(".")[1])
    assert manifest["fingerprint"] == kind.fingerprint(document.kind)
    assert manifest["fingerprint"]["versions"]
    assert manifest["fingerprint"]["program"]
    assert len(manifest["brand_sha256"]) == 64
    assert sha256_bytes(data)


def test_people_read_it_in_sentences(made: Made) -> None:
    name, document, _, manifest = made
    lines = provenance_lines(manifest)
    text = "\n".join(lines)
    assert f"{document.code}, version {document.version}: {document.title}" in text
    assert "Copy 0017, issued to Example Representative" in text
    assert any(line.startswith(WHERE[name]) and "HAL-M-IND" in line for line in lines)
    assert "Check: claims checker (core 3; label x v6): 4 passages" in text
    assert "I have reviewed this content and approve it." in text

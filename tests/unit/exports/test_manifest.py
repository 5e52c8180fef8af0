import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization

from exports.fingerprint import fingerprint
from exports.manifest import (
    BrokenManifest,
    build_manifest,
    load_public_key,
    open_envelope,
    public_key_id,
    sign,
)
from exports.printed import PrintedPage
from records.canonical import canonical_json
from tests.documents.halvoryn import brief
from tests.documents.press import KEYRING, STRANGER

KEYS = {KEYRING.key_id: KEYRING.public}


def manifest(**changes: object) -> dict[str, object]:
    return build_manifest(
        replace(brief(), **changes),  # type: ignore[arg-type]
        pages=(PrintedPage(1, "words", "0" * 64),),
        places={"b1": (1, 1)},
        fingerprint={"versions": {}},
        brand_sha256="1" * 64,
    )


def test_every_block_is_named_with_claims_and_approvers() -> None:
    made = json.loads(canonical_json(manifest()))
    blocks = {block["module"]: block for block in made["blocks"]}
    assert list(blocks) == [block.module for block in brief().parts]
    first = blocks["HAL-M-001"]
    assert first["version"] == "2.0"
    assert [use["claim"] for use in first["claims"]] == ["HAL-0002", "HAL-0003", "HAL-0004"]
    assert first["pages"] == [1, 1]
    assert [one["discipline"] for one in first["approvals"]] == ["medical", "legal", "regulatory"]
    assert first["approvals"][0]["at"] == "2026-11-09T14:20:00.000000Z"
    assert made["tokens"]["account.name"] == "Riverside Valley Health System"
    assert made["copy"]["number"] == "0017"
    assert made["material"]["content_sha256"] == brief().content_sha256


def test_nothing_internal_travels_with_the_file() -> None:
    text = canonical_json(manifest(phase="Evidence review"))
    assert "Evidence review" not in text
    assert "Library title" not in text
    assert "tier" not in json.loads(text)["account"]


def test_a_signed_manifest_opens_and_a_changed_one_does_not() -> None:
    envelope = sign(manifest(), keyring=KEYRING).to_json()
    assert open_envelope(envelope, keys=KEYS)["material"]["code"] == "BRF-0009"
    for old, new in ((b"BRF-0009", b"BRF-0008"), (b"Example Legal", b"Example Loyal")):
        with pytest.raises(BrokenManifest, match="changed after"):
            open_envelope(envelope.replace(old, new), keys=KEYS)


def test_another_installations_manifest_is_not_ours() -> None:
    envelope = sign(manifest(), keyring=STRANGER).to_json()
    with pytest.raises(BrokenManifest, match="not known here"):
        open_envelope(envelope, keys=KEYS)
    renamed = envelope.replace(STRANGER.key_id.encode(), KEYRING.key_id.encode())
    with pytest.raises(BrokenManifest, match="changed after"):
        open_envelope(renamed, keys=KEYS)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000),
        b'{"manifest":1,"key":2,"signature":3}',
        b'{"manifest":{},"key":[],"signature":"zz"}',
        b'{"manifest":NaN,"key":"a","signature":""}',
    ],
)
def test_hostile_envelopes_are_refused(data: bytes) -> None:
    with pytest.raises(BrokenManifest):
        open_envelope(data, keys=KEYS)


def test_a_signed_text_of_another_format_is_no_manifest() -> None:
    other = sign({**manifest(), "format": "something/2"}, keyring=KEYRING).to_json()
    with pytest.raises(BrokenManifest, match="format"):
        open_envelope(other, keys=KEYS)


def test_public_keys_come_as_pem_or_raw() -> None:
    raw = KEYRING.public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    assert public_key_id(raw) == public_key_id(KEYRING.public_pem) == KEYRING.key_id
    for broken in (b"", b"x" * 31, b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        with pytest.raises(BrokenManifest):
            load_public_key(broken)


def test_the_fingerprint_names_what_the_bytes_depend_on() -> None:
    found = fingerprint()
    for name in ("weasyprint", "pydyf", "fonttools", "harfbuzz", "pango", "fontconfig", "zlib"):
        assert found["versions"][name]
    assert "IBMPlexSans-Regular.ttf" in found["fonts"]
    assert {"sha256", "brief.css", "brief.html.jinja"} <= set(found["layout"])
    assert "markup.py" in found["program"]

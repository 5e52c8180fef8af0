"""A compiled library is the same after it was written and read, and bad bytes are refused."""

from __future__ import annotations

import dataclasses
import hashlib
import struct
import subprocess
import sys
import zlib
from datetime import date

import pytest

from claims_library import shelving
from claims_library.checking import check
from claims_library.compiling import (
    ClaimText,
    Library,
    Passage,
    Scope,
    compile_library,
    updated_library,
)
from claims_library.label_document import LabelDocument, LabelSection
from tests.unit.claims_library.sample import CLAIMS, PRODUCT, library

LABEL = LabelDocument(
    "set-1",
    3,
    date(2026, 1, 2),
    "ZELVORA",
    "zelvorinib",
    "Maker",
    "NDA000000",
    "0" * 64,
    "spl",
    (LabelSection("34067-9", "indications_and_usage", "Indications", "1", 0, ("For adults.",)),),
)


def _rich() -> Library:
    return compile_library(
        PRODUCT,
        CLAIMS,
        label=LABEL,
        passages=[Passage("ZEL-M-ISI", "ZELVORA can cause serious harm.")],
        scope=Scope("US", "hcp", "brief"),
        packs=("core",),
    )


def test_read_back_it_is_the_same() -> None:
    before = _rich()
    after = shelving.load(shelving.dump(before))
    for name in ("product", "claims", "label", "passages", "scope", "packs", "names", "shelves"):
        assert getattr(after, name) == getattr(before, name), name
    assert shelving.dump(after) == shelving.dump(before)


def test_the_bytes_do_not_depend_on_the_process() -> None:
    code = (
        "import hashlib; from claims_library import shelving; "
        "from claims_library.checking import check; "
        "from tests.unit.claims_library.sample import CLAIMS, library; lib = library(); "
        "texts = [c.text.replace('o', '', 1) + ' ' + c.text[5:] for c in CLAIMS]; "
        "answers = [check(t, lib, whole=False) for t in texts]; "
        "said = repr([(a.findings, a.matches) for a in answers]); "
        "print(hashlib.sha256(shelving.dump(lib) + said.encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(seen) == 1


def test_a_changed_library_answers_as_one_compiled_anew() -> None:
    base = library()
    new = ClaimText("ZEL-0009", "Store ZELVORA at room temperature in its original bottle.")
    changed = dataclasses.replace(CLAIMS[2], text="ZELVORA is to be taken with food only.")
    claims = [*CLAIMS[:2], changed, *CLAIMS[4:], new]
    later = updated_library(base, claims)
    anew = compile_library(PRODUCT, claims)
    for text in (
        *(claim.text for claim in (*CLAIMS, changed, new)),
        new.text.replace("room", "any"),
        changed.text.replace("only", ""),
    ):
        one, other = check(text, later, whole=False), check(text, anew, whole=False)
        assert one.matches == other.matches, text
        assert [f.name for f in one.findings] == [f.name for f in other.findings], text
    assert not check(CLAIMS[3].text, later, whole=False).matches
    assert not check(CLAIMS[2].text, later, whole=False).matches
    assert shelving.dump(later) == shelving.dump(anew)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 something else",
        shelving.MAGIC,
        shelving.dump(library())[:-1],
        shelving.dump(library())[:-20] + b"x" * 20,
        shelving.dump(library()).replace(shelving.MAGIC + b"\x02", shelving.MAGIC + b"\x09"),
    ],
)
def test_bad_bytes_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(shelving.UnreadableLibrary, match=r"\.$"):
        shelving.load(data)


def _packed(body: bytes) -> bytes:
    packed = zlib.compress(body)
    head = shelving.MAGIC + struct.pack("<HQ", shelving.FORMAT, len(body))
    return head + hashlib.sha256(packed).digest() + packed


def test_a_library_that_ends_too_early_is_refused_wherever_it_ends() -> None:
    body = zlib.decompress(shelving.dump(library())[len(shelving.MAGIC) + 42 :])
    assert shelving.load(_packed(body)).claims == library().claims
    for end in range(0, len(body), 97):
        with pytest.raises(shelving.UnreadableLibrary, match=r"\.$"):
            shelving.load(_packed(body[:end]))


def test_claims_are_the_same_wherever_a_piece_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    data = shelving.dump(_rich())
    for size in (1, 2, 7, 100):
        monkeypatch.setattr(shelving, "_PIECE", size)
        assert shelving.load(data).claims == _rich().claims

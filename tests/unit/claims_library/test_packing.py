"""A pack answers as its library does, nobody can change it unseen, and hashes tell no wording."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from claims_library import hashed, packing
from claims_library.checking import check
from claims_library.compiling import Library, Passage, Scope, compile_library
from claims_library.findings import Result
from claims_library.packing import PackedLibrary, UnreadablePack, Window, read_pack, write_pack
from claims_library.rules import loading
from claims_library.rules.examples import label
from records.keys import Keyring
from tests.unit.claims_library.sample import CLAIMS, PRODUCT

NOTE = "The trial ran for one year in forty sites and had two arms of equal size."
DAY = date(2026, 6, 1)
WINDOWS = {claim.code: Window(date(2026, 1, 1), date(2027, 1, 1)) for claim in CLAIMS}
WINDOWS["ZEL-0003"] = Window(date(2026, 1, 1), DAY)
KEYRING = Keyring(Ed25519PrivateKey.generate())
OTHER = Keyring(Ed25519PrivateKey.generate())


def _library() -> Library:
    first, *rest = CLAIMS
    claims = [replace(first, markets=("US",), companions=("FN-1",)), *rest]
    passages = [Passage("ZEL-M-FN-1", NOTE)]
    return compile_library(PRODUCT, claims, label=label(), passages=passages)


LIBRARY = _library()


def _pack(*, hashes: bool = False, keyring: Keyring | None = None) -> bytes:
    return write_pack(LIBRARY, WINDOWS, program="1.0", keyring=keyring, hashes=hashes)


PLAIN, HASHED = read_pack(_pack()), read_pack(_pack(hashes=True))


def _check(pack: PackedLibrary, text: str, *, on: date = DAY, market: str = "") -> Result:
    read = pack.effective(on=on, scope=Scope(market)).read
    return check(text, read(text), whole=False)


@pytest.mark.parametrize("pack", [PLAIN, HASHED], ids=["wordings", "hashes"])
def test_every_wording_is_recognised_whatever_its_typography(pack: PackedLibrary) -> None:
    for claim in CLAIMS:
        if claim.code == "ZEL-0003":
            continue
        for number, wording in enumerate((claim.text, *claim.variations)):
            shown = wording.replace("%", "&#37;").replace(" the ", " **the**\n").upper()
            for text in (wording, shown, f"See below.\n\n- {wording}"):
                result = _check(pack, text)
                found = [(match.claim, match.variation) for match in result.matches]
                assert found == [(claim.code, number)], text
                assert not result.blocking, text


@pytest.mark.parametrize("pack", [PLAIN, HASHED], ids=["wordings", "hashes"])
def test_a_claim_counts_in_its_time_and_market_only(pack: PackedLibrary) -> None:
    food = CLAIMS[2].text
    assert _check(pack, food, on=date(2026, 5, 31)).matches
    assert not _check(pack, food).matches
    assert _check(pack, CLAIMS[0].text, market="US").matches
    assert not _check(pack, CLAIMS[0].text, market="UK").matches


def test_answers_from_a_pack_are_those_of_its_library() -> None:
    for claim in (CLAIMS[0], CLAIMS[1], CLAIMS[4]):
        for text in (claim.text, claim.text.replace("4", "5"), f"Never say: {claim.text}"):
            assert _check(PLAIN, text) == check(text, LIBRARY, whole=False)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CLAIMS), st.data())
def test_no_altered_wording_is_approved_by_hashes(claim: object, data: st.DataObject) -> None:
    words = CLAIMS[CLAIMS.index(claim)].text.split()  # type: ignore[arg-type]
    at = data.draw(st.integers(0, len(words) - 1))
    change = data.draw(st.sampled_from(["drop", "not", "digit"]))
    if change == "drop":
        words[at : at + 1] = []
    elif change == "not":
        words[at:at] = ["not"]
    else:
        words[at] = f"9{words[at]}"
    result = _check(HASHED, " ".join(words), on=date(2026, 5, 1))
    assert result.findings


def test_hashes_tell_no_wording() -> None:
    body = hashed.dump(hashed.hashed(LIBRARY))
    told = zlib.decompress(body).decode()
    for claim in CLAIMS:
        for text in (claim.text, *claim.variations):
            assert text not in told
    assert NOTE not in told
    assert hashed.load(body) == replace(hashed.hashed(LIBRARY), scope=Scope())


def test_a_wrap_around_approved_wording_is_judged_with_hashes_too() -> None:
    assert _check(HASHED, f"It is not true that {CLAIMS[1].text}").blocking


def test_companions_are_known_with_hashes() -> None:
    filler = "The agenda is on the table. Lunch is at noon. The hall is open. Please be on time. "
    text = f"{CLAIMS[0].text}\n\n{filler * 3}"
    read = HASHED.effective(on=DAY, scope=Scope()).read
    missing = {finding.rule for finding in check(text, read(text)).findings}
    there = f"{text}\n\n{NOTE}"
    assert "C305" in missing
    assert "C305" not in {finding.rule for finding in check(there, read(there)).findings}


def test_the_same_content_is_the_same_pack() -> None:
    assert _pack() == _pack()
    assert _pack(hashes=True) == _pack(hashes=True)
    assert read_pack(_pack(keyring=KEYRING)).version == PLAIN.version


def test_a_signature_is_checked_against_the_key_that_is_trusted() -> None:
    data = _pack(keyring=KEYRING)
    pack = read_pack(data, trusted=[OTHER.public, KEYRING.public])
    assert (pack.sealed, pack.key) == (True, KEYRING.key_id)
    assert not read_pack(data).sealed
    assert not read_pack(_pack(), trusted=[KEYRING.public]).sealed
    with pytest.raises(UnreadablePack, match="not trusted"):
        read_pack(data, trusted=[OTHER.public])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_byte_of_a_pack_can_be_changed_unseen(data: st.DataObject) -> None:
    pack = _pack(keyring=KEYRING)
    # what follows the signature is the name of the key, which signs for itself
    at = data.draw(st.integers(0, len(pack) - len(KEYRING.key_id) - 1))
    changed = bytearray(pack)
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(UnreadablePack):
        read_pack(bytes(changed), trusted=[KEYRING.public])


@pytest.mark.parametrize("length", [0, 5, 40, 400, -1, -64])
def test_a_pack_cut_short_is_refused(length: int) -> None:
    with pytest.raises(UnreadablePack, match=r"\.$"):
        read_pack(_pack()[:length])


def test_a_pack_of_another_version_says_so() -> None:
    data = _pack()
    at = len(packing.MAGIC)
    other = data[:at] + b"\x09" + data[at + 1 :]
    with pytest.raises(UnreadablePack, match="has format 9; this program reads format 1"):
        read_pack(other)


def test_other_rules_than_those_it_was_built_with_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PLAIN.note("1.0") == ""
    monkeypatch.setattr(packing, "fingerprint", lambda: "other")
    assert "built by clearcopy 1.0 with other rules" in PLAIN.note("2.0")
    assert len(loading.fingerprint()) == 12

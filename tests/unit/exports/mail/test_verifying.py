"""Whatever is done to a sealed email, the answer is no and says why; the way of the post is not."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import verifying
from exports.mail.sealing import seal_mail
from exports.mail.verifying import verify_mail
from exports.manifest import BrokenManifest
from exports.verification import Verification
from tests.documents.letter import BRAND, LETTER, email, rendered, sealed
from tests.documents.press import KEYRING, STRANGER

KEYS = [KEYRING.public_pem]
DATA = sealed()
TRANSPORT = (
    b"Return-Path: <bounces@northlight.example>\r\n"
    b"Received: from mail.northlight.example\r\n\tby mx.riverside.example; Tue, 24 Nov 2026\r\n"
    b"DKIM-Signature: v=1; a=rsa-sha256;\r\n b=abc\r\n"
    b"Authentication-Results: mx.riverside.example; dkim=pass\r\n"
)


def verify(data: bytes) -> Verification:
    return verify_mail(data, public_keys=KEYS)


def test_the_sealed_email_holds_and_says_who_approved_what() -> None:
    found = verify(DATA)
    assert (found.ok, found.code, found.differences) == (True, "valid", ())
    assert found.manifest is not None
    assert found.manifest["mail"]["headers"]["Subject"] == LETTER.subject
    assert found.manifest["brand_sha256"] == BRAND.sha256
    assert found.manifest["blocks"][0]["module"] == "HAL-M-001"
    assert verifying.verify(DATA, public_keys=KEYS, name="x").ok


def test_what_servers_put_in_front_is_tolerated_and_told() -> None:
    found = verify(TRANSPORT + DATA)
    assert found.ok
    assert "4 headers were added in front" in found.reason
    assert "DKIM-Signature" in found.reason
    assert verifying.verify(TRANSPORT + DATA, public_keys=KEYS).ok
    assert verify((TRANSPORT + DATA).replace(b"\r\n", b"\n")).ok  # as a mailbox on Unix keeps it


@pytest.mark.parametrize(
    "field",
    [
        b"Subject: Breakthrough\r\n", b"From: other@x.example\r\n", b"Reply-To: a@x.example\r\n",
        b"Content-Type: text/html\r\n", b"Bcc: a@x.example\r\n", b"X-Anything: a\r\n", b"\r\n",
        b"Hello\r\n", b"Received: a\r\n\r\n", b" folded\r\n", b"To: a@x.example\r\n",
    ],
)  # fmt: skip
def test_nothing_else_may_stand_in_front(field: bytes) -> None:
    assert not verify(field + DATA).ok
    if field != b" folded\r\n":  # there it would belong to a server's header
        assert not verify(TRANSPORT + field + DATA).ok


@pytest.mark.parametrize(
    "field",
    [
        b"Received: a\r\n \r\n Cures every patient.\r\n", b"Received: a\r\n\t \t\r\n b\r\n",
        b"Received: a\x00b\r\n", b"X-Spam-Level: a\x0b\x0cSubject: Cure\r\n",
        b"Received: " + b"a" * 200_001 + b"\r\n",
    ],
    ids=["blank fold", "blank fold of tabs", "null", "other line ends", "endless"],
)  # fmt: skip
def test_a_servers_header_that_programs_read_in_two_ways_is_refused(field: bytes) -> None:
    """Where one program goes on with headers, another shows the rest of them as the letter."""
    for front in (field, TRANSPORT + field, field + TRANSPORT):
        found = verify(front + DATA)
        assert (found.ok, found.code) == (False, "added")


@pytest.mark.parametrize("name", ["a.pdf", "a.PPTX", "a.html", "b.c.htm"])
def test_a_name_that_has_it_opened_as_something_else_is_refused(name: str) -> None:
    """What stands in a server's header can be a page of its own to a browser."""
    front = b"Received: <title>HALVORYN</title><plaintext>Cures every patient.\r\n"
    found = verifying.verify(front + DATA, public_keys=KEYS, name=name)
    assert (found.ok, found.code) == (False, "misnamed")
    assert "Name it .eml" in found.reason
    for right in ("a.eml", "a.EML", "a", "original.txt", ""):
        assert verifying.verify(TRANSPORT + DATA, public_keys=KEYS, name=right).ok


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"information for Riv", b"treatment for Riv", "The header Subject: “information”"),
        (b"Daniel Okoro, North", b"Daniel Okara, North", "The header From"),
        (b"token>", b"other>", "The header List-Unsubscribe"),
        (b"Kind regards", b"Best wishes", "The text part"),
        (b"57% overall", b"67% overall", "The text part"),
        (b"<h1", b"<h2", "The HTML part differs in its markup"),
        (b"filename=", b"filenam3=", "The manifest"),
    ],
)
def test_an_alteration_is_located(old: bytes, new: bytes, place: str) -> None:
    assert old in DATA
    found = verify(DATA.replace(old, new, 1))
    assert not found.ok
    assert any(line.startswith(place) for line in found.differences), found.differences


def test_words_that_changed_are_told() -> None:
    found = verify(DATA.replace(b"57% overall", b"67% overall", 1))
    assert "The text part: “57%” now reads “67%”." in found.differences


def test_an_attachment_more_or_a_part_less_is_told() -> None:
    boundary = re.search(rb'boundary="(=_clearcopy_[0-9a-f]+)"', DATA)[1]
    marker = b"\r\n--" + boundary + b"\r\n"
    more = DATA.replace(marker, marker + b"Content-Type: text/csv\r\n\r\na,b" + marker, 1)
    assert "A part that is none of ours was added." in verify(more).differences
    first, _ = DATA.split(marker + b"Content-Type: text/html", 1)
    assert (
        "The HTML part is missing." in verify(first + b"\r\n--" + boundary + b"--\r\n").differences
    )


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_no_changed_byte_is_accepted(place: int, change: int) -> None:
    broken = bytearray(DATA)
    broken[place] ^= change
    assert not verify(bytes(broken)).ok


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(DATA)), st.integers(0, 3000), st.binary(max_size=60))
def test_no_cut_or_insertion_is_accepted(place: int, length: int, put: bytes) -> None:
    changed = DATA[:place] + put + DATA[place + length :]
    if changed != DATA:
        assert not verify(changed).ok


def test_no_mixture_of_two_emails_is_accepted() -> None:
    other = seal_mail(rendered(), email(), KEYRING)
    assert other == DATA
    chance = random.Random(4)
    lines = DATA.split(b"\r\n")
    for _ in range(300):
        a, b = sorted(chance.sample(range(len(lines)), 2))
        shuffled = [*lines[:a], *lines[b : b + 1], *lines[a:b], *lines[b + 1 :]]
        changed = b"\r\n".join(shuffled)
        if changed != DATA:
            assert not verify(changed).ok


def test_a_stranger_and_a_wrong_key_are_refused() -> None:
    assert verify_mail(DATA, public_keys=[STRANGER.public_pem]).code == "unknown_key"
    assert verify(rendered()).code == "no_seal"
    assert verify(DATA + DATA).code == "two_seals"
    with pytest.raises(BrokenManifest):
        verify_mail(DATA, public_keys=[b"no key"])

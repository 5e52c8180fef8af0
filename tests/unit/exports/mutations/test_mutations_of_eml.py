"""Emails altered by chance, bytes and letter: none is accepted, and the place is named."""

from __future__ import annotations

import base64
import quopri
import random
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from functools import cache

import pytest

from exports.mail.message import render_mail
from exports.mail.sealing import seal_mail
from exports.mail.verifying import verify_mail
from exports.verification import Verification
from tests.documents.letter import BRAND, email, sealed
from tests.documents.press import KEYRING
from tests.unit.exports.mutations.altering import WAYS, Way, alterations, name

KEYS = [KEYRING.public_pem]
EACH = 12  # alterations of a kind
DATA = sealed()
BOUNDARY = re.search(rb'boundary="(=_clearcopy_[0-9a-f]+)"', DATA)[1]
MARKER = b"\r\n--" + BOUNDARY
SEAL_END = re.search(rb"X-Clearcopy-Seal:.*?\r\n(?! )", DATA, re.DOTALL).end()


def verify(data: bytes) -> Verification:
    return verify_mail(data, public_keys=KEYS)


@pytest.mark.parametrize("way", WAYS, ids=name)
def test_no_alteration_of_bytes_is_accepted(way: Way) -> None:
    assert verify(DATA).ok
    for changed in alterations(DATA, way, "eml", 2 * EACH):
        assert not verify(changed).ok


Change = Callable[[random.Random], tuple[bytes, str]]


def _field(header: str) -> re.Match[bytes]:
    found = re.search(rb"^%b: ((?:.*\r\n[ \t])*.*)\r\n" % header.encode(), DATA, re.MULTILINE)
    assert found
    return found


def header_changed(chance: random.Random) -> tuple[bytes, str]:
    header = chance.choice(["From", "To", "Subject", "Date", "List-Unsubscribe"])
    found = _field(header)
    new = b"Changed %d <a@b.example>" % chance.randrange(99)
    return DATA[: found.start(1)] + new + DATA[found.end(1) :], f"The header {header}"


def header_removed(chance: random.Random) -> tuple[bytes, str]:
    header = chance.choice(["List-Unsubscribe", "X-Clearcopy-Material", "Date", "Subject"])
    found = _field(header)
    return DATA[: found.start()] + DATA[found.end() :], f"The header {header} is missing."


def header_put_in(chance: random.Random) -> tuple[bytes, str]:
    header = chance.choice([b"Bcc", b"Reply-To", b"X-Priority", b"Cc"])
    more = header + b": a%d@b.example\r\n" % chance.randrange(99)
    return DATA[:SEAL_END] + more + DATA[SEAL_END:], f"The header {header.decode()} was added."


def header_put_in_front(chance: random.Random) -> tuple[bytes, str]:
    header = chance.choice([b"Subject", b"From", b"Content-Type", b"Importance", b"To"])
    more = header + b": x%d\r\n" % chance.randrange(99)
    return more + DATA, f"The header {header.decode()} was added."


def header_said_twice(chance: random.Random) -> tuple[bytes, str]:
    header = chance.choice(["From", "Subject", "To"])
    found = _field(header)
    return DATA[: found.end()] + found[0] + DATA[found.end() :], "is there twice"


def header_broken(chance: random.Random) -> tuple[bytes, str]:
    found = _field("Subject")
    at = chance.randrange(found.start(1), found.end(1))
    broken = DATA[:at] + b"\r\nX-Injected: yes\r\n " + DATA[at:]
    return broken, "X-Injected"


def _parts(data: bytes = DATA, boundary: bytes = BOUNDARY) -> list[bytes]:
    """Headers, text, manifest, HTML, and the logo with both ends around it."""
    return re.split(rb"\r\n--%b(?=\r\n|--)" % re.escape(boundary), data)


def _with(parts: list[bytes]) -> bytes:
    return MARKER.join(parts)


def word_of_text(chance: random.Random) -> tuple[bytes, str]:
    parts = _parts()
    words = list(re.finditer(rb"(?<![=\w])[a-z]{4,}(?![=\w])", parts[1][200:]))
    found = chance.choice(words)
    start, end = found.start() + 200, found.end() + 200
    parts[1] = parts[1][:start] + b"never" + parts[1][end:]
    return (_with(parts), "The text part") if found[0] != b"never" else header_put_in(chance)


def number_of_html(chance: random.Random) -> tuple[bytes, str]:
    parts = _parts()
    body = quopri.decodestring(parts[3].partition(b"\r\n\r\n")[2])
    number = chance.choice(list(re.finditer(rb">[^<]*?(\d\d)[^<]*<", body)))
    new = b"%d" % (100 - int(number[1]) or 7)
    if new == number[1]:
        new = b"1"
    changed = body[: number.start(1)] + new + body[number.end(1) :]
    head = parts[3].partition(b"\r\n\r\n")[0]
    lines = quopri.encodestring(changed.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    parts[3] = head + b"\r\n\r\n" + lines
    return _with(parts), "The HTML part"


def link_of_html(chance: random.Random) -> tuple[bytes, str]:
    parts = _parts()
    host = b"evil%d.example" % chance.randrange(99)
    changed = parts[3].replace(b"copy.example", host, 1)
    assert changed != parts[3]
    parts[3] = changed
    return _with(parts), "The HTML part differs in its markup"


def part_removed(chance: random.Random) -> tuple[bytes, str]:
    parts, gone = _parts(), chance.choice([1, 3])
    del parts[gone]
    return _with(parts), "part is missing"


def parts_exchanged(chance: random.Random) -> tuple[bytes, str]:
    parts = _parts()
    one, other = chance.sample([1, 2, 3], 2)
    parts[one], parts[other] = parts[other], parts[one]
    return _with(parts), "another order"


def attachment_added(chance: random.Random) -> tuple[bytes, str]:
    parts = _parts()
    file = base64.b64encode(chance.randbytes(30))
    more = b"\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + file
    parts.insert(chance.randint(1, 4), more)
    return _with(parts), "A part that is none of ours was added."


def logo_changed(chance: random.Random) -> tuple[bytes, str]:
    parts = _parts()
    start = parts[4].index(b"iVBOR")
    at = chance.choice([each.start() for each in re.finditer(rb"[a-z]", parts[4][start:-80])])
    at += start
    parts[4] = parts[4][:at] + parts[4][at : at + 1].upper() + parts[4][at + 1 :]
    return _with(parts), "The logo differs."


def logo_removed(_chance: random.Random) -> tuple[bytes, str]:
    parts = _parts()
    parts[4] = b"--" + parts[4][parts[4].rindex(b"\r\n--") :]
    return _with(parts), "The logo is missing."


def logo_exchanged(chance: random.Random) -> tuple[bytes, str]:
    parts = _parts()
    other = base64.b64encode(chance.randbytes(60))
    start, end = parts[4].index(b"iVBOR"), parts[4].rindex(b"\r\n--")
    parts[4] = parts[4][:start] + other + parts[4][end:]
    return _with(parts), "The logo differs."


@cache
def _other() -> bytes:
    document = email(closing="With best regards,")
    return seal_mail(render_mail(document, brand=BRAND), document, KEYRING)


def manifest_swapped(chance: random.Random) -> tuple[bytes, str]:
    parts, other = _parts(), _other()
    boundary = re.search(rb'boundary="(=_clearcopy_[0-9a-f]+)"', other)[1]
    parts[2] = _parts(other, boundary)[2]
    return _with(parts), "The manifest differs."


def seal_swapped(chance: random.Random) -> tuple[bytes, str]:
    other = re.search(rb"X-Clearcopy-Seal:.*?\r\n(?! )", _other(), re.DOTALL)
    return other[0] + DATA[SEAL_END:], "altered"


def saved_again(chance: random.Random) -> tuple[bytes, str]:
    kept = message_from_bytes(
        DATA, policy=policy.SMTP.clone(max_line_length=chance.randint(60, 74))
    )
    kept["X-Saved"] = str(chance.random())
    return kept.as_bytes(), "altered"


def line_ends_mixed(chance: random.Random) -> tuple[bytes, str]:
    places = [found.start() for found in re.finditer(b"\r\n", DATA[SEAL_END:])]
    at = SEAL_END + chance.choice(places)
    return DATA[:at] + DATA[at + 1 :], "altered"


CHANGES: tuple[Change, ...] = (
    header_changed,
    header_removed,
    header_put_in,
    header_put_in_front,
    header_said_twice,
    header_broken,
    word_of_text,
    number_of_html,
    link_of_html,
    part_removed,
    parts_exchanged,
    attachment_added,
    logo_changed,
    logo_removed,
    logo_exchanged,
    manifest_swapped,
    seal_swapped,
    saved_again,
    line_ends_mixed,
)


@pytest.mark.parametrize("change", CHANGES, ids=name)
def test_no_altered_letter_is_accepted_and_its_place_is_named(change: Change) -> None:
    chance = random.Random(change.__name__)
    for _ in range(EACH):
        data, place = change(chance)
        assert data != DATA
        found = verify(data)
        assert not found.ok
        told = " ".join([found.reason, *found.differences])
        assert place in told, (place, told)


def test_there_are_as_many_as_promised() -> None:
    assert len(WAYS) * 2 * EACH + len(CHANGES) * EACH >= 400

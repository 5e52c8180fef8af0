"""PPTX altered by chance, bytes and presentation: none is accepted, and the place is named."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from exports.deck import archive
from exports.deck.contents import PRESENTATION, read_slides, rels_of
from exports.deck.powerpoint import render_pptx
from exports.deck.sealing import ITEM, seal_pptx
from exports.deck.verifying import verify_pptx
from exports.verification import Verification
from tests.documents.press import BRAND, KEYRING
from tests.unit.exports.mutations.altering import WAYS, Way, alterations, name
from tests.unit.exports.test_deck_slides import DOCUMENTS

KEYS = [KEYRING.public_pem]
EACH = 12  # alterations of a kind
_ENTRY = re.compile(r"<p:sldId [^>]*/>")


@cache
def made(title: str = "") -> bytes:
    document = DOCUMENTS["small"]
    document = replace(document, title=title) if title else document
    return seal_pptx(render_pptx(document, brand=BRAND), document, KEYRING, brand=BRAND)


def verify(data: bytes) -> Verification:
    return verify_pptx(data, public_keys=KEYS)


@pytest.mark.parametrize("way", WAYS, ids=name)
def test_no_alteration_of_bytes_is_accepted(way: Way) -> None:
    assert verify(made()).ok
    for changed in alterations(made(), way, "pptx", 2 * EACH):
        assert not verify(changed).ok


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("slides/slide4.xml", "Slide 4 differs."),
        ("notesSlides/notesSlide4.xml", "The notes of a slide differs."),
        ("media", "The picture of slide"),
    ],
)
def test_a_damaged_part_is_named_though_it_cannot_be_read(part: str, told: str) -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as held:
        info = next(each for each in held.infolist() if part in each.filename)
    place = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    data = made()[:place] + bytes([made()[place] ^ 0x55]) + made()[place + 1 :]
    found = verify(data)
    assert (found.ok, found.code) == (False, "altered")
    assert any(line.startswith(told) for line in found.differences)


def test_parts_are_named_where_the_directory_is_damaged() -> None:
    data = bytearray(made())
    data[data.rindex(b"PK\x01\x02") + 1] ^= 1
    found = verify(bytes(data))
    assert (found.ok, found.code) == (False, "altered")
    assert found.manifest is not None


Parts = dict[str, bytes]
Change = Callable[[Parts, random.Random], str]


def _slides(parts: Parts) -> list[str]:
    return [slide.part for slide in read_slides(parts)]


def another_word(parts: Parts, chance: random.Random) -> str:
    number = chance.randrange(len(_slides(parts)))
    part = _slides(parts)[number]
    text = parts[part].decode()
    found = chance.choice(list(re.finditer(r"<a:t>([^<]*\w[^<]*)</a:t>", text)))
    word = f"never {chance.randint(10, 99)}"
    parts[part] = (text[: found.start(1)] + word + text[found.end(1) :]).encode()
    return f"Slide {number + 1}"


def another_note(parts: Parts, chance: random.Random) -> str:
    part = chance.choice(
        [name for name in parts if re.match(r"ppt/notesSlides/notes\w+.xml", name)]
    )
    text = parts[part].decode()
    found = chance.choice(list(re.finditer(r"<a:t>([^<]*\w[^<]*)</a:t>", text)))
    parts[part] = (text[: found.start(1)] + "Say this" + text[found.end(1) :]).encode()
    return "The notes of slide"


def another_value(parts: Parts, chance: random.Random) -> str:
    part = chance.choice([name for name in parts if re.match(r"ppt/charts/chart\d+.xml", name)])
    text = parts[part].decode()
    found = chance.choice(list(re.finditer(r"<c:v>([\d.]+)</c:v>", text)))
    value = f"{chance.uniform(20, 90):.1f}"
    parts[part] = (text[: found.start(1)] + value + text[found.end(1) :]).encode()
    return "The chart of slide"


def another_workbook(parts: Parts, chance: random.Random) -> str:
    part = chance.choice([name for name in parts if name.endswith(".xlsx")])
    parts[part] = parts[part] + chance.randbytes(4)
    return "The data of the chart"


def another_alternative(parts: Parts, chance: random.Random) -> str:
    for number, part in enumerate(_slides(parts), start=1):
        if b" descr=" in parts[part]:
            new = f' descr="{chance.randint(1, 9)} of ten"'.encode()
            parts[part] = re.sub(rb' descr="[^"]+"', new, parts[part], count=1)
            return f"Slide {number}"
    raise AssertionError


def slide_removed(parts: Parts, chance: random.Random) -> str:
    entries = _ENTRY.findall(parts[PRESENTATION].decode())
    gone = chance.randrange(len(entries))
    parts[PRESENTATION] = parts[PRESENTATION].replace(entries[gone].encode(), b"")
    return f"Slide {gone + 1} of the sealed presentation is missing."


def slides_exchanged(parts: Parts, chance: random.Random) -> str:
    entries = _ENTRY.findall(parts[PRESENTATION].decode())
    one, other = sorted(chance.sample(range(len(entries)), 2))
    text = parts[PRESENTATION].replace(entries[one].encode(), b"@@")
    text = text.replace(entries[other].encode(), entries[one].encode())
    parts[PRESENTATION] = text.replace(b"@@", entries[other].encode())
    return f"Slide {one + 1} was slide {other + 1}."


def slide_hidden(parts: Parts, chance: random.Random) -> str:
    number = chance.randrange(len(_slides(parts)))
    part = _slides(parts)[number]
    parts[part] = parts[part].replace(b"<p:sld ", b'<p:sld show="0" ', 1)
    return f"Slide {number + 1} differs."


def part_added(parts: Parts, chance: random.Random) -> str:
    added = f"ppt/media/more{chance.randrange(1000)}.png"
    parts[added] = chance.randbytes(20)
    return f"The part {added} was added."


def part_removed(parts: Parts, chance: random.Random) -> str:
    gone = chance.choice([name for name in parts if name != ITEM and "slides/" not in name])
    del parts[gone]
    return f"The part {gone} is missing." if gone != PRESENTATION else "cannot be read"


def led_outside(parts: Parts, chance: random.Random) -> str:
    number = chance.randrange(len(_slides(parts)))
    rels = rels_of(_slides(parts)[number])
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    more = (
        f'<Relationship Id="rId99" Type="{kind}" Target="http://x.example/{chance.random()}"'
        ' TargetMode="External"/></Relationships>'
    )
    parts[rels] = parts[rels].replace(b"</Relationships>", more.encode())
    return f"The relationships of slide {number + 1} differs."


def manifest_swapped(parts: Parts, chance: random.Random) -> str:
    parts[ITEM] = archive.read(made("Another title"))[ITEM]
    return "Slide 1"


def manifest_removed(parts: Parts, chance: random.Random) -> str:
    del parts[ITEM]
    return "carries no Clearcopy manifest"


def saved_again(parts: Parts, chance: random.Random) -> str:
    return "file around them was changed"


CHANGES: tuple[Change, ...] = (
    another_word,
    another_note,
    another_value,
    another_workbook,
    another_alternative,
    slide_removed,
    slides_exchanged,
    slide_hidden,
    part_added,
    part_removed,
    led_outside,
    manifest_swapped,
    manifest_removed,
    saved_again,
)


def packed(parts: Parts, chance: random.Random) -> bytes:
    """As another program packs it."""
    target = io.BytesIO()
    with zipfile.ZipFile(
        target, "w", zipfile.ZIP_DEFLATED, compresslevel=chance.randint(1, 9)
    ) as to:
        for each, data in parts.items():
            to.writestr(each, data)
    return target.getvalue()


@pytest.mark.parametrize("change", CHANGES, ids=name)
def test_no_altered_presentation_is_accepted_and_its_place_is_named(change: Change) -> None:
    """Packed as another program would, and as we pack it ourselves."""
    chance = random.Random(change.__name__)
    for _ in range(EACH):
        parts = archive.read(made())
        place = change(parts, chance)
        last = parts.pop(ITEM, None)
        files = [packed({**parts, **({ITEM: last} if last else {})}, chance)]
        if last and change is not saved_again:
            files.append(archive.finish(archive.first_part(parts), ITEM, last))
        for data in files:
            found = verify(data)
            assert not found.ok
            told = " ".join([found.reason, *found.differences])
            assert place in told, (place, told)


def test_there_are_as_many_as_promised() -> None:
    assert len(WAYS) * 2 * EACH + (2 * len(CHANGES) - 2) * EACH >= 500

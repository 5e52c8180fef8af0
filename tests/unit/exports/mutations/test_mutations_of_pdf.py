"""PDFs altered by chance, bytes and document: none is accepted, and the place is named."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from exports.bulk.printing import PLATE, print_one
from exports.copies import Press
from exports.seal import MARK
from exports.sealing import seal_pdf
from exports.verification import Verification
from exports.verifying_pdf import verify_pdf
from tests.documents.certificate import company
from tests.documents.halvoryn import brief
from tests.documents.press import KEYRING, rendered, sealed
from tests.unit.exports.bulk.conftest import BRAND, document
from tests.unit.exports.mutations.altering import WAYS, Way, alterations, name

KEYS = [KEYRING.public_pem]
EACH = 20  # alterations of a kind
FILES = ("full", "certified", "plate")


@cache
def made(file: str) -> bytes:
    """A file as it is issued: rendered in full, with a certificate, from a plate."""
    if file == "plate":
        data, way = print_one(document(3), press=Press(BRAND, "https://x.example"), keyring=KEYRING)
        assert way == PLATE
        return data
    certificate = company() if file == "certified" else None
    return seal_pdf(rendered(), brief(), keyring=replace(KEYRING, certificate=certificate))


def verify(data: bytes) -> Verification:
    return verify_pdf(data, public_keys=KEYS)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("way", WAYS, ids=name)
def test_no_alteration_of_bytes_is_accepted(file: str, way: Way) -> None:
    assert verify(made(file)).ok
    for changed in alterations(made(file), way, file, EACH // 2):
        assert not verify(changed).ok


Change = Callable[[pikepdf.Pdf, random.Random], str]


def another_letter(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    number = chance.randrange(len(pdf.pages))
    contents = pdf.pages[number].obj.Contents
    drawn = contents.read_bytes()
    glyphs = list(re.finditer(rb"<([0-9a-f]{4,})>", drawn))
    found = chance.choice(glyphs)
    new = b"%04x" % ((int(found[1][:4], 16) + chance.randint(1, 20)) % 60 + 3)
    contents.write(drawn[: found.start(1)] + new + drawn[found.start(1) + 4 :])
    return "" if new == found[1][:4] else f"Page {number + 1}"


def less_text(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    number = chance.randrange(len(pdf.pages))
    contents = pdf.pages[number].obj.Contents
    drawn = contents.read_bytes()
    found = chance.choice(list(re.finditer(rb"\[[^\]]*\] TJ|<[0-9a-f]+> Tj", drawn)))
    contents.write(drawn[: found.start()] + drawn[found.end() :])
    return f"Page {number + 1}"


def drawn_over(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    number = chance.randrange(len(pdf.pages))
    contents = pdf.pages[number].obj.Contents
    white = b" q 1 1 1 rg %d %d 80 12 re f Q" % (chance.randint(0, 500), chance.randint(0, 700))
    contents.write(contents.read_bytes() + white)
    return f"Page {number + 1}: the same words, but drawn differently."


def other_order(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    one, other = chance.sample(range(len(pdf.pages)), 2)
    pages = list(pdf.pages)
    pages[one], pages[other] = pages[other], pages[one]
    del pdf.pages[:]
    pdf.pages.extend(pages)
    return f"Page {one + 1} was page {other + 1}."


def page_removed(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    number = chance.randrange(len(pdf.pages))
    del pdf.pages[number]
    return f"Page {number + 1} of the sealed document is missing."


def page_put_in(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    place = chance.randrange(len(pdf.pages) + 1)
    with pikepdf.new() as other:
        pdf.pages.insert(place, other.add_blank_page())
    return f"Page {place + 1} is not as any page that was sealed."


def manifest_swapped(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    title = f"Another title {chance.randrange(1000)}"
    with pikepdf.open(io.BytesIO(_other(title))) as other:
        pdf.Root.AF[0].EF.F.write(other.Root.AF[0].EF.F.read_bytes())
    return "Page 1"


@cache
def _other(_title: str) -> bytes:
    return sealed(replace(brief(), title="Another title altogether"))


def manifest_removed(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    del pdf.Root.AF
    return "The file carries no manifest."


def script_put_in(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    code = String(f"app.alert({chance.randrange(100)})")
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=code)
    return "no Clearcopy seal"


def note_stuck_on(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    page = pdf.pages[chance.randrange(len(pdf.pages))].obj
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([50, 50, 300, 90]), F=4,
        Contents=String("Approved for all patients"), DA=String("/Helv 12 Tf 0 g"),
    )  # fmt: skip
    page.Annots = Array([*page.get("/Annots", []), pdf.make_indirect(note)])
    return "no Clearcopy seal"


def saved_again(pdf: pikepdf.Pdf, chance: random.Random) -> str:
    pdf.docinfo["/Producer"] = f"Another program {chance.randrange(100)}"
    return "The words on its pages are still those that were sealed."


CHANGES: tuple[Change, ...] = (
    another_letter,
    less_text,
    drawn_over,
    other_order,
    page_removed,
    page_put_in,
    manifest_swapped,
    manifest_removed,
    script_put_in,
    note_stuck_on,
    saved_again,
)


@pytest.mark.parametrize("change", CHANGES, ids=name)
def test_no_altered_document_is_accepted_and_its_place_is_named(change: Change) -> None:
    """Saved without a seal, and with the seal of the original put in where it stood."""
    data, chance = made("full"), random.Random(change.__name__)
    line = data[data.index(MARK) : data.index(b"\n", data.index(MARK)) + 1]
    for _ in range(EACH):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            place = change(pdf, chance)
            target = io.BytesIO()
            pdf.save(target, deterministic_id=True)
        bare = target.getvalue()
        cut = bare.rindex(b"startxref\n")
        for shown in (bare, bare[:cut] + line + bare[cut:]):
            found = verify(shown)
            assert not found.ok
            if shown is bare:
                told = " ".join([found.reason, *found.differences])
                assert place in told, (place, told)


def revision(data: bytes, objects: dict[int, bytes]) -> bytes:
    """The file with one more revision behind it, as editors save."""
    start = data.rindex(b"startxref\n") + 10
    previous = data[start : data.index(b"\n", start)].decode()
    body, rows = b"", []
    for number, value in objects.items():
        rows.append((number, len(data) + len(body)))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, value)
    table = "".join(f"{number} 1\n{at:010d} 00000 n \n" for number, at in rows)
    where = len(data) + len(body)
    return (
        data
        + body
        + f"xref\n{table}trailer\n<< /Size 999 /Root 1 0 R /Prev {previous} >>\n".encode()
        + b"startxref\n%d\n%%%%EOF\n" % where
    )


@pytest.mark.parametrize("file", FILES)
def test_no_further_revision_is_accepted(file: str) -> None:
    data, chance = made(file), random.Random(file)
    for _ in range(EACH):
        numbers = chance.sample(range(1, 80), chance.randint(1, 3))
        changed = revision(data, dict.fromkeys(numbers, b"<< /Type /Catalog >>"))
        found = verify(changed)
        assert (found.ok, found.code) == (False, "appended")
        assert "added after the sealed document" in found.reason


def test_there_are_as_many_as_promised() -> None:
    assert len(FILES) * len(WAYS) * EACH // 2 + 2 * len(CHANGES) * EACH + len(FILES) * EACH >= 800

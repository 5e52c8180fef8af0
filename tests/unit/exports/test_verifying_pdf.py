"""Whatever is done to a sealed file, ``verify_pdf`` says no, says why, and never raises."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.manifest import FILE_NAME, BrokenManifest
from exports.printed import read_pages
from exports.provenance import provenance_lines
from exports.seal import MARK
from exports.sealing import TextLost, seal_pdf
from exports.verification import Verification
from exports.verifying_pdf import LARGEST, verify_pdf
from tests.documents.halvoryn import brief
from tests.documents.press import KEYRING, STRANGER, rendered, sealed

KEYS = [KEYRING.public_pem]
DATA = sealed()


def verify(data: bytes) -> Verification:
    return verify_pdf(data, public_keys=KEYS)


def resaved(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """The file as another program would save it after a change."""
    with pikepdf.open(io.BytesIO(DATA)) as pdf:
        change(pdf)
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


def test_the_sealed_file_holds_and_says_who_approved_what() -> None:
    found = verify(DATA)
    assert (found.ok, found.code, found.differences) == (True, "valid", ())
    assert found.manifest is not None
    lines = "\n".join(provenance_lines(found.manifest))
    assert "BRF-0009, version 1.0: An oral option" in lines
    assert "Copy 0017, issued to Example Representative, 24 November 2026, 08:15 UTC" in lines
    assert "Page 1: HAL-M-001, version 2.0, with claims HAL-0002 1.0" in lines
    assert "Example Medical Reviewer, medical, 9 November 2026, 14:20 UTC: I have" in lines
    assert "Pages 1 to 2: HAL-M-FN-1" in lines


def test_a_preview_says_that_it_is_one() -> None:
    document = replace(brief(), status="preview", copy=None, valid_until=None)
    found = verify(sealed(document))
    assert found.ok
    assert found.manifest is not None
    assert "not approved for distribution" in provenance_lines(found.manifest)[0]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_no_changed_byte_is_accepted(place: int, change: int) -> None:
    broken = bytearray(DATA)
    broken[place] ^= change
    assert not verify(bytes(broken)).ok


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(DATA)), st.integers(1, 2000), st.binary(max_size=40))
def test_no_cut_or_insertion_is_accepted(place: int, length: int, put: bytes) -> None:
    taken = DATA[:place] + put + DATA[place + length :]
    if taken != DATA:
        assert not verify(taken).ok
    if put:
        assert not verify(DATA[:place] + put + DATA[place:]).ok


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(DATA) - 64), st.integers(0, len(DATA) - 64), st.integers(1, 64))
def test_no_exchange_of_two_stretches_is_accepted(one: int, two: int, length: int) -> None:
    changed = bytearray(DATA)
    changed[one : one + length], changed[two : two + length] = (
        DATA[two : two + length],
        DATA[one : one + length],
    )
    assert bytes(changed) == DATA or not verify(bytes(changed)).ok


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    for start in (b"", b"%PDF-1.7\n", MARK, b"%PDF-1.7\n" + MARK):
        assert not verify(start + data).ok


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "not_pdf", "not a PDF"),
        (b"hello", "not_pdf", "not a PDF"),
        (DATA + b"\n", "appended", "1 byte was added after"),
        (DATA + b"x" * 9, "appended", "9 bytes were added after"),
        (b"  " + DATA, "moved", "2 bytes were put in before"),
        (DATA[:-3], "truncated", "3 bytes were missing at the end"),
        (DATA[: len(DATA) // 2], "truncated", "with its seal, is missing"),
        (DATA + DATA, "two_seals", "more than one seal"),
        (DATA.replace(b"%PDF-1.7", b"%PDF-1.6"), "altered", "altered after it was sealed"),
    ],
)
def test_reasons(data: bytes, code: str, words: str) -> None:
    found = verify(data)
    assert (found.ok, found.code) == (False, code)
    assert words in found.reason


def test_an_appended_revision_is_refused() -> None:
    """A reader would show the later page tree; the seal is over the earlier bytes only."""
    start = DATA.rindex(b"startxref\n") + 10
    previous = DATA[start : DATA.index(b"\n", start)].decode()
    update = (
        f"\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n1 1\n{len(DATA):010d} 00000 n \n"
        f"trailer\n<< /Size 2 /Root 1 0 R /Prev {previous} >>\nstartxref\n{len(DATA)}\n%%EOF\n"
    )
    assert verify(DATA + update.encode()).code == "appended"


def test_another_key() -> None:
    again = seal_pdf(rendered(), brief(), keyring=STRANGER)
    found = verify(again)
    assert (found.ok, found.code) == (False, "unknown_key")
    assert STRANGER.key_id in found.reason
    assert verify_pdf(again, public_keys=[STRANGER.public_pem]).ok
    assert verify_pdf(DATA, public_keys=[]).code == "unknown_key"
    assert verify_pdf(DATA, public_keys=[STRANGER.public_pem, *KEYS]).ok


def test_a_strangers_seal_under_our_name() -> None:
    again = seal_pdf(rendered(), brief(), keyring=STRANGER)
    start = again.index(MARK)
    ours, theirs = DATA.index(MARK), again[start : again.index(b"\n", start)]
    swapped = again[:start] + DATA[ours : DATA.index(b"\n", ours)] + again[start + len(theirs) :]
    assert not verify(swapped).ok


def test_the_seal_of_one_file_does_not_fit_another() -> None:
    other = sealed(replace(brief(), copy=None))
    line = slice(DATA.index(MARK), DATA.index(b"\n", DATA.index(MARK)))
    there = slice(other.index(MARK), other.index(b"\n", other.index(MARK)))
    assert not verify(other[: there.start] + DATA[line] + other[there.stop :]).ok


def test_a_resaved_file_says_that_its_words_are_the_same() -> None:
    found = verify(resaved(lambda pdf: None))
    assert (found.ok, found.code) == (False, "no_seal")
    assert found.differences == ("The words on its pages are still those that were sealed.",)
    assert found.manifest is not None


def test_a_changed_word_is_quoted() -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        contents = pdf.pages[1].obj.Contents
        drawn = contents.read_bytes()
        show = drawn.index(b"TJ")
        glyph = drawn.rindex(b"<", 0, show)
        contents.write(drawn[: glyph + 1] + b"0003" + drawn[glyph + 5 :])

    found = verify(resaved(edit))
    assert not found.ok
    assert found.differences == ("Page 2: “indication” now reads “indicatio”.",)


def test_the_altered_part_of_a_sealed_file_is_named() -> None:
    with pikepdf.open(io.BytesIO(DATA)) as pdf:
        raw = pdf.pages[2].obj.Contents.read_raw_bytes()
    place = DATA.index(raw) + len(raw) // 2
    broken = DATA[:place] + bytes([DATA[place] ^ 1]) + DATA[place + 1 :]
    assert "The content of page 3 differs." in verify(broken).differences


def test_removed_and_reordered_pages_are_named() -> None:
    def remove(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[2]

    found = verify(resaved(remove))
    assert "The document has 3 pages; 4 were sealed." in found.differences
    assert "Page 3 of the sealed document is missing." in found.differences
    found = verify(resaved(lambda pdf: pdf.pages.reverse()))
    assert "Page 1 was page 4." in found.differences


def test_a_manifest_from_another_file_does_not_fit() -> None:
    other = sealed(replace(brief(), title="Something else altogether"))
    with pikepdf.open(io.BytesIO(other)) as pdf:
        foreign = pdf.Root.AF[0].EF.F.read_bytes()

    found = verify(resaved(lambda pdf: pdf.Root.AF[0].EF.F.write(foreign)))
    assert not found.ok
    assert any("Page 1" in line for line in found.differences)


def test_a_file_without_manifest() -> None:
    def strip(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.AF

    found = verify(resaved(strip))
    assert (found.ok, found.manifest) == (False, None)
    assert "The file carries no manifest." in found.differences


def test_a_bomb_is_not_unfolded() -> None:
    def plant(pdf: pikepdf.Pdf) -> None:
        bomb = zlib.compress(b"q Q " * 50_000_000, 9)
        pdf.pages[0].obj.Contents = pikepdf.Stream(pdf, bomb, Filter=pikepdf.Name.FlateDecode)

    found = verify(resaved(plant))
    assert not found.ok
    assert "Its pages cannot be read." in found.differences


def test_forms_that_draw_themselves_end() -> None:
    def plant(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(b"/F Do " * 2000)
        form.stream_dict.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form})
        form.stream_dict.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream(b"/F Do")
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))

    assert "Its pages cannot be read." in verify(resaved(plant)).differences


def test_too_large() -> None:
    assert verify(bytes(LARGEST + 1)).code == "too_large"


def test_a_broken_key_is_the_callers_mistake() -> None:
    with pytest.raises(BrokenManifest, match="public key"):
        verify_pdf(DATA, public_keys=[b"not a key"])


def test_a_rendition_that_lost_words_is_not_sealed() -> None:
    with pytest.raises(TextLost, match="lacks text"):
        seal_pdf(rendered(), replace(brief(), title="Not what was rendered"), keyring=KEYRING)


def test_the_manifest_is_an_associated_file_with_the_documents_date() -> None:
    with pikepdf.open(io.BytesIO(DATA)) as pdf:
        (entry,) = pdf.Root.AF
        assert str(entry.UF) == FILE_NAME
        assert str(entry.AFRelationship) == "/Data"
        assert str(entry.EF.F.Params.ModDate) == "D:20261124081500Z"
        assert list(pdf.attachments) == [FILE_NAME]
        assert len(read_pages(pdf)) == 4

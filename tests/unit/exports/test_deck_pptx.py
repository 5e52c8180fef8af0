"""A PPTX that is native, reproducible, and proves itself to the last byte."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import formats, verifying
from exports.brand import Brand
from exports.deck import archive
from exports.deck.composing import compose
from exports.deck.contents import BadSlides, pages, read_slides
from exports.deck.powerpoint import render_pptx
from exports.deck.sealing import ITEM, envelope_in, item, seal_pptx
from exports.deck.verifying import verify_pptx
from exports.document import Document
from exports.manifest import BrokenManifest
from exports.proofing import PREFIX, results_of
from exports.rendering import render_pdf
from exports.sealing import TextLost
from exports.verification import Verification
from tests.documents.press import BRAND, KEYRING, STRANGER
from tests.unit.exports.test_deck_slides import DOCUMENTS, FOLDER, PRODUCT

ROOT = Path(__file__).parents[3]
KEYS = [KEYRING.public_pem]
DOCUMENT = DOCUMENTS["small"]


@cache
def rendered(document: Document = DOCUMENT) -> bytes:
    return render_pptx(document, brand=BRAND)


@cache
def sealed(document: Document = DOCUMENT) -> bytes:
    return seal_pptx(rendered(document), document, KEYRING, brand=BRAND)


def verify(data: bytes) -> Verification:
    return verify_pptx(data, public_keys=KEYS)


def repacked(change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The file as another program would save it after a change."""
    parts = archive.read(sealed())
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return target.getvalue()


def replaced(name: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[name]
        parts[name] = parts[name].replace(old.encode(), new.encode())

    return change


def slide_with(text: str) -> tuple[int, str]:
    """Number and part of the first slide that says something."""
    for number, slide in enumerate(read_slides(archive.read(sealed())), start=1):
        if text in slide.text:
            return number, slide.part
    raise AssertionError(text)


def test_a_sealed_file_verifies_and_says_who_approved_what() -> None:
    answer = verify(sealed())
    assert answer.ok
    assert answer.manifest is not None
    blocks = {block["module"]: block for block in answer.manifest["blocks"]}
    assert blocks["HAL-M-002"]["pages"] == [5, 5]
    assert {each["discipline"] for each in blocks["HAL-M-002"]["approvals"]} == {
        "medical",
        "legal",
        "regulatory",
    }
    assert verifying.verify(sealed(), public_keys=KEYS).ok


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_every_document_seals(name: str) -> None:
    assert verify(sealed(DOCUMENTS[name])).ok


def test_words_that_are_lost_are_not_sealed() -> None:
    from dataclasses import replace

    other = replace(DOCUMENT, title="Not what was rendered")
    with pytest.raises(TextLost, match="lack text"):
        seal_pptx(rendered(), other, KEYRING, brand=BRAND)


@pytest.mark.parametrize("share", [1.0, 1.2])
def test_the_companys_share_of_safety_information_holds_on_slides(share: float) -> None:
    """In both formats, and the manifest knows on which slides it then stands."""
    brand = replace(BRAND, safety_share=share)
    document = DOCUMENT
    slides = compose(document, safety_share=share)
    data = seal_pptx(render_pptx(document, brand=brand), document, KEYRING, brand=brand)
    manifest = verify(data).manifest
    assert manifest is not None
    assert len(manifest["pages"]) == len(slides)
    assert [s.size for s in slides if s.kind == "safety"] > [
        s.size for s in compose(document) if s.kind == "safety"
    ]
    pdf = render_pdf(document, brand=brand)
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert len(made.pages) == len(slides)
    measured = {each["name"]: each for each in results_of(pdf)}
    safety = measured[f"{PREFIX}safety size"]
    assert (safety["severity"], safety["measured"]["share"] >= share) == ("pass", True)


def test_the_file_is_a_presentation_with_native_parts() -> None:
    from pptx import Presentation

    deck = Presentation(io.BytesIO(sealed()))
    slides = list(deck.slides)
    assert all(slide.has_notes_slide for slide in slides)
    assert any(shape.has_chart for slide in slides for shape in slide.shapes)
    assert any(shape.has_table for slide in slides for shape in slide.shapes)
    assert all(slide.shapes.title.text_frame.text for slide in slides)
    drawn = [s for slide in slides for s in slide.shapes if s.has_chart or s.shape_type == 13]
    for shape in drawn:
        assert shape._element.xpath(".//p:cNvPr")[0].get("descr")
    footers = [
        [place.placeholder_format.idx for place in slide.placeholders] for slide in slides[1:]
    ]
    assert all({11, 12} <= set(found) for found in footers)


def test_each_slide_points_to_the_safety_information() -> None:
    for slide in read_slides(archive.read(sealed()))[1:]:
        assert "See Important Safety Information on slide" in slide.text


def test_nothing_inside_tells_the_time_of_making() -> None:
    with zipfile.ZipFile(io.BytesIO(sealed())) as made:
        assert {info.date_time for info in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert made.testzip() is None
        books = [name for name in made.namelist() if name.endswith(".xlsx")]
        assert books
        for name in books:
            with zipfile.ZipFile(io.BytesIO(made.read(name))) as book:
                assert b"2026-11-2" in book.read("docProps/core.xml")


# Mutations. None is accepted.


@pytest.mark.parametrize("seed", range(6))
def test_no_flipped_byte_is_accepted(seed: int) -> None:
    chance, data = random.Random(seed), sealed()
    for _ in range(60):
        place, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        altered = data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
        assert not verify(altered).ok


def test_no_byte_of_directory_and_manifest_head_is_free() -> None:
    data = sealed()
    start = data.index(ITEM.encode()) - 40
    tail = data.rindex(b"PK\x01\x02")
    for place in [*range(start, start + 200), *range(tail, len(data))]:
        altered = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert not verify(altered).ok


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.binary(min_size=1, max_size=40), st.booleans())
def test_no_insertion_or_cut_is_accepted(where: int, more: bytes, cut: bool) -> None:
    data = sealed()
    place = where % (len(data) + 1)
    altered = data[:place] + (data[place + len(more) :] if cut else more + data[place:])
    if altered != data:
        assert not verify(altered).ok


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_junk_raises(junk: bytes) -> None:
    assert not verify(junk).ok
    assert not verify(b"PK\x03\x04" + junk).ok


def test_saved_again_is_altered_but_the_words_are_told_to_be_the_same() -> None:
    answer = verify(repacked(lambda parts: None))
    assert (answer.ok, answer.code) == (False, "altered")
    assert "the file around them was changed" in answer.differences[0]


def test_changed_words_are_named_with_their_slide() -> None:
    number, part = slide_with("previously treated RXA2")
    answer = verify(repacked(replaced(part, "11.4 months", "14.1 months")))
    assert not answer.ok
    assert any(
        line.startswith(f"Slide {number}:") and "14.1" in line for line in answer.differences
    )
    assert f"Slide {number} differs." in answer.differences


def test_a_changed_value_of_a_chart_is_named() -> None:
    parts = archive.read(sealed())
    chart = next(name for name in parts if "/charts/chart" in name and "_rels" not in name)
    answer = verify(repacked(replaced(chart, ">11.4<", ">21.4<")))
    assert any("21.4" in line for line in answer.differences)
    assert any("chart of slide" in line for line in answer.differences)


def test_changed_notes_and_pictures_are_named() -> None:
    parts = archive.read(sealed())
    notes = next(name for name in parts if "notesSlides/notesSlide5" in name)
    answer = verify(repacked(replaced(notes, "approved", "denied")))
    assert any("notes of slide" in line for line in answer.differences)
    picture = next(name for name in parts if "media/" in name)
    answer = verify(repacked(lambda parts: parts.update({picture: b"another"})))
    assert any("picture of slide" in line for line in answer.differences)


def _order(parts: dict[str, bytes], change: Callable[[list[str]], list[str]]) -> None:
    import re

    name = "ppt/presentation.xml"
    text = parts[name].decode()
    entries = re.findall(r"<p:sldId [^>]*/>", text)
    inner = "".join(change(entries))
    parts[name] = re.sub(
        r"(<p:sldIdLst>).*(</p:sldIdLst>)", rf"\g<1>{inner}\g<2>", text, flags=re.DOTALL
    ).encode()


def test_a_removed_slide_is_named() -> None:
    answer = verify(repacked(lambda parts: _order(parts, lambda ids: [*ids[:5], *ids[6:]])))
    assert not answer.ok
    assert "Slide 6 of the sealed presentation is missing." in answer.differences


def test_reordered_slides_are_named() -> None:
    answer = verify(
        repacked(lambda parts: _order(parts, lambda ids: [*ids[:5], ids[6], ids[5], *ids[7:]]))
    )
    assert "Slide 6 was slide 7." in answer.differences


def test_an_added_and_a_missing_part_are_named() -> None:
    answer = verify(repacked(lambda parts: parts.update({"ppt/media/more.png": b"x"})))
    assert "The part ppt/media/more.png was added." in answer.differences
    answer = verify(repacked(lambda parts: parts.pop("ppt/theme/theme1.xml")))
    assert "The part ppt/theme/theme1.xml is missing." in answer.differences


def test_a_swapped_manifest_is_not_accepted() -> None:
    other = archive.read(sealed(DOCUMENTS["all"]))[ITEM]
    assert verify(repacked(lambda parts: parts.update({ITEM: other}))).code == "altered"
    first = sealed()[: sealed().index(ITEM.encode()) - 30]
    assert not verify(archive.finish(first, ITEM, other)).ok


def test_the_manifest_has_one_spelling() -> None:
    parts = archive.read(sealed())
    envelope = envelope_in(parts)
    assert envelope is not None
    first = sealed()[: sealed().index(ITEM.encode()) - 30]
    assert archive.finish(first, ITEM, item(envelope)) == sealed()
    spaced = envelope.replace(b'"envelope":', b'"envelope": ')
    more = envelope.replace(b'{"envelope":', b'{"also":1,"envelope":')
    for other in (spaced, more):
        assert not verify(archive.finish(first, ITEM, item(other))).ok


def test_another_key_and_no_manifest_are_told_apart() -> None:
    assert verify_pptx(sealed(), public_keys=[STRANGER.public_pem]).code == "unknown_key"
    assert verify(rendered()).code == "no_manifest"
    with pytest.raises(BrokenManifest):
        verify_pptx(sealed(), public_keys=[b"no key"])


def test_a_hostile_part_gets_an_answer() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    answer = verify(repacked(lambda parts: parts.update({"ppt/presentation.xml": bomb})))
    assert "Its slides cannot be read." in answer.differences
    with pytest.raises(BadSlides):
        pages({"ppt/presentation.xml": bomb})


def test_names_of_a_brand_and_account_stay_words() -> None:
    from dataclasses import replace

    hostile = replace(DOCUMENT, account=replace(DOCUMENT.account, name='A & B <Clinic> "x"'))
    data = render_pptx(hostile, brand=Brand('North & <Light> "x"'))
    assert any('A & B <Clinic> "x"' in slide.text for slide in read_slides(archive.read(data)))


def test_the_fingerprint_of_both_formats_tells_the_program_that_makes_slides() -> None:
    for each in formats.issued("deck"):
        assert "deck/planning.py" in each.fingerprint("deck")["program"]
    assert "deck/planning.py" not in formats.get("pdf").fingerprint("brief")["program"]


def test_the_registry_knows_decks() -> None:
    assert [each.name for each in formats.issued("deck")] == ["pdf", "pptx"]
    assert FOLDER.is_dir()
    assert PRODUCT.brand


def test_legal_lines_are_those_of_the_market() -> None:
    lines = (("UK", ("Registered in England.",), ("9 Example Street",)),)
    brand = Brand("Northlight", boilerplate=("Somewhere else.",), markets=lines)
    data = render_pptx(replace(DOCUMENT, market="UK"), brand=brand)
    closing = pages(archive.read(data))[-1].text
    assert "Registered in England." in closing
    assert "9 Example Street" in closing
    assert "Somewhere else." not in closing

"""What a validator of PDF/A-3a and PDF/UA-1 looks at first, in a sealed file of every kind.

No such validator runs here. These are the points of both standards that a layout can break, each
read from the file's own objects.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pikepdf
import pytest

from exports.document import Document
from exports.rendering import render_pdf
from exports.sealing import seal_pdf
from tests.documents import halvoryn
from tests.documents.press import BRAND, KEYRING
from tests.unit.exports.test_deck_slides import DOCUMENTS
from tests.unit.exports.test_kinds import printable

KINDS = ("brief", "leave-behind", "faq-sheet", "meeting-prep", "talk-track", "hand-off", "deck")


def document(kind: str) -> Document:
    if kind == "deck":
        return DOCUMENTS["all"]
    return halvoryn.brief() if kind == "brief" else printable(kind)


@cache
def sealed(kind: str) -> bytes:
    made = document(kind)
    data = render_pdf(made, brand=BRAND)
    return seal_pdf(data, made, keyring=KEYRING)


@pytest.fixture(params=KINDS)
def pdf(request: pytest.FixtureRequest) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(sealed(request.param))) as opened:
        yield opened


def kids(parent: Any) -> list[Any]:
    found = parent.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def elements(parent: Any) -> Iterator[Any]:
    for kid in kids(parent):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def tree(pdf: pikepdf.Pdf) -> list[Any]:
    return list(elements(pdf.Root.StructTreeRoot))


def test_the_catalogue_says_what_a_reader_needs(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert re.fullmatch(r"[a-z]{2}-[A-Z]{2}", str(root.Lang))
    for page in pdf.pages:
        if page.obj.get("/Annots"):
            assert str(page.obj.Tabs) == "/S"
    assert not {"/AA", "/OpenAction", "/AcroForm"} & set(root.keys())
    assert "/JavaScript" not in root.get("/Names", {})


def test_metadata_and_the_file_information_agree(pdf: pikepdf.Pdf) -> None:
    data = pdf.Root.Metadata.read_bytes()
    assert "/Filter" not in pdf.Root.Metadata, "metadata is to be read without unpacking"
    with pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["dc:title"] == str(pdf.docinfo.Title)
        assert list(metadata["dc:creator"]) == [str(pdf.docinfo.Author)]
        assert metadata["pdf:Producer"] == str(pdf.docinfo.Producer)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    # a schema of others must be described where it is used
    assert b"http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>" in data


def test_colours_have_one_meaning(pdf: pikepdf.Pdf) -> None:
    (intent,) = pdf.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1"
    assert int(intent.DestOutputProfile.N) == 3
    for page in pdf.pages:
        states = page.obj.Resources.get("/ExtGState", {})
        for state in states.values():
            assert str(state.get("/BM", "/Normal")) in ("/Normal", "/Compatible")
            assert "/TR" not in state


def test_fonts_are_embedded_and_can_be_read_aloud(pdf: pikepdf.Pdf) -> None:
    seen = 0
    for page in pdf.pages:
        for font in page.obj.Resources.get("/Font", {}).values():
            assert "/ToUnicode" in font, font.BaseFont
            (below,) = font.DescendantFonts
            descriptor = below.FontDescriptor
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys()), font.BaseFont
            assert re.match(r"/[A-Z]{6}\+", str(font.BaseFont)), "a subset says so in its name"
            seen += 1
    assert seen


def test_the_attachment_says_how_it_belongs_to_the_document(pdf: pikepdf.Pdf) -> None:
    (file,) = pdf.Root.AF
    assert str(file.AFRelationship) == "/Data"
    assert str(file.UF) == str(file.F)
    stream = file.EF.F
    assert str(stream.Subtype).lower() == "/application/json"
    assert "/ModDate" in stream.Params


def test_headings_follow_one_another_without_a_gap(pdf: pikepdf.Pdf) -> None:
    levels = [int(str(each.S)[2]) for each in tree(pdf) if re.fullmatch(r"/H[1-6]", str(each.S))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in pairwise(levels):
        assert after <= before + 1


def cells(table: Any) -> Iterator[Any]:
    """Cells of a table, not those of a table within."""
    for kid in kids(table):
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/S") in ("/TH", "/TD"):
            yield kid
        elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid and kid.S != "/Table":
            yield from cells(kid)


def test_every_table_has_heads_that_say_what_they_head(pdf: pikepdf.Pdf) -> None:
    for table in [each for each in tree(pdf) if each.S == "/Table"]:
        heads = [cell for cell in cells(table) if cell.S == "/TH"]
        assert heads, "columns of a layout are not a table"
        for head in heads:
            beside = {str(kid.S) for kid in kids(head.P)}
            assert str(head.A.Scope) == ("/Row" if "/TD" in beside else "/Column")


def test_rows_stand_in_tables_and_items_in_lists(pdf: pikepdf.Pdf) -> None:
    above = {
        "/TR": ("/Table", "/THead", "/TBody", "/TFoot"),
        "/TH": ("/TR",),
        "/TD": ("/TR",),
        "/THead": ("/Table",),
        "/TBody": ("/Table",),
        "/LI": ("/L",),
        "/LBody": ("/LI",),
        "/Lbl": ("/LI",),
    }
    for element in tree(pdf):
        if allowed := above.get(str(element.S)):
            assert str(element.P.S) in allowed, element.S


def test_figures_and_links_are_described(pdf: pikepdf.Pdf) -> None:
    for element in tree(pdf):
        if element.S == "/Figure":
            assert len(str(element.Alt)) > 3
            assert "/BBox" in element.A
    links = [link for page in pdf.pages for link in page.obj.get("/Annots", [])]
    for link in links:
        assert str(link.Contents)
        assert "/StructParent" in link
        assert int(link.get("/F", 0)) & 0b110 == 0b100, "printed and not hidden"


def test_all_content_is_tagged_or_an_artifact(pdf: pikepdf.Pdf) -> None:
    shows = {"Tj", "TJ", "'", '"'}
    for number, page in enumerate(pdf.pages, start=1):
        inside: list[str] = []
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator in ("BDC", "BMC"):
                inside.append(str(instruction.operands[0]))
            elif operator == "EMC":
                inside.pop()
            elif operator in shows:
                assert inside, f"page {number}: words that hang on nothing"
        assert inside == []

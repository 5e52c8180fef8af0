"""The brief as a reader holds it: its words, pages, tags and bytes."""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from exports.body import Claim, Heading, Paragraph, Text, Token
from exports.document import AccountFacts, Document
from exports.engine import engine
from exports.layouts import stylesheet
from exports.printed import PrintedPage, letters, lost_words, read_pages
from exports.rendering import render_html, render_pdf
from records.errors import Refused
from tests.documents.halvoryn import BOXED, brief, isi
from tests.documents.press import BRAND, rendered, sealed

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def pages_of(data: bytes) -> tuple[PrintedPage, ...]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return read_pages(pdf)


def text_of(data: bytes) -> str:
    return "\f\n".join(page.text for page in pages_of(data)) + "\n"


def internal() -> Document:
    document = brief()
    return replace(
        document,
        audience="internal",
        status="preview",
        page_size="a4",
        account=replace(document.account, tier="Strategic"),
        isi=isi(BOXED),
    )


@pytest.mark.parametrize(("name", "make"), [("brief-hcp", brief), ("brief-internal", internal)])
def test_text_is_as_expected(name: str, make: object) -> None:
    """After a wanted change: set CLEARCOPY_WRITE_EXPECTED=1, run this, and read the diff."""
    assert callable(make)
    file = HERE / "expected" / f"{name}.txt"
    text = text_of(rendered(make()))
    if os.environ.get("CLEARCOPY_WRITE_EXPECTED"):
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_another_reader_reads_the_same_letters() -> None:
    with pypdfium2.PdfDocument(sealed()) as pdf:
        # this reader marks a hyphen at the end of a line in a way of its own
        others = [
            pdf[at].get_textpage().get_text_range().replace("\ufffe", "-") for at in range(len(pdf))
        ]
    for page, other in zip(pages_of(sealed()), others, strict=True):
        assert Counter(letters(page.text)) == Counter(letters(other))


def test_no_word_is_lost_or_printed_twice() -> None:
    pages = pages_of(rendered())
    assert lost_words(brief(), pages) == ()
    text = letters("".join(page.text for page in pages))
    for block in brief().blocks:
        title = next(node for node in block.body if isinstance(node, Heading))
        shown = "".join(part.text for part in title.children if isinstance(part, Text))
        # once in its place, and at most once a page in the running head
        assert 1 <= text.count(letters(shown)) <= 1 + len(pages)


def test_every_page_points_to_the_page_of_the_safety_information() -> None:
    for document in (brief(), replace(brief(), blocks=brief().blocks[:2]), internal()):
        pages = pages_of(rendered(document))
        (where,) = [
            page.number for page in pages if "Hepatotoxicity: HALVORYN can" in one_line(page)
        ]
        for page in pages:
            assert f"See Important Safety Information on page {where}" in one_line(page)


def one_line(page: PrintedPage) -> str:
    return " ".join(page.text.split())


def test_foot_of_each_page_carries_code_dates_copy_and_number() -> None:
    pages = pages_of(rendered())
    for page in pages:
        foot = one_line(page)
        assert "BRF-0009 Date of preparation 22 November 2026 Valid until 22 May 2027" in foot
        assert "Copy 0017" in foot
        assert foot.endswith(f"{page.number} / {len(pages)}")


def test_established_name_stands_beside_the_brand_name_on_the_cover() -> None:
    assert "HALVORYN® (ostavatinib) capsules" in pages_of(rendered())[0].text


def test_tier_and_phase_are_printed_for_internal_use_only() -> None:
    outside, inside = text_of(rendered()), text_of(rendered(internal()))
    assert "Evidence review" not in outside
    assert "Tier" not in outside
    assert "Evidence review" in inside
    assert "Strategic" in inside
    assert "Internal use only" in inside
    assert inside.count("Preview – not approved for distribution") == len(
        pages_of(rendered(internal()))
    )


def test_safety_information_is_at_most_one_pixel_smaller_than_the_text() -> None:
    """R-126: safety text of comparable legibility."""
    sizes: dict[str, set[float]] = {"isi": set(), "block": set()}
    maker = engine()
    html = render_html(brief(), brand=BRAND)
    pages = maker.lay_out(html, stylesheet("brief", BRAND, "letter")).pages

    def walk(box: object, within: str) -> None:
        element = getattr(box, "element", None)
        classes = (element.get("class") or "").split() if element is not None else []
        within = next((name for name in sizes if name in classes), within)
        if within and getattr(box, "element_tag", "") == "p" and "label" not in classes:
            sizes[within].add(float(box.style["font_size"]))  # type: ignore[attr-defined]
        for child in getattr(box, "children", []):
            walk(child, "" if "note" in classes or "references" in classes else within)

    for page in pages:
        walk(page._page_box, "")
    assert min(sizes["isi"]) >= max(sizes["block"]) - 1


def test_tags_hold_the_reading_order_and_nothing_hangs_loose() -> None:
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        elements = list(structure(pdf.Root.StructTreeRoot))
        kinds = Counter(str(element.S) for element in elements)
        assert kinds["/H1"] == 1
        assert kinds["/H2"] >= len(brief().blocks)
        assert kinds["/Table"] == 1
        assert kinds["/TH"] == 4
        assert all("/Alt" in element for element in elements if element.S == "/Figure")
        reached = {element.objgen for element in elements}
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)[1::2]
        for row in numbers:
            for parent in row if isinstance(row, pikepdf.Array) else [row]:
                assert parent is None or parent.objgen in reached


def structure(parent: pikepdf.Object) -> list[pikepdf.Object]:
    kids = parent.get("/K", [])
    found = []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [kid, *structure(kid)]
    return found


def test_running_heads_and_feet_are_artifacts() -> None:
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        inside, spoken = [], b""
        for instruction in pikepdf.parse_content_stream(pdf.pages[1]):
            operator = str(instruction.operator)
            if operator in ("BDC", "BMC"):
                inside.append(str(instruction.operands[0]))
            elif operator == "EMC":
                inside.pop()
            elif operator == "TJ" and "/Artifact" in inside:
                spoken += b"x"
        assert len(spoken) >= 4  # account, section, pointer, codes, page number


def test_identifiers_links_and_metadata() -> None:
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
        assert metadata.count(b"<rdf:RDF") == 1
        assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
        assert b'pdfaid:part="3"' in metadata
        assert b'pdfaid:conformance="A"' in metadata
        assert str(pdf.Root.Lang) == "en-US"
        assert len(pdf.Root.AF) == 1
        links = [link for page in pdf.pages for link in page.obj.get("/Annots", [])]
        assert links
        for link in links:
            assert re.match(r"Reference \d+$|Footnote [a-z]+$", str(link.Contents))
            left, bottom, right, top = map(float, link.Rect)
            assert abs(right - left) > 1
            assert abs(top - bottom) > 4
        assert pdf.check_pdf_syntax() == []


@pytest.mark.parametrize("size", ["letter", "a4"])
def test_page_sizes(size: str) -> None:
    document = replace(brief(), page_size=size)  # type: ignore[arg-type]
    with pikepdf.open(io.BytesIO(rendered(document))) as pdf:
        box = [round(float(side)) for side in pdf.pages[0].mediabox]
    assert box == ([0, 0, 612, 792] if size == "letter" else [0, 0, 595, 842])


def test_a_brief_without_optional_parts_is_still_whole() -> None:
    bare = replace(
        brief(),
        blocks=brief().blocks[1:2],
        footnotes=(),
        isi=None,
        agenda=(),
        copy=None,
        validity=None,
        valid_until=None,
        meeting_date=None,
        references=(),
        account=AccountFacts("1", "St. Mary’s"),
    )
    bare = replace(bare, blocks=(replace(bare.blocks[0], body=bare.blocks[0].body[:1]),))
    text = text_of(rendered(bare))
    assert "Prepared for  St. Mary’s" in text
    assert "Safety Information" not in text
    assert "Copy" not in text


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=http://198.51.100.1/x.png>",
    "<svg><image href='file:///etc/passwd'/></svg>",
    "{{ 7 * 7 }} {% for x in y %} {# c #}",
    "</style><style>body{display:none}",
    "&lt;b&gt; &amp; \"quotes\" 'single'",
    "url(http://198.51.100.1/) @import 'x'",
    "A" * 400,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    block = replace(
        brief().blocks[1],
        body=(
            Heading(1, (Text(text),)),
            Paragraph((Claim("X-1", 0, text), Token("account.name", text))),
        ),
    )
    document = replace(
        brief(),
        title=text,
        role=text,
        blocks=(block, *brief().blocks[2:3]),
        footnotes=brief().footnotes[:1],
        account=AccountFacts("1", text, text, text, text),
        agenda=(text,),
    )
    data = rendered(document)
    assert lost_words(document, pages_of(data)) == ()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for link in page.obj.get("/Annots", []):
                assert "/A" not in link


@pytest.mark.parametrize(
    ("character", "name"),
    [("\u202e", "right-to-left override"), ("中", "cjk unified"), ("\x07", "control character")],
)
def test_a_character_without_a_glyph_is_refused_by_name(character: str, name: str) -> None:
    block = replace(brief().blocks[1], body=(Paragraph((Text(f"before {character} after"),)),))
    with pytest.raises(Refused, match=name) as refusal:
        render_pdf(replace(brief(), blocks=(block,)), brand=BRAND)
    assert "HAL-M-IND" in str(refusal.value)


def test_same_bytes_after_another_document() -> None:
    first = render_pdf(brief(), brand=BRAND)
    render_pdf(internal(), brand=BRAND)
    assert render_pdf(brief(), brand=BRAND) == first


def test_a_footnote_of_the_safety_information_is_printed() -> None:
    """Its text is approved content like any other: it may not get lost behind the box."""
    document = brief()
    assert document.isi is not None
    marked = replace(document.isi, notes=("b",))
    data = rendered(replace(document, isi=marked))
    safety = next(
        page for page in pages_of(data) if "Hepatotoxicity: HALVORYN can" in one_line(page)
    )
    assert (
        "Withhold, reduce or permanently discontinue HALVORYN based on severity: see"
        in one_line(safety)
    )


def test_a_last_page_of_references_alone_is_avoided_by_setting_tighter() -> None:
    line = Paragraph((Text("A sentence that fills a line of the main column of the brief."),))
    css = stylesheet("brief", BRAND, "letter")
    for lines in range(4, 24):  # until the references and the imprint stand alone
        last = brief().blocks[-1]
        longer = replace(last, body=(*last.body, *(line,) * lines))
        document = replace(brief(), blocks=(*brief().blocks[:-1], longer), isi=None)
        loose = engine().lay_out(render_html(document, brand=BRAND), css).pages
        if not any(name.endswith("-end") for name in loose[-1].anchors):
            break
    else:
        pytest.fail("the references never came to stand alone")
    pages = pages_of(rendered(document))
    assert len(pages) == len(loose) - 1
    assert lost_words(document, pages) == ()

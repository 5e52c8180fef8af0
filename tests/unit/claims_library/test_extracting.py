"""Text is read from every kind of file as a reader sees it, and bad files are refused by name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
import weasyprint
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from claims_library.checking import check
from claims_library.extracting import Extract, extract
from records.problems import BadInput
from tests.unit.claims_library.sample import CLAIMS, library

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def _archive(parts: dict[str, bytes | str]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def _word(body: str, **parts: str) -> bytes:
    document = f"<w:document {WORD} {MC}><w:body>{body}</w:body></w:document>"
    return _archive({"word/document.xml": document, **parts})


def _p(text: str) -> str:
    shown = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<w:p><w:r><w:t>{shown}</w:t></w:r></w:p>"


def _docx(*texts: str) -> bytes:
    head = f"<w:hdr {WORD}>{_p('Page head')}</w:hdr>"
    row = f"<w:tbl><w:tr><w:tc>{_p('Claim')}</w:tc><w:tc>{_p(texts[0])}</w:tc></w:tr></w:tbl>"
    return _word("".join(map(_p, texts)) + row, **{"word/header1.xml": head})


def _deck() -> Presentation:
    deck = Presentation()
    for number, claim in enumerate(CLAIMS[:3], start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = f"Title {number}"
        slide.placeholders[1].text = claim.text
        slide.notes_slide.notes_text_frame.text = f"Say number {number}."
    return deck


def _pptx(deck: Presentation) -> bytes:
    data = BytesIO()
    deck.save(data)
    return data.getvalue()


def _html(*texts: str) -> str:
    listed = "".join(f"<li>{text.rstrip('.')}</li>" for text in texts)
    return (
        "<style>p{margin:4px 0}</style><h1>Zelvora in the clinic</h1>"
        + "".join(f"<h3>Topic {at}</h3><p>{text}</p>" for at, text in enumerate(texts))
        + f"<ul>{listed}</ul><table><tr><th>Topic</th><th>Claim</th></tr>"
        + f"<tr><td>First</td><td>{texts[0]}</td></tr></table>"
    )


def _pdf(html: str) -> bytes:
    data: bytes = weasyprint.HTML(string=html).write_pdf()
    return data


TEXTS = tuple(claim.text.replace("<", "&lt;").replace(">", "&gt;") for claim in CLAIMS)


@pytest.mark.parametrize(
    ("name", "make", "times"),
    [
        ("a.docx", lambda: _docx(*(claim.text for claim in CLAIMS)), 1),
        ("a.pptx", lambda: _pptx(_deck()), 0),
        ("a.html", lambda: _html(*TEXTS).encode(), 2),
        ("a.pdf", lambda: _pdf(_html(*TEXTS)), 2),
    ],
)
def test_every_claim_is_recognised_in_every_kind_of_file(
    name: str, make: Callable[[], bytes], times: int
) -> None:
    result = check(extract(make(), filename=name).text, library(), whole=False)
    claims = CLAIMS[:3] if name == "a.pptx" else CLAIMS
    wanted = {claim.code for claim in claims}
    assert {match.claim for match in result.matches} == wanted
    assert not [finding for finding in result.findings if finding.claim]
    first = sum(match.claim == CLAIMS[0].code for match in result.matches)
    assert first == times + 1


def test_an_altered_figure_is_found_in_a_pdf_with_its_page() -> None:
    altered = TEXTS[0].replace("41.3", "41.8")
    text = extract(
        _pdf(f"<p>{TEXTS[2]}</p><p style='break-before:page'>{altered}</p>"), filename="a.pdf"
    )
    (finding,) = check(text.text, library(), whole=False).findings
    assert finding.name == "number-changed"
    assert text.place(finding.start) == "page 2"


def test_slides_are_named_in_the_order_shown_with_charts_and_notes() -> None:
    deck = _deck()
    chart = CategoryChartData()
    chart.categories = ["A"]
    chart.add_series("One", (1.0,))
    frame = deck.slides[0].shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1), Inches(3), Inches(2), chart
    )
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "A title within the chart"
    order = deck.slides._sldIdLst
    order.insert(0, order[2])
    text = extract(_pptx(deck), filename="a.pptx")
    places = {part: text.place(text.text.index(part)) for part in ("Title 3", "Title 1")}
    assert places == {"Title 3": "slide 1", "Title 1": "slide 2"}
    assert text.place(text.text.index("A title within")) == "slide 2"
    assert text.place(text.text.index("Say number 3")) == "slide 1, notes"


def test_a_word_document_is_read_once_with_its_signs_and_boxes() -> None:
    sign = "<w:p><w:r><w:t>HR</w:t><w:noBreakHyphen/><w:t>positive</w:t></w:r></w:p>"
    fall = f"<mc:Fallback>{_p('shown twice')}</mc:Fallback>"
    box = f"<w:p><w:r><w:t>Outer.</w:t></w:r><w:r><w:txbxContent>{_p('Boxed.')}"
    text = extract(_word(f"{sign}{fall}{box}</w:txbxContent></w:r></w:p>"), filename="a.docx").text
    assert text == "HR-positive\n\nBoxed.\n\nOuter."


def test_a_document_nested_without_end_is_read_in_one_pass() -> None:
    deep = "<w:p>" * 60_000 + "<w:r><w:t>x</w:t></w:r>" + "</w:p>" * 60_000
    assert extract(_word(deep), filename="a.docx").text == "x"


def test_a_front_matter_is_left_out_and_offsets_stay() -> None:
    source = "---\nid: X-1\ntitle: Best\n---\nBody."
    text = extract(source.encode(), filename="a.md")
    assert (text.text.index("Body."), text.text.strip()) == (source.index("Body."), "Body.")
    assert not text.whole
    assert extract(b"---\ntitle: x\n---\nBody.", filename="a.md").whole


def test_html_shows_what_a_reader_sees() -> None:
    page = b"<title>T</title><p>One <b>two</b></p><script>no()</script><img alt='Alt text'>"
    assert extract(page, filename="a.html").text.split() == ["T", "One", "two", "Alt", "text"]
    deep = b"<div>" * 1000 + b"x" + b"</div>" * 1000
    assert extract(deep, filename="a.htm").text == "x"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_an_empty_text_is_a_text(name: str) -> None:
    assert extract(b"", filename=name) == Extract("")


def _locked() -> bytes:
    data = BytesIO()
    with pikepdf.open(BytesIO(_pdf("<p>Some words on a page</p>"))) as pdf:
        pdf.save(data, encryption=pikepdf.Encryption(owner="o", user="u"))
    return data.getvalue()


def _encrypted_zip() -> bytes:
    data = bytearray(_archive({"word/document.xml": "x" * 100}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


ENTITIES = f'<!DOCTYPE d [<!ENTITY a "aa">]><w:document {WORD}>{_p("&a;")}</w:document>'


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("a.txt", lambda: b"a\nb \xff", "line 2 holds byte 0xff"),
        ("a.txt", lambda: b"a\x00b", "binary"),
        ("a.txt", lambda: "a".encode("utf-16"), "UTF-16"),
        ("a.doc", lambda: b"x", "not read; these are"),
        ("a.docx", lambda: b"", "damaged"),
        ("a.docx", lambda: b"hello", "damaged"),
        ("a.docx", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 99, "password"),
        ("a.docx", _encrypted_zip, "password"),
        ("a.docx", lambda: _archive({"x": "y"}), "no Word document"),
        ("a.docx", lambda: _archive({"word/document.xml": b" " * 210_000_000}), "unpacks"),
        ("a.docx", lambda: _archive({"word/document.xml": ENTITIES}), "not the XML"),
        ("a.docx", lambda: _archive({"word/document.xml": "<a>"}), "not the XML"),
        ("a.pptx", lambda: _archive({"x": "y"}), "no slides"),
        ("a.html", lambda: b"<div>" * 20_000 + b"x", "nested too deep"),
        ("a.pdf", lambda: b"", "damaged"),
        ("a.pdf", lambda: b"%PDF-1.7 and then nothing", "damaged"),
        ("a.pdf", _locked, "password"),
        ("a.pdf", lambda: _pdf("<div></div>"), "pictures"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_the_reason(
    name: str, make: Callable[[], bytes], says: str
) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        extract(make(), filename=name)
    assert str(refused.value).startswith(name)

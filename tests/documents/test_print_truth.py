"""Print-truth on real prints: each thing broken in the layout, and the print that shows it.

``tests/unit/exports/test_truth.py`` has the same rules on single runs of type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jinja2
import pytest

from exports import layouts, rendering
from exports.body import Paragraph, Text
from exports.brand import Brand
from exports.deck import printing
from exports.document import Document
from exports.engine import RenderingFailed
from exports.proofing import results_of
from exports.rendering import render_pdf
from exports.sealing import seal_pdf
from exports.verifying_pdf import verify_pdf
from records.errors import Refused
from tests.documents.halvoryn import brief
from tests.documents.press import BRAND, KEYRING, rendered, sealed
from tests.unit.exports.test_deck_slides import DOCUMENTS

NAMES = (
    "words", "pages", "established name", "safety size", "safety place", "balance",
    "safety pointer", "contrast", "line length", "glyphs",
)  # fmt: skip
Answers = dict[str, dict[str, Any]]
Styled = Callable[..., Answers]
OtherPage = Callable[..., Answers]


def answers(data: bytes) -> Answers:
    return {each["name"].removeprefix("print: "): each for each in results_of(data)}


@pytest.fixture
def styled(monkeypatch: pytest.MonkeyPatch) -> Styled:
    """``styled("h2 { color: white }")``: the answers for a print in a broken layout."""

    def render(css: str, document: Document | None = None, brand: Brand = BRAND) -> Answers:
        def broken(*words: Any) -> str:
            return f"{layouts.stylesheet(*words)}\n{css}"

        for place in (rendering, printing):
            monkeypatch.setattr(place, "stylesheet", broken)
        return answers(render_pdf(document or brief(), brand=brand))

    return render


def refused(found: Answers, name: str) -> str:
    assert found[name]["severity"] == "block", found[name]
    return str(found[name]["result"])


def test_what_is_measured_is_sealed_with_its_numbers() -> None:
    found = answers(rendered())
    assert tuple(found) == NAMES
    assert {each["severity"] for each in found.values()} == {"pass"}
    manifest = verify_pdf(sealed(), public_keys=[KEYRING.public_pem]).manifest
    assert manifest is not None
    told = {each["name"]: each for each in manifest["checks"]}
    for name in NAMES:
        assert told[f"print: {name}"]["measured"]
    balance = told["print: balance"]["measured"]
    assert balance["benefit words"] > 50
    assert balance["risk words"] > balance["benefit words"] / 3
    assert balance["benefit cm2"] > 0
    assert balance["risk cm2"] > 0
    assert 1 == balance["benefit from page"] < balance["risk from page"] <= 4


def test_a_document_that_fails_on_paper_is_not_sealed(styled: Styled) -> None:
    styled("#isi, #isi * { font-size: 5pt !important }")
    data = render_pdf(brief(), brand=BRAND)
    with pytest.raises(Refused, match=r"Safety information is set in 5\.0 points"):
        seal_pdf(data, brief(), keyring=KEYRING)


def test_small_safety_information(styled: Styled) -> None:
    found = styled("#isi, #isi * { font-size: 6.5pt !important }")
    assert "set in 6.5 points" in refused(found, "safety size")


def test_a_share_the_company_asks_for(styled: Styled) -> None:
    found = styled("", brand=replace(BRAND, safety_share=1.0))
    assert "at least 100% is asked for" in refused(found, "safety size")


@pytest.mark.parametrize(
    "css",
    [
        "main p { color: #b9c2c9 !important }",
        "main p { color: #ffffff !important }",
        "#isi p { color: #c0c0c0 !important }",
        ".cover h1 { color: #0f5f68 !important }",
        "main section { background: #555 !important }",
    ],
)
def test_faint_text(styled: Styled, css: str) -> None:
    assert "has a contrast of" in refused(styled(css), "contrast")


@pytest.mark.parametrize(
    "css",
    [
        "main li { display: none !important }",
        "main p { visibility: hidden !important }",
        "#isi p { position: absolute; left: 40cm; top: 0 }",
        "main h3 { text-indent: -40cm !important }",
        "main p { font-size: 0 !important }",
    ],
)
def test_lost_words(styled: Styled, css: str) -> None:
    """What is left out is noticed when it is laid out or when it is measured."""
    try:
        found = styled(css)
    except RenderingFailed:
        return
    assert "are not on the pages" in refused(found, "words")


def test_a_word_more_than_the_page_says(styled: Styled) -> None:
    block = brief().blocks[1]
    more = replace(block, body=(*block.body, Paragraph((Text("And this too."),))))
    document = replace(brief(), blocks=(more, *brief().blocks[1:]))
    with pytest.raises(Exception, match="lacks text of the material"):
        seal_pdf(rendered(), document, keyring=KEYRING)


@pytest.fixture
def other_page(monkeypatch: pytest.MonkeyPatch) -> OtherPage:
    """``other_page(old, new)``: the answers for a print whose page frame has been changed."""

    def render(old: str, new: str, document: Document | None = None) -> Answers:
        folder = layouts.LAYOUTS

        def source(name: str) -> str:
            text = (folder / name).read_text("utf-8")
            return text.replace(old, new)

        whole = "".join(source(f"{name}.html.jinja") for name in ("base/page", "brief/brief"))
        assert new in whole
        environment = jinja2.Environment(
            loader=jinja2.FunctionLoader(source), autoescape=True, trim_blocks=True,
            lstrip_blocks=True, undefined=jinja2.StrictUndefined,
        )  # fmt: skip
        monkeypatch.setattr(
            rendering,
            "template",
            lambda kind: environment.get_template(f"{kind}/{kind}.html.jinja"),
        )
        return answers(render_pdf(document or brief(), brand=BRAND))

    return render


def test_safety_information_after_the_imprint(other_page: OtherPage) -> None:
    folder = layouts.LAYOUTS / "base" / "page.html.jinja"
    page = folder.read_text("utf-8")
    safety = page[page.index("{% block safety %}") : page.index("{% block references %}")]
    with pytest.raises(RenderingFailed, match="isi"):
        other_page(f"{safety}{{% block references %}}", "{% block references %}")
    whole = page[page.index(safety) : page.index("</body>")]
    moved = whole.replace(safety, "") + safety
    found = other_page(whole, moved)
    assert "stands after the imprint" in refused(found, "safety place")


def test_a_brand_name_set_large_without_its_established_name(
    other_page: OtherPage,
) -> None:
    name = '<p class="product">{{ view.document.product.name }}</p>'
    found = other_page(name, '<p class="product">{{ view.document.product.brand }}</p>')
    assert "On page 1, HALVORYN is set large" in refused(found, "established name")


def test_a_small_established_name(other_page: OtherPage) -> None:
    name = '<p class="product">{{ view.document.product.name }}</p>'
    rest = '<span style="font-size: 35%">(ostavatinib) capsules</span>'
    small = f'<p class="product">HALVORYN® {rest}</p>'
    found = other_page(name, small)["established name"]
    assert found["severity"] == "warn"
    assert "is set at 3" in found["result"]


def test_pointers_that_lead_elsewhere(other_page: OtherPage) -> None:
    found = other_page('on page <span class="page-of"></span>', "on page 9")["safety pointer"]
    assert found["severity"] == "warn"
    assert "does not say that safety information is on page" in found["result"]


def test_long_lines_and_low_letters_in_the_united_kingdom(styled: Styled) -> None:
    british = replace(brief(), market="UK", page_size="a4")
    small = "main p, #isi, #isi * { font-size: 4.9pt !important; columns: 1 !important }"
    found = styled(small, british)
    assert found["line length"]["severity"] == "warn"
    assert found["line length"]["measured"]["longest line"] > 100
    assert "mm high" in refused(found, "x-height")
    assert styled("", british)["x-height"]["severity"] == "pass"


def test_little_risk_beside_much_benefit(styled: Styled) -> None:
    kept = tuple(each for each in brief().blocks if each.module != "HAL-M-004")
    found = styled("", replace(brief(), blocks=kept, isi=None))["balance"]
    assert found["severity"] == "warn"
    assert found["measured"]["risk words"] == 0


def test_a_sign_without_a_glyph_and_a_font_of_the_machine(styled: Styled) -> None:
    block = brief().blocks[1]
    strange = replace(block, body=(*block.body, Paragraph((Text("漢字"),))))
    with pytest.raises(Refused, match="HAL-M-IND"):
        render_pdf(replace(brief(), blocks=(strange, *brief().blocks[2:])), brand=BRAND)
    found = styled("main p { font-family: 'DejaVu Sans', 'Liberation Sans' !important }")
    assert found["glyphs"]["severity"] == "pass", "no font of the machine is within reach"


def test_an_internal_page_without_its_mark(other_page: OtherPage) -> None:
    inside = replace(brief(), audience="internal")
    assert answers(render_pdf(inside, brand=BRAND))["internal mark"]["severity"] == "pass"
    found = other_page("{% if view.banners %}", "{% if false %}", inside)
    assert "does not say that it is for internal use" in refused(found, "internal mark")


def test_presentations_are_measured_as_they_are_printed(styled: Styled) -> None:
    deck = DOCUMENTS["small"]
    found = answers(render_pdf(deck, brand=BRAND))
    assert {each["severity"] for each in found.values()} == {"pass"}
    assert set(NAMES) - {"line length"} <= set(found)
    faint = styled("p { color: #c4c4c4 !important }", deck)
    assert "has a contrast of" in refused(faint, "contrast")

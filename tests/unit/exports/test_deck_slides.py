"""Slides that fit, in the order they must have, with every word of the document on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from defusedxml import ElementTree
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.body import Claim, Heading, Paragraph, Strong, Text, runs, words
from exports.brand import Brand
from exports.deck import fitting
from exports.deck.charts import comparison
from exports.deck.composing import SAFETY_SHARE, compose, safety_pointer
from exports.deck.drawing import chart_svg
from exports.deck.measuring import lines, text_width
from exports.deck.planning import Planner
from exports.deck.slides import BODY_BOTTOM, BODY_TOP, CHART_WIDTH, Slide
from exports.document import Block, Document, ProductFacts
from exports.engine import FONTS, use_fonts
from exports.printed import letters
from records.errors import Refused
from tests.documents.from_files import deck
from tests.documents.halvoryn import brief

FOLDER = Path(__file__).parents[3] / "cms" / "demonstration"
PRODUCT = ProductFacts("HALVORYN", "ostavatinib", "tablets", "Northlight Oncology, Inc.")
DOCUMENTS = {
    "all": deck(FOLDER, PRODUCT),
    "small": replace(brief(), kind="deck", channel="deck"),
}


@pytest.fixture(params=list(DOCUMENTS))
def document(request: pytest.FixtureRequest) -> Document:
    return DOCUMENTS[request.param]


def shown(slide: Slide) -> str:
    """All words of a slide."""
    table = list(runs([slide.table])) if slide.table else []
    panels = [run for panel in slide.panels for run in (panel.head, *runs(panel.nodes))]
    every = [slide.kicker, slide.title, *runs(slide.lead), *table, *panels, *runs(slide.nodes)]
    return letters("".join(words(run) for run in every))


def test_every_word_of_every_block_is_on_a_slide(document: Document) -> None:
    slides = compose(document)
    for place, block in enumerate(document.blocks, start=1):
        text = "".join(shown(slide) for slide in slides if slide.place == f"b{place}")
        lost = [words(run) for run in runs(block.body) if letters(words(run)) not in text]
        assert lost == []


def test_slides_are_numbered_and_end_with_safety_references_and_proof(document: Document) -> None:
    slides = compose(document)
    assert [slide.number for slide in slides] == list(range(1, len(slides) + 1))
    kinds = [slide.kind for slide in slides]
    assert kinds[0] == "cover"
    assert kinds[-1] == "closing"
    assert kinds.index("safety") < kinds.index("references") < kinds.index("closing")
    safety = [slide.number for slide in slides if slide.kind == "safety"]
    assert safety == list(range(safety[0], safety[-1] + 1))
    assert f"{safety[0]}" in safety_pointer(document, slides)


def test_titles_are_unique(document: Document) -> None:
    """A screen reader finds a slide by its title."""
    titles = [
        (words(slide.title), slide.part) for slide in compose(document) if slide.kind != "section"
    ]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("share", [0.7, SAFETY_SHARE, 1.0, 1.2])
def test_safety_text_has_its_share_of_the_largest_text(document: Document, share: float) -> None:
    slides = compose(document, safety_share=share)
    largest = max(slide.size for slide in slides if slide.place.startswith("b"))
    least = min(slide.size for slide in slides if slide.kind == "safety")
    assert least >= largest * share


def test_a_footnote_stands_on_every_slide_that_marks_it(document: Document) -> None:
    for slide in compose(document):
        assert list(slide.notes) == sorted(slide.notes)
        if slide.notes:
            under = {note.mark: note for note in document.footnotes}
            measured = fitting.notes_height([under[mark] for mark in slide.notes])
            assert slide.notes_height == measured < BODY_BOTTOM - BODY_TOP


def test_a_section_slide_is_followed_by_at_least_two(document: Document) -> None:
    slides = compose(document)
    for slide in slides:
        if slide.kind == "section":
            after = slides[slide.number : slide.number + 2]
            assert all(each.pillar == slide.pillar for each in after)
            assert slide.nodes


def _with_pillars(headings: Mapping[str, tuple[str, ...]]) -> Document:
    """A deck with two slides of text under each heading; an empty heading leaves it out."""
    long = Paragraph((Text("One sentence of many words goes on. " * 30),))
    blocks = tuple(
        Block("X-M-1", "1.0", "0" * 64, "text", pillar, "x",
              (*([Heading(1, (Text(heading),))] if heading else []), long, long, long))
        for pillar, wanted in headings.items()
        for heading in wanted
    )  # fmt: skip
    return replace(DOCUMENTS["small"], blocks=blocks, agenda=())


@pytest.mark.parametrize(
    ("headings", "divided"),
    [
        ({"Fit": ("Where", "When"), "Care": ("Who",)}, ["Fit", "Care"]),
        # what follows has the section's own name
        ({"Fit": ("Where",), "Care": ("",), "Cost": ("How much",)}, ["Fit", "Cost"]),
        # one divider alone divides nothing
        ({"Fit": ("Where",), "Care": ("",)}, []),
    ],
)
def test_a_section_slide_says_something_new(
    headings: dict[str, tuple[str, ...]], divided: list[str]
) -> None:
    slides = compose(_with_pillars(headings))
    sections = [slide for slide in slides if slide.kind == "section"]
    assert [words(slide.title) for slide in sections] == divided
    assert [words(slide.kicker) for slide in sections] == ["01", "02"][: len(divided)]


def test_rows_of_safety_information_are_parted_only_when_no_slide_holds_them() -> None:
    slides = compose(DOCUMENTS["all"], safety_share=1.2)
    safety = [slide for slide in slides if slide.kind == "safety"]
    heads = [words(panel.head) for slide in safety for panel in slide.panels if panel.head]
    assert len(heads) == len(set(heads))


def test_a_row_too_tall_for_a_slide_goes_on_under_the_same_head_once_a_slide() -> None:
    said = " ".join(
        f"Sentence {number} of a long warning goes on for a while." for number in range(40)
    )
    row = Paragraph((Strong((Text("Liver:"),)), Text(" " + said)))
    short = Paragraph((Strong((Text("Rash:"),)), Text(" Stop.")))
    block = Block("X-M-ISI", "1.0", "0" * 64, "isi", "Safety", "x", (row, short))
    slides = Planner(block, "isi", {}, sizes=(20.0,)).slides()
    assert len(slides) > 2
    for slide in slides:
        heads = [words(panel.head) for panel in slide.panels]
        assert len(heads) == len(set(heads))
        assert all(len(panel.nodes) == 1 for panel in slide.panels)
    shown = [
        words(run)
        for slide in slides
        for panel in slide.panels
        for run in runs(panel.nodes)
        if words(panel.head) == "Liver:"
    ]
    assert " ".join(shown) == said


def test_text_is_a_little_smaller_where_that_saves_slides_of_safety_information() -> None:
    document = DOCUMENTS["all"]
    assert document.isi is not None
    tried = {}
    for most in (18.0, 16.0):
        notes = {note.mark: note for note in document.footnotes}
        tried[most] = Planner(document.isi, "isi", notes, sizes=(most * 1.2,)).slides()
    assert len(tried[16.0]) < len(tried[18.0])
    slides = compose(document, safety_share=1.2)
    assert max(slide.size for slide in slides if slide.place.startswith("b")) < 18
    assert min(slide.size for slide in slides if slide.kind == "safety") >= 16
    usual = compose(document)
    assert max(slide.size for slide in usual if slide.place.startswith("b")) == 18


def test_a_text_no_slide_holds_is_refused_with_its_module() -> None:
    block = Block(
        "X-M-1", "1.0", "0" * 64, "text", "Operational fit", "x",
        (Paragraph((Text("word " * 900),)),),
    )  # fmt: skip
    with pytest.raises(Refused, match="X-M-1 is too long"):
        Planner(block, "b1", {}).slides()


COMPARISON = (
    "In A-1, median overall survival was 24.7 months (95% CI: 20.8, 29.6) with HALVORYN vs 18.1"
    " months (95% CI: 14.6, 22.7) with docetaxel in previously treated patients (HR 0.71)."
)


def test_a_comparison_is_read_from_its_wording() -> None:
    chart = comparison(Claim("X-1", 0, COMPARISON))
    assert chart is not None
    assert [(bar.label, bar.printed, bar.span) for bar in chart.bars] == [
        ("HALVORYN", "24.7 months", "20.8, 29.6"),
        ("docetaxel", "18.1 months", "14.6, 22.7"),
    ]
    assert (chart.axis, chart.top) == ("Median overall survival, months", 30)
    assert "from 0 to 30" in chart.description


@pytest.mark.parametrize(
    "text",
    [
        COMPARISON.replace("24.7 months (95% CI: 20.8, 29.6)", "not reached"),
        COMPARISON.replace("18.1 months", "18.1%"),
        COMPARISON.replace("docetaxel", "HALVORYN"),
        COMPARISON + " " + COMPARISON,
        "No adverse reactions were reported.",
    ],
)
def test_what_is_no_whole_comparison_is_not_drawn(text: str) -> None:
    assert comparison(Claim("X-1", 0, text)) is None


def test_an_interval_is_drawn_for_both_groups_or_none() -> None:
    chart = comparison(Claim("X-1", 0, COMPARISON.replace("20.8, 29.6", "20.8, NR")))
    assert chart is not None
    assert {bar.span for bar in chart.bars} == {""}


@given(
    st.lists(st.floats(1, 300), min_size=1, max_size=30),
    st.floats(300, 400),
)
def test_sharing_out_loses_nothing_and_overfills_nothing(heights: list[float], room: float) -> None:
    def cost(start: int, stop: int) -> float:
        return sum(heights[start:stop])

    parts = fitting.share_out(len(heights), cost, room)
    assert parts is not None
    assert [place for part in parts for place in range(part.start, part.stop)] == list(
        range(len(heights))
    )
    assert all(cost(part.start, part.stop) <= room for part in parts)


@settings(max_examples=50)
@given(st.text(min_size=1, max_size=200), st.floats(60, 900))
def test_a_text_takes_at_least_its_width_in_lines(text: str, width: float) -> None:
    run = (Text(text.replace("\n", " ")),)
    plain = text_width(words(run).replace(" ", ""), 16)
    assert lines(run, width, 16) >= plain // width


def test_slides_are_measured_in_a_companys_own_faces_too(tmp_path: Path) -> None:
    for name, weight in (("Regular", 400), ("Bold", 700)):
        font = TTFont(FONTS / f"IBMPlexSans-{name}.ttf")
        assert font["OS/2"].usWeightClass == weight
        widths = font["hmtx"].metrics
        font["hmtx"].metrics = {sign: (2 * wide, left) for sign, (wide, left) in widths.items()}
        font.save(tmp_path / f"Wide-{name}.ttf")
    usual = {face: text_width("safety", 10, face) for face in ("text", "bold", "head")}
    use_fonts(tmp_path)
    try:
        for face, width in usual.items():
            assert text_width("safety", 10, face) > 1.6 * width
    finally:
        use_fonts(None)
    assert {face: text_width("safety", 10, face) for face in usual} == usual


def test_a_chart_is_lettered_in_the_companys_face_and_its_values_have_room() -> None:
    chart = comparison(Claim("X-1", 0, COMPARISON))
    assert chart is not None
    bars = tuple(replace(bar, printed=f"{bar.printed} after 24 weeks") for bar in chart.bars)
    brand = Brand("Company")
    drawn = chart_svg(replace(chart, bars=bars), replace(brand, sans="Own Sans"))
    assert drawn.count("font-family") == drawn.count('font-family="Own Sans"') == 1
    for text in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text"):
        if "weeks" in (text.text or ""):
            width = text_width(text.text or "", 17, "bold")
            assert float(text.get("x", "0")) + width <= CHART_WIDTH

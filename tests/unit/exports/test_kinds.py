"""Each printed kind from the one invented document: pages, marks, words, refusals."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import pikepdf
import pytest

from exports import frame
from exports.body import Heading, Paragraph, Text
from exports.document import BrokenDocument, Document, Stakeholder
from exports.kinds import PRINTED, TITLES, title_of
from exports.layouts import layout_sha256
from exports.plain import plain_text
from exports.printed import PrintedPage, letters, lost_words, read_pages
from exports.proofing import results_of
from exports.rendering import render_pdf
from exports.sealing import seal_pdf
from exports.typeset import read_runs
from records.errors import Refused
from records.problems import BadInput
from tests.documents.halvoryn import brief
from tests.documents.press import BRAND, KEYRING

INTERNAL = ("meeting-prep", "talk-track", "hand-off")
OTHERS = sorted(PRINTED - {"brief"})


def document(kind: str, page_size: str = "letter") -> Document:
    made = replace(brief(), kind=kind, page_size=page_size)  # type: ignore[arg-type]
    if kind not in INTERNAL:
        return replace(made, channel="leave-behind")
    return replace(
        made,
        channel="meeting-prep",
        audience="internal",
        account=replace(made.account, tier="Strategic"),
        people=(Stakeholder("Pharmacy director", "Colm Hadley", "Director"), Stakeholder("Payer")),
        checklist=("The date of the next meeting is written down.",) if kind == "hand-off" else (),
    )


def printable(kind: str, page_size: str = "letter") -> Document:
    """Without what a kind has no place for: its frame would never put it there."""
    made = document(kind, page_size)
    agenda = made.agenda if kind in ("meeting-prep", "talk-track") else ()
    people = made.people if kind in ("meeting-prep", "hand-off") else ()
    return replace(made, agenda=agenda, people=people)


@cache
def printed(kind: str, page_size: str = "letter") -> bytes:
    return render_pdf(printable(kind, page_size), brand=BRAND)


@pytest.mark.parametrize("page_size", ["letter", "a4"])
@pytest.mark.parametrize("kind", OTHERS)
def test_every_word_is_on_the_pages_of_either_size(kind: str, page_size: str) -> None:
    data = printed(kind, page_size)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert lost_words(printable(kind, page_size), read_pages(pdf)) == ()
        assert float(pdf.pages[0].mediabox[3]) == pytest.approx(
            792 if page_size == "letter" else 841.9, abs=0.2
        )
    assert not [each for each in results_of(data) if each["severity"] == "block"]


@pytest.mark.parametrize("kind", INTERNAL)
def test_what_is_internal_says_so_on_every_page(kind: str) -> None:
    with pikepdf.open(io.BytesIO(printed(kind))) as pdf:
        for page in read_pages(pdf):
            assert "Internal use only" in page.text


@pytest.mark.parametrize("kind", ["leave-behind", "faq-sheet"])
def test_what_is_handed_over_names_nobody_and_no_tier(kind: str) -> None:
    with pikepdf.open(io.BytesIO(printed(kind))) as pdf:
        text = " ".join(page.text for page in read_pages(pdf))
    for word in ("Internal", "Strategic", "Evidence review", "Colm"):
        assert word not in text


def test_names_of_people_are_refused_in_a_document_for_others() -> None:
    with pytest.raises(BrokenDocument, match="who at the account is internal"):
        replace(brief(), people=(Stakeholder("Payer", "Somebody"),))


def test_a_leave_behind_that_does_not_fit_is_printed_but_never_sealed() -> None:
    long = replace(printable("leave-behind"), most_pages=1)
    data = render_pdf(long, brand=BRAND)
    with pytest.raises(Refused, match="there is room for 1"):
        seal_pdf(data, long, keyring=KEYRING)


def test_a_leave_behind_that_fits_is_sealed() -> None:
    short = replace(printable("leave-behind"), blocks=brief().blocks[:2], most_pages=2)
    keep = [note for note in brief().footnotes if note.mark in short.blocks[0].notes]
    short = replace(short, footnotes=tuple(keep))
    data = render_pdf(short, brand=BRAND)
    assert seal_pdf(data, short, keyring=KEYRING)


def test_plain_text_has_people_and_lines_to_tick() -> None:
    text = plain_text(document("hand-off"), BRAND)
    assert "Pharmacy director: Colm Hadley, Director" in text
    assert "Payer: not named" in text
    assert "[ ] The date of the next meeting" in text


def test_every_printed_kind_has_a_frame_a_layout_and_a_name() -> None:
    frames = [
        frame.read_frame(frame.shipped(name), filename=name) for name in frame.shipped_names()
    ]
    assert {each.layout for each in frames} >= PRINTED
    assert frames[0].layout == "brief"
    for kind in PRINTED:
        assert len(layout_sha256(kind)) == 64
        assert title_of(kind) == TITLES[kind]
    for each in frames:
        inside = each.layout in INTERNAL
        assert (each.audience == "internal") is inside
        assert each.people <= inside


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("kind: faq-sheet", "kind: talk-track", "has no kind talk-track"),
        ("most_pages: 4", "people: true", "our own people only"),
        ("most_pages: 4", "usual_agenda: [Lunch]", "lines of the agenda only"),
        ("most_pages: 4", "most_pages: 0", "greater than or equal to 1"),
    ],
)
def test_a_frame_that_disagrees_with_itself_is_refused(old: str, new: str, why: str) -> None:
    text = frame.shipped("faq-sheet.us").decode().replace(old, new)
    with pytest.raises(BadInput, match=why):
        frame.read_frame(text.encode(), filename="faq-sheet.us.yaml")


def test_a_long_title_leaves_the_key_figures_on_the_cover() -> None:
    name = (
        "The Regional University Medical Center of the Seven Lakes and Its Affiliated Clinics, " * 2
    )
    made = brief()
    long = replace(
        made,
        title=f"{made.product.brand} for {name.strip()}",
        account=replace(made.account, name=name.strip()),
    )
    with pikepdf.open(io.BytesIO(render_pdf(long, brand=BRAND))) as pdf:
        first = letters(read_pages(pdf)[0].text)
    assert letters(long.title) in first
    figures = [block for block in made.blocks if block.kind == "callout"]
    assert figures
    assert letters("57%") in first


def test_long_safety_information_is_set_closer_until_it_fits() -> None:
    """A leave-behind of a product with much to warn of is one all the same."""
    made = printable("leave-behind", "letter")
    few = [block for block in made.blocks if not block.notes][:2]
    made = replace(made, blocks=tuple(few), footnotes=(), most_pages=2)
    assert made.isi is not None
    body = made.isi.body
    paragraphs = [node for node in body if isinstance(node, Paragraph)]
    longer = replace(made, isi=replace(made.isi, body=(*body, *paragraphs * 3)))
    usual, closer = (
        pages_of(render_pdf(each, brand=BRAND)) for each in (replace(longer, most_pages=3), longer)
    )
    assert (len(usual), len(closer)) == (3, 2)
    assert not lost_words(longer, closer)


def pages_of(data: bytes) -> tuple[PrintedPage, ...]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return read_pages(pdf)


@pytest.mark.parametrize("kind", sorted(PRINTED))
def test_marks_of_a_draft_leave_room_for_long_running_heads(kind: str) -> None:
    """Whatever a module is called, its name in the head of a page stands beside the mark."""
    made = printable(kind)
    title = "Questions about dosing HALVORYN (ostavatinib) and about what other medicines change"
    heading = Heading(1, (Text(title),))
    blocks = tuple(replace(block, body=(heading, *block.body * 2)) for block in made.blocks)
    draft = replace(made, blocks=blocks, status="preview", most_pages=None)
    (contrast,) = (
        each
        for each in results_of(render_pdf(draft, brand=BRAND))
        if each["name"] == "print: contrast"
    )
    assert contrast["severity"] == "pass", contrast["result"]


def test_the_mark_of_a_draft_is_not_cut_off_however_closely_it_is_set() -> None:
    made = printable("leave-behind")
    few = tuple(block for block in made.blocks if not block.notes)[:2]
    assert made.isi is not None
    paragraphs = [node for node in made.isi.body if isinstance(node, Paragraph)]
    isi = replace(made.isi, body=(*made.isi.body, *paragraphs * 2))
    draft = replace(made, blocks=few, footnotes=(), isi=isi, status="preview", most_pages=2)
    with pikepdf.open(io.BytesIO(render_pdf(draft, brand=BRAND))) as pdf:
        mark = next(run for run in read_runs(pdf) if run.text.startswith("Preview"))
    assert mark.y - mark.size > 4, "points between the edge of the page and the words"

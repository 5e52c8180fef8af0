"""One registry of formats: what a kind offers, what is refused, how a file is recognised."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exports import formats, verifying
from exports.body import Citation, FootnoteMark, runs, words
from exports.brand import Brand
from exports.kinds import DECKS, MAILED, PRINTED
from exports.spoken import spoken
from records.errors import Refused
from records.vocabulary import Channel
from tests.documents.halvoryn import brief


def test_a_brief_is_issued_as_pdf_and_rendered_as_more() -> None:
    assert [each.name for each in formats.issued("brief")] == ["pdf"]
    assert {"pdf", "html", "txt"} <= {each.name for each in formats.of_kind("brief")}
    assert formats.usual("brief").name == "pdf"


@pytest.mark.parametrize("each", formats.FORMATS, ids=lambda each: each.name)
def test_an_entry_is_whole(each: formats.Format) -> None:
    assert each.kinds <= {channel.value for channel in Channel} | PRINTED
    assert "/" in each.media_type
    # what is handed over as a numbered copy can be verified
    assert (each.seal is None) == (each.verify is None) == (each.recognises is None)


def test_no_name_is_the_usual_format_and_an_unknown_one_is_refused() -> None:
    assert formats.choose("", "brief") is formats.usual("brief")
    with pytest.raises(Refused, match="cannot be rendered as exe"):
        formats.choose("exe", "brief")
    with pytest.raises(Refused, match="cannot be issued as html"):
        formats.choose("html", "brief", sealed=True)
    with pytest.raises(Refused, match="There is no format exe"):
        formats.get("exe")


def test_plain_text_and_page_hold_the_documents_words() -> None:
    document = brief()
    for name in ("txt", "html"):
        text = formats.get(name).make(document, Brand("Northlight")).decode()
        assert document.title in text
        assert document.product.name in text
        assert all(reference.text in text for reference in document.references)


def test_plain_text_keeps_marks_apart_from_words_and_numbers() -> None:
    """A citation that is glued to a number would be read as one of its figures."""
    document, brand = brief(), Brand("Northlight", boilerplate=("Legal line.",))
    text = formats.get("txt").make(document, brand).decode()
    marked = [
        run
        for block in document.parts
        for run in runs(block.body)
        if any(isinstance(inline, Citation | FootnoteMark) for inline in run)
    ]
    assert len(marked) > 5
    for run in marked:
        assert words(run) not in text
        assert spoken(run) in text
    assert " [1]" in text
    assert "Legal line." in text


@pytest.mark.parametrize("kind", sorted(PRINTED | DECKS | MAILED))
def test_every_kind_has_a_page_and_a_plain_text(kind: str) -> None:
    names = [each.name for each in formats.of_kind(kind)]
    assert {"html", "txt"} <= set(names)
    assert formats.choose("text", kind) is formats.get("txt")


def test_plain_text_says_what_must_not_leave_the_house() -> None:
    document = replace(brief(), status="preview", audience="internal")
    text = formats.get("txt").make(document, Brand("Northlight")).decode()
    assert "NOT APPROVED FOR DISTRIBUTION" in text
    assert "INTERNAL USE ONLY" in text


@pytest.mark.parametrize("data", [b"", b"PNG", bytes(2000)])
def test_a_file_of_another_kind_gets_an_answer(data: bytes) -> None:
    answer = verifying.verify(data, public_keys=[], name="notes.docx")
    assert (answer.ok, answer.code) == (False, "unknown_type")


def test_the_name_decides_when_the_bytes_say_nothing() -> None:
    assert verifying.verify(b"?", public_keys=[], name="BRF-1.PDF").code == "not_pdf"

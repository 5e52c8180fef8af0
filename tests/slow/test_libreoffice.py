"""Another program opens our presentations: LibreOffice draws every slide, and nothing overflows.

Slow (a program of its own is started), so ``make check-all`` runs it and ``make test`` does not.
The slides are drawn with the bundled fonts in the place of Arial and Georgia, which no free system
has: they were measured with both.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from exports.deck.composing import compose
from exports.deck.powerpoint import render_pptx
from exports.deck.sealing import seal_pptx
from exports.deck.slides import BODY_BOTTOM, FOOT_TOP, HEIGHT, LEFT, RIGHT, WIDTH
from exports.document import Document, ProductFacts
from exports.engine import FONTS
from exports.printed import letters
from tests.documents.from_files import deck
from tests.documents.press import BRAND, KEYRING
from tests.shared import shared
from tests.unit.exports.test_deck_slides import DOCUMENTS

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        OFFICE is None,
        reason="LibreOffice (soffice) is not installed: nobody has opened the PPTX here."
        " apt-get install libreoffice-impress",
    ),
]
FONT_FILE = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{fonts}</dir><cachedir>{cache}</cachedir>
<match target="pattern"><test name="family"><string>Arial</string></test>
<edit name="family" mode="assign" binding="strong"><string>IBM Plex Sans</string></edit></match>
<match target="pattern"><test name="family"><string>Georgia</string></test>
<edit name="family" mode="assign" binding="strong"><string>IBM Plex Serif</string></edit></match>
</fontconfig>"""
SPARE = 3.0  # points: programs round differently
HANGING = 8.0  # a space at the end of a line hangs over


def drawn(document: Document, folder: Path) -> pypdfium2.PdfDocument:
    """The sealed presentation as LibreOffice draws it."""
    assert OFFICE is not None
    path = folder / "deck.pptx"
    path.write_bytes(seal_pptx(render_pptx(document, brand=BRAND), document, KEYRING, brand=BRAND))
    fonts = folder / "fonts.conf"
    fonts.write_text(FONT_FILE.format(fonts=FONTS, cache=folder / "cache"))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    run = subprocess.run(
        [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)],
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert "repair" not in (run.stdout + run.stderr).lower()
    return pypdfium2.PdfDocument(folder / "deck.pdf")


def real(name: str, product: ProductFacts) -> Document:
    return deck(shared() / "data" / "products" / name, product)


def document_of(name: str) -> Document:
    if name == "kisqali":
        return real(name, ProductFacts("KISQALI", "ribociclib", "tablets"))
    if name == "tagrisso":
        return real(name, ProductFacts("TAGRISSO", "osimertinib", "tablets"))
    return DOCUMENTS[name]


@pytest.mark.parametrize("name", ["all", "small", "kisqali", "tagrisso"])
def test_slides_are_drawn_without_overflow(name: str, tmp_path: Path) -> None:
    document = document_of(name)
    slides, pages = compose(document), drawn(document, tmp_path)
    assert len(pages) == len(slides)
    for slide, page in zip(slides, pages, strict=True):
        text = page.get_textpage()
        width, height = page.get_size()
        across, down = WIDTH / width, HEIGHT / height
        boxes = [text.get_rect(place) for place in range(text.count_rects())]
        for left, bottom, right, top in boxes:
            assert left * across >= LEFT - 12 - SPARE, f"slide {slide.number}: too far left"
            assert right * across <= WIDTH - RIGHT + HANGING, f"slide {slide.number}: too wide"
            low, high = HEIGHT - bottom * down, HEIGHT - top * down
            footer = high >= FOOT_TOP - SPARE
            if slide.kind != "cover" and not footer:
                said = text.get_text_bounded(left, bottom, right, top)
                limit = BODY_BOTTOM + SPARE + 2
                assert low <= limit, f"slide {slide.number} ends at {low:.0f}: {said[:80]}"
        assert not overlapping(boxes), f"slide {slide.number}: words over words"


Box = tuple[float, float, float, float]


def overlapping(boxes: list[Box]) -> list[tuple[Box, Box]]:
    """Stretches of text that cover one another by more than half of a line."""

    def shared_by(one: Box, other: Box) -> bool:
        across = min(one[2], other[2]) - max(one[0], other[0])
        down = min(one[3], other[3]) - max(one[1], other[1])
        return across > 4 and down > 0.5 * min(one[3] - one[1], other[3] - other[1])

    pairs = ((one, other) for place, one in enumerate(boxes) for other in boxes[:place])
    return [pair for pair in pairs if shared_by(*pair)]


@pytest.mark.parametrize("name", ["small"])
def test_every_word_is_drawn(name: str, tmp_path: Path) -> None:
    document = document_of(name)
    pages = drawn(document, tmp_path)
    text = letters("".join(page.get_textpage().get_text_range() for page in pages))
    for reference in document.references:
        assert letters(reference.text)[:60] in text
    assert letters(document.title) in text

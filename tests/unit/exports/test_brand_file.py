"""brand.yaml: what a company sets is what is printed; every mistake is named by its field."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from exports.brand import PICTURE, Brand
from exports.brand_file import NAME, read_brand
from exports.engine import FONTS, own_fonts
from exports.layouts import stylesheet
from exports.presentation import logo_of, view
from records.problems import BadInput
from tests.documents.halvoryn import brief

USUAL = Brand("Clearcopy", address=("1 Example Way",))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def brand(folder: Path, text: str) -> Brand:
    (folder / NAME).write_text(text, encoding="utf-8")
    return read_brand(folder, otherwise=USUAL)


def problems(folder: Path, text: str) -> dict[str, str]:
    with pytest.raises(BadInput) as refusal:
        brand(folder, text)
    return {str(each.field): each.message for each in refusal.value.problems}


def test_without_a_file_nothing_changes(tmp_path: Path) -> None:
    assert read_brand(tmp_path, otherwise=USUAL) is USUAL


def test_what_is_set_is_what_is_printed(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG)
    found = brand(
        tmp_path,
        """
        company: Northlight Oncology
        logo: logo.svg
        colours: {accent: "#7a1f5c", cover: "#2a0a20"}
        boilerplate: [Northlight and its logo are trade marks.]
        address: ["9 Example Way, Boston"]
        page_size: a4
        safety_share: 0.9
        markets:
          UK: {boilerplate: [Registered in England.]}
        """,
    )
    css = stylesheet("brief", found, "letter")
    assert "#7a1f5c" in css
    assert "size: A4" in css
    shown = view(brief(), found)
    assert "M0 0h9v9z" in shown.logo
    assert shown.boilerplate == (
        "Northlight and its logo are trade marks.",
        "9 Example Way, Boston",
    )
    assert found.lines_for("UK") == ("Registered in England.", "9 Example Way, Boston")
    assert found.sha256 != USUAL.sha256


def test_every_mistake_is_named_by_its_field(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """
        company: Northlight
        logo: ../logo.svg
        colours: {accent: "#9fd8d4", sky: "#0c2238", ink: blue}
        fonts: {sans: Inter}
        boilerplate: [""]
        """,
    )
    assert "accent on paper has a contrast of 1.6:1" in found["colours.accent"]
    assert "no such colour" in found["colours.sky"]
    assert "like #0c2238" in found["colours.ink"]
    assert "no file ../logo.svg" in found["logo"]
    assert "The family Inter needs" in found["fonts"]
    assert "1 to 400 signs" in found["boilerplate"]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("company: [", "None"),
        ("- a", "None"),
        ("company: X", "company"),
        ("company: Northlight\nlogotype: a", "logotype"),
        ("company: Northlight\npage_size: a5", "page_size"),
        ("company: Northlight\nsafety_share: 0.5", "safety_share"),
        ("company: Northlight\nmarkets: {FR: {}}", "markets.FR.[key]"),
    ],
)
def test_what_is_no_brand_is_refused(tmp_path: Path, text: str, field: str) -> None:
    assert field in problems(tmp_path, text)


def test_a_picture_is_drawn_anew(tmp_path: Path) -> None:
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Comment", "secret words")
    target = io.BytesIO()
    Image.new("RGB", (900, 500), "#123456").save(target, "PNG", pnginfo=hidden)
    (tmp_path / "logo.png").write_bytes(target.getvalue() + b"<script>trailing</script>")
    found = brand(tmp_path, "company: Northlight\nlogo: logo.png")
    assert found.logo.startswith(PICTURE)
    assert "asset:" in logo_of(found)
    (tmp_path / "logo.png").write_bytes(b"not a picture")
    assert "readable PNG" in problems(tmp_path, "company: Northlight\nlogo: logo.png")["logo"]


def test_own_fonts_need_the_signs_of_documents(tmp_path: Path) -> None:
    own = tmp_path / "fonts"
    own.mkdir()
    for name in ("IBMPlexSans-Regular", "IBMPlexSans-Bold"):
        shutil.copy(FONTS / f"{name}.ttf", own / f"{name}.ttf")
    (own / "Broken.ttf").write_bytes(b"no font")
    text = "company: Northlight\nfonts: {sans: Inter}"
    assert "Broken.ttf is not a readable font" in problems(tmp_path, text)["fonts"]
    (own / "Broken.ttf").unlink()
    assert "there are 0" in problems(tmp_path, text)["fonts"]
    found = brand(tmp_path, "company: Northlight\nfonts: {serif: IBM Plex Sans}")
    assert found.fonts == ()  # a bundled family needs no files
    assert own_fonts() is None


def test_a_family_of_ones_own_is_used(tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    own = tmp_path / "fonts"
    own.mkdir()
    for name in ("IBMPlexSans-Regular", "IBMPlexSans-Bold"):
        font = TTFont(FONTS / f"{name}.ttf")
        for record in font["name"].names:
            if record.nameID in (1, 16):
                record.string = "House Grotesk"
        font.save(own / f"{name}.ttf")
    found = brand(tmp_path, "company: Northlight\nfonts: {sans: House Grotesk}")
    try:
        assert len(found.fonts) == 2
        assert own_fonts() == own
        assert '"House Grotesk"' in stylesheet("brief", found, "letter")
        assert "IBM Plex Sans" not in stylesheet("brief", found, "letter")
    finally:
        read_brand(tmp_path / "none", otherwise=USUAL)

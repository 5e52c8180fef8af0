import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from exports import engine as rooms_engine
from exports.engine import FONTS, RenderingFailed, RenderingUnavailable, check_environment, engine

ROOT = Path(__file__).parents[3]
PAGE = "<!doctype html><html lang=en><title>t</title><body>{}</body></html>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>t</title>{}</svg>'

OUTSIDE = [
    '<img alt="x" src="http://198.51.100.1/a.png">',
    '<img alt="x" src="file:///etc/passwd">',
    '<img alt="x" src="data:image/png;base64,AAAA">',
    '<img alt="x" src="relative.png">',
    '<img alt="x" src="asset:logo">',
    '<link rel="stylesheet" href="http://198.51.100.1/a.css">',
    '<link rel="attachment" href="file:///etc/passwd">',
    "<style>@import 'http://198.51.100.1/a.css';</style>",
    '<p style="background: url(http://198.51.100.1/a.png)">x</p>',
    SVG.format('<image href="file:///etc/passwd" width="9" height="9"/>'),
    SVG.format('<image href="http://198.51.100.1/a.png" width="9" height="9"/>'),
    '<object data="http://198.51.100.1/a.png">x</object>',
    '<embed src="http://198.51.100.1/a.png">',
]


@pytest.mark.parametrize("html", OUTSIDE)
def test_nothing_is_fetched(html: str) -> None:
    maker = engine()
    with pytest.raises(RenderingFailed, match="may load nothing from outside"):
        maker.write(maker.lay_out(PAGE.format(html), ""))


def lines_of(html: str) -> list[str]:
    """The words of each line, as they are laid out."""
    boxes = importlib.import_module("weasyprint.formatting_structure.boxes")
    css = "@page { size: 210mm 297mm } html { font: 8pt 'IBM Plex Sans' } p { width: 118mm }"
    (page,) = engine().lay_out(PAGE.format(html), css).pages

    def walk(box) -> Iterator[str]:
        if isinstance(box, boxes.LineBox):
            yield "".join(each.text for each in box.descendants() if hasattr(each, "text")).strip()
        else:
            for child in getattr(box, "children", []):
                yield from walk(child)

    return list(walk(page._page_box))


@pytest.mark.parametrize("tag", ["strong", "em", "span"])
def test_a_line_is_filled_wherever_an_emphasis_begins(tag: str) -> None:
    words = "Results of the study in order of the label, with its own words for each of them"
    for letters in range(1, 60):  # one of them fits the line but for its last space
        text = f"{words} {'i' * letters}"
        first, *_ = lines_of(f"<p>{text} <{tag}>{words}</{tag}></p>")
        assert first.startswith(words), first


def test_the_engine_works_after_a_refusal() -> None:
    maker = engine()
    with pytest.raises(RenderingFailed):
        maker.lay_out(PAGE.format(OUTSIDE[0]), "")
    assert maker.write(maker.lay_out(PAGE.format("<p>fine"), "")).startswith(b"%PDF-1.7")


def test_an_error_that_is_only_logged_fails_the_rendering() -> None:
    maker = engine()
    with pytest.raises(RenderingFailed, match="nowhere"):
        maker.write(maker.lay_out(PAGE.format('<a href="#nowhere">x</a>'), ""))


def test_fonts_come_from_the_bundle_alone() -> None:
    check_environment()
    assert os.environ["FONTCONFIG_FILE"] == str(FONTS / "fonts.conf")


def test_missing_harfbuzz_subset_is_said_with_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.text import ffi

    monkeypatch.setattr(ffi, "harfbuzz_subset", None)
    engine.cache_clear()
    try:
        with pytest.raises(RenderingUnavailable, match="libharfbuzz-subset0"):
            check_environment()
    finally:
        engine.cache_clear()


def test_importing_the_room_does_not_load_the_engine() -> None:
    program = (
        "import sys, exports.rendering, exports.sealing, exports.verifying, exports.manifest;"
        "print([m for m in ('weasyprint', 'pikepdf', 'fontTools') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_old_styles_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms_engine, "_STYLES", 2)
    maker = engine()
    for count in range(5):
        maker.lay_out(PAGE.format("x"), f"p {{ margin: {count}mm }}")
        assert len(maker.styles) <= 2

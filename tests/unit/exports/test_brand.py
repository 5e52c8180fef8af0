import pytest

from exports.brand import (
    LEAST_CONTRAST,
    Brand,
    BrokenBrand,
    clean_logo,
    contrast,
    lightened,
    sized_logo,
)

HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 viewBox="0 0 10 10" onload="alert(1)" style="background:url(http://a.example/)">
<title>Logo</title><script>alert(1)</script><style>@import 'x'</style>
<image href="file:///etc/passwd"/><use xlink:href="#a"/><foreignObject><b>x</b></foreignObject>
<a href="javascript:x"><path d="M0 0"/></a>
<g transform="rotate(3)" onclick="x()"><path d="M1 1h2" fill="url(http://a.example/)"/></g></svg>"""


def test_a_logo_keeps_its_shapes_and_nothing_else() -> None:
    clean = clean_logo(HOSTILE)
    assert 'd="M1 1h2"' in clean
    assert 'transform="rotate(3)"' in clean
    assert "<title>Logo</title>" in clean
    for word in ("script", "style", "image", "use", "foreign", "onload", "onclick", "href", "url("):
        assert word not in clean
    assert clean_logo(clean) == clean


@pytest.mark.parametrize(
    "svg",
    [
        "",
        "<svg",
        "<html/>",
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1"/>',
    ],
)
def test_what_is_no_logo_is_refused(svg: str) -> None:
    with pytest.raises(BrokenBrand):
        clean_logo(svg)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == 1
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_illegible_colours_are_refused() -> None:
    with pytest.raises(BrokenBrand, match="muted on paper has a contrast of 2"):
        Brand("X", muted="#a0a0a0")


@pytest.mark.parametrize("colour", ["red", "#FFF", "#0c2238;} body{}", "#0c223", ""])
def test_a_colour_is_six_digits_and_nothing_else(colour: str) -> None:
    with pytest.raises(BrokenBrand, match="must be written like"):
        Brand("X", ink=colour)


def test_every_token_counts_in_the_hash() -> None:
    assert Brand("X").sha256 != Brand("X", accent="#0f7479").sha256
    assert Brand("X").sha256 != Brand("X", boilerplate=("y",)).sha256
    assert Brand("X").sha256 == Brand("X").sha256


@pytest.mark.parametrize("colour", ["#0f7478", "#c8102e", "#000000", "#1a1a7a", "#ffffff"])
def test_a_colour_is_lightened_until_it_can_be_read_on_a_dark_ground(colour: str) -> None:
    found = lightened(colour, "#22303b")
    assert contrast(found, "#22303b") >= LEAST_CONTRAST


def test_a_light_cover_asks_for_dark_titles() -> None:
    light = {"cover": "#fff7f0", "cover_end": "#ffe3d1", "cover_text": "#3a2a22"}
    with pytest.raises(BrokenBrand, match="cover_ink on cover"):
        Brand("Company", **light, cover_accent="#b00020")
    assert Brand("Company", **light, cover_accent="#b00020", cover_ink="#1a1a1a")
    with pytest.raises(BrokenBrand, match="cover_accent on cover_end"):
        Brand("Company", cover_accent="#4fb8ac")


@pytest.mark.parametrize(
    "box", ["0 0 10", "0 0 0 5", "0 0 5 -1", "a b c d", "0 0 inf 3", "nan nan nan nan"]
)
def test_a_logo_says_how_wide_it_is_for_its_height(box: str) -> None:
    with pytest.raises(BrokenBrand, match="four numbers"):
        clean_logo(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"/>')


def test_a_logo_keeps_its_shape_whatever_size_its_file_says() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-5,0 160 40" width="100%"/>'
    sized, ratio = sized_logo(clean_logo(svg))
    assert 'width="160"' in sized
    assert 'height="40"' in sized
    assert ratio == 4

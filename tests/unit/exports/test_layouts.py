from exports.brand import Brand
from exports.layouts import layout_files, layout_sha256, stylesheet


def test_brand_and_page_size_fill_the_stylesheet() -> None:
    css = stylesheet("brief", Brand("X", accent="#0f7479"), "a4")
    assert "#0f7479" in css
    assert "size: A4" in css
    assert "$" not in css
    assert "size: letter" in stylesheet("brief", Brand("X"), "letter")


def test_the_preview_adds_to_the_stylesheet_of_print() -> None:
    brand = Brand("X")
    print_css = stylesheet("brief", brand, "letter")
    assert stylesheet("brief", brand, "letter", "screen").startswith(print_css[:1000])
    assert "</" not in stylesheet("brief", brand, "letter", "screen")


def test_costly_layout_stays_out() -> None:
    """Flex, grid and columns cost several times as much as blocks; a float is printed twice."""
    css = stylesheet("brief", Brand("X"), "letter")
    for costly in (
        "display: flex",
        "display: grid",
        "columns:",
        "float:",
        "inline-flex",
        "box-shadow",
        "@font-face",
    ):
        assert costly not in css


def test_layout_hash_is_of_what_prints() -> None:
    shared = {"base.css", "page.html.jinja", "parts.html.jinja", "tight.css"}
    assert set(layout_files("brief")) == {"brief.css", "brief.html.jinja", *shared}
    assert len(layout_sha256("brief")) == 64

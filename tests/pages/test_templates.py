"""Every page template, rendered with its sample values: well-formed, within the policy, usable."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from lxml import html

from tests.pages.preview.environment import ROOT, make_environment
from tests.pages.preview.samples import load

PAGES = load()
TEMPLATES = ROOT / "templates"
EVENT = re.compile(r"^on[a-z]+$")
OPERABLE = "//input[not(@type='hidden')] | //select | //textarea"


@pytest.fixture(scope="module")
def rendered() -> dict[str, str]:
    environment = make_environment(
        flashes=[("ok", "Saved."), ("refused", {"title": "No", "body": ""})]
    )
    return {
        name: environment.get_template(template).render(**values)
        for name, (template, values) in PAGES.items()
    }


@pytest.fixture(params=sorted(PAGES))
def page(request: pytest.FixtureRequest, rendered: dict[str, str]) -> html.HtmlElement:
    return html.document_fromstring(rendered[request.param])


def test_nothing_the_content_policy_forbids(page: html.HtmlElement) -> None:
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag != "style", "inline style sheet"
        assert "style" not in element.attrib, html.tostring(element)[:200]
        assert not any(EVENT.match(name) for name in element.attrib), html.tostring(element)[:200]
        if element.tag == "script":
            assert element.get("src"), "inline script"


def test_ids_are_unique(page: html.HtmlElement) -> None:
    counts = Counter(page.xpath("//@id"))
    assert not [name for name, count in counts.items() if count > 1]


def test_every_field_has_a_name_for_people(page: html.HtmlElement) -> None:
    for control in page.xpath(OPERABLE):
        labelled = (
            control.get("aria-label")
            or control.xpath("ancestor::label")
            or page.xpath(f"//label[@for='{control.get('id')}']")
        )
        assert labelled, html.tostring(control)[:200]


def test_every_link_and_button_says_something(page: html.HtmlElement) -> None:
    for control in page.xpath("//a[not(@aria-hidden)] | //button | //summary"):
        words = control.text_content().strip() or control.get("aria-label")
        assert words, html.tostring(control)[:200]


def test_descriptions_point_at_something(page: html.HtmlElement) -> None:
    ids = set(page.xpath("//@id"))
    for name in ("aria-describedby", "aria-labelledby", "for", "list"):
        for value in page.xpath(f"//@{name}"):
            assert set(value.split()) <= ids, f"{name}={value}"


def test_one_main_heading_and_one_main(page: html.HtmlElement) -> None:
    assert len(page.xpath("//main[@id='main']")) == 1
    # a module's own first heading stands inside its sheet
    assert len(page.xpath("//h1[not(ancestor::*[contains(@class, 'prose')])]")) == 1
    assert page.findtext(".//title")


def test_every_changing_form_carries_the_token(page: html.HtmlElement) -> None:
    # but the way out of all mail, whose address is signed itself (RFC 8058)
    for form in page.xpath("//form[@method='post'][not(starts-with(@action, '/u/'))]"):
        assert form.xpath(".//input[@name='csrf_token']"), html.tostring(form)[:200]


def test_nobody_nests_forms_or_links(page: html.HtmlElement, rendered: dict[str, str]) -> None:
    assert not page.xpath("//form//form | //a//a | //a//button | //button//a")
    # the parser above mends nested forms silently, so the text is counted too
    for text in rendered.values():
        depth = 0
        for tag in re.findall(r"</?form\b", text):
            depth += -1 if tag.startswith("</") else 1
            assert depth in (0, 1)


def test_the_public_page_has_no_script_and_no_viewer(rendered: dict[str, str]) -> None:
    for name in PAGES:
        if name.startswith("validity"):
            assert "<script" not in rendered[name]
            assert "noindex" in rendered[name]
            assert "csrf" not in rendered[name]


def test_every_page_template_has_a_sample() -> None:
    shown = {template for template, _ in PAGES.values()}
    pages = {
        str(path.relative_to(TEMPLATES))
        for path in (TEMPLATES / "pages").rglob("*.html")
        if not path.name.startswith("_")
    }
    assert pages == shown


def test_a_missing_value_is_an_error() -> None:
    template, _ = PAGES["library"]
    with pytest.raises(UndefinedError):
        make_environment().get_template(template).render()


@pytest.mark.parametrize("path", sorted((ROOT / "cms/static/css").rglob("*.css")), ids=str)
def test_colours_come_from_the_tokens(path: Path) -> None:
    if path.name == "tokens.css":
        return
    colours = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8")))
    # white paper, and the two tints of the dark half of the sign-in page
    assert colours <= {"#fff", "#e6edf3", "#3c5069", "#b9c7d4"}


def test_the_style_sheet_imports_every_file() -> None:
    folder = ROOT / "cms/static/css"
    entry = (folder / "clearcopy.css").read_text(encoding="utf-8")
    imported = set(re.findall(r'url\("([^"]+)"\)', entry))
    present = {str(path.relative_to(folder)) for path in folder.rglob("*.css")}
    assert imported == present - {"clearcopy.css"}


def test_every_icon_asked_for_is_drawn(rendered: dict[str, str]) -> None:
    drawn = set(re.findall(r'symbol id="([\w-]+)"', (ROOT / "cms/static/icons.svg").read_text()))
    asked = {
        name for text in rendered.values() for name in re.findall(r"icons\.svg#([\w-]+)", text)
    }
    assert asked <= drawn

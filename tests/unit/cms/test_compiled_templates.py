"""Compiled templates are kept, and never outlive what they were compiled from."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from cms.compiled_templates import Kept, load_all


class House:
    """A folder of templates and the environment of one process after another."""

    def __init__(self, folder: Path) -> None:
        self.templates, self.kept = folder / "templates", folder / "kept"
        self.templates.mkdir()

    def write(self, text: str) -> None:
        (self.templates / "page.html").write_text(text, encoding="utf-8")

    def process(self, **options: bool) -> jinja2.Environment:
        made = jinja2.Environment(
            loader=jinja2.FileSystemLoader(self.templates), autoescape=True, **options
        )
        made.bytecode_cache = Kept(self.kept, made)
        return made

    def page(self, **options: bool) -> str:
        return self.process(**options).get_template("page.html").render(who="<b>")


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.write("Dear {{ who }},\n{% if true %}\nthank you.\n{% endif %}\n")
    return made


def test_the_next_process_compiles_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first = house.page()
    monkeypatch.setattr(jinja2.Environment, "compile", None)
    assert house.page() == first
    assert "&lt;b&gt;" in first


def test_a_changed_template_is_compiled_anew(house: House) -> None:
    house.page()
    house.write("Good morning {{ who }}")
    assert house.page() == "Good morning &lt;b&gt;"


def test_another_way_of_compiling_is_another_template(house: House) -> None:
    plain, trimmed = house.page(), house.page(trim_blocks=True)
    assert plain != trimmed
    assert house.page() == plain


def test_a_filter_that_changed_is_carried_out_anew(house: House) -> None:
    """Constants go through filters while a template is compiled."""
    house.write("{{ 'word'|said }}")
    source = house.templates / "filters.py"
    for text in ("def said(word): return word + '!'", "def said(word): return word + '?'"):
        source.write_text(text, encoding="utf-8")
        names: dict[str, object] = {"__name__": "filters"}
        exec(compile(text, str(source), "exec"), names)
        environment = house.process()
        environment.filters["said"] = names["said"]
        environment.bytecode_cache = Kept(house.kept, environment)
        assert environment.get_template("page.html").render() == f"word{text[-2]}"


@pytest.mark.parametrize("keep", [0, 5, 40, -3])
def test_a_file_that_was_cut_off_is_made_anew(house: House, keep: int) -> None:
    page = house.page()
    (file,) = house.kept.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:keep])
    assert house.page() == page
    assert file.read_bytes() == whole


def test_where_nothing_can_be_written_pages_are_made_all_the_same(house: House) -> None:
    house.kept.write_text("a file where the folder would be", encoding="utf-8")
    assert house.page().startswith("Dear &lt;b&gt;")


def test_all_are_loaded_before_the_first_is_asked_for(house: House) -> None:
    environment = house.process()
    load_all(environment)
    house.write("something else")
    assert environment.cache is not None
    assert [name for _, name in environment.cache] == ["page.html"]

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from exports.body import (
    Citation,
    Claim,
    Emphasis,
    FootnoteMark,
    Heading,
    Inline,
    Link,
    ListNode,
    Paragraph,
    Strong,
    Table,
    Text,
    Token,
    words,
)
from exports.deck.measuring import lines, text_width
from exports.markup import (
    body_html,
    column_widths,
    figure_html,
    figures,
    inline_html,
    is_wide,
    run_in_html,
)

HOSTILE = st.text() | st.sampled_from(
    ["<script>x</script>", "<b onclick=x>", '"><img src=x>', "{{ x }}", "&amp;", "</p><p>", "']]>"]
)


class Reader(HTMLParser):
    """What a browser would see: tags, and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def plain(text: str) -> str:
    """Text with the spaces a typesetter may choose among made equal."""
    return "".join(text.replace("\u202f", "").replace("\xa0", " ").split("\r"))


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_content_becomes_markup(one: str, two: str, three: str) -> None:
    run: tuple[Inline, ...] = (
        Text(one),
        Claim(two, 0, three),
        Token(one, two),
        Strong((Text(three),)),
        Emphasis((Text(one),)),
        Link("https://x.example/", (Text(two),)),
    )
    seen = Reader(body_html((Heading(1, run), Paragraph(run)), "b1"))
    assert set(seen.tags) <= {"h2", "p", "span", "strong", "em", "a"}
    assert plain(seen.text) == plain(f"{words(run)}\n{words(run)}")


def test_marks_follow_their_claim_and_are_parted_by_a_comma() -> None:
    html = inline_html((Claim("C", 0, "So."), Citation((1, 3)), FootnoteMark("a")), "b2")
    assert plain(Reader(html).text) == "So.1,3,a"
    assert '<a href="#ref-3">3</a>' in html
    assert '<a href="#b2-a">a</a>' in html
    # a no-break space keeps the renderer from breaking between full stop and digit
    assert 'So.</span><span class="hair">\u202f</span><sup' in html


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("p < 0.0001 here", "p\xa0<\xa00.0001 here"),
        ("(n = 148)", "(n\xa0=\xa0148)"),
        ("take 160 mg daily", "take 160\xa0mg daily"),
        ("a > 60 ms rise", "a >\xa060\xa0ms rise"),
        ("Grade 3 or 4 in 12 months", "Grade 3 or 4 in 12 months"),
    ],
)
def test_relations_and_quantities_do_not_break(text: str, set_: str) -> None:
    assert Reader(inline_html((Text(text),), "b")).text == set_


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("call 1-888-669-6682 or 1-800-FDA-1088.", ["1-888-669-6682", "1-800-FDA-1088"]),
        ("see www.fda.gov/medwatch.", ["www.fda.gov/medwatch"]),
        ("exon 19-21, HER2-negative, and/or, 24.7/18.1, MERIDIAN-1-2-3", []),
    ],
)
def test_what_is_dialled_or_typed_in_stays_on_one_line(text: str, held: list[str]) -> None:
    html = inline_html((Text(text),), "b")
    assert re.findall('<span class="held">(.*?)</span>', html) == held
    assert Reader(html).text == text
    # and slides are measured as they are drawn
    for word in held:
        assert lines((Text(f"xx {word}"),), text_width(word, 20) + 4, 20) == 2


def test_figures_of_a_callout() -> None:
    def item(text: str) -> tuple[Paragraph]:
        return (Paragraph((Claim("C", 0, text), Citation((1,)))),)

    cards = (Heading(1, (Text("T"),)), ListNode(False, 1, (item("57% rate"), item("14.7 months"))))
    assert len(figures(cards)) == 2
    html = figure_html(figures(cards)[0], "b1")
    assert "<b>57%</b>" in html
    assert plain(Reader(html).text) == "57% rate1"
    assert figures((ListNode(False, 1, (item("57% rate"), item("no figure"))),)) == ()
    assert figures((ListNode(False, 1, (item("57% rate"),)),)) == ()
    assert figures((*cards, Paragraph((Text("more"),)))) == ()


def test_run_in_heads_of_safety_information() -> None:
    nodes = (
        Paragraph((Strong((Text("Head:"),)), Text(" text"))),
        Paragraph((Text("whole"),)),
        Paragraph((Strong((Text("alone"),)),)),
    )
    html = run_in_html(nodes, "isi")
    assert html.count('<p class="item h1"><span class="head">Head:</span>') == 1
    assert html.count('class="whole"') == 2
    assert Reader(html).text.split() == ["Head:", "text", "whole", "alone"]


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("Keratitis:", 1),
        ("Severe cutaneous adverse reactions (SCARs):", 3),
        ("word " * 200, 9),
    ],
)
def test_room_is_kept_for_every_line_of_a_head(head: str, lines: int) -> None:
    html = run_in_html((Paragraph((Strong((Text(head),)), Text(" text"))),), "isi")
    assert f'class="item h{lines}"' in html


def test_what_leads_to_a_list_stays_with_it_and_a_short_list_is_one() -> None:
    def item(text: str) -> tuple[Paragraph]:
        return (Paragraph((Text(text),)),)

    html = body_html((Paragraph((Text("These:"),)), ListNode(False, 1, (item("one"),))), "b1")
    assert html.count('<p class="leads">') == 1
    assert html.count('<ul class="short">') == 1
    long = ListNode(False, 1, tuple(item("a few words more") for _ in range(9)))
    html = body_html((Paragraph((Text("A sentence."),)), long), "b1")
    assert "leads" not in html
    assert "short" not in html


def table(*rows: tuple[str, ...]) -> Table:
    cells = [tuple((Text(cell),) for cell in row) for row in rows]
    return Table(("left",) * len(rows[0]), cells[0], tuple(cells[1:]))


def test_column_widths_fit_short_columns_and_leave_the_rest() -> None:
    first, second, third = column_widths(
        table(("Study", "Endpoint", "Result"), ("STUDY-12345", "Overall survival", "word " * 40))
    )
    assert first + second + third == 100
    assert third > first + second
    assert first * 1.72 > len("STUDY-12345") * 1.7


@given(st.lists(st.text(max_size=90), min_size=1, max_size=12))
def test_columns_always_fill_the_table(cells: list[str]) -> None:
    widths = column_widths(table(tuple(cells), tuple(cells)))
    assert all(width >= 1 for width in widths)
    assert 95 <= sum(widths) <= 100 + len(widths)


def test_wide_tables() -> None:
    assert not is_wide(table(("a", "b", "c")))
    assert is_wide(table(("a", "b", "c", "d")))
    assert is_wide(table(("a", "x" * 81)))


def test_everything_returned_is_marked_as_safe_html() -> None:
    assert isinstance(body_html((Paragraph((Text("<"),)),), "b"), Markup)
    assert "&lt;" in body_html((Paragraph((Text("<"),)),), "b")

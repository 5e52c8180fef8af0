"""Bodies: references, fields, and text that stays text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.markup import body_html
from exports.nodes import build_nodes
from modules import content
from modules.content import ClaimRef
from records.errors import Refused

TRICKY = st.lists(
    st.sampled_from(
        [
            *("<script>", "</p>", "<img src=x onerror=y>", "<!--", "-->", "&lt;", "&", '"', "'"),
            *("{{", "}}", "{%", "%}", "{#", "{{account.name}}", "{{ 7*7 }}", "[[", "]]"),
            *("[[claim:HAL-0001]]", "[[claim:HAL-0001/2]]", "`", "**", "_", "|", "\n", "\n\n"),
            *("# ", "> ", "- ", "[a](javascript:x)", "![a](b)", "<http://x>", "text", "\\"),
        ]
    ),
    max_size=12,
).map("".join)


def wording(claim: str, variation: int) -> str:
    return f"<b>{claim}</b>/{variation} {{{{7*7}}}}"


@pytest.mark.parametrize(
    ("body", "refs"),
    [
        ("[[claim:HAL-0001]]", [ClaimRef("HAL-0001")]),
        ("A [[claim:HAL-0001/2]] **[[claim:B]]**", [ClaimRef("HAL-0001", 2), ClaimRef("B")]),
        ("`[[claim:HAL-0001]]`", []),
        ("[[claim:HAL-0001/0]]", []),
        ("[[ claim:HAL-0001 ]]", []),
    ],
)
def test_claims_are_found_in_reading_order(body: str, refs: list[ClaimRef]) -> None:
    assert list(content.claim_refs(body)) == refs


@pytest.mark.parametrize(
    "body", ["[[claim:]]", "[[x]]", "{{7*7}}", "{% if %}", "{# no #}", "`{{a}}`", "    {{code}}"]
)
def test_what_only_looks_like_a_reference_is_left_over(body: str) -> None:
    assert content.leftovers(body)


@settings(max_examples=200, deadline=None)
@given(TRICKY)
def test_html_and_templates_stay_text(body: str) -> None:
    """Whatever is typed, only tags of our own come out, and no word of it is a program."""
    texts = {(ref.claim, ref.variation): wording(*_parts(ref)) for ref in content.claim_refs(body)}
    try:
        nodes = build_nodes(
            content.parse(body),
            claim_text=texts,
            values=dict.fromkeys(content.field_names(body), "<i>value</i>"),
        )
    except Refused:
        return
    html = str(body_html(nodes, "body"))
    for tag in ("<script", "<img", "<i>", "<b>", "<!--", "onerror=y>"):
        assert tag not in html
    assert "javascript:" not in html.partition("href=")[2].partition(">")[0]


def _parts(ref: ClaimRef) -> tuple[str, int]:
    return ref.claim, ref.variation


@settings(max_examples=200, deadline=None)
@given(TRICKY)
def test_places_are_where_the_references_stand(body: str) -> None:
    for place in content.placed(body):
        written = body[place.start : place.end]
        if place.claim is not None:
            assert written == str(place.claim)
        else:
            assert place.field in written
    for start, end in content.leftover_spans(body):
        assert body[start:end] in {"[[", "]]", "{{", "}}", "{%", "%}", "{#", "#}"}


def test_plain_text_spells_claims_out() -> None:
    text = content.plain_text("# T\n\nA [[claim:X]] b\n", lambda claim, variation: "won't", None)
    assert text == "T\nA won't b"


BLOCKS = st.sampled_from(
    [
        "A paragraph of words that goes on for a while.",
        "Two lines\nof one paragraph",
        "## A heading",
        "* first\n* second\n\n  still the second",
        "1. one\n2. two",
        "> quoted words\n> go on",
        "| a | b |\n| - | - |\n| c | d |",
        "[[claim:HAL-0001]]",
        "Before [[claim:HAL-0002/1]] and **after**",
        "```\nnot text\n\nat all\n```",
        "{{account.name}} asked.",
    ]
)


@given(st.lists(BLOCKS, max_size=8), st.integers(0, 300))
def test_an_opening_is_the_beginning_of_the_whole_text(blocks: list[str], length: int) -> None:
    def wording(claim: str, variation: int) -> str:
        return f"What {claim} says in its variation {variation}."

    body = "\n\n".join(blocks)
    whole = content.plain_text(body, wording, str.upper)
    opening = content.opening_text(body, wording, str.upper, length=length)
    assert whole.startswith(opening)
    assert len(opening) >= min(length, len(whole))

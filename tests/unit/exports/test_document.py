from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.body import (
    Citation,
    Claim,
    Emphasis,
    FootnoteMark,
    Heading,
    LineBreak,
    Link,
    ListNode,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
    Token,
    claims_in,
    words,
)
from exports.document import BrokenDocument, Copy, from_json, to_json
from tests.documents.halvoryn import brief

TEXT = st.text(max_size=12)
LEAVES = st.one_of(
    st.builds(Text, TEXT),
    st.builds(Claim, TEXT, st.integers(0, 9), TEXT),
    st.builds(Token, TEXT, TEXT),
    st.builds(Citation, st.lists(st.integers(1, 99), max_size=3).map(tuple)),
    st.builds(FootnoteMark, TEXT),
    st.just(LineBreak()),
)
INLINE = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Strong, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Emphasis, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Link, TEXT, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
RUN = st.lists(INLINE, max_size=3).map(tuple)
NODES = st.recursive(
    st.one_of(
        st.builds(Heading, st.integers(1, 3), RUN),
        st.builds(Paragraph, RUN),
        st.builds(
            Table, st.just(("left", "right")), st.tuples(RUN, RUN), st.tuples(st.tuples(RUN, RUN))
        ),
    ),
    lambda inner: st.one_of(
        st.builds(
            ListNode,
            st.booleans(),
            st.integers(1, 9),
            st.lists(st.lists(inner, max_size=2).map(tuple), max_size=2).map(tuple),
        ),
        st.builds(Quote, st.lists(inner, max_size=2).map(tuple)),
    ),
    max_leaves=5,
)


def test_json_gives_the_same_document_back() -> None:
    document = brief()
    assert from_json(to_json(document)) == document
    assert to_json(from_json(to_json(document))) == to_json(document)


@given(st.lists(NODES, max_size=3).map(tuple))
def test_any_body_survives_json(body: tuple[Paragraph, ...]) -> None:
    document = replace(brief(), blocks=(replace(brief().blocks[0], body=body),))
    assert from_json(to_json(document)) == document


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ("{}", "kind"),
        ("[", "the document"),
        (to_json(brief()).replace('"code":"BRF-0009"', '"code":9'), "code"),
        (to_json(brief()).replace('"code":', '"extra":1,"code":', 1), "extra"),
        (to_json(brief()).replace('"node":"heading"', '"node":"script"', 1), "blocks.0.body.0"),
        (to_json(brief()).replace('"prepared":"2026-11-22"', '"prepared":"soon"'), "prepared"),
    ],
)
def test_what_is_not_a_document_is_refused_with_its_place(broken: str, place: str) -> None:
    with pytest.raises(BrokenDocument, match=place.replace(".", r"\.")):
        from_json(broken)


def test_tier_cannot_be_in_a_document_that_leaves_the_house() -> None:
    account = replace(brief().account, tier="Strategic")
    with pytest.raises(BrokenDocument, match="tier is internal"):
        replace(brief(), account=account)
    assert replace(brief(), account=account, audience="internal").account.tier == "Strategic"


def test_content_hash_is_of_the_content_alone() -> None:
    document = brief()
    copy = Copy("0018", "Somebody else", datetime(2027, 1, 1, tzinfo=UTC))
    assert replace(document, copy=copy).content_sha256 == document.content_sha256
    assert replace(document, approvals=()).content_sha256 == document.content_sha256
    assert replace(document, status="preview").content_sha256 == document.content_sha256
    assert replace(document, title="Other").content_sha256 != document.content_sha256
    assert replace(document, blocks=document.blocks[1:]).content_sha256 != document.content_sha256


def test_parts_are_modules_then_footnotes_then_safety_information() -> None:
    modules = [block.module for block in brief().parts]
    assert modules[0] == "HAL-M-001"
    assert modules[-3:] == ["HAL-M-FN-1", "HAL-M-FN-2", "HAL-M-ISI"]


def test_words_and_claims_of_a_body() -> None:
    block = brief().blocks[2]
    assert [claim.claim for claim in claims_in(block.body)] == ["HAL-0005", "HAL-0006"]
    paragraph = block.body[2]
    assert isinstance(paragraph, Paragraph)
    assert words(paragraph.children).startswith("In MERIDIAN-1, median")
    assert words(paragraph.children).endswith("p < 0.0001).1,2,a")

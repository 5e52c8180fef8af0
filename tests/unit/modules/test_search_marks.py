from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.search_marks import Segment, mark, snippet

TEXT = "Overall survival (HR 0.765) in HER2-negative disease; survivors were Naïve."
LONG = f"{'Nothing to see. ' * 60}The hazard ratio was 0.765. {'And so on. ' * 60}"


def shown(segments: list[Segment]) -> str:
    return "".join(f"[{text}]" if hit else text for text, hit in segments)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("survival ", "Overall [survival] (HR 0.765) in HER2-negative disease; survivors"),
        ("surv", "Overall [survival] (HR 0.765) in HER2-negative disease; [survivors]"),
        ('"hr 0.765"', "Overall survival ([HR 0.765]) in HER2-negative disease; survivors"),
        ("her2-neg", "Overall survival (HR 0.765) in [HER2-negative] disease; survivors"),
        ("overall -survival ", "[Overall] survival (HR 0.765) in HER2-negative disease; survivors"),
    ],
)
def test_marks_what_was_found(query: str, expected: str):
    assert shown(mark(query, TEXT)).startswith(expected)


def test_marks_words_written_otherwise():
    assert shown(mark("naive ", TEXT)).endswith("[Naïve].")


def test_phrases_that_overlap_are_one_mark():
    assert shown(mark('"a1 b1" OR "b1 c1"', "a1 b1 c1")) == "[a1 b1 c1]"


def test_a_snippet_shows_the_hits_of_a_long_text():
    found = shown(snippet("hazard 0.765", LONG))

    assert "The [hazard] ratio was [0.765]." in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert len(found) < 270


def test_a_snippet_without_hits_is_the_beginning():
    assert shown(snippet("absent ", LONG)).startswith("Nothing to see.")
    assert shown(snippet("absent ", "Short\n\ntext")) == "Short text"
    assert snippet("absent", "") == []


@given(st.text(max_size=40), st.text(max_size=200))
def test_marks_never_change_the_text(query: str, text: str):
    assert "".join(segment.text for segment in mark(query, text)) == text


@given(st.text(max_size=20), st.text(max_size=700), st.integers(min_value=10, max_value=300))
def test_a_snippet_is_part_of_the_text(query: str, text: str, length: int):
    segments = snippet(query, text, length=length)
    part = "".join(segment.text for segment in segments)

    assert len(part) <= length + len("…  …")
    assert part.removeprefix("… ").removesuffix(" …") in " ".join(text.split())

"""Sentences end where a reader ends them."""

from __future__ import annotations

import pytest

from claims_library.segmenting import LONGEST, sentences
from claims_library.tokens import tokenise


def _cut(text: str) -> list[str]:
    tokens = tokenise(text)
    return [" ".join(tokens.text(run.start, run.end).split()) for run in sentences(tokens)]


@pytest.mark.parametrize(
    "text",
    [
        "41.3 months with ZELVORA vs. 33.8 months with placebo",
        "Strong inducers (e.g., rifampin) are avoided",
        "Dr. Okafor and Ms. Duarte met at 9 a.m. on Monday",
        "HR 0.46 (95% CI: 0.37, 0.57; p < 0.0001)",
        "St. John's wort lowers exposure",
        "The U.S. label has 14 sections",
    ],
)
def test_one_sentence(text: str) -> None:
    assert _cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It was p < 0.001. The rest follows.", ["It was p < 0.001.", "The rest follows."]),
        ("Less than 450 ms. Repeat the ECG.", ["Less than 450 ms.", "Repeat the ECG."]),
        ("# Title\nText here.", ["Title", "Text here."]),
        ("- first item\n- second item", ["first item", "second item"]),
        ("1. one\n   - inner\n2. two\n3. three", ["one", "inner", "two", "three"]),
        ("| a | b |\n|---|---|\n| c | d |", ["a", "b", "c", "d"]),
        ("One line\nthat wraps.", ["One line that wraps."]),
        ("First.\n\nSecond.", ["First.", "Second."]),
        ("Said so (see Table 2). Next.", ["Said so (see Table 2).", "Next."]),
    ],
)
def test_several_sentences(text: str, parts: list[str]) -> None:
    assert _cut(text) == parts


def test_every_token_is_in_one_sentence_and_none_is_endless() -> None:
    tokens = tokenise("word, " * 1000)
    runs = sentences(tokens)
    assert [i for run in runs for i in range(run.start, run.end)] == list(range(len(tokens)))
    assert max(run.end - run.start for run in runs) <= LONGEST

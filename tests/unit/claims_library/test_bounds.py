"""Whatever somebody pastes, the check answers, and in time that grows with the text alone."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims_library.checking import MAXIMUM_CHARACTERS, TextTooLong, check
from claims_library.compiling import Library, ProductFacts, Scope, compile_library
from claims_library.rules import examples
from tests.unit.claims_library.sample import CLAIMS

LENGTH = 60_000
MUCH_TOO_LONG = 60  # seconds; an answer takes about one, a pattern that explodes never ends

# what patterns of words, numbers, layout, citations, doses and personal data begin with
PIECES = [
    *("(", ")", "[", "]", "[a](", "[^1]", "[1]", "[1, 2", "<", "<a ", "<sup>", "&amp", "&#x41;"),
    *("*", "**a", "_a_", "`", "# ", "- ", "1. ", "| ", "|---|", "> ", "---\n", "\n", "\t", " "),
    *("a", "a-", "a-\n", "A0", "AA-", "a.", "a, ", "a/", "Zelvanta ", "Zelvanta▼", "e.g. "),
    *("1", "1,", "1.", "1.1", "1-", "1 mg ", "1%", "95% CI: ", "p < 0.001. ", "n = 1 ", "10^2 "),
    *("\u200b", "\u00ad", "\u0301", "\u00a0", "\u202e", "¹²", "“", "”", "🙂", "ﬁ", "é"),
    *("given with ", "report suspected ", "common adverse ", "serious a ", "median a ", "Mrs. A"),
    *("i feel ", "date of preparation ", "prescribing information a ", "not ", "no ", "MRN "),
]


@pytest.fixture(autouse=True)
def _guarded() -> Iterator[None]:
    """Work without end fails; it does not hang."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError("the check did not come to an end")

    before = signal.signal(signal.SIGALRM, stop)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _library(market: str) -> Library:
    product = ProductFacts(examples.BRAND, examples.GENERIC, additional_monitoring=True)
    return compile_library(product, CLAIMS, label=examples.label(), scope=Scope(market))


LIBRARIES = [_library(market) for market in ("US", "UK", "EU")]
# so that the text is a piece that claims something, and every rule on pieces is asked
CLAIMING = "Zelvanta improved lung function. It works faster. Zelvanta reduced attacks by half.\n\n"


def _answers(text: str, library: Library = LIBRARIES[0]) -> None:
    signal.alarm(MUCH_TOO_LONG)
    result = check(text, library)
    signal.alarm(0)
    for finding in result.findings:
        assert text[finding.start : finding.end] == finding.text


@pytest.mark.parametrize("piece", PIECES)
def test_one_piece_repeated(piece: str) -> None:
    _answers(CLAIMING + piece * (LENGTH // len(piece)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=3),
    st.lists(st.sampled_from(PIECES), min_size=2, max_size=4),
    st.sampled_from(PIECES),
    st.sampled_from(LIBRARIES),
)
def test_pieces_repeated_between_others(
    before: list[str], middle: list[str], after: str, library: Library
) -> None:
    repeated = "".join(middle)
    _answers(
        f"{CLAIMING}{''.join(before)}{repeated * (LENGTH // 2 // len(repeated))}{after}", library
    )


@pytest.mark.parametrize("opening", ["(", "[", "“", "**", "<b>", "|"])
def test_nesting_without_end(opening: str) -> None:
    closing = {"(": ")", "[": "]", "“": "”", "<b>": "</b>"}.get(opening, opening)
    _answers(opening * 10_000 + CLAIMS[0].text + closing * 10_000)


def test_an_approved_wording_is_found_wherever_it_stands() -> None:
    signal.alarm(MUCH_TOO_LONG)
    words = [
        "agenda",
        "room",
        "noon",
        "table",
        "minutes",
        "visit",
        "lunch",
        "hall",
        "spring",
        "paper",
    ]
    noise = " ".join(random.Random(7).choices(words, k=40_000))
    text = f"{noise}.\n\n{CLAIMS[1].text}\n\n{noise}."
    (match,) = check(text, LIBRARIES[0]).matches
    assert text[match.start : match.end] == CLAIMS[1].text.removesuffix(".")


def test_a_text_of_five_megabytes_is_refused_with_what_to_do() -> None:
    with pytest.raises(TextTooLong, match="Split it into parts"):
        check("a" * 5 * 2**20, LIBRARIES[0])
    assert MAXIMUM_CHARACTERS < 5 * 2**20

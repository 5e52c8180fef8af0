"""The check as a whole: labelled cases, order, bounds."""

from __future__ import annotations

import time

import pytest

from benchmarks.claims import accuracy
from claims_library.checking import MAXIMUM_CHARACTERS, TextTooLong, check
from claims_library.findings import Verdict, verdict_of
from tests.shared import shared
from tests.unit.claims_library.sample import CLAIMS, library

LIBRARY = library()


@pytest.mark.parametrize("name", ["kisqali", "tagrisso"])
def test_labelled_cases(name: str) -> None:
    folder = shared()
    tally = accuracy.cases(folder, name, accuracy.library_of(folder, name))
    assert not sum(tally.passed.values()), tally.misses
    for verdict in Verdict:
        total = tally.total[verdict]
        if verdict.passes:
            assert tally.found[verdict] <= 0.02 * total, tally.misses
        else:
            assert tally.found[verdict] >= 0.95 * total, tally.misses
        if verdict is not Verdict.OFF_LABEL:
            assert tally.exact[verdict] >= 0.9 * total, (verdict, tally.misses)


def test_no_alteration_made_by_rule_passes() -> None:
    tally = accuracy.altered(LIBRARY)
    assert sum(tally.total.values()) > 250
    assert not tally.misses
    assert sum(tally.exact.values()) >= 0.97 * sum(tally.total.values())


def test_findings_come_in_the_order_of_the_text() -> None:
    text = "\n\n".join(claim.text.replace("ZELVORA", "ZELVORA not") for claim in CLAIMS)
    findings = check(text, LIBRARY).findings
    assert list(findings) == sorted(findings, key=lambda finding: finding.order)
    assert len(findings) > 5


def test_nothing_to_say_of_nothing() -> None:
    for text in ("", "   \n", "***", "|---|---|", "\x00\x01", "\ufeff"):
        assert verdict_of(check(text, LIBRARY)) is Verdict.NONE


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000,
        "[" * 20_000,
        "*" * 20_000,
        "_a" * 20_000,
        "1." * 20_000,
        "&" * 20_000,
        "<" * 20_000,
        "a-\n" * 10_000,
        "word " * 40_000,
        "> " * 10_000,
        "| " * 20_000,
        "1,000" * 10_000,
        "".join(chr(0x300 + i % 80) for i in range(40_000)),
        CLAIMS[0].text.rstrip(".") * 300,
        "ZELVORA " * 20_000,
        "not true " * 10_000 + CLAIMS[2].text,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_pathological_texts_end_in_bounded_time(text: str) -> None:
    start = time.process_time()
    check(text, LIBRARY, whole=False)
    assert time.process_time() - start < 10


def test_a_text_beyond_the_bound_is_refused_with_advice() -> None:
    with pytest.raises(TextTooLong, match="Split it"):
        check("a" * (MAXIMUM_CHARACTERS + 1), LIBRARY)

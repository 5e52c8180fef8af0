"""Rules and weights on sentences that neither was made with.

``unseen`` holds sentences that claim something (``claims.txt``) and that do not (``other.txt``),
about products of many fields, in the form of ``tools/sentences``. Nothing is learned from them and
no rule is written for them, or they would say nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from claims_library import detecting
from claims_library.compiling import ProductFacts, compile_library
from claims_library.detectors.reading import Line
from claims_library.detectors.sentences import plain_sentences
from claims_library.detectors.unsupported import Unsupported
from claims_library.detectors.weighing import learned
from tools.weights import BRAND, GENERIC, texts

UNSEEN = Path(__file__).parent / "unseen"


def table() -> list[str]:
    """How many of them are found, and how many are stopped for nothing."""
    facts = ProductFacts(BRAND, GENERIC, boxed_warning=False)
    judges = detecting.build(compile_library(facts, []))
    judge, weights = Unsupported(judges.book.sentences, learned()), learned()

    def words(line: Line) -> bool:
        weighed = weights.weigh(line)
        return weighed is not None and weighed.score > 0

    ways: dict[str, Callable[[Line], bool]] = {
        "rules alone": lambda line: judge.ruled(line) is not None,
        "words alone": words,
        "both": lambda line: judge.reason(line) is not None,
    }
    read = [
        ([judges.line(sentence) for sentence in plain_sentences(text)], claim)
        for text, claim in texts(UNSEEN)
    ]
    counts = [sum(claim is side for _, claim in read) for side in (True, False)]
    lines = [
        "## Sentences that nothing was made with",
        "",
        f"{counts[0]} that claim something and {counts[1]} that do not, in",
        f"`benchmarks/claims/unseen`. Weights were learned from {len(texts()):,} others; what the",
        "answer of the rules weighs beside them was chosen with these totals in sight.",
        "",
        "| | claims found | stopped for nothing |",
        "| --- | --- | --- |",
    ]
    for name, way in ways.items():
        hits = [(any(map(way, lines_of)), claim) for lines_of, claim in read]
        shares = [
            100 * sum(hit and claim is side for hit, claim in hits) / count
            for side, count in zip((True, False), counts, strict=True)
        ]
        lines.append(f"| {name} | {shares[0]:.1f} % | {shares[1]:.1f} % |")
    return [*lines, ""]

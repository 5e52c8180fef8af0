"""Learn what words weigh for a claim, for ``claims_library/rules/weights.tsv``.

Run by ``make weights``. In ``tools/sentences``, ``claims.txt`` holds sentences that claim something
about a product, ``other.txt`` sentences that do not; ``{P}`` and ``{G}`` stand for its two names.
All were written for this. What is learned is a logistic regression over the features of
``claims_library.detectors.weighing``, by stochastic gradients with a step of its own for each
feature (Duchi, Hazan and Singer 2011). Nothing is drawn by lot but from a fixed seed, so the same
sentences give the same weights.
"""

from __future__ import annotations

import hashlib
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claims_library.detecting import Judges

ROOT = Path(__file__).parent.parent
SENTENCES = ROOT / "tools" / "sentences"
CLAIMS, OTHER = "claims.txt", "other.txt"
BRAND, GENERIC = "ZAVENTRA", "zaventrinib"
SEED = 7
ROUNDS = 20
STEP = 0.15
SHRINK = 3e-3  # pulls every weight towards nothing
CLAUSES = 0.3  # how much a clause of a sentence without a claim counts
TWICE = 2  # a feature that fewer sentences have is not learned


@dataclass(frozen=True, slots=True)
class Example:
    """The features of a sentence or clause, whether it claims something, how much it counts."""

    features: tuple[str, ...]
    claim: bool
    counts: float


def main() -> None:
    """Write the weights and say how many there are."""
    from claims_library.detectors.weighing import FILE

    text = written(SENTENCES)
    (ROOT / "claims_library" / "rules" / FILE).write_text(text, "utf-8")
    sys.stdout.write(f"{text.count(chr(10)) - 1:,} weights from {len(texts()):,} lines\n")


def version_of(folder: Path) -> str:
    """Says which sentences these are."""
    both = b"\0".join((folder / name).read_bytes() for name in (CLAIMS, OTHER))
    return hashlib.sha256(both).hexdigest()[:12]


def texts(folder: Path = SENTENCES) -> list[tuple[str, bool]]:
    """Every line of a folder's sentences, and whether it claims something."""
    return [
        (line.replace("{P}", BRAND).replace("{G}", GENERIC), name == CLAIMS)
        for name in (CLAIMS, OTHER)
        for line in (folder / name).read_text("utf-8").splitlines()
    ]


def written(folder: Path) -> str:
    """The weights learned from a folder's sentences, as their file says them."""
    from claims_library.detectors.weighing import UNIT

    examples = [each for text, claim in texts(folder) for each in _examples(text, claim=claim)]
    bias, weights = learn(examples)
    rows = [f"{version_of(folder)}\t{round(bias * UNIT)}"]
    whole = ((feature, round(weight * UNIT)) for feature, weight in sorted(weights.items()))
    rows += [f"{feature}\t{weight}" for feature, weight in whole if weight]
    return "\n".join(rows) + "\n"


def learn(examples: Sequence[Example]) -> tuple[float, dict[str, float]]:
    """Weights of features, and of none, that tell the examples apart."""
    seen = Counter(feature for example in examples for feature in set(example.features))
    weights = {feature: 0.0 for feature, count in seen.items() if count >= TWICE}
    steps = dict.fromkeys(weights, 1.0)
    known = [[each for each in example.features if each in weights] for example in examples]
    bias, order, chance = 0.0, list(range(len(examples))), random.Random(SEED)  # noqa: S311
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for place in order:
            example = examples[place]
            score = bias + sum(weights[feature] for feature in known[place])
            likely = 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
            wrong = (likely - example.claim) * example.counts
            bias -= STEP * wrong / 20
            for feature in known[place]:
                slope = wrong + SHRINK * weights[feature]
                steps[feature] += slope * slope
                weights[feature] -= STEP * slope / math.sqrt(steps[feature])
    return bias, weights


def _examples(text: str, *, claim: bool) -> Iterator[Example]:
    """A line as it is learned from.

    Which of several sentences, or of several clauses, makes a claim nobody has said; in what
    claims nothing none of them does.
    """
    from claims_library.detectors.sentences import plain_sentences
    from claims_library.detectors.weighing import features, views

    judges = _judges()
    lines = [judges.line(sentence) for sentence in plain_sentences(text)]
    for line in lines if len(lines) == 1 or not claim else ():
        for view in views(line):
            if not (view.clause and claim):
                said = dict.fromkeys(feature for feature, _, _ in features(line, view))
                yield Example(tuple(said), claim, CLAUSES if view.clause else 1.0)


@cache
def _judges() -> Judges:
    from claims_library import detecting
    from claims_library.compiling import ProductFacts, compile_library

    facts = ProductFacts(BRAND, GENERIC, boxed_warning=False)
    return detecting.build(compile_library(facts, []))


if __name__ == "__main__":
    main()

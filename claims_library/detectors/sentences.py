"""A text cut into sentences without holding it against a library: for labels and examples."""

from __future__ import annotations

from claims_library.findings import Sentence
from claims_library.segmenting import sentences
from claims_library.tokens import tokenise


def plain_sentences(text: str) -> list[Sentence]:
    """The sentences of a text, none of whose words is approved wording."""
    tokens = tokenise(text)
    return [
        Sentence(
            text=tokens.text(run.start, run.end),
            start=tokens.starts[run.start],
            end=tokens.ends[run.end - 1],
            words=tokens.words[run.start : run.end],
            starts=tokens.starts[run.start : run.end],
            ends=tokens.ends[run.start : run.end],
            kinds=tokens.kinds[run.start : run.end],
            heading=run.heading,
            item=run.item,
        )
        for run in sentences(tokens)
    ]

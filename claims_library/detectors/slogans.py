"""Slogans: fragments in a row that promise by degree and name nothing (``Less pain. More life.``).

No single one of them states anything, so that no sentence is at fault; side by side they say what
the medicine is for. R-110, R-118.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claims_library.findings import Sentence
from claims_library.wordlists import words as listed_words

LONGEST = 4
_DEGREE = listed_words(
    """
    more less fewer better longer calmer brighter easier lighter stronger deeper happier freer
    fuller faster quicker simpler safer smarter kinder gentler closer sooner greater higher lower
    bigger clearer cleaner warmer bolder healthier richer sweeter steadier smoother softer endless
    """
)
_VERBS = listed_words(
    """
    is are was were be been am has have had do does did can could may might must shall should will
    would see read call visit ask note please let go come get find contact meet bring turn use
    """
)
# of work, of documents: a brief on a clinic's day promises nothing of a medicine
_WORK = listed_words(
    """
    information details detail questions question reading resources data results page pages slide
    slides table tables figure figures section sections reference references appendix forms form
    meetings meeting breaks break queues queue calls call emails email clicks click paper paperwork
    lines line beds bed chairs chair rooms room staff staffing shifts shift schedule scheduling
    handoffs steps step errors files systems screens training minutes referrals lunch coffee parking
    time waits wait waiting delays forms faxes denials appeals budget budgets team teams
    """
)


def slogans(text: str, sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Runs of two or more fragments that promise by degree.

    Args:
        text: the text as given.
        sentences: its sentences.
    """
    row: list[Sentence] = []
    for sentence in sentences:
        if _is_pair(sentence):
            yield (sentence,)
        beside = row and not text[row[-1].end : sentence.start].strip(" \t\n*_|>-#")
        if row and not (beside and "\n\n" not in text[row[-1].end : sentence.start]):
            yield from _promising(row)
            row = []
        if _is_fragment(sentence):
            row.append(sentence)
        else:
            yield from _promising(row)
            row = []
    yield from _promising(row)


def _is_pair(sentence: Sentence) -> bool:
    """Two promises by degree in one line (``Less pain, more life``)."""
    words = list(sentence.words)
    if "," not in words or sentence.cleared or len(words) > 2 * LONGEST + 2:
        return False
    at = words.index(",")
    halves = [words[:at], words[at + 1 :]]
    return (
        all(half and half[0] in _DEGREE and len(half) <= LONGEST + 1 for half in halves)
        and _VERBS.isdisjoint(words)
        and not _of_work(sentence)
    )


def _promising(row: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """The row, if it is one and something in it is said by degree."""
    begins = [_said(sentence)[0] for sentence in row]
    if len(row) > 1 and any(word in _DEGREE for word in begins) and not any(map(_of_work, row)):
        yield tuple(row)


def _said(sentence: Sentence) -> list[str]:
    return [word for word in sentence.words if word[0].isalpha()]


def _is_fragment(sentence: Sentence) -> bool:
    said = _said(sentence)
    return (
        0 < len(said) <= LONGEST
        and sentence.words[-1] in {".", "!"}
        and all(kind in "wsn" for kind in sentence.kinds)
        and not any(word[0].isdigit() for word in sentence.words)
        and _VERBS.isdisjoint(said)
        and not sentence.cleared
    )


def _of_work(sentence: Sentence) -> bool:
    return not _WORK.isdisjoint(_said(sentence))

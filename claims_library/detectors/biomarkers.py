"""Genes, receptors and numbered stages that a sentence speaks of, with what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from claims_library.detectors.reading import Line

_PHRASES = {("hormone", "receptor"): "hr", ("estrogen", "receptor"): "er", ("pd", "l1"): "pdl1"}
_PHRASES |= {("microsatellite", "instability"): "msi", ("mismatch", "repair"): "mmr"}
_PHRASES |= {("philadelphia", "chromosome"): "ph", ("oestrogen", "receptor"): "er"}
_POINT = re.compile(r"[a-z]\d{2,4}[a-z]\Z")
_STAGE = re.compile(r"(?:i{1,3}|iv)[abc]?|[1-4][abc]?")
_ARABIC = {"1": "i", "2": "ii", "3": "iii", "4": "iv"}
_NO_GENE = frozenset(["nsclc", "sclc", "cll", "aml", "cml", "mds", "fda", "ema", "ci", "os", "pfs"])
_BEFORE_GENE = frozenset(["wild", "wildtype", "mutant", "mutated", "unmutated", "nonmutated"])
_LACKING = frozenset(["no", "without", "lack", "lacking", "lacks"])


class Mark(NamedTuple):
    """What is said on ``axis``, in words ``start``–``end`` of a line."""

    axis: str
    value: str
    start: int
    end: int


def biomarkers_of(line: Line, statuses: Mapping[str, str]) -> Iterator[Mark]:
    """Genes and receptors with what is said of them, exons, point mutations, stages by number."""
    words = line.words
    for place, word in enumerate(words):
        if word == "exon" and place + 1 < len(words):
            yield Mark("biomarker", f"exon {words[place + 1]}", place, place + 2)
        elif _POINT.match(word):
            yield Mark("biomarker", f"point {word}", place, place + 1)
        elif word == "mss" or words[place : place + 2] == ["microsatellite", "stable"]:
            yield Mark("biomarker", "msi negative", place, place + 1)
        elif word in {"stage", "stages"}:
            yield from _stages(line, place)
        status = statuses.get(word)
        if status is not None and (place or word not in {"expression", "high", "low", "driven"}):
            yield from _with_status(line, place, status)
    if "triple" in words and "negative" in words:
        at = words.index("triple")
        yield Mark("biomarker", "triple negative", at, at + 2)


def _with_status(line: Line, place: int, status: str) -> Iterator[Mark]:
    """The gene that a word of status speaks of."""
    words = line.words
    for back in range(place - 1, max(place - 5, -1), -1):
        gene = _gene(line, back)
        if gene and words[back] != "exon":
            yield from _negated(line, gene, back, place, status)
            return
        if "drug" in line.classes[back] or words[back] in {"and", "or", "with", "in"}:
            break
    if words[place] in _BEFORE_GENE:
        for ahead in range(place + 1, min(place + 4, len(words))):
            if words[ahead] not in {"type", "-"}:
                if gene := _gene(line, ahead):
                    yield Mark("biomarker", f"{gene} {status}", place, ahead + 1)
                return


def _negated(line: Line, gene: str, back: int, place: int, status: str) -> Iterator[Mark]:
    """A gene with its status; ``no EGFR or ALK aberrations`` denies it of both."""
    words = line.words
    genes, at = [gene], back - 1
    while at > 0 and (words[at] in {"or", "and"} or _gene(line, at)):
        if words[at] not in {"or", "and"}:
            genes.append(_gene(line, at))
        at -= 1
    if status == "positive" and at >= 0 and words[at] in _LACKING:
        yield from (Mark("biomarker", f"{name} negative", back, place + 1) for name in genes)
    else:
        yield Mark("biomarker", f"{gene} {status}", back, place + 1)


def _stages(line: Line, place: int) -> Iterator[Mark]:
    """The numbers of the stages named (``Stage IB, II, or IIIA``)."""
    found = False
    for at in range(place + 1, min(place + 9, len(line.words))):
        word = line.words[at]
        if _STAGE.fullmatch(word):
            found = True
            number = _ARABIC.get(word[0], "") + word[1:] if word[0] in _ARABIC else word
            yield Mark("stage-number", number, at, at + 1)
        elif word not in {"or", "and", "to"} and not (found and len(word) <= 3):
            return


def stage_number_fits(value: str, values: frozenset[str]) -> bool:
    """Whether a stage is one that a use names; ``II`` and ``IIA`` fit each other."""
    number = value.rstrip("abc")
    return not values or any(
        number == own.rstrip("abc") and (value in {number, own} or own == number) for own in values
    )


def _gene(line: Line, place: int) -> str:
    """The name of a gene or receptor at a place: capitals and digits, or spelled out."""
    words = line.words
    pair = (words[place - 1] if place else "", words[place])
    if pair in _PHRASES:
        return _PHRASES[pair]
    word = words[place]
    if word == "ph":
        return word
    if word in {"alteration", "exon"} or line.classes[place] & {"product", "disease", "unit"}:
        return ""
    first, last = line.span(place, place + 1)
    raw = line.sentence.text[first - line.sentence.start : last - line.sentence.start]
    if shouts(line) or not 2 <= len(raw) <= 8:
        return ""
    capitals = sum(char.isupper() for char in raw)
    return word if capitals >= 2 and not _POINT.match(word) and word not in _NO_GENE else ""


def shouts(line: Line) -> bool:
    """Whether a line is written in capitals."""
    letters = [char for char in line.sentence.text if char.isalpha()]
    return sum(char.isupper() for char in letters) > 0.6 * max(1, len(letters))

"""What changed in the text of a label since the version before it, section by section."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from claims_library.anchors import fold
from claims_library.models import LabelSection, LabelVersion
from mlr.comparing import Block, ComparedBlock, compare, count_words

Values = dict[str, Any]
# sentences keep what differs short, and are compared in milliseconds where paragraphs take seconds
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+(?=[\[(“\"]?[A-Z0-9•])")
_AROUND = 1


def section_changes(before: LabelVersion, after: LabelVersion) -> list[Values]:
    """The sections whose text differs, in the order of the newer version; then those left out."""
    former = defaultdict[tuple[str, str], list[LabelSection]](list)
    for section in before.sections:
        former[_key(section)].append(section)
    found = []
    for section in after.sections:
        same = former[_key(section)]
        old = same.pop(0) if same else None
        found.append(_change(old, section, shown=section, state="changed" if old else "new"))
    found += [
        _change(section, None, shown=section, state="gone")
        for left in former.values()
        for section in left
    ]
    return [change for change in found if change is not None]


def _key(section: LabelSection) -> tuple[str, str]:
    """A section is the same one by its number; without a number by its name."""
    return ("", section.number) if section.number else (section.name, "")


def _change(
    before: LabelSection | None, after: LabelSection | None, *, shown: LabelSection, state: str
) -> Values | None:
    old, new = _sentences(before), _sentences(after)
    if [block.text for block in old] == [block.text for block in new]:
        return None
    compared = compare(old, new)
    return {
        "number": shown.number,
        "title": shown.title or shown.name.replace("_", " "),
        "state": state,
        "words": sum(_words(block) for block in compared),
        "lines": list(_lines(compared)),
    }


def _sentences(section: LabelSection | None) -> list[Block]:
    paragraphs: Sequence[str] = section.paragraphs if section is not None else ()
    return [
        Block("p", sentence)
        for paragraph in paragraphs
        for sentence in _SENTENCE.split(fold(paragraph))
        if sentence
    ]


def _lines(compared: Sequence[ComparedBlock]) -> Iterator[Values]:
    """What changed with a sentence around it; an empty line stands for what is left out."""
    near = {
        at + step
        for at, block in enumerate(compared)
        if block.changed
        for step in range(-_AROUND, _AROUND + 1)
    }
    skipped = False
    for at, block in enumerate(compared):
        if at not in near:
            skipped = True
            continue
        if skipped:
            yield {"delta": (), "changed": False}
        skipped = False
        yield {"delta": block.delta, "changed": block.changed}
    if skipped:
        yield {"delta": (), "changed": False}


def _words(block: ComparedBlock) -> int:
    return sum(count_words(text) for kind, text in block.delta if kind != "same")

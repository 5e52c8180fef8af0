"""Where the words of a document are on its printed pages: each text matched letter by letter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from exports.body import runs as runs_of
from exports.body import words
from exports.document import Block, Document
from exports.presentation import imprint_of
from exports.printed import frame_texts, letters
from exports.typeset import Run

_MARK = 0.75  # a mark is set this much smaller than the words it belongs to
_GAP = 1.6  # letters' widths between two columns


@dataclass(frozen=True)
class Found:
    """The runs of a document's parts.

    Attributes:
        blocks: runs by the code of the module, in the order of its texts.
        safety: runs of the safety information, marks left out.
        safety_runs: the same with its marks.
        imprint: runs of the block that ends the document.
        lines: the text of each line of blocks and safety information.
        body_size: the size most letters of the blocks are set in.
        texts: how many texts were looked for.
        lost: those that are on no page.
    """

    blocks: Mapping[str, tuple[Run, ...]]
    safety: tuple[Run, ...]
    safety_runs: tuple[Run, ...]
    imprint: tuple[Run, ...]
    lines: tuple[str, ...]
    body_size: float
    texts: int
    lost: tuple[str, ...]

    def of(self, block: Block) -> tuple[Run, ...]:
        """The runs of one block."""
        return self.blocks.get(block.module, ())


def locate(runs: Sequence[Run], document: Document) -> Found:
    """Find every text of a document among the runs of its pages."""
    pages = _Pages(runs)
    lost: list[str] = []
    count = 0
    blocks: dict[str, tuple[Run, ...]] = {}
    for block in document.parts:
        held: list[Run] = []
        for run in runs_of(block.body):
            count += 1
            # short texts of the safety information may stand elsewhere too: it comes last
            there = pages.find(words(run), last=block is document.isi)
            held += there
            if not there and letters(words(run)):
                lost.append(words(run))
        blocks[block.module] = tuple(dict.fromkeys(held))
    for text in frame_texts(document):
        count += 1
        if letters(text) and not pages.says(text):
            lost.append(text)
    safety = blocks.get(document.isi.module, ()) if document.isi else ()
    running = [run for block in document.blocks for run in blocks[block.module]]
    imprint = [
        run
        for label, value in imprint_of(document)
        if label == "Material"  # its code and version stand nowhere else like this
        for run in pages.find(value, last=True)
    ]
    return Found(
        blocks=blocks,
        safety=tuple(run for run in safety if not _is_mark(run, safety)),
        safety_runs=safety,
        imprint=tuple(imprint),
        lines=tuple(_lines([*running, *safety])),
        body_size=_usual_size(running),
        texts=count,
        lost=tuple(lost),
    )


def says_where(runs: Sequence[Run], page: int, what: str, number: int) -> bool:
    """Whether runs of a page say “on page 4” or “on slides 4 to 6” of a number, not of 40."""
    shown = letters("".join(run.text for run in runs if run.page == page))
    return re.search(rf"on{what}s?{number}(?!\d)", shown) is not None


def _usual_size(runs: Sequence[Run]) -> float:
    sizes: Counter[float] = Counter()
    for run in runs:
        sizes[round(run.size, 2)] += len(run.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_mark(run: Run, among: Sequence[Run]) -> bool:
    short = len(letters(run.text)) <= 6
    return short and run.size < _MARK * max(each.size for each in among)


def _lines(runs: Sequence[Run]) -> Iterator[str]:
    """Runs of one height that follow each other closely are one line."""
    held: dict[tuple[int, float], list[Run]] = {}
    for run in dict.fromkeys(runs):
        held.setdefault((run.page, round(run.y, 0)), []).append(run)
    for line in held.values():
        text, end = "", None
        for run in sorted(line, key=lambda each: each.x):
            if end is not None and run.x - end > _GAP * run.size:
                yield text
                text = ""
            text += run.text
            end = run.x + run.width
        yield text


class _Pages:
    """The letters of each page's text, and which run each letter is of."""

    def __init__(self, runs: Sequence[Run]) -> None:
        numbers = sorted({run.page for run in runs})
        self.pages = [self._page(runs, number, running=False) for number in numbers]
        self.heads = "".join(letters(run.text) for run in runs if run.running)

    @staticmethod
    def _page(runs: Sequence[Run], number: int, *, running: bool) -> tuple[str, list[Run]]:
        text, owners = "", []
        for run in runs:
            if run.page == number and run.running is running:
                plain = letters(run.text)
                text += plain
                owners += [run] * len(plain)
        return text, owners

    def says(self, text: str) -> bool:
        return bool(self.find(text)) or letters(text) in self.heads

    def find(self, text: str, *, last: bool = False) -> list[Run]:
        """The runs that set a text: on one page, or broken over two."""
        sought = letters(text)
        if not sought:
            return []
        for letters_, owners in reversed(self.pages) if last else self.pages:
            at = letters_.rfind(sought) if last else letters_.find(sought)
            if at >= 0:
                return _once(owners[at : at + len(sought)])
        for before, after in pairwise(self.pages):
            if broken := _broken(sought, before, after):
                return broken
        return []


def _once(runs: Sequence[Run]) -> list[Run]:
    return list(dict.fromkeys(runs))


def _broken(sought: str, before: tuple[str, list[Run]], after: tuple[str, list[Run]]) -> list[Run]:
    """A text that ends a run of one page and goes on with a run of the next."""
    for cut in range(len(sought) - 1, 0, -1):
        start = before[0].find(sought[:cut])
        if start < 0:
            continue
        rest = after[0].find(sought[cut:])
        end = start + cut
        ends = end == len(before[1]) or before[1][end] is not before[1][end - 1]
        if rest >= 0 and ends and (rest == 0 or after[1][rest] is not after[1][rest - 1]):
            return _once([*before[1][start:end], *after[1][rest : rest + len(sought) - cut]])
    return []

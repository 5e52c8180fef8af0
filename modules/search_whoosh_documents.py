"""How a text is kept in a Whoosh index: one weighted field, its key, and its words in a line."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from whoosh import columns, fields, formats
from whoosh.reading import SegmentReader

from modules.search import SearchDocument
from modules.search_whoosh_postings import KEY, WORDS
from modules.search_whoosh_ranking import LINE
from modules.search_words import STOP_WORDS, folded_words

IDENTITY = "identity"

# A word of the code or the title weighs as much as this many in the body.
HEAD_WEIGHT = 3
# BM25's length norm, with the length of a usual module in place of the average.
USUAL_LENGTH = 150
LENGTH_MATTERS = 0.6
# A segment in which more than this share is deleted is written anew.
WORN = 1 / 3
# So many segments of similar size are put together, as each costs every search a little.
ALIKE = 6
# Postings beyond this are sorted on disk; an index of 10,000 modules needs twice as much.
MEMORY_MB = 128


class WeightedWords(fields.FieldType):  # type: ignore[misc]  # Whoosh carries no types
    """A field whose value is a mapping of words to weights; nothing is analysed."""

    def __init__(self) -> None:
        # "scorable" only because Whoosh otherwise looks for a file of lengths at every posting
        super().__init__(format=formats.Existence(), analyzer=None, scorable=True)

    def index(self, value: Mapping[str, float], **_: object) -> Iterator[Any]:
        for word, weight in value.items():
            yield word.encode(), 1, weight, b""


def schema() -> Any:
    """The fields of an index of form ``search_whoosh_files.FORM``."""
    return fields.Schema(
        **{
            IDENTITY: fields.ID(unique=True),
            KEY: fields.COLUMN(columns.NumericColumn("q")),
            WORDS: WeightedWords(),
            LINE: fields.COLUMN(columns.VarBytesColumn()),
        }
    )


def stored(document: SearchDocument) -> dict[str, object]:
    """A text as the fields Whoosh keeps."""
    head = [folded_words(document.code), folded_words(document.title)]
    body = [folded_words(document.body), folded_words(document.tags)]
    counts: Counter[str] = Counter()
    for part in head:
        counts.update(dict.fromkeys(part, HEAD_WEIGHT))
    for part in body:
        counts.update(part)
    length = sum(map(len, (*head, *body)))
    norm = 1 - LENGTH_MATTERS + LENGTH_MATTERS * length / USUAL_LENGTH
    # the bar keeps a phrase from reaching from one part into the next
    line = " | ".join(" ".join(part) for part in (*head, *body))
    return {
        IDENTITY: str(document.key),
        KEY: document.key,
        WORDS: {word: n / norm for word, n in counts.items() if word not in STOP_WORDS},
        LINE: f" {line} ".encode(),
    }


def numbers_of(reader: Any, keys: Collection[int]) -> list[int]:
    """The document numbers of keys, as far as there are any."""
    found = []
    for leaf, offset in reader.leaf_readers():
        for key in keys:
            if (IDENTITY, str(key)) in leaf:
                found += [offset + n for n in leaf.postings(IDENTITY, str(key)).all_ids()]
    return found


def vocabulary(reader: Any) -> frozenset[str]:
    """Every word that occurs."""
    return frozenset(reader.field_terms(WORDS))


def merge(writer: Any, segments: Sequence[Any]) -> list[Any]:
    """Which segments a commit writes anew: worn ones, and as many of one size as there may be.

    Whoosh calls it with the writer and the former segments and keeps those it returns.
    """
    sizes: dict[int, list[Any]] = {}
    again = []
    for segment in segments:
        everything = segment.doc_count_all()
        if segment.deleted_count() > WORN * everything:
            again.append(segment)
        else:
            sizes.setdefault(int(math.log(max(everything, 1), ALIKE)), []).append(segment)
    kept: list[Any] = []
    for alike in sizes.values():
        (again if len(alike) >= ALIKE else kept).extend(alike)
    for segment in again:
        if segment.doc_count():
            with SegmentReader(writer.storage, writer.schema, segment) as reader:
                writer.add_reader(reader)
    return kept

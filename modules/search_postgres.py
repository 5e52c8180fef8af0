"""Full-text search in PostgreSQL: one GIN index, in the same transaction as everything else.

PostgreSQL's own parser reads ``KIS-M-003`` as two words and a negative number, so the words are cut
in Python, as for the embedded engine, and handed over as vectors. Of each word a vector holds the
stem (weight A in code and title, C below) and, marked with "=", the word itself (B and D), which
quotations and beginnings of words are looked up by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from sqlalchemy import REAL, BigInteger, any_, cast, delete, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, insert
from sqlalchemy.orm import Session

from modules.models import ModuleSearch
from modules.search import Hit, SearchDocument
from modules.search_query import Phrase, Query, parse
from modules.search_spelling import corrected
from modules.search_words import STOP_WORDS, folded_words, stem

# What a find in a vector is worth, in PostgreSQL's order: D, C, B, A.
WEIGHTS = [0.1, 0.4, 0.5, 1.0]
# ts_rank's way of letting length matter: divide by 1 + log(length).
BY_LENGTH = 1
BATCH = 500
# PostgreSQL keeps positions up to here, and so many of one word.
LAST_POSITION = 16_383
MOST_POSITIONS = 255
# Whose vocabulary spelling is corrected by: the newest texts.
VOCABULARY = "SELECT vector FROM module_search ORDER BY key DESC LIMIT 2000"
_LOCK = 0x436C5365


class PostgresSearch:
    """The engine inside one session; what it writes is committed with the session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(
        self, query: str, *, limit: int | None = None, among: Collection[int] | None = None
    ) -> list[Hit]:
        """See ``SearchEngine.find``."""
        asked = parse(query)
        if not asked:
            return []
        wanted = cast(literal(_tsquery(asked)), TSQUERY)
        weights = cast(literal(WEIGHTS, ARRAY(REAL)), ARRAY(REAL))
        # ts_rank counts the words of a phrase wherever they stand, ts_rank_cd where they meet
        rank = func.ts_rank_cd if asked.has_phrases else func.ts_rank
        score = rank(weights, ModuleSearch.vector, wanted, BY_LENGTH)
        found = select(ModuleSearch.key, score).where(ModuleSearch.vector.bool_op("@@")(wanted))
        if among is not None:
            keys = literal(list(among), ARRAY(BigInteger))
            found = found.where(ModuleSearch.key == any_(cast(keys, ARRAY(BigInteger))))
        ordered = found.order_by(score.desc(), ModuleSearch.key).limit(limit)
        return [Hit(key, rank) for key, rank in self._session.execute(ordered)]

    def index(self, documents: Iterable[SearchDocument]) -> None:
        """See ``SearchEngine.index``; documents are read with all other writers kept waiting."""
        self._only_writer()
        latest = {document.key: document for document in documents}
        self._put(latest[key] for key in sorted(latest))

    def remove(self, keys: Iterable[int]) -> None:
        """See ``SearchEngine.remove``."""
        self._session.execute(delete(ModuleSearch).where(ModuleSearch.key.in_(set(keys))))

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """See ``SearchEngine.rebuild``."""
        self._only_writer()
        self._session.execute(delete(ModuleSearch))
        seen: set[int] = set()

        def once() -> Iterator[SearchDocument]:
            for document in documents:
                if document.key in seen:
                    raise ValueError(f"key {document.key} twice")
                seen.add(document.key)
                yield document

        self._put(once())
        return len(seen)

    def ready(self) -> bool:
        """See ``SearchEngine.ready``: a table is always there."""
        return True

    def suggest(self, query: str) -> str | None:
        """See ``SearchEngine.suggest``; knows the words of the newest 2,000 texts."""
        return corrected(query, self._vocabulary)

    def _vocabulary(self) -> frozenset[str]:
        found = func.ts_stat(VOCABULARY).table_valued("word")
        words = self._session.scalars(select(found.c.word))
        return frozenset(word[1:] for word in words if word.startswith("="))

    def _only_writer(self) -> None:
        """Until the transaction ends; what is then read and written cannot be out of date."""
        self._session.execute(select(func.pg_advisory_xact_lock(_LOCK)))

    def _put(self, documents: Iterable[SearchDocument]) -> None:
        statement = insert(ModuleSearch)
        upsert = statement.on_conflict_do_update(
            index_elements=[ModuleSearch.key], set_={"vector": statement.excluded.vector}
        )
        left = iter(documents)
        while rows := [{"key": d.key, "vector": _vector(d)} for d in islice(left, BATCH)]:
            self._session.execute(upsert, rows)


def _vector(document: SearchDocument) -> str:
    """A text as PostgreSQL writes vectors: ``'=dosing':7B 'dose':7A``."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    position = 0
    parts = (
        (document.code, "A", "B"),
        (document.title, "A", "B"),
        (document.body, "C", "D"),
        (document.tags, "C", "D"),
    )
    for text, of_stem, of_word in parts:
        for word in folded_words(text):
            position = min(position + 1, LAST_POSITION)
            places[f"={word}"].append(f"{position}{of_word}")
            if word not in STOP_WORDS:
                places[stem(word)].append(f"{position}{of_stem}")
        position += 1  # no phrase reaches from one part into the next
    return " ".join(
        f"'{lexeme}':{','.join(found[:MOST_POSITIONS])}" for lexeme, found in places.items()
    )


def _tsquery(query: Query) -> str:
    """A query as PostgreSQL writes them; words are letters, digits and points, nothing else."""
    parts = [" | ".join(_phrase(phrase) for phrase in group) for group in query.groups]
    parts += [f"!({_phrase(phrase)})" for phrase in query.excluded]
    return " & ".join(f"({part})" for part in parts)


def _phrase(phrase: Phrase) -> str:
    *words, last = (f"'={word}'" for word in phrase.words)
    words.append(f"{last}:*" if phrase.prefix else last)
    if len(words) > 1:
        return f"({' <-> '.join(words)})"
    if phrase.exact:
        return words[0]
    stemmed = f"'{stem(phrase.words[0])}'"
    return f"({stemmed} | {words[0]})" if phrase.prefix else stemmed

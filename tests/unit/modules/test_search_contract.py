"""What both search engines promise: on SQLite it is Whoosh, on PostgreSQL its own full text."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from modules.search import SearchDocument, SearchEngine, asks_something, mark
from modules.search_postgres import PostgresSearch
from modules.search_whoosh import WhooshSearch
from records.database import make_engine

SURVIVAL = SearchDocument(
    3,
    "HAL-M-003",
    "Overall survival in first line",
    "The median overall survival was 63.9 months (HR 0.765; 95% CI: 0.628, 0.932; p<.001)\n"
    "in patients with HER2-negative disease. Also studied: 1,054 patients in CDK4/6 programmes.",
    "strategic ; pharmacy-and-therapeutics ; HAL-0007",
)
SAFETY = SearchDocument(
    4,
    "HAL-M-ISI",
    "Important safety information",
    "Hepatotoxicity: monitor liver function before every dose. Dosing may be interrupted. "
    "Naïve patients from Zürich were not studied. Survival was not an endpoint.",
    "strategic ; medical-director",
)
AGENDA = SearchDocument(9, "HAL-M-004", "Agenda", "Introductions, questions, next steps.")
TEXTS = (SURVIVAL, SAFETY, AGENDA)


@pytest.fixture
def empty(session: Session, tmp_path: Path) -> SearchEngine:
    if session.get_bind().dialect.name == "postgresql":
        return PostgresSearch(session)
    engine = WhooshSearch(tmp_path / "search")
    engine.rebuild([])
    return engine


@pytest.fixture
def filled(empty: SearchEngine) -> SearchEngine:
    empty.index(TEXTS)
    return empty


def keys(engine: SearchEngine, query: str, **options) -> list[int]:
    return [hit.key for hit in engine.find(query, **options)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("overall survival ", [3]),
        ("survival ", [3, 4]),  # the title weighs more than the body
        ("SURVIVAL overall ", [3]),
        ("surviving ", [3, 4]),  # the same stem
        ("dosed ", [4]),
        ("63.9", [3]),
        ("HR 0.765", [3]),
        ("p < 0.001", [3]),
        ("1054 ", [3]),
        ("1,054", [3]),
        ("HAL-M-003", [3]),
        ("hal-m-isi ", [4]),
        ("HAL-M-00", [3, 9]),
        ("HAL-M", [3, 4, 9]),
        ("HER2-negative", [3]),
        ("her2 negative ", [3]),
        ("CDK4/6", [3]),
        ("HAL-0007", [3]),
        ("medical director ", [4]),
        ("naive zurich ", [4]),
        ("NAÏVE ZÜRICH ", [4]),
        ("overall surv", [3]),
        ("hepatotox", [4]),
        ("hepatoto ", []),
        ("overall -HR", []),
        ("survival -overall ", [4]),
        ("survival NOT overall ", [4]),
        ("agenda OR hepatotoxicity ", [4, 9]),
        ("survival AND hepatotoxicity ", [4]),
        ('"overall survival was"', [3]),
        ('"survival overall"', []),
        ('"survivals"', []),
        ('"liver func', [4]),
        ('"Overall survival in first line The"', []),  # no phrase reaches over parts
        ("“next steps” agenda", [9]),
        ("the of survival ", [3, 4]),
        ("survival in", [3, 4]),
        ("63.8", []),
        ("0.76 ", []),
        ("unheard-of", []),
    ],
)
def test_finds_what_was_asked_for(filled: SearchEngine, query: str, expected: list[int]):
    assert sorted(keys(filled, query)) == expected


def test_the_title_and_the_code_weigh_more_than_the_body(filled: SearchEngine):
    filled.index([replace(AGENDA, body="See HAL-M-003 on overall survival in first line.")])

    assert keys(filled, "survival ") == [3, 9, 4] or keys(filled, "survival ") == [3, 4, 9]
    assert keys(filled, "HAL-M-003")[0] == 3
    assert keys(filled, "first line ")[0] == 3


def test_hits_come_best_first(filled: SearchEngine):
    scores = [hit.score for hit in filled.find("survival patients ")]

    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0


def test_a_changed_text_is_never_found_by_its_older_words(filled: SearchEngine):
    for number in range(12):  # enough commits for segments to be merged
        filled.index([replace(SURVIVAL, title=f"Edition {number}", body=f"word{number} only")])
        assert keys(filled, f"word{number} ") == [3]
        assert keys(filled, f"word{number - 1} ") == []
        assert keys(filled, "overall ") == []
    assert sorted(keys(filled, "hal ")) == [3, 4, 9]


def test_of_equal_keys_in_one_batch_the_last_counts(filled: SearchEngine):
    filled.index([replace(AGENDA, body="former"), replace(AGENDA, body="latter")])

    assert keys(filled, "former ") == []
    assert keys(filled, "latter ") == [9]
    filled.remove([9])
    assert keys(filled, "latter ") == []


def test_a_removed_text_is_gone_at_once(filled: SearchEngine):
    assert 4 in keys(filled, "survival ")

    filled.remove([4, 4_000])

    assert keys(filled, "survival ") == [3]
    assert keys(filled, "hepatotoxicity ") == []


def test_rebuilding_replaces_everything(filled: SearchEngine):
    assert filled.rebuild(iter([AGENDA, replace(SAFETY, body="nothing else")])) == 2

    assert keys(filled, "survival ") == []
    assert keys(filled, "else ") == [4]
    assert keys(filled, "agenda ") == [9]


def test_rebuilding_wants_each_key_once(filled: SearchEngine):
    with pytest.raises(ValueError, match="key 3 twice"):
        filled.rebuild([SURVIVAL, SURVIVAL])


def test_among_and_limit_narrow_the_answer(filled: SearchEngine):
    assert keys(filled, "strategic ", among={4}) == [4]
    assert keys(filled, "strategic ", among=[]) == []
    assert keys(filled, "hal ", limit=1) == keys(filled, "hal ")[:1]
    assert keys(filled, "hal ", among=range(5), limit=5) == [
        key for key in keys(filled, "hal ") if key < 5
    ]


def test_equals_stand_in_the_order_of_their_keys(empty: SearchEngine):
    empty.index(SearchDocument(key, "T-1", "Same", "text") for key in (30, 7, 21))
    empty.index([SearchDocument(14, "T-1", "Same", "text")])

    assert keys(empty, "same ") == [7, 14, 21, 30]


def test_keys_may_be_large(empty: SearchEngine):
    empty.index([replace(AGENDA, key=2_000_000_000)])

    assert keys(empty, "agenda ") == [2_000_000_000]


def test_an_empty_index_answers(empty: SearchEngine):
    assert empty.ready()
    assert empty.find("anything") == []
    assert empty.find("-anything") == []
    assert empty.suggest("anythin") is None
    empty.remove([1])
    empty.index([])


NASTY = [
    "", " ", "*", "AND", "OR", "NOT", '"', '""', "'", "\\", ":", "a:b", "~", "(", "((", "!", "&|",
    "[a TO", "{", "<->", ":*", "''", "'; DROP TABLE module; --", "%", "_", "-", "--", '-"', "\x00",
    "\ud800", "\u202e", "🂡", "日本語", "ﬁ", "İ", "½", "a" * 5_000, '"' * 5_000, "- " * 2_500,
    "OR " * 1_600, "1.1" * 1_600, "x " * 2_500, ("é" * 61 + " ") * 50, '"a b" OR ' * 500,
]  # fmt: skip


@pytest.mark.parametrize("query", NASTY)
def test_any_text_is_a_query(filled: SearchEngine, query: str):
    assert isinstance(filled.find(query), list)
    filled.suggest(query)


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(['"', "-", "OR", "NOT", "survival", "HAL-M", "63.9", "'", "(", "in", "s"]),
        max_size=9,
    ).map(" ".join)
)
def test_no_text_is_refused_and_hits_are_marked(filled: SearchEngine, query: str):
    hits = filled.find(query)
    if not asks_something(query):
        assert hits == []
    texts = {text.key: text for text in TEXTS}
    for hit in hits:
        text = texts[hit.key]
        shown = (text.code, text.title, text.body, text.tags)
        assert any(segment.hit for part in shown for segment in mark(query, part))


def test_misspelled_words_are_corrected(filled: SearchEngine):
    assert filled.suggest("hepatotoxcity monitoring") == "hepatotoxicity monitoring"
    assert filled.suggest("Overal  survvial, 63.9") == "overall  survival, 63.9"
    assert filled.suggest("overall survival") is None
    assert filled.suggest("qqqqqqqq") is None
    assert filled.suggest("63.8") is None


@pytest.fixture
def opened(database_url: str, tmp_path: Path) -> Iterator[OpenEngine]:
    opened = OpenEngine(database_url, tmp_path / "search")
    yield opened
    opened.close()


class OpenEngine:
    """Hands out engines whose writes are committed, as another thread or process would see them."""

    def __init__(self, url: str, path: Path) -> None:
        self.database = make_engine(url)
        self.path = path
        self.whoosh = self.database.dialect.name == "sqlite"

    def do(self, what):
        if self.whoosh:
            return what(WhooshSearch(self.path, patience=20))
        with Session(self.database) as session, session.begin():
            return what(PostgresSearch(session))

    def close(self) -> None:
        self.database.dispose()


def test_readers_see_whole_commits_while_a_writer_writes(opened: OpenEngine):
    documents = [SearchDocument(n, f"T-{n}", "Edition 0", "constant") for n in range(1, 21)]
    opened.do(lambda engine: engine.rebuild(documents))
    done = threading.Event()
    problems: list[object] = []
    searches = []

    def read() -> None:
        shared = WhooshSearch(opened.path) if opened.whoosh else None
        while not done.is_set():
            try:
                hits = (
                    shared.find("constant ")
                    if shared
                    else opened.do(lambda engine: engine.find("constant "))
                )
                if [hit.key for hit in hits] != list(range(1, 21)):
                    problems.append(hits)
            except Exception as error:  # noqa: BLE001 - whatever a thread raises is the finding
                problems.append(error)
            searches.append(1)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for edition in range(1, 25):
        again = [replace(document, title=f"Edition {edition}") for document in documents]
        opened.do(lambda engine, again=again: engine.index(again))
    opened.do(lambda engine: engine.rebuild(documents))
    opened.do(lambda engine: engine.rebuild(documents))
    done.set()
    for reader in readers:
        reader.join(30)

    assert problems == []
    assert searches


def test_writers_take_turns(opened: OpenEngine):
    opened.do(lambda engine: engine.rebuild([]))
    problems: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for edition in range(5):
                text = SearchDocument(number, f"T-{number}", f"edition{edition}", "constant")
                opened.do(lambda engine: engine.index([text]))  # noqa: B023 - called at once
        except BaseException as error:  # noqa: BLE001
            problems.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(1, 5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert problems == []
    assert opened.do(lambda engine: [hit.key for hit in engine.find("constant ")]) == [1, 2, 3, 4]
    assert opened.do(lambda engine: engine.find("edition3 ")) == []
    assert len(opened.do(lambda engine: engine.find("edition4 "))) == 4

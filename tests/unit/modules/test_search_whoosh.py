"""What only the embedded engine can get wrong: its folder, its files, its segments."""

from __future__ import annotations

import stat
import tracemalloc
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

import pytest

from modules.search import SearchBusy, SearchDocument, SearchUnavailable
from modules.search_whoosh import WhooshSearch
from modules.search_whoosh_files import IndexFolder
from modules.search_whoosh_postings import Postings

TEXT = SearchDocument(1, "T-1", "Title", "constant words")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "search"


@pytest.fixture
def engine(path: Path) -> WhooshSearch:
    engine = WhooshSearch(path, patience=0)
    engine.rebuild([TEXT])
    return engine


def keys(engine: WhooshSearch, query: str) -> list[int]:
    return [hit.key for hit in engine.find(query)]


def test_a_missing_index_is_said_to_be_missing(path: Path):
    engine = WhooshSearch(path)

    assert not engine.ready()
    for work in (lambda: engine.find("x1"), lambda: engine.index([TEXT])):
        with pytest.raises(SearchUnavailable, match="clearcopy reindex"):
            work()


def test_an_index_of_another_form_is_not_read(engine: WhooshSearch, path: Path):
    (path / "current").write_text("words0-1")

    assert not engine.ready()
    with pytest.raises(SearchUnavailable, match="clearcopy reindex"):
        engine.find("constant")
    engine.rebuild([TEXT])
    assert keys(engine, "constant") == [1]


@pytest.mark.parametrize("damage", [b"", b"rubbish" * 200])
def test_a_damaged_index_is_said_to_be_damaged_and_cured(path: Path, damage: bytes):
    WhooshSearch(path).rebuild([TEXT])
    live = path / (path / "current").read_text()
    for file in live.iterdir():
        file.write_bytes(damage)
    engine = WhooshSearch(path)

    with pytest.raises(SearchUnavailable, match=r"cannot be used .* `clearcopy reindex`"):
        engine.find("constant")
    with pytest.raises(SearchUnavailable, match="clearcopy reindex"):
        engine.index([TEXT])
    with pytest.raises(SearchUnavailable, match="clearcopy reindex"):
        engine.suggest("constaant")

    assert engine.rebuild([TEXT]) == 1
    assert keys(engine, "constant") == [1]


def test_a_rebuild_that_fails_leaves_the_former_index(engine: WhooshSearch):
    def texts():
        yield replace(TEXT, body="other words")
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        engine.rebuild(texts())

    assert keys(engine, "constant") == [1]
    engine.index([replace(TEXT, body="later words")])
    assert keys(engine, "later") == [1]


def test_nobody_else_may_read_or_write_the_folder(engine: WhooshSearch, path: Path):
    for folder in (path, path / (path / "current").read_text()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    path.chmod(0o770)

    with pytest.raises(SearchUnavailable, match="other users"):
        engine.find("constant")
    engine.rebuild([TEXT])
    assert keys(engine, "constant") == [1]


def test_a_second_writer_waits_and_then_says_so(engine: WhooshSearch, path: Path):
    with (
        IndexFolder(path).writing(),
        pytest.raises(SearchBusy, match="another process"),
    ):
        engine.index([replace(TEXT, body="other words")])

    assert keys(engine, "constant") == [1]
    engine.index([replace(TEXT, body="other words")])
    assert keys(engine, "other") == [1]


def test_segments_and_folders_do_not_pile_up(engine: WhooshSearch, path: Path):
    for number in range(60):
        engine.index([SearchDocument(number % 20 + 1, "T", "Title", f"constant n{number}")])
    reader = engine._own.snapshot.reader if keys(engine, "constant") else None

    assert reader is not None
    assert len(reader.leaf_readers()) <= 15
    assert keys(engine, "constant ") == list(range(1, 21))
    for _ in range(4):
        engine.rebuild([TEXT])
    assert len([each for each in path.iterdir() if each.is_dir()]) <= 2


def test_changing_nothing_commits_nothing(engine: WhooshSearch, path: Path):
    live = path / (path / "current").read_text()
    before = set(live.iterdir())

    engine.remove([99])
    engine.remove([])
    engine.index([])

    assert set(live.iterdir()) == before


def test_a_forked_process_opens_files_of_its_own(engine: WhooshSearch):
    assert keys(engine, "constant") == [1]
    context = get_context("fork")
    answers = context.Queue()
    process = context.Process(target=lambda: answers.put(keys(engine, "constant")))
    process.start()

    assert answers.get(timeout=20) == [1]
    process.join(20)
    engine.index([replace(TEXT, key=2)])
    assert keys(engine, "constant") == [1, 2]


def test_what_is_remembered_is_bounded(path: Path):
    engine = WhooshSearch(path)
    engine._postings = Postings(most=40)
    engine.rebuild(SearchDocument(n, f"T-{n}", "Title", f"constant w{n}") for n in range(1, 21))

    for number in range(1, 21):
        assert keys(engine, f"w{number} constant ") == [number]
    assert engine._postings._held <= 40


def test_each_threads_reader_reads_what_it_needs_and_copies_no_segment(path: Path):
    engine = WhooshSearch(path)
    many = "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 "
    engine.rebuild(SearchDocument(n, f"T-{n}", "Title", many * 40 + f"o{n}") for n in range(1, 801))
    (segment,) = path.glob("words*/*.seg")
    found: list[list[int]] = []

    def ask(number: int) -> None:
        found.append(keys(engine, f'"w1 w2" o{number} '))

    ask(7)
    tracemalloc.start()
    try:
        for number in (11, 12, 13):
            thread = Thread(target=ask, args=(number,))
            thread.start()
            thread.join()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == [[7], [11], [12], [13]]
    assert most < segment.stat().st_size / 2

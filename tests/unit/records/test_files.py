"""The file store: what comes out is what went in, or it is said that it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records import files
from records.errors import NotFound
from records.files import FileAltered, FileStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(data=st.binary(max_size=2000))
def test_bytes_come_back(session, store: FileStore, data: bytes) -> None:
    assert store.get(store.put(session, data, "application/pdf")) == data


def test_a_missing_file_is_said_to_be_missing(store: FileStore) -> None:
    with pytest.raises(NotFound):
        store.get("0" * 64)


@pytest.mark.parametrize("damaged", [b"", b"12345678", b"123456789"])
def test_damage_is_found_on_reading_and_healed_by_the_same_bytes(
    session, store: FileStore, damaged: bytes
) -> None:
    sha256 = store.put(session, b"87654321", "text/plain")
    store._path(sha256).write_bytes(damaged)
    with pytest.raises(FileAltered):
        store.get(sha256)
    assert store.put(session, b"87654321", "text/plain") == sha256
    assert store.get(sha256) == b"87654321"


def test_a_full_disk_leaves_no_half_files(session, store: FileStore, monkeypatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(session, b"bytes", "text/plain")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_many_are_laid_as_each_would_be(store: FileStore) -> None:
    found = [f"file {number % 9}".encode() for number in range(12)]
    assert store.lay_all(found) == [store.lay(data) for data in found]
    assert len([path for path in store.root.rglob("*") if path.is_file()]) == 9
    store._path(store.lay(found[0])).write_bytes(b"file X")
    assert [store.get(sha256) for sha256 in store.lay_all(found)] == found


@pytest.mark.parametrize("many", [1, 12])
def test_no_name_is_taken_before_the_bytes_are_on_the_disk(
    store: FileStore, many: int, monkeypatch
) -> None:
    """What is waited for first are bytes without a name; then the names themselves."""
    seen: list[tuple[int, int]] = []
    real = files._reach_disk

    def waited(descriptors) -> None:
        named = [path for path in store.root.rglob("*") if len(path.name) == 62]
        seen.append((len(named), len(descriptors)))
        real(descriptors)

    monkeypatch.setattr(files, "_reach_disk", waited)
    store.lay_all([f"file {number}".encode() for number in range(many)])
    (before, first), (after, _) = seen
    assert (before, first, after) == (0, many, many)


def test_a_system_without_one_call_for_all_waits_for_each(store: FileStore, monkeypatch) -> None:
    waited: list[int] = []
    monkeypatch.setattr(files, "_syncfs", lambda: None)
    monkeypatch.setattr("os.fsync", waited.append)
    store.lay_all([f"file {number}".encode() for number in range(12)])
    assert len(waited) > 12

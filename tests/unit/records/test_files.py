"""The file store: what comes out is what went in, or it is said that it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.errors import NotFound
from records.files import FileAltered, FileStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
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

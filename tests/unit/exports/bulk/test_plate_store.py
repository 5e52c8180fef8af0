"""Plates on disk: the same bytes as from a plate just made, and nothing anybody else put there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports.bulk import plate_store, printing
from exports.bulk.casting import make_plate
from exports.bulk.plate import Plate
from exports.bulk.plate_store import PlateStore
from exports.bulk.printing import PLATE, print_one
from exports.bulk.slots import blank, slots_of
from exports.copies import Press
from records.keys import Keyring
from tests.unit.exports.bulk.conftest import BRAND, document, greeted


@pytest.fixture(scope="module")
def plates() -> list[Plate]:
    return [make_plate(make(), brand=BRAND) for make in (document, greeted)]


@pytest.fixture
def store(tmp_path, keyring, plates) -> PlateStore:
    made = PlateStore(tmp_path / "plates", keyring)
    for plate in plates:
        made.put(plate, BRAND)
    return made


def found(store: PlateStore, made) -> Plate | None:
    return store.get(blank(made), slots_of(made), BRAND)


@pytest.mark.parametrize("which", [0, 1])
def test_a_plate_that_was_kept_gives_the_same_bytes(store, plates, keyring, which) -> None:
    made = (document, greeted)[which](7, name="Lakeshore Thoracic Institute")
    kept = found(store, made)
    assert kept is not None
    assert kept.fill(made, keyring=keyring) == plates[which].fill(made, keyring=keyring)


def test_another_layout_brand_or_address_is_not_found(store) -> None:
    made = document(3)
    assert found(store, replace(made, role="Payer")) is None
    assert store.get(blank(made), slots_of(made), replace(BRAND, ink="#000000")) is None
    elsewhere = replace(
        made, validity=replace(made.validity, url=made.validity.url.replace("https", "http"))
    )
    assert found(store, elsewhere) is None


@pytest.mark.parametrize("at", [0, 70, -1])
def test_a_changed_byte_is_no_plate(store, at) -> None:
    for path in store.folder.iterdir():
        data = bytearray(path.read_bytes())
        data[at] ^= 1
        path.write_bytes(data)
    assert found(store, document(3)) is None


def test_the_plate_of_another_key_or_name_is_no_plate(store, tmp_path) -> None:
    other = PlateStore(store.folder, Keyring(Ed25519PrivateKey.generate()))
    assert found(other, document(3)) is None
    one, two = store.folder.iterdir()
    kept = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(kept)
    assert found(store, document(3)) is None


def test_the_oldest_make_room(store, plates, monkeypatch) -> None:
    monkeypatch.setattr(plate_store, "KEPT", 1)
    store.put(plates[1], BRAND)
    assert found(store, document(3)) is None
    assert found(store, greeted(3)) is not None


def test_a_folder_that_cannot_be_written_stops_nothing(plates, tmp_path, keyring) -> None:
    (tmp_path / "file").write_text("not a folder")
    PlateStore(tmp_path / "file", keyring).put(plates[0], BRAND)


def test_a_second_worker_renders_nothing(tmp_path: Path, keyring, monkeypatch) -> None:
    press = Press(BRAND, "https://cc.example.org", tmp_path / "plates")
    monkeypatch.setattr(printing, "_plates", type(printing._plates)())
    first, way = print_one(document(5), press=press, keyring=keyring)
    printing._plates.clear()
    monkeypatch.setattr(printing, "make_plate", lambda *_, **__: pytest.fail("rendered again"))
    again = print_one(document(5), press=press, keyring=keyring)
    assert (first, PLATE) == again == (again[0], way)

"""Plates kept on disk: the workers of one machine make each layout once, and the next run none.

A file is JSON under the installation's seal. What is damaged, was put there by somebody else or is
of another program is no plate: it is made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from exports.brand import Brand
from exports.bulk.plate import Metadata, Plate, Tail, plate_fingerprint
from exports.bulk.proof import Proof
from exports.bulk.slots import Slots
from exports.bulk.writing import Prefix
from exports.document import Document
from exports.qr import drawer_of
from exports.seal import Part
from records.canonical import sha256
from records.keys import Keyring
from records.sealed_files import SealedFolder

KEPT = 400  # files; a plate is about 400 kB


@dataclass(frozen=True)
class _Written:
    """A plate as it is written down: without what is worked out from the rest."""

    exemplar: Document
    data: bytes
    rows: bytes
    parts: tuple[Part, ...]
    root: int
    info: int
    table: int
    size: int
    ident: bytes
    tail: Tail
    fonts: Mapping[str, int]
    metadata: Metadata
    proof: Proof
    longest: int
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", ser_json_bytes="base64", val_json_bytes="base64"
    )


@dataclass(frozen=True)
class PlateStore:
    """A folder of plates of one installation."""

    folder: Path
    keyring: Keyring

    @property
    def _files(self) -> SealedFolder:
        return SealedFolder(self.folder, self.keyring, "clearcopy-plate/2", KEPT)

    def get(self, constant: Document, slots: Slots, brand: Brand) -> Plate | None:
        """The plate of a layout, if it is there and is what this installation wrote."""
        body = self._files.get(_name(constant, slots.shape, slots.url, brand))
        if body is None:
            return None
        try:
            plate = _read(body, slots.shape)
        except ValidationError:
            return None
        return plate if plate.exemplar == constant else None

    def put(self, plate: Plate, brand: Brand) -> None:
        """Keep a plate."""
        name = _name(plate.exemplar, plate.shape, plate.drawer_url, brand)
        self._files.put(name, _adapter().dump_json(_written(plate)))


def _name(constant: Document, shape: tuple[object, ...], url: str, brand: Brand) -> str:
    """A name for all that the bytes of a plate depend on."""
    base, _, code = url.rpartition("/")
    return sha256(
        {
            "document": asdict(constant),
            "shape": repr(shape),
            "address": [base, len(code)],
            "brand": brand.sha256,
            "fingerprint": plate_fingerprint(constant.kind),
        }
    )


def _written(plate: Plate) -> _Written:
    prefix = plate.prefix
    return _Written(
        plate.exemplar,
        prefix.data,
        prefix.rows,
        prefix.parts,
        prefix.root,
        prefix.info,
        prefix.table,
        prefix.size,
        prefix.ident,
        plate.tail,
        plate.fonts,
        plate.metadata,
        plate.proof,
        plate.longest,
    )


def _read(body: bytes, shape: tuple[object, ...]) -> Plate:
    found = _adapter().validate_json(body)
    prefix = Prefix(
        data=found.data,
        rows=found.rows,
        parts=found.parts,
        root=found.root,
        info=found.info,
        table=found.table,
        size=found.size,
        ident=found.ident,
        hashed=hashlib.sha256(found.data),
    )
    return Plate(
        exemplar=found.exemplar,
        shape=shape,
        prefix=prefix,
        tail=found.tail,
        fonts=found.fonts,
        metadata=found.metadata,
        proof=found.proof,
        drawer=drawer_of(found.metadata.info["/exemplar-url"]),
        longest=found.longest,
    )


@cache
def _adapter() -> TypeAdapter[_Written]:
    return TypeAdapter(_Written)

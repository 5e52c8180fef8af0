"""Handing out the files of a run: each is asked about in that second, and leaves its trace."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from exports import validity
from exports.bulk import results
from exports.bulk.models import BulkDocument, BulkRun, DocumentState
from exports.models import ControlledCopy, CopyState, Material, MaterialVersion
from exports.policy import person_objections
from records import audit, clock, files, roles
from records.actions import Action
from records.audit import Entry
from records.database import Sessions
from records.errors import DomainError
from records.models import Person
from records.roles import Permission

PORTION = 100  # files asked about, and held in memory, at a time
TABLE = "result.csv"


@dataclass
class Delivery:
    """One handing out: ``left_out`` says by place why a file was not given."""

    sessions: Sessions
    run_id: int
    actor_id: int
    left_out: dict[int, str] = field(default_factory=dict)
    given: int = 0

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of every issued copy that may be used now."""
        after = 0
        while True:
            with self.sessions.write() as session:
                last, portion = self._portion(session, after)
            if last == after:
                return
            yield from portion
            after = last

    def table(self) -> Iterator[list[str]]:
        """Heads, then one row for each document, safe to open in a spreadsheet."""
        with self.sessions.read() as session:
            run = session.get_one(BulkRun, self.run_id)
            for row in results.rows(session, run, left_out=self.left_out):
                yield results.safe_cells(row)

    def _portion(self, session: Session, after: int) -> tuple[int, list[tuple[str, bytes]]]:
        actor = session.get_one(Person, self.actor_id)
        roles.require(actor, Permission.ISSUE_COPIES)
        held = _issued(session, self.run_id, after)
        found = validity.objections_of(session, [each[1] for each in held], at=clock.now())
        store, entries, portion = files.store_of(session), [], []
        for document, version, copy in held:
            reasons = [
                *_recalled(copy),
                *map(str, person_objections(copy.holder, version)),
                *map(str, found[version.id]),
            ]
            data = b""
            try:
                data = data if reasons else store.get(copy.file_sha256 or "")
            except DomainError as problem:
                reasons = [str(problem)]
            if reasons:
                self.left_out[document.place] = f"Not handed out: {' '.join(reasons)}"[:2000]
                continue
            label = f"copy {copy.number} of {version.label}"
            entries.append(Entry(Action.COPY_DOWNLOAD, (ControlledCopy.KIND, copy.number, label)))
            portion.append((results.file_name(version, copy), data))
        audit.record_many(session, entries, actor=actor)
        self.given += len(portion)
        return (held[-1][0].place if held else after), portion


def _issued(
    session: Session, run_id: int, after: int
) -> list[tuple[BulkDocument, MaterialVersion, ControlledCopy]]:
    rows = session.execute(
        select(BulkDocument, MaterialVersion, ControlledCopy)
        .join(MaterialVersion, MaterialVersion.id == BulkDocument.material_version_id)
        .join(ControlledCopy, ControlledCopy.number == BulkDocument.copy_number)
        .where(
            BulkDocument.run_id == run_id,
            BulkDocument.place > after,
            BulkDocument.state == DocumentState.ISSUED,
        )
        .options(
            joinedload(ControlledCopy.holder),
            joinedload(MaterialVersion.material).joinedload(Material.account),
        )
        .order_by(BulkDocument.place)
        .limit(PORTION)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _recalled(copy: ControlledCopy) -> Iterator[str]:
    if copy.state is not CopyState.ISSUED:
        yield f"Copy {copy.number:04d} is {copy.state.value.replace('-', ' ')}."


def zipped(delivery: Delivery) -> Iterator[bytes]:
    """One archive of all files and the table, piece by piece; the same files, the same bytes."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, data in delivery.files():
            archive.writestr(zipfile.ZipInfo(name), data)
            yield sink.taken()
        archive.writestr(zipfile.ZipInfo(TABLE), csv_text(delivery.table()))
    yield sink.taken()


def csv_text(rows: Iterable[list[str]]) -> str:
    """Rows as CSV."""
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    return target.getvalue()


class _Sink(io.RawIOBase):
    """What an archive is written to, and taken from again at once."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        held, self._pieces = b"".join(self._pieces), []
        return held

"""What became of a run: counts, one row for each document, the files that were issued."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from accounts.models import Account
from exports.bulk.models import BulkDocument, BulkRun, DocumentState
from exports.models import ControlledCopy, MaterialVersion
from records import files

COLUMNS = (
    *("place", "account", "name", "role", "state", "material", "version", "copy", "holder"),
    *("file", "sha256", "way", "reason"),
)
Row = tuple[str, ...]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def counts(session: Session, run: BulkRun) -> dict[str, int]:
    """How many documents are in each state, in the order of a document's life."""
    rows = session.execute(
        select(BulkDocument.state, func.count())
        .where(BulkDocument.run_id == run.id)
        .group_by(BulkDocument.state)
    )
    found = {row[0]: row[1] for row in rows}
    return {state.value: found[state] for state in DocumentState if state in found}


def in_words(found: Mapping[str, int]) -> str:
    """``12 issued, 3 refused``."""
    return ", ".join(f"{count} {state}" for state, count in found.items()) or "no documents"


def rows(
    session: Session, run: BulkRun, *, after: int = 0, limit: int | None = None
) -> Iterator[Row]:
    """One row for each document, as ``COLUMNS`` name them."""
    query = (
        select(BulkDocument, Account, MaterialVersion, ControlledCopy)
        .join(Account, Account.id == BulkDocument.account_id)
        .outerjoin(MaterialVersion, MaterialVersion.id == BulkDocument.material_version_id)
        .outerjoin(ControlledCopy, ControlledCopy.number == BulkDocument.copy_number)
        .where(BulkDocument.run_id == run.id, BulkDocument.place > after)
        .options(joinedload(ControlledCopy.holder))
        .order_by(BulkDocument.place)
        .limit(limit)
        .execution_options(yield_per=1000)
    )
    for row in session.execute(query):
        yield _row(*row)


def _row(
    document: BulkDocument,
    account: Account,
    version: MaterialVersion | None,
    copy: ControlledCopy | None,
) -> Row:
    return (
        str(document.place),
        account.code,
        account.name,
        document.role.value,
        document.state.value,
        version.code if version else "",
        version.version if version else "",
        f"{copy.number:04d}" if copy else "",
        copy.holder.email if copy else "",
        file_name(version, copy) if version and copy and copy.file_sha256 else "",
        (copy.file_sha256 or "") if copy else "",
        document.way,
        document.reason,
    )


def safe_cells(row: Sequence[str]) -> list[str]:
    """A row as spreadsheets may open it: no cell begins a formula."""
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row]


def files_of(session: Session, run: BulkRun) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file that was issued and may still be used."""
    store = files.store_of(session)
    query = (
        select(MaterialVersion.code, MaterialVersion.major, MaterialVersion.minor, ControlledCopy)
        .join(BulkDocument, BulkDocument.material_version_id == MaterialVersion.id)
        .join(ControlledCopy, ControlledCopy.number == BulkDocument.copy_number)
        .where(BulkDocument.run_id == run.id, BulkDocument.state == DocumentState.ISSUED)
        .order_by(BulkDocument.place)
        .execution_options(yield_per=500)
    )
    for code, major, minor, copy in session.execute(query):
        name = f"{code}-{major}.{minor}-copy-{copy.number:04d}.{copy.format}"
        yield name, store.get(copy.file_sha256 or "")


def file_name(version: MaterialVersion, copy: ControlledCopy) -> str:
    """What the file of a copy is called."""
    return f"{version.code}-{version.version}-copy-{copy.number:04d}.{copy.format}"

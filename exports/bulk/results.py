"""What became of a run: counts, compositions, one row for each document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from accounts.models import Account
from exports.bulk.models import BulkDocument, BulkRun, DocumentState
from exports.models import ControlledCopy, MaterialVersion
from records.vocabulary import Role

COLUMNS = (
    *("place", "account", "name", "role", "state", "material", "version", "copy", "holder"),
    *("file", "sha256", "way", "reason"),
)
Row = tuple[str, ...]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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


@dataclass(frozen=True, slots=True)
class Composition:
    """Documents with the same modules: how many there are, and the first of them to look at."""

    role: Role
    account: Account
    documents: int
    material: str


def compositions(session: Session, run: BulkRun) -> list[Composition]:
    """Every composition of a run of which something was assembled, largest first."""
    grouped = (
        select(func.min(BulkDocument.id).label("first"), func.count().label("documents"))
        .where(BulkDocument.run_id == run.id, BulkDocument.material_version_id.is_not(None))
        .group_by(BulkDocument.composition)
        .subquery()
    )
    found = session.execute(
        select(BulkDocument, MaterialVersion.code, grouped.c.documents)
        .join(grouped, grouped.c.first == BulkDocument.id)
        .join(MaterialVersion, MaterialVersion.id == BulkDocument.material_version_id)
        .options(joinedload(BulkDocument.account))
        .order_by(grouped.c.documents.desc(), BulkDocument.place)
    )
    return [Composition(row[0].role, row[0].account, row[2], row[1]) for row in found]


def reasons(session: Session, run: BulkRun) -> list[tuple[str, int]]:
    """Why documents were refused, failed or were given up, each with how many."""
    ends = (DocumentState.REFUSED, DocumentState.FAILED, DocumentState.CANCELLED)
    found = session.execute(
        select(BulkDocument.reason, func.count())
        .where(BulkDocument.run_id == run.id, BulkDocument.state.in_(ends))
        .group_by(BulkDocument.reason)
        .order_by(func.count().desc(), BulkDocument.reason)
    )
    return [(row[0], row[1]) for row in found]


def documents(
    session: Session, run: BulkRun, *, state: DocumentState | None, after: int, limit: int
) -> list[BulkDocument]:
    """One page of a run's documents by place."""
    query = (
        select(BulkDocument)
        .where(BulkDocument.run_id == run.id, BulkDocument.place > after)
        .options(joinedload(BulkDocument.account), joinedload(BulkDocument.material_version))
        .order_by(BulkDocument.place)
        .limit(limit)
    )
    if state is not None:
        query = query.where(BulkDocument.state == state)
    return list(session.scalars(query))


def newest(session: Session, *, before: int | None, limit: int) -> list[BulkRun]:
    """One page of runs, the newest first."""
    query = select(BulkRun).options(joinedload(BulkRun.created_by), joinedload(BulkRun.product))
    if before is not None:
        query = query.where(BulkRun.id < before)
    return list(session.scalars(query.order_by(BulkRun.id.desc()).limit(limit)))


def rows(
    session: Session, run: BulkRun, *, left_out: Mapping[int, str] = MappingProxyType({})
) -> Iterator[Row]:
    """The heads, then one row for each document; ``left_out`` gives further reasons by place."""
    yield COLUMNS
    query = (
        select(BulkDocument, Account, MaterialVersion, ControlledCopy)
        .join(Account, Account.id == BulkDocument.account_id)
        .outerjoin(MaterialVersion, MaterialVersion.id == BulkDocument.material_version_id)
        .outerjoin(ControlledCopy, ControlledCopy.number == BulkDocument.copy_number)
        .where(BulkDocument.run_id == run.id)
        .options(joinedload(ControlledCopy.holder))
        .order_by(BulkDocument.place)
        .execution_options(yield_per=1000)
    )
    for row in session.execute(query):
        yield _row(*row, left_out)


def _row(
    document: BulkDocument,
    account: Account,
    version: MaterialVersion | None,
    copy: ControlledCopy | None,
    left_out: Mapping[int, str],
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
        left_out.get(document.place, document.reason),
    )


def safe_cells(row: Sequence[str]) -> list[str]:
    """A row as spreadsheets may open it: no cell begins a formula."""
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row]


def file_name(version: MaterialVersion, copy: ControlledCopy) -> str:
    """What the file of a copy is called."""
    return f"{version.code}-{version.version}-copy-{copy.number:04d}.{copy.format}"

"""A module's past and present: its versions, who signed them, its reviews and its trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from mlr.models import ReviewJob, ReviewTask, Verdict
from modules.models import Module, ModuleVersion
from records.errors import NotFound
from records.models import AuditRow, Signature


def get_module(session: Session, code: str) -> Module:
    """The module with its latest and approved version and its owner, or ``NotFound``."""
    module = session.scalar(
        select(Module)
        .where(Module.code == code)
        .options(
            joinedload(Module.latest).joinedload(ModuleVersion.author),
            joinedload(Module.approved),
            joinedload(Module.owner),
            joinedload(Module.product),
        )
    )
    if module is None or module.latest is None:
        raise NotFound(f"There is no module {code}.")
    return module


def latest_of(module: Module) -> ModuleVersion:
    """The version that was written last; every module has one."""
    if module.latest is None:
        raise NotFound(f"{module.code} has no version.")
    return module.latest


def get_version(session: Session, module: Module, number: str) -> ModuleVersion:
    """One version by its number (``1.0``), or ``NotFound``."""
    major, _, minor = number.partition(".")
    version = None
    if major.isdecimal() and minor.isdecimal() and len(number) <= 12:
        version = session.scalar(
            select(ModuleVersion).where(
                ModuleVersion.module_id == module.id,
                ModuleVersion.major == int(major),
                ModuleVersion.minor == int(minor),
            )
        )
    if version is None:
        raise NotFound(f"{module.code} has no version {number}.")
    return version


def count_versions(session: Session, module: Module) -> int:
    """How many versions a module has."""
    return session.scalar(select(func.count()).where(ModuleVersion.module_id == module.id)) or 0


def versions_of(session: Session, module: Module, *, limit: int = 200) -> Sequence[ModuleVersion]:
    """A module's versions with their authors, newest first."""
    return session.scalars(
        select(ModuleVersion)
        .where(ModuleVersion.module_id == module.id)
        .options(joinedload(ModuleVersion.author))
        .order_by(ModuleVersion.id.desc())
        .limit(limit)
    ).all()


def version_ids(session: Session, module: Module) -> Sequence[int]:
    """The ids of all versions of a module."""
    return session.scalars(
        select(ModuleVersion.id).where(ModuleVersion.module_id == module.id)
    ).all()


def approving_signatures(
    session: Session, versions: Iterable[ModuleVersion]
) -> dict[int, list[Signature]]:
    """The signatures by which each version was approved, as recorded, by version id.

    What is recorded is shown; whether it holds is judged by ``mlr.standing``.
    """
    ids = [version.id for version in versions if version.approved_at is not None]
    found: dict[int, dict[int, list[Signature]]] = defaultdict(lambda: defaultdict(list))
    for signature in session.scalars(
        select(Signature)
        .where(
            Signature.subject_kind == ModuleVersion.KIND,
            Signature.subject_id.in_(ids),
            Signature.verdict == Verdict.APPROVE.value,
        )
        .order_by(Signature.id)
    ):
        found[signature.subject_id][signature.context.get("job", 0)].append(signature)
    return {id: by_job[max(by_job)] for id, by_job in found.items()}


def jobs_of(session: Session, ids: Iterable[int], *, limit: int = 50) -> Sequence[ReviewJob]:
    """The review jobs on these versions with their parts, newest first."""
    return (
        session.scalars(
            select(ReviewJob)
            .where(
                ReviewJob.subject_kind == ModuleVersion.KIND, ReviewJob.subject_id.in_(list(ids))
            )
            .options(
                joinedload(ReviewJob.opened_by),
                joinedload(ReviewJob.tasks).joinedload(ReviewTask.decided_by),
                joinedload(ReviewJob.tasks).joinedload(ReviewTask.signature),
            )
            .order_by(ReviewJob.id.desc())
            .limit(limit)
        )
        .unique()
        .all()
    )


def count_jobs(session: Session, ids: Iterable[int]) -> int:
    """How many review jobs these versions had."""
    return (
        session.scalar(
            select(func.count()).where(
                ReviewJob.subject_kind == ModuleVersion.KIND, ReviewJob.subject_id.in_(list(ids))
            )
        )
        or 0
    )


def trail_of(session: Session, ids: Iterable[int], *, limit: int = 50) -> Sequence[AuditRow]:
    """The newest rows of the trail about these versions."""
    return session.scalars(
        select(AuditRow)
        .where(AuditRow.subject_kind == ModuleVersion.KIND, AuditRow.subject_id.in_(list(ids)))
        .order_by(AuditRow.number.desc())
        .limit(limit)
    ).all()

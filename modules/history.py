"""A module's past and present: its versions, who signed them, its reviews and its trail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from mlr.models import ReviewJob, ReviewTask
from modules.models import Module, ModuleVersion
from records.errors import NotFound
from records.models import AuditRow
from records.people import NAME_ONLY


def get_module(session: Session, code: str) -> Module:
    """The module with its latest and approved version and its owner, or ``NotFound``."""
    module = session.scalar(
        select(Module)
        .where(Module.code == code)
        .options(
            joinedload(Module.latest).joinedload(ModuleVersion.author).options(*NAME_ONLY),
            joinedload(Module.approved),
            joinedload(Module.owner).options(*NAME_ONLY),
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


def versions_of(session: Session, module: Module, *, limit: int = 200) -> Sequence[ModuleVersion]:
    """A module's versions with their authors, newest first."""
    return session.scalars(
        select(ModuleVersion)
        .where(ModuleVersion.module_id == module.id)
        .options(joinedload(ModuleVersion.author).options(*NAME_ONLY))
        .order_by(ModuleVersion.id.desc())
        .limit(limit)
    ).all()


def version_ids(session: Session, module: Module) -> Sequence[int]:
    """The ids of all versions of a module."""
    return session.scalars(
        select(ModuleVersion.id).where(ModuleVersion.module_id == module.id)
    ).all()


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

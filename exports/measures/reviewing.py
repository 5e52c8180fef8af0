"""How long drafts and reviews take, how often they go round, and what waits in each discipline.

Medians and 90th percentiles are nearest-rank: the smallest value that at least half, or nine
tenths, of the cases do not exceed. Each is thus a value that really occurred, to a tenth of a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from claims_library.models import Claim, ClaimVersion, Product
from exports.measures.period import Asked, month_of, tenths_between
from exports.models import Material, MaterialVersion, TemplateVersion
from mlr.models import JobState, ReviewJob, ReviewTask
from modules.models import Module, ModuleVersion
from records.vocabulary import Discipline

# reviews that came to a verdict; what was taken back or ended by an edit did not
DECIDED = (JobState.APPROVED, JobState.RETURNED, JobState.REJECTED)
ALL = "all"
KIND, PRODUCT, MONTH, DISCIPLINE = "kind", "product", "month", "discipline"
# word of the kind, its version, and the way from there to the product
_KINDS: tuple[tuple[str, Any, Any, Any], ...] = (
    ("module", ModuleVersion, Module, ModuleVersion.module_id),
    ("claim", ClaimVersion, Claim, ClaimVersion.claim_id),
    ("material", MaterialVersion, Material, MaterialVersion.material_id),
    ("template", TemplateVersion, None, None),
)


@dataclass(frozen=True)
class Spread:
    """Days of the cases of one group; ``by`` says what it is a group of (``ALL``: everything).

    ``approved``, ``rounds`` and ``first`` are about those that ended in an approval: how many, how
    many circulations they had in all, and how many were approved on the first.
    """

    by: str
    group: str
    cases: int
    median: float
    ninetieth: float
    approved: int = 0
    rounds: int = 0
    first: int = 0


@dataclass(frozen=True)
class Waiting:
    """What is open in one discipline now, and how much of it should have been decided."""

    discipline: Discipline
    open: int
    overdue: int
    held: int


def in_review(session: Session, asked: Asked) -> list[Spread]:
    """From submission to the end of the review: reviews that came to a verdict in the period."""
    rows = _jobs(
        asked,
        tenths_between(ReviewJob.opened_at, ReviewJob.closed_at),
        month_of(ReviewJob.closed_at),
        ReviewJob.state.in_(DECIDED),
        *asked.holds(ReviewJob.closed_at),
    ).cte("reviews")
    return _spreads(session, rows, (ALL, KIND, PRODUCT, MONTH))


def in_draft(session: Session, asked: Asked) -> list[Spread]:
    """From the start of a version to its first submission: versions first submitted then."""
    rows = _jobs(
        asked,
        None,
        month_of(ReviewJob.opened_at),
        ReviewJob.circulation == 1,
        *asked.holds(ReviewJob.opened_at),
    ).cte("drafts")
    return _spreads(session, rows, (ALL, KIND, PRODUCT))


def by_discipline(session: Session, asked: Asked) -> list[Spread]:
    """From submission to each discipline's verdict: verdicts signed in the period."""
    jobs = _jobs(asked, literal(0), literal("")).subquery("known")
    query = (
        select(
            ReviewTask.discipline.label(DISCIPLINE),
            tenths_between(ReviewJob.opened_at, ReviewTask.decided_at).label("tenths"),
            null().label("state"),
            cast(0, Integer).label("circulation"),
        )
        .join(ReviewTask.job)
        .where(ReviewTask.verdict.is_not(None), *asked.holds(ReviewTask.decided_at))
    )
    if asked.product_id is not None:
        query = query.where(ReviewJob.id.in_(select(jobs.c.id)))
    return _spreads(session, query.cte("verdicts"), (DISCIPLINE,))


def waiting(session: Session, asked: Asked, at: datetime) -> list[Waiting]:
    """What is open at a moment, by discipline; the period does not matter."""
    query = (
        select(
            ReviewTask.discipline,
            func.count(),
            func.count().filter(ReviewJob.due_at < at),
            func.count(ReviewTask.holder_id),
        )
        .join(ReviewTask.job)
        .where(ReviewTask.open.is_(True), ReviewJob.state == JobState.OPEN)
        .group_by(ReviewTask.discipline)
    )
    if asked.product_id is not None:
        jobs = _jobs(asked, literal(0), literal(""), ReviewJob.state == JobState.OPEN)
        query = query.where(ReviewJob.id.in_(select(jobs.subquery("known").c.id)))
    found = {part: numbers for part, *numbers in session.execute(query)}
    return [Waiting(part, *found.get(part, (0, 0, 0))) for part in Discipline]


def _jobs(asked: Asked, days: Any, month: Any, *conditions: Any) -> Any:
    """Reviews with kind, product, month and days; ``days`` None: from the version's beginning."""
    parts: list[Select[Any]] = []
    for kind, version, thing, thing_id in _KINDS:
        product = thing.product_id if thing is not None else cast(null(), Integer)
        span = tenths_between(version.created_at, ReviewJob.opened_at) if days is None else days
        query = select(
            ReviewJob.id.label("id"),
            literal(kind).label(KIND),
            product.label(PRODUCT),
            month.label(MONTH),
            span.label("tenths"),
            cast(ReviewJob.state, String).label("state"),
            ReviewJob.circulation.label("circulation"),
        ).where(ReviewJob.subject_kind == version.KIND, *conditions)
        if thing is not None:
            query = query.join(version, version.id == ReviewJob.subject_id)
            query = query.join(thing, thing.id == thing_id)
            if asked.product_id is not None:
                query = query.where(thing.product_id == asked.product_id)
        elif asked.product_id is not None:
            continue
        elif days is None:
            query = query.join(version, version.id == ReviewJob.subject_id)
        parts.append(query)
    return union_all(*parts)


def _spreads(session: Session, rows: Any, groupings: Sequence[str]) -> list[Spread]:
    """Cases, median and ninetieth percentile of each group of each grouping, in one statement.

    Cases with the same tenths of a day are counted together first: there are few different ones,
    so that nothing large has to be sorted.
    """
    names = [by for by in groupings if by != ALL]
    approved = rows.c.state == JobState.APPROVED.value
    counted = (
        select(
            *(rows.c[name] for name in names),
            rows.c.tenths,
            func.count().label("cases"),
            func.count().filter(approved).label("approved"),
            func.coalesce(func.sum(rows.c.circulation).filter(approved), 0).label("rounds"),
            func.count().filter(approved, rows.c.circulation == 1).label("first"),
        )
        .group_by(*(rows.c[name] for name in names), rows.c.tenths)
        .cte("counted")
    )
    parts = [_ranked(counted, by) for by in groupings]
    return [
        Spread(by, group, int(cases), median / 10, ninetieth / 10, *map(int, numbers))
        for by, group, cases, median, ninetieth, *numbers in session.execute(union_all(*parts))
    ]


def _ranked(counted: CTE, by: str) -> Select[Any]:
    """One grouping: how many cases lie at or below each value, and what follows from that."""
    name = literal(ALL) if by == ALL else func.coalesce(cast(counted.c[by], String), "")
    sums = [func.sum(counted.c[each]).label(each) for each in _COUNTS]
    values = (
        select(name.label("name"), counted.c.tenths, *sums)
        .group_by(text("1"), counted.c.tenths)
        .subquery()
    )
    each, group = values.c, values.c.name
    upto = func.sum(each.cases).over(partition_by=group, order_by=each.tenths)
    size = func.sum(each.cases).over(partition_by=group)
    ranked = select(values, upto.label("upto"), size.label("size")).subquery().c
    return select(
        literal(by),
        ranked.name,
        func.sum(ranked.cases),
        func.min(case((ranked.upto * 2 >= ranked.size, ranked.tenths))),
        func.min(case((ranked.upto * 10 >= ranked.size * 9, ranked.tenths))),
        *(func.sum(ranked[name]) for name in _COUNTS[1:]),
    ).group_by(ranked.name)


_COUNTS = ("cases", "approved", "rounds", "first")


def products(session: Session) -> dict[int, str]:
    """Every product's brand, by name."""
    rows = session.execute(select(Product.id, Product.brand).order_by(Product.brand))
    return {row.id: row.brand for row in rows}

"""Lists of the desk: what somebody's own work waits for, and what soon may not be used any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import case, exists, select
from sqlalchemy.orm import Session, joinedload

from accounts.models import Account
from accounts.naming import printed_name
from accounts.queries import visible_to
from claims_library.models import Claim, ClaimVersion, LabelVersion
from cms.addresses import link, version_url
from cms.formatting import day, plural
from exports.models import Material, MaterialVersion
from mlr.models import JobState, ReviewJob
from modules import attention
from modules.catalogue import EXPIRING
from modules.models import ModuleVersion
from modules.queries import Row, until_of
from records import clock
from records.lifecycle import VersionState
from records.models import Person
from records.versions import Versioned
from records.vocabulary import Tier

Values = dict[str, Any]
SHOWN = 8
RECENT = timedelta(days=30)
_SIGNS = {"module_version": "doc", "material_version": "stack", "claim_version": "quote"}


def work_list(
    title: str,
    rows: Sequence[Values],
    *,
    empty: str,
    note: str = "",
    url: str | None = None,
    words: str = "",
) -> Values:
    """One list; ``url`` and ``words`` lead to the whole of it."""
    return {
        "title": title,
        "note": note,
        "url": url,
        "link": words,
        "empty": empty,
        "rows": list(rows),
    }


def returned(session: Session, person: Person) -> Values:
    """What reviewers sent back to its author, with what they said."""
    versions: list[ModuleVersion | MaterialVersion] = [
        *_own_modules(session, person, VersionState.CHANGES_REQUESTED),
        *_own_materials(session, person, VersionState.CHANGES_REQUESTED),
    ]
    said = _said(session, versions)
    rows = [_work(each, note=said.get(each.subject[:2], "")) for each in versions]
    return work_list(
        "Came back with changes", rows, empty="Nothing of yours waits for changes.", note=""
    )


def drafts(session: Session, person: Person) -> Values:
    """What somebody has begun, the last changed first."""
    total = attention.count_latest_of_author(session, person, VersionState.DRAFT)
    versions: list[Versioned] = [*_own_modules(session, person, VersionState.DRAFT)]
    versions += _own_materials(session, person, VersionState.DRAFT)
    versions.sort(key=lambda each: each.updated_at, reverse=True)
    rows = [_work(each, note=f"changed {day(each.updated_at)}") for each in versions[:SHOWN]]
    own = url_for("library.index", state="draft", owner=person.id)
    return work_list(
        "My drafts",
        rows,
        empty="No draft of yours is open.",
        url=own if total > SHOWN else None,
        words="All modules in draft",
    )


def in_review(session: Session, person: Person) -> Values:
    """What of somebody's is with the reviewers, the earliest due first."""
    jobs = session.scalars(
        select(ReviewJob)
        .where(ReviewJob.state == JobState.OPEN, ReviewJob.author_id == person.id)
        .order_by(ReviewJob.due_at, ReviewJob.id)
        .limit(SHOWN)
    ).all()
    now = clock.now()
    rows = []
    for job in jobs:
        waits = [task.discipline.label.lower() for task in job.tasks if task.open]
        late = job.due_at < now
        rows.append(
            {
                "sign": _SIGNS.get(job.subject_kind, "doc"),
                "title": job.subject_title or job.subject_label,
                "url": link("reviews.task", task_id=job.tasks[0].id) or "#",
                "serif": True,
                "facts": [job.subject_label, f"since {day(job.opened_at)}"],
                "state": "late" if late else "in-review",
                "flag": None,
                "words": f"due {day(job.due_at)}" if late else None,
                "note": f"waits for {_listed(waits)}" if waits else "",
            }
        )
    url = link("reviews.queue", show="submitted")
    return work_list(
        "With the reviewers",
        rows,
        empty="Nothing of yours is in review.",
        url=url if len(rows) == SHOWN else None,
        words="All I submitted",
    )


def endangered(session: Session, owner: Person | None = None) -> tuple[Values, int]:
    """Approved modules at risk, expired or about to be, and how many they are."""
    rows, total = attention.in_danger(session, owner=owner, limit=SHOWN)
    ends = until_of(session, rows)
    lines = [_danger(row, ends.get(row.version.module_id)) for row in rows]
    held: dict[str, Any] = {"owner": owner.id} if owner else {}
    url = url_for("library.index", standing=["expiring", "at-risk", "expired"], **held)
    values = work_list(
        "At risk or expiring",
        lines,
        empty="Every approved module may be used for 60 days and more.",
        note="the earliest end first" if lines else "",
        url=url if total > len(lines) else None,
        words=f"All {total:,}",
    )
    return values, total


def briefless(session: Session, person: Person) -> Values:
    """Strategic and growth accounts that have nothing approved yet, strategic ones first."""
    held = exists().where(Material.account_id == Account.id, Material.approved_id.is_not(None))
    found = session.scalars(
        select(Account)
        .where(visible_to(person), Account.tier.in_([Tier.STRATEGIC, Tier.GROWTH]), ~held)
        .order_by(case((Account.tier == Tier.STRATEGIC, 0), else_=1), Account.name, Account.id)
        .limit(SHOWN)
    ).all()
    rows = [
        {
            "sign": "building",
            "title": printed_name(each.name),
            "url": url_for("materials.start", account=each.code),
            "serif": False,
            "facts": [place for place in (printed_name(each.city), each.state) if place],
            "state": None,
            "flag": None,
            "words": None,
            "note": ", ".join(
                word.label for word in (each.tier, each.journey_phase) if word is not None
            ),
        }
        for each in found
    ]
    return work_list(
        "Accounts without a brief",
        rows,
        empty="Every strategic and growth account has an approved material.",
        note="strategic ones first" if rows else "",
        url=url_for("accounts.index", tier=["strategic", "growth"]),
        words="All of both tiers",
    )


def ending_claims(session: Session) -> Values:
    """Approved claims whose validity ends within 60 days, or has ended."""
    today = clock.today()
    found = session.scalars(
        select(ClaimVersion)
        .join(Claim, Claim.approved_id == ClaimVersion.id)
        .where(ClaimVersion.valid_until <= today + EXPIRING)
        .options(joinedload(ClaimVersion.claim).joinedload(Claim.product))
        .order_by(ClaimVersion.valid_until, ClaimVersion.id)
        .limit(SHOWN)
    ).all()
    rows = []
    for each in found:
        over = each.valid_until <= today
        rows.append(
            {
                **_work(each, note=f"valid until {day(each.valid_until)}"),
                "title": each.text,
                "facts": [each.label, each.claim.product.brand],
                "flag": "expired" if over else "expiring",
            }
        )
    return work_list(
        "Claims that end soon", rows, empty="Every approved claim is valid for 60 days and more."
    )


def new_labels(session: Session) -> Values:
    """Label versions that came lately: whatever rests on the ones before is to be looked at."""
    found = session.scalars(
        select(LabelVersion)
        .where(LabelVersion.imported_at >= clock.now() - RECENT)
        .options(joinedload(LabelVersion.product))
        .order_by(LabelVersion.imported_at.desc(), LabelVersion.id.desc())
        .limit(SHOWN)
    ).all()
    rows = [
        {
            "sign": "doc",
            "title": f"{each.product.brand}, label version {each.version}",
            "url": link("labels.show", set_id=each.set_id, version=each.version) or "#",
            "serif": False,
            "facts": [f"effective {day(each.effective)}", each.source_name],
            "state": None,
            "flag": None,
            "words": None,
            "note": f"imported {day(each.imported_at)}",
        }
        for each in found
    ]
    return work_list(
        "Labels of the last 30 days", rows, empty="No label was imported in the last 30 days."
    )


def _own_modules(session: Session, person: Person, state: VersionState) -> list[ModuleVersion]:
    return attention.latest_of_author(session, person, state, limit=SHOWN)


def _own_materials(
    session: Session, person: Person, state: VersionState
) -> Sequence[MaterialVersion]:
    return session.scalars(
        select(MaterialVersion)
        .join(Material, Material.latest_id == MaterialVersion.id)
        .where(MaterialVersion.author_id == person.id, MaterialVersion.state == state)
        .order_by(MaterialVersion.updated_at.desc(), MaterialVersion.id.desc())
        .limit(SHOWN)
    ).all()


def _work(version: Any, *, note: str) -> Values:
    """A version as a line; where one may go on working at it, it leads there."""
    return {
        "sign": _SIGNS.get(version.KIND, "doc"),
        "title": getattr(version, "title", version.label),
        "url": _working_url(version) or version_url(version),
        "serif": True,
        "facts": [version.label],
        "state": version.state.value,
        "flag": None,
        "words": None,
        "note": note,
    }


def _working_url(version: Any) -> str | None:
    if version.state not in (VersionState.DRAFT, VersionState.CHANGES_REQUESTED):
        return None
    endpoints = {"module_version": "modules.edit", "material_version": "materials.compose"}
    endpoint = endpoints.get(version.KIND)
    return link(endpoint, code=version.code) if endpoint else None


def _danger(row: Row, until: Any) -> Values:
    flag = str(row.standing) if row.standing else None
    left = (until - clock.today()).days if until else 0
    note = "a claim in it is not approved any more"
    if flag != "at-risk" and until is not None:
        note = f"ended {day(until)}" if left <= 0 else f"{plural(left, 'day')} left"
    line = _work(row.version, note=note)
    return {**line, "flag": flag, "facts": [row.version.label, row.version.module.owner.name]}


def _said(session: Session, versions: Iterable[Versioned]) -> dict[tuple[str, int], str]:
    """What the reviewers wrote when they sent versions back, by kind and id."""
    subjects = {each.subject[:2] for each in versions}
    if not subjects:
        return {}
    jobs = session.scalars(
        select(ReviewJob)
        .where(
            ReviewJob.subject_kind.in_({kind for kind, _ in subjects}),
            ReviewJob.subject_id.in_({id for _, id in subjects}),
            ReviewJob.state == JobState.RETURNED,
        )
        .order_by(ReviewJob.id)
    )
    found = {}
    for job in jobs:
        comments = [
            f"{task.discipline.label}: {task.comment}" for task in job.tasks if task.comment
        ]
        found[job.subject_kind, job.subject_id] = _short(" ".join(comments))
    return found


def _short(text: str, most: int = 160) -> str:
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0]} …"


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"

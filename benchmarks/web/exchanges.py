"""The exchanges of the workload, prepared before anything is measured.

Names and meaning are those of the workload the peer was measured with: 10,000 modules, 30,000
versions, 25 a page, eight writers and eight reviewers of each discipline.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.web.visiting import Visitor
from mlr.models import ReviewTask
from modules.models import Module, ModuleVersion
from records.lifecycle import VersionState
from records.vocabulary import Phase, Pillar, Role, Tier

PHRASES = (
    "pharmacy workload",
    "chair time",
    "budget impact",
    "quality of life",
    "monitoring schedule",
    "first dose",
    "patient selection",
    "progression",
    "adverse reactions",
    "order set",
    "evidence review",
    "dose interruption",
    "infusion",
    "outcomes",
    "care setting",
    "adherence",
)


@dataclass(frozen=True)
class Exchange:
    """One request and the statuses that mean it worked."""

    visitor: Visitor
    method: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)
    part: str = ""
    data: str = ""
    works: tuple[int, ...] = (200,)


@dataclass
class Cast:
    """Everybody who is signed in, and what is there to work on."""

    writers: list[Visitor]
    medical: list[Visitor]
    regulatory: list[Visitor]
    inspector: Visitor
    password: str
    free: Iterator[str]  # codes of drafts in no review
    approved: list[tuple[str, str, str]]  # code, first and last version number
    tasks: dict[str, Iterator[int]]  # discipline -> open tasks


Preparing = Callable[[Cast, int], list[Exchange]]


def gather(session: Session, cast: Cast, chance: random.Random) -> None:
    """Fill ``cast`` with what the installation holds."""
    drafts = session.scalars(
        select(Module.code)
        .join(ModuleVersion, Module.latest_id == ModuleVersion.id)
        .where(ModuleVersion.state == VersionState.DRAFT, Module.code.startswith("MOD-"))
    ).all()
    cast.free = iter(chance.sample(list(drafts), len(drafts)))
    modules = session.scalars(select(Module).limit(2000)).all()
    cast.approved = [
        (each.code, each.versions[-1].version, each.versions[0].version)
        for each in chance.sample(list(modules), 300)
    ]
    for discipline in ("medical", "regulatory"):
        found = session.scalars(
            select(ReviewTask)
            .where(ReviewTask.open, ReviewTask.discipline == discipline)
            .order_by(ReviewTask.id)
        ).all()
        last = [t.id for t in found if sum(other.open for other in t.job.tasks) == 1]
        first = [t.id for t in found if sum(other.open for other in t.job.tasks) > 1]
        cast.tasks[discipline] = iter(last if discipline == "regulatory" else first)


def _pages(path: Callable[[int], str], part: str = "") -> Preparing:
    def prepare(cast: Cast, count: int) -> list[Exchange]:
        turn = cycle(cast.writers)
        return [Exchange(next(turn), "GET", path(i), part=part) for i in range(count)]

    return prepare


def _plain(i: int) -> str:
    return f"/library?after=MOD-{(i * 37) % 9900:05d}&sort=title"


def _filter(i: int) -> str:
    pillars, phases, tiers = list(Pillar), list(Phase), list(Tier)
    chosen = {
        "pillar": pillars[i % len(pillars)].value,
        "phase": phases[i // len(pillars) % len(phases)].value,
        "tier": tiers[i // 30 % len(tiers)].value,
    }
    return f"/library?{urlencode(chosen)}"


def _search(i: int) -> str:
    return f"/library?{urlencode({'q': PHRASES[i % len(PHRASES)]})}"


def _search_filter(i: int) -> str:
    roles, pillars = list(Role), list(Pillar)
    chosen = {"pillar": pillars[i % len(pillars)].value, "role": roles[i % len(roles)].value}
    return f"{_search(i)}&{urlencode(chosen)}"


def _editing(cast: Cast, count: int) -> list[Exchange]:
    turn = cycle(cast.writers)
    codes = list(islice(cast.free, count))
    return [Exchange(next(turn), "GET", f"/modules/{code}/edit") for code in codes]


def _saving() -> Preparing:
    def prepare(cast: Cast, count: int) -> list[Exchange]:
        turn = cycle(cast.writers)
        found = []
        for number, code in enumerate(islice(cast.free, count)):
            visitor = next(turn)
            fields = visitor.form(f"/modules/{code}/edit", "/save")
            fields["title"] = f"{fields['title']} e{number}"
            fields["body"] += f"\n\nEdited sentence number {number} for the draft.\n"
            path = f"/modules/{code}/save"
            found.append(Exchange(visitor, "POST", path, fields, works=(302, 303)))
        return found

    return prepare


def _submitting(cast: Cast, count: int) -> list[Exchange]:
    """Drafts in whose text the check finds nothing that must be fixed; the others are passed by."""
    turn = cycle(cast.writers)
    found: list[Exchange] = []
    for code in cast.free:
        visitor = next(turn)
        try:
            path, fields = visitor.form_and_address(f"/modules/{code}/edit", "/submit")
        except LookupError:
            continue
        found.append(Exchange(visitor, "POST", path, fields, works=(302, 303)))
        if len(found) == count:
            break
    return found


def _approving(discipline: str) -> Preparing:
    def prepare(cast: Cast, count: int) -> list[Exchange]:
        turn = cycle(getattr(cast, discipline))
        found = []
        for task in islice(cast.tasks[discipline], count):
            visitor = next(turn)
            fields = visitor.form(f"/reviews/tasks/{task}", "/verdict")
            fields |= {"verdict": "approve", "comment": "", "password": cast.password}
            path = f"/reviews/tasks/{task}/verdict"
            found.append(Exchange(visitor, "POST", path, fields, works=(302, 303)))
        return found

    return prepare


def _comparing(cast: Cast, count: int) -> list[Exchange]:
    turn = cycle(cast.writers)
    return [
        Exchange(next(turn), "GET", f"/modules/{code}/compare?before={first}&after={last}")
        for code, first, last in islice(cycle(cast.approved), count)
    ]


def _of_modules(path: str) -> Preparing:
    def prepare(cast: Cast, count: int) -> list[Exchange]:
        turn = cycle(cast.writers)
        chosen = islice(cycle(cast.approved), count)
        return [Exchange(next(turn), "GET", path.format(code=code)) for code, _, _ in chosen]

    return prepare


def _desk(people: str) -> Preparing:
    def prepare(cast: Cast, count: int) -> list[Exchange]:
        turn = cycle(getattr(cast, people))
        return [Exchange(next(turn), "GET", "/") for _ in range(count)]

    return prepare


def _trail(cast: Cast, count: int) -> list[Exchange]:
    return [Exchange(cast.inspector, "GET", "/trail")] * count


# the peer's name of each operation -> how its exchanges are prepared
OPERATIONS: dict[str, Preparing] = {
    "list_plain": _pages(_plain),
    "list_filter": _pages(_filter),
    "search": _pages(_search),
    "search_filter": _pages(_search_filter),
    "search_partial": _pages(_search_filter, part="library"),
    "edit_get": _editing,
    "save_draft": _saving(),
    "autosave": _saving(),
    "submit": _submitting,
    "approve_first": _approving("medical"),
    "approve_final": _approving("regulatory"),
    "compare": _comparing,
    "history": _of_modules("/modules/{code}/versions"),
    "usage": _of_modules("/modules/{code}?tab=used"),
    "reviewer_home": _desk("medical"),
    "writer_home": _desk("writers"),
    "site_history": _trail,
    "workflow_report": _pages(lambda _: "/reviews"),
}

"""Which room answers for which kind of reviewed version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claims_library.models import Claim
from claims_library.review import CLAIMS
from exports.models import Material, Template
from exports.review import MATERIALS, TEMPLATES
from mlr.circulating import ReviewedKind
from modules.models import Module
from modules.review import MODULES
from records.errors import NotFound
from records.lifecycle import EDITABLE
from records.models import Person

KINDS: dict[str, tuple[type[Any], ReviewedKind[Any]]] = {
    "claim": (Claim, CLAIMS),
    "module": (Module, MODULES),
    "template": (Template, TEMPLATES),
    "material": (Material, MATERIALS),
}

# the kind word a review job carries -> the cycle that applies its outcome
CYCLES: dict[str, ReviewedKind[Any]] = {cycle.model.KIND: cycle for _, cycle in KINDS.values()}

# the kind word a review job carries -> the word people use for it
WORDS: dict[str, str] = {cycle.model.KIND: word for word, (_, cycle) in KINDS.items()}
WORDS["bulk_run"] = "bulk run"  # a batch of materials, signed on its own page


def numbered(session: Session, kind: str, code: str, number: str) -> Any:
    """One version of a claim, module, template or material by code and number, e.g. 2.0."""
    if kind not in KINDS:
        raise NotFound(f"There is no kind {kind}.")
    thing = session.scalar(select(KINDS[kind][0]).where(KINDS[kind][0].code == code))
    found = [each for each in thing.versions if each.version == number] if thing else []
    if not found:
        raise NotFound(f"There is no {kind} {code} with a version {number}.")
    return found[0]


def latest(session: Session, kind: str, code: str) -> Any:
    """The latest version of a claim, module, template or material by its code."""
    thing = session.scalar(select(KINDS[kind][0]).where(KINDS[kind][0].code == code))
    if thing is None or thing.latest is None:
        raise NotFound(f"There is no {kind} {code}.")
    return thing.latest


def drafts_held(session: Session, person: Person) -> list[tuple[str, str, int]]:
    """What somebody is writing: (words, kind, count) of their latest versions still in work."""
    found = []
    for kind, (table, cycle) in KINDS.items():
        count = session.scalar(
            select(func.count())
            .select_from(table)
            .join(cycle.model, table.latest_id == cycle.model.id)
            .where(cycle.model.author_id == person.id, cycle.model.state.in_(EDITABLE))
        )
        if count:
            found.append((f"{kind.capitalize()} drafts and versions in review", kind, count))
    return found


def approved(session: Session, kind: str, code: str) -> Any:
    """The approved version of a claim, module, template or material by its code."""
    thing = session.scalar(select(KINDS[kind][0]).where(KINDS[kind][0].code == code))
    if thing is None or thing.approved is None:
        raise NotFound(f"There is no {kind} {code} that is approved.")
    return thing.approved

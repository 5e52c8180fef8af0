"""The other pages at the same size: what each role opens, and the check of a text being written."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Account
from benchmarks.claims.synthetic import claims, texts
from benchmarks.web import filling, many_claims
from benchmarks.web.exchanges import Exchange
from benchmarks.web.visiting import Visitor
from claims_library.models import Claim
from exports.models import Material
from mlr.models import ReviewTask
from modules.models import Module

# milliseconds a person waits
PAGE_TARGET, CHECK_TARGET = 100, 50
SHELF = "one account of a rep"


@dataclass(frozen=True)
class Room:
    """One page for one role; several addresses are asked for in turn."""

    name: str
    role: str
    paths: Sequence[str]


def rooms(session: Session) -> list[Room]:
    """Every page that lists, counts or searches, at addresses that are there."""
    material = session.scalars(select(Material.code).order_by(Material.id)).first()
    number = session.scalars(
        select(Account.id)
        .join(Material, Material.account_id == Account.id)
        .where(Account.state == filling.TOWNS[0][1])
    ).first()
    module = session.scalars(
        select(Module.code).where(
            Module.code.startswith("MOD-"), Module.approved_id == Module.latest_id
        )
    ).first()
    claim = session.scalars(select(Claim.code).where(Claim.code.startswith("SYN-"))).first()
    task = session.scalars(
        select(ReviewTask.id).where(ReviewTask.open, ReviewTask.discipline == "legal")
    ).first()
    pages = [
        ("home of a writer", "writer", "/"),
        ("home of a reviewer", "medical", "/"),
        ("home of a librarian", "librarian", "/"),
        ("home of compliance", "compliance", "/"),
        ("home of an administrator", "administrator", "/"),
        ("home of an inspector", "inspector", "/"),
        ("home of a rep: accounts of the territory", "rep", "/field"),
        (SHELF, "rep", f"/field/{number}"),
        ("accounts of a rep, searched", "rep", "/field?q=system+42"),
        ("team board", "compliance", "/reviews/board"),
        ("team board, what is late", "compliance", "/reviews/board?late=1"),
        ("measures of twelve months", "compliance", "/measures"),
        ("measures of one product", "compliance", "/measures?product=VELORISTA"),
        ("library with facets", "compliance", "/library?pillar=operational-fit&state=approved"),
        ("coverage map", "writer", "/library/coverage"),
        ("coverage map of one product", "writer", "/library/coverage?product=VELORISTA"),
        ("a module", "writer", f"/modules/{module}"),
        ("claims", "writer", "/claims"),
        ("claims, searched", "writer", "/claims?q=survival"),
        ("claims of one product", "librarian", f"/claims?product={many_claims.BRAND}"),
        ("a claim", "writer", f"/claims/{claim}"),
        ("labels", "writer", "/labels"),
        ("materials", "writer", "/materials"),
        ("materials, searched", "librarian", "/materials?q=madison"),
        ("a material", "writer", f"/materials/{material}"),
        ("new material", "writer", "/materials/new"),
        ("accounts", "librarian", "/accounts"),
        ("accounts, searched", "librarian", "/accounts?q=duluth+42"),
        ("accounts of one state", "compliance", "/accounts?state=WI"),
        ("an account", "librarian", f"/accounts/{number}"),
        ("reviews, all open", "legal", "/reviews?show=open"),
        ("a review task with evidence", "legal", f"/reviews/tasks/{task}"),
        ("trail", "inspector", "/trail"),
        ("trail of one action", "inspector", "/trail?action=module_version:approve"),
        ("trail of one person", "inspector", "/trail?actor=9"),
        ("trail, far back", "inspector", "/trail?before=1000"),
        ("trail, searched", "inspector", f"/trail?q={module}"),
        ("people", "administrator", "/people"),
        ("copies", "rep", "/copies"),
    ]
    return [Room(name, role, [path]) for name, role, path in pages]


def exchanges_of(room: Room, visitors: dict[str, Visitor], count: int) -> list[Exchange]:
    """``count`` requests of a page."""
    visitor = visitors[room.role]
    return [Exchange(visitor, "GET", room.paths[i % len(room.paths)]) for i in range(count)]


def checks(writer: Visitor, count: int) -> list[Exchange]:
    """Texts of 500 words, each seen for the first time, checked against ten thousand claims."""
    library = claims(filling.Sizes().claims)
    path = f"/modules/{many_claims.MODULE}/check"
    bodies = texts(library, words=500, count=count, seed=random.randrange(1_000_000))
    return [Exchange(writer, "POST", path, data=json.dumps({"text": body})) for body in bodies]

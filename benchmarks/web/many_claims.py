"""One product with ten thousand approved claims, and a draft that is written against them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.claims.synthetic import claims
from benchmarks.web import texts
from benchmarks.web.ledger import Paper
from claims_library.models import Claim, ClaimVersion, Product
from claims_library.review import CLAIMS
from mlr.models import JobState, ReviewTier
from modules import operations
from modules.draft import ModuleDraft
from records.lifecycle import VersionState
from records.roles import StaffRole
from records.vocabulary import Audience, Channel, Market, ModuleKind, Phase, Pillar, Role, Tier

if TYPE_CHECKING:
    from benchmarks.web.filling import Fill

BRAND = texts.OF_MANY_CLAIMS[0]
MODULE = "MER-M-900"


def add(session: Session, made: Fill, count: int) -> None:
    """Invented claims beside the imported ones, whose place in the label they borrow."""
    product = session.scalars(select(Product).where(Product.brand == BRAND)).one()
    model = session.scalars(
        select(ClaimVersion)
        .join(Claim, Claim.latest_id == ClaimVersion.id)
        .where(Claim.product_id == product.id)
    ).first()
    if model is None:
        raise LookupError(BRAND)
    writers = made.people[StaffRole.WRITER]
    at = made.now - timedelta(days=800)
    first = session.scalar(select(func.max(Claim.id))) or 0
    first_version = session.scalar(select(func.max(ClaimVersion.id))) or 0
    for number, said in enumerate(claims(count), start=1):
        author = writers[number % len(writers)]
        version = ClaimVersion(
            id=first_version + number,
            claim_id=first + number,
            code=said.code,
            text=said.text,
            variations=list(said.variations),
            population=said.population,
            author_id=author.id,
            created_at=at,
            major=0,
            minor=1,
            **{name: getattr(model, name) for name in _BORROWED},
        )
        version.seal_content()
        paper = Paper(
            kind=version.KIND,
            id=version.id,
            label=version.label,
            title=said.text[:200],
            sha256=version.content_sha256,
            author=author,
            steps=CLAIMS.steps,
            tier=ReviewTier.FULL,
        )
        made.ledger.review(paper, at=at, turn=number, state=JobState.APPROVED)
        approved = at + timedelta(days=3)
        version.state, version.major, version.minor = VersionState.APPROVED, 1, 0
        version.approved_at = version.updated_at = approved
        version.revision, version.ended_at = 1, None
        made.add(Claim, id=first + number, code=said.code, product_id=product.id, created_at=at)
        made.add(
            ClaimVersion,
            **{
                each.key: getattr(version, each.key)
                for each in ClaimVersion.__mapper__.column_attrs
            },
        )
        ends = {"id": first + number, "latest_id": version.id, "approved_id": version.id}
        made.ends.append(ends)


_COLUMNS = [each.key for each in ClaimVersion.__mapper__.column_attrs]
_BORROWED = (
    *("label_version_id", "label_ref", "type", "pillar", "indication", "qualifiers", "companions"),
    *("audiences", "channels", "markets", "reference", "locator", "excerpt", "anchor"),
    *("valid_from", "valid_until"),
)


def add_module(session: Session, made: Fill) -> None:
    """The draft somebody is writing."""
    draft = ModuleDraft(
        code=MODULE,
        brand=BRAND,
        title="A draft against ten thousand claims",
        kind=ModuleKind.TEXT,
        body="Thank you for meeting our team.",
        pillar=Pillar.OPERATIONAL_FIT,
        phases=(Phase.DISCOVERY,),
        roles=(Role.PHARMACY_DIRECTOR,),
        tiers=(Tier.STRATEGIC,),
        channels=(Channel.BRIEF,),
        market=Market.US,
        audience=Audience.HCP,
        requires=(),
        excludes=(),
        valid_until=(made.now + timedelta(days=300)).date(),
    )
    operations.create_module(session, draft, actor=made.people[StaffRole.WRITER][0])

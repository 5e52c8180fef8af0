"""Rows for tests as the program would leave them: people, a label, claims, modules, approvals.

``sign`` gives the signatures of a real review cycle without the cost of hashing passwords, so that
a test about what comes after an approval need not walk through one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from accounts.models import Account
from claims_library.models import Claim, ClaimVersion, LabelSection, LabelVersion, Product
from mlr.models import ReviewTier
from mlr.packs import pack
from modules import notices, pinning
from modules.models import Module, ModuleVersion
from records import audit, clock
from records.actions import Action
from records.canonical import sha256
from records.database import keyring_of
from records.lifecycle import VersionState
from records.models import Person, PersonRole, PersonTerritory, Signature
from records.roles import StaffRole
from records.signatures import sealed_bytes
from records.versions import Versioned
from records.vocabulary import (
    Audience,
    Channel,
    ClaimType,
    Market,
    ModuleKind,
    Phase,
    Pillar,
    Role,
    Tier,
)

_numbers = count(1)
UNTIL = date(2028, 1, 1)


def person(session: Session, *held: StaffRole, territory: Iterable[str] = ()) -> Person:
    """Somebody with these roles; every call makes another person."""
    number = next(_numbers)
    made = Person(
        email=f"person{number}@example.org",
        name=f"Person {number}",
        created_at=clock.now(),
        role_rows=[PersonRole(role=role) for role in held],
        territory_rows=[PersonTerritory(state=state) for state in territory],
    )
    session.add(made)
    session.flush()
    return made


def account(session: Session, code: str = "A-1", **values: Any) -> Account:
    """One account in Wisconsin, unless told otherwise."""
    now = clock.now()
    given = {
        "name": "Riverside Valley Health System",
        "type": "General acute care",
        "city": "Madison",
        "state": "WI",
        "care_setting": "academic cancer center",
        "tier": Tier.STRATEGIC,
        "facts": {},
        "created_at": now,
        "updated_at": now,
    }
    made = Account(code=code, **{**given, **values})
    session.add(made)
    session.flush()
    return made


def product(session: Session, brand: str = "HALVORYN", generic: str = "ostavatinib") -> Product:
    """An invented product."""
    made = Product(
        brand=brand,
        generic=generic,
        dosage_form="capsules",
        manufacturer="Northlight Therapeutics",
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made


def label(
    session: Session,
    of: Product,
    *,
    by: Person,
    version: int = 1,
    effective: date = date(2026, 1, 1),
    says: Sequence[str] = ("The overall response rate was 57% (95% CI: 49, 65).",),
    more: Sequence[LabelSection] = (),
) -> LabelVersion:
    """One label version with a section the claims of tests speak of."""
    made = LabelVersion(
        product_id=of.id,
        set_id=f"set-{of.brand.casefold()}",
        version=version,
        effective=effective,
        source_name="label.json",
        source_kind="openfda",
        source_sha256=sha256([version, *says, *(each.paragraphs for each in more)]),
        imported_at=clock.now(),
        imported_by_id=by.id,
        sections=[
            LabelSection(
                position=0,
                code="34092-7",
                name="clinical_studies",
                number="14",
                title="CLINICAL STUDIES",
                paragraphs=list(says),
            ),
            *more,
        ],
    )
    session.add(made)
    session.flush()
    return made


def claim(
    session: Session, code: str, *, of: LabelVersion, author: Person, **values: Any
) -> ClaimVersion:
    """A draft claim anchored in the label."""
    now = clock.now()
    thing = Claim(code=code, product_id=of.product_id, created_at=now)
    session.add(thing)
    session.flush()
    given = {
        "text": "The overall response rate was 57% (95% CI: 49, 65) with HALVORYN.",
        "variations": ["57% overall response rate"],
        "type": ClaimType.EFFICACY,
        "pillar": Pillar.CLINICAL_DIFFERENTIATION,
        "qualifiers": [],
        "companions": ["ISI"],
        "audiences": [each.value for each in Audience],
        "channels": [each.value for each in Channel],
        "markets": ["US"],
        "reference": "LABEL",
        "locator": "14 clinical_studies",
        "excerpt": "The overall response rate was 57% (95% CI: 49, 65).",
        "anchor": {"section": "14"},
        "valid_from": date(2026, 1, 1),
        "valid_until": UNTIL,
    }
    version = ClaimVersion(
        claim_id=thing.id,
        label_version_id=of.id,
        code=code,
        label_ref=f"{of.set_id} v{of.version}",
        author_id=author.id,
        created_at=now,
        updated_at=now,
        **{**given, **values},
    )
    version.seal_content()
    session.add(version)
    session.flush()
    thing.latest = version
    session.flush()
    return version


def module(
    session: Session, code: str, *, of: Product, author: Person, **values: Any
) -> ModuleVersion:
    """A draft module for every role, phase, tier and channel, unless told otherwise."""
    now = clock.now()
    thing = session.query(Module).filter_by(code=code).one_or_none()
    if thing is None:
        thing = Module(code=code, product_id=of.id, owner_id=author.id, created_at=now)
        session.add(thing)
        session.flush()
    given = {
        "title": f"About {code}",
        "kind": ModuleKind.TEXT,
        "body": "## A heading\n\nWords that claim nothing.",
        "pillar": Pillar.CLINICAL_DIFFERENTIATION,
        "phases": [each.value for each in Phase],
        "roles": [each.value for each in Role],
        "tiers": [each.value for each in Tier],
        "channels": [each.value for each in Channel],
        "market": Market.US,
        "audience": Audience.HCP,
        "requires": [],
        "excludes": [],
        "companions": [],
        "valid_until": UNTIL,
        "pins": [],
    }
    latest = thing.latest
    version = ModuleVersion(
        module_id=thing.id,
        code=code,
        brand=of.brand,
        major=latest.major if latest else 0,
        minor=latest.minor + 1 if latest else 1,
        author_id=author.id,
        created_at=now,
        updated_at=now,
        content_sha256="",
        **{**given, **values},
    )
    session.add(version)
    session.flush()
    pinning.pin(session, version)
    version.seal_content()
    session.flush()
    pinning.write_links(session, version)
    thing.latest = version
    session.flush()
    notices.write_tags(session, thing, version)
    return version


def sign(session: Session, version: Versioned, *, by: Iterable[Person]) -> None:
    """Approve a version by these people's sealed signatures, one for each demanded discipline."""
    tier = ReviewTier(version.least_tier())
    demanded = pack(Market.US).demands(tier)
    version.seal_content()
    session.flush()
    context = {
        "job": next(_numbers),
        "pack": pack(Market.US).name,
        "tier": tier.value,
        "disciplines": [each.value for each in demanded],
    }
    for discipline, signer in zip(demanded, by, strict=False):
        signature = Signature(
            person_id=signer.id,
            printed_name=signer.name,
            at=clock.now(),
            meaning="I approve it.",
            discipline=discipline.value,
            verdict="approve",
            subject_kind=version.KIND,
            subject_id=version.id,
            content_sha256=version.content_sha256,
            context=context,
        )
        signature.seal = keyring_of(session).seal(sealed_bytes(signature))
        session.add(signature)
        session.flush()
        audit.record(
            session,
            Action.SIGNATURE_GIVE,
            actor=signer,
            subject=version.subject,
            after={"signature": signature.id},
        )
    version.state = VersionState.APPROVED
    version.major, version.minor = version.major + 1, 0
    version.approved_at = clock.now()
    session.flush()
    _supersede_former(session, version)


def _supersede_former(session: Session, version: Any) -> None:
    thing = next(
        getattr(version, name)
        for name in ("claim", "module", "template", "material")
        if hasattr(version, name)
    )
    former = thing.approved
    if former is not None and former is not version:
        former.state = VersionState.SUPERSEDED
        former.ended_at = clock.now()
    thing.approved = version
    session.flush()

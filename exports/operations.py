"""What people do with templates and materials: import, assemble, rearrange, go on from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Account
from accounts.queries import visible_to
from accounts.tiering import tier_of
from claims_library.models import LabelVersion, Product
from claims_library.operations import current_label
from exports import numbering, personalising, rules, selecting
from exports.arranging import (
    add_part,
    arrange,
    change_parts,
    iso,
    move_part,
    offers,
    remove_part,
    set_tokens,
    settle,
)
from exports.frame import Frame, of_json
from exports.models import Material, MaterialVersion, TemplateVersion
from exports.templating import ImportReport, approved_template, import_template
from records import audit, clock, roles
from records.actions import Action
from records.errors import NotFound, Objection, refuse
from records.lifecycle import EDITABLE
from records.models import Person
from records.roles import Permission
from records.vocabulary import Market, Phase, Role

__all__ = [
    "ImportReport",
    "Order",
    "add_part",
    "approved_template",
    "assemble",
    "change_parts",
    "import_template",
    "move_part",
    "new_version",
    "offers",
    "remove_part",
    "set_tokens",
]


@dataclass(frozen=True)
class Order:
    """What a writer asks for."""

    account: str
    product: str
    role: Role
    phase: Phase | None = None
    template: str = "brief"
    meeting_date: date | None = None
    agenda: tuple[str, ...] = ()


def assemble(session: Session, order: Order, *, actor: Person) -> MaterialVersion:
    """Propose a material for one account and role: a draft of effective modules that fit."""
    roles.require(actor, Permission.ASSEMBLE)
    account = session.scalar(
        select(Account).where(Account.code == order.account, visible_to(actor))
    )
    if account is None:
        raise NotFound(f"There is no account {order.account}.")
    product = session.scalar(select(Product).where(Product.brand == order.product))
    if product is None:
        raise NotFound(f"There is no product {order.product}.")
    refuse(_product_objections(product))
    template = approved_template(session, order.template, Market.US)
    frame = of_json(template.frame)
    refuse(
        [
            *personalising.meeting_objections(order.meeting_date, clock.today()),
            *personalising.agenda_objections(order.agenda, frame),
        ]
    )
    label = current_label(session, product.brand)
    if label is None:
        raise NotFound(f"There is no label of {product.brand}.")
    material = _new_material(session, order, account, product, frame, actor=actor)
    version = _new_version(session, material, template, label, account, order, actor=actor)
    found = offers(session, version)
    codes = [offer.version.code for offer in selecting.proposed(found, frame)]
    if not codes:
        refuse([Objection("nothing-fits", _nothing_fits(found), where=order.account)])
    arrange(session, version, codes, strict=False)
    settle(session, version)
    audit.record(
        session,
        Action.MATERIAL_ASSEMBLE,
        actor=actor,
        subject=version.subject,
        after={
            "account": account.code,
            "role": order.role,
            "template": template.label,
            "modules": [part["module"] for part in version.parts],
        },
    )
    return version


def _product_objections(product: Product) -> list[Objection]:
    if product.investigational:
        sentence = f"{product.brand} is investigational and may not have promotional materials."
        return [Objection("investigational", sentence, where=product.brand)]
    return []


def _nothing_fits(found: Sequence[selecting.Offer]) -> str:
    sample = next((f" {o.version.code}: {o.reasons[0]}" for o in found if o.reasons), "")
    return f"No approved module fits this account, role and phase.{sample}"


def _new_material(
    session: Session,
    order: Order,
    account: Account,
    product: Product,
    frame: Frame,
    *,
    actor: Person,
) -> Material:
    material = Material(
        code=numbering.next_material_code(session, frame.material_prefix),
        product=product,
        account=account,
        role=order.role,
        phase=order.phase or account.journey_phase or Phase.DISCOVERY,
        market=frame.market,
        audience=selecting.audience_for(order.role),
        channel=frame.channel,
        owner_id=actor.id,
        created_at=clock.now(),
    )
    session.add(material)
    session.flush()
    return material


def _new_version(
    session: Session,
    material: Material,
    template: TemplateVersion,
    label: LabelVersion,
    account: Account,
    order: Order,
    *,
    actor: Person,
) -> MaterialVersion:
    now = clock.now()
    frame = of_json(template.frame)
    facts = personalising.facts_of(account)
    version = MaterialVersion(
        material=material,
        template_version=template,
        label_version=label,
        code=material.code,
        title=frame.title_pattern.format(brand=material.product.brand, account=facts["name"]),
        frame={
            "role": material.role.value,
            "phase": material.phase.value,
            "tier": tier_of(account).tier.value,
            "market": material.market.value,
            "audience": material.audience.value,
            "channel": material.channel.value,
            "brand": material.product.brand,
            "template": template.label,
            "template_sha256": template.content_sha256,
            "label": f"{label.set_id} v{label.version}",
            "meeting_date": iso(order.meeting_date),
        },
        facts=facts,
        tokens=personalising.values_of(facts, order.meeting_date, order.agenda),
        parts=[],
        free_text="",
        prepared_on=now.date(),
        valid_until=template.valid_until,
        validity_code=numbering.new_validity_code(),
        author_id=actor.id,
        created_at=now,
        updated_at=now,
        content_sha256="",
    )
    session.add(version)
    session.flush()
    material.latest = version
    return version


def new_version(session: Session, material: Material, *, actor: Person) -> MaterialVersion:
    """The open draft of a material, or the next one (1.1 after 1.0) from what is in force now.

    Template, label, account facts and module versions are those of today; modules a person chose
    stay, unless they may no longer be used. The meeting's date stays if it still lies ahead.
    """
    roles.require(actor, Permission.ASSEMBLE)
    latest = material.latest
    if latest is None:
        raise NotFound(f"{material.code} has no version to go on from.")
    if latest.state in EDITABLE:
        return latest
    refuse(_product_objections(material.product))
    template = approved_template(session, latest.template_version.code, material.market)
    label = current_label(session, material.product.brand)
    if label is None:
        raise NotFound(f"There is no label of {material.product.brand}.")
    order = _order_again(latest, of_json(template.frame))
    account = material.account
    version = _new_version(session, material, template, label, account, order, actor=actor)
    version.major, version.minor = latest.major, latest.minor + 1
    known = {offer.version.code for offer in offers(session, version) if offer.usable}
    codes = [code for code in rules.chosen_codes(latest.parts) if code in known]
    version.parts = [part for part in latest.parts if part["module"] in known]
    arrange(session, version, codes, strict=False)
    settle(session, version)
    audit.record(
        session,
        Action.MATERIAL_ASSEMBLE,
        actor=actor,
        subject=version.subject,
        before={"version": latest.label},
        after={"modules": [part["module"] for part in version.parts]},
    )
    return version


def _order_again(latest: MaterialVersion, frame: Frame) -> Order:
    """What was ordered, as far as it still makes sense today."""
    meeting = personalising.read_date(latest.frame.get("meeting_date", ""))
    if meeting is not None and meeting < clock.today():
        meeting = None
    lines = latest.tokens.get("agenda", "").split("\n")
    return Order(
        account=latest.facts["code"],
        product=latest.frame["brand"],
        role=Role(latest.frame["role"]),
        phase=Phase(latest.frame["phase"]),
        template=latest.template_version.code,
        meeting_date=meeting,
        agenda=tuple(line for line in lines if line in frame.agenda),
    )

"""What people do with templates and materials: import, assemble, rearrange, go on from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from accounts.models import Account
from accounts.queries import visible_to
from accounts.tiering import tier_of
from claims_library.models import LabelVersion, Product
from claims_library.operations import current_label
from exports import numbering, personalising, rules, selecting, tokens
from exports.frame import Frame, of_json
from exports.models import Material, MaterialPart, MaterialVersion, TemplateVersion
from exports.review import MATERIALS
from exports.templating import ImportReport, approved_template, import_template
from exports.validity import part_versions, use_of
from modules import validity as module_validity
from modules.models import Module, ModuleVersion
from modules.pinning import pinned_claims
from records import audit, clock, roles
from records.actions import Action
from records.errors import NotFound, Objection, refuse
from records.lifecycle import EDITABLE
from records.models import Person
from records.roles import Permission
from records.versions import expect_revision
from records.vocabulary import Market, Phase, Role, Tier

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

_NOT_LIKE_THIS = "The material cannot be put together like this."


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
    _arrange(session, version, codes, strict=False)
    _settle(session, version)
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


def offers(session: Session, version: MaterialVersion) -> list[selecting.Offer]:
    """Every module of the product, with why it fits this material or why not."""
    material = version.material
    versions = list(
        session.scalars(
            select(ModuleVersion)
            .join(Module, func.coalesce(Module.approved_id, Module.latest_id) == ModuleVersion.id)
            .where(Module.product_id == material.product_id)
            .order_by(Module.code)
        )
    )
    found = module_validity.objections(session, versions, at=clock.now(), use=use_of(material))
    wanted = selecting.Wanted(
        market=material.market,
        audience=material.audience,
        channel=material.channel,
        role=material.role,
        phase=material.phase,
        tier=Tier(version.frame["tier"]),
    )
    return selecting.offers(versions, found, wanted, of_json(version.template_version.frame))


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
            "meeting_date": _iso(order.meeting_date),
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
    _arrange(session, version, codes, strict=False)
    _settle(session, version)
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


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def change_parts(
    session: Session,
    version: MaterialVersion,
    codes: Sequence[str],
    *,
    actor: Person,
    revision: int | None = None,
) -> None:
    """Set which modules a person chose, in their order; the rules add and order the rest.

    Raises ``Refused`` with the reason when a rule forbids it, ``Stale`` when somebody else changed
    the material meanwhile; nothing is changed then.
    """
    roles.require(actor, Permission.ASSEMBLE)
    expect_revision(version, revision)
    _open(session, version, actor=actor)
    before = [part["module"] for part in version.parts]
    _arrange(session, version, codes, strict=True)
    _settle(session, version)
    after = [part["module"] for part in version.parts]
    _record_change(session, version, {"modules": before}, {"modules": after}, actor=actor)


def add_part(
    session: Session,
    version: MaterialVersion,
    code: str,
    *,
    actor: Person,
    revision: int | None = None,
) -> None:
    """Add an offered module at the end of its slot; what it demands comes along."""
    codes = [*rules.chosen_codes(version.parts), code]
    change_parts(session, version, codes, actor=actor, revision=revision)


def remove_part(
    session: Session,
    version: MaterialVersion,
    code: str,
    *,
    actor: Person,
    revision: int | None = None,
) -> None:
    """Take a module out; what only it brought goes too. Refused while another needs it."""
    roles.require(actor, Permission.ASSEMBLE)
    held = {each.code: each for each in part_versions(session, version).values()}
    refuse(rules.removal_objections(version.parts, code, held.get))
    codes = [each for each in rules.chosen_codes(version.parts) if each != code]
    change_parts(session, version, codes, actor=actor, revision=revision)


def move_part(
    session: Session,
    version: MaterialVersion,
    code: str,
    *,
    to: int | None = None,
    by: int = 0,
    actor: Person,
    revision: int | None = None,
) -> None:
    """Move a module to a place of its slot (from 0), or ``by`` places up (-1) or down (1)."""
    parts = version.parts
    place = rules.place_of(parts, code) + by if to is None else to
    codes = rules.moved(rules.chosen_codes(parts), code, to=place, parts=parts)
    change_parts(session, version, codes, actor=actor, revision=revision)


def set_tokens(
    session: Session,
    version: MaterialVersion,
    *,
    actor: Person,
    meeting_date: date | None,
    agenda: Sequence[str],
    revision: int | None = None,
) -> None:
    """Set the meeting's date and the agenda; names and places come from the account alone.

    ``agenda`` are lines of the template's approved agenda. Raises ``Refused`` or ``Stale``.
    """
    roles.require(actor, Permission.ASSEMBLE)
    expect_revision(version, revision)
    frame = of_json(version.template_version.frame)
    values = personalising.values_of(version.facts, meeting_date, agenda)
    refuse(
        [
            *personalising.meeting_objections(meeting_date, clock.today()),
            *personalising.agenda_objections(agenda, frame),
            *tokens.objections(values, personalising.forbidden(session, version.material.product)),
        ]
    )
    _open(session, version, actor=actor)
    before = dict(version.tokens)
    version.frame = {**version.frame, "meeting_date": _iso(meeting_date)}
    version.tokens = values
    _settle(session, version)
    _record_change(session, version, before, values, actor=actor)


def _record_change(
    session: Session, version: MaterialVersion, before: Any, after: Any, *, actor: Person
) -> None:
    audit.record(
        session,
        Action.MATERIAL_CHANGE,
        actor=actor,
        subject=version.subject,
        before=before,
        after=after,
    )


def _open(session: Session, version: MaterialVersion, *, actor: Person) -> None:
    MATERIALS.end_by_edit(session, version, actor=actor)
    version.author_id = actor.id


def _arrange(
    session: Session, version: MaterialVersion, codes: Sequence[str], *, strict: bool
) -> None:
    """Write the parts for the chosen codes. Not strict: what cannot be had is left out."""
    found = {offer.version.code: offer for offer in offers(session, version)}
    usable = {code: offer.version for code, offer in found.items() if offer.usable}
    frame = of_json(version.template_version.frame)
    refuse(_choice_objections(codes, found, version), intro=_NOT_LIKE_THIS)
    assembly = rules.assemble(codes, usable.get, frame)
    while assembly.objections and not strict:
        dropped = next((o.where for o in assembly.objections if o.where in codes), None)
        if dropped is None:
            break
        codes = [code for code in codes if code != dropped]
        assembly = rules.assemble(codes, usable.get, frame)
    refuse(assembly.objections, intro=_NOT_LIKE_THIS)
    version.parts = list(assembly.parts)


def _choice_objections(
    codes: Sequence[str], found: Mapping[str, selecting.Offer], version: MaterialVersion
) -> Iterator[Objection]:
    """Why a person may not choose a module; what is in the material already may stay."""
    held = {part["module"] for part in version.parts}
    for code in codes:
        offer = found.get(code)
        if offer is None:
            brand = version.material.product.brand
            yield Objection("unknown-module", f"{brand} has no module {code}.", where=code)
        elif offer.usable and not offer.choosable and code not in held:
            yield Objection(
                "not-offered", f"{code} cannot be added. {' '.join(offer.reasons)}", where=code
            )


def _settle(session: Session, version: MaterialVersion) -> None:
    """Bring end, hash and link rows in line with the parts."""
    ids = {part["version"] for part in version.parts}
    held = list(session.scalars(select(ModuleVersion).where(ModuleVersion.id.in_(ids))))
    claims = pinned_claims(session, held)
    version.valid_until = min(
        [
            version.template_version.valid_until,
            *(module_validity.valid_until(each, claims) for each in held),
        ]
    )
    version.updated_at = clock.now()
    version.prepared_on = version.updated_at.date()
    version.seal_content()
    session.flush()
    session.execute(delete(MaterialPart).where(MaterialPart.material_version_id == version.id))
    if ids:
        session.execute(
            insert(MaterialPart),
            [{"material_version_id": version.id, "module_version_id": id} for id in sorted(ids)],
        )

"""What people do with templates and materials: import, assemble, rearrange, go on from."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from accounts.models import Account
from accounts.queries import visible_to
from accounts.tiering import tier_of
from claims_library.models import Claim, ClaimVersion, LabelVersion, Product
from claims_library.operations import current_label
from exports import layouts, rules, selecting, tokens
from exports.frame import Frame, of_json, read_frame
from exports.models import Material, MaterialPart, MaterialVersion, Template, TemplateVersion
from exports.review import MATERIALS, TEMPLATES
from exports.validity import use_of
from mlr.standing import approval
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
from records.vocabulary import Phase, Role, Tier

CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I


@dataclass(frozen=True)
class ImportReport:
    """What an import did, by code."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def import_template(
    session: Session, data: bytes, *, filename: str, actor: Person, dry_run: bool = False
) -> ImportReport:
    """Import a template's frame as an unsigned draft; the same frame again changes nothing."""
    roles.require(actor, Permission.KEEP_TEMPLATES)
    frame = read_frame(data, filename=filename)
    template = session.scalar(select(Template).where(Template.code == frame.code))
    layout = layouts.layout_sha256(frame.channel.value)
    latest = template.latest if template is not None else None
    if latest is not None and (latest.frame, latest.layout_sha256) == (frame.to_json(), layout):
        return ImportReport(unchanged=(frame.code,))
    if not dry_run:
        version = _land_template(session, template, frame, layout, actor=actor)
        audit.record(
            session,
            Action.TEMPLATE_IMPORT,
            actor=actor,
            subject=version.subject,
            after={"content_sha256": version.content_sha256},
        )
    if template is None:
        return ImportReport(created=(frame.code,))
    return ImportReport(changed=(frame.code,))


def _land_template(
    session: Session, template: Template | None, frame: Frame, layout: str, *, actor: Person
) -> TemplateVersion:
    now = clock.now()
    if template is None:
        template = Template(
            code=frame.code, channel=frame.channel, market=frame.market, created_at=now
        )
        session.add(template)
        session.flush()
    latest = template.latest
    if latest is not None and latest.state in EDITABLE:
        version = latest
        TEMPLATES.end_by_edit(session, version, actor=actor)
    else:
        version = TemplateVersion(
            template_id=template.id,
            major=latest.major if latest is not None else 0,
            minor=latest.minor + 1 if latest is not None else 1,
            created_at=now,
        )
        session.add(version)
    version.code, version.title = frame.code, frame.title
    version.frame, version.layout_sha256 = frame.to_json(), layout
    version.valid_until, version.author_id, version.updated_at = frame.valid_until, actor.id, now
    version.seal_content()
    session.flush()
    template.latest = version
    session.flush()
    return version


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


def approved_template(session: Session, name: str, market: str) -> TemplateVersion:
    """The approved version of a template, by its code or by its channel's name."""
    template = session.scalar(
        select(Template)
        .where((Template.code == name) | (Template.channel == name))
        .where(Template.market == market)
        .order_by(Template.id)
        .limit(1)
    )
    version = template.approved if template is not None else None
    if version is None:
        raise NotFound(f"There is no approved template {name!r} for {market}.")
    standing = approval(session, version)
    refuse([standing.objection] if standing.objection else [])
    return version


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
    template = approved_template(session, order.template, "US")
    frame = of_json(template.frame)
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
    prefix = f"{frame.material_prefix}-"
    last = session.scalar(select(func.max(Material.code)).where(Material.code.startswith(prefix)))
    number = int(last.removeprefix(prefix)) + 1 if last else 1
    material = Material(
        code=f"{prefix}{number:04d}",
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
    version = MaterialVersion(
        material=material,
        template_version=template,
        label_version=label,
        code=material.code,
        title=frame.title_pattern.format(brand=material.product.brand, account=account.name),
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
        },
        facts=_facts(account),
        tokens=_values(account, order.meeting_date, order.agenda),
        parts=[],
        free_text="",
        prepared_on=now.date(),
        valid_until=template.valid_until,
        validity_code="".join(secrets.choice(CODE_SIGNS) for _ in range(10)),
        author_id=actor.id,
        created_at=now,
        updated_at=now,
        content_sha256="",
    )
    session.add(version)
    session.flush()
    material.latest = version
    return version


def _facts(account: Account) -> dict[str, Any]:
    return {
        "code": account.code,
        "name": tokens.normalised(account.name),
        "city": tokens.normalised(account.city),
        "state": account.state,
        "care_setting": tokens.normalised(account.care_setting),
        "type": tokens.normalised(account.type),
    }


def _values(account: Account, meeting: date | None, agenda: Sequence[str]) -> dict[str, str]:
    values = {
        "account.name": tokens.normalised(account.name),
        "account.city": tokens.normalised(account.city),
        "account.care_setting": tokens.normalised(account.care_setting),
        "meeting.date": tokens.meeting_day(meeting) if meeting else "",
        "agenda": "\n".join(map(tokens.normalised, agenda)),
    }
    return {name: value for name, value in values.items() if value}


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


def set_tokens(
    session: Session,
    version: MaterialVersion,
    values: Mapping[str, str],
    *,
    actor: Person,
    revision: int | None = None,
) -> None:
    """Set the meeting's date and agenda; names and places come from the account alone."""
    roles.require(actor, Permission.ASSEMBLE)
    expect_revision(version, revision)
    product = version.material.product
    allowed = {"meeting.date", "agenda"}
    found = [
        Objection("token", f"{{{{{name}}}}} comes from the account's own data.", where=name)
        for name in values
        if name not in allowed
    ]
    given = {name: value for name, value in values.items() if value}
    refuse([*found, *tokens.objections(given, _forbidden(session, product))])
    _open(session, version, actor=actor)
    before = dict(version.tokens)
    kept = {name: value for name, value in version.tokens.items() if name not in values}
    version.tokens = kept | given
    _settle(session, version)
    _record_change(session, version, before, dict(version.tokens), actor=actor)


def _forbidden(session: Session, product: Product) -> tokens.Forbidden:
    rows = session.scalars(
        select(ClaimVersion.indication)
        .join(Claim, Claim.latest_id == ClaimVersion.id)
        .where(Claim.product_id == product.id)
        .distinct()
    )
    return tokens.forbidden_words(product.brand, product.generic, [row for row in rows if row])


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
    usable = {
        offer.version.code: offer.version
        for offer in offers(session, version)
        if offer.fits or _only_scope(offer)
    }
    frame = of_json(version.template_version.frame)
    assembly = rules.assemble(codes, usable.get, frame)
    while assembly.objections and not strict:
        dropped = next((o.where for o in assembly.objections if o.where in codes), None)
        if dropped is None:
            break
        codes = [code for code in codes if code != dropped]
        assembly = rules.assemble(codes, usable.get, frame)
    refuse(assembly.objections, intro="The material cannot be put together like this.")
    version.parts = list(assembly.parts)


def _only_scope(offer: selecting.Offer) -> bool:
    """A module that only misses role, phase or tier may still come as a companion or by choice."""
    return all(reason.startswith("It is not for the ") for reason in offer.reasons)


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

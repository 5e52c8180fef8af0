"""What people do with templates and materials: import, assemble, rearrange, go on from."""

from __future__ import annotations

from sqlalchemy.orm import Session

from exports import numbering, offering, personalising, rules
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
from exports.models import Material, MaterialVersion
from exports.ordering import Order, Placed, order_like, place, propose
from exports.templating import ImportReport, approved_template, import_template
from records import audit, clock, roles
from records.actions import Action
from records.errors import NotFound
from records.lifecycle import EDITABLE, Step
from records.models import Person
from records.roles import Permission
from records.versions import expect_revision
from records.vocabulary import Phase, Role

__all__ = [
    "ImportReport",
    "Order",
    "add_part",
    "approved_template",
    "assemble",
    "cancel",
    "change_parts",
    "import_template",
    "move_part",
    "new_version",
    "offers",
    "order_like",
    "place",
    "propose",
    "remove_part",
    "set_tokens",
]


def assemble(session: Session, order: Order, *, actor: Person) -> MaterialVersion:
    """Propose a material for one account and role: a draft of effective modules that fit."""
    placed = place(session, order, actor=actor)
    proposal = propose(session, placed)
    codes = [offer.version.code for offer in proposal.chosen]
    material = _new_material(session, placed, actor=actor)
    version = _new_version(session, material, placed, actor=actor)
    arrange(session, version, codes, strict=False)
    settle(session, version)
    audit.record(
        session,
        Action.MATERIAL_ASSEMBLE,
        actor=actor,
        subject=version.subject,
        after={
            "account": placed.account.code,
            "role": order.role,
            "template": placed.template.label,
            "modules": [part["module"] for part in version.parts],
            **({"like": order.like} if order.like else {}),
            **({"not_carried": dict(proposal.not_carried)} if proposal.not_carried else {}),
        },
    )
    return version


def _new_material(session: Session, placed: Placed, *, actor: Person) -> Material:
    wanted = placed.ground.wanted
    material = Material(
        code=numbering.next_material_code(session, placed.ground.frame.material_prefix),
        product=placed.product,
        account=placed.account,
        role=wanted.role,
        phase=wanted.phase,
        market=wanted.market,
        audience=wanted.audience,
        channel=wanted.channel,
        owner_id=actor.id,
        created_at=clock.now(),
    )
    session.add(material)
    session.flush()
    return material


def _new_version(
    session: Session, material: Material, placed: Placed, *, actor: Person
) -> MaterialVersion:
    now, order = clock.now(), placed.order
    frame, label, template = placed.ground.frame, placed.label, placed.template
    facts = personalising.facts_of(placed.account, people=frame.people)
    version = MaterialVersion(
        material=material,
        template_version=template,
        label_version=label,
        code=material.code,
        title=frame.title_pattern.format(brand=material.product.brand, account=facts["name"]),
        frame={
            "role": material.role.value,
            "phase": material.phase.value,
            "tier": placed.ground.wanted.tier.value,
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
        tokens=personalising.values_of(
            facts, order.meeting_date, order.agenda or frame.usual_agenda
        ),
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
    template = approved_template(session, latest.template_version.code, material.market)
    order = _order_again(latest, of_json(template.frame))
    placed = place(session, order, actor=actor)
    version = _new_version(session, material, placed, actor=actor)
    version.major, version.minor = latest.major, latest.minor + 1
    # what is no longer fit to be chosen anew stays, as long as it may be used at all
    held = [part["module"] for part in latest.parts]
    found = offering.with_demands(session, placed.ground, held)
    known = {code for code, offer in found.items() if offer.usable}
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


def cancel(
    session: Session, version: MaterialVersion, *, actor: Person, revision: int | None = None
) -> None:
    """Give a draft up for good; what was approved before it stays in use.

    Raises ``Refused`` for what is in review (take it back first) or final, ``Stale``.
    """
    roles.require(actor, Permission.ASSEMBLE)
    expect_revision(version, revision)
    version.move(Step.CANCEL)
    audit.record(session, Action.MATERIAL_CANCEL, actor=actor, subject=version.subject)

"""What people do with the parts of a material: choose, rearrange, fill in the values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from exports import extent, offering, personalising, rules, selecting, steps, tokens
from exports.frame import of_json
from exports.models import MaterialPart, MaterialVersion
from exports.review import MATERIALS, PRINT
from exports.validity import part_versions
from modules import validity as module_validity
from modules.models import ModuleVersion
from modules.pinning import pinned_claims
from records import audit, clock, errands, roles
from records.actions import Action
from records.errors import Objection, refuse
from records.models import Person
from records.roles import Permission
from records.versions import expect_revision

_NOT_LIKE_THIS = "The material cannot be put together like this."


def offers(session: Session, version: MaterialVersion) -> list[selecting.Offer]:
    """Every module of the product, with why it fits this material or why not."""
    return offering.every(session, offering.ground_of(version, at=clock.now()))


def iso(day: date | None) -> str:
    """The date as it is stored; empty for none."""
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
    before = steps.state_of(version)
    put_parts(session, version, codes, actor=actor)
    steps.remember(session, version, before, actor=actor)


def put_parts(
    session: Session,
    version: MaterialVersion,
    codes: Sequence[str],
    *,
    actor: Person,
    known: Collection[str] = (),
    reason: str = "",
) -> None:
    """As ``change_parts``, and no step; ``known`` were chosen here before and may come again."""
    _open(session, version, actor=actor)
    before = [part["module"] for part in version.parts]
    arrange(session, version, codes, strict=True, known=known)
    settle(session, version)
    after = [part["module"] for part in version.parts]
    _record_change(session, version, {"modules": before}, {"modules": after}, actor, reason)


def add_part(
    session: Session,
    version: MaterialVersion,
    code: str,
    *,
    to: int | None = None,
    actor: Person,
    revision: int | None = None,
) -> None:
    """Add an offered module at the end of its slot or at a place of it; what it demands comes."""
    roles.require(actor, Permission.ASSEMBLE)
    expect_revision(version, revision)
    before = steps.state_of(version)
    put_parts(session, version, [*before["chosen"], code], actor=actor)
    if to is not None:
        chosen = rules.chosen_codes(version.parts)
        codes = rules.moved(chosen, code, to=to, parts=version.parts)
        put_parts(session, version, codes, actor=actor)
    steps.remember(session, version, before, actor=actor)


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
    over: str = "",
    actor: Person,
    revision: int | None = None,
) -> None:
    """Move a module to a place of its slot (from 0), or ``by`` places up (-1) or down (1).

    ``over`` is the module it was dropped on; ``Refused`` when that stands in another slot.
    """
    parts = version.parts
    refuse(rules.place_objections(parts, code, over))
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
    before = steps.state_of(version)
    put_tokens(session, version, actor=actor, meeting_date=meeting_date, agenda=agenda)
    steps.remember(session, version, before, actor=actor)


def put_tokens(
    session: Session,
    version: MaterialVersion,
    *,
    actor: Person,
    meeting_date: date | None,
    agenda: Sequence[str],
    reason: str = "",
) -> None:
    """As ``set_tokens``, and no step."""
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
    version.frame = {**version.frame, "meeting_date": iso(meeting_date)}
    version.tokens = values
    settle(session, version)
    _record_change(session, version, before, values, actor, reason)


def _record_change(
    session: Session,
    version: MaterialVersion,
    before: Any,
    after: Any,
    actor: Person,
    reason: str,
) -> None:
    extent.count_when_rested(session, version)
    audit.record(
        session,
        Action.MATERIAL_CHANGE,
        actor=actor,
        subject=version.subject,
        reason=reason,
        before=before,
        after=after,
    )


def _open(session: Session, version: MaterialVersion, *, actor: Person) -> None:
    MATERIALS.end_by_edit(session, version, actor=actor)
    version.author_id = actor.id


def arrange(
    session: Session,
    version: MaterialVersion,
    codes: Sequence[str],
    *,
    strict: bool,
    known: Collection[str] = (),
) -> None:
    """Write the parts for the chosen codes. Not strict: what cannot be had is left out.

    What is in the material, or ``known`` from it, need not be offered: only usable.
    """
    ground = offering.ground_of(version, at=clock.now())
    found = offering.with_demands(session, ground, codes)
    usable = {code: offer.version for code, offer in found.items() if offer.usable}
    frame = ground.frame
    refuse(_choice_objections(codes, found, version, known), intro=_NOT_LIKE_THIS)
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
    codes: Sequence[str],
    found: Mapping[str, selecting.Offer],
    version: MaterialVersion,
    known: Collection[str],
) -> Iterator[Objection]:
    """Why a person may not choose a module; what is in the material already may stay."""
    held = {*known, *(part["module"] for part in version.parts)}
    for code in codes:
        offer = found.get(code)
        if offer is None:
            brand = version.material.product.brand
            yield Objection("unknown-module", f"{brand} has no module {code}.", where=code)
        elif offer.usable and not offer.choosable and code not in held:
            yield Objection(
                "not-offered", f"{code} cannot be added. {' '.join(offer.reasons)}", where=code
            )


def settle(session: Session, version: MaterialVersion) -> None:
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
    # checks were of another content; they run anew when it is submitted
    version.frame = {name: value for name, value in version.frame.items() if name != "checks"}
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
    if of_json(version.template_version.frame).most_pages is not None:
        # whether it fits its pages is only known once it is printed
        errands.enqueue(session, PRINT, version=version.id, format="pdf")

"""Templates and materials in review: this room's side of an MLR job."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from exports import checks, preflight
from exports.models import MaterialVersion, TemplateVersion
from exports.reading import material_reading, template_reading
from mlr.circulating import ReviewedKind, Steps
from records import clock, errands
from records.actions import Action
from records.errors import Objection
from records.lifecycle import VersionState
from records.vocabulary import Market

PRINT = "exports.render"  # the job of exports.renditions, which knows how to print


def _nothing(session: Session, version: TemplateVersion | MaterialVersion) -> None:
    """Nothing is derived from these: parts are pinned when they are chosen."""


def _template_objections(_session: Session, version: TemplateVersion) -> Iterator[Objection]:
    if version.valid_until <= clock.today():
        yield Objection("expired", f"{version.label} would already be expired.", version.label)


def _material_objections(session: Session, version: MaterialVersion) -> Iterator[Objection]:
    for finding in preflight.check(session, version, at=clock.now()):
        if finding.severity == "block":
            yield Objection(finding.code, finding.sentence, where=finding.where)


def _submit_objections(session: Session, version: MaterialVersion) -> Iterator[Objection]:
    yield from _material_objections(session, version)
    yield from checks.value_objections(session, version)


def _run_checks(session: Session, version: MaterialVersion) -> None:
    """What the checker finds is part of what is signed, and told in the manifest."""
    version.frame = {**version.frame, "checks": checks.run(session, version)}


def _material_changed(session: Session, version: MaterialVersion) -> None:
    """What was just approved is printed in the background, before anybody asks for it."""
    if version.state is VersionState.APPROVED:
        errands.enqueue(session, PRINT, version=version.id, format="")


TEMPLATES: ReviewedKind[TemplateVersion] = ReviewedKind(
    model=TemplateVersion,
    steps=Steps(
        submit=Action.TEMPLATE_SUBMIT,
        recall=Action.TEMPLATE_RECALL,
        decide=Action.TEMPLATE_DECIDE,
        approve=Action.TEMPLATE_APPROVE,
        supersede=Action.TEMPLATE_SUPERSEDE,
        withdraw=Action.TEMPLATE_WITHDRAW,
    ),
    thing=lambda version: version.template,
    title=lambda version: version.title,
    market=lambda version: Market(version.template.market),
    prepare=_nothing,
    submit_objections=_template_objections,
    approve_objections=_template_objections,
    reading=template_reading,
    changed=_nothing,
)

MATERIALS: ReviewedKind[MaterialVersion] = ReviewedKind(
    model=MaterialVersion,
    steps=Steps(
        submit=Action.MATERIAL_SUBMIT,
        recall=Action.MATERIAL_RECALL,
        decide=Action.MATERIAL_DECIDE,
        approve=Action.MATERIAL_APPROVE,
        supersede=Action.MATERIAL_SUPERSEDE,
        withdraw=Action.MATERIAL_WITHDRAW,
    ),
    thing=lambda version: version.material,
    title=lambda version: version.title,
    market=lambda version: version.material.market,
    prepare=_run_checks,
    submit_objections=_submit_objections,
    approve_objections=_material_objections,
    reading=material_reading,
    changed=_material_changed,
)

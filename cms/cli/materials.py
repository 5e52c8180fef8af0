"""``clearcopy assemble``, ``render`` and ``issue``."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from cms.cli import common
from cms.installation import Installation
from cms.kinds import latest
from exports import copies, formats, operations, preflight, renditions
from exports.models import MaterialVersion
from records import audit, clock, files, people
from records.actions import Action
from records.errors import Refused
from records.lifecycle import VersionState
from records.models import Person
from records.problems import reject
from records.vocabulary import Phase, Role

_USUAL = "default: the usual one of this kind of material"


@click.command()
@click.option("--template", default="brief", show_default=True, help="its kind or its code")
@click.option("--like", default="", metavar="MATERIAL", help="for the same account, role and phase")
@click.option("--product", help="needed without --like")
@click.option("--account", metavar="ID", help="needed without --like")
@click.option("--role", type=common.words(Role), help="needed without --like")
@click.option("--phase", type=common.words(Phase))
@click.option("--meeting", type=click.DateTime(["%Y-%m-%d"]), help="date of the meeting")
@click.option("--agenda", multiple=True, help="a line of the agenda, repeatable")
@common.as_option
@common.format_option
def assemble(template: str, like: str, email: str, form: str, **asked: Any) -> None:
    """Assemble a material for one account and role from approved modules.

    With --like another material is carried over into this template as far as it allows.
    """
    with common.acting(email) as (place, session, actor):
        order = _order(session, template, like, asked, actor)
        proposal = operations.propose(session, operations.place(session, order, actor=actor))
        version = operations.assemble(session, order, actor=actor)
        modules = [part["module"] for part in version.parts]
        answer = {
            "material": version.code,
            "version": version.version,
            "modules": modules,
            "valid_until": version.valid_until,
            "role": version.frame["role"],
            "phase": version.frame["phase"],
            "not_carried": dict(proposal.not_carried),
            "left_out": dict(proposal.unfilled),
        }
        label, code = version.label, version.code
    with place.sessions.read() as session:  # its pages were measured after the commit
        notes = list(_notes(session, latest(session, "material", code)))
    lines = [
        f"{label}: {', '.join(modules)}.",
        *(f"Not carried over: {module}. {why}" for module, why in proposal.not_carried),
        *(f"Left out: {module}. {why}" for module, why in proposal.unfilled),
        *notes,
    ]
    common.out(form, {**answer, "notes": notes}, "\n".join(lines))


def _order(
    session: Session, template: str, like: str, asked: dict[str, Any], actor: Person
) -> operations.Order:
    """What was asked for; what was not comes from the material it is made like.

    A value that is not given here cannot be given later, so modules that need it are left out.
    """
    given: dict[str, Any] = {"unfilled": False}
    given |= {name: asked[name] for name in ("product", "account") if asked[name]}
    given |= {"role": Role(asked["role"])} if asked["role"] else {}
    given |= {"phase": Phase(asked["phase"])} if asked["phase"] else {}
    given |= {"meeting_date": asked["meeting"].date()} if asked["meeting"] else {}
    given |= {"agenda": asked["agenda"]} if asked["agenda"] else {}
    if like:
        begun = operations.order_like(session, like, template=template, actor=actor)
        return replace(begun, **given)
    for name in ("product", "account", "role"):
        if name not in given:
            raise click.UsageError(f"Give --{name}, or --like with a material.")
    return operations.Order(template=template, **given)


@click.command()
@click.argument("material")
@click.option("--format", "form", type=click.Choice(formats.names()), help=_USUAL)
@click.option("--out", type=click.Path(path_type=Path), default=Path())
def render(material: str, form: str | None, out: Path) -> None:
    """Render a material without issuing it; a draft is marked as a preview."""
    _folder(out)
    place = common.installation()
    with place.sessions.write() as session:
        version = latest(session, "material", material)
        preview = version.state is not VersionState.APPROVED
        kept = renditions.render(session, version, format=form or "", press=place.press, actor=None)
        data = files.store_of(session).get(kept.file_sha256)
        notes = list(_notes(session, version))
    path = out / f"{version.code}-{version.version}{'-preview' if preview else ''}.{kept.format}"
    path.write_bytes(data)
    for note in notes:
        click.echo(note, err=True)
    click.echo(str(path))


def _folder(out: Path) -> None:
    """Make the folder, and refuse one that takes no file before anything is recorded."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise reject(str(out), "This is a file; name a folder.") from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise reject(str(out), "Nothing can be written into this folder.")


def _notes(session: Session, version: MaterialVersion) -> Iterator[str]:
    """What was measured on the pages and is not as it should be; that there is no message."""
    for finding in preflight.check(session, version, at=clock.now()):
        told = finding.code == "no-message" or finding.code.startswith("print-")
        if told and finding.severity != "pass":
            act = "Cannot be submitted" if finding.severity == "block" else "Note"
            yield f"{act}: {finding.sentence}"


@click.command()
@click.argument("material")
@click.option("--format", "form", type=click.Choice(formats.names()), help=_USUAL)
@click.option("--to", "to", required=True, metavar="EMAIL", help="who receives the copy")
@click.option("--as", "by", default="", metavar="EMAIL", help="who issues it; default: the holder")
@click.option("--purpose", default="")
@click.option("--out", type=click.Path(path_type=Path), default=Path())
def issue(material: str, form: str | None, to: str, by: str, purpose: str, out: Path) -> None:
    """Issue a numbered controlled copy of a material's approved version."""
    _folder(out)
    place = common.installation()
    try:
        with place.sessions.write() as session:
            version = latest(session, "material", material)
            version = version.material.approved or version
            holder = common.actor(session, to)
            copy = copies.issue_copy(
                session,
                version,
                format=form or "",
                holder=holder,
                actor=common.actor(session, by) if by else holder,
                purpose=purpose,
                request_key=secrets.token_hex(16),
                press=place.press,
            )
            data = files.store_of(session).get(copy.file_sha256 or "")
    except Refused as refusal:
        _note_refusal(place, material, to, refusal)
        raise
    path = out / f"{version.code}-{version.version}-copy-{copy.number:04d}.{copy.format}"
    path.write_bytes(data)
    click.echo(str(path))


def _note_refusal(place: Installation, material: str, to: str, refusal: Refused) -> None:
    """The refused copy leaves its own trace, in a transaction of its own."""
    with place.sessions.write() as session:
        version = latest(session, "material", material)
        audit.record(
            session,
            Action.COPY_REFUSE,
            actor=people.by_email(session, to),
            subject=version.subject,
            reason=str(refusal)[:2000],
            after={"at": clock.now(), "objections": [each.code for each in refusal.objections]},
        )

"""``clearcopy assemble``, ``render`` and ``issue``."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

import click

from cms.cli import common
from cms.installation import Installation
from cms.kinds import latest
from exports import copies, formats, operations
from exports.building import build
from records import audit, clock, files, people
from records.actions import Action
from records.errors import Refused
from records.lifecycle import VersionState
from records.vocabulary import Phase, Role

_USUAL = "default: the usual one of this kind of material"


@click.command()
@click.option("--template", default="brief", show_default=True)
@click.option("--product", required=True)
@click.option("--account", required=True, metavar="ID")
@click.option("--role", required=True, type=common.words(Role))
@click.option("--phase", type=common.words(Phase))
@click.option("--meeting", type=click.DateTime(["%Y-%m-%d"]), help="date of the meeting")
@click.option("--agenda", multiple=True, help="a line of the agenda, repeatable")
@common.as_option
@common.format_option
def assemble(
    template: str,
    product: str,
    account: str,
    role: str,
    phase: str | None,
    meeting: datetime | None,
    agenda: tuple[str, ...],
    email: str,
    form: str,
) -> None:
    """Assemble a material for one account and role from approved modules."""
    with common.acting(email) as (_, session, actor):
        version = operations.assemble(
            session,
            operations.Order(
                account=account,
                product=product,
                role=Role(role),
                phase=Phase(phase) if phase else None,
                template=template,
                meeting_date=meeting.date() if meeting else None,
                agenda=agenda,
            ),
            actor=actor,
        )
        names = [part["module"] for part in version.parts]
        answer = {
            "material": version.code,
            "version": version.version,
            "modules": names,
            "valid_until": version.valid_until,
        }
    common.out(form, answer, f"{version.label}: {', '.join(names)}.")


@click.command()
@click.argument("material")
@click.option("--format", "form", type=click.Choice(formats.names()), help=_USUAL)
@click.option("--out", type=click.Path(path_type=Path), default=Path())
def render(material: str, form: str | None, out: Path) -> None:
    """Render a material without issuing it; a draft is marked as a preview."""
    place = common.installation()
    with place.sessions.read() as session:
        version = latest(session, "material", material)
        preview = version.state is not VersionState.APPROVED
        document = build(session, version, base_url=place.settings.base_url, preview=preview)
        chosen = formats.choose(form or "", document.kind)
        data = chosen.make(document, place.press.brand)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{version.code}-{version.version}{'-preview' if preview else ''}.{chosen.name}"
    path.write_bytes(data)
    click.echo(str(path))


@click.command()
@click.argument("material")
@click.option("--format", "form", type=click.Choice(formats.names()), help=_USUAL)
@click.option("--to", "to", required=True, metavar="EMAIL", help="who receives the copy")
@click.option("--as", "by", default="", metavar="EMAIL", help="who issues it; default: the holder")
@click.option("--purpose", default="")
@click.option("--out", type=click.Path(path_type=Path), default=Path())
def issue(material: str, form: str | None, to: str, by: str, purpose: str, out: Path) -> None:
    """Issue a numbered controlled copy of a material's approved version."""
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
    out.mkdir(parents=True, exist_ok=True)
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

"""``clearcopy init`` and ``clearcopy people``."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from cms.cli import common
from cms.installation import create
from cms.settings import read_settings
from exports.templating import land_shipped
from records import people as operations
from records.models import Person
from records.roles import StaffRole


@click.command()
def init() -> None:
    """Make an empty installation: database, keys, roles."""
    settings = read_settings()
    place, made = create(settings)
    said = "There is now an installation" if made else "There already is an installation"
    click.echo(f"{said} in {settings.home} (key {place.sessions.keyring.key_id}).")


@click.group()
def people() -> None:
    """The people who work here."""


@people.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--title", default="")
@click.option("--role", "held", multiple=True, required=True, type=common.words(StaffRole))
@click.option("--territory", multiple=True, metavar="STATE")
@click.option("--as", "by", default="", metavar="EMAIL", help="the administrator who adds them")
def add(
    email: str, name: str, title: str, held: tuple[str, ...], territory: tuple[str, ...], by: str
) -> None:
    """Add a person; whoever can reach the installation's folder acts as its administrator."""
    place = common.installation()
    with place.sessions.write() as session:
        person = operations.add_person(
            session,
            actor=common.actor(session, by) if by else _administrator(session),
            email=email,
            name=name,
            title=title,
            roles_held=[StaffRole(role) for role in held],
            territory=territory,
            password=common.password(f"Password for {email}"),
        )
        landed = land_shipped(session, actor=person)
    click.echo(f"{person.name} ({person.email}) was added as {', '.join(held)}.")
    if landed:
        click.echo(
            f"The templates that come with Clearcopy ({', '.join(landed)}) are drafts of "
            f"{person.name} now: submit them with 'clearcopy review submit template all'."
        )


def _administrator(session: Session) -> Person | None:
    """On the machine itself the first administrator stands in; before there is one, nobody."""
    return operations.first_administrator(session)

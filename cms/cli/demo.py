"""``clearcopy demo``: the demonstration, and then the pages."""

from __future__ import annotations

import click

from cms import demo as demonstration
from cms.installation import create
from cms.settings import read_settings
from exports.verifying import verify


@click.command()
@click.option("--serve/--no-serve", default=True, help="serve the pages afterwards")
def demo(*, serve: bool) -> None:
    """Import, sign off and assemble the invented demonstration product; then serve."""
    settings = read_settings()
    demonstration.dress(settings.home)
    place, _ = create(settings)
    for step in demonstration.play(place):
        click.echo(f"  {step}")
    path = demonstration.brief(place)
    answer = verify(path.read_bytes(), public_keys=[place.sessions.keyring.public_pem])
    click.echo(f"\nThe brief lies at {path}.\nclearcopy verify says: {answer.reason}")
    if not answer.ok:
        raise click.ClickException("The brief of the demonstration does not verify.")
    for slides in demonstration.deck(place):
        answer = verify(slides.read_bytes(), public_keys=[place.sessions.keyring.public_pem])
        click.echo(f"The presentation lies at {slides}. {answer.reason}")
        if not answer.ok:
            raise click.ClickException("The presentation of the demonstration does not verify.")
    troupe = demonstration.cast()
    click.echo(f"\nThe people of the demonstration; the password of each is {troupe.password}")
    for each in troupe.people:
        click.echo(f"  {', '.join(each['roles']):14} {each['email']:36} {each['name']}")
    place.engine.dispose()
    if serve:
        from cms.serving import run

        run(settings)

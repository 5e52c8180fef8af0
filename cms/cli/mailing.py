"""``clearcopy mail``: send an approved email, keep consents, opt-outs and notices."""

from __future__ import annotations

import csv
import io
import secrets
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import click

from accounts.naming import is_address
from cms.cli import common
from cms.kinds import latest
from exports.mail import bounces, permission, sending
from exports.mail.models import Sending
from records.errors import NotFound
from records.problems import BadInput, Problem, reject


@click.group()
def mail() -> None:
    """Approved emails: send, consents, opt-outs, notices of non-delivery."""


@mail.command()
@click.argument("material")
@click.option("--to", "to", multiple=True, metavar="ADDRESS", help="a stakeholder; default: all")
@common.as_option
@common.format_option
def send(material: str, to: tuple[str, ...], email: str, form: str) -> None:
    """Send an approved email to stakeholders of its account who agreed to it."""
    key = secrets.token_hex(16)
    with common.acting(email) as (place, session, actor):
        version = latest(session, "material", material).material.approved
        if version is None:
            raise NotFound(f"{material} has no approved version.")
        offered = sending.candidates(session, version)
        known = {each.stakeholder.email: each.stakeholder.id for each in offered}
        if unknown := [each for each in to if each not in known]:
            raise NotFound(f"{unknown[0]} is no stakeholder of {version.facts['name']}.")
        chosen = [known[each] for each in to] or [
            each.stakeholder.id for each in offered if not each.objections
        ]
        sending.queue(session, version, chosen, actor=actor, press=place.press, request_key=key)
    with place.sessions.read() as session:
        rows = [_row(each) for each in sending.of_request(session, key)]
    common.out(form, rows, "\n".join(_line(row) for row in rows))


def _row(each: Sending) -> dict[str, str | int]:
    return {
        "copy": each.copy_number,
        "to": each.address,
        "state": each.state.value,
        "detail": each.detail,
    }


def _line(row: dict[str, str | int]) -> str:
    detail = f": {row['detail']}" if row["detail"] else ""
    return f"Copy {row['copy']:04d} to {row['to']}: {row['state']}{detail}"


@mail.command("list")
@click.argument("material")
@common.format_option
def list_(material: str, form: str) -> None:
    """What became of the letters of a material's version in use."""
    with common.installation().sessions.read() as session:
        version = latest(session, "material", material)
        version = version.material.approved or version
        rows = [_row(each) for each in sending.sendings_of(session, version)]
    common.out(form, rows, "\n".join(map(_line, rows)) or "Nothing was sent.")


@mail.command()
@click.argument("what", metavar="FILE|ADDRESS")
@click.option("--basis", default="", help="on what the consent of an ADDRESS rests")
@click.option("--given", type=click.DateTime(["%Y-%m-%d"]), help="the day it was given")
@common.as_option
def consent(what: str, basis: str, given: datetime | None, email: str) -> None:
    """Record consents: one address, or a CSV file with address, basis, given_on."""
    day = given.date() if given is not None else None
    rows = [(what, basis, day)] if is_address(what) else _consents(Path(what))
    with common.acting(email) as (_, session, actor):
        for address, why, given_on in rows:
            if given_on is None:
                raise click.UsageError("Say with --given on which day the consent was given.")
            permission.record_consent(session, address, basis=why, given_on=given_on, actor=actor)
    click.echo(f"{len(rows)} recorded.")


def _consents(path: Path) -> list[tuple[str, str, date | None]]:
    reader = csv.DictReader(io.StringIO(_read(path).decode("utf-8-sig", "replace")))
    if missing := {"address", "basis", "given_on"} - set(reader.fieldnames or ()):
        raise reject(path.name, "This column is missing.", field=min(missing), code="missing")
    found: list[tuple[str, str, date | None]] = []
    problems = []
    for number, row in enumerate(reader, start=2):
        try:
            found.append((row["address"], row["basis"], date.fromisoformat(row["given_on"])))
        except (ValueError, TypeError):
            message = "A day is written like 2026-11-24."
            problems.append(Problem(path.name, number, "given_on", message, "date"))
    if problems:
        raise BadInput(problems)
    return found


@mail.command()
@click.argument("what", metavar="FILE|ADDRESS")
@common.as_option
def optout(what: str, email: str) -> None:
    """Stop writing to an address, or to all in a file with one on each line."""
    lines = [what] if is_address(what) else _read(Path(what)).decode("utf-8", "replace").split()
    with common.acting(email) as (_, session, actor):
        new = permission.opt_out(session, lines, source="command", actor=actor)
    click.echo(f"{new} recorded, {len(lines) - new} known already.")


@mail.command()
@click.argument("what", metavar="FILE|ADDRESS")
@click.option("--words", default="reported by hand", help="what the mail server said")
@common.as_option
def bounce(what: str, words: str, email: str) -> None:
    """Record that mail came back: a notice of non-delivery as a file, or an address."""
    with common.acting(email) as (_, session, actor):
        if is_address(what):
            answers = [bounces.record_bounce(session, what, words=words, actor=actor)]
        else:
            notices = bounces.read_notice(_read(Path(what)), filename=Path(what).name)
            answers = [bounces.record_notice(session, each, actor=actor) for each in notices]
    counted = Counter(answers)
    click.echo(", ".join(f"{count} {word}" for word, count in sorted(counted.items())) + ".")


@mail.command()
@click.argument("copy", type=int)
@click.option("--left/--not-left", required=True, help="whether the letter left the mail server")
@click.option("--reason", required=True, help="how you found out")
@common.as_option
def resolve(copy: int, left: bool, reason: str, email: str) -> None:  # noqa: FBT001 - an option
    """Record what became of a letter that is uncertain."""
    with common.acting(email) as (_, session, actor):
        row = session.query(Sending).filter_by(copy_number=copy).one_or_none()
        if row is None:
            raise NotFound(f"No letter has the copy number {copy}.")
        sending.resolve(session, row, left=left, reason=reason, actor=actor)
        state = row.state.value
    click.echo(f"Copy {copy:04d}: {state}.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise reject(str(path), f"This cannot be read: {error.strerror}.") from None

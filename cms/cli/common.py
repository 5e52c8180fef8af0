"""What commands share: opening the installation, the acting person, the password, output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.orm import Session

from cms.installation import Installation, open_installation
from cms.settings import read_settings
from records import people
from records.errors import NotAllowed
from records.models import Person
from records.problems import reject

T = TypeVar("T")

as_option = click.option("--as", "email", required=True, metavar="EMAIL", help="who does it")
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)


def installation() -> Installation:
    """The installation the environment names."""
    return open_installation(read_settings())


def actor(session: Session, email: str) -> Person:
    """The active person with this address."""
    person = people.by_email(session, email)
    if not person.active:
        raise NotAllowed(f"{person.name} has been deactivated.")
    return person


@contextmanager
def acting(email: str) -> Iterator[tuple[Installation, Session, Person]]:
    """One transaction of one person; errands it leaves are carried out after the commit."""
    from records import errands

    place = installation()
    with place.sessions.write() as session:
        yield place, session, actor(session, email)
    errands.run_waiting(place.sessions)


def password(prompt: str = "Password") -> str:
    """The password from CLEARCOPY_PASSWORD, or asked for."""
    given = os.environ.get("CLEARCOPY_PASSWORD")
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise click.UsageError("Set CLEARCOPY_PASSWORD, or run this in a terminal to be asked.")
    answer: str = click.prompt(prompt, hide_input=True)
    return answer


def progress(things: Sequence[T], label: str) -> AbstractContextManager[Iterable[T]]:
    """A bar on standard error while long work goes on; nothing where nobody looks at it."""
    hidden = not sys.stderr.isatty()
    return click.progressbar(things, label=label, file=sys.stderr, hidden=hidden)


def out(form: str, value: Any, text: str) -> None:
    """Print one JSON document or lines for people."""
    if form == "json":
        plain = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
        click.echo(json.dumps(plain, ensure_ascii=False, default=str))
    else:
        click.echo(text)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file somebody named; ``BadInput`` says why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise reject(str(path), f"This cannot be read: {error.strerror}.") from error


def words(of: type[StrEnum]) -> click.Choice[str]:
    """A choice of an enum's values, as the import formats spell them."""
    return click.Choice([word.value for word in of], case_sensitive=False)

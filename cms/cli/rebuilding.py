"""``clearcopy rebuild``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from cms.cli import common
from exports import rebuilding
from exports.rebuilding import Rebuilt
from records.problems import reject


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@common.format_option
def rebuild(file: Path, form: str) -> None:
    """Make an issued copy again from the library and say whether it is the same, byte for byte."""
    place = common.installation()
    try:
        data = file.read_bytes()
    except OSError as error:
        raise reject(str(file), f"This cannot be read: {error.strerror}.") from None
    with place.sessions.read() as session:
        found = rebuilding.rebuild(session, data, name=file.name, press=place.press)
    common.out(form, {"file": str(file), **asdict(found)}, _lines(file, found))
    if not found.same:
        raise click.exceptions.Exit(1)


def _lines(file: Path, found: Rebuilt) -> str:
    title = f"{file}: {found.copy[:1].upper()}{found.copy[1:]}, {found.format}. {found.reason}"
    return "\n".join([title, *(f"  {line}" for line in found.differences)])

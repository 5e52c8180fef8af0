"""``clearcopy verify`` and ``clearcopy trail verify``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cms.cli import common
from cms.settings import read_settings
from exports import verifying
from exports.manifest import BrokenManifest, load_public_key
from exports.provenance import provenance_lines, sealed_as
from exports.verification import Verification
from records import audit
from records.keys import PUBLIC_NAME
from records.problems import reject


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="public key of an installation; default: this one's",
)
@common.format_option
def verify(paths: tuple[Path, ...], keys: tuple[Path, ...], form: str) -> None:
    """Say offline who approved what in each file, and whether it is unaltered."""
    public = [_key(path) for path in keys or (_own_key(),)]
    answers = {
        str(path): verifying.verify(_read(path), public_keys=public, name=path.name)
        for path in paths
    }
    if form == "json":
        common.out(form, [{"file": name, **_plain(each)} for name, each in answers.items()], "")
    else:
        for name, answer in answers.items():
            click.echo("\n".join([f"{name}: {answer.reason}", *_lines(answer)]))
    if not all(answer.ok for answer in answers.values()):
        raise click.exceptions.Exit(1)


def _key(path: Path) -> bytes:
    data = _read(path)
    try:
        load_public_key(data)
    except BrokenManifest as error:
        raise reject(str(path), str(error)) from None
    return data


def _own_key() -> Path:
    """The public key of this installation, where there is one."""
    path = read_settings().home / "keys" / PUBLIC_NAME
    if not path.exists():
        raise click.UsageError(
            f"There is no installation here (no {path}): give the public key of the one that"
            " issued the file with --key."
        )
    return path


def _read(path: Path) -> bytes:
    """A file, up to a size no sealed file has: more of it is not needed to say no."""
    try:
        with path.open("rb") as file:
            return file.read(verifying.LARGEST + 1)
    except OSError as error:
        raise reject(str(path), f"This cannot be read: {error.strerror}.") from None


def _plain(answer: Verification) -> dict[str, Any]:
    return {
        "ok": answer.ok,
        "code": answer.code,
        "reason": answer.reason,
        "differences": list(answer.differences),
        "manifest": answer.manifest,
    }


def _lines(answer: Verification) -> Iterator[str]:
    yield from (f"  {difference}" for difference in answer.differences)
    if answer.manifest is None:
        return
    if answer.ok:
        yield from (f"  {line}" for line in provenance_lines(answer.manifest))
    else:
        yield f"  It was sealed as {sealed_as(answer.manifest)}."


@click.group()
def trail() -> None:
    """The audit trail."""


@trail.command("verify")
@common.format_option
def verify_trail(form: str) -> None:
    """Recompute the hash chain and name the first broken row."""
    with common.installation().sessions.read() as session:
        broken, head = audit.verify(session), audit.head(session)
    if broken is None:
        common.out(
            form,
            {"ok": True, "rows": head.number, "head": head.hash},
            f"All {head.number} rows hold. The newest has the hash {head.hash}.",
        )
        return
    common.out(
        form,
        {"ok": False, "row": broken.number, "problem": broken.problem},
        f"The trail is broken at row {broken.number}: {broken.problem}.",
    )
    raise click.exceptions.Exit(1)

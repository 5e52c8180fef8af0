"""``clearcopy import``: labels, claims, modules, accounts, templates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from accounts import operations as accounts
from claims_library import operations as claims
from cms.cli import common
from exports import templating
from modules import operations as modules
from modules.module_file import collect
from records.problems import reject

MAXIMUM_BYTES = 50 * 1024 * 1024
KINDS: dict[str, Callable[..., Any]] = {
    "label": claims.import_label,
    "claims": claims.import_claims,
    "modules": modules.import_modules,
    "accounts": accounts.import_accounts,
    "stakeholders": accounts.import_stakeholders,
    "template": templating.import_template,
}


@click.command("import")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("path", type=click.Path(path_type=Path))
@common.as_option
@click.option("--dry-run", is_flag=True, help="say what would be imported and change nothing")
@common.format_option
def import_(kind: str, path: Path, email: str, form: str, *, dry_run: bool) -> None:
    """Import a file (modules: a folder), all or nothing; it can be run twice."""
    with common.acting(email) as (_, session, actor):
        if kind == "modules":
            report = modules.import_modules(session, collect(path), actor=actor, dry_run=dry_run)
        else:
            report = KINDS[kind](
                session, _read(path), filename=path.name, actor=actor, dry_run=dry_run
            )
    counts = f"{len(report.created)} new, {len(report.changed)} changed, "
    tail = " Nothing was written (dry run)." if dry_run else ""
    text = f"{kind}: {counts}{len(report.unchanged)} as they were.{tail}"
    common.out(form, report, text)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise reject(str(path), "There is no such file.")
    if path.stat().st_size > MAXIMUM_BYTES:
        raise reject(path.name, "The file is larger than 50 MB.")
    return path.read_bytes()

"""``clearcopy bulk``: one composition for many accounts."""

from __future__ import annotations

import csv
import secrets
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cms.cli import common
from cms.cli.reviewing import counting
from cms.installation import Installation
from exports.bulk import planning, results, reviewing, running
from exports.bulk.models import BulkRun, RunState
from exports.bulk.wishes import Wish
from mlr.models import Verdict
from records import errands
from records.errors import Refused
from records.vocabulary import Phase, Role

_OUT = click.option(
    "--out", type=click.Path(path_type=Path), help="a folder, or a file that ends in .zip"
)
_WORKERS = click.option("--workers", default=1, show_default=True, help="processes that share it")


@click.group(invoke_without_command=True)
@click.option("--accounts", default="", metavar="FILTER", help="tier=strategic state=WI,MN words")
@click.option("--roles", default="", metavar="ROLE,…", help="roles, with commas between them")
@click.option("--product", default="")
@click.option("--template", default="brief", show_default=True)
@click.option("--phase", type=common.words(Phase), help="default: each account's own")
@click.option("--meeting", type=click.DateTime(["%Y-%m-%d"]), help="date of the meeting")
@click.option("--agenda", multiple=True, help="a line of the agenda, repeatable")
@click.option("--like", default="", metavar="MATERIAL", help="with the modules of this material")
@click.option("--format", "form", default="pdf", show_default=True)
@click.option("--purpose", default="")
@click.option("--to", "holder", default="", metavar="EMAIL", help="who receives every copy")
@click.option("--as", "email", default="", metavar="EMAIL", help="who does it")
@click.option("--dry-run", is_flag=True, help="only say what would be made and refused")
@_OUT
@_WORKERS
@click.pass_context
def bulk(ctx: click.Context, /, **given: Any) -> None:
    """Make one document for each account and role, signed in one act.

    Prints what would be refused and why, assembles, and waits for one regulatory signature
    (`clearcopy bulk sign CODE`). Then `clearcopy bulk resume CODE --out DIR` issues the copies.
    """
    if ctx.invoked_subcommand is not None:
        return
    for name in ("roles", "product", "email"):
        if not given[name]:
            option = "--as" if name == "email" else f"--{name}"
            raise click.UsageError(f"Say {option}; see clearcopy bulk --help.")
    wish = _wish(given)
    place = common.installation()
    with place.sessions.read() as session:
        plan = planning.plan(session, wish, actor=common.actor(session, given["email"]))
        _say_plan(plan)
    if given["dry_run"]:
        return
    with place.sessions.write() as session:
        actor = common.actor(session, given["email"])
        run = running.start(session, wish, actor=actor, request_key=secrets.token_hex(16))
        code = run.code
    _work(place, given["workers"])
    _say_state(place, code, given["out"])


def _wish(given: dict[str, Any]) -> Wish:
    names = tuple(name.strip() for name in given["roles"].split(",") if name.strip())
    every = tuple(role.value for role in Role)
    return Wish(
        accounts=given["accounts"],
        roles=every if names == ("all",) else names,
        product=given["product"],
        template=given["template"],
        phase=given["phase"] or "",
        meeting_date=given["meeting"].date().isoformat() if given["meeting"] else "",
        agenda=given["agenda"],
        like=given["like"],
        format=given["form"],
        purpose=given["purpose"],
        holder=given["holder"],
    )


def _say_plan(plan: planning.Plan) -> None:
    click.echo(
        f"{plan.accounts} accounts: {len(plan.wanted)} documents of {len(plan.groups)}"
        f" compositions; {len(plan.refused)} would be refused."
    )
    reasons = Counter(each.refusal for each in plan.refused)
    for reason, count in reasons.most_common(12):
        click.echo(f"  {count} refused: {reason}")
    if len(reasons) > 12:
        click.echo(f"  and {len(reasons) - 12} further reasons.")


@bulk.command()
@click.argument("code")
@click.option("--verdict", type=common.words(Verdict), default="approve", show_default=True)
@click.option("--comment", default="")
@common.as_option
def sign(code: str, verdict: str, comment: str, email: str) -> None:
    """Sign the batch CODE: one act, one signature on every document."""
    secret, place = common.password(), common.installation()
    with counting(email), place.sessions.write() as session:
        state = reviewing.decide(
            session,
            running.get(session, code),
            actor=common.actor(session, email),
            verdict=Verdict(verdict),
            password=secret,
            comment=comment,
        )
    then = "the copies can be issued" if state is RunState.ISSUING else "nothing of it is issued"
    click.echo(f"{code} signed: {verdict}; {then}.")


@bulk.command()
@click.argument("code")
@common.as_option
@_OUT
@_WORKERS
def resume(code: str, email: str, out: Path | None, workers: int) -> None:
    """Go on with the run CODE and write its files; what is issued is not issued again."""
    place = common.installation()
    with place.sessions.write() as session:
        run = running.get(session, code)
        running.resume(session, run, actor=common.actor(session, email))
    _work(place, workers)
    _say_state(place, code, out)


@bulk.command()
@click.argument("code")
@common.as_option
def pause(code: str, email: str) -> None:
    """Let no further chunk of the run CODE begin."""
    with common.installation().sessions.write() as session:
        running.pause(session, running.get(session, code), actor=common.actor(session, email))
    click.echo(f"{code} is paused.")


@bulk.command()
@click.argument("code")
@common.as_option
@click.option("--reason", required=True, help="kept in the trail")
def cancel(code: str, email: str, reason: str) -> None:
    """Give up what the run CODE has not issued yet."""
    with common.installation().sessions.write() as session:
        run = running.get(session, code)
        running.cancel(session, run, actor=common.actor(session, email), reason=reason)
    click.echo(f"{code} is cancelled. Copies that were issued stay issued.")


@bulk.command()
@click.argument("code")
@_OUT
def result(code: str, out: Path | None) -> None:
    """Say where the run CODE stands; with --out write its result and files."""
    _say_state(common.installation(), code, out)


@bulk.command(hidden=True)
def work() -> None:
    """Carry out what waits, beside other processes that do."""
    errands.run_waiting(common.installation().sessions)


def _work(place: Installation, workers: int) -> None:
    """Carry out the chunks: here, and in further processes if asked for."""
    command = [sys.executable, "-m", "cms.cli", "bulk", "work"]
    others = [subprocess.Popen(command) for _ in range(workers - 1)]  # noqa: S603 - ourselves
    try:
        errands.run_waiting(place.sessions)
    finally:
        for other in others:
            other.wait()
    errands.run_waiting(place.sessions)


def _say_state(place: Installation, code: str, out: Path | None) -> None:
    with place.sessions.read() as session:
        run = running.get(session, code)
        counts = results.counts(session, run)
        click.echo(f"{run.code}: {run.state.value}; {results.in_words(counts)}.")
        if run.state is RunState.WAITING:
            click.echo(f"One regulatory signature is needed: clearcopy bulk sign {run.code} --as …")
            click.echo(f"Then: clearcopy bulk resume {run.code} --as … --out DIR")
        if out is not None:
            count = _write(place, run, out)
            click.echo(f"{count} files and result.csv in {out}")
        if counts.get("refused") and run.state is RunState.DONE and not counts.get("issued"):
            raise Refused([], intro="No document was issued; result.csv says why.")


def _write(place: Installation, run: BulkRun, out: Path) -> int:
    files = _files(place, run)
    with place.sessions.read() as session:
        table = [results.COLUMNS, *results.rows(session, run)]
    if out.suffix == ".zip":
        return _write_zip(out, files, table)
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, data in files:
        path = out / name
        if not path.exists() or path.stat().st_size != len(data):
            path.write_bytes(data)
        count += 1
    with (out / "result.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(map(results.safe_cells, table))
    return count


def _files(place: Installation, run: BulkRun) -> Iterator[tuple[str, bytes]]:
    with place.sessions.read() as session:
        yield from results.files_of(session, run)


def _write_zip(out: Path, files: Iterator[tuple[str, bytes]], table: list[Any]) -> int:
    """The same bytes for the same files: fixed dates, nothing compressed twice."""
    import io

    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data)
            count += 1
        text = io.StringIO()
        csv.writer(text).writerows(map(results.safe_cells, table))
        archive.writestr(zipfile.ZipInfo("result.csv"), text.getvalue())
    return count

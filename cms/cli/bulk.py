"""``clearcopy bulk``: one composition for many accounts."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import click

from cms.cli import common
from cms.cli.reviewing import counting
from cms.installation import Installation
from exports.bulk import chunks, planning, results, reviewing, running
from exports.bulk.delivering import TABLE, Delivery, csv_text, zipped
from exports.bulk.models import RunState
from exports.bulk.wishes import Wish
from mlr.models import Verdict
from records import errands
from records.errors import Refused
from records.vocabulary import Phase, Role

_OUT = click.option(
    "--out", type=click.Path(path_type=Path), help="a folder, or a file that ends in .zip"
)
_WORKERS = click.option("--workers", default=1, show_default=True, help="processes that share it")

PAUSE_SECONDS = 0.5


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
    _work(place, code, given["workers"])
    _say_state(place, code, given["out"], given["email"])


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
    _work(place, code, workers)
    _say_state(place, code, out, email)


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
@click.option("--as", "email", default="", metavar="EMAIL", help="who hands the files out")
@_OUT
def result(code: str, email: str, out: Path | None) -> None:
    """Say where the run CODE stands; with --out write its result and files."""
    if out is not None and not email:
        raise click.UsageError("Say --as: handing files out leaves a trace.")
    _say_state(common.installation(), code, out, email)


bulk.add_command(result, "status")


@bulk.command(hidden=True)
def work() -> None:
    """Carry out what waits, beside other processes that do."""
    errands.run_waiting(common.installation().sessions)


def _work(place: Installation, code: str, workers: int) -> None:
    """Carry out the chunks, here and in further processes, until no worker has one."""
    command = [sys.executable, "-m", "cms.cli", "bulk", "work"]
    others = [subprocess.Popen(command) for _ in range(workers - 1)]  # noqa: S603 - ourselves
    try:
        errands.run_waiting(place.sessions)
    finally:
        for other in others:
            other.wait()
    while _goes_on(place, code):
        time.sleep(PAUSE_SECONDS)
        errands.run_waiting(place.sessions)


def _goes_on(place: Installation, code: str) -> bool:
    with place.sessions.read() as session:
        run = running.get(session, code)
        active = run.state in (RunState.ASSEMBLING, RunState.ISSUING) and not run.paused
        return active and chunks.under_way(session, run)


def _say_state(place: Installation, code: str, out: Path | None, email: str) -> None:
    with place.sessions.read() as session:
        run = running.get(session, code)
        counts, state, run_id = results.counts(session, run), run.state, run.id
        actor_id = common.actor(session, email).id if email else 0
        halted = running.halted_because(session, run)
    click.echo(f"{code}: {state.value}; {results.in_words(counts)}.")
    if halted:
        click.echo(f"It stopped: {halted}")
    if state is RunState.WAITING:
        click.echo(f"One regulatory signature is needed: clearcopy bulk sign {code} --as …")
        click.echo(f"Then: clearcopy bulk resume {code} --as … --out DIR")
    if out is not None:
        _hand_out(Delivery(place.sessions, run_id, actor_id), out)
    if counts.get("refused") and state is RunState.DONE and not counts.get("issued"):
        raise Refused([], intro="No document was issued; result.csv says why.")


def _hand_out(delivery: Delivery, out: Path) -> None:
    """Write files and table into a folder, or an archive that is there whole or not at all."""
    if out.suffix == ".zip":
        part = out.with_name(f".{out.name}.part")
        with part.open("wb") as file:
            file.writelines(zipped(delivery))
        part.replace(out)
    else:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in delivery.files():
            (out / name).write_bytes(data)
        (out / TABLE).write_text(csv_text(delivery.table()), encoding="utf-8", newline="")
    click.echo(f"{delivery.given} files and {TABLE} in {out}")
    if delivery.left_out:
        click.echo(f"{len(delivery.left_out)} files were not handed out; {TABLE} says why.")

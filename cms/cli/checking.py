"""``clearcopy check``: the claims check of files, with or without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cms import VERSION
from cms.cli import common
from records import clock
from records.errors import NotFound
from records.problems import BadInput, Problem, reject
from records.vocabulary import Audience, Channel, Market

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from claims_library.compiling import Library, Scope
    from claims_library.reporting import Against, Report

    Read = Callable[[str], Library]

WALKED = (".md", ".txt")
FORMATS = ["text", "json", "jsonl", "sarif", "html"]


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--pack", "pack_file", type=click.Path(path_type=Path), help="check against a pack")
@click.option("--product", help="check against the library of this installation")
@click.option("--market", type=common.words(Market), help="only claims for this market")
@click.option("--audience", type=common.words(Audience), help="only claims for this audience")
@click.option("--channel", type=common.words(Channel), help="only claims for this channel")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="as of this day; today")
@click.option(
    "--key", type=click.Path(path_type=Path), help="public key a pack must be signed with"
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def check(paths: tuple[str, ...], form: str, **chosen: Any) -> None:
    """Check files, folders, or what is piped in (-); status 1 when something must be fixed."""
    raise click.exceptions.Exit(_check(paths, form, _Chosen(**chosen)))


@dataclass(frozen=True)
class _Chosen:
    """Against what, for what use, as of when."""

    pack_file: Path | None
    product: str | None
    market: str | None
    audience: str | None
    channel: str | None
    on: datetime | None
    key: Path | None

    @property
    def scope(self) -> Scope:
        from claims_library.compiling import Scope

        return Scope(self.market or "", self.audience or "", self.channel or "")

    @property
    def day(self) -> date:
        return self.on.date() if self.on is not None else clock.today()


def _check(paths: tuple[str, ...], form: str, chosen: _Chosen) -> int:
    from claims_library import reporting

    if bool(chosen.pack_file) == bool(chosen.product):
        raise click.UsageError("Say against what: either --pack FILE or --product NAME.")
    read, against = _from_pack(chosen) if chosen.pack_file else _from_database(chosen)
    files = list(_files(paths))
    reports: list[Report] = []
    unread: list[Problem] = []
    for file in _shown(files):
        try:
            report = _report(file, read)
        except BadInput as error:
            unread += error.problems
            continue
        reports.append(report)
        if form == "jsonl":
            told = {"file": report.file, **reporting.as_json(report, against)}
            click.echo(json.dumps(told, ensure_ascii=False))
    many = len(files) > 1 or Path(paths[0]).is_dir()
    if form != "jsonl" and reports:
        click.echo(_printed(form, reports, against, many=many))
    if unread:  # what could be read was told; the status says that not all could
        raise BadInput(unread)
    return 1 if any(report.blocks for report in reports) else 0


def _printed(form: str, reports: list[Report], against: Against, *, many: bool) -> str:
    from claims_library import reporting, sarif

    if form == "sarif":
        return json.dumps(sarif.as_sarif(reports, against), ensure_ascii=False)
    if form == "html":
        return _page(reports, against)
    if form == "text":
        lines = [reporting.as_text(report, against) for report in reports]
        return "\n".join([*lines, against.sentence])
    if not many:
        return json.dumps(reporting.as_json(reports[0], against), ensure_ascii=False)
    answers = [{"file": report.file, **reporting.as_json(report, against)} for report in reports]
    for answer in answers:
        del answer["checked"]  # told once for all
    total = {
        key: sum(answer["summary"][key] for answer in answers)
        for key in ("block", "warn", "matched")
    }
    whole = {"files": answers, "summary": total, "checked": against.as_json()}
    return json.dumps(whole, ensure_ascii=False)


def _page(reports: list[Report], against: Against) -> str:
    """One page that stands alone: each text with its findings marked, then explained."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    from claims_library import reporting

    folder = Path(__file__).resolve().parents[2] / "templates" / "documents" / "check"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    pages = [
        {
            "file": report.file,
            "counts": reporting.as_json(report)["summary"],
            "segments": list(reporting.segments(report)),
            "findings": [
                (reporting.place_of(each, report.extract), each, against.source(each))
                for each in report.result.findings
            ],
        }
        for report in reports
    ]
    style = Markup((folder / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    template = environment.get_template("report.html.jinja")
    return template.render(against=against.sentence, pages=pages, style=style)


def _files(paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        if path != "-" and Path(path).is_dir():
            found = sorted(
                str(each)
                for each in Path(path).rglob("*")
                if each.suffix.lower() in WALKED and each.is_file()
            )
            if not found:
                raise reject(path, f"There is no file that ends in {' or '.join(WALKED)}.")
            yield from found
        else:
            yield path


def _shown(files: list[str]) -> Iterator[str]:
    """The files one after the other, with a bar where there are many and somebody looks on."""
    if len(files) < 3:
        yield from files
        return
    with common.progress(files, "Checking") as bar:
        yield from bar


def _report(file: str, read: Read) -> Report:
    from claims_library.checking import TextTooLong, check
    from claims_library.extracting import Extract, extract, plain
    from claims_library.reporting import Report

    text: Extract
    if file == "-":
        file, text = "standard input", plain(sys.stdin.buffer.read(), "standard input")
    else:
        text = extract(common.read_bytes(Path(file)), filename=file)
    try:
        return Report(file, text, check(text.text, read(text.text), whole=text.whole))
    except TextTooLong as error:
        raise reject(file, str(error), code="too-large") from error


def _from_pack(chosen: _Chosen) -> tuple[Read, Against]:
    from claims_library.detecting import applied_packs, applied_rules
    from claims_library.packing import UnreadablePack, read_pack
    from claims_library.reporting import Against

    file = chosen.pack_file
    if file is None:
        raise click.UsageError("There is no pack.")
    try:
        packed = read_pack(common.read_bytes(file), trusted=_trusted(chosen.key))
    except UnreadablePack as error:
        raise reject(str(file), str(error), code="pack") from error
    if chosen.key and not packed.sealed:
        message = "This pack is not signed, and --key asks for a signature."
        raise reject(str(file), message, code="pack")
    effective = packed.effective(on=chosen.day, scope=chosen.scope)
    signed = f"signed with key {packed.key}" if packed.key else "not signed"
    if packed.key and not packed.sealed:
        signed += ", unchecked without --key"
    against = Against(
        product=packed.library.product.brand,
        library=f"pack {packed.version} ({signed}), "
        f"{effective.claims} claims effective on {chosen.day}",
        day=chosen.day,
        scope=chosen.scope,
        pack=packed.digest,
        rules=applied_packs(effective.read("")),
        known=applied_rules(effective.read("")),
        program=VERSION,
        note=packed.note(VERSION),
    )
    return effective.read, against


def _trusted(key: Path | None) -> tuple[Ed25519PublicKey, ...]:
    """The key that was named; without one only the digest is checked."""
    if key is None:
        return ()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        found = load_pem_public_key(common.read_bytes(key))
    except ValueError as error:
        raise reject(str(key), "This is not a public key.") from error
    if not isinstance(found, Ed25519PublicKey):
        raise reject(str(key), "This is not an installation's public key.")
    return (found,)


def _from_database(chosen: _Chosen) -> tuple[Read, Against]:
    from sqlalchemy import select

    from claims_library.brands import product_named
    from claims_library.detecting import applied_packs, applied_rules
    from claims_library.library import compiled
    from claims_library.models import Product
    from claims_library.reporting import Against
    from modules.label_texts import label_texts

    if chosen.on is not None:
        raise click.UsageError("--on goes with --pack; an installation answers for today.")
    place = common.installation()
    with place.sessions.read() as session:
        product = product_named(session, chosen.product or "")
        if product is None:
            known = ", ".join(session.scalars(select(Product.brand).order_by(Product.brand)))
            raise NotFound(f"There is no product {chosen.product}; there are: {known or 'none'}.")
        library = compiled(
            session,
            product,
            at=clock.now(),
            market=Market(chosen.market) if chosen.market else None,
            audience=Audience(chosen.audience) if chosen.audience else None,
            channel=Channel(chosen.channel) if chosen.channel else None,
            passages=label_texts(session, product),
        )
    against = Against(
        product=library.product.brand,
        library=f"{len(library.claims)} effective claims of this installation",
        day=chosen.day,
        scope=chosen.scope,
        rules=applied_packs(library),
        known=applied_rules(library),
        program=VERSION,
    )
    return lambda _text: library, against

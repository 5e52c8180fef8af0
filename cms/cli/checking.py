"""``clearcopy check`` and ``clearcopy pack``: the claims check, with or without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cms import VERSION
from cms.cli import common
from cms.settings import read_settings
from records import clock, keys
from records.errors import NotFound
from records.problems import BadInput, Problem
from records.vocabulary import Audience, Channel, Market

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from claims_library.claim_file import ClaimRow
    from claims_library.compiling import ClaimText, Library, Passage, Scope
    from claims_library.reporting import Against, Report
    from records.keys import Keyring

WALKED = (".md", ".txt")
FORMATS = ["text", "json", "jsonl", "sarif", "html"]


@click.group()
def pack() -> None:
    """Packs: everything a check needs in one file."""


@pack.command("build")
@click.option("--label", required=True, type=click.Path(path_type=Path), help="openFDA or SPL")
@click.option("--claims", required=True, type=click.Path(path_type=Path), help="CSV or XLSX")
@click.option("--modules", type=click.Path(path_type=Path), help="folder of module files")
@click.option("--rules", multiple=True, help="rule packs; core and the market's when not given")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="the pack to write")
def build(
    label: Path, claims: Path, modules: Path | None, rules: tuple[str, ...], out: Path
) -> None:
    """Build a pack from a label, its claims and, if given, its label text modules."""
    from claims_library import packing
    from claims_library.claim_file import read_claims
    from claims_library.compiling import compile_library
    from claims_library.labels import read_label
    from claims_library.product_facts import facts_of

    document = read_label(_bytes(label), filename=label.name)
    read = read_claims(_bytes(claims), filename=claims.name, label=document)
    if read.problems:
        raise BadInput(read.problems)
    texts = {row.claim_id: _claim_text(row) for row in read.rows}
    library = compile_library(
        facts_of(document),
        list(texts.values()),
        label=document,
        passages=_label_texts(modules, texts),
        packs=rules,
    )
    windows = {row.claim_id: packing.Window(row.valid_from, row.valid_until) for row in read.rows}
    keyring = _keyring()
    data = packing.write_pack(library, windows, program=VERSION, keyring=keyring)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    part.write_bytes(data)
    part.replace(out)
    made = packing.read_pack(data)
    signed = f"signed with key {keyring.key_id}" if keyring else "not signed: no installation here"
    click.echo(
        f"{out}: {document.brand_name}, {len(read.rows)} claims, label version "
        f"{document.version}; pack {made.version}, {len(data) / 1024:.0f} KiB, {signed}."
    )


def _claim_text(row: ClaimRow) -> ClaimText:
    from claims_library.compiling import ClaimText

    return ClaimText(
        code=row.claim_id,
        text=row.text,
        variations=row.variations,
        type=row.type.value,
        pillar=row.pillar.value,
        indication=row.indication,
        population=row.population,
        qualifiers=row.qualifiers,
        companions=row.companions,
        audiences=tuple(each.value for each in row.audiences),
        channels=tuple(each.value for each in row.channels),
        markets=tuple(each.value for each in row.markets),
        reference=row.reference,
        locator=row.locator,
        excerpt=row.excerpt,
    )


def _label_texts(folder: Path | None, claims: Mapping[str, ClaimText]) -> tuple[Passage, ...]:
    """Modules that repeat the label: they are recognised, and are no claims."""
    if folder is None:
        return ()
    from modules.claim_checks import is_label_text
    from modules.label_texts import passage
    from modules.module_file import collect, read_modules

    files = read_modules(collect(folder))
    if files.problems:
        raise BadInput(files.problems)
    return tuple(
        passage(draft.code, draft.body, claims)
        for draft in files.drafts.values()
        if is_label_text(draft.code, draft.kind)
    )


def _keyring() -> Keyring | None:
    """The installation's key, where there is an installation."""
    folder = read_settings().home / "keys"
    return keys.load(folder) if (folder / keys.PRIVATE_NAME).exists() else None


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
    library, against = _from_pack(chosen) if chosen.pack_file else _from_database(chosen)
    files = list(_files(paths))
    reports = []
    for file in _shown(files):
        report = _report(file, library)
        reports.append(report)
        if form == "jsonl":
            click.echo(json.dumps({"file": report.file, **reporting.as_json(report)}))
    many = len(files) > 1 or Path(paths[0]).is_dir()
    if form != "jsonl":
        click.echo(_printed(form, reports, against, many=many))
    return 1 if any(report.blocks for report in reports) else 0


def _printed(form: str, reports: list[Report], against: Against, *, many: bool) -> str:
    from claims_library import reporting

    if form == "sarif":
        return json.dumps(reporting.as_sarif(reports, against), ensure_ascii=False)
    if form == "html":
        return _page(reports, against)
    if form == "text":
        lines = [reporting.as_text(report) for report in reports]
        return "\n".join([*lines, against.sentence])
    answers = [reporting.as_json(report) for report in reports]
    if not many:
        return json.dumps(answers[0], ensure_ascii=False)
    total = {
        key: sum(answer["summary"][key] for answer in answers)
        for key in ("block", "warn", "matched")
    }
    named = [
        {"file": report.file, **answer} for report, answer in zip(reports, answers, strict=True)
    ]
    return json.dumps({"files": named, "summary": total}, ensure_ascii=False)


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
                (reporting.place_of(each, report.extract), each) for each in report.result.findings
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
                raise _unusable(path, f"There is no file that ends in {' or '.join(WALKED)}.")
            yield from found
        else:
            yield path


def _shown(files: list[str]) -> Iterator[str]:
    """The files one after the other, with a bar where somebody looks on."""
    if len(files) < 3 or not sys.stderr.isatty():
        yield from files
        return
    with click.progressbar(files, label="Checking", file=sys.stderr) as bar:
        yield from bar


def _report(file: str, library: Library) -> Report:
    from claims_library.checking import TextTooLong, check
    from claims_library.extracting import Extract, extract, plain
    from claims_library.reporting import Report

    text: Extract
    if file == "-":
        file, text = "standard input", plain(sys.stdin.buffer.read(), "standard input")
    else:
        text = extract(_bytes(Path(file)), filename=file)
    try:
        return Report(file, text, check(text.text, library, whole=text.whole))
    except TextTooLong as error:
        raise _unusable(file, str(error)) from error


def _from_pack(chosen: _Chosen) -> tuple[Library, Against]:
    from claims_library.packing import UnreadablePack, read_pack
    from claims_library.reporting import Against

    file = chosen.pack_file
    if file is None:
        raise click.UsageError("There is no pack.")
    try:
        packed = read_pack(_bytes(file), trusted=_trusted(chosen.key))
    except UnreadablePack as error:
        raise _unusable(str(file), str(error)) from error
    if chosen.key and not packed.sealed:
        raise _unusable(str(file), "This pack is not signed, and --key asks for a signature.")
    library = packed.effective(on=chosen.day, scope=chosen.scope)
    words = f"pack {packed.version}, {len(library.claims)} claims effective on {chosen.day}"
    return library, Against(library.product.brand, words, library.packs, VERSION)


def _trusted(key: Path | None) -> tuple[Ed25519PublicKey, ...]:
    """The key that was named; without one only the digest is checked."""
    if key is None:
        return ()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        found = load_pem_public_key(_bytes(key))
    except ValueError as error:
        raise _unusable(str(key), "This is not a public key.") from error
    if not isinstance(found, Ed25519PublicKey):
        raise _unusable(str(key), "This is not an installation's public key.")
    return (found,)


def _from_database(chosen: _Chosen) -> tuple[Library, Against]:
    from claims_library.brands import product_named
    from claims_library.library import compiled
    from claims_library.reporting import Against
    from modules.label_texts import label_texts

    if chosen.on is not None:
        raise click.UsageError("--on goes with --pack; an installation answers for today.")
    place = common.installation()
    with place.sessions.read() as session:
        product = product_named(session, chosen.product or "")
        if product is None:
            raise NotFound(f"There is no product {chosen.product}.")
        library = compiled(
            session,
            product,
            at=clock.now(),
            market=Market(chosen.market) if chosen.market else None,
            audience=Audience(chosen.audience) if chosen.audience else None,
            channel=Channel(chosen.channel) if chosen.channel else None,
            passages=label_texts(session, product),
        )
    words = f"{len(library.claims)} effective claims of this installation"
    return library, Against(library.product.brand, words, library.packs, VERSION)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unusable(str(path), f"This cannot be read: {error.strerror}.") from error


def _unusable(file: str, message: str) -> BadInput:
    return BadInput([Problem(file, None, None, message)])

"""``clearcopy pack``: what a check needs, in one file for people without the database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cms import VERSION
from cms.cli import common
from cms.settings import read_settings
from records import keys
from records.problems import BadInput, Problem, reject

if TYPE_CHECKING:
    from claims_library.claim_file import ClaimRow
    from claims_library.compiling import ClaimText, Passage
    from records.keys import Keyring


@click.group()
def pack() -> None:
    """Packs: everything a check needs in one file."""


@pack.command("build")
@click.option("--label", required=True, type=click.Path(path_type=Path), help="openFDA or SPL")
@click.option("--claims", required=True, type=click.Path(path_type=Path), help="CSV or XLSX")
@click.option("--modules", type=click.Path(path_type=Path), help="folder of module files")
@click.option(
    "--rules",
    multiple=True,
    metavar="NAME|FILE",
    help="a built-in rule pack by name, or your own as YAML; core and the market's when not named",
)
@click.option("--hashes-only", is_flag=True, help="hashes in place of all approved wording")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="the pack to write")
def build(
    label: Path,
    claims: Path,
    modules: Path | None,
    rules: tuple[str, ...],
    out: Path,
    *,
    hashes_only: bool,
) -> None:
    """Build a pack from a label, its claims and, if given, its label text modules."""
    from claims_library import packing
    from claims_library.claim_file import read_claims
    from claims_library.compiling import compile_library
    from claims_library.labels import read_label
    from claims_library.product_facts import facts_of

    document = read_label(common.read_bytes(label), filename=label.name)
    read = read_claims(common.read_bytes(claims), filename=claims.name, label=document)
    if read.problems:
        raise BadInput(read.problems)
    texts = {row.claim_id: _claim_text(row) for row in read.rows}
    library = compile_library(
        facts_of(document),
        list(texts.values()),
        label=document,
        passages=_label_texts(modules, texts),
        packs=_rules(rules),
    )
    windows = {row.claim_id: packing.Window(row.valid_from, row.valid_until) for row in read.rows}
    keyring = _keyring()
    data = packing.write_pack(
        library, windows, program=VERSION, keyring=keyring, hashes=hashes_only
    )
    _write(out, data)
    made = packing.read_pack(data)
    signed = f"signed with key {keyring.key_id}" if keyring else "not signed: no installation here"
    hidden = ", hashes only" if hashes_only else ""
    click.echo(
        f"{out}: {document.brand_name}, {len(read.rows)} claims{hidden}, label version "
        f"{document.version}; pack {made.version}, {len(data) / 1024:.0f} KiB, {signed}."
    )


def _write(out: Path, data: bytes) -> None:
    """Whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(data)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _rules(given: tuple[str, ...]) -> tuple[str, ...]:
    """Names of built-in packs, and the text of each file; its examples must do what they say."""
    from claims_library.rules import examples
    from claims_library.rules.loading import BUILT_IN, BadPack, read_pack, rulebook

    found = []
    for name in given:
        if name in BUILT_IN:
            found.append(name)
            continue
        if not name.lower().endswith((".yaml", ".yml")):
            message = f"There is no such rule pack; there are {', '.join(BUILT_IN)}."
            raise reject(name, f"{message} Your own ends in .yaml.", code="rules")
        data = common.read_bytes(Path(name))
        try:
            text = data.decode() + "\n"
            pack = read_pack(text, filename=name)
            rulebook(BUILT_IN, (pack,))
        except (BadPack, UnicodeDecodeError) as error:
            raise reject(name, str(error), code="rules") from error
        if failing := examples.failing(pack):
            raise BadInput([Problem(name, None, None, each, "example") for each in failing])
        found.append(text)
    return tuple(found)


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

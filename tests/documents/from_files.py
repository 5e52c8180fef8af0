"""Documents straight from a product's files: claims.csv and a folder of modules, no database."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from exports.citations import Source, number
from exports.document import (
    AccountFacts,
    Block,
    ClaimUse,
    Document,
    ProductFacts,
    TemplateFacts,
    Validity,
)
from exports.nodes import build_nodes
from modules.content import claim_refs, parse
from records.canonical import sha256
from records.vocabulary import Pillar
from tests.documents.halvoryn import approvals

VALUES = {
    "account.name": "Riverside Valley Health System",
    "account.city": "Milwaukee",
    "account.care_setting": "Academic cancer center",
    "meeting.date": "4 December 2026",
    "agenda": "Introductions; Review of the prescribing information",
}
AGENDA = (
    "Introductions and goals of the meeting",
    "Review of the prescribing information",
    "Monitoring and pharmacy workflow",
    "Open questions and next steps",
)


def modules_of(folder: Path) -> dict[str, tuple[Mapping[str, Any], str]]:
    """Front matter and body of each module file, by code."""
    found = {}
    for path in sorted((folder / "modules").glob("*.md")):
        _, front, body = path.read_text("utf-8").split("---\n", 2)
        facts = yaml.safe_load(front)
        found[facts["id"]] = (facts, body.strip())
    return found


def deck(
    folder: Path, product: ProductFacts, codes: Sequence[str] = (), **changes: Any
) -> Document:
    """A deck of the modules named, or of all that are for decks and handed over, in file order."""
    claims = _claims(folder)
    modules = modules_of(folder)
    blocks = {code: _block(facts, body, claims) for code, (facts, body) in modules.items()}
    kinds = {code: facts["kind"] for code, (facts, _) in modules.items()}
    isi = next(code for code, kind in kinds.items() if kind == "isi")
    first = [code for code in modules if code.endswith("-IND")]
    chosen = list(codes) or [
        code
        for code, (facts, _) in modules.items()
        if "deck" in facts["channels"]
        and facts["audience"] == "hcp"
        and kinds[code] in ("callout", "text", "table", "faq")
        and code not in first
    ]
    footnotes = {code: blocks[code] for code, kind in kinds.items() if kind == "footnote"}
    notes = {
        row["claim_id"]: [
            code
            for name in row["companions"].split(";")
            for code in footnotes
            if code.endswith(f"-M-{name.strip()}")
        ]
        for row in claims.values()
    }
    required = {
        code: [note for note in modules[code][0]["requires"] if note in footnotes]
        for code in modules
    }
    running = [blocks[code] for code in [*first, *chosen]]
    used = {ref for block in running for use in block.claims for ref in notes[use.claim]}
    used |= {note for code in [*first, *chosen] for note in required[code]}
    numbered = number(
        running,
        isi=blocks[isi],
        sources={code: _sources(row, product) for code, row in claims.items()},
        footnotes={code: block for code, block in footnotes.items() if code in used},
        notes_of_claim=notes,
        notes_of_module=required,
    )
    document = Document(
        kind="deck",
        code="DCK-0001",
        version="1.0",
        title=f"{product.brand} at {VALUES['account.name']}",
        audience="hcp",
        product=product,
        account=AccountFacts("1", VALUES["account.name"], "Milwaukee", "WI", "", "Hospital"),
        role="Pharmacy and therapeutics",
        template=TemplateFacts("TPL-DECK-US", "1.0", "0" * 64),
        blocks=numbered.blocks,
        footnotes=numbered.footnotes,
        references=numbered.references,
        isi=numbered.isi,
        prepared=date(2026, 11, 24),
        valid_until=date(2027, 6, 30),
        channel="deck",
        agenda=AGENDA,
        approvals=approvals("DCK-0001")[2:],
        validity=Validity("https://clearcopy.example/v/7KQ4M2XDRT", "7KQ4M2XDRT"),
    )
    return replace(document, **changes)


def _claims(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as file:
        return {row["claim_id"]: row for row in csv.DictReader(file)}


def _sources(row: Mapping[str, str], product: ProductFacts) -> tuple[Source, ...]:
    if row["reference"] != "LABEL":
        return (Source(f"ref:{row['reference']}", row["reference"], row["locator"]),)
    text = f"{product.brand} ({product.generic}) prescribing information. {product.manufacturer}."
    return (Source("label", text, row["locator"].split(" ", maxsplit=1)[0]),)


def _block(facts: Mapping[str, Any], body: str, claims: Mapping[str, Mapping[str, str]]) -> Block:
    wordings = {
        (code, place): text
        for code, row in claims.items()
        for place, text in enumerate([row["text"], *row["variations"].split(" || ")])
    }
    refs = sorted({ref.claim for ref in claim_refs(body)})
    return Block(
        module=facts["id"],
        version="1.0",
        sha256=sha256(body),
        kind=facts["kind"],
        pillar=Pillar(facts["pillar"]).label,
        title=facts["title"],
        body=build_nodes(parse(body), claim_text=wordings, values=VALUES, where=facts["id"]),
        claims=tuple(
            ClaimUse(code, "1.0", sha256(claims[code]["text"]), claims[code]["type"], "section 14")
            for code in refs
        ),
        approvals=approvals(facts["id"]),
    )

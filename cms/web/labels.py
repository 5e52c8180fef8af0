"""Product labels: versions, sections with the claims that rest on them, import."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request, url_for

from claims_library import operations, queries
from claims_library.anchors import Anchor
from claims_library.models import ClaimVersion, LabelSection, LabelVersion
from claims_library.placing import LOST, placement
from claims_library.quotes import with_text
from cms.import_page import ImportPage
from cms.pages import acting, page, session, viewer
from cms.web.addresses import claim_url
from cms.web.claim_lists import flag_of, place_words
from cms.web.label_text import pieces_of
from records import clock
from records.errors import NotFound
from records.remembering import remembered
from records.roles import Permission, may

blueprint = Blueprint("labels", __name__)
READ = Permission.READ_LIBRARY
SHOWN = 200

IMPORT = ImportPage(
    room="labels",
    title="Import a label",
    lede="One version of a product's label. It is added beside the older ones; none is replaced.",
    accept=".json,.xml,application/json,text/xml",
    hint="openFDA JSON or SPL XML, at most 20 MB.",
    one="label version",
    many="label versions",
)


@page(blueprint, "/labels", permission=READ)
def index() -> str:
    """Every product with its label in force, what is to come, and what came before."""
    may_import = may(viewer(), Permission.IMPORT_LABELS)
    labels = queries.list_labels(session())
    sections, claims = remembered(
        session(),
        "labels",
        lambda: (queries.count_sections(session()), queries.count_anchored(session())),
    )
    values = {
        "rows": [
            _row(list(versions), sections, claims)
            for _, versions in groupby(labels, key=lambda label: label.product_id)
        ],
        "import_url": url_for("labels.import_file") if may_import else None,
    }
    return render_template("pages/labels/index.html", page=values)


def _row(
    versions: list[LabelVersion], sections: dict[int, int], claims: dict[int, int]
) -> dict[str, Any]:
    """One product: the version in force first; one still to come is said beside it."""
    today = clock.now().date()
    coming = [label for label in versions if label.effective > today]
    held = [label for label in versions if label.effective <= today] or versions[:1]
    shown = held[0]
    lost = {label.id: len(placement(session(), label).of(*LOST)) for label in {shown, *coming[-1:]}}
    return {
        "product": shown.product.brand,
        "generic": shown.product.generic,
        "set_id": shown.set_id,
        "version": shown.version,
        "effective": shown.effective,
        "sections": sections.get(shown.id, 0),
        "claims": claims.get(shown.id, 0),
        "lost": lost[shown.id],
        "changes_url": _changes_url(shown),
        "coming": [
            {
                "version": label.version,
                "set_id": label.set_id,
                "effective": label.effective,
                "lost": lost.get(label.id, 0),
                "changes_url": _changes_url(label),
            }
            for label in coming
            if label is not shown
        ],
        "imported_at": shown.imported_at,
        "imported_by": shown.imported_by.name,
        "older": [(label.version, label.effective) for label in held[1:]],
    }


def _changes_url(label: LabelVersion) -> str:
    return url_for("labels.changes", set_id=label.set_id, version=label.version)


@page(blueprint, "/labels/import", permission=Permission.IMPORT_LABELS, methods=("GET", "POST"))
def import_file() -> Any:
    """Try a label file, then import it."""
    return IMPORT.answer(
        lambda upload, dry_run: operations.import_label(
            session(),
            upload.data,
            filename=upload.name,
            actor=acting(),
            dry_run=dry_run,
        )
    )


@page(blueprint, "/labels/<set_id>/<int:version>", permission=READ)
def show(set_id: str, version: int) -> str:
    """One section of a label version, with the claims that rest on it marked in its text."""
    label = with_text(session(), queries.get_label(session(), set_id, version))
    chosen = _chosen(label)
    placed = placement(session(), label)
    here = placed.sections.get((chosen.name, chosen.number), ())
    anchored = [
        (each, anchor)
        for each in queries.versions_with(session(), here)
        if (anchor := placed.found[each.id].anchor) is not None
    ]
    values = {
        "label": head(label),
        "changes_url": _changes_url(label),
        "lost": len(placed.of(*LOST)),
        "versions": [
            (str(each.version), _section_url(each, chosen), each.id == label.id)
            for each in queries.labels_of(session(), label.product_id)
            if each.set_id == label.set_id
        ],
        "sections": [
            {
                "id": each.position,
                "number": each.number,
                "title": each.title or place_words(each.name).capitalize(),
                "claims": len(placed.sections.get((each.name, each.number), ())),
                "chosen": each.id == chosen.id,
                "url": url_for(
                    "labels.show", set_id=set_id, version=version, section=each.position
                ),
            }
            for each in label.sections
        ],
        "section": _section(chosen, anchored),
        "anchored": [_anchored(each, anchor) for each, anchor in anchored],
        "query": "",
    }
    return render_template("pages/labels/show.html", page=values)


def _chosen(label: LabelVersion) -> LabelSection:
    """The section of the address: by position, or by number or name, the same in each version."""
    if not label.sections:
        raise NotFound("This label version has no text.")
    position, at = request.args.get("section", type=int), request.args.get("at", "")
    for section in label.sections:
        if section.position == position or (at and at == (section.number or section.name)):
            return section
    if position is not None:
        raise NotFound(f"The label has no section {position}.")
    return label.sections[0]


def _section_url(label: LabelVersion, section: LabelSection) -> str:
    return url_for(
        "labels.show",
        set_id=label.set_id,
        version=label.version,
        at=section.number or section.name,
    )


def head(label: LabelVersion) -> dict[str, Any]:
    """What every page of a label version says of it first."""
    return {
        "product": label.product.brand,
        "generic": label.product.generic,
        "set_id": label.set_id,
        "version": label.version,
        "effective": label.effective,
        "coming": label.effective > clock.now().date(),
        "source": label.source_name,
        "sha256": label.source_sha256,
        "imported_at": label.imported_at,
        "imported_by": label.imported_by.name,
    }


def _section(chosen: LabelSection, anchored: list[tuple[ClaimVersion, Anchor]]) -> dict[str, Any]:
    quotes = [(each.code, each.excerpt) for each, _ in anchored]
    return {
        "id": chosen.position,
        "number": chosen.number,
        "title": chosen.title or place_words(chosen.name).capitalize(),
        "code": chosen.code,
        "name": place_words(chosen.name),
        "paragraphs": [
            {
                "number": number,
                "pieces": [
                    {
                        "text": piece.text,
                        "marked": piece.marked,
                        "claims": [(code, claim_url(code)) for code in piece.claims],
                    }
                    for piece in pieces
                ],
            }
            for number, pieces in enumerate(pieces_of(chosen.paragraphs, quotes), start=1)
        ],
    }


def _anchored(version: ClaimVersion, anchor: Anchor) -> dict[str, Any]:
    return {
        "code": version.code,
        "url": claim_url(version.code),
        "text": version.text,
        "state": version.state.value,
        "flag": flag_of(version, None, clock.now().date()),
        "paragraph": anchor.paragraph + 1,
    }

"""What a label version changed: in its own text, and for the claims that rest on it."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, url_for

from claims_library import operations, queries
from claims_library.anchors import Fate
from claims_library.claim_table import write_table
from claims_library.models import ClaimVersion, LabelVersion
from claims_library.placing import LOST, placement, settled
from claims_library.quotes import anchor_of, with_text
from cms import formatting, withdrawing
from cms.pages import page, session, viewer
from cms.web.addresses import claim_url
from cms.web.claim_lists import place_words
from cms.web.claim_values import NOTES, STATES, place_url
from cms.web.label_diff import section_changes
from cms.web.labels import READ, SHOWN, blueprint, head
from modules.where_used import count_modules
from records.remembering import remembered
from records.roles import Permission, may


@page(blueprint, "/labels/<set_id>/<int:version>/changes", permission=READ)
def changes(set_id: str, version: int) -> str:
    """What this label version does to the claims in use: which quotes it no longer has."""
    label = queries.get_label(session(), set_id, version)
    placed = placement(session(), label)
    ids = [*placed.of(Fate.GONE), *placed.of(Fate.CHANGED), *placed.of(Fate.MOVED)]
    claims = queries.versions_with(session(), ids[:SHOWN])
    modules = count_modules(session(), [claim.claim_id for claim in claims])
    order = {id: place for place, id in enumerate(ids)}
    former, lost = _before(label), placed.of(*LOST)
    begun = queries.begun_on(session(), lost, label)
    done = settled(session(), label)
    may_withdraw = may(viewer(), Permission.WITHDRAW)
    # claims are imported against the label in force, and no other
    keeps = (
        may(viewer(), Permission.KEEP_CLAIMS)
        and operations.current_label(session(), label.product.brand) is label
    )
    imports = bool(lost) and keeps
    values = {
        "label": head(label),
        "decided": len(begun) + len(done),
        "to_decide": len(lost) + len(done),
        "settled": [
            {
                "code": ended.code,
                "url": claim_url(ended.code),
                "quote": ended.excerpt,
                "state": now.state.value,
                "version": now.version,
            }
            for ended, now in done[:SHOWN]
        ],
        "file_url": url_for("labels.lost_claims", set_id=set_id, version=version)
        if imports
        else None,
        "import_url": url_for("claims.import_file") if imports else None,
        "former": former.version if former else None,
        "sections": _sections(former, label) if former else [],
        "total": len(placed.found),
        "counts": [(fate.value, STATES[fate], len(placed.of(fate))) for fate in reversed(Fate)],
        "lost": len(lost),
        "rows": [
            _change(claim, label, placed.found[claim.id], modules[claim.claim_id])
            | _decision(claim, begun, lost=claim.id in lost, may_withdraw=may_withdraw)
            | {"decide_url": _decide_url(label, claim.code) if keeps else None}
            for claim in sorted(claims, key=lambda claim: order[claim.id])
        ],
        "rows_total": len(ids),
    }
    return render_template("pages/labels/changes.html", page=values)


def _decide_url(label: LabelVersion, code: str) -> str:
    return url_for("label_decisions.decide", set_id=label.set_id, version=label.version, code=code)


def _decision(
    claim: ClaimVersion, begun: dict[int, ClaimVersion], *, lost: bool, may_withdraw: bool
) -> dict[str, Any]:
    """What was begun for a claim that lost its quote, or what can be done for it."""
    following = begun.get(claim.id)
    return {
        "decision": {"state": following.state.value, "version": following.version}
        if following
        else None,
        "open": lost and following is None,
        "withdraw_url": withdrawing.url(claim)
        if lost and following is None and may_withdraw
        else None,
    }


@page(
    blueprint,
    "/labels/<set_id>/<int:version>/changes/claims.csv",
    permission=Permission.KEEP_CLAIMS,
)
def lost_claims(set_id: str, version: int) -> Response:
    """The claims whose quotes this label version lacks, as a file to correct and import."""
    label = queries.get_label(session(), set_id, version)
    lost = placement(session(), label).of(*LOST)
    waiting = set(lost) - set(queries.begun_on(session(), lost, label))
    answer = Response(
        write_table(queries.versions_with(session(), waiting)), mimetype="text/csv; charset=utf-8"
    )
    name = f"{label.product.brand.lower()}-claims-for-label-{label.version}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _before(label: LabelVersion) -> LabelVersion | None:
    """The version of the product's label that was in effect before this one."""
    held = [each.id for each in queries.labels_of(session(), label.product_id)]
    older = held[held.index(label.id) + 1 :]
    return session().get(LabelVersion, older[0]) if older else None


def _sections(former: LabelVersion, label: LabelVersion) -> list[dict[str, Any]]:
    return remembered(
        session(),
        ("label-changes", former.id, label.id),
        lambda: section_changes(with_text(session(), former), with_text(session(), label)),
    )


def _change(claim: ClaimVersion, label: LabelVersion, found: Any, modules: int) -> dict[str, Any]:
    own = claim.label_version
    anchor = anchor_of(claim)
    return {
        "code": claim.code,
        "url": claim_url(claim.code),
        "version": claim.version,
        "state": claim.state.value,
        "quote": claim.excerpt,
        "fate": STATES[found.fate],
        "words": "Moved, same words" if found.fate is Fate.MOVED else None,
        "note": NOTES[found.fate],
        "from_words": f"{own.version}: {place_words(claim.locator)}",
        "from_url": place_url(own, anchor) if anchor else claim_url(claim.code),
        "to_words": f"{label.version}: {place_words(found.anchor.locator)}"
        if found.anchor
        else None,
        "to_url": place_url(label, found.anchor)
        if found.anchor
        else url_for(
            "labels.show",
            set_id=label.set_id,
            version=label.version,
            at=(anchor.number or anchor.section) if anchor else None,
        ),
        "modules": modules,
        "effective": formatting.day(label.effective),
    }

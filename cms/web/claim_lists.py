"""What the list of claims shows, as plain values for its template."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from claims_library import queries
from claims_library.anchors import Fate
from claims_library.models import Claim, ClaimVersion, Product
from claims_library.operations import current_label
from claims_library.placing import LOST
from claims_library.queries import ClaimFilter
from claims_library.quotes import fates
from cms import formatting
from cms.facets import Facet, Filters, paged, segments
from cms.pages import session, viewer
from modules.where_used import count_modules
from records import clock
from records.lifecycle import VersionState
from records.roles import Permission, may
from records.vocabulary import ClaimType, Pillar

PAGE = 40
EXPIRING_DAYS = 60


def narrowed_by(sent: MultiDict[str, str]) -> ClaimFilter:
    """The filter that an address or a form says; words nobody knows are left out."""
    return ClaimFilter(
        text=sent.get("q", "").strip(),
        products=tuple(sent.getlist("product")),
        states=tuple(each for each in VersionState if each.value in sent.getlist("state")),
        types=tuple(each for each in ClaimType if each.value in sent.getlist("type")),
        pillars=tuple(each for each in Pillar if each.value in sent.getlist("pillar")),
    )


def index_page() -> dict[str, Any]:
    """The whole page."""
    narrowed = narrowed_by(request.args)
    counts = queries.count_claims(session(), narrowed=narrowed)
    brands = sorted({*counts.facets["product"], *narrowed.products})
    filters = Filters("claims.index", _facets(brands), narrowed.text)
    after = request.args.get("after", "")
    claims = queries.list_claims(session(), narrowed=narrowed, after=after, limit=PAGE + 1)
    full, claims = len(claims) > PAGE, claims[:PAGE]
    keeper = may(viewer(), Permission.KEEP_CLAIMS)

    def onward(before: int) -> str | None:
        return filters.url(after=claims[-1].code, n=before) if full else None

    return {
        "query": narrowed.text,
        "facets": filters.shown(counts.facets),
        "pills": filters.pills(),
        "clear_url": filters.clear_url(),
        "rows": _rows(claims, narrowed.text),
        "may_keep": keeper,
        "import_url": url_for("claims.import_file") if keeper else None,
        "submit": _submit(filters, narrowed),
        **paged(counts.total, len(claims), PAGE, back=filters.url(), onward=onward),
    }


def _facets(brands: list[str]) -> list[Facet]:
    states = [(each.value, each.value.replace("-", " ").capitalize()) for each in VersionState]
    return [
        Facet("product", "Product", [(brand, brand) for brand in brands]),
        Facet("state", "State", states),
        Facet("type", "Type", [(each.value, each.label) for each in ClaimType]),
        Facet("pillar", "Message pillar", [(each.value, each.label) for each in Pillar]),
    ]


def _submit(filters: Filters, narrowed: ClaimFilter) -> dict[str, Any] | None:
    """What submitting all drafts of this list would do."""
    if not may(viewer(), Permission.SUBMIT):
        return None
    count = queries.count_submittable(session(), narrowed=narrowed)
    if count == 0:
        return None
    fields = [("q", narrowed.text)] if narrowed.text else []
    fields += [(facet.name, value) for facet in filters.facets for value in facet.chosen()]
    values: dict[str, Any] = {facet.name: facet.chosen() for facet in filters.facets}
    url = url_for("claims.submit_many", q=narrowed.text or None, **values)
    return {"count": count, "url": url, "fields": fields}


def _rows(claims: list[Claim], words: str) -> list[dict[str, Any]]:
    found = _lost(claims)
    modules = count_modules(session(), [claim.id for claim in claims])
    today = clock.now().date()
    return [
        _row(claim, claim.latest, words, found, modules[claim.id], today)
        for claim in claims
        if claim.latest is not None
    ]


def _lost(claims: list[Claim]) -> dict[int, Fate]:
    """The fate of each latest version's quote in the label in force, by version id."""
    products: dict[int, Product] = {claim.product_id: claim.product for claim in claims}
    found: dict[int, Fate] = {}
    for id, product in products.items():
        label = current_label(session(), product.brand, upcoming=True)
        versions = [claim.latest for claim in claims if claim.product_id == id and claim.latest]
        if label is not None:
            relocated = fates(session(), versions, label)
            found |= {version: each.fate for version, each in relocated.items()}
    return found


def flag_of(version: ClaimVersion, fate: Fate | None, today: date) -> str | None:
    """What is derived of a version and shown beside its state; the gravest first."""
    if version.state not in (VersionState.APPROVED, VersionState.DRAFT, VersionState.IN_REVIEW):
        return None
    approved = version.state is VersionState.APPROVED
    if approved and today >= version.valid_until:
        return "expired"
    if fate in LOST:
        return "at-risk"
    if approved and (version.valid_until - today).days <= EXPIRING_DAYS:
        return "expiring"
    return None


def _row(
    claim: Claim,
    shown: ClaimVersion,
    words: str,
    found: dict[int, Fate],
    modules: int,
    today: date,
) -> dict[str, Any]:
    return {
        "id": claim.code,
        "code": claim.code,
        "text": segments(shown.text, words),
        "state": shown.state.value,
        "version": shown.version,
        "flag": flag_of(shown, found.get(shown.id), today),
        "standing": _standing(claim, shown),
        "tags": [shown.type.label, shown.pillar.label],
        "reference": f"Label {shown.label_version.version}"
        if shown.reference == "LABEL"
        else shown.reference,
        "locator": place_words(shown.locator),
        "modules": modules,
    }


def _standing(claim: Claim, shown: ClaimVersion) -> str:
    if shown.state is VersionState.APPROVED:
        return f"valid until {formatting.day(shown.valid_until)}"
    if claim.approved is not None:
        return f"{claim.approved.version} is approved"
    return f"since {formatting.day(shown.ended_at or shown.updated_at)}"


def place_words(locator: str) -> str:
    """``14.1 clinical_studies`` as people write it: ``14.1 clinical studies``."""
    return locator.replace("_", " ")

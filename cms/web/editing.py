"""Writing a module: started, edited, saved, checked while one types, submitted for review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select

from claims_library.models import Product
from cms.pages import acting, page, session
from cms.typed import errors_of, text
from cms.web.editor_values import (
    Screen,
    answer_json,
    conflict_of,
    editor,
    evidence_of,
    parts,
    revision_of,
)
from cms.web.module_form import LISTS, Typed
from cms.web.modules import blueprint
from modules import history, operations
from modules.checking import check_draft, check_text
from modules.claim_checks import Purpose
from modules.draft import ModuleDraft
from modules.models import Module, ModuleVersion
from modules.offering import offered_claims
from modules.review import MODULES
from records import clock
from records.errors import NotFound, Objection, Refused, Stale, refuse
from records.lifecycle import VersionState
from records.roles import Permission
from records.vocabulary import Audience, Market, ModuleKind, Pillar

# a new draft is valid this long unless its writer says otherwise; the editor shows the day
USUAL_LIFE = timedelta(days=365)
_OFFERED_AT_ONCE = 20


@page(blueprint, "/modules/new", permission=Permission.WRITE_MODULES, methods=("GET", "POST"))
def create() -> Any:
    """Start a module; tags in the address (from the coverage map) are filled in."""
    if request.method == "GET":
        return _new(dict(request.args.items()), {})
    typed = Typed.of_form(request.form)
    code, brand = text("code").upper(), text("product")
    base = ModuleDraft(
        code=code,
        brand=brand,
        title="",
        kind=ModuleKind.TEXT,
        body="",
        pillar=Pillar.CLINICAL_DIFFERENTIATION,
        phases=(),
        roles=(),
        tiers=(),
        channels=(),
        market=Market.US,
        audience=Audience.HCP,
        requires=(),
        excludes=(),
        valid_until=clock.today() + USUAL_LIFE,
    )
    draft, wrong = typed.read(base)
    wrong = [each for each in wrong if each.where != "valid_until"]
    try:
        refuse([*wrong, *_product_objections(brand), *draft.storing_objections()])
        version = operations.create_module(session(), draft, actor=acting())
    except Refused as error:
        session().rollback()
        errors = {"code" if name == "id" else name: said for name, said in errors_of(error).items()}
        return _new(dict(request.form.items()), errors), 422
    flash(f"{version.label} is started. Nobody can use it before it is approved.", "ok")
    return redirect(url_for("modules.edit", code=version.code), 303)


def _product_objections(brand: str) -> list[Objection]:
    if brand in _brands():
        return []
    return [Objection("product", "Choose one of the products.", where="product")]


def _brands() -> list[str]:
    return list(session().scalars(select(Product.brand).order_by(Product.brand)))


def _new(typed: dict[str, str], errors: dict[str, str]) -> str:
    values = {
        "typed": typed,
        "errors": errors,
        "products": [(brand, brand) for brand in _brands()],
        **{name: LISTS[name] for name in ("kinds", "pillars", "markets", "audiences")},
    }
    return render_template("pages/modules/create.html", page=values)


@page(blueprint, "/modules/<code>/edit", permission=Permission.WRITE_MODULES)
def edit(code: str) -> str:
    """The open draft, or the text the next one starts from; opening it writes nothing."""
    module = history.get_module(session(), code)
    return _editor(module, Typed.of_draft(ModuleDraft.of(history.latest_of(module))))


@page(blueprint, "/modules/<code>/save", permission=Permission.WRITE_MODULES, methods=("POST",))
def save(code: str) -> Any:
    """Save what is on the screen, by the button or by itself; a refusal keeps it there."""
    module = history.get_module(session(), code)
    typed = Typed.of_form(request.form)
    draft, wrong = typed.read(ModuleDraft.of(history.latest_of(module)))
    try:
        refuse(wrong)
        opened = _opened(module)
        operations.save_draft(
            session(), opened.version, draft, actor=acting(), revision=opened.revision
        )
    except Refused as error:
        session().rollback()
        return _editor(module, typed, Screen(errors=errors_of(error))), 422
    except Stale:
        return _conflict(code, typed, draft), 409
    return redirect(url_for("modules.edit", code=code), 303)


def _conflict(code: str, typed: Typed, mine: ModuleDraft) -> str:
    """Somebody saved in between: both texts on one page."""
    session().rollback()
    session().expire_all()
    module = history.get_module(session(), code)
    conflict = conflict_of(history.latest_of(module), mine)
    return _editor(module, typed, Screen(conflict=conflict))


@page(
    blueprint,
    "/modules/<code>/versions/<number>/submit",
    permission=Permission.SUBMIT,
    methods=("POST",),
)
def submit(code: str, number: str) -> Any:
    """Send what is saved to review, with a word to the reviewers."""
    module = history.get_module(session(), code)
    version, note = history.get_version(session(), module, number), text("note")
    if version.state is VersionState.IN_REVIEW:  # a second click of the same
        return redirect(url_for("modules.show", code=code, tab="reviews"), 303)
    saved = Typed.of_draft(ModuleDraft.of(history.latest_of(module)))
    try:
        opened = _opened(module)
        MODULES.submit(
            session(), opened.version, actor=acting(), note=note, revision=opened.revision
        )
    except (Refused, Stale) as error:
        session().rollback()
        errors = errors_of(error) if isinstance(error, Refused) else {"": str(error)}
        screen = Screen(errors=errors, submit_open=isinstance(error, Stale), note=note)
        return _editor(module, saved, screen), 422 if isinstance(error, Refused) else 409
    flash(f"{version.label} is in review. You are told when it comes back.", "ok")
    return redirect(url_for("modules.show", code=code, tab="reviews"), 303)


@page(
    blueprint,
    "/modules/<code>/check",
    permission=Permission.WRITE_MODULES,
    methods=("POST",),
    reads=True,
)
def check(code: str) -> Any:
    """Findings in a text that is being written, by the check contract."""
    module = history.get_module(session(), code)
    asked = request.get_json(silent=True)
    body = asked.get("text") if isinstance(asked, dict) else None
    if not isinstance(body, str):
        refuse([Objection("text-missing", 'Send the text as JSON: {"text": "…"}.')])
    latest = history.latest_of(module)
    purpose = Purpose(module.code, latest.kind, latest.market, latest.audience)
    result = check_text(session(), str(body), module.product, purpose)
    return jsonify(answer_json(str(body), result))


@page(
    blueprint,
    "/modules/<code>/panels",
    permission=Permission.WRITE_MODULES,
    methods=("POST",),
    reads=True,
)
def panels(code: str) -> str:
    """Findings, what is missing and the preview of what stands on the screen."""
    module = history.get_module(session(), code)
    typed = Typed.of_form(request.form)
    draft, wrong = typed.read(ModuleDraft.of(history.latest_of(module)))
    values = parts(module, draft, check_draft(session(), draft, module.product), wrong)
    return render_template("pages/modules/_panels.html", page=values)


@page(blueprint, "/modules/<code>/claims-offered", permission=Permission.WRITE_MODULES)
def claims(code: str) -> Any:
    """Claims for what was typed after ``[[``, best first."""
    module = history.get_module(session(), code)
    words = request.args.get("q", "")[:200]
    found = offered_claims(session(), module.product, words=words, limit=_OFFERED_AT_ONCE)
    return jsonify(
        [
            {
                "id": claim.code,
                "text": claim.text,
                "variations": claim.variations,
                "evidence": f"{evidence_of(claim)}: “{claim.excerpt}”",
            }
            for claim in found
        ]
    )


@dataclass(frozen=True)
class _Opened:
    version: ModuleVersion
    revision: int


def _opened(module: Module) -> _Opened:
    """The version and revision the screen was made from."""
    number, _, revision = request.form.get("revision", "").partition("-")
    latest = history.latest_of(module)
    try:
        version = latest if latest.version == number else None
        version = version or history.get_version(session(), module, number)
        return _Opened(version, int(revision))
    except (NotFound, ValueError):
        raise Stale(f"{revision_of(latest)} is what is saved now.") from None


def _editor(module: Module, typed: Typed, screen: Screen | None = None) -> str:
    values = editor(module, typed, screen or Screen())
    return render_template("pages/modules/edit.html", page=values)

"""One module: as it prints, its versions, two of them compared, evidence, where used, its past."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request, url_for

from cms.addresses import link
from cms.circulations import job_lines
from cms.pages import page, session, viewer
from cms.trail_words import in_past
from cms.web import module_values as values_of
from cms.web.module_values import Values
from exports.models import MaterialVersion
from exports.queries import count_copies, count_materials_using, materials_using, reach
from modules import history
from modules.draft import ModuleDraft
from modules.models import Module, ModuleVersion
from modules.module_file import write_module
from modules.pinning import pinned_claims
from records import roles
from records.errors import NotFound
from records.models import AuditRow
from records.roles import Permission
from records.vocabulary import Phase, Role, Tier

blueprint = Blueprint("modules", __name__)
SHOWN = 6
PAGE = 25
TABS = ("text", "claims", "used", "reviews", "trail")


@page(blueprint, "/modules/<code>", permission=Permission.READ_LIBRARY)
def show(code: str) -> str:
    """The approved version, or the latest where none is approved; ``tab`` names another side."""
    module = history.get_module(session(), code)
    tab = request.args.get("tab", "text")
    if tab not in TABS:
        raise NotFound(f"A module has no side called {tab[:40]!r}.")
    if tab == "text":
        return _text(module, _shown(module), tab)
    return _side(module, tab)


@page(blueprint, "/modules/<code>/versions/<number>", permission=Permission.READ_LIBRARY)
def version(code: str, number: str) -> str:
    """One version by its number, e.g. 1.0."""
    module = history.get_module(session(), code)
    return _text(module, history.get_version(session(), module, number), "versions")


@page(blueprint, "/modules/<code>/versions", permission=Permission.READ_LIBRARY)
def versions(code: str) -> str:
    """All versions as a timeline."""
    module = history.get_module(session(), code)
    rows = history.versions_of(session(), module)
    values = {
        **values_of.frame(module, _shown(module), "versions"),
        "versions": values_of.lines(rows),
        "versions_total": len(rows),
    }
    return render_template("pages/modules/versions.html", page=values)


@page(blueprint, "/modules/<code>/versions/<number>.md", permission=Permission.READ_LIBRARY)
def download(code: str, number: str) -> Response:
    """One version as a module file, which ``import modules`` reads again."""
    module = history.get_module(session(), code)
    shown = history.get_version(session(), module, number)
    answer = Response(write_module(ModuleDraft.of(shown)), mimetype="text/markdown")
    answer.headers["Content-Disposition"] = f'attachment; filename="{module.code}.md"'
    return answer


def _shown(module: Module) -> ModuleVersion:
    return module.approved or history.latest_of(module)


def _text(module: Module, shown: ModuleVersion, tab: str) -> str:
    rows = history.versions_of(session(), module, limit=SHOWN)
    ids = history.version_ids(session(), module)
    used = materials_using(session(), ids, limit=SHOWN)
    far = reach(session(), ids)
    claims = pinned_claims(session(), [shown])
    values = {
        **values_of.frame(module, shown, tab),
        "shown": values_of.sheet(shown, claims),
        "versions": values_of.lines(rows),
        "versions_total": len(ids),
        "claims": values_of.claim_uses(shown, claims),
        "used": _uses(used),
        "used_total": far.materials,
        "copies_total": far.copies,
        "holders_total": far.holders,
        "used_url": url_for("modules.show", code=module.code, tab="used"),
        "tags": _tags(shown),
        "rules": _rules(shown),
        "intact": shown.content_hash() == shown.content_sha256,
    }
    return render_template("pages/modules/show.html", page=values)


def _side(module: Module, tab: str) -> str:
    shown = _shown(module)
    values = values_of.frame(module, shown, tab)
    if tab == "claims":
        values["claims"] = values_of.claim_uses(shown, pinned_claims(session(), [shown]))
    elif tab == "used":
        values |= _used(module)
    elif tab == "reviews":
        rows = history.versions_of(session(), module)
        values["jobs"] = job_lines(session(), rows, viewer())
    else:
        roles.require(viewer(), Permission.READ_TRAIL)
        trail = history.trail_of(session(), history.version_ids(session(), module))
        values["trail"] = [_trail_line(row) for row in trail]
        values["trail_url"] = url_for("trail.index", q=module.code)
    return render_template("pages/modules/tab.html", page=values)


def _tags(shown: ModuleVersion) -> list[str]:
    return [
        shown.pillar.label,
        *(Phase(each).label for each in shown.phases),
        *(Role(each).label for each in shown.roles),
        *(Tier(each).label for each in shown.tiers),
        shown.market.value,
        shown.audience.label,
    ]


def _rules(shown: ModuleVersion) -> list[Values]:
    named = (("requires", shown.requires), ("never with", shown.excludes))
    return [
        {"words": words, "title": code, "url": url_for("modules.show", code=code)}
        for words, codes in named
        for code in codes
    ]


def _used(module: Module) -> Values:
    ids = history.version_ids(session(), module)
    after, before = request.args.get("after", type=int), request.args.get("n", 0, type=int)
    rows = materials_using(session(), ids, after=after, limit=PAGE)
    full = len(rows) == PAGE
    further: Values = {"code": module.code, "tab": "used", "n": before + PAGE}
    return {
        "used": _uses(rows),
        "first": before + 1,
        "last": before + len(rows),
        "total": count_materials_using(session(), ids),
        "back_url": None,
        "next_url": url_for("modules.show", after=rows[-1].id, **further) if full else None,
    }


def _uses(rows: Sequence[MaterialVersion]) -> list[Values]:
    copies = count_copies(session(), {each.material for each in rows})
    return [
        {
            "code": each.code,
            "url": link("materials.show", code=each.code) or "#main",
            "title": each.title,
            "channel": each.material.channel.label,
            "version": each.version,
            "state": each.state.value,
            "flag": None,
            "account": each.facts.get("name", each.material.account.name),
            "role": each.material.role.label,
            "copies": copies.get(each.material_id, 0),
        }
        for each in rows
    ]


def _trail_line(row: AuditRow) -> Values:
    return {
        "at": row.at,
        "actor": row.actor_name,
        "action": row.action.value,
        "sentence": f"{row.subject_label}: {in_past(row.action)}",
        "reason": row.reason,
    }

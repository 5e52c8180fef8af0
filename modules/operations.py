"""What people do with modules: import a folder, write, save, open the next draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from claims_library.brands import product_named, same_brand
from claims_library.models import Product
from modules import notices, pinning, policy
from modules.draft import ModuleDraft
from modules.models import Module, ModuleVersion
from modules.module_file import read_modules
from modules.review import MODULES
from records import audit, clock, roles
from records.actions import Action
from records.canonical import canonical_json
from records.errors import NotFound, Objection, Stale, refuse
from records.lifecycle import EDITABLE
from records.models import Person
from records.problems import BadInput, Problem
from records.roles import Permission
from records.versions import expect_revision


@dataclass(frozen=True)
class ImportReport:
    """What an import did, by code."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def import_modules(
    session: Session, files: Mapping[str, bytes], *, actor: Person, dry_run: bool = False
) -> ImportReport:
    """Import module files, all or nothing; every module lands as an unsigned draft.

    A module whose content is what its latest version says is left alone, so an import can be run
    twice. Raises ``BadInput`` with every problem of every file.
    """
    roles.require(actor, Permission.WRITE_MODULES)
    read = read_modules(files)
    drafts = _in_the_products_spelling(session, read.drafts)
    problems = [*read.problems, *_library_problems(session, drafts)]
    if problems:
        raise BadInput(problems)
    done: dict[str, list[str]] = {"created": [], "changed": [], "unchanged": []}
    versions = []
    for draft in drafts.values():
        module = _module(session, draft.code)
        what = _difference(module, draft)
        done[what].append(draft.code)
        if not dry_run and what != "unchanged":
            versions.append(_land(session, module, draft, actor=actor))
    # companions name other modules of the same import, so pins come when all of them exist
    for version in versions:
        _settle(session, version)
        audit.record(
            session,
            Action.MODULE_IMPORT,
            actor=actor,
            subject=version.subject,
            after={"content_sha256": version.content_sha256},
        )
    return ImportReport(**{what: tuple(codes) for what, codes in done.items()})


def create_module(session: Session, draft: ModuleDraft, *, actor: Person) -> ModuleVersion:
    """Write a new module's first draft (0.1), which may still lack text and tags.

    Asked twice with the same draft by the same person (a double click), it answers with the first.
    """
    roles.require(actor, Permission.WRITE_MODULES)
    found = list(draft.storing_objections())
    existing = _module(session, draft.code)
    if existing is not None:
        latest = existing.latest
        if latest is not None and latest.author_id == actor.id and _says(latest, draft):
            return latest
        found.append(Objection("repeated", f"{draft.code} exists already.", where="id"))
    refuse(found)
    version = _land(session, None, draft, actor=actor)
    _settle(session, version)
    audit.record(
        session,
        Action.MODULE_CREATE,
        actor=actor,
        subject=version.subject,
        after={"content_sha256": version.content_sha256},
    )
    return version


def save_draft(
    session: Session,
    version: ModuleVersion,
    draft: ModuleDraft,
    *,
    actor: Person,
    revision: int | None = None,
) -> ModuleVersion:
    """Save an edit; a final version gets a next draft instead, review of an open one ends.

    Returns the version that now holds the text; when nothing differs from what is saved, that is
    the latest one as it is, and nothing happens (a double click, a key pressed and taken back). A
    draft may be unfinished; what stands in the way of review is said on submitting.

    Raises:
        Stale: somebody saved in between, and it says something else.
        Refused: the text may not even be kept as a draft (HTML, template code, no title, …).
    """
    roles.require(actor, Permission.WRITE_MODULES)
    latest = _locked_latest(session, version.module)
    if _says(latest, draft) and not _outdated(session, latest):
        return latest
    if latest is not version:
        raise Stale(f"{latest.label} was written since you opened {version.label}.")
    expect_revision(version, revision)
    refuse(draft.storing_objections())
    if version.state not in EDITABLE:
        return _next_draft(session, version, draft, actor=actor)
    before = version.content_sha256
    MODULES.end_by_edit(session, version, actor=actor)
    draft.write_to(version)
    version.author_id = actor.id
    _settle(session, version)
    audit.record(
        session,
        Action.MODULE_CHANGE,
        actor=actor,
        subject=version.subject,
        before={"content_sha256": before},
        after={"content_sha256": version.content_sha256},
    )
    return version


def _locked_latest(session: Session, module: Module) -> ModuleVersion:
    """The latest version, read under a lock: nobody writes a next one meanwhile."""
    session.refresh(module, attribute_names=["latest_id", "latest"], with_for_update=True)
    latest = session.get(
        ModuleVersion, module.latest_id, with_for_update=True, populate_existing=True
    )
    if latest is None:
        raise NotFound(f"{module.code} has no version to go on from.")
    return latest


def _says(version: ModuleVersion, draft: ModuleDraft) -> bool:
    """Whether a version says exactly what a draft says."""
    return canonical_json(_plain(ModuleDraft.of(version))) == canonical_json(_plain(draft))


def _outdated(session: Session, version: ModuleVersion) -> bool:
    """Whether a final version was made with claims that a next one would have otherwise."""
    if version.state in EDITABLE:
        return False
    return list(pinning.resolve(session, version.body).pins) != version.pins


def _next_draft(
    session: Session, latest: ModuleVersion, draft: ModuleDraft, *, actor: Person
) -> ModuleVersion:
    version = _land(session, latest.module, draft, actor=actor)
    _settle(session, version)
    audit.record(
        session,
        Action.MODULE_CREATE,
        actor=actor,
        subject=version.subject,
        before={"version": latest.label},
        after={"content_sha256": version.content_sha256},
    )
    return version


def new_draft(session: Session, module: Module, *, actor: Person) -> ModuleVersion:
    """The open draft of a module, or the next one (1.1 after 1.0) with the latest text."""
    roles.require(actor, Permission.WRITE_MODULES)
    latest = _locked_latest(session, module)
    if latest.state in EDITABLE:
        return latest
    return _next_draft(session, latest, ModuleDraft.of(latest), actor=actor)


def _module(session: Session, code: str) -> Module | None:
    return session.scalar(select(Module).where(Module.code == code))


def _difference(module: Module | None, draft: ModuleDraft) -> str:
    if module is None or module.latest is None:
        return "created"
    return "unchanged" if _says(module.latest, draft) else "changed"


def _plain(draft: ModuleDraft) -> dict[str, object]:
    probe = ModuleVersion()
    draft.write_to(probe)
    return {name: getattr(probe, name) for name in ModuleDraft.__dataclass_fields__}


def _land(
    session: Session, module: Module | None, draft: ModuleDraft, *, actor: Person
) -> ModuleVersion:
    """Write a draft into the module's open version, or into its next one."""
    now = clock.now()
    if module is None:
        product = product_named(session, draft.brand)
        if product is None:
            raise NotFound(f"There is no product {draft.brand}: import its label first.")
        module = Module(code=draft.code, product_id=product.id, owner_id=actor.id, created_at=now)
        session.add(module)
        session.flush()
    fresh = {"module_id": module.id, "content_sha256": "", "companions": [], "pins": []}
    version = MODULES.to_write(session, module.latest, actor=actor, **fresh)
    draft.write_to(version)
    version.author_id = actor.id
    version.updated_at = now
    session.flush()
    module.latest = version
    session.flush()
    return version


def _settle(session: Session, version: ModuleVersion) -> None:
    """Bring pins, hash, link rows and filters of a version in line with its text."""
    with session.no_autoflush:  # one statement for text, pins and hash together
        pinning.pin(session, version)
    version.updated_at = clock.now()
    version.seal_content()
    session.flush()
    pinning.write_links(session, version)
    notices.changed(session, version)


def _in_the_products_spelling(
    session: Session, drafts: Mapping[str, ModuleDraft]
) -> dict[str, ModuleDraft]:
    brands = session.scalars(select(Product.brand)).all()
    known = {
        each: next((brand for brand in brands if same_brand(brand, each)), each)
        for each in {draft.brand for draft in drafts.values()}
    }
    return {name: replace(draft, brand=known[draft.brand]) for name, draft in drafts.items()}


def _library_problems(session: Session, drafts: Mapping[str, ModuleDraft]) -> list[Problem]:
    """What the drafts want that neither the library nor the import itself has."""
    known = set(session.scalars(select(Module.code))) | {draft.code for draft in drafts.values()}
    brands = set(session.scalars(select(Product.brand)))
    found: list[Problem] = []
    for name, draft in drafts.items():
        if draft.brand not in brands:
            message = f"There is no product {draft.brand}: import its label first."
            found.append(Problem(name, None, "product", message, "unknown-product"))
        for field in ("requires", "excludes"):
            found += [
                Problem(name, None, field, f"{code} is not a module.", "unknown-module")
                for code in getattr(draft, field)
                if code not in known
            ]
        found += [
            Problem(
                name,
                None,
                "body",
                f"{ref} is not in the claims library: import the claim first.",
                "unknown-claim",
            )
            for ref in pinning.resolve(session, draft.body).unknown
        ]
    by_code = {draft.code: draft.requires for draft in drafts.values()}
    if cycle := policy.requirement_cycle(by_code):
        file = next(name for name, draft in drafts.items() if draft.code == cycle[0])
        message = f"These modules require each other in a circle: {' → '.join(cycle)}."
        found.append(Problem(file, None, "requires", message, "cycle"))
    return found

"""Pre-flight: everything that would stop a material, with where and why, before anybody asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports import personalising, rules, tokens, validity
from exports.frame import of_json
from exports.models import MaterialVersion, Rendition
from modules import content
from modules.models import ModuleVersion
from records.vocabulary import ModuleKind

SOON = timedelta(days=30)
PAGES = "pages"  # where a rendition keeps which content its pages are of
MEASURED = "print"  # where a rendition keeps what was measured on its pages


@dataclass(frozen=True)
class Finding:
    """One answer of pre-flight."""

    code: str
    severity: Literal["block", "warn", "pass"]
    sentence: str
    where: str = ""


def check(session: Session, version: MaterialVersion, *, at: datetime) -> tuple[Finding, ...]:
    """Run every check over a material version as it stands."""
    modules = validity.part_versions(session, version)
    by_code = {module.code: module for module in modules.values()}
    return (
        *_parts(session, version, at),
        *_rules(version, by_code),
        *_tokens(session, version, by_code),
        *_balance(by_code),
        *_messages(version),
        *_names(version),
        *_end(version, at),
        *_tier(version),
        *_printed(session, version),
    )


def _printed(session: Session, version: MaterialVersion) -> Iterator[Finding]:
    """What was measured on the pages when they were last printed as they are now.

    Pages are printed in the background. A kind with a limit of pages waits for that; the others
    are measured again when a copy is sealed, and are refused then.
    """
    results = results_as_printed(session, version)
    for each in results:
        name = str(each["name"]).removeprefix("print: ")
        sentence = str(each["result"]).partition(": ")[2]
        yield Finding(f"print-{name.replace(' ', '-')}", each["severity"], sentence, "the pages")
    most = of_json(version.template_version.frame).most_pages
    if not results and most is not None:
        yield Finding(
            "print-unmeasured",
            "block",
            f"It must fit {most} pages, and the pages have not been measured since the last change."
            " That is done in the background in a moment; “clearcopy render” does it at once.",
            "the pages",
        )


def results_as_printed(session: Session, version: MaterialVersion) -> list[dict[str, Any]]:
    """What was measured on the pages of the very content that stands now; empty before that."""
    rows = session.scalars(
        select(Rendition.fingerprint)
        .where(Rendition.material_version_id == version.id, Rendition.format == "pdf")
        .order_by(Rendition.id.desc())
    )
    pages = version.pages_hash()
    now: dict[str, Any] = next((each for each in rows if each.get(PAGES) == pages), {})
    results: list[dict[str, Any]] = now.get(MEASURED, [])
    return results


def _parts(session: Session, version: MaterialVersion, at: datetime) -> Iterator[Finding]:
    found = validity.part_objections(session, version, at=at)
    for objection in found:
        yield Finding(objection.code, "block", str(objection), objection.where)
    if not found:
        yield Finding(
            "parts", "pass", f"All {len(version.parts)} modules and their claims may be used."
        )


def _rules(version: MaterialVersion, by_code: dict[str, ModuleVersion]) -> Iterator[Finding]:
    frame = of_json(version.template_version.frame)
    again = rules.assemble(rules.chosen_codes(version.parts), by_code.get, frame)
    for objection in again.objections:
        yield Finding(objection.code, "block", str(objection), objection.where)
    wanted = [part["module"] for part in again.parts]
    if wanted != [part["module"] for part in version.parts]:
        sentence = "Order and companions are not what the rules and the template demand."
        yield Finding("order", "block", sentence)
    elif not again.objections:
        yield Finding("rules", "pass", "Rules, companions and the order of the template hold.")


def _tokens(
    session: Session, version: MaterialVersion, by_code: dict[str, ModuleVersion]
) -> Iterator[Finding]:
    needed = dict.fromkeys(
        name for module in by_code.values() for name in content.field_names(module.body)
    )
    forbidden = personalising.forbidden(session, version.material.product)
    values = {name: version.tokens.get(name, "") for name in needed}
    # what stands on the cover is printed whether a module asks for it or not
    values |= {name: value for name, value in version.tokens.items() if value}
    found = tokens.objections(values, forbidden)
    frame = of_json(version.template_version.frame)
    agenda = [line for line in version.tokens.get("agenda", "").split("\n") if line]
    found += personalising.agenda_objections(agenda, frame)
    found += personalising.people_objections(version.facts, forbidden)
    for objection in found:
        yield Finding(objection.code, "block", str(objection), objection.where)
    if not found:
        sentence = f"Every value for this account may be printed ({len(values)} of them)."
        yield Finding("tokens", "pass", sentence)


def _balance(by_code: dict[str, ModuleVersion]) -> Iterator[Finding]:
    """Benefit never leaves without risk (R-108)."""
    if any(module.kind is ModuleKind.ISI for module in by_code.values()):
        yield Finding("isi", "pass", "Important safety information is in the material.")
    else:
        yield Finding("isi-missing", "block", "There is no important safety information.")


def _messages(version: MaterialVersion) -> Iterator[Finding]:
    """A material without a message is allowed, and seldom meant."""
    frame = of_json(version.template_version.frame)
    pillared = {slot.name for slot in frame.slots if slot.pillars}
    if pillared and not any(part["slot"] in pillared for part in version.parts):
        role = version.material.role.label.lower()
        yield Finding(
            "no-message",
            "warn",
            f"It holds no message, only what every material carries: no module of the library was"
            f" chosen or fits {role} here. The coverage map shows which are missing.",
        )


def _names(version: MaterialVersion) -> Iterator[Finding]:
    """The brand never stands without its established name (R-101); the cover sets both."""
    product = version.material.product
    if not product.generic.strip():
        sentence = f"{product.brand} has no established name to print beside it."
        yield Finding("established-name", "block", sentence, product.brand)
        return
    sentence = f"{product.brand} is named with its established name, {product.generic}."
    yield Finding("established-name", "pass", sentence)


def _end(version: MaterialVersion, at: datetime) -> Iterator[Finding]:
    if version.valid_until <= at.date():
        yield Finding("expired", "block", f"{version.label} ended on {version.valid_until}.")
    elif version.valid_until <= (at + SOON).date():
        yield Finding(
            "expiring", "warn", f"It may be issued until {version.valid_until:%d %b %Y} only."
        )


def _tier(version: MaterialVersion) -> Iterator[Finding]:
    if version.least_tier() == "T1":
        sentence = "Approved modules only: one regulatory signature is enough (T1)."
    else:
        sentence = "It has free text: medical, legal and regulatory must sign."
    yield Finding("tier", "pass", sentence)

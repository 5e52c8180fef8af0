"""Templates and materials as a reviewer reads them: what they are made of, and every word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion
from exports.frame import Slot, of_json
from exports.kinds import title_of as kind_title
from exports.models import MaterialVersion, TemplateVersion
from exports.validity import part_versions
from mlr.comparing import Block, Reading
from modules.models import ModuleVersion
from modules.pinning import pinned_claims
from modules.reading import blocks


def template_reading(_session: Session, version: TemplateVersion) -> Reading:
    """The slots in order, the lines an agenda may hold, and what is printed on every page."""
    frame = of_json(version.frame)
    return Reading(
        blocks=(
            Block("h2", "Slots, in order"),
            *(Block("row", _slot(slot)) for slot in frame.slots),
            *([Block("h2", "Lines an agenda may hold")] if frame.agenda else []),
            *(Block("li", line) for line in frame.agenda),
            *([Block("h2", "Lines to tick off")] if frame.checklist else []),
            *(Block("li", line) for line in frame.checklist),
        ),
        facts=(
            ("Title", version.title),
            ("Kind", kind_title(frame.layout)),
            ("Channel", frame.channel.label),
            ("For", "our own people only" if frame.audience else "readers of the role"),
            ("People of the account", "printed" if frame.people else "not printed"),
            ("Pages at most", str(frame.most_pages or "any number")),
            ("Agenda when none is chosen", "; ".join(frame.usual_agenda) or "none"),
            ("Market", frame.market.label),
            ("Page", frame.page_size.capitalize()),
            ("Material codes begin with", frame.material_prefix),
            ("Title of a material", frame.title_pattern),
            ("Messages at most", str(frame.most_messages)),
            ("Layout", version.layout_sha256[:16]),
            ("Valid until", f"{version.valid_until:%d %b %Y}"),
        ),
    )


def _slot(slot: Slot) -> str:
    takes = ", ".join(kind.label.lower() for kind in slot.kinds)
    words = [f"{slot.name.replace('-', ' ').replace('_', ' ').capitalize()}: {takes}"]
    if slot.pillars:
        words.append(", ".join(pillar.label.lower() for pillar in slot.pillars))
    if slot.code_ends:
        words.append(f"codes that end in {', '.join(slot.code_ends)}")
    if slot.required:
        words.append("required")
    if slot.most is not None:
        words.append(f"at most {slot.most}")
    if slot.companions_only:
        words.append("only what other modules bring along")
    return "; ".join(words)


def material_reading(session: Session, version: MaterialVersion) -> Reading:
    """Every module in its place, with its words as they will be printed for this account."""
    modules = part_versions(session, version)
    claims = pinned_claims(session, modules.values())
    return Reading(
        blocks=tuple(_parts(version, modules, claims)),
        facts=(
            ("Title", version.title),
            *((_words(name), _plain(value)) for name, value in version.frame.items()),
            *((f"Account {_words(name).lower()}", _plain(v)) for name, v in version.facts.items()),
            *((f"{{{{{name}}}}}", _plain(value)) for name, value in version.tokens.items()),
            ("Prepared", f"{version.prepared_on:%d %b %Y}"),
            ("Valid until", f"{version.valid_until:%d %b %Y}"),
        ),
    )


def _parts(
    version: MaterialVersion,
    modules: Mapping[int, ModuleVersion],
    claims: Mapping[int, ClaimVersion],
) -> Iterator[Block]:
    values = version.tokens

    def field(name: str) -> str:
        return str(values.get(name) or f"{{{{{name}}}}}")

    for part in version.parts:
        module = modules.get(part["version"])
        if module is None:
            yield Block("row", f"{part['module']}: this version is not in the library any more")
            continue
        brought = f", brought along by {part['tied_to']}" if part["tied_to"] else ""
        yield Block("row", f"{module.label}, approved as {module.pillar.label.lower()}{brought}")
        yield from blocks(module, claims, field)
    if version.free_text.strip():
        yield Block("h2", "Free text, from outside the library")
        yield from (Block("p", line) for line in version.free_text.splitlines() if line.strip())


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(
            f"{_words(str(key)).lower()} {_plain(each)}" for key, each in value.items()
        )
    if isinstance(value, list | tuple):
        return ", ".join(_plain(each) for each in value)
    return "" if value is None else str(value)

"""Templates and materials as a reviewer reads them: what they are made of, and every word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
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
from records.vocabulary import Audience, Channel, Market, Phase, Role, Tier


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
    """Every module in its place, with its words as they will be printed for this account.

    The words of a module were approved with it; what is new here is which modules stand where, what
    is put in for the account, and free text.
    """
    modules = part_versions(session, version)
    claims = pinned_claims(session, modules.values())
    return Reading(
        blocks=tuple(_parts(version, modules, claims)),
        facts=(
            ("Title", version.title),
            *_account(version.facts),
            *_frame(version.frame),
            *((_FIELDS.get(name, name), _plain(value)) for name, value in version.tokens.items()),
            ("Prepared", f"{version.prepared_on:%d %b %Y}"),
            ("Valid until", f"{version.valid_until:%d %b %Y}"),
        ),
    )


# what stands in a frame, in words; a hash is told by the version that it is the hash of
_FRAME = {
    "brand": "Product",
    "audience": "Readers",
    "label": "Rests on label",
    "phase": "Journey phase",
    "tier": "Account tier",
    "role": "For the role",
}
_VOCABULARIES: Mapping[str, Any] = {
    "audience": Audience,
    "channel": Channel,
    "market": Market,
    "phase": Phase,
    "role": Role,
    "tier": Tier,
}
_LABEL = re.compile(r"[0-9a-f-]{36} v")
_NOT_TOLD = frozenset(["template_sha256"])
_FIELDS = {
    "account.name": "Printed account name",
    "account.city": "Printed city",
    "account.care_setting": "Printed care setting",
    "meeting.date": "Printed meeting date",
    "agenda": "Printed agenda",
}


def _account(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The account in one line, then whatever else is pinned of it."""
    told = ("name", "code", "city", "state")
    name, code, city, state = (_plain(facts.get(key)) for key in told)
    place = ", ".join(part for part in (city, state) if part)
    yield "Account", ", ".join(part for part in (name, place, code) if part)
    for key, value in facts.items():
        if key not in told:
            yield f"Account {_words(key).lower()}", _plain(value)


def _frame(frame: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in frame.items():
        if name == "checks":
            for ran in value:
                told = _LABEL.sub("version ", ran["version"])
                yield f"Checked by the {ran['name']}", f"{ran['result']} ({told})"
        elif name not in _NOT_TOLD:
            yield _FRAME.get(name, _words(name)), _of_frame(name, value)


def _of_frame(name: str, value: Any) -> str:
    """A value in the words of its vocabulary; a label by its version, the product is told."""
    words = _VOCABULARIES.get(name)
    if words is not None and value in list(words):
        return str(words(value).label)
    return _LABEL.sub("version ", _plain(value))


def _parts(
    version: MaterialVersion,
    modules: Mapping[int, ModuleVersion],
    claims: Mapping[int, ClaimVersion],
) -> Iterator[Block]:
    values, printed = version.tokens, list[str]()

    def field(name: str) -> str:
        printed.append(name)
        return str(values.get(name) or f"{{{{{name}}}}}")

    for part in version.parts:
        module = modules.get(part["version"])
        if module is None:
            yield Block("row", f"{part['module']}: this version is not in the library any more")
            continue
        brought = f", brought along by {part['tied_to']}" if part["tied_to"] else ""
        yield Block("row", f"{module.label}, approved as {module.pillar.label.lower()}{brought}")
        for block in blocks(module, claims, field):
            # words of the account among those of the module were approved by nobody yet
            yield replace(block, approved=not printed)
            printed.clear()
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

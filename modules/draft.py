"""What a writer or an import file says a module should be, before it is a version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from modules import content
from modules.models import ModuleVersion
from records.errors import Objection
from records.vocabulary import (
    Audience,
    Channel,
    Market,
    ModuleKind,
    Phase,
    Pillar,
    Role,
    Tier,
)

CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
MAXIMUM_BODY = 60_000
# a tag: "<" directly followed by a letter, "/" or "!"; "p < 0.001" and "<3 months" are text
_TAG = re.compile(r"<[A-Za-z/!][^>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class ModuleDraft:
    """All that a module's content is made of, typed and checked on its own."""

    code: str
    brand: str
    title: str
    kind: ModuleKind
    body: str
    pillar: Pillar
    phases: tuple[Phase, ...]
    roles: tuple[Role, ...]
    tiers: tuple[Tier, ...]
    channels: tuple[Channel, ...]
    market: Market
    audience: Audience
    requires: tuple[str, ...]
    excludes: tuple[str, ...]
    valid_until: date

    @classmethod
    def of(cls, version: ModuleVersion) -> ModuleDraft:
        """The draft that would give this version again."""
        return cls(
            code=version.code,
            brand=version.brand,
            title=version.title,
            kind=version.kind,
            body=version.body,
            pillar=version.pillar,
            phases=tuple(map(Phase, version.phases)),
            roles=tuple(map(Role, version.roles)),
            tiers=tuple(map(Tier, version.tiers)),
            channels=tuple(map(Channel, version.channels)),
            market=version.market,
            audience=version.audience,
            requires=tuple(version.requires),
            excludes=tuple(version.excludes),
            valid_until=version.valid_until,
        )

    def write_to(self, version: ModuleVersion) -> None:
        """Set the version's columns; lists are stored sorted in the vocabulary's order."""
        for field in fields(self):
            value = getattr(self, field.name)
            setattr(version, field.name, _stored(value))

    def objections(self) -> Iterator[Objection]:
        """What is wrong with this draft by itself, whatever else is in the library."""
        if not CODE.fullmatch(self.code) or len(self.code) > 40:
            yield Objection(
                "code",
                f"{self.code!r} is not a module id: capitals, digits and hyphens, "
                "for example HAL-M-003.",
                where="id",
            )
        if not self.title.strip():
            yield Objection("title", "A module needs a title.", where="title")
        if len(self.title) > 300:
            yield Objection("title", "A title has at most 300 characters.", where="title")
        for name in ("phases", "roles", "tiers", "channels"):
            if not getattr(self, name):
                yield Objection(name, f"Choose at least one of the {name}.", where=name)
        yield from self._text_objections()
        if self.code in self.requires or self.code in self.excludes:
            yield Objection("rules", "A module cannot require or exclude itself.", where="requires")
        for code in sorted(set(self.requires) & set(self.excludes)):
            yield Objection("rules", f"{code} is both required and excluded.", where="excludes")

    def _text_objections(self) -> Iterator[Objection]:
        if not self.body.strip():
            yield Objection("body", "The module has no text.", where="body")
        if len(self.body) > MAXIMUM_BODY:
            yield Objection(
                "body", f"The text has more than {MAXIMUM_BODY:,} characters.", where="body"
            )
            return
        for name, text in (("title", self.title), ("body", self.body)):
            if tag := _TAG.search(text):
                yield Objection(
                    "markup", f"HTML is not allowed: {tag.group(0)[:40]!r}.", where=name
                )
            if _CONTROL.search(text):
                yield Objection("markup", "There is an invisible control character.", where=name)
        for text in content.leftovers(self.body):
            yield Objection(
                "reference",
                f"Not a claim reference or a field: {text.strip()[:60]!r}. "
                "Write [[claim:ID]], [[claim:ID/2]] or {{account.name}}.",
                where="body",
            )
        if "{{" in self.title or "[[" in self.title or "{%" in self.title:
            yield Objection("markup", "A title is plain text without references.", where="title")
        known = {"account.name", "account.city", "account.care_setting", "meeting.date", "agenda"}
        for name in content.field_names(self.body):
            if name not in known:
                yield Objection(
                    "field",
                    f"{{{{{name}}}}} is not a personalisation field; there are "
                    f"{', '.join(sorted(known))}.",
                    where="body",
                )


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        if value and isinstance(value[0], StrEnum):
            order = list(type(value[0]))
            return [item.value for item in sorted(set(value), key=order.index)]
        return sorted(set(value))
    return value
